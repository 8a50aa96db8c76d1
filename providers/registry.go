package providers

import (
	"fmt"
	"slices"
	"strings"
)

// Type is one kind of provider: what is known of it, and how to open an account.
type Type struct {
	Facts Facts
	// Open makes a provider for an account whose settings were checked against Facts. Secrets may be missing, for
	// planning; then Send answers with AccountError and makes no request.
	Open func(Account) (Provider, error)
}

// Registry holds the provider types that a program knows.
type Registry struct {
	types map[string]Type
	names []string
}

// NewRegistry collects types. Two of one name are a programming error and panic.
func NewRegistry(types ...Type) *Registry {
	r := &Registry{types: make(map[string]Type, len(types))}
	for _, t := range types {
		if _, twice := r.types[t.Facts.Type]; twice {
			panic("providers: two types named " + t.Facts.Type)
		}
		r.types[t.Facts.Type] = t
		r.names = append(r.names, t.Facts.Type)
	}
	slices.Sort(r.names)
	return r
}

// Names lists the types, sorted.
func (r *Registry) Names() []string { return slices.Clone(r.names) }

// Type gives the type of that name.
func (r *Registry) Type(name string) (Type, bool) {
	t, ok := r.types[name]
	return t, ok
}

// Open makes a provider for an account.
func (r *Registry) Open(a Account) (Provider, error) {
	t, ok := r.types[a.Type]
	if !ok {
		return nil, fmt.Errorf("there is no provider type %q; known are %s", a.Type, strings.Join(r.names, ", "))
	}
	p, err := t.Open(a)
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", a.Name(), err)
	}
	return p, nil
}
