package rehearse

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// progressEvery is how many entries pass between two sayings.
const progressEvery = 512

// walk goes through the log, and then through the days after its newest entry. Where no
// block came for a while, a later one makes the calls of days that are over: so it goes on
// until a block after the last day has none of them.
func (w *world) walk() error {
	w.height = -1
	stopped := false
	err := each(w.Source, w.hears, func(r *read) error {
		if r.Block != w.height {
			w.drain(nil)
			if err := w.begun(r.Time); err != nil {
				return err
			}
			w.height, w.now, w.header, w.taken = r.Block, r.Time, license.Hash{}, false
			w.begin()
		}
		if r.End != nil {
			w.drain(nil)
			if stopped = w.now > w.ends() && !w.taken && w.err == nil; stopped {
				return errEnough
			}
			return w.err
		}
		w.index = r.Index
		w.entry(r)
		if w.Progress != nil && r.Index%progressEvery == 0 {
			w.Progress(r.Index, w.Size, w.report.Calls)
		}
		return w.err
	})
	if err != nil {
		return err
	}
	w.drain(nil)
	w.final = stopped || w.Until > w.ends() && (w.Until > w.now || !w.taken)
	if w.now = max(w.now, min(w.Until, w.ends())); w.now != "" {
		w.begin()
	}
	return w.err
}

// Clocks are at most so far ahead of UTC, and so far behind it.
const aheadOfUTC, behindUTC = 14 * time.Hour, 12 * time.Hour

// begun notes the network's first day, when the simulation's is before it. It is told the
// time of each block.
func (w *world) begun(block license.Instant) error {
	if w.now != "" {
		return nil
	}
	first := license.Day(license.InstantOf(block.Time().Add(-behindUTC))[:10])
	if w.To < first {
		return fmt.Errorf("the last day, %s, is before the network's first: nothing was recorded before %s", w.To, first)
	}
	if w.From < first {
		w.report.Begins = first
	}
	return nil
}

// ends is when the last day is over everywhere: no clock is more than fourteen hours
// behind another.
func (w *world) ends() license.Instant { return license.Instant(w.To.Add(2) + "T00:00:00Z") }

// hears says whether hooks answer a verb, or are asked before it.
func (w *world) hears(verb string) bool {
	return len(w.Pack.Hooks(contract.On, verb)) > 0 || len(w.Pack.Hooks(contract.Before, verb)) > 0
}

// entry takes one entry in, if it is of a day through the last one.
func (w *world) entry(r *read) {
	id := license.BoardOf(r.Kind, r.ID)
	b := w.boards[id]
	if b == nil {
		b = &board{id: id}
	}
	day := w.dayOf(r, b)
	if b.id != "" && day > w.To || b.id == "" && w.now > w.ends() {
		return
	}
	b = w.board(id)
	w.report.Size, w.taken = r.Index+1, true
	if r.Signed() {
		if r.Cause.Header != w.header {
			w.drain(nil)
			w.header = r.Cause.Header
		}
		w.signed(r)
		return
	}
	if by := r.ByContract(); r.Kind == license.KindNotice && by == w.name && w.runs(b, day) {
		w.report.NoticesWere++
	} else if by == "" || r.Kind != license.KindLicense {
		return // faults, notices, and how far days have come
	} else if by == w.name && w.runs(b, day) {
		w.takenOut(r, day)
	} else {
		w.foreign(r, by, day)
	}
}

// dayOf is the legal day of what an entry records: of what a contract did that of its
// cause, which may be recorded later.
func (w *world) dayOf(r *read, b *board) license.Day {
	if r.ByContract() != "" {
		if r.Cause.Day != "" {
			return r.Cause.Day
		}
		if c, ok := w.causes[r.Cause.Trigger]; ok {
			return c.today
		}
	}
	return w.today(b)
}

// signed takes in what somebody signed.
func (w *world) signed(r *read) {
	id := w.about(r)
	if id == "" || w.height == 0 || r.act == nil {
		w.apply(r, false)
		return
	}
	t := trigger{kind: contract.On, name: r.Act, license: id, today: w.today(w.license(id).b), entry: r.Hash, index: r.Index, act: r.act}
	if w.unshown(&t, &r.Recorded) {
		w.apply(r, false)
		return
	}
	w.before(r, t)
}

// about is the license that a signed act is about, or "".
func (w *world) about(r *read) string {
	switch r.Kind {
	case license.KindLicense:
		return r.ID
	case license.KindFact:
		var f license.Fact
		if w.body(&r.Recorded, &f) {
			return f.About
		}
	}
	return ""
}

