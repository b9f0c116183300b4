package answer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"licet/internal/lookup"
	"licet/license"
)

// found searches and returns the ids of all pages, one license a page.
func found(t *testing.T, a *Registry, q Search) (ids []string) {
	t.Helper()
	q.Limit = 1
	for range 50 {
		p, err := a.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		for _, it := range p.Items {
			ids = append(ids, it.ID)
		}
		if q.Cursor = p.Next; p.Next == "" {
			return ids
		}
	}
	t.Fatalf("%+v: the pages do not end", q)
	return nil
}

// What is typed into one field is read in every way that it may mean.
func TestReadings(t *testing.T) {
	r, a := registry(t)
	r.Act(nil, []string{"root"}, &license.BoardAmend{Board: "us-il", Count: 1, Name: "Illinois", Audiences: []license.Audience{{Kind: "name", Who: "public"}, {Kind: "npi", Who: "public"}}})
	lee := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	eleven := r.Issue("041000002", license.Name{Legal: "7 Eleven Assets LLC"}, "2026-05-31")
	npi, ref := r.Opening(license.OpeningNPI, []byte("1234567893"))
	r.Act([]license.Opening{npi}, []string{"clerk"}, &license.LicenseAmend{License: lee, Count: r.License(lee).Counts.Identity, From: "2026-01-10", Openings: []license.OpeningRef{ref}})
	if err := a.Lookup.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"lee": lee, "41000001": lee, lee: lee, "1234567893": lee, "Lee 041000001": lee, "041-000-001 Ann": lee, "kim 041000001": "",
		"7 eleven": eleven, "assets": eleven, "7": eleven, "RN 41000001": "",
	} {
		if got := strings.Join(found(t, a, Search{Any: typed}), " "); got != want && (typed != "7" || got != "") {
			t.Errorf("%q finds %q, not %q", typed, got, want)
		}
	}
}

// A status is searched in a board's words, on a day, and as known at an instant.
func TestSearchByStatus(t *testing.T) {
	r, a := registry(t)
	var all []string
	for i := range 4 {
		all = append(all, r.Issue(fmt.Sprintf("04100000%d", i), license.Name{Family: "Lee", Given: string(rune('A' + i))}, license.Day(fmt.Sprintf("202%d-05-31", 5+i))))
	}
	before := r.Head().Time
	r.Discipline(all[3], license.AuthorityBarred, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "revocation"}}}, "2026-01-05")
	r.Act(nil, []string{"root"}, &license.BoardProfession{
		Profession: "us-il.nurse", Count: 1, Title: "Registered nurse", Pattern: "041######",
		Labels: []license.Label{{Code: license.RegistrationActive, Text: "LICENSED"}},
	})
	if err := a.Lookup.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status string
		on     license.Day
		known  license.Instant
		want   []int
	}{
		{"ACTIVE", "", "", []int{1, 2}},
		{"Licensed", "", "", []int{1, 2}},
		{"may practice", "", "", []int{1, 2}},
		{"may-practice", "", "", []int{1, 2}},
		{"not renewed", "", "", []int{0}},
		{"not renewed", "2027-06-01", "", []int{0, 1, 2}},
		{"revoked", "", "", []int{3}},
		{"revoked", "2026-01-04", "", nil},
		{"revoked", "", before, nil},
		{"may practice", "", before, []int{1, 2, 3}},
	} {
		var want []string
		for _, i := range c.want {
			want = append(want, all[i])
		}
		q := Search{Status: c.status, Query: lookup.Query{On: c.on}, Known: c.known}
		if got := found(t, a, q); !slices.Equal(got, want) {
			t.Errorf("%+v: %v, not %v", c, got, want)
		}
		if p, err := a.Search(t.Context(), q); err != nil || c.known == "" && int(p.Total) != len(want) || p.On == "" && c.known == "" {
			t.Errorf("%+v: %+v, %v", c, p, err)
		}
	}
	var p *Problem
	if _, err := a.Search(t.Context(), Search{Status: "happy"}); !errors.As(err, &p) || p.Code != "bad-status" || !strings.Contains(p.Detail, "LICENSED") {
		t.Errorf("no status: %v", err)
	}
}

// The day that "today" meant on the first page is that of all pages.
func TestPagesKeepTheirDay(t *testing.T) {
	r, a := registry(t)
	for i := range 3 {
		r.Issue(fmt.Sprintf("04100000%d", i), license.Name{Family: "Lee", Given: string(rune('A' + i))}, "2026-01-10")
	}
	if err := a.Lookup.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := Search{Status: "may practice", Query: lookup.Query{Limit: 1}}
	p, err := a.Search(t.Context(), q)
	if err != nil || len(p.Items) != 1 || p.On != "2026-01-10" {
		t.Fatalf("%+v, %v", p, err)
	}
	r.Clock = r.Clock.AddDate(0, 0, 2)
	r.Issue("041000009", license.Name{Family: "Poe"}, "2026-12-31")
	if err := a.Lookup.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	q.Cursor = p.Next
	if p, err = a.Search(t.Context(), q); err != nil || len(p.Items) != 1 || p.On != "2026-01-10" || p.Items[0].Answer != "may practice" {
		t.Errorf("the second page: %+v, %v", p, err)
	}
	q.Cursor = ""
	if p, err = a.Search(t.Context(), q); err != nil || len(p.Items) != 1 || p.On != "2026-01-12" || p.Items[0].Name != "Poe" {
		t.Errorf("asked again: %+v, %v", p, err)
	}
}

// A license of which only an order was copied is found by what is not told of it.
func TestSearchUntold(t *testing.T) {
	r, a := registry(t)
	name, ref := r.Opening(license.OpeningName, license.Name{Family: "Ray", Given: "Bo"})
	const id = "us-il.nurse.041000002"
	r.Act([]license.Opening{name}, []string{"clerk"}, &license.ImportAssert{
		License: id, File: license.HashOf([]byte("file")), Row: 1, Day: "2026-01-01", Licensee: r.ID(), Subject: license.SubjectPerson,
		Openings: []license.OpeningRef{ref},
	})
	if err := a.Lookup.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, status := range []string{"REGISTRATION NOT TOLD", "not-told", "not known"} {
		if got := found(t, a, Search{Status: status}); !slices.Equal(got, []string{id}) {
			t.Errorf("%s: %v", status, got)
		}
	}
}
