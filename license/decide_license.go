package license

import "slices"

// termsMax and the like bound a record, so that its bytes and its folding stay
// small; a license in real files has at most some dozens of each.
const (
	termsMax    = 400
	ordersMax   = 200
	openingsMax = 400
	voidsMax    = 100
	staysMax    = 50
)

func getLicense(v View, id string) (*License, *Refusal) {
	l := new(License)
	if !v.Get(KindLicense, id, l) {
		return nil, refuse("unknown-license", specActs, "There is no license %s.", id)
	}
	return l, nil
}

// getLive reads a license that is not wholly voided.
func getLive(v View, id string) (*License, *Refusal) {
	l, r := getLicense(v, id)
	if r == nil && l.Licensee == "" {
		return nil, refuse("void-license", specActs, "License %s was voided from its issue on.", id)
	}
	return l, r
}

// checkNumber says whether a new license may have this id.
func checkNumber(v View, id string) *Refusal {
	i, err := ParseID(id)
	if err != nil {
		return refuse("bad-id", specActs, "%v.", err)
	}
	var p Profession
	if !v.Get(KindProfession, i.ProfessionID(), &p) {
		return refuse("unknown-profession", specActs, "Board %s has no profession %q.", i.Board, i.Profession)
	}
	if !FitsPattern(p.Pattern, i.Number) {
		return refuse("number-pattern", specActs, "%q is not a number of this profession: its numbers are written %s.", i.Number, p.Pattern)
	}
	return nil
}

// change applies changes to the license and wraps them as an effect.
func (l *License) change(effective Day, cs ...Change) (*Effect, *Refusal) {
	for _, c := range cs {
		l.apply(c)
	}
	if len(l.Terms) > termsMax || len(l.Orders) > ordersMax || len(l.Openings) > openingsMax {
		return nil, refuse("too-much", specActs, "A license holds at most %d terms, %d orders and %d names and addresses.", termsMax, ordersMax, openingsMax)
	}
	l.Last = Hash{}
	return &Effect{Record: l, Effective: effective, Changes: cs}, nil
}

func openChanges(refs []OpeningRef, from Day) (cs []Change) {
	for _, o := range refs {
		cs = append(cs, Change{Do: DoOpen, Kind: o.Kind, Commitment: o.Commitment, From: from})
	}
	return cs
}

func checkHolderOpenings(refs []OpeningRef) *Refusal {
	for _, o := range refs {
		if o.Kind == OpeningOrder || o.Kind == OpeningFact {
			return refuse("opening-kind", specActs, "An opening of kind %q does not belong to the holder.", o.Kind)
		}
	}
	return nil
}

func checkSubject(v View, licensee, subject string) *Refusal {
	if subject != SubjectPerson && subject != SubjectOrganization {
		return refuse("subject", specActs, "The subject of a license is %q or %q, not %q.", SubjectPerson, SubjectOrganization, subject)
	}
	if !checkRandomID(licensee) {
		return refuse("licensee-id", specActs, "A licensee id is 16 random bytes as 32 lower-case hexadecimal digits.")
	}
	if v.Get(KindLicensee, licensee, new(Licensee)) {
		return refuse("licensee-taken", specActs, "Licensee id %s is taken; draw another, and link licenses of one holder by licensee.link.", licensee)
	}
	return nil
}

func (a *LicenseIssue) decide(v View) (*Effect, *Refusal) {
	if r := firstRefusal(checkNumber(v, a.License), checkSubject(v, a.Licensee, a.Subject), span(a.From, a.Through),
		span(a.Through, a.Grace), checkHolderOpenings(a.Openings)); r != nil {
		return nil, r
	}
	l := new(License)
	if v.Get(KindLicense, a.License, l) && l.Licensee != "" {
		return nil, refuse("license-exists", specActs, "License %s is in the registry already.", a.License)
	}
	cs := []Change{
		{Do: DoIssue, Licensee: a.Licensee, Subject: a.Subject, Route: a.Route, From: a.Issued},
		{Do: DoTerm, From: a.From, Through: a.Through, Grace: a.Grace},
	}
	e, r := l.change(a.From, append(cs, openChanges(a.Openings, a.Issued)...)...)
	if r == nil {
		e.Also = []AlsoWrite{{KindLicensee, a.Licensee, &Licensee{License: a.License}}}
	}
	return e, r
}

func firstRefusal(rs ...*Refusal) *Refusal {
	for _, r := range rs {
		if r != nil {
			return r
		}
	}
	return nil
}

