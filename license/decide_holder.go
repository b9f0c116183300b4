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
	k.Ended = ""
	if mine == theirs || len(k.Boards) == 2 {
		k.Effective = a.Effective
	}
	e, r := l.change(a.Effective, Change{Do: DoLink, Other: a.Other, From: a.Effective})
	if r == nil {
		e.Also = []AlsoWrite{{KindLink, id, &k}}
	}
	return e, r
}

func (a *LicenseeUnlink) decide(v View) (*Effect, *Refusal) {
	l, r := getLive(v, a.License)
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
	if k.Effective != "" {
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
	f.Ended = a.Day
	f.Count++
	return &Effect{Effective: a.Day, Record: f}, nil
}

// decide copies a row. What a board decided itself is never overwritten by a file.
func (a *ImportAssert) decide(v View) (*Effect, *Refusal) {
	if a.Row < 1 {
		return nil, refuse("row", specActs, "Rows are counted from 1.")
	}
	for _, c := range a.Changes {
		if c.Do != DoTerm && c.Do != DoLifecycle && c.Do != DoOrder && c.Do != DoRoute {
			return nil, refuse("change", specActs, "A file asserts terms, lifecycles, orders and routes, not %q.", c.Do)
		}
		if r := checkChange(c); r != nil {
			return nil, r
		}
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
	if r := a.check(v, &l, known); r != nil {
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
	es := v.Entries(KindLicense, a.License)
	if p := entryOf(es, a.Previous); p != nil && p.Changes[0].Do == DoIssue { // the row that brought the license in
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

func (a *ImportAssert) check(v View, l *License, known bool) *Refusal {
	if !known {
		if a.Previous != (Hash{}) {
			return refuse("unknown-entry", specActs, "License %s has no entry %s.", a.License, a.Previous)
		}
		return firstRefusal(checkNumber(v, a.License), checkSubject(v, a.Licensee, a.Subject), needDay(a.Issued),
			stale("imports of "+a.License, l.Counts.Imports, a.Count), checkHolderOpenings(a.Openings))
	}
	if a.Licensee != "" || a.Subject != "" || a.Issued != "" {
		return refuse("license-exists", specActs, "License %s is in the registry already: the row names no licensee, subject or issue.", a.License)
	}
	if r := firstRefusal(stale("imports of "+a.License, l.Counts.Imports, a.Count), checkHolderOpenings(a.Openings)); r != nil {
		return r
	}
	es := v.Entries(KindLicense, a.License)
	if p := entryOf(es, a.Previous); a.Previous != (Hash{}) && (p == nil || p.Import == nil) {
		return refuse("unknown-entry", specActs, "License %s has no assertion %s.", a.License, a.Previous)
	}
	if l.Source != SourceImport {
		return refuse("native", specActs, "License %s was issued here by its board; a file does not speak over it.", a.License)
	}
	native := nativeFacets(es)
	for _, c := range a.Changes {
		if native[c.Do] {
			return refuse("native", specActs, "The board itself decided about %s of %s; a file does not speak over it.", c.Do, a.License)
		}
	}
	return nil
}

// nativeFacets says which facets an act of the board, not a file, last changed.
func nativeFacets(es []Recorded) map[string]bool {
	n := map[string]bool{}
	for _, e := range contributions(es) {
		if e.Import == nil {
			for _, c := range e.Changes {
				n[c.Do] = true
			}
		}
	}
	return n
}
