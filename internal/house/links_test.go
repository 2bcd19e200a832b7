package house

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// deployed are the build tags of the functions, as the Makefile sets them.
const deployed = "lambda.norpc,gomailnotpl"

// everywhere is what every function links: the Lambda runtime, the core of the
// SDK, and one way into DynamoDB with all that hangs on it.
func everywhere() []string {
	return []string{
		"github.com/aws/aws-lambda-go", "aws-sdk-go-v2", "github.com/aws/smithy-go",
		"service/dynamodb", "service/dynamodbstreams", "feature/dynamodb/attributevalue", "feature/dynamodb/expression",
		"golang.org/x/mod", "regexp",
	}
}

// linked are the heavy packages each function may link beside those: what is
// named here costs start time and memory in every sandbox, so each has its use.
func linked() map[string][]string {
	return map[string][]string{
		"desk": {
			"service/kms", "service/s3", "aws/protocol/eventstream", "encoding/xml",
			"html/template", "text/template", "html",
			"github.com/pquerna/otp", "github.com/boombuler/barcode", "image", // otp draws its own QR code
			// The preview is the letter itself, by the composer that dispatch uses.
			"github.com/wneessen/go-mail", "golang.org/x/crypto", "golang.org/x/text", "net/mail", "os/exec",
			"github.com/yuin/goldmark",
		},
		"dispatch": {
			"service/kms", "service/ses", "encoding/xml", // SES answers in XML
			"service/s3", "aws/protocol/eventstream", // ordinary mail that is passed on
			"github.com/wneessen/go-mail", "golang.org/x/crypto", "golang.org/x/text", "net/mail", "os/exec",
			"github.com/yuin/goldmark", "html",
		},
		"feedback": {},
		"idcheck": {
			"service/kms", "service/s3", "aws/protocol/eventstream", "encoding/xml",
			"golang.org/x/net", "golang.org/x/text", "net/mail", // mailed copies
			"image", "image/jpeg", "image/png",
		},
		"parcel": {
			"service/kms", "service/s3", "aws/protocol/eventstream", "encoding/xml",
			"archive/zip", "html", // the package, and the page in it
		},
		"intake": {
			"service/kms", "service/s3", "aws/protocol/eventstream", "encoding/xml",
			"golang.org/x/net", "golang.org/x/text", "net/mail",
		},
		"portal": {
			"service/kms", "service/s3", "aws/protocol/eventstream", "encoding/xml",
			"html/template", "text/template", "html",
		},
		"purge":  {"service/s3", "aws/protocol/eventstream", "encoding/xml"},
		"remind": {},
		"sweep":  {"service/s3", "service/kms", "service/lambda", "aws/protocol/eventstream", "encoding/xml"},
	}
}

// nowhere are packages no function may link, whatever its list says: they are
// for operators and tests.
func nowhere() []string {
	return []string{
		"github.com/goccy/go-yaml", "config", "credentials", "feature/s3/transfermanager",
		"testing", "flag", "net/http/httptest", "net/http/pprof", "github.com/google/go-cmp", "github.com/rogpeppe/go-internal",
	}
}

// heavyStandard are the packages of the standard library that cost enough to be
// asked for.
func heavyStandard() []string {
	return []string{
		"archive/tar", "archive/zip", "database/sql", "encoding/csv", "encoding/gob", "encoding/xml", "expvar", "flag",
		"go/ast", "go/parser", "html", "html/template", "image", "image/jpeg", "image/png", "log/syslog",
		"net/http/httptest", "net/http/pprof", "net/mail", "net/rpc", "net/smtp", "os/exec", "os/user", "plugin",
		"regexp", "runtime/pprof", "testing", "text/template",
	}
}

// heavy gives the name under which a linked package stands in the lists; ""
// for a package that costs nothing to speak of.
func heavy(pkg, module string) string {
	const sdk = "github.com/aws/aws-sdk-go-v2"
	switch {
	case module == "":
		if slices.Contains(heavyStandard(), pkg) {
			return pkg
		}
		return ""
	case own(module) || strings.Contains(module, "/internal/"):
		return ""
	case module == sdk:
		return path.Base(sdk)
	}
	return strings.TrimPrefix(module, sdk+"/")
}

