package letter

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"

	"polarweb.nl/inzage/internal/dsr"
)

// rendered is a letter in words, before it is packed as a mail.
type rendered struct {
	subject string
	text    string // lines end in "\n"
	html    string
}

// render writes a letter in both its forms. Both come from one parsed
// Markdown tree, so they cannot say different things.
func render(kind dsr.LetterKind, language dsr.Language, src source, f facts) (rendered, error) {
	subject, err := fill(src.subject(f), f.values, asIs)
	if err != nil {
		return rendered{}, err
	}
	f.set("subject", subject)
	f.set("button", src.headers["Button"])
	body, err := src.sections(f)
	if err != nil {
		return rendered{}, err
	}
	if err := dutiful(kind, language, body, f); err != nil {
		return rendered{}, err
	}
	markdown := goldmark.New()
	tree := markdown.Parser().Parse(gmtext.NewReader([]byte(body)))
	text, textErr := plainText(tree, []byte(body), f.values)
	page, pageErr := htmlPage(markdown, tree, []byte(body), f.values)
	return rendered{subject: subject, text: text, html: page}, errors.Join(textErr, pageErr)
}

// asIs is the escaping of plain text: inert did all there is to do.
func asIs(value string) string { return value }

// htmlPage renders the tree as a page. goldmark leaves out raw HTML and
// encodes the braces of a link's destination, which get their form back before
// the values take their places.
func htmlPage(markdown goldmark.Markdown, tree ast.Node, src []byte, values map[string]string) (string, error) {
	var body bytes.Buffer
	if err := markdown.Renderer().Render(&body, src, tree); err != nil {
		return "", fmt.Errorf("rendering the HTML part: %w", err)
	}
	page, err := sources.ReadFile("text/page.html")
	if err != nil {
		return "", fmt.Errorf("reading the page around a letter: %w", err)
	}
	button, err := sources.ReadFile("text/button.html")
	if err != nil {
		return "", fmt.Errorf("reading the button of a letter: %w", err)
	}
	prepared := strings.NewReplacer(
		"%7B", "{", "%7D", "}",
		"<p>{button}</p>\n", string(button),
		// Six figures that somebody copies from a telephone to a keyboard.
		"<p>{code}</p>", `<p style="font-size:28px;letter-spacing:3px"><strong>{code}</strong></p>`,
		// Some programs drop the style sheet and keep a default line height
		// with which headings of two lines overlap.
		"<h1>", `<h1 style="line-height:1.3">`,
		"<h2>", `<h2 style="line-height:1.3">`,
	).Replace(body.String())
	whole := strings.Replace(string(page), "{body}\n", prepared, 1)
	return fill(whole, values, asHTML)
}

// asHTML makes a value harmless in a page and keeps its line ends. Only texts of
// several lines have any, and they stand in paragraphs of their own.
func asHTML(value string) string {
	return strings.NewReplacer("\n\n", "</p>\n<p>", "\n", "<br>\n").Replace(html.EscapeString(value))
}

// plainText renders the tree as plain text. The values take their places
// before the lines are broken, so that no line grows afterwards.
func plainText(tree ast.Node, src []byte, values map[string]string) (string, error) {
	blocks, err := blocksOf(tree, src)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for i, block := range blocks {
		filled, err := fill(block.text, values, asIs)
		if err != nil {
			return "", err
		}
		if i > 0 && !(block.tight || blocks[i-1].heading) {
			text.WriteString("\n")
		}
		wrap(&text, filled, block.bullet)
	}
	return text.String(), nil
}

// block is one heading, paragraph or item of a list in plain text.
type block struct {
	text    string // with the places of values; "\n" forces a new line
	bullet  string // stands before the first line; the next are indented alike
	heading bool   // the next block follows without an empty line
	tight   bool   // follows the block before it without an empty line
}

// blocksOf flattens a Markdown tree. It knows the few forms that letters use
// and refuses any other, rather than lose words of a letter in silence.
func blocksOf(tree ast.Node, src []byte) ([]block, error) {
	var blocks []block
	for node := tree.FirstChild(); node != nil; node = node.NextSibling() {
		switch node.Kind() {
		case ast.KindHeading, ast.KindParagraph, ast.KindTextBlock:
			text, err := inline(node, src)
			if err != nil {
				return nil, err
			}
			if text == "{button}" {
				text = "{button}:\n{link}"
			}
			blocks = append(blocks, block{text: text, heading: node.Kind() == ast.KindHeading})
		case ast.KindList:
			items, err := itemsOf(node, src)
			if err != nil {
				return nil, err
			}
			blocks = append(blocks, items...)
		default:
			return nil, fmt.Errorf("%w: no plain text for Markdown's %s", ErrSource, node.Kind())
		}
	}
	return blocks, nil
}

// itemsOf gives the items of a list, one block each.
func itemsOf(list ast.Node, src []byte) ([]block, error) {
	var items []block
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		inside, err := blocksOf(item, src)
		if err != nil {
			return nil, err
		}
		if len(inside) != 1 {
			return nil, fmt.Errorf("%w: an item of a list is not one paragraph", ErrSource)
		}
		items = append(items, block{text: inside[0].text, bullet: "• ", tight: len(items) > 0})
	}
	return items, nil
}

// inline gives the words of a block without their Markdown marks. A link
// becomes its words, a colon and its address on a line of its own.
func inline(parent ast.Node, src []byte) (string, error) {
	var text strings.Builder
	for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
		switch n := node.(type) {
		case *ast.Text:
			text.Write(n.Segment.Value(src))
			switch {
			case n.HardLineBreak():
				text.WriteString("\n")
			case n.SoftLineBreak():
				text.WriteString(" ")
			}
		case *ast.Emphasis, *ast.Link:
			words, err := inline(node, src)
			if err != nil {
				return "", err
			}
			text.WriteString(words)
			if link, is := node.(*ast.Link); is {
				text.WriteString(":\n" + string(link.Destination))
			}
		default:
			return "", fmt.Errorf("%w: no plain text for Markdown's %s", ErrSource, node.Kind())
		}
	}
	return text.String(), nil
}
