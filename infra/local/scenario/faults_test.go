package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/ses"
	"polarweb.nl/inzage/infra/local/stack"
)

// leaseOver is a time after which every lease has ended and sweep has run.
const leaseOver = 16 * time.Minute

// mustSend sends a request of one person.
func mustSend(t *testing.T, w *world) {
	t.Helper()
	if err := w.send("sanne.eml", "-", request("Sanne Bakker", "sanne@example.com")); err != nil {
		t.Fatal(err)
	}
}

// mustAdvance lets time pass.
func mustAdvance(t *testing.T, w *world, step time.Duration) {
	t.Helper()
	if err := w.advance(step); err != nil {
		t.Fatal(err)
	}
}

// receiptLinks gives the links of the letters to the data subject.
func receiptLinks(t *testing.T, w *world) []string {
	t.Helper()
	letters, err := w.letters()
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for _, l := range letters {
		if w.who(l) != "sanne@example.com" {
			continue
		}
		var whole letter
		if err := fetch(w.stack.Addresses().Mailbox+"/api/v1/message/"+l.ID, &whole); err != nil {
			t.Fatal(err)
		}
		link, _, err := linkOf(whole.Text)
		if err != nil {
			t.Fatal(err)
		}
		links = append(links, link)
	}
	return links
}

func TestRefusedLetterIsSentOnceWhenItsLeaseIsOver(t *testing.T) {
	faults := &ses.Faults{}
	if err := faults.Refuse("Throttling", 1); err != nil {
		t.Fatal(err)
	}
	w := startWorld(t, func(o *stack.Options) { o.Faults = faults })
	mustSend(t, w)
	w.mustSee(t, "two of the three letters left", func() bool {
		letters, err := w.letters()
		return err == nil && len(letters) == 2
	})
	mustAdvance(t, w, leaseOver)
	letters, err := w.letterLines()
	if err != nil {
		t.Fatal(err)
	}
	want := "anouk: Nieuw verzoek AVG-2026-0001\ncarla: Nieuw verzoek AVG-2026-0001\n" +
		"sanne@example.com: Ontvangstbevestiging verzoek AVG-2026-0001"
	if got := strings.Join(letters, "\n"); got != want {
		t.Errorf("letters:\n%s\nwant\n%s", got, want)
	}
}

func TestRefusedLetterIsNotTriedAgainWithinItsLease(t *testing.T) {
	faults := &ses.Faults{}
	if err := faults.Refuse("ServiceUnavailable", 3); err != nil {
		t.Fatal(err)
	}
	w := startWorld(t, func(o *stack.Options) { o.Faults = faults })
	mustSend(t, w)
	// The three first tries are refused; a fourth would be accepted at once.
	w.mustSee(t, "the history says that the case was opened", func() bool {
		events, err := w.history("AVG-2026-0001")
		return err == nil && len(events) == 1
	})
	w.mustLeave(t, "letter ")
	letters, err := w.letters()
	if err != nil || len(letters) != 0 {
		t.Fatalf("%d letters left within the lease, error %v", len(letters), err)
	}
	mustAdvance(t, w, leaseOver)
	if links := receiptLinks(t, w); len(links) != 1 {
		t.Errorf("%d receipts after the lease, want 1", len(links))
	}
}

func TestLetterWhoseReplyIsLostIsNotSentAgain(t *testing.T) {
	faults := &ses.Faults{}
	faults.LoseReplies(3)
	w := startWorld(t, func(o *stack.Options) { o.Faults = faults })
	mustSend(t, w)
	mustAdvance(t, w, 0) // SES's own report closes each letter
	mustAdvance(t, w, leaseOver)
	if links := receiptLinks(t, w); len(links) != 1 {
		t.Errorf("%d receipts left, want 1: SES reported that it took the first", len(links))
	}
	if n := w.stack.DeadLetters(); n != 0 {
		t.Errorf("%d messages were given up on", n)
	}
}

