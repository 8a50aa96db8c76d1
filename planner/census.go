package planner

import (
	"context"

	"herald/spec"
)

// Census counts whom each source and each audience of a campaign has, as a list of its own: by kind and name, as in
// contacts.customers. One whose people cannot be read is not in it; the plan says why, when somebody needs them. The error is
// that ctx ended.
func Census(ctx context.Context, c *spec.Campaign) (map[string]int, error) {
	var refs []spec.Ref
	for _, name := range sortedNames(c.Sources) {
		refs = append(refs, spec.Ref{Kind: spec.RefContacts, Name: name})
	}
	for _, name := range sortedNames(c.Audiences) {
		refs = append(refs, spec.Ref{Kind: spec.RefAudience, Name: name})
	}
	counts := map[string]int{}
	for _, ref := range refs {
		found := newFindings()
		pp, u, list, n := newPeople(ctx, c, found), newUses(), []spec.Ref{ref}, 0
		pp.begin(list, func(string) {})
		pp.known = pp.survey(list, u)
		for range pp.stream(list, u) {
			n++
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if pp.err == nil && !found.errors {
			counts[string(ref.Kind)+"."+ref.Name] = n
		}
	}
	return counts, nil
}
