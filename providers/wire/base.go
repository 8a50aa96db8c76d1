package wire

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"herald/providers"
)

// parseBase reads a base_url, behind which the vendor's documented path is put. No error repeats any part of it: people
// paste credentials into addresses, and campaigns build them from sensitive variables.
func parseBase(s, documented string) (*url.URL, error) {
	wrong := func(detail string) (*url.URL, error) { return nil, providers.WrongSetting("base_url", detail) }
	u, err := url.Parse(s)
	if err != nil {
		return wrong("base_url is not an address that can be read; write it like \"https://api.example.com\"")
	}
	switch {
	case u.User != nil:
		return wrong("base_url holds a user name or password, which would be a secret in the open; leave it out, the token alone says who is asking")
	case u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" || u.Hostname() == "":
		return wrong("base_url must be a whole address with scheme and host, like \"https://api.example.com\"")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#"):
		return wrong("base_url must end before any \"?\" or \"#\": the vendor's path is put behind it")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return wrong("base_url would send the token over plain http, where anyone on the way can read it; begin it with https:// (http:// is for loopback addresses only)")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	if twice := beginning(u.Path, documented); twice != "" {
		return wrong(fmt.Sprintf("base_url ends in %s, with which the vendor's path begins: leave %s out, herald adds the vendor's path", twice, twice))
	}
	return u, nil
}

// beginning finds the beginning of a documented path, as in /api of /api/v1/messages, with which a base path ends.
func beginning(base, documented string) string {
	for i := 1; i < len(documented) && documented[i] != '{'; i++ {
		if documented[i] == '/' && strings.HasSuffix(base, documented[:i]) {
			return documented[:i]
		}
	}
	return ""
}

// loopback reports whether a host name means this machine.
func loopback(host string) bool {
	host = strings.ToLower(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// at puts a request's escaped path behind the base address.
func at(base *url.URL, path string) (*url.URL, error) {
	if !strings.HasPrefix(path, "/") {
		return nil, errors.New("the request's path does not begin with a slash")
	}
	u := *base
	path, u.RawQuery, _ = strings.Cut(path, "?")
	plain, err := url.PathUnescape(path)
	if err != nil {
		return nil, errors.New("the request's path is not escaped as an address needs it")
	}
	u.RawPath = base.EscapedPath() + path
	u.Path = base.Path + plain
	if u.RawPath == u.Path {
		u.RawPath = ""
	}
	return &u, nil
}

// Segment escapes a value as one segment of a path. It escapes more than a path needs, "+" and "=" among it, since some
// servers read "+" in a path as a space.
func Segment(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
