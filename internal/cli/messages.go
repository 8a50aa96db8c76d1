package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
	"herald/providers"
	"herald/spec"
)

// How far back messages are read when nobody says, and how often a page is asked for again when the vendor is busy.
const (
	defaultSince = 24 * time.Hour
	pageAttempts = 5
)

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
	for len(m.Messages) < o.limit {
		page, err := a.page(ctx, lister, q)
		if err != nil {
			return err
		}
		m.Messages = append(m.Messages, page.Messages[:min(len(page.Messages), o.limit-len(m.Messages))]...)
		m.More = len(m.Messages) == o.limit && (page.Next != "" || len(page.Messages) > o.limit)
		if page.Next == "" {
			break
		}
		q.Cursor = page.Next
	}
	if o.json {
		return report.Document(e.out, m)
	}
	m.Text(e.out, e.style(e.out))
	return nil
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

// page reads one page within the account's limit, again where the vendor asks to wait.
func (a *account) page(ctx context.Context, l providers.Lister, q providers.Query) (providers.Page, error) {
	for attempt := 1; ; attempt++ {
		page, out := l.List(ctx, q)
		wait := a.decl.Limits.Per / time.Duration(a.decl.Limits.Requests)
		again := out.Class == providers.Throttled || out.Class == providers.NotSent || out.Class == providers.Unknown
		switch {
		case out.Class == providers.Accepted && page.Next == "":
			return page, nil
		case out.Class == providers.Accepted:
		case again && attempt < pageAttempts && ctx.Err() == nil: // reading changes nothing, so it may be repeated
			wait = max(wait, out.After, a.decl.Retry.MinBackoff<<(attempt-1))
		default:
			return page, fmt.Errorf("%s: %s", a.config.Name(), report.Escape(out.Reason))
		}
		select {
		case <-ctx.Done():
			return page, fmt.Errorf("interrupted")
		case <-time.After(wait):
		}
		if out.Class == providers.Accepted {
			return page, nil
		}
	}
}
