package sealed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// The first line: the name, the version of the container, the digest of the rest.
const (
	magic    = "HERALD-PLAN "
	version  = "1"
	lineSize = int64(len(magic) + len(version) + len(" ") + 2*sha256.Size + len("\n"))
)

// headSize is how much of a file's beginning is enough to tell what it is.
const headSize = 512

const (
	anew    = "make a new plan: herald plan -out=FILE"
	ageName = "age-encryption.org/"
	ageHead = ageName + "v1\n"
	bom     = "\xef\xbb\xbf"
)

// line gives the first line for a digest.
func line(digest string) string {
	return magic + version + " " + digest + "\n"
}

// parseLine reads the digest from the beginning of a file, or says what the file is instead.
func parseLine(head []byte) (digest string, err error) {
	first, _, whole := strings.Cut(string(head), "\n")
	if !strings.HasPrefix(first, magic) {
		return "", stranger(head)
	}
	number, digest, _ := strings.Cut(strings.TrimPrefix(first, magic), " ")
	switch {
	case strings.HasSuffix(first, "\r"):
		return "", errors.New("its line ends were changed, so something copied it as text; copy it again as it is, as binary")
	case newer(number):
		return "", fmt.Errorf("a newer herald wrote it: its container is version %s, and this herald reads version %s. Use that herald, or %s with this one",
			number, version, anew)
	case !whole && len(head) < int(lineSize):
		return "", fmt.Errorf("it is cut short: it ends within its first line; copy it again, or %s", anew)
	case number != version || !isDigest(digest):
		return "", fmt.Errorf("its first line is damaged: it should be %q and %d hex digits; copy the file again, or %s",
			magic+version, 2*sha256.Size, anew)
	}
	return digest, nil
}

// newer says whether a container's version is a later one than ours.
func newer(number string) bool {
	if number == "" || len(number) > 9 || number[0] == '0' || number == version {
		return false
	}
	return strings.Trim(number, "0123456789") == ""
}

// isDigest is strict, so that a digest is written in one way only.
func isDigest(s string) bool {
	sum, err := hex.DecodeString(s)
	return err == nil && len(sum) == sha256.Size && s == hex.EncodeToString(sum)
}

// stranger says what a file without the line most likely is.
func stranger(head []byte) error {
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte(bom)))))
	begins := func(with string) bool { return bytes.HasPrefix(head, []byte(with)) }
	what := "it is no sealed plan: it does not begin with " + strings.TrimSpace(magic)
	switch {
	case len(head) == 0:
		what = "the file is empty"
	case strings.HasPrefix(magic, string(head)) || strings.HasPrefix(ageHead, string(head)) && string(head) != ageHead:
		what = "it is cut short: it ends within its first line"
	case begins(bom + magic):
		what = "something copied it as text and put a byte order mark before it; copy it again as it is, as binary"
	case begins("PK\x03\x04") || begins("PK\x05\x06"):
		what = "it is a zip without the line that belongs before it; a plan is neither unpacked nor packed again"
	case strings.HasPrefix(text, "<!doctype") || strings.HasPrefix(text, "<html"):
		what = "it is a web page, so a download gave something else than the plan"
	case strings.HasPrefix(text, "{"):
		what = "it is JSON, which is for reading; a plan is saved with -out"
	case begins("SQLite format 3\x00"):
		what = "it is an SQLite file, as a ledger is, and no sealed plan"
	case begins("-----BEGIN AGE ENCRYPTED FILE-----"):
		what = "it is an age file written as text; herald reads the binary form, which it writes itself"
	case begins(ageHead): // within another one
		what = "it is encrypted twice"
	case begins(ageName):
		what = "it is an age file of a version that this herald does not read"
	}
	return fmt.Errorf("%s; mend the path, or %s", what, anew)
}

// mismatch says that the rest of a file is not what its line says.
func mismatch(is, says string) error {
	return fmt.Errorf("the file is cut short or was changed: its digest is %s, the line says %s; copy it again, or %s", is, says, anew)
}
