package wire

import (
	"cmp"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"herald/providers"
)

// What an account has where it says nothing.
const (
	defaultTimeout     = 30 * time.Second
	defaultConcurrency = 16
)

// Client makes one account's requests. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	header    http.Header // shared by all requests; nobody writes to it
	transport *http.Transport
	timeout   time.Duration
	missing   string // why nothing can be sent, "" when it can
	cleaner   cleaner
}

// Open makes the client of an account. The header is what the vendor wants on every request, the token among it; its
// names go out as they are spelled. Missing secrets are no error: then Send says so instead of sending.
//
// The error joins a providers.SettingError for each setting that is wrong, after those that the provider itself has
// found, of which nil is none: so whoever mends the account sees all of them at once.
func Open(f providers.Facts, a providers.Account, header http.Header, found ...error) (*Client, error) {
	_, documented, _ := strings.Cut(f.Endpoint, " ")
	base, err := parseBase(cmp.Or(a.Settings.String("base_url"), f.BaseURL), documented)
	wrong := append(slices.Clone(found), err)
	for _, s := range f.Settings {
		// A line break at the end of a file or variable is the usual cause.
		if s.Secret && !sendable(a.Settings.String(s.Name)) {
			wrong = append(wrong, providers.WrongSetting(s.Name,
				s.Name+" holds a character that no HTTP header can carry, a line break or a space at an end perhaps; give the bare token"))
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	all := http.Header{"User-Agent": {"herald"}, "Accept": {"application/json"}, "Content-Type": {"application/json"}}
	for name, values := range header {
		all[name] = values
	}
	return &Client{
		base:      base,
		header:    all,
		transport: newTransport(cmp.Or(a.Concurrency, defaultConcurrency)),
		timeout:   cmp.Or(a.Timeout, defaultTimeout),
		missing:   missing(f.MissingSecrets(a)),
		cleaner:   newCleaner(f, a),
	}, nil
}

// newTransport makes the transport of one account with that many requests in flight.
func newTransport(concurrency int) *http.Transport {
	// HTTP/1.1 only: there one attempt has one connection to itself, so that what is known of the connection is known
	// of the attempt. On HTTP/2 many attempts share one, all fall into doubt with it, and the transport may repeat
	// requests by itself.
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	dialer := net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(concurrency)},
		TLSHandshakeTimeout: 10 * time.Second,
		Protocols:           protocols,
		MaxIdleConns:        concurrency,
		MaxIdleConnsPerHost: concurrency,
		// Below the idle limits that servers usually have (5 s is the least common one): a request that meets a
		// connection just being closed is in doubt for nothing.
		IdleConnTimeout: 4 * time.Second,
		// Answers are short; and a small compressed one must not grow past MaxAnswer.
		DisableCompression:     true,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// Close frees idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// sendable reports whether a value can stand in a header and arrive as it is: servers strip spaces at the ends.
func sendable(s string) bool {
	return s == strings.TrimSpace(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// missing says which secrets an account lacks and where they may come from.
func missing(settings []providers.Setting) string {
	var all []string
	for _, s := range settings {
		text := s.Name + " is not set: give it in the provider block"
		if s.Env != "" {
			text += " or in the environment variable " + s.Env
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}
