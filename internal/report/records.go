package report

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"herald/state"
)

// Record is one send as the ledger has it.
type Record struct {
	Address    string     `json:"address"`
	State      string     `json:"state"`
	Account    string     `json:"account"`
	At         time.Time  `json:"at"`
	ProviderID string     `json:"provider_id,omitempty"`
	Status     string     `json:"status,omitempty"`
	ProviderAt *time.Time `json:"provider_at,omitempty"`
	Attempts   int        `json:"attempts"`
	Reason     string     `json:"reason,omitempty"`
	Run        int64      `json:"run"`
	DecidedBy  string     `json:"decided_by,omitempty"`
	Delivered  *time.Time `json:"delivered,omitempty"`
	Read       *time.Time `json:"read,omitempty"`
	Failed     *time.Time `json:"failed,omitempty"`
	Replied    *time.Time `json:"replied,omitempty"`
	Reply      string     `json:"reply,omitempty"`
	FailedWhy  string     `json:"failed_reason,omitempty"`
}

// AddReceipt adds what became of the message.
func (m *Record) AddReceipt(r state.Receipt) {
	m.Delivered, m.Read, m.Failed, m.Replied = instant(r.Delivered), instant(r.Read), instant(r.Failed), instant(r.Replied)
	m.Reply, m.FailedWhy = r.Reply, r.Reason
}

// NewRecord makes the model of a ledger's record.
func NewRecord(r state.Record) Record {
	m := Record{
		Address: r.Send.String(), State: r.State.String(), Account: r.Account, At: r.At.UTC(), ProviderID: r.ProviderID,
		Status: r.Status, Attempts: r.Attempts, Reason: r.Reason, Run: r.Run, DecidedBy: r.DecidedBy,
	}
	m.ProviderAt = instant(r.ProviderAt)
	return m
}

// Text prints a record as a page.
func (m Record) Text(w io.Writer, s Style) {
	fmt.Fprintln(w, s.paint(bold, m.Address))
	rows := [][]string{{"state", m.State}, {"account", m.Account}, {"at", m.At.Format(time.RFC3339)}}
	optional := func(name, value string) {
		if value != "" {
			rows = append(rows, []string{name, Escape(value)})
		}
	}
	optional("provider's id", m.ProviderID)
	optional("provider's word", m.Status)
	if m.ProviderAt != nil {
		optional("provider's time", m.ProviderAt.Format(time.RFC3339))
	}
	optional("reason", m.Reason)
	for _, fact := range []struct {
		name string
		at   *time.Time
	}{{"delivered", m.Delivered}, {"read", m.Read}, {"failed", m.Failed}, {"replied", m.Replied}} {
		if fact.at != nil {
			optional(fact.name, fact.at.Format(time.RFC3339))
		}
	}
	optional("failed because", m.FailedWhy)
	if m.Reply != "" {
		optional("reply", shorten(m.Reply, 400))
	}
	optional("decided by", m.DecidedBy)
	rows = append(rows, []string{"attempts", strconv.Itoa(m.Attempts)}, []string{"run", strconv.FormatInt(m.Run, 10)})
	writeColumns(w, "  ", rows)
}
