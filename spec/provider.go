package spec

import (
	"math"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
)

// Defaults of limits and retry; requests and per come from the provider's schema.
const (
	defaultConcurrency = 16
	defaultTimeout     = 30 * time.Second
	defaultJitter      = 10 * time.Millisecond
	defaultStopAfter   = 10
	defaultAttempts    = 5
	defaultMinBackoff  = 500 * time.Millisecond
	defaultMaxBackoff  = 60 * time.Second
)

// account is a provider block after the first look: its name is known, its settings are not.
type account struct {
	*Account
	schema Schema
	block  *hclsyntax.Block
}

// declareAccounts finds the names of all accounts. An alias is literal, since other blocks refer to it.
func declareAccounts(blocks []declared, schemas []Schema) ([]account, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	var accounts []account
	seen := map[string]hcl.Range{}
	for _, d := range blocks {
		i := slices.IndexFunc(schemas, func(s Schema) bool { return s.Type == d.name })
		if i < 0 {
			diags = append(diags, unknownProvider(d.name, d.block.LabelRanges[0], schemas))
			continue
		}
		s := schemas[i]
		a := account{&Account{
			Type: d.name, Settings: map[string]cty.Value{}, Ranges: map[string]hcl.Range{}, DeclRange: d.block.DefRange(),
			Limits: Limits{s.Requests, s.Per, defaultConcurrency, defaultTimeout, defaultJitter, defaultStopAfter},
			Retry:  Retry{defaultAttempts, defaultMinBackoff, defaultMaxBackoff},
		}, s, d.block}
		if at := d.block.Body.Attributes["alias"]; at != nil {
			alias, more := literalText(at.Expr)
			diags = append(diags, more...)
			if !more.HasErrors() && !hclsyntax.ValidIdentifier(alias) {
				diags = append(diags, problem(at.Expr.Range(), "Invalid name",
					"%s is no name: an alias begins with a letter and holds letters, digits, underscores and hyphens.", addr.Quote(alias)))
				continue
			}
			if more.HasErrors() {
				continue
			}
			a.Alias = alias
		}
		if f, twice := seen[a.Name()]; twice {
			diags = append(diags, problem(a.DeclRange, "Duplicate declaration",
				"provider %s was already declared at %s. Give one of them an alias of its own.", a.Name(), f))
			continue
		}
		seen[a.Name()] = a.DeclRange
		accounts = append(accounts, a)
	}
	return accounts, diags
}

// unknownProvider is the error for a provider type that is not there.
func unknownProvider(typ string, at hcl.Range, schemas []Schema) *hcl.Diagnostic {
	var types []string
	for _, s := range schemas {
		types = append(types, s.Type)
	}
	return problem(at, "Unknown provider", "There is no provider type %s.%s Known are: %s.",
		addr.Quote(typ), meant(typ, types), listed(types))
}

// decodeAccount reads the settings, limits and retry of an account. Secrets may stand here.
func (c *checker) decodeAccount(a account) hcl.Diagnostics {
	what := "a " + a.Type + " provider block"
	diags := shape{
		what: what, attrs: append([]string{"alias"}, attributeNames(a.schema.Settings)...), blocks: []string{"limits", "retry"},
	}.body(a.block)
	for _, s := range a.schema.Settings {
		at := a.block.Body.Attributes[s.Name]
		if at == nil {
			continue
		}
		x, more := c.schemaValue(at.Expr, s, place{what: s.Name, secrets: !s.Plain, null: true})
		diags = append(diags, more...)
		if x == nil || !x.value.IsKnown() || x.value.IsNull() {
			continue // null means not given
		}
		a.Settings[s.Name], a.Ranges[s.Name] = x.value, at.Expr.Range()
	}
	if b := block(a.block.Body, "limits"); b != nil {
		diags = append(diags, c.decodeLimits(b, &a.Limits)...)
	}
	if b := block(a.block.Body, "retry"); b != nil {
		diags = append(diags, c.decodeRetry(b, &a.Retry)...)
	}
	return diags
}

// attributeNames lists the names of attributes in the schema's order.
func attributeNames(as []Attribute) []string {
	names := make([]string, len(as))
	for i, a := range as {
		names[i] = a.Name
	}
	return names
}

