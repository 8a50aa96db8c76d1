package wire

import (
	"context"
	"crypto/x509"
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
