package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"herald/providers/sandbox"
	"herald/state"
)

// BenchmarkStrain keeps 25 per 1s while a fifth of the requests is answered with 429, and across runs that are killed and
// begin again at once: how many requests came in the worst sliding second, as the server saw it.
func BenchmarkStrain(b *testing.B) {
	b.Run("throttled=20%", func(b *testing.B) {
		var worst int
		for b.Loop() {
			emulator := startEmulator(b, emulatorOptions{Throttle: 0.2})
			v := emulator.vendor(sandbox.HeyX)
			dir := benchCampaign(b, 200, v.URL, "requests = 25")
			herald := heraldIn(b, dir, v)
			if out, err := herald("apply", "-auto-approve").CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
			worst = emulator.seen(b).Worst
		}
		b.ReportMetric(float64(worst), "worst-second")
		b.ReportMetric(0, "ns/op")
	})
	b.Run("killed", func(b *testing.B) {
		var worst, kills int
		for b.Loop() {
			emulator := startEmulator(b, emulatorOptions{})
			v := emulator.vendor(sandbox.HeyX)
			dir := benchCampaign(b, 400, v.URL, "requests = 25")
			herald := heraldIn(b, dir, v)
			for kills = 0; kills < 10; kills++ {
				cmd := herald("apply", "-auto-approve")
				if err := cmd.Start(); err != nil {
					b.Fatal(err)
				}
				time.Sleep(1500 * time.Millisecond)
				cmd.Process.Kill()
				cmd.Wait()
			}
			worst = emulator.seen(b).Worst
		}
		b.ReportMetric(float64(worst), "worst-second")
		b.ReportMetric(float64(kills), "kills")
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkResume kills a run of 100,000 sends in the middle and measures the next one from its start to its first
// request, and the planning within it.
func BenchmarkResume(b *testing.B) {
	const sends = 100_000
	var resumed time.Duration
	var done int
	for b.Loop() {
		emulator := startEmulator(b, emulatorOptions{NoLimits: true, Forget: true})
		v := emulator.vendor(sandbox.HeyX)
		dir := benchCampaign(b, sends, v.URL, "requests = 1000000\n    concurrency = 64")
		herald := heraldIn(b, dir, v)
		cmd := herald("apply", "-auto-approve")
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		for emulator.seen(b).Count < sends/2 {
			time.Sleep(5 * time.Millisecond)
		}
		cmd.Process.Kill()
		cmd.Wait()
		view, err := state.Read(b.Context(), filepath.Join(dir, "herald.state"))
		if err != nil {
			b.Fatal(err)
		}
		if len(view.Doubt) > 64 {
			b.Errorf("%d in doubt after the kill", len(view.Doubt))
		}
		done = emulator.seen(b).Count
		began := time.Now()
		again := herald("apply", "-auto-approve")
		if err := again.Start(); err != nil {
			b.Fatal(err)
		}
		for emulator.seen(b).Count == done {
			time.Sleep(time.Millisecond)
		}
		resumed = time.Since(began)
		again.Process.Signal(syscall.SIGTERM)
		again.Wait()
	}
	b.ReportMetric(resumed.Seconds(), "s-to-resume")
	b.ReportMetric(float64(done), "sent-before")
	b.ReportMetric(0, "ns/op")
}

// heraldIn gives herald as a process of its own, in a campaign's directory.
func heraldIn(b *testing.B, dir string, v sandbox.Vendor) func(args ...string) *exec.Cmd {
	b.Helper()
	path := filepath.Join(b.TempDir(), "herald")
	if out, err := exec.Command("go", "build", "-o", path, "herald").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return func(args ...string) *exec.Cmd {
		cmd := exec.Command(path, append([]string{"-chdir=" + dir}, args...)...)
		cmd.Env = append(os.Environ(), "HEYX_TOKEN="+v.Token)
		return cmd
	}
}
