package simulation

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/mailroom"
)

// incoming is one mail of a world.
type incoming struct {
	id      string
	at      time.Time
	way     string // by which it came; together with its files it is all that differs
	raw     string
	files   []string
	enquiry dsr.Enquiry // what the reader makes of it
	poison  poison
}

// poison says what reading a mail does to its reader.
type poison int

// The kinds of poison.
const (
	harmless poison = iota
	fails           // reading gives an error each time
	kills           // reading kills the process each time
)

// sender is somebody who writes, and how far the address can be believed.
type sender struct {
	address string
	trust   dsr.TrustLevel
}

// senders are those who write. The fourth one writes under the first one's
// name, the fifth says to be somebody else, the sixth is not known, and the last
// one works here.
func (w *world) senders() []sender {
	return []sender{
		{"ans@een.example", dsr.TrustA},
		{"bas@twee.example", dsr.TrustB},
		{"cas@drie.example", dsr.TrustC},
		{"ans@een.example", dsr.TrustC},
		{"eve@vreemd.example", dsr.TrustA},
		{"nel@nergens.example", dsr.TrustA},
		{"gea+thuis" + staffDomain, dsr.TrustA},
	}
}

// planMail draws the mail of a world and puts it on the agenda. One more mail
// comes when the troubles are over: its notice lets staff in whose links ended.
func (w *world) planMail() {
	w.add(w.request(w.someone()), w.moment())
	for n := 6 + w.rng.IntN(7); len(w.mails) < n; {
		mail, at := w.anyMail()
		w.add(mail, at)
	}
	if w.chance(0.5) {
		mail, at := w.afterthought()
		w.add(mail, at)
	}
	w.add(w.request(sender{"zus@laatste.example", dsr.TrustA}), w.faults.until.Add(time.Minute))
}

// afterthought draws a second mail that asks for more: on the day of the first,
// or, as a copy of it, any day.
func (w *world) afterthought() (incoming, time.Time) {
	earlier := w.mails[w.rng.IntN(len(w.mails))]
	later := w.copyOf(*earlier, earlier.enquiry.Trust.Level)
	late := w.upTo(60 * time.Hour)
	if w.chance(0.5) {
		later = w.request(sender{earlier.enquiry.Letter.Address, earlier.enquiry.Trust.Level})
		late = w.upTo(20 * time.Hour)
	}
	if later.enquiry.Kind == dsr.KindRequest {
		more := dsr.Rights()[w.rng.IntN(len(dsr.Rights()))]
		later.enquiry.Rights = dsr.MergeRights(earlier.enquiry.Rights, []dsr.Right{more})
	}
	return later, earlier.at.Add(late)
}

// anyMail draws one mail and when it comes. Copies and further mails are often
// there at the very instant of the first.
func (w *world) anyMail() (incoming, time.Time) {
	earlier := w.mails[w.rng.IntN(len(w.mails))]
	soon := earlier.at.Add(w.delay(3 * time.Hour))
	switch w.rng.IntN(13) {
	case 0:
		return *earlier, soon
	case 1:
		return w.copyOf(*earlier, earlier.enquiry.Trust.Level), soon
	case 2:
		return w.copyOf(*earlier, dsr.TrustC), soon
	case 3, 4, 5:
		return w.request(sender{earlier.enquiry.Letter.Address, earlier.enquiry.Trust.Level}), soon
	case 6:
		return w.large(), soon
	case 7, 12:
		return w.other(), w.moment()
	case 8:
		poisoned := w.request(w.someone())
		poisoned.poison = fails + poison(w.rng.IntN(2))
		return poisoned, w.moment()
	default:
		return w.request(w.someone()), w.moment()
	}
}

// someone draws a sender.
func (w *world) someone() sender {
	senders := w.senders()
	return senders[w.rng.IntN(len(senders))]
}

// moment draws when a mail comes in, often at a tick of the scheduler.
func (w *world) moment() time.Time {
	at := w.start.Add(w.upTo(30 * time.Hour))
	if w.chance(0.5) {
		at = at.Truncate(tickEvery)
	}
	return at
}

// request draws a mail in which somebody invokes rights.
func (w *world) request(from sender) incoming {
	message := fmt.Sprintf("<%d@mail.example>", w.rng.Uint32())
	rights := dsr.Rights()
	first := w.rng.IntN(len(rights))
	if w.chance(0.4) {
		first = 0 // what most people ask, and what asks most of everybody
	}
	enquiry := dsr.Enquiry{
		Kind: dsr.KindRequest, Reason: "request", Language: dsr.Dutch,
		Rights:     rights[first : first+1+w.rng.IntN(len(rights)-first)],
		MessageKey: sha256.Sum256([]byte(from.address + message)),
		Trust:      dsr.Trust{Level: from.trust},
		Letter:     dsr.Correspondence{Address: from.address, MessageID: message, Text: "Graag mijn gegevens."},
	}
	if w.chance(0.1) {
		enquiry.MessageKey, enquiry.Letter.MessageID = [32]byte{}, ""
	}
	mail := incoming{way: message + " by the first way", enquiry: enquiry}
	for w.chance(0.35) {
		mail.attach(fmt.Sprintf("%scopy %d %s", jpeg, w.rng.Uint32(), []string{"clear", unclear}[w.rng.IntN(2)]) + rest())
	}
	return mail
}

