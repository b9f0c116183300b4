package importer

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"licet/license"
)

// A recall goes through what was known before a file, in the order in which the
// licenses of the file are gone through, and puts the two side by side.
type recall struct {
	p       *planner
	ids     *idFile
	read    bool // the memory was written as this mapping reads rows
	next    func() (remembered, error, bool)
	stop    func()
	at      remembered
	more    bool
	changed []remembered // since the memory was complete, in order
	absent  []remembered // that the file does not hold
}

// recollect begins a recall. Without a memory, the registry's list of licenses says
// what earlier files brought in.
func (p *planner) recollect(listed *list, ids *idFile) (*recall, error) {
	r := &recall{p: p, ids: ids}
	var from iter.Seq2[remembered, error]
	switch {
	case p.older: // what it does not hold, and what it says, is all in the past
		from = func(func(remembered, error) bool) {}
	case p.opts.Memory != nil:
		from = p.opts.Memory.licenses()
		r.read = p.opts.Memory.Mark.Mapping == p.src.Mapping.Digest()
		for id := range p.opts.Changed {
			if m, ok := rememberedID(id); ok {
				r.changed = append(r.changed, m)
			}
		}
		slices.SortFunc(r.changed, remembered.compare)
	case listed != nil:
		from = listed.licenses()
	default:
		from = func(func(remembered, error) bool) {}
	}
	r.next, r.stop = iter.Pull2(from)
	return r, r.step()
}

// compare goes through the licenses of the file and through what was known before,
// and sorts what is to be planned. It returns what the file does not hold.
func (p *planner) compare(o *order) ([]remembered, error) {
	var listed *list
	if p.opts.Memory == nil && p.opts.Copied != nil && !p.older && p.src.Mapping.File.Holds == "" {
		var err error
		if listed, err = newList(p.opts.Copied, cmp.Or(p.opts.sortBytes, sortBytes)); err != nil {
			return nil, fmt.Errorf("what was imported before: %w", err)
		}
		defer listed.close()
	}
	r, err := p.recollect(listed, o.ids)
	if err != nil {
		return nil, err
	}
	defer r.stop()
	o.day, o.meet = p.opts.Day, r.meet
	o.unchanged = func(row, line int64, id string) {
		p.tell(Result{Row: row, Line: line, License: id, Outcome: Unchanged})
		p.step()
	}
	err = o.byLicense(p.ctx, p.src.Mapping.License.NumberUnique)
	if err == nil {
		err = r.rest()
	}
	p.planning = true
	return r.absent, err
}

// step goes on to the next license that was known.
func (r *recall) step() (err error) {
	r.at, err, r.more = r.next()
	if err != nil {
		return fmt.Errorf("what was imported before: %w", err)
	}
	return nil
}

// take returns what is known of the next license that does not stand after limit;
// nil: there is none.
func (r *recall) take(limit *remembered) (*remembered, error) {
	late := func(m remembered) bool { return limit != nil && m.compare(*limit) > 0 }
	known, changed := r.more && !late(r.at), len(r.changed) > 0 && !late(r.changed[0])
	switch {
	case !known && !changed:
		return nil, nil
	case changed && (!known || r.changed[0].compare(r.at) < 0): // of which the memory knows nothing
		m := r.changed[0]
		r.changed = r.changed[1:]
		return &m, nil
	}
	m := r.at
	if changed && r.changed[0].compare(m) == 0 {
		m.digest = digest{}
		r.changed = r.changed[1:]
	}
	return &m, r.step()
}

