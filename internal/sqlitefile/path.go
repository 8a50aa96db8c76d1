package sqlitefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// RealPath follows links, as SQLite does before it names the files beside a database: two names of one file must mean one
// lock. The file need not exist.
func RealPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(abs)
	if !errors.Is(err, fs.ErrNotExist) {
		return real, err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return abs, nil // the directory is missing too: whoever opens it will say so
	}
	return filepath.Join(dir, filepath.Base(abs)), nil
}

// Exists reports whether there is a file; a file that cannot be asked for is an error, never "none".
func Exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Writable asks whether the file may be written, and gives what it is: SQLite would open it for reading instead, and tell
// only when it is too late to stay out of it.
func Writable(path string) (fs.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	return info, errors.Join(err, f.Close())
}
