package planner

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"herald/internal/table"
	"herald/providers"
	"herald/spec"
)

// crowd is a campaign with n contacts in a CSV file and one text message for each.
func crowd(b *testing.B, n int) Input {
	b.Helper()
	dir := b.TempDir()
	file, err := os.Create(filepath.Join(dir, "customers.csv"))
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(file)
	fmt.Fprintln(w, "id,first_name,last_name,email,phone,chat,renews_on")
	for i := range n {
		fmt.Fprintf(w, "c%07d,Ada%d,Lovelace,ada%d@example.com,+4915%08d,chat-%d,2026-12-%02d\n", i, i%100, i, i, i, i%28+1)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	const text = `
provider "chat" {
}
contacts "customers" {
  source = "customers.csv"
  key    = "id"
}
conversation "chat" {
  provider = chat
  with     = contacts.customers
  to       = contact.chat
}
sequence "renewal" {
  conversation = conversation.chat
  message "offer" {
    text = "Hi ${contact.first_name}, you renew on ${contact.renews_on}."
  }
}
`
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	c, diags := spec.Load(dir, fakeInputs())
	if diags.HasErrors() {
		b.Fatal(said(diags))
	}
	return input(c)
}

// BenchmarkMake plans one text message to each contact of a file, steps kept on disk as the command line keeps them. With
// contents it looks for the messages that stand out, too.
func BenchmarkMake(b *testing.B) {
	for _, of := range []struct {
		contacts int
		contents bool
	}{{10_000, false}, {100_000, false}, {100_000, true}} {
		n, name := of.contacts, fmt.Sprintf("%d_contacts", of.contacts)
		if of.contents {
			name += "_with_contents"
		}
		b.Run(name, func(b *testing.B) {
			in := crowd(b, n)
			in.Contents = of.contents
			var before, now runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				files := NewStepFiles()
				plan, diags, err := Make(context.Background(), in, files.Add)
				if err != nil || plan == nil || plan.Sends() != n {
					b.Fatalf("%v %v", err, said(diags))
				}
				if err := files.Close(); err != nil {
					b.Fatal(err)
				}
			}
			runtime.ReadMemStats(&now)
			sends := float64(b.N * n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/sends, "ns/send")
			b.ReportMetric(float64(now.TotalAlloc-before.TotalAlloc)/sends, "B/send")
			b.ReportMetric(float64(now.Mallocs-before.Mallocs)/sends, "allocs/send")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkStandouts is what looking for the messages that stand out costs for each send: nobody is without anything, and
// there are few locales.
func BenchmarkStandouts(b *testing.B) {
	text := "Hi Ada, you renew on 2026-12-24. Reply YES to go on."
	c, diags := spec.Load(crowd(b, 1).Campaign.Root, fakeInputs())
	if diags.HasErrors() {
		b.Fatal(said(diags))
	}
	r := &message{msg: c.Sequences[0].Messages[0], content: providers.Content{Kind: providers.KindText, Text: text}, varying: make([]slot, 1)}
	row := &sourceReader{names: []string{"locale"}, at: map[string]int{"locale": 0}, row: table.Row{Fields: []string{"de"}},
		values: map[string]cty.Value{"first_name": cty.StringVal("Ada"), "renews_on": cty.StringVal("2026-12-24")}}
	p, o := &Person{row: row}, newStandouts(r)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		o.look(i, r, p, func() Sample { return Sample{Text: text} })
	}
}
