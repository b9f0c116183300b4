package lookup

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"licet/internal/ledgertest"
	"licet/license"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"José GARCÍA": "jose garcia", "O’Brien": "obrien", "Smith-Jones": "smith jones", "  a   b ": "a b", "a  b": "a b", "Łódź": "lodz",
		"Straße": "strasse", "\u202eevil\u202c": "evil", "zero\u200bwidth": "zerowidth", "ﬁne": "fine", "Ⅷ": "viii", "...": "", "": "",
		"山田 太郎": "山田 太郎", "\xff\xfe": "", "Ann\x00Lee": "ann lee", strings.Repeat("x", 10_000): strings.Repeat("x", foldedMax),
		strings.Repeat("é ", 10_000): strings.TrimSpace(strings.Repeat("e ", foldedMax/2)),
	} {
		if got := fold(in); got != want {
			t.Errorf("fold(%.40q) = %.40q, not %.40q", in, got, want)
		}
	}
}

// Folding twice changes nothing, and what is folded is short and clean.
func TestFoldProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := fold(rapid.String().Draw(t, "name"))
		if fold(f) != f || len(f) > foldedMax || strings.ContainsAny(f, "\x1f@/!+-") || strings.Contains(f, "  ") || strings.TrimSpace(f) != f {
			t.Fatalf("%q folds on to %q", f, fold(f))
		}
	})
}

func TestLooseNumber(t *testing.T) {
	for in, want := range map[string]string{
		"041.000001": "41000001", "41-000-001": "41000001", " rn 00123": "RN123", "RN-123": "RN123", "000": "0", "0": "0", "--": "", "B-0A0": "BA0", "é12": "12",
	} {
		if got := LooseNumber(in); got != want {
			t.Errorf("LooseNumber(%q) = %q, not %q", in, got, want)
		}
	}
}

func neighbors(a string) (out []string) {
	for i := range len(a) + 1 {
		for _, c := range "abc" {
			out = append(out, a[:i]+string(c)+a[i:])
			if i < len(a) {
				out = append(out, a[:i]+string(c)+a[i+1:])
			}
		}
		if i < len(a) {
			out = append(out, a[:i]+a[i+1:])
		}
		if i+1 < len(a) {
			out = append(out, a[:i]+a[i+1:i+2]+a[i:i+1]+a[i+2:])
		}
	}
	return out
}

// Every word with one letter wrong finds the word.
func TestNear(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", license.Name{Family: "Abcabc", Given: "Zoë"}, "")
	r.Issue("041000002", license.Name{Family: "Lee", Given: "Ann"}, "")
	l := openOn(t, t.TempDir(), r)
	for _, n := range neighbors("abcabc") {
		if got := ids(t, l, Query{Name: n + " zoe"}); !reflect.DeepEqual(got, []string{id}) {
			t.Errorf("%q finds %v", n, got)
		}
	}
}

// crowd is a registry in which names, cities, numbers and professions repeat.
func crowd(t *testing.T) (*ledgertest.Registry, []string) {
	t.Helper()
	r := ledgertest.New(t)
	r.Act(nil, []string{"root"}, &license.BoardAmend{
		Board: "us-il", Count: 1, Name: "Illinois",
		Audiences: []license.Audience{{Kind: "city", Who: "public"}, {Kind: "name", Who: "public"}, {Kind: "npi", Who: "public"}, {Kind: "order", Who: "public"}},
	})
	var all []string
	for i, who := range []struct{ given, family, city, npi string }{
		{"John", "Smith", "Chicago", "1234567893"},
		{"John", "Smith", "Peoria", ""},
		{"John", "Smyth", "Chicago", ""},
		{"Johanna", "Smithers", "CHICAGO", "1245319599"},
		{"Smith", "Johnson", "St. Louis", ""},
		{"Ann", "Lee", "", "1234567893"},
	} {
		id := fmt.Sprintf("us-il.nurse.04100000%d", i)
		if i%2 == 1 {
			id = fmt.Sprintf("us-il.barber.006.04100%d", i)
		}
		var os []license.Opening
		var refs []license.OpeningRef
		add := func(kind string, v any) {
			o, ref := r.Opening(kind, v)
			os, refs = append(os, o), append(refs, ref)
		}
		add(license.OpeningName, license.Name{Family: who.family, Given: who.given})
		if who.city != "" {
			add(license.OpeningCity, []byte(who.city))
		}
		if who.npi != "" {
			add(license.OpeningNPI, []byte(who.npi))
		}
		r.Act(os, []string{"clerk"}, &license.LicenseIssue{
			License: id, Licensee: r.ID(), Subject: license.SubjectPerson, Issued: "2020-06-01", From: "2024-06-01", Through: license.Day(fmt.Sprintf("20%d-05-31", 25+i)), Openings: refs,
		})
		all = append(all, id)
	}
	return r, all
}

