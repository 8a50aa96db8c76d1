package chatwoot

import (
	"context"
	"fmt"
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

// spoken is a conversation as a Chatwoot server keeps it and lists it after a number.
type spoken struct {
	all  []stood
	at   map[int]time.Time
	size int
}

// page answers as the finder does: cut by number, ordered by time, the oldest ones.
func (s *spoken) page(after int) string {
	some := slices.DeleteFunc(slices.Clone(s.all), func(m stood) bool { return m.id <= after })
	slices.SortStableFunc(some, func(a, b stood) int { return s.at[a.id].Compare(s.at[b.id]) })
	texts := []string{}
	for _, m := range some[:min(len(some), s.size)] {
		m.more += fmt.Sprintf(`,"created_at":%d`, s.at[m.id].Unix()) // the last one counts
		texts = append(texts, m.json())
	}
	return `{"meta":{},"payload":[` + strings.Join(texts, ",") + `]}`
}

// speaking draws a conversation, what was sent there, and what must be reported of it.
func speaking(t *rapid.T) (s *spoken, d []providers.Delivery, want []providers.Report) {
	s = &spoken{at: map[int]time.Time{}, size: rapid.SampledFrom([]int{afterSize, afterSize, pageSize}).Draw(t, "page size")}
	now := time.Unix(1790000000, 0)
	id := rapid.IntRange(0, 50).Draw(t, "before")
	for range rapid.IntRange(1, 250).Draw(t, "messages") {
		id += rapid.SampledFrom([]int{1, 1, 5}).Draw(t, "gap")
		now = now.Add(time.Duration(rapid.IntRange(500, 4000).Draw(t, "pause")) * time.Millisecond)
		// Its time is from before its number was given.
		s.at[id] = now.Add(-time.Duration(rapid.IntRange(0, 1000).Draw(t, "late")) * time.Millisecond)
		m := stood{id: id, text: fmt.Sprint("text ", id)}
		switch rapid.IntRange(0, 20).Draw(t, "who") {
		case 0:
			m.kind, m.sender = "0", "contact"
			for i := range want {
				if want[i].Replied.IsZero() {
					want[i].Replied, want[i].Reply = s.at[id].Truncate(time.Second), m.text
				}
			}
		case 1:
			m.status = rapid.SampledFrom([]string{"sent", "delivered", "read", "failed"}).Draw(t, "status")
			d = append(d, providers.Delivery{Place: "34", ID: strconv.Itoa(id)})
			r := providers.Report{Send: len(d) - 1}
			by := answered
			switch m.status {
			case "delivered":
				r.Delivered = by
			case "read":
				r.Delivered, r.Read = by, by
			case "failed":
				r.Failed, r.Reason = by, "the vendor does not say why"
			}
			want = append(want, r)
		case 2:
			m.kind, m.sender, m.more = "0", "contact", `,"private":true`
		default:
			m.status = "read"
		}
		s.all = append(s.all, m)
	}
	return s, d, want
}

// However long a conversation is and however its pages are cut: what is reported is what happened, and no page is asked
// for that cannot tell more.
func TestWatchTellsTheTruth(t *testing.T) {
	var now atomic.Pointer[spoken]
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		after, _ := strconv.Atoi(r.URL.Query().Get("after"))
		w.Header().Set("Date", answered.Format(http.TimeFormat))
		fmt.Fprint(w, now.Load().page(after))
	}))
	defer srv.Close()
	p := opened(t, Chatwoot(), srv.URL).(providers.Watcher)
	rapid.Check(t, func(t *rapid.T) {
		s, d, want := speaking(t)
		now.Store(s)
		got := map[int]providers.Report{}
		turns := 0
		o := p.Watch(context.Background(), d, func(context.Context) error { turns++; return nil }, func(r providers.Report) { got[r.Send] = r })
		if o.Class != providers.Accepted || o.Note != "" || turns > 1+len(s.all)/(s.size/2)+1 {
			t.Fatalf("%d turns for %d messages, %d on a page: %+v", turns, len(s.all), s.size, o)
		}
		for i, w := range want {
			g := got[i]
			same := g.Delivered.Equal(w.Delivered) && g.Read.Equal(w.Read) && g.Failed.Equal(w.Failed) && g.Reason == w.Reason
			if !same || !g.Replied.Equal(w.Replied) || g.Reply != w.Reply {
				t.Fatalf("message %s: got %+v\nwant %+v", d[i].ID, g, w)
			}
		}
	})
}
