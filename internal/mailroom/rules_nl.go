package mailroom

import "polarweb.nl/inzage/internal/dsr"

// Groups of Dutch words that the rules share. A rule needs the sender himself
// ("mijn", "mij") near the thing he asks about; that is what tells a request
// from a newsletter about the law.
const (
	nlMe         = " mij|me|mezelf|mijzelf "
	nlMy         = " mijn|mn|m "
	nlOwn        = " persoonlijke|persoons|eigen|opgeslagen|prive|oude|alle|andere|verouderde? "
	nlFacts      = " gegevens|persoonsgegevens|klantgegevens|contactgegevens|data|info|informatie|persoonsinformatie|dossier|klantdossier|klantprofiel "
	nlMine       = nlMy + nlOwn + nlFacts
	nlHave       = " weten|weet|wisten|sla|slaan|slaat|houden|houdt|hebben|heeft|hebt|heb|bewaren|bewaart|bewaard|verwerken|verwerkt|verwerk|bijhouden|bijhoudt|opslaan|opgeslagen|verzameld|verzamelen|verzamelt|vastgelegd|staat|staan|bezit|bezitten|gebruiken|gebruikt|ligt|liggen|beschikken|beschikt "
	nlErase      = " " + nlEraseWords + " "
	nlEraseWords = "verwijder|verwijderen|verwijdert|verwijderd|verwijdering|wis|wissen|wist|gewist|wissing|vernietigen|vernietig|vernietigd|vernietiging|schrap|schrappen|geschrapt|weghalen|weggehaald|weggooien|weggegooid|deleten|delete|opschonen|opruimen|vernietigt|schrapt|weghaalt|weghaal|weggooit|weggooi|deletet|gedeletet|gedelete|opschoont|opgeschoond|opruimt|opgeruimd|wegdoen|wegdoet|weggedaan|uitwissen|uitwist|uitgewist"
	nlFile       = " systeem|systemen|bestand|bestanden|database|databases|databank|administratie|klantenbestand|klantbestand|adressenbestand|crm|archief|boeken|computer|computers "
	nlNews       = " mailinglijst|mailinglijsten|mailinglist|maillijst|maillist|verzendlijst|mailing|mailings|nieuwsbrief|nieuwsbrieven|reclame|reclames|reclamemail|reclamemails|reclamemailtjes|reclamepost|spam|aanbiedingen|acties|promoties|promotiemails|marketingmails|marketing|lijst "
	nlMails      = " mail|mails|mailtje|mailtjes|email|emails|emailtjes|berichten|sms|smsjes|telefoontjes|post "
	nlThrow      = " gooi|gooien|haal|halen|doe|flikker|flikkeren|donder|donderen|kieper|kieperen|mieter|mieteren|smijt|smijten "
	// Words before which "me" means "mijn", unless one of the verbs stands before it.
	nlOwned = "gegevens persoonsgegevens klantgegevens contactgegevens dossier klantdossier adres mailadres emailadres naam achternaam voornaam nummer telefoonnummer geboortedatum"
	nlGive  = "stuur stuurt sturen geef geeft geven mail mailt mailen zend zendt zenden lever levert leveren"
	// "Verwijder alles wat u heeft" asks for no list of it.
	nlNotEverything = " <alles|verwijder|verwijderen|verwijdert|wis|wissen|weg|vernietig|vernietigen|vernietigt "
	// An earlier request is a thing to look up, not a new one.
	nlNotBefore = " !gestuurd|verstuurd|verzonden|ingediend|gedaan "
	// Somebody whose own machine or copy is meant asks for support.
	nlNoTech = " !backup|backups|terugzetten|terughalen|herstellen|ongeluk|kwijt|vps|server|ftp|map|mailbox|dns|hosting|wordpress "
)

// dutchRules are the phrases of Dutch requests, in the order of the rights. A
// rule is named after what is said and not after how, for staff read the name.
func dutchRules() []rule {
	return append(append(append(dutchAccess(), dutchErasure()...), dutchEveryday()...), dutchOthers()...)
}

