package cli

import (
	"fmt"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/calendar"
	"herald/internal/report"
)

func nowFlag(to *string) cli.Flag {
	return &cli.StringFlag{Name: "now", Usage: "plan as if it were `T`, say 2026-12-01T09:00:00Z", Destination: to}
}

// setClock makes now what a flag says, "" for the real time. The clock goes on from there.
func (e *env) setClock(now string) error {
	if now == "" {
		return nil
	}
	i, err := calendar.ParseInstant(now)
	if err != nil {
		return fmt.Errorf("-now=%s: %w", report.Escape(now), err)
	}
	e.clockAt(i.In(time.UTC))
	return nil
}

// clockAt makes it that instant now.
func (e *env) clockAt(now time.Time) {
	e.shift = time.Until(now)
	e.now = func() time.Time { return time.Now().Add(e.shift) }
}

// real gives an instant of env's clock by the machine's: what limits and waiting go by. One that is still to come, by a
// clock that was put back, is now.
func (e *env) real(t time.Time) time.Time {
	if t.IsZero() || e.still {
		return time.Time{}
	}
	t = t.Add(-e.shift)
	if now := time.Now(); t.After(now) {
		return now
	}
	return t
}
