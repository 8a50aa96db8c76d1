package wire

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"herald/providers"
)

// No error about a base_url repeats any part of it.
func TestBaseErrorsTellNothing(t *testing.T) {
	for _, base := range []string{
		"http://s3cret.example.com", "http://s3cret.example.com/v1", "https://s3cret@a.example", "https://u:s3cret@a.example", "s3cret", "s3cret://a.example",
		"ftp://s3cret.example", "https:s3cret", "https://a.example/?k=s3cret", "https://a.example/#s3cret", "https://a.example:s3cret", "https://[s3cret",
		"https://a.example/%s3cret", "https://s3cret .example", "\x00s3cret",
	} {
		_, err := Open(facts(), providers.Account{Settings: providers.Values{"token": "t", "base_url": base}}, nil)
		if err == nil || !strings.Contains(err.Error(), "base_url") || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", base, err)
		}
	}
}

// A base_url that ends as the vendor's path begins would say it twice.
func TestBaseLeavesThePathOut(t *testing.T) {
	for base, twice := range map[string]string{
		"https://a.example/api": "/api", "https://a.example/x/api/": "/api", "https://a.example/api/v1": "/api/v1", "https://a.example/v1": "",
		"https://a.example/xapi": "", "https://api.example": "", "https://a.example/api/x": "", "https://a.example": "",
	} {
		_, err := parseBase(base, "/api/v1/messages/{to}")
		if twice == "" && err != nil || twice != "" && (err == nil || !strings.Contains(err.Error(), "leave "+twice+" out: ") && !strings.Contains(err.Error(), "leave "+twice+" out, ")) {
			t.Errorf("%s: %v, want a word about %q", base, err, twice)
		}
	}
	if _, err := parseBase("https://a.example/17", "/{to}/messages"); err != nil {
		t.Error(err)
	}
}

// All that is wrong is said at once, what the provider found first, each at its setting.
func TestOpenSaysAll(t *testing.T) {
	settings := providers.Values{"token": "s3cret\n", "other": " s3cret", "base_url": "s3cret"}
	_, err := Open(facts(), providers.Account{Settings: settings}, nil, nil, providers.WrongSetting("number", "number is wrong"))
	many, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%v", err)
	}
	var names []string
	for _, one := range many.Unwrap() {
		var wrong *providers.SettingError
		if !errors.As(one, &wrong) || strings.Contains(wrong.Detail, "s3cret") {
			t.Fatalf("%v", one)
		}
		names = append(names, wrong.Name)
	}
	if got := strings.Join(names, " "); got != "number base_url token other" {
		t.Error(got)
	}
}

// What a library says of a host that cannot be found names it; the name may be somebody's secret.
func TestUnknownHostIsNotNamed(t *testing.T) {
	c := &Client{timeout: time.Second}
	for _, err := range []error{
		&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "s3cret.example.com"}},
		x509.HostnameError{Certificate: &x509.Certificate{}, Host: "s3cret.example.com"},
	} {
		if got := c.cause(context.Background(), err); strings.Contains(got, "s3cret") {
			t.Errorf("%T: %s", err, got)
		}
	}
}
