package feedback_test

import (
	"slices"
	"strings"
	"testing"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
)

// became is what one report makes of a letter that is being sent.
type became struct {
	report string
	state  dsr.LetterState
	why    string // the fact of the last event
	events []dsr.EventKind
}

// outcomes lists every kind of report.
func outcomes() []became {
	sent, delivered, bounced := dsr.LetterSent, dsr.LetterDelivered, dsr.LetterBounced
	type events = []dsr.EventKind
	came, back := events{sent, delivered}, events{sent, bounced}
	return []became{
		{"send", dsr.LetterPosted, "", events{sent}},
		{"delivery", dsr.LetterArrived, "", came},
		{"delivery-notification", dsr.LetterArrived, "", came},
		{"bounce-permanent", dsr.LetterReturned, "other", back},
		{"bounce-notification", dsr.LetterReturned, "other", back},
		{"bounce-undetermined", dsr.LetterReturned, "other", back},
		{"bounce-transient", dsr.LetterReturned, "mailbox-full", back},
		{"bounce-expired", dsr.LetterReturned, "other", back},
		{"bounce-status", dsr.LetterReturned, "other", back},
		{"bounce-diagnosis", dsr.LetterReturned, "other", back},
		{"bounce-several", dsr.LetterReturned, "other", back},
		{"bounce-suppressed", dsr.LetterReturned, "suppressed", back},
		{"bounce-new-word", dsr.LetterReturned, "other", back},
		{"reject", dsr.LetterReturned, "rejected", back},
		{"rendering", dsr.LetterReturned, "rendering", back},
		{"complaint", dsr.LetterUnwanted, "", events{sent, delivered, dsr.LetterComplained}},
		{"complaint-notification", dsr.LetterUnwanted, "", events{sent, delivered, dsr.LetterComplained}},
		{"complaint-suppressed", dsr.LetterReturned, "suppressed", back},
		{"delay", dsr.LetterPosted, "mailbox-full", events{sent, dsr.LetterDelayed}},
		{"delay-spelt-apart", dsr.LetterPosted, "other", events{sent, dsr.LetterDelayed}},
		{"auto-reply", dsr.LetterClaimed, "", nil},
		{"auto-reply-bare", dsr.LetterClaimed, "", nil},
		{"auto-reply-relayed", dsr.LetterClaimed, "", nil},
		{"open", dsr.LetterClaimed, "", nil},
		{"tomorrow", dsr.LetterClaimed, "", nil},
		{"topic-connected", dsr.LetterClaimed, "", nil},
		{"no-tag", dsr.LetterClaimed, "", nil},
		{"no-tags", dsr.LetterClaimed, "", nil},
	}
}

func TestWhatAReportMakesOfALetter(t *testing.T) {
	for _, test := range outcomes() {
		t.Run(test.report, func(t *testing.T) {
			f := newFunction(t)
			for range 2 { // SQS brings a message once or more
				if failed := f.handle(enveloped(f.fixture(test.report))); failed != nil {
					t.Errorf("%v failed: %s", failed, &f.log)
				}
			}
			letter, got := f.outcome()
			if letter.State != test.state || !slices.Equal(got, test.events) {
				t.Errorf("the letter is %q with %v, want %q with %v", letter.State, got, test.state, test.events)
			}
			if !letter.State.Outstanding() && (letter.SESID != "0107019c-aaaa" || !letter.DueAt.IsZero()) {
				t.Errorf("it has SES id %q and falls due at %s", letter.SESID, letter.DueAt)
			}
			if notices := f.notices(); (len(notices) == 1) != (test.state == dsr.LetterReturned) {
				t.Errorf("staff get %d letters about it", len(notices))
			}
			if why := f.why(); why != test.why {
				t.Errorf("the history says why: %q, want %q", why, test.why)
			}
			if strings.Contains(f.log.String(), "een.example") {
				t.Errorf("the log names a person: %s", &f.log)
			}
			if left := strings.Count(f.log.String(), "event left alone"); left != 2*btoi(test.events == nil) {
				t.Errorf("%d events are logged as left alone: %s", left, &f.log)
			}
		})
	}
}

