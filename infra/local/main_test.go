package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"polarweb.nl/inzage/infra/local/tables"
	"polarweb.nl/inzage/internal/stepup"
)

// projectRoot gives the project's folder, and skips a test on a clone where
// nothing was built yet.
func projectRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, needed := range []string{".build/organisation.json", ".build/dispatch/bootstrap", tables.Binary} {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(needed))); err != nil {
			t.Skipf("SKIP: %s is not there; make build and npm ci make it", needed)
		}
	}
	t.Chdir(".") // a stack changes the working folder; after the test we are back
	return root
}

// terminal is where a command prints. It presses Ctrl-C once it has read a
// text that was waited for.
type terminal struct {
	mu     sync.Mutex
	text   bytes.Buffer
	until  string
	cancel context.CancelFunc
}

// Write implements io.Writer.
func (o *terminal) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.text.Write(p)
	if o.until != "" && strings.Contains(o.text.String(), o.until) {
		o.cancel()
	}
	return n, err
}

// String gives what was printed.
func (o *terminal) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// command runs the command until it ends, or until it has printed a text.
func command(t *testing.T, until string, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	t.Setenv("DYNAMODB_ENDPOINT", "")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, told := &terminal{until: until, cancel: cancel}, &terminal{}
	err = run(ctx, arguments, out, told)
	return out.String(), told.String(), err
}

// on gives the flags for a stack on free ports and a state folder.
func on(root, state string, more ...string) []string {
	const free = "127.0.0.1:0"
	return append([]string{
		"-root", root, "-state", state, "-smtp", free, "-web", free, "-mailbox", free, "-clock", free,
	}, more...)
}

// mustSay fails the test unless an error says all of some words.
func mustSay(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one that says %q", words)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q does not say %q", err, word)
		}
	}
}

