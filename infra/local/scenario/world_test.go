package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/child"
	"polarweb.nl/inzage/infra/local/stack"
	"polarweb.nl/inzage/infra/local/story"
	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/infra/local/visitor"

	"github.com/aws/aws-sdk-go-v2/credentials"
)

// anywhere is a free port of this machine.
const anywhere = "127.0.0.1:0"

// projectRoot is the folder of the project, seen from this package.
func projectRoot() (string, error) { return filepath.Abs(filepath.Join("..", "..", "..")) }

// functions lists the functions that a build makes.
func functions() []string {
	return []string{"intake", "idcheck", "dispatch", "feedback", "parcel", "remind", "sweep", "purge", "portal", "desk"}
}

// requireBuild gives the project's folder, and skips a test on a clone where
// nothing was built yet.
func requireBuild(t testing.TB) string {
	t.Helper()
	root, err := projectRoot()
	if err != nil {
		t.Fatal(err)
	}
	needed := []string{".build/local", ".build/organisation.json", tables.Binary}
	for _, function := range functions() {
		needed = append(needed, ".build/"+function+"/bootstrap")
	}
	for _, needed := range needed {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(needed))); err != nil {
			t.Skipf("SKIP: %s is not there; make build and npm ci make it", needed)
		}
	}
	return root
}

// world is a running stack and what was sent into it.
type world struct {
	options stack.Options
	stack   *stack.Stack
	cast    *story.Cast // the people around it
	sent    []sentMail
	named   map[string]string  // what was sent, by the id it got
	opened  *visitor.Page      // a page that takes a file, left open
	logged  []string           // what the operator was told
	open    *tables.Database   // the database, when the test may look inside
	cancel  context.CancelFunc // of the stack
	folder  string             // the working folder before the start

	keysAway atomic.Bool // KMS refuses every call
}

// sentMail is one mail that the front door took in.
type sentMail struct {
	name string
	raw  []byte
}

// newWorld gives a world that is not started yet, on a state folder.
func newWorld(root, state string) *world {
	w := &world{options: stack.Options{
		Root: root, State: state, SMTP: anywhere, Web: anywhere, Mailbox: anywhere, Clock: anywhere,
		StartAt: story.DemoStart(), Lookup: func(string) (string, bool) { return "", false },
	}}
	w.options.KeysAway = w.keysAway.Load
	w.options.Log = func(format string, args ...any) { w.logged = append(w.logged, fmt.Sprintf(format, args...)) }
	return w
}

// startWorld starts a stack that ends with the test.
func startWorld(t *testing.T, change func(*stack.Options)) *world {
	t.Helper()
	w := newWorld(requireBuild(t), t.TempDir())
	if change != nil {
		change(&w.options)
	}
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.stop)
	return w
}

// start starts the stack, for the first time or again.
func (w *world) start() error {
	var err error
	if w.folder, err = os.Getwd(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	if w.stack, err = stack.Start(ctx, w.options); err != nil {
		cancel()
		w.goBack()
		return err
	}
	w.cancel, w.cast = cancel, story.NewCast(w.stack)
	return nil
}

// goBack returns to the working folder, which the object store left.
func (w *world) goBack() { _ = os.Chdir(w.folder) } // only relative paths of tests depend on it

// stop stops the stack, if it runs.
func (w *world) stop() {
	if w.stack == nil {
		return
	}
	w.stack.Stop()
	w.cancel()
	w.stack = nil
	w.goBack()
}

// openTables gives the world a database of its own making, which it can read.
func (w *world) openTables() error {
	folder := filepath.Join(w.options.State, "open")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	db, err := tables.Start(context.Background(), tables.Options{
		Root: w.options.Root, File: filepath.Join(folder, "tables.db"), Region: "eu-central-1",
		Credentials: credentials.NewStaticCredentialsProvider("local", "local-secret", ""),
		StartChild: func(path string, args []string) (tables.Child, error) {
			return child.Start(child.Command{Path: path, Args: args})
		},
	})
	if err != nil {
		return err
	}
	w.open, w.options.DynamoDBEndpoint = db, db.Endpoint()
	return nil
}

// settle waits until nothing is left to do.
func (w *world) settle() error { return w.advance(0) }

// advance lets time pass the way automation does, through the clock's address.
func (w *world) advance(step time.Duration) error {
	return advance(w.stack.Addresses().Clock, step)
}

// advance asks a clock to move, and fails with what is left undone.
func advance(clock string, step time.Duration) error {
	body := fmt.Sprintf(`{"seconds":%g}`, step.Seconds())
	answer, err := http.Post(clock+"/advance", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var told struct {
		Message string   `json:"message"`
		Left    []string `json:"left"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&told); err != nil {
		return fmt.Errorf("the clock answered %s: %w", answer.Status, err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the clock answered %s %s, left: %s", answer.Status, told.Message, strings.Join(told.Left, ", "))
	}
	return nil
}

// looks bounds how often something is looked for: a slow machine waits longer.
const looks = 6000

// mustSee waits until something can be seen.
func (w *world) mustSee(t *testing.T, what string, seen func() bool) {
	t.Helper()
	for range looks {
		if seen() {
			return
		}
		pause()
	}
	t.Fatalf("waited in vain until %s", what)
}

// pause is one short wait between two looks at something.
func pause() { <-time.After(10 * time.Millisecond) }

// mustLeave waits until everything that is left to do begins with a word.
func (w *world) mustLeave(t *testing.T, word string) {
	t.Helper()
	w.mustSee(t, "all that is left is a "+word, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		left, _ := w.stack.Advance(ctx, w.stack.Now())
		return len(left) > 0 && !slices.ContainsFunc(left, func(one string) bool { return !strings.HasPrefix(one, word) })
	})
}
