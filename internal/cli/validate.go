package cli

import (
	"context"
	"fmt"

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
		report.GitHub(e.out, e.dir, diags)
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
