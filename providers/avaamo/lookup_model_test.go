package avaamo

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/providers"
)

// model is a conversation as a vendor lists it.
type model struct {
	all   []wrote // newest first
	shift time.Duration
	per   int // messages on a page
	it    bool
	alike int // messages of other attempts that say the same
	twin  bool
}

func (m *model) answer(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(query.Get(name), 10, 64)
		return n
	}
	some := slices.DeleteFunc(slices.Clone(m.all), func(one wrote) bool {
		return one.at.UnixMicro() < number("since_timetoken") || one.at.UnixMicro() > number("timetoken")
	})
	page := int(number("page"))
	of := (len(some) + m.per - 1) / m.per
	some = some[min((page-1)*m.per, len(some)):min(page*m.per, len(some))]
	w.Header().Set("Date", time.Now().Add(m.shift).UTC().Format(http.TimeFormat))
	fmt.Fprint(w, listing(page, of, some...))
}

// conversing draws a conversation around an attempt, of which others may have said the same since.
func conversing(t *rapid.T, d providers.Doubt, said string) *model {
	m := &model{
		shift: time.Duration(rapid.IntRange(-3000, 3000).Draw(t, "the vendor is ahead, in seconds")) * time.Second,
		per:   rapid.IntRange(1, 100).Draw(t, "per page"), it: rapid.Bool().Draw(t, "it is there"),
	}
	attempt := d.At.Add(m.shift)
	for i := range rapid.IntRange(0, 20).Draw(t, "messages") {
		one := wrote{uuid: fmt.Sprint("m", i), kind: "text", content: rapid.SampledFrom([]string{said, said + ".", "", "Hi"}).Draw(t, "says"),
			at: attempt.Add(time.Duration(rapid.IntRange(-600, 600).Draw(t, "at")) * time.Second), person: rapid.Bool().Draw(t, "the person")}
		early := one.at.Before(attempt)
		if early { // far enough from the attempt, which whole seconds do not tell apart
			one.at = one.at.Add(-3 * time.Second)
		}
		if one.content == said && !early {
			m.twin = m.twin || one.person
			if !one.person {
				m.alike++
			}
		}
		m.all = append(m.all, one)
	}
	if m.it {
		m.all = append(m.all, wrote{uuid: "it", kind: "text", content: said, at: attempt.Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "after")) * time.Millisecond)})
	}
	slices.SortFunc(m.all, func(a, b wrote) int { return b.at.Compare(a.at) })
	return m
}

// Whatever a conversation holds: found is said when it is there and only then, and absent never without assume_absent.
func TestLookUpTellsTheTruth(t *testing.T) {
	var now *model // look-ups come one after the other
	p, _ := reading(t, func(w http.ResponseWriter, r *http.Request) { now.answer(w, r) })
	p.now = time.Now
	const said = "Your order is ready"
	request, _ := p.Render(words(said))
	met := map[providers.Finding]int{}
	rapid.Check(t, func(t *rapid.T) {
		d := providers.Doubt{Request: request, At: time.Now().Add(-time.Duration(rapid.IntRange(0, 1200).Draw(t, "ago")) * time.Second), Settled: rapid.Bool().Draw(t, "settled")}
		now = conversing(t, d, said)
		d.Alike = now.alike
		p.assumeAbsent = rapid.Bool().Draw(t, "assume absent")
		v := p.LookUp(context.Background(), d, func(context.Context) error { return nil })
		met[v.Finding]++
		if (v.Finding == providers.Found) != now.it || v.Finding == providers.Absent && (!p.assumeAbsent || !d.Settled || now.twin) || v.Class != providers.Accepted {
			t.Fatalf("%+v, and it is there: %v; %d say the same, the person %v; %+v", v, now.it, now.alike, now.twin, d)
		}
		if !now.it && p.assumeAbsent && d.Settled && !now.twin && v.Finding != providers.Absent {
			t.Fatalf("%+v, and it is not there", v)
		}
	})
	if testing.Short() {
		return // too few cases to meet all
	}
	if met[providers.Found] == 0 || met[providers.Absent] == 0 || met[providers.Undecided] == 0 {
		t.Errorf("not all findings were met: %v", met)
	}
}

// What is asked: an hour more on either side, since the vendor's clock is not known yet, and no more than a week.
func TestLookUpAsks(t *testing.T) {
	for _, tt := range []struct{ ago, since, until time.Duration }{
		{10 * time.Minute, -70 * time.Minute, time.Hour},
		{30 * 24 * time.Hour, -30*24*time.Hour - time.Hour, -23*24*time.Hour - time.Hour},
	} {
		p, asked := reading(t, saying(200, listing(1, 1)))
		now := p.now()
		r, _ := p.Render(words("Hi"))
		p.LookUp(t.Context(), providers.Doubt{Request: r, At: now.Add(-tt.ago)}, func(context.Context) error { return nil })
		if len(*asked) != 1 {
			t.Fatalf("%d requests", len(*asked))
		}
		want := fmt.Sprintf("page=1&per_page=100&since_timetoken=%d&timetoken=%d", now.Add(tt.since).UnixMicro(), now.Add(tt.until).UnixMicro())
		if got := (*asked)[0].URL.RawQuery; got != want {
			t.Errorf("%v ago: %s, want %s", tt.ago, got, want)
		}
	}
}
