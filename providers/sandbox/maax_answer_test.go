package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// hook is a server that keeps what is posted to it.
func hook(t *testing.T) (address string, got chan [2]string) {
	got = make(chan [2]string, 16)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != "POST" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("2hd-api-key") != "" || !r.Close {
			t.Errorf("got %s with %v, to be kept open: %v", r.Method, r.Header, !r.Close)
		}
		got <- [2]string{r.URL.RequestURI(), string(body)}
	}))
	t.Cleanup(s.Close)
	return s.URL, got
}

// next takes what was posted, in time.
func next(t *testing.T, got chan [2]string) [2]string {
	t.Helper()
	select {
	case one := <-got:
		return one
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was posted")
		return [2]string{}
	}
}

func TestMaaxAnswers(t *testing.T) {
	for name, test := range map[string]struct{ format, answer, followup string }{
		"html":  {`""`, "<p>You asked: Is 1 &lt; 2 &amp; &#34;true&#34;?</p>", "<p>Do you have further questions about this: Is 1 &lt; 2 &amp; &#34;true&#34;?</p>"},
		"plain": {`"plain_text"`, `You asked: Is 1 < 2 & "true"?`, `Do you have further questions about this: Is 1 < 2 & "true"?`},
	} {
		t.Run(name, func(t *testing.T) {
			address, got := hook(t)
			s := started(t, Options{MaaxAnswerAfter: time.Millisecond})
			body := maaxWith("message_content", `"Is 1 < 2 & \"true\"?"`, "output_format", test.format, "prospect_id", "8",
				"send_response_url", fmt.Sprintf("%q", address+"/answer?token=a%20b"), "followup_url", fmt.Sprintf("%q", address+"/followup"))
			expect(t, s.do(Maax, "POST", maaxPath, body), 200, `{"incoming_message_id":1}`)
			for _, want := range [][2]string{{"/answer?token=a%20b", test.answer}, {"/followup", test.followup}} {
				one := next(t, got)
				if one[0] != want[0] {
					t.Errorf("posted to %s, want %s", one[0], want[0])
				}
				sameJSON(t, one[1], string(encode(map[string]any{"incoming_message_id": 1, "prospect_id": 8, "conversation_id": 1,
					"message_content": want[1]})))
			}
		})
	}
}

// TestMaaxAnswersAreInTime has a clock of its own, and a post that only says when it was called.
func TestMaaxAnswersAreInTime(t *testing.T) {
	for _, after := range []time.Duration{0, 3 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := built(t, Options{MaaxAnswerAfter: after})
			defer s.Close()
			began := time.Now()
			var mu sync.Mutex
			var at []time.Duration
			s.answers.post = func(ctx context.Context, address string, _ []byte) error {
				mu.Lock()
				defer mu.Unlock()
				at = append(at, time.Since(began))
				if deadline, bounded := ctx.Deadline(); !bounded || time.Until(deadline) != answerTimeout {
					t.Errorf("a post may last until %s", deadline)
				}
				if strings.Contains(address, "answer") {
					return errors.New("refused") // once is all that it is tried, and the follow-up still comes
				}
				return nil
			}
			s.do(Maax, "POST", maaxPath, maaxWith("send_response_url", `"http://localhost/answer"`, "followup_url", `"http://[::1]:9/follow"`))
			time.Sleep(time.Minute)
			synctest.Wait()
			want := after
			if want == 0 {
				want = 100 * time.Millisecond
			}
			if !slices.Equal(at, []time.Duration{want, 2 * want}) {
				t.Errorf("after %s: posted at %s", after, at)
			}
			if p, f := s.answers.posted.Load(), s.answers.failed.Load(); p != 1 || f != 1 {
				t.Errorf("posted %d, failed %d", p, f)
			}
		})
	}
}

func TestMaaxAnswersThisMachineOnly(t *testing.T) {
	for address, want := range map[string]bool{
		"http://127.0.0.1/x": true, "http://127.9.8.7:99": true, "https://localhost:1": true, "http://LOCALHOST": true,
		"http://[::1]:1/": true, "http://[::ffff:127.0.0.1]/": true, "http://user@127.0.0.1/": true,
		"http://example.com": false, "http://192.0.2.1": false, "http://10.0.0.1": false, "http://0.0.0.0": false, "http://[::]": false,
		"http://localhost.example.com": false, "http://127.0.0.1.example.com": false, "http://127.0.0.1@example.com/": false,
		"http://example.com#127.0.0.1": false, "http://2130706433": false, "http://127.1": false, "http://0x7f.0.0.1": false,
		"http://169.254.169.254/": false, "http://[fe80::1%25lo]/": false, "http://localhost.": false, ":": false,
	} {
		if got := isLocal(address); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{})
		defer s.Close()
		var posted []string
		s.answers.post = func(_ context.Context, address string, _ []byte) error {
			posted = append(posted, address)
			return nil
		}
		s.do(Maax, "POST", maaxPath, maaxHi) // neither is here
		s.do(Maax, "POST", maaxPath, maaxWith("send_response_url", `"http://192.0.2.1/a"`, "followup_url", `"http://127.0.0.1/b"`))
		time.Sleep(time.Second)
		synctest.Wait()
		if !slices.Equal(posted, []string{"http://127.0.0.1/b"}) || s.answers.kept.Load() != 3 || s.Count(Maax) != 2 {
			t.Errorf("posted %v, kept %d", posted, s.answers.kept.Load())
		}
	})
}