func (a *LicenseRenew) decide(v View) (*Effect, *Refusal) {
	l, r := getLive(v, a.License)
	if r != nil {
		return nil, r
	}
	if r := firstRefusal(stale("term of "+a.License, l.Counts.Term, a.Count), span(a.From, a.Through), span(a.Through, a.Grace)); r != nil {
		return nil, r
	}
	for _, t := range l.Terms {
		if (t.Through == "" || a.From <= t.Through) && (a.Through == "" || t.From <= a.Through) {
			return nil, refuse("term-overlap", specActs, "The new term from %s overlaps the one from %s through %s.", a.From, t.From, t.Through)
		}
	}
	return l.change(a.From, Change{Do: DoTerm, From: a.From, Through: a.Through, Grace: a.Grace})
}

func (a *LicenseAmend) decide(v View) (*Effect, *Refusal) {
	l, r := getLive(v, a.License)
	if r != nil {
		return nil, r
	}
	if r := firstRefusal(stale("identity of "+a.License, l.Counts.Identity, a.Count), checkHolderOpenings(a.Openings)); r != nil {
		return nil, r
	}
	cs := openChanges(a.Openings, a.From)
	if a.Route != "" {
		cs = append(cs, Change{Do: DoRoute, Route: a.Route, From: a.From})
	}
	if len(cs) == 0 {
		return nil, refuse("nothing", specActs, "The act changes nothing: name a route or an opening.")
	}
	return l.change(a.From, cs...)
}

func (a *LicenseSurrender) decide(v View) (*Effect, *Refusal) {
	l, r := getLive(v, a.License)
	if r != nil {
		return nil, r
	}
	if r := stale("term of "+a.License, l.Counts.Term, a.Count); r != nil {
		return nil, r
	}
	return l.change(a.From, Change{Do: DoLifecycle, Status: LifecycleSurrendered, From: a.From})
}

// entryOf finds an entry of the license that carries changes.
func entryOf(es []Recorded, h Hash) *Recorded {
	for i := range es {
		if es[i].Hash == h {
			return &es[i]
		}
	}
	return nil
}

func (a *LicenseVoid) decide(v View) (*Effect, *Refusal) {
	if _, r := getLicense(v, a.License); r != nil {
		return nil, r
	}
	if len(a.Entries) > voidsMax {
		return nil, refuse("too-much", specActs, "One act voids at most %d entries.", voidsMax)
	}
	es := v.Entries(KindLicense, a.License)
	dead := deadEntries(es)
	for i, h := range a.Entries {
		switch e := entryOf(es, h); {
		case e == nil:
			return nil, refuse("unknown-entry", specActs, "License %s has no entry %s.", a.License, h)
		case dead[h] || slices.Contains(a.Entries[:i], h):
			return nil, refuse("void-twice", specActs, "Entry %s is void already.", h)
		case slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Do == DoSeal }):
			return nil, refuse("void-seal", "20 ILCS 2105/2105-207", "A seal is not taken back: what it removed is gone.")
		}
	}
	return refold(es, Entry{Voids: a.Entries})
}

func (a *LicenseCorrect) decide(v View) (*Effect, *Refusal) {
	if _, r := getLicense(v, a.License); r != nil {
		return nil, r
	}
	es := v.Entries(KindLicense, a.License)
	e := entryOf(es, a.Entry)
	if e == nil || len(e.Changes) == 0 {
		return nil, refuse("unknown-entry", specActs, "License %s has no entry %s that can be corrected.", a.License, a.Entry)
	}
	if deadEntries(es)[a.Entry] || slices.ContainsFunc(es, func(x Recorded) bool { return x.Replaces == a.Entry }) {
		return nil, refuse("void-twice", specActs, "Entry %s is void or corrected already; correct the newest one.", a.Entry)
	}
	if len(a.Changes) > len(e.Changes) {
		return nil, refuse("correction-shape", specActs, "A correction changes what the entry changed, in the same order.")
	}
	for i, c := range a.Changes {
		if c.Do != e.Changes[i].Do || c.Order != e.Changes[i].Order || c.Do == DoSeal || c.Do == DoLink || c.Do == DoUnlink ||
			c.Do == DoIssue && (c.Licensee != e.Changes[i].Licensee || c.Source != e.Changes[i].Source) {
			return nil, refuse("correction-shape", specActs, "A correction changes what the entry changed, in the same order: change %d is %q there.", i+1, e.Changes[i].Do)
		}
		if r := checkChange(c); r != nil {
			return nil, r
		}
	}
	return refold(es, Entry{Replaces: a.Entry, Changes: a.Changes})
}
