package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/diff"
	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/spec"
)

type fmtOptions struct {
	check, diff, recursive, json bool
	paths                        []string
}

func fmtCommand(e *env) *cli.Command {
	var o fmtOptions
	return &cli.Command{
		Name:      "fmt",
		Usage:     "rewrite campaign files in the canonical layout, which is terraform fmt's",
		ArgsUsage: "[DIR | FILE | -]...",
		Description: "Prints the names of the files it changed. With - it formats standard input to standard output.\n" +
			"-check changes nothing and exits with 1 when a file is not formatted.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "change nothing; exit with 1 when something would change", Destination: &o.check},
			&cli.BoolFlag{Name: "diff", Usage: "show what changes", Destination: &o.diff},
			&cli.BoolFlag{Name: "recursive", Usage: "go into directories below", Destination: &o.recursive},
			documentFlag(e, &o.json), noColorFlag(e),
		},
		Action: func(_ context.Context, c *cli.Command) error {
			o.paths = c.Args().Slice()
			return format(e, o)
		},
	}
}

func format(e *env, o fmtOptions) error {
	if len(o.paths) == 1 && o.paths[0] == "-" {
		src, err := io.ReadAll(e.in)
		if err != nil {
			return err
		}
		out, err := formatted(e, "<stdin>", src)
		if err != nil {
			return err
		}
		if o.check {
			if !bytes.Equal(src, out) {
				return errShown
			}
			return nil
		}
		_, err = e.out.Write(out)
		return err
	}
	if len(o.paths) == 0 {
		o.paths = []string{"."}
	}
	changed, failed := []formattedFile{}, false
	for _, given := range o.paths {
		files, err := formatFiles(e.path(given), o.recursive)
		if err != nil {
			return err
		}
		for _, file := range files {
			did, err := formatFile(e, o, file)
			if err != nil && err != errShown {
				return err
			}
			failed = failed || err != nil
			if did != nil {
				changed = append(changed, *did)
			}
		}
	}
	if o.json && !failed {
		if err := report.Document(e.out, map[string]any{"format_version": "1.0", "changed": changed}); err != nil {
			return err
		}
	}
	if failed || len(changed) > 0 && o.check {
		return errShown
	}
	return nil
}

// formatFiles lists the campaign files at a path: the file itself, or those of a directory.
func formatFiles(path string, recursive bool) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("fmt: %w", err)
	}
	if !info.IsDir() {
		if !strings.HasSuffix(path, ".hcl") && !strings.HasSuffix(path, ".vars") {
			return nil, fmt.Errorf("fmt: %s is no campaign file; those end in .hcl or .vars", path)
		}
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != path && (!recursive || strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case !d.IsDir() && !strings.HasPrefix(d.Name(), ".") && (strings.HasSuffix(p, ".hcl") || strings.HasSuffix(p, ".vars")):
			files = append(files, p)
		}
		return nil
	})
	return files, err
}

// formattedFile is a file whose layout changed, or would.
type formattedFile struct {
	File string `json:"file"`
	Diff string `json:"diff,omitempty"`
}

// formatFile formats one file; it gives nil when the file is as it should be.
func formatFile(e *env, o fmtOptions, path string) (changed *formattedFile, err error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("fmt: %w", err)
	}
	out, err := formatted(e, path, src)
	if err != nil || bytes.Equal(src, out) {
		return nil, err
	}
	changed = &formattedFile{File: path}
	if o.diff {
		changed.Diff = string(diff.Diff("old/"+path, src, "new/"+path, out))
	}
	if !o.json {
		fmt.Fprint(e.out, report.Escape(path), "\n", report.EscapeLines(changed.Diff))
	}
	if o.check {
		return changed, nil
	}
	return changed, replaceFile(path, out)
}

// formatted gives src in the canonical layout; what is wrong with it is printed.
func formatted(e *env, name string, src []byte) ([]byte, error) {
	_, diags := spec.Format(src, name)
	if diags.HasErrors() {
		files := map[string]*hcl.File{name: {Bytes: src}}
		if e.document {
			report.Document(e.out, report.NewValidation(diags, files))
		} else {
			report.Diagnostics(e.err, e.style(e.err), diags, files)
		}
		return nil, errShown
	}
	return canonical(src, name), nil
}

// replaceFile writes a file whole or not at all: beside it, flushed, then renamed, with the mode it had.
func replaceFile(path string, content []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".herald-fmt-*")
	if err != nil {
		return fmt.Errorf("fmt: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("fmt: %w", err)
	}
	return nil
}
