package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interrupts turns signals into the two stops of a run: the first closes drain, the second ends ctx. Both SIGINT and
// SIGTERM count, since CI systems cancel by SIGTERM. stop gives the signals back.
func interrupts(parent context.Context, first func()) (ctx context.Context, drain <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	drained := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		select {
		case <-signals:
			close(drained)
			first()
		case <-done:
			return
		}
		select {
		case <-signals:
			cancel()
		case <-done:
		}
	}()
	return ctx, drained, func() {
		signal.Stop(signals)
		close(done)
		cancel()
	}
}
