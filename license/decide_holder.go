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
