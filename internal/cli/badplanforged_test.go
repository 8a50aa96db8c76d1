package cli

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// A forger knows the format and makes the digest fit. What such a plan shows must be what it sends, and it must be able to
// do nothing but send, through the accounts that it names.
func TestForgedPlansAreRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	b := newPlanBench(t)
	const notSo = "did not write it so"
	type change struct {
		head  func(head map[string]any)
		steps func(lines string) string
		lane  string // another name for the entry
		more  map[string]string
		want  string
	}
	replace := func(old, with string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("the steps have no %s: %s", old, s)
			}
			return strings.Replace(s, old, with, 1)
		}
	}
	group := func(h map[string]any) any { return in(h, "plan", "Groups", 0) }
	lane := func(h map[string]any) any { return in(h, "plan", "Lanes", 0) }
	const (
		skipped = `{"sequence":"news","message":"hello","key":"c1","action":"skip","account":"digital99"}` + "\n"
		rested  = `{"sequence":"news","message":"hello","key":"c1","on":"before","fate":""}` + "\n"
	)
	skips := func(n int) func(map[string]any) {
		return func(h map[string]any) { set(in(h, "plan", "Counts"), "skip", n) }
	}
	rests := func(n int) func(map[string]any) { return func(h map[string]any) { set(h, "rests", n) } }
	replaced := func(s, old, with string) string { return replace(old, with)(s) }
	i := 0 // each way has its turn
	for name, c := range map[string]change{
		"newer format": {head: func(h map[string]any) { set(h, "format_version", 2); set(h, "herald", "9.1.0") }, want: "herald 9.1.0 wrote it in format 2"},
		"newer herald": {head: func(h map[string]any) { set(h, "herald", "9.1.0"); set(h, "since_9", true) }, want: "herald 9.1.0 wrote it"},
		"herald of tricks": {head: func(h map[string]any) {
			set(h, "format_version", 7)
			set(h, "herald", "\x1b[2J\u202e\n"+strings.Repeat("x", 5000))
		}, want: `\u001b[2J\u202e\n`},
		"no format":           {head: func(h map[string]any) { delete(h, "format_version") }, want: "no format_version"},
		"format zero":         {head: func(h map[string]any) { set(h, "format_version", 0) }, want: "no format_version"},
		"format of words":     {head: func(h map[string]any) { set(h, "format_version", "1") }, want: notSo},
		"unknown member":      {head: func(h map[string]any) { set(h, "also", 1) }, want: "unknown field"},
		"unknown deep member": {head: func(h map[string]any) { set(group(h), "also", 1) }, want: notSo},
		"member of tricks":    {head: func(h map[string]any) { set(h, "\x1b[31m\u202e", 1) }, want: notSo},
		"groups of words":     {head: func(h map[string]any) { set(h["plan"], "Groups", "many") }, want: notSo},
		"plan is null":        {head: func(h map[string]any) { set(h, "plan", nil) }, want: notSo},
		"no plan":             {head: func(h map[string]any) { delete(h, "plan") }, want: notSo},
		"time of words":       {head: func(h map[string]any) { set(h, "not_after", "tomorrow") }, want: notSo},
		"count too large":     {head: func(h map[string]any) { set(group(h), "Count", json.Number("99999999999999999999")) }, want: notSo},
		"fewer shown":         {head: func(h map[string]any) { set(group(h), "Count", 1); set(group(h), "Samples", []any{}) }, want: "differently than it has them"},
		"more shown":          {head: func(h map[string]any) { set(group(h), "Count", 4) }, want: "differently than it has them"},
		"more samples":        {head: func(h map[string]any) { set(group(h), "Count", 2) }, want: "shows more messages"},
		"summary differs":     {head: func(h map[string]any) { set(in(h, "plan", "Counts"), "send", 1) }, want: "differently than it has them"},
		"summary below zero":  {head: func(h map[string]any) { set(in(h, "plan", "Counts"), "send", -3) }, want: "differently than it has them"},
		"lane counts less":    {head: func(h map[string]any) { set(lane(h), "Sends", 2) }, want: "more steps than its lane"},
		"lane counts more":    {head: func(h map[string]any) { set(lane(h), "Sends", 4) }, want: "other steps than it counts"},
		"lane counts below 0": {head: func(h map[string]any) { set(lane(h), "Sends", -1) }, want: notSo},
		"lane twice":          {head: func(h map[string]any) { set(h["plan"], "Lanes", []any{lane(h), lane(h)}) }, want: notSo},
		"lane of no account":  {head: func(h map[string]any) { set(h["plan"], "Lanes", []any{lane(h), map[string]any{"Account": "heyx"}}) }, want: "which account that is"},
		"no accounts":         {head: func(h map[string]any) { set(h, "accounts", []any{}) }, want: "which account that is"},
		"account twice":       {head: func(h map[string]any) { set(h, "accounts", []any{in(h, "accounts", 0), in(h, "accounts", 0)}) }, want: "twice"},
		"no people":           {head: func(h map[string]any) { set(h, "with", map[string]any{}) }, want: "whom the sequence"},
		"another sample":      {head: func(h map[string]any) { set(in(group(h), "Samples", 0, "Send"), "Key", "c9") }, want: "does not send it"},
		"sample of another":   {head: func(h map[string]any) { set(in(group(h), "Samples", 0, "Send"), "Name", "other") }, want: notSo},
		"message of tricks":   {head: func(h map[string]any) { set(in(group(h), "Message"), "Name", "\x1b[31m\u202e") }, want: "is no name"},
		"account of tricks":   {head: func(h map[string]any) { set(group(h), "Account", "[x](http://example.com)") }, want: "is no name"},
		"reach of tricks":     {head: func(h map[string]any) { set(in(h, "plan", "Reach", 0), "Sequence", "1. x") }, want: "is no name"},
		"reason of tricks":    {head: func(h map[string]any) { set(group(h), "Reason", "\x1b[31m\u202e") }, want: "no words of its own"},
		"effect of tricks": {head: func(h map[string]any) {
			set(h["plan"], "Edits", []any{map[string]any{"Message": map[string]any{"Sequence": "a", "Name": "b"}, "Effect": "\x1b[2J"}})
		}, want: "no words of its own"},
		"group of another":     {head: func(h map[string]any) { set(in(group(h), "Message"), "Name", "other"); set(group(h), "Samples", nil) }, want: "differently than it has them"},
		"no steps shown":       {head: func(h map[string]any) { set(h["plan"], "Groups", []any{}); set(h["plan"], "Counts", map[string]any{}) }, want: "differently than it has them"},
		"skips unsaid":         {more: map[string]string{settledName: skipped}, want: "which no lane of it has"},
		"skips fewer":          {head: skips(2), more: map[string]string{settledName: skipped}, want: "differently than it has them"},
		"skips more":           {head: skips(1), more: map[string]string{settledName: skipped + skipped}, want: "more lines than it counts"},
		"skips none":           {head: skips(1), want: "differently than it has them"},
		"skip of nothing":      {head: skips(1), more: map[string]string{settledName: replaced(skipped, `"hello"`, `"x["`)}, want: "address of no send"},
		"skip that sends":      {head: skips(1), more: map[string]string{settledName: replaced(skipped, `"skip"`, `"send"`)}, want: "to be settled by send"},
		"skip taken as sent":   {head: skips(1), more: map[string]string{settledName: replaced(skipped, `"skip"`, `"assume"`)}, want: "differently than it has them"},
		"skip with a member":   {head: skips(1), more: map[string]string{settledName: replaced(skipped, `{`, `{"also":1,`)}, want: "unknown field"},
		"skip of tricks":       {head: skips(1), more: map[string]string{settledName: replaced(skipped, `{`, `{"\u001b[31m\u202e`+strings.Repeat("x", 9000)+`":1,`)}, want: "unknown field"},
		"skip cut":             {head: skips(1), more: map[string]string{settledName: strings.TrimSpace(skipped)}, want: "cannot be read"},
		"rests unsaid":         {more: map[string]string{restsName: rested}, want: "which no lane of it has"},
		"rests fewer":          {head: rests(2), more: map[string]string{restsName: rested}, want: "rests on other sends"},
		"rests more":           {head: rests(1), more: map[string]string{restsName: rested + rested}, want: "more lines than it counts"},
		"rests none":           {head: rests(1), want: "rests on other sends"},
		"rests below zero":     {head: rests(-1), want: "rests on other sends"},
		"rests on nothing":     {head: rests(1), more: map[string]string{restsName: replaced(rested, `"hello"`, `"\u001b]0;"`)}, want: "address of no send"},
		"rests on noise":       {head: rests(1), more: map[string]string{restsName: "\x00\x1b[31m\n"}, want: "cannot be read"},
		"no steps":             {steps: func(string) string { return "" }, want: "other steps than it counts"},
		"steps cut":            {steps: func(s string) string { return s[:len(s)-40] }, want: "cannot be read"},
		"steps are noise":      {steps: func(string) string { return "\x00\x1b[31m\n" }, want: "cannot be read"},
		"step twice":           {steps: func(s string) string { return s + s[:strings.Index(s, "\n")+1] }, want: "more steps than its lane"},
		"step for another":     {steps: replace(`"key":"c1"`, `"key":"c9"`), want: "does not send it"},
		"step of another":      {steps: replace(`"message":"hello"`, `"message":"other"`), want: notSo},
		"step in no lane":      {steps: replace(`"account":"digital99"`, `"account":"heyx"`), want: "goes through heyx"},
		"address of tricks":    {steps: replace(`"sequence":"news"`, `"sequence":"../\u001b[31m"`), want: "address of no send"},
		"address of nothing":   {steps: replace(`"message":"hello"`, `"message":""`), want: "address of no send"},
		"step that is none":    {steps: replace(`"action":"send"`, `"action":"skip"`), want: "no step that sends"},
		"step deletes":         {steps: replace(`"method":"POST"`, `"method":"DELETE"`), want: "no request that sends"},
		"step on another host": {steps: replace(`"path":"/`, `"path":"https://example.com/`), want: "no request that sends"},
		"step has user info":   {steps: replace(`"path":"/`, `"path":"@example.com/`), want: "no request that sends"},
		"step climbs":          {steps: replace(`"path":"/`, `"path":"/../../`), want: "climbs out"},
		"step climbs escaped":  {steps: replace(`"path":"/`, `"path":"/%2e%2E/`), want: "climbs out"},
		"lane in no plan":      {lane: "steps/heyx.jsonl", want: "which no lane of it has"},
		"more behind it":       {more: map[string]string{savedName: b.altered(nil) + "}"}, want: notSo},
		"more entries":         {more: map[string]string{"hidden.json": "{}"}, want: "which no lane of it has"},
		"lane that is empty":   {more: map[string]string{"steps/other.jsonl": ""}, want: "which no lane of it has"},
	} {
		t.Run(name, func(t *testing.T) {
			steps, entry := b.steps, "steps/digital99.jsonl"
			if c.steps != nil {
				steps = c.steps(steps)
			}
			if c.lane != "" {
				entry = c.lane
			}
			parts := map[string]string{savedName: b.altered(c.head), entry: steps}
			for name, content := range c.more {
				parts[name] = content
			}
			b.t = t
			b.forge("forged.plan", parts)
			if !strings.Contains(c.want, `\u`) { // JSON writes that in another way
				b.refusesWay(append(ways[i%len(ways)], "forged.plan"), c.want)
			}
			b.refusesWay([]string{"apply", "forged.plan"}, c.want)
			i++
		})
	}
}

