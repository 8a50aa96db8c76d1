package state

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// header is what the first 100 bytes of an SQLite file say; https://www.sqlite.org/fileformat2.html, section 1.3.
const (
	headerSize        = 100
	headerUserVersion = 60
	headerApplication = 68
)

// sniff reads the file's own words before anything else touches it: a file that is no ledger, or that a later herald
// wrote, is left exactly as it is.
func sniff(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return err
	} else if !info.Mode().IsRegular() {
		return fmt.Errorf("it is no file (%s); give the path of a ledger", info.Mode().Type())
	}
	const remedy = "; it is left as it is. Mend the path, or move the file away"
	header := make([]byte, headerSize)
	n, err := io.ReadFull(f, header)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return errors.New("the file is empty, so it is no ledger" + remedy)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case !bytes.HasPrefix(header, []byte("SQLite format 3\x00")) || n < headerSize:
		return errors.New("the file is no SQLite database, so it is no ledger" + remedy)
	case binary.BigEndian.Uint32(header[headerApplication:]) != applicationID:
		return errors.New("the file is an SQLite database, but no ledger of herald" + remedy)
	}
	if format := binary.BigEndian.Uint32(header[headerUserVersion:]); format > Format {
		db, conn, err := openDatabase(ctx, path, immutable)
		if err != nil {
			return err
		}
		return errors.Join(newer(ctx, conn, int(format)), closeDatabase(db, conn))
	}
	return nil
}
