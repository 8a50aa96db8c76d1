package planner

import (
	"fmt"
	"slices"

	"herald/internal/addr"
	"herald/spec"
)

// exclusion is who an audience must not reach, as hashes.
type exclusion struct {
	keys, emails, phones set
	byEmail, byPhone     bool
}

// exclusion reads an audience's exclude lists, once per plan.
func (pp *people) exclusion(a *spec.Audience) *exclusion {
	if x, ok := pp.exclude[a.Name]; ok {
		return x
	}
	x := &exclusion{}
	pp.exclude[a.Name] = x
	if len(a.Exclude) == 0 {
		return x
	}
	byKey := slices.Contains(a.ExcludeBy, "key")
	x.byEmail, x.byPhone = slices.Contains(a.ExcludeBy, attrEmail), slices.Contains(a.ExcludeBy, attrPhone)
	x.keys, x.emails, x.phones = set{}, set{}, set{}
	u := newUses()
	u.email, u.phone = x.byEmail, x.byPhone
	known, dropped := pp.known, pp.dropped
	list, out, still, unknown := pp.list, pp.out, pp.still, pp.unknown
	pp.known, pp.list, pp.still = pp.survey(a.Exclude, u), a, func(string) {}
	defer func() {
		pp.known, pp.dropped, pp.list, pp.out, pp.still, pp.unknown = known, dropped, list, out, still, unknown
	}()
	for p := range pp.members(a.Exclude, u) {
		if byKey {
			x.keys.add(pp.hash.sum(p.Key))
		}
		if x.byEmail && p.email != "" && pp.matchable(p, attrEmail, p.email, plainEmail(p.email)) {
			x.emails.add(placeOf(pp.digest.contact(attrEmail, plainEmail(p.email))))
		}
		if x.byPhone && p.phone != "" && pp.matchable(p, attrPhone, p.phone, plainPhone(p.phone)) {
			x.phones.add(placeOf(pp.digest.contact(attrPhone, plainPhone(p.phone))))
		}
	}
	pp.absent(u)
	return x
}

// exclusions gives those of every audience that refs name at any depth.
func (pp *people) exclusions(refs []spec.Ref) []*exclusion {
	var all []*exclusion
	seen := map[string]bool{}
	var walk func([]spec.Ref)
	walk = func(refs []spec.Ref) {
		for _, ref := range refs {
			if ref.Kind != spec.RefAudience || seen[ref.Name] {
				continue
			}
			seen[ref.Name] = true
			a := pp.campaign.Audiences[ref.Name]
			if len(a.Exclude) > 0 {
				all = append(all, pp.exclusion(a))
			}
			walk(a.Include)
		}
	}
	walk(refs)
	return all
}

// foresee finds whom a list excludes under an e-mail address or phone number that one source has and another has not:
// the person is out, whichever source comes first. Only then are the sources read once more.
func (pp *people) foresee(refs []spec.Ref) {
	pp.found.begin()
	pp.out = set{}
	leaves := pp.leaves(refs)
	by := slices.DeleteFunc(pp.exclusions(refs), func(x *exclusion) bool { return !x.byEmail && !x.byPhone })
	pp.traces = newTraces(by)
	if len(leaves) < 2 || len(by) == 0 || pp.err != nil {
		return
	}
	u := newUses()
	u.email, u.phone = true, true
	pp.known, pp.still = pp.survey(leaves, u), func(string) {}
	for _, leaf := range leaves {
		for p := range pp.ref(leaf, u) {
			pp.traces.note(pp, p)
			for _, x := range by {
				if x.covers(pp, p) {
					pp.out.add(pp.hash.sum(p.Key))
				}
			}
		}
	}
}

// leaves gives the sources and contacts that refs read, each once.
func (pp *people) leaves(refs []spec.Ref) []spec.Ref {
	var all []spec.Ref
	seen := map[string]bool{}
	var walk func([]spec.Ref)
	walk = func(refs []spec.Ref) {
		for _, ref := range refs {
			name := string(ref.Kind) + "." + ref.Name
			if seen[name] {
				continue
			}
			if seen[name] = true; ref.Kind == spec.RefAudience {
				walk(pp.campaign.Audiences[ref.Name].Include)
			} else {
				all = append(all, ref)
			}
		}
	}
	walk(refs)
	return all
}

// excluded reports whether p is out of the list at hand, by one of the exclusions or by what was found of the person
// before, and counts those who are out as left out, once.
func (pp *people) excluded(by []*exclusion, p *Person) bool {
	key := pp.hash.sum(p.Key)
	covered := func(x *exclusion) bool { return x.covers(pp, p) }
	if !pp.out.has(key) && !slices.ContainsFunc(by, covered) {
		return false
	}
	if pp.out.add(key); pp.list == nil && pp.ever.add(key) {
		pp.found.leftOut(LeftExcluded, fmt.Sprint(pp.found.pass), p.who) // each pass counts those that none before met
	}
	return true
}

// members streams all of refs, also those who have the key of another: each list excludes by its own e-mail and phone.
func (pp *people) members(refs []spec.Ref, u *uses) func(func(*Person) bool) {
	return func(yield func(*Person) bool) {
		for _, ref := range refs {
			pp.out = set{} // nobody is missing from one list since another one leaves him out
			for p := range pp.ref(ref, u) {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// matchable reports whether a value of an exclude list can be compared. Lists that others keep write numbers in many
// ways, so it is the plain form that must be right.
func (pp *people) matchable(p *Person, attribute, value, plain string) bool {
	summary, remedy := pp.formats.check(attribute, plain)
	if summary == "" && plain != "" {
		return true
	}
	if summary == "" {
		summary, remedy = "Invalid phone number", "It has no digits."
	}
	pp.invalid(p.skip, p.Source, summary, addr.Quote(clip(value))+" cannot be the "+attribute+" of "+addr.Quote(clip(p.Key))+
		", who is to be excluded. "+remedy, p.locate(attribute))
	return false
}

// covers reports whether p must not be reached.
func (x *exclusion) covers(pp *people, p *Person) bool {
	if len(x.keys) > 0 && x.keys.has(pp.hash.sum(p.Key)) {
		return true
	}
	if x.byEmail {
		if email := plainEmail(p.email); email != "" && x.emails.has(placeOf(pp.digest.contact(attrEmail, email))) {
			return true
		}
	}
	if x.byPhone {
		if phone := plainPhone(p.phone); phone != "" && x.phones.has(placeOf(pp.digest.contact(attrPhone, phone))) {
			return true
		}
	}
	return false
}
