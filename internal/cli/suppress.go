package cli

import (
	"context"

	"herald/planner"
)

// suppress reads the exclude lists again, just before the first request: whoever has joined them since the plan was made is
// not written to. What is wrong with them goes to v; then nothing may be sent.
func (s *session) suppress(ctx context.Context, p *planner.Plan, v view) (*planner.Suppression, error) {
	lists, diags, err := planner.Suppress(ctx, s.campaign, p)
	if err != nil {
		return nil, err
	}
	v.diagnostics(diags, s.campaign)
	if diags.HasErrors() {
		return nil, errShown
	}
	return lists, nil
}
