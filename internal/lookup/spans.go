package lookup

import (
	"database/sql/driver"
	"slices"
	"strings"

	"modernc.org/sqlite"

	"licet/license"
)

// A license's status changes on days that its record names. The copy keeps, for
// each stretch of days, the codes of its standing: a line with the first day and
// the codes, the oldest first. So "SUSPENDED on May 3" is answered from the row.

// spansMax bounds the spans of one license; what comes later is as the last says.
const spansMax = 200

// Codes of spans that standings do not have: of an order whose action is not
// shown, and of one that is stayed.
const (
	codeBarred     = "barred"
	codeConditions = "conditions"
	codeNoted      = "noted"
	codeStayed     = "stayed"
)

// usualCodes are those that most licenses have at some time. Under the others
// there are postings.
var usualCodes = []string{
	license.RegistrationPending, license.RegistrationActive, license.RegistrationGrace, license.RegistrationLapsed,
	license.RegistrationGap, license.MayPractice, license.MayNotPractice,
}

// Codes are all by which licenses can be searched, besides those of authority.
func Codes() []string {
	return append([]string{
		license.RegistrationActive, license.RegistrationPending, license.RegistrationGrace, license.RegistrationLapsed, license.RegistrationGap,
		license.RegistrationInactive, license.RegistrationSurrender, license.RegistrationDeceased, license.RegistrationCanceled, license.RegistrationVoid,
		license.RegistrationNotTold,
		codeBarred, codeConditions, codeNoted, codeStayed,
	}, license.ActionCodes...)
}

// StatusCodes returns the codes of a standing by which licenses can be searched: of
// every order in force, and of the registration unless an order bars practice:
// nobody who looks for active licenses means those that are revoked.
func StatusCodes(s *license.Standing) []string {
	codes := []string{s.Authority}
	if s.Discipline != codeBarred {
		codes = append(codes, s.Registration)
	}
	for _, o := range s.Orders {
		c := o.Action
		switch {
		case o.Stayed:
			c = codeStayed
		case !o.InForce:
			continue
		case c != "":
		case o.Authority == license.AuthorityBarred:
			c = codeBarred
		case o.Authority == license.AuthorityConditions:
			c = codeConditions
		default:
			c = codeNoted
		}
		if !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}

// spansOf computes the spans of a license. documents is as StandingOn's.
func spansOf(l *license.License, documents func(license.Hash) *license.OrderDocument) string {
	var b strings.Builder
	var last string
	for i, d := range turningDays(l) {
		if i == spansMax {
			break
		}
		s := l.StandingOn(d, nil, documents)
		if codes := strings.Join(StatusCodes(&s), " "); codes != last {
			last = codes
			b.WriteString(string(d) + " " + codes + "\n")
		}
	}
	return b.String()
}

// turningDays are the days on which a standing may become another.
func turningDays(l *license.License) []license.Day {
	days := []license.Day{license.DayMin}
	from := func(d license.Day) {
		if d != "" {
			days = append(days, d)
		}
	}
	after := func(d license.Day) {
		if d != "" && d < license.DayMax {
			days = append(days, d.Add(1))
		}
	}
	for _, t := range l.Terms {
		from(t.From)
		after(t.Through)
		after(t.Grace)
	}
	for _, c := range l.Lifecycles {
		from(c.From)
	}
	for _, o := range l.Orders {
		from(o.Start)
		after(o.End)
		for _, s := range o.Stays {
			from(s.From)
			after(s.Through)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// spanOn returns the codes that hold on a day.
func spanOn(spans, day string) (codes string) {
	for spans != "" {
		line, rest, _ := strings.Cut(spans, "\n")
		if from, c, _ := strings.Cut(line, " "); from <= day {
			codes = c
		}
		spans = rest
	}
	return codes
}

// everHad returns every code of the spans, each once.
func everHad(spans string) (codes []string) {
	for line := range strings.Lines(spans) {
		for _, c := range strings.Fields(line)[1:] {
			if !slices.Contains(codes, c) {
				codes = append(codes, c)
			}
		}
	}
	return codes
}

// anyOf says whether a list of codes, parted by spaces, holds one of another.
func anyOf(have, wanted string) bool {
	for h := range strings.FieldsSeq(have) {
		for w := range strings.FieldsSeq(wanted) {
			if h == w {
				return true
			}
		}
	}
	return false
}

// status_on(spans, day, codes) asks in SQL what spanOn answers.
func init() {
	sqlite.MustRegisterDeterministicScalarFunction("status_on", 3, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		spans, _ := args[0].(string)
		day, _ := args[1].(string)
		codes, _ := args[2].(string)
		if anyOf(spanOn(spans, day), codes) {
			return int64(1), nil
		}
		return int64(0), nil
	})
}
