package sealed

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"filippo.io/age"
)

func newKey(tb testing.TB) *age.X25519Identity {
	tb.Helper()
	key, err := age.GenerateX25519Identity()
	must(tb, err)
	return key
}

func TestEachRecipientOpens(t *testing.T) {
	one, two := newKey(t), newKey(t)
	path, digest := putNew(t, small, one.Recipient().String(), two.Recipient().String())
	if content := read(t, path); !hasPrefix(content, ageHead) || bytes.Contains(content, []byte(magic)) {
		t.Fatalf("the file begins with %q", content[:40])
	}
	keys := filepath.Join(t.TempDir(), "keys.txt")
	must(t, os.WriteFile(keys, []byte("# made today\r\n\r\n"+newKey(t).String()+"\r\n"+two.String()+"\n"), 0o600))
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for what, identity := range map[string]string{
		"first": one.String(), "second": two.String(), "with blanks": "\n " + two.String() + " \n",
		"one of two": newKey(t).String() + "\n" + one.String(), "file": keys,
	} {
		got, is, err := take(path, Options{Identity: identity})
		if err != nil || is != digest || !reflect.DeepEqual(got, small) {
			t.Errorf("%s: %s, %v", what, is, err)
		}
	}
	alone(t, temporary)
	alone(t, filepath.Dir(path), "a.plan")
}

func TestIdentityErrors(t *testing.T) {
	key := newKey(t)
	path, _ := putNew(t, small, key.Recipient().String())
	secret := newKey(t).String()
	keys := func(content string) string {
		name := filepath.Join(t.TempDir(), "keys.txt")
		must(t, os.WriteFile(name, []byte(content), 0o600))
		return name
	}
	for name, tt := range map[string]struct{ identity, want string }{
		"none":              {"", "it is encrypted; set HERALD_AGE_IDENTITY"},
		"blanks":            {" \n", "it is encrypted; set HERALD_AGE_IDENTITY"},
		"wrong":             {secret, "not to an identity of HERALD_AGE_IDENTITY"},
		"wrong, from file":  {keys(secret), "not to an identity of HERALD_AGE_IDENTITY"},
		"a letter wrong":    {secret[:len(secret)-1] + "b", "HERALD_AGE_IDENTITY: line 1 is no age identity"},
		"a letter missing":  {secret[:len(secret)-1], "line 1 is no age identity"},
		"lower case":        {strings.ToLower(secret), "line 1 is no age identity"},
		"second line wrong": {keys(secret + "\n" + secret + "x"), "keys.txt: line 2 is no age identity"},
		"without its name":  {strings.TrimPrefix(secret, secretKey+"1"), "neither an age identity"},
		"no such file":      {filepath.Join(t.TempDir(), "none"), "neither an age identity"},
		"folder":            {t.TempDir(), "neither an age identity"},
		"empty file":        {keys("\n# nothing\n"), "there is no age identity in it"},
		"other file":        {keys("password " + secret), "line 1 is no age identity"},
		"encrypted file":    {path, "encrypted themselves"},
		"public key":        {keys(key.Recipient().String()), "line 1 is no age identity"},
		"post-quantum":      {"AGE-SECRET-KEY-PQ-1" + secret[20:], "line 1 is no age identity"},
		"large file":        {keys(strings.Repeat("# nothing\n", 200_000)), "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := take(path, Options{Identity: tt.identity})
			refused(t, err, tt.want)
			if bare := strings.TrimPrefix(secret, secretKey+"1"); err != nil && containsPart(strings.ToUpper(err.Error()), bare, 8) {
				t.Errorf("a part of the secret key is in the error: %v", err)
			}
		})
	}
}

// containsPart says whether n letters of secret stand in text.
func containsPart(text, secret string, n int) bool {
	for i := range len(secret) - n {
		if strings.Contains(text, secret[i:i+n]) {
			return true
		}
	}
	return false
}

func TestRecipientErrors(t *testing.T) {
	good, secret := newKey(t).Recipient().String(), newKey(t).String()
	pq, err := age.GenerateHybridIdentity()
	must(t, err)
	dir := t.TempDir()
	for name, tt := range map[string]struct{ value, want string }{
		"empty":        {"", "it is empty"},
		"secret":       {secret, "it is a secret key (not shown here)"},
		"lower secret": {strings.ToLower(secret), "it is a secret key (not shown here)"},
		"part of one":  {strings.TrimPrefix(secret, secretKey), "no public key of age (not shown here"},
		"word":         {"alice", "no public key of age"},
		"two in one":   {good + "," + good, "give -encrypt-to once for each"},
		"cut":          {good[:len(good)-1], `"` + good[:len(good)-1] + `" is no whole key`},
		"a letter":     {good[:len(good)-1] + "b", "no whole key"},
		"blank":        {good + " ", "no whole key"},
		"twice":        {good, "is there twice"},
		"ssh":          {"ssh-ed25519 AAAA", "a key of SSH"},
		"post-quantum": {pq.Recipient().String(), "a key of another kind"},
		"plugin":       {"age1yubikey1qwerty", `another kind ("yubikey")`},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := Create(filepath.Join(dir, "a.plan"))
			must(t, err)
			defer w.Abort()
			err = w.EncryptTo([]string{good, tt.value})
			refused(t, err, "-encrypt-to, value 2: ", tt.want)
			if containsPart(strings.ToUpper(err.Error()), strings.TrimPrefix(secret, secretKey+"1"), 8) {
				t.Errorf("a part of the secret key is in the error: %v", err)
			}
		})
	}
	alone(t, dir)
}

func TestEncryptToComesFirst(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "a.plan"))
	must(t, err)
	defer w.Abort()
	_, err = w.Entry("plan.json")
	must(t, err)
	refused(t, w.EncryptTo([]string{newKey(t).Recipient().String()}), "before its first entry")
}

func TestDamageToEncryptedFile(t *testing.T) {
	key := newKey(t)
	path, _ := putNew(t, small, key.Recipient().String())
	whole, o := read(t, path), Options{Identity: key.String()}
	everyPrefix(t, whole, o)
	everyByte(t, whole, o)
	_, _, err := take(file(t, append(bytes.Clone(whole), 0)), o)
	refused(t, err, "cut short or was changed", "herald plan -out=")
	long, _ := putNew(t, []part{{"a.json", noise(300_000)}}, key.Recipient().String())
	whole = read(t, long)
	whole[100_000]++
	_, _, err = take(file(t, whole), o)
	refused(t, err, "the encrypted file was changed", "herald plan -out=")
}

// What is encrypted can be anything: who encrypts is not who approves.
func TestOtherThingsEncrypted(t *testing.T) {
	key := newKey(t)
	for content, want := range map[string]string{
		"":             "the file is empty",
		"hello":        "it is no sealed plan",
		"HERALD-PLAN ": "cut short",
		ageHead:        "it is encrypted twice",
		"HERALD-PLAN 2 " + strings.Repeat("0", 64) + "\n": "a newer herald wrote it",
		string(lined(nil)):                                 "too few for a zip",
		string(forge(part{"../x.json", ""}).seal()):        "entry name",
		line(strings.Repeat("0", 64)) + string(lined(nil)): "its digest is",
	} {
		var b bytes.Buffer
		w, err := age.Encrypt(&b, key.Recipient())
		must(t, err)
		_, _ = w.Write([]byte(content))
		must(t, w.Close())
		_, _, err = take(file(t, b.Bytes()), Options{Identity: key.String()})
		refused(t, err, want)
	}
}
