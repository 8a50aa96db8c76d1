package sandbox

import (
	"encoding/json"
	"testing"
)

// FuzzBodies sends any bytes as a message: never a panic, always JSON, and exactly what is answered with 200 is accepted.
func FuzzBodies(f *testing.F) {
	for _, body := range []string{
		heyxHi, chatwootHi, `{"body":[{"type":"quick_reply","title":"x","replies":["a"]}],"forceCancelSurvey":true}`,
		`{"body":[{"type":"image","url":"http://abc.com/x.png"}]}`,
		`{"content":"{{x}} {% y %} ` + "`z`" + `","content_type":"cards","content_attributes":{"items":[{"title":"A","actions":[{"type":"link"}]}]}}`,
		`{"content":"x","content_attributes":{"automation_rule_id":1},"template_params":{"name":"n"}}`, `null`, "\xff", "",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := built(t, Options{NoLimits: true})
		for name, path := range map[string]string{HeyX: heyxPath + "1", Digital99: chatwootPath, Chatwoot: chatwootPath} {
			w := s.do(name, "POST", path, string(body))
			if !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s: not JSON: %s", name, w.Body)
			}
			switch accepted := s.Count(name); {
			case w.Code == 200 && accepted != 1, w.Code != 200 && accepted != 0:
				t.Errorf("%s: %d, %d accepted", name, w.Code, accepted)
			case w.Code == 200 && !json.Valid(s.Messages(name)[0].Body):
				t.Errorf("%s: accepted what is not JSON: %q", name, body)
			}
		}
	})
}
