package portal_test

import (
	"context"
	"strings"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/dsr"
)

// baseURL is where the pages of these tests are reached.
const baseURL = "https://privacy.voorbeeld.example"

// signUpload stands in for the bucket's own forms: its fields are those of S3.
func (w *world) signUpload(_ context.Context, upload casework.Upload) (casework.UploadForm, error) {
	if w.store != nil {
		return casework.UploadForm{}, w.store
	}
	w.buckets = append(w.buckets, upload)
	done := casework.FormField{Name: "success_action_status", Value: "201"}
	if upload.Then != "" {
		done = casework.FormField{Name: "success_action_redirect", Value: upload.Then}
	}
	return casework.UploadForm{URL: w.bucket + "/", Fields: []casework.FormField{
		{Name: "Content-Type", Value: upload.ContentType},
		{Name: "key", Value: upload.Path},
		{Name: "policy", Value: "eyJl" + strings.Repeat("x", 600)},
		done,
		{Name: "x-amz-signature", Value: "0f1e"},
	}}, nil
}

// fetch stands in for the bucket's signed addresses.
func (w *world) fetch(_ context.Context, download casework.Download) (string, error) {
	if w.store != nil {
		return "", w.store
	}
	w.fetched = append(w.fetched, download)
	return w.bucket + "/" + download.Path + "?X-Amz-Signature=0f1e", nil
}

// copyAsked asks the contact on file for a copy, and gives the token of that
// letter.
func (w *world) copyAsked() string {
	w.t.Helper()
	w.post("/mijn/bevestig", w.asked(), "nummer", number, "keuze", "ja")
	letter := w.letter(dsr.CopyLetter, dsr.UploadIDCopy, dsr.Addressee{Contact: 1})
	w.step(dsr.IDCopyAsked, func(c *dsr.Case) error { return c.AskCopy(w.now) }, letter)
	w.dispatch()
	return w.last(dsr.CopyLetter).Token
}