func TestCombinations(t *testing.T) {
	r, all := crowd(t)
	r.Discipline(all[1], license.AuthorityBarred, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "revocation"}}}, "2026-01-20")
	stayed := r.Discipline(all[2], license.AuthorityConditions, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "probation"}}}, "2026-01-10")
	r.Act(nil, officers, &license.LicenseStay{License: all[2], Order: stayed, Count: 1, From: "2026-02-01"})
	r.Act(nil, []string{"clerk"}, &license.LicenseSurrender{License: all[3], Count: r.License(all[3]).Counts.Term, From: "2026-03-01"})
	l := openOn(t, t.TempDir(), r)
	for _, c := range []struct {
		q    Query
		want []int
	}{
		{Query{Name: "john smith"}, []int{0, 1, 4}},
		{Query{Name: "john smith", City: "chicago"}, []int{0}},
		{Query{Name: "joh smi", Profession: "barber"}, []int{1, 3}},
		{Query{Name: "joh", City: "Chicágo", Profession: "us-il.nurse"}, []int{0, 2}},
		{Query{City: "CHICAGO"}, []int{0, 3, 2}},
		{Query{City: "st louis"}, []int{4}},
		{Query{City: "chic"}, nil},
		{Query{NPI: "1234567893"}, []int{0, 5}},
		{Query{NPI: " 1234-567-893"}, []int{0, 5}},
		{Query{NPI: "1234567893", Name: "lee"}, []int{5}},
		{Query{NPI: "1245319599"}, []int{3}},
		{Query{Number: "41000000"}, []int{0}},
		{Query{Number: "41000000", Name: "lee"}, nil},
		{Query{Profession: "us-wi.nurse"}, nil},
		{Query{Profession: "nurse", Jurisdiction: "us-il"}, []int{4, 0, 2}},
		{Query{Profession: "nurse", Jurisdiction: "us-wi"}, nil},
		{Query{Jurisdiction: "us-wi"}, nil},
		{Query{Jurisdiction: "us-il", Name: "smith"}, []int{4, 0, 1, 3}},
		{Query{Status: []string{"revocation"}, On: "2026-01-19"}, nil},
		{Query{Status: []string{"revocation"}, On: "2026-01-20"}, []int{1}},
		{Query{Status: []string{"probation"}, On: "2026-01-31"}, []int{2}},
		{Query{Status: []string{"probation"}, On: "2026-02-01"}, nil},
		{Query{Status: []string{"stayed", "probation"}, On: "2026-02-01"}, []int{2}},
		{Query{Status: []string{"surrendered", "revocation"}, On: "2026-03-01"}, []int{1, 3}},
		{Query{Status: []string{"active"}, On: "2026-02-15", Name: "smith"}, []int{4, 3}},
		{Query{Status: []string{"active"}, On: "2024-05-31"}, nil},
		{Query{Status: []string{"not-begun"}, On: "2024-05-31", City: "peoria"}, []int{1}},
		{Query{Status: []string{"may-practice"}, On: "2026-02-15", City: "peoria"}, nil},
		{Query{ID: all[4], City: "chicago"}, nil},
		{Query{}, []int{5, 1, 3, 4, 0, 2}},
	} {
		var want []string
		for _, i := range c.want {
			want = append(want, all[i])
		}
		if got := ids(t, l, c.q); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v: %v, not %v", c.q, got, want)
		}
	}
}

