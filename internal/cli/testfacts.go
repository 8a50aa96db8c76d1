package cli

import (
	"context"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"herald/internal/addr"
	"herald/planner"
	"herald/state"
)

// sendFacts is what a test can ask of one send: sends["renewal.offer"]["ada"].
var sendFacts = map[string]cty.Type{
	"state":     cty.String, // of the ledger; else what the plan would do: send, waits, blocked, expired, passed, ...
	"reason":    cty.String, // of a refusal, a failure, a wait; "" without one
	"text":      cty.String, // as it was sent; null when it was not
	"account":   cty.String,
	"sent_at":   cty.String, // RFC 3339, in UTC; null when it was not sent
	"due":       cty.String, // of what waits, where it is known
	"attempts":  cty.Number,
	"delivered": cty.Bool,
	"read":      cty.Bool,
	"failed":    cty.Bool,
	"replied":   cty.Bool,
	"reply":     cty.String, // null without one
}

// facts gives what the assertions of a run can speak of.
func (t *trialRun) facts(ctx context.Context, r round, code int) (*hcl.EvalContext, error) {
	steps, after, err := t.final(ctx)
	if err != nil {
		return nil, err
	}
	records, err := t.records(ctx)
	if err != nil {
		return nil, err
	}
	known, err := t.session.readLedger(ctx)
	if err != nil {
		return nil, err
	}
	all := map[addr.Message]map[string]cty.Value{}
	for _, seq := range t.session.campaign.Sequences {
		for _, m := range seq.Messages {
			all[addr.Message{Sequence: seq.Name, Name: m.Name}] = map[string]cty.Value{}
		}
	}
	put := func(s addr.Send, v cty.Value) {
		if all[s.Message] == nil {
			all[s.Message] = map[string]cty.Value{}
		}
		all[s.Message][s.Key] = v
	}
	for send, step := range steps {
		if _, recorded := records[send]; !recorded {
			put(send, t.planned(step))
		}
	}
	for send, r := range records {
		receipt, _ := known.Receipt(send)
		put(send, t.recorded(r, receipt))
	}
	sends := map[string]cty.Value{}
	for m, people := range all {
		if len(people) == 0 {
			sends[m.String()] = cty.MapValEmpty(cty.Object(sendFacts))
			continue
		}
		sends[m.String()] = cty.MapVal(people)
	}
	received := map[string]cty.Value{}
	for _, v := range t.session.box.Vendors() {
		received[v.Name] = count(t.session.box.Count(v.Name))
	}
	ctx2 := t.session.campaign.Scope()
	ctx2.Variables = map[string]cty.Value{
		"run":      t.counts(r, after, code),
		"sends":    cty.ObjectVal(sends),
		"received": cty.ObjectVal(received),
	}
	return ctx2, nil
}

// planned says what the plan would do about a send that the ledger does not know.
func (t *trialRun) planned(s planner.Step) cty.Value {
	v := unknownSend()
	v["state"], v["reason"], v["account"] = cty.StringVal(string(s.Action)), cty.StringVal(s.Reason), cty.StringVal(s.Account)
	v["due"] = instantValue(s.Due)
	return cty.ObjectVal(v)
}

// recorded says what the ledger knows of a send.
func (t *trialRun) recorded(r state.Record, receipt state.Receipt) cty.Value {
	v := unknownSend()
	v["state"], v["reason"], v["account"], v["attempts"] = cty.StringVal(r.State.String()), cty.StringVal(r.Reason), cty.StringVal(r.Account), count(r.Attempts)
	if r.State == state.Sent {
		v["sent_at"] = instantValue(r.At)
		if text, ok := t.texts[r.Send]; ok {
			v["text"] = cty.StringVal(text)
		}
	}
	v["delivered"], v["read"] = cty.BoolVal(!receipt.Delivered.IsZero()), cty.BoolVal(!receipt.Read.IsZero())
	if !receipt.Failed.IsZero() && receipt.Reason != "" {
		v["reason"] = cty.StringVal(receipt.Reason)
	}
	v["failed"], v["replied"] = cty.BoolVal(!receipt.Failed.IsZero()), cty.BoolVal(!receipt.Replied.IsZero())
	if !receipt.Replied.IsZero() {
		v["reply"] = cty.StringVal(receipt.Reply)
	}
	return cty.ObjectVal(v)
}

// counts says how the run went, and what waits after it.
func (t *trialRun) counts(r round, after *planner.Plan, code int) cty.Value {
	v := map[string]cty.Value{
		"exit_code": count(code),
		"sent":      count(t.view.ended.Sent), "refused": count(t.view.ended.Refused), "in_doubt": count(t.view.ended.InDoubt),
		"skipped": count(t.view.ended.Skipped), "late": count(t.view.ended.Late), "unsent": count(t.view.ended.Unsent),
		"moved":   count(t.view.ended.Moved),
		"planned": count(0), "waiting": count(0), "expired": count(0), "blocked": count(0), "kept": count(0), "failed": count(0),
		"next": cty.NullVal(cty.String), "now": instantValue(t.now),
	}
	if r.plan != nil {
		v["planned"] = count(r.plan.Sends())
	}
	if after != nil {
		v["waiting"], v["expired"] = count(after.Counts[planner.Waits]), count(after.Counts[planner.Expired])
		v["blocked"], v["kept"] = count(after.Counts[planner.Blocked]), count(after.Counts[planner.Kept])
		v["failed"] = count(after.Counts[planner.Failed])
		v["next"] = instantValue(after.Next)
	}
	left := map[string]cty.Value{planner.LeftExcluded: count(0), planner.LeftInvalid: count(0), planner.LeftUnique: count(0)}
	if after != nil {
		for _, l := range after.LeftOut {
			left[l.Reason] = count(l.Count)
		}
	}
	v["left_out"] = cty.ObjectVal(left)
	var forbidden []string
	for _, f := range t.view.forbidden {
		forbidden = append(forbidden, f.Summary)
	}
	v["forbidden"], v["warnings"] = list(forbidden), list(t.view.warnings)
	return cty.ObjectVal(v)
}

// unknownSend is what is known of a send of which nothing is.
func unknownSend() map[string]cty.Value {
	v := map[string]cty.Value{}
	for name, t := range sendFacts {
		switch t {
		case cty.Bool:
			v[name] = cty.False
		case cty.Number:
			v[name] = count(0)
		default:
			v[name] = cty.NullVal(t)
		}
	}
	return v
}

func count(n int) cty.Value { return cty.NumberIntVal(int64(n)) }

func list(all []string) cty.Value {
	if len(all) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	values := make([]cty.Value, len(all))
	for i, text := range all {
		values[i] = cty.StringVal(text)
	}
	return cty.ListVal(values)
}

func instantValue(at time.Time) cty.Value {
	if at.IsZero() {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(at.UTC().Format(time.RFC3339))
}
