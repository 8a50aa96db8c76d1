package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"herald/executor"
	"herald/planner"
	"herald/providers/sandbox"
	"herald/state"
)

// benchCampaign writes a campaign of n people from CSV, who get one text message each.
func benchCampaign(b *testing.B, n int, baseURL, limits string) string {
	b.Helper()
	dir := b.TempDir()
	var people bytes.Buffer
	people.WriteString("id,first_name,email,phone,plan,heyx_id\n")
	for i := range n {
		fmt.Fprintf(&people, "c%07d,Ada,ada.%d@example.com,+4477009%05d,gold,%d\n", i, i, i%100000, 100000+i)
	}
	campaign := fmt.Sprintf(`
provider "heyx" {
  base_url = %q
  limits {
    %s
  }
}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
conversation "chat" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.heyx_id
}
sequence "renewal" {
  conversation = conversation.chat
  message "offer" {
    text = "Hi ${contact.first_name}, your ${contact.plan} plan renews on 2026-12-01."
  }
}
`, baseURL, limits)
	for name, content := range map[string][]byte{"people.csv": people.Bytes(), "campaign.hcl": []byte(campaign)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// BenchmarkPlan plans in a process of its own, as people do: time and memory are the whole process's.
func BenchmarkPlan(b *testing.B) {
	base := planProcess(b, 1)
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("contacts=%d", n), func(b *testing.B) {
			var p process
			for b.Loop() {
				p = planProcess(b, n)
			}
			b.ReportMetric(p.wall.Seconds(), "s")
			b.ReportMetric(float64(p.peak)/(1<<20), "peak-MiB")
			b.ReportMetric(float64((p.wall-base.wall).Nanoseconds())/float64(n), "ns/send")
			b.ReportMetric(float64(p.peak-base.peak)/float64(n), "peak-B/send")
			b.ReportMetric(0, "ns/op")
		})
	}
}

type process struct {
	wall time.Duration
	peak int64 // bytes
}

func planProcess(b *testing.B, n int) process {
	b.Helper()
	cmd := exec.Command("herald", "-chdir="+benchCampaign(b, n, "https://example.com", "requests = 25"), "plan", "-json")
	cmd.Stdout = io.Discard
	var problems bytes.Buffer
	cmd.Stderr = &problems
	began := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%v: %s", err, problems.String())
	}
	return process{wall: time.Since(began), peak: cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10}
}

// BenchmarkApply sends 20,000 messages to an emulator in another process, 64 in flight, without a rate limit that
// matters: with the ledger's two durable writes a send, and, in the same run, by the bare tuned HTTP client, in turn.
func BenchmarkApply(b *testing.B) {
	const sends, inFlight, pairs = 20_000, 64, 7
	defer debug.SetGCPercent(debug.SetGCPercent(runGC)) // as apply does; the bare client has it too
	emulator := startEmulator(b, emulatorOptions{NoLimits: true, Forget: true})
	heyx := emulator.vendor(sandbox.HeyX)
	var bare, whole, ratio []float64
	for b.Loop() {
		for range pairs {
			bare = append(bare, bareRate(b, heyx, sends, inFlight))
			whole = append(whole, ledgerRate(b, heyx, sends, inFlight))
			ratio = append(ratio, whole[len(whole)-1]/bare[len(bare)-1])
		}
	}
	b.ReportMetric(median(bare), "bare-sends/s")
	b.ReportMetric(median(whole), "herald-sends/s")
	b.ReportMetric(median(ratio), "ratio")
	b.ReportMetric(slices.Min(ratio), "ratio-min")
	b.ReportMetric(slices.Max(ratio), "ratio-max")
	b.ReportMetric(0, "ns/op")
}

// median gives the middle of some figures: a machine's speed drifts, so one pair says little.
func median(figures []float64) float64 {
	sorted := slices.Sorted(slices.Values(figures))
	return sorted[len(sorted)/2]
}

