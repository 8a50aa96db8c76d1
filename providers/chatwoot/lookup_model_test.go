package chatwoot

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"herald/providers"
)

// model is a conversation as a Chatwoot server keeps and lists it.
type model struct {
	all   []wrote
	shift time.Duration // how far its clock is ahead
	exact bool          // lists milliseconds
	size  int           // of a page
	deaf  bool          // knows no before
	mixed bool          // how messages of one time are ordered

	place  string // of the attempt's message: "" for nowhere
	number int64  // of it
	calm   bool   // nothing but the attempt's message could be it
	apart  time.Duration
}

// page answers as the finder does: cut by number, ordered by time, the newest ones, and these from the oldest on.
func (m *model) page(before int64) string {
	some := slices.DeleteFunc(slices.Clone(m.all), func(one wrote) bool { return before > 0 && !m.deaf && one.id >= before })
	slices.SortStableFunc(some, func(a, b wrote) int {
		turn := 1
		if m.mixed {
			turn = -1
		}
		return cmp.Or(b.at.Compare(a.at), turn*cmp.Compare(a.id, b.id))
	})
	some = some[:min(len(some), m.size)]
	slices.Reverse(some)
	texts := []string{}
	for _, one := range some {
		texts = append(texts, one.json(m.exact))
	}
	return `{"meta":{},"payload":[` + strings.Join(texts, ",") + `]}`
}

// conversing draws a conversation around an attempt.
func conversing(t *rapid.T, d providers.Doubt) *model {
	pick := func(name string, of ...time.Duration) time.Duration { return rapid.SampledFrom(of).Draw(t, name) }
	m := &model{
		shift: pick("the vendor is ahead", 0, 0, 3*time.Second, -3*time.Second, -time.Hour, time.Hour),
		exact: rapid.Bool().Draw(t, "exact"), mixed: rapid.Bool().Draw(t, "mixed"), deaf: rapid.IntRange(0, 9).Draw(t, "deaf") == 0,
		calm: rapid.Bool().Draw(t, "calm"), size: pageSize,
		apart: pick("apart", 0, 100*time.Millisecond, 3*time.Second, 20*time.Second, 2*time.Minute),
		place: rapid.SampledFrom([]string{"", "", "there", "deleted", "delivered again", "keyless"}).Draw(t, "it"),
	}
	if m.apart >= 3*time.Second {
		m.size = rapid.SampledFrom([]int{pageSize, 10, 25}).Draw(t, "page size")
	}
	attempt := d.At.Add(m.shift)
	other := providers.Key{9}.String()
	n := rapid.IntRange(0, 70).Draw(t, "messages")
	first := attempt.Add(-time.Duration(rapid.IntRange(0, n).Draw(t, "before")) * m.apart)
	for i := range n {
		one := wrote{at: first.Add(time.Duration(i) * m.apart), kind: 1, sender: "user", key: other, status: "sent"}
		kinds := 4
		if !m.calm {
			kinds = 12
		}
		switch rapid.IntRange(0, kinds).Draw(t, "kind") {
		case 1:
			one.kind, one.sender, one.key = 0, "contact", ""
		case 2:
			one.kind, one.sender, one.key = 2, "", ""
		case 5:
			one.key = ""
		case 6:
			one.key, one.private = "", true
		case 7:
			one.key, one.sender = "", "agent_bot"
		case 8:
			one.key, one.deleted = "", true
		case 9:
			one.key, one.kind, one.sender = "", 3, ""
		}
		m.all = append(m.all, one)
	}
	if m.place != "" {
		it := wrote{at: attempt.Add(time.Duration(rapid.IntRange(-55_000, 20_000).Draw(t, "dated")) * time.Millisecond), kind: 1, sender: "user", status: "failed", number: 1}
		switch m.place {
		case "there":
			it.key = d.Key.String()
		case "deleted":
			it.deleted = true
		case "delivered again":
			it.attributes = "{}"
		}
		m.all = append(m.all, it)
	}
	// Numbers follow the times, but for what is written at once.
	order := map[int]time.Time{}
	for i, one := range m.all {
		m.all[i].index = i
		order[i] = one.at.Add(time.Duration(rapid.IntRange(-1500, 1500).Draw(t, "late")) * time.Millisecond)
	}
	slices.SortFunc(m.all, func(a, b wrote) int { return order[a.index].Compare(order[b.index]) })
	id := int64(0)
	for i := range m.all {
		id += int64(rapid.SampledFrom([]int{1, 1, 7, 1000}).Draw(t, "gap"))
		if m.all[i].id = id; m.all[i].number > 0 {
			m.number = id
		}
	}
	return m
}

// suspect reports whether a message that is not the attempt's could be it.
func (m *model) suspect(d providers.Doubt) bool {
	return slices.ContainsFunc(m.all, func(one wrote) bool {
		ours := one.kind == 1 || one.kind == 3 || one.private
		return ours && (one.key == "" || one.deleted) && !one.at.Before(d.At.Add(m.shift-59*time.Second))
	})
}

// Whatever a conversation holds: absent is said only when the message is not there and nothing could be it, and found only
// when it is there. Where all is plain, one of the two is said.
func TestLookUpTellsTheTruth(t *testing.T) {
	var now atomic.Pointer[model]
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := now.Load()
		before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
		w.Header().Set("Date", time.Now().Add(m.shift).UTC().Format(http.TimeFormat))
		io.WriteString(w, m.page(before))
	}))
	defer srv.Close()
	p := opened(t, Chatwoot(), srv.URL).(providers.Finder)
	request, _ := p.(providers.Provider).Render(text("Hi"))
	said := map[providers.Finding]int{}
	rapid.Check(t, func(t *rapid.T) {
		d := providers.Doubt{Request: request, Key: providers.NewKey(), At: time.Now().Add(-time.Duration(rapid.IntRange(0, 1200).Draw(t, "ago")) * time.Second),
			Settled: rapid.IntRange(0, 4).Draw(t, "settled") > 0, Marked: rapid.IntRange(0, 4).Draw(t, "marked") > 0}
		m := conversing(t, d)
		now.Store(m)
		turns := 0
		v := p.LookUp(context.Background(), d, func(context.Context) error { turns++; return nil })
		said[v.Finding]++
		about := fmt.Sprintf("%+v of %d messages %v apart, %d on a page, deaf %v, calm %v, it is %q at %d; %+v", v, len(m.all), m.apart, m.size, m.deaf, m.calm, m.place, m.number, d)
		if v.Finding == providers.Absent && (m.place != "" || !d.Settled || !d.Marked || m.suspect(d)) {
			t.Fatalf("not absent: %s", about)
		}
		if v.Finding == providers.Found && (m.place != "there" || v.ID != fmt.Sprint(m.number) || v.Status != "failed") {
			t.Fatalf("not found: %s", about)
		}
		if v.Class != providers.Accepted || turns > mostPages {
			t.Fatalf("%d turns: %s", turns, about)
		}
		plain := !m.deaf && (m.apart >= 20*time.Second || len(m.all) < 10)
		if plain && m.place == "there" && v.Finding != providers.Found {
			t.Fatalf("it is there: %s", about)
		}
		if plain && m.place == "" && m.calm && d.Settled && d.Marked && v.Finding != providers.Absent {
			t.Fatalf("it is not there: %s", about)
		}
	})
	if testing.Short() {
		return // too few cases to meet all
	}
	if said[providers.Found] == 0 || said[providers.Absent] == 0 || said[providers.Undecided] == 0 {
		t.Errorf("not all findings were met: %v", said)
	}
}
