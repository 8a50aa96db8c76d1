package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// sandboxed is a running "herald sandbox".
type sandboxed struct {
	cmd  *exec.Cmd
	out  *bufio.Reader
	errs bytes.Buffer
}

// startSandbox runs the command in a process of its own, as its signals are the process's.
func startSandbox(t *testing.T, flags ...string) *sandboxed {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &sandboxed{cmd: &exec.Cmd{Path: self, Args: append([]string{"herald", "sandbox"}, flags...), Dir: t.TempDir()}}
	s.cmd.Stderr = &s.errs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.out = bufio.NewReader(out)
	late := time.AfterFunc(30*time.Second, func() { s.cmd.Process.Kill() })
	t.Cleanup(func() { late.Stop(); s.cmd.Process.Kill(); s.cmd.Wait() })
	return s
}

// end interrupts it and gives the rest of what it prints.
func (s *sandboxed) end(t *testing.T) string {
	t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(s.out)
	if err := s.cmd.Wait(); err != nil || s.errs.Len() > 0 {
		t.Errorf("it ends with %v and %q", err, s.errs.String())
	}
	return string(rest)
}

// look gives the page at an address.
func look(t *testing.T, url string) string {
	t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Fatalf("%d %v %q", resp.StatusCode, err, b)
	}
	return string(b)
}

// The command says where its page is; the page shows what arrives, and the end of the command ends those who follow it.
func TestSandboxPage(t *testing.T) {
	s := startSandbox(t)
	var printed string
	for !strings.Contains(printed, "Ctrl-C") {
		line, err := s.out.ReadString('\n')
		if err != nil {
			t.Fatalf("%v after %q, %q", err, printed, s.errs.String())
		}
		printed += line
	}
	page := regexp.MustCompile(`http://127\.0\.0\.1:\d+/ `).FindString(printed)
	token := regexp.MustCompile(`HEYX_TOKEN=(\w+)`).FindStringSubmatch(printed)
	if page == "" || token == nil {
		t.Fatalf("it prints %q", printed)
	}
	page = strings.TrimSpace(page)
	if html := look(t, page); !strings.Contains(html, "No message has arrived yet.") || strings.Contains(html, token[1]) {
		t.Errorf("at first the page is %s", html)
	}
	r, _ := http.NewRequest("POST", page+"heyx/api/v1/message/sendContent/1776025372480910", strings.NewReader(`{"body":[{"type":"text","text":"Hi <Ada>"}]}`))
	r.Header.Set("Authorization", "Bearer "+token[1])
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	html := look(t, page)
	if !strings.Contains(html, "Hi &lt;Ada&gt;") || !strings.Contains(html, "1776025372480910") {
		t.Errorf("the page is %s", html)
	}
	run := regexp.MustCompile(`data-run="(\w+)"`).FindStringSubmatch(html)
	if run == nil {
		t.Fatal("the page cannot be followed")
	}
	follower, err := http.Get(page + "page/events?after=0&run=" + run[1])
	if err != nil {
		t.Fatal(err)
	}
	defer follower.Body.Close()
	told := ""
	for lines := bufio.NewScanner(follower.Body); !strings.Contains(told, "Hi \\u0026lt;Ada\\u0026gt;"); {
		if !lines.Scan() {
			t.Fatalf("a follower is told %q", told)
		}
		told += lines.Text() + "\n"
	}
	began := time.Now()
	if rest := s.end(t); !strings.Contains(rest, "heyx received 1 message.") {
		t.Errorf("in the end it prints %q", rest)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("with a follower its end takes %s", took)
	}
}

func TestSandboxPageAsJSON(t *testing.T) {
	s := startSandbox(t, "-json")
	var printed struct {
		Page      string
		Emulators []struct {
			BaseURL string `json:"base_url"`
		}
	}
	if err := json.NewDecoder(s.out).Decode(&printed); err != nil {
		t.Fatal(err)
	}
	if len(printed.Emulators) != 5 || !strings.HasPrefix(printed.Emulators[0].BaseURL, printed.Page) {
		t.Fatalf("it prints %+v", printed)
	}
	look(t, printed.Page)
	s.end(t)
}
