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
	if l.Source == SourceImport && slices.ContainsFunc(cs, l.shows) {
		l.Decided = true
	}
	if r := l.tooMuch(); r != nil {
		return nil, r
	}
	l.Last = Hash{}
	return &Effect{Record: l, Effective: effective, Changes: cs}, nil
}

func (l *License) tooMuch() *Refusal {
	if len(l.Terms) > termsMax || len(l.Lifecycles) > termsMax || len(l.Orders) > ordersMax || len(l.Openings) > openingsMax {
		return refuse("too-much", specActs, "A license holds at most %d terms and as many lifecycles, %d orders and %d names and addresses.", termsMax, ordersMax, openingsMax)
	}
	return nil
}

// checkTerm checks a term's days: grace follows a last day.
func checkTerm(from, through, grace Day) *Refusal {
	if through == "" && grace != "" {
		return refuse("days-reversed", specActs, "The term has grace through %s, but no last day that grace follows.", grace)
	}
	return firstRefusal(span(from, through), span(through, grace))
}

// checkRoute keeps free text, and so what must not stand in clear, out of the record.
func checkRoute(s string) *Refusal {
	if s != "" && checkName(s, 48) != nil {
		return refuse("route", specActs, "%q is not a route: it is a lower-case name, such as examination or endorsement.", s)
	}
	return nil
}

func openChanges(refs []OpeningRef, from Day) (cs []Change) {
	for _, o := range refs {
		cs = append(cs, Change{Do: DoOpen, Kind: o.Kind, Commitment: o.Commitment, From: from})
	}
	return cs
}

func checkHolderOpenings(refs []OpeningRef) *Refusal {
	for _, o := range refs {
		if o.Kind == OpeningOrder || o.Kind == OpeningFact || o.Kind == OpeningSettlement {
			return refuse("opening-kind", specActs, "An opening of kind %q does not belong to the holder.", o.Kind)
		}
	}
	return nil
}

func checkIsSubject(subject string) *Refusal {
	if subject != SubjectPerson && subject != SubjectOrganization {
		return refuse("subject", specActs, "The subject of a license is %q or %q, not %q.", SubjectPerson, SubjectOrganization, subject)
	}
	return nil
}

// checkSubject checks who is to hold a license. again names the license whose id may
// be given to it a second time: where a count keeps the act from applying twice.
func checkSubject(v View, again, licensee, subject string) *Refusal {
	if r := checkIsSubject(subject); r != nil {
		return r
	}
	if !checkRandomID(licensee) {
		return refuse("licensee-id", specActs, "A licensee id is 16 random bytes as 32 lower-case hexadecimal digits.")
	}
	var taken Licensee
	if v.Get(KindLicensee, licensee, &taken) && (again == "" || taken.License != again) {
		return refuse("licensee-taken", specActs, "Licensee id %s is taken; draw another, and link licenses of one holder by licensee.link.", licensee)
	}
	return nil
}

func (a *LicenseIssue) decide(v View) (*Effect, *Refusal) {
	if r := checkNumber(v, a.License); r != nil {
		return nil, r
	}
	return issue(v, a.License, Change{Do: DoIssue, Licensee: a.Licensee, Subject: a.Subject, Route: a.Route, From: a.Issued},
		Term{a.From, a.Through, a.Grace}, a.Openings)
}