// dutchAccess: art. 15 GDPR, including where the data came from (15(1)(g)) and
// who received them (15(1)(c)).
func dutchAccess() []rule {
	return []rule{
		{"nl-what-do-you-know", dsr.Access, sure, []string{
			nlNotEverything + "!nodig|invullen|aanleveren wat ..." + nlHave + ".. van|over|omtrent" + nlMe,
			"!nodig|invullen|aanleveren welke" + nlOwn + nlFacts + "..." + nlHave + "... van|over|omtrent" + nlMe,
			nlNotEverything + "!nodig|invullen|aanleveren wat|welke .. van|over|omtrent" + nlMe + ".." + nlHave,
			"!nodig of .. iets|gegevens|persoonsgegevens|informatie|data .. van|over" + nlMe + ".." + nlHave,
			"!nodig of" + nlHave + ".. iets|gegevens|persoonsgegevens|informatie|data .. van|over" + nlMe,
			"wat|welke .. over" + nlMe + ".. bekend|bewaard|opgeslagen|vastgelegd",
			"wat|welke .. in" + nlMy + "dossier|klantdossier|klantprofiel|klantkaart",
		}},
		{"nl-see-my-data", dsr.Access, sure, []string{
			nlMine + ".. inzien|inkijken|opvragen|inzage",
			"inzage|inzicht|inkijk .. in|van|over .. " + nlMine,
			"inzage|inzicht .. in|van ... gegevens|persoonsgegevens|informatie|data .. over|van" + nlMe,
			"inzien|inkijken|zien|opvragen .. wat|welke .. van|over" + nlMe,
			nlMy + "recht op|van inzage", nlMy + "inzagerecht", "ik .. recht .. inzage",
			"inzien|inkijken|zien wat .. " + nlMine,
		}},
		{"nl-copy-of-my-data", dsr.Access, sure, []string{
			"kopie|kopietje|afschrift|overzicht|uitdraai|lijst|opgave|export ... " + nlMine,
			"kopie|kopietje|afschrift|overzicht|uitdraai|lijst|opgave|export ... gegevens|persoonsgegevens|informatie|data|dossier ... over|van" + nlMe,
			"kopie|afschrift|overzicht|uitdraai .. alles|wat ... over|van" + nlMe,
			"!nodig stuur|sturen|geef|geven|toesturen|graag|ontvang|wil ... " + nlFacts + "die|welke|dat ... van|over" + nlMe + ".." + nlHave,
			"stuur|sturen|geef|geven|toesturen|opsturen|mail|mailen|ontvangen|krijgen ... alles .. over|van" + nlMe + ".." + nlHave,
			"alles wat|dat .. over|van" + nlMe + ".." + nlHave + ".. ontvangen|toesturen|opsturen|mailen|krijgen|zien|inzien",
		}},
		{"nl-access-by-law", dsr.Access, sure, []string{
			nlNotBefore + "ik .. verzoek|vraag|wil|eis|vorder|doe|maak|beroep ... toegang|inzage|inzagerecht ... artikel|art 15",
			nlNotBefore + "verzoek|vraag|wil|eis|vorder|doe|maak|beroep ik ... toegang|inzage|inzagerecht ... artikel|art 15",
			nlNotBefore + "ik .. verzoek|vraag|wil|eis|doe|maak|beroep ... artikel|art 15 .. avg|gdpr",
			"ik ... inzageverzoek|inzagerecht",
		}},
		{"nl-where-from", dsr.Access, sure, []string{
			"hoe komen|komt|kom jullie|u|je .. aan .. mijn|mn|m",
			"van|via wie ... mijn|mn|m ... gekregen|gehaald|ontvangen|gekocht|gevonden",
			"waar hebben|heeft|heb jullie|u|je .. mijn|mn|m .. vandaan",
		}},
		{"nl-shared-with", dsr.Access, sure, []string{
			"wie ... " + nlMine + ".. gedeeld|delen|deelt|verstrekt|verkocht|doorgegeven|gegeven|doorverkocht|ontvangen",
			"wie .. delen|deelt|deel|gaven|verkopen|verkoopt .. " + nlMine,
			"wie ... gedeeld|verstrekt|verkocht|doorgegeven|doorverkocht .. " + nlMine,
		}},
		{"nl-was-it-shared", dsr.Access, likely, []string{
			"zijn|worden|heeft|hebben|heb .. " + nlMine + "... verstrekt|verkocht|gedeeld|doorgegeven|doorverkocht",
		}},
		{"nl-what-of-me", dsr.Access, likely, []string{
			"!nodig welke .. " + nlFacts + "van|over" + nlMe, "!nodig weten .. wat ..." + nlMine, "iets|wat .. van|over" + nlMe + ".. in .." + nlFile,
			"wat|hoe .. " + nlMine + ".. doen|doet|gebeurt|omgaan|omgaat",
		}},
		{"nl-why-do-you-keep", dsr.Access, likely, []string{
			"waarom|waarvoor|waartoe|hoelang|lang ... " + nlMine + ".." + nlHave,
			"waarom|waarvoor|waartoe|hoelang|lang" + nlHave + ".. " + nlMine,
		}},
		{"nl-inspection", dsr.Access, hint, []string{
			"inzageverzoek|inzagerecht", "ik .. graag|wil|verzoek|vraag .. inzage",
			"ik .. " + nlMine + ".. bekijken|ontvangen|krijgen|zien",
		}},
	}
}

