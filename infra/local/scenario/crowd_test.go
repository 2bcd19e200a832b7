package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// crowd is how many people write at one moment.
const crowd = 100

// sendCrowd sends one request of each of n people, all at the same time.
func sendCrowd(door string, n int) error {
	faults := make([]error, n)
	var together sync.WaitGroup
	for i := range n {
		together.Go(func() {
			name := fmt.Sprintf("Persoon %d", i)
			faults[i] = sendTo(door, request(name, fmt.Sprintf("persoon%d@example.com", i)))
		})
	}
	together.Wait()
	return errors.Join(faults...)
}

func TestHundredPeopleAtOnceGetACaseEach(t *testing.T) {
	w := startWorld(t, nil)
	if err := sendCrowd(w.stack.Addresses().SMTP, crowd); err != nil {
		t.Fatal(err)
	}
	if err := w.settle(); err != nil {
		t.Fatal(err)
	}
	cases, err := w.cases()
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for _, c := range cases {
		numbers = append(numbers, string(c.Number))
	}
	if slices.Sort(numbers); len(cases) != crowd || len(slices.Compact(numbers)) != crowd {
		t.Errorf("%d cases have %d different numbers, want %d", len(cases), len(slices.Compact(numbers)), crowd)
	}
	checkCrowdsLetters(t, w)
	if n := w.stack.DeadLetters(); n != 0 {
		t.Errorf("%d messages were given up on", n)
	}
	if len(w.logged) != 0 {
		t.Errorf("the operator was told %q", w.logged)
	}
}

// checkCrowdsLetters wants one receipt a person and one notice a case for each
// member of staff who hears of new work.
func checkCrowdsLetters(t *testing.T, w *world) {
	t.Helper()
	letters, err := w.letters()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, l := range letters {
		got[w.who(l)]++
	}
	notified := w.stack.Profile().Notified()
	for _, member := range notified {
		if got[member.ID] != crowd {
			t.Errorf("%s got %d notices, want %d", member.ID, got[member.ID], crowd)
		}
	}
	if receipts(letters) != crowd || len(letters) != crowd*(1+len(notified)) {
		t.Errorf("%d receipts among %d letters, want %d among %d", receipts(letters), len(letters), crowd, crowd*(1+len(notified)))
	}
	for who, n := range got {
		if strings.HasPrefix(who, "persoon") && n != 1 {
			t.Errorf("%s got %d letters, want 1", who, n)
		}
	}
}
