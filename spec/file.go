package spec

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// sourceFile is one file of a campaign before it is parsed.
type sourceFile struct {
	name string // within the directory
	text []byte
}

// FileNames lists the files that make up the campaign in dir, by name: *.hcl without *.test.hcl, and none whose name
// begins with a dot. The names have no directory in front.
func FileNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		n := e.Name()
		if e.IsDir() || strings.HasPrefix(n, ".") || !strings.HasSuffix(n, ".hcl") || strings.HasSuffix(n, ".test.hcl") {
			continue
		}
		names = append(names, n)
	}
	return names, nil
}

// readCampaign reads the files of a directory.
func readCampaign(dir string) ([]sourceFile, hcl.Diagnostics) {
	names, err := FileNames(dir)
	if err != nil {
		return nil, hcl.Diagnostics{problem(hcl.Range{}, "Campaign directory cannot be read",
			"%s: %s. Name the directory of the campaign with -chdir=DIR.", dir, reason(err))}
	}
	var files []sourceFile
	var diags hcl.Diagnostics
	if stray, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*.hcl.json")); err == nil {
		for _, s := range stray {
			diags = append(diags, warning(hcl.Range{}, "JSON syntax is not read",
				"%s is left out: campaigns are written in HCL's own syntax, in files that end in .hcl.", filepath.Base(s)))
		}
	}
	for _, n := range names {
		text, err := readRegular(filepath.Join(dir, n))
		if err != nil {
			diags = append(diags, problem(hcl.Range{}, "Campaign file cannot be read", "%s: %s.", n, reason(err)))
			continue
		}
		files = append(files, sourceFile{n, text})
	}
	if len(names) == 0 {
		diags = append(diags, problem(hcl.Range{}, "No campaign files",
			"%s has no file that ends in .hcl. Write one, or name another directory with -chdir=DIR.", dir))
	}
	return files, diags
}

// escapeGlob makes a path stand for itself in a pattern.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// readRegular reads a file whole, up to one byte more than maxFile, so that the guard sees that it is too large. A pipe
// or a device is refused: reading it might never end.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

var errNotRegular = errors.New("not a regular file")

// reason gives an error of the file system without the path that it repeats.
func reason(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// parse gives the syntax tree of one file. The file is there even with errors, for printing them with its lines.
func parse(f sourceFile) (*hcl.File, hcl.Diagnostics) {
	if diags := guardConfig(f.text, f.name); diags.HasErrors() {
		return &hcl.File{Bytes: f.text, Body: &hclsyntax.Body{}}, diags
	}
	return parseConfig(unixLines(f.text), f.name)
}

// unixLines ends lines by LF alone. Git may check a text out with CRLF on one machine and with LF on another, and texts
// that differ in that must not be other content: it could be sent to everyone again.
func unixLines(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }

// parseConfig calls the parser, and turns a panic of it into a diagnostic.
func parseConfig(src []byte, name string) (file *hcl.File, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			file = &hcl.File{Bytes: src, Body: &hclsyntax.Body{}}
			diags = hcl.Diagnostics{problem(startOf(name), "File cannot be parsed",
				"The parser failed on %s. Look for unbalanced quotes and brackets.", name)}
		}
	}()
	file, diags = hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if !diags.HasErrors() {
		bind(bodyOf(file))
	}
	return file, clean(diags)
}

// bodyOf gives the body of a parsed file.
func bodyOf(f *hcl.File) *hclsyntax.Body { return f.Body.(*hclsyntax.Body) }
