package cli

import (
	"github.com/zclconf/go-cty/cty"

	"herald/providers"
	"herald/providers/avaamo"
	"herald/providers/chatwoot"
	"herald/providers/heyx"
	"herald/providers/maax"
	"herald/spec"
)

// newRegistry is the only place that knows all providers.
func newRegistry() *providers.Registry {
	return providers.NewRegistry(heyx.Type(), avaamo.Type(), maax.Type(), chatwoot.Digital99(), chatwoot.Chatwoot())
}

// schemas tells the language what it must know of the providers.
func schemas(r *providers.Registry) []spec.Schema {
	var all []spec.Schema
	for _, name := range r.Names() {
		t, _ := r.Type(name)
		f := t.Facts
		s := spec.Schema{Type: f.Type, Requests: f.Rate.Requests, Per: f.Rate.Per}
		for _, setting := range f.Settings {
			a := attribute(setting.Attribute)
			// The environment or a default may give it, so the language cannot say that it is missing.
			a.Required = setting.Required && setting.Env == "" && setting.Default == ""
			a.Plain = !setting.Secret && setting.Name != "base_url"
			s.Settings = append(s.Settings, a)
		}
		for _, a := range f.Address {
			s.Address = append(s.Address, attribute(a))
		}
		for _, a := range f.Options {
			s.Options = append(s.Options, attribute(a))
		}
		for _, c := range f.Carries {
			s.Kinds = append(s.Kinds, string(c.Kind))
		}
		all = append(all, s)
	}
	return all
}

func attribute(a providers.Attribute) spec.Attribute {
	types := map[providers.ValueType]cty.Type{providers.String: cty.String, providers.Int: cty.Number, providers.Bool: cty.Bool}
	return spec.Attribute{
		Name: a.Name, Type: types[a.Type], Whole: a.Type == providers.Int, Required: a.Required, Enum: a.Enum, From: a.From, Unless: a.Unless, Doc: a.Doc,
	}
}
