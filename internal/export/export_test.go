package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"licet/internal/answer"
	"licet/internal/ledgertest"
	"licet/internal/roster"
	"licet/license"
)

var officers = []string{"clerk", "director"}

// begin makes the first cursor of an export as of now.
func begin(r *ledgertest.Registry, only string) Cursor {
	p, err := Prefix(only)
	if err != nil {
		panic(err)
	}
	return Cursor{Size: r.Head().Size, Prefix: p}
}

// take takes an export in parts; between runs after each.
func take(t *testing.T, r *ledgertest.Registry, format string, at Cursor, limit int, between func()) string {
	t.Helper()
	var whole bytes.Buffer
	for {
		p, err := Write(t.Context(), Over(r), format, at, limit, nil)
		if err != nil {
			t.Fatal(err)
		}
		whole.Write(p.Body)
		if p.Next == "" {
			return whole.String()
		}
		if between != nil {
			between()
		}
		if at, err = ParseCursor(p.Next, r.Head().Origin); err != nil {
			t.Fatal(err)
		}
	}
}

// However an export is cut into parts, and whatever happens between them, it is
// what it was at its beginning.
func TestPartsAreOfOneMoment(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	for _, format := range []string{CSV, NDJSON} {
		r := ledgertest.New(t)
		var ids []string
		for i := range 12 {
			ids = append(ids, r.Issue(fmt.Sprintf("041%06d", i*7), license.Name{Family: fmt.Sprintf("Lee%d", i), Given: "Ann"}, "2026-05-31"))
		}
		r.Discipline(ids[3], license.AuthorityConditions, license.OrderDocument{Actions: []license.OrderAction{{Code: "probation"}}, Bases: []string{"F6", "A6"}}, "2026-01-10")
		r.IssueAs("us-il.barber.B-007", license.Name{Family: "Barber"}, "2027-05-31")
		at := begin(r, "")
		want := take(t, r, format, at, 100, nil)
		n := 0
		for _, limit := range []int{1, 2, 5, 13} {
			got := take(t, r, format, at, limit, func() {
				id := ids[chance.IntN(len(ids))]
				switch n++; chance.IntN(3) {
				case 0:
					r.Issue(fmt.Sprintf("041%06d", 500+n), license.Name{Family: "Later"}, "2026-05-31")
				case 1:
					r.Rename(id, r.License(id).Counts.Identity, license.Name{Family: "Renamed"}, "2026-01-10")
				default:
					r.Discipline(id, license.AuthorityBarred, license.OrderDocument{Actions: []license.OrderAction{{Code: "suspension"}}}, "2026-01-09")
				}
			})
			if got != want {
				t.Fatalf("%s in parts of %d:\n%s\nis not, as at its beginning:\n%s", format, limit, got, want)
			}
		}
		if now := take(t, r, format, begin(r, ""), 100, nil); now == want || !strings.Contains(now, "Later") {
			t.Errorf("%s: a new export is the old one", format)
		}
	}
}

// What is sealed while an export is under way is in none of the parts that follow.
func TestSealedMeanwhile(t *testing.T) {
	r := ledgertest.New(t)
	first := r.Issue("041000001", license.Name{Family: "Lee"}, "2026-05-31")
	id := r.Issue("041000002", license.Name{Family: "Kim"}, "2026-05-31")
	order := r.Discipline(id, license.AuthorityNone, license.OrderDocument{Actions: []license.OrderAction{{Code: "reprimand"}}, Text: "Secret."}, "2026-01-10")
	r.Clock = r.Clock.AddDate(0, 0, 3)
	r.Rename(first, r.License(first).Counts.Identity, license.Name{Family: "Lim"}, "2026-01-13")
	at := begin(r, "")
	if whole := take(t, r, NDJSON, at, 100, nil); !strings.Contains(whole, order) || !strings.Contains(whole, "Secret.") {
		t.Fatalf("before the seal: %s", whole)
	}
	got := take(t, r, NDJSON, at, 1, func() {
		r.Act(nil, officers, &license.LicenseSeal{License: id, Order: order, Count: r.License(id).Orders[0].Count})
	})
	if strings.Contains(got, order) || strings.Contains(got, "Secret.") || strings.Contains(got, "reprimand") || !strings.Contains(got, "Kim") {
		t.Errorf("a sealed order is exported: %s", got)
	}
}