// dutchErasure: art. 17 GDPR. An account that is closed is not yet an erasure;
// a person looks.
func dutchErasure() []rule {
	return []rule{
		{"nl-erase-my-data", dsr.Erasure, sure, []string{
			nlNoTech + nlErase + ".. " + nlMine,
			nlNoTech + nlMine + "..." + nlErase,
			nlNoTech + nlThrow + ".. " + nlMine + ".. weg|uit|eruit",
			nlErase + ".. " + nlFacts + ".. over|van" + nlMe,
			nlFacts + "die|welke .. over|van" + nlMe + "..." + nlErase,
			"wil|willen|moet|moeten|mogen|mag .. " + nlMine + "... verdwijnen|verdwijnt|weg", nlMine + "... weg ermee",
			nlErase + ".. mij betreffende .. " + nlFacts,
			nlErase + ".. " + nlFacts + ".. mij betreffen|betreffende",
		}},
		{"nl-erase-everything", dsr.Erasure, sure, []string{
			nlErase + ".. alles|wat|hetgeen ... van|over" + nlMe,
			"alles ... met" + nlMe + "... weg|verwijderd|verwijderen|wissen|gewist",
			"niets|niks .. van|over" + nlMe + ".." + nlHave,
			"alles ... van|over" + nlMe + "..." + nlErase,
			"alles ... van|over" + nlMe + "... weg",
			nlThrow + ".. alles .. weg .. van|over" + nlMe,
			nlThrow + ".. alles ... van|over" + nlMe + ".. weg",
			nlThrow + ".. alles weg wat|dat ... van|over" + nlMe,
		}},
		{"nl-take-me-out", dsr.Erasure, sure, []string{
			"verwijder|verwijderen|verwijdert|wis|wissen|wist|schrap|schrappen|schrapt|haal|halen|haalt" + nlMe + ".. uit|van .." + nlFile,
			nlMe + ".. uit|van .." + nlFile + ".. verwijderen|wissen|halen|schrappen|gooien",
			"niet meer|langer in .." + nlFile + ".. staan|zitten|voorkomen",
			"uit .." + nlFile + ".. verwijderd|gehaald|gewist|geschrapt .. worden",
			nlMy + "naam|adres|emailadres|mailadres|telefoonnummer|nummer .. uit .." + nlFile + ".. halen|verwijderen|wissen|schrappen",
			"haal|verwijder|wis|schrap .." + nlMy + "naam|adres|emailadres|mailadres|telefoonnummer|nummer ... uit .." + nlFile,
		}},
		{"nl-forget-me", dsr.Erasure, sure, []string{
			"ik ... vergeten .. worden", "ik ... worden vergeten",
			"ik|mijn ... recht .. vergetelheid|gegevenswissing|vergeten", "ik ... gegevenswissing",
			nlNotBefore + "ik .. verzoek|vraag|wil|eis|beroep ... artikel|art 17 .. avg|gdpr",
		}},
		{"nl-keep-no-longer", dsr.Erasure, sure, []string{
			"niet .. dat .. " + nlMine + ".. bewaren|bewaart|bewaard|houden|hebben",
			nlMine + ".. niet langer|meer .. bewaren|bewaart|bewaard|houden|hebben|opslaan",
			"stop|stoppen met .. bewaren .. " + nlMine,
		}},
		{"nl-account-and-data", dsr.Erasure, sure, []string{
			nlErase + ".. " + nlMy + "account|profiel ... en ... gegevens|persoonsgegevens|data",
			nlMy + "account|profiel .. en ... gegevens|persoonsgegevens|data ..." + nlErase,
		}},
		{"nl-account", dsr.Erasure, hint, []string{
			nlEraseWords + "|opheffen|sluiten|hef .. " + nlMy + "klantaccount|account|profiel",
			nlMy + "klantaccount|account|profiel .." + nlErase,
			nlMy + "klantaccount|account|profiel .. opheffen|opgeheven|sluiten",
		}},
	}
}

