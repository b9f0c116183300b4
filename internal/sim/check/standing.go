package check

import (
	"fmt"
	"slices"
	"strings"

	"licet/strict"
)

// A Standing is the three axes of a license on a day, and on which license it rests.
type Standing struct{ Registration, Discipline, Authority, Through, Rests string }

// StandingOf computes the standing that a license record gives on a day.
func StandingOf(record []byte, day string) (s Standing, err error) {
	var l license
	if err := strict.Decode(record, &l, len(record)); err != nil {
		return s, fmt.Errorf("the license cannot be read: %w", err)
	}
	if l.Licensee == "" {
		s.Registration = "void"
	} else {
		s.Registration, s.Through = l.terms(day)
		if c := l.lifecycle(day); c != "" && c != "active" {
			s.Registration = c
		}
	}
	s.Rests = l.restsOn(day)
	worst := l.worst(day)
	s.Discipline = map[string]string{"": "none", "none": "noted", "conditions": "conditions", "barred": "barred"}[worst]
	told := s.Registration != "not-told"
	switch {
	case worst != "barred" && !told:
		s.Authority = "not-known"
	case s.Registration != "active" && s.Registration != "not-lapsed" || worst == "barred":
		s.Authority = "may-not-practice"
	case worst == "conditions":
		s.Authority = "may-practice-with-conditions"
	default:
		s.Authority = "may-practice"
	}
	return s, nil
}

// terms judges by the term that has begun and lasts the longest.
func (l *license) terms(day string) (code, through string) {
	const forever = "9999-12-32"
	var best *term
	lasts := func(t *term) string {
		if t.Through == "" {
			return forever
		}
		return t.Through
	}
	later := false
	for i := range l.Terms {
		t := &l.Terms[i]
		if t.From > day {
			later = true
		} else if best == nil || lasts(t) > lasts(best) {
			best = t
		}
	}
	switch {
	case best == nil && !later && l.Source == "import":
		return "not-told", ""
	case best == nil:
		return "not-begun", ""
	case day <= lasts(best):
		return "active", best.Through
	case day <= best.Grace:
		return "not-lapsed", best.Through
	case later:
		return "between-terms", best.Through
	}
	return "not-renewed", best.Through
}

// restsOn is the license of the newest row by the day, or else of the oldest one.
func (l *license) restsOn(day string) (id string) {
	rows := slices.Clone(l.Rests)
	slices.SortStableFunc(rows, func(a, b rest) int { return strings.Compare(a.From, b.From) })
	for i, r := range rows {
		if r.From <= day || i == 0 {
			id = r.License
		}
	}
	return id
}

func (l *license) lifecycle(day string) (status string) {
	from := ""
	for _, c := range l.Lifecycles {
		if c.From <= day && c.From >= from {
			status, from = c.Status, c.From
		}
	}
	return status
}

// worst is the heaviest effect of the orders in force, or "".
func (l *license) worst(day string) (worst string) {
	for _, o := range l.Orders {
		holds := o.Start <= day && (o.End == "" || day <= o.End)
		for _, s := range o.Stays {
			if s.From <= day && (s.Through == "" || day <= s.Through) {
				holds = false
			}
		}
		if holds && weightOf(o.Authority) > weightOf(worst) {
			worst = o.Authority
		}
	}
	return worst
}

func weightOf(authority string) int {
	return slices.Index([]string{"", "none", "conditions", "barred"}, authority)
}
