package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// How files begin that herald writes beside a plan. A file that begins otherwise is somebody's, and is not written over.
const (
	pageBegins     = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"herald\">"
	markdownBegins = "<!-- herald-"
	streamBegins   = `{"@level":`
)

// writePrivate writes a file that may name people, so that only its owner reads it, and so that what was there stays whole
// until the new one is. What is there must be empty, or begin as herald's own files of the kind do.
func writePrivate(e *env, flag, to, begins string, write func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", flag, err)
		}
	}()
	path, err := filepath.EvalSymlinks(e.path(to)) // links stay
	if errors.Is(err, fs.ErrNotExist) {
		path, err = e.path(to), nil
	}
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a directory; give the path of a file", to)
	} else if err == nil && !info.Mode().IsRegular() { // a pipe, a terminal
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	} else if err == nil {
		if err := ours(path, to, begins); err != nil {
			return err
		}
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.new") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // in vain after the rename
	err = write(temp)
	if e := temp.Sync(); err == nil {
		err = e
	}
	if e := temp.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// ours refuses a file that herald has not written.
func ours(path, to, begins string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, int64(len(begins))))
	if err != nil {
		return err
	}
	if len(head) > 0 && !bytes.Equal(head, []byte(begins)) {
		return fmt.Errorf("%s is there and herald did not write it, so it is not written over; give another path, or move it away", to)
	}
	return nil
}
