package web

import (
	"polarweb.nl/inzage/internal/deadline"
	"polarweb.nl/inzage/internal/dsr"
)

// decisionWords says what was decided about a right.
func decisionWords(result dsr.Result) deadline.Text {
	switch result {
	case dsr.Granted:
		return deadline.Text{NL: "Wij doen wat u vraagt.", EN: "We do what you ask."}
	case dsr.Partly:
		return deadline.Text{NL: "Wij doen een deel van wat u vraagt.", EN: "We do a part of what you ask."}
	}
	return deadline.Text{NL: "Wij doen niet wat u vraagt.", EN: "We do not do what you ask."}
}

// resultWords says what the systems with one result for a right have in common.
func resultWords(right dsr.Right, result dsr.TaskResult) deadline.Text {
	switch {
	case result == dsr.Found:
		return deadline.Text{NL: "Dit vonden wij:", EN: "This is what we found:"}
	case result == dsr.Changed:
		return deadline.Text{NL: "Dit veranderden wij:", EN: "This is what we changed:"}
	case result == dsr.ToErase:
		return deadline.Text{NL: "Hier wisten wij de gegevens:", EN: "Here we erased the data:"}
	case result == dsr.ToKeep && right == dsr.MinorReport:
		return deadline.Text{NL: "Hier moeten wij gegevens bewaren:", EN: "Here we must keep data:"}
	case result == dsr.ToKeep:
		return deadline.Text{NL: "Dit moeten wij bewaren, en daarom:", EN: "This we must keep, and why:"}
	case result == dsr.Flagged:
		return deadline.Text{NL: "Hier gebruiken wij uw gegevens voorlopig niet:", EN: "Here we do not use your data for now:"}
	case result == dsr.Stopped:
		return deadline.Text{NL: "Hier stopten wij ermee:", EN: "Here we stopped:"}
	}
	return deadline.Text{NL: "Hier vonden wij niets:", EN: "Here we found nothing:"}
}
