package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"

	"herald/internal/sealed"
)

// A plan that lost or changed a byte on its way is refused wherever that byte is. Every byte is tried by the tests of
// sealed; here it is the commands that must refuse it.
func TestDamagedPlansAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	b := newPlanBench(t)
	whole, err := os.ReadFile(b.path("good.plan"))
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	try := func(content []byte, want ...string) {
		t.Helper()
		b.write("bad.plan", string(content))
		b.refusesWay(append(ways[i%len(ways)], "bad.plan"), want...)
		i++
	}
	for n := 0; n < len(whole); n += max(1, len(whole)/25) {
		try(whole[:n])
	}
	for n := 0; n < len(whole); n += max(1, len(whole)/25) {
		flipped := bytes.Clone(whole)
		flipped[n] ^= 1 << (n % 8)
		try(flipped)
	}
	for _, n := range []int{20, 80, 90, len(whole) - 100, len(whole) - 22, len(whole) - 1} { // digest, local header, directory, end
		flipped := bytes.Clone(whole)
		flipped[n] ^= 0x40
		try(flipped)
	}
	try(append(bytes.Clone(whole), 0), "cut short or was changed")
	try(append(bytes.Clone(whole), whole...), "cut short or was changed")
	try(append([]byte("\n"), whole...), "no sealed plan")
	try(whole[bytes.IndexByte(whole, '\n')+1:], "zip without the line")
	try(bytes.ReplaceAll(whole, []byte("\n"), []byte("\r\n")), "as text")
	try(bytes.Replace(whole, []byte("PLAN 1"), []byte("PLAN 2"), 1), "newer herald")

	// With a digest that was made to fit, the entries may have no other names, and be no links.
	const steps = "steps/digital99.jsonl"
	for _, name := range []string{"../../../etc/passwd.x", "/etc/cron.d/job.jsonl", `C:\windows\herald.jsl`, "steps/../../her.jsonl", "steps/digital99.json\x00",
		"steps/digital9\u202e.js", "plan.json", "steps/DIGITAL99.jsonl", "steps/digital98.jsonl"} {
		if name == "plan.json" {
			name = strings.Repeat("x", len(steps)-len(".jsonl")-3) + ".plan.jsonl"
		}
		if name = name[:min(len(name), len(steps))]; len(name) < len(steps) {
			name += strings.Repeat("x", len(steps)-len(name))
		}
		try(digested(bytes.ReplaceAll(whole, []byte(steps), []byte(name))), "did not write it so")
	}
	directory := bytes.LastIndex(whole, []byte("PK\x01\x02"))
	linked := bytes.Clone(whole)
	copy(linked[directory+38:], "\x00\x00\xff\xa1") // mode: a symbolic link
	try(digested(linked), "did not write it so")
	try(digested(append(bytes.Clone(whole), "PK\x03\x04more"...)), "did not write it so")
}

// digested puts the right digest before the rest.
func digested(plan []byte) []byte {
	rest := plan[bytes.IndexByte(plan, '\n')+1:]
	sum := sha256.Sum256(rest)
	return append([]byte("HERALD-PLAN 1 "+hex.EncodeToString(sum[:])+"\n"), rest...)
}

