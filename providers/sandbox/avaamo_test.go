package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	avaamoPath = "/bots_api/v1/messages.json"
	avaamoUUID = "1faa40c8253e65aa02bfd02fd8643d35"
	avaamoHi   = `{"message":"Sample message","conversation":{"uuid":"` + avaamoUUID + `"},"bot_id":2154,"force_locale":"en"}`
)

// avaamoSaying makes the body of a post with a message, a JSON value.
func avaamoSaying(message string) string {
	return `{"message":` + message + `,"conversation":{"uuid":"` + avaamoUUID + `"},"bot_id":2154}`
}

// get reads from Avaamo as a good client would.
func (s *Sandbox) get(path string, edits ...func(*http.Request)) *httptest.ResponseRecorder {
	good := []func(*http.Request){header("access-token", s.vendor(Avaamo).ReadToken), header("Device-Id", "12345678")}
	return s.do(Avaamo, "GET", path, "", append(good, edits...)...)
}

func without(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(name) }
}

func TestAvaamoErrors(t *testing.T) {
	s := built(t, Options{
		Tokens: map[string]string{Avaamo: "user"}, ReadTokens: map[string]string{Avaamo: "agent"},
		AvaamoConversations: func(uuid string) bool { return uuid == avaamoUUID },
	})
	const (
		messages = "/v1/conversations/" + avaamoUUID + "/messages.json"
		notFound = `{"error":"Not found"}`
		badToken = `{"error":"Invalid access token"}`
		badVerb  = `{"error":"Method not allowed"}`
		nobody   = `{"error":"Conversation not found"}`
	)
	elsewhere := strings.Replace(avaamoHi, avaamoUUID, "other", 1)
	for _, test := range []struct {
		name, method, path, body, token string
		status                          int
		want                            string
	}{
		{"no token", "POST", avaamoPath, avaamoHi, "", 401, badToken},
		{"wrong token", "POST", avaamoPath, avaamoHi, "use", 401, badToken},
		{"agent token posts", "POST", avaamoPath, avaamoHi, "agent", 401, badToken},
		{"user token lists", "GET", "/v1/messages.json", "", "user", 401, badToken},
		{"user token reads", "GET", messages, "", "user", 401, badToken},
		{"user token summarizes", "GET", "/v1/conversations/" + avaamoUUID + ".json", "", "user", 401, badToken},
		{"token before content", "POST", avaamoPath, `{`, "x", 401, badToken},
		{"get post", "GET", avaamoPath, "", "user", 405, badVerb},
		{"post list", "POST", "/v1/messages.json", "", "agent", 405, badVerb},
		{"head", "HEAD", messages, "", "agent", 405, badVerb},
		{"unknown path", "POST", "/bots_api/v1/message.json", avaamoHi, "user", 404, notFound},
		{"longer path", "POST", avaamoPath + "/1", avaamoHi, "user", 404, notFound},
		{"no ending", "GET", "/v1/conversations/" + avaamoUUID, "", "agent", 404, notFound},
		{"no uuid", "GET", "/v1/conversations/.json", "", "agent", 404, notFound},
		{"empty uuid", "GET", "/v1/conversations//messages.json", "", "agent", 404, notFound},
		{"other conversation", "POST", avaamoPath, elsewhere, "user", 422, nobody},
		{"list of another", "GET", "/v1/conversations/other/messages.json", "", "agent", 404, nobody},
		{"summary of another", "GET", "/v1/conversations/other.json", "", "agent", 404, nobody},
		{"content before conversation", "POST", avaamoPath, strings.Replace(elsewhere, "2154", "0", 1), "user", 422,
			`{"error":"body.bot_id must be a whole number from 1 to 9007199254740991"}`},
		{"broken JSON", "POST", avaamoPath, `{"message":`, "user", 422, `{"error":"body must be an object"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := s.do(Avaamo, test.method, test.path, test.body, header("access-token", test.token), header("Device-Id", "1"))
			expect(t, w, test.status, test.want)
			if got := w.Header().Get("Allow"); (test.status == 405) != (got == "GET" || got == "POST") {
				t.Errorf("Allow %q", got)
			}
		})
	}
	if got := s.Count(Avaamo); got != 0 {
		t.Errorf("accepted %d", got)
	}
}

func TestAvaamoContentType(t *testing.T) {
	for name, test := range map[string]struct {
		types  []string
		status int
	}{
		"json":               {[]string{"application/json"}, 200},
		"with charset":       {[]string{"application/json; charset=utf-8"}, 200},
		"sample of curl":     {[]string{"application/json", "text/plain"}, 200},
		"text first":         {[]string{"text/plain", "application/json"}, 200},
		"joined to one":      {[]string{"application/json, text/plain"}, 200},
		"text alone":         {[]string{"text/plain"}, 422},
		"none":               {nil, 422},
		"only looks like":    {[]string{"application/jsonp"}, 422},
		"within a parameter": {[]string{`text/plain; a="application/json"`}, 422},
	} {
		t.Run(name, func(t *testing.T) {
			s := built(t, Options{})
			w := s.do(Avaamo, "POST", avaamoPath, avaamoHi, func(r *http.Request) { r.Header["Content-Type"] = test.types })
			if w.Code != test.status || s.Count(Avaamo) != map[int]int{200: 1}[test.status] {
				t.Errorf("got %d %s, accepted %d", w.Code, w.Body, s.Count(Avaamo))
			}
		})
	}
}

func TestAvaamoAccepts(t *testing.T) {
	s := built(t, Options{})
	expect(t, s.do(Avaamo, "POST", avaamoPath, avaamoHi), 200, `{"success":true}`)
	m := s.Messages(Avaamo)[0]
	if m.To != avaamoUUID || m.Account != 2154 || m.Kind != "text" || m.Text != "Sample message" || m.ID != 0 || m.Seq != 1 ||
		string(m.Body) != avaamoHi || m.Vendor != Avaamo {
		t.Errorf("recorded %+v", m)
	}
}

func TestRequestsPerSecond(t *testing.T) {
	for name, path := range map[string]string{Avaamo: avaamoPath, Maax: maaxPath} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := built(t, Options{RequestsPerSecond: map[string]int{name: 2}})
				defer s.Close()
				codes := ""
				for range 3 {
					codes += http.StatusText(s.do(name, "POST", path, "", header("Content-Type", "text/plain")).Code) + " "
				}
				if !strings.HasSuffix(codes, "Too Many Requests ") || strings.Count(codes, "Too Many") != 1 {
					t.Errorf("answered %s", codes)
				}
				expect(t, s.do(name, "POST", path, ""), 429, `{"error":"Too many requests"}`)
				time.Sleep(time.Second)
				if got := s.do(name, "POST", path, "").Code; got == 429 {
					t.Error("still refused after a second")
				}
				free := built(t, Options{RequestsPerSecond: map[string]int{name: 2}, NoLimits: true})
				defer free.Close()
				for range 9 {
					if got := free.do(name, "POST", path, "").Code; got == 429 {
						t.Fatal("limited with NoLimits")
					}
				}
			})
		})
	}
}

func TestPlainFaults(t *testing.T) {
	for name, request := range map[string][2]string{Avaamo: {avaamoPath, avaamoHi}, Maax: {maaxPath, maaxHi}} {
		for _, test := range []struct {
			fault    Fault
			status   int
			body     string
			accepted int
		}{
			{Fault{Kind: FaultError}, 500, `{"error":"Server error"}`, 1},
			{Fault{Kind: FaultThrottle, RetryAfter: 7}, 429, `{"error":"Too many requests"}`, 0},
		} {
			s := built(t, Options{Fault: func(string, int, *http.Request) Fault { return test.fault }})
			expect(t, s.do(name, "POST", request[0], request[1]), test.status, test.body)
			if got := s.Count(name); got != test.accepted {
				t.Errorf("%s: accepted %d, want %d", name, got, test.accepted)
			}
			s.Close()
		}
	}
}