// dutchOthers are the remaining rights: restriction (art. 18 GDPR), portability
// (art. 20), objection (art. 21(1)), withdrawal of consent (art. 7(3)), and the
// report about a minor that the privacy statement invites. The last rules ask
// for no right by themselves: they notice that somebody speaks about his own
// data or names the law, and a person looks.
func dutchOthers() []rule {
	return append(append(dutchRectification(), dutchMarketing()...), []rule{
		{"nl-restrict", dsr.Restriction, sure, []string{
			"beperk|beperken|beperking|bevries|bevriezen|opschorten|stopzetten .. verwerking|gebruik ... mijn|mij|persoonsgegevens",
			"verwerking|gebruik ... mijn|mij ... beperken|beperkt|bevriezen|bevroren|opschorten|opgeschort",
			"bevries|bevriezen|blokkeer|blokkeren .. " + nlMine, nlMine + ".. bevriezen|bevriest|bevroren|blokkeren|blokkeert|geblokkeerd",
			"zolang|totdat ... " + nlMine + ".. niet .. gebruiken|gebruikt|verwerken|verwerkt|gebruik",
			nlMine + ".. niet .. gebruiken|gebruikt|verwerken|verwerkt ... zolang|totdat|tot",
			nlMine + ".. tijdelijk|voorlopig niet .. gebruiken|gebruikt|verwerken|verwerkt",
		}},
		{"nl-portable", dsr.Portability, sure, []string{
			nlMine + "... csv|json|xml|machineleesbaar|machineleesbare|overdraagbaar",
			"gestructureerd|gestructureerde|gangbaar|gangbare .. gebruikt|gangbaar|gangbare|machine|machineleesbaar|machineleesbare ... formaat|vorm|formaat|leesbaar",
			"ik|mijn ... dataportabiliteit|gegevensoverdraagbaarheid|overdraagbaarheid",
			nlMine + ".. overdragen|overzetten|overgedragen|doorsturen|meegeven .. aan|naar .. andere|nieuwe",
		}},
		{"nl-take-along", dsr.Portability, likely, []string{nlMine + ".. meenemen|meekrijgen|meegeven"}},
		{"nl-object", dsr.Objection, sure, []string{
			"!marketing|marketingdoeleinden|direct|directe|reclame|nieuwsbrief|nieuwsbrieven|factuur|beschikking bezwaar .. tegen ... verwerking|verwerken|verwerkt|gebruik|gebruiken|gebruikt|profilering|profiel|delen ... mijn|mij|persoonsgegevens|gegevens",
			"!marketing|marketingdoeleinden|direct|directe|reclame bezwaar .. tegen .. dat ... mijn .. " + nlFacts,
			"verzet|verzetten .. tegen ... " + nlMine, "bezwaar .. tegen .. profilering|profileren",
			"ik|wij .. wil|willen .. niet .. dat ... " + nlMine + ".. gebruikt|gebruiken|verwerkt|verwerken|deelt|delen|gedeeld|verkoopt|verkopen",
			"stop|stoppen met .. gebruiken|verwerken|delen|verkopen .. " + nlMine,
			"stop|stoppen met .. gebruik|verwerking van .. " + nlMine,
		}},
		{"nl-withdraw-consent", dsr.ConsentWithdrawal, sure, []string{
			"!incasso|machtiging trek|trekken ... toestemming ... in", "!incasso|machtiging toestemming .. trek|trekken .. in",
			"!incasso|machtiging toestemming .. intrekken|ingetrokken|herroepen|herroep",
			"!incasso|machtiging intrekken|herroep|herroepen|intrekking .. toestemming",
			"geen toestemming meer", "niet langer|meer .. toestemming",
		}},
		{"nl-use-no-longer", dsr.Objection, likely, []string{"!marketing|marketingdoeleinden|reclame|reclamedoeleinden|commerciele" + nlMine + ".. niet .. gebruiken|gebruikt|verwerken|verwerkt|delen|verkopen"}},
		{"nl-minor", dsr.MinorReport, sure, []string{
			"minderjarig|minderjarige|minderjarigen ... gegevens|persoonsgegevens|toestemming|account|klant|aangemeld|geregistreerd|ingeschreven|webshop",
			"gegevens|persoonsgegevens|account ... minderjarig|minderjarige|minderjarigen",
			"zoon|dochter|kind|zoontje|dochtertje|neefje|nichtje|leerling|jongen|meisje ... zonder .. toestemming|goedkeuring",
			"gegevens|persoonsgegevens .. van .. mijn|mn .. zoon|dochter|kind|zoontje|dochtertje|kleinkind|kinderen",
			"zoon|dochter|kind|zoontje|dochtertje|neefje|nichtje|leerling|jongen|meisje .. van|is|pas 6|7|8|9|10|11|12|13|14|15|16|17 ... gegevens|persoonsgegevens|account|aangemeld|geregistreerd|ingeschreven",
		}},
		{"nl-child", dsr.MinorReport, hint, []string{
			"mijn|onze zoon|dochter|kind|zoontje|dochtertje ... geregistreerd|ingeschreven|aangemeld|account|gegevens|klantenbestand",
		}},
		{"nl-about-my-data", "", hint, []string{
			"alle|alles .. gegevens|persoonsgegevens|informatie .. over" + nlMe + "..." + nlErase,
			nlMy + nlOwn + "persoonsgegevens|privegegevens", nlMy + "persoonlijke gegevens|informatie|data", nlMy + "privacy|persoonsgegevens",
			"gegevens|persoonsgegevens|informatie|data .. over" + nlMe, "ik ... recht op|van .. inzage|verwijdering|correctie|rectificatie|beperking|bezwaar",
			nlMine + ".. gelekt|gehackt|gestolen|datalek", "gelekt|datalek .." + nlMine,
			"zijn|haar|hun|diens" + nlOwn + "gegevens|persoonsgegevens ..." + nlErase, "overleden ... gegevens|account",
		}},
		{"nl-request-by-law", "", hint, []string{
			"avg|privacy|gdpr verzoek|verzoeken", "verzoek .. grond|basis .. avg|gdpr|privacywet",
			"verzoek .. avg", "verzoek ... artikel ... avg", "ik .. beroep ... avg|gdpr|privacywet", nlMy + "privacyrechten",
			"ik|mijn .. rechten .. avg|gdpr", "bijgevoegde|bijgaande brief", "mijn brief .. bijlage", "zie .. brief",
		}},
	}...)
}

