package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/sealed"
	"herald/planner"
	"herald/spec"
)

// validFor is how long a saved plan may be applied when nobody says.
const validFor = 72 * time.Hour

// The names of what a saved plan holds.
const (
	savedName   = "plan.json"
	settledName = "settled.jsonl"
	restsName   = "rests.jsonl"
	stepsStart  = "steps/"
	stepsEnd    = ".jsonl"
)

// saveOptions say where and how a plan is saved.
type saveOptions struct {
	out       string
	valid     string
	encryptTo []string
	markdown  string // file
	html      string // file
}

func (o *saveOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "out", Usage: "seal the plan into `FILE`, for apply FILE", Destination: &o.out},
		&cli.StringFlag{Name: "valid-for", Usage: "how long the sealed plan may be applied, as a `DURATION`, say 12h or 3d (72h unless given)", Destination: &o.valid},
		&cli.StringFlag{Name: "markdown-into", Usage: "with -out: write the review of show -markdown into `FILE`", Destination: &o.markdown},
		&cli.StringFlag{Name: "html-into", Usage: "with -out: write the page of show -html into `FILE`", Destination: &o.html},
		&cli.StringSliceFlag{Name: "encrypt-to", Usage: "encrypt the sealed plan to an age `RECIPIENT`; may be given again", Destination: &o.encryptTo},
	}
}

// lasts gives how long the plan may be applied.
func (o *saveOptions) lasts() (time.Duration, error) {
	if o.valid == "" {
		return validFor, nil
	}
	d, err := spec.ParseDuration(o.valid)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("-valid-for=%s: give a duration above zero, say 12h or 3d", o.valid)
	}
	return d, nil
}

// check refuses flags that have no meaning together.
func (o *saveOptions) check(now, jsonInto string) error {
	flags := map[string]string{} // by file
	for flag, file := range map[string]string{"-out": o.out, "-markdown-into": o.markdown, "-html-into": o.html, "-json-into": jsonInto} {
		if other := flags[filepath.Clean(file)]; file != "" && other != "" {
			return fmt.Errorf("%s and %s name the same file; give each its own", min(flag, other), max(flag, other))
		}
		flags[filepath.Clean(file)] = flag
	}
	switch {
	case o.out == "" && (o.valid != "" || len(o.encryptTo) > 0):
		return fmt.Errorf("-valid-for and -encrypt-to are about a sealed plan; give -out=FILE too")
	case o.out == "" && (o.markdown != "" || o.html != ""):
		return fmt.Errorf("-markdown-into and -html-into show a sealed plan; give -out=FILE too")
	case o.out != "" && now != "":
		return fmt.Errorf("-out seals what is due now; with -now it would be what is due then, and sent now. Give one of them")
	}
	_, err := o.lasts()
	return err
}

// savePlan seals a plan with what it keeps on disk, and gives what is in the file beside that, and the digest.
func (s *session) savePlan(ctx context.Context, p *planner.Plan, files *planner.PlanFiles, warnings []planner.Warning, o saveOptions) (saved planner.Saved, digest string, err error) {
	lasts, err := o.lasts()
	if err != nil {
		return saved, "", err
	}
	saved = planner.Saved{
		FormatVersion: planner.SavedVersion, Herald: Version, Campaign: filepath.Base(s.campaign.Root), Created: p.Created.UTC(), NotAfter: p.Created.Add(lasts).UTC(),
		Sandbox: s.box != nil, Lineage: p.Lineage, Serial: p.Serial, Rests: files.Rests(), Warnings: warnings, Plan: *p,
	}
	if saved.Configuration, err = configuration(s.campaign.Root); err != nil {
		return saved, "", err
	}
	for _, l := range p.Lanes {
		saved.Accounts = append(saved.Accounts, s.accounts[l.Account].saved(s.box != nil))
	}
	if saved.Said, err = said(ctx, s.ledger, p); err != nil {
		return saved, "", err
	}
	saved.Plan.Wants = nil // they are read before there is a plan, and grow with the people
	saved.Exclusions(s.campaign)

	out, err := sealed.Create(s.env.path(o.out))
	if err != nil {
		return saved, "", fmt.Errorf("-out: %w", err)
	}
	defer out.Abort()
	if err := out.EncryptTo(o.encryptTo); err != nil {
		return saved, "", err
	}
	text, err := json.Marshal(saved)
	if err == nil {
		err = bounded(int64(len(text)), text)
	}
	if err != nil {
		return saved, "", fmt.Errorf("-out: %w", err)
	}
	add := func(name string, write func(io.Writer) error) {
		var entry io.Writer
		if err == nil {
			entry, err = out.Entry(name)
		}
		if err == nil {
			err = write(entry)
		}
	}
	add(savedName, func(w io.Writer) error { _, err := w.Write(text); return err })
	if saved.Plan.Counts[planner.Skip]+saved.Plan.Counts[planner.Assume] > 0 {
		add(settledName, files.WriteSettled)
	}
	if saved.Rests > 0 {
		add(restsName, files.WriteRests)
	}
	for _, lane := range files.Lanes() {
		add(stepsStart+lane+stepsEnd, func(w io.Writer) error { return files.WriteTo(lane, w) })
	}
	if err == nil {
		digest, err = out.Seal()
	}
	if err != nil {
		return saved, "", fmt.Errorf("-out: %w", err)
	}
	return saved, digest, nil
}

// saved names the account as a plan keeps it: by what makes two blocks the same account, without secrets. In a rehearsal
// the address is another one each time, and means nothing.
func (a *account) saved(rehearsal bool) planner.SavedAccount {
	out := planner.SavedAccount{Name: a.config.Name(), Type: a.config.Type, Settings: map[string]string{}}
	for _, setting := range a.facts.Settings {
		if setting.Secret || !setting.Identity && !namesAccount(setting.Name) || setting.Name == "base_url" && rehearsal {
			continue
		}
		if v, given := a.config.Settings[setting.Name]; given {
			out.Settings[setting.Name] = fmt.Sprint(v)
		}
	}
	return out
}

// namesAccount reports whether a plan that was made with one value of a setting must not be applied with another.
func namesAccount(setting string) bool {
	switch setting {
	case "base_url", "account_id", "inbox_id", "bot_id", "ai_id", "channel":
		return true
	}
	return false
}

// configuration is a digest of the campaign's files.
func configuration(root string) (string, error) {
	names, err := spec.FileNames(root)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, name := range names {
		f, err := os.Open(filepath.Join(root, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%q\n", name)
		n, err := io.Copy(sum, f)
		f.Close()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "\n%d\n", n)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
