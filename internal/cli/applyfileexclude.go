package cli

import (
	"context"
	"strings"

	"herald/internal/table"
	"herald/planner"
	"herald/spec"
)

// suppress reads the exclude lists again, as the plan has defined them.
func (p *savedPlan) suppress(ctx context.Context, s *session, v view) (*planner.Suppression, error) {
	lists, diags := spec.LoadLists(s.campaign.Root, []byte(p.Lists), spec.Inputs{Schemas: schemas(s.env.registry), Version: Version, Header: table.Header})
	if !diags.HasErrors() {
		if err := p.listed(lists); err != nil {
			return nil, err
		}
		again, more, err := p.Saved.Suppress(ctx, lists)
		if err != nil {
			return nil, err
		}
		v.diagnostics(more, lists)
		if !more.HasErrors() {
			return again, nil
		}
		return nil, errShown
	}
	v.diagnostics(diags, lists)
	return nil, errShown
}

// listed refuses people whom the plan's own lists do not have: whoever excludes them could not be read.
func (p *savedPlan) listed(lists *spec.Campaign) error {
	for _, refs := range p.With {
		for _, ref := range refs {
			kind, name, _ := strings.Cut(ref, " ")
			known := false
			switch spec.RefKind(kind) {
			case spec.RefContact:
				known = lists.Contacts[name] != nil
			case spec.RefContacts:
				known = lists.Sources[name] != nil
			case spec.RefAudience:
				known = lists.Audiences[name] != nil
			}
			if !known {
				return unlike("it is with %s, and does not say who that is", ref)
			}
		}
	}
	return nil
}
