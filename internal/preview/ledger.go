package preview

import (
	_ "embed"
	"html/template"
	"io"
	"slices"

	"herald/internal/report"
)

//go:embed ledger.tmpl
var ledgerSource string

var ledgerTemplate = template.Must(template.Must(pageTemplate.Clone()).New("ledger").Parse(ledgerSource))

// ledgerPolicy lets the page wear its style; it runs nothing.
var ledgerPolicy = "default-src 'none'; style-src '" + hash(style) + "'; img-src data:; base-uri 'none'; form-action 'none'"

// LedgerPage writes what a campaign has sent as one page of HTML that needs nothing beside it: counts and runs, nobody by
// name but those who ran herald.
func LedgerPage(w io.Writer, campaign string, m report.Ledger) error {
	return ledgerTemplate.Execute(w, newLedgerPage(campaign, m))
}

// ledgerPage is a ledger as it is drawn.
type ledgerPage struct {
	Campaign, Title string
	Policy          template.HTMLAttr
	Style           template.CSS
	Ledger          report.Ledger
	Heads           []string
	Messages        []messageRow
	MoreMessages    int
	Runs            []report.Run // the last one first
	MoreRuns        int
}

// messageRow is what became of one message, in the order of the heads.
type messageRow struct {
	Name   string
	Counts []int
}

func newLedgerPage(campaign string, m report.Ledger) ledgerPage {
	p := ledgerPage{
		Campaign: campaign, Title: "Ledger: " + plain(campaign, longName), Ledger: m,
		Policy: template.HTMLAttr(`content="` + ledgerPolicy + `"`), Style: template.CSS(style),
		Heads: []string{"Sent", "Refused", "In doubt", "Skipped", "Delivered", "Read", "Replied", "Failed"},
	}
	rows, more := bound(m.Messages, maxRows)
	p.MoreMessages = more
	for _, r := range rows {
		p.Messages = append(p.Messages, messageRow{r.Message,
			[]int{r.Sent, r.Refused, r.InDoubt + r.Sending, r.Skipped, r.Delivered, r.Read, r.Replied, r.Failed}})
	}
	newest := slices.Clone(m.Runs)
	slices.Reverse(newest)
	p.Runs, p.MoreRuns = bound(newest, maxRows)
	return p
}
