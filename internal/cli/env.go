package cli

import (
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"herald/internal/report"
	"herald/providers"
)

// env is what commands have of the world around them.
type env struct {
	args     []string
	in       io.Reader
	out, err io.Writer
	dir      string // of -chdir, "" for the working directory
	noColor  bool
	version  bool // of the flag -version
	document bool // the command prints one JSON document, errors too
	stream   bool // the command prints a stream of JSON, errors too
	getenv   func(string) (string, bool)
	now      func() time.Time
	shift    time.Duration // of now from the machine's clock; see clockAt
	still    bool          // now stands still, as in tests: nothing waits for the time to pass
	registry *providers.Registry
}

func newEnv(in io.Reader, out, err io.Writer) *env {
	return &env{in: in, out: out, err: err, getenv: os.LookupEnv, now: time.Now, registry: newRegistry()}
}

// path makes a path of a flag or argument one of this process: relative ones count from -chdir.
func (e *env) path(p string) string {
	if e.dir == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(e.dir, p)
}

// root is the campaign's directory.
func (e *env) root() (string, error) {
	dir := e.dir
	if dir == "" {
		dir = "."
	}
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		return "", fmt.Errorf("-chdir=%s: there is no such directory", dir)
	case err != nil:
		return "", fmt.Errorf("-chdir=%s: %w", dir, err)
	case !info.IsDir():
		return "", fmt.Errorf("-chdir=%s: that is a file; a campaign is a directory", dir)
	}
	return filepath.Abs(dir)
}

// style gives how text to w may look.
func (e *env) style(w io.Writer) report.Style {
	terminal, width := terminalWidth(w)
	return report.Style{Color: report.ColorWanted(terminal, e.noColor, e.getenv), Width: width}
}

// terminalWidth reports whether a stream is a terminal, and its width.
func terminalWidth(stream any) (terminal bool, width int) {
	f, ok := stream.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false, 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 80
	}
	return true, width
}

// who names the person at the keyboard, or the CI job's user.
func (e *env) who() string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		return name
	}
	return name + "@" + host
}

// ciURL is the page of the CI job that runs this, "" outside the CI systems that say so.
func (e *env) ciURL() string {
	get := func(name string) string { v, _ := e.getenv(name); return v }
	if server, repo, run := get("GITHUB_SERVER_URL"), get("GITHUB_REPOSITORY"), get("GITHUB_RUN_ID"); server != "" && run != "" {
		return server + "/" + repo + "/actions/runs/" + run
	}
	for _, name := range []string{"CI_JOB_URL", "BUILD_URL", "CIRCLE_BUILD_URL"} {
		if url := get(name); url != "" {
			return url
		}
	}
	return ""
}

// command is the command line for records: without the values of -var, which may be secrets.
func (e *env) command() string {
	words := []string{"herald"}
	hide := false
	for _, word := range e.args[1:] {
		name, _, valued := strings.Cut(strings.TrimLeft(word, "-"), "=")
		switch {
		case !strings.HasPrefix(word, "-") && len(words) > 1 && words[len(words)-1] == "forget":
			words = append(words, "...") // the key of somebody who wants to be forgotten
		case hide:
			variable, _, _ := strings.Cut(word, "=")
			words, hide = append(words, variable+"=..."), false
		case strings.HasPrefix(word, "-") && name == "var" && valued:
			variable, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimLeft(word, "-"), "var="), "=")
			words = append(words, "-var="+variable+"=...")
		case strings.HasPrefix(word, "-") && name == "var":
			words, hide = append(words, word), true
		default:
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
