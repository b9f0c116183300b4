package importer

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"licet/license"
)

const dirty = `[file]
dates = ["YYYY-MM-DD"]
newest = ["seen"]
missing = ["None"]
[board]
id = "us-xx"
name = "Board"
[license]
number = "no"
profession = "what"
issued = "first"
[[profession]]
code = "N"
id = "nurse"
title = "Nurse"
pattern = "#+"
[[profession]]
code = "P"
id = "pharmacist"
title = "Pharmacist"
pattern = "#+"
[term]
from = "from"
through = "to"
never = ["2099-01-01"]
[name]
family = "last"
[address]
city = "city"
[status]
column = "status"
[status.words]
ACTIVE = { says = "current" }
LAPSED = { says = "over" }
[order]
action = "action"
since = "since"
[order.words]
Reprimand = { authority = "none", action = "reprimand" }
Reprimnad = { authority = "none", action = "reprimand" }
[constants]
subject = "person"
`

// Names are invented; each row shows one thing.
const dirtyRows = `no,what,first,from,to,last,city,status,action,since,seen
1,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,Cairo,ACTIVE,,,2026-01-31
2,N,2001-01-01,2018-01-01,2019-12-31,Inventa,Cairo,ACTIVE,,,2026-01-31
3,N,2001-01-01,2024-01-01,2027-12-31,Nobody,Cairo,LAPSED,,,2026-01-31
4,N,2109-01-01,2024-01-01,2027-12-31,Example,Cairo,ACTIVE,,,2026-01-31
5,N,2001-01-01,2024-01-01,2027-12-31,Examplar,Cairo,ACTIVE,,,2026-01-31
5,N,2001-01-01,2022-01-01,2023-12-31,Exampler,Cairo,LAPSED,,,2026-01-31
6,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,None,ACTIVE,,,2026-01-31
39*****99,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,Cairo,ACTIVE,,,2026-01-31
,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,Cairo,ACTIVE,,,2026-01-31
7,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,Cairo,ACTIVE,Reprimand,2020-01-01,2026-01-31
8,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,Cairo,ACTIVE,Reprimand,2020-01-01,2026-01-31
9,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,Cairo,ACTIVE,Reprimnad,2027-01-01,2026-01-31
1,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,Cairo,ACTIVE,,,2026-01-31
10,N,2001-01-01,2024-01-01,2027-12-31,Sampleson, Cairo ,ACTIVE,,,2026-01-31
11,P,2001-01-01,2024-01-01,2099-01-01,Sampleson,Cairo,ACTIVE,,,2026-01-31
11,N,2001-01-01,2024-01-01,2027-12-31,Sampleson,Cairo,ACTIVE,,,2026-01-31
12,N,2001-01-01,2024-01-01,2027-12-31,"=HYPERLINK(""x"")<script>",CAIRO,ACTIVE,"=1+1",2020-01-01,2026-01-31
`

func examine(t *testing.T, m *Mapping, file string) *Quality {
	t.Helper()
	src, err := source(m, file)
	if err != nil {
		t.Fatal(err)
	}
	q, err := Examine(context.Background(), src, "invented.csv", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestQuality(t *testing.T) {
	q := examine(t, mapping(t, dirty), dirtyRows)
	if q.Rows != 17 || q.Refused != 3 || q.Quarantined != 2 || q.Clean != 6 || q.Day != "2026-01-31" {
		t.Errorf("%d rows, %d refused, %d clean, of %s", q.Rows, q.Refused, q.Clean, q.Day)
	}
	got := map[string]string{}
	for _, f := range q.Findings {
		rows := ""
		for _, x := range f.Examples {
			rows += fmt.Sprintf(" %d", x.Row)
		}
		got[f.Rule+" "+f.Column] = fmt.Sprintf("%d:%s", f.Count, rows)
	}
	want := map[string]string{
		"status-contradicts-days status": "2: 2 3",
		"day-future first":               "1: 4", "issued-after-term first": "1: 4",
		"two-surnames last": "1: 6",
		"placeholder city":  "1: 7", "spaces city": "1: 14", "spelling city": "2: 14 17",
		"number-masked no": "1: 8", "number-pattern no": "1: 8", "number-missing no": "1: 9",
		"number-two-professions no": "2: 15 16",
		"duplicate ":                "1: 13",
		"spelling action":           "1: 12",
		"day-future since":          "1: 12", "order-after-report since": "1: 12",
		"action-unknown action": "1: 17",
	}
	for k, w := range want {
		if got[k] != w {
			t.Errorf("%s: %q, not %q", k, got[k], w)
		}
		delete(got, k)
	}
	if len(got) > 0 {
		t.Errorf("besides: %v", got)
	}
}

func TestQualityIsWrittenHarmlessly(t *testing.T) {
	q := examine(t, mapping(t, dirty), dirtyRows)
	var table, page bytes.Buffer
	if err := q.WriteCSV(&table); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		for _, c := range r {
			if strings.HasPrefix(c, "=") {
				t.Errorf("a formula: %q", c)
			}
		}
	}
	if err := q.WriteHTML(&page); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&page)
	if err != nil {
		t.Fatal(err)
	}
	captions, tables, ids := 0, 0, map[string]bool{}
	for n := range doc.Descendants() {
		switch n.Data {
		case "script":
			t.Error("a script")
		case "table":
			tables++
		case "caption":
			captions++
		case "th":
			if len(n.Attr) == 0 || n.Attr[0].Key != "scope" {
				t.Error("a heading of a table without scope")
			}
		}
		for _, a := range n.Attr {
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("id %s stands twice", a.Val)
			} else if a.Key == "id" {
				ids[a.Val] = true
			}
		}
	}
	if tables < 2 || captions != tables {
		t.Errorf("%d tables, %d captions", tables, captions)
	}
}

