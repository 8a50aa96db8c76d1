package sealed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/dustin/go-humanize"
)

// Options are how a file is opened.
type Options struct {
	Identity string // for an encrypted file: an age identity, or the path of a file with identities
	Limits   Limits
}

// Open verifies a file, encrypted or not, and gives what is in it.
func Open(ctx context.Context, path string, o Options) (*File, error) {
	file, size, err := openFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f, err := verify(ctx, file, size, o)
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.path, f.file = path, file
	return f, nil
}

// verify does all that comes before the content: what the file is, its digest, and what the zip says of itself.
func verify(ctx context.Context, in io.ReaderAt, size int64, o Options) (*File, error) {
	limits := o.Limits.orDefaults()
	head, err := readHead(in, size)
	if err == nil && hasPrefix(head, ageHead) {
		if in, size, err = decrypt(in, size, o.Identity); err == nil {
			head, err = readHead(in, size)
		}
	}
	if err != nil {
		return nil, err
	}
	says, err := parseLine(head)
	if err != nil {
		return nil, err
	}
	if most := lineSize + limits.zip(); size > most {
		return nil, fmt.Errorf("it has %s bytes, and %s are the most; if it is a plan, %s",
			humanize.Comma(size), humanize.Comma(most), smaller)
	}
	p, digest, err := pin(ctx, in, size)
	if err != nil {
		return nil, err
	}
	if digest != says {
		return nil, mismatch(digest, says)
	}
	records, err := directory(ctx, p, limits)
	if err != nil {
		return nil, err
	}
	return &File{Digest: digest, pinned: p, records: records}, nil
}

// readHead reads as much of the beginning as tells what it is.
func readHead(in io.ReaderAt, size int64) ([]byte, error) {
	head := make([]byte, min(size, headSize))
	if n, err := in.ReadAt(head, 0); n < len(head) {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	return head, nil
}

func hasPrefix(head []byte, prefix string) bool { return strings.HasPrefix(string(head), prefix) }

// openFile opens a file for reading, and nothing else: neither a directory nor a pipe, which would wait for a writer.
func openFile(path string) (*os.File, int64, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		var named *os.PathError
		if errors.As(err, &named) {
			err = named.Err // the caller says the path
		}
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("it is no file but a %s; give the path of a file", kind(info.Mode()))
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func kind(m os.FileMode) string {
	switch {
	case m.IsDir():
		return "folder"
	case m&os.ModeNamedPipe != 0:
		return "pipe"
	}
	return "device or socket"
}
