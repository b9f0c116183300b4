package ledger

import (
	"reflect"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"licet/license"
	"licet/proof"
	"licet/strict"
)

func TestFoundIssueDisciplineVoidSeal(t *testing.T) {
	r := newRegistry(t)
	id := r.issue("041000001", "2026-05-31")
	if s := r.license(id).StandingOn("2026-05-31", nil, nil); s.Authority != license.MayPractice {
		t.Errorf("on the last day: %+v", s)
	}
	if s := r.license(id).StandingOn("2026-06-01", nil, nil); s.Registration != license.RegistrationLapsed || s.Authority != license.MayNotPractice {
		t.Errorf("the day after: %+v", s)
	}

	doc, ref := r.opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}}})
	order := r.id()
	discipline := &license.LicenseDiscipline{License: id, Order: order, Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: "2026-01-10"}
	both := []string{"clerk", "director"}
	signed := r.sign(true, []license.Act{discipline}, []license.Opening{doc}, both...)
	if o := r.block(signed)[0]; o.Code != "" {
		t.Fatal(o)
	}
	if o := r.block(signed)[0]; o.Code != "opening-used" && o.Code != "stale" {
		t.Errorf("replayed: %q", o.Code)
	}
	if s := r.license(id).StandingOn("2026-01-10", nil, nil); s.Authority != license.MayNotPractice {
		t.Errorf("suspended: %+v", s)
	}
	s, _ := r.State()
	es, err := s.Entries(license.KindLicense, id)
	s.Release()
	if err != nil || len(es) != 2 {
		t.Fatal(len(es), err)
	}
	if o := r.block(r.sign(true, []license.Act{&license.LicenseVoid{License: id, Entries: []license.Hash{es[1].Hash}}}, nil, "clerk"))[0]; o.Code != "under-signed" {
		t.Errorf("voided by the clerk alone: %q", o.Code)
	}
	r.act(nil, both, &license.LicenseVoid{License: id, Entries: []license.Hash{es[1].Hash}})
	if s := r.license(id).StandingOn("2026-01-10", nil, nil); s.Authority != license.MayPractice {
		t.Errorf("voided: %+v", s)
	}
	checkWhole(t, r.Ledger)
}

// checkWhole checks that records are the fold of entries, that every entry stands
// under the log's root and every record under the map's.
func checkWhole(t *testing.T, l *Ledger) {
	t.Helper()
	s, err := l.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	for i := range s.Head.Size {
		b, err := s.EntryBytes(i)
		if err != nil {
			t.Fatal(err)
		}
		p, err := proof.InclusionPath(s.Head.Size, i, s.Hashes())
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.CheckInclusion(p, s.Head.Size, i, tlog.Hash(s.Head.Root), tlog.Hash(license.LeafHash(b))); err != nil {
			t.Errorf("entry %d: %v", i, err)
		}
	}
	ids, err := s.IDs(license.KindLicense, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		v, _ := s.Value(license.KindLicense, id)
		es, err := s.Entries(license.KindLicense, id)
		if err != nil {
			t.Fatal(err)
		}
		var l license.License
		if err := strict.Decode(v, &l, recordBytesMax); err != nil {
			t.Fatal(err)
		}
		if f := license.FoldLicense(es, ""); !reflect.DeepEqual(&l, f) {
			t.Errorf("%s: record %+v\nfold %+v", id, &l, f)
		}
		p, err := s.Prove(license.KindLicense, id)
		if err != nil {
			t.Fatal(err)
		}
		h := [32]byte(license.HashOf(v))
		if root, err := p.Root(proof.MapKey(license.KindLicense, id), &h); err != nil || root != [32]byte(s.Head.Map) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
