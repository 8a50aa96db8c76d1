package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// always is a sandbox that does the same to every request.
func always(t *testing.T, f Fault) *Sandbox {
	t.Helper()
	return started(t, Options{Fault: func(string, int, *http.Request) Fault { return f }})
}

// TestMisbehaviour has the faults that are not an answer of the vendor, as a client sees them.
func TestMisbehaviour(t *testing.T) {
	for _, test := range []struct {
		fault    Fault
		status   int    // 0 when there is no answer
		body     string // what came of it
		err      error  // nil when all of it came
		accepted int
	}{
		{Fault{Kind: FaultDropBefore}, 0, "", syscall.ECONNRESET, 0},
		{Fault{Kind: FaultDropAfter}, 0, "", syscall.ECONNRESET, 1},
		{Fault{Kind: FaultResetBefore}, 0, "", syscall.ECONNRESET, 0},
		{Fault{Kind: FaultResetAfter}, 200, heyxOK[:len(heyxOK)/2], syscall.ECONNRESET, 1},
		{Fault{Kind: FaultTruncate}, 200, heyxOK, io.ErrUnexpectedEOF, 1},
		{Fault{Kind: FaultErrorIn200}, 200, `{"status":"error","message":"Server Error","data":[]}`, nil, 0},
		{Fault{Kind: FaultDrip, Pace: time.Millisecond}, 200, heyxOK, nil, 1},
	} {
		t.Run(test.fault.Kind.String(), func(t *testing.T) {
			s := always(t, test.fault)
			status, _, body, err := overTheWire(t.Context(), s)
			if status != test.status || body != test.body || !errors.Is(err, test.err) {
				t.Errorf("got %d %s %v, want %d %s %v", status, body, err, test.status, test.body, test.err)
			}
			if got := s.Count(HeyX); got != test.accepted {
				t.Errorf("accepted %d, want %d", got, test.accepted)
			}
		})
	}
}

func TestDripOutlastsTheClient(t *testing.T) {
	s := always(t, Fault{Kind: FaultDrip})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	status, _, body, err := overTheWire(ctx, s)
	if status != 200 || len(body) > 1 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %d %q %v", status, body, err)
	}
	if got := s.Count(HeyX); got != 1 {
		t.Errorf("accepted %d, want 1", got)
	}
}

func TestRedirectIsCountedWhereItLeads(t *testing.T) {
	s := always(t, Fault{Kind: FaultRedirect})
	v := s.Vendors()[0]
	for name, client := range map[string]*http.Client{
		"follows": {Transport: &http.Transport{DisableKeepAlives: true}},
		"stays": {Transport: &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	} {
		before := s.Redirected(HeyX)
		answer, err := client.Post(v.URL+heyxPath+"1", "application/json", strings.NewReader(heyxHi))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		want, led := 200, 1
		if name == "stays" {
			want, led = 307, 0
			if to, err := answer.Location(); err != nil || to.Host != s.Addr() {
				t.Errorf("leads to %v %v", to, err)
			}
		}
		if got := s.Redirected(HeyX) - before; answer.StatusCode != want || got != led {
			t.Errorf("%s: status %d, %d redirected; want %d, %d", name, answer.StatusCode, got, want, led)
		}
	}
	if s.Requests(HeyX) != 2 || s.Count(HeyX) != 0 || s.Redirected(Chatwoot)+s.Redirected("nobody") != 0 {
		t.Errorf("%d requests, %d accepted", s.Requests(HeyX), s.Count(HeyX))
	}
}

func TestHuge(t *testing.T) {
	s := always(t, Fault{Kind: FaultHuge})
	v := s.Vendors()[0]
	r, err := http.NewRequest("POST", v.URL+heyxPath+"1", strings.NewReader(heyxHi))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+v.Token)
	r.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	chunk, size, tail := make([]byte, 1<<20), 0, []byte(nil)
	for {
		n, err := answer.Body.Read(chunk)
		size += n
		if tail = append(tail, bytes.TrimLeft(chunk[:n], " ")...); len(tail) > len(heyxOK) {
			t.Fatalf("%q", tail)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if answer.StatusCode != 200 || answer.ContentLength != -1 || size != 64<<20+len(heyxOK) || string(tail) != heyxOK {
		t.Errorf("status %d, length %d, %d bytes, ending in %s", answer.StatusCode, answer.ContentLength, size, tail)
	}
	if got := s.Count(HeyX); got != 1 {
		t.Errorf("accepted %d, want 1", got)
	}
}

// TestResetBeforeTheBody: a body that never comes is not waited for.
func TestResetBeforeTheBody(t *testing.T) {
	s := always(t, Fault{Kind: FaultResetBefore})
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "POST /heyx%s1 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
		heyxPath, s.Addr(), s.Vendors()[0].Token)
	if n, err := conn.Read(make([]byte, 1)); n != 0 || !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("read %d, %v", n, err)
	}
	if s.Requests(HeyX) != 1 || s.Count(HeyX) != 0 {
		t.Errorf("%d requests, %d accepted", s.Requests(HeyX), s.Count(HeyX))
	}
}

// TestErrorIn200OfEveryVendor: no vendor's error has the look of its success.
func TestErrorIn200OfEveryVendor(t *testing.T) {
	s := built(t, Options{Fault: func(string, int, *http.Request) Fault { return Fault{Kind: FaultErrorIn200} }})
	for name, request := range map[string][2]string{HeyX: {heyxPath + "1", heyxHi}, Digital99: {chatwootPath, chatwootHi},
		Chatwoot: {chatwootPath, chatwootHi}, Avaamo: {avaamoPath, avaamoHi}, Maax: {maaxPath, maaxHi}} {
		w := s.do(name, "POST", request[0], request[1])
		if !strings.Contains(strings.ToLower(w.Body.String()), "error") {
			t.Errorf("%s: %s", name, w.Body)
		}
		body := decoded[map[string]json.RawMessage](t, w)
		for _, success := range []string{"success", "id", "incoming_message_id"} {
			if _, has := body[success]; has {
				t.Errorf("%s: %s has %s", name, w.Body, success)
			}
		}
		if got := s.Count(name); got != 0 {
			t.Errorf("%s accepted %d", name, got)
		}
	}
}

// TestCloseEndsEveryAnswer: neither a slow answer nor a client that reads nothing holds Close up.
func TestCloseEndsEveryAnswer(t *testing.T) {
	for _, fault := range []Fault{{Kind: FaultDrip, Pace: maxWait}, {Kind: FaultHuge}} {
		t.Run(fault.Kind.String(), func(t *testing.T) {
			s := always(t, fault)
			conn, err := net.Dial("tcp", s.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "POST /heyx%s1 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
				heyxPath, s.Addr(), s.Vendors()[0].Token, len(heyxHi), heyxHi)
			if status, err := bufio.NewReaderSize(conn, 16).ReadString('\n'); !strings.Contains(status, " 200 ") {
				t.Fatal(status, err)
			}
			began := time.Now()
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took >= closeTimeout {
				t.Errorf("Close took %s", took)
			}
		})
	}
}

func TestFaultNames(t *testing.T) {
	known := map[string]bool{"": true, "unknown": true}
	for kind := range FaultKind(faultKinds) {
		if known[kind.String()] {
			t.Errorf("fault %d is called %q", int(kind), kind)
		}
		known[kind.String()] = true
	}
	if FaultResetAfter.String() != "reset after" || FaultKind(-1).String() != "unknown" || FaultKind(faultKinds).String() != "unknown" {
		t.Error("names are not beside their kinds")
	}
}
