package license

import "testing"

const nurse = "us-il.nurse.041001"

func issued(t testing.TB) *book {
	b := newBook(t)
	b.issue(nurse, "2024-06-01", "2026-05-31")
	return b
}

func (b *book) correct(id string, e Hash, cs ...Change) *LicenseCorrect {
	return &LicenseCorrect{License: id, Count: b.license(id).Counts.Repairs, Entry: e, Changes: cs}
}

func term(from, through Day) Change { return Change{Do: DoTerm, From: from, Through: through} }

func TestVoidOfACorrectionLetsTheEntryStandAgain(t *testing.T) {
	b := issued(t)
	b.must(&LicenseRenew{License: nurse, Count: 1, From: "2026-06-01", Through: "2027-05-31"})
	renewal := b.last(nurse)
	first := b.correct(nurse, renewal, term("2026-06-01", "2028-05-31"))
	b.must(first)
	c1 := b.last(nurse)
	b.refused("replaced", b.correct(nurse, renewal, term("2026-06-01", "2029-05-31")))
	b.must(b.correct(nurse, c1, term("2026-06-01", "2028-06-30")))
	c2 := b.last(nurse)
	through := func(want Day) {
		t.Helper()
		if got := b.license(nurse).Terms[1].Through; got != want {
			t.Errorf("the second term ends %s, not %s", got, want)
		}
	}
	through("2028-06-30")
	b.refused("replaced", b.void(nurse, c1)) // would change nothing
	b.must(b.void(nurse, c2))
	through("2028-05-31")
	b.must(b.void(nurse, c1))
	through("2027-05-31")
	b.refused("stale", first)
	b.must(b.correct(nurse, renewal, term("2026-06-01", "2030-05-31")))
	through("2030-05-31")
	b.refused("replaced", b.void(nurse, renewal))
	b.must(b.void(nurse, b.last(nurse), renewal))
	if n := len(b.license(nurse).Terms); n != 1 {
		t.Errorf("%d terms are left", n)
	}
}

func TestVoidOfAVoidAndVoidAgain(t *testing.T) {
	b := issued(t)
	b.order(nurse, AuthorityBarred, "2026-01-10", "")
	order := b.last(nurse)
	first := b.void(nurse, order)
	b.must(first)
	b.refused("void-twice", b.void(nurse, order))
	b.must(b.void(nurse, b.last(nurse)))
	if len(b.license(nurse).Orders) != 1 {
		t.Error("the order does not stand again")
	}
	b.refused("stale", first)
	b.must(b.void(nurse, order))
	if len(b.license(nurse).Orders) != 0 {
		t.Error("the order still stands")
	}
	b.refused("void-twice", b.void(nurse, order, order))
}

func TestVoidedIssueMayBeIssuedAnewAndNotCalledBack(t *testing.T) {
	b := issued(t)
	issue := b.last(nurse)
	b.must(b.void(nurse, issue))
	void := b.last(nurse)
	b.refused("void-license", &LicenseSurrender{License: nurse, Count: 1, From: "2026-01-10"})
	b.issue(nurse, "2025-06-01", "2026-05-31")
	b.refused("license-exists", b.void(nurse, void))
	b.must(b.void(nurse, b.last(nurse)))
	b.must(b.void(nurse, void))
	if l := b.license(nurse); l.Issued != "2024-06-01" {
		t.Errorf("issued %s", l.Issued)
	}
}

