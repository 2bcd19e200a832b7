package house

import (
	"go/ast"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"testing"
)

// wiring is what one function's main.go shows: the settings it asks for and the
// operations of AWS it hands to its adapters.
type wiring struct {
	settings   []string // names of variables, sorted
	operations []string // such as kms.Decrypt, sorted
	faults     []finding
}

// wiringOf reads functions/<name>/main.go.
func wiringOf(t tree, name string) wiring {
	values := constants(t, "internal/config")
	settings, operations := map[string]bool{}, map[string]bool{}
	var w wiring
	for _, s := range t.code() {
		if s.dir() != "functions/"+name {
			continue
		}
		asked, used := configNames(s, "Load"), configNames(s, "Get", "LinkKeys")
		for constant, at := range asked {
			settings[values[constant]] = true
			if _, ok := used[constant]; !ok {
				w.faults = append(w.faults, t.at(at, "asks config.Load for %s and does not use it", constant))
			}
		}
		for constant, at := range used {
			if _, ok := asked[constant]; !ok {
				w.faults = append(w.faults, t.at(at, "uses config.%s without asking config.Load for it", constant))
			}
		}
		found, hidden := handedOut(t, s)
		maps.Copy(operations, found)
		w.faults = append(w.faults, hidden...)
	}
	w.settings, w.operations = slices.Sorted(maps.Keys(settings)), slices.Sorted(maps.Keys(operations))
	return w
}

// constants gives the text constants of a package by name.
func constants(t tree, dir string) map[string]string {
	values := map[string]string{}
	for _, s := range t.code() {
		if s.dir() != dir {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, value := range spec.Values {
					if text, ok := quoted(value); ok {
						values[spec.Names[i].Name] = text
					}
				}
			}
			return true
		})
	}
	return values
}

// quoted gives the text of a literal.
func quoted(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}

// configNames gives the constants of config that calls of these functions or
// methods are given, with the place of each.
func configNames(s source, functions ...string) map[string]token.Pos {
	names := map[string]token.Pos{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		called, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains(functions, called.Sel.Name) {
			return true
		}
		for _, argument := range call.Args {
			if selector, ok := argument.(*ast.SelectorExpr); ok && named(selector.X) == "config" {
				names[selector.Sel.Name] = selector.Pos()
			}
		}
		return true
	})
	return names
}

// named gives the name an expression is; "" for anything else.
func named(e ast.Expr) string {
	if name, ok := e.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// handedOut gives the operations a file takes from the clients it makes. A
// client that goes on whole is a finding: its operations cannot be seen.
func handedOut(t tree, s source) (operations map[string]bool, hidden []finding) {
	imports, clients := s.imports(), map[string]string{}
	operations = map[string]bool{}
	seen := map[token.Pos]bool{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if made := madeClient(n.Rhs[0], imports); made != "" {
				clients[named(n.Lhs[0])] = made
				seen[n.Lhs[0].Pos()] = true
			}
		case *ast.SelectorExpr:
			if from := clients[named(n.X)] + madeClient(n.X, imports); from != "" {
				operations[from+"."+n.Sel.Name] = true
				seen[n.X.Pos()] = true
			}
		case *ast.CallExpr:
			if isCall(n, "casestore", "NewAPI") {
				maps.Copy(operations, allOf(t, "internal/casestore", "NewAPI", "dynamodb"))
				seen[n.Args[0].Pos()] = true
			}
			if isCall(n, "vault", "NewWriting") {
				maps.Copy(operations, allOf(t, "internal/vault", "NewWriting", "s3"))
				seen[n.Args[0].Pos()] = true
			}
			if isCall(n, "s3", "NewPresignClient") {
				seen[n.Args[0].Pos()] = true
			}
		case *ast.Ident:
			if clients[n.Name] != "" && !seen[n.Pos()] {
				hidden = append(hidden, t.at(n.Pos(), "hands on the whole client %s: hand on the operations that are needed", n.Name))
			}
		}
		return true
	})
	return operations, hidden
}

