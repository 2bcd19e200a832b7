package mailbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"polarweb.nl/inzage/infra/local/ses"
)

// object decodes JSON as a client that knows only Mailpit's names would.
func object(t *testing.T, body string) map[string]any {
	t.Helper()
	var decoded map[string]any
	if err := json.Unmarshal([]byte(body), &decoded); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return decoded
}

func TestTheMessageListIsMailpits(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt, ses.Tag{Name: "outbox", Value: "o1"})
	want := map[string]any{
		"total": 1.0, "unread": 1.0, "count": 1.0, "messages_count": 1.0, "start": 0.0, "tags": []any{},
		"messages": []any{map[string]any{
			"ID": id, "MessageID": "id-1@eu-central-1.amazonses.com", "Read": false,
			"From":    map[string]any{"Name": "PolarWeb", "Address": "info@polarweb.example"},
			"To":      []any{map[string]any{"Name": "José", "Address": "jose@klant.example"}},
			"Cc":      []any{},
			"Bcc":     []any{map[string]any{"Name": "", "Address": "archief@polarweb.example"}},
			"ReplyTo": []any{map[string]any{"Name": "", "Address": "info+abc@polarweb.example"}},
			"Subject": "Uw verzoek AVG-2026-0001 – ontvangen", "Created": "2026-03-05T08:01:00Z",
			"Tags": []any{"outbox=o1"}, "Size": float64(len(receipt)), "Attachments": 1.0,
			"Snippet": "Beste José, Volg uw zaak: https://inzage.example/mijn?t=l1.k1.abc. Met <b>groet</b>",
		}},
	}
	if diff := cmp.Diff(want, object(t, b.page("/api/v1/messages"))); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

func TestLimitAndStartCutTheList(t *testing.T) {
	b := newBox(t)
	ids := []string{b.put(plain("a")), b.put(plain("b")), b.put(plain("c"))}
	for query, want := range map[string][]string{
		"":                 {ids[2], ids[1], ids[0]},
		"?limit=1":         {ids[2]},
		"?limit=1&start=1": {ids[1]},
		"?start=2":         {ids[0]},
		"?start=99":        nil,
		"?limit=0":         nil,
	} {
		var list struct {
			Total, Count, Start int
			Messages            []struct{ ID string }
		}
		if err := json.Unmarshal([]byte(b.page("/api/v1/messages"+query)), &list); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		var got []string
		for _, m := range list.Messages {
			got = append(got, m.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" || list.Total != 3 || list.Count != len(want) {
			t.Errorf("%s: total %d, count %d (-want +got):\n%s", query, list.Total, list.Count, diff)
		}
	}
	for _, query := range []string{"?limit=-1", "?start=x", "?limit=1e3"} {
		if response, body := b.get("/api/v1/messages" + query); response.StatusCode != http.StatusBadRequest || !strings.Contains(body, `"Error"`) {
			t.Errorf("%s: %d %s, want 400", query, response.StatusCode, body)
		}
	}
}

func TestAnEmptyMailboxIsAnEmptyList(t *testing.T) {
	wantIn(t, newBox(t).page("/api/v1/messages"), `"total":0`, `"messages":[]`)
}

func TestOneMessageIsMailpits(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt)
	for _, path := range []string{"/api/v1/message/" + id, "/api/v1/message/latest"} {
		got := object(t, b.page(path))
		for name, want := range map[string]any{
			"ID": id, "MessageID": "id-1@eu-central-1.amazonses.com", "Date": "2026-03-05T08:00:00Z", "ReturnPath": "",
			"Text":   "Beste José,\r\n\r\nVolg uw zaak: https://inzage.example/mijn?t=l1.k1.abc.\r\nMet <b>groet</b>",
			"Inline": []any{}, "Cc": []any{},
			"Attachments": []any{map[string]any{
				"PartID": "1", "FileName": "termijn.ics", "ContentType": "text/calendar", "ContentID": "", "Size": 15.0,
			}},
		} {
			if diff := cmp.Diff(want, got[name]); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", path, name, diff)
			}
		}
		wantIn(t, got["HTML"].(string), `<a href="https://inzage.example/">zaak</a>`)
	}
}

func TestRawAndHeadersAreAsSent(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt)
	response, body := b.get("/api/v1/message/" + id + "/raw")
	if body != receipt || response.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("raw of type %s:\n%s", response.Header.Get("Content-Type"), body)
	}
	headers := object(t, b.page("/api/v1/message/"+id+"/headers"))
	if diff := cmp.Diff([]any{"info+abc@polarweb.example"}, headers["Reply-To"]); diff != "" {
		t.Errorf("Reply-To (-want +got):\n%s", diff)
	}
}

func TestAnAttachmentIsSavedAndNeverShown(t *testing.T) {
	b := newBox(t)
	id := b.put(receipt)
	response, body := b.get("/api/v1/message/" + id + "/part/1")
	if body != "BEGIN:VCALENDAR" {
		t.Errorf("part %q", body)
	}
	if response.Header.Get("Content-Type") != "application/octet-stream" || response.Header.Get("Content-Disposition") != "attachment; filename=termijn.ics" {
		t.Errorf("headers %v", response.Header)
	}
	if response, _ := b.get("/api/v1/message/" + id + "/part/2"); response.StatusCode != http.StatusNotFound {
		t.Errorf("absent part: %d, want 404", response.StatusCode)
	}
}

func TestAMailThatIsNotThereIs404(t *testing.T) {
	b := newBox(t)
	b.put(receipt)
	b.write("secret.txt", []byte("secret"))
	for _, path := range []string{
		"/bericht/absent", "/bericht/0107/opmaak", "/api/v1/message/0107", "/api/v1/message/0107/raw",
		"/api/v1/message/0107/headers", "/api/v1/message/0107/part/1", "/api/v1/message/..%2fsecret.txt", "/other",
	} {
		response, body := b.get(path)
		if response.StatusCode != http.StatusNotFound || strings.Contains(body, "secret") {
			t.Errorf("GET %s: %d %s, want 404", path, response.StatusCode, body)
		}
	}
	empty := newBox(t)
	if response, _ := empty.get("/api/v1/message/latest"); response.StatusCode != http.StatusNotFound {
		t.Errorf("latest of nothing: %d, want 404", response.StatusCode)
	}
}

func TestManyReadersAtOnceSeeTheSame(t *testing.T) {
	b := newBox(t)
	for range 20 {
		b.put(receipt)
	}
	want := b.page("/api/v1/messages")
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			response, err := http.Get(b.url + "/api/v1/messages")
			if err != nil {
				t.Errorf("GET: %v", err)
				return
			}
			defer response.Body.Close()
			var list struct{ Total int }
			if err := json.NewDecoder(response.Body).Decode(&list); err != nil || list.Total != 20 {
				t.Errorf("total %d, %v; want 20", list.Total, err)
			}
		})
	}
	group.Wait()
	if got := b.page("/api/v1/messages"); got != want {
		t.Error("the list changed by being read")
	}
}
