package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"
)

// rich is a campaign with every kind of content that has nested blocks, and an address with one.
const rich = `
provider "avaamo" {}
provider "chatwoot" {}
provider "maax" {}

contacts "people" {
  source = "people.csv"
  key    = "id"
}

conversation "bot" {
  provider = avaamo
  with     = contacts.people
  uuid     = contact.heyx_id
}

conversation "desk" {
  provider        = chatwoot
  with            = contacts.people
  conversation_id = contact.age
}

conversation "ask" {
  provider = maax
  with     = contacts.people
  platform = "sms"
  prospect_info {
    first_name = contact.first_name
    note       = "x"
  }
}

conversation "implied" {
  provider = maax
  with     = contacts.people
  platform = "sms"
}

sequence "s" {
  conversation = conversation.bot

  message "list" {
    list {
      style = "compact"
      item {
        title = "Gold"
        link {
          type  = "url"
          title = "Open"
          value = "https://x.example/${contact.key}"
        }
        link {
          type  = contact.plan
          title = "Take it"
          value = "gold"
        }
      }
      item {
        title     = contact.plan
        subtitle  = null
        image_url = try(contact.age, null)
      }
    }
  }

  message "cards" {
    cards {
      card {
        title       = "Hi ${contact.first_name}"
        description = "One"
      }
    }
  }

  message "form" {
    form {
      title = "About you"
      field {
        name     = "plan"
        type     = "choice"
        label    = "Plan?"
        required = true
        options  = ["gold", contact.plan]
      }
      field {
        name  = "more"
        type  = "long_text"
        label = "More?"
      }
    }
  }

  message "articles" {
    conversation = conversation.desk
    articles {
      title = "Help"
      article {
        title = contact.first_name
        url   = "https://x.example/help"
      }
    }
  }
}

sequence "q" {
  conversation = conversation.implied
  message "ask" {
    text = "What is ${contact.plan}?"
  }
}
`

// Every field and block stands under its path, and nothing that is not given does.
func TestNestedContent(t *testing.T) {
	c := load(t, rich)
	s := c.NewScope()
	s.Set(contact("first_name", "Ada", "plan", "gold", "heyx_id", "h1", "age", "36"))
	text := cty.StringVal
	for i, tt := range []struct {
		kind   string
		fields map[string]cty.Value
		blocks []string
	}{
		{"list", map[string]cty.Value{
			"style": text("compact"), "item[0].title": text("Gold"),
			"item[0].link[0].type": text("url"), "item[0].link[0].title": text("Open"), "item[0].link[0].value": text("https://x.example/k"),
			"item[0].link[1].type": text("gold"), "item[0].link[1].title": text("Take it"), "item[0].link[1].value": text("gold"),
			"item[1].title": text("gold"), "item[1].subtitle": cty.NullVal(cty.String), "item[1].image_url": text("36"),
		}, []string{"item[0]", "item[0].link[0]", "item[0].link[1]", "item[1]"}},
		{"cards", map[string]cty.Value{"card[0].title": text("Hi Ada"), "card[0].description": text("One")}, []string{"card[0]"}},
		{"form", map[string]cty.Value{
			"title": text("About you"), "field[0].name": text("plan"), "field[0].type": text("choice"), "field[0].label": text("Plan?"),
			"field[0].required": cty.True, "field[0].options": cty.ListVal([]cty.Value{text("gold"), text("gold")}),
			"field[1].name": text("more"), "field[1].type": text("long_text"), "field[1].label": text("More?"),
		}, []string{"field[0]", "field[1]"}},
		{"articles", map[string]cty.Value{
			"title": text("Help"), "article[0].title": text("Ada"), "article[0].url": text("https://x.example/help"),
		}, []string{"article[0]"}},
	} {
		got := c.Sequences[1].Messages[i].Content
		if got.Kind != tt.kind {
			t.Fatalf("message %d is a %s", i, got.Kind)
		}
		if want := slices.Sorted(maps.Keys(tt.fields)); !slices.Equal(slices.Sorted(maps.Keys(got.Fields)), want) {
			t.Errorf("%s has the fields %v, want %v", tt.kind, slices.Sorted(maps.Keys(got.Fields)), want)
			continue
		}
		for path, want := range tt.fields {
			if v, diags := got.Fields[path].Value(s); diags.HasErrors() || !v.RawEquals(want) {
				t.Errorf("%s %s: %#v, %v; want %#v", tt.kind, path, v, diags, want)
			}
		}
		if !slices.Equal(slices.Sorted(maps.Keys(got.Blocks)), tt.blocks) {
			t.Errorf("%s has the blocks %v, want %v", tt.kind, got.Blocks, tt.blocks)
		}
		for path, at := range got.Blocks {
			word := path[strings.LastIndexByte(path, '.')+1:]
			if header := string(at.SliceBytes(c.Files()["main.hcl"].Bytes)); header != word[:strings.IndexByte(word, '[')] {
				t.Errorf("%s stands at %q", path, header)
			}
		}
	}
}

