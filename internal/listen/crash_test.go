package listen

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"herald/internal/inbox"
	"herald/providers"
)

// child is the process that is killed: it receives into an inbox until then.
func child(path string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	in, err := inbox.Open(context.Background(), path)
	fail(err)
	s, err := New(Config{
		Receivers: map[string]providers.Receiver{"maax": calls{{Name: "answer", URL: "https://example.com/{token}"}}},
		Known:     func(context.Context, [16]byte, string) (bool, error) { return true, nil },
		Inbox:     in,
	})
	fail(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fail(err)
	fmt.Println(l.Addr())
	fail(s.Serve(context.Background(), l, TLS{}))
}

// What was answered 200 is on the disk, whenever the process is killed.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "herald.inbox")
	told := map[inbox.Token]bool{}
	for range 3 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "HERALD_LISTEN_INBOX="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatalf("%q %v", line, err)
		}
		transport := &http.Transport{MaxIdleConnsPerHost: 32}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 32 {
			wg.Go(func() {
				for {
					var token inbox.Token
					rand.Read(token[:])
					req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("http://%s/%x", line[:len(line)-1], token), text("words"))
					if err != nil {
						t.Error(err)
						return
					}
					resp, err := transport.RoundTrip(req)
					if err != nil {
						return // it was killed
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if resp.StatusCode != 200 {
						t.Errorf("status %d", resp.StatusCode)
						return
					}
					mu.Lock()
					told[token] = true
					mu.Unlock()
				}
			})
		}
		time.Sleep(200 * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		_ = cmd.Wait()
		transport.CloseIdleConnections()
	}
	r, err := inbox.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	kept := map[inbox.Token]bool{}
	for item, err := range r.Items(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if kept[item.Token] || string(item.Body) != "words" {
			t.Errorf("twice, or other words: %+v", item)
		}
		kept[item.Token] = true
	}
	if len(told) < 10 {
		t.Errorf("only %d calls were answered", len(told))
	}
	for token := range told {
		if !kept[token] {
			t.Errorf("%x was answered 200 and is not there", token)
		}
	}
	t.Logf("%d answered, %d kept", len(told), len(kept))
}
