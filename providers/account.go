package providers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Account is one configured provider block.
type Account struct {
	Type        string
	Alias       string // "" for the block without one
	Settings    Values // secrets among them: never print an Account whole
	Timeout     time.Duration
	Concurrency int
}

// Name gives the account as campaign files refer to it: heyx, or heyx.alias.
func (a Account) Name() string {
	if a.Alias == "" {
		return a.Type
	}
	return a.Type + "." + a.Alias
}

// MissingSecrets lists the required settings that an account lacks. Planning needs none of the secrets; sending does.
func (f Facts) MissingSecrets(a Account) []Setting {
	var missing []Setting
	for _, s := range f.Settings {
		if s.Required && s.Secret && a.Settings.String(s.Name) == "" {
			missing = append(missing, s)
		}
	}
	return missing
}

// LimitGroup names what the vendor counts this account's requests under: accounts with the same name share one limit.
// It holds a digest of the token, for use in memory only.
func (f Facts) LimitGroup(a Account) string {
	host := f.baseURL(a)
	if u, err := url.Parse(host); err == nil && u.Host != "" {
		host = strings.ToLower(u.Host)
	}
	if f.Rate.Scope == PerHost {
		return host
	}
	sum := sha256.New()
	for _, s := range f.Settings {
		if s.names() {
			sum.Write([]byte(a.Settings.String(s.Name)))
			sum.Write([]byte{0})
		}
	}
	return f.Type + " " + host + " " + hex.EncodeToString(sum.Sum(nil)[:8])
}

// Identity names the account for comparing two blocks: equal identities are the same account at the vendor. It holds
// no secret.
func (f Facts) Identity(a Account) string {
	parts := []string{f.Type}
	for _, s := range f.Settings {
		if s.Identity && !s.Secret {
			parts = append(parts, s.Name+"="+f.setting(a, s))
		}
	}
	return strings.Join(parts, " ")
}

// Same reports whether two accounts are one account at the vendor: the same Identity and the same secrets. Identity
// alone does not tell where, as with HeyX, nothing but the token names the account. A secret that only reads or receives
// is none of the account's names.
func (f Facts) Same(a, b Account) bool {
	if f.Identity(a) != f.Identity(b) {
		return false
	}
	for _, s := range f.Settings {
		if s.names() && a.Settings.String(s.Name) != b.Settings.String(s.Name) {
			return false
		}
	}
	return true
}

// names reports whether a setting is a secret by which the vendor knows the account when it is sent to.
func (s Setting) names() bool { return s.Secret && !s.Reads && !s.Receives }

// setting gives a setting's value as text, whatever its type; one that was not given has its default. Addresses are
// compared as the vendor sees them: without a slash at the end, whatever the case of the host.
func (f Facts) setting(a Account, s Setting) string {
	switch v := a.Settings[s.Name]; {
	case s.Name == "base_url":
		base := strings.TrimRight(f.baseURL(a), "/")
		if u, err := url.Parse(base); err == nil {
			u.User, u.Host = nil, strings.ToLower(u.Host)
			return u.String()
		}
		return base
	case v == nil:
		return s.Default
	default:
		return fmt.Sprint(v)
	}
}

func (f Facts) baseURL(a Account) string {
	if given := a.Settings.String("base_url"); given != "" {
		return given
	}
	return f.BaseURL
}
