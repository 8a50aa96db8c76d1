package spec

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// Each expression gives the JSON beside it.
func TestFunctions(t *testing.T) {
	dir := write(t, "-- hello.tmpl --\nHi ${name}%{ if old }, old friend%{ endif }!\n-- sub/x.txt --\nx")
	for expr, want := range map[string]string{
		`upper("é") + 1 == 1`:                        "error",
		`upper("é")`:                                 `"É"`,
		`lower("ÄB")`:                                `"äb"`,
		`title("ada lovelace")`:                      `"Ada Lovelace"`,
		`trim("?x?", "?")`:                           `"x"`,
		`trimspace(" x ")`:                           `"x"`,
		`trimprefix("abc", "a")`:                     `"bc"`,
		`trimsuffix("abc", "c")`:                     `"ab"`,
		`chomp("x\n")`:                               `"x"`,
		`indent(2, "a\nb")`:                          `"a\n  b"`,
		`strrev("abc")`:                              `"cba"`,
		`substr("hello", 1, 3)`:                      `"ell"`,
		`replace("a.b.c", ".", "-")`:                 `"a-b-c"`,
		`replace("a1b22", "/[0-9]+/", "#")`:          `"a#b#"`,
		`replace("x", "/(/", "")`:                    "error",
		`regex("[a-z]+", "12ab")`:                    `"ab"`,
		`regexall("[0-9]", "1a2")`:                   `["1","2"]`,
		`format("%s is %05.1f", "x", 2.25)`:          `"x is 002.2"`,
		`format("%s", "1e600000000")`:                `"1e600000000"`,
		`format("%d", "1e600000000")`:                "error",
		`format("%[1]99999d", 1)`:                    "error",
		`formatlist("%s!", ["a", "b"])`:              `["a!","b!"]`,
		`join("-", ["a", "b"])`:                      `"a-b"`,
		`split(",", "a,b")`:                          `["a","b"]`,
		`startswith("abc", "ab")`:                    `true`,
		`endswith("abc", "ab")`:                      `false`,
		`strcontains("abc", "b")`:                    `true`,
		`abs(-1)`:                                    `1`,
		`ceil(1.2)`:                                  `2`,
		`floor(1.8)`:                                 `1`,
		`max(1, 3, 2)`:                               `3`,
		`min(3, 1)`:                                  `1`,
		`pow(2, 10)`:                                 `1024`,
		`pow(10, 400)`:                               "error",
		`log(8, 2)`:                                  `3`,
		`log(0, 2)`:                                  "error",
		`signum(-3)`:                                 `-1`,
		`parseint("ff", 16)`:                         `255`,
		`sum([1, 2.5])`:                              `3.5`,
		`sum([])`:                                    "error",
		`tostring(1.5)`:                              `"1.5"`,
		`tonumber("7")`:                              `7`,
		`tobool("true")`:                             `true`,
		`tolist(["a", 1])`:                           `["a","1"]`,
		`toset(["b", "a", "b"])`:                     `["a","b"]`,
		`tomap({a = 1})`:                             `{"a":1}`,
		`length("Zoë👍🏽")`:                            `4`,
		`length([1, 2])`:                             `2`,
		`length({a = 1})`:                            `1`,
		`length(1)`:                                  "error",
		`element(["a", "b"], 3)`:                     `"b"`,
		`index(["a", "b"], "b")`:                     `1`,
		`index(["a", "b"], "c")`:                     "error",
		`lookup({a = 1}, "a", 2)`:                    `1`,
		`lookup({a = 1}, "b", 2)`:                    `2`,
		`lookup({a = 1}, "b")`:                       "error",
		`keys({b = 1, a = 2})`:                       `["a","b"]`,
		`values({b = 1, a = 2})`:                     `[2,1]`,
		`merge({a = 1}, {b = 2})`:                    `{"a":1,"b":2}`,
		`concat([1], ["a"])`:                         `[1,"a"]`,
		`contains(["a"], "a")`:                       `true`,
		`distinct(["a", "a"])`:                       `["a"]`,
		`flatten([[1], [2, [3]]])`:                   `[1,2,3]`,
		`reverse([1, 2])`:                            `[2,1]`,
		`setunion(["a"], ["b"])`:                     `["a","b"]`,
		`setintersection(["a", "b"], ["b"])`:         `["b"]`,
		`setsubtract(["a", "b"], ["b"])`:             `["a"]`,
		`setproduct(["a"], ["b", "c"])`:              `[["a","b"],["a","c"]]`,
		`setproduct(range(1000), range(1000))`:       "error",
		`slice(["a", "b", "c"], 1, 2)`:               `["b"]`,
		`sort(["b", "a"])`:                           `["a","b"]`,
		`range(3)`:                                   `[0,1,2]`,
		`zipmap(["a"], [1])`:                         `{"a":1}`,
		`coalesce("", null, "x")`:                    `"x"`,
		`coalesce(null, "")`:                         "error",
		`coalescelist([], ["a"])`:                    `["a"]`,
		`compact(["a", ""])`:                         `["a"]`,
		`chunklist([1, 2, 3], 2)`:                    `[[1,2],[3]]`,
		`one([])`:                                    `null`,
		`one(["a"])`:                                 `"a"`,
		`one(["a", "b"])`:                            "error",
		`alltrue([true, "true"])`:                    `true`,
		`alltrue([])`:                                `true`,
		`anytrue([false, null])`:                     `false`,
		`anytrue(["x"])`:                             "error",
		`matchkeys(["a", "b"], [1, 2], [2])`:         `["b"]`,
		`transpose({a = ["x", "y"], b = ["x"]})`:     `{"x":["a","b"],"y":["a"]}`,
		`jsonencode({a = [1, null]})`:                `"{\"a\":[1,null]}"`,
		`jsondecode("{\"a\": 1}").a`:                 `1`,
		`csvdecode("a,b\n1,2\n")[0].b`:               `"2"`,
		`base64encode("é")`:                          `"w6k="`,
		`base64decode("w6k=")`:                       `"é"`,
		`base64decode("/w==")`:                       "error",
		`sha256("abc")`:                              `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`,
		`base64sha256("abc")`:                        `"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="`,
		`md5("abc")`:                                 `"900150983cd24fb0d6963f7d28e17f72"`,
		`sha1("abc")`:                                `"a9993e364706816aba3e25717850c26c9cd0d89d"`,
		`sha512("abc")`:                              `"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"`,
		`base64sha512("abc")`:                        `"3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="`,
		`urlencode("a b&c")`:                         `"a+b%26c"`,
		`formatdate("YYYY", "2026-12-01T09:00:00Z")`: `"2026"`,
		`timeadd("2026-12-01T09:00:00Z", "24h")`:     `"2026-12-02T09:00:00Z"`,
		`timecmp("2026-12-01T09:00:00+01:00", "2026-12-01T08:00:00Z")`: `0`,
		`timecmp("yesterday", "today")`:                                "error",
		`try(tonumber("x"), "y")`:                                      `"y"`,
		`try(tonumber("x"))`:                                           "error",
		`can(tonumber("x"))`:                                           `false`,
		`can(1)`:                                                       `true`,
		`file("sub/../sub/x.txt")`:                                     `"x\n"`,
		`file("sub")`:                                                  "error",
		`templatefile("hello.tmpl", {name = "Ada", old = true})`: `"Hi Ada, old friend!\n"`,
		`templatefile("hello.tmpl", {name = "Ada"})`:             "error",
		`path.root`:                    `"."`,
		`"${1 / 0}"`:                   "error",
		`5 / 2 * -3 + 7 % 4 - 1`:       `-5.5`,
		`{a = null}`:                   `{"a":null}`,
		`[1, null]`:                    `[1,null]`,
		`1 / 0`:                        "error",
		`"${[for s in ["a"] : s][0]}"`: `"a"`,
	} {
		v, err := expression(t, dir, expr)
		got := "error"
		if err == nil {
			got = strings.TrimSuffix(asJSON(v), "\n")
		}
		if got != want {
			t.Errorf("%s gives %s (%v), want %s", expr, got, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "goroutine") {
			t.Errorf("%s: a stack in the error: %v", expr, err)
		}
	}
}

// Every function is called by TestFunctions or named here.
func TestEveryFunctionIsTested(t *testing.T) {
	text, err := os.ReadFile("function_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for name := range newLibrary(t.TempDir()).all {
		if !strings.Contains(string(text), "`"+name+"(") {
			t.Errorf("%s has no test", name)
		}
	}
}

// Try within try takes one evaluation per level; two per level would not end here.
func TestTryNests(t *testing.T) {
	v, err := expression(t, t.TempDir(), strings.Repeat("try(", 60)+"1"+strings.Repeat(")", 60))
	if err != nil || !v.RawEquals(cty.NumberIntVal(1)) {
		t.Errorf("%#v, %v", v, err)
	}
}

// Files outside the directory are refused whatever way leads there, and so is what is no regular file.
func TestFileStaysInside(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "link.txt")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(secret), filepath.Join(dir, "dir")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "binary"), []byte{0xff, 0xfe}, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "large"), make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, why := range map[string]string{
		"link.txt": "outside", "dir/secret.txt": "outside", "../x": "outside", secret: "outside",
		"pipe": "no regular file", "binary": "UTF-8", "large": "more than", "none": "no such file",
	} {
		_, err := expression(t, dir, `file("`+name+`")`)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("file(%q): %v; want %q", name, err, why)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("file(%q) shows what it refuses", name)
		}
	}
}

