package answer

import (
	"fmt"
	"testing"

	"licet/license"
)

func TestFacts(t *testing.T) {
	r, a := registry(t)
	id := r.Issue("041000001", license.Name{Legal: "Care Inc."}, "2026-05-31")
	other := r.Issue("041000002", license.Name{Family: "Lee", Given: "Kim"}, "2026-05-31")
	drawn := 0
	record := func(code, party, text string, number int64, day license.Day) string {
		drawn++
		f := &license.FactRecord{Fact: fmt.Sprintf("us-il/%032x", drawn), About: id, Code: code, Day: day, Party: party, Number: number}
		var os []license.Opening
		if text != "" {
			o, ref := r.Opening(license.OpeningFact, []byte(text))
			os, f.Commitment = append(os, o), ref.Commitment
		}
		r.Act(os, officers, f)
		return f.Fact
	}
	responsible := record(license.FactResponsible, other, "", 0, "2026-01-10")
	record("charge", "somebody", "", 0, "2026-01-10") // no part of the look-up
	record(license.FactDBA, "", "Second Name", 0, "2026-01-12")
	record(license.FactDBA, "", "First Name", 0, "2026-01-10")
	before := r.Head().Time
	r.Act(nil, officers, &license.FactEnd{Fact: responsible, Count: 1, Day: "2026-02-01"})

	l := get(t, a, id, "2026-02-01", "")
	var told []string
	for _, f := range l.Facts {
		told = append(told, fmt.Sprintf("%s %v %v", f.Sentence, f.Holds, f.Withheld))
	}
	want := []string{
		"(withheld), from January 10, 2026 true true", // the board does not show openings of facts
		"(withheld), from January 12, 2026 true true",
		"Kim Lee (" + other + "), from January 10, 2026; ended February 1, 2026 false false",
	}
	if fmt.Sprint(told) != fmt.Sprint(want) || !l.Vacant || l.MoreFacts {
		t.Errorf("%q, vacant %v", told, l.Vacant)
	}
	if l := get(t, a, id, "2026-01-31", ""); l.Vacant {
		t.Error("vacant before the end")
	}
	if l := get(t, a, id, "2026-02-01", before); l.Vacant || l.Facts[2].Ended != "" {
		t.Errorf("as known before the end: %+v", l.Facts)
	}
	if l := get(t, a, other, "", ""); len(l.Facts) != 0 {
		t.Errorf("facts of another license: %+v", l.Facts)
	}
	for range factsMax {
		record("bond", "surety", "", 100, "2026-01-10")
	}
	if l := get(t, a, id, "2026-02-01", ""); len(l.Facts) != factsMax || !l.MoreFacts || !l.Vacant {
		t.Errorf("%d facts, more %v, vacant %v", len(l.Facts), l.MoreFacts, l.Vacant)
	}
}
