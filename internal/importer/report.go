package importer

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// What became of a row.
const (
	Asserted  = "asserted"  // an act asserts it
	Unchanged = "unchanged" // the registry holds it already
	Refused   = "refused"   // not taken; its flaws say why
	// Quarantined rows are sound each by itself, and together they leave open whose
	// license it is; a person decides.
	Quarantined = "quarantined"
	// Vanished is no row but a license: an earlier file brought it in, and this one
	// does not hold it. It stays as it is.
	Vanished = "vanished"
)

// A Result says what became of a row.
type Result struct {
	Row, Line int64
	License   string // none: the row does not say which
	Outcome   string
	Flaws     []Flaw
	Notes     []Flaw
}

// A Summary counts results.
type Summary struct {
	Rows, Licenses, Asserted, Unchanged, Refused, Quarantined, Vanished int64

	licenses map[string]struct{}
}

// Add counts one result.
func (s *Summary) Add(r Result) {
	if r.Outcome == Vanished {
		s.Vanished++
		return
	}
	s.Rows++
	switch r.Outcome {
	case Asserted:
		s.Asserted++
	case Unchanged:
		s.Unchanged++
	case Quarantined:
		s.Quarantined++
		return
	default:
		s.Refused++
		return // what is refused brings no license
	}
	if s.licenses == nil {
		s.licenses = map[string]struct{}{}
	}
	s.licenses[r.License] = struct{}{}
	s.Licenses = int64(len(s.licenses))
}

// String writes the summary for a terminal.
func (s *Summary) String() string {
	return fmt.Sprintf("%d rows, %d licenses: %d asserted, %d unchanged, %d refused, %d quarantined", s.Rows, s.Licenses, s.Asserted, s.Unchanged, s.Refused, s.Quarantined)
}

// A Report writes the flaws and notes of rows as comma-separated values, a line
// each. Cells that a spreadsheet would take for a formula start with an apostrophe.
type Report struct{ w *csv.Writer }

// NewReport starts a report with its header.
func NewReport(w io.Writer) *Report {
	r := &Report{csv.NewWriter(w)}
	r.line("outcome", "row", "line", "license", "column", "value", "reason", "rule")
	return r
}

// Add writes what there is to say of a result.
func (r *Report) Add(x Result) {
	for _, f := range append(x.Flaws[:len(x.Flaws):len(x.Flaws)], x.Notes...) {
		r.line(x.Outcome, position(x.Row), position(x.Line), x.License, f.Column, f.Value, f.Reason, f.Rule)
	}
}

// position writes the number of a row or line; what vanished has none.
func position(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// Close writes what is left and says whether all was written.
func (r *Report) Close() error {
	r.w.Flush()
	return r.w.Error()
}

func (r *Report) line(cells ...string) {
	for i, c := range cells {
		cells[i] = harmless(c)
	}
	_ = r.w.Write(cells) // Close reports it
}

// harmless keeps a spreadsheet from running a cell (OWASP, CSV injection).
func harmless(c string) string {
	if c != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(c)[0]) {
		return "'" + c
	}
	return c
}
