package maax

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/providers"
	"herald/providers/providertest"
	"herald/providers/wire"
)

// receiver is a vendor that takes everything and keeps the last request.
type receiver struct {
	*httptest.Server
	header http.Header
	body   []byte
}

func receive(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.header = req.Header
		r.body, _ = io.ReadAll(req.Body)
		io.WriteString(w, `{"incoming_message_id":1}`)
	}))
	t.Cleanup(r.Close)
	return r
}

func opened(t interface{ Fatalf(string, ...any) }, base string, more providers.Values) providers.Provider {
	s := settings()
	s["base_url"], s["api_key"] = base, "sk-hidden-0123"
	maps.Copy(s, more)
	p, err := Type().Open(providers.Account{Type: "maax", Settings: s, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return p
}

// What leaves is what was rendered, with the key for {token} in the two addresses.
func TestToken(t *testing.T) {
	key := providers.Key{0xab, 1}
	k := key.String()
	for _, tt := range []struct{ name, answer, followUp, answerLeft, followUpLeft string }{
		{"path and query, several times", answerURL, followUpURL,
			"https://hooks.example.com/maax/" + k + "/answer?send=" + k + "&again=" + k, "https://hooks.example.com/later?send=" + k},
		{"one of two", "https://a.example/{token}", "http://a.example:8080", "https://a.example/" + k, "http://a.example:8080"},
		{"the other", "https://a.example?", "https://a.example/x{token}{token}y", "https://a.example?", "https://a.example/x" + k + k + "y"},
		{"none", "https://a.example/a", "https://a.example/b", "https://a.example/a", "https://a.example/b"},
		{"signs", `https://a.example/"\<&>{token}`, "https://a.example/é?a=b&c={token}", `https://a.example/"\<&>` + k, "https://a.example/é?a=b&c=" + k},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := receive(t)
			p := opened(t, srv.URL, providers.Values{"send_response_url": tt.answer, "followup_url": tt.followUp})
			defer p.Close()
			r, problems := p.Render(asks("{token}"))
			if len(problems) > 0 || !strings.Contains(string(r.Body), `"message_content":"{token}"`) {
				t.Fatalf("%s %+v", r.Body, problems)
			}
			before := bytes.Clone(r.Body)
			o := p.Send(t.Context(), r, key)
			if o.Class != providers.Accepted || o.ID != "1" || o.Marked {
				t.Fatalf("%+v", o)
			}
			if !bytes.Equal(before, r.Body) {
				t.Errorf("Send changed the request that it was given: %s", r.Body)
			}
			var left question
			if err := json.Unmarshal(srv.body, &left); err != nil {
				t.Fatal(err)
			}
			if left.AnswerURL != tt.answerLeft || left.FollowUpURL != tt.followUpLeft || left.Content != "{token}" {
				t.Errorf("left as %s", srv.body)
			}
			if got := srv.header.Get("2hd-api-key"); got != "sk-hidden-0123" {
				t.Errorf("the key left as %q", got)
			}
			for what, text := range map[string]string{"plan": string(before), "body": string(srv.body)} {
				if strings.Contains(text, "sk-hidden") {
					t.Errorf("the %s holds the API key: %s", what, text)
				}
			}
		})
	}
}

// Whatever is asked by whomever, Send changes nothing but {token} in the addresses, to the byte.
func TestOnlyTheTokenChanges(t *testing.T) {
	srv := receive(t)
	words := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"{token}", `"send_response_url":"{token}"`, `\"followup_url\":\"`, "\u2028", "<&>", `\`, "}", "\x00",
	}))
	rest := rapid.StringMatching(`[/a-z"\\<&>é]{0,4}(\{token\})?[a-z]{0,3}(\?[a-z=&"]{0,5}(\{token\}){0,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		p := opened(t, srv.URL, providers.Values{
			"send_response_url": "https://a.example/" + rest.Draw(t, "answer"), "followup_url": "http://b.example:1/" + rest.Draw(t, "follow-up"),
		})
		defer p.Close()
		m := asks("?"+words.Draw(t, "text"), providers.Values{
			"prospect_info.first_name": "A" + words.Draw(t, "name"), "prospect_info.last_name": words.Draw(t, "last name"),
		})
		r, problems := p.Render(m)
		if len(problems) > 0 {
			t.Fatalf("%+v", problems)
		}
		key := providers.NewKey()
		if o := p.Send(t.Context(), r, key); o.Class != providers.Accepted {
			t.Fatalf("%+v", o)
		}
		// The two addresses come last, and a quote within a text is escaped: so this is where they begin.
		i := bytes.LastIndex(r.Body, []byte(`,"send_response_url":"`))
		want := string(r.Body[:i]) + strings.ReplaceAll(string(r.Body[i:]), "{token}", key.String())
		if string(srv.body) != want {
			t.Fatalf("left as\n%s\nwant\n%s", srv.body, want)
		}
	})
}