// meet says whether all rows of a license are as they were when the registry held
// all of them, and nothing was recorded about it since. Known licenses that stand
// before it are not in the file.
func (r *recall) meet(g *group) (id string, same bool, err error) {
	here := remembered{number: g.number, license: g.license}
	for {
		m, err := r.take(&here)
		if err != nil {
			return "", false, err
		}
		if m == nil {
			break
		}
		if m.compare(here) == 0 {
			id, same = m.id, m.digest == g.digest && !m.digest.uncertain() && r.read && g.plain()
			break
		}
		if err := r.miss(*m); err != nil {
			return "", false, err
		}
	}
	if d := r.p.opts.Draft; d != nil {
		here.digest = g.digest
		if !g.plain() {
			here.digest = digest{}
		}
		if here.id = id; id == "" {
			if here.id, err = r.ids.get(g.id); err != nil {
				return "", false, err
			}
		}
		return id, same, d.add(here)
	}
	return id, same, nil
}

// miss notes that the file does not hold a license.
func (r *recall) miss(m remembered) error {
	if !r.p.src.Mapping.describes(m.id) {
		return nil
	}
	if m.since == "" && r.p.opts.Memory != nil {
		m.since = r.p.opts.Day
	}
	r.absent = append(r.absent, m)
	if d := r.p.opts.Draft; d != nil {
		return d.add(m)
	}
	return nil
}

// rest meets what stands after the last license of the file.
func (r *recall) rest() error {
	for {
		m, err := r.take(nil)
		if m == nil || err != nil {
			return err
		}
		if err := r.miss(*m); err != nil {
			return err
		}
	}
}

// describes says whether a file of this mapping would hold the license.
func (m *Mapping) describes(id string) bool {
	l, err := license.ParseID(id)
	return err == nil && m.File.Holds == "" && l.Board == m.Board.ID &&
		slices.ContainsFunc(m.Profession, func(p ProfessionRules) bool { return p.ID == l.Profession })
}

// tellVanished tells of the licenses that earlier files brought in and this one does
// not hold. Where it is not certain that they did, the registry is asked.
func (p *planner) tellVanished(absent []remembered) error {
	var uncertain []string
	for _, m := range absent {
		if m.digest.uncertain() {
			uncertain = append(uncertain, m.id)
		}
	}
	copied, err := p.copied(uncertain)
	if err != nil {
		return err
	}
	slices.SortFunc(absent, func(a, b remembered) int { return cmp.Compare(a.id, b.id) })
	for _, m := range absent {
		if m.digest.uncertain() && !copied[m.id] {
			p.forget(m.id)
			continue
		}
		p.tell(Result{License: m.id, Outcome: Vanished, Flaws: []Flaw{vanishedFlaw(m.since)}})
	}
	return nil
}

func vanishedFlaw(since license.Day) Flaw {
	reason := "An earlier file brought this license in, and this one does not hold it. It stays as it is."
	if since != "" {
		reason += fmt.Sprintf(" It is missing since the file of %s.", since)
	}
	return Flaw{Rule: "vanished", Reason: reason}
}

// copied says which of the licenses the registry holds from a roster.
func (p *planner) copied(ids []string) (map[string]bool, error) {
	out := map[string]bool{}
	for part := range slices.Chunk(ids, LookupMax) {
		held, err := p.reg.Licenses(p.ctx, part)
		if err != nil {
			return nil, fmt.Errorf("what the registry holds of licenses that the file does not: %w", err)
		}
		for i, h := range held {
			if h != nil && h.Record != nil && h.Record.Source == license.SourceImport && h.Record.Licensee != "" && h.Record.Issued != "" {
				out[part[i]] = true
			}
		}
	}
	return out, nil
}

// forget has the rows of a license compared again next time.
func (p *planner) forget(id string) {
	if p.opts.Draft != nil && id != "" {
		p.opts.Draft.Forget(id)
	}
}

// disagree says whether the rows of a license, all of them planned, would bring
// something again: one says that a name is this, another that it is that, and each
// import records both.
func (p *planner) disagree(rows []Row, st *standing) bool {
	return slices.ContainsFunc(rows, func(r Row) bool {
		if p.src.Mapping.namesOnly() && !r.Order.acts() {
			return false
		}
		cs, os, f := p.differences(r, st)
		return f != nil || len(cs) > 0 || len(os) > 0
	})
}
