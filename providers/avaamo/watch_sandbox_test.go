package avaamo_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/avaamo"
	"herald/providers/sandbox"
)

// What the emulator lets happen is what is reported, whether conversations are read alone or all at once.
func TestWatchOfTheEmulator(t *testing.T) {
	for _, conversations := range []int{1, 3, 12} {
		t.Run(fmt.Sprint(conversations), func(t *testing.T) {
			s, err := sandbox.Start(sandbox.Options{AvaamoConversations: func(uuid string) bool { return strings.HasPrefix(uuid, "c-") }})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			settings := providers.Values{"bot_id": int64(7)}
			for _, v := range s.Vendors() {
				if v.Name == sandbox.Avaamo {
					settings["base_url"], settings["access_token"], settings["agent_token"] = v.URL, v.Token, v.ReadToken
				}
			}
			p, err := avaamo.Type().Open(providers.Account{Type: "avaamo", Timeout: 10 * time.Second, Settings: settings})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			must := func(_ any, err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			var sends []providers.Delivery
			turns := 0
			watch := func() (got map[int]string, o providers.Outcome) {
				got = map[int]string{}
				o = p.(providers.Watcher).Watch(t.Context(), sends, func(context.Context) error { turns++; return nil }, func(r providers.Report) {
					got[r.Send] = strings.TrimSpace(fmt.Sprint(map[bool]string{true: "read "}[!r.Read.IsZero()], r.Reply))
				})
				return got, o
			}
			for i := range conversations {
				where := fmt.Sprintf("c-%d", i)
				must(nil, s.Write(sandbox.Avaamo, where, "before"))
				r, _ := p.Render(providers.Message{Content: providers.Content{Kind: providers.KindText, Text: "Hi"}, Address: providers.Values{"uuid": where}})
				begun := time.Now()
				if o := p.Send(t.Context(), r, providers.NewKey()); o.Class != providers.Accepted {
					t.Fatalf("%+v", o)
				}
				sends = append(sends, providers.Delivery{Place: r.Place, Begun: begun, Ended: time.Now()})
			}
			if got, o := watch(); len(got) > 0 || o.Class != providers.Accepted || o.Note != "" {
				t.Errorf("%v, %+v", got, o)
			}
			for i := range conversations {
				must(s.Read(sandbox.Avaamo, fmt.Sprintf("c-%d", i)))
				if i%2 == 0 {
					must(nil, s.Write(sandbox.Avaamo, fmt.Sprintf("c-%d", i), fmt.Sprint("Yes ", i)))
					must(nil, s.Write(sandbox.Avaamo, fmt.Sprintf("c-%d", i), "No"))
				}
			}
			got, o := watch()
			if o.Class != providers.Accepted || o.Note != "" {
				t.Errorf("%+v", o)
			}
			for i := range conversations {
				want := "read"
				if i%2 == 0 {
					want = fmt.Sprint("read Yes ", i)
				}
				if got[i] != want {
					t.Errorf("send %d: %q, want %q", i, got[i], want)
				}
			}
			if want := 2 * conversations; conversations > 3 && turns != 2 || conversations <= 3 && turns != want {
				t.Errorf("%d requests for %d conversations", turns, conversations)
			}
			sends = append(sends, providers.Delivery{Place: "gone", Begun: time.Now(), Ended: time.Now()})
			if again, o := watch(); o.Class != providers.Accepted || len(again) != len(got) || (o.Note == "") != (conversations >= 3) {
				t.Errorf("%v, %+v", again, o)
			}
		})
	}
}
