package synthetic

import (
	"licet/internal/roster"
)

// A maker makes licenses one after the other.
type maker struct {
	Options
	today  date    // the file's day
	anchor date    // until when everything is drawn; later comes what follows from it
	used   [][]int // of each type and description: how many numbers are given out
	rows   int64
	row    roster.Row
	yield  func(*roster.Row) bool
}

func newMaker(o Options, yield func(*roster.Row) bool) *maker {
	m := &maker{Options: o, today: dayOf(o.Day), anchor: dayOf(DefaultDay), yield: yield}
	for _, t := range types {
		m.used = append(m.used, make([]int, len(t.descriptions)))
	}
	return m
}

// A drawn license: what its rows share, as far as discipline needs it.
type drawn struct {
	*chance
	no                                   int64
	issued, effective, expires, modified date
	lapsed                               bool // by its status word
	odd                                  bool // its term says never, or contradicts the status
}

// license makes license no and its rows. It says whether to go on.
func (m *maker) license(no int64) bool {
	c := chanceOf(m.Seed, uint64(no))
	ti := weighted(c, types, weightOfAll, func(t *licenseType) int { return t.weight })
	t := &types[ti]
	di := weighted(c, t.descriptions, t.shares, func(d *description) int { return d.share })
	d := &t.descriptions[di]
	serial := serialOf(number(d.class), m.used[ti][di])
	m.used[ti][di]++

	r := &m.row
	*r = roster.Row{}
	r[roster.Type], r[roster.Description] = t.name, d.name
	l := &drawn{chance: c, no: no, issued: m.issuedOf(c, serial)}
	r[roster.Number] = numberOf(c, d.class, serial, l.issued)
	m.term(l, t.renewal, r)
	holder(c, d, r)
	address(c, r)
	particulars(c, d, r)
	m.later(l, t.renewal, r)
	return m.discipline(l, r)
}

// serialOf spreads the numbers that a class gives out over a million, each once:
// the multiplier has no divisor in common with a million.
func serialOf(class, n int) int {
	return int((int64(n)*618_033 + int64(class)*141_421) % 1_000_000)
}

// issuedOf is the day on which a number was given out: the higher, the later.
func (m *maker) issuedOf(c *chance, serial int) date {
	var d date
	if back := beforeCentury - serial; back > 0 {
		d = century - 1 - date(int64(back)*int64(back)*int64(paperDays)/int64(beforeCentury)/int64(beforeCentury))
	} else {
		d = century + date(int64(-back)*int64(m.anchor-century)/int64(1_000_000-beforeCentury))
	}
	d -= date(c.below(20))
	switch k := c.below(1_000_000); {
	case k < futureIssued:
		d = m.anchor + 1 + date(c.below(int(lastFuture-m.anchor)))
	case k < futureIssued+firstIssued:
		d = earliest + date(c.below(int(dateOf(1945, 1, 1)-earliest)))
	}
	return d
}

func numberOf(c *chance, class string, serial int, issued date) string {
	digits := [9]byte{class[0], class[1], class[2]}
	for i := 8; i > 2; i-- {
		digits[i], serial = byte('0'+serial%10), serial/10
	}
	if c.ppm(noNumber) {
		return ""
	}
	if issued < maskedBefore && c.ppm(maskedOfOld) {
		for i := 2; i < 7; i++ {
			digits[i] = '*'
		}
	}
	return string(digits[:])
}

// activeOf is the share of licenses that are active after so many years, in percent.
func activeOf(years int) int {
	switch {
	case years < 3:
		return 85
	case years < 10:
		return 58
	case years < 20:
		return 40
	case years < 40:
		return 22
	}
	return 3
}

// term draws status, term and their dirt.
func (m *maker) term(l *drawn, y renewal, r *roster.Row) {
	c, status := l.chance, active
	l.expires = y.end(m.anchor)
	if c.below(100) >= activeOf(int(m.anchor-l.issued)/365) {
		l.lapsed = true
		status = lapsed[weighted(c, lapsed, weightOfLapsed, func(w *word) int { return w.weight })].text
	}
	if status == notRenewed || status == "EXPIRED" || l.lapsed && c.below(2) == 0 {
		// The last term ended between the first renewal and the newest one.
		span := int(m.anchor-l.issued) + 1
		l.expires = y.end(l.issued + date(c.low(max(span, 1))))
		for l.expires >= m.anchor {
			l.expires = y.before(l.expires)
		}
		if l.expires <= l.issued && (status == notRenewed || status == "EXPIRED") {
			status, l.lapsed, l.expires = active, false, y.end(m.anchor)
		}
	}
	l.effective = max(y.before(l.expires)+1-date(c.below(45)), l.issued)
	if l.effective > m.anchor || c.below(3) == 0 {
		l.effective = max(y.before(l.expires)+1, min(l.issued, l.expires))
	}
	switch k := c.below(1_000_000); {
	case k < expiresNever && !l.lapsed:
		l.expires, l.effective, l.odd = never, l.issued, true
	case k >= expiresNever && k < expiresNever+activePast && !l.lapsed:
		l.expires = y.end(l.issued + date(c.below(max(int(m.anchor-l.issued)-3*365, 1))))
		l.effective, l.odd = l.issued, true
	}
	r[roster.Status] = status
	from := max(filesBegin, min(max(l.issued, l.effective), m.anchor))
	if !l.lapsed { // it was renewed within its term
		from = max(from, m.anchor-2*365)
	}
	l.modified = from + date(c.low(int(m.anchor-from)+1))
	r[roster.Issued] = orMissing(c, l.issued, noIssued)
	r[roster.Effective] = orMissing(c, l.effective, noEffective)
	r[roster.Expires] = orMissing(c, l.expires, noExpires)
}

// orMissing writes a date, or one of the file's three ways to write none.
func orMissing(c *chance, d date, missing int) string {
	if c.ppm(missing) {
		return [...]string{"/ /", "/ /", roster.None, ""}[c.below(4)]
	}
	return d.text("/ /")
}

// later brings a license from the day until which all is drawn to the file's day:
// its holder renews, mostly, or lets it lapse. It has a chance of its own, so that
// nothing else about the license changes from file to file. The first row is of
// the file's day, so that the file says of which day it is.
func (m *maker) later(l *drawn, y renewal, r *roster.Row) {
	for term := uint64(1); r[roster.Status] == active && !l.odd; term++ {
		c := chanceOf(m.Seed+term, ^uint64(l.no))
		renewed := max(l.expires-date(c.below(40)), m.anchor+1)
		if c.ppm(letsLapse) {
			if m.today <= l.expires {
				break
			}
			r[roster.Status], l.lapsed, l.modified = notRenewed, true, l.expires+1
			break
		}
		if m.today < renewed {
			break
		}
		l.effective, l.expires, l.modified = l.expires+1, y.end(l.expires+1), renewed
		replaceDate(&r[roster.Effective], l.effective)
		replaceDate(&r[roster.Expires], l.expires)
	}
	if l.no == 0 {
		l.modified = m.today
	}
	r[roster.Modified] = l.modified.text("")
}

// replaceDate leaves a cell that holds none as it is.
func replaceDate(cell *string, d date) {
	if len(*cell) > len(roster.None) {
		*cell = d.text("")
	}
}
