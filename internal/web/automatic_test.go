package web

import (
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledgertest"
)

// A license that a contract suspended says so in one sentence, and by which rule.
func TestAutomaticPage(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := siteOf(t, c.Registry)
	c.Imlc("../../contracts")
	c.Order(ledgertest.PrincipalID, "revocation", "2026-04-01")
	const sentence = "Revoked automatically on April 1, 2026 under IMLC 10(b), because Wisconsin revoked its license; holds until the board ends it."
	p := s.get("/licenses/"+ledgertest.CompactIL+"?on=2026-04-02", 200)
	for _, want := range []string{
		"may not practice: REVOKED", "Changed automatically", sentence + " in force", "Bars practice from April 1, 2026 until lifted.",
		"Rule: contract imlc, version 1 , IMLC 10(b)", "Function on_order, line ", "license.discipline of license " + ledgertest.PrincipalID,
		"done by contract imlc, version 1, which Illinois adopted", "Orders of the board None on April 2, 2026 that the board shows.",
	} {
		if !strings.Contains(p.text, want) {
			t.Errorf("the page does not say %q:\n%s", want, p.text)
		}
	}
	if n := strings.Count(p.text, sentence); n != 2 { // status and history
		t.Errorf("%d times", n)
	}
	for _, link := range []string{`href="/contracts/imlc?edition=`, `#line-`, `href="/licenses/` + ledgertest.PrincipalID + `"`} {
		if !strings.Contains(p.Body.String(), link) {
			t.Errorf("no %s", link)
		}
	}
	if p := s.get("/licenses/"+ledgertest.CompactIL+"?on=2026-03-31", 200); strings.Contains(p.text, "Changed automatically") {
		t.Errorf("the day before:\n%s", p.text)
	}
	if p := s.get("/search?q=2&on=2026-04-02", 200); !strings.Contains(p.text, "may not practice: REVOKED automatically") {
		t.Errorf("the search does not say that it is automatic:\n%s", p.text)
	}
	if p := s.get("/licenses/"+ledgertest.PrincipalID+"?on=2026-04-02", 200); strings.Contains(p.text, "utomatically") {
		t.Errorf("what the board signed is said to be automatic:\n%s", p.text)
	}
}

// While a rule waits, the page says so before anything else.
func TestWaitingPage(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := siteOf(t, c.Registry)
	c.Adopt(ledgertest.OneRule("day", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"},
		"def hook(ctx, day):\n    return [notify(day.license, \"no-such-code\")]\n"), "board", "us-il")
	c.Physician("us-il.physician.5", "examination", "2026-03-31")
	c.Until("2026-04-01")
	p := s.get("/licenses/us-il.physician.5", 200)
	said := strings.Index(p.text, "A rule has still to be applied to this license: function hook of contract day, because its term ended on March 31, 2026.")
	if said < 0 || said > strings.Index(p.text, "Status on") {
		t.Errorf("%d:\n%s", said, p.text)
	}
	if p := s.get("/search?q=5", 200); !strings.Contains(p.text, "a rule has still to be applied") {
		t.Errorf("%s", p.text)
	}
}
