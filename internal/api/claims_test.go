package api

import (
	"testing"

	"licet/license"
)

// claimOne copies what an NPI claims of a nurse's number.
func (s *site) claimOne(npi, number string) string {
	s.t.Helper()
	id := "us-il." + npi
	s.Act(nil, []string{"clerk"}, &license.ImportClaim{
		Claim: id, File: license.HashOf([]byte("claims")), Row: 4, Day: "2026-01-05",
		Claims: []license.Claim{{State: "IL", Number: number, Taxonomy: "163W00000X", Primary: true}, {State: "WI", Number: "7"}},
	})
	return id
}

func TestClaims(t *testing.T) {
	s := newSite(t)
	id := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	claimed := s.claimOne("1234567893", "RN-041000001")
	s.claimOne("1245319599", "041.000001")
	s.settle()

	// What is answered is what the document says.
	var doc struct {
		Components struct{ Schemas map[string]*schema }
	}
	s.get("/openapi.json", 200).read(t, &doc)
	for path, name := range map[string]string{"/v1/claims/1234567893": "Claims", "/v1/licenses/" + id: "License"} {
		var v any
		s.get(path, 200).read(t, &v)
		if bad := (&schema{Ref: "#/components/schemas/" + name}).fits(doc.Components.Schemas, v, "answer"); bad != "" {
			t.Errorf("%s: %s", path, bad)
		}
	}

	// Beside the license stands the claim of its number, and no other.
	var l licenseBody
	s.get("/v1/licenses/"+id, 200).read(t, &l)
	if len(l.Claims) != 1 || l.MoreClaims || l.Claims[0].NPI != "1245319599" || l.Claims[0].Number != "041.000001" || l.Claims[0].Day != "2026-01-05" {
		t.Errorf("%+v", l.Claims)
	}
	var many struct {
		Claims []struct {
			ID     string
			Record license.Claims
		}
	}
	a := s.do("POST", "/v1/claims/lookup", ask("us-il.1003000126", claimed))
	if a.read(t, &many); a.status != 200 || len(many.Claims) != 1 || many.Claims[0].ID != claimed || many.Claims[0].Record.Count != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
	for path, code := range map[string]string{"/v1/claims/1234567890": "bad-npi", "/v1/claims/1003000126": "unknown-npi", "/v1/claims/x": "bad-npi"} {
		status := 400
		if code == "unknown-npi" {
			status = 404
		}
		var p problemBody
		if s.get(path, status).read(t, &p); p.Code != code {
			t.Errorf("%s: %s", path, p.Code)
		}
	}
}
