package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"herald/providers/sandbox"
)

// plays are campaigns that go all the ways that there are.
var plays = map[string]func(*testing.T){
	"first": func(t *testing.T) { // waits, questions, people left out, and no ledger yet
		g := newStage(t, "json", nil)
		for _, example := range []string{"announcement", "renewal"} {
			g.dir = copyDir(t, "../../examples/"+example)
			g.ledger("-sandbox")
			g.sealed(0, "-sandbox")
			g.stream(0, "plan", "-sandbox", "-samples=0", "-now=2026-12-01T00:00:00Z")
		}
	},
	"doubt": func(t *testing.T) { // in doubt, blocked
		g := newStage(t, "doubt", map[string]sandbox.FaultKind{"101": sandbox.FaultDropAfter, "102": sandbox.FaultThrottle})
		g.stream(3, "apply", "-auto-approve")
		g.sealed(0)
		g.ledger()
		g.document(0, "state", "list")
	},
	"decided": func(t *testing.T) { // sent again, taken as sent
		g := newStage(t, "ondoubt", map[string]sandbox.FaultKind{"101": sandbox.FaultDropAfter, "102": sandbox.FaultDropAfter, "103": sandbox.FaultDropAfter})
		g.stream(3, "apply", "-auto-approve")
		g.sealed(0)
		g.stream(3, "apply", "x.plan")
	},
	"refused": func(t *testing.T) {
		g := newStage(t, "refused", nil)
		g.stream(3, "apply", "-auto-approve")
		g.sealed(0)
		g.ledger()
	},
	"changed": func(t *testing.T) { // kept; beyond the limit; a test send
		g := newStage(t, "changes", nil)
		g.sealed(0)
		g.stream(0, "apply", "-auto-approve", "-limit=4")
		g.sealed(2, "-detailed-exitcode", "-var=text=Hello")
		g.write("me.hcl", "contact \"me\" {\n  heyx_id = \"900\"\n}\nconversation \"mine\" {\n  provider = heyx\n  with = contact.me\n  contact_id = contact.heyx_id\n}\n"+
			"sequence \"mine\" {\n  conversation = conversation.mine\n  message \"hello\" {\n    text = \"Hi\"\n  }\n}\n")
		g.run(0, "try", "mine.hello", "-to=contact.me")
		g.ledger()
	},
	"edited": func(t *testing.T) { // edits, renames, and somebody who left
		g := newStage(t, "edits", nil)
		g.stream(0, "apply", "-sandbox", "-auto-approve", "-limit=3")
		g.edit("campaign.hcl", "inserted")
		g.sealed(0, "-sandbox")
		g.edit("campaign.hcl", "renamed")
		g.sealed(0, "-sandbox")
		g.write("people.csv", "id,first_name,heyx_id\nc2,Grace,102\n")
		g.sealed(0, "-sandbox")
	},
	"unusual": func(t *testing.T) { // warnings, also of a plan unlike the runs before it
		g := newStage(t, "edits", nil)
		g.stream(0, "apply", "-sandbox", "-auto-approve", "-limit=1")
		people := "id,first_name,heyx_id\nc1,Ada,101\ntwin,Ada,101\n"
		for i := range 120 {
			people += fmt.Sprintf("n%d,New,%d\n", i, 1000+i)
		}
		g.write("people.csv", people)
		g.sealed(0, "-sandbox")
	},
	"answered": func(t *testing.T) { // skipped, failed, with receipts
		g := newStage(t, "replies", nil)
		g.stream(0, "apply", "-auto-approve")
		if err := g.box.Write("digital99", "7/11", "Yes, please"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2100 * time.Millisecond) // the delay of the page's reminder
		g.sealed(0)
		g.stream(0, "apply", "-auto-approve")
		if _, err := g.box.Fail("digital99", "7/12", "the number is gone"); err != nil {
			t.Fatal(err)
		}
		g.run(3, "refresh")
		g.sealed(0)
		g.ledger()
	},
	"forbidden": func(t *testing.T) {
		g := newStage(t, "policies", nil)
		g.sealed(4, "-sandbox")
		g.stream(4, "apply", "-sandbox", "-auto-approve")
		g.edit("campaign.hcl", "canary")
		g.sealed(0, "-sandbox")
	},
	"wrong": func(t *testing.T) { // errors, warnings, an account that is turned away, a key in two sources
		g := newStage(t, "json", nil)
		g.stream(1, "apply")
		g.stream(1, "plan", "-var=nope=1")
		g.write("more.hcl", "contacts \"more\" {\n  source = \"people.csv\"\n  key = \"id\"\n}\naudience \"all\" {\n  include = [contacts.people, contacts.more]\n}\n"+
			"conversation \"all\" {\n  provider = heyx\n  with = audience.all\n  contact_id = contact.heyx_id\n}\n"+
			"sequence \"all\" {\n  conversation = conversation.all\n  message \"hello\" {\n    text = \"Hi\"\n  }\n}\n")
		g.sealed(0)
		g.write("nope.vars", "nope = 1\n")
		g.stream(0, "plan", "-var-file=nope.vars")
		g.env = append(g.env, "HEYX_TOKEN=another")
		g.stream(3, "apply", "-auto-approve")
		g.edit("campaign.hcl", "broken.txt")
		g.stream(1, "plan")
	},
	"invalid": func(t *testing.T) {
		g := newStage(t, "json", nil)
		g.edit("campaign.hcl", "broken.txt")
		g.document(1, "validate")
	},
	"running": func(t *testing.T) {
		g := newSlowStage(t, "lock", nil, 300*time.Millisecond)
		cmd := exec.CommandContext(t.Context(), "herald", "apply", "-json", "-auto-approve")
		cmd.Dir, cmd.Env = g.dir, g.env
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for range 400 {
			if g.box.Count("heyx") > 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		g.ledger()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
		g.s.lines(t, out.String())
	},
	"listening": func(t *testing.T) {
		g := newStage(t, "listen", nil)
		cmd := exec.CommandContext(t.Context(), "herald", "listen", "-json", "-listen=127.0.0.1:0")
		cmd.Dir, cmd.Env = g.dir, g.env
		pipe, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		lines := bufio.NewScanner(pipe)
		for lines.Scan() {
			out.WriteString(lines.Text() + "\n")
			var line struct {
				Type      string
				Listening struct{ Address string }
			}
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				t.Error(err)
			}
			switch line.Type {
			case "listening":
				answer, err := http.Post("http://"+line.Listening.Address+"/nowhere", "application/json", strings.NewReader("{}"))
				if err != nil {
					t.Fatal(err)
				}
				answer.Body.Close()
			case "received":
				if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
					t.Error(err)
				}
			}
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
		g.s.lines(t, out.String())
	},
	"tests": func(t *testing.T) {
		g := newStage(t, "tests", nil)
		g.edit("right.test.hcl", "right")
		g.edit("wrong.test.hcl", "wrong")
		g.stream(1, "test")
		if err := os.Remove(filepath.Join(g.dir, "wrong.test.hcl")); err != nil {
			t.Fatal(err)
		}
		g.stream(0, "test")
	},
}
