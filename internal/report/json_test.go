package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is printed shows no control or direction characters, and reads as what it was.
func TestDocumentIsPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune{0x1b, 0x7f, 0x9b, 0x202e, 0x2066, 0xfeff, 0xe0001, '\n', '"', '\\', 'א', '🎉', 0xfffd}))).Draw(t, "text")
		var out bytes.Buffer
		if err := Document(&out, map[string]string{"text": text}); err != nil {
			t.Fatal(err)
		}
		for _, r := range strings.ReplaceAll(out.String(), "\n", "") {
			if !printable(r) {
				t.Fatalf("%U in %q", r, out.String())
			}
		}
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["text"] != text {
			t.Fatalf("%q reads back as %q, %v", text, back["text"], err)
		}
	})
}
