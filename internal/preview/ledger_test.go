package preview_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"herald/internal/preview"
	"herald/internal/report"
)

func ledgerPage(t *testing.T, campaign string, m report.Ledger) string {
	t.Helper()
	var b bytes.Buffer
	if err := preview.LedgerPage(&b, campaign, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLedgerPage(t *testing.T) {
	m := report.Ledger{Status: report.Status{Exists: true, Ledger: "/home/ada/herald.state", Lineage: "4f1c", Serial: 7,
		Messages: []report.MessageStatus{{Message: "renewal.offer", Sent: 1200, Sending: 1, InDoubt: 2, Failed: 3}}},
		Runs: []report.Run{{ID: 1, Who: "<b>ada</b>", Started: noon, Finished: true, Sent: 1200}, {ID: 2, Started: noon, Running: true}, {ID: 3, Started: noon}}}
	got := ledgerPage(t, "spring <i>", m)
	for _, part := range []string{"spring &lt;i&gt;", "1,200 sent, 3 not delivered, 3 in doubt.", "&lt;b&gt;ada&lt;/b&gt;", ">running<", ">cut off<", ">ended<"} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q in\n%s", part, got)
		}
	}
	if strings.Contains(got, "/home/ada") || strings.Contains(got, "<script") {
		t.Error("it shows where the ledger lies, or runs something")
	}
	if first, last := strings.Index(got, `row">3`), strings.Index(got, `row">1<`); first < 0 || last < first {
		t.Error("the last run comes first")
	}
	sum := sha256.Sum256([]byte(regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(got)[1]))
	if !strings.Contains(got, "default-src 'none'; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])) {
		t.Error("the policy does not name what the page wears")
	}
	if empty := ledgerPage(t, "spring", report.Ledger{}); !strings.Contains(empty, "nothing was sent") || strings.Contains(empty, "Lineage") {
		t.Error("an absent ledger reads badly")
	}
}

func TestLedgerPageIsBounded(t *testing.T) {
	m := report.Ledger{Status: report.Status{Exists: true}, Runs: make([]report.Run, 100_000)}
	if got := ledgerPage(t, "spring", m); len(got) > 200_000 || !strings.Contains(got, "99,800 more runs not shown.") {
		t.Errorf("%d bytes", len(got))
	}
}
