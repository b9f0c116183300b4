package synthetic

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"licet/internal/roster"
	"licet/license"
)

var update = flag.Bool("update", false, "write the golden file anew")

// The bytes of one roster, for ever: whoever changes a table or the order of draws
// changes everybody's made-up Illinois, and says so here.
const sumOfTenThousand = "10ba2bff1056be7fc8729ef5c2c2fcb50b34e0d93cb53f2771c8269b4bcbed17"

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	if _, err := Write(&b, Options{Licenses: 10_000, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	head := strings.Join(strings.SplitAfterN(b.String(), "\n", 42)[:41], "")
	if *update {
		if err := os.WriteFile("testdata/head.csv", []byte(head), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/head.csv")
	if err != nil {
		t.Fatal(err)
	}
	if head != string(want) {
		t.Errorf("the first 40 rows are not those of testdata/head.csv:\n%s", head)
	}
	sum := sha256.Sum256(b.Bytes())
	if got := hex.EncodeToString(sum[:]); got != sumOfTenThousand {
		t.Errorf("10,000 licenses of seed 1 have SHA-256 %s, not %s", got, sumOfTenThousand)
	}
}

// A shorter roster is the beginning of a longer one; other seeds and days give
// others.
func TestBeginning(t *testing.T) {
	made := func(o Options) string {
		var b bytes.Buffer
		if _, err := Write(&b, o); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	long := made(Options{Licenses: 3000, Seed: 7})
	if short := made(Options{Licenses: 1000, Seed: 7}); !strings.HasPrefix(long, short) || len(short)*2 > len(long) {
		t.Error("1,000 licenses are not the beginning of 3,000")
	}
	if long == made(Options{Licenses: 3000, Seed: 8}) || long == made(Options{Licenses: 3000, Seed: 7, Day: "2026-07-01"}) {
		t.Error("another seed or another day gives the same roster")
	}
}

// The file of a later day is the same but for rows that were changed since; what
// changed has a later day of change.
func TestLater(t *testing.T) {
	rows := func(day license.Day) (rs []roster.Row) {
		made, err := Rows(Options{Licenses: 20_000, Seed: 5, Day: day})
		if err != nil {
			t.Fatal(err)
		}
		for r := range made {
			rs = append(rs, *r)
		}
		return rs
	}
	day := func(s string) string { return s[6:10] + s[:5] }
	before := rows(DefaultDay)
	for _, x := range []struct {
		day      license.Day
		min, max int // changed rows
	}{{DefaultDay.Add(1), 1, 200}, {DefaultDay.Add(60), 300, 1500}, {DefaultDay.Add(730), 4000, 7000}} {
		now, changed := rows(x.day), 0
		if len(now) != len(before) {
			t.Fatalf("%d rows on %s, %d before", len(now), x.day, len(before))
		}
		for i, r := range now {
			if r == before[i] {
				continue
			}
			changed++
			if day(r[roster.Modified]) <= day(before[i][roster.Modified]) || day(r[roster.Modified]) > day(dayOf(x.day).text("")) {
				t.Errorf("%s: row %d was changed on %s, before on %s", x.day, i+1, r[roster.Modified], before[i][roster.Modified])
			}
		}
		if changed < x.min || changed > x.max {
			t.Errorf("%d of %d rows have changed by %s", changed, len(now), x.day)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{{}, {Licenses: -1}, {Licenses: LicensesMax + 1}, {Licenses: 1, Day: "June"}, {Licenses: 1, Day: "1999-12-31"}, {Licenses: 1, Day: "2091-01-01"}} {
		if _, err := Write(io.Discard, o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	for _, day := range []license.Day{DefaultDay, "2028-02-29", dayMax} {
		if _, err := Write(io.Discard, Options{Licenses: 2000, Seed: 3, Day: day}); err != nil {
			t.Error(err)
		}
	}
}

func TestTables(t *testing.T) {
	if len(types) != 60 || descriptionsOf != 310 {
		t.Errorf("%d types and %d descriptions, not 60 and 310", len(types), descriptionsOf)
	}
	classes, names := map[string]bool{}, map[string]bool{}
	for _, ty := range types {
		for _, d := range ty.descriptions {
			if classes[d.class] || names[d.name] || len(d.class) != 3 {
				t.Errorf("%s: class %s or the name stands twice", d.name, d.class)
			}
			classes[d.class], names[d.name] = true, true
		}
	}
	statuses := map[string]bool{active: true}
	weight := 0
	for _, w := range lapsed {
		statuses[w.text] = true
		weight += w.weight
	}
	if weight != weightOfLapsed {
		t.Errorf("weights of lapsed statuses add up to %d", weight)
	}
	acts := map[string]bool{roster.None: true}
	for _, a := range actions {
		acts[a.text] = true
	}
	for a, s := range disciplineStatus {
		statuses[s] = true
		if !acts[a] {
			t.Errorf("there is no action %s", a)
		}
	}
	if len(statuses) != 23 || len(acts) != 35 {
		t.Errorf("%d statuses and %d actions, not 23 and 35", len(statuses), len(acts))
	}
}

// What the profile of the real file counts has about its share here.
func TestRates(t *testing.T) {
	p := profile{numbers: map[string]int{}, words: map[int]map[string]int{}}
	rows, err := Rows(Options{Licenses: 50_000, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for r := range rows {
		p.add(r)
	}
	for _, x := range []struct {
		what string
		got  int
		want float64 // of all rows, as published
		off  float64 // of want, that is let pass
	}{
		{"blank numbers", p.blank(roster.Number), .01037, .15},
		{"blank titles", p.blank(roster.Title), .968, .01},
		{"blank first names", p.blank(roster.First), .0518, .1},
		{"blank last names", p.blank(roster.Last), .0517, .1},
		{"blank middle names", p.blank(roster.Middle), .546, .02},
		{"blank prefixes", p.blank(roster.Prefix), .992, .01},
		{"blank suffixes", p.blank(roster.Suffix), .923, .01},
		{"blank DBAs", p.blank(roster.DBA), .986, .01},
		{"no issue date", p.blank(roster.Issued), .00427, .2},
		{"no effective date", p.blank(roster.Effective), .0691, .05},
		{"no expiration date", p.blank(roster.Expires), .0461, .05},
		{"blank cities", p.blank(roster.City), .00155, .3},
		{"blank states", p.blank(roster.State), .0052, .2},
		{"blank ZIP codes", p.blank(roster.Zip), .00798, .2},
		{"blank counties", p.blank(roster.County), .0742, .05},
		{"blank specialties", p.words[roster.Specialty][""], .0168, .15},
		{"discipline's first days", p.rows - p.blank(roster.DisciplineStart), .0211, .15},
		{"discipline's last days", p.rows - p.blank(roster.DisciplineEnd), .0081, .2},
		{"case numbers", len(p.words[roster.Case]) - 1, .0156, .1},
		{"issues before 2000", p.before2000, .495, .02},
		{"issues in the future", p.future, .000383, .6},
		{"licenses of businesses", p.words[roster.Business]["Y"], .0518, .1},
	} {
		if got := float64(x.got) / float64(p.rows); got < x.want*(1-x.off) || got > x.want*(1+x.off) {
			t.Errorf("%s: %.5f of rows, published %.5f", x.what, got, x.want)
		}
	}
	p.checkDirt(t)
}

// A profile counts what stands in columns.
type profile struct {
	rows, before2000, future   int
	masked, withMiddle, repeat int
	twoNames                   int
	last                       string // surname of the row before
	numbers                    map[string]int
	words                      map[int]map[string]int
}

func (p *profile) add(r *roster.Row) {
	p.rows++
	for i, v := range r {
		if i == roster.ID || i == roster.BusinessName {
			continue
		}
		if p.words[i] == nil {
			p.words[i] = map[string]int{}
		}
		p.words[i][v]++
	}
	if !strings.HasPrefix(r[roster.ID], "SYNTHETIC-") {
		panic("a row does not say that it is made up")
	}
	issued := r[roster.Issued]
	if len(issued) > 10 {
		if issued[6:10] < "2000" {
			p.before2000++
		}
		if issued[6:10]+issued[:5] > "202606/30" {
			p.future++
		}
	}
	switch n := r[roster.Number]; {
	case strings.Contains(n, "*****"):
		p.masked++
	case n != "" && r[roster.Action] == roster.None:
		p.numbers[n]++
		if p.numbers[n] == 2 && p.last != r[roster.Last] {
			p.twoNames++
			p.numbers[n] = 1
		}
	}
	p.last = r[roster.Last]
	if strings.Contains(r[roster.First], " ") {
		p.withMiddle++
	}
	if r[roster.Business] == "N" && strings.HasPrefix(r[roster.BusinessName], r[roster.First]+" ") && strings.HasSuffix(r[roster.BusinessName], " MD") {
		p.repeat++
	}
}

// blank counts cells that say that there is nothing.
func (p *profile) blank(column int) int {
	w := p.words[column]
	return w[""] + w[roster.None] + w["/ /"]
}

// checkDirt looks for what has no published rate, and must not be missing.
func (p *profile) checkDirt(t *testing.T) {
	t.Helper()
	for n, times := range p.numbers {
		if times > 1 {
			t.Errorf("number %s was given out %d times", n, times)
		}
	}
	if len(p.words[roster.Type]) != 60 || len(p.words[roster.Description]) < 290 || len(p.words[roster.Status]) < 21 || len(p.words[roster.Action]) < 33 {
		t.Errorf("%d types, %d descriptions, %d statuses, %d actions", len(p.words[roster.Type]), len(p.words[roster.Description]), len(p.words[roster.Status]), len(p.words[roster.Action]))
	}
	for what, n := range map[string]int{
		"masked numbers":              p.masked,
		"numbers with two surnames":   p.twoNames,
		"middle names in first names": p.withMiddle,
		"business names with MD":      p.repeat,
		"counties that are states":    p.words[roster.County]["FLORIDA"],
		"foreign states":              p.words[roster.State]["ON"],
		"ZIP codes of zeros":          p.words[roster.Zip]["00000"],
		"days in 2099":                p.words[roster.Expires]["01/01/2099 00:00:00"],
		"days that are None":          p.words[roster.Expires][roster.None],
		"days that are / /":           p.words[roster.Expires]["/ /"],
		"days that are blank":         p.words[roster.Expires][""],
		"actions":                     p.words[roster.Action]["PROBATION"],
	} {
		if n == 0 {
			t.Errorf("there are no %s", what)
		}
	}
	if n := len(p.words[roster.City]); n < 500 {
		t.Errorf("%d spellings of cities", n)
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		rows, err := Write(io.Discard, Options{Licenses: 10_000, Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	}
}
