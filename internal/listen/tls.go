package listen

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// TLS names the files of a certificate and its key, in PEM; empty for plain HTTP. When they change they are read again,
// so that a renewed certificate needs no restart.
type TLS struct {
	CertFile string
	KeyFile  string
}

// checkEvery is how often a certificate's files are looked at, at most.
const checkEvery = time.Minute

// config gives what net/http needs, nil for plain HTTP.
func (t TLS) config() (*tls.Config, error) {
	if t == (TLS{}) {
		return nil, nil
	}
	if t.CertFile == "" || t.KeyFile == "" {
		return nil, errors.New("TLS needs a certificate and its key: give both files, or none")
	}
	c := &certificate{files: t}
	if err := c.load(); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: c.get}, nil
}

// Check reports what is wrong with the files, before anybody is told that they are served.
func (t TLS) Check() error {
	_, err := t.config()
	return err
}

// certificate is what the files held when they were last good.
type certificate struct {
	files TLS

	mu      sync.Mutex
	now     *tls.Certificate
	changed [2]time.Time
	looked  time.Time
}

// get gives the certificate. Files that are wrong now, perhaps since they are being written, leave the old one.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) > checkEvery {
		_ = c.load()
	}
	return c.now, nil
}

// load reads the files when they changed.
func (c *certificate) load() error {
	c.looked = time.Now()
	var changed [2]time.Time
	for i, name := range []string{c.files.CertFile, c.files.KeyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("the file for TLS cannot be read; mend its path: %w", err)
		}
		changed[i] = info.ModTime()
	}
	if c.now != nil && changed == c.changed {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.files.CertFile, c.files.KeyFile)
	if err != nil {
		return fmt.Errorf("%s and %s are no certificate and its key, in PEM: %w", c.files.CertFile, c.files.KeyFile, err)
	}
	c.now, c.changed = &pair, changed
	return nil
}
