package sandbox

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzBodies sends any bytes as a message: never a panic, always JSON, and exactly what is answered with 200 is accepted.
func FuzzBodies(f *testing.F) {
	for _, body := range []string{
		heyxHi, chatwootHi, `{"body":[{"type":"quick_reply","title":"x","replies":["a"]}],"forceCancelSurvey":true}`,
		`{"body":[{"type":"image","url":"http://abc.com/x.png"}]}`,
		`{"content":"{{x}} {% y %} ` + "`z`" + `","content_type":"cards","content_attributes":{"items":[{"title":"A","actions":[{"type":"link"}]}]}}`,
		`{"content":"x","content_attributes":{"automation_rule_id":1},"template_params":{"name":"n"}}`, `null`, "\xff", "",
		avaamoHi, maaxHi, maaxWith("send_response_url", `"http://127.0.0.1:99999/%zz"`),
		avaamoSaying(`{"list_view":{"items":[{"title":"t","links":[{"type":"post_message","title":"t","content":"c"}]}]}}`),
		avaamoSaying(`{"card":{"inputs":[{"type":"poll","title":"t","uuid":"u","options":["a",{"option":"b"}]}]}}`),
		avaamoSaying(inCarousel(`{"links":[{"type":"web_page","title":"t","url":"u"}]}`)),
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := built(t, Options{NoLimits: true, MaaxAnswerAfter: maxWait}) // nothing is posted before the end
		defer s.Close()
		for name, path := range map[string]string{HeyX: heyxPath + "1", Digital99: chatwootPath, Chatwoot: chatwootPath,
			Avaamo: avaamoPath, Maax: maaxPath} {
			w := s.do(name, "POST", path, string(body))
			if !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s: not JSON: %s", name, w.Body)
			}
			switch accepted := s.Count(name); {
			case w.Code == 200 && accepted != 1, w.Code != 200 && accepted != 0:
				t.Errorf("%s: %d, %d accepted", name, w.Code, accepted)
			case w.Code == 200 && !json.Valid(s.Messages(name)[0].Body):
				t.Errorf("%s: accepted what is not JSON: %q", name, body)
			case w.Code == 200 && (s.Messages(name)[0].To == "" || s.Messages(name)[0].Text == "" && name != Digital99 && name != Chatwoot):
				t.Errorf("%s: accepted what says nothing, or to nobody: %q", name, body)
			case w.Code == 200 && reflect.DeepEqual(s.Messages(name)[0].Shown(), Shown{}) && name != Digital99 && name != Chatwoot:
				t.Errorf("%s: accepted what shows nothing: %q", name, body)
			}
		}
	})
}

// FuzzAvaamoQuery asks for a list with any query: never a panic, and what is taken has the page that was asked for.
func FuzzAvaamoQuery(f *testing.F) {
	for _, query := range []string{"", "page=2&per_page=3", "since_timetoken=1&timetoken=2", "timetoken=9223372036854775807",
		"page=9223372036854775807", "per_page=%31", "device_info=true", "page=1;per_page=2", "a&b=&=c"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		span, _, problem := avaamoQuery(query)
		if problem != "" {
			return
		}
		if span.page < 1 || span.perPage < 1 || span.perPage > avaamoPerPageMost || span.since < 0 || span.until < 0 {
			t.Errorf("%q: %+v", query, span)
		}
		store := newAvaamoStore(Options{})
		for range 30 {
			store.add(avaamoEntry{conversation: "c"})
		}
		if page, total := store.list("c", span); len(page) > min(span.perPage, total) {
			t.Errorf("%q: %d of %d entries", query, len(page), total)
		}
	})
}
