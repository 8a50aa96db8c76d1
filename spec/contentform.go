package spec

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// contentForm is how one kind of content, or one block nested in it, is written.
type contentForm struct {
	name   string         // of the attribute or block
	want   cty.Type       // of an attribute
	fields []contentField // of a block; none for a kind that is one attribute
	blocks []contentForm  // nested ones; each may stand any number of times
	some   bool           // of a nested block: at least one is needed
	// check finds what no field shows alone, in a content that was read as far as possible. nil for nothing to find.
	check func(Content, *hclsyntax.Block) hcl.Diagnostics
}

// attribute reports whether the kind is one attribute and not a block.
func (f contentForm) attribute() bool { return len(f.fields) == 0 }

// contentField is one attribute of a content block.
type contentField struct {
	name     string
	want     cty.Type
	enum     []string
	optional bool // may be left out or null, which both mean "not given"
}

// contentForms lists the kinds of content, in the order in which messages name them.
func contentForms() []contentForm {
	text := func(name string) contentField { return contentField{name: name, want: cty.String} }
	word := func(name string, enum ...string) contentField {
		return contentField{name: name, want: cty.String, enum: enum}
	}
	may := func(f contentField) contentField { f.optional = true; return f }
	link := contentForm{name: "link", fields: []contentField{word("type", "url", "reply"), text("title"), text("value")}}
	return []contentForm{
		{name: "text", want: cty.String},
		{name: "attachment", fields: []contentField{word("type", "image", "video", "audio", "file"), text("url")}},
		{name: "quick_replies", fields: []contentField{text("title"), {name: "replies", want: cty.List(cty.String)}}},
		{name: "list", fields: []contentField{may(word("style", "large", "compact"))}, blocks: []contentForm{
			{name: "item", some: true, fields: []contentField{text("title"), may(text("subtitle")), may(text("image_url"))}, blocks: []contentForm{link}},
		}},
		{name: "cards", fields: []contentField{may(text("title"))}, blocks: []contentForm{
			{name: "card", some: true, fields: []contentField{text("title"), may(text("description")), may(text("image_url"))}, blocks: []contentForm{link}},
		}},
		{name: "form", fields: []contentField{may(text("title"))}, check: checkForm, blocks: []contentForm{
			{name: "field", some: true, fields: []contentField{
				text("name"), word("type", "text", "long_text", "email", "choice"), text("label"),
				may(contentField{name: "required", want: cty.Bool}), may(contentField{name: "options", want: cty.List(cty.String)}),
			}},
		}},
		{name: "articles", fields: []contentField{text("title")}, blocks: []contentForm{
			{name: "article", some: true, fields: []contentField{text("title"), may(text("description")), text("url")}},
		}},
		{name: "native", want: cty.DynamicPseudoType},
	}
}

// placesOf says of every nested block how it is written in a message: of link, list { item { link { ... } } } and more.
func placesOf(forms []contentForm) map[string]string {
	places := map[string]string{}
	var walk func(f contentForm, before, after string)
	walk = func(f contentForm, before, after string) {
		before, after = before+f.name+" { ", " }"+after
		for _, in := range f.blocks {
			if places[in.name] != "" {
				places[in.name] += " or "
			}
			places[in.name] += before + in.name + " { ... }" + after
			walk(in, before, after)
		}
	}
	for _, f := range forms {
		walk(f, "", "")
	}
	return places
}
