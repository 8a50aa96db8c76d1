package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/planner"
)

type validateOptions struct {
	campaignOptions
	json   bool
	format string
}

func validateCommand(e *env) *cli.Command {
	var o validateOptions
	return &cli.Command{
		Name:  "validate",
		Usage: "check everything that needs neither ledger nor network",
		Flags: append(o.flags(e), documentFlag(e, &o.json),
			&cli.StringFlag{Name: "format", Usage: "print what is wrong as `KIND` takes it: github, for annotations of a pull request", Destination: &o.format}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			switch {
			case o.format != "" && o.format != "github":
				return fmt.Errorf("-format=%s: known is github", report.Escape(o.format))
			case o.format != "" && o.json:
				return fmt.Errorf("-format and -json are two ways to print the same; give one")
			}
			return validate(ctx, e, o)
		},
	}
}

func validate(ctx context.Context, e *env, o validateOptions) error {
	o.sandbox = true // secrets are not needed to check
	c, diags, err := loadCampaign(e, o.campaignOptions)
	if err != nil {
		return err
	}
	if !diags.HasErrors() {
		accounts, more := openAccounts(e, c, nil, nil)
		diags = append(diags, more...)
		if !diags.HasErrors() {
			more, err := planner.Validate(ctx, c, plannerAccounts(accounts))
			if err != nil {
				return err
			}
			diags = append(diags, more...)
		}
		for _, a := range accounts {
			a.provider.Close()
		}
	}
	result := report.NewValidation(diags, filesOf(c))
	switch {
	case o.json:
		if err := report.Document(e.out, result); err != nil {
			return err
		}
	case o.format != "":
		root, err := e.root()
		if err != nil {
			return err
		}
		report.GitHub(e.out, func(file string) string { return inCheckout(e, root, file) }, diags)
	default:
		report.Diagnostics(e.err, e.style(e.err), diags, filesOf(c))
		if result.Valid {
			success := "Success! The campaign is valid."
			if result.WarningCount > 0 {
				success = "Success! The campaign is valid, but there are warnings, shown above."
			}
			fmt.Fprintln(e.out, success)
		}
	}
	if !result.Valid {
		return errShown
	}
	return nil
}

// inCheckout names a file of the campaign as a pull request does: from the top of the checkout. That is the nearest
// directory above the campaign that git knows, or else the workspace of the job, or else where herald was called.
func inCheckout(e *env, root, file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(root, file)
	}
	workspace, _ := e.getenv("GITHUB_WORKSPACE")
	file = filepath.Join(resolved(filepath.Dir(file)), filepath.Base(file))
	for _, top := range []string{gitTop(root), workspace, "."} {
		if top == "" {
			continue
		}
		if name, err := filepath.Rel(resolved(top), file); err == nil && filepath.IsLocal(name) {
			return name
		}
	}
	return file
}

// gitTop is the nearest directory at or above dir that git knows; "" for none.
func gitTop(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}

// resolved is an absolute path of a directory in which nothing is a link, so that two of them can be compared.
func resolved(dir string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}