// jpeg is how a picture begins.
const jpeg = "\xff\xd8\xff\xe0"

// rest is the rest of a picture: a smaller one is no copy of anything.
func rest() string { return strings.Repeat("x", 4<<10) }

// attach adds a picture to a mail. It may be one of an identity document, for all
// that the mailroom knows.
func (mail *incoming) attach(content string) {
	mail.files = append(mail.files, content)
	mail.enquiry.Letter.Attachments = append(mail.enquiry.Letter.Attachments, dsr.Attachment{
		Name: "foto.jpg", MediaType: "image/jpeg", Size: int64(len(content)), MayBeCopy: true,
	})
}

// write gives a mail as it comes in.
func (mail *incoming) write() string {
	parts := []string{
		"Subject: " + mail.way, "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=edge", "",
		"--edge", "Content-Type: text/plain", "", "Graag mijn gegevens.",
	}
	for _, content := range mail.files {
		parts = append(parts, "--edge", "Content-Type: image/jpeg; name=foto.jpg",
			"Content-Disposition: attachment; filename=foto.jpg", "", content)
	}
	return strings.Join(append(parts, "--edge--", ""), "\r\n")
}

// copyOf gives a second copy of a message, with other bytes because it came
// another way, and perhaps with other evidence.
func (w *world) copyOf(mail incoming, trust dsr.TrustLevel) incoming {
	mail.way = fmt.Sprintf("%s by way %d", mail.enquiry.Letter.MessageID, w.rng.Uint32())
	mail.enquiry.Trust.Level = trust
	return mail
}

// large draws a request whose text does not fit into a row.
func (w *world) large() incoming {
	mail := w.request(w.someone())
	mail.enquiry.Letter.Text = strings.Repeat("Ik schrijf u nog eens. ", 1+dsr.MaxRowBody/len("Ik schrijf u nog eens. "))
	return mail
}

// other draws a mail that is no request.
func (w *world) other() incoming {
	kinds := []dsr.MailKind{dsr.KindOrdinary, dsr.KindAutomatic, dsr.KindUnreadable}
	mail := w.request(w.someone())
	mail.enquiry.Kind, mail.enquiry.Rights = kinds[w.rng.IntN(len(kinds))], nil
	return mail
}

// add puts a mail on the agenda, under an id of its own.
func (w *world) add(mail incoming, at time.Time) {
	mail.id, mail.at, mail.raw = fmt.Sprintf("in%04d%08x", len(w.mails), w.rng.Uint32()), at, mail.write()
	mail.enquiry.RawHash = sha256.Sum256([]byte(mail.raw))
	w.mails = append(w.mails, &mail)
	w.read[subject(mail.raw)] = &mail
	w.after(at.Sub(w.now), func() { w.arrive(&mail) })
}

// subject gives the line by which a mail is known, also when a file was cut out.
func subject(raw string) string {
	line, _, _ := strings.Cut(raw, "\r\n")
	return line
}

// arrive is SES taking in a mail: it stores it first and tells of it then.
func (w *world) arrive(mail *incoming) {
	w.objects.PutRaw(mail.id, []byte(mail.raw))
	w.look(rawFolder+mail.id, nil)
	f := w.faults
	w.publish(luck{"notice", f.loseNotice, f.repeatNotice, f.delayNotice}, delivery{
		function: functionIntake, event: noticeEvent(mail), retry: queueRetries(),
	})
}

// reader is a mailroom that knows by heart what stands in each mail.
type reader struct{ w *world }

// errPoison is what reading a poisoned mail gives.
var errPoison = errors.New("simulated: this mail cannot be read")

// Read implements intake.Reader.
func (r reader) Read(mail io.Reader, receipt mailroom.Receipt) (dsr.Enquiry, error) {
	raw, err := io.ReadAll(mail)
	if err != nil {
		return dsr.Enquiry{}, err
	}
	known := r.w.read[subject(string(raw))]
	if known.poison != harmless {
		r.w.current.dead = known.poison == kills
		return dsr.Enquiry{}, errPoison
	}
	enquiry := known.enquiry
	enquiry.Size = int64(len(raw))
	enquiry.MailID, enquiry.ReceivedAt = receipt.MailID, receipt.TakenIn
	enquiry.Trust.DMARC = receipt.DMARC
	if r.w.verdicts && receipt.DMARC == "" {
		enquiry.Trust.Level = dsr.TrustC
	}
	return enquiry, nil
}
