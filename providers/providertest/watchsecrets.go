package providertest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"herald/providers"
)

// watchSecrets checks that Watch says which secret it lacks and asks nothing then, and that no secret comes out of it, also
// in the place of why a message was given up. What a person wrote is handed on whole.
func (s Subject) watchSecrets(t *testing.T) {
	w, reader := s.Watches[0], s.reader()
	limit := &turns{}
	srv := telling(t, limit, nil)
	p := s.watcher(t, w, srv.URL, func(a *providers.Account) { delete(a.Settings, reader.Name) })
	all, o := w.watch(t.Context(), t, p, limit.take)
	if len(all) > 0 || o.Class != providers.AccountError || limit.taken.Load() != 0 || !strings.Contains(o.Reason, reader.Name) || !strings.Contains(o.Reason, reader.Env) {
		t.Errorf("without %s: %d turns, %+v, %+v", reader.Name, limit.taken.Load(), all, o)
	}
	for _, setting := range s.Type.Facts.Settings {
		if !setting.Secret {
			continue
		}
		for name, form := range forms(secret(setting.Name)) {
			said := "you sent " + form + " and\n" + form
			for _, status := range []int{200, 302, 401, 404, 422, 429, 500} {
				header := map[string]string{"Location": "https://example.com/" + url.PathEscape(form), "Retry-After": form}
				s.watchSecret(t, w, setting.Name, name, form, Answer{Status: status, Header: header, Body: s.Wrap(status, said)})
			}
			quoted, _ := json.Marshal(said)
			for _, one := range s.Watches {
				for _, r := range one.Want {
					page := one.Pages[len(one.Pages)-1]
					if old := `"` + r.Reason + `"`; r.Reason != "" && len(one.Pages) == 1 && strings.Contains(page.Body, old) {
						page.Body = strings.ReplaceAll(page.Body, old, string(quoted))
						s.watchSecret(t, one, setting.Name, name, form, page)
					}
				}
			}
		}
	}
}

func (s Subject) watchSecret(t *testing.T, w Watching, setting, name, form string, a Answer) {
	t.Helper()
	limit := &turns{}
	srv := replaying(t, limit, []Answer{a})
	all, o := w.watch(t.Context(), t, s.watcher(t, w, srv.URL), limit.take)
	srv.Close()
	text := fmt.Sprintf("%+v", o)
	for _, r := range all {
		text += r.Reason
	}
	if strings.Contains(text, form) || strings.Contains(text, secret(setting)) {
		t.Errorf("%d with %s as %s: %s", a.Status, setting, name, text)
	}
	if w.Name != s.Watches[0].Name && len(all) != len(w.Want) {
		t.Errorf("%s with %s as the reason: %+v", w.Name, setting, all)
	}
}
