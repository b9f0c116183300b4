package importer

import (
	"encoding/csv"
	"errors"
	"hash/maphash"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func readAll(text string, separator byte) (rows [][]string, flaws []string, err error) {
	r := newReader(strings.NewReader(text), 4096, form{separator: separator}, maphash.MakeSeed())
	r.skipMark()
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return rows, flaws, nil
		}
		if err != nil {
			return rows, flaws, err
		}
		rule := ""
		if rec.flaw != nil {
			rule = rec.flaw.Rule
		}
		rows, flaws = append(rows, rec.fields), append(flaws, rule)
	}
}

func TestReader(t *testing.T) {
	for _, c := range []struct {
		name, text string
		rows       [][]string
		flaws      []string // by row; nil: none
	}{
		{"line feeds", "a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, nil},
		{"carriage returns and line feeds", "a,b\r\n1,2\r\n", [][]string{{"a", "b"}, {"1", "2"}}, nil},
		{"no line end at the end", "a\n1", [][]string{{"a"}, {"1"}}, nil},
		{"a byte order mark", "\xef\xbb\xbf\"a\",b\n", [][]string{{"a", "b"}}, nil},
		{"empty lines between", "a\n\n\r\n1\n\n", [][]string{{"a"}, {"1"}}, nil},
		{"empty fields", "a,,\n,,\n", [][]string{{"a", "", ""}, {"", "", ""}}, nil},
		{"quoted separators, marks and line ends", "\"a,\"\"b\"\"\",\"c\r\nd\"\n", [][]string{{`a,"b"`, "c\nd"}}, nil},
		{"a mark within a field", "5\" pipe,b\n1,2\n", [][]string{{"5 pipe", "b"}, {"1", "2"}}, []string{"csv-quote", ""}},
		{"text after a closed field", "\"a\"x,b\n1,2\n", [][]string{{"ax", "b"}, {"1", "2"}}, []string{"csv-quote", ""}},
		{"a carriage return alone", "a\rb,c\n1,2\n", [][]string{{"ab", "c"}, {"1", "2"}}, []string{"csv-line", ""}},
		{"bytes that are Latin-1", "Caf\xe9,b\n1,2\n", [][]string{{"Caf\xe9", "b"}, {"1", "2"}}, []string{"not-utf-8", ""}},
	} {
		rows, flaws, err := readAll(c.text, ',')
		if c.flaws == nil {
			c.flaws = make([]string, len(c.rows))
		}
		if err != nil || !reflect.DeepEqual(rows, c.rows) || !slices.Equal(flaws, c.flaws) {
			t.Errorf("%s: %q, %q, %v", c.name, rows, flaws, err)
		}
	}
}

func TestReaderKeepsNoHugeFieldsAndRows(t *testing.T) {
	for rule, row := range map[string]string{
		"field-long": "x," + strings.Repeat("y", 50<<20) + ",z",
		"row-long":   strings.Repeat(strings.Repeat("y", 1000)+",", 200),
		"csv-width":  strings.Repeat(",", ColumnsMax+1),
	} {
		r := newReader(strings.NewReader(row+"\na,b\n"), 4096, form{separator: ','}, maphash.MakeSeed())
		rec, err := r.next()
		if err != nil || rec.flaw == nil || rec.flaw.Rule != rule || len(rec.flaw.Value) > 2*shownMax {
			t.Fatalf("%s: %v, %v", rule, rec.flaw, err)
		}
		kept := 0
		for _, f := range rec.fields {
			kept += len(f)
		}
		if kept > RowBytesMax+FieldBytesMax || len(rec.fields) > ColumnsMax {
			t.Errorf("%s: %d bytes kept in %d fields", rule, kept, len(rec.fields))
		}
		if rec, err = r.next(); err != nil || !slices.Equal(rec.fields, []string{"a", "b"}) || rec.flaw != nil || rec.line != 2 {
			t.Errorf("%s: the row after it: %v, %v", rule, rec, err)
		}
	}
}

func TestOpenQuotationMarkEndsTheFile(t *testing.T) {
	_, _, err := readAll("a,b\n1,2\n3,\"4\n5,6\n", ',')
	var f *FileError
	if !errors.As(err, &f) || f.Line != 3 {
		t.Errorf("%v", err)
	}
}

// What other programs write, this reader reads as they do.
func TestReaderAgreesWithAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 5).Draw(t, "width")
		field := rapid.StringOf(rapid.SampledFrom([]rune("ab1,;\t|\"\n é\u202e")))
		rows := rapid.SliceOfN(rapid.SliceOfN(field, width, width), 1, 8).Draw(t, "rows")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = rapid.SampledFrom([]rune{',', ';', '\t', '|'}).Draw(t, "separator")
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		got, flaws, err := readAll(b.String(), byte(w.Comma))
		if err != nil || !reflect.DeepEqual(got, rows) || strings.Join(flaws, "") != "" {
			t.Errorf("%q: %q, not %q; %q, %v", b.String(), got, rows, flaws, err)
		}
	})
}

// Every row can be read again where it stands, and is the same.
func FuzzReader(f *testing.F) {
	f.Add("\xef\xbb\xbfa,b\r\n\"1\r\n2\",3\n\n\"\"\"\",\xff\n")
	f.Add("a\n\"b\"c\r\rd\"\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		seed := maphash.MakeSeed()
		r := newReader(strings.NewReader(text), 16, form{separator: ','}, seed)
		r.skipMark()
		for n := int64(0); ; n++ {
			rec, err := r.next()
			if err != nil {
				return
			}
			if rec.n != n || rec.size < 1 || rec.offset+rec.size > int64(len(text)) {
				t.Fatalf("%+v", rec)
			}
			again, err := newReader(strings.NewReader(text[rec.offset:rec.offset+rec.size]), 16, form{separator: ','}, seed).next()
			if err != nil || again.digest != rec.digest || !slices.Equal(again.fields, rec.fields) {
				t.Fatalf("%+v, again %+v, %v", rec, again, err)
			}
		}
	})
}
