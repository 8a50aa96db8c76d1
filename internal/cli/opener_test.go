package cli

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/sandbox"
)

// Whatever goes wrong on the way, and however late what was made can be seen: every person gets one conversation, by as
// many attempts as it takes, each with the key of the first.
func TestOpenedOnce(t *testing.T) {
	for _, vendor := range []string{sandbox.Chatwoot, sandbox.Digital99} {
		for _, single := range []bool{false, true} {
			t.Run(fmt.Sprint(vendor, " single ", single), func(t *testing.T) {
				const visible = 20 * time.Millisecond
				var calm atomic.Bool
				storm := sandbox.Faults(11, map[sandbox.FaultKind]float64{sandbox.FaultDropAfter: 0.06, sandbox.FaultError: 0.05, sandbox.FaultBadJSON: 0.05,
					sandbox.FaultResetAfter: 0.05, sandbox.FaultThrottle: 0.03, sandbox.FaultDropBefore: 0.03})
				s, err := sandbox.Start(sandbox.Options{NoLimits: true, SingleConversation: single, VisibleAfter: func(string, int) time.Duration { return visible },
					Fault: func(v string, n int, r *http.Request) sandbox.Fault {
						if calm.Load() {
							return sandbox.Fault{}
						}
						return storm(v, n, r)
					}})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				var v sandbox.Vendor
				for _, one := range s.Vendors() {
					if one.Name == vendor {
						v = one
					}
				}
				kind, _ := newRegistry().Type(vendor)
				settings := emulatorSettings(kind.Facts, v, "")
				settings["inbox_id"] = int64(4)
				p, err := kind.Open(providers.Account{Type: vendor, Settings: settings, Timeout: time.Second})
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close()
				attempts := 0
				places := map[string]string{}
				for i := range 30 {
					who := fmt.Sprintf(`c_%d\%%`, i)
					r, problems := p.Render(providers.Message{Content: providers.Content{Kind: providers.KindText, Text: "Hi"},
						Address: providers.Values{"contact_info.identifier": who, "contact_info.email": fmt.Sprintf("A%d@x.example", i), "contact_info.phone_number": fmt.Sprintf("+49%d", 1000+i)}})
					if len(problems) > 0 {
						t.Fatal(problems)
					}
					attempt := providers.OpenAttempt{Opening: *r.Opening, Key: providers.NewKey(), Begun: time.Now(), Settled: true}
					for n := 0; ; n++ {
						if n > 60 {
							t.Fatalf("%s is not opened", who)
						}
						attempts++
						o := p.(providers.Opener).Open(t.Context(), attempt, func(context.Context) error { return nil })
						if o.Class == providers.Accepted {
							if of, given := places[o.Place]; given {
								t.Fatalf("%s has the place of %s", who, of)
							}
							places[o.Place] = who
							r.Path, r.Place, r.Opening = strings.Replace(r.Path, providers.PlaceMark, o.Place, 1), o.Place, nil
							break
						}
						if o.Class == providers.Refused || o.Class == providers.AccountError {
							t.Fatalf("%+v", o)
						}
						attempt.Settled = n%2 == 1
						if attempt.Settled {
							time.Sleep(visible)
						}
					}
					calm.Store(true)
					if out := p.Send(t.Context(), r, providers.NewKey()); out.Class != providers.Accepted {
						t.Errorf("%+v", out)
					}
					calm.Store(false)
				}
				t.Logf("%d attempts, %d requests", attempts, s.Requests(vendor))
				if all := s.Talks(vendor); len(all) != 30 {
					t.Errorf("%d people have conversations", len(all))
				}
				for _, one := range s.Talks(vendor) {
					if one.Conversations != 1 {
						t.Errorf("%+v", one)
					}
				}
			})
		}
	}
}
