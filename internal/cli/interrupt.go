package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interrupts turns signals into the two stops of a run: the first closes drain and calls first, the second ends ctx.
// SIGINT, SIGTERM and SIGHUP count, since CI systems cancel by the second and a lost connection sends the third. A reader
// of the output that goes away must not end the run either: from here on such writes fail and nothing else happens.
//
// The signals are never given back: the process ends soon after, and a late one must not change how.
func interrupts(parent context.Context, first func()) (ctx context.Context, drain <-chan struct{}) {
	ctx, cancel := context.WithCancel(parent)
	drained := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	signal.Ignore(syscall.SIGPIPE)
	go func() {
		<-signals
		close(drained)
		first()
		<-signals
		cancel()
	}()
	return ctx, drained
}

// untilDrained gives a context that ends with the first interrupt, for work that can be dropped.
func untilDrained(ctx context.Context, drain <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-drain:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
