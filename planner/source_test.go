package planner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bodies gives what is sent, by key.
func bodies(m made) map[string]string {
	all := map[string]string{}
	for _, s := range m.steps {
		_, text, _ := strings.Cut(string(s.Request.Body), `"text":"`)
		all[s.Send.Key], _, _ = strings.Cut(text, `"},"options"`)
	}
	return all
}

func TestAttributes(t *testing.T) {
	for _, tt := range []struct {
		name, blocks, text, files string
		want                      map[string]string
	}{
		{"rename", strings.Replace(csvSource, "}", "  rename = { \"First Name\" = \"name\" }\n}", 1), "${contact.name} ${contact.id} ${contact.key}",
			"-- people.csv --\nid,First Name\nc1,Ada\n", map[string]string{"c1": "Ada c1 c1"}},
		{"types", strings.Replace(csvSource, "}", "  types = { age = number, vip = bool }\n}", 1), "${contact.age + 1} ${contact.vip ? 1 : 2} ${contact.age == null}",
			"-- people.csv --\nid,age,vip\nc1,36,true\nc2,1e3,false\n", map[string]string{"c1": "37 1 false", "c2": "1001 2 false"}},
		{"an empty cell of another type is null", strings.Replace(csvSource, "}", "  types = { age = number }\n}", 1), "${contact.age == null} ${contact.name == \\\"\\\"}",
			"-- people.csv --\nid,age,name\nc1,,\n", map[string]string{"c1": "true true"}},
		{"JSONL keeps types and exact numbers", strings.Replace(csvSource, ".csv", ".jsonl", 1), "${contact.n} ${contact.a.b[1]} ${contact.none == null} ${contact.key}",
			"-- people.jsonl --\n{\"id\":7,\"n\":12345678901234567890.125,\"a\":{\"b\":[1,\"x\"]}}\n", map[string]string{"7": "12345678901234567890.125 x true 7"}},
		{"JSONL, the contact as a whole", strings.Replace(csvSource, ".csv", ".jsonl", 1), "${length(contact)}",
			"-- people.jsonl --\n{\"id\":\"a\",\"n\":1}\n{\"id\":\"b\"}\n", map[string]string{"a": "3", "b": "2"}},
		{"CSV, the contact as a whole", csvSource, "${join(\\\" \\\", keys(contact))}",
			"-- people.csv --\nid,b,a\nc1,1,2\n", map[string]string{"c1": "a b id key"}},
		{"keys are exact bytes", csvSource, "x", "-- people.csv --\nid,n\ne\u0301,1\n\u00e9,2\n C1,3\nc1,4\n", map[string]string{"e\u0301": "x", "\u00e9": "x", " C1": "x", "c1": "x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := campaign(t, strings.ReplaceAll(peopleCampaign(tt.blocks, "contacts.people", tt.text, tt.files), `\"`, `"`))
			got := bodies(good(t, input(c)))
			if len(got) != len(tt.want) {
				t.Errorf("people %q, want %q", got, tt.want)
			}
			for key, want := range tt.want {
				if got[key] != want {
					t.Errorf("%q: %q, want %q", key, got[key], want)
				}
			}
		})
	}
}

// Between loading a campaign and planning it the files may change.
func TestFileChangesMeanwhile(t *testing.T) {
	for _, tt := range []struct{ name, now, want string }{
		{"gone", "", "main.hcl:4:1 Unreadable file: people.csv: The file cannot be read: no such file or directory."},
		{"no key", "nr,name\nc1,Ada\n", "people.csv:1:1 Missing column: "},
		{"two columns for one attribute", "id,fname,name\nc1,Ada,Eva\n", "people.csv:1:10 Duplicate attribute: "},
		{"two columns of one name", "id,id\n", "people.csv:1:4 Duplicate column: "},
		{"empty", "\n", "people.csv:1:1 Empty file: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			blocks := strings.Replace(csvSource, "}", "  rename = { fname = \"name\" }\n  on_invalid = \"skip\"\n}", 1)
			c := campaign(t, peopleCampaign(blocks, "contacts.people", "Hi ${contact.name}", "-- people.csv --\nid,fname\nc1,Ada\n"))
			path := filepath.Join(c.Root, "people.csv")
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if tt.now != "" {
				if err := os.WriteFile(path, []byte(tt.now), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			m := makePlan(t, input(c))
			if got := said(m.diags); m.Plan != nil || len(got) != 1 || !strings.HasPrefix(got[0], tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestNativeAndWarnings(t *testing.T) {
	text := strings.NewReplacer(`text = "Hi"`, "native = { a = contact.name, b = [1, true, null] }").Replace(
		peopleCampaign(csvSource, "contacts.people", "Hi", "-- people.csv --\nid,name\nc1,A<\"a\n"))
	text = strings.Replace(text, "A<\"a", "\"A<\"\"a\"", 1)
	m := good(t, input(campaign(t, text)))
	if body := string(m.steps[0].Request.Body); !strings.Contains(body, `"native":{"a":"A\u003c\"a","b":[1,true,null]}`) {
		t.Errorf("%s", body)
	}
	if got := m.Groups[0].Samples[0].Text; got != `{"a":"A<\"a","b":[1,true,null]}` {
		t.Errorf("sample %s", got)
	}

	m = good(t, input(campaign(t, peopleCampaign(csvSource, "contacts.people", "{{ ${contact.name}", "-- people.csv --\nid,name\nc1,Ada\nc2,Bob\n"))))
	equal(t, "a warning with its people", said(m.diags), []string{"main.hcl:17:12 (warning) Liquid: The server renders it.\n\nFor 2 people:\n  \"c1\" (people.csv:2)\n  \"c2\" (people.csv:3)"})
}
