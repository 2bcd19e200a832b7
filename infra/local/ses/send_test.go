package ses_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsses "github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/ses"
)

func TestAnAcceptedMailIsStoredWithItsDescription(t *testing.T) {
	w := newWorld(t, nil)
	in := input(letter, "jan@klant.example", "Piet <piet@klant.example>")
	in.Tags = []types.MessageTag{{Name: aws.String("outbox"), Value: aws.String("a_B-9")}}
	id := w.send(in)
	mail, _ := w.read(id)
	want := ses.StoredMail{
		ID: id, Source: "info@polarweb.example",
		Destinations:     []string{"jan@klant.example", "piet@klant.example"},
		Tags:             []ses.Tag{{Name: "outbox", Value: "a_B-9"}},
		ConfigurationSet: "inzage",
		AcceptedAt:       time.Date(2026, 3, 5, 8, 0, 1, 0, time.UTC),
	}
	if diff := cmp.Diff(want, mail); diff != "" {
		t.Errorf("description (-want +got):\n%s", diff)
	}
}

func TestSESSetsItsOwnMessageIDAndDate(t *testing.T) {
	w := newWorld(t, nil)
	id := w.send(input(letter))
	_, eml := w.read(id)
	want := "Message-ID: <" + id + "@eu-central-1.amazonses.com>\r\n" +
		"Date: Thu, 05 Mar 2026 08:00:01 +0000\r\n" +
		"From: PolarWeb <info@polarweb.example>\r\n" +
		"To: Jan <jan@klant.example>\r\n" +
		"Subject: Uw verzoek\r\n" +
		"\r\n" +
		"Beste Jan\r\nDate: today\r\n"
	if diff := cmp.Diff(want, eml); diff != "" {
		t.Errorf("stored mail (-want +got):\n%s", diff)
	}
}

func TestRecipientsComeFromTheHeaderWhenNoneAreGiven(t *testing.T) {
	w := newWorld(t, nil)
	raw := strings.Replace(letter, "Subject:", "Cc: a@x.example, B <b@x.example>\r\nBcc: c@x.example\r\nSubject:", 1)
	mail, _ := w.read(w.send(input(raw)))
	want := []string{"jan@klant.example", "a@x.example", "b@x.example", "c@x.example"}
	if diff := cmp.Diff(want, mail.Destinations); diff != "" {
		t.Errorf("destinations (-want +got):\n%s", diff)
	}
}

// sized is a letter of exactly n bytes in short lines.
func sized(n int) string {
	line := strings.Repeat("x", 62) + "\r\n"
	text := letter + strings.Repeat(line, n/len(line))
	return text[:n-2] + "\r\n"
}

func TestAMailHasAtMostTenMegabytes(t *testing.T) {
	const limit = 10 * 1024 * 1024
	w := newWorld(t, nil)
	w.wantCode(input(sized(limit+1)), "InvalidParameterValue")
	_, err := w.client.SendRawEmail(t.Context(), input(sized(limit+1)))
	if err == nil || !strings.Contains(err.Error(), "Message length is more than 10485760 bytes long: '10485761'") {
		t.Errorf("the error does not name the limit: %v", err)
	}
	_, eml := w.read(w.send(input(sized(limit))))
	if len(eml) < limit {
		t.Errorf("stored %d bytes of %d", len(eml), limit)
	}
}

func TestSendersMustBeVerified(t *testing.T) {
	from := func(address string) string {
		return strings.Replace(letter, "info@polarweb.example", address, 1)
	}
	refused := map[string]*awsses.SendRawEmailInput{
		"other domain":         input(from("info@evil.example")),
		"domain as suffix":     input(from("info@notpolarweb.example")),
		"other address":        input(from("boss@other.example")),
		"one of two in From":   input(strings.Replace(letter, "From: ", "From: x@evil.example, ", 1)),
		"Sender":               input("Sender: x@evil.example\r\n" + letter),
		"Return-Path":          input("Return-Path: <x@evil.example>\r\n" + letter),
		"Source, not the From": {Source: aws.String("x@evil.example"), RawMessage: &types.RawMessage{Data: []byte(letter)}},
	}
	for name, in := range refused {
		t.Run(name, func(t *testing.T) {
			newWorld(t, nil).wantCode(in, "MessageRejected")
		})
	}
	w := newWorld(t, nil)
	for _, address := range []string{"INFO@PolarWeb.example", "no-reply@mail.polarweb.example", "staff@other.example"} {
		w.send(input(from(address)))
	}
	w.wantStored(3)
}

func TestAMailHasOneToFiftyRecipients(t *testing.T) {
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprintf("r%d@x.example", i)
	}
	w := newWorld(t, nil)
	w.wantCode(input(letter, many...), "InvalidParameterValue")
	w.wantCode(input(strings.Replace(letter, "To: Jan <jan@klant.example>\r\n", "", 1)), "InvalidParameterValue")
	w.send(input(letter, many[:50]...))
}

