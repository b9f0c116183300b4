package importer

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"licet/license"
)

// Limits of a quality report.
const (
	examplesMax = 10
	findingsMax = 500 // kinds of dirt
)

// A Quality says what is dirty in a file, and how often.
type Quality struct {
	Name    string
	File    license.Hash
	Day     license.Day // that the file is of
	Rows    int64
	Clean   int64 // rows about which there is nothing to say
	Refused int64 // rows that an import would not take
	// Quarantined rows would be set aside: their number stands under several surnames.
	Quarantined int64
	Findings    []*Finding
	Left        int64 // findings that are counted no more, since there are too many kinds
}

// A Finding is one kind of dirt in one column.
type Finding struct {
	Rule     string
	Column   string // none: the row as a whole
	Title    string
	Detail   string // what it means, what to do
	Count    int64  // rows; of spellings: spellings
	Examples []Example
}

// An Example is a row that shows a finding.
type Example struct {
	Row, Line int64 // 0: not a single row
	License   string
	Value     string
	Note      string
}

// An examiner goes through a file.
type examiner struct {
	q       Quality
	src     *Source
	found   map[string]*Finding
	counted int64    // of all findings
	columns []string // that mean something
	words   []wordColumn
	order   *order
	lines   *sorter // digests of rows
}

// A wordColumn counts the words of a column that should hold few.
type wordColumn struct {
	column string
	at     int
	counts map[string]int64
	first  map[string]Example
	more   bool
}

// Examine reads a file and says what is dirty in it. day is the file's; none: as the
// mapping says. tell hears how far it is; nil: nobody.
func Examine(ctx context.Context, src *Source, name string, day license.Day, tell func(Progress)) (*Quality, error) {
	e := &examiner{q: Quality{Name: name, File: src.File, Day: day}, src: src, found: map[string]*Finding{}, order: newOrder(sortBytes), lines: newSorter(16, sortBytes)}
	defer e.order.close()
	defer e.lines.close()
	for _, c := range []string{src.Mapping.Status.Column, src.Mapping.Order.Action, src.Mapping.License.Profession, src.Mapping.Address.City} {
		if c != "" {
			e.words = append(e.words, wordColumn{c, src.mapper.at[c], map[string]int64{}, map[string]Example{}, false})
		}
	}
	e.columns = slices.SortedFunc(maps.Keys(src.mapper.at), func(a, b string) int { return cmp.Compare(src.mapper.at[a], src.mapper.at[b]) })
	err := e.findDay(ctx)
	for r, rowErr := range src.Rows() {
		if err = cmp.Or(err, rowErr, ctx.Err()); err != nil {
			return nil, err
		}
		if err = e.row(r); err != nil {
			return nil, err
		}
		if tell != nil && e.q.Rows%progressRows == 0 {
			tell(Progress{Phase: "examining", Rows: e.q.Rows, Bytes: r.record.offset, Size: src.Size})
		}
	}
	if err == nil {
		err = e.together(ctx)
	}
	if err != nil {
		return nil, err
	}
	e.spellings()
	e.finish()
	return &e.q, nil
}

// findDay reads the file's day from its rows.
func (e *examiner) findDay(ctx context.Context) error {
	if e.q.Day != "" || len(e.src.Mapping.File.Newest) == 0 {
		return nil
	}
	for r, err := range e.src.Rows() {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		e.q.Day = max(e.q.Day, r.Newest)
	}
	return nil
}

// add counts a finding.
func (e *examiner) add(rule, column string, x Example, title, detail string) {
	e.counted++
	k := rule + "\x00" + column + "\x00" + title
	f := e.found[k]
	if f == nil {
		if len(e.found) == findingsMax {
			e.q.Left++
			return
		}
		f = &Finding{Rule: rule, Column: column, Title: title, Detail: detail}
		e.found[k] = f
	}
	f.Count++
	if len(f.Examples) < examplesMax {
		f.Examples = append(f.Examples, x)
	}
}