// What only the board may see stays out; what a spreadsheet would run is guarded
// in comma-separated values, and nothing else is.
func TestCells(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", license.Name{Family: "=HYPERLINK(\"x\")", Given: "@a", Middle: "O'Neil, Jr"}, "2026-05-31")
	street, ref := r.Opening(license.OpeningStreet, []byte("1 Hidden Street"))
	r.Act([]license.Opening{street}, []string{"clerk"}, &license.LicenseAmend{
		License: id, Count: r.License(id).Counts.Identity, From: "2026-01-10", Openings: []license.OpeningRef{ref},
	})
	lines, err := csv.NewReader(strings.NewReader(take(t, r, CSV, begin(r, ""), 10, nil))).ReadAll()
	if err != nil || len(lines) != 2 || !slices.Equal(lines[0], roster.Columns) {
		t.Fatalf("%v, %q", err, lines)
	}
	got := lines[1]
	for column, want := range map[int]string{
		roster.ID: id, roster.Last: "'=HYPERLINK(\"x\")", roster.First: "'@a", roster.Middle: "O'Neil, Jr", roster.Number: "041000001",
		roster.Status: "ACTIVE", roster.City: "Springfield", roster.Issued: "06/01/2020 00:00:00", roster.Effective: "06/01/2024 00:00:00",
		roster.Expires: "05/31/2026 00:00:00", roster.Disciplined: "N", roster.Modified: "01/10/2026 00:00:00", roster.Business: "N",
	} {
		if got[column] != want {
			t.Errorf("%s: %q, not %q", roster.Columns[column], got[column], want)
		}
	}
	raw := take(t, r, NDJSON, begin(r, ""), 10, nil)
	var o struct {
		Name struct{ Family, Given string }
	}
	if err := json.Unmarshal([]byte(strings.Split(raw, "\n")[1]), &o); err != nil || o.Name.Family != "=HYPERLINK(\"x\")" || o.Name.Given != "@a" {
		t.Errorf("%v: %+v", err, o)
	}
	if strings.Contains(raw, "Hidden") || strings.Contains(strings.Join(got, ","), "Hidden") {
		t.Error("a street that only the board may see is exported")
	}
}

// Each order has a row, and the status is one word.
func TestOrders(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", license.Name{Family: "Lee"}, "2026-05-31")
	one := r.Discipline(id, license.AuthorityConditions, license.OrderDocument{Actions: []license.OrderAction{{Code: "probation"}}, Bases: []string{"F6", "A6"}}, "2026-01-09")
	two := r.Discipline(id, license.AuthorityNone, license.OrderDocument{Actions: []license.OrderAction{{Code: "fine"}}}, "2026-01-10")
	lines, err := csv.NewReader(strings.NewReader(take(t, r, CSV, begin(r, "us-il.nurse"), 10, nil))).ReadAll()
	if err != nil || len(lines) != 3 {
		t.Fatalf("%v, %q", err, lines)
	}
	for i, want := range [][]string{{one, "PROBATION", "01/09/2026 00:00:00", "F6; A6"}, {two, "FINE", "01/10/2026 00:00:00", "None"}} {
		l := lines[i+1]
		if got := []string{l[roster.Case], l[roster.Action], l[roster.DisciplineStart], l[roster.DisciplineReason]}; !slices.Equal(got, want) {
			t.Errorf("order %d: %q, not %q", i+1, got, want)
		}
		if l[roster.Status] != "PROBATION" || l[roster.Disciplined] != "Y" {
			t.Errorf("status %q, disciplined %q", l[roster.Status], l[roster.Disciplined])
		}
	}
}

