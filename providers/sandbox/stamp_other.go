//go:build !linux

package sandbox

import (
	"net"
	"time"
)

// stamping makes a listener whose connections note when requests were read: this system's way to say when they came is
// not known here.
func stamping(l *net.TCPListener) net.Listener { return stampingListener{l} }

// receive reads, and gives when.
func (c *stampedConn) receive(b []byte) (n int, at time.Time, err error) {
	n, err = c.TCPConn.Read(b)
	return n, time.Now(), err
}
