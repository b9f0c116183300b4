package ledger_test

import (
	"testing"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/license"
)

// A board corrects the order of a contract, which is the board's own then. The contract's
// timer is called all the same; that it finds nothing to lift is no fault.
func TestCorrectedOrder(t *testing.T) {
	a := newAdopter(t)
	const id = "us-il.nurse.041000001"
	a.issue("clerk", id, "examination", "2026-03-31")
	parts := rule("hold", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    return [impose(day.license, \"held\", \"barred\", \"suspension\", ctx.today), set_timer(day.license, \"free\", ctx.today + 5)]\n"+
			"def free(ctx, day):\n    return [lift(day.license, \"held\", ctx.today), notify(day.license, \"told\")]\n")
	m, err := contract.ReadManifest(parts.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	m.Hooks = append(m.Hooks, contract.Hook{Kind: contract.OnTimer, Answers: []string{"free"}, Function: "free"})
	m.Functions = append(m.Functions, contract.Function{Name: "free", Citation: "Act 2", Words: "It is free again."})
	a.bring(contract.Seal(*m, contract.Parameters{}, parts.Source), "board")
	a.until("2026-04-01")
	s, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	es, err := s.Entries(license.KindLicense, id)
	s.Release()
	if err != nil {
		t.Fatal(err)
	}
	var imposed license.Recorded
	for _, e := range es {
		if e.Act == "contract.impose" {
			imposed = e
		}
	}
	if len(imposed.Changes) != 1 {
		t.Fatalf("%+v", es)
	}
	order := imposed.Changes[0].Order
	document, ref := a.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "probation"}}})
	a.must([]license.Opening{document}, "clerk + director", &license.LicenseCorrect{License: id, Entry: imposed.Hash, Changes: []license.Change{
		{Do: license.DoOrder, Order: order, Authority: license.AuthorityConditions, Commitment: ref.Commitment, From: "2026-04-01"},
	}})
	a.until("2026-04-06")
	o := a.License(id).Orders[0]
	if o.ID != order || o.Contract != "" || o.End != "" || o.Authority != license.AuthorityConditions {
		t.Errorf("the board's order is %+v", o)
	}
	var f license.Fault
	var n license.Notice
	s, err = a.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	ids, err := s.IDs(license.KindNotice, "", 2)
	if err != nil || len(ids) != 1 || !a.record(license.KindNotice, ids[0], &n) || n.Day != "2026-04-06" {
		t.Errorf("the timer was not called: %v, %+v, %v", ids, n, err)
	}
	if a.record(license.KindFault, "hold/us-il", &f) || a.record(license.KindTimer, id+"~hold~free", new(license.Timer)) {
		t.Errorf("%+v", f)
	}
	ledger.CheckWhole(t, a.Ledger)
}