func TestBadRequestsAreRefused(t *testing.T) {
	tagged := func(name, value string) *awsses.SendRawEmailInput {
		in := input(letter)
		in.Tags = []types.MessageTag{{Name: aws.String(name), Value: aws.String(value)}}
		return in
	}
	otherSet := input(letter)
	otherSet.ConfigurationSetName = aws.String("unknown")
	badSource := input(letter)
	badSource.Source = aws.String("nobody")
	tests := map[string]struct {
		in   *awsses.SendRawEmailInput
		code string
	}{
		"tag name with a dot":      {tagged("a.b", "v"), "InvalidParameterValue"},
		"tag value with a space":   {tagged("a", "v w"), "InvalidParameterValue"},
		"empty tag value":          {tagged("a", ""), "InvalidParameterValue"},
		"tag value too long":       {tagged("a", strings.Repeat("v", 257)), "InvalidParameterValue"},
		"tag with an accent":       {tagged("a", "é"), "InvalidParameterValue"},
		"unknown set":              {otherSet, "ConfigurationSetDoesNotExist"},
		"Source is no address":     {badSource, "InvalidParameterValue"},
		"no header":                {input("just text"), "InvalidParameterValue"},
		"no From":                  {input("To: a@x.example\r\n\r\nhi"), "InvalidParameterValue"},
		"two subjects":             {input("Subject: one\r\n" + letter), "InvalidParameterValue"},
		"X-SES header":             {input("X-SES-CONFIGURATION-SET: x\r\n" + letter), "InvalidParameterValue"},
		"line too long":            {input(letter + strings.Repeat("x", 999) + "\r\n"), "InvalidParameterValue"},
		"destination is no list":   {input(letter, "a@x.example, b@x.example"), "InvalidParameterValue"},
		"destination is not ASCII": {input(letter, "josé@x.example"), "InvalidParameterValue"},
		"To is no list":            {input(strings.Replace(letter, "jan@klant.example", "jan@", 1)), "InvalidParameterValue"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			newWorld(t, nil).wantCode(test.in, test.code)
		})
	}
}

// post sends a hand-made form and returns status and answer.
func post(t *testing.T, address, authorization, form string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", authorization)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestRequestsThatAreNoSendAreRefused(t *testing.T) {
	const signed = "AWS4-HMAC-SHA256 Credential=local"
	w := newWorld(t, nil)
	tests := map[string]struct {
		authorization, form string
		status              int
		code                string
	}{
		"unsigned":        {"", "Action=SendRawEmail", 403, "MissingAuthenticationToken"},
		"SendEmail":       {signed, "Action=SendEmail", 400, "InvalidAction"},
		"nothing":         {signed, "", 400, "InvalidAction"},
		"broken form":     {signed, "Action=%zz", 400, "MalformedQueryString"},
		"no message":      {signed, "Action=SendRawEmail", 400, "InvalidParameterValue"},
		"not base64":      {signed, "Action=SendRawEmail&RawMessage.Data=!", 400, "InvalidParameterValue"},
		"tag, no value":   {signed, "Action=SendRawEmail&Tags.member.1.Name=a&RawMessage.Data=" + url.QueryEscape(encoded(letter)), 400, "InvalidParameterValue"},
		"over 48 MB":      {signed, "Action=SendRawEmail&x=" + strings.Repeat("x", 48<<20), 413, "RequestEntityTooLarge"},
		"only in the URL": {signed, "Version=2010-12-01", 400, "InvalidAction"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			status, body := post(t, w.url+"/?Action=SendRawEmail", test.authorization, test.form)
			if status != test.status || !strings.Contains(body, "<Code>"+test.code+"</Code>") {
				t.Errorf("%d %s, want %d %s", status, body, test.status, test.code)
			}
		})
	}
	w.wantStored(0)
}

func TestAnOrphanedMailWasNeverAccepted(t *testing.T) {
	w := newWorld(t, nil)
	id := w.send(input(letter))
	// Killed between the mail and its sidecar, and in the middle of a file.
	for _, name := range []string{"0107-1.eml", ".unfinished-2"} {
		if err := os.WriteFile(filepath.Join(w.dir, name), []byte(letter), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ses.New(w.options); err != nil {
		t.Fatalf("New over an old folder: %v", err)
	}
	if ids := w.wantStored(1); ids[0] != id {
		t.Errorf("stored %v, want %s", ids, id)
	}
	if _, err := os.Stat(filepath.Join(w.dir, ".unfinished-2")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the unfinished file is still there: %v", err)
	}
}

func TestAnIDIsNoPath(t *testing.T) {
	w := newWorld(t, nil)
	for _, id := range []string{"", "..", "../secret", "a/b", "A", "a.eml", "absent"} {
		if _, _, err := ses.Read(w.dir, id); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("Read(%q): %v, want os.ErrNotExist", id, err)
		}
	}
}

func TestADamagedSidecarStillGivesTheMail(t *testing.T) {
	w := newWorld(t, nil)
	id := w.send(input(letter))
	if err := os.WriteFile(filepath.Join(w.dir, id+".json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	mail, eml := w.read(id)
	if diff := cmp.Diff(ses.StoredMail{ID: id}, mail); diff != "" || !strings.Contains(eml, "Beste Jan") {
		t.Errorf("read %+v and %d bytes", mail, len(eml))
	}
}

func TestConcurrentSendsAllArrive(t *testing.T) {
	w := newWorld(t, nil)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := w.client.SendRawEmail(t.Context(), input(letter)); err != nil {
				t.Errorf("SendRawEmail: %v", err)
			}
		})
	}
	group.Wait()
	w.wantStored(20)
	if events := w.events(); len(events) != 40 {
		t.Errorf("%d events, want 40", len(events))
	}
}

func TestTheNewestMailComesFirst(t *testing.T) {
	w := newWorld(t, nil)
	var want []string
	for range 5 {
		want = append([]string{w.send(input(letter))}, want...)
	}
	if diff := cmp.Diff(want, w.wantStored(5)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