// Line ends do not change what is read.
func TestLineEnds(t *testing.T) {
	const files = "-- main.hcl --\ncontacts \"p\" {\n  source = \"people.csv\"\n  key    = \"id\"\n}\nvariable \"v\" {}\n" +
		"conversation \"c\" {\n  provider   = heyx\n  with       = contacts.p\n  contact_id = contact.heyx_id\n}\nprovider \"heyx\" {\n}\n" +
		"sequence \"s\" {\n  conversation = conversation.c\n  message \"m\" {\n    text = <<-E\n      a ${contact.plan}\n      b${file(\"f.txt\")}${var.v}\n" +
		"      ${templatefile(\"t.tmpl\", { x = 1 })}\n    E\n  }\n}\n" +
		"-- herald.vars --\nv = <<E\nx\ny\nE\n-- f.txt --\n1\n2\n-- t.tmpl --\n${x}\n3\n"
	text := func(files string) (string, string) {
		c := load(t, files)
		m := c.Sequences[0].Messages[0]
		s := c.NewScope()
		s.Set(cty.ObjectVal(map[string]cty.Value{"plan": cty.StringVal("gold")}))
		v, diags := m.Content.Fields["text"].Value(s)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		return v.AsString(), m.Source
	}
	lines := strings.ReplaceAll(files, "\n", "\r\n")
	for _, name := range []string{"main.hcl", "herald.vars", "f.txt", "t.tmpl"} { // the markers of the archive keep theirs
		lines = strings.ReplaceAll(lines, "-- "+name+" --\r\n", "-- "+name+" --\n")
	}
	wantText, wantSource := text(files)
	gotText, gotSource := text(lines)
	if want := "a gold\nb1\n2\nx\ny\n\n1\n3\n\n"; wantText != want || gotText != want {
		t.Errorf("%q and with CRLF %q, want %q", wantText, gotText, want)
	}
	if gotSource != wantSource {
		t.Errorf("%q and with CRLF %q", wantSource, gotSource)
	}
}

// A file is measured as it is, so that one too large is not cut and taken for a shorter one.
func TestLargeFileOfShortLines(t *testing.T) {
	_, diags := Load(write(t, strings.Repeat("\r\n", maxFile/2+1)), testInputs())
	if len(diags) != 1 || diags[0].Summary != "File too large" {
		t.Error(diags)
	}
}

// Short names are not taken for each other.
func TestNearestOfShortNames(t *testing.T) {
	for name, want := range map[string]string{"md6": "md5", "mx": "max", "mi": "min", "mxa": "max", "crc": "", "mox": "max", "lenght": "length", "uper": "upper", "a": "", "frmt": "", "frm": ""} {
		if got := nearest(name, []string{"max", "md5", "min", "abs", "length", "upper", "format"}); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