// Which values make a plan that shows as it is and must not be applied here.
func TestPlansOfElsewhereAreNotApplied(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and nothing in it runs at once")
	}
	b := newPlanBench(t)
	for name, c := range map[string]struct {
		head func(map[string]any)
		want string
	}{
		"another address":     {func(h map[string]any) { set(in(h, "accounts", 0, "settings"), "base_url", "https://example.com") }, "made for another account"},
		"no address":          {func(h map[string]any) { set(in(h, "accounts", 0), "settings", map[string]any{}) }, "made for another account"},
		"another account_id":  {func(h map[string]any) { set(in(h, "accounts", 0, "settings"), "account_id", "8") }, "made for another account"},
		"more settings":       {func(h map[string]any) { set(in(h, "accounts", 0, "settings"), "also", "8") }, "made for another account"},
		"settings of tricks":  {func(h map[string]any) { set(in(h, "accounts", 0, "settings"), "base_url", "\x1b[31m\u202e\n") }, `\u001b[31m\u202e\n`},
		"rehearsal":           {func(h map[string]any) { set(h, "sandbox", true) }, "made with -sandbox"},
		"too old":             {func(h map[string]any) { set(h, "not_after", "2020-01-01T00:00:00Z") }, "could be applied until"},
		"no end":              {func(h map[string]any) { delete(h, "not_after") }, "could be applied until"},
		"forbidden":           {func(h map[string]any) { set(h["plan"], "Forbidden", []any{map[string]any{"Detail": "not today"}}) }, "forbidden"},
		"another lineage":     {func(h map[string]any) { set(h, "lineage", "\x1b[31mother") }, "rests on the ledger"},
		"lists that are none": {func(h map[string]any) { set(h, "lists", "contacts \"x\" {\n\x1b[31m") }, "Error"},
		"lists of another file": {func(h map[string]any) {
			set(h, "lists", "provider \"heyx\" {\n  base_url = \"https://example.com\"\n}\n")
		}, "Error"},
		"lists with a function": {func(h map[string]any) {
			set(h, "lists", "locals {\n  x = file(\"/etc/passwd\")\n}\ncontacts \"people\" {\n  source = local.x\n  key = \"id\"\n}\n")
		}, "Error"},
		"people unknown":    {func(h map[string]any) { set(h["with"], "news", []any{"contacts other"}) }, "does not say who that is"},
		"people of no kind": {func(h map[string]any) { set(h["with"], "news", []any{"\x1b[31m"}) }, "does not say who that is"},
	} {
		t.Run(name, func(t *testing.T) {
			b.t = t
			b.forge("forged.plan", map[string]string{savedName: b.altered(c.head), "steps/digital99.jsonl": b.steps})
			before, sent := b.files(), b.box.Count("digital99")
			code, out, errs := b.run("apply", "forged.plan")
			if code != 1 || !strings.Contains(errs, c.want) {
				t.Errorf("ends with %d, and says %s%s", code, out, errs)
			}
			if n := b.box.Count("digital99") - sent; n != 0 {
				t.Fatalf("%d messages were sent", n)
			}
			if strings.Contains(out+errs, "\x1b") || strings.Contains(out+errs, "root:") || strings.Contains(out+errs, "goroutine") {
				t.Errorf("it says %q", out+errs)
			}
			if after := b.files(); after != before {
				t.Errorf("it leaves\n%s\nwhere there was\n%s", after, before)
			}
			if out := b.good("show", "forged.plan"); strings.ContainsAny(out, "\x1b\u202e") {
				t.Errorf("show says %q", out)
			}
			if err := os.Remove(b.path("forged.plan")); err != nil {
				t.Fatal(err)
			}
		})
	}
}
