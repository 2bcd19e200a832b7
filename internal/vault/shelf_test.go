package vault

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// shelf is an S3 endpoint with one bucket, "box", that lists a few keys a page.
type shelf struct {
	objects map[string][]byte
	perPage int
	broken  bool
	asked   []string          // method and query of each call
	parts   map[string][]byte // of uploads on their way, by upload and number
	refuses string            // calls whose query holds this fail
}

// ServeHTTP answers as S3 does to path-style addresses.
func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	key, inBox := strings.CutPrefix(r.URL.Path, "/box")
	key = strings.TrimPrefix(key, "/")
	switch {
	case s.broken, s.refuses != "" && strings.Contains(r.Method+" "+r.URL.RawQuery, s.refuses):
		_, _ = io.Copy(io.Discard, r.Body) // else the answer may be lost
		refuse(w, http.StatusForbidden, "AccessDenied")
	case !inBox:
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case r.Method == http.MethodGet && key == "":
		s.list(w, r)
	case r.Method == http.MethodGet:
		if body, ok := s.objects[key]; ok {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			_, _ = w.Write(body)
		} else {
			refuse(w, http.StatusNotFound, "NoSuchKey")
		}
	case r.URL.Query().Has("uploads"), r.URL.Query().Has("uploadId"):
		s.inParts(w, r, key)
	case r.Method == http.MethodPut:
		s.put(w, r, key)
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	}
}

// put keeps an object; a condition holds as with S3.
func (s *shelf) put(w http.ResponseWriter, r *http.Request, key string) {
	if _, taken := s.objects[key]; taken && r.Header.Get("If-None-Match") == "*" {
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "IncompleteBody")
		return
	}
	s.objects[key] = body
}

// inParts answers the calls of an upload in parts.
func (s *shelf) inParts(w http.ResponseWriter, r *http.Request, key string) {
	query := r.URL.Query()
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		refuse(w, http.StatusBadRequest, "IncompleteBody")
	case query.Has("uploads"):
		s.parts = map[string][]byte{}
		_, _ = fmt.Fprintf(w, "<InitiateMultipartUploadResult><UploadId>up</UploadId></InitiateMultipartUploadResult>")
	case r.Method == http.MethodPut:
		s.parts[query.Get("partNumber")] = body
		w.Header().Set("ETag", `"part`+query.Get("partNumber")+`"`)
		w.Header().Set("x-amz-checksum-crc32", r.Header.Get("x-amz-checksum-crc32"))
	case r.Method == http.MethodDelete:
		s.parts = nil
		w.WriteHeader(http.StatusNoContent)
	default:
		s.complete(w, key, body)
	}
}

// complete puts the parts together that are named, if each is there and was named
// as it was answered.
func (s *shelf) complete(w http.ResponseWriter, key string, body []byte) {
	var named struct {
		Part []struct{ PartNumber, ETag, ChecksumCRC32 string }
	}
	if err := xml.Unmarshal(body, &named); err != nil {
		refuse(w, http.StatusBadRequest, "MalformedXML")
		return
	}
	var whole []byte
	for i, part := range named.Part {
		content, there := s.parts[part.PartNumber]
		sum := crc32.ChecksumIEEE(content)
		if want := base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, sum)); !there ||
			part.PartNumber != strconv.Itoa(i+1) || part.ETag != `"part`+part.PartNumber+`"` || part.ChecksumCRC32 != want {
			refuse(w, http.StatusBadRequest, "InvalidPart")
			return
		}
		whole = append(whole, content...)
	}
	s.objects[key], s.parts = whole, nil
	_, _ = fmt.Fprint(w, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")
}

// list answers ListObjectsV2; its continuation token is the last key given.
func (s *shelf) list(w http.ResponseWriter, r *http.Request) {
	type entry struct{ Key string }
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []entry
	}
	query := r.URL.Query()
	after := max(query.Get("start-after"), query.Get("continuation-token"))
	var keys []string
	for key := range s.objects {
		if strings.HasPrefix(key, query.Get("prefix")) && key > after {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for i, key := range keys {
		if i == s.perPage {
			page.IsTruncated, page.NextContinuationToken = true, keys[i-1]
			break
		}
		page.Contents = append(page.Contents, entry{key})
	}
	if err := xml.NewEncoder(w).Encode(page); err != nil {
		refuse(w, http.StatusInternalServerError, "InternalError")
	}
}

// refuse answers with an error of S3.
func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
}

// open starts the endpoint and gives the SDK's own client of it.
func open(t *testing.T, objects ...string) (*shelf, *s3.Client) {
	t.Helper()
	kept := &shelf{objects: map[string][]byte{}, perPage: 2}
	for _, key := range objects {
		kept.objects[key] = []byte("mail of " + key)
	}
	server := httptest.NewServer(kept)
	t.Cleanup(server.Close)
	return kept, s3.NewFromConfig(aws.Config{
		Region: "eu-west-1", BaseEndpoint: &server.URL,
		Credentials: aws.AnonymousCredentials{},
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	})
}