// A part with long documents ends before its limit, and the whole is whole.
func TestLongDocuments(t *testing.T) {
	r := ledgertest.New(t)
	const licenses = 100
	for i := range licenses {
		id := r.Issue(fmt.Sprintf("041%06d", i), license.Name{Family: "Lee"}, "2026-05-31")
		r.Discipline(id, license.AuthorityNone, license.OrderDocument{Text: strings.Repeat("x", 60<<10), Actions: []license.OrderAction{{Code: "fine"}}}, "2026-01-09")
	}
	p, err := Write(t.Context(), Over(r), NDJSON, begin(r, ""), LimitMax, nil)
	if err != nil || p.Next == "" || len(p.Body) > 5<<20 {
		t.Fatalf("a part of %d licenses has %d bytes, %v", p.Licenses, len(p.Body), err)
	}
	whole := take(t, r, NDJSON, begin(r, ""), LimitMax, nil)
	if n := strings.Count(whole, `"number":`); n != licenses || !strings.HasSuffix(whole, "{\"end\":true,\"licenses\":100}\n") {
		t.Errorf("%d licenses in all", n)
	}
}

func TestOnly(t *testing.T) {
	r := ledgertest.New(t)
	r.Issue("041000001", license.Name{Family: "Lee"}, "2026-05-31")
	r.IssueAs("us-il.barber.B-007", license.Name{Family: "Barber"}, "2027-05-31")
	for only, want := range map[string]int{"": 2, "us-il": 2, "us-il.nurse": 1, "us-il.barber": 1, "us-il.pilot": 0, "us-wi": 0, "us": 0} {
		got := strings.Count(take(t, r, NDJSON, begin(r, only), 1, nil), `"number":`)
		if got != want {
			t.Errorf("only %q: %d licenses, not %d", only, got, want)
		}
	}
	for _, no := range []string{"us il", ".", "us-il.", ".nurse", "us-il.nurse.041000001", "US-IL", "a\x00b"} {
		if p, err := Prefix(no); err == nil {
			t.Errorf("%q is taken as %q", no, p)
		}
	}
}

func TestWrongCursors(t *testing.T) {
	r := ledgertest.New(t)
	r.Issue("041000001", license.Name{Family: "Lee"}, "2026-05-31")
	for _, size := range []int64{0, r.Head().Size - 1, r.Head().Size + 1} { // none, in a block, not yet
		var p *answer.Problem
		if _, err := Write(context.Background(), Over(r), CSV, Cursor{Size: size}, 10, nil); !errors.As(err, &p) || p.Code != "bad-cursor" {
			t.Errorf("an export of %d entries: %v", size, err)
		}
	}
	c := Cursor{Origin: "another", Size: 1, After: "x"}.String()
	if _, err := ParseCursor(c, r.Head().Origin); err == nil {
		t.Error("a cursor of another network is taken")
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add(Cursor{Origin: "o", Size: 7, Count: 3, Prefix: "us-il.", After: "us-il.nurse.1"}.String())
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCursor(s, "o")
		if err != nil {
			return
		}
		if back, err := ParseCursor(c.String(), "o"); err != nil || back != c {
			t.Errorf("%+v is written %q and read %+v, %v", c, c.String(), back, err)
		}
	})
}

func BenchmarkExport(b *testing.B) {
	r := ledgertest.New(b)
	const licenses = 1000
	for i := range licenses {
		r.Issue(fmt.Sprintf("041%06d", i), license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	}
	for _, format := range []string{CSV, NDJSON} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				if _, err := Write(b.Context(), Over(r), format, begin(r, ""), LimitMax, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*licenses/b.Elapsed().Seconds(), "licenses/s")
		})
	}
}
