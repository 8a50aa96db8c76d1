package providertest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"herald/providers"
)

// lookUpSecrets checks that a look-up says which secret it lacks and asks nothing then, and that no secret comes out of
// it, also in the place of what is told of a message.
func (s Subject) lookUpSecrets(t *testing.T) {
	l, reader := s.LookUps[0], s.reader()
	limit := &turns{}
	srv := telling(t, limit, nil)
	f, d := s.finder(t, l, srv.URL, func(a *providers.Account) { delete(a.Settings, reader.Name) })
	v := f.LookUp(t.Context(), d, limit.take)
	soundVerdict(t, v)
	if v.Finding != providers.Undecided || v.Class != 0 || limit.taken.Load() != 0 || !strings.Contains(v.Reason, reader.Name) || !strings.Contains(v.Reason, reader.Env) {
		t.Errorf("without %s: %d turns, %+v", reader.Name, limit.taken.Load(), v)
	}
	for _, setting := range s.Type.Facts.Settings {
		if !setting.Secret {
			continue
		}
		for name, form := range forms(secret(setting.Name)) {
			said := "you sent " + form + " and\n" + form
			answers := []Answer{}
			for _, status := range []int{200, 302, 401, 404, 429, 500} {
				header := map[string]string{"Location": "https://example.com/" + url.PathEscape(form), "Retry-After": form}
				answers = append(answers, Answer{Status: status, Header: header, Body: s.Wrap(status, said)})
			}
			quoted, _ := json.Marshal(said)
			for _, word := range []string{l.Want.ID, l.Want.Status} {
				if old := `"` + word + `"`; word != "" && strings.Contains(l.Pages[0].Body, old) {
					answers = append(answers, Answer{Status: 200, Body: strings.ReplaceAll(l.Pages[0].Body, old, string(quoted))})
				}
			}
			for _, a := range answers {
				limit := &turns{}
				srv := telling(t, limit, []Answer{a})
				f, d := s.finder(t, l, srv.URL)
				v := f.LookUp(t.Context(), d, limit.take)
				srv.Close()
				soundVerdict(t, v)
				if text := fmt.Sprintf("%+v", v); strings.Contains(text, form) || strings.Contains(text, secret(setting.Name)) {
					t.Errorf("%d with %s as %s: %s", a.Status, setting.Name, name, text)
				}
			}
		}
	}
}
