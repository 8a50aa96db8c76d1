package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	heyxPath = "/api/v1/message/sendContent/"
	heyxHi   = `{"body":[{"type":"text","text":"Hi there"}]}`
)

// TestHeyXDocumentedBodies compares with the bodies as HeyX's page prints them.
func TestHeyXDocumentedBodies(t *testing.T) {
	s := built(t, Options{})
	for _, test := range []struct {
		name   string
		method string
		body   string
		edit   func(*http.Request)
		status int
		want   string
	}{
		{"success", "POST", heyxHi, nil, 200, `{ "status": "Success", "message": "Message Sent", "data": [] }`},
		{"unauthorized", "POST", heyxHi, header("Authorization", "Bearer x"), 401,
			`{ "status": "error", "message": "API Token is invalid.", "data": [] }`},
		{"method", "GET", "", nil, 405, `{ "status": "error", "message": "405 Method Not Allowed.", "data": [] }`},
		{"file type", "POST", `{"body":[{"type":"image","url":"http://abc.com/x.mp4"}]}`, nil, 403,
			`{ "status": "error", "message": "Sorry, Url provided is not an image/audio/video file", "data": [] }`},
	} {
		t.Run(test.name, func(t *testing.T) {
			edit := test.edit
			if edit == nil {
				edit = func(*http.Request) {}
			}
			w := s.do(HeyX, test.method, heyxPath+"1", test.body, edit)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			sameJSON(t, w.Body.String(), test.want)
			if got := w.Header().Get("Content-Type"); got != "application/json" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
	expect(t, s.do(HeyX, "POST", heyxPath+"1", heyxHi), 200, `{"status":"Success","message":"Message Sent","data":[]}`)
}

func TestHeyXTokens(t *testing.T) {
	s := built(t, Options{Tokens: map[string]string{HeyX: "secret"}})
	for _, value := range []string{"", "secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Basic secret", "Bearer  secret"} {
		w := s.do(HeyX, "POST", heyxPath+"1", heyxHi, header("Authorization", value))
		expect(t, w, 401, `{"status":"error","message":"API Token is invalid.","data":[]}`)
	}
	if w := s.do(HeyX, "POST", heyxPath+"1", heyxHi, header("Authorization", "Bearer secret")); w.Code != 200 {
		t.Errorf("right token: %d %s", w.Code, w.Body)
	}
	if got := s.Count(HeyX); got != 1 {
		t.Errorf("accepted %d, want 1", got)
	}
}

func TestHeyXContent(t *testing.T) {
	replies := func(n, letters int) string {
		all := make([]string, n)
		for i := range all {
			all[i] = strings.Repeat("ö", letters)
		}
		b, _ := json.Marshal(all)
		return fmt.Sprintf(`{"body":[{"type":"quick_reply","title":"Which?","replies":%s}]}`, b)
	}
	for _, test := range []struct {
		name, body string
		problem    string // in the 403's message; "" for accepted
	}{
		{"text", heyxHi, ""},
		{"image without ending", `{"body":[{"type":"image","url":"http://abc.com"}]}`, ""},
		{"image", `{"body":[{"type":"image","url":"https://abc.com/a/b.PNG?x=1.mp4"}]}`, ""},
		{"video", `{"body":[{"type":"video","url":"https://abc.com/b.mp4"}]}`, ""},
		{"audio", `{"body":[{"type":"audio","url":"https://abc.com/b.ogg"}]}`, ""},
		{"file", `{"body":[{"type":"file","url":"https://abc.com/b.pdf"}]}`, ""},
		{"file that is an image", `{"body":[{"type":"file","url":"https://abc.com/b.png"}]}`, ""},
		{"unknown ending", `{"body":[{"type":"video","url":"https://abc.com/b.php"}]}`, ""},
		{"quick replies", replies(10, 20), ""},
		{"survey", `{"body":[{"type":"text","text":"x"}],"forceCancelSurvey":true}`, ""},
		{"survey false", `{"body":[{"type":"text","text":"x"}],"forceCancelSurvey":false}`, ""},

		{"empty", ``, "must be a JSON object"},
		{"no JSON", `{"body":`, "must be a JSON object"},
		{"trailing", heyxHi + `x`, "must be a JSON object"},
		{"array", `[]`, "must be a JSON object"},
		{"null", `null`, "must be a JSON object"},
		{"bad UTF-8", "{\"body\":[{\"type\":\"text\",\"text\":\"\xff\"}]}", "must be a JSON object"},
		{"no body", `{}`, "body must be an array"},
		{"body object", `{"body":{"type":"text","text":"x"}}`, "body must be an array"},
		{"body null", `{"body":null}`, "body must be an array"},
		{"no message", `{"body":[]}`, "Only one message"},
		{"two messages", `{"body":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}`, "Only one message"},
		{"unknown top field", `{"body":[{"type":"text","text":"x"}],"extra":1}`, "unknown field: extra"},
		{"name in another case", `{"Body":[{"type":"text","text":"x"}]}`, "unknown field: Body"},
		{"survey string", `{"body":[{"type":"text","text":"x"}],"forceCancelSurvey":"true"}`, "must be true or false"},
		{"survey inside", `{"body":[{"type":"text","text":"x","forceCancelSurvey":true}]}`, "unknown field: forceCancelSurvey"},
		{"message string", `{"body":["x"]}`, "must be an object"},
		{"no type", `{"body":[{"text":"x"}]}`, "must have a type"},
		{"type number", `{"body":[{"type":1}]}`, "must have a type"},
		{"unknown type", `{"body":[{"type":"whatsapp_template","template":{}}]}`, "whatsapp_template is not supported"},
		{"no text", `{"body":[{"type":"text"}]}`, "must have a text"},
		{"empty text", `{"body":[{"type":"text","text":""}]}`, "must have a text"},
		{"text number", `{"body":[{"type":"text","text":5}]}`, "must have a text"},
		{"text null", `{"body":[{"type":"text","text":null}]}`, "must have a text"},
		{"foreign field", `{"body":[{"type":"text","text":"x","url":"http://abc.com"}]}`, "unknown field: url"},
		{"no url", `{"body":[{"type":"image"}]}`, "must have a url"},
		{"ftp", `{"body":[{"type":"image","url":"ftp://abc.com/x.png"}]}`, "http://"},
		{"no host", `{"body":[{"type":"image","url":"http:///x.png"}]}`, "http://"},
		{"relative", `{"body":[{"type":"image","url":"x.png"}]}`, "http://"},
		{"audio as video", `{"body":[{"type":"video","url":"http://abc.com/x.mp3"}]}`, "not an image/audio/video file"},
		{"document as image", `{"body":[{"type":"image","url":"http://abc.com/x.pdf"}]}`, "not an image/audio/video file"},
		{"eleven replies", replies(11, 1), "11 quick replies are more than the 10"},
		{"long reply", replies(1, 21), "has 21 characters, 20 are allowed"},
		{"no replies", replies(0, 0), "must have replies"},
		{"empty reply", replies(1, 0), "Quick reply 1 must be text"},
		{"reply number", `{"body":[{"type":"quick_reply","title":"x","replies":["a",2]}]}`, "Quick reply 2 must be text"},
		{"no title", `{"body":[{"type":"quick_reply","replies":["a"]}]}`, "must have a title"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := built(t, Options{})
			w := s.do(HeyX, "POST", heyxPath+"1", test.body)
			if test.problem == "" {
				expect(t, w, 200, heyxOK)
				if got := s.Count(HeyX); got != 1 {
					t.Errorf("accepted %d", got)
				}
				return
			}
			var answer struct {
				Status, Message string
				Data            []any
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
				t.Fatal(err)
			}
			if w.Code != 403 || answer.Status != "error" || answer.Data == nil || !strings.Contains(answer.Message, test.problem) {
				t.Errorf("got %d %s, want 403 with %q", w.Code, w.Body, test.problem)
			}
			if got := s.Count(HeyX); got != 0 {
				t.Errorf("accepted %d", got)
			}
		})
	}
}

func TestHeyXAddress(t *testing.T) {
	for _, test := range []struct {
		name   string
		o      Options
		method string
		path   string
		status int
		to     string
	}{
		{name: "number", path: heyxPath + "1776025372480910", status: 200, to: "1776025372480910"},
		{name: "escaped slash", path: heyxPath + "a%2Fb", status: 200, to: "a/b"},
		{name: "plus is plus", path: heyxPath + "+4912", status: 200, to: "+4912"},
		{name: "no id", path: heyxPath, status: 404},
		{name: "two segments", path: heyxPath + "a/b", status: 404},
		{name: "other version", path: "/api/v2/message/sendContent/1", status: 404},
		{name: "without api", path: "/v1/message/sendContent/1", status: 404},
		{name: "delete", method: "DELETE", path: heyxPath + "1", status: 405},
		{name: "contact by post", path: "/api/v1/contact/1", status: 405},
		{name: "viber", o: Options{HeyXViber: true}, path: heyxPath + "YS9iK2M%3D", status: 200, to: "YS9iK2M="},
		{name: "viber slash", o: Options{HeyXViber: true}, path: heyxPath + "P%2F8%2F", status: 200, to: "P/8/"},
		{name: "viber plain", o: Options{HeyXViber: true}, path: heyxPath + "someone", status: 403},
		{name: "viber unpadded", o: Options{HeyXViber: true}, path: heyxPath + "YS9iK2M", status: 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := built(t, test.o)
			if test.method == "" {
				test.method = "POST"
			}
			w := s.do(HeyX, test.method, test.path, heyxHi)
			if w.Code != test.status {
				t.Fatalf("got %d %s, want %d", w.Code, w.Body, test.status)
			}
			if m := s.Messages(HeyX); test.to != "" && (len(m) != 1 || m[0].To != test.to) {
				t.Errorf("arrived %v, want it to %q", m, test.to)
			}
		})
	}
	s := built(t, Options{})
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded"} {
		if w := s.do(HeyX, "POST", heyxPath+"1", heyxHi, header("Content-Type", kind)); w.Code != 403 {
			t.Errorf("Content-Type %q: %d", kind, w.Code)
		}
	}
	if w := s.do(HeyX, "POST", heyxPath+"1", heyxHi, header("Content-Type", "application/json; charset=utf-8")); w.Code != 200 {
		t.Errorf("with charset: %d", w.Code)
	}
}

func TestHeyXLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{})
		send := func() int { return s.do(HeyX, "POST", heyxPath+"1", heyxHi).Code }
		for range 5 { // 5 at once, then 20 half a second later
			if got := send(); got != 200 {
				t.Fatal(got)
			}
		}
		time.Sleep(500 * time.Millisecond)
		for range 20 {
			if got := send(); got != 200 {
				t.Fatal(got)
			}
		}
		time.Sleep(499 * time.Millisecond)
		w := s.do(HeyX, "POST", heyxPath+"1", heyxHi)
		expect(t, w, 429, `{"status":"error","message":"Too many requests","data":[]}`)
		if got := w.Header().Get("Retry-After"); got != "" {
			t.Errorf("Retry-After %q, none is documented", got)
		}
		if got := s.do(HeyX, "POST", heyxPath+"1", heyxHi, header("Authorization", "")).Code; got != 401 {
			t.Errorf("a wrong token is told so, not counted: %d", got)
		}
		time.Sleep(time.Millisecond) // the first five are a second old; refused ones took no place
		for i := range 5 {
			if got := send(); got != 200 {
				t.Fatalf("after a second, request %d: %d", i, got)
			}
		}
		if got := send(); got != 429 {
			t.Errorf("one too many: %d", got)
		}
		if got := s.Worst(HeyX, time.Second); got != 28 { // 20 + 429 + 401 + 5 + 429
			t.Errorf("worst second %d, want 28", got)
		}
		if got := s.Requests(HeyX); got != 33 {
			t.Errorf("requests %d, want 33", got)
		}
	})
}

