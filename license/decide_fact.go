package license

import (
	"slices"
	"strings"
)

// checkFact checks what a fact of a kind says.
func checkFact(f *Fact) *Refusal {
	if len(f.Party) > 200 {
		return refuse("too-much", specActs, "The party is named by its id, in at most 200 characters.")
	}
	if slices.Contains(OrganizationFacts, f.Code) && f.Party == "" && f.Commitment == (Hash{}) {
		return refuse("nothing", specActs, "A fact of kind %q says who or what: by a party's id, or in an opening.", f.Code)
	}
	if f.Code == FactControl && (f.Number < 0 || f.Number > ShareMax) {
		return refuse("share", specActs, "A share is 0 to %d basis points, not %d.", ShareMax, f.Number)
	}
	return span(f.Day, f.Through)
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
		return nil, refuse("fact-code", specActs, "There is no fact of kind %q; the kinds are %s.", a.Code, strings.Join(FactCodes, ", "))
	}
	f := &Fact{
		About: a.About, Code: a.Code, Day: a.Day, Through: a.Through,
		Number: a.Number, Party: a.Party, Commitment: a.Commitment, Count: 1,
	}
	if r := checkFact(f); r != nil {
		return nil, r
	}
	return &Effect{Effective: a.Day, Record: f}, nil
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
	if r != nil {
		return nil, r
	}
	f.Day, f.Through, f.Number, f.Party, f.Commitment = a.Day, a.Through, a.Number, a.Party, a.Commitment
	if r := checkFact(f); r != nil {
		return nil, r
	}
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
