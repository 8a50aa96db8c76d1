package sealed

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"filippo.io/age"
)

// The beginnings of age's keys: the public one is shown, the secret one never.
const (
	publicKey = "age1"
	secretKey = "AGE-SECRET-KEY-"
)

// EncryptTo encrypts the file to these age recipients ("age1..."), each of whom can open it; without any it stays as it
// is. It comes before the first entry.
func (w *Writer) EncryptTo(recipients []string) error {
	if w.over {
		return errOver
	}
	if w.out != nil {
		return errors.New("whom a plan is encrypted to is said before its first entry")
	}
	var read []age.Recipient
	for i, text := range recipients {
		r, err := parseRecipient(text)
		if err == nil && slices.Contains(recipients[:i], text) {
			err = fmt.Errorf("%s is there twice", text)
		}
		if err != nil {
			return fmt.Errorf("-encrypt-to, value %d: %w", i+1, err)
		}
		read = append(read, r)
	}
	w.recipients = read
	return nil
}

// parseRecipient reads a public key. Its errors show nothing that may be a secret key given by mistake.
func parseRecipient(text string) (age.Recipient, error) {
	const as = "give the public key, age1..., as age-keygen -y prints it"
	switch {
	case text == "":
		return nil, errors.New("it is empty; " + as)
	case strings.Contains(strings.ToUpper(text), secretKey):
		return nil, errors.New("it is a secret key (not shown here), which is for opening; " + as)
	case strings.HasPrefix(text, "ssh-"):
		return nil, errors.New("it is a key of SSH, and only those of age are read; " + as)
	case strings.Contains(text, ","):
		return nil, errors.New("it is more than one key; give -encrypt-to once for each")
	case !strings.HasPrefix(text, publicKey):
		return nil, errors.New("it is no public key of age (not shown here, since it may be secret); " + as)
	}
	r, err := age.ParseX25519Recipient(text)
	if err == nil {
		return r, nil
	}
	if kind, _, more := strings.Cut(strings.TrimPrefix(text, publicKey), "1"); more && kind != "" {
		return nil, fmt.Errorf("%s is a key of another kind (%s), and only X25519 keys are read; %s", quote(text), quote(kind), as)
	}
	return nil, fmt.Errorf("%s is no whole key: a letter is wrong or missing; %s", quote(text), as)
}
