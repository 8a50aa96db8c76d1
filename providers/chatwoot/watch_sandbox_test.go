package chatwoot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/chatwoot"
	"herald/providers/sandbox"
)

// What the emulator lets happen is what is reported, kind by kind.
func TestWatchOfTheEmulator(t *testing.T) {
	for _, kind := range chatwoot.Types() {
		t.Run(kind.Facts.Type, func(t *testing.T) {
			s, err := sandbox.Start(sandbox.Options{NoLimits: true})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			var at sandbox.Vendor
			for _, v := range s.Vendors() {
				if v.Name == kind.Facts.Type {
					at = v
				}
			}
			p, err := kind.Open(providers.Account{Type: kind.Facts.Type, Timeout: 10 * time.Second,
				Settings: providers.Values{"base_url": at.URL, "api_access_token": at.Token, "account_id": int64(3)}})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()

			var sends []providers.Delivery
			say := func(conversation int64, c providers.Content) {
				t.Helper()
				r, problems := p.Render(providers.Message{Content: c, Address: providers.Values{"conversation_id": conversation}})
				begun := time.Now()
				o := p.Send(t.Context(), r, providers.NewKey())
				if len(problems) > 0 || o.Class != providers.Accepted {
					t.Fatalf("%+v, %+v", problems, o)
				}
				sends = append(sends, providers.Delivery{Place: r.Place, ID: o.ID, Begun: begun, Ended: time.Now()})
			}
			hi := providers.Content{Kind: providers.KindText, Text: "Hi"}
			pick := providers.Content{Kind: providers.KindQuickReplies, QuickReplies: providers.QuickReplies{Title: "Well?", Replies: []string{"Yes", "No"}}}
			must := func(_ any, err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			watch := func(want ...string) {
				t.Helper()
				got := map[int]string{}
				turns := 0
				o := p.(providers.Watcher).Watch(t.Context(), sends, func(context.Context) error { turns++; return nil }, func(r providers.Report) {
					var facts []string
					for _, one := range []struct {
						name string
						at   time.Time
					}{{"delivered", r.Delivered}, {"read", r.Read}, {"failed", r.Failed}, {"replied", r.Replied}} {
						if !one.at.IsZero() {
							facts = append(facts, one.name)
							if ago := time.Since(one.at); ago < -time.Second || ago > time.Minute {
								t.Errorf("%s at %v", one.name, one.at)
							}
						}
					}
					got[r.Send] = strings.TrimSpace(strings.Join(facts, " ") + " " + r.Reason + r.Reply)
				})
				if o.Class != providers.Accepted || o.Note != "" {
					t.Errorf("%+v", o)
				}
				for i, w := range want {
					if got[i] != w {
						t.Errorf("send %d: %q, want %q", i, got[i], w)
					}
				}
				conversations := map[string]bool{}
				for _, d := range sends {
					conversations[d.Place] = true
				}
				if turns < len(conversations) || turns > 2*len(conversations) {
					t.Errorf("%d requests for %d conversations", turns, len(conversations))
				}
			}

			must(nil, s.Write(kind.Facts.Type, "3/7", "before all"))
			say(7, hi)
			say(8, hi)
			say(9, pick)
			say(7, pick)
			watch("", "", "", "")
			must(s.Deliver(kind.Facts.Type, "3/7"))
			must(s.Fail(kind.Facts.Type, "3/8", "131026: not\ndeliverable"))
			watch("delivered", "failed 131026: not deliverable", "", "delivered")
			must(s.Read(kind.Facts.Type, "3/7"))
			must(nil, s.Choose(kind.Facts.Type, "3/9", "No"))
			watch("delivered read", "failed 131026: not deliverable", "replied No", "delivered read")
			must(nil, s.Write(kind.Facts.Type, "3/7", "First"))
			must(nil, s.Write(kind.Facts.Type, "3/7", "Second"))
			say(7, hi)
			watch("delivered read replied First", "failed 131026: not deliverable", "replied No", "delivered read replied First", "")
			for range 150 { // more than a page
				say(8, hi)
			}
			must(nil, s.Write(kind.Facts.Type, "3/8", "At last"))
			watch("delivered read replied First", "failed replied 131026: not deliverableAt last")
			if n := len(sends); n != 155 {
				t.Fatal(fmt.Sprint(n))
			}
		})
	}
}
