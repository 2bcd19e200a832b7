package desk

import (
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// Words gives what the desk says for a word of a type of package dsr.
func Words(of, word string) deadline.Text {
	switch of {
	case "NotNow":
		return notNowWords(dsr.NotNow(word))
	case "EventKind":
		return happened(dsr.Event{Kind: dsr.EventKind(word), Facts: map[string]string{"letter": "M01"}})
	case "LetterKind":
		return letterWords(dsr.LetterSent, dsr.LetterKind(word))
	case "Ground":
		ground := dsr.Ground(word)
		return both(ground.Words(dsr.Access, dsr.Dutch), ground.Words(dsr.Access, dsr.English))
	case "TaskResult":
		return taskWords(dsr.TaskResult(word))
	case "Result":
		return decideWords(dsr.Result(word))
	case "Outcome":
		return outcomeWords(dsr.Outcome(word))
	case "mail":
		return mailReason(word)
	case "copy":
		return copyReason(word)
	case "file":
		return fileReason(word)
	case "step":
		return stepWords(word)
	case "Means":
		return meansWords(dsr.Means(word))
	}
	return factWords(dsr.Fact(word))
}

// ParseDay is parseDay.
func ParseDay(typed string) (dsr.Day, bool) { return parseDay(typed) }

// Acts names every act.
func Acts() []string {
	var names []string
	for _, one := range acts() {
		names = append(names, one.name)
	}
	return names
}
