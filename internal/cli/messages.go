package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/providers"
	"herald/spec"
)

// defaultSince is how far back messages are read when nobody says.
const defaultSince = 24 * time.Hour

type messagesOptions struct {
	campaignOptions
	since, until, conversation string
	limit                      int
	devices, json              bool
}

func messagesCommand(e *env) *cli.Command {
	var o messagesOptions
	return &cli.Command{
		Name:      "messages",
		Usage:     "read messages back from a provider that lists them",
		ArgsUsage: "ACCOUNT",
		Description: "ACCOUNT is a provider block: its type, or type.alias. Newest first. Avaamo lists all of an agent's\n" +
			"messages or those of one conversation; Chatwoot and 99digital list one conversation. Nothing is changed,\n" +
			"neither there nor in the ledger.",
		Flags: append(o.valueFlags(e),
			&cli.StringFlag{Name: "since", Usage: "from `T` on: an instant, or how long ago, say 2h (24h unless given)", Destination: &o.since},
			&cli.StringFlag{Name: "until", Usage: "up to `T`, likewise (now unless given)", Destination: &o.until},
			&cli.StringFlag{Name: "conversation", Usage: "only the conversation `ID`, as the provider names it", Destination: &o.conversation},
			&cli.IntFlag{Name: "limit", Usage: "at most `N` messages (1000 unless given)", Value: 1000, HideDefault: true, Destination: &o.limit},
			&cli.BoolFlag{Name: "device-info", Usage: "also what the person's device is, where the provider tells", Destination: &o.devices},
			documentFlag(e, &o.json)),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 1 {
				return fmt.Errorf("give one account, as in: herald messages avaamo -since=2h")
			}
			if c.IsSet("conversation") && o.conversation == "" {
				return fmt.Errorf("-conversation is empty, an unset variable perhaps; leave it out to read all conversations")
			}
			return messages(ctx, e, o, c.Args().First())
		},
	}
}

func messages(ctx context.Context, e *env, o messagesOptions, name string) error {
	q, err := o.query(e.now())
	if err != nil {
		return err
	}
	v := newDocumentView(e, o.json)
	ctx, drain := interrupts(ctx, func() {})
	ctx, cancel := untilDrained(ctx, drain)
	defer cancel()
	s, err := openSession(e, o.campaignOptions, v)
	if err != nil {
		return err
	}
	defer s.close()
	a := s.accounts[name]
	if a == nil {
		return fmt.Errorf("there is no provider block %s.%s", report.Escape(name), suggest(name, slices.Sorted(maps.Keys(s.accounts)), ""))
	}
	lister, can := a.provider.(providers.Lister)
	if !can {
		return fmt.Errorf("%s lists no messages: its vendor has no way to read them back", name)
	}
	m := report.Messages{FormatVersion: "1.0", Account: name, Since: q.Since.UTC(), Until: q.Until.UTC(), Messages: []providers.Listed{}}
	style := e.style(e.out)
	err = a.pages(ctx, lister, q, v, func(page providers.Page) (more bool) {
		room := o.limit - m.Count
		fits := page.Messages[:min(len(page.Messages), room)]
		m.Count += len(fits)
		m.More = len(page.Messages) > room || page.Next != "" && m.Count == o.limit
		if o.json {
			m.Messages = append(m.Messages, fits...)
		} else {
			m.Rows(e.out, style, fits) // page by page: what was read is shown, whatever comes after it
		}
		return m.Count < o.limit
	})
	if o.json {
		if err != nil {
			m.Error = err.Error()
		}
		if err := report.Document(e.out, m); err != nil {
			return err
		}
	} else {
		m.Text(e.out)
	}
	if err != nil && o.json {
		return errShown
	}
	return err
}

// query reads the bounds.
func (o *messagesOptions) query(now time.Time) (providers.Query, error) {
	q := providers.Query{Conversation: o.conversation, Since: now.Add(-defaultSince), Until: now, Devices: o.devices}
	for _, bound := range []struct {
		flag, text string
		to         *time.Time
	}{{"since", o.since, &q.Since}, {"until", o.until, &q.Until}} {
		if bound.text == "" {
			continue
		}
		at, err := instant(bound.text, now)
		if err != nil {
			return q, fmt.Errorf("-%s=%s: %w", bound.flag, report.Escape(bound.text), err)
		}
		*bound.to = at
	}
	switch {
	case !q.Since.Before(q.Until):
		return q, fmt.Errorf("-since (%s) is not before -until (%s)", q.Since.UTC().Format(time.RFC3339), q.Until.UTC().Format(time.RFC3339))
	case o.limit < 1:
		return q, fmt.Errorf("-limit=%d: give the number of messages, 1 or more", o.limit)
	}
	return q, nil
}

// instant reads an instant, or how long ago one was.
func instant(text string, now time.Time) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	d, err := spec.ParseDuration(text)
	if err != nil || d < 0 {
		return time.Time{}, fmt.Errorf("give an instant as 2026-12-01T09:00:00Z, or how long ago as 90m, 24h, 7d or 2w")
	}
	return now.Add(-d), nil
}

// pages reads page after page, each one interval of the account's limit after the last, until more says that it is
// enough or there are none.
func (a *account) pages(ctx context.Context, l providers.Lister, q providers.Query, v view, more func(providers.Page) bool) error {
	for {
		page, err := a.page(ctx, l, q, v)
		if err != nil {
			return err
		}
		if !more(page) || page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
		if err := pause(ctx, a.decl.Limits.Per/time.Duration(a.decl.Limits.Requests)); err != nil {
			return err
		}
	}
}

// page reads one page; reading changes nothing, so what fails on the way is asked for again, as the account's retry says.
func (a *account) page(ctx context.Context, l providers.Lister, q providers.Query, v view) (providers.Page, error) {
	retry := a.decl.Retry
	for attempt := 1; ; attempt++ {
		page, out := l.List(ctx, q)
		if out.Class == providers.Accepted {
			return page, nil
		}
		again := out.Class == providers.Throttled || out.Class == providers.NotSent || out.Class == providers.Unknown
		if !again || attempt >= retry.MaxAttempts || ctx.Err() != nil {
			return page, fmt.Errorf("%s: %s", a.config.Name(), report.Escape(out.Reason))
		}
		wait := max(out.After, min(retry.MinBackoff<<(attempt-1), retry.MaxBackoff))
		v.warn(fmt.Sprintf("%s: %s; asking again in %s", a.config.Name(), out.Reason, wait.Round(time.Millisecond)))
		if err := pause(ctx, wait); err != nil {
			return page, err
		}
	}
}

// pause waits, unless ctx ends before.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return errors.New("interrupted")
	case <-t.C:
		return nil
	}
}