// An attribute of content is the same for everyone, or depends on the person, one by one.
func TestNestedPerPerson(t *testing.T) {
	fields := load(t, rich).Sequences[1].Messages[0].Content.Fields
	for path, want := range map[string]bool{
		"style": false, "item[0].title": false, "item[0].link[0].value": true, "item[0].link[1].type": true, "item[1].title": true,
		"item[1].subtitle": false, "item[1].image_url": true,
	} {
		if got := fields[path].PerPerson(); got != want {
			t.Errorf("%s depends on the person: %v", path, got)
		}
	}
}

// An optional field may be null for one person, a required one may not.
func TestNestedNull(t *testing.T) {
	c := load(t, "-- main.hcl --\n"+strings.ReplaceAll(rich, "people.csv", "people.jsonl")+"-- people.jsonl --\n")
	s := c.NewScope()
	s.Set(cty.ObjectVal(map[string]cty.Value{"plan": cty.NullVal(cty.String), "age": cty.NullVal(cty.String)}))
	fields := c.Sequences[1].Messages[0].Content.Fields
	if v, diags := fields["item[1].image_url"].Value(s); diags.HasErrors() || !v.IsNull() {
		t.Errorf("an optional field: %#v, %v", v, diags)
	}
	if _, diags := fields["item[1].title"].Value(s); !diags.HasErrors() || diags[0].Summary != "Null value" {
		t.Errorf("a required field: %v", diags)
	}
}

func TestNestedSource(t *testing.T) {
	c := load(t, rich)
	want := `list
item[0]
item[0].link[0]
item[0].link[0].title = "Open"
item[0].link[0].type = "url"
item[0].link[0].value = "https://x.example/${contact.key}"
item[0].link[1]
item[0].link[1].title = "Take it"
item[0].link[1].type = contact.plan
item[0].link[1].value = "gold"
item[0].title = "Gold"
item[1]
item[1].image_url = try(contact.age, null)
item[1].subtitle = null
item[1].title = contact.plan
style = "compact"
`
	if got := c.Sequences[1].Messages[0].Source; got != want {
		t.Errorf("source\n%s\nwant\n%s", got, want)
	}
}

func TestComparePaths(t *testing.T) {
	want := []string{"item[0]", "item[0].link[2]", "item[0].link[10].type", "item[0].title", "item[2]", "item[2].title", "item[10]", "style", "title"}
	got := slices.Clone(want)
	slices.Sort(got)
	slices.SortFunc(got, comparePaths)
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, a := range want {
		for _, b := range want {
			if comparePaths(a, b) != -comparePaths(b, a) || (comparePaths(a, b) == 0) != (a == b) {
				t.Errorf("%s and %s have no order", a, b)
			}
		}
	}
}

