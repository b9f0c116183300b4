package importer

import (
	"slices"
	"strings"
	"testing"
)

const notedMap = `
[file]
dates = ["DD.MM.YYYY"]
missing = ["00.00.0000"]
newest = ["seen"]
# refuse
[board]
id = "xx-notes"
name = "An invented board"
[constants]
subject = "person"
profession = "nurse"
[[profession]]
id = "nurse"
title = "Nurse"
pattern = "#+"
[license]
number = "no"
issued = "first"
[term]
from = "from"
through = "to"
[name]
family = "last"
[address]
state = "prov"
[status]
column = "status"
since = "since"
[status.words]
CURRENT = { says = "current" }
BARRED = { authority = "barred", action = "suspension" }
[order]
action = "action"
since = "day"
[order.words]
Suspension = { authority = "barred", action = "suspension" }
[labels]
suspension = "BARRED"
`

const notedRows = `no,last,prov,first,from,to,status,since,action,day,seen
1,Vorbax,IL,01.01.2001,01.01.2020,31.12.2021,CURRENT,,,,31.01.2026
2,Vorbax,IL,01.01.2001,01.01.2026,31.12.2027,BARRED,05.02.2026,,,31.01.2026
3,Vorbax,ZZ,01.01.2001,01.02.2026,31.12.2027,CURRENT,,,,31.01.2026
4,Vorbax,IL,01.01.2001,01.01.2026,31.12.2027,BARRED,01.01.2026,Suspension,03.01.2026,31.01.2026
5,Vorbax,IL,00.00.0000,01.01.2026,31.12.2027,CURRENT,,,,31.01.2026
6,Vorbax,IL,01.01.2001,01.01.2026,31.12.2025,CURRENT,,,,31.01.2026
7,Vorbax,IL,01.01.2001,01.01.2026,31.12.2027,CURRENT,,,,31.01.2026
`

// Each row is taken with the note that it deserves; the report shows cells as they stand.
func TestNotes(t *testing.T) {
	r := newDesk(t, mapping(t, notedMap)).imports([]byte(notedRows))
	if got := counts(r.Summary); got != [5]int64{7, 5, 5, 0, 2} {
		t.Fatalf("%v: %+v", got, r.refused)
	}
	var got []string
	for _, x := range append(r.noted, r.refused...) {
		for _, f := range append(x.Notes, x.Flaws...) {
			got = append(got, strings.Join([]string{string('0' + rune(x.Row)), f.Rule, f.Column, f.Value}, " "))
		}
	}
	slices.Sort(got)
	want := []string{
		"1 status-contradicts-days status CURRENT", "2 day-future since 05.02.2026", "3 state prov ZZ", "3 term-future from 01.02.2026",
		"4 two-orders status BARRED", "5 issued-missing first 00.00.0000", "6 term-reversed to 31.12.2025",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// A mapping makes refusals of notes, in the import as on the page.
func TestRefuseNotes(t *testing.T) {
	text := strings.Replace(notedMap, "# refuse", `refuse = ["status-contradicts-days", "day-future", "two-orders"]`, 1)
	r := newDesk(t, mapping(t, text)).imports([]byte(notedRows))
	if got := counts(r.Summary); got != [5]int64{7, 2, 2, 0, 5} {
		t.Errorf("%v: %+v", got, r.refused)
	}
	q := examine(t, mapping(t, text), notedRows)
	if q.Refused != 5 || q.Quarantined != 0 {
		t.Errorf("%d refused, %d quarantined", q.Refused, q.Quarantined)
	}
	for _, f := range q.Findings {
		if f.Rule == NoteFuture && !strings.Contains(f.Detail, "The mapping refuses such rows") {
			t.Error(f.Detail)
		}
	}
}

func TestMappingsNameNotesAndLabels(t *testing.T) {
	for from, to := range map[string]string{
		"# refuse":              `refuse = ["date"]`,
		`suspension = "BARRED"`: `zzz = "y"`,
	} {
		_, err := ParseMapping("odd", []byte(strings.Replace(notedMap, from, to, 1)))
		if err == nil || !strings.Contains(err.Error(), "day-future") && !strings.Contains(err.Error(), "there is no standing \"zzz\"; they are active, not-lapsed") {
			t.Error(err)
		}
	}
}
