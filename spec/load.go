package spec

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Load reads the campaign in dir: every file, every check that needs neither people nor ledger, every value that is the
// same for everyone. The diagnostics hold all that is wrong, in the order of the files; with errors among them the
// campaign is good only for its Files.
func Load(dir string, in Inputs) (*Campaign, hcl.Diagnostics) {
	root, err := filepath.Abs(dir)
	if err != nil {
		root = dir
	}
	files, diags := readCampaign(root)
	if diags.HasErrors() {
		return emptyCampaign(root), diags
	}
	c, more := loadFiles(root, files, in)
	return c, append(diags, more...)
}

func emptyCampaign(root string) *Campaign {
	return &Campaign{
		Root: root, Variables: map[string]*Variable{}, Accounts: map[string]*Account{}, Contacts: map[string]*Contact{},
		Sources: map[string]*Source{}, Audiences: map[string]*Audience{}, Conversations: map[string]*Conversation{},
		files: map[string]*hcl.File{}, base: &hcl.EvalContext{},
	}
}

// loadFiles makes a campaign of files that were read.
func loadFiles(root string, files []sourceFile, in Inputs) (*Campaign, hcl.Diagnostics) {
	l := &loading{Campaign: emptyCampaign(root), in: in}
	var bodies []*hclsyntax.Body
	for _, f := range files {
		file, more := parse(f)
		l.files[f.name] = file
		l.report(more)
		bodies = append(bodies, bodyOf(file))
	}
	keep(bodies, in.only)
	s, diags := arrange(bodies)
	// What follows from a file that was not understood, or from another version's rules, would only mislead.
	l.report(checkVersion(s.settings, in.Version))
	if l.diags.HasErrors() {
		return l.Campaign, inOrder(l.diags)
	}
	l.report(diags)
	settings, diags := decodeSettings(s.settings, root)
	l.Settings = settings
	l.report(diags)
	l.load(s)
	if in.only == nil {
		l.unused(bodies)
	}
	return l.Campaign, inOrder(l.diags)
}

// loading is a campaign while it is made.
type loading struct {
	*Campaign
	in    Inputs
	diags hcl.Diagnostics
}

func (l *loading) report(diags hcl.Diagnostics) { l.diags = append(l.diags, diags...) }

// load is the second pass: every block in the order in which blocks need each other.
func (l *loading) load(s *structure) {
	c := &checker{
		variables: map[string]*Variable{}, locals: map[string]*local{}, library: newLibrary(l.Root), files: l.files,
	}
	c.names.people = map[Ref]bool{}
	for kind, from := range map[RefKind][]declared{RefContact: s.contacts, RefContacts: s.sources, RefAudience: s.audiences} {
		for _, d := range from {
			c.names.people[Ref{Kind: kind, Name: d.name}] = true
		}
	}
	for to, from := range map[*[]string][]declared{
		&c.names.variables: s.variables, &c.names.contacts: s.contacts, &c.names.sources: s.sources,
		&c.names.audiences: s.audiences, &c.names.conversations: s.conversations,
	} {
		for _, d := range from {
			*to = append(*to, d.name)
		}
	}
	declaredAccounts, diags := declareAccounts(s.providers, l.in.Schemas)
	l.report(diags)
	accounts := map[string]account{}
	for _, a := range declaredAccounts {
		accounts[a.Name()] = a
		c.names.accounts = append(c.names.accounts, a.Name())
	}

	l.variables(c, s.variables)
	l.locals(c, s.locals)
	l.base = c.base()
	for _, a := range declaredAccounts {
		l.report(c.decodeAccount(a))
		l.Accounts[a.Name()] = a.Account
	}
	w := l.people(c, s)
	for _, d := range s.conversations {
		conversation, diags := c.decodeConversation(d, accounts, w)
		l.report(diags)
		l.Conversations[d.name] = conversation
	}
	sc := newScripts(c, l.in.Schemas, l.Conversations, w, l.files)
	for _, d := range s.sequences {
		sequence, diags := sc.decodeSequence(d)
		l.report(diags)
		l.Sequences = append(l.Sequences, sequence)
	}
	slices.SortFunc(l.Sequences, func(a, b *Sequence) int { return cmp.Compare(a.Name, b.Name) })
	declared := declaredNames(l.Sequences)
	for _, d := range s.policies {
		policy, diags := c.decodePolicy(d, declared)
		l.report(diags)
		if !diags.HasErrors() {
			l.Policies = append(l.Policies, policy)
		}
	}
	slices.SortFunc(l.Policies, func(a, b *Policy) int { return cmp.Compare(a.Name, b.Name) })
	l.report(conflicts(l.Policies))
	moves, diags := decodeMoves(s.moves, declared)
	l.report(diags)
	l.Moves = moves
	hideLiterals(declaredAccounts, l.files)
}

