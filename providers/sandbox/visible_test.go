package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// visibleDelays are what the messages of the test below get: later ones overtake earlier ones, and two are out of range.
func visibleDelays() []time.Duration {
	return []time.Duration{3 * time.Second, 0, time.Second, 5 * time.Second, -time.Hour, time.Second, time.Hour}
}

// TestVisibleAfter compares all that lists and summaries show with what should be visible, second for second.
func TestVisibleAfter(t *testing.T) {
	for _, vendor := range []string{Chatwoot, Digital99, Avaamo} {
		t.Run(vendor, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				delays := visibleDelays()
				s := built(t, Options{VisibleAfter: func(name string, n int) time.Duration {
					if name != vendor {
						t.Errorf("asked for %s", name)
					}
					return delays[n-1]
				}})
				for i := range delays {
					post(t, s, vendor, fmt.Sprint(i+1))
				}
				if got := s.Count(vendor) + len(s.Messages(vendor)); got != 2*len(delays) {
					t.Errorf("Count and Messages have %d", got)
				}
				for second := range 62 {
					var want []string
					for i, d := range delays {
						if min(d, maxWait) <= time.Duration(second)*time.Second {
							want = append(want, fmt.Sprint(i+1))
						}
					}
					for where, got := range shown(t, s, vendor) {
						expected := want
						if strings.HasPrefix(where, "last ") {
							expected = want[len(want)-1:]
						}
						if !slices.Equal(got, expected) {
							t.Fatalf("after %d s, %s shows %v, want %v", second, where, got, expected)
						}
					}
					time.Sleep(time.Second)
				}
			})
		})
	}
}

// post lets a vendor accept a message in conversation 7 or the test's uuid.
func post(t *testing.T, s *Sandbox, vendor, text string) {
	t.Helper()
	path, body := chatwootPath, `{"content":`+string(encode(text))+`}`
	if vendor == Avaamo {
		path, body = avaamoPath, avaamoSaying(string(encode(text)))
	}
	if w := s.do(vendor, "POST", path, body); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
}

// shown gives what each way of reading shows, oldest first. "last ..." shows one message.
func shown(t *testing.T, s *Sandbox, vendor string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	if vendor == Avaamo {
		for _, path := range []string{"/v1/messages.json", "/v1/conversations/" + avaamoUUID + "/messages.json"} {
			page := decoded[avaamoPage](t, s.get(path, header("Device-Id", "1")))
			all[path] = page.contents()
			slices.Reverse(all[path])
			if page.TotalEntries != len(all[path]) {
				t.Errorf("%s: total %d", path, page.TotalEntries)
			}
		}
		one := decoded[struct {
			Conversation struct {
				Last struct{ Content string } `json:"last_message"`
			}
		}](t, s.get("/v1/conversations/"+avaamoUUID+".json", header("Device-Id", "1")))
		all["last of the summary"] = []string{one.Conversation.Last.Content}
		return all
	}
	type conversation struct {
		Messages       []struct{ Content string }
		LastActivityAt int64 `json:"last_activity_at"`
	}
	base, _ := strings.CutSuffix(chatwootPath, "/messages")
	account := base[:strings.LastIndex(base, "/")]
	for _, query := range []string{"", "?after=0", "?before=1000", "?after=0&before=1000"} {
		page := decoded[struct{ Payload []struct{ Content string } }](t, s.do(vendor, "GET", chatwootPath+query, ""))
		for _, m := range page.Payload {
			all["list"+query] = append(all["list"+query], m.Content)
		}
	}
	last := func(where string, c conversation) {
		for _, m := range c.Messages {
			all["last "+where] = append(all["last "+where], m.Content)
		}
	}
	last("of the conversation", decoded[conversation](t, s.do(vendor, "GET", base, "")))
	list := decoded[struct {
		Data struct{ Payload []conversation }
	}](t, s.do(vendor, "GET", account, ""))
	for _, c := range list.Data.Payload {
		last("in the list", c)
	}
	return all
}

// TestHiddenConversation: a conversation whose only message cannot be seen has not begun, but what is done by id, and by
// the person, is done.
func TestHiddenConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{VisibleAfter: func(string, int) time.Duration { return 10 * time.Second }})
		base, _ := strings.CutSuffix(chatwootPath, "/messages")
		account := base[:strings.LastIndex(base, "/")]
		contacts := account[:strings.LastIndex(account, "/")] + "/contacts"
		before := s.do(Chatwoot, "GET", base, "").Body.String()
		post(t, s, Chatwoot, "x")
		if got := s.do(Chatwoot, "GET", base, "").Body.String(); got != before {
			t.Errorf("got  %s\nwant %s", got, before)
		}
		for _, path := range []string{account, contacts} {
			if got := s.do(Chatwoot, "GET", path, "").Body.String(); !strings.Contains(got, `"payload":[]`) {
				t.Errorf("%s: %s", path, got)
			}
		}
		if got := s.do(Chatwoot, "DELETE", chatwootPath+"/1", "").Code; got != 200 {
			t.Errorf("DELETE: %d", got)
		}
		post(t, s, Avaamo, "x")
		summary := s.get("/v1/conversations/"+avaamoUUID+".json", header("Device-Id", "1")).Body.String()
		if !strings.Contains(summary, `"last_message":null`) {
			t.Errorf("summary %s", summary)
		}
		if n, err := s.Read(Avaamo, avaamoUUID); n != 1 || err != nil {
			t.Errorf("read %d, %v", n, err)
		}
		if err := s.Write(Avaamo, avaamoUUID, "hello"); err != nil {
			t.Error(err)
		}
		if got := shown(t, s, Avaamo)["/v1/messages.json"]; !slices.Equal(got, []string{"hello"}) {
			t.Errorf("what the person wrote: %v", got)
		}
		time.Sleep(10 * time.Second)
		if got := shown(t, s, Avaamo)["/v1/messages.json"]; !slices.Equal(got, []string{"x", "hello"}) {
			t.Errorf("later: %v", got)
		}
		var list struct{ Payload []json.RawMessage }
		if json.Unmarshal(s.do(Chatwoot, "GET", chatwootPath, "").Body.Bytes(), &list); len(list.Payload) != 1 {
			t.Errorf("later: %s", list.Payload)
		}
	})
}
