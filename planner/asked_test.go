package planner

import (
	"strings"
	"testing"
)

// askedCampaign asks about the people of a file of that kind. The conversation begins on line 9.
func askedCampaign(kind, block, people string) string {
	text := peopleCampaign(strings.Replace(csvSource, ".csv", "."+kind, 1), "contacts.people", "Hi", "-- people."+kind+" --\n"+people)
	text = strings.NewReplacer(`provider "chat"`, `provider "asked"`, "provider = chat", "provider = asked", "to       = contact.key", "to       = contact.key\n"+block).Replace(text)
	return strings.Replace(text, "\n-- main.hcl --", "-- main.hcl --", 1)
}

const given = "about {\n  name = \"Dear ${contact.called}\"\n  email = contact.mail\n}"

// The attributes of a block in an address go to the provider under dotted names, and count in the destination.
func TestAddressWithABlock(t *testing.T) {
	for _, tt := range []struct {
		name, block, people string
		want                []string
	}{
		{"given", given, "id,called,mail\nc1,Ada,a@b.de\nc2,Bob,c@d.de\n", []string{
			`{"about.email":"a@b.de","about.name":"Dear Ada","to":"c1"}`, `{"about.email":"c@d.de","about.name":"Dear Bob","to":"c2"}`}},
		{"from the contact", "", "id,name,email\nc1,Ada,a@b.de\nc2,Bob,c@d.de\n", []string{
			`{"about.email":"a@b.de","about.name":"Ada","to":"c1"}`, `{"about.email":"c@d.de","about.name":"Bob","to":"c2"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(campaign(t, askedCampaign("csv", tt.block, tt.people)))
			m := good(t, in)
			var addresses []string
			for _, s := range m.steps {
				address, _, _ := strings.Cut(strings.TrimPrefix(string(s.Request.Body), `{"address":`), `,"content":`)
				addresses = append(addresses, address)
			}
			equal(t, "addresses", addresses, tt.want)
			if m.steps[0].Destination == m.steps[1].Destination {
				t.Error("two people, one destination")
			}
			other := good(t, input(campaign(t, askedCampaign("csv", tt.block, strings.Replace(tt.people, "a@b.de", "x@b.de", 1)))))
			if m.steps[0].Destination == other.steps[0].Destination || m.steps[1].Destination != other.steps[1].Destination {
				t.Error("the destination is not that of the e-mail address")
			}
		})
	}

	// What one person lacks is no longer what the person before had.
	m := good(t, input(campaign(t, askedCampaign("jsonl", "", `{"id":"c1","name":"Ada","email":"a@b.de"}`+"\n"+`{"id":"c2","name":"Bob","phone":"+4911"}`+"\n"+`{"id":"c3","name":"Eva","email":null,"phone":"+4922"}`+"\n"))))
	for i, want := range []string{`{"about.email":"a@b.de","about.name":"Ada","to":"c1"}`, `{"about.name":"Bob","about.phone":"+4911","to":"c2"}`, `{"about.name":"Eva","about.phone":"+4922","to":"c3"}`} {
		if body := string(m.steps[i].Request.Body); !strings.Contains(body, want) {
			t.Errorf("%s, want %s", body, want)
		}
	}
}

// Formats are checked of what the block names, and problems with it stand where it is written.
func TestProblemsOfAnAddressWithABlock(t *testing.T) {
	for _, tt := range []struct {
		name, kind, block, people string
		want                      []string
	}{
		{"format", "csv", "about {\n  name = contact.name\n  email = contact.email\n}", "id,name,email\nc1,Ada,ada\n", []string{"people.csv:2:8 Invalid e-mail address: "}},
		{"format of what is implied", "csv", "", "id,name,phone\nc1,Ada,0151\n", []string{"people.csv:2:8 Invalid phone number: "}},
		{"format of what is not named", "csv", "about {\n  name = contact.name\n  phone = \"+4911\"\n}", "id,name,email\nc1,Ada,ada\n", nil},
		{"for everyone", "csv", "about {\n  name = \"\"\n  email = contact.mail\n}", "id,mail\nc1,a@b.de\n", []string{"main.hcl:14:10 No name: "}},
		{"not given for anyone", "csv", "about {\n  name = \"Ada\"\n}", "id\nc1\n", []string{"main.hcl:13:1 No way to answer: "}},
		{"of one person", "csv", given, "id,called,mail\nc1,Ada,a@b.de\nc2,Bob,\n", []string{"main.hcl:13:1 No way to answer: Give email or phone.\n\nFor \"c2\" (people.csv:3)."}},
		{"implied, and nobody has it", "csv", "", "id,mail\nc1,a@b.de\n", []string{"main.hcl:9:1 No name: ", "main.hcl:9:1 No way to answer: "}},
		{"implied, and a person lacks it", "jsonl", "", `{"id":"c1","email":"a@b.de"}` + "\n", []string{"main.hcl:9:1 No name: Give name.\n\nFor \"c1\" (people.jsonl:1)."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := said(makePlan(t, input(campaign(t, askedCampaign(tt.kind, tt.block, tt.people)))).diags)
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("%q, want %q", got[i], want)
				}
			}
		})
	}

	// Nobody asked for what is implied: that all lack it is worth no warning, other than for what is written.
	people := `{"id":"c1","name":"Ada","email":"a@b.de"}` + "\n"
	if m := good(t, input(campaign(t, askedCampaign("jsonl", "", people)))); len(m.diags) > 0 {
		t.Errorf("%q", said(m.diags))
	}
	if m := good(t, input(campaign(t, askedCampaign("jsonl", "about {\n  name = contact.name\n  email = contact.email\n  phone = contact.phone\n}", people)))); len(m.diags) != 1 {
		t.Errorf("%q", said(m.diags))
	}
}
