package answer

import (
	"strings"
	"testing"
	"time"

	"licet/internal/contract"
	"licet/internal/ledgertest"
	"licet/internal/lookup"
	"licet/license"
)

func compact(t *testing.T) (*ledgertest.Compact, *Registry) {
	t.Helper()
	c := ledgertest.NewCompact(t)
	l, err := lookup.Open(t.TempDir(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return c, &Registry{Ledger: c, Lookup: l, Now: func() time.Time { return c.Clock }}
}

func newest(t *testing.T, a *Registry, id string) HistoryEntry {
	t.Helper()
	h, err := a.History(id, "")
	if err != nil {
		t.Fatal(err)
	}
	e := h.Entries[len(h.Entries)-1]
	return e
}

// What a contract did to licenses of other boards is told with rule, law and reason.
func TestAutomatic(t *testing.T) {
	c, a := compact(t)
	c.Imlc("../../contracts")
	order := c.Order(ledgertest.PrincipalID, "revocation", "2026-04-01")
	cause := newest(t, a, ledgertest.PrincipalID)
	const want = "Revoked automatically on April 1, 2026 under IMLC 10(b), because Wisconsin revoked its license; holds until the board ends it."
	for id, board := range map[string]string{ledgertest.CompactIL: "Illinois", ledgertest.CompactIA: "Iowa"} {
		e := newest(t, a, id)
		if e.Sentence != want || e.Carried != "done by contract imlc, version 1, which "+board+" adopted" || e.By != nil {
			t.Errorf("%s: %+v", id, e)
		}
		r := e.Rule
		if r == nil || r.Function != "on_order" || r.Line == 0 || r.Trigger == nil || *r.Trigger != (Trigger{cause.Hash, cause.Index, "license.discipline", ledgertest.PrincipalID, "Wisconsin"}) {
			t.Fatalf("%s: %+v", id, r)
		}
		l := get(t, a, id, "2026-04-02", "")
		if len(l.Automatic) != 1 || l.Automatic[0].Sentence != want || l.Automatic[0].Order != l.Orders[0].ID || l.Waits != nil || l.Orders[0].Document != nil {
			t.Errorf("%s: %+v, %+v", id, l.Automatic, l.Waits)
		}
		if l := get(t, a, id, "2026-03-31", ""); l.Automatic != nil {
			t.Errorf("%s the day before: %+v", id, l.Automatic)
		}
	}
	if l := get(t, a, ledgertest.PlainIA, "2026-04-02", ""); l.Automatic != nil || newest(t, a, ledgertest.PlainIA).Rule != nil {
		t.Errorf("a license that is not reached: %+v", l.Automatic)
	}
	// The order that made it run is sealed: nothing of it is told any more.
	c.Clock = c.Clock.AddDate(0, 0, 3)
	c.Sign(nil, "us-wi", &license.LicenseSeal{License: ledgertest.PrincipalID, Order: order, Count: c.License(ledgertest.PrincipalID).Orders[0].Count})
	e := newest(t, a, ledgertest.CompactIL)
	if e.Sentence != "Revoked automatically on April 1, 2026 under IMLC 10(b), because of an entry that is confidential; holds until the board ends it." ||
		e.Rule.Trigger != nil || e.Rule.Cause.Trigger != (license.Hash{}) {
		t.Errorf("sealed: %+v, %+v", e, e.Rule)
	}
}

// The board ends what a contract did.
func TestAutomaticEnds(t *testing.T) {
	c, a := compact(t)
	c.Imlc("../../contracts")
	c.Order(ledgertest.CompactIL, "suspension", "2026-04-01")
	const want = "Suspended automatically on April 1, 2026 under IMLC 10(d), because Illinois suspended its license; ends June 29, 2026 unless the board ends it earlier."
	if e := newest(t, a, ledgertest.PrincipalID); e.Sentence != want {
		t.Errorf("%+v", e)
	}
	o := c.License(ledgertest.PrincipalID).Orders[0]
	c.Sign(nil, "us-wi", &license.LicenseLift{License: ledgertest.PrincipalID, Order: o.ID, Count: o.Count, From: "2026-05-01"})
	l := get(t, a, ledgertest.PrincipalID, "2026-05-02", "")
	if l.Standing.Authority != license.MayPractice || len(l.Orders) != 1 || l.Orders[0].InForce || l.Orders[0].End != "2026-04-30" {
		t.Errorf("%+v", l.Orders)
	}
}

// What the end of a term brought says so; what a timer brought says that.
func TestAutomaticDays(t *testing.T) {
	c, a := compact(t)
	c.Adopt(ledgertest.OneRule("lapse", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    return [set_lifecycle(day.license, \"inactive\", ctx.today), set_timer(day.license, \"again\", ctx.today + 10)]\n"), "board", "us-il")
	const id = "us-il.physician.5"
	c.Physician(id, "examination", "2026-03-31")
	c.Until("2026-04-01")
	l, h, err := a.LicenseAndHistory(id, "2026-04-02", "")
	if err != nil {
		t.Fatal(err)
	}
	const want = "Made inactive automatically on April 1, 2026 under Act 1, because its term ended on March 31, 2026."
	if len(l.Automatic) != 1 || l.Automatic[0].Sentence != want || h.Entries[1].Sentence != want || h.Entries[1].Rule.Trigger != nil {
		t.Errorf("%+v, %+v", l.Automatic, h.Entries)
	}
	if s := h.Entries[2].Sentence; s != "Noted automatically under Act 1: contract lapse looks at this license again on April 11, 2026." {
		t.Error(s)
	}
	c.Until("2026-04-11")
	if e := newest(t, a, id); e.Sentence != "The day came on which contract lapse meant to look at this license again." {
		t.Errorf("%+v", e)
	}
	if l := get(t, a, id, "2026-03-31", ""); l.Automatic != nil {
		t.Errorf("%+v", l.Automatic)
	}
}

// A day that came for one license is the reason of what a rule did to another one.
func TestAutomaticDaysOfAnother(t *testing.T) {
	c, a := compact(t)
	c.Adopt(ledgertest.OneRule("lapse", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    return [set_lifecycle(x.id, \"inactive\", ctx.today) for x in linked(day.license)]\n"), "board", "us-il", "us-ia")
	const id, other = "us-il.physician.5", "us-ia.physician.5"
	c.Physician(id, "examination", "2026-03-31")
	c.Physician(other, "examination", "2027-03-31")
	c.Link(id, other)
	c.Until("2026-04-01")
	const want = "Made inactive automatically on April 1, 2026 under Act 1, because of Illinois’s license, as its term ended on March 31, 2026."
	if l := get(t, a, other, "2026-04-02", ""); len(l.Automatic) != 1 || l.Automatic[0].Sentence != want {
		t.Errorf("%+v", l.Automatic)
	}
}

// A call that failed waits, and the license says so.
func TestWaits(t *testing.T) {
	c, a := compact(t)
	c.Adopt(ledgertest.OneRule("day", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"},
		"def hook(ctx, day):\n    return [notify(day.license, \"no-such-code\")]\n"), "board", "us-il")
	const id = "us-il.physician.5"
	c.Physician(id, "examination", "2026-03-31")
	c.Until("2026-04-01")
	const want = "A rule has still to be applied to this license: function hook of contract day, because its term ended on March 31, 2026. It is held, and runs when the board asks for it (call held-"
	l := get(t, a, id, "", "")
	if len(l.Waits) != 1 || !strings.HasPrefix(l.Waits[0], want) {
		t.Errorf("%q", l.Waits)
	}
	if e := newest(t, a, id); !strings.HasPrefix(e.Sentence, "A rule of contract day failed and is held") {
		t.Errorf("%+v", e)
	}
	s, err := c.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	var f license.Fault
	if _, err := s.Record(license.KindFault, "day/us-il", &f); err != nil {
		t.Fatal(err)
	}
	c.Sign(nil, "us-il", &license.ContractRetry{Board: "us-il", Contract: "day", Count: 1, Call: f.Call})
	if l := get(t, a, id, "", ""); len(l.Waits) != 1 || !strings.HasSuffix(l.Waits[0], ". It comes in one of the next blocks.") {
		t.Errorf("asked for again: %q", l.Waits)
	}
	c.Block()
	if l := get(t, a, id, "", ""); len(l.Waits) != 1 || !strings.HasPrefix(l.Waits[0], want) { // it failed again
		t.Errorf("failed again: %q", l.Waits)
	}
	if l := get(t, a, id, "", ledgertest.Start); l.Record != nil || l.Waits != nil {
		t.Errorf("before it was known: %+v", l.Waits)
	}
}
