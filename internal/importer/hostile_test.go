package importer

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func mapping(t testing.TB, text string) *Mapping {
	t.Helper()
	m, err := ParseMapping("small", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func source(m *Mapping, text string) (*Source, error) {
	return NewSource(strings.NewReader(text), int64(len(text)), m)
}

func TestFilesInDisguise(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte("no,from,last,since\n"))
	_ = w.Close()
	wide := func(bom string, order func(uint16) []byte) string {
		for _, c := range utf16.Encode([]rune("no,from,last,since\nA-001,2020-01-01,Example,\n")) {
			bom += string(order(c))
		}
		return bom
	}
	little := func(c uint16) []byte { return []byte{byte(c), byte(c >> 8)} }
	big := func(c uint16) []byte { return []byte{byte(c >> 8), byte(c)} }
	for _, c := range []struct{ file, want string }{
		{packed.String(), "gzip"},
		{"PK\x03\x04\x14\x00", "ZIP"},
		{wide("\xff\xfe", little), "UTF-16"},
		{wide("\xfe\xff", big), "UTF-16"},
		{wide("", little), "UTF-16"},
		{"<!DOCTYPE html><title>Sign in</title>", "web page"},
		{"%PDF-1.7\n", "PDF"},
		{"\xd0\xcf\x11\xe0\xa1\xb1", "Excel"},
		{"", "empty"},
		{"\xef\xbb\xbf", "empty"},
		{strings.Repeat("x", 1<<20), "header"},
	} {
		_, err := source(mapping(t, small), c.file)
		var f *FileError
		if !errors.As(err, &f) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.20q: %v", c.file, err)
		}
	}
}

func TestSeparatorIsFoundByTheHeader(t *testing.T) {
	for _, sep := range []string{",", "\t", ";", "|"} {
		text := strings.ReplaceAll("no,from,last,since\nA-001,2020-01-01,\"Ex,am;p|le\",\n", ",", sep)
		src, err := source(mapping(t, small), text)
		if err != nil {
			t.Fatalf("%q: %v", sep, err)
		}
		for r, err := range src.Rows() {
			if err != nil || len(r.Flaws) != 0 {
				t.Errorf("%q: %v, %v", sep, r.Flaws, err)
			}
		}
	}
	_, err := source(mapping(t, small), "no;from;surname;since\n")
	if err == nil || !strings.Contains(err.Error(), `no column "last"`) || !strings.Contains(err.Error(), "no, from, surname, since") {
		t.Errorf("%v", err)
	}
	if _, err := source(mapping(t, strings.Replace(small, "[file]", "[file]\nseparator = \",\"", 1)), "no;from;last;since\n"); err == nil {
		t.Error("another separator than the mapping says")
	}
}

func TestEncodings(t *testing.T) {
	for _, c := range []struct{ encoding, cell, want, rule string }{
		{UTF8, "Nu\u00f1ez", "Nu\u00f1ez", ""},
		{"", "Nu\xf1ez", "", "not-utf-8"},
		{Windows1252, "Nu\xf1ez\x92s", "Nu\u00f1ez\u2019s", ""},
		{Windows1252, "Nu\x81ez", "", "not-encoded"},
		{Latin1, "Nu\xf1ez", "Nu\u00f1ez", ""},
		{Latin1, "Nu\x92ez", "", "value-control"},
	} {
		m := mapping(t, strings.Replace(small, "[file]", "[file]\nencoding = \""+c.encoding+"\"", 1))
		r := oneRow(t, m, []byte("no,from,last,since\nA-001,2020-01-01,"+c.cell+",\n"))
		rule := ""
		if len(r.Flaws) > 0 {
			rule = r.Flaws[0].Rule
		}
		if rule != c.rule || r.family != c.want {
			t.Errorf("%s %q: %q, %v", c.encoding, c.cell, r.family, r.Flaws)
		}
	}
	if _, err := ParseMapping("small", []byte(strings.Replace(small, "[file]", "[file]\nencoding = \"ebcdic\"", 1))); err == nil || !strings.Contains(err.Error(), "file.encoding") {
		t.Errorf("%v", err)
	}
}

