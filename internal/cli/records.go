package cli

import (
	"context"
	"iter"

	"herald/internal/report"
	"herald/state"
)

// records streams what the ledger knows of each send, with what became of it, in the order of addresses.
func records(ctx context.Context, r *state.Reader) iter.Seq2[report.Record, error] {
	return func(yield func(report.Record, error) bool) {
		next, stop := iter.Pull2(r.Receipts(ctx))
		defer stop()
		receipt, err, more := next()
		for record, rerr := range r.Records(ctx) {
			for more && err == nil && receipt.Send.Compare(record.Send) < 0 {
				receipt, err, more = next()
			}
			if rerr == nil && more {
				rerr = err
			}
			m := report.NewRecord(record)
			if more && err == nil && receipt.Send == record.Send {
				m.AddReceipt(receipt)
			}
			if !yield(m, rerr) || rerr != nil {
				return
			}
		}
	}
}
