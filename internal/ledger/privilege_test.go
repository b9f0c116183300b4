package ledger_test

import (
	"testing"

	"licet/internal/ledger"
	"licet/license"
)

// privilegeRefusals are those that a network under rules 2 meets about privileges.
func privilegeRefusals(t *testing.T) (codes []string) {
	a := newAdopter(t)
	const id = "us-ia.nurse.T900"
	home := a.Issue("041000001", annLee, "2026-05-31")
	a.must(nil, "ia", &license.BoardProfession{Profession: "us-ia.nurse", Title: "Nurse", Pattern: "T*+"})
	grant := func(id, rests string) license.Act {
		return &license.PrivilegeIssue{License: id, Rests: rests, Licensee: a.ID(), Subject: license.SubjectPerson, Issued: "2026-01-15", From: "2026-01-15"}
	}
	refused := func(code, who string, act license.Act) {
		t.Helper()
		before := a.Head()
		o := a.try(nil, who, act)
		after := a.Head()
		if o.Code != code || before.AppHash() != after.AppHash() || o.Citation == "" {
			t.Errorf("%s: %q, %s", code, o.Code, o.Sentence)
		}
		codes = append(codes, code)
	}
	a.must(nil, "ia", grant(id, home))
	refused("unknown-license", "ia", grant(id, "us-il.nurse.041000777"))
	refused("rests", "us-il", grant("us-il.nurse.041000999", id))
	refused("privilege", "ia", &license.LicenseSurrender{License: id, Count: 1, From: "2026-02-01"})
	refused("not-privilege", "us-il", &license.PrivilegeEnd{License: home, Count: a.License(home).Counts.Term, From: "2026-02-01"})
	ledger.CheckWhole(t, a.Ledger)
	return codes
}
