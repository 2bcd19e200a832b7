package ses

import (
	"crypto/rand"
	"encoding/xml"
	"errors"
	"net/http"
)

// namespace is that of every SES v1 answer.
const namespace = "http://ses.amazonaws.com/doc/2010-12-01/"

// refusal is an error as SES shapes it. Unlike SES its message never repeats an
// address: callers log error texts.
type refusal struct {
	status  int
	code    string
	message string
}

// Error implements error.
func (r refusal) Error() string {
	return r.code + ": " + r.message
}

// invalid is a refusal of something the sender did.
func invalid(code, message string) refusal {
	return refusal{http.StatusBadRequest, code, message}
}

// sendRawEmailResponse is the answer to an accepted mail.
type sendRawEmailResponse struct {
	XMLName   xml.Name `xml:"SendRawEmailResponse"`
	Namespace string   `xml:"xmlns,attr"`
	MessageID string   `xml:"SendRawEmailResult>MessageId"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

// errorResponse is the answer to everything else.
type errorResponse struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

// accept answers with the id of the mail.
func accept(w http.ResponseWriter, id string) {
	reply(w, http.StatusOK, sendRawEmailResponse{Namespace: namespace, MessageID: id, RequestID: rand.Text()})
}

// refuse answers with an error. What is not a refusal is our own failure.
func refuse(w http.ResponseWriter, err error) {
	var r refusal
	if !errors.As(err, &r) {
		r = refusal{http.StatusInternalServerError, "InternalFailure", "the local SES endpoint failed"}
	}
	blame := "Sender"
	if r.status >= http.StatusInternalServerError {
		blame = "Receiver"
	}
	reply(w, r.status, errorResponse{Namespace: namespace, Type: blame, Code: r.code, Message: r.message, RequestID: rand.Text()})
}

// reply writes one XML answer. A client that went away is no concern of ours.
func reply(w http.ResponseWriter, status int, answer any) {
	body, err := xml.Marshal(answer)
	if err != nil {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// hangUp ends the connection without an answer: the reply is lost. Should the
// connection not be ours to close, an empty answer is as good as none.
func hangUp(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}