func exampleOf(r Row, value string) Example {
	return Example{Row: r.Number, Line: r.Line, License: r.licenseID(), Value: shown(value)}
}

func (e *examiner) row(r Row) error {
	e.q.Rows++
	before := e.counted
	for _, f := range r.Flaws {
		e.add(f.Rule, f.Column, Example{r.Number, r.Line, r.licenseID(), f.Value, f.Reason}, flawTitle(f.Rule), "An import does not take these rows.")
	}
	if len(r.Flaws) > 0 {
		e.q.Refused++
	}
	whole := r.record.flaw == nil && len(r.record.fields) == len(e.src.Header)
	if whole {
		e.src.mapper.note(&r, e.q.Day)
	}
	refuses := e.src.Mapping.refuses(r.Notes)
	if len(r.Flaws) == 0 && len(refuses) > 0 {
		e.q.Refused++
	}
	for _, f := range r.Notes {
		if f.Rule == "charge" { // nothing is dirty about it
			continue
		}
		if slices.Contains(e.src.Mapping.File.Refuse, f.Rule) {
			e.add(f.Rule, f.Column, Example{r.Number, r.Line, r.licenseID(), f.Value, f.Reason}, flawTitle(f.Rule), "The mapping refuses such rows (file.refuse).")
			continue
		}
		e.add(f.Rule, f.Column, Example{r.Number, r.Line, r.licenseID(), f.Value, f.Reason}, flawTitle(f.Rule), noteDetail(f.Rule))
	}
	if whole {
		e.values(r)
		e.holder(r)
		e.days(r)
	}
	if r.clean = e.counted == before; r.clean {
		e.q.Clean++
	}
	if err := e.order.note(r); err != nil {
		return err
	}
	var line [16]byte
	binary.BigEndian.PutUint64(line[:], r.record.digest)
	binary.BigEndian.PutUint64(line[8:], uint64(r.Number))
	return e.lines.add(line[:])
}

// values looks at the cells of mapped columns as they are.
func (e *examiner) values(r Row) {
	m := e.src.mapper
	for _, c := range e.columns {
		raw := r.record.fields[m.at[c]]
		v := strings.TrimSpace(raw)
		switch {
		case v != "" && (slices.Contains(m.File.Missing, v) || isPlaceholder[v]):
			e.add("placeholder", c, exampleOf(r, raw), fmt.Sprintf("A placeholder stands in the place of nothing: %q", shown(v)), "Leave the cell empty; a word like this can be taken for a value.")
		case c == m.License.Number && masked(v):
			e.add("number-masked", c, exampleOf(r, raw), "The license number is masked", "Nobody can say which license the row is about.")
		case v != "" && raw != v:
			e.add("spaces", c, exampleOf(r, raw), "Spaces stand around the value", "They are taken off when the file is read; other programs take the value for another.")
		}
	}
	if m.License.Number != "" && len(r.Flaws) == 0 && r.License.Number == "" {
		e.add("number-missing", m.License.Number, exampleOf(r, ""), flawTitle("number-missing"), "")
	}
	for i := range e.words {
		w := &e.words[i]
		v := r.record.fields[w.at]
		if word := strings.TrimSpace(v); word == "" || slices.Contains(m.File.Missing, word) {
			continue
		}
		if _, ok := w.counts[v]; !ok {
			if len(w.counts) == valuesMax {
				w.more = true
				continue
			}
			w.first[v] = exampleOf(r, v)
		}
		w.counts[v]++
	}
}

// masked says whether digits of a number were struck out.
func masked(v string) bool { return strings.Contains(v, "**") || strings.Contains(v, "XXX") }

// Years between which a day of a license lies.
const (
	firstYear = "1901"
	lastYear  = "2090"
)