func TestHeyXContacts(t *testing.T) {
	s := built(t, Options{HeyXFields: func(contact string) map[string]any {
		return map[string]any{"email": "all@example.com", "vip": contact == "2", "phone": "+49" + contact}
	}})
	expect(t, s.do(HeyX, "GET", "/api/v1/contact/2", ""), 403, `{"status":"error","message":"Contact not found.","data":[]}`)
	for i := range 12 {
		s.do(HeyX, "POST", fmt.Sprint(heyxPath, i), heyxHi)
	}
	type contact struct {
		ID        string         `json:"id"`
		Fields    map[string]any `json:"custom_fields"`
		Tags      []string       `json:"tags"`
		CreatedAt int64          `json:"created_at"`
	}
	one := decoded[struct{ Data contact }](t, s.do(HeyX, "GET", "/api/v1/contact/2", "")).Data
	if one.ID != "2" || one.Tags == nil || one.CreatedAt == 0 || one.Fields["vip"] != true || one.Fields["firstName"] != nil {
		t.Errorf("contact %+v", one)
	}
	type pages struct {
		Data  []contact
		Links struct{ First, Last, Prev, Next *string }
		Meta  struct {
			CurrentPage int `json:"current_page"`
			From, To    *int
			LastPage    int `json:"last_page"`
			PerPage     int `json:"per_page"`
			Total       int
		}
	}
	query := "/api/v1/contact/by_custom_field?name="
	first := decoded[pages](t, s.do(HeyX, "GET", query+"email&value=all@example.com", ""))
	if len(first.Data) != 10 || first.Meta.Total != 12 || first.Meta.LastPage != 2 || first.Links.Prev != nil || first.Links.Next == nil {
		t.Errorf("first page %+v", first)
	}
	second := decoded[pages](t, s.do(HeyX, "GET", query+"email&value=all@example.com&page=2", ""))
	if len(second.Data) != 2 || *second.Meta.From != 11 || *second.Meta.To != 12 || second.Links.Next != nil {
		t.Errorf("second page %+v", second)
	}
	beyond := decoded[pages](t, s.do(HeyX, "GET", query+"email&value=all@example.com&page=9223372036854775807", ""))
	if len(beyond.Data) != 0 || beyond.Meta.From != nil {
		t.Errorf("beyond the last page %+v", beyond)
	}
	for q, want := range map[string]int{"vip&value=true": 1, "phone&value=%2B493": 1, "phone&value=none": 0, "nothing&value=": 0} {
		if got := decoded[pages](t, s.do(HeyX, "GET", query+q, "")); len(got.Data) != want {
			t.Errorf("%s: %d contacts, want %d", q, len(got.Data), want)
		}
	}
	if w := s.do(HeyX, "GET", query+"email", ""); w.Code != 403 {
		t.Errorf("without value: %d", w.Code)
	}
}

func TestHeyXContactsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{})
		s.do(HeyX, "POST", heyxPath+"1", heyxHi)
		for i := range 201 {
			got, want := s.do(HeyX, "GET", "/api/v1/contact/1", "").Code, 200
			if i == 200 {
				want = 429
			}
			if got != want {
				t.Fatalf("read %d: %d, want %d", i+1, got, want)
			}
		}
		if got := s.do(HeyX, "POST", heyxPath+"1", heyxHi).Code; got != 200 {
			t.Errorf("reading contacts used up the messages' limit: %d", got)
		}
	})
}
