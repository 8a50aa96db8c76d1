package sealed

import (
	"bufio"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// level is how hard is deflated; it must not follow the machine, or the same plan had two digests.
const level = 6

// errOver is what a Writer says that was sealed or aborted.
var errOver = errors.New("the plan was already sealed or given up")

// Writer writes a sealed file. It is for one goroutine.
type Writer struct {
	path       string // where the file goes: links are followed
	temp       *os.File
	recipients []age.Recipient
	spool      *spool // holds line and zip until Seal when there are recipients

	out     *bufio.Writer // into temp or spool; begin makes it
	hash    hash.Hash     // of what went out
	at      int64         // bytes of the zip so far
	records []record
	names   names
	total   int64 // bytes of all contents
	open    *entry
	deflate *flate.Writer
	err     error // the first; nothing is written after it
	over    bool
}

// Create begins a file. What is at path stays as it is until Seal.
func Create(path string) (*Writer, error) {
	target, err := destination(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	temp, err := createTemp(target) // mode 0600
	if err != nil {
		return nil, fmt.Errorf("%s: the plan cannot be written there: %w", path, err)
	}
	return &Writer{path: target, temp: temp, hash: sha256.New(), names: names{}}, nil
}

// createTemp makes a file beside path, which only its owner can read.
func createTemp(path string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.new")
}

// destination follows links, so that they stay, and refuses to replace what is no plan.
func destination(path string) (string, error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(path); err == nil {
			return "", errors.New("it is a link to nothing; delete it, or give the path of a file")
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return "", fmt.Errorf("there is no folder %s; make it first", filepath.Dir(path))
		}
		return path, nil
	}
	if err != nil {
		return "", err
	}
	f, size, err := openFile(target)
	if errors.Is(err, fs.ErrPermission) {
		return "", fmt.Errorf("there is a file that cannot be read, so it may be something else than a plan; move it away: %w", err)
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, min(size, headSize))
	if _, err := io.ReadFull(f, head); err != nil {
		return "", err
	}
	if size > 0 && !hasPrefix(head, magic) && !hasPrefix(head, ageName) {
		return "", errors.New("there is a file that is no sealed plan, and it is not written over; give another path, or move it away")
	}
	return target, nil
}

// begin chooses where the bytes go, once it is clear for whom they are, and keeps room for the line.
func (w *Writer) begin() error {
	if w.out != nil {
		return nil
	}
	var to io.Writer = w.temp
	if w.recipients != nil {
		var err error
		if w.spool, err = newSpool(w.path); err != nil {
			return err
		}
		to = w.spool
	} else if _, err := w.temp.Write(make([]byte, lineSize)); err != nil {
		return err
	}
	w.out = bufio.NewWriterSize(io.MultiWriter(to, w.hash), blockSize)
	return nil
}

// zip writes bytes of the zip.
func (w *Writer) zip(p []byte) error {
	if w.at+int64(len(p)) > maxSize {
		return fmt.Errorf("the plan is larger than 4 GiB; %s", smaller)
	}
	n, err := w.out.Write(p)
	w.at += int64(n)
	return err
}

// Entry ends the entry before and begins another one. What it gives is written to until the next call of Entry or Seal.
func (w *Writer) Entry(name string) (io.Writer, error) {
	err := w.endEntry()
	if err == nil {
		err = w.names.add(name)
	}
	if err == nil {
		err = Limits{}.orDefaults().checkEntries(len(w.records) + 1)
	}
	if err == nil {
		err = w.begin()
	}
	if err != nil {
		return nil, w.fail(err)
	}
	w.open = &entry{w: w, record: record{name: name, offset: uint32(w.at)}}
	if err := w.zip(w.open.record.local()); err != nil {
		return nil, w.fail(err)
	}
	if w.deflate == nil {
		w.deflate, err = flate.NewWriter(w.open.packed(), level)
	} else {
		w.deflate.Reset(w.open.packed())
	}
	if err != nil {
		return nil, w.fail(err)
	}
	return w.open, nil
}

// endEntry writes what stands behind an entry.
func (w *Writer) endEntry() error {
	if w.over {
		return errOver
	}
	e := w.open
	if w.err != nil || e == nil {
		return w.err
	}
	w.open = nil
	if err := w.deflate.Close(); err != nil {
		return err
	}
	w.records = append(w.records, e.record)
	return w.zip(e.record.descriptor())
}

// fail keeps the first error; nothing can follow it but Abort.
func (w *Writer) fail(err error) error {
	if w.err == nil && !w.over {
		w.err = fmt.Errorf("%s: the plan cannot be written: %w", w.path, err)
	}
	if w.over {
		return errOver
	}
	return w.err
}

// Seal ends the file and puts it in its place, all of it and flushed to the disk, or gives it up.
func (w *Writer) Seal() (digest string, err error) {
	err = w.endEntry()
	if err == nil {
		err = w.begin()
	}
	if err == nil {
		err = w.directory()
	}
	if err == nil {
		digest = hex.EncodeToString(w.hash.Sum(nil))
		err = w.finish(line(digest))
	}
	if err != nil {
		err = w.fail(err)
		return "", errors.Join(err, w.Abort())
	}
	w.over = true
	if err := syncFile(filepath.Dir(w.path)); err != nil {
		return "", fmt.Errorf("%s: the plan is there, but may not outlast a crash of the machine: %w", w.path, err)
	}
	return digest, nil
}

// directory writes the end of the zip.
func (w *Writer) directory() error {
	last := end{entries: uint16(len(w.records)), offset: uint32(w.at)}
	for _, r := range w.records {
		b := r.central()
		last.size += uint32(len(b))
		if err := w.zip(b); err != nil {
			return err
		}
	}
	if err := w.zip(last.bytes()); err != nil {
		return err
	}
	return w.out.Flush()
}

// finish puts the line before the zip, and the file into its place.
func (w *Writer) finish(line string) (err error) {
	if w.spool != nil {
		err = w.spool.encrypt(w.temp, line, w.recipients)
		err = errors.Join(err, w.spool.close())
		w.spool = nil
	} else {
		_, err = w.temp.WriteAt([]byte(line), 0)
	}
	if err == nil {
		err = w.temp.Sync()
	}
	if err == nil {
		err = w.temp.Close()
	}
	if err != nil {
		return err
	}
	return os.Rename(w.temp.Name(), w.path)
}

// Abort gives the file up and leaves nothing of it. After Seal it does nothing.
func (w *Writer) Abort() error {
	if w.over {
		return nil
	}
	w.over = true
	_ = w.temp.Close() // Seal may have closed it
	err := os.Remove(w.temp.Name())
	if w.spool != nil {
		err = errors.Join(err, w.spool.close())
	}
	return err
}

// syncFile flushes a file or folder to the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
