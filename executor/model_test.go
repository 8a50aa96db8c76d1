package executor

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"herald/internal/addr"
	"herald/planner"
	"herald/providers"
	"herald/state"
)

// campaign is one random campaign, run again and again with all that happens to it, on a real ledger.
type campaign struct {
	*outside
	path    string
	ledger  *mortalLedger
	chains  [][]planner.Step // one per person, in order
	vendors map[string]*vendor
	finder  map[string]bool
	limits  map[string]Limits
	decided map[addr.Send]bool // as sent, by a person
	calm    bool
	wrong   []string
}

// round is one run and what happens to it.
type round struct {
	drain, cancel, kill time.Duration // 0 for never
	dieAt               int           // write of the ledger, 0 for never
	late                bool
	ask                 int   // about old doubts: 0 never, 1 beside the steps, 2 before them, 3 before them and waiting
	decide              []int // per doubt, in turn: 0 not, 1 as sent, 2 as unsent where that is so
	pause               time.Duration
}

func drawCampaign(t *rapid.T) (*campaign, []round) {
	c := &campaign{vendors: map[string]*vendor{}, finder: map[string]bool{}, limits: map[string]Limits{}, decided: map[addr.Send]bool{}}
	seed := rapid.Uint64().Draw(t, "seed")
	var accounts []string
	for i := range rapid.IntRange(1, 2).Draw(t, "lanes") {
		name := fmt.Sprint("lane", i)
		accounts = append(accounts, name)
		c.vendors[name] = &vendor{
			random: rand.New(rand.NewPCG(seed, uint64(i))), has: map[addr.Send][]providers.Key{}, arrives: map[providers.Key]time.Time{},
			faults: map[addr.Send][]fault{}, looks: map[addr.Send][]fault{},
			rooms: map[string][]madeRoom{}, opening: map[string][]fault{}, marks: rapid.Bool().Draw(t, "marks"),
		}
		c.finder[name] = rapid.IntRange(0, 3).Draw(t, "finder") > 0
		c.limits[name] = Limits{
			Requests: rapid.SampledFrom([]int{0, 10}).Draw(t, "requests"), Per: time.Second, Jitter: 10 * ms,
			Concurrency: rapid.IntRange(1, 3).Draw(t, "concurrency"), StopAfter: rapid.SampledFrom([]int{0, 3}).Draw(t, "stop after"),
		}
	}
	sends := rapid.SampledFrom([]fault{fine, fine, fine, refuses, throttles, unreached, lost, crashes, unheard, unheard, stumbles, overtaken, lost, turnsAway})
	looks := rapid.SampledFrom([]fault{fine, fine, fine, throttles, unreached, lost, silent, turnsAway})
	for p := range rapid.IntRange(1, 5).Draw(t, "people") {
		var own []planner.Step
		key, opens := fmt.Sprint("p", p), rapid.IntRange(0, 2).Draw(t, "opens") == 0
		for m := range rapid.IntRange(1, 3).Draw(t, "messages") {
			account := rapid.SampledFrom(accounts).Draw(t, "lane")
			s := step(account, "s", fmt.Sprint("m", m), key)
			v := c.vendors[account]
			if opens {
				s = inRoom(key, s)[0]
				v.opening[key] = rapid.SliceOfN(sends, 0, 3).Draw(t, "openings")
			}
			v.faults[s.Send] = rapid.SliceOfN(sends, 0, 4).Draw(t, "sends")
			v.looks[s.Send] = rapid.SliceOfN(looks, 0, 3).Draw(t, "looks")
			own = append(own, s)
		}
		c.chains = append(c.chains, own)
	}
	var rounds []round
	for range rapid.IntRange(1, 3).Draw(t, "rounds") {
		r := round{ask: rapid.IntRange(0, 3).Draw(t, "ask"), decide: rapid.SliceOfN(rapid.IntRange(0, 2), 0, 3).Draw(t, "decide")}
		r.pause = time.Duration(rapid.SampledFrom([]int{0, 1, 10}).Draw(t, "pause")) * time.Second
		trouble := time.Duration(rapid.IntRange(1, 8000).Draw(t, "after ms")) * ms
		switch rapid.IntRange(0, 5).Draw(t, "trouble") {
		case 0:
			r.drain = trouble
		case 1:
			r.cancel = trouble
		case 2:
			r.kill = trouble
		case 3:
			r.dieAt, r.late = rapid.IntRange(1, 20).Draw(t, "dies at"), rapid.Bool().Draw(t, "late")
		}
		rounds = append(rounds, r)
	}
	return c, rounds
}

