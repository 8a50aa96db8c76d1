package sandbox

import (
	"net"
	"testing"
	"time"
)

// TestKernelStamp: a request that waits in the kernel has come all the same. The kernel begins to stamp a little after
// it was first asked, so the first requests may lack it.
func TestKernelStamp(t *testing.T) {
	l, err := listen("")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	stamped := stamping(l)
	for range 20 {
		client, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		server, err := stamped.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		sent := time.Now()
		if _, err := client.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Millisecond)
		before := time.Now()
		if n, err := server.Read(make([]byte, 1)); n != 1 || err != nil { // also when bytes are left
			t.Fatal(n, err)
		}
		at := server.(*stampedConn).began()
		if late := at.Sub(sent); late < -time.Millisecond || at.After(time.Now()) {
			t.Fatalf("stamped %s after it was sent", late)
		}
		if at.Before(before.Add(-20 * time.Millisecond)) {
			return
		}
	}
	t.Error("the kernel stamps nothing: every request has the instant at which it was read")
}

func TestKernelStampOfOtherMessages(t *testing.T) {
	for name, control := range map[string][]byte{"nothing": nil, "too short": {1, 2, 3}, "another": make([]byte, 32)} {
		if at, ok := kernelStamp(control); ok {
			t.Errorf("%s: %s", name, at)
		}
	}
}
