package kms

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"polarweb.nl/inzage/infra/local/queue/durable"
)

const (
	// rootFile is the name of the root key in the state folder.
	rootFile = "kms-root.key"
	// rootSize is its length in bytes.
	rootSize = 32
)

// rootKey reads the root key, or makes one on the first start.
func rootKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, rootFile)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeRootKey(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("looking for the root key: %w", err)
	}
	if err := checkRootFile(path, info); err != nil {
		return nil, err
	}
	root, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the root key: %w", err)
	}
	return root, nil
}

// checkRootFile refuses a file that others may have read or that is not a key.
// Making a new one instead would silently make everything sealed unreadable.
func checkRootFile(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("the root key %s is not a regular file", path)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		return fmt.Errorf("the root key %s has mode %04o, want 0600: run chmod 600 on it, or delete it and the state with it", path, mode)
	}
	if info.Size() != rootSize {
		return fmt.Errorf("the root key %s has %d bytes, want %d: put back a copy, or delete it and the state with it", path, info.Size(), rootSize)
	}
	return nil
}

// makeRootKey writes a new root key, readable by this user alone.
func makeRootKey(dir string) ([]byte, error) {
	root := make([]byte, rootSize)
	if _, err := rand.Read(root); err != nil {
		return nil, fmt.Errorf("making the root key: %w", err)
	}
	if err := durable.MakeDir(dir); err != nil {
		return nil, fmt.Errorf("making the root key: %w", err)
	}
	if err := durable.WriteFile(dir, rootFile, root); err != nil {
		return nil, fmt.Errorf("making the root key: %w", err)
	}
	return root, nil
}
