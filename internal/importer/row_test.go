package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"licet/license"
)

// change sets fields of a row of the invented file, counted from 1, and leaves
// only that row.
func change(t *testing.T, row int, fields map[string]string) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(invented(t))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range rows[0] {
		if v, ok := fields[c]; ok {
			rows[row][i] = v
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll([][]string{rows[0], rows[row]}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func oneRow(t *testing.T, m *Mapping, file []byte) Row {
	t.Helper()
	src, err := NewSource(bytes.NewReader(file), int64(len(file)), m)
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range src.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	t.Fatal("no row")
	return Row{}
}

func TestFlawsOfRows(t *testing.T) {
	m := chicago(t)
	for _, c := range []struct {
		rule, column, value string
	}{
		{"number-missing", "LICENSE NUMBER", "  "},
		{"number-pattern", "LICENSE NUMBER", "12-A"},
		{"number", "LICENSE NUMBER", strings.Repeat("1", 65)},
		{"profession-missing", "LICENSE CODE", ""},
		{"profession-unknown", "LICENSE CODE", "9999"},
		{"date", "LICENSE TERM START DATE", "02/30/2011"},
		{"date", "LICENSE TERM START DATE", "2011-03-16"},
		{"date", "LICENSE TERM START DATE", "3/16/2011"},
		{"date", "LICENSE TERM EXPIRATION DATE", "03/15/13"},
		{"date", "DATE ISSUED", "soon"},
		{"term-through-missing", "LICENSE TERM EXPIRATION DATE", ""},
		{"term-reversed", "LICENSE TERM EXPIRATION DATE", "03/15/2011"},
		{"status-unknown", "LICENSE STATUS", "REA"},
		{"status-missing", "LICENSE STATUS", ""},
		{"status-day-missing", "LICENSE STATUS", "AAC"},
		{"name-missing", "LEGAL NAME", ""},
		{"value-control", "LEGAL NAME", "A\x00B"},
		{"value-control", "LEGAL NAME", "evil \u202etxt.exe"},
		{"value-control", "LEGAL NAME", "EX\u200bAMPLE"},
		{"value-control", "LEGAL NAME", "EXAMPLE\U000e0041"},
		{"value-long", "LEGAL NAME", strings.Repeat("Ü", 4000)},
		{"value-long", "ADDRESS", strings.Repeat("x", ValueBytesMax+1)},
		{"not-utf-8", "ADDRESS", "Caf\xe9"},
		{"field-long", "WARD", strings.Repeat("9", FieldBytesMax+1)},
	} {
		fields := map[string]string{c.column: c.value}
		if c.rule == "name-missing" {
			fields["DOING BUSINESS AS NAME"] = ""
		}
		r := oneRow(t, m, change(t, 2, fields))
		want := c.column
		if c.rule == "status-day-missing" {
			want = "LICENSE STATUS CHANGE DATE"
		}
		if len(r.Flaws) != 1 || r.Flaws[0].Rule != c.rule || r.Flaws[0].Column != want {
			t.Errorf("%s %.40q: %v", c.column, c.value, r.Flaws)
		}
	}
	r := oneRow(t, m, change(t, 6, map[string]string{"LICENSE STATUS CHANGE DATE": "12/16/2013"}))
	if len(r.Flaws) != 1 || r.Flaws[0].Rule != "status-outside-term" {
		t.Errorf("revoked after its term: %v", r.Flaws)
	}
}

func TestRowOfAnotherWidth(t *testing.T) {
	file := append(bytes.TrimRight(change(t, 2, nil), "\n"), ",more\n"...)
	if r := oneRow(t, chicago(t), file); len(r.Flaws) != 1 || r.Flaws[0].Rule != "csv-width" {
		t.Errorf("%v", r.Flaws)
	}
}

// A renewal without a first day is not dated by its issue: that holds for first
// issues alone.
func TestOtherwiseHoldsWhereTheMappingSays(t *testing.T) {
	r := oneRow(t, chicago(t), change(t, 1, map[string]string{"LICENSE TERM START DATE": ""}))
	if len(r.Flaws) != 1 || r.Flaws[0].Rule != "term-from-missing" {
		t.Errorf("%v", r.Flaws)
	}
	r = oneRow(t, chicago(t), change(t, 2, map[string]string{"LICENSE TERM START DATE": ""}))
	if len(r.Flaws) != 0 || r.From != "2011-03-16" || len(r.Notes) != 1 {
		t.Errorf("%v, %s, %v", r.Flaws, r.From, r.Notes)
	}
}

// Hostile text is data: it comes in as it stands, and runs nowhere.
func TestFormulasAreNames(t *testing.T) {
	const formula = `=HYPERLINK("http://x","click")`
	r := oneRow(t, chicago(t), change(t, 2, map[string]string{"LEGAL NAME": formula}))
	n, err := license.ParseName(r.Texts[0].Bytes)
	if err != nil || n.Legal != formula || len(r.Flaws) != 0 {
		t.Errorf("%+v, %v, %v", n, err, r.Flaws)
	}
}

func TestOneBadRowHoldsUpNoOther(t *testing.T) {
	d := newDesk(t, chicago(t))
	file := append(invented(t), "Caf\xe9,too short\n\"a\"b,c\n"...)
	r := d.imports(file)
	if got := counts(r.Summary); got != [5]int64{11, 5, 8, 0, 3} {
		t.Errorf("%v: %+v", got, r.refused)
	}
}

func TestHeaders(t *testing.T) {
	m := chicago(t)
	open := func(file []byte) error {
		_, err := NewSource(bytes.NewReader(file), int64(len(file)), m)
		return err
	}
	plain := string(invented(t))
	for name, file := range map[string]string{
		"with a byte order mark":      "\xef\xbb\xbf" + plain,
		"with CR LF":                  strings.ReplaceAll(plain, "\n", "\r\n"),
		"with spaces about a column":  strings.Replace(plain, "LEGAL NAME", " LEGAL NAME ", 1),
		"with an unused column twice": strings.Replace(plain, "PRECINCT", "WARD", 1),
	} {
		if err := open([]byte(file)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct{ file, want string }{
		"a column twice":      {strings.Replace(plain, "DOING BUSINESS AS NAME", "LEGAL NAME", 1), `column "LEGAL NAME" twice`},
		"a column that lacks": {strings.Replace(plain, "LICENSE STATUS,", "STATE OF LICENSE,", 1), `no column "LICENSE STATUS"`},
		"an empty file":       {"", "empty"},
		"no header":           {plain[strings.Index(plain, "\n")+1:], "no column"},
		"a header in Latin-1": {"Caf\xe9" + plain, "UTF-8"},
		"an open mark":        {"\"" + plain[:100], "never closed"},
	} {
		if err := open([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var f *FileError
	if err := open(nil); !errors.As(err, &f) {
		t.Errorf("%v", err)
	}
}

func FuzzRow(f *testing.F) {
	m := chicago(f)
	f.Add(invented(f))
	f.Fuzz(func(t *testing.T, file []byte) {
		src, err := NewSource(bytes.NewReader(file), int64(len(file)), m)
		if err != nil {
			return
		}
		for r, err := range src.Rows() {
			if err != nil {
				return
			}
			if len(r.Flaws) == 0 && (r.License.Number == "" || r.From == "" || len(r.Texts) == 0) {
				t.Errorf("%+v", r)
			}
			for _, x := range r.Flaws {
				_ = x.Error()
			}
		}
	})
}

func TestWholeNames(t *testing.T) {
	for _, c := range []struct {
		form, cell, family, given, rule string
	}{
		{"form = \"family, given\"", "\"Sampleson , Example A\"", "Sampleson", "Example A", ""},
		{"form = \"family, given\"", "Example Sampleson", "", "", "name-form"},
		{"", "Example A Sampleson", "Example A Sampleson", "", ""},
	} {
		m := mapping(t, strings.Replace(small, "family = \"last\"", "full = \"last\"\n"+c.form, 1))
		r := oneRow(t, m, []byte("no,from,last,since\nA-001,2020-01-01,"+c.cell+",\n"))
		if c.rule != "" {
			if len(r.Flaws) != 1 || r.Flaws[0].Rule != c.rule {
				t.Errorf("%s: %v", c.cell, r.Flaws)
			}
			continue
		}
		n, err := license.ParseName(r.Texts[0].Bytes)
		if err != nil || n.Family != c.family || n.Given != c.given || (r.surname != 0) != (c.form != "") {
			t.Errorf("%s: %+v, %d, %v", c.cell, n, r.surname, err)
		}
	}
}
