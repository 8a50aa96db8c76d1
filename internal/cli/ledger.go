package cli

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"herald/spec"
	"herald/state"
)

// ledgerPath is where a campaign's ledger lies.
func ledgerPath(c *spec.Campaign, rehearsal bool) string {
	if rehearsal {
		return filepath.Join(c.Root, ".herald", "sandbox.state")
	}
	return c.Settings.StatePath
}

// ledgerOptions says which ledger the campaign wants. A rehearsal's may come and go.
func (s *session) ledgerOptions(anew bool) state.Options {
	o := state.Options{Version: Version, Create: true, NewLedger: anew}
	if s.box == nil {
		o.Lineage = s.campaign.Settings.Lineage
		o.Marker = filepath.Join(filepath.Dir(s.ledger), ".herald", filepath.Base(s.ledger)+".seen")
	}
	return o
}

// expectLedger refuses to go on when the ledger that the campaign means is not there. A plan may go on without one that
// only a note remembers: it warns.
func (s *session) expectLedger(v view, writing, anew bool) error {
	if name, yes := state.OnNetwork(s.ledger); yes {
		v.note("Warning: the ledger lies on " + name + ", a network file system, where locks and flushes cannot be relied on: " + s.ledger)
	}
	o := s.ledgerOptions(anew)
	err := state.Expect(s.ledger, o)
	if err != nil && !writing && o.Lineage == "" && errors.Is(err, fs.ErrNotExist) {
		v.note("Warning: " + err.Error())
		return nil
	}
	return err
}

// readLedger reads what was sent so far, and checks that it is the ledger that the campaign means.
func (s *session) readLedger(ctx context.Context) (*state.View, error) {
	known, err := state.Read(ctx, s.ledger)
	if err != nil {
		return nil, err
	}
	return known, s.rightLedger(known)
}

func (s *session) rightLedger(known *state.View) error {
	if !known.Exists {
		return nil
	}
	return state.Another(known.Lineage, s.ledgerOptions(false).Lineage)
}
