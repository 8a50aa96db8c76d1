package cli

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"herald/state"
)

func answers(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("give a vendor, a conversation and a text")
	}
	ts.Check(running(ts).Write(args[0], args[1], args[2]))
}

func fails(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("give a vendor and a conversation")
	}
	_, err := running(ts).Fail(args[0], args[1], "the number is gone")
	ts.Check(err)
}

func opens(ts *testscript.TestScript, neg bool, args []string) {
	vendor, want := vendorAndCount(ts, args)
	got := 0
	for _, one := range running(ts).Talks(vendor) {
		got += one.Conversations
		if one.Conversations > 1 {
			ts.Fatalf("%d conversations for %s", one.Conversations, one.Identifier)
		}
	}
	if got != want {
		ts.Fatalf("%d conversations, want %d", got, want)
	}
}

func tokenOf(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("give a name and an address")
	}
	for r, err := range state.Records(context.Background(), ts.MkAbs("herald.state")) {
		ts.Check(err)
		if r.Send.String() == args[1] {
			ts.Setenv(args[0], hex.EncodeToString(r.Key[:]))
			return
		}
	}
	ts.Fatalf("the ledger has no %s", args[1])
}

func port(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer l.Close()
	ts.Setenv(args[0], strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
}

// callsUs makes a call, and waits up to ten seconds for somebody to listen.
func callsUs(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("give a status, a URL and a body")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var answer *http.Response
	for range 200 {
		r, err := http.NewRequest(http.MethodPost, args[1], bytes.NewReader([]byte(args[2])))
		ts.Check(err)
		if len(args) > 3 {
			at := strconv.FormatInt(time.Now().Unix(), 10)
			mac := hmac.New(sha256.New, []byte(args[3]))
			fmt.Fprintf(mac, "%s.%s", at, args[2])
			r.Header.Set("X-Chatwoot-Timestamp", at)
			r.Header.Set("X-Chatwoot-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
			r.Header.Set("X-Chatwoot-Delivery", at)
		}
		if answer, err = http.DefaultClient.Do(r); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if answer == nil {
		ts.Fatalf("nobody listens at %s", args[1])
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != want {
		ts.Fatalf("status %d, want %d: %s", answer.StatusCode, want, body)
	}
}
