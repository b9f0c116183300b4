package ledger

import (
	"testing"

	"licet/license"
	"licet/proof"
	"licet/strict"
)

// note cosigns the newest state as the member's node would.
func (r *registry) note() []byte {
	r.t.Helper()
	h := r.Head()
	c, at, ok := r.Checkpoint(h.Height)
	if !ok {
		r.t.Fatal("no checkpoint")
	}
	cosigner, err := proof.NewCosigner("idfpr", seedKey("cosign"))
	if err != nil {
		r.t.Fatal(err)
	}
	ext := cosigner.Sign(c.Text(), at.Unix())
	return proof.AssembleNote(c.Text(), []string{proof.SignatureLine("idfpr", ext[:])})
}

func (r *registry) trust() proof.Trust {
	return proof.TrustOf(r.Head().Origin, r.Head().Sets[0].Set, []proof.TrustBoard{{ID: "us-il", Key: spec("root")}})
}

func (r *registry) bundle(history bool, kind, id string) []byte {
	r.t.Helper()
	s, err := r.State()
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Release()
	f := s.StandingBundle
	if history {
		f = s.HistoryBundle
	}
	b, err := f(kind, id, r.note())
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func TestBundles(t *testing.T) {
	r := newRegistry(t)
	id := r.issue("041000001", "2026-05-31")
	doc, ref := r.opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}}})
	r.act([]license.Opening{doc}, []string{"clerk", "director"}, &license.LicenseDiscipline{
		License: id, Order: r.id(), Commitment: ref.Commitment,
		Authority: license.AuthorityBarred, From: "2026-01-10",
	})
	b := r.bundle(false, license.KindLicense, id)
	v, err := proof.Verify(b, r.trust(), proof.Question{})
	if err != nil {
		t.Fatal(err)
	}
	if v.Found != proof.FoundPresent || v.Standing.Primary != "SUSPENDED" || v.Name.String() != "Ann Lee" || v.Standing.Authority != license.MayNotPractice {
		t.Errorf("%+v", v)
	}
	t.Logf("standing bundle %d bytes", len(b))
	h := r.bundle(true, license.KindLicense, id)
	v, err = proof.Verify(h, r.trust(), proof.Question{})
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
		v, err := proof.Verify(r.bundle(true, license.KindLicense, "us-il.nurse."+number), r.trust(), proof.Question{})
		if err != nil || v.Found != found {
			t.Errorf("%s: %v %v", number, v, err)
		}
	}
	v, err = proof.Verify(r.bundle(true, license.KindLicense, "us-il.barber.1"), r.trust(), proof.Question{})
	if err != nil || v.Found != proof.FoundUnknown {
		t.Errorf("%v %v", v, err)
	}
}

// Bundles that are put together from written parts are what encoding gives.
func TestStandingBundleIsWrittenAsEncoded(t *testing.T) {
	r := newRegistry(t)
	id := r.issue("041000001", "2026-05-31")
	r.issue("041000002", "2026-05-31")
	doc, ref := r.opening(license.OpeningOrder, license.OrderDocument{Entity: "Board \"A\"", Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}}})
	r.act([]license.Opening{doc}, []string{"clerk", "director"}, &license.LicenseDiscipline{
		License: id, Order: r.id(), Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: "2026-01-10",
	})
	s, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	for range 2 { // the second time from what is kept
		for _, id := range []string{id, "us-il.nurse.041000002", "us-il.nurse.041999999", "us-il.barber.1", "us-wi.nurse.1", "us-il.nurse.A%2F1"} {
			got, err := s.StandingBundle(license.KindLicense, id, r.note())
			if err != nil {
				t.Fatal(err)
			}
			u, err := s.standing(license.KindLicense, id, r.note())
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
