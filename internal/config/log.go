package config

import (
	"io"
	"log/slog"
	"slices"
)

// allowed are the only words a log line may carry. An address, a name or a
// token has no word here, so it cannot be logged by mistake; errors are built
// so that they hold ids and case numbers only.
func allowed() []string {
	return []string{
		slog.TimeKey, slog.LevelKey, slog.MessageKey,
		"case", "error", "kind", "letter", "letters", "mail", "mails", "message", "noted", "reason", "route", "ses", "status",
	}
}

// newLog gives the function's log: one JSON line an event, with allowed words.
func newLog(to io.Writer) *slog.Logger {
	words := allowed()
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{
		ReplaceAttr: func(groups []string, attribute slog.Attr) slog.Attr {
			if len(groups) > 0 || !slices.Contains(words, attribute.Key) {
				return slog.Attr{}
			}
			return attribute
		},
	}))
}
