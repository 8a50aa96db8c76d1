package report

import (
	"slices"
	"testing"
)

func TestPersons(t *testing.T) {
	r := Review{Drawn: []Drawn{{Address: `a.b["c1"]`}, {Address: `a.b["c2"]`}, {Address: `x.y["c1"]`}, {Address: "no address"}, {Address: "no address"}}}
	if got, want := r.Persons(), []string{"person 1", "person 2", "person 1", "person 3", "person 3"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	r.Contacts = true
	if got, want := r.Persons(), []string{"c1", "c2", "c1", "no address", "no address"}; !slices.Equal(got, want) {
		t.Errorf("where people may be shown: %q, want %q", got, want)
	}
}
