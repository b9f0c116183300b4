package license

import "testing"

func TestInactiveAndActiveAgain(t *testing.T) {
	b := issued(t)
	registration := func(day Day, want string) {
		t.Helper()
		if got := b.license(nurse).StandingOn(day, nil, nil).Registration; got != want {
			t.Errorf("on %s %s, not %s", day, got, want)
		}
	}
	first := &LicenseInactivate{License: nurse, Count: 1, From: "2025-01-01"}
	b.refused("nothing", &LicenseReactivate{License: nurse, Count: 1, From: "2025-01-01"})
	b.must(first)
	b.refused("stale", first)
	b.refused("nothing", &LicenseInactivate{License: nurse, Count: 2, From: "2025-02-01"})
	registration("2024-12-31", RegistrationActive)
	registration("2025-01-01", RegistrationInactive)
	b.must(&LicenseReactivate{License: nurse, Count: 2, From: "2025-07-01"})
	registration("2025-06-30", RegistrationInactive)
	registration("2025-07-01", RegistrationActive)
	b.refused("nothing", &LicenseReactivate{License: nurse, Count: 3, From: "2025-08-01"})

	// A surrendered license revives without a term; a renewal beside it brings one.
	b.must(&LicenseSurrender{License: nurse, Count: 3, From: "2026-01-01"})
	b.refused("license-ended", &LicenseInactivate{License: nurse, Count: 4, From: "2026-02-01"})
	b.refused("license-ended", &LicenseRenew{License: nurse, Count: 4, From: "2026-09-01", Through: "2028-05-31"})
	b.must(&LicenseReactivate{License: nurse, Count: 4, From: "2026-09-01"})
	registration("2026-09-01", RegistrationLapsed)
	b.must(&LicenseRenew{License: nurse, Count: 5, From: "2026-09-01", Through: "2028-05-31"})
	registration("2026-09-01", RegistrationActive)
	registration("2026-08-31", RegistrationSurrender)
}

func TestDecease(t *testing.T) {
	b := issued(t)
	b.must(&LicenseIssue{License: "us-il.nurse.041002", Licensee: b.id(), Subject: SubjectOrganization, Issued: "2024-01-01", From: "2024-01-01"})
	b.refused("subject", &LicenseDecease{License: "us-il.nurse.041002", Count: 1, From: "2025-01-01"})
	b.must(&LicenseInactivate{License: nurse, Count: 1, From: "2025-03-01"})
	inactive := b.last(nurse)
	b.refused("days-reversed", &LicenseDecease{License: nurse, Count: 2, From: "2025-02-28"})
	b.must(b.void(nurse, inactive), &LicenseDecease{License: nurse, Count: 2, From: "2025-02-28"})
	death := b.last(nurse)
	if s := b.license(nurse).StandingOn("2025-02-28", nil, nil); s.Registration != RegistrationDeceased || s.Authority != MayNotPractice {
		t.Errorf("on the day of death %+v", s)
	}
	b.refused("license-ended", &LicenseDecease{License: nurse, Count: 3, From: "2025-02-27"})
	b.refused("license-ended", &LicenseReactivate{License: nurse, Count: 3, From: "2025-03-01"})
	b.refused("license-ended", &LicenseInactivate{License: nurse, Count: 3, From: "2025-03-01"})
	b.refused("license-ended", &LicenseRenew{License: nurse, Count: 3, From: "2026-06-01"})
	b.must(b.void(nurse, death))
	if s := b.license(nurse).StandingOn("2025-02-28", nil, nil); s.Registration != RegistrationActive {
		t.Errorf("after the void %+v", s)
	}
}

func TestExtend(t *testing.T) {
	b := issued(t)
	extend := func(term, through, grace Day) *LicenseExtend {
		return &LicenseExtend{License: nurse, Count: b.license(nurse).Counts.Term, Term: term, Through: through, Grace: grace}
	}
	b.refused("unknown-term", extend("2024-06-02", "2026-07-31", ""))
	b.refused("not-extended", extend("2024-06-01", "2026-05-31", ""))
	b.refused("not-extended", extend("2024-06-01", "2026-05-30", "2026-08-31"))
	b.refused("days-reversed", extend("2024-06-01", "2024-05-31", ""))
	b.refused("days-reversed", extend("2024-06-01", "2026-06-30", "2026-06-29"))
	before := b.now
	b.must(extend("2024-06-01", "2026-05-31", "2026-08-29"))
	b.refused("not-extended", extend("2024-06-01", "2026-06-30", "2026-07-31")) // the grace would be shorter
	b.must(extend("2024-06-01", "2026-07-31", "2026-08-29"))
	now := b.license(nurse).StandingOn("2026-07-31", nil, nil)
	then := FoldLicense(b.Entries(KindLicense, nurse), before.AddSeconds(-1)).StandingOn("2026-07-31", nil, nil)
	if now.Registration != RegistrationActive || then.Registration != RegistrationLapsed || then.Through != "2026-05-31" {
		t.Errorf("now %+v, as known before %+v", now, then)
	}
	b.must(&LicenseRenew{License: nurse, Count: 3, From: "2026-08-01", Through: "2028-05-31"})
	b.refused("term-overlap", extend("2024-06-01", "2026-09-30", ""))

	// A correction of the term may take the ground from under the extension, never
	// make it a shortening.
	issue := b.Entries(KindLicense, nurse)[0]
	cs := append([]Change(nil), issue.Changes...)
	cs[1].Through = "2026-07-31"
	cs[1].Grace = "2026-12-31"
	b.must(b.correct(nurse, issue.Hash, cs...))
	if got := b.license(nurse).Terms[0]; got.Through != "2026-07-31" || got.Grace != "2026-12-31" {
		t.Errorf("the corrected term is %+v", got)
	}
}

// A file does not speak over a term that the board extended.
func TestExtensionIsTheBoardsWord(t *testing.T) {
	b := newBook(t)
	const id = "us-il.nurse.041777"
	row := &ImportAssert{
		License: id, File: b.hash("file"), Row: 1, Day: "2026-01-01", Licensee: b.id(), Subject: SubjectPerson, Issued: "2001-01-01",
		Changes: []Change{{Do: DoTerm, From: "2024-06-01", Through: "2026-05-31"}},
	}
	b.must(row)
	first := b.last(id)
	b.must(&LicenseExtend{License: id, Count: 1, Term: "2024-06-01", Through: "2026-07-31"})
	b.refused("native", &ImportAssert{License: id, Count: 1, Previous: first, File: b.hash("file"), Row: 1, Day: "2026-02-01", Changes: row.Changes})
	if l := b.license(id); !l.Decided || l.Terms[0].Through != "2026-07-31" {
		t.Errorf("%+v", l)
	}
}
