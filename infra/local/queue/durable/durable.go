// Package durable writes small files so that a kill -9, or a power cut, leaves
// either the whole file or none of it.
//
// It stores nothing of its own: the queue, the outgoing mail and the root key
// of the local KMS endpoint all keep their files through it. Call WriteFile for
// a new file and Rename to move one; both return only after the folder entry is
// on disk, so what was accepted is there after a restart.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// tempPrefix marks a file that was still being written when the process ended.
const tempPrefix = ".unfinished-"

// MakeDir makes dir for this user alone: what lies in it is mail and keys.
func MakeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	return nil
}

// WriteFile puts content at dir/name, readable by this user alone. A reader
// never sees half of it: the bytes go to a temporary name first.
func WriteFile(dir, name string, content []byte) error {
	temp, err := writeTemp(dir, content)
	if err != nil {
		return err
	}
	if err := Rename(temp, filepath.Join(dir, name)); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return nil
}

// writeTemp writes and syncs content under a temporary name in dir.
// os.CreateTemp makes the file 0600.
func writeTemp(dir string, content []byte) (string, error) {
	file, err := os.CreateTemp(dir, tempPrefix+"*")
	if err != nil {
		return "", fmt.Errorf("making a temporary file: %w", err)
	}
	_, writeErr := file.Write(content)
	if err := errors.Join(writeErr, file.Sync(), file.Close()); err != nil {
		return "", fmt.Errorf("writing a temporary file: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return file.Name(), nil
}

// Rename moves a file and makes the move durable. Only the folder it arrives in
// is synced: should the departure be lost, the file system's own log still
// treats the rename as one step.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("renaming a file: %w", err)
	}
	return syncDir(filepath.Dir(to))
}

// syncDir flushes the folder's own entries; fsync of a file does not
// (fsync(2), "Calling fsync() does not necessarily ensure that the entry in the
// directory containing the file has also reached disk").
func syncDir(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening the folder to sync it: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("syncing the folder: %w", err)
	}
	return nil
}

// RemoveUnfinished deletes what a killed process left half written. Nothing of
// it was ever accepted, so nothing is lost. Call it only while no other process
// writes to dir.
func RemoveUnfinished(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("reading the folder: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), tempPrefix) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing an unfinished file: %w", err)
		}
	}
	return nil
}