// days looks at the days of a row by themselves and beside the file's.
func (e *examiner) days(r Row) {
	m := e.src.Mapping
	days := append(e.src.mapper.told(&r), toldDay{m.Term.Through, r.Through})
	if m.File.Holds != HoldsOrders {
		days = append(days, toldDay{m.Term.From, r.From})
	}
	for _, d := range days {
		if d.column != "" && d.day != "" && (e.q.Day == "" || d.day <= e.q.Day || d.column == m.Term.Through || d.column == m.Term.From) && (string(d.day) < firstYear || string(d.day) >= lastYear) {
			e.add("day-unlikely", d.column, exampleOf(r, e.src.mapper.cell(&r, d.column)), "The day cannot be meant", "Days like 2099-01-01 say \"never\"; the mapping's term.never can list them.")
		}
	}
	if r.From != "" && r.Issued != "" && r.Issued > r.From && m.File.Holds != HoldsOrders {
		e.add("issued-after-term", m.License.Issued, exampleOf(r, e.src.mapper.cell(&r, m.License.Issued)), "The license was first issued after its term began", "The first day of the term stands: "+m.Term.From+".")
	}
	if r.Order != nil && r.Newest != "" && r.Order.From > r.Newest {
		e.add("order-after-report", m.Order.Since, exampleOf(r, e.src.mapper.cell(&r, m.Order.Since)), "The order holds from a day after that on which the row reports it", "It may be meant so; a wrong year is more frequent.")
	}
}

// together finds what only several rows show.
func (e *examiner) together(ctx context.Context) error {
	if err := e.duplicates(ctx); err != nil {
		return err
	}
	if err := e.order.byLicense(ctx, true); err != nil {
		return err
	}
	var rows []spot
	for at, err := range e.order.rows() {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		if len(rows) > 0 && at.first != rows[0].first {
			if err := e.license(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
		if len(rows) < licenseRowsMax {
			rows = append(rows, at)
		}
	}
	return e.license(rows)
}

// license looks at the rows of one license.
func (e *examiner) license(rows []spot) error {
	if len(rows) == 0 || rows[0].surnames < 2 && !rows[0].split {
		return nil
	}
	first, err := e.src.at(rows[0].place)
	if err != nil {
		return err
	}
	if rows[0].split {
		e.add("number-two-professions", e.src.Mapping.License.Number, exampleOf(first, first.License.Number), "A number stands under several professions", "Where a board numbers all its licenses in one row, one of them is wrong.")
	}
	if rows[0].surnames < 2 {
		if !e.src.Mapping.License.NumberUnique {
			return nil
		}
		return e.setAside(rows, &e.q.Refused)
	}
	if err := e.setAside(rows, &e.q.Quarantined); err != nil {
		return err
	}
	names, err := e.src.surnames(rows)
	if err != nil {
		return err
	}
	x := exampleOf(first, strings.Join(names, " / "))
	x.Note = fmt.Sprintf("The file has this number under several surnames: %s. %s A person decides; nothing is merged.", named(names), resembling(names))
	e.add("two-surnames", e.src.Mapping.familyColumn(), x, "A number stands under several surnames", "An import sets all rows of the license aside until a person decides. Counted are licenses.")
	return nil
}

// setAside counts the rows of a license that are not taken for what other rows of it hold.
func (e *examiner) setAside(rows []spot, count *int64) error {
	for _, at := range rows {
		if at.flawed {
			continue
		}
		*count++
		if at.clean {
			e.q.Clean--
		}
		if len(e.src.Mapping.File.Refuse) == 0 {
			continue
		}
		r, err := e.src.at(at.place)
		if err != nil {
			return err
		}
		if e.src.mapper.note(&r, e.q.Day); len(e.src.Mapping.refuses(r.Notes)) > 0 {
			e.q.Refused-- // counted as refused before
		}
	}
	return nil
}

// duplicates finds rows that are the same in every byte.
func (e *examiner) duplicates(ctx context.Context) error {
	var last uint64
	var first int64
	for b, err := range e.lines.sorted() {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		digest, row := binary.BigEndian.Uint64(b), int64(binary.BigEndian.Uint64(b[8:]))
		if digest != last || first == 0 {
			last, first = digest, row
			continue
		}
		e.add("duplicate", "", Example{Row: row, Note: fmt.Sprintf("The same as row %d.", first)}, "The row stands in the file before", "It adds nothing and changes nothing.")
	}
	return nil
}

// finish brings the findings into the order in which a board wants them.
func (e *examiner) finish() {
	for _, f := range e.found {
		slices.SortStableFunc(f.Examples, func(a, b Example) int { return cmp.Compare(a.Row, b.Row) })
		e.q.Findings = append(e.q.Findings, f)
	}
	slices.SortFunc(e.q.Findings, func(a, b *Finding) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Title, b.Title))
	})
}

