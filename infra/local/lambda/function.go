package lambda

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// stopGrace is the time that a process has to end by itself on Close.
const stopGrace = time.Second

// Function says how one function runs; the fields are those of the template.
type Function struct {
	// Name is the function's name, as in AWS: letters, digits, - and _.
	Name string
	// Dir is the built folder; it holds `bootstrap` and is the working folder.
	Dir string
	// Handler is what _HANDLER says; empty means bootstrap.
	Handler string
	// MemoryMB is what the function is told; nothing enforces it. Zero means 128.
	MemoryMB int
	// Timeout bounds one invocation; zero means 3 seconds, as in AWS.
	Timeout time.Duration
	// Concurrency is the largest number of processes; zero means one. Calls
	// beyond it wait, where AWS would throttle.
	Concurrency int
	// Environment is what the template declares. Names that AWS keeps for
	// itself are refused, as there.
	Environment map[string]string
}

// function is a Function with its listener and its processes.
type function struct {
	Function
	config  Config
	arn     string
	address string // of the Runtime API listener
	server  *http.Server
	served  chan struct{} // closed when the server has ended
	log     *os.File
	slots   chan struct{} // holds one token per process that may run
	closing <-chan struct{}

	mu      sync.Mutex
	idle    []*sandbox          // processes without a request, latest last
	living  map[string]*sandbox // by the number in their Runtime API address
	started int
}

// open checks a declaration, opens its log and its Runtime API listener.
func open(declared Function, config Config, closing <-chan struct{}) (*function, error) {
	f := &function{
		Function: functionDefaults(declared), config: config, closing: closing,
		served: make(chan struct{}), living: map[string]*sandbox{},
		arn: fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", config.Region, config.AccountID, declared.Name),
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	f.slots = make(chan struct{}, f.Concurrency)
	path := filepath.Join(config.LogDir, f.Name+".log")
	log, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening its log: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listening for its processes: %w", err), log.Close())
	}
	f.log, f.address = log, listener.Addr().String()
	f.server = &http.Server{Handler: f.runtimeAPI(), ReadHeaderTimeout: defaultInitTimeout}
	go func() {
		defer close(f.served)
		_ = f.server.Serve(listener) // ends with ErrServerClosed on close
	}()
	return f, nil
}

// functionDefaults fills in the defaults of AWS::Lambda::Function.
func functionDefaults(f Function) Function {
	if f.Handler == "" {
		f.Handler = "bootstrap"
	}
	if f.MemoryMB == 0 {
		f.MemoryMB = 128
	}
	if f.Timeout <= 0 {
		f.Timeout = 3 * time.Second
	}
	f.Concurrency = max(f.Concurrency, 1)
	if dir, err := filepath.Abs(f.Dir); err == nil {
		f.Dir = dir
	}
	return f
}

// check refuses what AWS would refuse at deployment.
func (f *function) check() error {
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`).MatchString(f.Name) {
		return errors.New("its name must be 1 to 64 letters, digits, - or _")
	}
	for _, name := range slices.Sorted(maps.Keys(f.Environment)) {
		if reserved(name) {
			return fmt.Errorf("environment variable %s is set by Lambda itself", name)
		}
	}
	info, err := os.Stat(f.bootstrap())
	if err != nil {
		return fmt.Errorf("its program is not built: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("its program %s is not a file", f.bootstrap())
	}
	return nil
}

// bootstrap is the path of the function's program.
func (f *function) bootstrap() string { return filepath.Join(f.Dir, "bootstrap") }

// reserved tells whether only Lambda may set a variable.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func reserved(name string) bool {
	if strings.HasPrefix(name, "AWS_LAMBDA_") || strings.HasPrefix(name, "LAMBDA_") {
		return true
	}
	switch name {
	case "_HANDLER", "_X_AMZN_TRACE_ID", "TZ",
		"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
		"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN":
		return true
	}
	return false
}

// environment is all that a process sees. The time zone is UTC as on AWS, so
// that code that forgets a zone fails here as it would there.
func (f *function) environment(api string) []string {
	environment := []string{
		"AWS_LAMBDA_RUNTIME_API=" + api,
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(f.MemoryMB),
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"LAMBDA_TASK_ROOT=" + f.Dir,
		"_HANDLER=" + f.Handler,
		"TZ=:UTC",
		"AWS_REGION=" + f.config.Region,
		"AWS_ACCESS_KEY_ID=" + f.config.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + f.config.SecretAccessKey,
	}
	for _, name := range slices.Sorted(maps.Keys(f.Environment)) {
		environment = append(environment, name+"="+f.Environment[name])
	}
	return environment
}

// close stops the processes, the listener and the log, once no call runs.
func (f *function) close() error {
	f.mu.Lock()
	boxes := slices.Collect(maps.Values(f.living))
	f.mu.Unlock()
	var stopped sync.WaitGroup
	for _, box := range boxes {
		stopped.Go(func() { box.process.Stop(stopGrace) })
	}
	stopped.Wait()
	err := f.server.Close()
	<-f.served
	if err := errors.Join(err, f.log.Close()); err != nil {
		return fmt.Errorf("closing function %s: %w", f.Name, err)
	}
	return nil
}