// unused warns of variables that nothing outside their own block names.
func (l *loading) unused(bodies []*hclsyntax.Body) {
	used := map[string]bool{}
	for _, body := range bodies {
		for _, b := range body.Blocks {
			if b.Type == "variable" {
				continue
			}
			// The visitor gives no diagnostics.
			_ = hclsyntax.VisitAll(b.Body, func(n hclsyntax.Node) hcl.Diagnostics {
				if t, ok := n.(*hclsyntax.ScopeTraversalExpr); ok && t.Traversal.RootName() == "var" {
					name, _ := member(t.Traversal)
					used[name] = true
				}
				return nil
			})
		}
	}
	for name, v := range l.Variables {
		if !used[name] {
			l.report(hcl.Diagnostics{warning(v.DeclRange, "Unused variable",
				"Nothing names var.%s. Remove the variable, or use it.", name)})
		}
	}
}

// variables gives every variable its value.
func (l *loading) variables(c *checker, blocks []declared) {
	in := &inputs{root: l.Root, variables: map[string]*variable{}, given: map[string]given{}, files: l.files}
	for _, d := range blocks {
		v, diags := decodeVariable(d)
		l.report(diags)
		in.variables[d.name] = v
	}
	if !l.in.closed {
		l.report(in.collect(l.in.Env, l.in.Flags))
	}
	for _, d := range blocks {
		v := in.variables[d.name]
		value, diags := in.resolve(v, c.library, l.in.Placeholders)
		l.report(diags)
		c.variables[d.name] = &Variable{v.name, v.description, v.sensitive, value, v.declRange}
	}
	l.Variables = c.variables
}

// locals evaluates the locals in the order in which they need each other.
func (l *loading) locals(c *checker, attrs []*hclsyntax.Attribute) {
	var order []*local
	for _, a := range attrs {
		one := &local{name: a.Name, attr: a, value: cty.DynamicVal}
		c.locals[a.Name] = one
		c.names.locals = append(c.names.locals, a.Name)
		order = append(order, one)
	}
	l.report(c.evaluateLocals(order))
}

// people reads contacts, sources and audiences, and gives what is known of everybody in them.
func (l *loading) people(c *checker, s *structure) crowd {
	w := crowd{map[string]*people{}, map[string]*people{}, map[string]*people{}}
	for _, d := range s.contacts {
		contact, diags := c.decodeContact(d)
		l.report(diags)
		l.Contacts[d.name] = contact
		w.contacts[d.name] = contactPeople(contact)
	}
	for _, d := range s.sources {
		source, p, diags := c.decodeSource(d, l.Root, l.in.Header)
		l.report(diags)
		l.Sources[d.name] = source
		w.sources[d.name] = p
	}
	all := map[string]*audience{}
	var order []*audience
	for _, d := range s.audiences {
		a, diags := c.declareAudience(d)
		l.report(diags)
		all[d.name] = a
		order = append(order, a)
		l.Audiences[d.name] = a.Audience
	}
	for _, a := range order {
		l.report(w.gather(a, all, nil))
	}
	for _, a := range order {
		l.report(c.decodeAudience(a, w))
	}
	return w
}

// inOrder sorts diagnostics as their places stand in the files; those without a place come first.
func inOrder(diags hcl.Diagnostics) hcl.Diagnostics {
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int {
		if a.Subject == nil || b.Subject == nil {
			return cmp.Compare(b2i(a.Subject != nil), b2i(b.Subject != nil))
		}
		return cmp.Or(comparePlaces(*a.Subject, *b.Subject), strings.Compare(a.Summary, b.Summary), strings.Compare(a.Detail, b.Detail))
	})
	return diags
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
