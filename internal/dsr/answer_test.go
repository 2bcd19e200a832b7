package dsr_test

import (
	"fmt"
	"reflect"
	"testing"

	"polarweb.nl/inzage/internal/dsr"
)

// theAnswer has something in every field.
func theAnswer() dsr.Answer {
	return dsr.Answer{
		Number: "AVG-2026-0001", Outcome: dsr.Answered, Language: dsr.Dutch, Rights: []dsr.Right{dsr.Access, dsr.Erasure},
		Decisions: []dsr.Decision{{Right: dsr.Access, Result: dsr.Partly, Ground: dsr.GroundOthers}},
		Reasons:   map[dsr.Right]string{dsr.Access: "why"}, To: "ans@een.example", CodeTo: "ans@twee.example",
		Found: []dsr.Finding{{System: "shop", Right: dsr.Access, Result: dsr.Found, Text: "order 7"}},
		Files: []dsr.AnswerFile{{ID: dsr.OwnerID{1}, System: "shop", Right: dsr.Access, Name: "orders.pdf", Size: 7, SHA256: "ab"}},
	}
}

// hash gives the hash of an answer.
func hash(t *testing.T, answer dsr.Answer) [32]byte {
	t.Helper()
	sum, err := answer.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// spoilings calls try with each text in a value changed, one at a time. It
// fails for a kind of field it does not know, so that no new one goes unseen.
func spoilings(t *testing.T, path string, value reflect.Value, try func(path string)) {
	t.Helper()
	switch value.Kind() {
	case reflect.String:
		old := value.String()
		value.SetString(old + "x")
		try(path)
		value.SetString(old)
	case reflect.Int64:
		value.SetInt(value.Int() + 1)
		try(path)
		value.SetInt(value.Int() - 1)
	case reflect.Array: // of the bytes of an id
		value.Index(0).SetUint(value.Index(0).Uint() + 1)
		try(path)
		value.Index(0).SetUint(value.Index(0).Uint() - 1)
	case reflect.Struct:
		for i := range value.NumField() {
			spoilings(t, path+"."+value.Type().Field(i).Name, value.Field(i), try)
		}
	case reflect.Slice:
		if value.Len() == 0 {
			t.Fatalf("%s is empty", path)
		}
		for i := range value.Len() {
			spoilings(t, fmt.Sprintf("%s[%d]", path, i), value.Index(i), try)
		}
		whole := reflect.ValueOf(value.Interface())
		value.Set(reflect.AppendSlice(reflect.MakeSlice(value.Type(), 0, 3), whole.Slice(0, 1)))
		value.Set(reflect.Append(value, whole.Index(0)))
		value.Set(reflect.Append(value, whole.Index(0)))
		try(path + " with more in it")
		value.Set(reflect.MakeSlice(value.Type(), 0, 0))
		try(path + " with nothing in it")
		value.Set(whole)
	case reflect.Map:
		whole := reflect.ValueOf(value.Interface())
		other := reflect.MakeMap(value.Type())
		for _, k := range whole.MapKeys() {
			other.SetMapIndex(k, reflect.ValueOf("other"))
		}
		value.Set(other)
		try(path + " with another text")
		value.Set(reflect.Zero(value.Type()))
		try(path + " with nothing in it")
		value.Set(whole)
	default:
		t.Fatalf("%s is of a kind that no test changes: %s", path, value.Kind())
	}
}

func TestHashOfAnAnswerChangesWithEverySingleField(t *testing.T) {
	answer := theAnswer()
	seen := map[[32]byte]string{hash(t, answer): "the answer itself"}
	spoilings(t, "Answer", reflect.ValueOf(&answer).Elem(), func(path string) {
		sum := hash(t, answer)
		if other, met := seen[sum]; met {
			t.Errorf("%s changed, and the hash is that of %s", path, other)
		}
		seen[sum] = path
	})
	if len(seen) < 20 {
		t.Errorf("only %d changes were tried", len(seen))
	}
	if hash(t, answer) != hash(t, theAnswer()) {
		t.Error("the test left the answer changed")
	}
}

func TestTextDoesNotMoveFromOneFieldToTheNext(t *testing.T) {
	one, other := theAnswer(), theAnswer()
	one.To, one.CodeTo = "ab", "c"
	other.To, other.CodeTo = "a", "bc"
	if hash(t, one) == hash(t, other) {
		t.Error("two answers have one hash")
	}
	one.Found[0].Text, other = `x","text":"y`, one
	other.Found = []dsr.Finding{{System: "shop", Right: dsr.Access, Result: dsr.Found, Text: "x"}}
	if hash(t, one) == hash(t, other) {
		t.Error("a text can pass for a field")
	}
}

func TestEmptyListAndNoneAreOneAnswer(t *testing.T) {
	none := dsr.Answer{Number: "AVG-2026-0001"}
	empty := none
	empty.Rights, empty.Decisions, empty.Found, empty.Reasons = []dsr.Right{}, []dsr.Decision{}, []dsr.Finding{}, map[dsr.Right]string{}
	if hash(t, none) != hash(t, empty) {
		t.Error("they have two hashes")
	}
	if empty.Rights == nil || empty.Found == nil || empty.Reasons == nil || empty.Decisions == nil {
		t.Error("hashing changed the answer")
	}
}

func TestHashOfAnAnswerDoesNotFollowTheOrderOfAMap(t *testing.T) {
	first := theAnswer()
	for i, right := range dsr.Rights() {
		first.Reasons[right] = fmt.Sprint(i)
	}
	for range 20 {
		again := theAnswer()
		for i, right := range dsr.Rights() {
			again.Reasons[right] = fmt.Sprint(i)
		}
		if hash(t, first) != hash(t, again) {
			t.Fatal("one answer has two hashes")
		}
	}
}

func TestContactIsFreshForThirtyDays(t *testing.T) {
	for since, want := range map[dsr.Day]bool{
		"2026-01-30": false, // 31 days before receipt
		"2026-01-31": false, // 30
		"2026-02-01": true,  // 29
		"2026-03-02": true,
		"2026-03-03": true,
		"2019-07-01": false,
		"":           true, // what is not a day is no proof of age
		"1":          true,
		"2019-13-01": true,
		"long ago":   true,
	} {
		who := dsr.OnFile{Contacts: []dsr.Contact{{Since: since}, {Since: "2026-03-01"}}}
		if got := who.Fresh("2026-03-02"); got != want {
			t.Errorf("on file since %q: fresh %t, want %t", since, got, want)
		}
	}
	for _, malformed := range []dsr.Day{"", "2026-3-2", "today"} {
		if !onFile().Fresh(malformed) {
			t.Errorf("a request received on %q: the contact is old", malformed)
		}
	}
	if (dsr.OnFile{}).Fresh("2026-03-02") {
		t.Error("nobody is a fresh contact")
	}
}

func TestFreshCountsOverTheLeapDay(t *testing.T) {
	for since, want := range map[dsr.Day]bool{"2028-01-31": false, "2028-02-01": true} {
		who := dsr.OnFile{Contacts: []dsr.Contact{{Since: since}}}
		if got := who.Fresh("2028-03-01"); got != want {
			t.Errorf("on file since %s: fresh %t", since, got)
		}
	}
}