// noteDetail says what becomes of rows with a note.
func noteDetail(rule string) string {
	if d, ok := noteDetails[rule]; ok {
		return d
	}
	return "The rows are taken."
}

var noteDetails = map[string]string{
	NoteContradicts: "The days are taken, the word is not. A word that was right once and was never changed is the usual cause; where it is so in many rows, look whether the mapping reads the right columns as days of the term.",
	NoteFuture:      "What a file tells of has happened; one of the two days is wrong.",
	NoteTermFuture:  "The rows are taken: a license may be renewed early.",
	NoteTwoOrders:   "Both are recorded. If they are one, the mapping says {} for the status word: the order column tells more.",
	NoteState:       "The values are copied as they stand. Countries and spellings in the place of a state lead to letters that come back; where the column holds other codes, leave address.state away.",
}

// flawTitle says in a line what a rule is about.
func flawTitle(rule string) string {
	if t, ok := flawTitles[rule]; ok {
		return t
	}
	return "Other: " + rule
}

var flawTitles = map[string]string{
	"csv-width": "The row has more or fewer fields than the header", "csv-quote": "A quotation mark stands where none belongs", "csv-line": "A row ends in the middle",
	"field-long": "A field is too long", "row-long": "The row is too long", "not-utf-8": "The text is not in the file's encoding", "not-encoded": "The text is not in the file's encoding",
	"value-long": "A value is too long", "value-control": "A value holds characters that nobody sees or that make text look other than it is",
	"number-missing": "The license number is missing", "number-pattern": "The license number is not written as numbers of the profession are", "number": "The license number cannot be one",
	"number-two-professions": "A number stands under two professions", "profession-missing": "The profession is missing", "profession-unknown": "The profession is one that the mapping does not know",
	"name-missing": "Nobody is named", "name-form": "The name is not written surname, comma, given names", "date": "A day is not written as the mapping says", "date-ambiguous": "A day can be read as two",
	"issued-missing": "The day of original issue is missing", "term-from-missing": "The first day of the term is missing", "term-through-missing": "The last day of the term is missing",
	"term-reversed": "The term ends before it begins", "status-missing": "The status is missing", "status-unknown": "The status is a word that the mapping does not know",
	"status-day-missing": "The day of the status is missing", "status-outside-term": "The status begins outside of the row's term", "action-missing": "The action is missing",
	"action-unknown": "The action is one that the mapping does not know", "order-not-told": "The board decided, and the row does not say what", "order-day-missing": "The day of the order is missing", "order-reversed": "The order ends before it begins",
	"subject-missing": "Whether it is a person or an organization is missing", "subject-unknown": "Whether it is a person or an organization is said in an unknown word",
	"npi": "The NPI is none: its last digit does not check", "npi-missing": "The NPI is missing", "exclusion-day-missing": "The day of the exclusion is missing",
	NoteContradicts: "The status contradicts the days of the term", NoteFuture: "The day lies after the file's own day", NoteTermFuture: "The term begins after the file's own day",
	NoteTwoOrders: "A status word and an order tell of the same effect: two orders", NoteState: "The state is none of the known codes",
	"claim-state-missing": "A claimed license names no state", "term-otherwise": "The first day of the term was taken from another column",
}
