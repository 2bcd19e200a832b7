package mailroom

import (
	"errors"
	"io"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// htmlText turns HTML into plain text, token by token: no tree is built, so
// that deep nesting costs nothing. Quoted mails become lines with ">", as they
// are in plain text.
func htmlText(r io.Reader, limit int) (text string, cutOff bool) {
	tokens := html.NewTokenizer(r)
	tokens.SetMaxBuf(maxText) // one tag of many megabytes ends the reading
	page := &page{limit: limit}
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return cleanText(page.out.String()), page.full || errors.Is(tokens.Err(), html.ErrBufferExceeded)
		case html.TextToken:
			page.write(toUTF8(string(tokens.Text())))
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := tokens.TagName()
			page.tag(string(name), kind)
		}
		if page.full {
			_, _ = io.Copy(io.Discard, r) // leave the stream at the end of the part
			return cleanText(page.out.String()), true
		}
	}
}

// page is the text of an HTML part as it grows. It knows only as much HTML as
// reading needs: where lines end, what is quoted, what is not shown. Colours and
// sizes are not looked at, so that a text hidden from the eye is read too, which
// a person then sees as it is.
type page struct {
	out    strings.Builder
	limit  int
	full   bool
	space  bool // white space stood before the next word
	quotes int  // how deep in block quotes
	silent int  // how deep in parts that are not shown
}

// write adds text. White space in HTML is one space; a line begins with one
// ">" per quote around it.
func (p *page) write(text string) {
	if p.silent > 0 {
		return
	}
	for i, word := range strings.Fields(text) {
		p.space = p.space || i > 0 || !strings.HasPrefix(text, word)
		if p.out.Len()+len(word)+3*p.quotes+1 > p.limit {
			p.full = true
			return
		}
		switch {
		case p.atLineStart():
			p.out.WriteString(strings.Repeat("> ", min(p.quotes, 5)))
		case p.space:
			p.out.WriteByte(' ')
		}
		p.out.WriteString(word)
		p.space = false
	}
	p.space = p.space || strings.TrimRightFunc(text, unicode.IsSpace) != text
}

// atLineStart reports whether the next word begins a line.
func (p *page) atLineStart() bool {
	return p.out.Len() == 0 || strings.HasSuffix(p.out.String(), "\n")
}

// tag follows what one tag does to the text.
func (p *page) tag(name string, kind html.TokenType) {
	switch name {
	case "script", "style", "head", "title", "template", "noscript":
		p.silent = depth(p.silent, kind)
	case "blockquote":
		p.line()
		p.quotes = depth(p.quotes, kind)
	case "br", "p", "div", "li", "tr", "table", "ul", "ol", "hr", "pre", "body",
		"h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "footer", "header":
		p.line()
	}
}

// depth counts one tag in or out; stray closing tags are common.
func depth(n int, kind html.TokenType) int {
	switch kind {
	case html.StartTagToken:
		return n + 1
	case html.EndTagToken:
		return max(0, n-1)
	}
	return n
}

// line ends the line, if there is one.
func (p *page) line() {
	if !p.atLineStart() && p.silent == 0 {
		p.out.WriteByte('\n')
	}
}

// unflow joins the lines that a mail program broke softly (RFC 3676): a line
// that ends in a space goes on in the next one. The signature mark "-- " ends
// in a space too and stays a line.
func unflow(text string, deleteSpace bool) string {
	var out strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		bare := strings.TrimSuffix(line, "\n")
		if !strings.HasSuffix(bare, " ") || bare == "-- " || strings.HasPrefix(bare, ">") {
			out.WriteString(line)
			continue
		}
		if deleteSpace {
			bare = strings.TrimSuffix(bare, " ")
		}
		out.WriteString(bare)
	}
	return out.String()
}
