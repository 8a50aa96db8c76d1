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
	Messages        []report.MessageStatus
	MoreMessages    int
	Runs            []report.Run // the last one first
	MoreRuns        int
}

func newLedgerPage(campaign string, m report.Ledger) ledgerPage {
	p := ledgerPage{
		Campaign: campaign, Title: "Ledger: " + plain(campaign, longName), Ledger: m,
		Policy: template.HTMLAttr(`content="` + Policy(style, "") + `"`), Style: template.CSS(style),
	}
	p.Messages, p.MoreMessages = bound(m.Messages, maxRows)
	newest := slices.Clone(m.Runs)
	slices.Reverse(newest)
	p.Runs, p.MoreRuns = bound(newest, maxRows)
	return p
}