// What is no file is neither waited for nor read without end.
func TestWhatIsNoPlanIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	b := newPlanBench(t)
	if err := syscall.Mkfifo(b.path("pipe.plan"), 0o600); err != nil {
		t.Skip("no pipes here: ", err)
	}
	b.refuses("pipe.plan", "pipe")
	if err := os.Mkdir(b.path("folder.plan"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.refuses("folder.plan", "folder")
	b.refuses("/dev/zero", "device")
	b.write("empty.plan", "")
	b.refuses("empty.plan", "empty")
	b.refuses("nowhere.plan", "no such file")
	b.refuses("campaign.hcl", "no sealed plan")
	b.write("closed.plan", "x")
	if err := os.Chmod(b.path("closed.plan"), 0); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Open(b.path("closed.plan")); err != nil { // root may open it
		b.refuses("closed.plan", "permission")
	} else {
		f.Close()
	}
	// Files of gigabytes that take no room.
	for name, begin := range map[string]string{"huge.plan": "HERALD-PLAN 1 " + strings.Repeat("0", 64) + "\n", "holes.plan": ""} {
		b.write(name, begin)
		if err := os.Truncate(b.path(name), 5<<30); err != nil {
			t.Skip("no sparse files here: ", err)
		}
		b.refusesWay([]string{"apply", name})
		b.refusesWay([]string{"show", name})
	}
	if err := os.Symlink(filepath.Join("loop.plan"), b.path("loop.plan")); err == nil {
		b.refusesWay([]string{"show", "loop.plan"})
	}
}

// A small file that becomes a large one is refused before it fills memory or disk.
func TestBombsAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	b := newPlanBench(t)
	const lane = "steps/digital99.jsonl"
	type text struct {
		begin, again string
		size         int64
		end          string
	}
	whole := func(s string) text { return text{begin: s} }
	read := func(s text) io.Reader {
		return io.MultiReader(strings.NewReader(s.begin), io.LimitReader(&endless{s.again}, s.size/int64(max(1, len(s.again)))*int64(len(s.again))), strings.NewReader(s.end))
	}
	for name, c := range map[string]struct {
		head, steps text
		want        string
	}{
		"objects":        {text{`{"format_version":1,"plan":{"Groups":[`, "{},", 30 << 20, `{}]}}`}, whole(b.steps), "values"},
		"sends":          {text{`{"format_version":1,"assumed":[`, "1,", 20 << 20, `1]}`}, whole(b.steps), "values"},
		"numbers":        {text{`{"format_version":1,"plan":{"Groups":[`, "1,", 30 << 20, `1]}}`}, whole(b.steps), "values"},
		"depth":          {text{`{"format_version":1,"plan":`, "[", 1 << 19, ""}, whole(b.steps), "did not write it so"},
		"just in bounds": {text{`{"format_version":1,"plan":{"Groups":[`, "{},", 3 * 520_000, `{}]}}`}, whole(b.steps), "did not write it so"},
		"much text":      {text{`{"format_version":1,"herald":"`, "x", 63 << 20, `"}`}, whole(b.steps), "did not write it so"},
		"long text":      {text{`{"format_version":1,"herald":"`, "x", 65 << 20, `"}`}, whole(b.steps), "more than 64 MiB"},
		"no breaks":      {whole(b.altered(nil)), text{"", "\x00", 64 << 20, ""}, "longer than 16 MiB"},
		"breaks":         {whole(b.altered(nil)), text{"", "\n", 64 << 20, ""}, "more steps than its lane"},
	} {
		b.forgeFrom("bomb.plan", map[string]io.Reader{savedName: read(c.head), lane: read(c.steps)})
		if info, err := os.Stat(b.path("bomb.plan")); err != nil || info.Size() > 1<<20 {
			t.Fatalf("%s is no bomb: %v, %v", name, info, err)
		}
		b.refusesWay([]string{"apply", "bomb.plan"}, c.want)
		t.Logf("%s: %s, %d MiB", name, b.ended, b.heap>>10)
		b.refusesWay([]string{"show", "-markdown", "bomb.plan"}, c.want)
	}
}

// endless gives the same again and again.
type endless struct{ of string }

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && e.of != "" && len(p)-n >= len(e.of) {
		n += copy(p[n:], e.of)
	}
	if n == 0 { // too little room for a whole one
		n = copy(p, e.of)
		e.of = e.of[n:] + e.of[:n]
	}
	return n, nil
}

func TestEncryptedPlansOfOthersAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	b := newPlanBench(t)
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	b.good("plan", "-out=secret.plan", "-encrypt-to="+mine.Recipient().String())
	identity := func(value string) { b.env = append(b.env, sealed.IdentityVariable+"="+value) }
	b.refuses("secret.plan", "set "+sealed.IdentityVariable)
	for _, wrong := range []string{other.String(), strings.ToLower(mine.String()), mine.String() + "X", "/nowhere", "AGE-SECRET-KEY-1", b.path("people.csv")} {
		identity(wrong)
		before := len(b.env)
		b.refusesWay([]string{"apply", "secret.plan"})
		_, out, errs := b.run("show", "secret.plan")
		if strings.Contains(out+errs, fmt.Sprintf("%.30s", strings.TrimPrefix(wrong, "AGE-SECRET-KEY-1"))) && strings.HasPrefix(strings.ToUpper(wrong), "AGE") && len(wrong) > 30 {
			t.Errorf("the identity is shown: %s", out+errs)
		}
		b.env = b.env[:before-1]
	}
	identity(mine.String())
	whole, err := os.ReadFile(b.path("secret.plan"))
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(whole); n += max(1, len(whole)/15) {
		b.write("cut.plan", string(whole[:n]))
		b.refusesWay(append(ways[n%len(ways)], "cut.plan"))
		flipped := bytes.Clone(whole)
		flipped[n] ^= 4
		b.write("flipped.plan", string(flipped))
		b.refusesWay(append(ways[n%len(ways)], "flipped.plan"))
	}
	if out := b.good("apply", "secret.plan"); !strings.Contains(out, "3 sent") {
		t.Error(out)
	}
}
