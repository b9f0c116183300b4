package license

import "slices"

// termFacet reads a live license whose terms and lifecycles stand as the signer saw
// them.
func termFacet(v View, id string, count int64) (*License, *Refusal) {
	l, r := getLive(v, id)
	if r != nil {
		return nil, r
	}
	return l, stale("term of "+id, l.Counts.Term, count)
}

// ownFacet is termFacet of a license that is no privilege.
func ownFacet(v View, id string, count int64) (*License, *Refusal) {
	l, r := getOwn(v, id)
	if r != nil {
		return nil, r
	}
	return l, stale("term of "+id, l.Counts.Term, count)
}

func (l *License) lifecycle(status string, from Day) (*Effect, *Refusal) {
	return l.change(from, Change{Do: DoLifecycle, Status: status, From: from})
}

func (a *LicenseInactivate) decide(v View) (*Effect, *Refusal) {
	l, r := ownFacet(v, a.License, a.Count)
	if r != nil {
		return nil, r
	}
	switch c := l.lifecycleOn(a.From); c {
	case LifecycleSurrendered, LifecycleDeceased, LifecycleCanceled:
		return nil, refuse("license-ended", specActs, "License %s is %s on %s.", a.License, c, a.From)
	case LifecycleInactive:
		return nil, refuse("nothing", specActs, "License %s is inactive on %s already.", a.License, a.From)
	}
	return l.lifecycle(LifecycleInactive, a.From)
}

func (a *LicenseReactivate) decide(v View) (*Effect, *Refusal) {
	l, r := termFacet(v, a.License, a.Count)
	if r != nil {
		return nil, r
	}
	switch l.lifecycleOn(a.From) {
	case LifecycleDeceased:
		return nil, refuse("license-ended", specActs, "The holder of license %s is recorded as deceased on %s; if that is wrong, void that entry.", a.License, a.From)
	case "", LifecycleActive:
		return nil, refuse("nothing", specActs, "License %s is neither inactive, surrendered nor canceled on %s.", a.License, a.From)
	}
	return l.lifecycle(LifecycleActive, a.From)
}

// decide records a death. It has the last word: what was recorded of a day after it
// must be voided first, else that would stand above it.
func (a *LicenseDecease) decide(v View) (*Effect, *Refusal) {
	l, r := ownFacet(v, a.License, a.Count)
	if r != nil {
		return nil, r
	}
	if l.Subject != SubjectPerson {
		return nil, refuse("subject", specActs, "The holder of license %s is an organization.", a.License)
	}
	if slices.ContainsFunc(l.Lifecycles, func(c Lifecycle) bool { return c.Status == LifecycleDeceased }) {
		return nil, refuse("license-ended", specActs, "The holder of license %s is recorded as deceased already; correct that entry if the day is wrong.", a.License)
	}
	for _, c := range l.Lifecycles {
		if c.From > a.From {
			return nil, refuse("days-reversed", specActs, "License %s is recorded as %s from %s, after the day of death; void that entry first.", a.License, c.Status, c.From)
		}
	}
	return l.lifecycle(LifecycleDeceased, a.From)
}

func (a *LicenseExtend) decide(v View) (*Effect, *Refusal) {
	l, r := ownFacet(v, a.License, a.Count)
	if r == nil {
		r = checkTerm(a.Term, a.Through, a.Grace)
	}
	if r != nil {
		return nil, r
	}
	t := l.term(a.Term)
	if t == nil {
		return nil, refuse("unknown-term", specActs, "License %s has no term from %s.", a.License, a.Term)
	}
	if !t.extendsTo(a.Through, a.Grace) {
		return nil, refuse("not-extended", specActs, "The term from %s ends on %s, with grace through %s: an extension moves a last day later, and none earlier.", t.From, orNone(t.Through), orNone(t.Grace))
	}
	for i := range l.Terms {
		if o := &l.Terms[i]; o != t && o.From <= a.Through && (o.Through == "" || o.Through > t.Through) {
			return nil, refuse("term-overlap", specActs, "The days through %s overlap the term from %s through %s.", a.Through, o.From, orNone(o.Through))
		}
	}
	return l.change(t.Through.Add(1), Change{Do: DoExtend, From: a.Term, Through: a.Through, Grace: a.Grace})
}

func orNone(d Day) string {
	if d == "" {
		return "no set day"
	}
	return string(d)
}
