package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"
)

// Beside what the script has: line ends of Windows, a byte order mark, text composed in another way, no line end at the end.
var laidOut = map[string]string{
	"\xef\xbb\xbfa=\"${x}\"\r\nb   =  2\r\nc \"x\"   {\r\na=\"${\r\n1\r\n}\"\r\n}\r\n": "a = x\r\nb = 2\r\nc \"x\" {\r\n  a = 1\r\n}\r\n",
	"a = 1\n\n\n   \t\nbb= 2\nc \"e\u0301\" {}\n":                                      "a = 1\n\n\n\nbb = 2\nc \"\u00e9\" {}\n",
	"a=1":    "a = 1",
	"":       "",
	"\n\n":   "\n\n",
	"# why ": "# why ",
}

// What is stored as Terraform's layout is Terraform's, as far as it is here to be asked, and herald's.
func TestFmtIsTerraforms(t *testing.T) {
	stored, err := txtar.ParseFile("testdata/script/fmtterraform.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files, want := map[string]string{}, map[string]string{}
	for _, f := range stored.Files {
		files[f.Name] = string(f.Data)
	}
	for name, text := range files {
		if base, is := strings.CutSuffix(name, ".in"); is && !strings.HasPrefix(name, "kept-") {
			want[text] = files[base+".want"]
		}
	}
	if len(want) < 5 {
		t.Fatalf("only %d layouts are stored", len(want))
	}
	for in, out := range laidOut {
		want[in] = out
	}
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		t.Log("terraform is not installed: what is stored was not asked again")
	}
	for in, out := range want {
		if diff := cmp.Diff(out, string(canonical([]byte(in), "campaign.hcl"))); diff != "" {
			t.Errorf("herald fmt of %q (-want +got):\n%s", in, diff)
		}
		if terraform == "" {
			continue
		}
		theirs := terraformFmt(t, terraform, in)
		if diff := cmp.Diff(out, theirs); diff != "" {
			t.Errorf("terraform fmt of %q (-want +got):\n%s", in, diff)
		}
	}
}

// terraformFmt lays a file out with the program itself.
func terraformFmt(t *testing.T, program, src string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "campaign.tf")
	if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "fmt", file)
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("terraform fmt: %v\n%s", err, out)
	}
	out, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// expression draws one that is HCL, mostly.
func expression(t *rapid.T, deep int) string {
	gap := rapid.SampledFrom([]string{"", " ", "\n", " # c\n", "/* c */"})
	one := func() string { return gap.Draw(t, "gap") + expression(t, deep-1) + gap.Draw(t, "gap") }
	kind := 0
	if deep > 0 {
		kind = rapid.IntRange(0, 8).Draw(t, "kind")
	}
	switch kind {
	case 1:
		return "(" + one() + ")"
	case 2:
		return one() + "+" + one()
	case 3:
		return one() + "?" + one() + ":" + one()
	case 4, 5:
		return "\"${" + one() + "}\""
	case 6:
		return "\"a${" + one() + "}${" + one() + "}\""
	case 7:
		return "f(" + one() + "," + one() + ")"
	case 8:
		return "[" + one() + "]"
	}
	return rapid.SampledFrom([]string{"var.x", "y", "\"a\"", "1", "<<E\n${z}\nE\n"}).Draw(t, "leaf")
}

// Whatever stands in an argument and in a label, fmt leaves a file that is read as before, but for what is laid out.
func TestFmtLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := "\"${" + expression(t, 3) + "}\""
		label := rapid.StringMatching(`[a-c$%{} ~0-9]{0,4}`).Draw(t, "label")
		src := []byte("block \"" + label + "\" {\n  a = " + value + "\n}\n")
		before, diags := hclsyntax.ParseConfig(src, "", hcl.InitialPos)
		if diags.HasErrors() {
			return // no HCL
		}
		out := canonical(src, "")
		after, diags := hclsyntax.ParseConfig(out, "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%s\nbecame\n%s\n%v", src, out, diags)
		}
		was, is := before.Body.(*hclsyntax.Body).Blocks, after.Body.(*hclsyntax.Body).Blocks
		if len(is) != len(was) || !cmp.Equal(is[0].Labels, was[0].Labels) || len(is[0].Body.Attributes) != len(was[0].Body.Attributes) {
			t.Fatalf("%s\nbecame\n%s", src, out)
		}
		if a, b := names(was[0]), names(is[0]); !bytes.Equal(a, b) {
			t.Fatalf("%s\nnames %s, and\n%s\nnames %s", src, a, out, b)
		}
	})
}

// names lists what a block's arguments refer to, in order.
func names(b *hclsyntax.Block) []byte {
	var all []byte
	for _, a := range b.Body.Attributes {
		for _, v := range a.Expr.Variables() {
			all = append(append(all, v.RootName()...), ' ')
		}
	}
	return all
}