func TestCorrectionsKeepTheShape(t *testing.T) {
	b := newBook(t)
	l := b.id()
	name := OpeningRef{OpeningName, b.hash("name")}
	b.must(&LicenseIssue{License: nurse, Licensee: l, Subject: SubjectPerson, Issued: "2024-06-01", From: "2024-06-01", Openings: []OpeningRef{name}})
	issue := b.last(nurse)
	is := Change{Do: DoIssue, Licensee: l, Subject: SubjectPerson, From: "2024-06-01"}
	open := Change{Do: DoOpen, Kind: OpeningName, Commitment: b.hash("name"), From: "2024-06-01"}
	with := func(c Change, f func(*Change)) Change { f(&c); return c }
	for _, c := range []struct {
		code string
		cs   []Change
	}{
		{"correction-shape", []Change{is, term("2024-06-01", "")}},
		{"correction-shape", []Change{term("2024-06-01", ""), is, open}},
		{"correction-shape", []Change{with(is, func(c *Change) { c.Licensee = b.id() }), term("2024-06-01", ""), open}},
		{"correction-shape", []Change{with(is, func(c *Change) { c.Source = SourceImport }), term("2024-06-01", ""), open}},
		{"correction-shape", []Change{is, term("2024-06-01", ""), with(open, func(c *Change) { c.Kind = OpeningCity })}},
		{"subject", []Change{with(is, func(c *Change) { c.Subject = "dog" }), term("2024-06-01", ""), open}},
		{"route", []Change{with(is, func(c *Change) { c.Route = "Jane Doe" }), term("2024-06-01", ""), open}},
		{"day-missing", []Change{with(is, func(c *Change) { c.From = "" }), term("2024-06-01", ""), open}},
		{"days-reversed", []Change{is, term("2024-06-02", "2024-06-01"), open}},
		{"days-reversed", []Change{is, {Do: DoTerm, From: "2024-06-01", Grace: "2024-07-01"}, open}},
		{"change", []Change{is, {Do: DoTerm, From: "2024-06-01", Status: "x"}, open}},
		{"opening-used", []Change{is, term("2024-06-01", ""), with(open, func(c *Change) { c.Commitment = name.Commitment })}},
		{"", []Change{with(is, func(c *Change) { c.Route = "imlc" }), term("2024-06-02", ""), open}},
	} {
		if r := b.do(b.correct(nurse, issue, c.cs...)); (r == nil) != (c.code == "") || r != nil && r.Code != c.code {
			t.Errorf("%v: %v, want %s", c.cs, r, c.code)
		}
	}
}

// A license from a file says of which day the newest one is, and whether a board's
// act has part in it. An order that was sealed leaves no trace there either.
func TestCopiedLicenseSaysOnWhatItRests(t *testing.T) {
	b := newBook(t)
	const id = "us-il.nurse.041888"
	rests := func(what string, day Day, decided bool) {
		t.Helper()
		if l := b.license(id); l.Copied != day || l.Decided != decided {
			t.Errorf("%s: copied of %q, decided %v", what, l.Copied, l.Decided)
		}
	}
	b.must(&ImportAssert{
		License: id, File: b.hash("file"), Row: 1, Day: "2026-01-05", Licensee: b.id(), Subject: SubjectPerson, Issued: "2001-01-01",
		Changes: []Change{{Do: DoTerm, From: "2024-06-01", Through: "2026-05-31"}},
	})
	rests("one file", "2026-01-05", false)
	b.must(&ImportAssert{License: id, Count: 1, File: b.hash("file"), Row: 1, Day: "2025-12-01", Changes: []Change{{Do: DoLifecycle, Status: LifecycleActive, From: "2025-01-01"}}})
	rests("an older file", "2026-01-05", false)
	b.issue("us-ia.nurse.T1", "2024-06-01", "2026-05-31")
	b.must(&LicenseeLink{License: id, Other: "us-ia.nurse.T1", Effective: "2026-01-01"})
	rests("a link", "2026-01-05", false)
	o := b.order(id, AuthorityNone, "2026-01-10", "")
	rests("an order", "2026-01-05", true)
	b.now = b.now.AddSeconds(2 * 86400)
	b.must(&LicenseSeal{License: id, Order: o, Count: 1})
	rests("the order sealed", "2026-01-05", false)
	b.must(&LicenseRenew{License: id, Count: b.license(id).Counts.Term, From: "2026-06-01", Through: "2028-05-31"})
	rests("renewed", "2026-01-05", true)
	b.must(b.void(id, b.last(id)))
	rests("the renewal void", "2026-01-05", false)
}

func TestSealedOrdersStaySealed(t *testing.T) {
	b := issued(t)
	o := b.order(nurse, AuthorityNone, "2026-01-10", "")
	order := b.last(nurse)
	b.must(&LicenseDiscipline{License: nurse, Order: o, Count: 1, Commitment: b.hash("revised"), Authority: AuthorityNone, From: "2026-01-11"})
	revision := b.last(nurse)
	seal := &LicenseSeal{License: nurse, Order: o, Count: 2}
	b.refused("seal-early", seal)
	b.now = b.NotAfter(b.Entries(KindLicense, nurse)[2].Cause.Header)
	b.refused("seal-early", seal) // until the last second
	b.now = b.now.AddSeconds(1)
	plain := b.license(nurse)
	plain.Orders = nil
	b.must(seal)
	sealed := b.last(nurse)
	plain.Last = sealed
	if got := b.license(nurse); len(got.Orders) != 0 || got.Counts != plain.Counts {
		t.Errorf("the record tells of the order: %+v", got)
	}
	for _, e := range []Hash{order, revision} {
		b.refused("order-closed", b.correct(nurse, e, Change{Do: DoOrder, Order: o, Authority: AuthorityNone, Commitment: b.hash("x"), From: "2026-01-10"}))
	}
	b.refused("order-closed", &LicenseDiscipline{License: nurse, Order: o, Commitment: b.hash("x"), Authority: AuthorityNone, From: "2026-01-10"})
	b.refused("void-seal", b.void(nurse, sealed))
	b.must(b.void(nurse, revision))
	b.must(b.void(nurse, b.last(nurse)))
	if len(b.license(nurse).Orders) != 0 {
		t.Error("the order is back")
	}
}

