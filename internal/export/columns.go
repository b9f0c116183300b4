package export

import (
	"iter"
	"strings"

	"licet/internal/answer"
	"licet/internal/roster"
	"licet/license"
)

// rows writes a license in Illinois' columns: one row, or one for each order.
func rows(l *answer.Exported) iter.Seq[*roster.Row] {
	r := rowOf(l)
	return func(yield func(*roster.Row) bool) {
		if len(l.Orders) == 0 {
			yield(r)
			return
		}
		for i := range l.Orders {
			putOrder(r, &l.Orders[i])
			if !yield(r) {
				return
			}
		}
	}
}

func rowOf(l *answer.Exported) *roster.Row {
	r := &roster.Row{
		roster.ID: l.ID, roster.Type: l.Parts.Profession, roster.Description: l.Title, roster.Number: l.Parts.Number,
		roster.Status: statusWord(&l.Standing), roster.Business: flag(l.Record.Subject == license.SubjectOrganization),
		roster.First: l.Name.Given, roster.Middle: l.Name.Middle, roster.Last: l.Name.Family, roster.Suffix: l.Name.Suffix,
		roster.DBA: l.Name.DBA, roster.BusinessName: l.Name.Legal,
		roster.City: l.Texts[license.OpeningCity], roster.State: l.Texts[license.OpeningState], roster.Zip: l.Texts[license.OpeningZip],
		roster.Specialty: roster.None, roster.Schedule: roster.None, roster.DelegatedSchedule: roster.None,
		roster.Disciplined: flag(len(l.Orders) > 0), roster.Issued: date(l.Record.Issued), roster.Modified: date(l.Changed),
		roster.Case: roster.None, roster.Action: roster.None, roster.DisciplineReason: roster.None,
		roster.DisciplineStart: noDate, roster.DisciplineEnd: noDate,
	}
	if l.Name.Legal == "" { // Illinois repeats a person's name here
		r[roster.BusinessName] = l.Name.String()
	}
	var t license.Term
	if x := termOn(l.Record.Terms, l.Standing.Day); x != nil {
		t = *x
	}
	r[roster.Effective], r[roster.Expires] = date(t.From), date(t.Through)
	return r
}

// statusWord is one word, as Illinois has it: that of a probation where one is in
// force, which else stands beside the registration's.
func statusWord(s *license.Standing) string {
	if s.Discipline == "conditions" && s.Secondary != "" {
		word, _, _ := strings.Cut(s.Secondary, ", ")
		return word
	}
	return s.Primary
}

// termOn is the newest term that has begun by the day, else the first.
func termOn(ts []license.Term, on license.Day) (best *license.Term) {
	for i := range ts {
		t := &ts[i]
		switch {
		case best == nil,
			t.From <= on && (best.From > on || t.From >= best.From),
			t.From > on && best.From > on && t.From < best.From:
			best = t
		}
	}
	return best
}

func putOrder(r *roster.Row, o *answer.ExportedOrder) {
	r[roster.Case], r[roster.DisciplineStart], r[roster.DisciplineEnd] = o.ID, date(o.Start), date(o.End)
	r[roster.Action], r[roster.DisciplineReason] = "ORDER", roster.None // withheld
	if o.Action != "" {                                                 // a contract's, which has no document
		r[roster.Action] = strings.ToUpper(strings.ReplaceAll(o.Action, "-", " "))
		r[roster.DisciplineReason] = reasonOf(o)
	}
	if d := o.Document; d != nil {
		if main := d.Main(); main != "" {
			r[roster.Action] = strings.ToUpper(strings.ReplaceAll(main, "-", " "))
		}
		if len(d.Bases) > 0 {
			r[roster.DisciplineReason] = strings.Join(d.Bases, "; ")
		}
	}
}

// reasonOf says of a contract's order by which law and contract it is: nobody decided it.
func reasonOf(o *answer.ExportedOrder) string {
	s := "automatically by contract " + o.Contract
	if o.Rule != nil && o.Rule.Citation != "" {
		s = o.Rule.Citation + "; " + s
	}
	return s
}

func flag(b bool) string {
	if b {
		return "Y"
	}
	return "N"
}

// noDate is how the file writes that there is none.
const noDate = "/ /"

// date writes a day as the file does, with an empty time of day.
func date(d license.Day) string {
	if len(d) != len("2026-05-31") {
		return noDate
	}
	return string(d[5:7]) + "/" + string(d[8:]) + "/" + string(d[:4]) + " 00:00:00"
}
