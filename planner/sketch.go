package planner

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/providers"
	"herald/spec"
)

// unknowns are the fields of a sketch that have a placeholder.
type unknowns map[unknownField]bool

type unknownField struct {
	part providers.Part
	name string
}

// covers reports whether a problem is one of a placeholder only. An element of a list is not among the unknowns, since
// its placeholder is harmless: a problem there is that it is one too many.
func (u unknowns) covers(p providers.Problem) bool {
	if u[unknownField{p.Part, p.Field}] {
		return true
	}
	beside, ok := typeOf(p.Field)
	return ok && p.Part == providers.PartContent && u[unknownField{p.Part, beside}]
}

// sketch makes a message for nobody: what depends on the person is a placeholder that any provider takes. False says that
// there can be none.
func (k *checker) sketch(m *message) (providers.Message, unknowns, bool) {
	scope := k.campaign.NewScope()
	scope.Set(cty.DynamicVal)
	scope.SetMessages(cty.DynamicVal)
	u := unknowns{}
	out := providers.Message{Content: m.content,
		Address: sketchValues(providers.PartAddress, m.msg.Conversation.Address, m.Facts.Address, scope, u),
		Options: sketchValues(providers.PartOption, m.msg.Options, m.Facts.Options, scope, u)}
	if len(m.varying) == 0 {
		return out, u, true
	}
	if m.content.Kind == providers.KindNative {
		// A native object with holes cannot be rendered; whether the kind is carried at all can be said.
		if !m.Facts.Can(m.content.Kind) {
			p := m.Facts.CannotCarry(m.content.Kind)
			k.add(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: p.Summary, Detail: p.Detail, Subject: m.msg.Content.Range.Ptr()})
			m.broken = true
		}
		return out, u, false
	}
	slots, _ := layout(&m.msg.Content, &out.Content) // of its own: nothing of it may be left in what people get
	for _, t := range sketchSlots(slots, scope) {
		u[unknownField{providers.PartContent, t.path}] = true
		t.place(&out.Content)
	}
	return out, u, true
}

// sketchSlots fills the slots that are known, and the known elements of lists, and gives the others.
func sketchSlots(slots []slot, scope *spec.Scope) []slot {
	var unknown []slot
	for _, t := range slots {
		v, ok := known(t.expr, scope)
		if list, isList := t.into.(*[]string); isList && !ok {
			if *list, ok = sketchList(t.expr, scope); ok {
				continue
			}
		}
		if !ok || t.set(v).HasErrors() {
			unknown = append(unknown, t)
		}
	}
	return unknown
}

// sketchList gives the elements of a list that are known, and placeholders for the others. False says that not even their
// number is known.
func sketchList(e *spec.Expr, scope *spec.Scope) ([]string, bool) {
	v, diags := e.Value(scope)
	if diags.HasErrors() || !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return nil, false
	}
	var items []string
	for it := v.ElementIterator(); it.Next(); {
		_, item := it.Element()
		items = append(items, asText(item))
	}
	for i, it := 0, v.ElementIterator(); it.Next(); i++ {
		if _, item := it.Element(); !item.IsKnown() {
			items[i] = unused("text", items)
		}
	}
	return items, true
}

// known gives a value that does not depend on the person.
func known(e *spec.Expr, scope *spec.Scope) (cty.Value, bool) {
	v, diags := e.Value(scope)
	return v, !diags.HasErrors() && v.IsWhollyKnown()
}

// aPage stands for any address of a page or picture.
const aPage = "https://example.com/image.png"

// place puts a placeholder into the slot of a content whose known slots are filled, and whose unknown ones are in order.
func (t *slot) place(c *providers.Content) {
	switch into := t.into.(type) {
	case *string:
		*into = t.word(c)
	case *bool:
		*into = false
	case *[]string:
		*into = []string{"text"}
	}
}

// word gives the placeholder of a text, by what the field is for.
func (t *slot) word(c *providers.Content) string {
	switch lastName(t.path) {
	case "url", "image_url":
		return aPage
	case "style":
		return ""
	case "type":
		switch c.Kind {
		case providers.KindAttachment:
			return "image"
		case providers.KindForm:
			return providers.FieldText
		}
		return providers.LinkReply // takes any value
	case "value":
		if t.typ != nil && *t.typ == providers.LinkURL {
			return aPage
		}
	case "name": // two alike in one form are a mistake
		var names []string
		for _, f := range c.Form.Fields {
			names = append(names, f.Name)
		}
		return unused("text", names)
	}
	return "text"
}

// unused gives a word that is not among those taken.
func unused(word string, taken []string) string {
	free := word
	for n := 2; slices.Contains(taken, free); n++ {
		free = fmt.Sprint(word, n)
	}
	return free
}

// sketchValues gives the values of an address or of options.
func sketchValues(part providers.Part, exprs map[string]*spec.Expr, attributes []providers.Attribute, scope *spec.Scope, u unknowns) providers.Values {
	values := providers.Values{}
	for _, a := range attributes {
		e, given := exprs[a.Name]
		if !given {
			continue
		}
		v, ok := known(e, scope)
		value, err := goValue(v, a.Type)
		switch {
		case ok && err == nil && value != nil:
			values[a.Name] = value
		case ok && err == nil:
		default:
			u[unknownField{part, a.Name}] = true
			values[a.Name] = placeholder(a)
		}
	}
	return values
}

func placeholder(a providers.Attribute) any {
	switch {
	case len(a.Enum) > 0:
		return a.Enum[0]
	case a.Type == providers.Int:
		return int64(1)
	case a.Type == providers.Bool:
		return false
	}
	return "1"
}
