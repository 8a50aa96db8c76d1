package listen

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
)

// Serve answers calls at l until ctx ends. Then it takes no more connections, and what is in flight is finished, within
// Config.DrainTimeout. It closes l. The error is nil when ctx ended.
func (s *Server) Serve(ctx context.Context, l net.Listener, files TLS) error {
	c := s.config
	l = &bounded{Listener: l, free: make(chan struct{}, c.MaxConns), closed: make(chan struct{})}
	logger := c.ErrorLog
	if logger == nil {
		logger = log.New(io.Discard, "", 0)
	}
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: c.HeaderTimeout,
		ReadTimeout:       c.ReadTimeout,
		WriteTimeout:      c.ReadTimeout + keepFor + c.HeaderTimeout,
		IdleTimeout:       c.IdleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          logger,
		Protocols:         new(http.Protocols),

		DisableGeneralOptionsHandler: true,
	}
	// One call at a time on a connection, so that the timeouts hold for each.
	server.Protocols.SetHTTP1(true)
	var err error
	if server.TLSConfig, err = files.config(); err != nil {
		return errors.Join(err, l.Close())
	}
	failed := make(chan error, 1)
	go func() {
		if server.TLSConfig != nil {
			failed <- server.ServeTLS(l, "", "")
		} else {
			failed <- server.Serve(l)
		}
	}()
	select {
	case err := <-failed:
		return errors.Join(err, server.Close())
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.DrainTimeout)
	defer cancel()
	if server.Shutdown(drain) != nil {
		_ = server.Close() // they had their time
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// bounded is a listener with a bound on the connections that it has open.
type bounded struct {
	net.Listener
	free   chan struct{}
	once   sync.Once
	closed chan struct{}
}

func (b *bounded) Accept() (net.Conn, error) {
	select {
	case b.free <- struct{}{}:
	case <-b.closed:
		return nil, net.ErrClosed
	}
	conn, err := b.Listener.Accept()
	if err != nil {
		<-b.free
		return nil, err
	}
	return &counted{Conn: conn, give: func() { <-b.free }}, nil
}

func (b *bounded) Close() error {
	b.once.Do(func() { close(b.closed) })
	return b.Listener.Close()
}

// counted is a connection that makes room for another one when it is closed.
type counted struct {
	net.Conn
	once sync.Once
	give func()
}

func (c *counted) Close() error {
	err := c.Conn.Close()
	c.once.Do(c.give)
	return err
}
