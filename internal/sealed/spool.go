package sealed

import (
	"errors"
	"io"
	"os"

	"filippo.io/age"
)

// spool keeps the zip of an encrypted file until its digest is known, since the digest is encrypted before it. What it
// has on the disk is encrypted to a key that only this process knows, and goes with it.
type spool struct {
	file *os.File
	key  *age.X25519Identity
	in   io.WriteCloser
}

// newSpool makes one beside path.
func newSpool(path string) (*spool, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	file, err := createTemp(path)
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // where a file in use cannot be removed, close does it
	s := &spool{file: file, key: key}
	if s.in, err = age.Encrypt(file, key.Recipient()); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *spool) Write(p []byte) (int, error) { return s.in.Write(p) }

// encrypt writes line and zip for the recipients.
func (s *spool) encrypt(to io.Writer, line string, recipients []age.Recipient) error {
	if err := s.in.Close(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	zip, err := age.Decrypt(s.file, s.key)
	if err != nil {
		return err
	}
	out, err := age.Encrypt(to, recipients...)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, line); err != nil {
		return err
	}
	if _, err := io.Copy(out, zip); err != nil {
		return err
	}
	return out.Close()
}

// close leaves nothing behind.
func (s *spool) close() error {
	err := s.file.Close()
	_ = os.Remove(s.file.Name())
	return err
}
