package ledger_test

import (
	"testing"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
)

func TestFoundIssueDisciplineVoidSeal(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", annLee, "2026-05-31")
	if s := r.License(id).StandingOn("2026-05-31", nil, nil); s.Authority != license.MayPractice {
		t.Errorf("on the last day: %+v", s)
	}
	if s := r.License(id).StandingOn("2026-06-01", nil, nil); s.Registration != license.RegistrationLapsed || s.Authority != license.MayNotPractice {
		t.Errorf("the day after: %+v", s)
	}

	doc, ref := r.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}}})
	order := r.ID()
	discipline := &license.LicenseDiscipline{License: id, Order: order, Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: "2026-01-10"}
	both := []string{"clerk", "director"}
	signed := r.Sign(true, []license.Act{discipline}, []license.Opening{doc}, both...)
	if o := r.Block(signed)[0]; o.Code != "" {
		t.Fatal(o)
	}
	if o := r.Block(signed)[0]; o.Code != "opening-used" && o.Code != "stale" {
		t.Errorf("replayed: %q", o.Code)
	}
	if s := r.License(id).StandingOn("2026-01-10", nil, nil); s.Authority != license.MayNotPractice {
		t.Errorf("suspended: %+v", s)
	}
	s, _ := r.State()
	es, err := s.Entries(license.KindLicense, id)
	s.Release()
	if err != nil || len(es) != 2 {
		t.Fatal(len(es), err)
	}
	if o := r.Block(r.Sign(true, []license.Act{&license.LicenseVoid{License: id, Entries: []license.Hash{es[1].Hash}}}, nil, "clerk"))[0]; o.Code != "under-signed" {
		t.Errorf("voided by the clerk alone: %q", o.Code)
	}
	r.Act(nil, both, &license.LicenseVoid{License: id, Entries: []license.Hash{es[1].Hash}})
	if s := r.License(id).StandingOn("2026-01-10", nil, nil); s.Authority != license.MayPractice {
		t.Errorf("voided: %+v", s)
	}
	ledger.CheckWhole(t, r.Ledger)
}
