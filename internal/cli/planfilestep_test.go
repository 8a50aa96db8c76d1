package cli

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"herald/internal/addr"
)

// What is compared with the line before is refused as if it were read anew.
func TestAddressesOfLines(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "renewal", "é", "", "a.b", "a b", "1", "x[", "\x1b", "\xff"})
	key := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "\xff", "a\xc3", "\u2028\u202e\x00", `$${"`, "%%{}", "\ufffd", "\\"}))
	rapid.Check(t, func(t *rapid.T) {
		var count tally
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			s := addr.Send{Message: addr.Message{Sequence: word.Draw(t, "sequence"), Name: word.Draw(t, "message")}, Key: key.Draw(t, "key")}
			for range rapid.IntRange(1, 2).Draw(t, "times") {
				again, err := addr.ParseSend(s.String())
				if is, got := err == nil && again == s, count.address(s); is != (got == nil) {
					t.Fatalf("%q: %v, want %v", s, got, is)
				}
			}
		}
	})
}

// What climbs is found however it is written; what vendors' paths hold is not taken for it.
func TestClimbs(t *testing.T) {
	for path, want := range map[string]bool{
		"/api/v1/messages": false, "/a/b.c/..d/e..": false, "/a%2Fb/c%3D%3D": false, "/%2Fa/%20": false, "/a?to=/../b": false, "/a/...": false, "/a/%2e%2e%2e": false,
		"/..": true, "/a/../b": true, "/a/./b": true, "/a/%2e%2E/b": true, "/a/.%2e": true, "/a/%2E./b?c": true, "/%2e": true, "/a\\b": true, "/a#b": true, "/a\x00": true,
	} {
		if got := climbs(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
	parts := rapid.SampledFrom([]string{".", "..", "%2e", "%2E", "/", "?", "#", "\\", "\x00", "a", "%2f", "é"})
	rapid.Check(t, func(t *rapid.T) {
		path := "/" + strings.Join(rapid.SliceOf(parts).Draw(t, "path"), "")
		want := false
		before, _, _ := strings.Cut(path, "?")
		for _, part := range strings.Split(strings.ToLower(before), "/") {
			part = strings.ReplaceAll(part, "%2e", ".")
			want = want || part == "." || part == ".." || strings.ContainsAny(part, "\\#\x00")
		}
		if got := climbs(path); got != want {
			t.Fatalf("%q: %v", path, got)
		}
	})
}
