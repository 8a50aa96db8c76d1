package cli

import (
	"errors"
	"io"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/internal/testfile"
	"herald/providers/sandbox"
	"herald/spec"
)

// open loads the campaign and starts a sandbox for it. False says that it cannot be tested; that was said.
func (t *trialRun) open() (bool, error) {
	t.env.in, t.env.out, t.env.err = nil, io.Discard, io.Discard
	t.view = &trialView{}
	s, err := openRehearsal(t.env, t.with(nil), t.view, rehearsal{
		// What vendors answer is for the test to say, so the emulator's own answers come too late, if at all.
		box:    sandbox.Options{NoLimits: true, Fault: t.faults.next, Now: t.env.now, MaaxAnswerAfter: time.Minute},
		ledger: filepath.Join(t.dir, "sandbox.state"),
	})
	if errors.Is(err, errShown) {
		files := maps.Clone(t.view.files)
		if files == nil {
			files = map[string]*hcl.File{}
		}
		files[t.file.Name] = t.file.Source
		t.out.Broken("campaign", t.placed(t.view.diags, t.file.Variables), files)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	t.session, t.texts = s, map[addr.Send]string{}
	if diags := t.check(); diags.HasErrors() {
		t.out.Broken("test file", diags, t.files())
		s.close()
		return false, nil
	}
	return true, nil
}

// with gives the options with the values of the file's variables, and those of one run.
func (t *trialRun) with(own []testfile.Variable) campaignOptions {
	o := t.o.campaignOptions
	o.vars = append([]spec.VarFlag(nil), o.vars...)
	for _, all := range [][]testfile.Variable{t.file.Variables, own} {
		for _, v := range all {
			o.vars = append(o.vars, spec.VarFlag{Name: v.Name, Value: v.Text})
		}
	}
	return o
}

// reload loads the campaign anew where a run has variables of its own, or the one before it had.
func (t *trialRun) reload(own []testfile.Variable) hcl.Diagnostics {
	if len(own) == 0 && !t.changed {
		return nil
	}
	c, diags, err := loadCampaign(t.env, t.with(own))
	if err != nil {
		return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Unreadable campaign", Detail: sentenceOf(err.Error())}}
	}
	if !diags.HasErrors() {
		accounts, more := openAccounts(t.env, c, t.session.box, nil)
		if diags = append(diags, more...); !diags.HasErrors() {
			for _, a := range t.session.accounts {
				a.provider.Close()
			}
			t.session.campaign, t.session.accounts, t.changed = c, accounts, len(own) > 0
			return nil
		}
		for _, a := range accounts {
			a.provider.Close()
		}
	}
	t.view.diagnostics(diags, c)
	return t.placed(diags, append(append([]testfile.Variable(nil), t.file.Variables...), own...))
}

// placed gives the errors among diags. Those about a value that the test gives to a variable get its place.
func (t *trialRun) placed(diags hcl.Diagnostics, given []testfile.Variable) (out hcl.Diagnostics) {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		for _, v := range given {
			unknown, unfit := "-var gives a value to "+addr.Quote(v.Name)+",", "flag -var "+v.Name+" "
			if strings.Contains(d.Detail, unknown) || strings.Contains(d.Detail, unfit) {
				d.Subject = v.Range.Ptr()
				d.Detail = strings.Replace(d.Detail, unknown, "The test gives a value to "+addr.Quote(v.Name)+",", 1)
				d.Detail = strings.Replace(d.Detail, unfit, "the test ", 1)
			}
		}
		out = append(out, d)
	}
	return out
}

// files gives what diagnostics are printed with: the test and its campaign.
func (t *trialRun) files() map[string]*hcl.File {
	files := maps.Clone(t.session.campaign.Files())
	maps.Copy(files, t.view.files)
	files[t.file.Name] = t.file.Source
	return files
}
