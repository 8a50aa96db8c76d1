package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// GitHub writes diagnostics as workflow commands, which GitHub Actions shows beside the lines of a pull request. Place gives
// a file's path from the top of the checkout.
func GitHub(w io.Writer, place func(file string) string, diags hcl.Diagnostics) {
	for _, d := range diags {
		level := "error"
		if d.Severity == hcl.DiagWarning {
			level = "warning"
		}
		properties := []string{"title=" + property(d.Summary)}
		if d.Subject != nil {
			at := *d.Subject
			properties = append([]string{
				"file=" + property(filepath.ToSlash(place(at.Filename))),
				fmt.Sprintf("line=%d", at.Start.Line), fmt.Sprintf("endLine=%d", at.End.Line),
			}, properties...)
			if at.Start.Line == at.End.Line { // columns are taken only within one line
				properties = append(properties, fmt.Sprintf("col=%d", at.Start.Column), fmt.Sprintf("endColumn=%d", at.End.Column))
			}
		}
		text := d.Detail
		if text == "" { // an annotation without words is not shown
			text = d.Summary
		}
		fmt.Fprintf(w, "::%s %s::%s\n", level, strings.Join(properties, ","), data(text))
	}
}

// data escapes what follows the command, as GitHub's runner reads it back (github.com/actions/runner, ActionCommand): a line
// break would end it, and what came after it could be another command. Characters that do not print are drawn as elsewhere.
func data(s string) string {
	var out strings.Builder
	for len(s) > 0 {
		i := strings.IndexAny(s, "%\r\n")
		if i < 0 {
			i = len(s)
		}
		out.WriteString(Escape(s[:i]))
		if s = s[i:]; s != "" {
			fmt.Fprintf(&out, "%%%02X", s[0])
			s = s[1:]
		}
	}
	return out.String()
}

// property escapes a value within the command, where these two end it.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
