package house

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// environmentReads finds reads of the environment outside one package: what a
// function depends on must stand in one place, and in the template.
func environmentReads(t tree, allowed func(dir string) bool) []finding {
	readers := []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}
	var found []finding
	for _, s := range t.code() {
		s.eachUse(func(pkg, name string, at token.Pos) {
			if (pkg == "os" || pkg == "syscall") && slices.Contains(readers, name) && !allowed(s.dir()) {
				found = append(found, t.at(at, "reads the environment with %s.%s: add a Setting to internal/config and take its value as an argument", pkg, name))
			}
		})
	}
	return found
}

// sdkElsewhere finds the AWS SDK outside the floors that may hold it, and the
// Lambda library outside the packages that speak its events.
func sdkElsewhere(t tree) []finding {
	var found []finding
	for _, s := range t.code() {
		floor, _, _ := floorOf(s.dir())
		for _, spec := range s.file.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			sdk := under(imported, "github.com/aws/aws-sdk-go-v2") || under(imported, "github.com/aws/smithy-go")
			if sdk && floor != 3 && floor < 5 {
				found = append(found, t.at(spec.Pos(), "imports %s: the SDK stays on floors 3 and 5, behind a port of casework", imported))
			}
			events := under(imported, "github.com/aws/aws-lambda-go")
			if events && path.Dir(s.dir()) != "internal/events" && path.Dir(s.dir()) != "functions" {
				found = append(found, t.at(spec.Pos(), "imports %s: Lambda's events are turned into calls in internal/events", imported))
			}
		}
	}
	return found
}

// under says whether a package is a module's root or lies below it.
func under(imported, tree string) bool {
	return imported == tree || strings.HasPrefix(imported, tree+"/")
}

// clockAndChance finds time, randomness and goroutines on the floors that take
// them as inputs, so that a whole world can be replayed from a seed.
func clockAndChance(t tree) []finding {
	clock := []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker"}
	chance := []string{"math/rand", "math/rand/v2", "crypto/rand"}
	var found []finding
	for _, s := range t.code() {
		floor, _, ok := floorOf(s.dir())
		if !ok || floor == testsOnly || floor == 3 || floor >= 5 {
			continue
		}
		s.eachUse(func(pkg, name string, at token.Pos) {
			if pkg == "time" && slices.Contains(clock, name) {
				found = append(found, t.at(at, "calls time.%s: take the instant as an argument, or a Clock filled in by config", name))
			}
			if slices.Contains(chance, pkg) {
				found = append(found, t.at(at, "draws from %s: take an io.Reader, filled in by config", pkg))
			}
		})
		ast.Inspect(s.file, func(n ast.Node) bool {
			if statement, ok := n.(*ast.GoStmt); ok {
				found = append(found, t.at(statement.Pos(), "starts a goroutine: only adapters on floor 3 may"))
			}
			return true
		})
	}
	return found
}

func TestEnvironmentIsReadInOnePackage(t *testing.T) {
	rootReader := func(dir string) bool { return dir == "internal/config" }
	keep(t, environmentReads(rootTree(t), rootReader))
	keep(t, environmentReads(modules(t)["infra/local"], func(dir string) bool { return dir == "infra/local" }))
	finds(
		t, environmentReads(plant(
			t,
			"internal/config/c.go", "package config\nimport \"os\"\nvar _ = os.Getenv",
			"internal/vault/v.go", "package vault\nimport system \"os\"\nfunc f() { system.LookupEnv(`A`) }",
			"internal/vault/v_test.go", "package vault\nimport \"os\"\nvar _ = os.Getenv",
		), rootReader),
		"internal/vault/v.go:3: reads the environment with os.LookupEnv",
	)
}

func TestSDKStaysOnItsFloors(t *testing.T) {
	keep(t, sdkElsewhere(rootTree(t)))
	sdk := "\nimport _ \"github.com/aws/aws-sdk-go-v2/service/s3\""
	finds(
		t, sdkElsewhere(plant(
			t,
			"functions/intake/main.go", "package main"+sdk,
			"internal/casework/c.go", "package casework"+sdk,
			"internal/config/c.go", "package config"+sdk,
			"internal/vault/v.go", "package vault"+sdk,
			"internal/web/portal/p.go", "package portal\nimport _ \"github.com/aws/aws-lambda-go/events\"",
		)),
		"internal/casework/c.go:2: imports github.com/aws/aws-sdk-go-v2/service/s3",
		"internal/web/portal/p.go:2: imports github.com/aws/aws-lambda-go/events",
	)
}

func TestTimeChanceAndGoroutinesComeFromOutside(t *testing.T) {
	keep(t, clockAndChance(rootTree(t)))
	finds(
		t, clockAndChance(plant(
			t,
			"internal/casework/a.go", "package casework\nimport \"time\"\nfunc f() { _ = time.Now() }",
			"internal/casework/a_test.go", "package casework\nimport \"time\"\nfunc g() { _ = time.Now() }",
			"internal/config/c.go", "package config\nimport \"time\"\nfunc f() { _ = time.Now() }",
			"internal/dsr/d.go", "package dsr\nimport \"math/rand/v2\"\nfunc f() { _ = rand.Int() }",
			"internal/web/portal/p.go", "package portal\nfunc f() { go f() }",
		)),
		"internal/casework/a.go:3: calls time.Now", "internal/dsr/d.go:3: draws from math/rand/v2",
		"internal/web/portal/p.go:2: starts a goroutine",
	)
}
