package cli

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

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
	return ledgerOptionsOf(s.campaign, s.box != nil, anew)
}

func ledgerOptionsOf(c *spec.Campaign, rehearsal, anew bool) state.Options {
	o := state.Options{Version: Version, Create: true, NewLedger: anew}
	if !rehearsal {
		path := ledgerPath(c, false)
		o.Lineage = c.Settings.Lineage
		o.Marker = filepath.Join(filepath.Dir(path), ".herald", filepath.Base(path)+".seen")
	}
	return o
}

// expectLedger refuses to go on when the ledger that the campaign means is not there. Reading may go on without one
// that only a note remembers: it warns.
func (s *session) expectLedger(v view, writing, anew bool) error {
	return expectLedger(v, s.ledger, s.ledgerOptions(anew), writing)
}

func expectLedger(v view, path string, o state.Options, writing bool) error {
	if name, yes := state.OnNetwork(path); yes {
		v.warn("The ledger lies on " + name + ", a network file system, where locks and flushes cannot be relied on: " + path)
	}
	err := state.Expect(path, o)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = errors.New(strings.TrimSuffix(err.Error(), ": "+fs.ErrNotExist.Error())) // it was said in words
	if writing || o.Lineage != "" {
		return err
	}
	v.warn(err.Error())
	return nil
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
