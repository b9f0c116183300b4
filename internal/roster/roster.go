// Package roster writes licenses as the columns in which Illinois publishes its
// licensees (data.illinois.gov): a row for each license and disciplinary action.
// Exports and made-up files have the same columns, so what reads one reads both.
package roster

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Columns are the header, in the file's own order and spelling.
var Columns = []string{
	"_id", "License Type", "Description", "License Number", "License Status", "Business", "Title", "First Name",
	"Middle", "Last Name", "Prefix", "Suffix", "Business Name", "BusinessDBA", "Original Issue Date",
	"Effective Date", "Expiration Date", "City", "State", "Zip", "County", "Specialty/Qualifier",
	"Controlled Substance Schedule", "Delegated Controlled Substance Schedule", "Ever Disciplined",
	"LastModifiedDate", "Case Number", "Action", "Discipline Start Date", "Discipline End Date", "Discipline Reason",
}

// Places of columns in a row.
const (
	ID = iota
	Type
	Description
	Number
	Status
	Business
	Title
	First
	Middle
	Last
	Prefix
	Suffix
	BusinessName
	DBA
	Issued
	Effective
	Expires
	City
	State
	Zip
	County
	Specialty
	Schedule
	DelegatedSchedule
	Disciplined
	Modified
	Case
	Action
	DisciplineStart
	DisciplineEnd
	DisciplineReason

	Width
)

// A Row holds one cell for each column.
type Row [Width]string

// None is how the file writes that there is nothing, in columns of words.
const None = "None"

// A Writer writes rows as comma-separated values (RFC 4180, lines end with LF).
// The first error stays; Flush returns it.
type Writer struct {
	// Guard puts an apostrophe before cells that a spreadsheet would run.
	Guard bool

	out io.Writer
	b   []byte
	err error
}

// bufferBytes is how much is collected before it is written.
const bufferBytes = 64 << 10

// NewWriter writes to out; Flush when done.
func NewWriter(out io.Writer) *Writer {
	return &Writer{out: out, b: make([]byte, 0, bufferBytes+8<<10)}
}

// Header writes the columns' names.
func (w *Writer) Header() { w.line(Columns) }

// Write writes a row.
func (w *Writer) Write(r *Row) { w.line(r[:]) }

// Err is the first error, if there was one.
func (w *Writer) Err() error { return w.err }

// Flush writes what is collected.
func (w *Writer) Flush() error {
	if w.err == nil && len(w.b) > 0 {
		_, w.err = w.out.Write(w.b)
	}
	w.b = w.b[:0]
	return w.err
}

func (w *Writer) line(cells []string) {
	for i, c := range cells {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.cell(c)
	}
	w.b = append(w.b, '\n')
	if len(w.b) >= bufferBytes {
		_ = w.Flush()
	}
}

func (w *Writer) cell(c string) {
	if w.Guard {
		c = Guarded(c)
	}
	if !strings.ContainsAny(c, ",\"\r\n") {
		w.b = append(w.b, c...)
		return
	}
	w.b = append(w.b, '"')
	for i := range len(c) {
		if c[i] == '"' {
			w.b = append(w.b, '"')
		}
		w.b = append(w.b, c[i])
	}
	w.b = append(w.b, '"')
}

// Guarded puts an apostrophe before a cell that a spreadsheet would take for a
// formula (OWASP, CSV injection), and before one that starts with an apostrophe
// and would be run without it, so that taking one apostrophe off gives the cell back.
func Guarded(c string) string {
	if runs(strings.TrimLeft(c, "'")) {
		return "'" + c
	}
	return c
}

// Unguarded takes off the apostrophe that Guarded put.
func Unguarded(c string) string {
	if rest, ok := strings.CutPrefix(c, "'"); ok && runs(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return c
}

// runs says whether a spreadsheet might run the text: it starts, perhaps after
// white space, with a sign that begins a formula, in narrow or in wide writing.
func runs(c string) bool {
	if c == "" {
		return false
	}
	if strings.ContainsRune("\t\r\n", rune(c[0])) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(c, " \u00a0\ufeff"))
	return strings.ContainsRune("=+-@＝＋－＠", r)
}
