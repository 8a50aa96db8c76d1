package planner

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"herald/providers"
	"herald/spec"
)

// richCampaign is one message with that content to the people of a JSONL file, whose attributes may be anything. The
// content begins on line 17.
func richCampaign(content, people string) string {
	return strings.Replace(strings.Replace(peopleCampaign(strings.Replace(csvSource, ".csv", ".jsonl", 1), "contacts.people", "Hi"),
		`text = "Hi"`, content, 1), "\n-- main.hcl --", "-- main.hcl --", 1) + "-- people.jsonl --\n" + people
}

// Each kind with what is the same for everyone, with what is not, and with what was not given.
const (
	listContent = `list {
  style = "compact"
  item {
    title     = "For ${contact.name}"
    subtitle  = contact.more
    image_url = "https://example.com/a.png"
    link {
      type  = "url"
      title = "Go"
      value = "https://example.com/${contact.id}"
    }
    link {
      type  = contact.link
      title = contact.name
      value = "https://example.com/b"
    }
  }
  item {
    title = "Second"
  }
}`
	cardsContent = `cards {
  card {
    title       = contact.name
    description = contact.more
    image_url   = contact.image
    link {
      type  = "reply"
      title = "Yes"
      value = contact.name
    }
  }
}`
	formContent = `form {
  title = contact.more
  field {
    name  = "plan_${contact.id}"
    type  = "choice"
    label = "Which plan, ${contact.name}?"
    required = contact.must
    options = contact.plans
  }
  field {
    name    = "when"
    type    = "choice"
    label   = "When?"
    options = ["Now", contact.name]
  }
  field {
    name     = "mail"
    type     = "email"
    label    = "Mail"
    required = true
  }
}`
	articlesContent = `articles {
  title = "Help"
  article {
    title       = contact.name
    description = contact.more
    url         = "https://example.com/${contact.id}"
  }
  article {
    title = "Second"
    url   = "https://example.com/b"
  }
}`
	// The second person lacks what is optional, so that nothing of the first may be left over.
	richPeople = `{"id":"c1","name":"Ada","more":"More","image":"https://example.com/i.png","link":"url","must":true,"plans":["Gold","Tin"]}
{"id":"c2","name":"Bob","link":"reply","plans":["Lead"]}
{"id":"c3","name":"Eva","more":"Other","link":"url","must":false,"plans":["One","Two","Three"]}
`
)

