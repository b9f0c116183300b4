package ledger_test

import (
	"testing"
	"time"

	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
)

// A bundle over a state that is still held must not tell what was sealed since:
// serving leaves out what is sealed at that moment, whatever root is proved.
func TestOlderStateForgetsWhatIsSealed(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", annLee, "2026-05-31")
	doc, ref := r.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "reprimand"}}})
	order := r.ID()
	both := []string{"clerk", "director"}
	r.Act([]license.Opening{doc}, both, &license.LicenseDiscipline{License: id, Order: order, Commitment: ref.Commitment, Authority: license.AuthorityNone, From: "2026-01-10"})
	held, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	then, before := note(t, r), bundle(t, r, true, license.KindLicense, id)
	seal := &license.LicenseSeal{License: id, Order: order, Count: 1}
	if o := r.Block(r.Sign(true, []license.Act{seal}, nil, both...))[0]; o.Code != "seal-early" {
		t.Errorf("while the payload lives: %q", o.Code)
	}
	r.Clock = r.Clock.Add(48 * time.Hour)
	r.Act(nil, both, seal)
	b, err := held.StandingBundle(license.KindLicense, id, then)
	if err != nil {
		t.Fatal(err)
	}
	v, err := proof.Verify(b, r.Trust(), proof.Question{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range v.Openings {
		if o.Kind == license.OpeningOrder {
			t.Error("the held state still opens the sealed order")
		}
	}
	if v, err = proof.Verify(before, r.Trust(), proof.Question{}); err != nil || v.Standing.Secondary != "REPRIMAND" {
		t.Errorf("the old bundle: %v %v", v, err)
	}
	v, err = proof.Verify(bundle(t, r, true, license.KindLicense, id), r.Trust(), proof.Question{})
	if err != nil || len(v.License.Orders) != 0 || v.Entries[1].Carried != proof.CarriedConfidential {
		t.Errorf("after the seal: %+v %v", v, err)
	}
}
