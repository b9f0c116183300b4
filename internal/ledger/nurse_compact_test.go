package ledger_test

import (
	"testing"

	"licet/internal/ledger"
	"licet/license"
)

// nurses makes a nurse of Illinois with a multistate license and a privilege of Iowa's.
func nurses(t *testing.T) (a *adopter, home, privilege string) {
	a = newAdopter(t)
	a.must(nil, "us-il", &license.BoardProfession{Profession: "us-il.rn", Title: "Nurse", Pattern: "#+"})
	a.must(nil, "ia", &license.BoardProfession{Profession: "us-ia.rn-privilege", Title: "Nurse", Pattern: "#+"})
	a.must(nil, "ia", &license.BoardProfession{Profession: "us-ia.rn", Title: "Nurse", Pattern: "#+"})
	a.bring(shipped(t, "nlc"), "party-board", "ia")
	home, privilege = "us-il.rn.1", "us-ia.rn-privilege.2"
	a.issue("clerk", home, "examination", "2027-05-31")
	grant := &license.PrivilegeIssue{License: privilege, Rests: home, Licensee: a.ID(), Subject: license.SubjectPerson, Route: "nlc", Issued: "2024-02-01", From: "2024-02-01"}
	if o := a.try(nil, "ia", grant); o.Code != "contract" {
		t.Errorf("a privilege on a license that is not multistate: %q, %s", o.Code, o.Sentence)
	}
	a.must(nil, "clerk", &license.FactRecord{Fact: "us-il/" + a.ID(), About: home, Code: "qualification", Party: "nlc", Day: "2024-01-01"})
	a.must(nil, "ia", grant)
	a.link(home, privilege, "clerk", "ia")
	return a, home, privilege
}

func (a *adopter) stands(id string, day license.Day, want string) {
	a.t.Helper()
	if s := a.License(id).StandingOn(day, nil, nil); s.Registration != want {
		a.t.Errorf("%s on %s: %s, want %s", id, day, s.Registration, want)
	}
}

// The compact's contract, on a network: what the home state does to the license
// deactivates the privilege on the same day, and the day on which its order ends by itself
// brings it back, without anybody's act.
func TestNurseCompact(t *testing.T) {
	a, home, privilege := nurses(t)
	doc, ref := a.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Illinois", Actions: []license.OrderAction{{Code: "suspension"}}})
	a.must([]license.Opening{doc}, "clerk + director", &license.LicenseDiscipline{
		License: home, Order: a.ID(), Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: "2026-02-01", Through: "2026-03-31",
	})
	a.until("2026-02-01")
	a.stands(privilege, "2026-02-01", license.RegistrationInactive)
	es := a.Entries(privilege)
	if e := es[len(es)-1]; e.ByContract() != "nlc" || e.Cause.Citation != "NLC Article V(b)" {
		t.Errorf("%+v", e.Cause)
	}
	a.until("2026-04-01")
	a.stands(privilege, "2026-04-01", license.RegistrationActive)
	a.stands(privilege, "2026-03-31", license.RegistrationInactive)
	ledger.CheckWhole(t, a.Ledger)
}

// A nurse moves to Iowa: the license there becomes the multistate one only once the move
// is on record, and deactivates the former one with the privilege that rests on it.
func TestNurseCompactNewHome(t *testing.T) {
	a, home, privilege := nurses(t)
	const next = "us-ia.rn.3"
	a.issue("ia", next, "endorsement", "2027-12-31")
	a.link(home, next, "clerk", "ia")
	qualify := &license.FactRecord{Fact: "us-ia/" + a.ID(), About: next, Code: "qualification", Party: "nlc", Day: "2026-01-15"}
	if o := a.try(nil, "ia", qualify); o.Code != "contract" {
		t.Errorf("a second home: %q, %s", o.Code, o.Sentence)
	}
	a.must(nil, "clerk", &license.FactRecord{Fact: "us-il/" + a.ID(), About: home, Code: "notice", Party: "nlc-residence", Day: "2026-01-10"})
	a.must(nil, "ia", qualify)
	today := license.InstantOf(a.Clock)[:10]
	a.stands(home, license.Day(today), license.RegistrationInactive)
	a.stands(privilege, license.Day(today), license.RegistrationInactive)
	ledger.CheckWhole(t, a.Ledger)
}
