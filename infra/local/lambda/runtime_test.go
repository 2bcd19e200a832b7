package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"polarweb.nl/inzage/infra/local/lambda"
)

// builtVariable tells the tests where TestMain built the function.
const builtVariable = "INZAGE_TEST_BOOTSTRAP"

// ample is a limit that no test reaches unless it is broken.
const ample = 2 * time.Minute

// TestMain builds the function of testdata once; the tests run the real binary.
func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

// buildAndRun is TestMain with a working defer.
func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "bootstrap")
	if err != nil {
		fmt.Println("making a folder:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-ldflags", "-s -w",
		"-o", filepath.Join(dir, "bootstrap"), "./testdata/bootstrap")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Printf("building the function: %v\n%s", err, out)
		return 1
	}
	if err := os.Setenv(builtVariable, dir); err != nil {
		fmt.Println("telling the tests:", err)
		return 1
	}
	return m.Run()
}

// declare is a function over the built bootstrap with ample limits.
func declare(name string) lambda.Function {
	return lambda.Function{Name: name, Dir: os.Getenv(builtVariable), Timeout: ample, MemoryMB: 256}
}

// start starts a runtime with these functions and closes it after the test.
func start(t *testing.T, c lambda.Config) *lambda.Runtime {
	t.Helper()
	if c.LogDir == "" {
		c.LogDir = t.TempDir()
	}
	r, err := lambda.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return r
}

// echoed is the part of the test function's answer that the tests read.
type echoed struct {
	Value, RequestID, ARN, Dir string
	Pid                        int
	DeadlineMs                 int64
	Environment                []string
}

// request is the payload for a mode of the test function.
func request(mode, value string) []byte {
	payload, _ := json.Marshal(map[string]string{"mode": mode, "value": value})
	return payload
}

// invoke runs a function that must succeed.
func invoke(t *testing.T, r *lambda.Runtime, name, mode, value string) echoed {
	t.Helper()
	result, err := r.Invoke(t.Context(), name, request(mode, value))
	if err != nil || result.FunctionError != "" {
		t.Fatalf("Invoke(%s, %s) = %s %s, error %v", name, mode, result.FunctionError, result.Payload, err)
	}
	var e echoed
	if err := json.Unmarshal(result.Payload, &e); err != nil {
		t.Fatalf("answer %s: %v", result.Payload, err)
	}
	return e
}

// gate is a server that holds every request until the test lets it go.
type gate struct {
	*httptest.Server
	arrived, release chan struct{}
}

// newGate starts a gate.
func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{arrived: make(chan struct{}), release: make(chan struct{})}
	g.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for _, step := range []chan struct{}{g.arrived, g.release} {
			select {
			case step <- struct{}{}:
			case <-r.Context().Done():
			}
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func TestFunctionSeesOnlyItsOwnEnvironment(t *testing.T) {
	t.Setenv("SECRET_OF_THE_DEVELOPER", "x")
	f := declare("seen")
	f.Environment = map[string]string{"TABLE": "Cases", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"}
	r := start(t, lambda.Config{
		Functions: []lambda.Function{f}, Region: "eu-west-1", AccessKeyID: "key", SecretAccessKey: "secret",
	})
	got := invoke(t, r, "seen", "echo", "").Environment
	got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "AWS_LAMBDA_RUNTIME_API=127.0.0.1:") })
	slices.Sort(got)
	want := []string{
		"AWS_ACCESS_KEY_ID=key", "AWS_ENDPOINT_URL_S3=http://127.0.0.1:1",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256", "AWS_LAMBDA_FUNCTION_NAME=seen", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_REGION=eu-west-1", "AWS_SECRET_ACCESS_KEY=secret",
		"LAMBDA_TASK_ROOT=" + f.Dir, "TABLE=Cases", "TZ=:UTC", "_HANDLER=bootstrap",
		"_X_AMZN_TRACE_ID=", // set by aws-lambda-go itself at each request
	}
	if !slices.Equal(got, want) {
		t.Errorf("environment\n got %q\nwant %q", got, want)
	}
}

