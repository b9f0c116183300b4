package rehearse

import (
	"maps"
	"slices"

	"licet/license"
)

// compare lists the licenses whose standing would differ, on the days from the first
// that is simulated on.
func (w *world) compare() {
	for _, id := range slices.Sorted(maps.Keys(w.licenses)) {
		l := w.licenses[id]
		if !l.differs || !l.unlike() {
			continue
		}
		var p *license.Profession
		if i, err := license.ParseID(id); err == nil {
			if known, ok := w.professions[i.ProfessionID()]; ok {
				p = &known
			}
		}
		w.report.Differ = append(w.report.Differ, l.differences(w.From, w.To, p)...)
	}
}

// unlike says whether something stands in one fold alone.
func (l *lic) unlike() bool {
	return len(l.taken) > 0 || slices.ContainsFunc(l.sims, func(e effect) bool { return !e.matched }) || len(l.own) != len(l.real)
}

// differences compares both folds day by day. Nothing changes but on days that one of
// them names. A span that reaches over the last day that is simulated is told once.
func (l *lic) differences(from, to license.Day, p *license.Profession) (out []Difference) {
	real, own := license.FoldLicense(l.real, ""), license.FoldLicense(l.own, "")
	days := []license.Day{from}
	for _, x := range []*license.License{real, own} {
		for _, d := range turns(x) {
			if d > from {
				days = append(days, d)
			}
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	for i, day := range days {
		was, would := standing(real, day, p), standing(own, day, p)
		if was == would {
			continue
		}
		d := Difference{License: l.id, From: day, Was: was, Would: would, By: l.by(day)}
		if i+1 < len(days) {
			d.Through = days[i+1].Add(-1)
		}
		if n := len(out); n > 0 && after(out[n-1].Through) == day && (day > to || out[n-1].Was == was && out[n-1].Would == would && out[n-1].By == d.By) {
			out[n-1].Through = d.Through
			continue
		}
		out = append(out, d)
	}
	return out
}

// standing is what everybody may be told; what an order's document says is not.
func standing(l *license.License, day license.Day, p *license.Profession) Standing {
	if l == nil || l.Licensee == "" { // its issue would be refused
		return Standing{Status: NotThere, Authority: license.MayIsNotKnown, Registration: license.RegistrationVoid, Discipline: "none"}
	}
	s := l.StandingOn(day, p, nil)
	return Standing{s.Primary, s.Secondary, s.Authority, s.Registration, s.Discipline}
}

// turns are the days on which a license's standing may change.
func turns(l *license.License) (days []license.Day) {
	if l == nil {
		return nil
	}
	for _, t := range l.Terms {
		days = append(days, t.From, after(t.Through), after(t.Grace))
	}
	for _, o := range l.Orders {
		days = append(days, o.Start, after(o.End))
		for _, s := range o.Stays {
			days = append(days, s.From, after(s.Through))
		}
	}
	for _, c := range l.Lifecycles {
		days = append(days, c.From)
	}
	return days
}

// by names the rule to which a difference on a day goes back: the newest one that holds
// by then, first of what the contract would do, then of what it would not.
func (l *lic) by(day license.Day) Rule {
	for _, all := range [][]effect{l.sims, l.taken} {
		var best *effect
		for i := range all {
			if e := &all[i]; !e.matched && e.from <= day && (best == nil || e.from >= best.from) {
				best = e
			}
		}
		if best != nil {
			return best.Rule
		}
	}
	for _, all := range [][]effect{l.sims, l.taken} {
		for i := range all {
			if !all[i].matched {
				return all[i].Rule
			}
		}
	}
	return Rule{Do: "void"}
}
