package sealed

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// IdentityVariable is the environment variable that callers take Options.Identity from.
const IdentityVariable = "HERALD_AGE_IDENTITY"

// maxIdentities is the most that a file of identities may have; one has 75 bytes.
const maxIdentities = 1 << 20

// errNoIdentity says what is missing.
var errNoIdentity = fmt.Errorf("it is encrypted; set %s to your age identity (%s1...) or to the path of a file with identities, as age-keygen -o writes it",
	IdentityVariable, secretKey)

// parseIdentity reads identities from the words themselves or from the file that they name. What it was given appears in
// an error only when a file of this name is there, for else it may be a secret with a slip in it.
func parseIdentity(given string) ([]age.Identity, error) {
	given = strings.TrimSpace(given)
	if given == "" {
		return nil, errNoIdentity
	}
	from, text := IdentityVariable, given
	if !strings.Contains(strings.ToUpper(given), secretKey) {
		f, size, err := openFile(given)
		if err != nil {
			return nil, fmt.Errorf("%s is neither an age identity (%s1...) nor the path of a file that can be read (its value is not shown)",
				IdentityVariable, secretKey)
		}
		defer f.Close()
		from = given
		if size > maxIdentities {
			return nil, fmt.Errorf("%s, from %s, is too large for a file of identities", from, IdentityVariable)
		}
		content, err := io.ReadAll(io.LimitReader(f, maxIdentities))
		if err != nil {
			return nil, err
		}
		text = string(content)
	}
	identities, err := parseIdentities(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return identities, nil
}

// parseIdentities reads one identity a line; empty lines and those that begin with # are none.
func parseIdentities(text string) ([]age.Identity, error) {
	if strings.HasPrefix(text, ageName) || strings.HasPrefix(text, "-----BEGIN AGE") {
		return nil, errors.New("the identities are encrypted themselves; decrypt them first: age -d")
	}
	var read []age.Identity
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		identity, err := age.ParseX25519Identity(line)
		if err != nil { // err may quote a part of it
			return nil, fmt.Errorf("line %d is no age identity (not shown): it should be %s1 and 58 more letters and digits, all of them upper case", n, secretKey)
		}
		read = append(read, identity)
	}
	if len(read) == 0 {
		return nil, errors.New("there is no age identity in it: a line that begins with " + secretKey)
	}
	return read, nil
}

// decrypt gives the plaintext of an age file, decrypted as it is read: it is never on the disk.
func decrypt(in io.ReaderAt, size int64, given string) (io.ReaderAt, int64, error) {
	identities, err := parseIdentity(given)
	if err != nil {
		return nil, 0, err
	}
	plain, size, err := age.DecryptReaderAt(in, size, identities...)
	var other *age.NoIdentityMatchError
	switch {
	case errors.As(err, &other):
		return nil, 0, fmt.Errorf("it is encrypted, and not to an identity of %s; use the right one, or let the plan be made with -encrypt-to of yours",
			IdentityVariable)
	case err != nil:
		return nil, 0, fmt.Errorf("the encrypted file is cut short or was changed (%w); copy it again, or %s", err, anew)
	}
	return decrypted{plain}, size, nil
}

// decrypted says what to do where a piece does not decrypt.
type decrypted struct{ io.ReaderAt }

func (d decrypted) ReadAt(p []byte, at int64) (int, error) {
	n, err := d.ReaderAt.ReadAt(p, at)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("the encrypted file was changed (%w); copy it again, or %s", err, anew)
	}
	return n, err
}
