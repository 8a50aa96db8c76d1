package providertest

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"herald/providers"
)

var (
	attributeName   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	blockAttribute  = regexp.MustCompile(`^([a-z][a-z0-9_]*)\.[a-z][a-z0-9_]*$`)
	environmentName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

// facts checks that nothing is missing and nothing contradicts itself.
func (s Subject) facts(t *testing.T) {
	f := s.Type.Facts
	for name, text := range map[string]string{
		"Type": f.Type, "Title": f.Title, "Verb": string(f.Verb), "Endpoint": f.Endpoint, "LookUp": f.LookUp, "Rate.Source": f.Rate.Source,
	} {
		if text == "" {
			t.Errorf("%s is empty", name)
		}
	}
	if !attributeName.MatchString(f.Type) {
		t.Errorf("Type %q is no name of the language", f.Type)
	}
	if f.Verb != providers.Sends && f.Verb != providers.Asks {
		t.Errorf("Verb %q is neither \"sends\" nor \"asks\"", f.Verb)
	}
	if u, err := url.Parse(f.BaseURL); err != nil || u.Scheme != "https" || u.Host == "" || u.Path != "" {
		t.Errorf("BaseURL %q is not https and a host", f.BaseURL)
	}
	if f.Rate.Requests <= 0 || f.Rate.Per <= 0 || f.Rate.Scope != providers.PerToken && f.Rate.Scope != providers.PerHost {
		t.Errorf("Rate is %+v", f.Rate)
	}
	if len(f.Sources) == 0 || slices.Contains(f.Sources, "") {
		t.Errorf("Sources are %q", f.Sources)
	}
	for i, fact := range f.Tells {
		known := []providers.Fact{providers.FactDelivered, providers.FactRead, providers.FactReplied, providers.FactFailed}
		if !slices.Contains(known, fact) || slices.Contains(f.Tells[:i], fact) {
			t.Errorf("Tells has %q, which is no fact, or twice", fact)
		}
	}
	s.settings(t)
	attributes(t, "address", f.Address, true)
	attributes(t, "option", f.Options, true)
	for _, a := range f.Options {
		if a.From != "" {
			t.Errorf("option %s is taken From the contact; only a block of the address is", a.Name)
		}
	}
	if !slices.ContainsFunc(f.Address, func(a providers.Attribute) bool { return a.Required || a.From == "key" }) {
		t.Error("no attribute of the address is required or is the contact's key, so nothing says who is written to")
	}
	carried := map[providers.Kind]bool{}
	for _, c := range f.Carries {
		if !slices.Contains(providers.Kinds(), c.Kind) || c.As == "" || carried[c.Kind] {
			t.Errorf("Carries has %+v, unknown, without As or twice", c)
		}
		carried[c.Kind] = true
	}
	for _, a := range f.Answers {
		if a.Class < providers.Accepted || a.Class > providers.Unknown || a.Class == providers.NotSent || a.Means != a.Class.String() || a.Source == "" {
			t.Errorf("answer %d %q: class %v, means %q, source %q", a.Status, a.Body, a.Class, a.Means, a.Source)
		}
	}
	if _, ok := s.documented(providers.Accepted); !ok {
		t.Error("no documented answer is accepted, so nothing says what success is")
	}
}

func (s Subject) settings(t *testing.T) {
	f := s.Type.Facts
	var all []providers.Attribute
	for _, one := range f.Settings {
		all = append(all, one.Attribute)
		switch {
		case one.Secret && (one.Type != providers.String || one.Default != "" || one.Identity || !environmentName.MatchString(one.Env)):
			t.Errorf("secret %s must be a string that may come from the environment, without default, and no part of the identity", one.Name)
		case one.Env != "" && !strings.HasPrefix(one.Env, strings.ToUpper(f.Type)+"_"):
			t.Errorf("%s: %s does not begin with the type's name", one.Name, one.Env)
		case one.Required && !one.Secret && s.Settings[one.Name] == nil:
			t.Errorf("%s is required, and the subject's Settings lack it", one.Name)
		case one.Name == "base_url" && (one.Default != f.BaseURL || one.Type != providers.String || !one.Identity):
			t.Errorf("base_url must be a string that defaults to %q and is part of the identity", f.BaseURL)
		}
	}
	attributes(t, "setting", all, false)
	if !slices.ContainsFunc(all, func(a providers.Attribute) bool { return a.Name == "base_url" }) {
		t.Error("no setting base_url: the type cannot be tried against another host")
	}
	if !slices.ContainsFunc(f.Settings, func(s providers.Setting) bool { return s.Secret && s.Required }) {
		t.Error("no secret is required")
	}
}

// attributes checks what a campaign may give in one place. Only blocks of the address and of options nest: an account's
// settings are read before any contact is.
func attributes(t *testing.T, what string, all []providers.Attribute, nest bool) {
	names, blocks := map[string]bool{}, map[string]bool{}
	for _, a := range all {
		block := blockAttribute.FindStringSubmatch(a.Name)
		if names[a.Name] || a.Doc == "" || !attributeName.MatchString(a.Name) && (block == nil || !nest) {
			t.Errorf("%s %q has no good name, comes twice, or has no Doc", what, a.Name)
		}
		names[a.Name] = true
		if block != nil {
			blocks[block[1]] = true
		}
		switch {
		case a.Type != providers.String && a.Type != providers.Int && a.Type != providers.Bool:
			t.Errorf("%s %s has type %q", what, a.Name, a.Type)
		case len(a.Enum) > 0 && a.Type != providers.String:
			t.Errorf("%s %s is no string and has an Enum", what, a.Name)
		case a.From != "" && (block == nil || !attributeName.MatchString(a.From)):
			t.Errorf("%s %s is taken From %q: only what stands in a block is, and From names one attribute of the contact", what, a.Name, a.From)
		case a.Unless != "" && (a.From == "" || !slices.ContainsFunc(all, func(other providers.Attribute) bool { return other.Name == a.Unless && other.Name != a.Name })):
			t.Errorf("%s %s is not taken beside %q: only what is taken From the contact needs that, and it names another attribute", what, a.Name, a.Unless)
		}
	}
	for block := range blocks {
		if names[block] {
			t.Errorf("%s %s is an attribute and a block", what, block)
		}
	}
}
