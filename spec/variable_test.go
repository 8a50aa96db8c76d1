package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

const region = "-- main.hcl --\nvariable \"region\" {\n  default = \"default\"\n}\nlocals {\n  x = var.region\n}\n"

// Each place wins over those before it.
func TestVariableOrder(t *testing.T) {
	env := func(in *Inputs) {
		in.Env = func(n string) (string, bool) { return "env", n == "HERALD_VAR_region" }
	}
	flags := func(f ...VarFlag) func(*Inputs) { return func(in *Inputs) { in.Flags = f } }
	files := "-- herald.vars --\nregion = \"vars\"\n"
	auto := "-- b.auto.vars --\nregion = \"b\"\n-- a.auto.vars --\nregion = \"a\"\n-- .z.auto.vars --\nregion = \"hidden\"\n"
	extra := "-- extra/x.vars --\nregion = \"extra\"\n"
	for _, tt := range []struct {
		want, text string
		change     []func(*Inputs)
	}{
		{"default", region, nil},
		{"env", region, []func(*Inputs){env}},
		{"vars", region + files, []func(*Inputs){env}},
		{"b", region + files + auto, []func(*Inputs){env}},
		{"flag", region + files + auto + extra, []func(*Inputs){env, flags(VarFlag{Value: "extra/x.vars"}, VarFlag{"region", "flag"})}},
		{"extra", region + files + auto + extra, []func(*Inputs){env, flags(VarFlag{"region", "flag"}, VarFlag{Value: "extra/x.vars"})}},
	} {
		c := load(t, tt.text, tt.change...)
		if got := c.Variables["region"].Value; !got.RawEquals(cty.StringVal(tt.want)) {
			t.Errorf("%#v, want %s", got, tt.want)
		}
	}
}

// Text of flags and environment is taken as it is for a string, and as an expression for what is not primitive.
func TestVariableText(t *testing.T) {
	str := cty.StringVal
	for _, tt := range []struct {
		declaration, text string
		want              cty.Value // NilVal for an error
	}{
		{`type = string`, `a = "b" ${c}`, str(`a = "b" ${c}`)},
		{`description = "untyped"`, `[1]`, str(`[1]`)},
		{`type = number`, `5`, cty.NumberIntVal(5)},
		{`type = number`, `five`, cty.NilVal},
		{`type = number`, `1e600000000`, cty.NilVal},
		{`type = bool`, `true`, cty.True},
		{`type = any`, `[1]`, cty.TupleVal([]cty.Value{cty.NumberIntVal(1)})},
		{`type = list(string)`, `["a", "b"]`, cty.ListVal([]cty.Value{str("a"), str("b")})},
		{`type = list(string)`, `["a"`, cty.NilVal},
		{`type = list(string)`, `[local.x]`, cty.NilVal},
		{`type = list(string)`, "[\xff]", cty.NilVal},
		{`type = string`, "\xff", cty.NilVal},
		{`type = object({ a = string, b = optional(number, 3) })`, `{ a = 1 }`,
			cty.ObjectVal(map[string]cty.Value{"a": str("1"), "b": cty.NumberIntVal(3)})},
		{`type = object({ a = string })`, `{}`, cty.NilVal},
		{`type = map(number)`, `{ a = "x" }`, cty.NilVal},
		{"type = list(string)\n  nullable = false", `null`, cty.NilVal},
		{"type = list(string)\n  nullable = false\n  default = [\"d\"]", `null`, cty.ListVal([]cty.Value{str("d")})},
		{"type = list(string)", `null`, cty.NullVal(cty.List(cty.String))},
		{"type = list(any)", strings.Repeat("[", 500), cty.NilVal},
	} {
		in := testInputs()
		in.Flags = []VarFlag{{"v", tt.text}}
		dir := write(t, "variable \"v\" {\n  "+tt.declaration+"\n}\nlocals {\n  x = var.v\n}\n")
		c, diags := Load(dir, in)
		printed(c, diags)
		switch {
		case tt.want == cty.NilVal && !diags.HasErrors():
			t.Errorf("%s from %s: no error but %#v", tt.declaration, tt.text, c.Variables["v"].Value)
		case tt.want != cty.NilVal && (diags.HasErrors() || !c.Variables["v"].Value.RawEquals(tt.want)):
			t.Errorf("%s from %s: %#v, %v", tt.declaration, tt.text, c.Variables["v"].Value, diags)
		}
	}
}

