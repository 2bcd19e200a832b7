package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// discard is a log nobody reads.
func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// tab is one tab of the browser, with an ear at its console.
type tab struct {
	t     *testing.T
	stage *stage
	ctx   context.Context
	heard *console
}

// console keeps what a tab complained about.
type console struct {
	mu     sync.Mutex
	faults []string
	marks  chan struct{}
}

// mark is what a tab says to itself to know that it heard all before it.
const mark = "inzage: heard all"

// hear takes in one event of a tab.
func (c *console) hear(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			c.add(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		c.add("exception: " + e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		var said string
		if len(e.Args) > 0 {
			_ = json.Unmarshal([]byte(e.Args[0].Value), &said) // what is no text is no mark
		}
		switch {
		case said == mark:
			c.marks <- struct{}{}
		case e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning:
			c.add("console: " + said)
		}
	}
}

// add keeps one complaint.
func (c *console) add(fault string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fault)
}

// tab opens a new tab, or one that is open already when the options name it.
func (s *stage) tab(t *testing.T, options ...chromedp.ContextOption) *tab {
	t.Helper()
	heard := &console{marks: make(chan struct{}, 1)}
	ctx, cancel := chromedp.NewContext(s.browser, append(options, chromedp.WithListener(heard.hear))...)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	return &tab{t: t, stage: s, ctx: ctx, heard: heard}
}

// run runs one action and gives its value.
func run[T any](b *tab, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// do runs actions in order.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	run(b, chromedp.Steps(actions...))
}

// ask evaluates an expression of JavaScript in the page.
func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	return run(b, chromedp.Evaluate[T](expression))
}

// open goes to a page.
func (b *tab) open(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// look sets how the visitor looks at the page: screen or print, light or dark,
// and how wide.
func (b *tab) look(media, scheme string, width int64) {
	b.t.Helper()
	b.do(
		chromedp.EmulateViewport(width, 800),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			return err
		}),
	)
}

// complaints gives what the console said, except that the page itself came with
// a status of 400 or more, which is right for a page that says no.
func (b *tab) complaints() []string {
	b.t.Helper()
	ask[any](b, "void console.debug('"+mark+"')")
	select {
	case <-b.heard.marks:
	case <-b.ctx.Done():
		b.t.Fatal(b.ctx.Err())
	}
	itself := ask[string](b, "location.href")
	b.heard.mu.Lock()
	defer b.heard.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.heard.faults), func(fault string) bool {
		return strings.HasPrefix(fault, "network: Failed to load resource") && strings.HasSuffix(fault, " "+itself)
	})
}

// axe gives what axe-core finds against WCAG 2.2 AA and its best practice, a
// line each.
func (b *tab) axe() []string {
	b.t.Helper()
	ask[any](b, "void (() => {"+b.stage.axe+"\n})()")
	result := run(b, chromedp.Evaluate[struct {
		Passes int
		Faults []string
	}](`axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
		iframes: false, preload: false,
	}).then(found => ({
		Passes: found.passes.length,
		Faults: found.violations.map(one => one.id + ': ' + one.help + ': ' +
			one.nodes.map(node => node.target.join(' ') + ' (' + node.failureSummary + ')').join(', ')),
	}))`, chromedp.EvalAwaitPromise))
	if result.Passes < 5 {
		b.t.Errorf("axe passed only %d rules: did it see the page?", result.Passes)
	}
	return result.Faults
}

// wide lists what makes the page, or a pane in it, scroll sideways.
func (b *tab) wide() []string {
	b.t.Helper()
	return ask[[]string](b, `(() => {
		const name = element => element.tagName.toLowerCase() + '.' + element.className;
		const root = document.documentElement;
		const list = [];
		if (root.scrollWidth > root.clientWidth) list.push('page of ' + root.scrollWidth + ' px');
		for (const element of document.querySelectorAll('body *')) {
			const style = getComputedStyle(element);
			if (/auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth) {
				list.push(name(element) + ' scrolls sideways');
			}
			const box = element.getBoundingClientRect();
			if (root.scrollWidth > root.clientWidth && box.right > root.clientWidth + 1) list.push(name(element));
		}
		return list;
	})()`)
}

// shoot saves a picture of the whole page, when pictures are wanted.
func (b *tab) shoot(name string) {
	b.t.Helper()
	if b.stage.shots == "" {
		return
	}
	picture := run(b, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(b.stage.shots, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
