package importer

import (
	"bytes"
	"cmp"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"licet/license"
	"licet/tx"
)

func counts(s Summary) [5]int64 {
	return [5]int64{s.Rows, s.Licenses, s.Asserted, s.Unchanged, s.Refused}
}

func TestImportOfTheInventedFile(t *testing.T) {
	d := newDesk(t, chicago(t))
	r := d.imports(invented(t))
	if got := counts(r.Summary); got != [5]int64{9, 5, 8, 0, 1} {
		t.Fatalf("%v: %+v", got, r.refused)
	}
	if f := r.refused[0].Flaws[0]; r.refused[0].Row != 8 || f.Rule != "term-reversed" {
		t.Errorf("refused: %+v", r.refused[0])
	}
	if len(r.noted) != 1 || r.noted[0].Row != 7 || r.noted[0].Notes[0].Rule != "term-otherwise" {
		t.Errorf("noted: %+v", r.noted)
	}

	shoes := d.held("us-il-chicago.business-1010.900101")
	if l := shoes.Record; l.Issued != "2011-03-16" || l.Source != license.SourceImport || l.Subject != license.SubjectOrganization || len(l.Terms) != 3 || l.Counts.Imports != 3 {
		t.Errorf("shoes: %+v", l)
	}
	if got := shoes.names(t); !slices.Equal(got, []string{
		"2011-03-16 INVENTED SHOES INC (doing business as INVENTED SHOES)",
		"2015-03-16 INVENTED SHOES INC (doing business as NEW SHOES)",
	}) {
		t.Errorf("names: %q", got)
	}
	if n := len(shoes.Record.Openings); n != 5+2 { // name and street changed once, the rest stands
		t.Errorf("%d openings", n)
	}
	for i, row := range []int64{2, 1, 3} { // by the first day of the terms
		if e := d.Entries("us-il-chicago.business-1010.900101")[i]; e.Import == nil || e.Import.Row != row || e.Import.Day != "2015-04-02" || e.Import.Importer != "idfpr" || e.Effective != shoes.Record.Terms[i].From {
			t.Errorf("entry %d: %+v", i, e.Entry)
		}
	}

	for _, c := range []struct {
		id, day, registration, authority, primary string
	}{
		{"business-1010.900101", "2011-03-15", license.RegistrationPending, license.MayNotPractice, "NOT YET BEGUN"},
		{"business-1010.900101", "2013-03-15", license.RegistrationActive, license.MayPractice, "ACTIVE"},
		{"business-1010.900101", "2013-03-16", license.RegistrationActive, license.MayPractice, "ACTIVE"},
		{"business-1010.900101", "2017-03-16", license.RegistrationLapsed, license.MayNotPractice, "NOT RENEWED"},
		{"business-1006.900102", "2014-09-13", license.RegistrationActive, license.MayPractice, "ACTIVE"},
		{"business-1006.900102", "2014-09-14", license.RegistrationCanceled, license.MayNotPractice, "CANCELED (AAC)"},
		{"business-1006.900103", "2013-02-21", license.RegistrationActive, license.MayPractice, "ACTIVE"},
		{"business-1006.900103", "2013-02-22", license.RegistrationActive, license.MayNotPractice, "REVOKED (REV)"},
		{"business-1032.900104", "2012-09-04", license.RegistrationActive, license.MayPractice, "ACTIVE"},
		{"business-1010.900105", "2001-11-16", license.RegistrationActive, license.MayPractice, "ACTIVE"},
	} {
		s := d.standing("us-il-chicago."+c.id, license.Day(c.day))
		if s.Registration != c.registration || s.Authority != c.authority || s.Primary != c.primary {
			t.Errorf("%s on %s: %+v", c.id, c.day, s)
		}
	}
}

