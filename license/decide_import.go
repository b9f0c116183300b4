package license

import "slices"

// decide copies a row. What a board decided itself is never overwritten by a file.
func (a *ImportAssert) decide(v View) (*Effect, *Refusal) {
	es := v.Entries(KindLicense, a.License)
	if r := a.checkRow(SealedOrders(es)); r != nil {
		return nil, r
	}
	from := a.From
	if from == "" {
		from = a.Day
	}
	next := Entry{
		Changes:  append(slices.Clip(a.Changes), openChanges(a.Openings, from)...),
		Replaces: a.Previous,
		Import:   &Provenance{File: a.File, Row: a.Row, Day: a.Day, Importer: importer(v, a.License)},
	}
	var l License
	known := v.Get(KindLicense, a.License, &l) && l.Licensee != ""
	r := stale("imports of "+a.License, l.Counts.Imports, a.Count)
	switch {
	case r != nil:
	case known:
		r = a.checkKnown(&l, es, next.Changes)
	default:
		r = a.checkNew(v)
	}
	if r != nil {
		return nil, r
	}
	var also []AlsoWrite
	issue := Change{Do: DoIssue, Licensee: a.Licensee, Subject: a.Subject, Source: SourceImport, From: a.Issued}
	if known { // and no file told its issue so far: this one describes the license
		issue.Licensee, issue.Subject, issue.Route = l.Licensee, l.Subject, l.Route
	} else {
		also = []AlsoWrite{{KindLicensee, a.Licensee, &Licensee{License: a.License}}}
	}
	if !known || a.Issued != "" {
		next.Changes = append([]Change{issue}, next.Changes...)
	}
	if len(next.Changes) == 0 {
		return nil, refuse("nothing", specActs, "The row asserts nothing.")
	}
	if p := entryOf(es, a.Previous); p != nil && len(p.Changes) > 0 && p.Changes[0].Do == DoIssue { // the row that brought the license in
		next.Changes = append([]Change{p.Changes[0]}, next.Changes...)
	}
	e, r := refold(es, next)
	if r == nil {
		e.Also, e.Effective = also, from
	}
	return e, r
}

func importer(v View, id string) string {
	var b Board
	v.Get(KindBoard, BoardOf(KindLicense, id), &b)
	return b.Member
}

// checkRow checks what the row says, before what it says it about.
func (a *ImportAssert) checkRow(sealed map[string]bool) *Refusal {
	if a.Row < 1 {
		return refuse("row", specActs, "Rows are counted from 1.")
	}
	for _, c := range a.Changes {
		if c.Do != DoTerm && c.Do != DoLifecycle && c.Do != DoOrder && c.Do != DoRoute {
			return refuse("change", specActs, "A file asserts terms, lifecycles, orders and routes, not %q.", c.Do)
		}
		if r := checkChange(c); r != nil {
			return r
		}
		if sealed[c.Order] {
			return refuse("order-closed", "20 ILCS 2105/2105-207", "Order %s is sealed.", c.Order)
		}
	}
	return checkHolderOpenings(a.Openings)
}

// checkNew checks a row about a license that the network does not know.
func (a *ImportAssert) checkNew(v View) *Refusal {
	if a.Previous != (Hash{}) {
		return refuse("unknown-entry", specActs, "License %s has no assertion %s that stands.", a.License, a.Previous)
	}
	return firstRefusal(checkNumber(v, a.License), checkSubject(v, a.License, a.Licensee, a.Subject))
}

