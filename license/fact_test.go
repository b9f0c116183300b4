package license

import "testing"

func TestOrganizationFacts(t *testing.T) {
	b := issued(t)
	record := func(bend func(*FactRecord)) *FactRecord {
		a := &FactRecord{Fact: "us-il/" + b.id(), About: nurse, Code: FactControl, Day: "2026-01-01", Party: "somebody", Number: ShareMax}
		bend(a)
		return a
	}
	for _, c := range OrganizationFacts {
		b.refused("nothing", record(func(a *FactRecord) { a.Code, a.Party, a.Number = c, "", 0 }))
		b.must(record(func(a *FactRecord) { a.Code, a.Number = c, 0 }))
		b.must(record(func(a *FactRecord) { a.Code, a.Party, a.Number, a.Commitment = c, "", 0, b.hash("name") }))
	}
	b.refused("share", record(func(a *FactRecord) { a.Number = ShareMax + 1 }))
	b.refused("share", record(func(a *FactRecord) { a.Number = -1 }))
	b.must(record(func(a *FactRecord) { a.Code, a.Number = "bond", 50_000_000 }))

	a := record(func(*FactRecord) {})
	b.must(a)
	b.refused("share", &FactAmend{Fact: a.Fact, Count: 1, Day: "2026-02-01", Party: "somebody", Number: ShareMax + 1})
	b.refused("nothing", &FactAmend{Fact: a.Fact, Count: 1, Day: "2026-02-01", Number: 5000})
	b.must(&FactAmend{Fact: a.Fact, Count: 1, Day: "2026-02-01", Through: "2026-12-31", Party: "somebody", Number: 5000})
	b.must(&FactEnd{Fact: a.Fact, Count: 2, Day: "2026-06-01"})
	var f Fact
	b.Get(KindFact, a.Fact, &f)
	for day, holds := range map[Day]bool{"2026-01-31": false, "2026-02-01": true, "2026-05-31": true, "2026-06-01": false} {
		if f.HoldsOn(day) != holds {
			t.Errorf("on %s it holds: %v", day, !holds)
		}
	}
}
