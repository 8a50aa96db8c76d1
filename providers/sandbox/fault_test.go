package sandbox

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// overTheWire sends one good HeyX message to a listening sandbox and reads the whole answer.
func overTheWire(ctx context.Context, s *Sandbox) (status int, header http.Header, body string, err error) {
	v := s.Vendors()[0]
	r, err := http.NewRequestWithContext(ctx, "POST", v.URL+heyxPath+"1", strings.NewReader(heyxHi))
	if err != nil {
		return 0, nil, "", err
	}
	r.Header.Set("Authorization", "Bearer "+v.Token)
	r.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header, string(b), err
}

func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name     string
		fault    Fault
		status   int // 0 when the connection is cut
		body     string
		accepted int
	}{
		{"none", Fault{}, 200, heyxOK, 1},
		{"drop before", Fault{Kind: FaultDropBefore}, 0, "", 0},
		{"drop after", Fault{Kind: FaultDropAfter}, 0, "", 1},
		{"error", Fault{Kind: FaultError}, 500, `{"status":"error","message":"Server Error","data":[]}`, 1},
		{"throttle", Fault{Kind: FaultThrottle, RetryAfter: 7}, 429, `{"status":"error","message":"Too many requests","data":[]}`, 0},
		{"delay", Fault{Kind: FaultDelay, Delay: time.Millisecond}, 200, heyxOK, 1},
		{"bad JSON", Fault{Kind: FaultBadJSON}, 200, heyxOK[:len(heyxOK)/2], 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := started(t, Options{Fault: func(vendor string, n int, r *http.Request) Fault {
				if vendor != HeyX || n != 1 || r.Method != "POST" {
					t.Errorf("asked for %s %d %s", vendor, n, r.Method)
				}
				return test.fault
			}})
			status, header, body, err := overTheWire(t.Context(), s)
			if (err != nil) != (test.status == 0) || status != test.status || body != test.body {
				t.Errorf("got %d %s %v, want %d %s", status, body, err, test.status, test.body)
			}
			if want := map[bool]string{true: "7"}[test.fault.RetryAfter == 7]; header.Get("Retry-After") != want {
				t.Errorf("Retry-After %q, want %q", header.Get("Retry-After"), want)
			}
			if got := s.Count(HeyX); got != test.accepted {
				t.Errorf("accepted %d, want %d", got, test.accepted)
			}
			if test.fault.Kind == FaultBadJSON && json.Valid([]byte(body)) {
				t.Errorf("%s is good JSON", body)
			}
		})
	}
}

func TestHangUntilTheClientGoes(t *testing.T) {
	accepted := make(chan Message, 1)
	s := started(t, Options{
		Fault:   func(string, int, *http.Request) Fault { return Fault{Kind: FaultHang} },
		Observe: func(m Message) { accepted <- m },
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-accepted
		cancel()
	}()
	if status, _, _, err := overTheWire(ctx, s); err == nil {
		t.Errorf("answered %d", status)
	}
	if got := s.Count(HeyX); got != 1 {
		t.Errorf("accepted %d, want 1", got)
	}
}

func TestCloseEndsEveryWait(t *testing.T) {
	for name, fault := range map[string]Fault{
		"hang":    {Kind: FaultHang},
		"delay":   {Kind: FaultDelay, Delay: maxWait},
		"latency": {},
	} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan bool)
			s := started(t, Options{Latency: maxWait, Fault: func(string, int, *http.Request) Fault {
				close(asked)
				return fault
			}})
			ended := make(chan error)
			go func() {
				_, _, _, err := overTheWire(context.Background(), s)
				ended <- err
			}()
			<-asked
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if err := <-ended; (err == nil) != (name == "latency") {
				t.Errorf("the client got %v", err)
			}
			if got, want := s.Count(HeyX), map[string]int{"hang": 1, "latency": 1}[name]; got != want {
				t.Errorf("accepted %d, want %d", got, want)
			}
		})
	}
}

func TestLatencyHoldsTheAnswerNotTheMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{Latency: 200 * time.Millisecond})
		began := time.Now()
		s.observed(func(m Message) {
			if got := time.Since(began); got != 0 {
				t.Errorf("accepted after %s", got)
			}
		})
		if s.do(HeyX, "POST", heyxPath+"1", heyxHi); time.Since(began) != 200*time.Millisecond {
			t.Errorf("answered after %s", time.Since(began))
		}
		s.SetLatency(time.Hour) // cut to the longest allowed
		began = time.Now()
		if s.do(HeyX, "POST", heyxPath+"1", heyxHi); time.Since(began) != maxWait {
			t.Errorf("answered after %s", time.Since(began))
		}
	})
}

func TestDelayAcceptsAfterTheClientHasGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{Fault: func(string, int, *http.Request) Fault {
			return Fault{Kind: FaultDelay, Delay: 10 * time.Second}
		}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go s.serve(httptest.NewRecorder(), s.vendor(HeyX).request("POST", heyxPath+"1", heyxHi).WithContext(ctx))
		<-ctx.Done()
		if got := s.Count(HeyX); got != 0 {
			t.Errorf("accepted %d at once", got)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := s.Count(HeyX); got != 1 {
			t.Errorf("accepted %d later", got)
		}
	})
}

// observed sets what is told of accepted messages.
func (s *Sandbox) observed(f func(Message)) {
	for _, v := range s.vendors {
		v.observe = f
	}
}
