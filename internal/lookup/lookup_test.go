package lookup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"licet/internal/ledgertest"
	"licet/license"
)

var officers = []string{"clerk", "director"}

func openOn(t *testing.T, dir string, r *ledgertest.Registry) *Lookup {
	t.Helper()
	l, err := Open(dir, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	catchUp(t, l)
	return l
}

func catchUp(t *testing.T, l *Lookup) {
	t.Helper()
	if err := l.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ids searches and returns what was found, in order.
func ids(t *testing.T, l *Lookup, q Query) (out []string) {
	t.Helper()
	p, err := l.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	for _, r := range p.Rows {
		out = append(out, r.ID)
	}
	if int(p.Total) != len(out) && p.Next == "" && q.Cursor == "" {
		t.Errorf("%+v: %d rows, total %d", q, len(out), p.Total)
	}
	return out
}

func TestSearchByNumber(t *testing.T) {
	r := ledgertest.New(t)
	nurse := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	r.IssueAs("us-il.barber.006.041001", license.Name{Family: "Ray", Given: "Bo"}, "")
	r.IssueAs("us-il.barber.B-123", license.Name{Family: "Poe", Given: "Cy"}, "2027-01-31")
	l := openOn(t, t.TempDir(), r)
	for number, want := range map[string][]string{
		"041000001": {nurse}, "041-000-001": {nurse}, " 041 000001 ": {nurse}, "41000001": {nurse}, "41.000.001": {nurse}, "00041000001": {nurse}, "1000001": nil,
		"006041001": {"us-il.barber.006.041001"}, "006.041-001": {"us-il.barber.006.041001"},
		"6041001": {"us-il.barber.006.041001"},
		"b123":    {"us-il.barber.B-123"}, "B 123": {"us-il.barber.B-123"}, "b-00123": {"us-il.barber.B-123"}, "123": nil,
	} {
		if got := ids(t, l, Query{Number: number}); !reflect.DeepEqual(got, want) {
			t.Errorf("number %q: %v, not %v", number, got, want)
		}
	}
	p, err := l.Search(t.Context(), Query{ID: nurse})
	want := []Row{{
		ID: nurse, Board: "us-il", Profession: "nurse", Number: "041000001", Name: "Ann Lee", City: "Springfield",
		Issued: "2020-06-01", Through: "2026-05-31",
	}}
	if err != nil || !reflect.DeepEqual(p.Rows, want) || p.Total != 1 {
		t.Errorf("by id: %+v, %v", p, err)
	}
	if h := r.Head(); p.At != (Position{h.Size, h.Height, h.Time}) {
		t.Errorf("the answer is of %+v, the log of %+v", p.At, h)
	}
	if got := ids(t, l, Query{Profession: "barber", Jurisdiction: "us-il"}); len(got) != 2 {
		t.Errorf("barbers: %v", got)
	}
	if got := ids(t, l, Query{}); len(got) != 3 {
		t.Errorf("all: %v", got)
	}
	if got := ids(t, l, Query{Profession: "us-wi.barber"}); got != nil {
		t.Errorf("barbers of another board: %v", got)
	}
}

func TestSearchByName(t *testing.T) {
	r := ledgertest.New(t)
	garcia := r.Issue("041000001", license.Name{Family: "García Ñúñez", Given: "José"}, "2026-05-31")
	obrien := r.Issue("041000002", license.Name{Family: "O’Brien", Given: "Zoë", Middle: "Łucja"}, "2026-05-31")
	smith := r.Issue("041000003", license.Name{Family: "Smith-Jones", Given: "Mary", Suffix: "Jr."}, "2026-05-31")
	r.Rename(smith, r.License(smith).Counts.Identity, license.Name{Family: "Jones", Given: "Mary"}, "2026-01-10")
	l := openOn(t, t.TempDir(), r)
	for name, want := range map[string][]string{
		"garcia": {garcia}, "GARCÍA": {garcia}, "nunez jose": {garcia}, "gar jos": {garcia},
		"o'brien": {obrien}, "OBRIEN": {obrien}, "brien": {obrien}, "zoe lucja": {obrien},
		"smith": {smith}, "smith-jones": {smith}, "jon mar": {smith}, "jones": {smith},
		"jones jose": nil, "garcia mary": nil, "xyz": nil,
		"rien": {obrien}, "ie": nil, // a part inside a word needs three letters
		"garzia": {garcia}, "gacria jose": {garcia}, "garciaa": {garcia}, "grcia": {garcia}, "jose nunes": {garcia}, "garzia mary": nil,
		"gaxxia": nil, "jon": {smith}, "lee": nil,
	} {
		if got := ids(t, l, Query{Name: name}); !reflect.DeepEqual(got, want) {
			t.Errorf("name %q: %v, not %v", name, got, want)
		}
	}
	p, err := l.Search(t.Context(), Query{Name: "smith"})
	if err != nil || p.Rows[0].Name != "Mary Jones" || !reflect.DeepEqual(p.Rows[0].Others, []string{"Mary Smith-Jones Jr."}) {
		t.Errorf("a former name: %+v, %v", p, err)
	}
	for name, way := range map[string]string{"garcia": MatchWritten, "arci": MatchPart, "garzia": MatchNear} {
		if p, err := l.Search(t.Context(), Query{Name: name}); err != nil || p.Match != way || p.Total != 1 {
			t.Errorf("%q was found as %q: %+v, %v", name, p.Match, p, err)
		}
	}
	for _, q := range []Query{
		{Number: "--"},
		{Name: "..."},
		{Name: "a b c d e f g h i"},
		{Name: strings.Repeat("a", TextMax+1)},
		{City: "?"},
		{NPI: "1234567890"},
		{Status: []string{"active"}},
		{Number: "1", Limit: -1},
		{Number: "1", Limit: 101},
		{Number: "1", Cursor: "!"},
		{Number: "1", Cursor: "YWJj"},
	} {
		var qe *QueryError
		if _, err := l.Search(t.Context(), q); !errors.As(err, &qe) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// Pages hold every row once, in the order of names, whatever their size.
func TestPaging(t *testing.T) {
	r := ledgertest.New(t)
	var all []string
	for i := range 7 {
		all = append(all, r.Issue(fmt.Sprintf("0410000%02d", i), license.Name{Family: "Lee", Given: string(rune('A' + i/2))}, ""))
	}
	l := openOn(t, t.TempDir(), r)
	for limit := 1; limit <= 8; limit++ {
		var got []string
		q := Query{Name: "lee", Limit: limit}
		for {
			p, err := l.Search(t.Context(), q)
			if err != nil || p.Total != 7 {
				t.Fatalf("limit %d: total %d, %v", limit, p.Total, err)
			}
			for _, row := range p.Rows {
				got = append(got, row.ID)
			}
			if q.Cursor = p.Next; q.Cursor == "" {
				break
			}
		}
		if !reflect.DeepEqual(got, all) {
			t.Errorf("limit %d: %v", limit, got)
		}
	}
}

// dump writes all that searches read, without the keys.
func dump(t *testing.T, l *Lookup) string {
	t.Helper()
	var b bytes.Buffer
	for _, q := range []string{
		`SELECT concat_ws('|', key, id, board, jurisdiction, profession, number, loose, name, others, names, city, npi, issued, through, copied, filed, spans) FROM licenses ORDER BY key`,
		`SELECT concat_ws('|', term, names, license) FROM postings ORDER BY 1`,
		`SELECT concat_ws('|', form, word) FROM forms ORDER BY 1`,
		`SELECT concat_ws('|', id, board, code, jurisdiction) FROM professions ORDER BY 1`,
		`SELECT concat_ws('|', profession, day, licenses) FROM files ORDER BY 1`,
		`SELECT concat_ws('|', contract, board, month, changes) FROM deeds ORDER BY 1`,
		`SELECT origin || size || root || block || time || scrub FROM position`,
	} {
		rows, err := l.write.conn.QueryContext(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&b, s)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// A copy that followed block by block and one that is made at the end are the same.
func TestRebuild(t *testing.T) {
	r := ledgertest.New(t)
	dir := t.TempDir()
	l := openOn(t, dir, r)
	for i := range 5 {
		id := r.Issue(fmt.Sprintf("04100000%d", i), license.Name{Family: "Lee", Given: fmt.Sprintf("Ann%d", i)}, "2026-05-31")
		catchUp(t, l)
		r.Rename(id, r.License(id).Counts.Identity, license.Name{Family: "Kim", Given: "Ann"}, "2026-01-10")
		catchUp(t, l)
		if i%2 == 0 {
			es := r.Entries(id)
			r.Act(nil, officers, &license.LicenseVoid{License: id, Entries: []license.Hash{es[i%2].Hash}})
			catchUp(t, l)
		}
	}
	want := dump(t, l)
	if got := dump(t, openOn(t, t.TempDir(), r)); got != want {
		t.Errorf("rebuilt:\n%s\nfollowed:\n%s", got, want)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = openOn(t, dir, r)
	if got := dump(t, l); got != want {
		t.Errorf("opened again:\n%s\nbefore:\n%s", got, want)
	}
	// A word goes over from one name to the next, in a program that has not met it.
	id := r.Issue("041000009", license.Name{Family: "Querfurth", Given: "Ann"}, "")
	catchUp(t, l)
	_ = l.Close()
	l = openOn(t, dir, r)
	r.Rename(id, r.License(id).Counts.Identity, license.Name{Family: "Querfurth", Given: "Eva"}, "2026-01-10")
	r.Act(nil, officers, &license.LicenseVoid{License: id, Entries: []license.Hash{r.Entries(id)[0].Hash}})
	catchUp(t, l)
	if got, want := dump(t, l), dump(t, openOn(t, t.TempDir(), r)); got != want {
		t.Errorf("gone on:\n%s\nrebuilt:\n%s", got, want)
	}
}

// A damaged copy is dropped, and so is one of another network or of a log that
// this one does not begin with.
func TestDropped(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	l := openOn(t, dir, r)
	if got := ids(t, l, Query{ID: id}); len(got) != 1 {
		t.Errorf("after damage: %v", got)
	}
	_ = l.Close()

	other := ledgertest.NewNamed(t, "test/other")
	l = openOn(t, dir, other)
	if got := ids(t, l, Query{ID: id}); got != nil {
		t.Errorf("of another network: %v", got)
	}
	_ = l.Close()

	shorter := ledgertest.NewNamed(t, "test/other")
	other.Issue("041000009", license.Name{Family: "Ray"}, "")
	l = openOn(t, dir, other)
	_ = l.Close()
	l = openOn(t, dir, shorter)
	if got := ids(t, l, Query{Name: "ray"}); got != nil || l.Position().Size != shorter.Head().Size {
		t.Errorf("of a longer log: %v at %+v", got, l.Position())
	}
}

// A copy of another edition of the tables is dropped, and made anew.
func TestEdition(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "")
	dir := t.TempDir()
	l := openOn(t, dir, r)
	want := dump(t, l)
	for _, wrong := range []string{fmt.Sprintf("PRAGMA user_version = %d", edition-1), fmt.Sprintf("PRAGMA user_version = %d", edition+1), "DROP TABLE postings; PRAGMA user_version = 1"} {
		if _, err := l.write.conn.ExecContext(t.Context(), wrong); err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		l = openOn(t, dir, r)
		if got := dump(t, l); got != want {
			t.Errorf("%s:\n%s\nnot\n%s", wrong, got, want)
		}
		if got := ids(t, l, Query{Name: "lee"}); len(got) != 1 || got[0] != id {
			t.Errorf("%s: %v", wrong, got)
		}
	}
}

// holds says which files of the copy hold a text.
func holds(t *testing.T, dir, text string) (files []string) {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(bytes.ToLower(b), []byte(text)) {
			files = append(files, e.Name())
		}
	}
	return files
}

// What is sealed or taken back is gone from the files at once, also when pages
// were split meanwhile.
func TestForgets(t *testing.T) {
	r := ledgertest.New(t)
	dir := t.TempDir()
	l := openOn(t, dir, r)
	const planted, sealed = "zzyzxplanted", "qqsealedqq"
	id := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "")
	r.Rename(id, r.License(id).Counts.Identity, license.Name{Family: planted, Given: "Ann"}, "2026-01-10")
	order := r.Discipline(id, license.AuthorityNone, license.OrderDocument{Entity: "Board", Text: sealed, Actions: []license.OrderAction{{Code: "reprimand"}}}, "2026-01-10")
	for i := range 60 {
		r.Issue(fmt.Sprintf("0411000%02d", i), license.Name{Family: fmt.Sprintf("zz%02dyy", i), Given: "Bo"}, "")
		if i%7 == 0 {
			catchUp(t, l)
		}
	}
	catchUp(t, l)
	if len(holds(t, dir, planted)) == 0 {
		t.Fatal("the planted name never reached the files")
	}
	es := r.Entries(id)
	r.Act(nil, officers, &license.LicenseVoid{License: id, Entries: []license.Hash{es[1].Hash}})
	catchUp(t, l)
	for _, part := range []string{planted, planted[1:], planted[:6]} { // forms of the word too
		if got := holds(t, dir, part); got != nil {
			t.Errorf("%q of the voided name stands in %v", part, got)
		}
	}
	if got := ids(t, l, Query{Name: planted}); got != nil {
		t.Errorf("the voided name finds %v", got)
	}
	r.Clock = r.Clock.AddDate(0, 0, 3) // past the payload's not_after
	r.Act(nil, officers, &license.LicenseSeal{License: id, Order: order, Count: 1})
	catchUp(t, l)
	if got := holds(t, dir, sealed); got != nil {
		t.Errorf("the sealed order stands in %v", got)
	}
	if got := holds(t, dir, order); got != nil {
		t.Errorf("the sealed order's id stands in %v", got)
	}
}

// A board that withdraws names from the public takes them out of the copy.
func TestAudience(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "")
	dir := t.TempDir()
	l := openOn(t, dir, r)
	r.Act(nil, []string{"root"}, &license.BoardAmend{Board: "us-il", Count: 1, Name: "Illinois"})
	catchUp(t, l)
	p, err := l.Search(t.Context(), Query{ID: id})
	if err != nil || len(p.Rows) != 1 || p.Rows[0].Name != "" || p.Rows[0].City != "" {
		t.Errorf("%+v, %v", p, err)
	}
	if got := ids(t, l, Query{Name: "lee"}); got != nil {
		t.Errorf("by name: %v", got)
	}
	if got := dump(t, openOn(t, t.TempDir(), r)); got != dump(t, l) {
		t.Errorf("rebuilt:\n%s", got)
	}
}

// Follow takes in what is committed while it runs, and Wait waits for it.
func TestFollowAndWait(t *testing.T) {
	r := ledgertest.New(t)
	l := openOn(t, t.TempDir(), r)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Follow(ctx) }()
	id := r.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "")
	if err := l.Wait(t.Context(), r.Head().Size); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, l, Query{Number: "041000001"}); len(got) != 1 || got[0] != id || !l.CaughtUp(r.Head().Size) {
		t.Errorf("after Wait: %v", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Wait(gone, 1<<40); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait for what is not there: %v", err)
	}
}
