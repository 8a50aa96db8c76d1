package executor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// outcomes of scripts
var (
	accepted     = providers.Outcome{Class: providers.Accepted, HTTP: 200, ID: "id"}
	refused      = providers.Outcome{Class: providers.Refused, HTTP: 404, Reason: "no such person"}
	accountError = providers.Outcome{Class: providers.AccountError, HTTP: 401, Reason: "bad token"}
	throttled    = providers.Outcome{Class: providers.Throttled, HTTP: 429, Reason: "slow down"}
	notSent      = providers.Outcome{Class: providers.NotSent, Reason: "connection refused"}
	unknown      = providers.Outcome{Class: providers.Unknown, HTTP: 502, Reason: "bad gateway"}
	broken       = providers.Outcome{Class: providers.Unknown, HTTP: 500, Reason: "it broke"}
)

// fakeLedger keeps rows in memory and notes every move that is not legal.
type fakeLedger struct {
	mu      sync.Mutex
	rows    map[addr.Send]state.State
	open    map[addr.Send]state.Intent
	doubts  map[addr.Send]state.Intent
	sent    map[addr.Send]state.Intent
	results map[addr.Send]state.Result
	rooms   map[room]state.Opened
	intents []state.Intent
	asks    []time.Time // as Attempted was told
	keys    map[[16]byte]bool
	wrong   []string

	latency time.Duration        // told
	takes   func() time.Duration // really, asked one at a time; nil for latency
	fail    func(write int) error
	mistake func(state.Intent) error // of the intent of a turn alone; nil for none
	writes  int
	turns   int // writes that closed one intent and opened another

	mostOpen map[string]int // by account, at any instant
}

func newLedger() *fakeLedger {
	return &fakeLedger{
		rows: map[addr.Send]state.State{}, open: map[addr.Send]state.Intent{}, doubts: map[addr.Send]state.Intent{},
		sent: map[addr.Send]state.Intent{}, results: map[addr.Send]state.Result{}, keys: map[[16]byte]bool{},
		mostOpen: map[string]int{}, rooms: map[room]state.Opened{},
	}
}

// room is a conversation.
type room struct{ account, name string }

func (f *fakeLedger) CommitLatency() time.Duration { return f.latency }

