package portal

import (
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/web"
)

// refusedWords says why a copy could not be used and what its sender can do. The
// word is that of whoever looked at it.
func refusedWords(word string) deadline.Text {
	for _, sentences := range []map[string]deadline.Text{kindSentences(), pictureSentences(), caseSentences()} {
		if words, known := sentences[word]; known {
			return words
		}
	}
	return deadline.Text{
		NL: "Wij konden deze kopie niet gebruiken. Maak een nieuwe foto en stuur die.",
		EN: "We could not use this copy. Make a new photo and send that.",
	}
}

// kindSentences holds the sentence for each kind of file that is not read.
func kindSentences() map[string]deadline.Text {
	picture := func(name string) deadline.Text {
		return deadline.Text{
			NL: "Deze foto is een " + name + ". Die kunnen wij niet lezen. Bewaar de foto als JPG of PNG, of maak een schermafdruk.",
			EN: "This photo is a " + name + ". We cannot read that. Save the photo as JPG or PNG, or make a screenshot.",
		}
	}
	return map[string]deadline.Text{
		"pdf": {
			NL: "Dit is een pdf. Die kunnen wij niet lezen. Maak een schermafdruk van de pdf en stuur die.",
			EN: "This is a PDF. We cannot read that. Make a screenshot of the PDF and send that.",
		},
		"heic": {
			NL: "Deze foto is een HEIC van een iPhone. Die kunnen wij niet lezen. Maak een schermafdruk van de foto en stuur die.",
			EN: "This photo is a HEIC of an iPhone. We cannot read that. Make a screenshot of the photo and send that.",
		},
		"avif": picture("AVIF"),
		"gif":  picture("GIF"),
		"webp": picture("WebP"),
		"tiff": picture("TIFF"),
		"svg": {
			NL: "Dit is een tekening en geen foto. Maak een foto van uw document en stuur die.",
			EN: "This is a drawing and no photo. Make a photo of your document and send that.",
		},
		"zip": {
			NL: "Dit is een ingepakt bestand of een document. Maak een foto of schermafdruk en stuur die.",
			EN: "This is a packed file or a document. Make a photo or screenshot and send that.",
		},
		"text": {
			NL: "Dit is tekst en geen foto. Maak een foto van uw document en stuur die.",
			EN: "This is text and no photo. Make a photo of your document and send that.",
		},
		"unknown": {
			NL: "Dit soort bestand kennen wij niet. Stuur een foto als JPG of PNG.",
			EN: "We do not know this kind of file. Send a photo as JPG or PNG.",
		},
	}
}

// pictureSentences holds the sentence for each fault of a file of the right kind.
func pictureSentences() map[string]deadline.Text {
	return map[string]deadline.Text{
		"empty": {
			NL: "Dit bestand is leeg. Kies de foto nog eens.",
			EN: "This file is empty. Choose the photo again.",
		},
		"too-large": {
			NL: "Dit bestand is te groot. Het mag 10 MB zijn. Maak de foto kleiner, of maak een schermafdruk.",
			EN: "This file is too large. It may be 10 MB. Make the photo smaller, or make a screenshot.",
		},
		"too-many-pixels": {
			NL: "Deze foto heeft te veel beeldpunten. Maak de foto kleiner, of maak een schermafdruk.",
			EN: "This photo has too many pixels. Make the photo smaller, or make a screenshot.",
		},
		"too-small": {
			NL: "Deze foto is te klein om te lezen. Maak een nieuwe foto van dichtbij.",
			EN: "This photo is too small to read. Make a new photo from nearby.",
		},
		"blank": {
			NL: "Op deze foto staat niets. Maak een nieuwe foto en stuur die.",
			EN: "There is nothing on this photo. Make a new photo and send that.",
		},
		"damaged": {
			NL: "Dit bestand is stuk. Maak een nieuwe foto en stuur die.",
			EN: "This file is broken. Make a new photo and send that.",
		},
		"overbuilt": {
			NL: "Deze foto zit vreemd in elkaar. Maak een schermafdruk van de foto en stuur die.",
			EN: "This photo has a strange make. Make a screenshot of the photo and send that.",
		},
		"unsupported": {
			NL: "Dit soort foto is zeldzaam en kunnen wij niet lezen. Maak een schermafdruk en stuur die.",
			EN: "This kind of photo is rare and we cannot read it. Make a screenshot and send that.",
		},
	}
}

// caseSentences holds the sentence for each reason that does not lie in the file.
func caseSentences() map[string]deadline.Text {
	return map[string]deadline.Text{
		tooMany: {
			NL: "U stuurde al veel kopieën. Meer nemen wij niet aan. Mail ons, dan zoeken wij samen een andere manier.",
			EN: "You have sent many copies. We take no more. Mail us, and we find another way together.",
		},
		"not-asked": {
			NL: "Wij hadden deze kopie niet nodig en bewaarden niets.",
			EN: "We did not need this copy and kept nothing.",
		},
		"lost": {
			NL: "De kopie kwam niet heel aan. Controleer uw verbinding en stuur de kopie nog eens.",
			EN: "The copy did not arrive whole. Check your connection and send the copy again.",
		},
	}
}

// scriptSentences holds what only the script of the page says.
func scriptSentences() map[string]deadline.Text {
	return map[string]deadline.Text{
		"none":      {NL: "Kies eerst een foto.", EN: "First choose a photo."},
		"tick":      {NL: "Maak de kopie eerst zwart, en zet dan het vinkje.", EN: "First black out the copy, then set the tick."},
		"under-way": {NL: "De kopie gaat nu naar ons toe.", EN: "The copy is on its way to us now."},
		"expired": {
			NL: "Deze pagina stond te lang open. Open de link uit onze mail nog eens.",
			EN: "This page was open for too long. Open the link from our mail again.",
		},
	}
}

// spoken gives all that the script may have to say in a language. Its words are
// those that a browser can tell by itself, in a fixed order.
func spoken(language dsr.Language) []web.UploadWord {
	var words []web.UploadWord
	add := func(word string, says deadline.Text) {
		words = append(words, web.UploadWord{Word: word, Says: web.In(says, language)})
	}
	for _, word := range []string{"none", "tick", "under-way", "expired"} {
		add(word, scriptSentences()[word])
	}
	for _, word := range []string{
		"empty", "too-large", "pdf", "heic", "avif", "gif", "webp", "tiff", "svg", "zip", "unknown", "damaged", "lost",
	} {
		add(word, refusedWords(word))
	}
	return words
}