// No diagnostic shows a sensitive value, neither in words nor by the source lines it points at.
func TestSensitiveStaysHidden(t *testing.T) {
	const use = "\nprovider \"heyx\" {\n  token = \"${var.v[0]}\"\n}\n"
	for _, tt := range []struct {
		declaration, file string
		flags             []VarFlag
	}{
		{`type = number`, "v = \"s3cret\"\n", nil},
		{`type = list(string)`, "", []VarFlag{{"v", `["s3cret"`}}},
		{`type = list(string)`, "", []VarFlag{{"v", `s3cret`}}},
		{`type = list(number)`, "", []VarFlag{{"v", `["s3cret"]`}}},
		{"validation {\n    condition     = parseint(var.v, 10) > 1\n    error_message = \"No.\"\n  }", "", []VarFlag{{"v", `s3cret`}}},
		{`type = number`, "v = \"s3cret\" + 1\n", nil},
		{`type = string`, "", []VarFlag{{"v", "s3cret"}}}, // and the provider's expression fails
	} {
		in := testInputs()
		in.Flags = tt.flags
		c, diags := Load(write(t, "-- main.hcl --\nvariable \"v\" {\n  sensitive = true\n  "+tt.declaration+"\n}\n"+use+"-- herald.vars --\n"+tt.file), in)
		if !diags.HasErrors() {
			t.Errorf("%s: no error", tt.declaration)
		}
		if text := printed(c, diags); strings.Contains(text, "s3cret") {
			t.Errorf("%s:\n%s", tt.declaration, text)
		}
	}
}

// A sensitive value that cannot be read is found by the name and the line, and neither shown nor kept for printing.
func TestSensitivePlace(t *testing.T) {
	const main = "-- main.hcl --\nvariable \"tok\" {\n  sensitive = true\n}\nvariable \"lst\" {\n  sensitive = true\n  type = list(string)\n  default = []\n}\n" +
		"variable \"region\" {\n  default = \"eu\"\n}\nprovider \"heyx\" {\n  token = \"${var.tok}${var.region}${join(\"\", var.lst)}\"\n}\n"
	for _, tt := range []struct {
		name, file string
		flags      []VarFlag
		env        string
		want       string // at which an error begins
	}{
		{name: "without quotes", file: "region = \"eu\"\ntok = SEKRET3 # or SEKRET4\n", want: "herald.vars:2:1 Invalid value for variable: The value of var.tok from variables file herald.vars "},
		{name: "a call", file: "tok = upper(\"SEKRET\")\n", want: "herald.vars:1:1 Invalid value"},
		{name: "over several lines", file: "tok = [\n  SEKRET,\n  \"SEKRET\"\n] # SEKRET\n", want: "herald.vars:1:1 Invalid value"},
		{name: "heredoc", file: "tok = \"x\"\nlst = <<E\nSEKRET\nE\nregion = \"eu\"\n", want: "herald.vars:2:1 Invalid value"},
		{name: "quote not closed", file: "region = \"eu\"\ntok = \"SEKRET\n", want: "herald.vars:2:"},
		{name: "twice", file: "tok = \"x\"\ntok = \"SEKRET\"\n", want: "herald.vars:2:"},
		{name: "misspelt name", file: "tok = true\ntokk = \"SEKRET\"\n", want: "herald.vars:2:1 Value for undeclared variable"},
		{name: "in a block", file: "tok = true\nvars { tok = \"SEKRET\" }\n", want: "herald.vars:2:1 Block in a variables file"},
		{name: "flag", file: "tok = \"x\"\n", flags: []VarFlag{{"lst", "SEKRET"}}, want: "<flag -var lst>:1:1 Invalid value for variable: The value of var.lst from flag -var lst "},
		{name: "environment", file: "tok = \"x\"\n", env: "SEKRET", want: "<environment variable HERALD_VAR_lst>:1:1 Invalid value"},
		{name: "another type", file: "tok = \"x\"\nlst = \"SEKRET\"\n", want: "herald.vars:2:1 Invalid value for variable: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := testInputs()
			in.Flags = tt.flags
			in.Env = func(n string) (string, bool) { return tt.env, n == "HERALD_VAR_lst" && tt.env != "" }
			c, diags := Load(write(t, main+"-- herald.vars --\n"+tt.file), in)
			found := false
			for _, d := range diags {
				if d.Subject == nil || d.Subject.Filename == "main.hcl" && d.Summary != "Unused variable" {
					t.Errorf("%v", d)
					continue
				}
				text := fmt.Sprintf("%s:%d:%d %s: %s", d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column, d.Summary, d.Detail)
				found = found || strings.HasPrefix(text, tt.want)
			}
			if !found {
				t.Errorf("%v, want %s", diags, tt.want)
			}
			if text := printed(c, diags); strings.Contains(text, "SEKRET") {
				t.Error(text)
			}
			for name, f := range c.Files() {
				if strings.Contains(string(f.Bytes), "SEKRET") {
					t.Errorf("%s keeps it: %s", name, f.Bytes)
				}
			}
		})
	}
}

// A word without quotes is told to be text.
func TestWordIsText(t *testing.T) {
	in := testInputs()
	in.Flags = []VarFlag{{"lst", "abc"}}
	_, diags := Load(write(t, "variable \"lst\" {\n  type = list(string)\n}\nlocals {\n  x = var.lst\n}\n"), in)
	const want = "The value of var.lst from flag -var lst cannot name anything. Text stands in double quotes."
	if len(diags) != 1 || diags[0].Detail != want || diags[0].Subject.Filename != "<flag -var lst>" {
		t.Errorf("%v, want %s", diags, want)
	}
}

