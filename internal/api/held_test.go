package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"licet/license"
)

// importOne copies one row, with an order, of a nurse.
func (s *site) importOne(number string, row int64) (id string, order license.Opening) {
	s.t.Helper()
	id = "us-il.nurse." + number
	name, ref := s.Registry.Opening(license.OpeningName, license.Name{Family: "Ray", Given: "Bo"})
	order, _ = s.Registry.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Text: "Because.", Actions: []license.OrderAction{{Code: "probation"}}})
	s.Act([]license.Opening{name, order}, []string{"clerk"}, &license.ImportAssert{
		License: id, File: license.HashOf([]byte("file")), Row: row, Day: "2026-01-01", Licensee: s.ID(), Subject: license.SubjectPerson,
		Issued: "2019-05-01", Openings: []license.OpeningRef{ref}, Changes: []license.Change{
			{Do: license.DoTerm, From: "2024-06-01", Through: "2026-05-31"},
			{Do: license.DoOrder, Order: s.ID(), Authority: license.AuthorityConditions, Commitment: order.Commit(), From: "2025-01-01"},
		},
	})
	return id, order
}

func ask(ids ...string) []byte {
	b, _ := json.Marshal(map[string][]string{"ids": ids})
	return b
}

func (s *site) heldOf(ids ...string) (b heldBody) {
	s.t.Helper()
	a := s.do("POST", "/v1/licenses/lookup", ask(ids...))
	if a.status != 200 || a.header.Get("Cache-Control") != "no-store" {
		s.t.Fatalf("%d %s", a.status, a.body)
	}
	a.read(s.t, &b)
	return b
}

