package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// avaamoPage is what a client makes of a list.
type avaamoPage struct {
	CurrentPage  int     `json:"current_page"`
	PerPage      int     `json:"per_page"`
	TotalEntries int     `json:"total_entries"`
	TotalPages   int     `json:"total_pages"`
	TimeToken    float64 `json:"time_token"`
	Entries      []struct {
		Content     string
		ContentType string `json:"content_type"`
		Timetoken   int64
		User        map[string]any
		ReadAcks    []struct {
			ReadAt json.Number `json:"read_at"`
			User   map[string]any
		} `json:"read_acks"`
		Conversation struct {
			UUID   string
			Locale *string
		}
	}
}

func (p avaamoPage) contents() (all []string) {
	for _, e := range p.Entries {
		all = append(all, e.Content)
	}
	return all
}

// TestAvaamoEntry checks a whole answer, every documented attribute of it.
func TestAvaamoEntry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{})
		s.do(Avaamo, "POST", avaamoPath, avaamoHi)
		at := time.Now()
		e := s.vendor(Avaamo).api.(*avaamo).store.all[0]
		time.Sleep(2 * time.Second)
		if n, err := s.Read(Avaamo, avaamoUUID); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		person := avaamoPerson(avaamoUUID)
		user := `{"first_name":"Sandbox Agent","last_name":"","layer_id":"` + avaamoAgentUser().LayerID + `","email":null,"phone":null,
			"avatar":false,"avatar_updated_at":null,"avaamo_id":1%s}`
		reader := fmt.Sprintf(`{"first_name":%q,"last_name":"","layer_id":%q,"email":null,"phone":null,"avatar":false,
			"avatar_updated_at":null,"avaamo_id":%d}`, person.FirstName, person.LayerID, person.AvaamoID)
		entry := func(device, readAt string) string {
			return fmt.Sprintf(`{"uuid":%q,"content":"Sample message","content_type":"text","created_at":%d.0,"user":`+user+`,"timetoken":%d,
			"external_source":null,"device_uuid":%q,"request_message_uuid":null,"sequence":"1/1","custom_properties":{},
			"agent_message_uuid":null,"read_acks":[{"read_at":%s,"user":%s}],"attachments":[],"conversation":{"uuid":%q,"mode":false,
			"display_name":%q,"locale":"en"}}`, e.uuid, at.Unix(), device, at.UnixMicro(), uuidOf(hash("device", avaamoUUID), 8), readAt,
				reader, avaamoUUID, "Sandbox Agent,"+person.FirstName)
		}
		list := func(entry string) string {
			return fmt.Sprintf(`{"current_page":1,"per_page":25,"total_entries":1,"total_pages":1,"time_token":%d.0,"entries":[%s]}`,
				time.Now().Unix(), entry)
		}
		read := fmt.Sprint(time.Now().Unix())
		whole := s.get("/v1/messages.json").Body.String()
		sameJSON(t, whole, list(entry("", read)))
		if !strings.Contains(whole, `"read_at":`+read+`,`) {
			t.Errorf("read_at has a fraction in %s", whole)
		}
		device := `,"user_agent":null,"os_name":null,"zone_offset":null,"utc_offset":null,"time_zone":null`
		sameJSON(t, s.get("/v1/messages.json?device_info=true").Body.String(), list(entry(device, read)))
		own := s.get("/v1/conversations/" + avaamoUUID + "/messages.json").Body.String()
		sameJSON(t, own, list(entry("", read)))
		if !strings.Contains(own, `"read_at":`+read+`.0,`) || !strings.Contains(own, fmt.Sprintf(`"created_at":%d.0,`, at.Unix())) {
			t.Errorf("a time is without a fraction in %s", own)
		}
		receiver := `{"first_name":%q,"last_name":"","layer_id":%q,"phone":null,"email":null,"avaamo_id":%d,"avatar":false,
			"avatar_updated_at":null,"custom_properties":{},"display_name":%q,"bot_user_info":[]}`
		agent := avaamoAgentUser()
		receivers := fmt.Sprintf(receiver, agent.FirstName, agent.LayerID, 1, agent.FirstName+" ") + "," +
			fmt.Sprintf(receiver, person.FirstName, person.LayerID, person.AvaamoID, person.FirstName+" ")
		summary := func(uuid, receivers, last string) string {
			return fmt.Sprintf(`{"conversation":{"uuid":%q,"mode":false,"members_type":2,"avatar":false,"name":null,"created_at":%d.0,
			"user":null,"receivers":[%s],"avatar_updated_at":null,"description":null,"last_message":%s,"members_count":2}}`,
				uuid, at.Unix(), receivers, last)
		}
		sameJSON(t, s.get("/v1/conversations/"+avaamoUUID+".json").Body.String(), summary(avaamoUUID, receivers, entry("", read)))
		empty := s.get("/v1/conversations/new.json").Body.String()
		if !strings.Contains(empty, `"last_message":null`) || !strings.Contains(empty, `"uuid":"new"`) {
			t.Errorf("summary of an empty conversation: %s", empty)
		}
	})
}

