package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// GitHub writes diagnostics as workflow commands, which GitHub Actions shows beside the lines of a pull request. Dir is
// where the campaign lies, seen from the top of the checkout; "" for the top itself.
func GitHub(w io.Writer, dir string, diags hcl.Diagnostics) {
	for _, d := range diags {
		level := "error"
		if d.Severity == hcl.DiagWarning {
			level = "warning"
		}
		properties := []string{"title=" + property(d.Summary)}
		if d.Subject != nil {
			at := *d.Subject
			properties = append([]string{
				"file=" + property(filepath.ToSlash(filepath.Join(dir, at.Filename))),
				fmt.Sprintf("line=%d", at.Start.Line), fmt.Sprintf("endLine=%d", at.End.Line),
			}, properties...)
			if at.Start.Line == at.End.Line { // columns are taken only within one line
				properties = append(properties, fmt.Sprintf("col=%d", at.Start.Column), fmt.Sprintf("endColumn=%d", at.End.Column))
			}
		}
		fmt.Fprintf(w, "::%s %s::%s\n", level, strings.Join(properties, ","), data(d.Detail))
	}
}

// data escapes what follows the command: a line break would end it, and what came after it could be another one.
func data(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.ReplaceAll(Escape(lines[i]), "%", "%25")
	}
	return strings.Join(lines, "%0A")
}

// property escapes a value within the command.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