// standing answers as a page would: with the board's words and the documents.
func (d *desk) standing(id string, day license.Day) license.Standing {
	d.t.Helper()
	h := d.held(id)
	s, err := d.State()
	if err != nil {
		d.t.Fatal(err)
	}
	defer s.Release()
	parsed, err := license.ParseID(id)
	p := new(license.Profession)
	if err == nil {
		_, err = s.Record(license.KindProfession, parsed.ProfessionID(), p)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return h.Record.StandingOn(day, p, func(c license.Hash) *license.OrderDocument {
		o, err := s.Opening(c)
		if err != nil || o == nil {
			d.t.Fatalf("order %s: %v", c, err)
		}
		doc, err := license.ParseOrderDocument(o.Bytes)
		if err != nil {
			d.t.Fatal(err)
		}
		return &doc
	})
}

func TestRevocationSaysThatItIsCopied(t *testing.T) {
	d := newDesk(t, chicago(t))
	d.imports(invented(t))
	h := d.held("us-il-chicago.business-1006.900103")
	if len(h.Record.Orders) != 1 || h.Record.Orders[0].Start != "2013-02-22" || h.Record.Orders[0].End != "" {
		t.Fatalf("%+v", h.Record.Orders)
	}
	doc, err := license.ParseOrderDocument(newStanding(h, license.Hash{}).texts[h.Record.Orders[0].Commitment])
	if err != nil || doc.Main() != "revocation" || !strings.HasPrefix(doc.Text, "As copied from the file") || doc.Entity != d.m.Board.Name {
		t.Errorf("%+v, %v", doc, err)
	}
	if got := h.names(t); !slices.Equal(got, []string{"2011-12-01 NOBODY & SONS (doing business as THE \"CORNER\"\nSTORE)"}) {
		t.Errorf("%q", got)
	}
}

func TestSameFileAgainChangesNothing(t *testing.T) {
	d := newDesk(t, chicago(t))
	d.imports(invented(t))
	before := d.Head()
	r := d.imports(invented(t))
	if got := counts(r.Summary); got != [5]int64{9, 5, 0, 8, 1} || r.batches != 0 {
		t.Errorf("%v in %d batches", got, r.batches)
	}
	if d.Head().Root != before.Root || d.Head().Map != before.Map {
		t.Error("the registry changed")
	}
}

// Tomorrow's file holds today's rows again, elsewhere, and a few others. A term
// that was canceled meanwhile ends, and the term after it says that the license is
// active again.
func TestLaterFileAssertsWhatIsNewOnly(t *testing.T) {
	d := newDesk(t, chicago(t))
	d.imports(invented(t))
	lines := strings.SplitAfter(string(invented(t)), "\n")
	renewed := strings.NewReplacer("20150316", "20170316", "03/16/2015", "03/16/2017", "03/15/2017", "03/15/2019").Replace(lines[3])
	ended := strings.Replace(lines[1], ",AAI,,", ",AAC,05/01/2014,", 1)
	later := lines[0] + renewed + ended + strings.Join(lines[2:], "")
	r := d.imports([]byte(later))
	if got := counts(r.Summary); got != [5]int64{10, 5, 3, 6, 1} {
		t.Fatalf("%v: %+v", got, r.refused)
	}
	l := d.held("us-il-chicago.business-1010.900101").Record
	if len(l.Terms) != 4 || len(l.Lifecycles) != 2 || len(l.Openings) != 7 {
		t.Errorf("%+v", l)
	}
	for day, want := range map[license.Day]string{
		"2014-04-30": license.RegistrationActive, "2014-05-01": license.RegistrationCanceled,
		"2015-03-15": license.RegistrationCanceled, "2015-03-16": license.RegistrationActive,
	} {
		if s := l.StandingOn(day, nil, nil); s.Registration != want {
			t.Errorf("on %s: %s, not %s", day, s.Registration, want)
		}
	}
}

func TestTermThatDiffersIsRefused(t *testing.T) {
	d := newDesk(t, chicago(t))
	d.imports(invented(t))
	r := d.imports(bytes.Replace(invented(t), []byte("03/15/2013"), []byte("03/15/2014"), 1))
	if r.Refused != 2 || r.Asserted != 0 || r.refused[1].Flaws[0].Rule != "term-differs" {
		t.Errorf("%+v", r)
	}
}

func TestVoidedRowIsAssertedAgain(t *testing.T) {
	d := newDesk(t, chicago(t))
	d.imports(invented(t))
	const id = "us-il-chicago.business-1032.900104"
	d.recorded(d.submit(true, []license.Act{&license.LicenseVoid{License: id, Entries: []license.Hash{d.Entries(id)[0].Hash}}}, nil, "board/us-il-chicago", "member"))
	if l := d.held(id).Record; l.Licensee != "" {
		t.Fatalf("not void: %+v", l)
	}
	if r := d.imports(invented(t)); r.Asserted != 1 || r.Unchanged != 7 {
		t.Fatalf("%+v", r)
	}
	if l := d.held(id).Record; l.Licensee == "" || len(l.Terms) != 1 || l.Counts.Imports != 2 {
		t.Errorf("%+v", l)
	}
}

// An import that stops between two batches goes on where it stopped.
func TestInterruptedImportGoesOn(t *testing.T) {
	d := newDesk(t, chicago(t))
	file := manyRows(t, 1100, "EXAMPLE")
	src, err := NewSource(bytes.NewReader(file), int64(len(file)), d.m)
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range Plan(context.Background(), src, d, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Acts) != BatchActsMax {
			t.Errorf("the first batch has %d acts", len(b.Acts))
		}
		d.recorded(d.submit(false, b.Acts, b.Openings, "officer/us-il-chicago/importer", "importer"))
		break
	}
	if r := d.imports(file); r.Asserted != 600 || r.Unchanged != 500 || r.batches != 2 {
		t.Errorf("%v in %d batches", counts(r.Summary), r.batches)
	}
}

