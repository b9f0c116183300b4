package synthetic

import (
	"strconv"
	"strings"

	"licet/internal/roster"
)

// A step is one action of a case; each has a row of its own.
type step struct {
	number, action, reason string
	start, end             date
}

// discipline writes the license's rows: one, or one for each disciplinary action.
func (m *maker) discipline(l *drawn, r *roster.Row) bool {
	r[roster.Disciplined] = "N"
	r[roster.Case], r[roster.Action], r[roster.DisciplineReason] = roster.None, roster.None, roster.None
	r[roster.DisciplineStart], r[roster.DisciplineEnd] = "/ /", "/ /"
	if !l.ppm(disciplined) || l.issued > m.anchor-60 {
		return m.put(r) && (!l.ppm(twoNames) || m.otherName(l, r))
	}
	r[roster.Disciplined] = "Y"
	steps := m.steps(l)
	for _, s := range steps {
		// What is in force stands in the status; who let the license lapse before
		// mostly keeps that word.
		if w := disciplineStatus[s.action]; w != "" && (s.end == noDate || s.end >= m.anchor) && (!l.lapsed || l.below(4) == 0) {
			r[roster.Status] = w
		}
	}
	for _, s := range steps {
		r[roster.Case], r[roster.Action], r[roster.DisciplineReason] = s.number, s.action, s.reason
		r[roster.DisciplineStart], r[roster.DisciplineEnd] = s.start.text("/ /"), s.end.text("/ /")
		if !m.put(r) {
			return false
		}
	}
	return true
}

// otherName writes the row a second time with another surname: a respelled one, or
// somebody else's.
func (m *maker) otherName(l *drawn, r *roster.Row) bool {
	last := r[roster.Last]
	if len(last) < 3 {
		return true
	}
	other := familyName(l.chance)
	if l.below(2) == 0 {
		other = last[:len(last)-2] + string(rune('A'+l.below(26))) + last[len(last)-1:]
	}
	r[roster.Last] = other
	r[roster.BusinessName] = strings.Replace(r[roster.BusinessName], last, other, 1)
	return m.put(r)
}

func (m *maker) steps(l *drawn) (ss []step) {
	cases := 1
	for cases < 4 && l.ppm(secondCase) {
		cases++
	}
	from := max(l.issued, dateOf(1985, 1, 1))
	for n := range cases {
		start := from + date(l.below(int(m.anchor-from)))
		year, _, _ := start.civil()
		s := step{number: caseNumber(year, l.no*4+int64(n)), reason: pick(l.chance, grounds) + pick(l.chance, settings)}
		for first := true; first || l.ppm(secondStep); first = false {
			s.action = actions[weighted(l.chance, actions, weightOfActions, func(w *word) int { return w.weight })].text
			s.start, s.end = start, noDate
			if l.ppm(hasEnd) {
				s.end = start + 30 + date(l.below(5*365))
			}
			ss = append(ss, s)
			start = min(start+date(l.below(700)), m.anchor)
		}
	}
	return ss
}

// caseNumber says of itself that nobody has such a case.
func caseNumber(year int, n int64) string {
	b := append([]byte("SYN"), strconv.Itoa(year)...)
	b = append(b, '-')
	digits := strconv.FormatInt(n, 10)
	for range max(0, 7-len(digits)) {
		b = append(b, '0')
	}
	return string(append(b, digits...))
}

// put numbers a row and hands it on.
func (m *maker) put(r *roster.Row) bool {
	m.rows++
	r[roster.ID] = IDPrefix + strconv.FormatInt(m.rows, 10)
	return m.yield(r)
}
