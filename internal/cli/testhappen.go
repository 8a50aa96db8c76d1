package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"herald/internal/addr"
	"herald/internal/inbox"
	"herald/internal/testfile"
	"herald/providers"
	"herald/providers/sandbox"
	"herald/state"
)

// happen lets happen what a run says happened before it: people read and answer, providers give up.
func (t *trialRun) happen(ctx context.Context, run *testfile.Run) (hcl.Diagnostics, error) {
	if len(run.Replies)+len(run.Reads)+len(run.Failures) == 0 {
		return nil, nil
	}
	records, err := t.records(ctx)
	if err != nil {
		return nil, err
	}
	var diags hcl.Diagnostics
	each := func(h testfile.Happening, happens func(state.Record) error) {
		r, recorded := records[h.To]
		var err error
		switch {
		case !recorded:
			err = fmt.Errorf("%s was not sent, so nothing can become of it: %s", h.To, t.before(ctx, h.To))
		case r.State != state.Sent:
			err = fmt.Errorf("%s is %s, so nothing can become of it", h.To, r.State)
		default:
			err = happens(r)
		}
		if err != nil {
			diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Impossible happening", Detail: sentenceOf(err.Error()), Subject: h.Range.Ptr()})
		}
	}
	for _, reply := range run.Replies {
		each(reply.Happening, func(r state.Record) error { return t.answer(ctx, r, reply.Text) })
	}
	for _, read := range run.Reads {
		each(read, func(r state.Record) error {
			_, err := t.session.box.Read(t.vendor(r), t.conversation(r))
			return err
		})
	}
	for _, failure := range run.Failures {
		each(failure.Happening, func(r state.Record) error {
			_, err := t.session.box.Fail(t.vendor(r), t.conversation(r), failure.Reason)
			return err
		})
	}
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int { return a.Subject.Start.Byte - b.Subject.Start.Byte })
	return diags, nil
}

// before says where a send stands that the ledger does not know.
func (t *trialRun) before(ctx context.Context, send addr.Send) string {
	steps, _, err := t.final(ctx)
	if err != nil {
		return err.Error()
	}
	step, planned := steps[send]
	if !planned {
		return "the message is for nobody of that key"
	}
	return strings.TrimSpace("before this run its state is " + string(step.Action) + ", " + step.Reason)
}

// vendor gives the type of a send's provider.
func (t *trialRun) vendor(r state.Record) string {
	if a := t.session.accounts[r.Account]; a != nil {
		return a.config.Type
	}
	name, _, _ := strings.Cut(r.Account, ".")
	return name
}

// conversation gives the conversation of a send as the sandbox names it.
func (t *trialRun) conversation(r state.Record) string {
	if a := t.session.accounts[r.Account]; a != nil {
		if id, ok := a.config.Settings["account_id"].(int64); ok {
			return fmt.Sprintf("%d/%s", id, r.Place)
		}
	}
	return r.Place
}

// answer lets the person answer a message, or the provider a question.
func (t *trialRun) answer(ctx context.Context, r state.Record, text string) error {
	a := t.session.accounts[r.Account]
	if a == nil {
		return fmt.Errorf("the campaign has no account %s any more", r.Account)
	}
	if a.facts.Verb != providers.Asks {
		return t.session.box.Write(t.vendor(r), t.conversation(r), text)
	}
	// What a vendor posts to a URL of ours is in the inbox before anything else, so the test puts it there.
	body, err := answerBody(a.config.Settings.String("reply_path"), text)
	if err != nil {
		return err
	}
	receiver, ok := a.provider.(providers.Receiver)
	if !ok || len(receiver.Callbacks()) == 0 {
		return fmt.Errorf("%s has no callback with {token}, so nobody hears its answers", r.Account)
	}
	in, err := inbox.Open(ctx, inbox.Beside(t.session.ledger))
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = in.Add(ctx, inbox.Item{At: t.now, Account: r.Account, Callback: receiver.Callbacks()[0].Name, Token: r.Key, Body: body})
	return err
}

// answerBody makes the JSON in which a text is found under a path, such as data.answers[0].text; at the top without one.
func answerBody(path, text string) ([]byte, error) {
	var value any = text
	if path == "" {
		return json.Marshal(value)
	}
	for _, step := range slices.Backward(strings.Split(path, ".")) {
		name, rest, _ := strings.Cut(step, "[")
		indices := strings.Split(strings.TrimSuffix(rest, "]"), "][")
		if rest == "" {
			indices = nil
		}
		for _, index := range slices.Backward(indices) {
			n, err := strconv.Atoi(index)
			if err != nil || n < 0 || n > mostElements {
				return nil, fmt.Errorf("an answer cannot be made for reply_path %s: a test makes lists of up to %d elements", addr.Quote(path), mostElements+1)
			}
			list := make([]any, n+1)
			list[n], value = value, list
		}
		if name != "" {
			value = map[string]any{name: value}
		}
	}
	return json.Marshal(value)
}

// mostElements bounds the lists of an answer, which are empty before the element that counts.
const mostElements = 99

// scriptedFaults is how vendors misbehave during a run.
type scriptedFaults struct {
	mu   sync.Mutex
	left map[string][]sandbox.FaultKind // by vendor, the next first
}

var faultKinds = map[string]sandbox.FaultKind{
	"throttle": sandbox.FaultThrottle, "error": sandbox.FaultError, "drop": sandbox.FaultDropAfter, "cut": sandbox.FaultDropBefore,
	"broken": sandbox.FaultBadJSON,
}

func (f *scriptedFaults) set(faults []testfile.Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left = map[string][]sandbox.FaultKind{}
	for _, one := range faults {
		for range one.Count {
			f.left[one.Provider] = append(f.left[one.Provider], faultKinds[one.Kind])
		}
	}
}

// next gives the fault of one request.
func (f *scriptedFaults) next(vendor string, _ int, r *http.Request) sandbox.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Method != http.MethodPost || len(f.left[vendor]) == 0 {
		return sandbox.Fault{}
	}
	kind := f.left[vendor][0]
	f.left[vendor] = f.left[vendor][1:]
	return sandbox.Fault{Kind: kind}
}
