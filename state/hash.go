package state

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// String gives version:sum, the sum in hexadecimal digits; "" when there is no hash.
func (h Hash) String() string {
	if h.IsZero() {
		return ""
	}
	return strconv.Itoa(int(h.Version)) + ":" + hex.EncodeToString(h.Sum[:])
}

// MarshalText writes the hash as String does.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*h = Hash{}
		return nil
	}
	version, sum, ok := strings.Cut(string(text), ":")
	v, err := strconv.ParseUint(version, 10, 8)
	if !ok || err != nil || v == 0 || len(sum) != 2*len(h.Sum) {
		return fmt.Errorf("%q is no hash; a hash is version:32 hexadecimal digits", text)
	}
	var read Hash
	if _, err := hex.Decode(read.Sum[:], []byte(sum)); err != nil {
		return fmt.Errorf("%q is no hash: %w", text, err)
	}
	read.Version = uint8(v)
	*h = read
	return nil
}

// blob is how a hash is stored: its version and its sum, 17 bytes; nil, which is NULL, when there is none.
func (h Hash) blob() []byte {
	if h.IsZero() {
		return nil
	}
	return append([]byte{h.Version}, h.Sum[:]...)
}

// setBlob reads what blob gave.
func (h *Hash) setBlob(b []byte) error {
	switch {
	case len(b) == 0:
		*h = Hash{}
	case len(b) != 1+len(h.Sum) || b[0] == 0:
		return fmt.Errorf("a stored hash has %d bytes or no version", len(b))
	default:
		h.Version = b[0]
		copy(h.Sum[:], b[1:])
	}
	return nil
}

// MarshalText writes the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a state's name.
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if name == string(text) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no state of a send", text)
}
