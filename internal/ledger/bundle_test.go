package ledger_test

import (
	"testing"

	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// annLee is the licensee of most licenses.
var annLee = license.Name{Family: "Lee", Given: "Ann"}

// note is the note over the newest state.
func note(t testing.TB, r *ledgertest.Registry) []byte {
	t.Helper()
	n, err := r.Note(r.Head().Height)
	if err != nil || n == nil {
		t.Fatal("no note", err)
	}
	return n
}

func bundle(t testing.TB, r *ledgertest.Registry, history bool, kind, id string) []byte {
	t.Helper()
	s, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	f := s.StandingBundle
	if history {
		f = s.HistoryBundle
	}
	b, err := f(kind, id, note(t, r))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBundles(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", annLee, "2026-05-31")
	doc, ref := r.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}}})
	r.Act([]license.Opening{doc}, []string{"clerk", "director"}, &license.LicenseDiscipline{
		License: id, Order: r.ID(), Commitment: ref.Commitment,
		Authority: license.AuthorityBarred, From: "2026-01-10",
	})
	b := bundle(t, r, false, license.KindLicense, id)
	v, err := proof.Verify(b, r.Trust(), proof.Question{})
	if err != nil {
		t.Fatal(err)
	}
	if v.Found != proof.FoundPresent || v.Standing.Primary != "SUSPENDED" || v.Name.String() != "Ann Lee" || v.Standing.Authority != license.MayNotPractice {
		t.Errorf("%+v", v)
	}
	t.Logf("standing bundle %d bytes", len(b))
	h := bundle(t, r, true, license.KindLicense, id)
	v, err = proof.Verify(h, r.Trust(), proof.Question{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("history bundle %d bytes", len(h))
	for _, e := range v.Entries {
		if e.Carried != proof.CarriedSigned {
			t.Errorf("entry %d %s: %s %s", e.Index, e.Act, e.Carried, e.Why)
		}
	}
	for number, found := range map[string]string{"041999999": proof.FoundAbsent, "41": proof.FoundNotNumber} {
		v, err := proof.Verify(bundle(t, r, true, license.KindLicense, "us-il.nurse."+number), r.Trust(), proof.Question{})
		if err != nil || v.Found != found {
			t.Errorf("%s: %v %v", number, v, err)
		}
	}
	v, err = proof.Verify(bundle(t, r, true, license.KindLicense, "us-il.plumber.1"), r.Trust(), proof.Question{})
	if err != nil || v.Found != proof.FoundUnknown {
		t.Errorf("%v %v", v, err)
	}
}

// Bundles that are put together from written parts are what encoding gives.
func TestStandingBundleIsWrittenAsEncoded(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", annLee, "2026-05-31")
	r.Issue("041000002", annLee, "2026-05-31")
	doc, ref := r.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Board \"A\"", Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}}})
	r.Act([]license.Opening{doc}, []string{"clerk", "director"}, &license.LicenseDiscipline{
		License: id, Order: r.ID(), Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: "2026-01-10",
	})
	s, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	for range 2 { // the second time from what is kept
		for _, id := range []string{id, "us-il.nurse.041000002", "us-il.nurse.041999999", "us-il.plumber.1", "us-wi.nurse.1", "us-il.nurse.A%2F1"} {
			got, err := s.StandingBundle(license.KindLicense, id, note(t, r))
			if err != nil {
				t.Fatal(err)
			}
			u, err := s.Standing(license.KindLicense, id, note(t, r))
			if err != nil {
				t.Fatal(err)
			}
			u.Type = proof.BundleStanding
			if want := strict.Encode(u); string(got) != string(want) {
				t.Errorf("%s:\n%s\nnot\n%s", id, got, want)
			}
		}
	}
}
