package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	cli "github.com/urfave/cli/v3"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/report"
	"herald/internal/testfile"
)

type testOptions struct {
	campaignOptions
	filters []string
	json    bool
	verbose bool
	junit   string
}

func testCommand(e *env) *cli.Command {
	o := testOptions{}
	return &cli.Command{
		Name:  "test",
		Usage: "run the campaign's *.test.hcl files in the sandbox, with a clock of their own",
		Description: "Each file is a story of runs on a ledger of its own: the clock jumps, people answer, vendors misbehave, and\n" +
			"assert blocks say what must have come of it. Nothing leaves this machine, and no credentials are needed.",
		Flags: append(o.valueFlags(e),
			&cli.StringSliceFlag{Name: "filter", Usage: "run only `FILE`; may be given again", Destination: &o.filters},
			&cli.BoolFlag{Name: "verbose", Usage: "show the plan of each run", Destination: &o.verbose},
			&cli.StringFlag{Name: "junit-xml", Usage: "write the results to `FILE` too, for CI systems", Destination: &o.junit},
			jsonFlag(e, &o.json)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return test(ctx, e, o)
		},
	}
}

func test(ctx context.Context, e *env, o testOptions) error {
	o.sandbox = true
	out := report.NewTests(e.out, e.style(e.out))
	if o.json {
		out = report.NewTestStream(report.NewStream(e.out, Version, e.now))
	}
	err := testAll(ctx, e, o, out)
	if err != nil && o.json && !errors.Is(err, errShown) {
		out.Failed(err)
		return errShown
	}
	return err
}

func testAll(ctx context.Context, e *env, o testOptions, out *report.Tests) error {
	root, err := e.root()
	if err != nil {
		return err
	}
	paths, err := testfile.Find(root)
	if err != nil {
		return err
	}
	if paths, err = chosen(paths, o.filters); err != nil {
		return err
	}
	if len(paths) == 0 {
		return fmt.Errorf("%s has no tests: a test is a file whose name ends in %s", root, testfile.Suffix)
	}
	// All files are read before the first is run: a slip in the last one must not cost the time of the others.
	var files []*testfile.File
	var diags hcl.Diagnostics
	sources := map[string]*hcl.File{}
	for _, path := range paths {
		f, more := testfile.Read(path, filepath.Base(path))
		diags = append(diags, more...)
		if f != nil {
			files = append(files, f)
			sources[f.Name] = f.Source
		}
	}
	out.Diagnostics(e.err, e.style(e.err), diags, sources)
	if diags.HasErrors() {
		return errShown
	}
	ctx, drain := interrupts(ctx, func() {})
	ctx, cancel := untilDrained(ctx, drain)
	defer cancel()
	for _, f := range files {
		out.Begin(f.Name)
		if err := testFile(ctx, e, o, f, out); err != nil {
			return err
		}
		out.End()
	}
	out.Summary()
	if o.junit != "" {
		if err := out.JUnit(e.path(o.junit)); err != nil {
			return fmt.Errorf("-junit-xml: %w", err)
		}
	}
	if ctx.Err() != nil {
		return errors.New("interrupted: the runs that follow were not carried out")
	}
	if out.Bad() {
		return errShown
	}
	return nil
}

// chosen gives those files that filters name.
func chosen(paths, filters []string) ([]string, error) {
	if len(filters) == 0 {
		return paths, nil
	}
	var out []string
	for _, f := range filters {
		i := slices.IndexFunc(paths, func(p string) bool { return filepath.Base(p) == filepath.Base(f) })
		if i < 0 {
			return nil, fmt.Errorf("-filter=%s: there is no such test file; there is %s", report.Escape(f), testNames(paths))
		}
		if !slices.Contains(out, paths[i]) {
			out = append(out, paths[i])
		}
	}
	return out, nil
}

// testNames lists test files.
func testNames(paths []string) string {
	if len(paths) == 0 {
		return "none, since a test is a file whose name ends in " + testfile.Suffix
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = report.Escape(filepath.Base(p))
	}
	return strings.Join(names, ", ")
}

// testFile runs one file, on a ledger and with a sandbox of its own.
func testFile(ctx context.Context, outer *env, o testOptions, f *testfile.File, out *report.Tests) error {
	dir, err := os.MkdirTemp("", "herald-test-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t := &trialRun{o: o, file: f, dir: dir, out: out, faults: &scriptedFaults{}}
	inner := *outer
	t.env = &inner
	t.clockAt(f.Start)
	broken := false
	if ctx.Err() == nil {
		ok, err := t.open()
		if err != nil {
			return err
		}
		if ok {
			defer t.session.close()
		}
		broken = !ok
	}
	for _, run := range f.Runs {
		if broken || ctx.Err() != nil {
			out.Run(report.TestRun{Name: run.Name, Status: report.TestSkipped, At: run.At})
			continue
		}
		result, err := t.run(ctx, run)
		if err != nil {
			return err
		}
		out.Run(result)
		broken = result.Status == report.TestError
	}
	return nil
}
