package importer

import (
	"fmt"
	"slices"

	"licet/license"
)

// A file says nothing of what is over: the word that told of it is another one today. So
// what an earlier file told, and what would stand for ever, is noted at a row of the
// license, with every file, until somebody says what ended it.

// noteStands finds what earlier files told of a license, and no row of this one does.
func (p *planner) noteStands(l *licenseRows) error {
	m, st := p.src.Mapping, l.st
	if p.older || m.namesOnly() || st.native || !st.known {
		return nil
	}
	orders, status := st.unended(m, p.opts.Day), st.fromFile(m, p.opts.Day)
	if len(orders) == 0 && status == nil {
		return nil
	}
	last := l.first
	for i, at := range l.rows {
		if at.flawed {
			continue
		}
		r, err := l.first, error(nil)
		if i > 0 {
			r, err = p.row(at)
		}
		if err != nil {
			return err
		}
		last = r
		orders = slices.DeleteFunc(orders, r.tells)
		if r.Status != nil && r.Status.Lifecycle != "" || r.Order != nil && r.Order.Lifecycle != "" {
			status = nil
		}
	}
	var notes []Flaw
	for i := range orders {
		notes = append(notes, *p.src.mapper.orderStands(&last, &orders[i], st.action(&orders[i])))
	}
	if status != nil && last.says != SaysOver { // which is not that it goes on
		notes = append(notes, *p.src.mapper.lifecycleStands(&last, status))
	}
	if len(notes) > 0 {
		l.stands = map[int64][]Flaw{last.Number: notes}
		p.forget(l.id.String())
	}
	return nil
}

// unended returns the orders that hold on a day and without an end, that files told of,
// and of which a word of the mapping would tell.
func (s *standing) unended(m *Mapping, day license.Day) (out []license.Order) {
	for _, o := range s.license.Orders {
		if o.End != "" || o.Start > day || o.Authority == license.AuthorityNone || !m.couldTell(o.Authority, s.action(&o)) {
			continue
		}
		if slices.ContainsFunc(s.copied, func(c Copied) bool { return slices.Contains(c.Orders, o.ID) }) {
			out = append(out, o)
		}
	}
	return out
}

// action returns what was ordered, or "" where the document is not shown.
func (s *standing) action(o *license.Order) string {
	d, err := license.ParseOrderDocument(s.texts[o.Commitment])
	if err != nil {
		return ""
	}
	return d.Main()
}

// couldTell says whether a word of the mapping tells of orders like this; of action "",
// only the effect is known.
func (m *Mapping) couldTell(authority, action string) bool {
	like := func(a, x string) bool { return a == authority && (action == "" || x == action) }
	for _, w := range m.Status.Words {
		if like(w.Authority, w.Action) {
			return true
		}
	}
	for _, w := range m.Order.Words {
		if like(w.Authority, w.Action) {
			return true
		}
	}
	return false
}

// tells says whether the row tells of the order, or of one that does more.
func (r Row) tells(o license.Order) bool {
	as := func(authority string) bool { return authority == o.Authority || authority == license.AuthorityBarred }
	return r.Status != nil && as(r.Status.Authority) || r.Order != nil && as(r.Order.Authority)
}

// fromFile returns the registration status that stands on a day, if it is another than
// active and a file told it; else nil.
func (s *standing) fromFile(m *Mapping, day license.Day) *license.Lifecycle {
	if m.Status.Column == "" {
		return nil
	}
	var at *license.Lifecycle
	for i := range s.license.Lifecycles {
		if c := &s.license.Lifecycles[i]; c.From <= day && (at == nil || c.From >= at.From) {
			at = c
		}
	}
	if at == nil || at.Status == license.LifecycleActive {
		return nil
	}
	if !slices.ContainsFunc(s.copied, func(c Copied) bool { return slices.Contains(c.Lifecycles, at.From) }) {
		return nil
	}
	return at
}

func (m *mapper) orderStands(r *Row, o *license.Order, action string) *Flaw {
	column, what := m.Status.Column, ""
	if column == "" {
		column = m.Order.Action
	}
	if action != "" {
		what = ": " + action
	}
	return flaw(column, m.cell(r, column), NoteOrder,
		"The registry has an order of %s from an earlier file (authority %s%s), without an end, and this row does not tell of it. It stands until somebody ends it: licet license lift %s --order %s --from DAY --key KEY --as board/%s",
		o.Start, o.Authority, what, r.License, o.ID[:min(8, len(o.ID))], r.License.Board)
}

func (m *mapper) lifecycleStands(r *Row, c *license.Lifecycle) *Flaw {
	word := fmt.Sprintf("the word %q", shown(r.word))
	if r.word == "" {
		word = "the word for it"
	}
	return flaw(m.Status.Column, m.cell(r, m.Status.Column), NoteLifecycle,
		"The license is %s in the registry since %s, from an earlier file, and this row says nothing of that. If it is active again, give %s lifecycle = %q under [status.words].",
		c.Status, c.From, word, license.LifecycleActive)
}