// madeClient gives the AWS name of the service whose client an expression
// makes; "" when it makes none.
func madeClient(e ast.Expr, imports map[string]string) string {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	if made, ok := call.Fun.(*ast.SelectorExpr); ok && (made.Sel.Name == "NewFromConfig" || made.Sel.Name == "NewPresignClient") {
		return path.Base(imports[named(made.X)])
	}
	return ""
}

// allOf gives what a function of a package takes from its client, of a service.
func allOf(t tree, dir, function, service string) map[string]bool {
	all := map[string]bool{}
	for _, s := range t.code() {
		for _, declaration := range s.file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if s.dir() != dir || !ok || f.Name.Name != function {
				continue
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if selector, ok := n.(*ast.SelectorExpr); ok && named(selector.X) == "client" {
					all[service+"."+selector.Sel.Name] = true
				}
				return true
			})
		}
	}
	return all
}

// storing is what the code of casestore shows about its tables.
type storing struct {
	words     []string // every text literal
	queried   []string // attributes that key conditions name
	writes    []string // kinds of writes in transactions: Put, Update, …
	dueIndex  string
	openIndex string
}

// storingOf reads internal/casestore.
func storingOf(t tree) storing {
	var found storing
	for _, s := range t.code() {
		if s.dir() != "internal/casestore" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, ok := quoted(n); ok {
					found.words = append(found.words, text)
				}
			case *ast.CallExpr:
				if text, ok := keyCondition(n); ok {
					found.queried = append(found.queried, text)
				}
			case *ast.CompositeLit:
				found.writes = append(found.writes, writeKinds(n)...)
			}
			return true
		})
	}
	values := constants(t, "internal/casestore")
	found.dueIndex, found.openIndex = values["dueIndex"], values["openIndex"]
	slices.Sort(found.queried)
	found.queried = slices.Compact(found.queried)
	return found
}

// keyCondition gives the attribute that expression.Key("…") names.
func keyCondition(call *ast.CallExpr) (string, bool) {
	if !isCall(call, "expression", "Key") || len(call.Args) != 1 {
		return "", false
	}
	return quoted(call.Args[0])
}

// writeKinds gives the fields of a types.TransactWriteItem{…}.
func writeKinds(literal *ast.CompositeLit) []string {
	selector, ok := literal.Type.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "TransactWriteItem" {
		return nil
	}
	var kinds []string
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			kinds = append(kinds, named(pair.Key))
		}
	}
	return kinds
}

func TestEachMainUsesTheSettingsItAsksForAndHandsOnNoClient(t *testing.T) {
	for f := range linked() {
		w := wiringOf(rootTree(t), f)
		keep(t, w.faults)
		if len(w.settings) == 0 || len(w.operations) == 0 {
			t.Errorf("functions/%s/main.go shows %d settings and %d operations", f, len(w.settings), len(w.operations))
		}
	}
	got := wiringOf(plant(
		t,
		"internal/config/c.go", "package config\nconst (\nTable Setting = \"T\"\nBucket Setting = \"B\"\nKey Setting = \"K\"\n)",
		"internal/casestore/s.go", "package casestore\nfunc NewAPI(client *Client) API { return API{Get: client.GetItem, Put: client.PutItem} }",
		"functions/a/main.go", `package main
import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
)
func main() {
	env, _ := config.Load(config.Table, config.Bucket)
	db := dynamodb.NewFromConfig(env)
	other := awslambda.NewFromConfig(env)
	use(env.Get(config.Table), env.Get(config.Key), db.Query, casestore.NewAPI(db))
	use(awslambda.NewFromConfig(env).Invoke, other)
}`,
	), "a")
	if want := []string{"dynamodb.GetItem", "dynamodb.PutItem", "dynamodb.Query", "lambda.Invoke"}; !slices.Equal(got.operations, want) {
		t.Errorf("operations %v, want %v", got.operations, want)
	}
	if want := []string{"B", "T"}; !slices.Equal(got.settings, want) {
		t.Errorf("settings %v, want %v", got.settings, want)
	}
	finds(t, got.faults, "asks config.Load for Bucket", "uses config.Key without", "main.go:11: hands on the whole client other")
}
