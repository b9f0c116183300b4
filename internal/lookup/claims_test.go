package lookup

import (
	"slices"
	"testing"

	"licet/internal/ledgertest"
	"licet/license"
)

func TestClaimsLike(t *testing.T) {
	r := ledgertest.New(t)
	dir := t.TempDir()
	l := openOn(t, dir, r)
	clerk := []string{"clerk"}
	claim := func(npi string, count int64, day license.Day, cs ...license.Claim) *license.ImportClaim {
		return &license.ImportClaim{Claim: "us-il." + npi, Count: count, File: license.HashOf([]byte(day)), Row: 1, Day: day, Claims: cs}
	}
	expect := func(jurisdiction, number string, want ...string) {
		t.Helper()
		catchUp(t, l)
		got, err := l.ClaimsLike(t.Context(), jurisdiction, number, 2)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s %s: %v, not %v (%v)", jurisdiction, number, got, want, err)
		}
	}
	expect("us-il", "041000001")
	r.Act(nil, clerk, claim("1234567893", 0, "2026-01-01", license.Claim{State: "IL", Number: "041.000001"}, license.Claim{State: "il", Number: "41000001"},
		license.Claim{State: "Illinois", Number: "7"}, license.Claim{State: "IA", Number: "--"}))
	expect("us-il", "041000001", "us-il.1234567893")
	expect("us-ia", "041000001")
	expect("us-il", "7")
	expect("us-ia", "")
	for _, npi := range []string{"1245319599", "1003000126"} {
		r.Act(nil, clerk, claim(npi, 0, "2026-01-01", license.Claim{State: "IL", Number: "041000001"}))
	}
	expect("us-il", "041-000-001", "us-il.1003000126", "us-il.1234567893")

	// What a newer row lacks is gone, here and in a copy that was opened again.
	r.Act(nil, clerk, claim("1003000126", 1, "2026-02-01"))
	r.Act(nil, clerk, claim("1234567893", 1, "2026-02-01", license.Claim{State: "IA", Number: "T-1"}))
	expect("us-il", "041000001", "us-il.1245319599")
	_ = l.Close()
	l = openOn(t, dir, r)
	expect("us-ia", "t1", "us-il.1234567893")
	expect("us-il", "041000001", "us-il.1245319599")

	if FitsClaim(license.Claim{State: "IL", Number: "x/"}, "us-il", "X1") || !FitsClaim(license.Claim{State: "IL", Number: "x/01"}, "us-il", "X1") {
		t.Error("fits")
	}
}
