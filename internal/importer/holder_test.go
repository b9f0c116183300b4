package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"licet/license"
	"licet/strict"
)

const numberA1 = "us-xx.nurse.A-001"

// rowsOf is a file of rows of the number A-001: surname and first day of the term.
func rowsOf(rows ...string) []byte {
	text := "no,from,last,since\n"
	for _, r := range rows {
		name, from, _ := strings.Cut(r, " from ")
		text += fmt.Sprintf("A-001,%s,%q,2026-02-02\n", from, name)
	}
	return []byte(text)
}

// settle has a decision about A-001 recorded, or withdrawn.
func (d *desk) settle(doc *license.SettlementDocument) {
	d.t.Helper()
	s, err := d.State()
	if err != nil {
		d.t.Fatal(err)
	}
	var has license.Settlement
	_, err = s.Record(license.KindSettlement, numberA1, &has)
	s.Release()
	if err != nil {
		d.t.Fatal(err)
	}
	var a license.Act = &license.ImportWithdraw{License: numberA1, Count: has.Count}
	var os []license.Opening
	if doc != nil {
		o, ref := d.Opening(license.OpeningSettlement, strict.Encode(doc))
		os, a = append(os, o), &license.ImportSettle{License: numberA1, Count: has.Count, Commitment: ref.Commitment}
	}
	d.recorded(d.submit(true, []license.Act{a}, os, "officer/us-xx/importer", "importer"))
}

func holder(names ...string) *license.SettlementDocument {
	return &license.SettlementDocument{Holder: names, Reason: "By letter"}
}

// rules are the rules of what a run set aside or refused.
func (r run) rules() (out []string) {
	for _, x := range slices.Concat(r.quarantined, r.refused) {
		out = append(out, x.Outcome+" "+x.Flaws[0].Rule)
	}
	return out
}

func TestSurnamesAcrossFiles(t *testing.T) {
	d := newDesk(t, mapping(t, small))
	run := func(want string, file []byte) run {
		t.Helper()
		r := d.imports(file)
		if got := fmt.Sprint(r.Asserted, r.Unchanged, r.rules()); got != want {
			t.Errorf("%s: %s, not %s", file, got, want)
		}
		return r
	}
	run("1 0 []", rowsOf("Examplar from 2020-01-01"))
	run("1 0 []", rowsOf("EXAMPLÁR from 2021-01-01")) // a spelling that is no other name
	other := rowsOf("Examplar from 2021-01-01", "Unlike from 2022-01-01")
	run("0 0 [quarantined two-surnames quarantined two-surnames]", other)
	r := run("0 0 [quarantined surname-differs]", rowsOf("O'Unlike from 2022-01-01"))
	if want := `licet import settle ` + numberA1 + ` --holder='Examplar' --holder='O'\''Unlike' --reason=WHY --key=FILE`; !strings.Contains(r.quarantined[0].Flaws[0].Reason, want) {
		t.Errorf("%s lacks %s", r.quarantined[0].Flaws[0].Reason, want)
	}
	d.settle(holder("Examplar", "unlike"))
	run("2 0 []", other)
	run("1 0 []", rowsOf("Unlike from 2023-01-01"))
	run("0 0 [quarantined surname-differs]", rowsOf("Third from 2024-01-01")) // about which nothing was decided
	run("1 0 [quarantined two-surnames]", rowsOf("Unlike from 2024-01-01", "Third from 2025-01-01"))
	run("0 1 [refused date]", rowsOf("Unlike from 2023-01-01", "Examplar from someday")) // a flawed row stays so
	d.settle(nil)
	r = run("0 0 [quarantined two-surnames quarantined two-surnames]", other)
	if !strings.Contains(r.quarantined[1].Flaws[0].Reason, "licet import undo") {
		t.Errorf("%+v", r.quarantined[1])
	}
	run("1 0 []", rowsOf("Unlike from 2025-01-01")) // which stands in the record for as long as it is not taken back
}

func TestSomebodyElses(t *testing.T) {
	d := newDesk(t, mapping(t, small))
	both := rowsOf("Examplar from 2020-01-01", "Unlike from 2021-01-01")
	if got := d.imports(both).rules(); len(got) != 2 {
		t.Errorf("%v", got)
	}
	decided := holder("Unlike")
	decided.Others = []string{"Examplar"}
	d.settle(decided)
	r := d.imports(rowsOf("Examplar from 2020-01-01")) // alone, and before the license is there
	if got := r.rules(); !slices.Equal(got, []string{"refused other-holder"}) || !strings.Contains(r.refused[0].Flaws[0].Reason, "By letter.") {
		t.Errorf("%+v", r.refused)
	}
	r = d.imports(both)
	if got := r.rules(); r.Asserted != 1 || !slices.Equal(got, []string{"refused other-holder"}) {
		t.Errorf("%+v %v", r.Summary, got)
	}
	if got := d.held(numberA1).names(t); !slices.Equal(got, []string{"2021-01-01 Unlike"}) {
		t.Errorf("%v", got)
	}
	// The other way round: what stands is somebody else's, and is to be taken back first.
	d.settle(&license.SettlementDocument{Holder: []string{"Examplar"}, Others: []string{"Unlike"}})
	r = d.imports(both)
	if got := r.rules(); !slices.Equal(got, []string{"quarantined surname-differs", "refused other-holder"}) {
		t.Errorf("%v", got)
	}
	// A decision that names a surname on both sides decides nothing about it.
	d.settle(&license.SettlementDocument{Holder: []string{"Unlike", "Examplar"}, Others: []string{"examplar"}})
	if got := d.imports(rowsOf("Examplar from 2020-01-01")).rules(); !slices.Equal(got, []string{"quarantined surname-differs"}) {
		t.Errorf("%v", got)
	}
}

// What the importer cannot see, it does not go by.
func TestWithheldDecision(t *testing.T) {
	d := newDesk(t, mapping(t, small))
	both := rowsOf("Examplar from 2020-01-01", "Unlike from 2021-01-01")
	d.settle(holder("Examplar", "Unlike"))
	h := d.held(numberA1)
	h.Openings = nil
	x := holdingOf(h)
	outcome, f := x.doubt(d.m, &Row{family: "Examplar", surname: 1}, false)
	if outcome != Quarantined || f.Rule != "settlement-withheld" {
		t.Errorf("%s %v", outcome, f)
	}
	if r := d.imports(both); r.Asserted != 2 {
		t.Errorf("%+v", r.Summary)
	}
	h = d.held(numberA1)
	h.Openings, h.Settlement = nil, nil
	x = holdingOf(h)
	if outcome, _ := x.doubt(d.m, &Row{family: "Third", surname: 1}, false); outcome != "" || !x.unseen {
		t.Errorf("%s: names that nobody can compare set nothing aside", outcome)
	}
}

func TestSettleCommand(t *testing.T) {
	for _, c := range []struct {
		holder []string
		want   string
	}{
		{[]string{"-n; rm", "`x`"}, "licet import settle L --holder='-n; rm' --holder='`x`' --reason=WHY --key=FILE"},
		{[]string{"a\nb"}, ""},
		{[]string{"a\u202eb"}, ""},
		{[]string{strings.Repeat("long", 100)}, ""},
		{strings.Split("a b c d e f g h i", " "), ""},
	} {
		if got := SettleCommand("L", c.holder, nil); got != c.want {
			t.Errorf("%q: %s", c.holder, got)
		}
	}
}