func TestNothingMakesAnOrderLonger(t *testing.T) {
	b := issued(t)
	o := b.order(nurse, AuthorityBarred, "2026-01-10", "2026-06-30")
	order := b.last(nurse)
	b.refused("lifted", &LicenseLift{License: nurse, Order: o, Count: 1, From: "2026-07-01"})
	b.refused("days-reversed", &LicenseLift{License: nurse, Order: o, Count: 1, From: "2026-01-10"})
	b.must(&LicenseLift{License: nurse, Order: o, Count: 1, From: "2026-05-01"})
	b.must(b.correct(nurse, order, Change{Do: DoOrder, Order: o, Authority: AuthorityBarred, Commitment: b.hash("x"), From: "2026-01-10", Through: "2026-03-31"}))
	if end := b.license(nurse).Orders[0].End; end != "2026-03-31" {
		t.Errorf("the order ends %s", end)
	}
}

func TestFilesDoNotSpeakOverTheBoard(t *testing.T) {
	const id = "us-il.nurse.041777"
	b := newBook(t)
	assert := func(previous Hash, cs ...Change) *ImportAssert {
		var l License
		b.Get(KindLicense, id, &l)
		a := &ImportAssert{License: id, Count: l.Counts.Imports, Previous: previous, File: b.hash("file"), Row: 7, Day: "2026-01-01", Changes: cs}
		if l.Licensee == "" {
			a.Licensee, a.Subject, a.Issued = b.id(), SubjectPerson, "2001-01-01"
		}
		return a
	}
	b.must(assert(Hash{}, term("2024-06-01", "2026-05-31")))
	i1 := b.last(id)
	b.must(assert(i1, term("2024-06-01", "2026-05-30")))
	i2 := b.last(id)
	b.refused("replaced", assert(i1, term("2024-06-01", "2026-05-29")))
	b.must(b.void(id, i1)) // the undoing of an older file: the newer one stands
	if l := b.license(id); l.Source != SourceImport || l.Terms[0].Through != "2026-05-30" {
		t.Errorf("%+v", l)
	}
	is := b.Entries(KindLicense, id)[0].Changes[0]
	b.must(b.correct(id, i2, is, term("2024-06-01", "2026-05-28")))
	b.refused("native", assert(i2, term("2024-06-01", "2026-05-27")))
	b.refused("native", assert(Hash{}, term("2026-06-01", "2026-07-31")))
	b.refused("unknown-entry", assert(b.last(id), Change{Do: DoRoute, Route: "imlc", From: "2024-06-01"}))
	b.must(&LicenseAmend{License: id, Count: b.license(id).Counts.Identity, From: "2026-01-01", Openings: []OpeningRef{{OpeningName, b.hash("name")}}})
	named := assert(Hash{}, Change{Do: DoRoute, Route: "imlc", From: "2024-06-01"})
	named.Openings = []OpeningRef{{OpeningName, b.hash("name")}}
	b.refused("native", named)
	named.Openings[0].Kind = OpeningCity
	b.must(named)
	b.must(b.void(id, b.last(id)))
	b.refused("void-twice", assert(b.Entries(KindLicense, id)[5].Hash, Change{Do: DoRoute, Route: "imlc", From: "2024-06-01"}))
	b.issue(nurse, "2024-06-01", "")
	a := assert(Hash{}, term("2024-06-01", "2026-05-31"))
	a.License, a.Count = nurse, 0
	b.refused("native", a)
	a.Licensee, a.Subject = b.id(), SubjectPerson
	b.refused("license-exists", a)
}