// Bodies that Render never made are sent with every byte in its place, or not at all.
func TestAddressed(t *testing.T) {
	key := providers.Key{1}
	k := key.String()
	both := func(s string) string { return `"send_response_url":"` + s + `","followup_url":""` }
	for body, want := range map[string]string{
		`{` + both("{token}") + `}`:                                              `{` + both(k) + `}`,
		" {\n" + both(`\u0026{token}`) + " ,\"a\" : 1.50 }\n":                    " {\n" + both(`\u0026`+k) + " ,\"a\" : 1.50 }\n",
		`{"followup_url" : "{token}" , "send_response_url" :"x" }`:               `{"followup_url" : "` + k + `" , "send_response_url" :"x" }`,
		`{"a":{` + both("{token}") + `},"{token}":["{token}"],` + both("") + `}`: `{"a":{` + both("{token}") + `},"{token}":["{token}"],` + both("") + `}`,
		`{` + both("{token}") + `,"followup_url":"{token}"}`:                     `{` + both(k) + `,"followup_url":"` + k + `"}`,
		``: "", `{`: "", `[]`: "", `null`: "", `"x"`: "", `{}`: "", `{"send_response_url":"{token}"}`: "", `{"followup_url":"{token}"}`: "",
		`{` + both("") + `}{`: "", `{` + both("") + `}{}`: "", `{` + both("") + `,}`: "",
		`{"send_response_url":"{token}","followup_url":null}`: "", `{"send_response_url":{},"followup_url":""}`: "", `[{` + both("") + `}]`: "",
	} {
		got, err := addressed([]byte(body), key)
		if string(got) != want || (err == nil) != (want != "") {
			t.Errorf("%s becomes %s, %v; want %s", body, got, err, want)
		}
	}
}

// A body that is no question is refused before anything leaves.
func TestUnreadableBodyIsNotSent(t *testing.T) {
	srv := receive(t)
	p := opened(t, srv.URL, nil)
	defer p.Close()
	for _, body := range []string{"", "{", "[]", `{"message_content":"Hi"}`} {
		o := p.Send(t.Context(), providers.Request{Method: http.MethodPost, Path: path, Body: []byte(body)}, providers.NewKey())
		if o.Class != providers.Refused || o.HTTP != 0 || !strings.HasPrefix(o.Reason, "not sent: ") || srv.body != nil {
			t.Errorf("%q: %+v, and %q arrived", body, o, srv.body)
		}
	}
}

