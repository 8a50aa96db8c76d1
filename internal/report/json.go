package report

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// newEncoder makes an encoder of JSON that is safe to look at: characters that do not print or that change the direction
// of text, which people's data may hold, are written as \u escapes. To a reader of JSON nothing changes.
func newEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(plainJSON{w})
	enc.SetEscapeHTML(false)
	return enc
}

// Document writes one value as indented JSON, for outputs that are no stream.
func Document(w io.Writer, v any) error {
	enc := newEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// plainJSON escapes in whole JSON values, as encoders write them. Outside of strings JSON has no such characters.
type plainJSON struct{ to io.Writer }

func (p plainJSON) Write(b []byte) (int, error) {
	var out []byte
	kept := 0
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r >= 0x7f && !printable(r) && !(r == utf8.RuneError && size == 1) {
			out = append(out, b[kept:i]...)
			if r > 0xffff {
				high, low := utf16.EncodeRune(r)
				out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
			} else {
				out = fmt.Appendf(out, `\u%04x`, r)
			}
			kept = i + size
		}
		i += size
	}
	if out != nil {
		if _, err := p.to.Write(append(out, b[kept:]...)); err != nil {
			return 0, err
		}
		return len(b), nil
	}
	return p.to.Write(b)
}
