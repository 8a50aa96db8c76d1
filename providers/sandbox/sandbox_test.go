package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func Example() {
	s, err := Start(Options{Tokens: map[string]string{HeyX: "a-token"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	heyx := s.Vendors()[0]
	r, _ := http.NewRequest("POST", heyx.URL+"/api/v1/message/sendContent/1776025372480910",
		strings.NewReader(`{"body":[{"type":"text","text":"Hi there"}]}`))
	r.Header.Set("Authorization", "Bearer "+heyx.Token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.Status, string(body))
	for _, m := range s.Messages(HeyX) {
		fmt.Println(m.To, m.Kind, m.Text)
	}
	// Output:
	// 200 OK {"status":"Success","message":"Message Sent","data":[]}
	// 1776025372480910 text Hi there
}

func TestListenRefuses(t *testing.T) {
	taken := started(t, Options{})
	for address, want := range map[string]string{
		"0.0.0.0:0":       "this machine only",
		":0":              "this machine only",
		"[::]:0":          "this machine only",
		"192.0.2.1:0":     "this machine only",
		"example.com:0":   "this machine only",
		"127.0.0.1":       "give host:port",
		"127.0.0.1:99999": "invalid port",
		taken.Addr():      "in use",
	} {
		s, err := Start(Options{Listen: address})
		if err == nil {
			s.Close()
			t.Errorf("%s: started", address)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", address, err, want)
		}
	}
	for _, address := range []string{"", "127.0.0.1:0", "localhost:0", "127.1.2.3:0"} {
		started(t, Options{Listen: address})
	}
}

func TestOptionsRefused(t *testing.T) {
	for want, o := range map[string]Options{
		`token for "hexy": no such vendor, the emulators are heyx, digital99, chatwoot`: {Tokens: map[string]string{"hexy": "secret"}},
		`bot token for "heyx"`: {BotTokens: map[string]string{HeyX: "secret"}},
		"out of range":         {Latency: time.Hour},

		"MaaxAnswerAfter 1h0m0s is out of range":                        {MaaxAnswerAfter: time.Hour},
		"MaaxAnswerAfter -1ns is out of range":                          {MaaxAnswerAfter: -1},
		`read token for "maax": only avaamo has one`:                    {ReadTokens: map[string]string{Maax: "secret"}},
		`requests per second for "heyx": only avaamo and maax take one`: {RequestsPerSecond: map[string]int{HeyX: 1}},
		"-1 requests per second for maax: give 0 for no limit, or more": {RequestsPerSecond: map[string]int{Maax: -1}},
	} {
		s, err := Start(o)
		if err == nil {
			s.Close()
			t.Errorf("%s: started", want)
		} else if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestVendors(t *testing.T) {
	a, b := started(t, Options{}), started(t, Options{Tokens: map[string]string{Chatwoot: "fixed"}})
	var names []string
	for i, v := range a.Vendors() {
		names = append(names, v.Name)
		if want := "http://" + a.Addr() + "/" + v.Name; v.URL != want {
			t.Errorf("%s: URL %s, want %s", v.Name, v.URL, want)
		}
		if len(v.Token) < 20 || v.Token == b.Vendors()[i].Token {
			t.Errorf("%s: token %q is not random", v.Name, v.Token)
		}
		want := map[string]string{HeyX: "Authorization", Digital99: "api_access_token", Chatwoot: "api_access_token",
			Avaamo: "access-token", Maax: "2hd-api-key"}[v.Name]
		if v.Header != want {
			t.Errorf("%s: header %q", v.Name, v.Header)
		}
		other := b.Vendors()[i].ReadToken
		if (v.ReadToken != "") != (v.Name == Avaamo) || v.ReadToken != "" && (v.ReadToken == v.Token || v.ReadToken == other) {
			t.Errorf("%s: read token %q", v.Name, v.ReadToken)
		}
	}
	if !slices.Equal(names, []string{HeyX, Digital99, Chatwoot, Avaamo, Maax}) {
		t.Errorf("vendors %v", names)
	}
	if got := b.Vendors()[2].Token; got != "fixed" {
		t.Errorf("token %q", got)
	}
	if a.Count("nobody")+a.Requests("nobody")+a.Worst("nobody", time.Second)+len(a.Messages("nobody")) != 0 {
		t.Error("an unknown vendor has something")
	}
}

func TestBodyLimit(t *testing.T) {
	s := started(t, Options{})
	for _, v := range s.Vendors() {
		path := chatwootPath
		if v.Name == HeyX {
			path = heyxPath + "1"
		}
		big := strings.Repeat(" ", maxBody+1)
		for name, body := range map[string]io.Reader{"length": strings.NewReader(big), "chunked": io.MultiReader(strings.NewReader(big))} {
			w := s.do(v.Name, "POST", path, "", func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(body), int64(len(big))
				if name == "chunked" {
					r.ContentLength = -1
				}
			})
			if w.Code != http.StatusRequestEntityTooLarge || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s %s: %d %s", v.Name, name, w.Code, w.Body)
			}
		}
	}
	whole := heyxHi + strings.Repeat(" ", maxBody-len(heyxHi))
	if w := s.do(HeyX, "POST", heyxPath+"1", whole); w.Code != 200 {
		t.Errorf("exactly 1 MiB: %d %s", w.Code, w.Body)
	}
}

// TestCutRequest sends half of a message: nothing is accepted, and nothing is answered.
func TestCutRequest(t *testing.T) {
	s := started(t, Options{})
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /heyx%s1 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n%s",
		heyxPath, s.Addr(), s.Vendors()[0].Token, heyxHi)
	conn.(*net.TCPConn).CloseWrite()
	if answer, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil && answer.StatusCode < 300 {
		t.Errorf("answered %s", answer.Status)
	}
	if got := s.Count(HeyX); got != 0 {
		t.Errorf("accepted %d", got)
	}
}

func TestConcurrentClients(t *testing.T) {
	var observed atomic.Int64
	s := started(t, Options{NoLimits: true, Observe: func(Message) { observed.Add(1) }})
	const clients, each = 16, 40
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			for i := range each {
				s.do(HeyX, "POST", fmt.Sprint(heyxPath, client), heyxHi)
				s.do(Digital99, "POST", fmt.Sprintf("/api/v1/accounts/1/conversations/%d/messages", client%4+1), chatwootHi)
				if i%10 == 0 {
					s.Messages(HeyX)
					s.Worst(Digital99, time.Second)
					s.do(Digital99, "GET", "/api/v1/accounts/1/conversations/1/messages", "")
					s.do(Digital99, "DELETE", "/api/v1/accounts/1/conversations/1/messages/1", "")
					s.do(HeyX, "GET", "/api/v1/contact/by_custom_field?name=a&value=b", "")
					s.SetLatency(0)
				}
			}
		})
	}
	wg.Wait()
	const all = clients * each
	if got := observed.Load(); got != 2*all {
		t.Errorf("observed %d, want %d", got, 2*all)
	}
	ids := map[int64]bool{}
	for i, m := range s.Messages(Digital99) {
		ids[m.ID] = true
		if m.Seq != i+1 {
			t.Fatalf("message %d has number %d", i, m.Seq)
		}
	}
	if len(ids) != all || s.Count(HeyX) != all {
		t.Errorf("%d different ids, %d HeyX messages, want %d", len(ids), s.Count(HeyX), all)
	}
	last := int64(0)
	for _, m := range s.vendor(Digital99).api.(*chatwoot).store.list(conversationKey{1, 1}, page{after: 0, before: 1 << 40}) {
		if m.ID <= last {
			t.Fatalf("id %d after %d", m.ID, last)
		}
		last = m.ID
	}
}