// checkKnown checks a row about a license that stands in the registry.
func (a *ImportAssert) checkKnown(l *License, es []Recorded, next []Change) *Refusal {
	if a.Licensee != "" || a.Subject != "" || a.Issued != "" && (l.Issued != "" || a.Previous != Hash{}) {
		return refuse("license-exists", specActs, "License %s is in the registry already: the row names no licensee and subject, and its issue only where no file told it.", a.License)
	}
	if l.Source != SourceImport {
		return refuse("native", specActs, "License %s was issued here by its board; a file does not speak over it.", a.License)
	}
	if a.Previous != (Hash{}) {
		if p := entryOf(es, a.Previous); p == nil || p.Import == nil {
			return refuse("unknown-entry", specActs, "License %s has no assertion %s.", a.License, a.Previous)
		}
		switch s := lineageOf(es).stands(es, a.Previous); {
		case s == nil:
			return refuse("void-twice", specActs, "Assertion %s is void.", a.Previous)
		case s.Import == nil:
			return refuse("native", specActs, "The board itself corrected assertion %s; a file does not speak over it.", a.Previous)
		case s.Hash != a.Previous:
			return refuse("replaced", specActs, "Assertion %s does not stand; name %s.", a.Previous, s.Hash)
		}
	}
	native := nativeFacets(es)
	for _, c := range next {
		if native[c.facet()] {
			return refuse("native", specActs, "The board itself decided about %s of %s; a file does not speak over it.", c.Do, a.License)
		}
	}
	return nil
}

// nativeFacets says about which facets an act of the board, not a file, speaks.
func nativeFacets(es []Recorded) map[string]bool {
	n := map[string]bool{}
	for _, e := range contributions(es) {
		if e.Import == nil {
			for _, c := range e.Changes {
				n[c.facet()] = true
			}
		}
	}
	return n
}

// facet names what a change is about, so that a board's word and a file's do not
// mix: terms (also when they were extended), lifecycles, the route, each kind of
// opening, each order.
func (c *Change) facet() string {
	if c.Do == DoExtend {
		return DoTerm + "/"
	}
	return c.Do + "/" + c.Kind + c.Order
}

// decide takes rows back. What the board itself decided on a license stays: then the
// license does not vanish with the row that brought it in.
func (a *ImportUndo) decide(v View) (*Effect, *Refusal) {
	es, claims, r := a.facet(v)
	if r != nil {
		return nil, r
	}
	if len(a.Entries) > voidsMax {
		return nil, refuse("too-much", specActs, "One act takes back at most %d rows.", voidsMax)
	}
	dead, line := deadEntries(es), lineageOf(es)
	for i, h := range a.Entries {
		e := entryOf(es, h)
		switch {
		case e == nil:
			return nil, refuse("unknown-entry", specActs, "There is no entry %s about it.", h)
		case e.Import == nil || e.Import.File != a.File:
			return nil, refuse("other-file", specActs, "Entry %s is no row of file %s.", h, a.File)
		case dead[h] || slices.Contains(a.Entries[:i], h):
			return nil, refuse("void-twice", specActs, "Entry %s is void already.", h)
		}
		if s := line.stands(es, h); s.Import == nil {
			return nil, refuse("native", specActs, "The board itself corrected entry %s; its word stands.", h)
		}
	}
	next := Entry{Voids: a.Entries}
	if claims != nil {
		for _, h := range a.Entries {
			dead[h] = true
		}
		claims.without(dead, es)
		return &Effect{Record: claims, Voids: a.Entries}, nil
	}
	after := contributions(append(es[:len(es):len(es)], Recorded{Entry: next}))
	if !slices.ContainsFunc(after, func(e Recorded) bool { return e.does(DoIssue) }) && slices.ContainsFunc(after, decided) {
		return nil, refuse("native", specActs, "The board itself decided about license %s; the row that brought it in stays. Void those decisions first, or correct the row.", a.License)
	}
	return refold(es, next)
}

// facet reads what the act is about; claims are nil where it is a license.
func (a *ImportUndo) facet(v View) (es []Recorded, claims *Claims, r *Refusal) {
	if a.Claim == "" {
		es, r = repairFacet(v, a.License, a.Count)
		return es, nil, r
	}
	if a.License != "" {
		return nil, nil, refuse("claim", specActs, "Name a license or an NPI's claims, not both.")
	}
	claims, r = getClaims(v, a.Claim, a.Count)
	return v.Entries(KindClaim, a.Claim), claims, r
}

// decided says whether an entry is the board's own and about more than links.
func decided(e Recorded) bool {
	return e.Import == nil && slices.ContainsFunc(e.Changes, func(c Change) bool {
		return !slices.Contains([]string{DoLink, DoUnlink, DoWait, DoRan}, c.Do)
	})
}
