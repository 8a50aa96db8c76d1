package providertest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// secretsStayIn checks that a vendor which repeats what it got, in whatever escaping, gets no secret into an outcome.
func (s Subject) secretsStayIn(t *testing.T) {
	for _, setting := range s.Type.Facts.Settings {
		if !setting.Secret {
			continue
		}
		for name, form := range forms(secret(setting.Name)) {
			for _, status := range []int{200, 302, 400, 401, 403, 404, 418, 422, 429, 500} {
				said := "you sent " + form + " and\n" + form
				for _, body := range []string{s.Wrap(status, said), said, fmt.Sprintf(`{"id":1,"status":%q}`, said)} {
					header := map[string]string{"Location": "https://example.com/" + url.PathEscape(form), "Retry-After": form}
					srv := serve(t, func(w http.ResponseWriter, r *http.Request) { answer(w, status, header, body) })
					got := s.send(t, srv.URL)
					srv.Close()
					if text := fmt.Sprintf("%+v", got); strings.Contains(text, form) || strings.Contains(text, secret(setting.Name)) {
						t.Errorf("%d with %s as %s: %s", status, setting.Name, name, text)
					}
				}
			}
		}
	}
}

// forms are a secret's ways through libraries.
func forms(secret string) map[string]string {
	text, _ := json.Marshal(secret)
	quoted := strconv.Quote(secret)
	return map[string]string{
		"it is": secret, "a query": url.QueryEscape(secret), "a path": url.PathEscape(secret), "JSON": string(text[1 : len(text)-1]),
		"Go": quoted[1 : len(quoted)-1], "HTML": html.EscapeString(secret), "Base64": base64.StdEncoding.EncodeToString([]byte(secret)),
	}
}
