package state

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// The write-ahead log: https://www.sqlite.org/fileformat2.html, section 4.1 "WAL File Format".
const (
	logHeader   = 32
	frameHeader = 24
	logMagic    = 0x377f0682 // the lowest bit says that checksums are big-endian
)

// checkLog refuses a log that is damaged. SQLite takes it up to the first frame whose checksum is wrong and says nothing:
// that is right for what was being written when the power went, and would forget everything that was acknowledged after a
// rotten bit. The two differ. A commit begins when the one before is on the disk, so of what was torn there is one commit
// at most; when two or more of this log stand behind the first wrong frame, they had been acknowledged.
//
// Nobody may be writing. The file is the log of a database with pages of that size.
func checkLog(path string, pageSize int) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	lost, err := lostCommits(bufio.NewReaderSize(f, 1<<16), pageSize)
	if err = errors.Join(err, f.Close()); err != nil || lost < 2 {
		return err
	}
	return fmt.Errorf("its log %s is damaged: %d commits stand behind the damage, and what they recorded would be forgotten "+
		"and sent again. Keep both files as they are, and go on with a copy made by `herald state pull -out=FILE`. When there "+
		"is none: `sqlite3 LEDGER 'PRAGMA wal_checkpoint(TRUNCATE)'` keeps what stands before the damage", path, lost)
}

// lostCommits counts the commits of the log's round that stand behind its first wrong frame, or end with it.
func lostCommits(in io.Reader, pageSize int) (lost int, err error) {
	head := make([]byte, logHeader)
	if _, err := io.ReadFull(in, head); err != nil {
		return 0, endOfLog(err)
	}
	magic := binary.BigEndian.Uint32(head)
	sum := logSum{order: binary.LittleEndian}
	if magic&1 == 1 {
		sum.order = binary.BigEndian
	}
	sum.add(head[:24])
	good := magic&^1 == logMagic && sum.is(head[24:])
	salt := head[16:24]
	since := 0 // commits since the last frame that is surely of this round
	frame := make([]byte, frameHeader+pageSize)
	for n := 0; ; n++ {
		if _, err := io.ReadFull(in, frame); err != nil {
			return lost, endOfLog(err)
		}
		if n == 0 && !good { // the header is wrong: what the frames agree on counts
			salt = bytes.Clone(frame[8:16])
		}
		same := bytes.Equal(frame[8:16], salt) // else it is of a round before this one, or damaged itself
		if good {
			sum.add(frame[:8])
			sum.add(frame[frameHeader:])
			if good = same && sum.is(frame[16:frameHeader]); good {
				continue
			}
		}
		if binary.BigEndian.Uint32(frame[4:]) != 0 { // the last frame of a commit
			since++
		}
		if same {
			lost, since = lost+since, 0
		}
	}
}

// endOfLog makes nothing of the end of the file.
func endOfLog(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// logSum is the running checksum of a log.
type logSum struct {
	order  binary.ByteOrder
	s0, s1 uint32
}

// add takes in a number of bytes that eight divides.
func (s *logSum) add(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		s.s0 += s.order.Uint32(b) + s.s1
		s.s1 += s.order.Uint32(b[4:]) + s.s0
	}
}

// is compares with the eight bytes of a stored one.
func (s *logSum) is(b []byte) bool {
	return binary.BigEndian.Uint32(b) == s.s0 && binary.BigEndian.Uint32(b[4:]) == s.s1
}
