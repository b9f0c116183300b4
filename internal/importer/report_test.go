package importer

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"
)

func TestReportRunsNoFormulas(t *testing.T) {
	var b bytes.Buffer
	r := NewReport(&b)
	r.Add(Result{Row: 3, Line: 4, License: "us-xx.nurse.1", Outcome: Refused, Flaws: []Flaw{
		*flaw("=1+1", "-2+3|cmd", "date", "This is no day."),
		*flaw("AGE", "@SUM(A1)", "x", "A \"quoted\"\nreason."),
	}})
	r.Add(Result{Row: 5, Line: 6, Outcome: Asserted, Notes: []Flaw{*flaw("\tCITY", "Caf\xe9", "n", "Noted.")}})
	r.Add(Result{Row: 6, Line: 7, Outcome: Unchanged})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]string{
		{"outcome", "row", "line", "license", "column", "value", "reason", "rule"},
		{"refused", "3", "4", "us-xx.nurse.1", "'=1+1", "'-2+3|cmd", "This is no day.", "date"},
		{"refused", "3", "4", "us-xx.nurse.1", "AGE", "'@SUM(A1)", "A \"quoted\"\nreason.", "x"},
		{"asserted", "5", "6", "", "'\tCITY", `Caf\xe9`, "Noted.", "n"},
	}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

func TestShownValuesAreShort(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"é":                     "é",
		"\xe9":                  `\xe9`,
		strings.Repeat("x", 81): strings.Repeat("x", 80) + "…",
		"a\x00b\u202ec\u200bd":  `a\u{0}b\u{202e}c\u{200b}d`,
	} {
		if got := shown(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
