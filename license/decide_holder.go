package license

import "slices"

// checkLink checks that the license to be linked exists and differs.
func checkLink(v View, a, b string) *Refusal {
	if a == b {
		return refuse("link-self", specActs, "A license cannot be linked with itself.")
	}
	_, r := getLive(v, b)
	return r
}

func (a *LicenseeLink) decide(v View) (*Effect, *Refusal) {
	l, r := getLive(v, a.License)
	if r != nil {
		return nil, r
	}
	if r := firstRefusal(stale("links of "+a.License, l.Counts.Links, a.Count), checkLink(v, a.License, a.Other)); r != nil {
		return nil, r
	}
	var k Link
	id, mine, theirs := LinkID(a.License, a.Other), BoardOf(KindLicense, a.License), BoardOf(KindLicense, a.Other)
	v.Get(KindLink, id, &k)
	if slices.Contains(k.Boards, mine) {
		return nil, refuse("linked", specActs, "Board %s has signed this link already.", mine)
	}
	k.Boards = append(k.Boards, mine)
	slices.Sort(k.Boards)
	if mine == theirs || len(k.Boards) == 2 {
		k.Effective, k.Ended = a.Effective, ""
	}
	e, r := l.change(a.Effective, Change{Do: DoLink, Other: a.Other, From: a.Effective})
	if r == nil {
		e.Also = []AlsoWrite{{KindLink, id, &k}}
	}
	return e, r
}

// decide takes the board's word back, also after the license was voided.
func (a *LicenseeUnlink) decide(v View) (*Effect, *Refusal) {
	l, r := getLicense(v, a.License)
	if r != nil {
		return nil, r
	}
	if r := stale("links of "+a.License, l.Counts.Links, a.Count); r != nil {
		return nil, r
	}
	var k Link
	id, mine := LinkID(a.License, a.Other), BoardOf(KindLicense, a.License)
	v.Get(KindLink, id, &k)
	i := slices.Index(k.Boards, mine)
	if i < 0 {
		return nil, refuse("not-linked", specActs, "Board %s has not signed a link of these licenses.", mine)
	}
	k.Boards = slices.Delete(k.Boards, i, i+1)
	if k.Effective != "" && k.Ended == "" {
		if a.Effective < k.Effective {
			return nil, refuse("days-reversed", specActs, "The link holds from %s.", k.Effective)
		}
		k.Ended = a.Effective
	}
	e, r := l.change(a.Effective, Change{Do: DoUnlink, Other: a.Other, From: a.Effective})
	if r == nil {
		e.Also = []AlsoWrite{{KindLink, id, &k}}
	}
	return e, r
}

func checkFact(day, through Day, party string) *Refusal {
	if len(party) > 200 {
		return refuse("too-much", specActs, "The party is named by its id, in at most 200 characters.")
	}
	return span(day, through)
}

func (a *FactRecord) decide(v View) (*Effect, *Refusal) {
	board := BoardOf(KindFact, a.Fact)
	if !checkRandomID(a.Fact[min(len(a.Fact), len(board)+1):]) || BoardOf(KindLicense, a.About) != board {
		return nil, refuse("fact-id", specActs, "A fact is named by the license's board, a slash and 32 random lower-case hexadecimal digits.")
	}
	if v.Get(KindFact, a.Fact, new(Fact)) {
		return nil, refuse("fact-exists", specActs, "Fact %s is recorded already.", a.Fact)
	}
	if _, r := getLive(v, a.About); r != nil {
		return nil, r
	}
	if !slices.Contains(FactCodes, a.Code) {
		return nil, refuse("fact-code", specActs, "There is no fact of kind %q; the kinds are %v.", a.Code, FactCodes)
	}
	if r := checkFact(a.Day, a.Through, a.Party); r != nil {
		return nil, r
	}
	return &Effect{Effective: a.Day, Record: &Fact{
		About: a.About, Code: a.Code, Day: a.Day, Through: a.Through,
		Number: a.Number, Party: a.Party, Commitment: a.Commitment, Count: 1,
	}}, nil
}

func openFact(v View, id string, count int64) (*Fact, *Refusal) {
	f := new(Fact)
	if !v.Get(KindFact, id, f) {
		return nil, refuse("unknown-fact", specActs, "There is no fact %s.", id)
	}
	if f.Ended != "" {
		return nil, refuse("fact-ended", specActs, "Fact %s ended on %s.", id, f.Ended)
	}
	f.Last = Hash{}
	return f, stale("fact "+id, f.Count, count)
}

func (a *FactAmend) decide(v View) (*Effect, *Refusal) {
	f, r := openFact(v, a.Fact, a.Count)
	if r == nil {
		r = checkFact(a.Day, a.Through, a.Party)
	}
	if r != nil {
		return nil, r
	}
	f.Day, f.Through, f.Number, f.Party, f.Commitment = a.Day, a.Through, a.Number, a.Party, a.Commitment
	f.Count++
	return &Effect{Effective: a.Day, Record: f}, nil
}

func (a *FactEnd) decide(v View) (*Effect, *Refusal) {
	f, r := openFact(v, a.Fact, a.Count)
	if r != nil {
		return nil, r
	}
	if a.Day < f.Day {
		return nil, refuse("days-reversed", specActs, "The fact is of %s.", f.Day)
	}
	f.Ended = a.Day
	f.Count++
	return &Effect{Effective: a.Day, Record: f}, nil
}

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
	if !known {
		next.Changes = append([]Change{{Do: DoIssue, Licensee: a.Licensee, Subject: a.Subject, Source: SourceImport, From: a.Issued}}, next.Changes...)
		also = []AlsoWrite{{KindLicensee, a.Licensee, &Licensee{License: a.License}}}
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
	return firstRefusal(checkNumber(v, a.License), checkSubject(v, a.Licensee, a.Subject), needDay(a.Issued))
}

// checkKnown checks a row about a license that stands in the registry.
func (a *ImportAssert) checkKnown(l *License, es []Recorded, next []Change) *Refusal {
	if a.Licensee != "" || a.Subject != "" || a.Issued != "" {
		return refuse("license-exists", specActs, "License %s is in the registry already: the row names no licensee, subject or issue.", a.License)
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