func TestAvaamoDeviceOfAPerson(t *testing.T) {
	s := built(t, Options{})
	if err := s.Write(Avaamo, avaamoUUID, "Hello?"); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]bool{"": false, "?device_info=false": false, "?device_info=true": true} {
		for _, path := range []string{"/v1/messages.json", "/v1/conversations/" + avaamoUUID + "/messages.json"} {
			user := decoded[avaamoPage](t, s.get(path+query)).Entries[0].User
			for _, name := range []string{"user_agent", "os_name", "zone_offset", "utc_offset", "time_zone"} {
				if value, given := user[name]; given != want || want && value == nil {
					t.Errorf("%s%s: %s is %v", path, query, name, value)
				}
			}
		}
	}
}

func TestAvaamoHeaders(t *testing.T) {
	s := built(t, Options{})
	messages, summary := "/v1/conversations/u/messages.json", "/v1/conversations/u.json"
	for _, test := range []struct {
		path   string
		edit   func(*http.Request)
		status int
	}{
		{"/v1/messages.json", without("Device-Id"), 200},
		{messages, without("Device-Id"), 422},
		{messages, header("Device-Id", "any"), 200},
		{summary, without("Device-Id"), 422},
		{summary, header("Device-Id", "any"), 422},
		{summary, header("Device-Id", "12345667"), 200},
		{messages, without("Content-Type"), 200},
	} {
		if got := s.get(test.path, test.edit); got.Code != test.status {
			t.Errorf("%s: %d %s, want %d", test.path, got.Code, got.Body, test.status)
		}
	}
}

func TestAvaamoQueries(t *testing.T) {
	s := built(t, Options{})
	for query, status := range map[string]int{
		"per_page=100": 200, "per_page=101": 422, "per_page=0": 422, "per_page=-1": 422, "per_page=x": 422, "per_page=": 422,
		"page=1": 200, "page=0": 422, "page=99999999999999999999": 422, "page=9223372036854775807&per_page=100": 200,
		"since_timetoken=0": 200, "since_timetoken=1569229247677821": 200, "since_timetoken=1.5": 422, "since_timetoken=-1": 422,
		"timetoken=1569229251418739": 200, "timetoken=now": 422, "device_info=1": 422, "device_info=TRUE": 422,
		"since_timetoken=9&timetoken=1": 200, "page=1&page=2": 422, "since_time_token=1": 422, "%zz": 422, "page=2&per_page=55": 200,
	} {
		w := s.get("/v1/conversations/u/messages.json?" + query)
		if w.Code != status || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %d %s, want %d", query, w.Code, w.Body, status)
		}
	}
}

