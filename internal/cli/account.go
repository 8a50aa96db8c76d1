package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/providers"
	"herald/providers/sandbox"
	"herald/spec"
)

// account is one provider block, opened.
type account struct {
	decl     *spec.Account
	facts    providers.Facts
	config   providers.Account // secrets among its settings
	identity string            // of the account that the campaign means, also during a rehearsal
	provider providers.Provider
}

// openAccounts opens every provider block of a campaign. With a sandbox, every account points there, and
// with an ear its vendor calls that.
func openAccounts(e *env, c *spec.Campaign, box *sandbox.Sandbox, hears *ear) (map[string]*account, hcl.Diagnostics) {
	all, diags := distinctAccounts(e, c)
	accounts := make(map[string]*account, len(all))
	for _, a := range all {
		if box != nil && !pointAtSandbox(a, box) {
			diags = append(diags, &hcl.Diagnostic{
				Severity: hcl.DiagError,
				Summary:  "Provider without an emulator",
				Detail: "The sandbox emulates " + strings.Join(emulated(box), ", ") + " and not " + a.config.Type +
					", so this account cannot be rehearsed: it would write to the vendor itself. Take the block out, or leave -sandbox out.",
				Subject: a.decl.DeclRange.Ptr(),
			})
			continue
		}
		if hears != nil {
			hears.pointCallbacks(a)
		}
		p, err := e.registry.Open(a.config)
		if err != nil {
			diags = append(diags, unusable(a.decl, err)...)
			continue
		}
		a.provider = p
		accounts[a.config.Name()] = a
	}
	return accounts, diags
}

// unusable says which settings an account cannot be opened with, each at its place.
func unusable(decl *spec.Account, err error) (diags hcl.Diagnostics) {
	add := func(at hcl.Range, detail string) {
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unusable provider setting", Detail: sentenceOf(detail), Subject: at.Ptr()})
	}
	var many interface{ Unwrap() []error }
	all := []error{err}
	if errors.As(err, &many) {
		all = many.Unwrap()
	}
	for _, one := range all {
		at := decl.DeclRange
		var wrong *providers.SettingError
		if errors.As(one, &wrong) {
			if given, ok := decl.Ranges[wrong.Name]; ok {
				at = given
			}
			one = wrong
		}
		add(at, one.Error())
	}
	return diags
}

// sentenceOf ends a text with a full stop.
func sentenceOf(text string) string { return strings.TrimSuffix(text, ".") + "." }

// emulated lists the vendors of a sandbox.
func emulated(box *sandbox.Sandbox) (names []string) {
	for _, v := range box.Vendors() {
		names = append(names, v.Name)
	}
	return names
}

// distinctAccounts gathers the settings of every block, by name, and refuses two blocks for one account.
func distinctAccounts(e *env, c *spec.Campaign) (all []*account, diags hcl.Diagnostics) {
	for _, name := range slices.Sorted(maps.Keys(c.Accounts)) {
		decl := c.Accounts[name]
		t, _ := e.registry.Type(decl.Type) // the language knows no other types
		a := &account{decl: decl, facts: t.Facts, config: providers.Account{
			Type: decl.Type, Alias: decl.Alias, Settings: settings(e, decl, t.Facts),
			Timeout: decl.Limits.Timeout, Concurrency: decl.Limits.Concurrency,
		}}
		a.identity = t.Facts.Identity(a.config)
		twin := slices.IndexFunc(all, func(b *account) bool { return b.decl.Type == decl.Type && t.Facts.Same(a.config, b.config) })
		if twin < 0 {
			all = append(all, a)
			continue
		}
		diags = append(diags, &hcl.Diagnostic{
			Severity: hcl.DiagError,
			Summary:  "Two provider blocks for one account",
			Detail: fmt.Sprintf("%s and %s (at %s) are the same account at the vendor: they would share its limit without knowing. Remove one, and let the conversations name the other.",
				name, all[twin].config.Name(), all[twin].decl.DeclRange),
			Subject: decl.DeclRange.Ptr(),
		})
	}
	return all, diags
}

// settings gives what a block says, then the environment, then the vendor's defaults.
func settings(e *env, decl *spec.Account, f providers.Facts) providers.Values {
	values := providers.Values{}
	for _, s := range f.Settings {
		v, given := decl.Settings[s.Name]
		if given && !v.IsNull() {
			values[s.Name] = goValue(v)
			continue
		}
		if s.Env != "" {
			if fromEnv, set := e.getenv(s.Env); set && fromEnv != "" {
				values[s.Name] = fromEnv
				continue
			}
		}
		if s.Default != "" {
			values[s.Name] = s.Default
		}
	}
	return values
}

// goValue turns a checked setting into what providers take.
func goValue(v cty.Value) any {
	v, _ = v.Unmark()
	switch v.Type() {
	case cty.Number:
		n, _ := v.AsBigFloat().Int64()
		return n
	case cty.Bool:
		return v.True()
	}
	return v.AsString()
}

// pointAtSandbox replaces where an account lives, and with what it is opened. False says that there is no emulator of its
// vendor: then the account must not be opened at all.
func pointAtSandbox(a *account, box *sandbox.Sandbox) bool {
	for _, v := range box.Vendors() {
		if v.Name != a.config.Type {
			continue
		}
		a.config.Settings["base_url"] = v.URL
		for _, s := range a.facts.Settings {
			if s.Secret {
				a.config.Settings[s.Name] = sandboxToken(s, v)
			}
		}
		return true
	}
	return false
}

// sandboxToken gives the emulator's credential for a setting.
func sandboxToken(s providers.Setting, v sandbox.Vendor) string {
	if s.Reads {
		return v.ReadToken
	}
	return v.Token
}

// missingSecrets says which accounts with work to do cannot send.
func missingSecrets(accounts map[string]*account, busy []string) error {
	for _, name := range busy {
		a := accounts[name]
		for _, s := range a.facts.MissingSecrets(a.config) {
			return fmt.Errorf("provider %s has no %s: set it in its block (%s = var.some_sensitive_variable) or in the environment variable %s; nothing was sent",
				name, s.Name, s.Name, s.Env)
		}
	}
	return nil
}