// Pages hold every license once, however small they are and however little may be
// looked at for one of them; blocks that arrive meanwhile take none away.
func TestPagesWhileBlocksArrive(t *testing.T) {
	for _, q := range []Query{
		{Name: "smi"},
		{Name: "joh smi"},
		{Name: "smoth"}, // near: Smith and Smyth
		{City: "chicago"},
		{Status: []string{"active"}, On: "2026-01-10"},
		{Name: "smi", Status: []string{"active"}, On: "2026-01-10"},
		{Profession: "barber"},
		{Jurisdiction: "us-il"},
	} {
		for _, examined := range []int64{joinedCost, 10, 12_000} {
			r, _ := crowd(t)
			l := openOn(t, t.TempDir(), r)
			want := map[string]bool{}
			for _, id := range ids(t, l, q) {
				want[id] = true
			}
			l.bounds.examined = examined
			seen := map[string]int{}
			asked := q
			asked.Limit = 1
			for page := 0; page < 200; page++ {
				p, err := l.Search(t.Context(), asked)
				if err != nil {
					t.Fatalf("%+v: %v", q, err)
				}
				for _, row := range p.Rows {
					seen[row.ID]++
				}
				if page < 6 { // newcomers on every side of the cursor
					r.Issue(fmt.Sprintf("0412000%02d", page), license.Name{Family: []string{"Aaa", "Smith", "Zzz"}[page%3], Given: "John"}, "2027-05-31")
					catchUp(t, l)
				}
				if asked.Cursor = p.Next; p.Next == "" {
					break
				}
			}
			for id, n := range seen {
				if n != 1 {
					t.Errorf("%+v, %d: %s is on %d pages", q, examined, id, n)
				}
				delete(want, id)
			}
			if len(want) > 0 {
				t.Errorf("%+v, %d: %v on no page", q, examined, want)
			}
		}
	}
}

// A count that stops says so.
func TestAtLeast(t *testing.T) {
	r, _ := crowd(t)
	l := openOn(t, t.TempDir(), r)
	l.bounds.counted = 3
	p, err := l.Search(t.Context(), Query{Name: "smi", Limit: 2})
	if err != nil || p.Total != 3 || !p.AtLeast || len(p.Rows) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	q := Query{Name: "smi", Limit: 2, Cursor: p.Next}
	if p, err = l.Search(t.Context(), q); err != nil || p.Total != 3 || !p.AtLeast {
		t.Errorf("the second page: %+v, %v", p, err)
	}
	if p, err := l.Search(t.Context(), Query{Name: "nobody"}); err != nil || p.Match != MatchWritten || p.Total != 0 {
		t.Errorf("nobody: %+v, %v", p, err)
	}
	var qe *QueryError
	q.Name = "lee"
	if _, err := l.Search(t.Context(), q); !errors.As(err, &qe) || qe.Code != "cursor" {
		t.Errorf("a cursor of another search: %v", err)
	}
}

