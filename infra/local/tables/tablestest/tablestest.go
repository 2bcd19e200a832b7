// Package tablestest starts a real DynamoDB stand-in for a test, so that the
// packages that need one share how it is found and how a test is skipped
// without it.
//
// It stores nothing beyond the test's own temporary folder. Use:
//
//	db := tablestest.Start(t, os.Getenv("DYNOXIDE"))
package tablestest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"polarweb.nl/inzage/infra/local/child"
	"polarweb.nl/inzage/infra/local/tables"
)

// Start starts dynoxide over a file in a temporary folder. binary is its path;
// when empty it is looked for where npm puts it. Without it the test is skipped.
func Start(t *testing.T, binary string) *tables.Database {
	t.Helper()
	db, err := tables.Start(t.Context(), Options(t, binary))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Stop)
	return db
}

// Options gives the options of Start, for tests that start a database twice.
func Options(t *testing.T, binary string) tables.Options {
	t.Helper()
	return tables.Options{
		Root: root(t, binary), File: filepath.Join(t.TempDir(), "cases.db"), Region: "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		StartChild:  StartChild,
	}
}

// StartChild starts a program as the local stack does.
func StartChild(path string, args []string) (tables.Child, error) {
	process, err := child.Start(child.Command{Path: path, Args: args})
	if err != nil {
		return nil, err
	}
	return process, nil
}

// root makes a folder that looks like the root of the project, with dynoxide
// where npm would have put it.
func root(t *testing.T, binary string) string {
	t.Helper()
	if binary == "" {
		binary = fromHere()
	}
	if _, err := os.Stat(binary); err != nil {
		t.Skip("SKIP: dynoxide is absent; run `npm ci` on linux-x64, or set DYNOXIDE to its path")
	}
	root := t.TempDir()
	place := filepath.Join(root, filepath.FromSlash(tables.Binary))
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, place); err != nil {
		t.Fatal(err)
	}
	return root
}

// fromHere looks for dynoxide in the folders above the test, for go test runs
// in the folder of the package.
func fromHere() string {
	folder, err := os.Getwd()
	for err == nil {
		place := filepath.Join(folder, filepath.FromSlash(tables.Binary))
		if _, statErr := os.Stat(place); statErr == nil {
			return place
		}
		if filepath.Dir(folder) == folder {
			break
		}
		folder = filepath.Dir(folder)
	}
	return ""
}
