package sandbox

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"
)

// caller is one connection to a sandbox, on which a test writes what it likes.
type caller struct {
	conn    net.Conn
	answers *bufio.Reader
	s       *Sandbox
}

func called(t *testing.T, s *Sandbox) *caller {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &caller{conn, bufio.NewReader(conn), s}
}

// head is a request's text up to its body; more is added to the headers.
func (c *caller) head(more string) string {
	return fmt.Sprintf("POST /heyx%s1 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n",
		heyxPath, c.s.Addr(), c.s.Vendors()[0].Token, len(heyxHi), more)
}

// say writes, and gives when that began.
func (c *caller) say(t *testing.T, text string) time.Time {
	t.Helper()
	at := time.Now()
	if _, err := c.conn.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return at
}

// answered waits for an answer of a status.
func (c *caller) answered(t *testing.T, status int) {
	t.Helper()
	answer, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close() // reads what is left of it
	if answer.StatusCode != status {
		t.Fatalf("answered %s", answer.Status)
	}
}

// arrivedBetween checks the stamp of the latest message. The wall clock is compared: a kernel's stamp is of that one.
func (c *caller) arrivedBetween(t *testing.T, what string, from, to time.Time) {
	t.Helper()
	all := c.s.Messages(HeyX)
	const fuzz = time.Millisecond // two clocks are read after each other
	if at := all[len(all)-1].At; at.Before(from.Add(-fuzz)) || at.After(to.Add(fuzz)) {
		t.Errorf("%s: arrived %s after its first byte was sent, and %s after the latest instant", what, at.Sub(from), at.Sub(to))
	}
}

// TestStampsOfOneConnection: a request has come when its first byte has, each on a kept connection for itself.
func TestStampsOfOneConnection(t *testing.T) {
	const pause = 50 * time.Millisecond
	c := called(t, started(t, Options{}))
	for range 3 {
		time.Sleep(pause) // a stamp left over from the request before would be too early
		head := c.head("")
		from := c.say(t, head[:10])
		time.Sleep(pause)
		between := c.say(t, head[10:])
		time.Sleep(pause)
		c.say(t, heyxHi)
		c.answered(t, 200)
		c.arrivedBetween(t, "in three parts", from, between)
	}

	time.Sleep(pause)
	from := c.say(t, c.head("Expect: 100-continue\r\n"))
	c.answered(t, 100)
	between := time.Now()
	time.Sleep(pause)
	c.say(t, heyxHi)
	c.answered(t, 200)
	c.arrivedBetween(t, "that asks before it sends its body", from, between)

	time.Sleep(pause)
	from = c.say(t, c.head("")+heyxHi)
	c.answered(t, 200)
	c.arrivedBetween(t, "after such a one", from, time.Now())

	time.Sleep(pause)
	from = c.say(t, c.head("")+heyxHi+c.head("")+heyxHi)
	c.answered(t, 200)
	c.answered(t, 200)
	c.arrivedBetween(t, "sent before the answer to the one before", from, time.Now())
	if got := c.s.Count(HeyX); got != 7 {
		t.Errorf("accepted %d", got)
	}
}
