package web

import (
	"strings"
	"testing"

	"licet/internal/ledgertest"
	"licet/license"
	"licet/tx"
)

// A privilege's page says that it is one, links the license on which it rests, and says
// nothing of that license's standing; the license's own page names no privilege.
func TestPrivilegePage(t *testing.T) {
	r := ledgertest.NewUnder(t, 2)
	s := siteOf(t, r)
	do := func(by, key string, acts ...license.Act) {
		t.Helper()
		p := tx.New(r.Head().Origin, true, license.InstantOf(r.Clock), 86400, acts, nil)
		p.Sign(tx.SignEd25519(by, ledgertest.Key(key), p.HeaderBytes))
		p.Sign(tx.SignEd25519("member/idfpr", ledgertest.Key("member"), p.HeaderBytes))
		if o := r.Block(p.Encode())[0]; o.Code != "" {
			t.Fatal(o.Refusal())
		}
	}
	home := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	const id = "us-ia.nurse.T1"
	do("board/us-ia", "root ia", &license.BoardCreate{Board: "us-ia", Name: "Iowa", Member: "idfpr", Jurisdiction: "us-ia", Root: ledgertest.Spec("root ia")})
	do("board/us-ia", "root ia",
		&license.BoardProfession{Profession: "us-ia.nurse", Title: "Nurse", Pattern: "T#+"},
		&license.PrivilegeIssue{License: id, Rests: home, Licensee: r.ID(), Subject: license.SubjectPerson, Route: "nlc", Issued: "2026-01-01", From: "2026-01-01"})
	p := s.get("/licenses/"+id, 200)
	for _, want := range []string{
		"may practice, by a privilege that rests on license " + home, "A privilege, which rests on license " + home + " on January",
		"Another board decides about that license, and this answer says nothing of it: ask for it too.",
		"Privilege granted January 1, 2026 by nlc, which rests on license " + home,
	} {
		if !strings.Contains(p.text, want) {
			t.Errorf("the page does not say %q:\n%s", want, p.text)
		}
	}
	if !strings.Contains(p.Body.String(), `href="/licenses/`+home+`"`) {
		t.Error("the page does not link the license on which the privilege rests")
	}
	if p := s.get("/licenses/"+home, 200); strings.Contains(p.text, "rivilege") {
		t.Errorf("the license's own page speaks of privileges:\n%s", p.text)
	}
}
