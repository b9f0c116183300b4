package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"licet/license"
)

const claimsHeader = "NPI,Entity Type Code,Last Update Date,Healthcare Provider Taxonomy Code_1,Provider License Number_1,Provider License Number State Code_1,Healthcare Provider Primary Taxonomy Switch_1," +
	"Healthcare Provider Taxonomy Code_2,Provider License Number_2,Provider License Number State Code_2,Healthcare Provider Primary Taxonomy Switch_2\n"

// claimBook is a registry of claims; it decides as the law does.
type claimBook map[string]*license.Claims

func (b claimBook) Claims(_ context.Context, ids []string) (out []*license.Claims, err error) {
	for _, id := range ids {
		out = append(out, b[id])
	}
	return out, nil
}

func (b claimBook) take(t *testing.T, a license.Act) {
	c := a.(*license.ImportClaim)
	var count int64
	if was := b[c.Claim]; was != nil {
		count = was.Count
	}
	if c.Count != count {
		t.Errorf("%s names count %d of %d", c.Claim, c.Count, count)
	}
	b[c.Claim] = &license.Claims{Import: &license.Provenance{File: c.File, Row: c.Row, Day: c.Day}, Claims: c.Claims, Count: count + 1}
}

// load plans a file, takes all its acts, and returns what became of the rows.
func (b claimBook) load(t *testing.T, file string) (outcomes []string) {
	t.Helper()
	m, err := ReadMapping("nppes")
	if err != nil {
		t.Fatal(err)
	}
	src, err := NewSource(strings.NewReader(file), int64(len(file)), m)
	if err != nil {
		t.Fatal(err)
	}
	note := func(r Result) {
		o := fmt.Sprint(r.Row, " ", r.Outcome)
		for _, f := range append(r.Flaws, r.Notes...) {
			o += " " + f.Rule
		}
		outcomes = append(outcomes, o)
	}
	for batch, err := range PlanClaims(context.Background(), src, b, Options{Each: note}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range batch.Acts {
			b.take(t, a)
		}
		for _, r := range batch.Results(nil) {
			note(r)
		}
	}
	slices.Sort(outcomes)
	return outcomes
}

func TestPlanOfClaims(t *testing.T) {
	b := claimBook{}
	expect := func(file string, want ...string) {
		t.Helper()
		if got := b.load(t, claimsHeader+file); !slices.Equal(got, want) {
			t.Errorf("%q\nnot\n%q", got, want)
		}
	}
	first := "1234567893,1,01/31/2026,163W00000X,RN900001,IL,Y,163W00000X,900001,IA,N\n" +
		"1245319599,1,01/15/2026,,,,,,,,\n" +
		"1003000126,2,01/02/2026,207Q00000X,036.900002,,N,207Q00000X,036.900003,IL,Y\n" +
		"1234567890,1,01/02/2026,207Q00000X,1,IL,Y,,,,\n"
	expect(first, "1 asserted", "2 unchanged", "3 asserted claim-state-missing", "4 refused npi")
	c := b["us-nppes.1234567893"]
	if c.Import.Day != "2026-01-31" || !slices.Equal(c.Claims, []license.Claim{
		{State: "IL", Number: "RN900001", Taxonomy: "163W00000X", Primary: true}, {State: "IA", Number: "900001", Taxonomy: "163W00000X"},
	}) {
		t.Errorf("%+v", c)
	}
	expect(first, "1 unchanged", "2 unchanged", "3 unchanged claim-state-missing", "4 refused npi")

	// A newer file; then the older one again, which speaks over nothing.
	newer := "1234567893,1,02/28/2026,163W00000X,RN900001,IL,Y,,,,\n1003000126,2,02/02/2026,,,,,,,,\n"
	expect(newer, "1 asserted", "2 asserted")
	if c := b["us-nppes.1003000126"]; c.Claims != nil || c.Count != 2 {
		t.Errorf("%+v", c)
	}
	expect(first, "1 refused older-file", "2 unchanged", "3 refused older-file claim-state-missing", "4 refused npi")

	twice := "1245319599,1,03/01/2026,163W00000X,1,IL,Y,,,,\n1234567893,1,03/01/2026,163W00000X,RN900001,IL,Y,,,,\n1245319599,1,03/01/2026,163W00000X,2,IL,Y,,,,\n"
	expect(twice, "1 refused npi-twice", "2 unchanged", "3 refused npi-twice")
	long := "1245319599,1,03/01/2026,163W00000X," + strings.Repeat("1", 65) + ",IL,Y,,,,\n"
	expect(long, "1 refused claim-long")
}

// A file that was cut before its claims says nothing of them.
func TestPlanOfClaimsWithoutColumns(t *testing.T) {
	b := claimBook{"us-nppes.1234567893": {Claims: []license.Claim{{State: "IL", Number: "1"}}, Count: 1, Import: &license.Provenance{Day: "2020-01-01"}}}
	if got := b.load(t, "NPI,Entity Type Code,Last Update Date\n1234567893,1,01/31/2026\n"); !slices.Equal(got, []string{"1 unchanged"}) {
		t.Errorf("%q", got)
	}
}
