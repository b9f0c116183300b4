package rehearse

import (
	"maps"
	"slices"
	"strings"

	"licet/internal/contract"
	"licet/license"
)

// timer reads the id of a timer of this contract.
func (w *world) timer(id string) (about, name string, ok bool) {
	about, rest, _ := strings.Cut(id, "~")
	by, name, _ := strings.Cut(rest, "~")
	return about, name, by == w.name
}

// set sets a timer of the contract, or clears it, when the day is none.
func (l *lic) set(name string, day license.Day) {
	if day == "" {
		delete(l.timers, name)
		return
	}
	if l.timers == nil {
		l.timers = map[string]license.Day{}
	}
	l.timers[name] = day
}

// due keeps days to come on which something may begin or end for a license. They are
// hints: what a day means is read from the records when it comes.
func (w *world) due(l *lic, days ...license.Day) {
	if !l.b.fresh && !l.b.follows {
		return
	}
	today := w.utc()
	for _, d := range days {
		if d >= today && d > l.b.played && d >= w.From && d <= w.To {
			l.b.due[d] = append(l.b.due[d], l.id)
		}
	}
}

// dueTimer keeps the day of a timer. One whose day passed while the call that set it
// waited calls the day after, as it does in the network.
func (w *world) dueTimer(l *lic, day license.Day) {
	if day == "" {
		return
	}
	if w.due(l, day); day <= w.utc() {
		w.due(l, w.utc().Add(1))
	}
}

// utc is the day by UTC.
func (w *world) utc() license.Day { return (&license.Calendar{}).Day(w.now) }

// begin makes the calls of the days that came since the block before.
func (w *world) begin() {
	for _, b := range w.order {
		if b.fresh || b.follows {
			w.pass(b)
		}
	}
}

// pass makes the calls of a board's days through today, each day's in order of the
// licenses: first timers, then what begins or ends.
func (w *world) pass(b *board) {
	through := min(w.today(b), w.To)
	for b.played < through {
		day := b.played.Add(1)
		b.played = day
		ids := b.due[day]
		delete(b.due, day)
		if !w.runs(b, day) {
			continue
		}
		slices.Sort(ids)
		w.playing = day
		for _, id := range slices.Compact(ids) {
			w.day(w.license(id), day)
		}
		w.playing = ""
	}
}

func (w *world) day(l *lic, day license.Day) {
	t := trigger{license: l.id, today: day, day: day}
	for _, name := range slices.Sorted(maps.Keys(l.timers)) {
		if d := l.timers[name]; d == "" || d > day {
			continue
		}
		l.set(name, "")
		t.kind, t.name, t.entry = contract.OnTimer, name, l.newest()
		w.answer(t)
		w.drain(nil)
	}
	rec := l.record()
	if rec == nil || rec.Licensee == "" {
		return
	}
	t.kind = contract.OnDay
	for _, name := range contract.Days {
		if len(w.Pack.Hooks(t.kind, name)) == 0 {
			continue
		}
		began, sealed := w.begins(rec, l.id, name, day)
		if !began {
			continue
		}
		t.name, t.entry = name, l.newest()
		if sealed {
			if w.reached(l.id) {
				w.skipped(&t, Sealed)
			}
			continue
		}
		w.answer(t)
		w.drain(nil)
	}
}

// newest is the hash of the newest entry about the license.
func (l *lic) newest() license.Hash {
	if es := l.entries(); len(es) > 0 {
		return es[len(es)-1].Hash
	}
	return license.Hash{}
}

// begins says whether something of a kind begins or ends on a day, and whether all of it
// is sealed now.
func (w *world) begins(l *license.License, id, name string, day license.Day) (begins, sealed bool) {
	what, when, _ := strings.Cut(name, "-")
	is := func(first, last license.Day) bool {
		if when == "begins" {
			return first == day
		}
		return after(last) == day
	}
	switch what {
	case "term", "grace":
		return slices.ContainsFunc(l.Terms, func(t license.Term) bool {
			if what == "grace" {
				return after(t.Grace) == day
			}
			return is(t.From, t.Through)
		}), false
	case "lifecycle":
		return slices.ContainsFunc(l.Lifecycles, func(c license.Lifecycle) bool { return c.From == day }), false
	case "fact":
		return slices.ContainsFunc(w.Facts(id), func(f contract.Fact) bool { return is(f.Day, f.Through) }), false
	}
	for i := range l.Orders {
		o := &l.Orders[i]
		if !is(o.Start, o.End) {
			continue
		}
		begins = true
		if o.Contract != "" {
			return true, false
		}
		if _, shown := w.opening(o.Commitment); shown != Sealed {
			return true, false
		}
		sealed = true
	}
	return begins, sealed
}