func TestLookupOfManyLicenses(t *testing.T) {
	s := newSite(t)
	one, order := s.importOne("041000001", 7)
	two := s.Issue("041000002", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	b := s.heldOf(two, "us-il.nurse.041999999", one)
	if b.Answered != 3 || len(b.Licenses) != 2 || b.Licenses[0].ID != two || b.Licenses[1].ID != one || b.AsOf.Index != s.Head().Size {
		t.Fatalf("%+v", b)
	}
	if l := b.Licenses[0]; len(l.Copied) != 0 || len(l.Openings) != 2 {
		t.Errorf("issued here: %+v", l.Copied)
	}
	l := b.Licenses[1]
	entry := s.Entries(one)[0].Hash
	if len(l.Copied) != 1 || l.Copied[0].Entry != entry.String() || l.Copied[0].Row != 7 || l.Copied[0].Day != "2026-01-01" || l.Copied[0].File != license.HashOf([]byte("file")).String() {
		t.Errorf("copied: %+v", l.Copied)
	}
	if !slices.ContainsFunc(l.Openings, func(o heldOpeningBody) bool {
		op := license.Opening{Kind: o.Kind, Salt: o.Salt, Bytes: o.Bytes}
		return op.Commit() == order.Commit()
	}) {
		t.Errorf("the order's document is missing: %+v", l.Openings)
	}
	var rec license.License
	if err := json.Unmarshal(l.Record, &rec); err != nil || rec.Counts.Imports != 1 {
		t.Errorf("%s %v", l.Record, err)
	}

	s.Act(nil, []string{"clerk", "director"}, &license.LicenseVoid{License: one, Entries: []license.Hash{entry}})
	if l := s.heldOf(one).Licenses[0]; len(l.Copied) != 0 {
		t.Errorf("void: %+v", l.Copied)
	}
}

// A row whose order was sealed is still told of, so that its file does not bring the
// order back; what it said is not.
func TestLookupOfSealed(t *testing.T) {
	s := newSite(t)
	id, order := s.importOne("041000001", 7)
	s.Registry.Clock = s.Registry.Clock.AddDate(0, 0, 3)
	rec := s.License(id)
	s.Act(nil, []string{"clerk", "director"}, &license.LicenseSeal{License: id, Order: rec.Orders[0].ID, Count: rec.Orders[0].Count})
	a := s.do("POST", "/v1/licenses/lookup", ask(id))
	var b heldBody
	a.read(t, &b)
	if c := b.Licenses[0].Copied; len(c) != 1 || c[0].Row != 7 || c[0].Entry != "" {
		t.Errorf("%s", a.body)
	}
	if text := string(a.body); strings.Contains(text, rec.Orders[0].ID) || strings.Contains(text, order.Commit().String()) || strings.Contains(text, s.Entries(id)[0].Hash.String()) {
		t.Errorf("%s", text)
	}
}

// What the answer holds is what the document says.
func TestLookupIsDescribed(t *testing.T) {
	s := newSite(t)
	id, _ := s.importOne("041000001", 7)
	var doc struct {
		Components struct{ Schemas map[string]*schema }
	}
	s.get("/openapi.json", 200).read(t, &doc)
	var v any
	s.do("POST", "/v1/licenses/lookup", ask(id)).read(t, &v)
	if bad := (&schema{Ref: "#/components/schemas/Held"}).fits(doc.Components.Schemas, v, "answer"); bad != "" {
		t.Error(bad)
	}
}

// What the board does not show to everybody is not told.
func TestLookupOfWithheld(t *testing.T) {
	s := newSite(t)
	id, _ := s.importOne("041000001", 7)
	s.Act(nil, []string{"root"}, &license.BoardAmend{Board: "us-il", Count: 1, Name: "Illinois", Audiences: []license.Audience{{Kind: license.OpeningOrder, Who: license.AudiencePublic}}})
	if l := s.heldOf(id).Licenses[0]; len(l.Openings) != 1 || l.Openings[0].Kind != license.OpeningOrder {
		t.Errorf("%+v", l.Openings)
	}
}

func TestLookupRefuses(t *testing.T) {
	s := newSite(t)
	many := make([]string, 501)
	for i := range many {
		many[i] = fmt.Sprintf("us-il.nurse.041%06d", i)
	}
	for body, want := range map[string]string{
		`{}`: "bad-ids", `{"ids": [1]}`: "bad-body", `x`: "bad-body", `{"ids": ["nonsense"]}`: "bad-id", string(ask(many...)): "bad-ids",
		`{"ids": ["` + strings.Repeat("x", 128<<10) + `"]}`: "too-large",
	} {
		a := s.do("POST", "/v1/licenses/lookup", []byte(body))
		if c := a.code(t); c != want {
			t.Errorf("%.40s: %s", body, c)
		}
	}
	if b := s.heldOf(many[:500]...); b.Answered != 500 || len(b.Licenses) != 0 {
		t.Errorf("%+v", b)
	}
}

// What was decided about a number is told also where there is no such license, and shown
// to those who see names.
func TestLookupOfSettled(t *testing.T) {
	s := newSite(t)
	const id = "us-il.nurse.041777777"
	o, ref := s.Registry.Opening(license.OpeningSettlement, license.SettlementDocument{Holder: []string{"Quillan"}, Reason: "By letter."})
	s.Act([]license.Opening{o}, []string{"clerk"}, &license.ImportSettle{License: id, Commitment: ref.Commitment})
	opening := "/v1/openings/" + ref.Commitment.String() + "?of=settlement/" + id
	b := s.heldOf(id, "us-il.nurse.041888888")
	if len(b.Licenses) != 1 || b.Licenses[0].Record != nil || !strings.Contains(string(b.Licenses[0].Settlement), ref.Commitment.String()) || len(b.Licenses[0].Openings) != 1 {
		t.Fatalf("%+v", b)
	}
	s.get(opening, 200)
	if a := s.get("/v1/licenses/"+id+"/history", 200); !strings.Contains(string(a.body), "the holder's are those under Quillan. Reason: By letter.") {
		t.Errorf("%s", a.body)
	}
	s.get("/v1/licenses/"+id, 404)
	s.get("/v1/licenses/us-il.nurse.041888888/history", 404)
	var doc struct {
		Components struct{ Schemas map[string]*schema }
	}
	s.get("/openapi.json", 200).read(t, &doc)
	var v any
	s.do("POST", "/v1/licenses/lookup", ask(id)).read(t, &v)
	if bad := (&schema{Ref: "#/components/schemas/Held"}).fits(doc.Components.Schemas, v, "answer"); bad != "" {
		t.Error(bad)
	}

	s.Act(nil, []string{"root"}, &license.BoardAmend{Board: "us-il", Count: 1, Name: "Illinois", Audiences: []license.Audience{{Kind: license.OpeningOrder, Who: license.AudiencePublic}}})
	if l := s.heldOf(id).Licenses[0]; len(l.Openings) != 0 || l.Settlement == nil {
		t.Errorf("%+v", l)
	}
	s.get(opening, 404)
	if a := s.get("/v1/licenses/"+id+"/history", 200); strings.Contains(string(a.body), "Quillan") || !strings.Contains(string(a.body), "withheld") {
		t.Errorf("%s", a.body)
	}
}
