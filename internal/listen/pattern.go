package listen

import (
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"herald/providers"
)

// maxPairs bounds the query of a call.
const maxPairs = 64

// pattern is the path and query of a callback's address: texts with a token between each two. Addresses may hold secrets
// of their own, so texts are compared in constant time.
type pattern struct {
	path  []string
	query [][2][]string // names and values
}

// target is the path and query of a call, decoded.
type target struct {
	path  string
	query [][2]string
}

// parsePattern reads a callback's address.
func parsePattern(address string) (p pattern, shown string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Path != "" && u.Path[0] != '/' {
		return p, "", errors.New("its address cannot be read") // which url.Parse would repeat
	}
	pairs, ok := parseQuery(u.RawQuery)
	if !ok {
		return p, "", errors.New("the query of its address cannot be read")
	}
	if u.Path == "" {
		u.Path = "/"
	}
	p.path = strings.Split(u.Path, providers.TokenMark)
	for _, pair := range pairs {
		p.query = append(p.query, [2][]string{strings.Split(pair[0], providers.TokenMark), strings.Split(pair[1], providers.TokenMark)})
	}
	return p, u.Path, nil
}

// parseQuery reads the pairs of a query, in order; false where it is none, or too long.
func parseQuery(raw string) (pairs [][2]string, ok bool) {
	for raw != "" {
		var one string
		one, raw, _ = strings.Cut(raw, "&")
		if one == "" {
			continue
		}
		name, value, _ := strings.Cut(one, "=")
		name, err := url.QueryUnescape(name)
		value, also := url.QueryUnescape(value)
		if err != nil || also != nil || len(pairs) == maxPairs {
			return nil, false
		}
		pairs = append(pairs, [2]string{name, value})
	}
	return pairs, true
}

// tokens reports whether the pattern has a token in it.
func (p pattern) tokens() bool {
	n := len(p.path) - 1
	for _, pair := range p.query {
		n += len(pair[0]) + len(pair[1]) - 2
	}
	return n > 0
}

// match reads the token of a call that fits: it has the path, and at least the query, with one and the same token
// wherever one belongs.
func (p pattern) match(t target) (token [16]byte, ok bool) {
	var found holder
	if !found.match(p.path, t.path) {
		return token, false
	}
	for _, want := range p.query {
		if !found.among(want, t.query) {
			return token, false
		}
	}
	return found.token, true
}

// holder is a token that was found, and must be the same wherever it is found again.
type holder struct {
	token [16]byte
	there bool
}

// match compares a text, and keeps what it tells of the token only when it fits.
func (h *holder) match(texts []string, s string) bool {
	now := *h
	for i, text := range texts {
		if i > 0 {
			var token [16]byte
			const size = 2 * len(token)
			// Keys are written in small letters; in others, one send would have many addresses.
			if len(s) < size || strings.Trim(s[:size], "0123456789abcdef") != "" {
				return false
			}
			hex.Decode(token[:], []byte(s[:size]))
			if now.there && subtle.ConstantTimeCompare(now.token[:], token[:]) == 0 {
				return false
			}
			now.token, now.there = token, true
			s = s[size:]
		}
		if len(s) < len(text) || !same(s[:len(text)], text) {
			return false
		}
		s = s[len(text):]
	}
	if s != "" {
		return false
	}
	*h = now
	return true
}

// among looks for a pair that fits.
func (h *holder) among(want [2][]string, pairs [][2]string) bool {
	for _, pair := range pairs {
		now := *h
		if now.match(want[0], pair[0]) && now.match(want[1], pair[1]) {
			*h = now
			return true
		}
	}
	return false
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
