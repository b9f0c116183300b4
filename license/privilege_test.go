package license

import "testing"

const (
	privilege = "us-ia.nurse.T2"
	homeA     = "us-il.nurse.041002"
	homeB     = "us-il.nurse.041003"
)

// granted is a book with a privilege of Iowa's on a license of Illinois.
func granted(t testing.TB) *book {
	b := newBook(t)
	b.must(
		&LicenseIssue{License: homeA, Licensee: b.id(), Subject: SubjectPerson, Issued: "2020-06-01", From: "2024-06-01"},
		&LicenseIssue{License: homeB, Licensee: b.id(), Subject: SubjectOrganization, Issued: "2020-06-01", From: "2024-06-01"},
		&PrivilegeIssue{License: privilege, Rests: homeA, Licensee: b.id(), Subject: SubjectPerson, Route: "nlc", Issued: "2024-07-01", From: "2024-07-01", Through: "2026-05-31"},
	)
	return b
}

// A privilege stands by its own record: what becomes of the license on which it rests
// changes nothing of it, and an order on it nothing of that license.
func TestPrivilegesStandByTheirOwnRecords(t *testing.T) {
	b := granted(t)
	const day = "2026-02-01"
	stands := func(id, want string) {
		t.Helper()
		if s := b.license(id).StandingOn(day, nil, nil); s.Authority != want {
			t.Errorf("%s: %s, want %s", id, s.Authority, want)
		}
	}
	b.must(&LicenseDiscipline{License: homeA, Order: b.id(), Commitment: b.hash("order"), Authority: AuthorityBarred, From: "2026-01-15"})
	stands(homeA, MayNotPractice)
	stands(privilege, MayPractice)
	b = granted(t)
	b.must(&PrivilegeDiscipline{License: privilege, Order: b.id(), Commitment: b.hash("order"), Authority: AuthorityBarred, From: "2026-01-15"})
	stands(homeA, MayPractice)
	stands(privilege, MayNotPractice)
	b.must(&LicenseVoid{License: homeA, Entries: []Hash{b.last(homeA)}})
	stands(privilege, MayNotPractice)
	if on := b.license(privilege).RestsOn(day); on != homeA {
		t.Errorf("it rests on %q", on)
	}
}

func TestWhatPrivilegesAreRefused(t *testing.T) {
	b := granted(t)
	o, p := b.id(), b.id()
	b.must(
		&PrivilegeDiscipline{License: privilege, Order: o, Commitment: b.hash("order"), Authority: AuthorityNone, From: "2026-01-15"},
		&LicenseDiscipline{License: homeA, Order: p, Commitment: b.hash("order"), Authority: AuthorityNone, From: "2026-01-15"},
	)
	issue := func(change func(*PrivilegeIssue)) Act {
		a := &PrivilegeIssue{License: "us-ia.nurse.T3", Rests: homeA, Licensee: b.id(), Subject: SubjectPerson, Issued: "2026-01-01", From: "2026-01-01"}
		change(a)
		return a
	}
	b.refused("unknown-license", issue(func(a *PrivilegeIssue) { a.Rests = "us-il.nurse.041009" }))
	b.refused("rests", issue(func(a *PrivilegeIssue) { a.License, a.Rests = "us-il.nurse.041004", homeA }))
	b.refused("rests", issue(func(a *PrivilegeIssue) { a.License, a.Rests = "us-il.nurse.041004", privilege }))
	b.refused("subject", issue(func(a *PrivilegeIssue) { a.Rests = homeB }))
	b.refused("subject", issue(func(a *PrivilegeIssue) { a.Subject = SubjectOrganization }))
	b.refused("license-exists", issue(func(a *PrivilegeIssue) { a.License = privilege }))
	b.refused("subject", &PrivilegeRenew{License: privilege, Count: 1, Rests: homeB, From: "2026-06-01"})
	b.refused("term-overlap", &PrivilegeRenew{License: privilege, Count: 1, From: "2026-05-31"})
	b.refused("term-overlap", &PrivilegeRenew{License: privilege, Count: 1, Rests: homeA, From: "2026-02-01", Through: "2026-05-30"})
	b.refused("term-overlap", &PrivilegeRenew{License: privilege, Count: 1, Rests: homeA, From: "2024-07-01", Through: "2026-05-31"})
	b.refused("stale", &PrivilegeRenew{License: privilege, From: "2026-06-01"})
	b.refused("order-closed", &PrivilegeDiscipline{License: privilege, Order: b.id(), Count: 1, Commitment: b.hash("order"), Authority: AuthorityNone, From: "2026-01-15"})

	for _, a := range []Act{
		&LicenseRenew{License: privilege, Count: 1, From: "2026-06-01"},
		&LicenseSurrender{License: privilege, Count: 1, From: "2026-06-01"},
		&LicenseInactivate{License: privilege, Count: 1, From: "2026-06-01"},
		&LicenseDecease{License: privilege, Count: 1, From: "2026-06-01"},
		&LicenseExtend{License: privilege, Count: 1, Term: "2024-07-01", Through: "2026-06-30"},
		&LicenseDiscipline{License: privilege, Order: b.id(), Commitment: b.hash("order"), Authority: AuthorityNone, From: "2026-01-15"},
		&LicenseLift{License: privilege, Order: o, Count: 1, From: "2026-02-01"},
	} {
		b.refused("privilege", a)
	}
	for _, a := range []Act{
		&PrivilegeRenew{License: homeA, Count: 1, From: "2026-06-01"},
		&PrivilegeEnd{License: homeA, Count: 1, From: "2026-06-01"},
		&PrivilegeDiscipline{License: homeA, Order: b.id(), Commitment: b.hash("order"), Authority: AuthorityNone, From: "2026-01-15"},
		&PrivilegeLift{License: homeA, Order: p, Count: 1, From: "2026-02-01"},
	} {
		b.refused("not-privilege", a)
	}
	b.must(&PrivilegeEnd{License: privilege, Count: 1, From: "2026-02-01"})
	b.refused("license-ended", &PrivilegeEnd{License: privilege, Count: 2, From: "2026-02-01"})
	b.refused("license-ended", &PrivilegeRenew{License: privilege, Count: 2, From: "2026-06-01"})
}

