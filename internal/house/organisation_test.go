package house

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// TestNoOrganisationIsNamedInCode keeps PolarWeb in its file: any other
// organisation is a change of that file alone.
func TestNoOrganisationIsNamedInCode(t *testing.T) {
	keep(t, organisationsNamed(rootTree(t)))
	finds(t, organisationsNamed(plant(t,
		"internal/a/a.go", "package a\n\nimport _ \"polarweb.nl/inzage/internal/b\"\n\nconst words = `you|PolarWeb`\n",
		"infra/a/a.go", "package a\n\nconst words = `polarweb`\n",
	)), "internal/a/a.go:5")
}

// organisationsNamed finds texts in the functions' code that name the first
// organisation. Import paths are no texts, and tests may use its profile.
func organisationsNamed(module tree) []finding {
	var found []finding
	for _, s := range module.code() {
		if !strings.HasPrefix(s.path, "internal/") && !strings.HasPrefix(s.path, "functions/") {
			continue
		}
		ast.Inspect(s.file, func(node ast.Node) bool {
			if _, isImport := node.(*ast.ImportSpec); isImport {
				return false
			}
			text, ok := node.(*ast.BasicLit)
			if ok && text.Kind == token.STRING && strings.Contains(strings.ToLower(text.Value), "polarweb") {
				found = append(found, module.at(text.Pos(), "names one organisation in code: say it in infra/organisation.yaml"))
			}
			return true
		})
	}
	return found
}
