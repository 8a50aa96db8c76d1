package providers

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// facts of two made-up types: alpha counts by token, beta by host and has numbers for accounts.
func facts(name string) Facts {
	f := Facts{
		Type: name, Title: strings.ToUpper(name), BaseURL: "https://api." + name + ".example",
		Settings: []Setting{
			{Attribute: Attribute{Name: "token", Type: String, Required: true}, Secret: true, Env: "TOKEN"},
			{Attribute: Attribute{Name: "second_token", Type: String}, Secret: true},
			{Attribute: Attribute{Name: "read_token", Type: String}, Secret: true, Reads: true},
			{Attribute: Attribute{Name: "base_url", Type: String}, Default: "https://api." + name + ".example", Identity: true},
			{Attribute: Attribute{Name: "colour", Type: String}},
		},
		Carries: []Carries{{Kind: KindText}, {Kind: KindNative}},
		Rate:    Rate{Requests: 1, Per: time.Second, Scope: PerToken},
	}
	if name == "beta" {
		f.Rate.Scope = PerHost
		f.Settings = append(f.Settings, Setting{Attribute: Attribute{Name: "account_id", Type: Int, Required: true}, Identity: true})
	}
	return f
}

func account(kind string, settings Values) Account { return Account{Type: kind, Settings: settings} }

func TestRegistry(t *testing.T) {
	fail := errors.New("no")
	var opened Account
	r := NewRegistry(
		Type{Facts: facts("beta"), Open: func(Account) (Provider, error) { return nil, fail }},
		Type{Facts: facts("alpha"), Open: func(a Account) (Provider, error) { opened = a; return nil, nil }},
	)
	if got := r.Names(); !reflect.DeepEqual(got, []string{"alpha", "beta"}) {
		t.Errorf("names: %v", got)
	}
	r.Names()[0] = "changed"
	if got := r.Names()[0]; got != "alpha" {
		t.Errorf("a caller changed the registry: %s", got)
	}
	if k, ok := r.Type("beta"); !ok || k.Facts.Type != "beta" {
		t.Errorf("beta: %v %v", k.Facts.Type, ok)
	}
	if _, ok := r.Type("gamma"); ok {
		t.Error("gamma is known")
	}
	if _, err := r.Open(Account{Type: "alpha", Alias: "second"}); err != nil || opened.Name() != "alpha.second" {
		t.Errorf("opened %q, %v", opened.Name(), err)
	}
	if _, err := r.Open(Account{Type: "beta", Alias: "x"}); !errors.Is(err, fail) || !strings.Contains(err.Error(), "beta.x") {
		t.Errorf("beta: %v", err)
	}
	if _, err := r.Open(Account{Type: "gamma"}); err == nil || !strings.Contains(err.Error(), "alpha, beta") {
		t.Errorf("gamma: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("two types of one name are taken")
		}
	}()
	NewRegistry(Type{Facts: facts("alpha")}, Type{Facts: facts("alpha")})
}

// Accounts share a limit exactly when the vendor counts them together.
func TestLimitGroup(t *testing.T) {
	one := Values{"token": "one"}
	for _, tt := range []struct {
		name   string
		a, b   Account
		shared bool
	}{
		{"the same", account("alpha", one), account("alpha", one), true},
		{"another token", account("alpha", one), account("alpha", Values{"token": "two"}), false},
		{"another token to read", account("alpha", one), account("alpha", Values{"token": "one", "read_token": "x"}), true},
		{"tokens cut elsewhere", account("alpha", Values{"token": "ab", "second_token": "c"}), account("alpha", Values{"token": "a", "second_token": "bc"}), false},
		{"another colour", account("alpha", one), account("alpha", Values{"token": "one", "colour": "red"}), true},
		{"the documented host, said", account("alpha", one), account("alpha", Values{"token": "one", "base_url": "https://API.alpha.example/"}), true},
		{"another host", account("alpha", one), account("alpha", Values{"token": "one", "base_url": "https://b.example"}), false},
		{"another port", account("alpha", Values{"base_url": "http://127.0.0.1:1"}), account("alpha", Values{"base_url": "http://127.0.0.1:2"}), false},
		{"by host, other tokens", account("beta", one), account("beta", Values{"token": "two"}), true},
		{"by host, other hosts", account("beta", one), account("beta", Values{"base_url": "https://b.example"}), false},
		{"by host, other paths", account("beta", Values{"base_url": "https://b.example/x"}), account("beta", Values{"base_url": "https://b.example/y"}), true},
		{"other types", account("alpha", one), account("beta", one), false},
	} {
		a, b := facts(tt.a.Type).LimitGroup(tt.a), facts(tt.b.Type).LimitGroup(tt.b)
		if (a == b) != tt.shared {
			t.Errorf("%s: %q and %q, want shared: %v", tt.name, a, b, tt.shared)
		}
		if strings.Contains(a+b, "one") {
			t.Errorf("%s: a token is in %q or %q", tt.name, a, b)
		}
	}
}

