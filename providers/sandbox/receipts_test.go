package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// statuses lists the messages of a Chatwoot conversation as "content status attributes".
func (s *Sandbox) statuses(t *testing.T, name string) string {
	t.Helper()
	type list struct{ Payload []chatwootMessage }
	var all []string
	for _, m := range decoded[list](t, s.do(name, "GET", chatwootPath, "")).Payload {
		all = append(all, fmt.Sprint(m.Content, " ", m.Status, " ", string(m.ContentAttributes)))
	}
	return strings.Join(all, ", ")
}

func TestDeliverAndFail(t *testing.T) {
	for _, name := range []string{Chatwoot, Digital99} {
		s := built(t, Options{})
		post := func(body string) { s.do(name, "POST", chatwootPath, body) }
		check := func(what string, n int, err error, want int, now string) {
			t.Helper()
			if got := s.statuses(t, name); n != want || err != nil || got != now {
				t.Errorf("%s: %s %d, %v, want %d\ngot  %s\nwant %s", name, what, n, err, want, got, now)
			}
		}
		post(`{"content":"a"}`)
		post(`{"content":"n","private":true}`)
		n, err := s.Deliver(name, "3/7")
		check("deliver", n, err, 1, "a delivered {}, n sent {}")
		post(`{"content":"b","content_attributes":{"k":1}}`)
		n, err = s.Fail(name, "3/7", "No <such> number")
		check("fail", n, err, 1, `a delivered {}, n sent {}, b failed {"external_error":"No <such> number","k":1}`)
		n, err = s.Deliver(name, "3/7")
		check("deliver again", n, err, 0, `a delivered {}, n sent {}, b failed {"external_error":"No <such> number","k":1}`)
		n, err = s.Read(name, "3/7")
		check("read", n, err, 1, `a read {}, n sent {}, b failed {"external_error":"No <such> number","k":1}`)
		n, err = s.Fail(name, "3/7", "late")
		check("fail what was read", n, err, 0, `a read {}, n sent {}, b failed {"external_error":"No <such> number","k":1}`)
	}
}

func TestChoose(t *testing.T) {
	const pick = `{"content":"Pick","content_type":"input_select","content_attributes":{"herald_key":"x","items":[{"title":"Yes, please","value":"yes"},{"title":"No","value":"no"}]}}`
	const form = `{"content":"You","content_type":"form","content_attributes":{"items":[{"name":"n","type":"text","label":"Name","required":true},` +
		`{"name":"m","type":"email","label":"Mail"},{"name":"c","type":"select","label":"Colour","options":[{"label":"Red","value":"red"}]}]}}`
	for _, tt := range []struct {
		name, body string
		values     []string
		want       string // part of the attributes; of the error after "!"
	}{
		{"select", pick, []string{"yes"}, `"submitted_values":[{"title":"Yes, please","value":"yes"}]`},
		{"select keeps the rest", pick, []string{"no"}, `"herald_key":"x","items":[{"title":"Yes, please"`},
		{"none of them", pick, []string{"Yes, please"}, `!"Yes, please" is none of the answers`},
		{"two", pick, []string{"yes", "no"}, "!2 values"},
		{"form", form, []string{"Ann", "", "red"}, `"submitted_values":[{"name":"n","value":"Ann"},{"name":"c","value":"red"}]`},
		{"form without what is required", form, []string{"", "", ""}, `!field "n" is required`},
		{"form with a bad address", form, []string{"Ann", "ann", ""}, `!"ann" is no e-mail address`},
		{"form with another option", form, []string{"Ann", "", "blue"}, `!"blue" is none of its options`},
		{"form cut short", form, []string{"Ann"}, "!1 values"},
		{"address", `{"content":"?","content_type":"input_email"}`, []string{"Ann@Example.com"}, `"submitted_email":"ann@example.com"`},
		{"no address", `{"content":"?","content_type":"input_email"}`, []string{"Ann"}, `!"Ann" is no e-mail address`},
		{"no question", `{"content":"?"}`, []string{"Ann"}, "!no question without an answer"},
	} {
		s := built(t, Options{})
		if w := s.do(Chatwoot, "POST", chatwootPath, tt.body); w.Code != 200 {
			t.Fatalf("%s: %s", tt.name, w.Body)
		}
		err := s.Choose(Chatwoot, "3/7", tt.values...)
		if why, wrong := strings.CutPrefix(tt.want, "!"); wrong != (err != nil) || wrong && !strings.Contains(err.Error(), why) || !wrong && !strings.Contains(s.statuses(t, Chatwoot), tt.want) {
			t.Errorf("%s: %v, %s", tt.name, err, s.statuses(t, Chatwoot))
		}
		if err == nil && s.Choose(Chatwoot, "3/7", tt.values...) == nil {
			t.Errorf("%s: answered twice", tt.name)
		}
	}
}

