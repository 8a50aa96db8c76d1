package state

import (
	"path/filepath"
	"testing"
	"time"
)

// A request that belongs to no send counts for the limit across runs, and changes nothing else.
func TestAttempted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "herald.state")
	l := openTest(t, path, Options{Create: true})
	startTest(t, l)
	at := time.Unix(1_790_000_000, 5)
	for _, instant := range []time.Time{at, at.Add(-time.Hour)} { // the earlier one comes late and changes nothing
		if err := l.Attempted(t.Context(), "avaamo", instant); err != nil {
			t.Fatal(err)
		}
	}
	i := intentOf("c1")
	i.At = at.Add(-time.Minute)
	if err := l.Intend(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	if err := l.Attempted(t.Context(), "heyx", at); err != nil {
		t.Fatal(err)
	}
	v, err := l.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := v.LastIntent("avaamo"); !got.Equal(at) {
		t.Errorf("avaamo: %v, want %v", got, at)
	}
	if got := v.LastIntent("heyx"); !got.Equal(at) {
		t.Errorf("heyx: %v, want %v", got, at)
	}
	if v.Serial != 0 || len(v.Messages()) != 1 {
		t.Errorf("serial %d, messages %v", v.Serial, v.Messages())
	}
}