func TestFunctionKnowsItsRequestAndItsDeadline(t *testing.T) {
	f := declare("timed")
	r := start(t, lambda.Config{Functions: []lambda.Function{f}, AccountID: "111122223333"})
	before := time.Now()
	first, second := invoke(t, r, "timed", "echo", ""), invoke(t, r, "timed", "echo", "")
	after := time.Now()
	if want := "arn:aws:lambda:eu-central-1:111122223333:function:timed"; first.ARN != want {
		t.Errorf("ARN %q, want %q", first.ARN, want)
	}
	if len(first.RequestID) != 36 || first.RequestID == second.RequestID {
		t.Errorf("request ids %q and %q, want two different UUIDs", first.RequestID, second.RequestID)
	}
	earliest, latest := before.Add(ample).UnixMilli(), after.Add(ample).UnixMilli()
	if got := first.DeadlineMs; got < earliest || got > latest {
		t.Errorf("deadline %d, want %d to %d: %v after the request", got, earliest, latest, ample)
	}
	if dir, _ := filepath.EvalSymlinks(f.Dir); first.Dir != dir && first.Dir != f.Dir {
		t.Errorf("working folder %q, want the function's own", first.Dir)
	}
}

func TestProcessIsUsedAgain(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("warm")}})
	first, second := invoke(t, r, "warm", "echo", "a"), invoke(t, r, "warm", "echo", "b")
	if first.Pid != second.Pid {
		t.Errorf("process %d, then %d; want one process", first.Pid, second.Pid)
	}
	if first.Value != "a" || second.Value != "b" {
		t.Errorf("answers %q and %q, want a and b", first.Value, second.Value)
	}
}

func TestPoolGrowsToItsConcurrency(t *testing.T) {
	f := declare("pool")
	f.Concurrency = 2
	r := start(t, lambda.Config{Functions: []lambda.Function{f}})
	g := newGate(t)
	results := make(chan error, 2)
	for range 2 {
		go func() {
			result, err := r.Invoke(t.Context(), "pool", request("fetch", g.URL))
			results <- errors.Join(err, failureOf(result))
		}()
	}
	<-g.arrived // both are inside at once, so there are two processes
	<-g.arrived
	if got := r.Busy(); got != 2 {
		t.Errorf("Busy() = %d inside two functions, want 2", got)
	}
	for range 2 {
		<-g.release
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestPoolNeverPassesItsConcurrency(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("single")}})
	g := newGate(t)
	const calls = 3
	payloads := make(chan []byte, calls)
	for range calls {
		go func() {
			result, _ := r.Invoke(t.Context(), "single", request("fetch", g.URL))
			payloads <- result.Payload
		}()
	}
	until(func() bool { return r.Busy() == calls })
	pids := map[int]bool{}
	for range calls {
		<-g.arrived
		<-g.release
		var e echoed
		if err := json.Unmarshal(<-payloads, &e); err != nil {
			t.Fatal(err)
		}
		pids[e.Pid] = true
	}
	if len(pids) != 1 {
		t.Errorf("%d processes answered for a function of concurrency one", len(pids))
	}
}

func TestBusyIsLoweredBeforeTheAnswerIsGiven(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("counted")}})
	for range 200 {
		invoke(t, r, "counted", "echo", "")
		if got := r.Busy(); got != 0 {
			t.Fatalf("Busy() = %d for a caller who has its answer, want 0", got)
		}
	}
}

// failureOf turns a failed result into an error.
func failureOf(r lambda.Result) error {
	if r.FunctionError == "" {
		return nil
	}
	return fmt.Errorf("function error %s", r.Payload)
}

func TestCallerThatLeavesDoesNotStopTheFunction(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("left")}})
	g := newGate(t)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := r.Invoke(ctx, "left", request("fetch", g.URL))
		left <- err
	}()
	<-g.arrived
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("Invoke after its caller left: %v, want context.Canceled", err)
	}
	if got := r.Busy(); got != 1 {
		t.Errorf("Busy() = %d while the function runs on, want 1", got)
	}
	<-g.release // the function is alive to be answered
	invoke(t, r, "left", "echo", "")
	if got := r.Busy(); got != 0 {
		t.Errorf("Busy() = %d when all is done, want 0", got)
	}
}

func TestFunctionsPrintToTheirOwnLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	r := start(t, lambda.Config{LogDir: dir, Functions: []lambda.Function{declare("one"), declare("two")}})
	invoke(t, r, "one", "print", "first words")
	invoke(t, r, "two", "print", "other words")
	for name, want := range map[string]string{"one": "first words\n", "two": "other words\n"} {
		got, err := os.ReadFile(filepath.Join(dir, name+".log"))
		if err != nil || string(got) != want {
			t.Errorf("log of %s: %q, error %v; want %q", name, got, err, want)
		}
	}
}

func TestNameMayBeAnARN(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("named")}})
	for _, name := range []string{
		"named", "named:$LATEST", "000000000000:function:named",
		"arn:aws:lambda:eu-central-1:000000000000:function:named",
		"arn:aws:lambda:eu-central-1:000000000000:function:named:live",
	} {
		if got := invoke(t, r, name, "echo", name).Value; got != name {
			t.Errorf("Invoke(%s) answered %q", name, got)
		}
	}
	for _, name := range []string{"", "name", "arn:aws:lambda:eu-central-1:000000000000:function:other"} {
		if _, err := r.Invoke(t.Context(), name, nil); !errors.Is(err, lambda.ErrNoFunction) {
			t.Errorf("Invoke(%q) error %v, want ErrNoFunction", name, err)
		}
	}
}

func TestCloseEndsWhatRuns(t *testing.T) {
	c := lambda.Config{LogDir: t.TempDir(), Functions: []lambda.Function{declare("closing")}}
	r, err := lambda.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(t)
	inside, waiting := make(chan error), make(chan error)
	go func() { _, err := r.Invoke(t.Context(), "closing", request("fetch", g.URL)); inside <- err }()
	<-g.arrived
	go func() { _, err := r.Invoke(t.Context(), "closing", request("echo", "")); waiting <- err }()
	if err := r.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	for _, result := range []chan error{inside, waiting} {
		if err := <-result; !errors.Is(err, lambda.ErrClosed) {
			t.Errorf("an invocation at Close: %v, want ErrClosed", err)
		}
	}
	if _, err := r.Invoke(t.Context(), "closing", nil); !errors.Is(err, lambda.ErrClosed) {
		t.Errorf("Invoke after Close: %v, want ErrClosed", err)
	}
	if err := r.Close(); err != nil || r.Busy() != 0 {
		t.Errorf("second Close: %v, Busy %d; want nothing left", err, r.Busy())
	}
}

func TestCloseLeavesNoProcess(t *testing.T) {
	r := start(t, lambda.Config{Functions: []lambda.Function{declare("orphan")}})
	pid := invoke(t, r, "orphan", "echo", "").Pid
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	mustBeGone(t, pid)
}

// mustBeGone fails the test while a process of this id lives.
func mustBeGone(t *testing.T, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Signal(syscall.Signal(0)); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("asking for process %d: %v, want that it is done", pid, err)
	}
}

func TestStartRefusesWhatDeploymentWouldRefuse(t *testing.T) {
	empty := t.TempDir()
	with := func(change func(*lambda.Function)) []lambda.Function {
		f := declare("right")
		change(&f)
		return []lambda.Function{f}
	}
	for name, c := range map[string]struct {
		functions []lambda.Function
		says      string
	}{
		"two functions of one name": {[]lambda.Function{declare("a"), declare("a")}, "declared twice"},
		"no name":                   {with(func(f *lambda.Function) { f.Name = "" }), "its name must be"},
		"a name with a path in it":  {with(func(f *lambda.Function) { f.Name = "../x" }), "its name must be"},
		"no program":                {with(func(f *lambda.Function) { f.Dir = empty }), "not built"},
		"a folder for a program":    {with(func(f *lambda.Function) { f.Dir = folderAsProgram(t) }), "not a file"},
		"Lambda's own variable":     {with(func(f *lambda.Function) { f.Environment = map[string]string{"AWS_REGION": "x"} }), "AWS_REGION"},
		"a variable of the runtime": {with(func(f *lambda.Function) { f.Environment = map[string]string{"AWS_LAMBDA_X": "x"} }), "AWS_LAMBDA_X"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lambda.Start(lambda.Config{LogDir: t.TempDir(), Functions: c.functions})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Start: %v, want an error that says %q", err, c.says)
			}
		})
	}
}

// folderAsProgram makes a folder whose bootstrap is a folder, too.
func folderAsProgram(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bootstrap"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}
