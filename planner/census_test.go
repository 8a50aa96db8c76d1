package planner

import (
	"context"
	"maps"
	"testing"
)

func TestCensus(t *testing.T) {
	const sources = csvSource + `
contacts "out" {
  source = "out.csv"
  key    = "id"
}
contacts "gold" {
  source = "gold.csv"
  key    = "id"
  where  = contact.plan == "gold"
}
contacts "broken" {
  source = "broken.csv"
  key    = "id"
}
audience "all" {
  include = [contacts.people, contacts.gold]
  exclude = [contacts.out]
}
audience "unread" {
  include = [contacts.broken]
}
`
	c := campaign(t, peopleCampaign(sources, "audience.all", "Hi", "-- people.csv --\nid\nc1\nc2\nc3\n", "-- out.csv --\nid\nc2\n9\n",
		"-- gold.csv --\nid,plan\nc3,gold\nc4,gold\nc5,tin\n", "-- broken.csv --\nid\nb1\nb1,more,cells\n"))
	got, err := Census(t.Context(), c)
	want := map[string]int{"contacts.people": 3, "contacts.out": 2, "contacts.gold": 2, "audience.all": 3}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := Census(ended, c); err == nil {
		t.Error("it goes on after its end")
	}
}