// dutchRectification: art. 16 GDPR. A new address is daily work of every
// administration; a wrong one is a request.
func dutchRectification() []rule {
	const mine = nlMy + nlOwn + " naam|achternaam|voornaam|adres|geboortedatum|geslacht|gegevens|persoonsgegevens|klantgegevens|contactgegevens|adresgegevens|woonplaats|postcode "
	const wrong = " verkeerd|verkeerde|fout|foutief|foute|onjuist|onjuiste|incorrect|achterhaald "
	return []rule{
		{"nl-my-data-is-wrong", dsr.Rectification, sure, []string{
			"fout|fouten|vergissing|onjuistheid|onjuistheden in .." + mine, mine + ".. klopt|kloppen .. niet", mine + ".." + wrong,
			"staat|staan ..." + mine + "..." + wrong, mine + ".. niet .. correct|juist|goed",
			wrong + "naam|adres|geboortedatum|gegevens|persoonsgegevens|informatie|achternaam|voornaam .. van|over mij",
			"gegevens|persoonsgegevens|informatie .. van|over mij .. klopt|kloppen niet",
			"gegevens|persoonsgegevens|informatie .. van|over mij .." + wrong,
		}},
		{"nl-correct-my-data", dsr.Rectification, sure, []string{
			"corrigeer|corrigeren|corrigeert|rectificeer|rectificeren|rectificeert|rectificatie|verbeter|verbeteren|verbetert|verbetering ..." + mine,
			mine + "... corrigeren|corrigeert|gecorrigeerd|rectificeren|rectificeert|gerectificeerd|verbeteren|verbetert|verbeterd|rectificatie",
			"ik ... rectificatie|correctie ... gegevens|persoonsgegevens",
			nlNotBefore + "ik .. verzoek|vraag|beroep ... artikel|art 16 .. avg|gdpr",
		}},
		{"nl-change-my-data", dsr.Rectification, hint, []string{
			"wijzig|wijzigen|aanpassen|bijwerken|aanvullen .." + mine, mine + ".. wijzigen|gewijzigd|aanpassen|aangepast|bijwerken|aanvullen",
			"pas" + mine + ".. aan",
		}},
	}
}