func TestReceiptErrors(t *testing.T) {
	s := built(t, Options{})
	forgetful := built(t, Options{Forget: true})
	for _, tt := range []struct {
		s                        *Sandbox
		vendor, conversation, is string
	}{
		{s, "nobody", "1", "no vendor"}, {s, HeyX, "1", "no conversations"}, {s, Avaamo, "u", "does not say what was delivered"},
		{s, Chatwoot, "7", "ACCOUNT/CONVERSATION"}, {forgetful, Chatwoot, "1/7", "forgets"},
	} {
		_, delivered := tt.s.Deliver(tt.vendor, tt.conversation)
		_, failed := tt.s.Fail(tt.vendor, tt.conversation, "x")
		for _, err := range []error{delivered, failed, tt.s.Choose(tt.vendor, tt.conversation, "x")} {
			if err == nil || !strings.Contains(err.Error(), tt.is) {
				t.Errorf("%s %s: %v, want %q", tt.vendor, tt.conversation, err, tt.is)
			}
		}
	}
}

// What comes afterwards comes in its order and time, and not after Close.
func TestAfterwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		observed := 0
		s := built(t, Options{
			Observe: func(Message) { observed++ },
			Afterwards: func(m Message) []Event {
				if m.Text != "Hi" {
					return nil
				}
				return []Event{{4 * time.Second, EventWritten, "Yes"}, {time.Second, EventDelivered, ""}, {2 * time.Second, EventRead, ""}, {time.Hour, EventWritten, "late"}, {-1, "no such kind", ""}}
			},
		})
		s.do(Chatwoot, "POST", chatwootPath, `{"content":"Hi"}`)
		s.do(Chatwoot, "POST", chatwootPath, `{"content":"Bye"}`)
		s.do(Avaamo, "POST", avaamoPath, strings.ReplaceAll(avaamoHi, `"Sample message"`, `"Hi"`))
		for _, want := range []string{"Hi sent {}, Bye sent {}", "Hi delivered {}, Bye delivered {}", "Hi read {}, Bye read {}", "Hi read {}, Bye read {}", "Hi read {}, Bye read {}, Yes sent {}"} {
			synctest.Wait()
			if got := s.statuses(t, Chatwoot); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			time.Sleep(time.Second)
		}
		if observed != 3 {
			t.Errorf("observed %d", observed)
		}
		s.afterwards.stop()
		time.Sleep(2 * maxWait)
		if got := s.statuses(t, Chatwoot); strings.Contains(got, "late") {
			t.Errorf("after the end: %s", got)
		}
		s.do(Chatwoot, "POST", chatwootPath, `{"content":"Hi"}`)
		time.Sleep(2 * maxWait)
		if got := s.statuses(t, Chatwoot); !strings.HasSuffix(got, "Hi sent {}") {
			t.Errorf("after the end: %s", got)
		}
	})
}

// A message that fails, is chosen from, or is in a place without such things.
func TestAfterwardsKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{Afterwards: func(m Message) []Event {
			return []Event{{0, EventFailed, "gone"}, {0, EventChosen, "yes"}, {0, EventWritten, ""}}
		}})
		s.do(Digital99, "POST", chatwootPath, `{"content":"Pick","content_type":"input_select","content_attributes":{"items":[{"title":"Yes","value":"yes"}]}}`)
		s.do(HeyX, "POST", heyxPath+"1", heyxHi)
		s.do(Avaamo, "POST", avaamoPath, avaamoHi)
		time.Sleep(time.Second)
		if got, want := s.statuses(t, Digital99), `Pick failed {"external_error":"gone","items":[{"title":"Yes","value":"yes"}],"submitted_values":[{"title":"Yes","value":"yes"}]}`; got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
		s.afterwards.stop()
	})
}