// Rows that somebody appends while the file is read are not in it by half.
func TestFileThatGrowsWhileItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roster.csv")
	if err := os.WriteFile(path, []byte("no,from,last,since\nA-001,2020-01-01,Example,2020-02-02\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := Open(path, mapping(t, small))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("A-002,2020-")
		_ = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range Plan(context.Background(), src, empty{}, Options{}) {
		if !errors.Is(err, ErrChanged) {
			t.Errorf("%d acts, %v", len(b.Acts), err)
		}
	}
}

// A line of gigabytes is read over; so is one that the file does not end.
func TestLineWithoutEnd(t *testing.T) {
	head := "no,from,last,since\nA-001,2020-01-01,Example,2020-02-02\n"
	size := int64(64 << 20)
	if !testing.Short() {
		size = 192 << 20
	}
	in := long{head, size}
	src, err := NewSource(in, size, mapping(t, small))
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for r, err := range src.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Flaws {
			rules = append(rules, f.Rule)
			if len(f.Value) > 500 {
				t.Errorf("%d bytes are shown", len(f.Value))
			}
		}
	}
	if !slices.Equal(rules, []string{"field-long"}) {
		t.Errorf("%v", rules)
	}
}

// long is a file that begins with a text and goes on with one letter.
type long struct {
	head string
	size int64
}

func (l long) ReadAt(b []byte, at int64) (int, error) {
	n := 0
	for ; n < len(b) && at+int64(n) < l.size; n++ {
		b[n] = 'x'
		if i := at + int64(n); i < int64(len(l.head)) {
			b[n] = l.head[i]
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// What a plan holds in memory changes nothing in it.
func TestPlansAreTheSameWithLittleMemory(t *testing.T) {
	var b strings.Builder
	b.WriteString("no,from,last,since\n")
	for i := range 300 { // three rows of each license, far from each other
		fmt.Fprintf(&b, "A-%03d,20%02d-01-01,Name %c,2020-02-02\n", i%100, 12-i/100, 'A'+i%26*0)
	}
	plan := func(limit int) (rows []int64) {
		src, err := source(mapping(t, small), b.String())
		if err != nil {
			t.Fatal(err)
		}
		for b, err := range Plan(context.Background(), src, empty{}, Options{sortBytes: limit}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range b.Rows {
				rows = append(rows, r.Row)
			}
		}
		return rows
	}
	all := plan(0)
	if len(all) != 300 || !slices.Equal(all[:3], []int64{201, 101, 1}) {
		t.Errorf("%d rows, %v", len(all), all[:3])
	}
	if few := plan(1000); !reflect.DeepEqual(few, all) {
		t.Errorf("%v", few)
	}
}

func TestTwoSurnamesAreQuarantined(t *testing.T) {
	const text = `no,from,last,since
A-001,2020-01-01,Examplar,2020-02-02
A-001,2021-01-01,EXAMPLÁR,2020-02-02
A-002,2020-01-01,Examplar,2020-02-02
A-002,2021-01-01,Exampler,2020-02-02
A-003,2020-01-01,Inventa,2020-02-02
A-003,2021-01-01,Nobody-Inventa,2020-02-02
A-004,2020-01-01,Inventa,2020-02-02
A-004,2021-01-01,Unlike,2020-02-02
A-005,2020-01-01,,2020-02-02
`
	d := newDesk(t, mapping(t, small))
	r := d.imports([]byte(text))
	if r.Asserted != 2 || r.Quarantined != 6 || r.Refused != 1 {
		t.Fatalf("%+v", r.Summary)
	}
	for i, want := range []string{"few letters differ", "", "one name holds the other", "", "Nothing in their spelling"} {
		if q := r.quarantined[i]; !strings.Contains(q.Flaws[0].Reason, want) || q.Flaws[0].Rule != "two-surnames" {
			t.Errorf("%+v", q)
		}
	}
}

func FuzzEncodings(f *testing.F) {
	f.Add([]byte("Nu\xf1ez\x81"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = checkBeginning(b)
		for _, e := range encodings {
			text, ok := form{',', bytesTable(e)}.decode(b)
			if ok && strings.ToValidUTF8(text, "") != text {
				t.Errorf("%s of %q: %q", e, b, text)
			}
		}
	})
}
