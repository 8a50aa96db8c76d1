package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"herald/providers/sandbox"
)

// reader is an open stream.
type reader struct {
	body  io.ReadCloser
	lines *bufio.Reader
}

// told is what an event says.
type told struct {
	Counts map[string]int
	Talks  map[string]string
	Items  []struct {
		Talk    string
		Message bool
		HTML    string
	}
}

// follow opens a stream of what comes after an arrival.
func follow(t testing.TB, box *sandbox.Sandbox, after int) reader {
	t.Helper()
	name, _ := run(t, box)
	r, status := dial(t, address(box, fmt.Sprintf("/page/events?run=%s&after=%d", name, after)), "")
	if status != http.StatusOK {
		t.Fatalf("the stream answers %d", status)
	}
	return r
}

func dial(t testing.TB, url, last string) (reader, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	client := http.Client{Transport: &http.Transport{}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close(); client.CloseIdleConnections() })
	return reader{resp.Body, bufio.NewReader(resp.Body)}, resp.StatusCode
}

// event gives the next event: its name, id and data.
func (r reader) event() (name, id, data string, err error) {
	for {
		line, err := r.lines.ReadString('\n')
		if err != nil {
			return "", "", "", err
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "event":
			name = value
		case "id":
			id = value
		case "data":
			data = value
		case "":
			if data != "" {
				return name, id, data, nil
			}
		}
	}
}

func (r reader) batch(t testing.TB) told {
	t.Helper()
	name, _, data, err := r.event()
	if err != nil || name != "arrived" {
		t.Fatalf("event %q: %v", name, err)
	}
	var b told
	if err := json.Unmarshal([]byte(data), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// A stream tells of what comes after the page, from where it was left when it is opened again.
func TestStream(t *testing.T) {
	box, page := both(t, sandbox.Options{})
	page.Observe(text("ada", "before"))
	r := follow(t, box, 1)
	if b := r.batch(t); len(b.Items) != 0 || b.Counts["heyx"] != 1 {
		t.Errorf("at first %+v", b)
	}
	page.Observe(text("ada", "after"))
	b := r.batch(t)
	if len(b.Items) != 1 || !strings.Contains(b.Items[0].HTML, "after") || b.Counts["heyx"] != 2 || !strings.Contains(b.Talks[b.Items[0].Talk], "ada") || !b.Items[0].Message {
		t.Errorf("then %+v", b)
	}
	name, _ := run(t, box)
	again, _ := dial(t, address(box, "/page/events?after=1&run="+name), "2")
	if _, id, data, _ := again.event(); id != "2" || strings.Contains(data, "after") {
		t.Errorf("again from 2: id %s %s", id, data)
	}
	other, _ := dial(t, address(box, "/page/events?after=7&run=other"), "")
	if name, _, _, err := other.event(); name != "anew" {
		t.Errorf("a reader of another run is told %q %v", name, err)
	}
	if _, _, _, err := other.event(); err != io.EOF {
		t.Errorf("its stream goes on: %v", err)
	}
}

// What happens in a conversation comes into it, as its messages named it.
func TestWitnessed(t *testing.T) {
	box := started(t, sandbox.Options{NoLimits: true})
	all := senders(t, box)
	c := contents("Tea?")["question"]
	last(t, box, sandbox.Digital99, all[sandbox.Digital99], c, nil)
	last(t, box, sandbox.Avaamo, all[sandbox.Avaamo], c, nil)
	const person = "1faa40c8253e65aa02bfd02fd8643d35"
	for _, do := range []func() error{
		func() error { _, err := box.Deliver(sandbox.Digital99, "7/1042"); return err },
		func() error { _, err := box.Read(sandbox.Digital99, "7/1042"); return err },
		func() error { _, err := box.Read(sandbox.Digital99, "7/1042"); return err }, // nothing is new
		func() error { return box.Choose(sandbox.Digital99, "7/1042", "Green") },
		func() error { return box.Write(sandbox.Avaamo, person, "Black, please") },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	if err := box.Write(sandbox.Avaamo, "", "nobody"); err == nil {
		t.Error("nobody can write")
	}
	b := follow(t, box, 2).batch(t)
	var notes []string
	for _, i := range b.Items {
		for _, note := range []string{"delivered", "read", "failed", "answered"} {
			if strings.Contains(i.HTML, "· <span dir=\"auto\">"+note) {
				notes = append(notes, note)
			}
		}
		if i.Message {
			t.Errorf("counted as a message: %s", i.HTML)
		}
	}
	if got := strings.Join(notes, " "); got != "delivered read answered answered" {
		t.Errorf("it tells of %s", got)
	}
	if len(b.Talks) != 2 || !strings.Contains(b.Items[2].HTML, "Green") || !strings.Contains(b.Items[3].HTML, "Black, please") {
		t.Errorf("%+v", b)
	}
	for _, frame := range b.Talks {
		if !strings.Contains(frame, "account") {
			t.Errorf("a conversation lost its account: %s", frame)
		}
	}
}

// So many pages are told, no more, and one that goes makes room.
func TestStreamsAreBounded(t *testing.T) {
	box := started(t, sandbox.Options{})
	name, _ := run(t, box)
	url := address(box, "/page/events?after=0&run="+name)
	var all []reader
	for range 16 {
		r, status := dial(t, url, "")
		if status != http.StatusOK {
			t.Fatalf("stream %d: %d", len(all), status)
		}
		all = append(all, r)
	}
	if _, status := dial(t, url, ""); status != http.StatusServiceUnavailable {
		t.Errorf("one more: %d", status)
	}
	all[0].body.Close()
	for range 100 {
		if _, status := dial(t, url, ""); status == http.StatusOK {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("one that has gone makes no room")
}

// A stream ends with the sandbox, at once: also that of a reader who does not read, who holds up nobody before.
func TestStuckReader(t *testing.T) {
	box, page := both(t, sandbox.Options{NoLimits: true})
	name, _ := run(t, box)
	conn, err := net.Dial("tcp", box.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.(*net.TCPConn).SetReadBuffer(4096)
	fmt.Fprintf(conn, "GET /page/events?after=0&run=%s HTTP/1.1\r\nHost: %s\r\n\r\n", name, box.Addr())
	quick := follow(t, box, 0)
	longest := time.Duration(0)
	for i := range 40 {
		began := time.Now()
		page.Observe(text("ada", fmt.Sprint(i, strings.Repeat("x", 1<<18))))
		longest = max(longest, time.Since(began))
		time.Sleep(20 * time.Millisecond)
	}
	if longest > time.Second { // a write that is stuck is so for ten
		t.Errorf("an emulator was held up for %s", longest)
	}
	if problem := senders(t, box)[sandbox.HeyX].send(t, contents("Hi")["text"], nil); problem != "" {
		t.Error(problem)
	}
	for { // the other reader hears of it
		if b := quick.batch(t); b.Counts["heyx"] == 41 {
			break
		}
	}
	began := time.Now()
	if err := box.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("closing took %s", took)
	}
	for {
		if _, _, _, err := quick.event(); err != nil {
			break // the stream has ended
		}
	}
}
