package frontdoor_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"polarweb.nl/inzage/infra/local/frontdoor"
)

func TestSenderThatGoesAwayLeavesNothing(t *testing.T) {
	door, c := open(t, nil)
	conn, err := textproto.Dial("tcp", door.Address())
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"", "HELO x", "MAIL FROM:<a@example.org>", "RCPT TO:<info@polarweb.nl>", "DATA"} {
		if command != "" {
			if err := conn.PrintfLine("%s", command); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := conn.ReadResponse(0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.Copy(conn.W, bytes.NewReader([]byte(request))); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(conn.W.Flush(), conn.Close()); err != nil {
		t.Fatal(err)
	}
	if err := door.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(c.objects) != 0 {
		t.Error("half a mail was stored")
	}
}

func TestConnectionThatOutlivesTheDoorGetsNoMailIn(t *testing.T) {
	door, c := open(t, nil)
	client, err := smtp.Dial(door.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	if err := client.Hello("mail.example.org"); err != nil {
		t.Fatal(err)
	}
	patience, end := context.WithCancel(context.Background())
	end()
	if err := door.Stop(patience); err != nil {
		t.Fatal(err)
	}
	err = client.SendMail("jane@example.org", []string{"info@polarweb.nl"}, strings.NewReader(request))
	var refused *smtp.SMTPError
	if !errors.As(err, &refused) || refused.Code != 451 || len(c.objects) != 0 {
		t.Errorf("answered %v, %d stored", err, len(c.objects))
	}
}

func TestPortInUseIsAnError(t *testing.T) {
	door, _ := open(t, nil)
	if _, err := frontdoor.Start(t.Context(), frontdoor.Options{Address: door.Address()}); err == nil {
		t.Error("two doors were opened on one port")
	}
}

func TestManySendersAtOnceGetIDsOfTheirOwn(t *testing.T) {
	door, c := open(t, nil)
	var senders sync.WaitGroup
	for range 20 {
		senders.Go(func() {
			if code := send(t, door, "jane@example.org", "info@polarweb.nl", request); code != 250 {
				t.Errorf("answered %d", code)
			}
		})
	}
	senders.Wait()
	if len(c.objects) != 20 {
		t.Errorf("%d objects, want 20", len(c.objects))
	}
}