// dutchMarketing: art. 21(2) GDPR; whoever says stop is obeyed, so that the
// plain words of everyday are enough.
func dutchMarketing() []rule {
	return []rule{
		{"nl-off-the-list", dsr.ObjectionMarketing, sure, []string{
			"haal|haalt|halen|verwijder|verwijderen|schrap|gooi .. mij|me|mijn|ons .. van|uit|voor .." + nlNews,
			"mij|me|mijn|ons .. van|uit .." + nlNews + ".. halen|verwijderen|afhalen|afgehaald|verwijderd",
			"schrijf|schrijft|meld|meldt .. mij|me|ons|mijn ... uit|af ..." + nlNews,
			"schrijf|schrijft|meld|meldt .. mij|me|ons .. uit|af .",
			"ik|me|mij|mijn|gelieve|graag ... uitschrijven|afmelden|uitgeschreven|afgemeld ..." + nlNews,
			"ik|me|mij|mijn|gelieve|graag ..." + nlNews + ".. uitschrijven|afmelden|uitgeschreven|afgemeld|opzeggen|stopzetten",
			". uitschrijven|afmelden|uitschrijving|afmelding .. nieuwsbrief|nieuwsbrieven|mailinglijst|mailings .",
		}},
		{"nl-no-more-mail", dsr.ObjectionMarketing, sure, []string{
			"ik|wij|we|mij|me ... geen|niet ..." + nlNews + ".. meer", "ik|mij|me ... geen|niet meer .." + nlNews,
			". geen .." + nlNews + ".. meer", ". geen|stop" + nlNews + "meer? .",
			"stuur|zend|sturen .. mij|me|ons .. geen|niet .. meer .", "stuur|zend|sturen .. mij|me|ons .. geen|niet ..." + nlNews,
			"stop|stoppen|hou|houd .. met .. sturen|toesturen|zenden|mailen .." + nlNews,
			"stop|stoppen|hou|houd .. met .." + nlNews, "stop|stoppen|hou|houd .. met .." + nlMails,
			"wil|willen|wens|wensen|hoef .. geen|niet .." + nlMails + ".. meer", "wil|willen|wens|wensen|hoef .. geen|niet meer .." + nlMails,
			". geen" + nlMails + "meer graag|aub|svp|alstublieft? .",
			"stuur|zend|sturen|mail .. mij|me|ons .. niets|niks meer",
			nlNews + "... verwijder|haal|schrap mij|me eraf|ervan|eruit|uit? .",
			"stop|stoppen|hou|houd .. met .. mij|me te? mailen|emailen|spammen|bellen",
			"benader|benaderen|mail|mailen|bel|bellen mij|me .. niet|nooit meer .. voor|met",
		}},
		{"nl-object-to-marketing", dsr.ObjectionMarketing, sure, []string{
			"bezwaar ... marketing|marketingdoeleinden|reclame|nieuwsbrief|nieuwsbrieven|reclamedoeleinden",
			"bezwaar ... mij|mijn|gegevens ... marketing|marketingdoeleinden|reclame|reclamedoeleinden",
			"gebruik|gebruiken .. mijn|mij ... niet|nooit ... marketing|marketingdoeleinden|reclame|reclamedoeleinden",
			"mijn|mij ... niet .. gebruiken|gebruikt .. voor .. marketing|marketingdoeleinden|reclame|reclamedoeleinden|commerciele",
		}},
		{"nl-sign-off", dsr.ObjectionMarketing, likely, []string{
			"ik .. wil|wens .. uitschrijven|afmelden .", "nooit .. aangemeld|ingeschreven|opgegeven .. nieuwsbrief|nieuwsbrieven|mailing|mails",
			"geen interesse|belangstelling|behoefte .. " + nlNews + "... stop|stoppen|stopt",
			". haal|gooi|schrap mij|me er? af|eraf|ervan|eruit aub|svp? .",
		}},
		{"nl-bare-unsubscribe", dsr.ObjectionMarketing, likely, []string{
			". graag? uitschrijven|afmelden|uitschrijving|afmelding aub|alstublieft|svp|graag|a|svp? u|b? b? .",
		}},
	}
}
