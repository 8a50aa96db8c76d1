package planner

import (
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
	pp.known = pp.survey(a.Exclude, u, nil)
	defer func() { pp.known, pp.dropped = known, dropped }()
	for p := range pp.members(a.Exclude, "exclude of audience."+a.Name, u) {
		if byKey {
			x.keys.add(pp.hash.sum(p.Key))
		}
		if x.byEmail && p.email != "" && pp.matchable(p, attrEmail, p.email, plainEmail(p.email)) {
			x.emails.add(pp.hash.sum(plainEmail(p.email)))
		}
		if x.byPhone && p.phone != "" && pp.matchable(p, attrPhone, p.phone, plainPhone(p.phone)) {
			x.phones.add(pp.hash.sum(plainPhone(p.phone)))
		}
	}
	pp.absent(u)
	return x
}

// members streams all of refs, also those who have the key of another: each list excludes by its own e-mail and phone.
func (pp *people) members(refs []spec.Ref, name string, u *uses) func(func(*Person) bool) {
	return func(yield func(*Person) bool) {
		for _, ref := range refs {
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
		if email := plainEmail(p.email); email != "" && x.emails.has(pp.hash.sum(email)) {
			return true
		}
	}
	if x.byPhone {
		if phone := plainPhone(p.phone); phone != "" && x.phones.has(pp.hash.sum(phone)) {
			return true
		}
	}
	return false
}