// apply takes the entry into the records; one that is refused only into what stands.
func (w *world) apply(r *read, refused bool) {
	if r.Kind == license.KindLicense {
		l := w.license(r.ID)
		l.add(&r.Recorded, refused)
		if !refused {
			w.notes(l, r.Changes)
			if len(r.Voids) > 0 || r.Replaces != (license.Hash{}) {
				for _, e := range l.entries() {
					w.notes(l, e.Changes)
				}
			}
		}
	}
	if refused {
		return
	}
	w.records(r)
	for i := range r.Also {
		w.beside(&r.Also[i])
	}
}

// notes keeps what else the changes of a license tell: documents, days to come.
func (w *world) notes(l *lic, cs []license.Change) {
	for i := range cs {
		switch c := &cs[i]; c.Do {
		case license.DoOrder:
			if c.Contract == "" {
				w.orders[c.Order], w.openings[c.Commitment] = c.Commitment, l.id
			}
			w.due(l, c.From, after(c.Through))
		case license.DoTerm, license.DoExtend:
			w.due(l, c.From, after(c.Through), after(c.Grace))
		case license.DoLifecycle, license.DoLift:
			w.due(l, c.From)
		}
	}
}

// records takes in the other kinds of records that the simulation reads.
func (w *world) records(r *read) {
	switch r.Kind {
	case license.KindFact:
		f := &contract.Fact{ID: r.ID}
		if !w.body(&r.Recorded, &f.Fact) {
			return
		}
		if w.facts[r.ID] == nil {
			w.factsOf[f.About] = append(w.factsOf[f.About], r.ID)
		}
		w.facts[r.ID] = f
		w.openings[f.Commitment] = r.ID
		w.due(w.license(f.About), f.Day, after(f.Through))
	case license.KindCalendar:
		var c license.Calendar
		if w.body(&r.Recorded, &c) {
			w.board(r.ID).calendar = c
		}
	case license.KindProfession:
		var p license.Profession
		if w.body(&r.Recorded, &p) {
			w.professions[r.ID] = p
		}
	case license.KindContracts:
		var all license.Contracts
		if w.body(&r.Recorded, &all) {
			b := w.board(r.ID)
			b.adopted(w.name, &all, w.Pack.Manifest.Roles)
			if b.row && b.since == "" {
				b.since = w.today(b)
			}
		}
		for i := range r.Also {
			var c license.Call
			if a := &r.Also[i]; a.Kind == license.KindCall && len(a.Value) > 0 && strict.Decode(a.Value, &c, license.EntryBytesMax) == nil && c.Contract == w.name {
				w.again(&c)
			}
		}
	}
}

// adopted takes in which contracts a board has in force.
func (b *board) adopted(name string, all *license.Contracts, roles []contract.Role) {
	b.row, b.at, b.places = false, len(all.Rows), map[string]int{}
	for i, row := range all.Rows {
		if row.Contract != name {
			b.places[row.Contract] = i
			continue
		}
		b.row, b.at = true, i
		if b.fresh || !slices.ContainsFunc(roles, func(r contract.Role) bool { return r.Role == row.Role }) {
			continue
		}
		clear(b.professions)
		for _, role := range roles {
			for _, p := range role.Professions {
				if role.Role == row.Role {
					b.professions[p] = true
				}
			}
		}
	}
}

// beside takes in a record that an entry wrote beside its own.
func (w *world) beside(a *license.Write) {
	switch a.Kind {
	case license.KindLink:
		var k license.Link
		if strict.Decode(a.Value, &k, license.EntryBytesMax) == nil {
			w.links[a.ID] = k
			one, other, _ := strings.Cut(a.ID, "~")
			w.linked(one, other)
			w.linked(other, one)
		}
	case license.KindContract:
		var k license.Contract
		if a.ID == w.name && strict.Decode(a.Value, &k, license.EntryBytesMax) == nil {
			w.retired = k.Retired
		}
	case license.KindTimer:
		id, name, ok := w.timer(a.ID)
		if !ok {
			return
		}
		var t license.Timer
		if len(a.Value) > 0 && strict.Decode(a.Value, &t, license.EntryBytesMax) != nil {
			return
		}
		w.license(id).set(name, t.Day)
		w.dueTimer(w.license(id), t.Day)
	}
}

// linked keeps that a link of two licenses was signed.
func (w *world) linked(one, other string) {
	if !slices.Contains(w.others[one], other) {
		w.others[one] = append(w.others[one], other)
	}
}

// after is the day after a last day, or "".
func after(d license.Day) license.Day {
	if d == "" {
		return ""
	}
	return d.Add(1)
}