// What each person gets, reads and has as a hash is made of that person only.
func TestContentForEachPerson(t *testing.T) {
	for _, tt := range []struct {
		name, content string
		bodies        []string
		texts         []string // of the first two
	}{
		{"list", listContent, []string{
			`{"Style":"compact","Items":[{"Title":"For Ada","Subtitle":"More","ImageURL":"https://example.com/a.png","Links":[{"Type":"url","Title":"Go","Value":"https://example.com/c1"},{"Type":"url","Title":"Ada","Value":"https://example.com/b"}]},{"Title":"Second","Subtitle":"","ImageURL":"","Links":null}]}`,
			`{"Style":"compact","Items":[{"Title":"For Bob","Subtitle":"","ImageURL":"https://example.com/a.png","Links":[{"Type":"url","Title":"Go","Value":"https://example.com/c2"},{"Type":"reply","Title":"Bob","Value":"https://example.com/b"}]},{"Title":"Second","Subtitle":"","ImageURL":"","Links":null}]}`,
			`{"Style":"compact","Items":[{"Title":"For Eva","Subtitle":"Other","ImageURL":"https://example.com/a.png","Links":[{"Type":"url","Title":"Go","Value":"https://example.com/c3"},{"Type":"url","Title":"Eva","Value":"https://example.com/b"}]},{"Title":"Second","Subtitle":"","ImageURL":"","Links":null}]}`,
		}, []string{"For Ada – More [Go] [Ada] | Second", "For Bob [Go] [Bob] | Second"}},
		{"cards", cardsContent, []string{
			`{"Title":"","Cards":[{"Title":"Ada","Description":"More","ImageURL":"https://example.com/i.png","Links":[{"Type":"reply","Title":"Yes","Value":"Ada"}]}]}`,
			`{"Title":"","Cards":[{"Title":"Bob","Description":"","ImageURL":"","Links":[{"Type":"reply","Title":"Yes","Value":"Bob"}]}]}`,
			`{"Title":"","Cards":[{"Title":"Eva","Description":"Other","ImageURL":"","Links":[{"Type":"reply","Title":"Yes","Value":"Eva"}]}]}`,
		}, []string{"Ada – More [Yes]", "Bob [Yes]"}},
		{"form", formContent, []string{
			`{"Title":"More","Fields":[{"Name":"plan_c1","Type":"choice","Label":"Which plan, Ada?","Required":true,"Options":["Gold","Tin"]},{"Name":"when","Type":"choice","Label":"When?","Required":false,"Options":["Now","Ada"]},{"Name":"mail","Type":"email","Label":"Mail","Required":true,"Options":null}]}`,
			`{"Title":"","Fields":[{"Name":"plan_c2","Type":"choice","Label":"Which plan, Bob?","Required":false,"Options":["Lead"]},{"Name":"when","Type":"choice","Label":"When?","Required":false,"Options":["Now","Bob"]},{"Name":"mail","Type":"email","Label":"Mail","Required":true,"Options":null}]}`,
			`{"Title":"Other","Fields":[{"Name":"plan_c3","Type":"choice","Label":"Which plan, Eva?","Required":false,"Options":["One","Two","Three"]},{"Name":"when","Type":"choice","Label":"When?","Required":false,"Options":["Now","Eva"]},{"Name":"mail","Type":"email","Label":"Mail","Required":true,"Options":null}]}`,
		}, []string{"More: Which plan, Ada? [Gold] [Tin] | When? [Now] [Ada] | Mail", "Which plan, Bob? [Lead] | When? [Now] [Bob] | Mail"}},
		{"articles", articlesContent, []string{
			`{"Title":"Help","Articles":[{"Title":"Ada","Description":"More","URL":"https://example.com/c1"},{"Title":"Second","Description":"","URL":"https://example.com/b"}]}`,
			`{"Title":"Help","Articles":[{"Title":"Bob","Description":"","URL":"https://example.com/c2"},{"Title":"Second","Description":"","URL":"https://example.com/b"}]}`,
			`{"Title":"Help","Articles":[{"Title":"Eva","Description":"Other","URL":"https://example.com/c3"},{"Title":"Second","Description":"","URL":"https://example.com/b"}]}`,
		}, []string{"Help: Ada | Second", "Help: Bob | Second"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(campaign(t, richCampaign(tt.content, richPeople)))
			m := good(t, in)
			var bodies, texts []string
			for _, s := range m.steps {
				body := strings.TrimPrefix(string(s.Request.Body), `{"content":{"`+tt.name+`":`)
				bodies = append(bodies, strings.TrimSuffix(body, `},"options":{}}`))
			}
			equal(t, "bodies", bodies, tt.bodies)
			for _, s := range m.Groups[0].Samples {
				texts = append(texts, s.Text)
			}
			equal(t, "texts", texts, tt.texts)

			// Alone, a person gets the same as among others.
			for i, row := range strings.Split(strings.TrimSpace(richPeople), "\n") {
				alone := good(t, input(campaign(t, richCampaign(tt.content, row+"\n"))))
				if got, want := alone.steps[0], m.steps[i]; got.Content != want.Content || string(got.Request.Body) != string(want.Request.Body) {
					t.Errorf("%s alone: %s, %s", want.Send, got.Content, got.Request.Body)
				}
			}
			in.View = after(nil, m, sent)
			if again := good(t, in); again.Sends() != 0 || again.Counts[Unchanged] != 3 {
				t.Errorf("the second plan: %q", again.did())
			}
		})
	}
}