// manyRows makes a file of n licenses with one term each.
func manyRows(t testing.TB, n int, name string) []byte {
	lines := strings.SplitAfter(string(invented(t)), "\n")
	var b strings.Builder
	b.WriteString(lines[0])
	for i := range n {
		number := string([]byte{'7', byte('0' + i/1000%10), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)})
		b.WriteString(strings.NewReplacer("900102", number, "MADE UP", name).Replace(lines[4]))
	}
	return []byte(b.String())
}

func TestBatchesStayBelowTheirLimits(t *testing.T) {
	for _, name := range []string{"SHORT", strings.Repeat("WIDE ", 190)} {
		file := manyRows(t, 1200, name)
		m := chicago(t)
		src, err := NewSource(bytes.NewReader(file), int64(len(file)), m)
		if err != nil {
			t.Fatal(err)
		}
		acts := 0
		for b, err := range Plan(context.Background(), src, empty{}, Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			p := tx.New("test/ledger/0011223344556677", false, "2026-01-10T12:00:00Z", 3600, b.Acts, b.Openings)
			size := len(p.Encode())
			if len(b.Acts) > BatchActsMax || size > BatchBytesMax+2000 || size < b.Bytes {
				t.Errorf("%d acts, %d bytes, counted %d", len(b.Acts), size, b.Bytes)
			}
			if _, r := tx.Parse(p.Encode()); r != nil {
				t.Error(r)
			}
			acts += len(b.Acts)
		}
		if acts != 1200 {
			t.Errorf("%d acts", acts)
		}
	}
}

type empty struct{}

func (empty) Licenses(_ context.Context, ids []string) ([]*Held, error) {
	return make([]*Held, len(ids)), nil
}

func TestNumberUnderTwoProfessionsIsRefused(t *testing.T) {
	d := newDesk(t, chicago(t))
	file := strings.Replace(string(invented(t)), ",1010,Limited Business License,,,900105", ",1006,Retail Food Establishment,,,900105", 1)
	file = strings.Replace(file, "11/15/1996", "11/15/2006", 1)
	r := d.imports([]byte(file))
	if r.Refused != 2 || r.refused[0].Flaws[0].Rule != "number-two-professions" || r.refused[1].Flaws[0].Rule != "number-two-professions" {
		t.Errorf("%+v", r.refused)
	}
}