// TestAvaamoSpans posts a message a second in two conversations in turn, and asks for parts of them.
func TestAvaamoSpans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := built(t, Options{})
		var at []int64 // of message i
		for i := range 12 {
			body := fmt.Sprintf(`{"message":"%d","conversation":{"uuid":"%s"},"bot_id":1}`, i, []string{"even", "odd"}[i%2])
			if w := s.do(Avaamo, "POST", avaamoPath, body); w.Code != 200 {
				t.Fatal(w.Body)
			}
			at = append(at, time.Now().UnixMicro())
			time.Sleep(time.Second)
		}
		even, all := "/v1/conversations/even/messages.json", "/v1/messages.json"
		for _, test := range []struct {
			path, query string
			want        string
			total       int
		}{
			{even, "", "10 8 6 4 2 0", 6},
			{all, "", "11 10 9 8 7 6 5 4 3 2 1 0", 12},
			{all, "per_page=1", "11", 12},
			{all, "per_page=5&page=2", "6 5 4 3 2", 12},
			{all, "per_page=5&page=3", "1 0", 12},
			{all, "per_page=5&page=4", "", 12},
			{even, fmt.Sprint("since_timetoken=", at[4]), "10 8 6 4", 4},
			{even, fmt.Sprint("since_timetoken=", at[4]+1), "10 8 6", 3},
			{even, fmt.Sprintf("since_timetoken=%d&timetoken=%d", at[2], at[8]), "8 6 4 2", 4},
			{even, fmt.Sprintf("since_timetoken=%d&timetoken=%d", at[2], at[8]-1), "6 4 2", 3},
			{even, fmt.Sprintf("since_timetoken=%d&timetoken=%d&per_page=1&page=2", at[2], at[8]), "6", 4},
			{even, fmt.Sprintf("since_timetoken=%d&timetoken=%d", at[8], at[2]), "", 0},
			{all, fmt.Sprint("timetoken=", at[8]), "8 7 6 5 4", 5},
			{all, fmt.Sprint("timetoken=", at[8]-1), "7 6 5 4 3", 5},
			{all, fmt.Sprintf("timetoken=%d&per_page=2&page=3", at[8]), "4", 5},
			{even, fmt.Sprint("timetoken=", at[3]), "2 0", 2},
			{all, fmt.Sprint("timetoken=", at[0]-1), "", 0},
			{"/v1/conversations/nobody/messages.json", "", "", 0},
		} {
			got := decoded[avaamoPage](t, s.get(test.path+"?"+test.query))
			if contents := strings.Join(got.contents(), " "); contents != test.want || got.TotalEntries != test.total {
				t.Errorf("%s?%s: %q of %d, want %q of %d", test.path, test.query, contents, got.TotalEntries, test.want, test.total)
			}
			if want := (test.total + got.PerPage - 1) / got.PerPage; got.TotalPages != want {
				t.Errorf("%s?%s: %d pages, want %d", test.path, test.query, got.TotalPages, want)
			}
		}
	})
}

// TestAvaamoPagesAgainstNaiveModel reads all pages of any span: together they are the span, newest first.
func TestAvaamoPagesAgainstNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		store := newAvaamoStore(Options{})
		n := rapid.IntRange(0, 40).Draw(t, "messages")
		for i := range n {
			store.add(avaamoEntry{conversation: "c", content: fmt.Sprint(i)})
			if i > 0 && store.all[i].timetoken <= store.all[i-1].timetoken {
				t.Fatal("timetoken does not rise")
			}
		}
		bound := rapid.Custom(func(t *rapid.T) int64 {
			if n == 0 {
				return rapid.Int64Min(0).Draw(t, "any")
			}
			return store.all[rapid.IntRange(0, n-1).Draw(t, "at")].timetoken + rapid.Int64Range(-1, 1).Draw(t, "off")
		})
		span := avaamoSpan{since: bound.Draw(t, "since"), until: bound.Draw(t, "until"),
			most: rapid.SampledFrom([]int{0, 5}).Draw(t, "most"), perPage: rapid.IntRange(1, 12).Draw(t, "perPage")}
		var want, got []string
		for _, e := range store.all {
			if e.timetoken >= span.since && e.timetoken <= span.until {
				want = append(want, e.content)
			}
		}
		slices.Reverse(want)
		if span.most > 0 {
			want = want[:min(len(want), span.most)]
		}
		for span.page = 1; ; span.page++ {
			page, total := store.list("c", span)
			if total != len(want) || len(page) > span.perPage {
				t.Fatalf("page %d: %d entries of %d, want %d", span.page, len(page), total, len(want))
			}
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				got = append(got, e.content)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
