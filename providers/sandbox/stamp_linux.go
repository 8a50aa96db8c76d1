package sandbox

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// stampAge is the highest age that the kernel's stamp of bytes may have: beyond it, the wall clock has been set.
const stampAge = maxWait

// stamping makes a listener that asks the kernel to stamp what comes in (SO_TIMESTAMPNS in socket(7)); the connections
// that it accepts inherit that. Where the kernel will not, the instant of reading has to do.
func stamping(l *net.TCPListener) net.Listener {
	if raw, err := l.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) {
			syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1)
		})
	}
	return stampingListener{l}
}

// receive reads like net.Conn, and gives when the kernel took the bytes in, the last of them if they came in pieces; if it
// does not say, when they were read.
func (c *stampedConn) receive(b []byte) (n int, at time.Time, err error) {
	if len(b) == 0 {
		return 0, time.Time{}, nil
	}
	var control [64]byte
	var controls int
	var failed error
	err = c.raw.Read(func(fd uintptr) bool {
		for {
			n, controls, _, _, failed = syscall.Recvmsg(int(fd), b, control[:], 0)
			if failed != syscall.EINTR {
				return failed != syscall.EAGAIN
			}
		}
	})
	switch {
	case err != nil:
		return 0, time.Time{}, err
	case failed != nil:
		return 0, time.Time{}, &net.OpError{Op: "read", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(),
			Err: os.NewSyscallError("recvmsg", failed)}
	case n == 0:
		return 0, time.Time{}, io.EOF
	}
	now := time.Now()
	if stamp, ok := kernelStamp(control[:controls]); ok {
		// The stamp is of the wall clock. Its age, taken off the reading of now, gives it a monotonic one.
		if age := now.Sub(stamp); age > 0 && age <= stampAge {
			return n, now.Add(-age), nil
		}
	}
	return n, now, nil
}

// kernelStamp finds the stamp among control messages.
func kernelStamp(control []byte) (time.Time, bool) {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return time.Time{}, false
	}
	for _, m := range messages {
		if m.Header.Level != syscall.SOL_SOCKET || m.Header.Type != syscall.SCM_TIMESTAMPNS {
			continue
		}
		var stamp syscall.Timespec
		if _, err := binary.Decode(m.Data, binary.NativeEndian, &stamp); err != nil {
			return time.Time{}, false
		}
		return time.Unix(stamp.Unix()), true
	}
	return time.Time{}, false
}