func TestLetterWhoseReplyAndReportAreLostIsSentAgainWithItsOwnLink(t *testing.T) {
	w := brokenWorld(t, "feedback")
	w.stop()
	w.options.Faults = &ses.Faults{}
	w.options.Faults.LoseReplies(3)
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	mustSend(t, w)
	w.mustSee(t, "the reports are given up on", func() bool { return w.stack.DeadLetters() == 6 })
	w.mustLeave(t, "letter ")
	if links := receiptLinks(t, w); len(links) != 1 {
		t.Fatalf("%d receipts left within the lease, want 1", len(links))
	}
	w.repair(t)
	mustAdvance(t, w, leaseOver)
	links := receiptLinks(t, w)
	if len(links) != 2 {
		t.Fatalf("%d receipts left after the lease, want 2: nobody knows of the first", len(links))
	}
	// The stack was started again, on another port; the token is what counts.
	_, first, _ := strings.Cut(links[0], "?t=")
	if _, second, _ := strings.Cut(links[1], "?t="); first != second {
		t.Error("the two copies of the receipt carry different links")
	}
	letters, err := w.letters()
	if err != nil || len(letters) != 6 {
		t.Errorf("%d letters left, error %v; want each of three twice", len(letters), err)
	}
}

// brokenRoot gives a project folder in which one function's program fails.
func brokenRoot(t *testing.T, root, function string) string {
	t.Helper()
	broken := t.TempDir()
	dir := filepath.Join(broken, ".build", function)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bootstrap"), []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	names := []string{"template.yaml", "node_modules", ".build/organisation.json"}
	for _, other := range functions() {
		if other != function {
			names = append(names, ".build/"+other)
		}
	}
	for _, name := range names {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(broken, name)); err != nil {
			t.Fatal(err)
		}
	}
	return broken
}

// brokenWorld starts a stack in which one function fails.
func brokenWorld(t *testing.T, function string) *world {
	t.Helper()
	return startWorld(t, func(o *stack.Options) { o.Root = brokenRoot(t, o.Root, function) })
}

// repair starts the stack again with every function as it was built.
func (w *world) repair(t *testing.T) {
	t.Helper()
	w.stop()
	w.options.Root = requireBuild(t)
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
}

func TestSweepSendsTheLettersThatTheStreamCouldNotHandOn(t *testing.T) {
	w := brokenWorld(t, "dispatch")
	mustSend(t, w)
	w.mustSee(t, "the stream gives up on all three", func() bool { return w.stack.DeadLetters() == 3 })
	w.repair(t)
	mustAdvance(t, w, leaseOver)
	if links := receiptLinks(t, w); len(links) != 1 {
		t.Errorf("%d receipts left, want 1", len(links))
	}
	letters, err := w.letters()
	if err != nil || len(letters) != 3 {
		t.Errorf("%d letters left, error %v; want 3", len(letters), err)
	}
	if n := w.stack.DeadLetters(); n != 3 {
		t.Errorf("%d dead letters are left of 3: they wait for a person", n)
	}
}

func TestMailIsReadWhenIntakeWorksAgain(t *testing.T) {
	w := brokenWorld(t, "intake")
	mustSend(t, w)
	w.mustSee(t, "the queue gives up", func() bool { return w.stack.DeadLetters() == 1 })
	w.repair(t)
	// A first tick finds the mail in the bucket, one after the reading time
	// drives it again.
	mustAdvance(t, w, time.Minute)
	mustAdvance(t, w, leaseOver)
	lines, err := w.mailLines()
	if err != nil || len(lines) != 1 || lines[0] != "sanne.eml case AVG-2026-0001" {
		t.Errorf("mails %q, error %v; want a case", lines, err)
	}
}

func TestStackNamesTheProgramThatIsNotBuilt(t *testing.T) {
	root := requireBuild(t)
	broken := brokenRoot(t, root, "dispatch")
	if err := os.Remove(filepath.Join(broken, ".build", "dispatch", "bootstrap")); err != nil {
		t.Fatal(err)
	}
	w := newWorld(broken, t.TempDir())
	err := w.start()
	if err == nil {
		w.stop()
		t.Fatal("the stack started without dispatch")
	}
	for _, word := range []string{"inzage-dispatch", "is not built"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q does not say %q", err, word)
		}
	}
}
