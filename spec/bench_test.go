package spec

import "testing"

// BenchmarkValue is what one text costs per person.
func BenchmarkValue(b *testing.B) {
	c := whole(b)
	s := c.NewScope()
	e := c.Sequences[1].Messages[0].Content.Fields["text"]
	person := contact("first_name", "Ada")
	b.ReportAllocs()
	for b.Loop() {
		s.Set(person)
		if _, diags := e.Value(s); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}