func TestFileThatChangesUnderTheReaderIsNotImported(t *testing.T) {
	file := invented(t)
	src, err := NewSource(bytes.NewReader(file), int64(len(file)), chicago(t))
	if err != nil {
		t.Fatal(err)
	}
	file[bytes.Index(file, []byte("INVENTED"))] = 'X'
	n := 0
	for b, err := range Plan(context.Background(), src, empty{}, Options{}) {
		if n++; err == nil {
			t.Errorf("a batch of %d acts", len(b.Acts))
		}
	}
	if n != 1 {
		t.Errorf("%d ends", n)
	}
}

// A license that the board issued here is not spoken over.
func TestNativeLicenseIsNotOverwritten(t *testing.T) {
	m := chicago(t)
	file := invented(t)
	src, err := NewSource(bytes.NewReader(file), int64(len(file)), m)
	if err != nil {
		t.Fatal(err)
	}
	var s Summary
	for b, err := range Plan(context.Background(), src, native{}, Options{Each: s.Add}) {
		t.Error(len(b.Acts), err)
	}
	if counts(s) != [5]int64{9, 0, 0, 0, 9} {
		t.Errorf("%+v", s)
	}
}

type native struct{}

func (native) Licenses(_ context.Context, ids []string) (hs []*Held, _ error) {
	for range ids {
		hs = append(hs, &Held{Record: &license.License{Licensee: "00112233445566778899aabbccddeeff"}})
	}
	return hs, nil
}

const realFile = "../../../shared/data/chicago_business_licenses_2016.csv"

// The rows of one street, as the city published them: every license and every
// term comes in but one, which ended before it began.
func TestImportOfTheRealFile(t *testing.T) {
	file, err := os.ReadFile(realFile)
	if err != nil {
		t.Skip("the real file is not in the repository, since real businesses stand in it: ", err)
	}
	d := newDesk(t, chicago(t))
	r := d.imports(file)
	if got := counts(r.Summary); got != [5]int64{561, 184, 560, 0, 1} {
		t.Fatalf("%v", got)
	}
	if r.refused[0].Row != 303 || r.refused[0].Flaws[0].Rule != "term-reversed" || len(r.noted) != 2 || r.noted[0].Notes[0].Rule != "term-future" || r.noted[1].Row != 494 {
		t.Errorf("refused %+v, noted %+v", r.refused, r.noted)
	}
	s, err := d.State()
	if err != nil {
		t.Fatal(err)
	}
	ids, err := s.IDs(license.KindLicense, "", 1000)
	s.Release()
	if err != nil || len(ids) != 184 {
		t.Fatal(len(ids), err)
	}
	terms, canceled, barred, active := 0, 0, 0, 0
	for _, id := range ids {
		h := d.held(id)
		terms += len(h.Record.Terms)
		canceled += len(h.Record.Lifecycles)
		barred += len(h.Record.Orders)
		if !slices.IsSortedFunc(h.Record.Terms, func(a, b license.Term) int { return cmp.Compare(a.From, b.From) }) || h.Record.Issued != h.Record.Terms[0].From {
			t.Errorf("%s: %+v", id, h.Record)
		}
		if h.Record.StandingOn("2012-07-01", nil, nil).Authority == license.MayPractice {
			active++
		}
	}
	if terms != 560 || canceled != 38 || barred != 5 || active != activeOnStreet(t, file) {
		t.Errorf("%d terms, %d cancellations, %d revocations, %d may operate on July 1, 2012", terms, canceled, barred, active)
	}
	before := d.Head().Root
	if r := d.imports(file); counts(r.Summary) != [5]int64{561, 184, 0, 560, 1} || d.Head().Root != before {
		t.Errorf("again: %v", counts(r.Summary))
	}
}