// own says whether a module is this repository's.
func own(modulePath string) bool { return under(modulePath, module) }

// linkedBy gives the heavy names each function links, from what go list said:
// a line a package, with its module and everything it depends on.
func linkedBy(listing string) map[string][]string {
	names, depend := map[string]string{}, map[string][]string{}
	for line := range strings.Lines(listing) {
		field := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		names[field[0]] = heavy(field[0], field[1])
		if dir, ok := inModule(field[0]); ok && path.Dir(dir) == "functions" {
			depend[path.Base(dir)] = strings.Fields(field[2])
		}
	}
	found := map[string][]string{}
	for function, packages := range depend {
		seen := map[string]bool{}
		for _, pkg := range packages {
			if name := names[pkg]; name != "" {
				seen[name] = true
			}
		}
		found[function] = slices.Sorted(maps.Keys(seen))
	}
	return found
}

// wrongLinks compares what functions link with what they may, both ways.
func wrongLinks(got, lists map[string][]string, all, never []string) []finding {
	var found []finding
	for _, function := range slices.Sorted(maps.Keys(got)) {
		where := "functions/" + function
		list, ok := lists[function]
		if !ok {
			found = append(found, in(where, "has no list of what it may link: add it to linked in internal/house/links_test.go"))
			continue
		}
		may := slices.Concat(all, list)
		for _, name := range got[function] {
			switch {
			case slices.Contains(never, name):
				found = append(found, in(where, "links %s, which is for operators and tests: move what needs it out of the function's way", name))
			case !slices.Contains(may, name):
				found = append(found, in(where, "links %s: do without it, or add it to its list in internal/house/links_test.go and say in the change what it costs", name))
			}
		}
		for _, name := range may {
			if !slices.Contains(got[function], name) {
				found = append(found, in(where, "does not link %s any more: take it off the list in internal/house/links_test.go", name))
			}
		}
	}
	for _, function := range slices.Sorted(maps.Keys(lists)) {
		if _, ok := got[function]; !ok {
			found = append(found, in("functions/"+function, "does not exist: take it off the lists in internal/house/links_test.go"))
		}
	}
	return found
}

// listing asks the go command what the functions link, as they are built to be
// deployed: for arm64, without the workspace, whose versions would leak in.
func listing(t *testing.T) string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-tags", deployed,
		"-f", "{{.ImportPath}}\t{{with .Module}}{{.Path}}{{end}}\t{{join .Deps \" \"}}", "./functions/...")
	list.Dir = root
	list.Env = append(os.Environ(), "GOWORK=off", "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	var complaint bytes.Buffer
	list.Stderr = &complaint
	text, err := list.Output()
	if err != nil {
		t.Fatal(fmt.Errorf("asking go list: %w\n%s", err, &complaint))
	}
	return string(text)
}

func TestFunctionsLinkOnlyWhatTheyNeed(t *testing.T) {
	keep(t, wrongLinks(linkedBy(listing(t)), linked(), everywhere(), nowhere()))
}

func TestLinksAreComparedBothWays(t *testing.T) {
	got := linkedBy(strings.Join([]string{
		"html/template\t\t", "errors\t\t", "testing\t\t",
		"github.com/aws/aws-sdk-go-v2/service/s3/types\tgithub.com/aws/aws-sdk-go-v2/service/s3\t",
		"github.com/aws/aws-sdk-go-v2/service/internal/checksum\tgithub.com/aws/aws-sdk-go-v2/service/internal/checksum\t",
		module + "/internal/dsr\t" + module + "\t",
		module + "/functions/a\t" + module + "\terrors html/template github.com/aws/aws-sdk-go-v2/service/s3/types " + module + "/internal/dsr",
		module + "/functions/b\t" + module + "\ttesting",
		module + "/functions/c\t" + module + "\terrors",
	}, "\n"))
	finds(
		t, wrongLinks(got, map[string][]string{"a": {"service/s3", "service/ses"}, "b": {"testing"}, "d": {}}, nil, []string{"testing"}),
		"functions/a: links html/template", "functions/a: does not link service/ses", "functions/b: links testing, which is for",
		"functions/c: has no list", "functions/d: does not exist",
	)
}