func TestOpen(t *testing.T) {
	for _, tt := range []struct{ url, says string }{
		{"https://a.example", ""}, {"http://a.example/x", ""}, {"https://127.0.0.1:8080/{token}?a={token}#top", ""}, {"HTTPS://[::1]/", ""},
		{"", "is not set"}, {" https://a.example/s3cret", "without spaces"}, {"https://a.example/s3cret\n", "without spaces"},
		{"https://a.example/s3cret x", "without spaces"}, {"https://a.example/?s3cret=\xff", "can be read"}, {"https://a.example/%zzs3cret", "can be read"},
		{"https://a.example:s3cret/", "can be read"}, {"{token}://a.example/s3cret", "can be read"},
		{"https://{token}.example/?k=s3cret", "scheme or host"}, {"https://a.example:{token}/?k=s3cret", "scheme or host"},
		{"https://a.example{token}", "scheme or host"}, {"h{token}://a.example/?k=s3cret", "scheme or host"},
		{"https://me:s3cret@a.example/", "user name or password"}, {"https://{token}@a.example/?k=s3cret", "user name or password"},
		{"ftp://a.example/s3cret", "http or https"}, {"https:///s3cret", "http or https"}, {"https://:80/s3cret", "http or https"}, {"https:a.example/s3cret", "http or https"},
		{"/s3cret", "http or https"}, {"a.example/{token}?k=s3cret", "http or https"}, {"mailto:s3cret@a.example", "http or https"},
		{"https://a.example/?k=s3cret#{token}", `behind "#"`},
		{"https://a.example/s3cret/{Token}", "unknown placeholder"}, {"https://a.example/s3cret/{tokn}", "unknown placeholder"},
		{"https://a.example/{{token}}/s3cret", "unknown placeholder"}, {"https://a.example/s3cret/{", "unknown placeholder"},
	} {
		for _, name := range []string{"send_response_url", "followup_url"} {
			s := settings()
			s[name] = tt.url
			p, err := Type().Open(providers.Account{Type: "maax", Settings: s})
			if err == nil {
				p.Close()
			}
			switch {
			case (err == nil) != (tt.says == ""):
				t.Errorf("%s %q: %v", name, tt.url, err)
			case err != nil && (!strings.HasPrefix(err.Error(), name) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "s3cret")):
				t.Errorf("%s %q, wanted a word about %q: %v", name, tt.url, tt.says, err)
			}
		}
	}
	for _, id := range []any{nil, int64(0), int64(-1), "7"} {
		s := settings()
		s["ai_id"] = id
		if _, err := Type().Open(providers.Account{Type: "maax", Settings: s}); err == nil || !strings.Contains(err.Error(), "ai_id") {
			t.Errorf("ai_id %v: %v", id, err)
		}
	}
}

// Whoever mends an account sees all that is wrong with it at once, each at its setting, and no value.
func TestOpenSaysAll(t *testing.T) {
	_, err := Type().Open(providers.Account{Type: "maax", Settings: providers.Values{
		"ai_id": int64(0), "send_response_url": "s3cret", "followup_url": "s3cret/{x}", "api_key": "s3cret\nb", "base_url": "https://example.com/s3cret/api",
	}})
	if got, want := providertest.WrongSettings(t, err), []string{"ai_id", "send_response_url", "followup_url", "base_url", "api_key"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if strings.Contains(err.Error(), "s3cret") {
		t.Error(err)
	}
}

func FuzzAddressed(f *testing.F) {
	f.Add([]byte(`{"message_content":"{token}","send_response_url":"https://a.example/{token}","followup_url":"{token}"}`), []byte{1})
	f.Add([]byte(` {"a":{"send_response_url":"{token}"},"followup_url":"\"{token}\\","send_response_url" : "" } `), []byte{})
	f.Add([]byte(`{"send_response_url":"a","send_response_url":"{token}","followup_url":"","x":[1e9,{}]}`), []byte{0xff})
	f.Fuzz(func(t *testing.T, body, seed []byte) {
		var key providers.Key
		copy(key[:], seed)
		before := bytes.Clone(body)
		out, err := addressed(body, key)
		if !bytes.Equal(before, body) {
			t.Fatalf("%q was changed", before)
		}
		members, ok := wire.Object(body)
		if err != nil {
			if ok && wire.Text(members["send_response_url"]) != "" && wire.Text(members["followup_url"]) != "" && bytes.Count(body, []byte("_url")) == 2 {
				t.Fatalf("%q is refused", body)
			}
			return
		}
		left, ok := wire.Object(out)
		if !ok || len(left) != len(members) {
			t.Fatalf("%q becomes %q", body, out)
		}
		for name, value := range members {
			if name == "send_response_url" || name == "followup_url" {
				value = bytes.ReplaceAll(value, []byte("{token}"), hex.AppendEncode(nil, key[:]))
			}
			if !bytes.Equal(left[name], value) {
				t.Fatalf("%q becomes %q", body, out)
			}
		}
		if (len(out)-len(body))%(2*len(key)-len("{token}")) != 0 {
			t.Fatalf("%q becomes %q", body, out)
		}
	})
}
