package cli

import (
	"context"
	"fmt"

	"github.com/hashicorp/hcl/v2"

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
}

// loadCampaign reads the campaign of -chdir. Diagnostics are returned, not printed.
func loadCampaign(e *env, o campaignOptions) (*spec.Campaign, hcl.Diagnostics, error) {
	root, err := e.root()
	if err != nil {
		return nil, nil, err
	}
	c, diags := spec.Load(root, spec.Inputs{
		Schemas: schemas(e.registry), Version: Version, Env: e.getenv, Flags: o.vars, Rehearsal: o.sandbox, Header: table.Header,
	})
	return c, diags, nil
}

// openSession loads the campaign and opens its accounts. What is wrong with it goes to v; then the error is errShown.
func openSession(e *env, o campaignOptions, v view) (*session, error) {
	c, diags, err := loadCampaign(e, o)
	if err != nil {
		return nil, err
	}
	if diags.HasErrors() {
		v.diagnostics(diags, c)
		return nil, errShown
	}
	s := &session{env: e, campaign: c, ledger: ledgerPath(c, o.sandbox)}
	if o.sandbox {
		if s.box, err = sandbox.Start(sandbox.Options{}); err != nil {
			return nil, err
		}
	}
	var more hcl.Diagnostics
	s.accounts, more = openAccounts(e, c, s.box)
	diags = append(diags, more...)
	v.diagnostics(diags, c)
	if diags.HasErrors() {
		s.close()
		return nil, errShown
	}
	return s, nil
}

func (s *session) close() {
	for _, a := range s.accounts {
		a.provider.Close()
	}
	if s.box != nil {
		s.box.Close()
	}
}

// plan makes the plan against what the ledger says now, and what look-ups found that it does not say yet. The steps go to
// sink.
func (s *session) plan(ctx context.Context, o planOptions, ledger *state.View, found map[addr.Send]providers.Finding, v view, sink func(*planner.Step) error) (*planner.Plan, error) {
	targets, err := parseTargets("target", o.targets)
	if err != nil {
		return nil, err
	}
	replace, err := parseTargets("replace", o.replace)
	if err != nil {
		return nil, err
	}
	if o.limit < -1 {
		return nil, fmt.Errorf("-limit=%d: give the number of sends, 0 or more", o.limit)
	}
	if o.samples < 0 {
		return nil, fmt.Errorf("-samples=%d: give the number of samples, 0 or more", o.samples)
	}
	p, diags, err := planner.Make(ctx, planner.Input{
		Campaign: s.campaign, Accounts: plannerAccounts(s.accounts), View: ledger, Now: s.env.now(),
		Targets: targets, Replace: replace, Limit: o.limit, Samples: max(o.samples, 1), AcceptNewKeys: o.acceptNewKeys, Version: Version,
		LookedUp: found,
	}, sink)
	if err != nil {
		return nil, err
	}
	v.diagnostics(diags, s.campaign)
	if diags.HasErrors() {
		return nil, errShown
	}
	return p, nil
}

// plannerAccounts hands the planner what it must know of the accounts.
func plannerAccounts(accounts map[string]*account) map[string]planner.Account {
	all := make(map[string]planner.Account, len(accounts))
	for name, a := range accounts {
		all[name] = planner.Account{Provider: a.provider, Facts: a.facts, Identity: a.identity}
	}
	return all
}