// No search reads a table from end to end: every statement of every search that
// can be formed goes by an index, as SQLite itself says.
func TestQueryPlans(t *testing.T) {
	r, _ := crowd(t)
	l := openOn(t, t.TempDir(), r)
	l.bounds = bounds{examined: 9, counted: 2} // so that also the statements come that look where a page stopped
	texts := map[string]bool{}
	fields := [][]func(*Query){
		{func(q *Query) { q.ID = "us-il.nurse.041000000" }},
		{func(q *Query) { q.Number = "41000000" }},
		{func(q *Query) { q.NPI = "1234567893" }},
		{func(q *Query) { q.City = "chicago" }},
		{func(q *Query) { q.Profession = "us-il.nurse" }, func(q *Query) { q.Profession = "nurse" }},
		{func(q *Query) { q.Jurisdiction = "us-il" }, func(q *Query) { q.Jurisdiction = "us-wi" }},
		{
			func(q *Query) { q.Status, q.On = []string{"active"}, "2026-01-10" },
			func(q *Query) { q.Status, q.On = []string{"revocation", "surrendered"}, "2026-01-10" },
		},
		{
			func(q *Query) { q.Name = "john" },
			func(q *Query) { q.Name = "john smith" },
			func(q *Query) { q.Name = "ohn mith" },   // inside words
			func(q *Query) { q.Name = "jphn smath" }, // near
		},
	}
	queries := []Query{{Limit: 1}}
	for _, field := range fields {
		for _, q := range queries {
			for _, set := range field {
				with := q
				set(&with)
				queries = append(queries, with)
			}
		}
	}
	for _, q := range queries {
		for range 3 {
			p, err := l.Search(t.Context(), q)
			if err != nil {
				t.Fatalf("%+v: %v", q, err)
			}
			if q.Cursor = p.Next; p.Next == "" {
				break
			}
		}
		collect(l, texts)
	}
	t.Logf("%d searches, %d statements", len(queries), len(texts))
	if len(texts) < 100 {
		t.Fatalf("only %d statements were seen", len(texts))
	}
	if scans(t, l, "SELECT key FROM licenses WHERE city = ?") == "" || scans(t, l, "SELECT key FROM licenses WHERE loose = ? ORDER BY city") == "" {
		t.Error("a scan or a sort is not seen")
	}
	for text := range texts {
		if bad := scans(t, l, text); bad != "" {
			t.Errorf("%s\n%s", text, bad)
		}
	}
}

// collect notes the statements that the readers keep.
func collect(l *Lookup, into map[string]bool) {
	for range readersMax {
		s := <-l.readers
		for text := range s.made {
			into[text] = true
		}
		l.readers <- s
	}
}

// scans returns the plan of a statement that reads a whole table, or sorts.
func scans(t *testing.T, l *Lookup, text string) string {
	t.Helper()
	if text == "BEGIN" || text == "COMMIT" {
		return ""
	}
	args := make([]any, strings.Count(text, "?"))
	rows, err := l.write.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	var plan []string
	bad := false
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
		switch {
		case detail == "SCAN p", detail == "SCAN (subquery-1)", detail == "SCAN position", detail == "SCAN CONSTANT ROW":
			// What another line's SEARCH hands on, a table of one row, no table.
		case strings.HasPrefix(detail, "SCAN"), strings.Contains(detail, "TEMP B-TREE") && !strings.Contains(detail, "DISTINCT"):
			bad = true
		}
	}
	if bad {
		return strings.Join(plan, "\n")
	}
	return ""
}

// An organization is found by its legal name and by what it does business as,
// and a name of any length or script does no harm.
func TestOtherNames(t *testing.T) {
	r := ledgertest.New(t)
	org := r.Issue("041000001", license.Name{Legal: "Prairie Assets LLC", DBA: "CoinCorner"}, "")
	long := r.Issue("041000002", license.Name{Family: strings.Repeat("many words ", 900), Given: "Ann"}, "")
	han := r.Issue("041000003", license.Name{Family: "山田", Given: "太郎"}, "")
	odd := r.Issue("041000004", license.Name{Family: "\u202e\u200b\x1fO’\u200dNeil%_\"'; DROP TABLE licenses", Given: "@/!"}, "")
	empty := r.Issue("041000005", license.Name{Family: "\u200b"}, "")
	l := openOn(t, t.TempDir(), r)
	for name, want := range map[string][]string{
		"prairie": {org}, "coincorner": {org}, "corner": {org}, "coin corner": {org}, "prairie coincorner": nil, "doing business": nil,
		"many words": {long}, "山田": {han}, "太": {han}, "oneil": {odd}, "DROP TABLE": {odd}, "drop%": {odd},
	} {
		if got := ids(t, l, Query{Name: name}); !reflect.DeepEqual(got, want) {
			t.Errorf("name %q: %v, not %v", name, got, want)
		}
	}
	if got := ids(t, l, Query{}); len(got) != 5 || got[0] != empty {
		t.Errorf("all: %v", got)
	}
}