// TestLimitUnderConcurrency checks the strict promise itself: of many requests at once, 25 pass.
func TestLimitUnderConcurrency(t *testing.T) {
	s := started(t, Options{})
	began := time.Now()
	var passed atomic.Int64
	var wg sync.WaitGroup
	for range 60 {
		wg.Go(func() {
			if s.do(HeyX, "POST", heyxPath+"1", heyxHi).Code == 200 {
				passed.Add(1)
			}
		})
	}
	wg.Wait()
	if most := 25 * (1 + int64(time.Since(began)/time.Second)); passed.Load() < 25 || passed.Load() > most {
		t.Errorf("%d passed", passed.Load())
	}
}

func TestForget(t *testing.T) {
	s := built(t, Options{Forget: true})
	s.do(HeyX, "POST", heyxPath+"1", heyxHi)
	w := s.do(Chatwoot, "POST", chatwootPath, chatwootHi)
	if m := decoded[chatwootMessage](t, w); m.ID != 1 || m.Content != "Hi there" {
		t.Errorf("answered %+v", m)
	}
	if s.Count(HeyX) != 1 || s.Count(Chatwoot) != 1 || len(s.Messages(HeyX))+len(s.Messages(Chatwoot)) != 0 {
		t.Errorf("counts %d %d, kept %v", s.Count(HeyX), s.Count(Chatwoot), s.Messages(HeyX))
	}
	if got := s.do(Chatwoot, "GET", chatwootPath, "").Body.String(); !strings.HasSuffix(got, `"payload":[]}`) {
		t.Errorf("list %s", got)
	}
}

