package state

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"
)

// commitsOf gives where each commit of a log ends.
func commitsOf(raw []byte, pageSize int) (ends []int) {
	for at := logHeader; at+frameHeader+pageSize <= len(raw); at += frameHeader + pageSize {
		if binary.BigEndian.Uint32(raw[at+4:]) != 0 {
			ends = append(ends, at+frameHeader+pageSize)
		}
	}
	return ends
}

// A log that was harmed anywhere but in its last commit is refused; one that is cut is taken for what a power cut leaves.
func TestCheckLog(t *testing.T) {
	path := killedTest(t, t.TempDir(), 12, Options{})
	whole, err := os.ReadFile(walPath(path))
	must(t, err)
	ends := commitsOf(whole, 4096)
	if len(ends) < 24 {
		t.Fatalf("%d commits in the log", len(ends))
	}
	last := ends[len(ends)-2] // where the last commit begins
	check := func(raw []byte) int {
		t.Helper()
		lost, err := lostCommits(bytes.NewReader(raw), 4096)
		must(t, err)
		return lost
	}
	if n := check(whole); n != 0 {
		t.Errorf("%d commits are lost of a whole log", n)
	}
	for at := 0; at < len(whole); at += 307 {
		raw := bytes.Clone(whole)
		raw[at] ^= 1 << (at % 8)
		if lost := check(raw); (lost < 2) != (at >= last) {
			t.Errorf("harmed at %d of %d, the last commit beginning at %d: %d commits lost", at, len(whole), last, lost)
		}
	}
	for size := 0; size < len(whole); size += 1031 {
		if n := check(whole[:size]); n != 0 {
			t.Errorf("cut at %d: %d commits lost", size, n)
		}
	}
	// What stands behind the end is of an older round.
	older := bytes.Clone(whole[logHeader : logHeader+(len(whole)-logHeader)/(frameHeader+4096)*(frameHeader+4096)])
	for at := 0; at < len(older); at += frameHeader + 4096 {
		older[at+8] ^= 1
	}
	if n := check(append(bytes.Clone(whole[:ends[len(ends)-1]]), older...)); n != 0 {
		t.Errorf("with an older round behind it: %d commits lost", n)
	}
	must(t, checkLog(walPath(path), 4096))
	whole[ends[3]+100] ^= 1
	must(t, os.WriteFile(walPath(path), whole, 0o600))
	wantError(t, checkLog(walPath(path), 4096), "herald.state-wal is damaged", "herald state pull", "wal_checkpoint")
	must(t, os.Remove(walPath(path)))
	must(t, checkLog(walPath(path), 4096))
}
