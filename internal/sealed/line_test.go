package sealed

import (
	"strings"
	"testing"
)

func TestFirstLineSaysWhatTheFileIs(t *testing.T) {
	digest := strings.Repeat("0f", 32)
	for name, tt := range map[string]struct{ content, want string }{
		"empty":            {"", "the file is empty"},
		"text":             {"hello\n", "it is no sealed plan"},
		"prose":            {"HERALD-PLANS are good\n", "it is no sealed plan"},
		"zip":              {"PK\x03\x04....", "zip without the line"},
		"empty zip":        {"PK\x05\x06....", "zip without the line"},
		"page":             {"\n<!DOCTYPE html><html>", "web page"},
		"page without dtd": {"<HTML>", "web page"},
		"JSON":             {`{"format_version":"1.0"}`, "it is JSON"},
		"ledger":           {"SQLite format 3\x00....", "ledger"},
		"armor":            {"-----BEGIN AGE ENCRYPTED FILE-----\n", "binary form"},
		"age 2":            {"age-encryption.org/v2\n", "version that this herald does not read"},
		"byte order mark":  {bom + line(digest), "byte order mark"},
		"CRLF":             {strings.Replace(line(digest), "\n", "\r\n", 1) + "PK", "line ends were changed"},
		"version 2":        {"HERALD-PLAN 2 " + digest + "\nPK", "a newer herald wrote it"},
		"version 2, else":  {"HERALD-PLAN 2\nwhatever", "a newer herald wrote it"},
		"version 10":       {"HERALD-PLAN 10 x\n", "a newer herald wrote it: its container is version 10"},
		"version 0":        {"HERALD-PLAN 0 " + digest + "\n", "first line is damaged"},
		"version 01":       {"HERALD-PLAN 01 " + digest + "\n", "first line is damaged"},
		"version long":     {"HERALD-PLAN " + strings.Repeat("9", 400) + "\n", "first line is damaged"},
		"version word":     {"HERALD-PLAN x " + digest + "\n", "first line is damaged"},
		"upper case":       {strings.ToUpper(line(digest)), "first line is damaged"},
		"no hex":           {line(strings.Repeat("xy", 32)), "first line is damaged"},
		"short digest":     {line(digest[:62]) + "PKPKPK", "first line is damaged"},
		"long digest":      {line(digest + "00"), "first line is damaged"},
		"two blanks":       {"HERALD-PLAN 1  " + digest + "\n", "first line is damaged"},
		"no end":           {strings.TrimSuffix(line(digest), "\n") + " " + strings.Repeat("x", 600), "first line is damaged"},
		"cut in the name":  {"HERALD-P", "cut short"},
		"cut in the line":  {line(digest)[:40], "cut short"},
		"cut in age":       {"age-encr", "cut short"},
		"only a line":      {line(digest), "cut short or was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := take(file(t, []byte(tt.content)), Options{})
			refused(t, err, tt.want, "a.plan: ")
			if !strings.Contains(err.Error(), "again") && !strings.Contains(err.Error(), "plan -out=") {
				t.Errorf("it does not say how to mend it: %v", err)
			}
		})
	}
}

// The line of an encrypted file is read as strictly.
func TestOnlyALine(t *testing.T) {
	_, _, err := take(file(t, lined(nil)), Options{})
	refused(t, err, "too few for a zip")
}
