package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"herald/internal/browsertest"
	"herald/internal/sealed"
)

// BenchmarkSealed seals plans and reads them, each in a process of its own: what that costs beside planning alone, for each
// send, and how it grows. Time and memory are the whole process's; ratios are of the processors' time,
// which other work on the machine moves little, to that of planning in the same round.
func BenchmarkSealed(b *testing.B) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("sends=%d", n), func(b *testing.B) {
			dir := crowd(b, n)
			var plan, seal, encrypt, show, decrypt, verify, open sampled
			for b.Loop() {
				for range 3 {
					plan.add(command(b, dir, io.Discard, nil, "plan"))
					seal.add(command(b, dir, io.Discard, nil, "plan", "-out=a.plan"))
					encrypt.add(command(b, dir, io.Discard, nil, "plan", "-out=b.plan", "-encrypt-to="+key.Recipient().String()))
					show.add(command(b, dir, io.Discard, nil, "show", "a.plan"))
					decrypt.add(command(b, dir, io.Discard, []string{sealed.IdentityVariable + "=" + key.String()}, "show", "b.plan"))
					verify.add(cost{wall: verified(b, filepath.Join(dir, "a.plan"), "")})
					open.add(cost{wall: verified(b, filepath.Join(dir, "b.plan"), key.String())})
				}
			}
			b.ReportMetric(size(b, dir, "a.plan")/float64(n), "B/send")
			b.ReportMetric(size(b, dir, "b.plan")/float64(n), "B/send-encrypted")
			for name, s := range map[string]sampled{"plan": plan, "seal": seal, "seal-encrypted": encrypt, "show": show, "show-encrypted": decrypt} {
				b.ReportMetric(median(s.wall), name+"-s")
				b.ReportMetric(median(s.cpu), name+"-cpu-s")
				b.ReportMetric(median(s.peak), name+"-MiB")
			}
			b.ReportMetric(median(verify.wall), "verify-s")
			b.ReportMetric(median(open.wall), "verify-encrypted-s")
			b.ReportMetric(median(seal.over(plan)), "seal/plan")
			b.ReportMetric(median(encrypt.over(plan)), "seal-encrypted/plan")
			b.ReportMetric(median(show.over(plan)), "show/plan")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkReview draws sealed plans for those who approve them: how large a comment and a page become, and how long drawing
// them takes.
func BenchmarkReview(b *testing.B) {
	for _, n := range []int{1, 1000, 100_000} {
		b.Run(fmt.Sprintf("people=%d", n), func(b *testing.B) {
			dir := crowd(b, n)
			command(b, dir, io.Discard, nil, "plan", "-out=a.plan")
			var markdown, html sampled
			var comment bytes.Buffer
			for b.Loop() {
				for range 3 {
					comment.Reset()
					markdown.add(command(b, dir, &comment, nil, "show", "-markdown", "a.plan"))
					html.add(command(b, dir, io.Discard, nil, "show", "-html=a.html", "a.plan"))
				}
			}
			b.ReportMetric(float64(len([]rune(comment.String()))), "markdown-characters")
			b.ReportMetric(median(markdown.wall), "markdown-s")
			b.ReportMetric(median(markdown.cpu), "markdown-cpu-s")
			b.ReportMetric(median(markdown.peak), "markdown-MiB")
			b.ReportMetric(size(b, dir, "a.html"), "html-B")
			b.ReportMetric(median(html.wall), "html-s")
			b.ReportMetric(median(html.cpu), "html-cpu-s")
			b.ReportMetric(median(html.peak), "html-MiB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkPage opens the page of a plan for 100,000 people in a browser, by the browser's own clock: until its script has run
// and it can be used, until it is loaded, until something is seen, and until a search is answered.
func BenchmarkPage(b *testing.B) {
	const loads = 15
	browser := browsertest.Open(b, "hide-scrollbars")
	dir := crowd(b, 100_000)
	command(b, dir, io.Discard, nil, "plan", "-out=a.plan")
	command(b, dir, io.Discard, nil, "show", "-html=a.html", "a.plan")
	const timing = `new Promise((done) => new PerformanceObserver((seen) => {
		const t = performance.getEntriesByType("navigation")[0];
		if (t.loadEventEnd) done([t.domContentLoadedEventEnd, t.loadEventEnd, seen.getEntriesByName("first-contentful-paint")[0].startTime]);
	}).observe({type: "paint", buffered: true}))`
	const search = `new Promise((done) => {
		const words = document.querySelector("input[name=q]"), found = document.getElementById("found"), began = performance.now();
		new MutationObserver(() => done(performance.now() - began)).observe(found, {childList: true, characterData: true, subtree: true});
		words.value = "nowhere"; words.dispatchEvent(new Event("input", {bubbles: true})); })`
	var usable, loaded, seen, answered []float64
	for b.Loop() {
		for range loads {
			browser.Visit(b, "about:blank", browsertest.Window{Width: 1280, Height: 900, Scheme: "light", Still: true})
			browser.Visit(b, browsertest.FileAddress(filepath.Join(dir, "a.html")), browsertest.Window{Width: 1280, Height: 900, Scheme: "light", Still: true})
			if browsertest.Eval[bool](b, browser, `document.getElementById("filters").hidden`) {
				b.Fatal("the page is loaded, and its script did not run")
			}
			t := browsertest.Eval[[]float64](b, browser, timing)
			usable, loaded, seen = append(usable, t[0]), append(loaded, t[1]), append(seen, t[2])
			answered = append(answered, browsertest.Eval[float64](b, browser, search))
		}
	}
	b.ReportMetric(median(usable), "usable-ms")
	b.ReportMetric(median(loaded), "loaded-ms")
	b.ReportMetric(median(seen), "seen-ms")
	b.ReportMetric(median(answered), "search-ms") // it waits 80 ms for the next letter
	b.ReportMetric(size(b, dir, "a.html"), "html-B")
	b.ReportMetric(0, "ns/op")
}

// crowd writes a campaign of n people who differ as real ones do: what is alike among them costs a sealed plan next to nothing.
func crowd(b *testing.B, n int) string {
	b.Helper()
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	names := []string{"Ada", "Grace", "Katherine", "Yukihiro", "Barbara", "Niklaus", "Margaret", "Ken", "Radia", "Edsger", "Frances", "Tony", "Noa", "Chika", "Anita", "Donald"}
	random := rand.New(rand.NewPCG(1, 2))
	var people bytes.Buffer
	people.WriteString("id,first_name,plan,renews,viber_id\n")
	id := make([]byte, 22)
	for i := range n {
		for j := range id {
			id[j] = letters[random.IntN(len(letters))]
		}
		fmt.Fprintf(&people, "c%07d,%s,%s,2027-%02d-%02d,%s==\n", i, names[random.IntN(len(names))],
			[]string{"gold", "silver", "team"}[random.IntN(3)], 1+random.IntN(12), 1+random.IntN(28), id)
	}
	dir := b.TempDir()
	for name, content := range map[string]string{"people.csv": people.String(), "campaign.hcl": `
provider "heyx" {}
contacts "people" {
  source = "people.csv"
  key    = "id"
}
conversation "viber" {
  provider   = heyx
  with       = contacts.people
  contact_id = contact.viber_id
}
sequence "renewal" {
  conversation = conversation.viber
  message "offer" {
    text = "Hi ${contact.first_name}, your ${contact.plan} plan renews on ${contact.renews}. Answer here to change it, or let it go on as it is."
  }
}
`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// cost is what a command took: time, the processors' time, and the most memory that it had, in bytes.
type cost struct {
	wall, cpu time.Duration
	peak      int64
}

// sampled is what a command took the times that it ran, in seconds and MiB.
type sampled struct{ wall, cpu, peak []float64 }

func (s *sampled) add(c cost) {
	s.wall = append(s.wall, c.wall.Seconds())
	s.cpu = append(s.cpu, c.cpu.Seconds())
	s.peak = append(s.peak, float64(c.peak)/(1<<20))
}

// over gives how many times as much s took as what ran beside it.
func (s *sampled) over(other sampled) (ratios []float64) {
	for i := range s.cpu {
		ratios = append(ratios, s.cpu[i]/other.cpu[i])
	}
	return ratios
}

// command runs herald in a process of its own.
func command(b *testing.B, dir string, out io.Writer, env []string, args ...string) cost {
	b.Helper()
	lean()
	cmd := exec.Command("herald", append([]string{"-chdir=" + dir}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout = out
	var problems bytes.Buffer
	cmd.Stderr = &problems
	began := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("herald %q: %v: %s", args, err, problems.String())
	}
	did := cmd.ProcessState
	return cost{time.Since(began), did.UserTime() + did.SystemTime(), did.SysUsage().(*syscall.Rusage).Maxrss << 10}
}

// lean makes this process as small as it can be. What it starts begins with the peak of whoever started it, as Linux counts.
func lean() {
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // forgets the peak so far; where that cannot be, peaks show too high
}

// verified tells how long it takes to open a plan and compare it with its digest, as everything does that reads one.
func verified(b *testing.B, path, identity string) time.Duration {
	b.Helper()
	began := time.Now()
	f, err := sealed.Open(context.Background(), path, sealed.Options{Identity: identity})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	return time.Since(began)
}

// size gives the bytes of a file.
func size(b *testing.B, dir, name string) float64 {
	b.Helper()
	info, err := os.Stat(filepath.Join(dir, name))
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size())
}
