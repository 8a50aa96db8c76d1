package providertest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"herald/providers"
)

// WrongSettings gives the names of the settings that opening an account found wrong, in its order. Each part of the
// error must be a providers.SettingError, so that the command line can point at the setting.
func WrongSettings(t *testing.T, err error) (names []string) {
	t.Helper()
	all := []error{err}
	if many := (interface{ Unwrap() []error })(nil); errors.As(err, &many) {
		all = many.Unwrap()
	}
	for _, one := range all {
		var wrong *providers.SettingError
		if !errors.As(one, &wrong) {
			t.Errorf("no SettingError: %v", one)
			continue
		}
		if wrong.Name == "" || !strings.Contains(wrong.Detail, wrong.Name) {
			t.Errorf("a SettingError that does not name its setting: %+v", wrong)
		}
		names = append(names, wrong.Name)
	}
	return names
}

// open checks which accounts can be opened, and that no error tells a secret.
func (s Subject) open(t *testing.T) {
	const password = "hunter2-hunter2"
	_, documented, _ := strings.Cut(s.Type.Facts.Endpoint, " ")
	first, _, _ := strings.Cut(strings.TrimPrefix(documented, "/"), "/") // api of /api/v1/messages
	for _, tt := range []struct {
		base string
		ok   bool
	}{
		{"", true}, {"https://example.com", true}, {"https://example.com/", true}, {"https://example.com:8443/a/b/", true},
		{"http://127.0.0.1:1", true}, {"http://[::1]:1", true}, {"http://localhost:1", true},
		{"http://example.com", false}, {"http://127.0.0.1.example.com", false}, {"example.com", false}, {"ftp://example.com", false},
		{"https://", false}, {"https:example.com", false}, {"/path", false}, {"https://example.com?a=" + password, false},
		{"https://example.com#" + password, false}, {"https://me:" + password + "@example.com", false},
		{"https://me:" + password + "#@example.com", false}, {"https://exa mple.com/" + password, false}, {"https://%zz", false},
		{"https://example.com/" + first, false}, {"https://example.com/" + password + "/" + first + "/", false},
		{"https://example.com/x" + first, true},
	} {
		s.openWith(t, tt.ok, password, "base_url", tt.base)
	}
	var names []string
	settings := providers.Values{"base_url": "http://" + password}
	for _, setting := range s.Type.Facts.Settings {
		if !setting.Secret {
			continue
		}
		for _, bad := range []string{password + "\n", " " + password, password + "\x00"} {
			s.openWith(t, false, password, setting.Name, bad)
			settings[setting.Name] = bad
		}
		names = append(names, setting.Name)
	}
	_, err := s.Type.Open(s.account("", settings))
	if got := WrongSettings(t, err); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(append(names, "base_url")))) {
		t.Errorf("with base_url and %v wrong, only %v are said at once: %v", names, got, err)
	}
}

// openWith opens an account with one setting of its own.
func (s Subject) openWith(t *testing.T, ok bool, password, name, value string) {
	t.Helper()
	p, err := s.Type.Open(s.account("", providers.Values{name: value}))
	if err == nil {
		p.Close()
	}
	if (err == nil) != ok {
		t.Errorf("%s %q: error %v, want one: %v", name, value, err, !ok)
	}
	if err == nil {
		return
	}
	if got := WrongSettings(t, err); !slices.Equal(got, []string{name}) || strings.Contains(err.Error(), password) {
		t.Errorf("%s %q: the error tells a secret, or is about %v: %v", name, value, got, err)
	}
}
