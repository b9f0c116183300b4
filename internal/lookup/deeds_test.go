package lookup

import (
	"slices"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledgertest"
)

// What contracts changed is counted by board and month, once however the copy came about;
// calls that failed, and timers, changed nothing.
func TestDeeds(t *testing.T) {
	c := ledgertest.NewCompact(t)
	c.Imlc("../../contracts")
	c.Adopt(ledgertest.OneRule("day", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"},
		"def hook(ctx, day):\n    if day.license == \"us-il.physician.7\":\n        return [notify(day.license, \"no-such-code\")]\n"+
			"    return [set_lifecycle(day.license, \"inactive\", ctx.today), set_timer(day.license, \"again\", ctx.today + 10)]\n"), "board", "us-il")
	l := openOn(t, t.TempDir(), c.Registry)
	c.Order(ledgertest.PrincipalID, "revocation", "2026-04-01")
	for _, id := range []string{"5", "6", "7"} {
		c.Physician("us-il.physician."+id, "examination", "2026-05-31")
	}
	c.Until("2026-06-01")
	for _, l := range []*Lookup{l, openOn(t, t.TempDir(), c.Registry)} {
		catchUp(t, l)
		for name, want := range map[string][]Deed{
			"imlc": {{"us-ia", "2026-01", 1}, {"us-il", "2026-01", 1}},
			"day":  {{"us-il", "2026-06", 2}}, "none": nil,
		} {
			got, err := l.Deeds(t.Context(), name)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
	}
}