func TestTakenPortIsNamedWithItsFlag(t *testing.T) {
	root := projectRoot(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, flag := range []string{"-smtp", "-web", "-mailbox", "-clock"} {
		_, _, err := command(t, "", on(root, t.TempDir(), flag, taken.Addr().String())...)
		mustSay(t, err, flag, taken.Addr().String())
	}
}

func TestAddressThatOthersReachIsRefused(t *testing.T) {
	root := projectRoot(t)
	for _, flag := range []string{"-smtp", "-web", "-mailbox", "-clock"} {
		_, _, err := command(t, "", on(root, t.TempDir(), flag, "0.0.0.0:0")...)
		mustSay(t, err, flag, "0.0.0.0:0", "use 127.0.0.1")
	}
}

func TestLockLeftBehindIsNamedAndStopsNobody(t *testing.T) {
	root, state := projectRoot(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(state, "lock"), []byte("4194399\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, told, err := command(t, "}", on(root, state, "-json", "-seed=false")...)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(told, "The lock was left behind by process 4194399") {
		t.Errorf("the operator was told %q", told)
	}
	// It stopped cleanly, so the next start has nothing to say.
	_, told, err = command(t, "}", on(root, state, "-json", "-seed=false")...)
	if err != nil || told != "" {
		t.Errorf("error %v, told %q; want neither", err, told)
	}
}

func TestStateInUseIsRefusedWithTheProcessThatHasIt(t *testing.T) {
	root, state := projectRoot(t), t.TempDir()
	started, end := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	first := &signalling{started: started}
	ctx, cancel := context.WithCancel(t.Context())
	t.Setenv("DYNAMODB_ENDPOINT", "")
	go func() {
		ended <- run(ctx, on(root, state, "-json", "-seed=false"), first, &terminal{})
		close(end)
	}()
	select {
	case <-started:
	case err := <-ended:
		t.Fatal(err)
	}
	_, _, err := command(t, "", on(root, state)...)
	mustSay(t, err, state, fmt.Sprintf("in use by process %d", os.Getpid()), "-state")
	cancel()
	if <-end; first.writes != 1 {
		t.Errorf("the first stack printed %d times", first.writes)
	}
}

// signalling tells when something is printed first.
type signalling struct {
	started chan struct{}
	writes  int
}

// Write implements io.Writer.
func (s *signalling) Write(p []byte) (int, error) {
	if s.writes++; s.writes == 1 {
		close(s.started)
	}
	return len(p), nil
}

// partialRoot gives a project folder with only some files.
func partialRoot(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// read gives a file of the project as text.
func read(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestWhatIsNotThereIsNamedWithTheWayOut(t *testing.T) {
	root := projectRoot(t)
	template, profile := read(t, root, "template.yaml"), read(t, root, ".build", "organisation.json")
	for _, one := range []struct {
		name  string
		files map[string]string
		words []string
	}{
		{"no project", nil, []string{"template.yaml"}},
		{"no build", map[string]string{"template.yaml": template}, []string{"the build is not there", "make build"}},
		{"no database", map[string]string{"template.yaml": template, ".build/organisation.json": profile}, []string{"npm ci", "DYNAMODB_ENDPOINT"}},
		{"half a profile", map[string]string{"template.yaml": template, ".build/organisation.json": profile[:len(profile)/2]}, []string{"organisation.json", "make build again"}},
		{"another profile", map[string]string{"template.yaml": template, ".build/organisation.json": `{"colour": "blue"}`}, []string{"organisation.json", `"colour"`, "make build again"}},
		{"no template", map[string]string{"template.yaml": "a: [", ".build/organisation.json": profile}, []string{"template.yaml"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			_, _, err := command(t, "", on(partialRoot(t, one.files), t.TempDir())...)
			mustSay(t, err, one.words...)
		})
	}
}

func TestFlagsAreChecked(t *testing.T) {
	_, told, err := command(t, "", "-nope")
	mustSay(t, err, "-nope")
	if !strings.Contains(told, "-mailbox") {
		t.Errorf("the flags that there are, are not listed: %q", told)
	}
	_, _, err = command(t, "", "-json", "stray")
	mustSay(t, err, `"stray"`)
	_, told, err = command(t, "", "-h")
	if err != nil || !strings.Contains(told, "-state") {
		t.Errorf("-h ends with error %v and tells %q", err, told)
	}
}

func TestJSONIsOneLineThatNeverChangesItsKeys(t *testing.T) {
	root := projectRoot(t)
	out, told, err := command(t, "\n", on(root, t.TempDir(), "-json")...)
	if err != nil || told != "" {
		t.Fatalf("error %v, told %q", err, told)
	}
	if strings.Count(out, "\n") != 1 || !strings.HasSuffix(out, "\n") {
		t.Fatalf("not one line: %q", out)
	}
	var keys map[string]any
	if err := json.Unmarshal([]byte(out), &keys); err != nil {
		t.Fatal(err)
	}
	for key, pattern := range map[string]string{
		"smtp":   `^smtp://127\.0\.0\.1:\d+$`,
		"portal": `^http://127\.0\.0\.1:\d+/mijn$`, "desk": `^http://127\.0\.0\.1:\d+/bureau$`,
		"mailbox": `^http://127\.0\.0\.1:\d+$`, "clock": `^http://127\.0\.0\.1:\d+$`,
	} {
		if value, _ := keys[key].(string); !regexp.MustCompile(pattern).MatchString(value) {
			t.Errorf("%s is %q, want %s", key, value, pattern)
		}
	}
	staff, _ := keys["staff"].([]any)
	if len(keys) != 6 || len(staff) == 0 {
		t.Fatalf("%d keys with %d members of staff: %s", len(keys), len(staff), out)
	}
	member, _ := staff[0].(map[string]any)
	if len(member) != 5 || member["id"] == "" || member["name"] == "" || member["email"] == "" {
		t.Errorf("a member of staff is %v", member)
	}
	secret, _ := member["secret"].(string)
	address, _ := member["otpauth"].(string)
	if _, err := stepup.ParseText(secret); err != nil || !strings.HasPrefix(address, "otpauth://totp/") || !strings.HasSuffix(address, "&secret="+secret) {
		t.Errorf("the secret is %q at %q, %v", secret, address, err)
	}
}

func TestNewStateGetsASampleMailAndAnOldOneItsCasesBack(t *testing.T) {
	root, state := projectRoot(t), t.TempDir()
	out, told, err := command(t, "LetterDelivered", on(root, state)...)
	if err != nil || told != "" {
		t.Fatalf("error %v, told %q", err, told)
	}
	for _, said := range []string{"/mijn", "/bureau", "mailbox", "clock", state, "Stop it with Ctrl-C", "a sample mail comes in", "CaseOpened"} {
		if !strings.Contains(out, said) {
			t.Errorf("the terminal does not say %q:\n%s", said, out)
		}
	}
	out, told, err = command(t, "promised by", on(root, state)...)
	if err != nil || told != "" {
		t.Fatalf("error %v, told %q", err, told)
	}
	if !strings.Contains(out, "Open cases found in the state: 1\n") || strings.Contains(out, "sample mail") {
		t.Errorf("the second start says:\n%s", out)
	}
}

func TestDemonstrationEndsWithWhatIsLeftOfItsCase(t *testing.T) {
	root := projectRoot(t)
	throwAway := t.TempDir()
	t.Setenv("TMPDIR", throwAway)
	out, told, err := command(t, "", "-demo", "-root", root)
	if err != nil || told != "" {
		t.Fatalf("error %v, told %q", err, told)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if lines[len(lines)-1] != "left    ledger verify: ok" || !strings.Contains(lines[0], "2026-03-05 09:00:0") {
		t.Errorf("the demonstration says:\n%s", out)
	}
	// Each step of the way once, in its order, and nobody named but staff.
	rest := out
	for _, step := range []string{
		"CaseOpened", "RightsConfirmed", "DataSubjectMatched", "MailboxConfirmed", "IDCopyReceived", "IDCopyInspected", "IDCopyViewed",
		"IdentityConfirmed", "IDCopyDestroyed", "klanten: found", "domeinen: nothing-found", "brings the file of hosting", "RightGranted",
		"DraftSubmitted", "AnswerApproved", "PackageBuilt", "CaseClosed", "CodeAsked", "AnswerCollected", "FilesHandedOut",
		"\nclosed AVG-2026-0001\n", "goes on 400 days", "PackageEnded", "FilePurged", "LeftoversRemoved",
		"open for nobody", " checkpoints\n", "vault-000000000000: empty", "keys of cases: 0",
	} {
		_, after, found := strings.Cut(rest, step)
		if rest = after; !found || strings.Count(out, step) != 1 {
			t.Fatalf("%s does not stand once, in its order, in:\n%s", step, out)
		}
	}
	if strings.Contains(strings.ToLower(out), "sanne") || strings.Contains(out, "20417") {
		t.Errorf("the demonstration names the data subject:\n%s", out)
	}
	if left, err := os.ReadDir(throwAway); err != nil || len(left) != 0 {
		t.Errorf("%d files are left behind, error %v", len(left), err)
	}
}