func TestIdentityAndSame(t *testing.T) {
	for _, tt := range []struct {
		name           string
		kind           string
		a, b           Values
		identity, same bool
	}{
		{"nothing given", "alpha", nil, nil, true, true},
		{"default said", "alpha", nil, Values{"base_url": "https://API.alpha.example/"}, true, true},
		{"another address", "alpha", nil, Values{"base_url": "https://b.example"}, false, false},
		{"another path", "alpha", Values{"base_url": "https://b.example/x"}, Values{"base_url": "https://b.example/y"}, false, false},
		{"another token", "alpha", Values{"token": "one"}, Values{"token": "two"}, true, false},
		{"another token to read", "alpha", Values{"read_token": "x"}, nil, true, true},
		{"another colour", "alpha", Values{"colour": "red"}, nil, true, true},
		{"another number", "beta", Values{"account_id": int64(1)}, Values{"account_id": int64(2)}, false, false},
		{"the same number", "beta", Values{"account_id": int64(1)}, Values{"account_id": int64(1)}, true, true},
	} {
		f, a, b := facts(tt.kind), account(tt.kind, tt.a), account(tt.kind, tt.b)
		if got := f.Identity(a) == f.Identity(b); got != tt.identity {
			t.Errorf("%s: identities %q and %q", tt.name, f.Identity(a), f.Identity(b))
		}
		if got := f.Same(a, b); got != tt.same {
			t.Errorf("%s: same is %v", tt.name, got)
		}
	}
	secret := account("alpha", Values{"token": "hunter2", "base_url": "https://me:hunter2@b.example"})
	if got := facts("alpha").Identity(secret); strings.Contains(got, "hunter2") {
		t.Errorf("a secret is in %q", got)
	}
}

func TestMissingSecrets(t *testing.T) {
	f := facts("alpha")
	if got := f.MissingSecrets(account("alpha", Values{"token": "x"})); len(got) != 0 {
		t.Errorf("missing: %v", got)
	}
	for _, settings := range []Values{nil, {"token": ""}, {"token": 7}, {"read_token": "x"}} {
		if got := f.MissingSecrets(account("alpha", settings)); len(got) != 1 || got[0].Name != "token" || got[0].Env != "TOKEN" {
			t.Errorf("%v: missing %v", settings, got)
		}
	}
}

func TestCannotCarry(t *testing.T) {
	p := facts("alpha").CannotCarry("form\x1b")
	if p.Part != PartContent || p.Index != -1 || p.Warning || !strings.Contains(p.Detail, "text, native") || strings.Contains(p.Detail+p.Summary, "\x1b") {
		t.Errorf("%+v", p)
	}
	if strings.Contains(p.Summary, "form") {
		t.Errorf("the summary names a value: %s", p.Summary)
	}
}

func TestFailed(t *testing.T) {
	warning, wrong := Problem{Warning: true}, Problem{}
	for _, tt := range []struct {
		in   []Problem
		want bool
	}{{nil, false}, {[]Problem{warning}, false}, {[]Problem{wrong}, true}, {[]Problem{warning, wrong}, true}} {
		if got := Failed(tt.in); got != tt.want {
			t.Errorf("%+v: %v", tt.in, got)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b": `"a\u001b"`, strings.Repeat("é", 60): `"` + strings.Repeat("é", 60) + `"`, strings.Repeat("é", 61): `"` + strings.Repeat("é", 60) + `"...`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("%q becomes %s", in, got)
		}
	}
}

func TestClassNames(t *testing.T) {
	seen := map[string]bool{}
	for c := Accepted; c <= Unknown; c++ {
		if seen[c.String()] || c.String() == "no class" {
			t.Errorf("class %d is %q", c, c)
		}
		seen[c.String()] = true
	}
	for _, c := range []Class{-1, 0, Unknown + 1} {
		if c.String() != "no class" {
			t.Errorf("%d is %q", int(c), c)
		}
	}
	for _, a := range Explain(Answer{Class: Refused}, Answer{Class: Unknown}) {
		if a.Means != a.Class.String() {
			t.Errorf("%+v", a)
		}
	}
}

func TestKeys(t *testing.T) {
	a, b := NewKey(), NewKey()
	if a == b || len(a.String()) != 32 || a.String() == b.String() {
		t.Errorf("%s and %s", a, b)
	}
}

// Every kind that the language has is one that Kinds lists, and values read as what they are only.
func TestValues(t *testing.T) {
	v := Values{"s": "x", "n": int64(3), "f": 1.5, "b": false}
	b, there := v.Bool("b")
	_, absent := v.Bool("s")
	if v.String("s") != "x" || v.String("n") != "" || v.Int("n") != 3 || v.Int("f") != 0 || b || !there || absent || Values(nil).Int("n") != 0 {
		t.Errorf("%v", v)
	}
	if !facts("alpha").Can(KindNative) || facts("alpha").Can(KindQuickReplies) {
		t.Error("Can and Carries differ")
	}
}
