package answer

import (
	"errors"
	"strings"
	"testing"
	"time"

	"licet/internal/ledgertest"
	"licet/internal/lookup"
	"licet/license"
)

var officers = []string{"clerk", "director"}

func registry(t *testing.T) (*ledgertest.Registry, *Registry) {
	t.Helper()
	r := ledgertest.New(t)
	l, err := lookup.Open(t.TempDir(), r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return r, &Registry{Ledger: r, Lookup: l, Now: func() time.Time { return r.Clock }}
}

func reprimand() license.OrderDocument {
	return license.OrderDocument{Entity: "Board", Text: "Because.", Actions: []license.OrderAction{{Code: "reprimand"}}}
}

func probation() license.OrderDocument {
	return license.OrderDocument{Entity: "Board", Text: "For two years.", Actions: []license.OrderAction{{Code: "probation"}}}
}

func get(t *testing.T, a *Registry, id string, on license.Day, known license.Instant) *License {
	t.Helper()
	l, err := a.License(id, on, known)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLicense(t *testing.T) {
	r, a := registry(t)
	id := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	issued := r.Head().Time
	r.Discipline(id, license.AuthorityConditions, probation(), "2026-01-10")
	r.Rename(id, r.License(id).Counts.Identity, license.Name{Family: "Kim", Given: "Ann"}, "2026-01-10")

	l := get(t, a, id, "", "")
	if want := "As of January 10, 2026, 6:03 a.m. CST (just now): may practice, one condition. This proves the past; ask again for today."; l.Verdict.String() != want {
		t.Errorf("verdict %q", l.Verdict)
	}
	if l.Name != "Ann Kim" || l.Copied != nil || len(l.Orders) != 1 || l.Orders[0].Document == nil || l.Standing.Secondary != "PROBATION" {
		t.Errorf("%+v", l)
	}
	if h := r.Head(); l.AsOf != (AsOf{h.Height, h.Time, h.Size}) {
		t.Errorf("as of %+v", l.AsOf)
	}
	l = get(t, a, id, "2025-12-31", issued)
	if l.Name != "Ann Lee" || l.Standing.Authority != license.MayPractice ||
		!strings.Contains(l.Verdict.String(), ", for December 31, 2025, as known on January 10, 2026, 6:01 a.m. CST: may practice.") {
		t.Errorf("as known at issue: %q %q", l.Name, l.Verdict)
	}
	l = get(t, a, id, "", ledgertest.Start)
	if l.Record != nil || l.Answer != "not known to this network then" {
		t.Errorf("before the issue: %+v", l)
	}
	var p *Problem
	if _, err := a.License(id, "", "2030-01-01T00:00:00Z"); !errors.As(err, &p) || p.Code != "known-later" {
		t.Errorf("as known in the future: %v", err)
	}
}

// What is not there is said within the board's coverage.
func TestAbsent(t *testing.T) {
	_, a := registry(t)
	for id, want := range map[string][2]string{
		"us-il.nurse.041999999":   {"unknown-license", "no such number among the licenses of Illinois for “Registered nurse”, complete since 1998"},
		"us-il.nurse.7":           {"number-pattern", "“7” is not a number of this profession"},
		"us-il.barber.006.123456": {"unknown-license", "unknown"},
		"us-il.pilot.1":           {"unknown-profession", "unknown"},
		"us-wi.nurse.1":           {"unknown-profession", "unknown"},
	} {
		var ab *Absent
		if _, err := a.License(id, "", ""); !errors.As(err, &ab) || ab.Code != want[0] || !strings.Contains(ab.Verdict.String(), ": "+want[1]) {
			t.Errorf("%s: %+v", id, err)
		}
	}
	var p *Problem
	if _, err := a.License("nonsense", "", ""); !errors.As(err, &p) || p.Code != "bad-id" {
		t.Errorf("nonsense: %v", err)
	}
}

// A sealed order is in no answer: not in today's standing, not as known before
// the seal, and in history only as something confidential, without a day.
func TestSealed(t *testing.T) {
	r, a := registry(t)
	id := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	order := r.Discipline(id, license.AuthorityConditions, reprimand(), "2026-01-10")
	r.Act(nil, officers, &license.LicenseStay{License: id, Order: order, Count: 1, From: "2026-01-11"})
	stay := r.Entries(id)[2].Hash
	r.Act(nil, officers, &license.LicenseVoid{License: id, Entries: []license.Hash{stay}})
	before := r.Head().Time
	other := r.Discipline(id, license.AuthorityNone, reprimand(), "2026-01-10")
	if l := get(t, a, id, "", ""); len(l.Orders) != 2 {
		t.Fatalf("before the seal: %+v", l.Orders)
	}
	r.Clock = r.Clock.AddDate(0, 0, 3)
	r.Act(nil, officers, &license.LicenseSeal{License: id, Order: order, Count: r.License(id).Orders[0].Count})

	if l := get(t, a, id, "", ""); len(l.Orders) != 1 || l.Orders[0].ID != other {
		t.Errorf("now: %+v", l.Orders)
	}
	l := get(t, a, id, "2026-01-12", before)
	if len(l.Orders) != 0 || len(l.Record.Orders) != 0 || l.Standing.Authority != license.MayPractice {
		t.Errorf("as known before the seal: %+v", l.Orders)
	}
	h, err := a.History(id, "")
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range h.Entries {
		acts = append(acts, e.Act)
	}
	if got := strings.Join(acts, " "); got != "license.issue license.discipline " {
		t.Errorf("history: %q", got)
	}
	if e := h.Entries[2]; !e.Confidential || e.Recorded != "" || e.Effective != "" || e.Index != 0 || e.Hash != (license.Hash{}) || e.By != nil {
		t.Errorf("the confidential entry: %+v", e)
	}
	r.Act(nil, []string{"root"}, &license.BoardAmend{Board: "us-il", Count: 1, Name: "Illinois", SealedShown: "hidden"})
	if h, err = a.History(id, ""); err != nil || len(h.Entries) != 2 {
		t.Errorf("hidden by the board: %+v, %v", h, err)
	}
}

func TestHistory(t *testing.T) {
	r, a := registry(t)
	id := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	r.Discipline(id, license.AuthorityBarred, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "suspension"}}}, "2026-01-10")
	r.Act(nil, officers, &license.LicenseVoid{License: id, Entries: []license.Hash{r.Entries(id)[1].Hash}})
	h, err := a.History(id, "")
	if err != nil || len(h.Entries) != 3 {
		t.Fatal(h, err)
	}
	e := h.Entries[1]
	if e.Sentence != "Order (SUSPENDED): may not practice from January 10, 2026 until lifted." || e.Carried != "signed by Illinois" ||
		strings.Join(e.By, "; ") != "Licensing clerk (us-il/clerk); Director (us-il/director)" || !e.Voided || e.Act != "license.discipline" {
		t.Errorf("%+v", e)
	}
	if h.Entries[0].Voided || h.Entries[2].Sentence != "Voided: one entry that should never have been." {
		t.Errorf("%+v", h.Entries)
	}
	if h, err = a.History(id, h.Entries[1].Recorded); err != nil || len(h.Entries) != 2 || h.Entries[1].Voided {
		t.Errorf("as known before the void: %+v, %v", h, err)
	}
}