func bareRate(b *testing.B, v sandbox.Vendor, sends, inFlight int) float64 {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{
		DialContext: (&net.Dialer{}).DialContext, MaxIdleConns: inFlight, MaxIdleConnsPerHost: inFlight, DisableCompression: true,
	}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var workers sync.WaitGroup
	began := time.Now()
	for range inFlight {
		workers.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(sends) {
					return
				}
				body := []byte(`{"body":[{"type":"text","text":"Hi Ada, your gold plan renews on 2026-12-01."}]}`)
				req, err := http.NewRequest("POST", fmt.Sprintf("%s/api/v1/message/sendContent/%d", v.URL, i), bytes.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				req.Header.Set("Authorization", "Bearer "+v.Token)
				req.Header.Set("Content-Type", "application/json")
				resp, err := client.Do(req)
				if err != nil {
					b.Error(err)
					return
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					b.Errorf("status %d", resp.StatusCode)
				}
			}
		})
	}
	workers.Wait()
	return float64(sends) / time.Since(began).Seconds()
}

func ledgerRate(b *testing.B, v sandbox.Vendor, sends, inFlight int) float64 {
	b.Helper()
	dir := benchCampaign(b, sends, v.URL, fmt.Sprintf("concurrency = %d", inFlight))
	result, took := applyBench(b, dir, v, func(l *executor.Lane) { l.Limits.Requests = 0 })
	if c := result.Counts(); c.Sent != sends {
		b.Fatalf("sent %+v of %d: %v", c, sends, result.Err())
	}
	return float64(sends) / took.Seconds()
}

// applyBench plans and sends a campaign with a real ledger, and gives how long the sending took. Adjust may change what
// the campaign says of its lanes.
func applyBench(b *testing.B, dir string, v sandbox.Vendor, adjust func(*executor.Lane)) (executor.Summary, time.Duration) {
	b.Helper()
	ctx := context.Background()
	e := newEnv(nil, io.Discard, os.Stderr)
	e.dir = dir
	e.getenv = func(name string) (string, bool) { return v.Token, name == "HEYX_TOKEN" }
	s, err := openSession(e, campaignOptions{}, newTextView(e))
	if err != nil {
		b.Fatal(err)
	}
	defer s.close()
	known, err := state.Read(ctx, s.ledger)
	if err != nil {
		b.Fatal(err)
	}
	steps := planner.NewStepFiles()
	defer steps.Close()
	p, err := s.plan(ctx, planOptions{limit: -1}, known, nil, newLearned(), newTextView(e), steps.Add)
	if err != nil {
		b.Fatal(err)
	}
	ledger, err := state.Open(ctx, s.ledger, state.Options{Version: Version, Create: true})
	if err != nil {
		b.Fatal(err)
	}
	defer ledger.Close()
	if _, err := ledger.StartRun(ctx, state.Run{Who: "bench", Started: time.Now()}, p.Definitions, p.KeyAttributes, p.Outlines); err != nil {
		b.Fatal(err)
	}
	lanes, err := s.lanes(p, work{steps: steps, lists: &planner.Suppression{}}, known)
	if err != nil {
		b.Fatal(err)
	}
	for i := range lanes {
		adjust(&lanes[i])
	}
	began := time.Now()
	result, err := executor.Run(ctx, lanes, executor.Options{Ledger: ledger})
	took := time.Since(began)
	if err != nil {
		b.Fatal(err)
	}
	return result, took
}

// BenchmarkLimit sends for 20 s at 25 per 1s to emulators that answer after 1, 10 and 200 ms: how many requests came
// in the worst sliding second, as the server saw it, and the share of the allowed rate that was used.
func BenchmarkLimit(b *testing.B) {
	const seconds = 20
	for _, latency := range []time.Duration{time.Millisecond, 10 * time.Millisecond, 200 * time.Millisecond} {
		b.Run("latency="+latency.String(), func(b *testing.B) {
			var worst int
			var share float64
			for b.Loop() {
				emulator := startEmulator(b, emulatorOptions{Latency: latency})
				v := emulator.vendor(sandbox.HeyX)
				result, took := applyBench(b, benchCampaign(b, 25*seconds, v.URL, "requests = 25"), v, func(*executor.Lane) {})
				if c := result.Counts(); c.Sent != 25*seconds {
					b.Fatalf("sent %+v: %v", c, result.Err())
				}
				worst = emulator.seen(b).Worst
				// n requests begin in n-1 intervals; the last one is still answered.
				share = float64(25*seconds-1) / (took - latency).Seconds() / 25
			}
			b.ReportMetric(float64(worst), "worst-second")
			b.ReportMetric(share*100, "%-of-rate")
			b.ReportMetric(0, "ns/op")
		})
	}
}