// issue makes a license or a privilege come to be.
func issue(v View, id string, c Change, t Term, openings []OpeningRef) (*Effect, *Refusal) {
	if r := firstRefusal(checkSubject(v, "", c.Licensee, c.Subject), checkRoute(c.Route), checkTerm(t.From, t.Through, t.Grace), checkHolderOpenings(openings)); r != nil {
		return nil, r
	}
	l := new(License)
	if v.Get(KindLicense, id, l) && l.Licensee != "" {
		return nil, refuse("license-exists", specActs, "License %s is in the registry already.", id)
	}
	cs := []Change{c, {Do: DoTerm, From: t.From, Through: t.Through, Grace: t.Grace}}
	e, r := l.change(t.From, append(cs, openChanges(openings, c.From)...)...)
	if r == nil {
		e.Also = []AlsoWrite{{KindLicensee, c.Licensee, &Licensee{License: id}}}
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
	l, r := ownFacet(v, a.License, a.Count)
	if r == nil {
		r = checkTerm(a.From, a.Through, a.Grace)
	}
	if r != nil {
		return nil, r
	}
	return l.renew(a.License, Term{a.From, a.Through, a.Grace})
}

// renew adds a term to a license or a privilege, and what changes with it.
func (l *License) renew(id string, n Term, more ...Change) (*Effect, *Refusal) {
	if r := l.checkNotEnded(id, n.From); r != nil {
		return nil, r
	}
	for _, t := range l.Terms {
		// On another license a privilege goes on before its term has ended.
		onward := len(more) > 0 && t.From < n.From && (n.Through == "" || t.Through != "" && t.Through <= n.Through)
		if !onward && (t.Through == "" || n.From <= t.Through) && (n.Through == "" || t.From <= n.Through) {
			return nil, refuse("term-overlap", specActs, "The new term from %s overlaps the one from %s through %s.", n.From, t.From, t.Through)
		}
	}
	return l.change(n.From, append([]Change{{Do: DoTerm, From: n.From, Through: n.Through, Grace: n.Grace}}, more...)...)
}

// checkNotEnded: nothing goes on from a day on which the registration has ended.
func (l *License) checkNotEnded(id string, day Day) *Refusal {
	switch c := l.lifecycleOn(day); c {
	case LifecycleSurrendered, LifecycleDeceased, LifecycleCanceled:
		return refuse("license-ended", specActs, "License %s is %s on %s.", id, c, day)
	}
	return nil
}

func (a *LicenseAmend) decide(v View) (*Effect, *Refusal) {
	l, r := getLive(v, a.License)
	if r != nil {
		return nil, r
	}
	if r := firstRefusal(stale("identity of "+a.License, l.Counts.Identity, a.Count), checkRoute(a.Route), checkHolderOpenings(a.Openings)); r != nil {
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
	l, r := ownFacet(v, a.License, a.Count)
	if r != nil {
		return nil, r
	}
	return l.lifecycle(LifecycleSurrendered, a.From)
}

// repairFacet reads the entries about a license whose repairs stand as the signer saw
// them.
func repairFacet(v View, id string, count int64) ([]Recorded, *Refusal) {
	l, r := getLicense(v, id)
	if r == nil {
		r = stale("repairs of "+id, l.Counts.Repairs, count)
	}
	if r != nil {
		return nil, r
	}
	return v.Entries(KindLicense, id), nil
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
	es, r := repairFacet(v, a.License, a.Count)
	if r != nil {
		return nil, r
	}
	if len(a.Entries) > voidsMax {
		return nil, refuse("too-much", specActs, "One act voids at most %d entries.", voidsMax)
	}
	dead, line := deadEntries(es), lineageOf(es)
	for i, h := range a.Entries {
		e := entryOf(es, h)
		switch {
		case e == nil:
			return nil, refuse("unknown-entry", specActs, "License %s has no entry %s.", a.License, h)
		case dead[h] || slices.Contains(a.Entries[:i], h):
			return nil, refuse("void-twice", specActs, "Entry %s is void already.", h)
		case e.does(DoSeal):
			return nil, refuse("void-seal", "20 ILCS 2105/2105-207", "A seal is not taken back: what it removed is gone.")
		case e.does(DoLink), e.does(DoUnlink):
			return nil, refuse("void-link", specActs, "A link is taken back by licensee.unlink, and an unlinking by licensee.link.")
		}
		// Whoever voids an entry means what stands in its place; a file's newer row speaks for itself.
		if s := line.stands(es, h); s.Hash != h && s.Import == nil && !slices.Contains(a.Entries, s.Hash) {
			return nil, refuse("replaced", specActs, "Entry %s was corrected; void %s, which stands in its place, or both.", h, s.Hash)
		}
	}
	if issues(append(es[:len(es):len(es)], Recorded{Entry: Entry{Voids: a.Entries}})) > 1 {
		return nil, refuse("license-exists", specActs, "License %s was issued anew meanwhile; void that issue first.", a.License)
	}
	return refold(es, Entry{Voids: a.Entries})
}

func (e *Entry) does(do string) bool {
	return slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Do == do })
}

// issues counts the licensees whom issues that are not void name. A file that tells
// the day of an issue names the same one.
func issues(es []Recorded) int {
	named := map[string]bool{}
	for _, e := range contributions(es) {
		for _, c := range e.Changes {
			if c.Do == DoIssue {
				named[c.Licensee] = true
			}
		}
	}
	return len(named)
}

func (a *LicenseCorrect) decide(v View) (*Effect, *Refusal) {
	es, r := repairFacet(v, a.License, a.Count)
	if r != nil {
		return nil, r
	}
	e := entryOf(es, a.Entry)
	switch {
	case e == nil || len(e.Changes) == 0:
		return nil, refuse("unknown-entry", specActs, "License %s has no entry %s that can be corrected.", a.License, a.Entry)
	case deadEntries(es)[a.Entry]:
		return nil, refuse("void-twice", specActs, "Entry %s is void.", a.Entry)
	}
	if s := lineageOf(es).stands(es, a.Entry); s.Hash != a.Entry {
		return nil, refuse("replaced", specActs, "Entry %s was replaced already; correct %s, which stands in its place.", a.Entry, s.Hash)
	}
	if r := a.checkShape(e.Changes, SealedOrders(es)); r != nil {
		return nil, r
	}
	return refold(es, Entry{Replaces: a.Entry, Changes: a.Changes})
}

// checkShape: a correction says anew all that the entry said, no more and no less.
func (a *LicenseCorrect) checkShape(was []Change, sealed map[string]bool) *Refusal {
	const spec = specActs
	if len(a.Changes) != len(was) {
		return refuse("correction-shape", spec, "A correction holds the %d changes of its entry, in the same order.", len(was))
	}
	for i, c := range a.Changes {
		w := was[i]
		if c.Do != w.Do || c.Order != w.Order || c.Kind != w.Kind || c.Licensee != w.Licensee || c.Source != w.Source {
			return refuse("correction-shape", spec, "Change %d is %q there; its order, kind, licensee and source stay.", i+1, w.Do)
		}
		if rests := (c.Do == DoIssue || c.Do == DoRest) && w.Other != ""; rests && c.Other != w.Other {
			return refuse("correction-shape", spec, "Change %d rests the privilege on %s, and that stays: void the entry if it rests on another license.", i+1, w.Other)
		} else if rests {
			c.Other = "" // it was checked when it was first said
		}
		if sealed[c.Order] {
			return refuse("order-closed", "20 ILCS 2105/2105-207", "Order %s is sealed.", c.Order)
		}
		if r := checkChange(c); r != nil {
			return r
		}
	}
	return nil
}