// Searches that may look at much wait their turn, and no longer line forms; what
// is asked by number never waits for them, and nobody waits for another's line.
func TestGate(t *testing.T) {
	r, all := crowd(t)
	l := openOn(t, t.TempDir(), r)
	var inside int
	for l.gate.free > 0 {
		if err := l.gate.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		inside++
	}
	if got := ids(t, l, Query{Number: "41000000"}); !reflect.DeepEqual(got, all[:1]) {
		t.Errorf("by number: %v", got)
	}
	flood, other := AskedBy(t.Context(), "flood"), AskedBy(t.Context(), "other")
	ended := make(chan string, 2*waitingMaxEach)
	search := func(ctx context.Context) {
		if _, err := l.Search(ctx, Query{Name: "smith"}); err != nil {
			t.Error(err)
		}
		ended <- askerOf(ctx)
	}
	for range waitingMaxEach {
		go search(flood)
	}
	wait(l.gate, waitingMaxEach)
	if _, err := l.Search(flood, Query{Name: "smith"}); !errors.Is(err, ErrBusy) {
		t.Errorf("one too many: %v", err)
	}
	go search(other)
	wait(l.gate, waitingMaxEach+1)
	gone, cancel := context.WithCancel(flood)
	cancel()
	if _, err := l.Search(AskedBy(gone, "gone"), Query{Name: "smith"}); !errors.Is(err, context.Canceled) {
		t.Errorf("one who left: %v", err)
	}
	for range inside {
		l.gate.leave()
	}
	var order []string
	for range waitingMaxEach + 1 {
		order = append(order, <-ended)
	}
	// The other came last, behind the whole flood. How soon those who were let in
	// together end is chance; that is a handful.
	if at := slices.Index(order, "other"); at > 2+2*inside {
		t.Errorf("the other waited for %d of the flood", at)
	}
	if g := l.gate; g.free != inside || g.total != 0 || len(g.turns) != 0 || len(g.waiting) != 0 {
		t.Errorf("left behind: %+v", g)
	}
}

// wait returns when so many searches wait.
func wait(g *gate, n int) {
	for {
		g.mu.Lock()
		total := g.total
		g.mu.Unlock()
		if total == n {
			return
		}
		runtime.Gosched()
	}
}

// Whoever goes away in the middle of a search leaves nothing behind that stops the
// next one.
func TestAskersWhoLeave(t *testing.T) {
	r, all := crowd(t)
	l := openOn(t, t.TempDir(), r)
	left := 0
	for i := range 400 {
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan struct{})
		go func() {
			for range i % 40 {
				runtime.Gosched()
			}
			cancel()
			close(gone)
		}()
		if _, err := l.Search(ctx, Query{Name: "jphn smath", City: "chicago"}); err != nil {
			left++
			if !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "interrupted") {
				t.Fatal(err)
			}
		}
		<-gone
	}
	t.Logf("%d left", left)
	if left == 0 {
		t.Error("nobody left in time")
	}
	for range 3 * readersMax { // all of them, in turn
		if got := ids(t, l, Query{Name: "smyth"}); len(got) == 0 || got[0] != all[2] {
			t.Fatalf("afterwards: %v", got)
		}
	}
	if len(l.readers) != readersMax || l.gate.total != 0 {
		t.Errorf("%d sessions are free, %d searches wait", len(l.readers), l.gate.total)
	}
}