// What a privilege rests on is corrected by nobody; the entry is voided. A number whose
// privilege was wholly voided may become a license of its own.
func TestRepairsOfPrivileges(t *testing.T) {
	b := granted(t)
	issued := b.last(privilege)
	cs := b.Entries(KindLicense, privilege)[0].Changes
	changed := func(other string) []Change {
		out := append([]Change{}, cs...)
		out[0].Other, out[0].Route = other, "psypact"
		return out
	}
	b.refused("correction-shape", &LicenseCorrect{License: privilege, Entry: issued, Changes: changed(homeB)})
	b.refused("correction-shape", &LicenseCorrect{License: privilege, Entry: issued, Changes: changed("")})
	own := b.Entries(KindLicense, homeA)[0]
	own.Changes = append([]Change{}, own.Changes...)
	own.Changes[0].Other = "us-ia.nurse.T1"
	b.refused("change", &LicenseCorrect{License: homeA, Entry: own.Hash, Changes: own.Changes})
	b.must(&LicenseCorrect{License: privilege, Entry: issued, Changes: changed(homeA)})
	if l := b.license(privilege); l.RestsOn("2026-01-01") != homeA || l.Route != "psypact" {
		t.Errorf("%+v", l)
	}
	b.must(&PrivilegeRenew{License: privilege, Count: 2, Rests: homeA, From: "2026-06-01"})
	b.must(b.void(privilege, b.Entries(KindLicense, privilege)[1].Hash, issued))
	b.must(
		&LicenseIssue{License: privilege, Licensee: b.id(), Subject: SubjectPerson, Issued: "2026-01-01", From: "2026-01-01", Through: "2026-02-01"},
	)
	if l := b.license(privilege); l.IsPrivilege() {
		t.Errorf("a license of its own rests on %v", l.Rests)
	}
	b.must(&LicenseSurrender{License: privilege, Count: b.license(privilege).Counts.Term, From: "2026-02-01"})
}

// A nurse moves before her privilege's term has ended: it goes on, on another license.
func TestPrivilegesGoOnOnAnotherLicense(t *testing.T) {
	b := granted(t)
	const next = "us-il.nurse.041004"
	b.must(&LicenseIssue{License: next, Licensee: b.id(), Subject: SubjectPerson, Issued: "2026-02-01", From: "2026-02-01"})
	b.must(&PrivilegeRenew{License: privilege, Count: 1, Rests: next, From: "2026-02-10", Through: "2026-05-31"})
	l := b.license(privilege)
	for _, c := range []struct {
		day         Day
		rests, want string
	}{
		{"2026-02-09", homeA, MayPractice}, {"2026-02-10", next, MayPractice}, {"2026-05-31", next, MayPractice}, {"2026-06-01", next, MayNotPractice},
	} {
		if s := l.StandingOn(c.day, nil, nil); s.Rests != c.rests || s.Authority != c.want {
			t.Errorf("on %s: %+v", c.day, s)
		}
	}
	b.must(&PrivilegeRenew{License: privilege, Count: 3, Rests: homeA, From: "2026-03-01"})
	b.refused("term-overlap", &PrivilegeRenew{License: privilege, Count: 5, Rests: next, From: "2026-04-01", Through: "2028-05-31"})
	b.must(&PrivilegeRenew{License: privilege, Count: 5, Rests: next, From: "2026-04-01"})
}

// Under rules 1 nobody has privileges.
func TestPrivilegesNeedRules2(t *testing.T) {
	for _, v := range Verbs() {
		if want := map[bool]int64{true: 2, false: 1}[len(v) > 10 && v[:10] == "privilege."]; v != "officer.recover" && v[:8] != "contract" && Since(v) != want {
			t.Errorf("%s: since rules %d", v, Since(v))
		}
	}
	b := newBook(t)
	b.refused("rule", &PolicySet{Board: "us-il", Count: 1, Rules: []Rule{{Acts: []string{"privilege.*"}, From: []string{"clerk"}, Signers: 1}}})
}