func (f *fakeLedger) commit(ctx context.Context) error {
	f.mu.Lock()
	d := f.latency
	if f.takes != nil {
		d = f.takes()
	}
	f.mu.Unlock()
	time.Sleep(d)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writes++
	if f.fail != nil {
		if err := f.fail(f.writes); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (f *fakeLedger) wrongf(format string, args ...any) {
	f.wrong = append(f.wrong, fmt.Sprintf(format, args...))
}

func (f *fakeLedger) Intend(ctx context.Context, i state.Intent) error {
	if err := f.commit(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.intend(i)
	return nil
}

func (f *fakeLedger) intend(i state.Intent) {
	if st := f.rows[i.Send]; st != state.Untried && !(st == state.InDoubt && i.FromDoubt) {
		f.wrongf("intent for %s, which is %s", i.Send, st)
	}
	delete(f.doubts, i.Send)
	if f.keys[i.Key] {
		f.wrongf("key of %s used twice", i.Send)
	}
	if i.Attempt < 1 || i.Account == "" || i.At.IsZero() {
		f.wrongf("intent for %s lacks something: %+v", i.Send, i)
	}
	f.keys[i.Key] = true
	f.rows[i.Send] = state.Sending
	f.open[i.Send] = i
	f.intents = append(f.intents, i)
	f.mostOpen[i.Account] = max(f.mostOpen[i.Account], f.openOf(i.Account))
}

// openOf says how many intents of an account are open.
func (f *fakeLedger) openOf(account string) (n int) {
	for _, i := range f.open {
		if i.Account == account {
			n++
		}
	}
	return n
}

func (f *fakeLedger) Record(ctx context.Context, r state.Result) error {
	if err := f.commit(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.record(r)
	return nil
}

func (f *fakeLedger) Turn(ctx context.Context, r state.Result, i state.Intent) (recorded, intended error) {
	if err := f.commit(ctx); err != nil {
		return err, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turns++
	f.record(r)
	if f.mistake != nil {
		if err := f.mistake(i); err != nil {
			return nil, err
		}
	}
	f.intend(i)
	return nil, nil
}

// doubt lays down a send that an earlier run left in doubt.
func (f *fakeLedger) doubt(q Question) {
	f.rows[q.Send] = state.InDoubt
	f.doubts[q.Send] = state.Intent{Send: q.Send, Content: q.Content, Destination: q.Destination, Key: q.Key, At: q.At}
}

func (f *fakeLedger) Attempted(ctx context.Context, account string, at time.Time) error {
	if err := f.commit(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asks = append(f.asks, at)
	return nil
}

func (f *fakeLedger) Alike(ctx context.Context, s addr.Send, content, destination state.Hash, since time.Time) (n int, err error) {
	if err := f.commit(ctx); err != nil {
		return 0, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	same := func(i state.Intent) bool {
		return i.Send != s && !content.IsZero() && i.Content == content && i.Destination == destination
	}
	for _, i := range f.open {
		if same(i) {
			n++
		}
	}
	for _, i := range f.doubts {
		if same(i) {
			n++
		}
	}
	for _, i := range f.sent {
		if same(i) && !f.results[i.Send].At.Before(since) {
			n++
		}
	}
	return n, nil
}

func (f *fakeLedger) Place(account, name string) (state.Opened, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, ok := f.rooms[room{account, name}]
	return o, ok
}

func (f *fakeLedger) Opening(ctx context.Context, o state.Opened) (state.Opened, error) {
	if err := f.commit(ctx); err != nil {
		return state.Opened{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if o.Account == "" || o.Name == "" || o.Person == "" || o.Key == [16]byte{} || o.Begun.IsZero() {
		f.wrongf("an opening lacks something: %+v", o)
	}
	had, known := f.rooms[room{o.Account, o.Name}]
	now := had
	if now.Tried = o.Begun; !known {
		now, had = o, o
		now.Tried = o.Begun
	}
	f.rooms[room{o.Account, o.Name}] = now
	return had, nil
}

func (f *fakeLedger) Opened(ctx context.Context, o state.Opened) error {
	if err := f.commit(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	had, known := f.rooms[room{o.Account, o.Name}]
	if !known || had.Key != o.Key || o.Place == "" || had.Place != "" {
		f.wrongf("%s was opened at %q, but the ledger has %+v", o.Name, o.Place, had)
	}
	had.Place = o.Place
	f.rooms[room{o.Account, o.Name}] = had
	return nil
}

func (f *fakeLedger) record(r state.Result) {
	i, open := f.open[r.Send]
	st := f.rows[r.Send]
	if st == state.InDoubt {
		i = f.doubts[r.Send]
		if r.State == state.Refused {
			f.wrongf("a look-up refused %s", r.Send)
		}
	} else if !open || st != state.Sending {
		f.wrongf("outcome %s for %s, which is %s", r.State, r.Send, st)
	}
	if r.At.IsZero() {
		f.wrongf("outcome %s for %s came at no time", r.State, r.Send)
	}
	delete(f.doubts, r.Send)
	switch r.State {
	case state.InDoubt:
		f.doubts[r.Send] = i
	case state.Sent:
		f.sent[r.Send] = i
	}
	switch r.State {
	case state.Untried, state.Sent, state.Refused, state.InDoubt:
	default:
		f.wrongf("outcome %s for %s", r.State, r.Send)
	}
	delete(f.open, r.Send)
	f.rows[r.Send] = r.State
	f.results[r.Send] = r
}

func (f *fakeLedger) state(s addr.Send) state.State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rows[s]
}

// count says how many rows are in each state; rows that went back are none.
func (f *fakeLedger) count(st state.State) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, have := range f.rows {
		if have == st {
			n++
		}
	}
	return n
}

// fakeProvider answers as its script says, and checks at every call what must hold then. One may serve all lanes.
type fakeProvider struct {
	ledger *fakeLedger
	script func(s addr.Send, call int) providers.Outcome // asked one at a time; nil: accepted
	delay  func() time.Duration                          // of the answer; nil: none
	dial   func() time.Duration                          // before the request begins; nil: no connection is told of
	travel func() time.Duration                          // to the server; nil: none

	opens func(name string, call int) opens // asked one at a time; nil: it opens
	shift time.Duration                     // of the run's clock

	mu       sync.Mutex
	plan     map[addr.Send]planner.Step
	rooms    map[string][]madeRoom
	opening  map[string]int // calls
	calls    map[addr.Send]int
	final    map[addr.Send]bool
	arrived  []time.Time
	inFlight int
	most     int
	wrong    []string
}

func newProvider(l *fakeLedger, steps ...planner.Step) *fakeProvider {
	p := &fakeProvider{ledger: l, rooms: map[string][]madeRoom{}, opening: map[string]int{}, plan: map[addr.Send]planner.Step{}, calls: map[addr.Send]int{}, final: map[addr.Send]bool{}}
	for _, s := range steps {
		p.plan[s.Send] = s
	}
	return p
}

func (p *fakeProvider) Render(providers.Message) (providers.Request, []providers.Problem) {
	return providers.Request{}, nil
}
func (p *fakeProvider) Close() {}

func (p *fakeProvider) Send(ctx context.Context, r providers.Request, key providers.Key) providers.Outcome {
	send := p.sendOf(r)
	out := p.answer(ctx, send, r, key)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inFlight--
	switch out.Class {
	case providers.Throttled, providers.NotSent, providers.AccountError:
	default:
		p.final[send] = true
	}
	return out
}

// sendOf knows a send by its request, which goes to the right conversation.
func (p *fakeProvider) sendOf(r providers.Request) addr.Send {
	path := r.Path
	if r.Place != "" {
		path = strings.TrimPrefix(path, url.PathEscape(r.Place)+"/")
	}
	send, err := addr.ParseSend(path)
	if err != nil || r.Opening != nil {
		panic(fmt.Sprintf("%+v: %v", r, err))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if o := p.plan[send].Request.Opening; o != nil && (len(p.rooms[o.Name]) == 0 || p.rooms[o.Name][0].place != r.Place) {
		p.wrong = append(p.wrong, fmt.Sprintf("%s went to %s", send, r.Place))
	}
	return send
}

func (p *fakeProvider) answer(ctx context.Context, send addr.Send, r providers.Request, key providers.Key) providers.Outcome {
	p.ledger.mu.Lock()
	intent, durable := p.ledger.open[send]
	need := p.plan[send].Needs.Message
	before := p.ledger.rows[addr.Send{Message: addr.Message{Sequence: send.Sequence, Name: need}, Key: send.Key}]
	p.ledger.mu.Unlock()

	p.mu.Lock()
	if !durable || intent.Key != key {
		p.wrong = append(p.wrong, "call without its durable intent: "+send.String())
	}
	if end := p.plan[send].NotAfter; !end.IsZero() && !time.Now().Add(p.shift).Before(end) {
		p.wrong = append(p.wrong, fmt.Sprintf("%s was called %s too late", send, time.Since(end)+p.shift))
	}
	if intent.Place != r.Place || intent.Awaited != r.Awaited {
		p.wrong = append(p.wrong, fmt.Sprintf("%s goes to %q, its intent to %q", send, r.Place, intent.Place))
	}
	if need != "" && before != state.Sent {
		p.wrong = append(p.wrong, fmt.Sprintf("%s was called while %s is %s", send, need, before))
	}
	if p.final[send] {
		p.wrong = append(p.wrong, send.String()+" was called after its final answer")
	}
	p.calls[send]++
	call := p.calls[send]
	p.inFlight++
	p.most = max(p.most, p.inFlight)
	out := accepted
	if p.script != nil {
		out = p.script(send, call)
	}
	p.mu.Unlock()
	cut := providers.Outcome{Class: providers.Unknown, Reason: "cut off"}
	if p.dial != nil {
		if sleep(ctx, p.dial()) != nil || out.Class == providers.NotSent {
			return notSent
		}
		if t := httptrace.ContextClientTrace(ctx); t != nil && t.GotConn != nil {
			t.GotConn(httptrace.GotConnInfo{})
		}
	}
	if p.travel != nil && sleep(ctx, p.travel()) != nil {
		return cut
	}
	if out.Class != providers.NotSent {
		p.mu.Lock()
		p.arrived = append(p.arrived, time.Now())
		p.mu.Unlock()
	}
	if p.delay != nil && sleep(ctx, p.delay()) != nil {
		return cut
	}
	return out
}

// opens is what becomes of an attempt to open a conversation that is not there.
type opens struct {
	out     providers.Outcome
	made    bool          // though out does not say so
	visible time.Duration // after
}

// madeRoom is a conversation at the vendor.
type madeRoom struct {
	key     providers.Key
	place   string
	visible time.Time
}

// Open looks for the conversation in one request, and makes it in another.
func (p *fakeProvider) Open(ctx context.Context, o providers.OpenAttempt, turn func(context.Context) error) providers.Opened {
	p.ledger.mu.Lock()
	durable := false
	for r, row := range p.ledger.rooms {
		durable = durable || r.name == o.Name && row.Key == o.Key && row.Place == "" && row.Begun.Equal(o.Begun)
	}
	p.ledger.mu.Unlock()
	failed := func(class providers.Class, why string) providers.Opened {
		return providers.Opened{Outcome: providers.Outcome{Class: class, Reason: why}}
	}
	if err := turn(ctx); err != nil {
		return failed(providers.NotSent, err.Error())
	}
	p.mu.Lock()
	p.arrived = append(p.arrived, time.Now())
	p.opening[o.Name]++
	a := opens{out: accepted}
	if p.opens != nil {
		a = p.opens(o.Name, p.opening[o.Name])
	}
	if !durable {
		p.wrong = append(p.wrong, o.Name+" was opened without the ledger knowing")
	}
	for _, r := range p.rooms[o.Name] {
		if r.key == o.Key && !r.visible.After(time.Now()) {
			p.mu.Unlock()
			return providers.Opened{Outcome: accepted, Place: r.place}
		}
	}
	p.mu.Unlock()
	if err := turn(ctx); err != nil {
		return failed(providers.NotSent, err.Error())
	}
	p.mu.Lock()
	if a.out.Class != providers.NotSent {
		p.arrived = append(p.arrived, time.Now())
	}
	place := ""
	if a.made || a.out.Class == providers.Accepted {
		place = fmt.Sprintf("room/%d", len(p.rooms)+1)
		p.rooms[o.Name] = append(p.rooms[o.Name], madeRoom{o.Key, place, time.Now().Add(a.visible)})
		if n := len(p.rooms[o.Name]); n > 1 || !o.Settled {
			p.wrong = append(p.wrong, fmt.Sprintf("%s was opened %d times", o.Name, n))
		}
	}
	p.mu.Unlock()
	if p.delay != nil && sleep(ctx, p.delay()) != nil {
		return failed(providers.Unknown, "cut off")
	}
	if a.out.Class != providers.Accepted {
		place = ""
	}
	return providers.Opened{Outcome: a.out, Place: place}
}

// sliceSteps are steps in memory.
type sliceSteps struct {
	steps []planner.Step
	next  int
	busy  atomic.Bool
	takes time.Duration
	fail  error // instead of io.EOF
	lost  int64 // reference that cannot be read again, -1 for none
}

func stepsOf(steps ...planner.Step) *sliceSteps { return &sliceSteps{steps: steps, lost: -1} }

func (s *sliceSteps) Next() (planner.Step, int64, error) {
	if !s.busy.CompareAndSwap(false, true) {
		panic("two readers at once")
	}
	defer s.busy.Store(false)
	time.Sleep(s.takes)
	if s.next == len(s.steps) {
		if s.fail != nil {
			return planner.Step{}, 0, s.fail
		}
		return planner.Step{}, 0, io.EOF
	}
	s.next++
	return s.steps[s.next-1], int64(s.next - 1), nil
}

func (s *sliceSteps) At(ref int64) (planner.Step, error) {
	if ref == s.lost {
		return planner.Step{}, errors.New("unreadable")
	}
	return s.steps[ref], nil
}

// step makes one step that sends. Its request's path is its address, so that fakes know it.
func step(account, seq, msg, key string) planner.Step {
	s := addr.Send{Message: addr.Message{Sequence: seq, Name: msg}, Key: key}
	return planner.Step{
		Send: s, Action: planner.Send, Account: account,
		Request: providers.Request{Method: "POST", Path: s.String()},
	}
}

// inRoom makes the conversation of steps one that must be opened.
func inRoom(name string, steps ...planner.Step) []planner.Step {
	for i := range steps {
		r := &steps[i].Request
		r.Path, r.Opening = providers.PlaceMark+"/"+steps[i].Send.String(), &providers.Opening{Name: name}
	}
	return steps
}

// chain makes each step need the one before it.
func chain(steps ...planner.Step) []planner.Step {
	for i := 1; i < len(steps); i++ {
		steps[i].Needs = planner.Need{Message: steps[i-1].Send.Name, Account: steps[i-1].Account}
		steps[i-1].Leads = true
	}
	return steps
}

// crowd makes one independent step for each of n people.
func crowd(account string, n int) []planner.Step {
	steps := make([]planner.Step, n)
	for i := range steps {
		steps[i] = step(account, "s", "m", fmt.Sprintf("p%06d", i))
	}
	return steps
}

func plain() Limits { return Limits{Concurrency: 4, StopAfter: 10} }

func patient() Retry {
	return Retry{MaxAttempts: 5, MinBackoff: 500 * time.Millisecond, MaxBackoff: time.Minute}
}

func laneOf(p providers.Provider, steps ...planner.Step) Lane {
	return Lane{
		Account: steps[0].Account, Provider: p, Limits: plain(), Retry: patient(),
		Steps: stepsOf(steps...), Total: len(steps),
	}
}

// worstWindow is the largest number of instants within any span of the given length, its end not included.
func worstWindow(at []time.Time, span time.Duration) int {
	worst, first := 0, 0
	for i := range at {
		for at[i].Sub(at[first]) >= span {
			first++
		}
		worst = max(worst, i-first+1)
	}
	return worst
}
