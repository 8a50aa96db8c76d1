package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

const (
	localConns  = 16       // connections to one address at once
	localAnswer = 64 << 10 // bytes read of an answer
)

// errNotLocal keeps the emulators' only client on this machine.
var errNotLocal = errors.New("not a loopback address")

// localClient makes a client that reaches loopback addresses only. It asks no name server and no proxy, follows no
// redirect and keeps no connection open.
func localClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dialLocal,
			DisableKeepAlives:      true,
			MaxConnsPerHost:        localConns,
			MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// dialLocal connects to a loopback address. localhost is not looked up: it is 127.0.0.1, or else ::1.
func dialLocal(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if !isLoopback(host) {
		return nil, errNotLocal
	}
	hosts := []string{host}
	if strings.EqualFold(host, "localhost") {
		hosts = []string{"127.0.0.1", "::1"}
	}
	var conn net.Conn
	for _, host := range hosts {
		var d net.Dialer
		if conn, err = d.DialContext(ctx, network, net.JoinHostPort(host, port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// postLocally makes a function that posts JSON. Everything but an answer of 2xx is an error.
func postLocally(client *http.Client) func(ctx context.Context, address string, body []byte) error {
	return func(ctx context.Context, address string, body []byte) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		io.Copy(io.Discard, io.LimitReader(answer.Body, localAnswer)) // what it says is nobody's business
		if answer.StatusCode < 200 || answer.StatusCode > 299 {
			return fmt.Errorf("answered %d", answer.StatusCode)
		}
		return nil
	}
}
