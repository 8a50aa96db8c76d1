package crash_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"herald/providers/sandbox"
)

// campaign is some messages to many people through one provider. Each message says who it is for, so that the vendor's
// record tells what it was.
type campaign struct {
	dir    string
	people int
}

// script is what a campaign says, and how it reaches people where that is not as usual.
type script struct {
	setting  string // of the account, beside the usual ones
	address  string // in place of the usual one
	messages string
}

// atOnce is two messages that follow each other without a delay.
const atOnce = `
  message "one" {
    text = "one ${contact.id}"
  }
  message "two" {
    text = "two ${contact.id}"
  }
`

func writeCampaign(tb testing.TB, vendor, addr string, people int, says script) campaign {
	tb.Helper()
	c := campaign{dir: tb.TempDir(), people: people}
	settings := map[string]string{
		sandbox.HeyX:      `token = "writes"`,
		sandbox.Digital99: "api_access_token = \"writes\"\n  account_id = 7",
		sandbox.Chatwoot:  "api_access_token = \"writes\"\n  account_id = 7",
		sandbox.Avaamo:    "access_token = \"writes\"\n  agent_token = \"reads\"\n  bot_id = 7",
		sandbox.Maax:      "api_key = \"writes\"\n  ai_id = 7\n  send_response_url = \"https://hooks.example.com/{token}\"\n  followup_url = \"https://hooks.example.com/{token}\"",
	}[vendor]
	address := map[string]string{
		sandbox.HeyX: `contact_id = contact.id`, sandbox.Digital99: `conversation_id = contact.n`, sandbox.Chatwoot: `conversation_id = contact.n`,
		sandbox.Avaamo: `uuid = contact.id`, sandbox.Maax: `platform = "email"`,
	}[vendor]
	address = cmp.Or(says.address, address)
	hcl := fmt.Sprintf(`
provider "%s" {
  %s
  %s
  base_url = "http://%s/%s"
  limits {
    requests    = 20
    per         = "100ms"
    concurrency = 8
    timeout     = "1s"
    jitter      = "0s"
    stop_after  = 1000
  }
  retry {
    max_attempts = 50
    min_backoff  = "1ms"
    max_backoff  = "20ms"
  }
}
contacts "people" {
  source = "people.csv"
  key    = "id"
  types  = { n = number }
}
conversation "chat" {
  provider = %s
  with     = contacts.people
  %s
}
sequence "crash" {
  conversation = conversation.chat
  %s
}
`, vendor, settings, says.setting, addr, vendor, vendor, address, says.messages)
	var rows strings.Builder
	rows.WriteString("id,n,first_name,email\n")
	for n := 1; n <= people; n++ {
		fmt.Fprintf(&rows, "p%04d,%d,Ada,p%d@example.com\n", n, n, n)
	}
	for name, text := range map[string]string{"campaign.hcl": hcl, "people.csv": rows.String()} {
		if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return c
}

func (c campaign) ledger() string { return filepath.Join(c.dir, "herald.state") }
