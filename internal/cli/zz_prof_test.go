package cli

import (
	"syscall"
	"testing"
	"time"

	"herald/executor"
	"herald/state"
	"herald/providers/sandbox"
)

func cpuNow() time.Duration {
	var ru syscall.Rusage
	syscall.Getrusage(0, &ru)
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

func BenchmarkZWhole(b *testing.B) {
	emulator := startEmulator(b, emulatorOptions{NoLimits: true, Forget: true})
	heyx := emulator.vendor(sandbox.HeyX)
	for b.Loop() {
		bare0 := cpuNow()
		bare := bareRate(b, heyx, 20000, 64)
		bare1 := cpuNow()
		dir := benchCampaign(b, 40000, heyx.URL, "concurrency = 64")
		var c0 time.Duration
		_, took := applyBench(b, dir, heyx, func(l *executor.Lane) { l.Limits.Requests = 0; c0 = cpuNow() })
		state.ZzPrint()
		b.Logf("bare %.0f/s cpu %.1fµs  herald %.0f/s cpu %.1fµs ratio %.2f", bare, float64((bare1-bare0).Microseconds())/20000, 40000/took.Seconds(), float64((cpuNow()-c0).Microseconds())/40000, 40000/took.Seconds()/bare)
	}
}
