package scenario

import (
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// page is what a visitor gets.
type page struct {
	status  int
	text    string // the words on the page, a line a block
	bytes   int    // the length of the body
	to      string // where a redirect leads
	cookies []*http.Cookie
}

// visit opens an address without following it any further.
func visit(method, address string) (page, error) {
	request, err := http.NewRequest(method, address, nil)
	if err != nil {
		return page{}, err
	}
	return ask(request)
}

// ask sends a request and gives the page that answers it.
func ask(request *http.Request) (page, error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		return page{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return page{
		status: answer.StatusCode, text: words(string(body)), bytes: len(body),
		to: answer.Header.Get("Location"), cookies: answer.Cookies(),
	}, err
}

// What of a page is no text, and what ends a line of it.
var (
	unseen   = regexp.MustCompile(`(?s)<(style|head)\b.*?</(style|head)>|<!.*?>`)
	breaking = regexp.MustCompile(`</?(p|div|h\d|li|ul|ol|dt|dd|dl|section|main|header|footer|body|html|br|table|tr)\b[^>]*>`)
	tag      = regexp.MustCompile(`<[^>]*>`)
)

// words gives the text of a page as a reader sees it.
func words(source string) string {
	source = breaking.ReplaceAllString(unseen.ReplaceAllString(source, ""), "\n")
	var lines []string
	for line := range strings.Lines(html.UnescapeString(tag.ReplaceAllString(source, ""))) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