// A person for whom a part has no value cannot be written to; the place is that of the part.
func TestContentWithoutValue(t *testing.T) {
	for _, tt := range []struct{ name, content, person, want string }{
		{"null title", strings.Replace(cardsContent, "value = contact.name", `value = "x"`, 1), `{"id":"c1"}`, "main.hcl:19:19 Null value: "},
		{"null in a list", strings.Replace(formContent, "contact.more", `"T"`, 1), `{"id":"c1","name":"Ada","plans":["Gold",null]}`, "main.hcl:24:15 Null value: "},
		{"no list", formContent, `{"id":"c1","name":"Ada","plans":"Gold"}`, "main.hcl:24:15 Wrong type of value: "},
		{"no bool", formContent, `{"id":"c1","name":"Ada","must":"perhaps"}`, "main.hcl:23:16 Wrong type of value: "},
		{"null options", formContent, `{"id":"c1","name":"Ada"}`, "main.hcl:24:15 Choice without options: "},
		{"unknown type of link", listContent, `{"id":"c1","name":"Ada","link":"phone"}`, "main.hcl:29:15 Unknown word: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := makePlan(t, input(campaign(t, richCampaign(tt.content, tt.person+"\n"))))
			var errors []string
			for _, d := range said(m.diags) {
				if !strings.Contains(d, "(warning)") {
					errors = append(errors, d)
				}
			}
			if m.Plan != nil || len(errors) != 1 || !strings.HasPrefix(errors[0], tt.want) {
				t.Errorf("%q, want %q", errors, tt.want)
			}
		})
	}
}

// What is the same for everyone is filled once, and no memory is taken for a person but what evaluation takes.
func TestFillingTakesNoMemory(t *testing.T) {
	for name, content := range map[string]string{"text": `text = "Hi ${contact.name}"`, "list": listContent, "cards": cardsContent, "articles": articlesContent} {
		c := campaign(t, richCampaign(content, richPeople))
		m, diags := newMessage(c.Sequences[0].Messages[0], accounts(c)["chat"], new(digest))
		if diags.HasErrors() || len(m.varying) == 0 {
			t.Fatalf("%s: %q", name, said(diags))
		}
		for _, s := range m.varying {
			if !s.expr.PerPerson() {
				t.Errorf("%s: %s is filled again for everyone", name, s.path)
			}
		}
		scope := somebodyIn(c)
		evaluated := testing.AllocsPerRun(100, func() {
			for _, s := range m.varying {
				if _, diags := s.expr.Value(scope); diags.HasErrors() {
					t.Fatal(diags)
				}
			}
		})
		filled := testing.AllocsPerRun(100, func() {
			if diags := fillAll(m.varying, scope); diags.HasErrors() {
				t.Fatal(diags)
			}
		})
		if filled > evaluated {
			t.Errorf("%s: %v allocations to fill, %v to evaluate", name, filled, evaluated)
		}
	}
}

// somebodyIn gives a scope with the person c1 of richPeople.
func somebodyIn(c *spec.Campaign) *spec.Scope {
	scope := c.NewScope()
	text := cty.StringVal
	scope.Set(cty.ObjectVal(map[string]cty.Value{"id": text("c1"), "name": text("Ada"), "more": text("More"), "link": text("url"),
		"image": text("https://example.com/i.png"), "must": cty.True, "plans": cty.TupleVal([]cty.Value{text("Gold"), text("Tin")})}))
	return scope
}

func TestUnknownKind(t *testing.T) {
	c := campaign(t, richCampaign(`text = "Hi"`, ""))
	msg := *c.Sequences[0].Messages[0]
	msg.Content.Kind = "song"
	m, diags := newMessage(&msg, accounts(c)["chat"], new(digest))
	if got := said(diags); !m.broken || len(got) != 1 || !strings.HasPrefix(got[0], `main.hcl:17:5 Unknown kind of content: "song" `) {
		t.Errorf("%q", got)
	}
	for _, k := range providers.Kinds() {
		if _, known := layout(&spec.Content{Kind: string(k)}, new(providers.Content)); !known {
			t.Errorf("no layout for %s", k)
		}
	}
}
