package license

import "testing"

// A list of orders brings a license in that it does not describe; a roster then tells
// of its issue and its terms. Each file's word goes and stands by itself.
func TestRosterDescribes(t *testing.T) {
	b := newBook(t)
	const id = "us-il.nurse.041777"
	alerts, roster := b.hash("alerts"), b.hash("roster")
	order := &ImportAssert{
		License: id, File: alerts, Row: 1, Day: "2026-01-01", Licensee: b.id(), Subject: SubjectPerson, From: "2025-02-01",
		Changes: []Change{{Do: DoOrder, Order: b.id(), Authority: AuthorityConditions, Commitment: b.hash("order"), From: "2025-02-01"}},
	}
	row := func(count int64, bend func(*ImportAssert)) *ImportAssert {
		a := &ImportAssert{License: id, Count: count, File: roster, Row: 9, Day: "2026-01-02", From: "2024-06-01", Issued: "2001-02-03", Changes: []Change{term("2024-06-01", "2026-05-31")}}
		if bend != nil {
			bend(a)
		}
		return a
	}
	standing := func(registration, authority string, issued Day) {
		t.Helper()
		l := b.license(id)
		if s := l.StandingOn("2026-01-10", nil, nil); s.Registration != registration || s.Authority != authority || l.Issued != issued || l.Subject != SubjectPerson || l.Source != SourceImport {
			t.Errorf("%s, %s, issued %q: %+v", s.Registration, s.Authority, l.Issued, l)
		}
	}

	b.must(order)
	ordered := b.last(id)
	standing(RegistrationNotTold, MayIsNotKnown, "")
	b.refused("license-exists", row(1, func(a *ImportAssert) { a.Licensee, a.Subject = b.id(), SubjectPerson }))
	b.refused("license-exists", row(1, func(a *ImportAssert) { a.Subject = SubjectOrganization }))
	b.refused("license-exists", row(1, func(a *ImportAssert) { a.Previous = ordered }))

	b.must(&ImportAssert{License: id, Count: 1, File: alerts, Row: 2, Day: "2026-01-01", From: "2025-02-01", Changes: []Change{{Do: DoRoute, Route: "endorsement", From: "2025-02-01"}}})
	told := row(2, nil)
	b.must(told)
	described := b.last(id)
	standing(RegistrationActive, MayWithLimits, "2001-02-03")
	if l := b.license(id); l.Licensee != order.Licensee || l.Route != "endorsement" || l.Copied != "2026-01-02" {
		t.Errorf("%+v", l)
	}
	b.refused("stale", told)
	b.refused("license-exists", row(3, nil)) // it was told
	b.refused("license-exists", row(3, func(a *ImportAssert) { a.Issued = "2001-02-04" }))

	// The list of orders is taken back: what the roster told stands by itself.
	b.must(&ImportUndo{License: id, Count: b.license(id).Counts.Repairs, File: alerts, Entries: []Hash{ordered}})
	standing(RegistrationActive, MayPractice, "2001-02-03")
	b.must(b.void(id, b.last(id)))
	standing(RegistrationActive, MayWithLimits, "2001-02-03")

	// The roster is taken back: nobody describes the license any more, until the next one.
	b.must(&ImportUndo{License: id, Count: b.license(id).Counts.Repairs, File: roster, Entries: []Hash{described}})
	standing(RegistrationNotTold, MayIsNotKnown, "")
	b.must(row(3, func(a *ImportAssert) { a.Issued = "2001-02-04" }))
	standing(RegistrationActive, MayWithLimits, "2001-02-04")

	// The board itself corrects what the files told.
	issue := b.Entries(KindLicense, id)[len(b.Entries(KindLicense, id))-1].Changes[0]
	issue.From = "2001-02-05"
	b.must(b.correct(id, b.last(id), issue, term("2024-06-01", "2026-05-31")))
	standing(RegistrationActive, MayWithLimits, "2001-02-05")
}

// Of two licensees one license is never at a time.
func TestIssuesOfTwoLicensees(t *testing.T) {
	b := newBook(t)
	const id = "us-il.nurse.041777"
	row := func(count int64) *ImportAssert {
		return &ImportAssert{License: id, Count: count, File: b.hash("file"), Row: 1, Day: "2026-01-01", Licensee: b.id(), Subject: SubjectPerson}
	}
	b.must(row(0))
	b.must(b.void(id, b.last(id)))
	void := b.last(id)
	b.must(row(1))
	b.refused("license-exists", b.void(id, void))
}