// Other lines of a file with secrets are shown as ever, at their places.
func TestVariablesFileIsShown(t *testing.T) {
	c, diags := Load(write(t, "-- main.hcl --\nvariable \"tok\" {\n  sensitive = true\n}\nvariable \"n\" {\n  type = number\n}\n"+
		"provider \"heyx\" {\n  token = \"${var.tok}${var.n}\"\n}\n-- herald.vars --\ntok = \"SEKRET\"\nn = \"many\"\n"), testInputs())
	if text := printed(c, diags); !strings.Contains(text, `2: n = "many"`) || strings.Contains(text, "SEKRET") {
		t.Error(text)
	}
}

func TestPlaceholders(t *testing.T) {
	const text = `
variable "token" {
  sensitive = true
  type      = object({ a = string, n = number, l = list(string) })
  validation {
    condition     = length(var.token.a) > 100
    error_message = "Too short."
  }
}
variable "name" {}
provider "heyx" {
  token = "${var.token.a}${var.name}"
}
`
	in := testInputs()
	in.Placeholders = true
	_, diags := Load(write(t, text), in)
	if len(diags) != 1 || diags[0].Summary != "No value for required variable" || !strings.Contains(diags[0].Detail, `"name"`) {
		t.Errorf("a rehearsal makes up sensitive values and no others: %v", diags)
	}
}

// Problems that stand in no file are reported without a place.
func TestProblemsOutsideFiles(t *testing.T) {
	for _, tt := range []struct {
		summary string
		flags   []VarFlag
	}{
		{"Value for undeclared variable", []VarFlag{{"regoin", "x"}}},
		{"Variables file cannot be read", []VarFlag{{Value: "none.vars"}}},
		{"Variables file cannot be read", []VarFlag{{Value: "."}}},
		{"JSON syntax is not read", []VarFlag{{Value: "x.json"}}},
	} {
		in := testInputs()
		in.Flags = tt.flags
		_, diags := Load(write(t, region+"-- x.json --\n{}\n"), in)
		if len(diags) != 1 || diags[0].Summary != tt.summary || diags[0].Subject != nil {
			t.Errorf("%s: %v", tt.summary, diags)
		}
	}
}

// A relative -var-file begins in the campaign's directory, wherever the program was started; an absolute one is itself.
func TestVariablesFilePath(t *testing.T) {
	dir := write(t, region+"-- x.vars --\nregion = \"own\"\n")
	above := filepath.Dir(dir)
	t.Chdir(above)
	if err := os.WriteFile("x.vars", []byte("region = \"above\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"x.vars": "own", "./x.vars": "own", "../x.vars": "above", filepath.Join(above, "x.vars"): "above",
	} {
		for _, load := range []string{dir, filepath.Base(dir)} {
			in := testInputs()
			in.Flags = []VarFlag{{Value: path}}
			c, diags := Load(load, in)
			if diags.HasErrors() || !c.Variables["region"].Value.RawEquals(cty.StringVal(want)) {
				t.Errorf("%s in %s: %#v, %v; want %s", path, load, c.Variables["region"].Value, diags, want)
			}
		}
	}
}

// No setting of a provider block tells a sensitive value, and limits and retry, which plans show, take none.
func TestSensitiveSettings(t *testing.T) {
	for _, tt := range []struct{ body, summary string }{
		{`channel = var.v`, "Invalid value"},
		{`channel = "x${local.l}"`, "Invalid value"},
		{`token = [var.v]`, "Wrong type of value"},
		{`token = file(var.v)`, "Invalid function argument"},
		{`alias = var.v`, "Variables not allowed"},
		{"limits {\n    requests = var.v\n  }", "Sensitive value in the wrong place"},
		{"limits {\n    per = local.l\n  }", "Sensitive value in the wrong place"},
		{"limits {\n    timeout = var.v\n  }", "Sensitive value in the wrong place"},
		{"retry {\n    max_backoff = var.v\n  }", "Sensitive value in the wrong place"},
		{"retry {\n    max_attempts = var.v\n  }", "Sensitive value in the wrong place"},
	} {
		in := testInputs()
		in.Flags = []VarFlag{{"v", "s3cret"}}
		c, diags := Load(write(t, "variable \"v\" {\n  sensitive = true\n}\nlocals {\n  l = var.v\n}\nprovider \"heyx\" {\n  "+tt.body+"\n}\n"), in)
		if len(diags) == 0 || diags[0].Summary != tt.summary {
			t.Errorf("%s: %v, want %s", tt.body, diags, tt.summary)
		}
		if text := printed(c, diags); strings.Contains(text, "s3cret") {
			t.Errorf("%s:\n%s", tt.body, text)
		}
	}
}

// What is not sensitive is named, with what was meant.
func TestSettingIsNamed(t *testing.T) {
	_, diags := Load(write(t, "provider \"heyx\" {\n  channel = \"vibre\"\n}\n"), testInputs())
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, `channel cannot be "vibre"`) || !strings.Contains(diags[0].Detail, `Did you mean "viber"?`) {
		t.Error(diags)
	}
}
