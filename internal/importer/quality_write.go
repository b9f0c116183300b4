package importer

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"strconv"
)

// WriteCSV writes a line for each example of each finding. Cells that a spreadsheet
// would take for a formula start with an apostrophe.
func (q *Quality) WriteCSV(w io.Writer) error {
	r := &Report{csv.NewWriter(w)}
	r.line("finding", "rule", "column", "count", "of_rows", "example_row", "example_line", "license", "value", "note")
	for _, f := range q.Findings {
		xs := f.Examples
		if len(xs) == 0 {
			xs = []Example{{}}
		}
		for _, x := range xs {
			r.line(f.Title, f.Rule, f.Column, strconv.FormatInt(f.Count, 10), strconv.FormatInt(q.Rows, 10), number(x.Row), number(x.Line), x.License, x.Value, cmp.Or(x.Note, f.Detail))
		}
	}
	return r.Close()
}

// number writes a row's number, and nothing where there is none.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

//go:embed quality.html
var qualityText string

var qualityPage = template.Must(template.New("quality").Funcs(template.FuncMap{
	"percent": func(n, of int64) string {
		if of == 0 {
			return "0%"
		}
		return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(of))
	},
	"number": number,
	"of":     func(n int64) string { return grouped(n) },
}).Parse(qualityText))

// grouped writes a count with commas.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// WriteHTML writes a page by itself, without scripts.
func (q *Quality) WriteHTML(w io.Writer) error { return qualityPage.Execute(w, q) }