// btoi counts what is so.
func btoi(so bool) int {
	if so {
		return 1
	}
	return 0
}

// why gives the reason that the last event of the history names.
func (f *function) why() string {
	f.Helper()
	history, err := f.memory.History(f.Context(), f.letter.Case)
	if err != nil {
		f.Fatal(err)
	}
	return history[len(history)-1].Facts["why"]
}

func TestMissedLetterStandsInItsCaseUntilSomebodySeesToIt(t *testing.T) {
	for _, test := range outcomes() {
		f := newFunction(t)
		f.handle(enveloped(f.fixture(test.report)))
		c, err := f.memory.Summary(t.Context(), f.letter.Case)
		missed := slices.Contains(c.Work.Undelivered, dsr.Acknowledgement)
		if err != nil || missed != (test.state == dsr.LetterReturned) {
			t.Errorf("%s: missed %v, %v", test.report, c.Work.Undelivered, err)
		}
	}
}

func TestNoticeThatCameBackIsAnAlarm(t *testing.T) {
	for kind, alarm := range map[dsr.LetterKind]bool{
		dsr.NewCaseNotice: true, dsr.LetterNotice: true, dsr.MailNotice: true, dsr.AnswerLetter: false, dsr.CopyAgainLetter: false,
	} {
		f := newFunction(t)
		f.letter.Kind = kind
		f.addLetter(dsr.Letter{Ref: f.letter, State: dsr.LetterPosted, To: dsr.Addressee{Requester: !kind.ToStaff()}})
		f.handle(enveloped(f.fixture("bounce-permanent")))
		if got := strings.Contains(f.log.String(), `"alarm":"notice-returned"`); got != alarm {
			t.Errorf("%s: alarm %t: %s", kind, got, &f.log)
		}
		if !strings.Contains(f.log.String(), f.letter.Tag()) {
			t.Errorf("%s: the log does not say which letter: %s", kind, &f.log)
		}
		f.handle(enveloped(f.fixture("delivery")))
		if strings.Count(f.log.String(), f.letter.Tag()) != 1 {
			t.Errorf("%s: a letter that arrived is logged as one that came back", kind)
		}
	}
}

// addLetter stores one more letter.
func (f *function) addLetter(letter dsr.Letter) {
	f.Helper()
	if err := f.memory.Commit(f.Context(), casework.Change{Letters: []dsr.Letter{letter}}); err != nil {
		f.Fatal(err)
	}
}

// A function that dies before or after any call leaves the message in the queue;
// what comes of it in the end is what would have come of it at once.
func TestReportSurvivesACrashAtAnyCall(t *testing.T) {
	for _, phase := range []caseworktest.Phase{caseworktest.Before, caseworktest.After} {
		for _, report := range []string{"complaint", "bounce-permanent", "delay"} {
			plain := newFunction(t)
			plain.handle(enveloped(plain.fixture(report)))
			letter, events := plain.outcome()
			for at := 1; ; at++ {
				f := newFunction(t)
				crashed := f.crash(at, phase)
				failed := f.handle(enveloped(f.fixture(report)))
				if !*crashed {
					break
				}
				if len(failed) != 1 {
					t.Fatalf("%s: a crash %s call %d was not told", report, phase, at)
				}
				f.handle(enveloped(f.fixture(report)))
				got, kinds := f.outcome()
				if got.State != letter.State || !slices.Equal(kinds, events) || len(f.notices()) != len(plain.notices()) {
					t.Errorf("%s, crash %s call %d: %q with %v and %d notices", report, phase, at, got.State, kinds, len(f.notices()))
				}
				if err := f.memory.Verify(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
