package report

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
)

func TestGitHub(t *testing.T) {
	at := func(file string, line, column, endLine, endColumn int) *hcl.Range {
		return &hcl.Range{Filename: file, Start: hcl.Pos{Line: line, Column: column}, End: hcl.Pos{Line: endLine, Column: endColumn}}
	}
	var b bytes.Buffer
	GitHub(&b, func(file string) string { return "campaigns/launch/" + file }, hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "Bad, value", Detail: "100 %: no.\n::error::forged\r\nend", Subject: at("a,b.hcl", 3, 5, 3, 9)},
		{Severity: hcl.DiagWarning, Summary: "Long", Detail: "\x1b[31mred", Subject: at("x.hcl", 1, 1, 4, 2)},
		{Severity: hcl.DiagError, Summary: "Nowhere", Detail: "x"},
		{Severity: hcl.DiagWarning, Summary: "Said: 50 %,\rno more"},
	})
	want := `::error file=campaigns/launch/a%2Cb.hcl,line=3,endLine=3,title=Bad%2C value,col=5,endColumn=9::100 %25: no.%0A::error::forged%0D%0Aend
::warning file=campaigns/launch/x.hcl,line=1,endLine=4,title=Long::\u001b[31mred
::error title=Nowhere::x
::warning title=Said%3A 50 %25%2C%0Dno more::Said: 50 %25,%0Dno more
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