// schemaValue checks one value against its schema as far as that is possible before people are read.
func (c *checker) schemaValue(e hclsyntax.Expression, s Attribute, p place) (*Expr, hcl.Diagnostics) {
	p.want = s.Type
	x, diags := c.expr(e, p)
	if x == nil || x.perPerson || !x.value.IsKnown() || x.value.IsNull() {
		return x, diags
	}
	if s.Whole && s.Type == cty.Number && !x.value.AsBigFloat().IsInt() {
		diags = append(diags, problem(e.Range(), "Invalid value", "%s must be a whole number.", s.Name))
		return nil, diags
	}
	if len(s.Enum) > 0 && s.Type == cty.String && !slices.Contains(s.Enum, x.value.AsString()) {
		if x.secret { // the word itself may tell it
			diags = append(diags, problem(e.Range(), "Invalid value", "%s is one of: %s.", s.Name, listed(s.Enum)))
			return nil, diags
		}
		return nil, append(diags, notAChoice(e.Range(), s.Name, x.value.AsString(), s.Enum))
	}
	return x, diags
}

func (c *checker) decodeLimits(b *hclsyntax.Block, l *Limits) hcl.Diagnostics {
	d := numbers{c: c, body: b.Body, what: "a limits block"}
	d.diags = shape{
		what: d.what, attrs: []string{"requests", "per", "concurrency", "timeout", "jitter", "stop_after"},
	}.body(b)
	d.count("requests", &l.Requests, 1_000_000)
	d.duration("per", &l.Per, time.Millisecond)
	d.count("concurrency", &l.Concurrency, 10_000)
	d.duration("timeout", &l.Timeout, time.Millisecond)
	d.duration("jitter", &l.Jitter, 0)
	d.count("stop_after", &l.StopAfter, math.MaxInt32)
	return d.diags
}

func (c *checker) decodeRetry(b *hclsyntax.Block, r *Retry) hcl.Diagnostics {
	d := numbers{c: c, body: b.Body, what: "a retry block"}
	d.diags = shape{what: d.what, attrs: []string{"max_attempts", "min_backoff", "max_backoff"}}.body(b)
	d.count("max_attempts", &r.MaxAttempts, math.MaxInt32)
	d.duration("min_backoff", &r.MinBackoff, time.Millisecond)
	d.duration("max_backoff", &r.MaxBackoff, time.Millisecond)
	if !d.diags.HasErrors() && r.MaxBackoff < r.MinBackoff {
		at := b.DefRange()
		for _, name := range []string{"max_backoff", "min_backoff"} {
			if a := b.Body.Attributes[name]; a != nil {
				at = a.Expr.Range()
				break
			}
		}
		d.diags = append(d.diags, within(problem(at, "Invalid value",
			"max_backoff (%s) must not be shorter than min_backoff (%s).", r.MaxBackoff, r.MinBackoff), b.DefRange()))
	}
	return d.diags
}

// numbers reads the counts and durations of a block. Plans show them, so none may be sensitive.
type numbers struct {
	c     *checker
	body  *hclsyntax.Body
	what  string
	diags hcl.Diagnostics
}

// count reads a whole number from 1 to most.
func (d *numbers) count(name string, to *int, most int64) { d.whole(name, to, 1, most) }

// whole reads a whole number from least to most.
func (d *numbers) whole(name string, to *int, least, most int64) {
	a := d.body.Attributes[name]
	if a == nil {
		return
	}
	v, ok, diags := d.c.constant(a.Expr, place{what: d.what, want: cty.Number})
	d.diags = append(d.diags, diags...)
	if !ok {
		return
	}
	n, exact := v.AsBigFloat().Int64()
	if exact != 0 || n < least || n > most {
		d.diags = append(d.diags, within(problem(a.Expr.Range(), "Invalid value",
			"%s must be a whole number from %d to %d.", name, least, most), a.SrcRange))
		return
	}
	*to = int(n)
}

// duration reads a duration that is not shorter than least.
func (d *numbers) duration(name string, to *time.Duration, least time.Duration) {
	a := d.body.Attributes[name]
	if a == nil {
		return
	}
	v, ok, diags := d.c.constant(a.Expr, place{what: d.what, want: cty.String})
	d.diags = append(d.diags, diags...)
	if !ok {
		return
	}
	t, err := ParseDuration(v.AsString())
	switch {
	case err != nil:
		d.diags = append(d.diags, within(problem(a.Expr.Range(), "Invalid duration", "%s: %s.", name, err), a.SrcRange))
	case t < least:
		d.diags = append(d.diags, within(problem(a.Expr.Range(), "Invalid value", "%s must be at least %s.", name, least), a.SrcRange))
	default:
		*to = t
	}
}