func (c *campaign) wrongf(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// must does what may not fail, outside.
func (c *campaign) must(do func(context.Context) error) {
	var err error
	c.run(func() { err = do(context.Background()) })
	if err != nil {
		panic(err)
	}
}

// open begins a process.
func (c *campaign) open() {
	c.ledger = &mortalLedger{outside: c.outside}
	c.must(func(ctx context.Context) (err error) {
		c.ledger.ledger, err = state.Open(ctx, c.path, state.Options{Version: "test", Create: true})
		return err
	})
}

// end ends a process, dead or alive; what it left open stays so in the file.
func (c *campaign) end() {
	c.must(func(context.Context) error { return c.ledger.ledger.Close() })
}

// play carries out one round: it asks, plans, sends and decides. When nothing ends the process the next one goes on in it,
// since opening files takes most of the time.
func (c *campaign) play(ctx context.Context, r round) {
	m := c.ledger
	m.expect(r.dieAt, r.late)
	view := c.view()
	if r.ask >= 2 {
		if _, err := LookUp(ctx, c.lanes(view, nil, true), LookUpOptions{Ledger: m, Wait: r.ask == 3}); err != nil && !errors.Is(err, errKilled) {
			c.wrongf("look-ups: %v", err)
		}
		view = c.view()
		c.agree(view)
	}
	var run int64
	c.must(func(ctx context.Context) (err error) {
		run, err = m.ledger.StartRun(ctx, state.Run{Who: "test"}, nil, nil, nil)
		return err
	})
	steps := c.plan(view)
	o := Options{Ledger: m}
	if r.drain > 0 {
		o.Drain = drainAfter(r.drain)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if r.cancel > 0 {
		time.AfterFunc(r.cancel, cancel)
	}
	var killed *time.Timer
	if r.kill > 0 {
		killed = time.AfterFunc(r.kill, func() { m.kill(); cancel() })
	}
	got, err := Run(ctx, c.lanes(view, steps, r.ask == 1), o)
	if killed != nil {
		killed.Stop()
	}
	if err != nil && !errors.Is(err, errKilled) {
		c.wrongf("run: %v", err)
	}
	view = c.view()
	c.agree(view)
	if err == nil {
		c.counted(view, steps, got)
		c.must(func(ctx context.Context) error { return m.ledger.EndRun(ctx, state.Run{ID: run, Finished: true}) })
	}
	if err != nil || m.isDead() {
		c.end()
		c.open()
	} else if len(view.Doubt) > 0 && len(r.decide) > 0 {
		c.decide(view, r.decide)
		c.agree(c.view())
	}
	time.Sleep(r.pause)
}

func (c *campaign) view() (v *state.View) {
	c.must(func(ctx context.Context) (err error) {
		v, err = c.ledger.ledger.View(ctx)
		return err
	})
	return v
}

// plan takes what is untried, up to the first message of each person that is refused or in doubt.
func (c *campaign) plan(view *state.View) (steps []planner.Step) {
	for _, own := range c.chains {
		var left []planner.Step
		for _, s := range own {
			e, _ := view.Entry(s.Send)
			if now := e.Now(); now == state.Untried {
				left = append(left, s)
			} else if now != state.Sent {
				break
			}
		}
		steps = append(steps, chain(left...)...)
	}
	return steps
}

func (c *campaign) lanes(view *state.View, steps []planner.Step, ask bool) (lanes []Lane) {
	for account, v := range c.vendors {
		var own []planner.Step
		for _, s := range steps {
			if s.Account == account {
				own = append(own, s)
			}
		}
		l := Lane{
			Account: account, Provider: v, Limits: c.limits[account], LastIntent: view.LastIntent(account),
			Retry: Retry{MaxAttempts: 3, MinBackoff: 100 * ms, MaxBackoff: time.Second},
			Steps: stepsOf(own...), Total: len(own), Settle: late, Marked: c.calm || view.MarkerSeen(account),
		}
		if c.finder[account] {
			l.Provider = vendorWithLookUp{v}
		}
		for _, d := range view.Doubt {
			if ask && d.Account == account {
				l.Questions = append(l.Questions, Question{
					Send: d.Send, Request: c.request(d.Send), Content: d.Content, Destination: d.Destination,
					Key: d.Key, At: d.At, Answered: d.Answered,
				})
			}
		}
		lanes = append(lanes, l)
	}
	return lanes
}

// request makes the request of a send anew.
func (c *campaign) request(s addr.Send) providers.Request {
	for _, own := range c.chains {
		for i := range own {
			if own[i].Send == s {
				return own[i].Request
			}
		}
	}
	panic(s.String())
}

// agree holds the ledger against the vendors' truth, by the table of states.
func (c *campaign) agree(view *state.View) {
	for _, own := range c.chains {
		for _, s := range own {
			e, _ := view.Entry(s.Send)
			v := c.vendors[s.Account]
			v.mu.Lock()
			have := len(v.has[s.Send])
			v.mu.Unlock()
			now := e.Now()
			switch {
			case now == state.Sent && (have == 1 || c.decided[s.Send]):
			case (now == state.Untried || now == state.Refused) && have == 0:
			case (now == state.InDoubt || now == state.Sending && c.ledger.isDead()) && have <= 1:
			default:
				c.wrongf("%s is %s, and the vendor has %d", s.Send, now, have)
			}
		}
	}
}

// counted holds a run's summary against the rows of its steps.
func (c *campaign) counted(view *state.View, steps []planner.Step, got Summary) {
	rows := Counts{}
	for _, s := range steps {
		e, _ := view.Entry(s.Send)
		switch e.Now() {
		case state.Sent:
			rows.Sent++
		case state.Refused:
			rows.Refused++
		case state.InDoubt:
			rows.InDoubt++
		}
	}
	have := got.Counts()
	if have.Sent != rows.Sent || have.Refused != rows.Refused || have.InDoubt != rows.InDoubt || have.Total() != len(steps) {
		c.wrongf("%d steps were counted as %+v, the rows are %+v", len(steps), have, rows)
	}
}

// decide lets a person decide about some of what is in doubt, never against the truth where that would send it twice.
func (c *campaign) decide(view *state.View, how []int) {
	var decisions []state.Decision
	for i, d := range view.Doubt {
		if i == len(how) {
			break
		}
		v := c.vendors[d.Account]
		v.mu.Lock()
		have := len(v.has[d.Send])
		v.mu.Unlock()
		switch {
		case how[i] == 1:
			c.decided[d.Send] = true
		case how[i] == 0 || have > 0:
			continue
		}
		decisions = append(decisions, state.Decision{Send: d.Send, Sent: how[i] == 1, Who: "test", At: time.Now()})
	}
	c.must(func(ctx context.Context) error { return c.ledger.ledger.Resolve(ctx, decisions) })
}

// calmDown ends all trouble, and lets everybody know that keys come back.
func (c *campaign) calmDown() {
	c.calm = true
	for _, v := range c.vendors {
		v.mu.Lock()
		v.faults, v.looks, v.opening, v.marks = map[addr.Send][]fault{}, map[addr.Send][]fault{}, map[string][]fault{}, true
		v.mu.Unlock()
	}
}

// ended checks that once all is calm nothing is left but what is refused, in doubt where nobody can be asked, or behind
// either.
func (c *campaign) ended(view *state.View) {
	for _, own := range c.chains {
		for _, s := range own {
			e, _ := view.Entry(s.Send)
			now := e.Now()
			if now == state.InDoubt && c.finder[s.Account] {
				c.wrongf("%s is still in doubt", s.Send)
			}
			if now == state.Untried {
				c.wrongf("%s was never sent", s.Send)
			}
			if now != state.Sent {
				break
			}
		}
	}
}

// Whatever happens at the vendors, on the way and to the process: the ledger and the vendors agree, nobody gets a message
// twice, and nothing is forgotten. It takes what campaigns it can within some seconds, unless told how many.
func TestLedgerTellsTheTruth(t *testing.T) {
	o, dir, n := newOutside(t), t.TempDir(), 0
	begun, all := time.Now(), flag.Lookup("rapid.checks").Value.String() != flag.Lookup("rapid.checks").DefValue
	rapid.Check(t, func(rt *rapid.T) {
		if !all && time.Since(begun) > 3*time.Second {
			return
		}
		c, rounds := drawCampaign(rt)
		n++
		c.outside, c.path = o, filepath.Join(dir, fmt.Sprint(n), "herald.state")
		if err := os.Mkdir(filepath.Dir(c.path), 0o700); err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			c.open()
			for _, r := range rounds {
				c.play(t.Context(), r)
			}
			c.calmDown()
			c.play(t.Context(), round{ask: 3})
			c.ended(c.view())
			c.end()
		})
		for _, v := range c.vendors {
			c.wrong = append(c.wrong, v.wrong...)
		}
		if len(c.wrong) > 0 {
			all = true // what follows looks for the smallest one
			rt.Fatalf("%s", strings.Join(c.wrong, "\n"))
		}
	})
	t.Logf("%d campaigns", n)
}
