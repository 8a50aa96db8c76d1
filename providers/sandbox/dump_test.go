package sandbox

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// page reads one of the sandbox's own pages.
func (s *Sandbox) page(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	s.serve(w, r)
	return w
}

// TestDumpIsWhole: every message of every vendor is there once, beyond the bounds of /messages.json, in order.
func TestDumpIsWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{NoLimits: true, VisibleAfter: func(string, int) time.Duration { return maxWait }})
		const each = 700
		for i := range each {
			s.do(HeyX, "POST", heyxPath+fmt.Sprint(i), "{\n\t\"body\": [ {\"type\":\"text\",\"text\":\"<é>\\n\"} ]\n}")
			time.Sleep(time.Microsecond)
			post(t, s, Chatwoot, "x")
			post(t, s, Avaamo, "x")
		}
		for path, vendors := range map[string][]string{"/messages.jsonl": {HeyX, Chatwoot, Avaamo}, "/messages.jsonl?vendor=avaamo": {Avaamo},
			"/messages.jsonl?vendor=maax": nil} {
			seq, n, at := map[string]int{}, 0, time.Time{}
			for lines := bufio.NewScanner(s.page(path).Body); lines.Scan(); n++ {
				var m Message
				if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
					t.Fatalf("%v in %s", err, lines.Text())
				}
				if seq[m.Vendor]++; m.Seq != seq[m.Vendor] || m.At.Before(at) || !slices.Contains(vendors, m.Vendor) {
					t.Fatalf("%s: line %d: %s", path, n+1, lines.Text())
				}
				at = m.At
				if m.Vendor == HeyX && (m.Text != "<é>\n" || m.To != fmt.Sprint(m.Seq-1) || m.Kind != "text" ||
					string(m.Body) != `{"body":[{"type":"text","text":"<é>\n"}]}`) {
					t.Fatalf("line %d: %s", n+1, lines.Text())
				}
				for _, name := range []string{"vendor", "seq", "at", "to", "kind", "text", "body"} {
					if !strings.Contains(lines.Text(), `"`+name+`":`) {
						t.Fatalf("no %s in %s", name, lines.Text())
					}
				}
			}
			if n != each*len(vendors) {
				t.Errorf("%s: %d lines", path, n)
			}
		}
	})
}

func TestRequestsPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{Fault: Storm(3, 1)})
		for range 2 {
			for range 3 {
				s.do(HeyX, "POST", heyxPath+"1", heyxHi)
				time.Sleep(250 * time.Millisecond)
			}
			time.Sleep(time.Second)
		}
		s.page("/redirected/maax")
		none := `{"requests":0,"accepted":0,"worst_second":0,"redirected":0}`
		one := `{"requests":6,"accepted":4,"worst_second":3,"redirected":0}`
		sameJSON(t, s.page("/requests.json").Body.String(), fmt.Sprintf(`{"heyx":%s,"digital99":%s,"chatwoot":%s,"avaamo":%s,"maax":%s}`,
			one, none, none, none, strings.Replace(none, `"redirected":0`, `"redirected":1`, 1)))
		sameJSON(t, s.page("/requests.json?vendor=heyx").Body.String(), `{"heyx":`+one+`}`)
	})
}

func TestPagesRefuse(t *testing.T) {
	s := built(t, Options{})
	for path, want := range map[string]int{"/messages.jsonl?vendor=nobody": 404, "/requests.json?vendor=nobody": 404,
		"/redirected": 404, "/redirected/nobody": 404, "/redirected/": 404, "/messages.jsonl": 200, "/requests.json": 200} {
		if got := s.page(path).Code; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	for _, path := range []string{"/messages.jsonl", "/requests.json", "/redirected/heyx"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host = "attacker.example"
		w := httptest.NewRecorder()
		if s.serve(w, r); w.Code != http.StatusMisdirectedRequest {
			t.Errorf("%s for another host: %d", path, w.Code)
		}
	}
	if s.Redirected(HeyX) != 0 {
		t.Error("another host's request is counted")
	}
}