// What was copied from a file is never said to be decided by the board.
func TestCopied(t *testing.T) {
	r, a := registry(t)
	name, ref := r.Opening(license.OpeningName, license.Name{Family: "Ray", Given: "Bo"})
	const id = "us-il.nurse.041000002"
	r.Act([]license.Opening{name}, []string{"clerk"}, &license.ImportAssert{
		License: id, File: license.HashOf([]byte("file")), Row: 12, Day: "2026-01-01", Licensee: r.ID(), Subject: license.SubjectPerson,
		Issued: "2019-05-01", Changes: []license.Change{{Do: license.DoTerm, From: "2024-06-01", Through: "2026-05-31"}},
		Openings: []license.OpeningRef{ref},
	})
	l := get(t, a, id, "", "")
	if l.Copied == nil || *l.Copied != (Copied{"IDFPR", 12, "2026-01-01", false}) {
		t.Errorf("%+v", l.Copied)
	}
	if got := l.Verdict.String(); !strings.Contains(got, ": may practice, as copied from a file of January 1, 2026; the registry holds nothing newer. ") {
		t.Error(got)
	}
	r.Rename(id, l.Record.Counts.Identity, license.Name{Family: "Roy", Given: "Bo"}, "2026-01-02")
	if got := get(t, a, id, "", "").Verdict.String(); !strings.Contains(got, ": may practice, in part copied from a file of January 1, 2026. ") {
		t.Error(got)
	}
	h, err := a.History(id, "")
	if err != nil || h.Entries[0].Carried != "copied from a file by IDFPR" || !strings.HasPrefix(h.Entries[0].Sentence, "Copied from row 12 of a file of January 1, 2026: ") {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestSearch(t *testing.T) {
	r, a := registry(t)
	lee := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	first := r.Head().Time
	ray := r.Issue("041000002", license.Name{Family: "Ray", Given: "Ann"}, "2026-05-31")
	r.Discipline(ray, license.AuthorityBarred, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "revocation"}}}, "2026-01-10")
	if err := a.Lookup.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for any, want := range map[string][]string{
		"ann": {lee, ray}, "041-000.002": {ray}, "041.000.002": {ray}, lee: {lee}, " Ray ": {ray}, "us-il.nurse.041000009": nil,
	} {
		p, err := a.Search(t.Context(), Search{Any: any})
		if err != nil || len(p.Items) != len(want) {
			t.Errorf("%q: %+v, %v", any, p, err)
			continue
		}
		for i := range want {
			if p.Items[i].ID != want[i] {
				t.Errorf("%q: %+v", any, p.Items)
			}
		}
	}
	p, err := a.Search(t.Context(), Search{Any: "ann", Query: lookup.Query{On: "2026-06-01"}, Known: first})
	if err != nil || p.Items[0].Standing.Primary != "NOT RENEWED" || p.Items[0].Title != "Registered nurse" || !p.Items[1].NotKnown {
		t.Errorf("%+v, %v", p, err)
	}
	// A state later than the lookup's: the answer is as of the lookup.
	at := r.Head()
	r.Issue("041000003", license.Name{Family: "Poe", Given: "Ann"}, "2026-05-31")
	p, err = a.Search(t.Context(), Search{Any: "ann"})
	if err != nil || p.Total != 2 || p.AsOf != (AsOf{at.Height, at.Time, at.Size}) || p.Items[1].Standing.Primary != "REVOKED" {
		t.Errorf("%+v, %v", p, err)
	}
}
