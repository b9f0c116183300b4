package ledger

import (
	"testing"
	"time"

	"licet/license"
	"licet/proof"
)

// A bundle over a state that is still held must not tell what was sealed since:
// serving leaves out what is sealed at that moment, whatever root is proved.
func TestOlderStateForgetsWhatIsSealed(t *testing.T) {
	r := newRegistry(t)
	id := r.issue("041000001", "2026-05-31")
	doc, ref := r.opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "reprimand"}}})
	order := r.id()
	both := []string{"clerk", "director"}
	r.act([]license.Opening{doc}, both, &license.LicenseDiscipline{License: id, Order: order, Commitment: ref.Commitment, Authority: license.AuthorityNone, From: "2026-01-10"})
	held, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	note, before := r.note(), r.bundle(true, license.KindLicense, id)
	seal := &license.LicenseSeal{License: id, Order: order, Count: 1}
	if o := r.block(r.sign(true, []license.Act{seal}, nil, both...))[0]; o.Code != "seal-early" {
		t.Errorf("while the payload lives: %q", o.Code)
	}
	r.clock = r.clock.Add(48 * time.Hour)
	r.act(nil, both, seal)
	b, err := held.StandingBundle(license.KindLicense, id, note)
	if err != nil {
		t.Fatal(err)
	}
	v, err := proof.Verify(b, r.trust(), proof.Question{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range v.Openings {
		if o.Kind == license.OpeningOrder {
			t.Error("the held state still opens the sealed order")
		}
	}
	if v, err = proof.Verify(before, r.trust(), proof.Question{}); err != nil || v.Standing.Secondary != "REPRIMAND" {
		t.Errorf("the old bundle: %v %v", v, err)
	}
	v, err = proof.Verify(r.bundle(true, license.KindLicense, id), r.trust(), proof.Question{})
	if err != nil || len(v.License.Orders) != 0 || v.Entries[1].Carried != proof.CarriedConfidential {
		t.Errorf("after the seal: %+v %v", v, err)
	}
}