func TestLinksCountWhenBothBoardsSay(t *testing.T) {
	const other = "us-ia.nurse.T1"
	b := issued(t)
	b.issue(other, "2024-06-01", "")
	count := map[string]int64{}
	link := func(id, with string, day Day) *LicenseeLink {
		count[id]++
		return &LicenseeLink{License: id, Count: count[id] - 1, Other: with, Effective: day}
	}
	unlink := func(id, with string, day Day) *LicenseeUnlink {
		count[id]++
		return &LicenseeUnlink{License: id, Count: count[id] - 1, Other: with, Effective: day}
	}
	check := func(effective, ended Day, boards int) {
		t.Helper()
		var k Link
		b.Get(KindLink, LinkID(nurse, other), &k)
		if k.Effective != effective || k.Ended != ended || len(k.Boards) != boards {
			t.Errorf("%+v", k)
		}
	}
	b.must(link(nurse, other, "2026-01-01"))
	check("", "", 1)
	b.refused("linked", &LicenseeLink{License: nurse, Count: 1, Other: other, Effective: "2026-01-01"})
	b.must(link(other, nurse, "2026-01-02"))
	check("2026-01-02", "", 2)
	b.refused("days-reversed", &LicenseeUnlink{License: nurse, Count: 1, Other: other, Effective: "2026-01-01"})
	b.must(unlink(nurse, other, "2026-01-05"))
	check("2026-01-02", "2026-01-05", 1)
	b.must(unlink(other, nurse, "2026-01-07"))
	check("2026-01-02", "2026-01-05", 0)
	b.must(link(nurse, other, "2026-01-08"))
	check("2026-01-02", "2026-01-05", 1) // one board's word brings nothing back
	b.must(link(other, nurse, "2026-01-09"))
	check("2026-01-09", "", 2)
	b.refused("not-linked", &LicenseeUnlink{License: nurse, Count: 3, Other: "us-il.nurse.041999", Effective: "2026-01-09"})
	b.refused("void-link", b.void(nurse, b.last(nurse)))
	b.must(b.void(nurse, b.Entries(KindLicense, nurse)[0].Hash))
	b.must(unlink(nurse, other, "2026-01-10"))
	// Two licenses of one board need one word, which either side takes back.
	b.issue("us-il.nurse.041002", "2024-06-01", "")
	b.issue("us-il.nurse.041003", "2024-06-01", "")
	b.must(&LicenseeLink{License: "us-il.nurse.041002", Other: "us-il.nurse.041003", Effective: "2026-01-01"})
	b.refused("linked", &LicenseeLink{License: "us-il.nurse.041003", Other: "us-il.nurse.041002", Effective: "2026-01-01"})
	b.must(&LicenseeUnlink{License: "us-il.nurse.041003", Other: "us-il.nurse.041002", Effective: "2026-01-02"})
	b.refused("stale", &LicenseeLink{License: "us-il.nurse.041003", Other: "us-il.nurse.041002", Effective: "2026-01-03"})
}

func TestSurrenderedLicensesAreNotRenewed(t *testing.T) {
	b := issued(t)
	b.must(&LicenseSurrender{License: nurse, Count: 1, From: "2026-08-01"})
	b.must(&LicenseRenew{License: nurse, Count: 2, From: "2026-06-01", Through: "2026-07-31"}) // the time before may still be told
	b.refused("license-ended", &LicenseRenew{License: nurse, Count: 3, From: "2026-08-01", Through: "2028-05-31"})
}

func TestSuccession(t *testing.T) {
	b := newBook(t)
	s := &BoardSucceed{Board: "us-il", Count: 1, Old: "ed25519:root us-il", Root: "ed25519:next"}
	same := *s
	same.Root = same.Old
	b.refused("root-key", &same)
	other := *s
	other.Old = "ed25519:somebody"
	b.refused("root-key", &other)
	b.must(s)
	b.must(&BoardCreate{Board: "us-wi", Name: "Wisconsin", Member: "idfpr", Jurisdiction: "us-wi", Root: "ed25519:member", Source: SourceImport})
	b.refused("import-root", &BoardSucceed{Board: "us-wi", Count: 1, Old: "ed25519:member", Root: "ed25519:own"})
	b.must(&MemberSetAct{Set: 2, Members: []Member{{ID: "idfpr", Weight: 1, Root: "ed25519:member 2"}}})
	b.must(&BoardSucceed{Board: "us-wi", Count: 1, Old: "ed25519:member", Root: "ed25519:member 2"})
}

func TestACommitmentStandsOnce(t *testing.T) {
	b := issued(t)
	c := OpeningRef{OpeningCity, b.hash("city")}
	amend := &LicenseAmend{License: nurse, Count: 1, From: "2026-01-10", Openings: []OpeningRef{c, {OpeningZip, c.Commitment}}}
	b.refused("opening-used", amend)
	amend.Openings = amend.Openings[:1]
	b.must(amend)
	amend.Count = 2
	b.refused("opening-used", amend)
}