// TestDialLocalRefuses is the second wall: the client itself reaches nothing else, and follows nobody elsewhere.
func TestDialLocalRefuses(t *testing.T) {
	post := postLocally(localClient())
	for _, address := range []string{"http://192.0.2.1:9/", "http://example.com/", "http://0.0.0.0:9/"} {
		if err := post(t.Context(), address, nil); !errors.Is(err, errNotLocal) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := dialLocal(t.Context(), "tcp", "nothing"); err == nil {
		t.Error("an address without a port was dialled")
	}
	t.Setenv("HTTP_PROXY", "http://192.0.2.1:9")
	var asked atomic.Int64
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer target.Close()
	for _, status := range []int{302, 307, 308, 500, 404} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", target.URL)
			w.WriteHeader(status)
		}))
		byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
		if err := post(t.Context(), byName, nil); err == nil || err.Error() != fmt.Sprint("answered ", status) {
			t.Errorf("%d: %v", status, err)
		}
		server.Close()
	}
	if asked.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

// TestEndlessAnswerIsCut gets an answer without an end: only so much of it is read.
func TestEndlessAnswerIsCut(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := postLocally(localClient())(ctx, server.URL, []byte("{}")); err != nil || ctx.Err() != nil {
		t.Error(err, ctx.Err())
	}
}

func TestMaaxAnswersAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{NoLimits: true})
		defer s.Close()
		var posted atomic.Int64
		s.answers.post = func(context.Context, string, []byte) error { posted.Add(1); return nil }
		body := maaxWith("send_response_url", `"http://127.0.0.1/a"`, "followup_url", `"http://127.0.0.1/b"`)
		for range answersMost + 5 {
			if w := s.do(Maax, "POST", maaxPath, body); w.Code != 200 {
				t.Fatal(w.Body)
			}
		}
		time.Sleep(time.Second)
		synctest.Wait()
		s.do(Maax, "POST", maaxPath, body) // there is room again
		time.Sleep(time.Second)
		synctest.Wait()
		if got := posted.Load(); got != 2*(answersMost+1) || s.answers.kept.Load() != 10 {
			t.Errorf("posted %d, kept %d", got, s.answers.kept.Load())
		}
	})
}

func TestMaaxAnswerQuotesTheBeginning(t *testing.T) {
	q := question{text: strings.Repeat("ü", 5000), plain: true}
	var got struct {
		Content string `json:"message_content"`
	}
	if err := json.Unmarshal(q.answer("%s"), &got); err != nil {
		t.Fatal(err)
	}
	if got.Content != strings.Repeat("ü", 1000) {
		t.Errorf("%d bytes", len(got.Content))
	}
	if s := beginning("ab", 2); s != "ab" {
		t.Errorf("%q", s)
	}
}

// TestCloseEndsAnswers closes while answers wait and while one hangs in its post: no goroutine and no post is left.
func TestCloseEndsAnswers(t *testing.T) {
	for name, after := range map[string]time.Duration{"waiting": maxWait, "posting": time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			s, err := Start(Options{MaaxAnswerAfter: after})
			if err != nil {
				t.Fatal(err)
			}
			address := fmt.Sprintf("%q", "http://"+l.Addr().String()) // takes connections and never answers
			body := maaxWith("send_response_url", address, "followup_url", address)
			for range 20 {
				expectCode(t, s.do(Maax, "POST", maaxPath, body), 200)
			}
			if name == "posting" {
				conn, err := l.Accept()
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
			}
			began := time.Now()
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > answerTimeout/2 {
				t.Errorf("Close took %s", took)
			}
			expectCode(t, s.do(Maax, "POST", maaxPath, body), 200) // a request that was under way: nothing is posted any more
			l.Close()
			if got := s.answers.posted.Load(); got != 0 {
				t.Errorf("posted %d", got)
			}
			failed, kept := s.answers.failed.Load(), s.answers.kept.Load()
			if failed+kept != 42 || (failed == 0) != (name == "waiting") {
				t.Errorf("of 42 posts, %d failed and %d were not tried", failed, kept)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			for runtime.NumGoroutine() > before && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
			if got := runtime.NumGoroutine(); got > before {
				stacks := make([]byte, 1<<16)
				t.Errorf("%d goroutines, %d before:\n%s", got, before, stacks[:runtime.Stack(stacks, true)])
			}
		})
	}
}

func expectCode(t *testing.T, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Errorf("got %d %s, want %d", w.Code, w.Body, status)
	}
}