func TestSpellings(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Accusation", "Accuastion", true},
		{"Accusation", "Accusation ", true},
		{"Fifth Amended Accusation", "Sixth Amended Accusation", false},
		{"Accusation Withdrawn", "Accusation Withdrawal", true},
		{"First Amended Accusation", "First Amednded Accusation", true},
		{"Accusation", "Amended Accusation", false},
		{"CHICAGO", "Chicago", true},
		{"DIXON", "DIKON", true},
		{"ALTON", "ELTON", false},
		{"Level 1", "Level 2", false},
		{"10", "11", false},
		{"-", "--", true},
	} {
		if got := sameWord(c.a, c.b); (got != "") != c.same {
			t.Errorf("%q %q: %q", c.a, c.b, got)
		}
	}
}

// What the files that boards publish hold, by the mappings that come with the program.
func TestQualityOfRealFiles(t *testing.T) {
	for _, c := range []struct {
		file, mapping string
		rows, refused int64
		findings      map[string]int64
	}{
		{"ca_mbc_disciplinary_alert_actions_masked.csv", "california-alerts", 1572, 327, map[string]int64{"two-surnames": 14, "spellings": 1, "order-after-report": 1, "order-not-told": 323}},
		{"chicago_business_licenses_2016.csv", "chicago", 561, 1, map[string]int64{"term-reversed": 1}},
		{"nppes_first10_hhsidealab.csv", "nppes", 10, 0, nil},
		{"nppes_example_felixhh.csv", "nppes", 100, 0, nil},
		{"oig_leie_head_real.csv", "oig-exclusions", 4, 0, nil},
	} {
		b, err := os.ReadFile("../../../shared/data/" + c.file)
		if err != nil {
			t.Skip("the real files are not in the repository, since real people stand in them: ", err)
		}
		m, err := ReadMapping(c.mapping)
		if err != nil {
			t.Fatal(err)
		}
		q := examine(t, m, string(b))
		if q.Rows != c.rows || q.Refused != c.refused {
			t.Errorf("%s: %d rows, %d refused", c.file, q.Rows, q.Refused)
		}
		counts := map[string]int64{}
		for _, f := range q.Findings {
			counts[f.Rule] += f.Count
		}
		for rule, n := range c.findings {
			if counts[rule] != n {
				t.Errorf("%s: %s %d times, not %d", c.file, rule, counts[rule], n)
			}
		}
	}
}

// Whatever stands in a file, examining it ends, and what is written can be read.
func FuzzExamine(f *testing.F) {
	m := mapping(f, dirty)
	f.Add([]byte(dirtyRows))
	f.Add([]byte("no,what,first,from,to,last,city,status,action,since,seen\n1,N,2001-01-01,2024-01-01,2027-12-31,\u202ex,\xff,\"A\n\",\x00,,\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		src, err := NewSource(bytes.NewReader(file), int64(len(file)), m)
		if err != nil {
			return
		}
		q, err := Examine(context.Background(), src, "file", "", nil)
		if err != nil {
			return
		}
		var table, page bytes.Buffer
		if err := errors.Join(q.WriteCSV(&table), q.WriteHTML(&page)); err != nil {
			t.Fatal(err)
		}
		if _, err := csv.NewReader(&table).ReadAll(); err != nil {
			t.Error(err)
		}
		if q.Clean > q.Rows || q.Refused > q.Rows {
			t.Errorf("%+v", q)
		}
	})
}

func FuzzLayout(f *testing.F) {
	for _, l := range guessLayouts {
		f.Add(l.text, "2012-02-29T00:00:00.000Z")
	}
	f.Add("DD-MON-YYYYTIME", "29-FEB-201223:59 pm")
	f.Fuzz(func(t *testing.T, text, value string) {
		l, err := parseLayout(text)
		if err != nil {
			return
		}
		if d := l.read(value); d != "" {
			if _, err := license.ParseDay(string(d)); err != nil {
				t.Errorf("%s of %q: %v", text, value, err)
			}
		}
	})
}
