package importer

import (
	"fmt"
	"slices"
	"strings"

	"licet/license"
)

// Rules of notes on rows that are taken all the same. A mapping can make a refusal of
// each, with file.refuse.
const (
	NoteContradicts = "status-contradicts-days"
	NoteFuture      = "day-future"
	NoteTermFuture  = "term-future"
	NoteTwoOrders   = "two-orders"
	NoteState       = "state"
	NoteOrder       = "order-stands"
	NoteOrderEnd    = "order-end"
	NoteLifecycle   = "lifecycle-stands"
)

// NoteRules lists all of them.
var NoteRules = []string{"charge", "claim-state-missing", NoteFuture, NoteLifecycle, NoteOrderEnd, NoteOrder, NoteState, NoteContradicts, NoteTermFuture, "term-otherwise", NoteTwoOrders}

func (m *Mapping) checkRefuse(no func(string, ...any)) {
	for i, rule := range m.File.Refuse {
		if !slices.Contains(NoteRules, rule) || slices.Contains(m.File.Refuse[:i], rule) {
			no("file.refuse: %q; name each of %s once (other rules refuse rows anyway)", rule, strings.Join(NoteRules, ", "))
		}
	}
}

// note adds what there is to say of a row on the day that the file is of, once.
func (m *mapper) note(r *Row, day license.Day) {
	if r.noted {
		return
	}
	r.noted = true
	if f := m.contradiction(r, day); f != nil {
		r.Notes = append(r.Notes, *f)
	}
	r.Notes = append(r.Notes, m.future(r, day)...)
	if o := r.Order; o != nil && !o.acts() {
		r.Notes = append(r.Notes, *flaw(m.Order.Action, o.Word, "charge", "This changes nothing, and is not recorded."))
	}
}

// refuses returns those of a row's notes of which the mapping makes refusals.
func (m *Mapping) refuses(notes []Flaw) (flaws []Flaw) {
	for _, n := range notes {
		if slices.Contains(m.File.Refuse, n.Rule) {
			n.Reason += " The mapping refuses such rows."
			flaws = append(flaws, n)
		}
	}
	return flaws
}

// future finds days after the one that the file is of: what a file tells of has happened,
// so one of the two days is wrong, or the file tells of what is only planned. That a term
// lies ahead is more usual: a license was renewed early.
func (m *mapper) future(r *Row, day license.Day) (notes []Flaw) {
	if day == "" {
		return nil
	}
	for _, d := range m.told(r) {
		if d.day > day {
			notes = append(notes, *flaw(d.column, m.cell(r, d.column), NoteFuture, "%s lies after %s, the day that the file is of.", d.day, day))
		}
	}
	if r.From > day && m.File.Holds != HoldsOrders && !m.Term.Extends {
		notes = append(notes, *flaw(m.Term.From, m.cell(r, m.Term.From), NoteTermFuture, "The term begins after %s, the day that the file is of.", day))
	}
	return notes
}

// A toldDay is a day of which a row tells as of what has happened.
type toldDay struct {
	column string
	day    license.Day
}

// told returns the days from which what a row tells holds.
func (m *mapper) told(r *Row) (days []toldDay) {
	add := func(column string, day license.Day) {
		if column != "" && day != "" && !slices.ContainsFunc(days, func(d toldDay) bool { return d.column == column }) {
			days = append(days, toldDay{column, day})
		}
	}
	add(m.License.Issued, r.Issued)
	if m.Status.Since != "" && len(r.record.fields) == m.n {
		d, _ := m.day(m.cell(r, m.Status.Since))
		add(m.Status.Since, d)
	}
	if r.Order != nil {
		add(m.Order.Since, r.Order.From)
	}
	return days
}

// twoOrders notes that a status word and the column of orders of one row tell of orders
// with the same effect, which are recorded as two.
func (m *mapper) twoOrders(r *Row) {
	s, o := r.Status, r.Order
	if s == nil || o == nil || s.Authority == "" || s.Authority != o.Authority {
		return
	}
	when := "both from " + string(o.From)
	if s.Day != o.From {
		when = fmt.Sprintf("the status from %s, the order from %s", dayOrFile(s), o.From)
	}
	r.Notes = append(r.Notes, *flaw(m.Status.Column, s.Word, NoteTwoOrders,
		"The status word and %q tell of the same effect, %s: two orders. If they are one, write {} for the status word.", m.Order.Action, when))
}

func dayOrFile(s *Status) string {
	if s.Day == "" {
		return "the day that the file is of"
	}
	return string(s.Day)
}

// noteState says of a value in the column of states that it is the code of none.
func (m *mapper) noteState(r *Row, v string) {
	if !knownState(v) {
		r.Notes = append(r.Notes, *flaw(m.Address.State, v, NoteState, "This is the code of no state of the United States, nor of a Canadian province. It is copied as it stands; where the column holds no such codes, leave address.state away."))
	}
}

// knownState says whether a value is a code that US files have in columns of states.
func knownState(v string) bool {
	code := " " + strings.ToUpper(v) + " "
	return len(v) == 2 && (strings.Contains(states, code) || strings.Contains(foreignStates, code))
}

// cell returns what a column holds, as the file writes it, without outer white space.
func (m *mapper) cell(r *Row, column string) string {
	i, ok := m.at[column]
	if !ok || i >= len(r.record.fields) {
		return ""
	}
	return strings.TrimSpace(r.record.fields[i])
}

// Kinds names what is told apart when a clerk looks at a mapping: the row's status word,
// action and profession.
func (r *Row) Kinds(m *Mapping) (kinds []string) {
	add := func(column, word string) {
		if column != "" && word != "" {
			kinds = append(kinds, shown(column)+" "+shown(word))
		}
	}
	add(m.Status.Column, r.word)
	if r.Order != nil {
		add(m.Order.Action, r.Order.Word)
	}
	if len(m.Profession) > 1 {
		add("profession", r.License.Profession)
	}
	return kinds
}