func TestNoLimits(t *testing.T) {
	s := built(t, Options{NoLimits: true})
	for i := range 300 {
		if got := s.do(HeyX, "POST", heyxPath+"1", heyxHi).Code; got != 200 {
			t.Fatalf("HeyX message %d: %d", i+1, got)
		}
		if got := s.do(Chatwoot, "POST", chatwootPath, chatwootHi).Code; got != 200 {
			t.Fatalf("Chatwoot message %d: %d", i+1, got)
		}
	}
}

func TestPages(t *testing.T) {
	s := started(t, Options{})
	s.do(HeyX, "POST", heyxPath+"1", heyxHi)
	s.do(Chatwoot, "POST", chatwootPath, `{"content":"<b>first</b>"}`)
	s.do(Chatwoot, "POST", chatwootPath, `{"content":"second"}`)
	get := func(path string, edits ...func(*http.Request)) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		r.Host = s.Addr()
		for _, edit := range edits {
			edit(r)
		}
		w := httptest.NewRecorder()
		s.serve(w, r)
		return w
	}
	index := get("/").Body.String()
	for _, v := range s.Vendors() {
		if !strings.Contains(index, v.URL) || strings.Contains(index, v.Token) || v.ReadToken != "" && strings.Contains(index, v.ReadToken) {
			t.Errorf("index lacks %s or shows its token:\n%s", v.URL, index)
		}
	}
	if want := "maax posted 0 answers and follow-ups; 0 could not be posted, and 0 were not"; !strings.Contains(index, want) {
		t.Errorf("index lacks %q:\n%s", want, index)
	}
	type answer struct {
		Total    int
		Messages []Message
	}
	texts := func(path string) (all []string) {
		for _, m := range decoded[answer](t, get(path)).Messages {
			all = append(all, m.Text)
		}
		return all
	}
	for path, want := range map[string][]string{
		"/messages.json":                                 {"second", "<b>first</b>", "Hi there"},
		"/messages.json?vendor=chatwoot":                 {"second", "<b>first</b>"},
		"/messages.json?limit=1":                         {"second"},
		"/messages.json?vendor=digital99":                nil,
		"/messages.json?vendor=avaamo":                   nil,
		"/messages.json?vendor=maax":                     nil,
		"/messages.json?limit=9999999":                   {"second", "<b>first</b>", "Hi there"},
		"/messages.json?vendor=chatwoot&limit=1&other=x": {"second"},
	} {
		if got := texts(path); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for path, status := range map[string]int{"/messages.json?limit=0": 400, "/messages.json?limit=x": 400,
		"/messages.json?vendor=nobody": 404, "/nothing": 404, "/heyx": 404, "/": 200} {
		if got := get(path); got.Code != status {
			t.Errorf("%s: %d, want %d", path, got.Code, status)
		}
	}
	if got := get("/", func(r *http.Request) { r.Method = "POST" }).Code; got != 405 {
		t.Errorf("POST /: %d", got)
	}
	for host, status := range map[string]int{"attacker.example:80": 421, "192.0.2.1": 421, "": 421, "localhost:1": 200, "[::1]:1": 200, "127.0.0.1": 200} {
		if got := get("/messages.json", func(r *http.Request) { r.Host = host }).Code; got != status {
			t.Errorf("Host %q: %d, want %d", host, got, status)
		}
	}
}

func TestPageOfLargeMessages(t *testing.T) {
	s := built(t, Options{NoLimits: true})
	body := `{"body":[{"type":"text","text":"` + strings.Repeat("x", maxBody-100) + `"}]}`
	for range 4 {
		s.do(HeyX, "POST", heyxPath+"1", body)
	}
	r := httptest.NewRequest("GET", "/messages.json", nil)
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	s.serve(w, r)
	var page struct {
		Total    int
		Messages []Message
	}
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	if page.Total != 4 || len(page.Messages) != 2 || page.Messages[0].Seq != 4 {
		t.Errorf("%d of %d messages", len(page.Messages), page.Total)
	}
}

func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _, err := overTheWire(t.Context(), s); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	conn, err := net.Dial("tcp", s.Addr()) // a connection that never says anything
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, _, err := overTheWire(t.Context(), s); err == nil {
		t.Error("still answers")
	}
	if got := s.Messages(HeyX); len(got) != 1 {
		t.Errorf("what arrived is gone: %v", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for runtime.NumGoroutine() > before && ctx.Err() == nil {
		runtime.Gosched()
	}
	if got := runtime.NumGoroutine(); got > before {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines, %d before:\n%s", got, before, stacks[:runtime.Stack(stacks, true)])
	}
}

// TestImports keeps the emulators apart from the clients: a misreading shared by both would never show.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(dep, "herald") && dep != "herald/providers/sandbox" {
			t.Errorf("imports %s", dep)
		}
	}
}
