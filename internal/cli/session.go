package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"

	"herald/executor"
	"herald/internal/addr"
	"herald/internal/table"
	"herald/planner"
	"herald/providers"
	"herald/providers/sandbox"
	"herald/spec"
	"herald/state"
)

// session is one campaign, loaded, with its accounts open.
type session struct {
	env      *env
	campaign *spec.Campaign
	accounts map[string]*account
	box      *sandbox.Sandbox // nil without -sandbox
	ledger   string           // path
	ear      *ear             // nil unless a rehearsal sends
	// asks finds the questions about sends in doubt; the campaign's own unless a saved plan knows better.
	asks func(context.Context, *state.View, map[addr.Send]string) (map[string][]executor.Question, error)
}

// loadCampaign reads the campaign of -chdir. Diagnostics are returned, not printed.
func loadCampaign(e *env, o campaignOptions) (*spec.Campaign, hcl.Diagnostics, error) {
	return load(e, o, spec.Load)
}

// load reads the campaign, or a part of it.
func load(e *env, o campaignOptions, how func(string, spec.Inputs) (*spec.Campaign, hcl.Diagnostics)) (*spec.Campaign, hcl.Diagnostics, error) {
	root, err := e.root()
	if err != nil {
		return nil, nil, err
	}
	c, diags := how(root, spec.Inputs{
		Schemas: schemas(e.registry), Version: Version, Env: e.getenv, Flags: o.vars, Placeholders: o.sandbox || o.offline, Header: table.Header,
	})
	return c, diags, nil
}

// openSession loads the campaign and opens its accounts. What is wrong with it goes to v; then the error is errShown.
func openSession(e *env, o campaignOptions, v view) (*session, error) {
	return openRehearsal(e, o, v, rehearsal{})
}

// rehearsal is how -sandbox is meant.
type rehearsal struct {
	box    sandbox.Options
	ledger string // path, "" for the campaign's own
	hears  bool   // the emulators' calls are received
	part   bool   // only the accounts are read: a saved plan has the rest
}

// openRehearsal is openSession with a sandbox, if there is one, as r says.
func openRehearsal(e *env, o campaignOptions, v view, r rehearsal) (*session, error) {
	how := spec.Load
	if r.part {
		how = spec.LoadAccounts
	}
	c, diags, err := load(e, o, how)
	if err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		v.diagnostics(diags, c)
		return nil, errShown
	}
	s := &session{env: e, campaign: c, ledger: r.ledger}
	if r.ledger == "" {
		s.ledger = ledgerPath(c, o.sandbox)
	}
	if o.sandbox {
		if s.box, err = sandbox.Start(r.box); err != nil {
			return nil, err
		}
	}
	if r.hears {
		if err := ownDirectory(filepath.Dir(s.ledger)); err != nil {
			s.close()
			return nil, err
		}
	}
	if r.hears && calls(c) {
		if s.ear, err = hear(context.Background(), s.ledger); err != nil {
			s.close()
			return nil, err
		}
	}
	var more hcl.Diagnostics
	s.asks = s.questions
	s.accounts, more = openAccounts(e, c, s.box, s.ear)
	diags = append(diags, more...)
	v.diagnostics(diags, c)
	if diags.HasErrors() {
		s.close()
		return nil, errShown
	}
	if s.ear != nil {
		if err := s.ear.serve(s); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

func (s *session) close() {
	if s.ear != nil {
		s.ear.close()
	}
	for _, a := range s.accounts {
		a.provider.Close()
	}
	if s.box != nil {
		s.box.Close()
	}
}

// plan makes the plan against what the ledger says now, and what look-ups and receipts say that is not in it yet. The steps
// go to sink; what is wrong goes to v.
func (s *session) plan(ctx context.Context, o planOptions, ledger *state.View, found map[addr.Send]providers.Finding, l learned, v view, sink func(*planner.Step) error) (*planner.Plan, error) {
	p, diags, err := s.make(ctx, o, ledger, found, l, sink)
	if err != nil {
		return nil, err
	}
	v.diagnostics(diags, s.campaign)
	for _, one := range l.unread {
		v.warn(fmt.Sprintf("%s was not read: %s What waits for that goes on waiting.", one.Account, sentenceOf(one.Why)))
	}
	if diags.HasErrors() {
		return nil, errShown
	}
	return p, nil
}

// make makes a plan, and says nothing.
func (s *session) make(ctx context.Context, o planOptions, ledger *state.View, found map[addr.Send]providers.Finding, l learned, sink func(*planner.Step) error) (*planner.Plan, hcl.Diagnostics, error) {
	targets, err := parseTargets("target", o.targets)
	if err != nil {
		return nil, nil, err
	}
	replace, err := parseTargets("replace", o.replace)
	if err != nil {
		return nil, nil, err
	}
	if o.limit < -1 {
		return nil, nil, fmt.Errorf("-limit=%d: give the number of sends, 0 or more", o.limit)
	}
	if o.samples < 0 {
		return nil, nil, fmt.Errorf("-samples=%d: give the number of samples, 0 or more", o.samples)
	}
	return planner.Make(ctx, planner.Input{
		Campaign: s.campaign, Accounts: plannerAccounts(s.accounts), View: ledger, Runs: ledger.Sizes, Now: s.env.now(),
		Targets: targets, Replace: replace, Limit: o.limit, Samples: max(o.samples, 1), AcceptNewKeys: o.acceptNewKeys, Version: Version,
		LookedUp: found, Receipts: l.receipts, Read: l.read, Rests: l.rests, Contents: l.rests != nil,
	}, sink)
}

// plannerAccounts hands the planner what it must know of the accounts.
func plannerAccounts(accounts map[string]*account) map[string]planner.Account {
	all := make(map[string]planner.Account, len(accounts))
	for name, a := range accounts {
		one := planner.Account{Provider: a.provider, Facts: a.facts, Identity: a.identity}
		one.Tells, one.Told = a.tells()
		all[name] = one
	}
	return all
}
