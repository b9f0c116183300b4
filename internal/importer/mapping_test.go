package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licet/license"
)

const small = `
[file]
dates = ["YYYY-MM-DD"]
newest = ["since"]
[board]
id = "us-xx"
name = "Board"
[license]
number = "no"
pattern = "@-###"
[[profession]]
id = "nurse"
title = "Nurse"
[term]
from = "from"
[name]
family = "last"
[constants]
subject = "person"
profession = "nurse"
`

func TestMapping(t *testing.T) {
	m, err := ParseMapping("small", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	r := oneRow(t, m, []byte("no,from,last,since\nA-001,2020-01-01,Lee,2020-02-02\n"))
	if len(r.Flaws) != 0 || r.License.String() != "us-xx.nurse.A-001" || r.From != "2020-01-01" || r.Through != "" || r.Newest != "2020-02-02" || r.Status != nil {
		t.Errorf("%+v", r)
	}
}

func TestMappingsThatAreWrong(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", `title = "Nurse"`, "title = \"Nurse\"\ntitel = \"Nurse\"", `line 14: a mapping has no key "profession.titel"`},
		{"unknown table", "[term]", "[trem]\nx=1\n[term]", `has no key "trem`},
		{"broken", "[term]", "[term", "line 14, column 6"},
		{"of another type", `id = "nurse"`, "id = 7", "line 12"},
		{"no number", `number = "no"`, "", "license.number is missing"},
		{"no dates", `dates = ["YYYY-MM-DD"]`, "", "file.dates is missing"},
		{"two-digit years", "YYYY-MM-DD", "MM/DD/YY", "write YYYY"},
		{"no month", "YYYY-MM-DD", "YYYY-DD", "once each"},
		{"subject", `"person"`, `"dog"`, "constants.subject"},
		{"profession of the constant", `profession = "nurse"`, `profession = "barber"`, `no [[profession]] with id "barber"`},
		{"bad id", `id = "nurse"`, `id = "Nurse 1"`, "profession 1"},
		{"pattern", "@-###", "", "number pattern"},
		{"separator", "[board]", "separator = \"x\"\n[board]", "file.separator"},
		{"public", "[license]", "public = [\"dreams\"]\n[license]", "board.public"},
		{"calendar", "[license]", "calendar = \"mars\"\n[license]", "board.calendar"},
		{"status words", "[name]", "[status]\ncolumn = \"s\"\n[name]", "status.words is missing"},
		{"lifecycle", "[name]", "[status]\ncolumn = \"s\"\nsince = \"d\"\n[status.words]\nX = { lifecycle = \"gone\" }\n[name]", `no lifecycle "gone"`},
		{"action", "[name]", "[status]\ncolumn = \"s\"\nsince = \"d\"\n[status.words]\nX = { authority = \"barred\" }\n[name]", "authority and action stand together"},
		{"word without a day", "[name]", "[status]\ncolumn = \"s\"\n[status.words]\nX = { lifecycle = \"canceled\" }\n[name]", "from which day"},
		{"too long", "[name]", "#" + strings.Repeat("x", MappingBytesMax) + "\n[name]", "bytes"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if _, err := ParseMapping("small", []byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestReadMapping(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.toml")
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	if m, err := ReadMapping(path); err != nil || m.Board.ID != "us-xx" {
		t.Errorf("%v", err)
	}
	if _, err := ReadMapping("no-such-city"); err == nil || !strings.Contains(err.Error(), "chicago") {
		t.Errorf("%v", err)
	}
	for _, name := range Shipped() {
		if _, err := ReadMapping(name); err != nil {
			t.Error(err)
		}
	}
}

// What docs/import.md shows is a mapping.
func TestMappingInTheDocumentation(t *testing.T) {
	b, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(b), "```toml\n")
	text, _, _ = strings.Cut(text, "```")
	if _, err := ParseMapping("docs/import.md", []byte(text)); err != nil {
		t.Error(err)
	}
}

func TestLayouts(t *testing.T) {
	for _, c := range []struct {
		layout, text string
		want         license.Day
	}{
		{"MM/DD/YYYY", "02/29/2012", "2012-02-29"},
		{"MM/DD/YYYY", "02/29/2013", ""},
		{"MM/DD/YYYY", "2/29/2012", ""},
		{"MM/DD/YYYY", "02/29/2012 ", ""},
		{"MM/DD/YYYY", "00/00/0000", ""},
		{"M/D/YYYY", "2/9/2012", "2012-02-09"},
		{"M/D/YYYY", "12/31/2012", "2012-12-31"},
		{"YYYYMMDD", "20120229", "2012-02-29"},
		{"YYYYMMDD", "00000000", ""},
		{"YYYYMMDD", "201202290", ""},
		{"DD.MM.YYYY", "29.02.2012", "2012-02-29"},
		{"YYYY-MM-DD", "1500-01-01", ""},
		{"DD-MON-YYYY", "29-feb-2012", "2012-02-29"},
		{"DD-MON-YYYY", "29-foo-2012", ""},
		{"MM/DD/YYYY TIME", "02/29/2012 00:00:00", "2012-02-29"},
		{"MM/DD/YYYY TIME", "02/29/2012 12:00:00 AM", "2012-02-29"},
		{"MM/DD/YYYY TIME", "02/29/2012 9:05", "2012-02-29"},
		{"MM/DD/YYYY TIME", "02/29/2012 noon", ""},
		{"MM/DD/YYYY TIME", "02/29/2012 99:99", ""},
		{"MM/DD/YYYY TIME", "02/29/2012", ""},
		{"YYYY-MM-DDTTIME", "2012-02-29T00:00:00.000", "2012-02-29"},
		{"YYYY-MM-DDTTIME", "2012-02-29T00:00:00.000Z", "2012-02-29"},
		{"YYYY-MM-DDTTIME", "2012-02-29T23:00:00.000Z", ""},  // another day somewhere
		{"YYYY-MM-DDTTIME", "2012-02-29T23:00:00-06:00", ""}, // the same
	} {
		l, err := parseLayout(c.layout)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.read(c.text); got != c.want {
			t.Errorf("%s of %q: %q", c.layout, c.text, got)
		}
	}
	m, err := ParseMapping("small", []byte(strings.Replace(small, `"YYYY-MM-DD"`, `"MM/DD/YYYY", "DD/MM/YYYY"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"13/01/2020": "", "05/05/2020": "", "01/02/2020": "date-ambiguous"} {
		r := oneRow(t, m, []byte("no,from,last,since\nA-001,"+text+",Lee,\n"))
		if want == "" && len(r.Flaws) != 0 || want != "" && (len(r.Flaws) != 1 || r.Flaws[0].Rule != want) {
			t.Errorf("%s: %v", text, r.Flaws)
		}
	}
}
