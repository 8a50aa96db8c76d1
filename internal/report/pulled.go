package report

import (
	"time"

	"herald/state"
)

// Pulled is a whole ledger as JSON, but for the sends, which follow it one by one.
type Pulled struct {
	FormatVersion string            `json:"format_version"`
	LedgerFormat  int               `json:"ledger_format"`
	Lineage       string            `json:"lineage"`
	Serial        int64             `json:"serial"`
	Created       time.Time         `json:"created"`
	CreatedBy     string            `json:"created_by"`
	WrittenBy     string            `json:"written_by"`
	Runs          []Run             `json:"runs"`
	Definitions   []Definition      `json:"definitions"`
	KeyAttributes map[string]string `json:"key_attributes"`
	Accounts      []Account         `json:"accounts"`
	Decisions     []Decision        `json:"decisions"`
}

// Definition is one version of a message.
type Definition struct {
	Message string `json:"message"`
	Hash    string `json:"hash"`
	Source  string `json:"source"`
}

// Account is what the ledger knows of a provider account.
type Account struct {
	Name       string     `json:"name"`
	LastIntent *time.Time `json:"last_intent,omitempty"`
	MarkerSeen *time.Time `json:"marker_seen,omitempty"`
}

// Decision is what a person said of a send that was in doubt or refused.
type Decision struct {
	Address string    `json:"address"`
	Was     string    `json:"was"`
	Sent    bool      `json:"sent"`
	Who     string    `json:"who"`
	Reason  string    `json:"reason,omitempty"`
	At      time.Time `json:"at"`
}

// NewPulled makes the model.
func NewPulled(info state.Info, runs []state.Run, definitions []state.Definition, keys map[string]string, accounts []state.Account, decisions []state.Resolved) Pulled {
	m := Pulled{
		FormatVersion: "1.0", LedgerFormat: info.Format, Lineage: info.Lineage, Serial: info.Serial, Created: info.Created.UTC(),
		CreatedBy: info.CreatedBy, WrittenBy: info.WrittenBy, KeyAttributes: keys,
		Runs: []Run{}, Definitions: []Definition{}, Accounts: []Account{}, Decisions: []Decision{},
	}
	for _, r := range runs {
		m.Runs = append(m.Runs, NewRun(r))
	}
	for _, d := range definitions {
		m.Definitions = append(m.Definitions, Definition{Message: d.Sequence + "." + d.Message, Hash: d.Hash.String(), Source: d.Source})
	}
	for _, a := range accounts {
		m.Accounts = append(m.Accounts, Account{Name: a.Name, LastIntent: instant(a.LastIntent), MarkerSeen: instant(a.MarkerSeen)})
	}
	for _, d := range decisions {
		m.Decisions = append(m.Decisions, Decision{
			Address: d.Send.String(), Was: d.Was.String(), Sent: d.Sent, Who: d.Who, Reason: d.Reason, At: d.At.UTC(),
		})
	}
	return m
}

// instant gives a time for JSON, nil when there is none.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}
