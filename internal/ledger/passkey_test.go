package ledger

import (
	"testing"

	"licet/license"
	"licet/tx"
)

// A passkey counts for the site of its own member, and for no other.
func TestPasskeyOfAnotherSite(t *testing.T) {
	w := newWorld(t)
	issue := &license.LicenseIssue{
		License: "us-il.nurse.041000001", Licensee: w.id(), Subject: license.SubjectPerson, Issued: "2020-01-01", From: "2026-01-01",
	}
	by, origin := "officer/us-il/passkey", worldMembers()[0].Origins[0]
	signed := func(by, origin string) *tx.Transaction {
		p := w.payload(true, []license.Act{issue}, nil)
		p.Signatures = []tx.Signature{passkeySignature(t, by, "passkey", p.HeaderBytes, origin)}
		return p
	}
	before := w.Head()
	for _, c := range []struct{ by, origin, want string }{
		{by, "https://evil.example", "bad-signature"},
		{by, origin + ".evil.example", "bad-signature"},
		{"officer/us-xx/passkey", origin, "bad-signature"}, // no board, so no member and no site
		{"member/nobody", origin, "bad-signature"},
		{"member/" + worldMembers()[0].ID, origin, "not-officer"},
	} {
		if o := w.block(signed(c.by, c.origin))[0]; o.Code != c.want {
			t.Errorf("%s at %s: %q, want %q: %s", c.by, c.origin, o.Code, c.want, o.Sentence)
		}
	}
	if h := w.Head(); h.AppHash() != before.AppHash() {
		t.Error("the refusals changed the state")
	}
	if o := w.block(signed(by, origin))[0]; o.Code != "" {
		t.Errorf("its own site: %s", o.Sentence)
	}
	CheckWhole(t, w.Ledger)
}