// Whatever cards are written, exactly their blocks and fields are there, in the record of what was said too.
func TestCardsProperty(t *testing.T) {
	dir := write(t, "")
	before, _, _ := strings.Cut(rich, `  message "list"`)
	rapid.Check(t, func(t *rapid.T) {
		fields, blocks := map[string]bool{}, map[string]bool{}
		var b strings.Builder
		attribute := func(path, name string) {
			fmt.Fprintf(&b, "%s = %s\n", name, rapid.SampledFrom([]string{`"x"`, "contact.plan"}).Draw(t, "value"))
			fields[path+name] = true
		}
		may := func(path, name string) {
			if rapid.Bool().Draw(t, name) {
				attribute(path, name)
			}
		}
		b.WriteString(before + "message \"m\" {\ncards {\n")
		may("", "title")
		for i := range rapid.IntRange(1, 12).Draw(t, "cards") {
			card := fmt.Sprintf("card[%d]", i)
			blocks[card] = true
			b.WriteString("card {\n")
			attribute(card+".", "title")
			may(card+".", "description")
			may(card+".", "image_url")
			for j := range rapid.IntRange(0, 3).Draw(t, "links") {
				link := fmt.Sprintf("%s.link[%d]", card, j)
				blocks[link], fields[link+".type"] = true, true
				b.WriteString("link {\ntype = \"url\"\n")
				attribute(link+".", "title")
				attribute(link+".", "value")
				b.WriteString("}\n")
			}
			b.WriteString("}\n")
		}
		b.WriteString("}\n}\n}\n")
		c, diags := loadFiles(dir, []sourceFile{{"main.hcl", []byte(b.String())}}, testInputs())
		if diags.HasErrors() {
			t.Fatal(printed(c, diags))
		}
		m := c.Sequences[0].Messages[0]
		if len(m.Content.Fields) != len(fields) || len(m.Content.Blocks) != len(blocks) {
			t.Fatalf("%d fields and %d blocks, want %d and %d", len(m.Content.Fields), len(m.Content.Blocks), len(fields), len(blocks))
		}
		for path := range fields {
			if m.Content.Fields[path] == nil || !strings.Contains(m.Source, "\n"+path+" = ") {
				t.Errorf("%s is missing", path)
			}
		}
		for path := range blocks {
			if _, ok := m.Content.Blocks[path]; !ok || !strings.Contains(m.Source, "\n"+path+"\n") {
				t.Errorf("%s is missing", path)
			}
		}
	})
}

// Details tell the remedy: where a block belongs, how it is written, what was meant.
func TestNestedRemedies(t *testing.T) {
	before, _, _ := strings.Cut(rich, `  message "list"`)
	for _, tt := range []struct{ body, at, detail string }{
		{"link {\n}\ntext = \"x\"", "link", "It stands in another block: list { item { link { ... } } } or cards { card { link { ... } } }."},
		{"cards {\nitem {\n}\ncard {\ntitle = \"x\"\n}\n}", "item", "It stands in another block: list { item { ... } }. Here there is card."},
		{"list = []\ntext = \"x\"", "list", "list is a block here: write list { ... }, without an equals sign."},
		{"list {\nitme {\n}\nitem {\ntitle = \"x\"\n}\n}", "itme", `Did you mean "item"?`},
		{"cards {\ncards {\n}\ncard {\ntitle = \"x\"\n}\n}", "cards", `Did you mean "card"?`},
		{"list {\n}", "list", "This list has nothing to show. Give it at least one block item { ... }."},
		{"", `message "m"`, "A message has exactly one content: text, attachment, quick_replies, list, cards, form, articles or native."},
		{"form {\nfield {\nname = \"a\"\ntype = \"longtext\"\nlabel = \"A\"\n}\n}", `"longtext"`, `Did you mean "long_text"?`},
		{"form {\nfield {\nname = \"a\"\ntype = \"choice\"\nlabel = \"A\"\n}\n}", "field", `as in options = ["Yes", "No"].`},
	} {
		c, diags := Load(write(t, before+"message \"m\" {\n"+tt.body+"\n}\n}\n"), testInputs())
		diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return d.Severity != hcl.DiagError })
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, tt.detail) {
			t.Errorf("%s:\n%s", tt.body, printed(c, diags))
			continue
		}
		if at := string(diags[0].Subject.SliceBytes(c.Files()["main.hcl"].Bytes)); at != tt.at {
			t.Errorf("%s: at %s, want %s", tt.body, at, tt.at)
		}
	}
}
