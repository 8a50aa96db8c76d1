package wire

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"herald/providers"
)

// Send makes one attempt: at most one request, answered within the account's timeout. The function says what an answer
// means; it is called once, in the same goroutine, and only when an answer came.
func (c *Client) Send(ctx context.Context, r providers.Request, classify func(Answer) providers.Outcome) providers.Outcome {
	return c.attempt(ctx, r, MaxAnswer, classify)
}

// Read does as Send does, for a request whose answer may be as long as a page of messages: one that changes nothing at the
// vendor, or that opens a conversation, which comes with what is in it.
func (c *Client) Read(ctx context.Context, r providers.Request, classify func(Answer) providers.Outcome) providers.Outcome {
	return c.attempt(ctx, r, MaxPage, classify)
}

func (c *Client) attempt(ctx context.Context, r providers.Request, most int64, classify func(Answer) providers.Outcome) providers.Outcome {
	if c.missing != "" {
		return providers.Outcome{Class: providers.AccountError, Reason: c.missing}
	}
	target, err := at(c.base, r.Path)
	if err != nil {
		return c.cleaner.outcome(providers.Outcome{Class: providers.Refused, Reason: "not sent: " + err.Error()})
	}
	if err := ctx.Err(); err != nil {
		return providers.Outcome{Class: providers.NotSent, Reason: c.cause(ctx, err) + " before anything was sent"}
	}
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()

	// The transport asks for a connection before each try to write, and tries again only when it knows that nothing was
	// written, which for a POST without an Idempotency-Key is so. Both hooks run in this goroutine.
	connected := false
	traced := httptrace.WithClientTrace(within, &httptrace.ClientTrace{
		GetConn: func(string) { connected = false },
		GotConn: func(httptrace.GotConnInfo) { connected = true },
	})
	// The transport, not an http.Client: a client would follow redirects.
	resp, err := c.transport.RoundTrip(c.request(traced, r, target))
	if err != nil {
		o := providers.Outcome{Class: providers.NotSent, Reason: "no connection: " + c.cause(ctx, err)}
		if connected {
			o = providers.Outcome{Class: providers.Unknown, Reason: "no answer: " + c.cause(ctx, err)}
		}
		return c.cleaner.outcome(o)
	}
	a := Answer{Status: resp.StatusCode, Header: resp.Header, Now: time.Now()}
	if a.Body, err = read(resp, most); err != nil {
		a.Err = errors.New(c.cause(ctx, err))
	}
	o := classify(a)
	o.HTTP = a.Status
	return c.cleaner.outcome(o)
}

// request makes the HTTP request. It sets no Idempotency-Key: with one, the transport would repeat a POST by itself.
func (c *Client) request(ctx context.Context, r providers.Request, target *url.URL) *http.Request {
	req := http.Request{
		Method:        r.Method,
		URL:           target,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        c.header,
		Host:          target.Host,
		ContentLength: int64(len(r.Body)),
	}
	if r.Method == http.MethodGet {
		// Without it the transport would repeat a GET by itself after a reset, since it takes a request for repeatable that
		// has no body, or one that can be read anew.
		req.Body = empty{}
	}
	if len(r.Body) > 0 {
		body := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.Body)), nil }
		req.Body, _ = body()
		// Lets the transport take another connection when an idle one turns out closed before a byte was written.
		req.GetBody = body
	}
	return req.WithContext(ctx)
}

// empty is a body with nothing in it, which the transport does not know beforehand.
type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, io.EOF }
func (empty) Close() error             { return nil }

// read takes in an answer's body, up to that many bytes.
func read(resp *http.Response, most int64) ([]byte, error) {
	defer resp.Body.Close()
	if resp.StatusCode < 200 {
		return nil, nil // after 101 the body is the bare connection and may never end
	}
	var b bytes.Buffer
	b.Grow(int(min(max(resp.ContentLength, 0), 64<<10)) + bytes.MinRead) // no more on a header's word alone
	_, err := b.ReadFrom(io.LimitReader(resp.Body, most+1))
	if err == nil && int64(b.Len()) > most {
		b.Truncate(int(most))
		err = fmt.Errorf("it is longer than %d bytes", most)
	}
	return b.Bytes(), err
}

// cause says in words why an attempt ended early. The context is the caller's, without the attempt's timeout.
func (c *Client) cause(ctx context.Context, err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, which may hold anything
	}
	switch late := errors.Is(err, context.DeadlineExceeded); {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "the time for the attempt was over" // the caller's, which is not known here
	case late: // also when an interrupt came right after it
		return "nothing came within " + c.timeout.String()
	case ctx.Err() != nil:
		return "interrupted"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed"
	}
	// Port numbers of a broken connection differ each time, and equal reasons are counted together.
	if broken := (*net.OpError)(nil); errors.As(err, &broken) && broken.Op != "dial" {
		return broken.Op + ": " + broken.Err.Error()
	}
	// The host may be part of what somebody keeps secret, and is in the settings for whoever may know it.
	var unknown *net.DNSError
	var other x509.HostnameError
	switch {
	case errors.As(err, &unknown):
		return "the host of base_url cannot be found: " + unknown.Err
	case errors.As(err, &other):
		return "the certificate is for another host than that of base_url"
	}
	return err.Error()
}
