package report

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func ledger() Ledger {
	begun := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	runs := []Run{
		{ID: 1, Who: "ada@host", Digest: "ab", Started: begun, Ended: &begun, Finished: true, Sent: 1200, Refused: 4},
		{ID: 2, Who: "<b>@host", Digest: "cd", Started: begun.Add(time.Hour)},
	}
	return Ledger{Status: Status{Exists: true, Ledger: "/home/ada/herald.state", Lineage: "4f`1c", Serial: 7, Messages: []MessageStatus{
		{Message: "renewal.offer", Sent: 1200, Refused: 4, Sending: 1, InDoubt: 2, Delivered: 900, Failed: 3},
	}}, Runs: runs}
}

func TestLedgerMarkdown(t *testing.T) {
	var b bytes.Buffer
	if err := ledger().Markdown(&b, "launch *"); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, part := range []string{
		"<!-- herald-ledger launch &#42; -->\n", "**1,200 sent, 3 not delivered, 4 refused, 3 in doubt.**",
		"| renewal.offer | 1,200 | 4 | 3 | 0 | 900 | 0 | 0 | 3 |", "2 runs, the last one first",
		"- run 2 by " + markdown("<b>@host") + " at 2026-12-01 10:00: cut off\n- run 1 by " + markdown("ada@host"), "Lineage `4f1c`, serial 7.",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q in\n%s", part, got)
		}
	}
	if strings.Contains(got, "/home/ada") {
		t.Error("where the ledger lies is nobody's business")
	}
	b.Reset()
	if err := (Ledger{}).Markdown(&b, "launch"); err != nil || !strings.Contains(b.String(), "nothing was sent") {
		t.Errorf("without a ledger: %v, %s", err, b.String())
	}
}

func TestLedgerMarkdownFits(t *testing.T) {
	m := ledger()
	for range 20000 {
		m.Runs = append(m.Runs, m.Runs[0])
	}
	var b bytes.Buffer
	if err := m.Markdown(&b, "launch"); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); len([]rune(got)) > maxMarkdown || !strings.Contains(got, "</details>") || !strings.Contains(got, "more than fits") || !strings.HasSuffix(got, "serial 7.\n") {
		t.Errorf("%d characters, ends with %q", len(got), got[len(got)-200:])
	}
}
