package ledger

import (
	"github.com/cockroachdb/pebble/v2"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// begin makes the calls that wait, then those of the days that came since the block
// before, whose legal time was prev. busy says whether the block has transactions.
func (r *runner) begin(prev license.Instant, busy bool) {
	r.early, r.busy = true, busy
	defer func() { r.early = false }()
	r.waiting()
	for _, board := range r.b.work.boards() {
		r.days(board, prev)
	}
}

// waiting makes the calls that wait, in the order in which they began to.
func (r *runner) waiting() {
	w := r.b.work
	prefix := recordKey(license.KindCall, "")
	it, err := w.store.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: recordKey(license.KindCall, license.HeldPrefix)})
	if err != nil {
		w.fail(err)
		return
	}
	for ok := it.First(); ok; ok = it.Next() {
		if !r.may() {
			r.behind = true
			break
		}
		c := call{number: string(it.Key()[len(prefix):])}
		if err := strict.Decode(it.Value(), &c.Call, recordBytesMax); err != nil {
			w.fail(corrupt("call %s: %v", c.number, err))
			break
		}
		r.make(&c)
		r.drain()
	}
	w.fail(it.Close())
}

// boards returns the boards that have or had contracts, in order.
func (w *working) boards() (ids []string) {
	prefix := recordKey(license.KindContracts, "")
	it, err := w.store.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		w.fail(err)
		return nil
	}
	for ok := it.First(); ok; ok = it.Next() {
		ids = append(ids, string(it.Key()[len(prefix):]))
	}
	w.fail(it.Close())
	return ids
}

// days makes the calls of the days that came for a board, each day's in order of the
// licenses. Where the block has no room for all, the board's record says how far they
// have come.
func (r *runner) days(board string, prev license.Instant) {
	w := r.b.work
	var all license.Contracts
	var b license.Board
	var c license.Calendar
	w.Get(license.KindContracts, board, &all)
	w.Get(license.KindBoard, board, &b)
	w.Get(license.KindCalendar, board, &c)
	from, through, afterID := c.Day(prev).Add(1), c.Day(w.now), ""
	if b.Days != nil {
		from, afterID = b.Days.Day, b.Days.After
	}
	if len(all.Rows) == 0 {
		r.stand(board, nil)
		return
	}
	if from > through {
		return
	}
	for day := w.dueNext(board, from, through); day != ""; day = w.dueNext(board, day.Add(1), through) {
		if day != from {
			afterID = ""
		}
		for ids := w.dueOn(board, day, afterID); len(ids) > 0; ids = w.dueOn(board, day, afterID) {
			for _, id := range ids {
				if !r.may() {
					r.stand(board, &license.DayCalls{Day: day, After: afterID})
					return
				}
				r.day(id, day)
				afterID = id
			}
		}
	}
	r.stand(board, nil)
	r.passed = append(r.passed, passed{board, through})
}

// stand writes how far a board's days have come.
func (r *runner) stand(board string, at *license.DayCalls) {
	var b license.Board
	if !r.b.work.Get(license.KindBoard, board, &b) || b.Days == at || b.Days != nil && at != nil && *b.Days == *at {
		return
	}
	b.Days, b.Last = at, license.Hash{}
	if _, no := r.write(r.b.work, &license.Effect{Kind: license.KindBoard, ID: board, Record: &b}, license.ContractDays, nil); no != nil {
		r.b.work.fail(no)
	}
}

// day makes the calls of one day about one license: first timers, then what begins or
// ends.
func (r *runner) day(id string, day license.Day) {
	w := r.b.work
	t := trigger{license: id, today: day, day: day}
	for _, timer := range w.timersOf(id, day) {
		t.kind, t.contract, t.name, t.entry = contract.OnTimer, timer[0], timer[1], lastOf(w.value(license.KindLicense, id))
		e, no := license.SetTimer(w, id, t.contract, t.name, "")
		if no == nil && e != nil {
			_, no = r.write(w, e, license.ContractTimer, &license.Cause{Contract: t.contract, Trigger: t.entry, Day: day})
		}
		if no != nil {
			w.fail(no)
			return
		}
		r.answer(t)
		r.drain()
	}
	var l license.License
	if !w.Get(license.KindLicense, id, &l) || l.Licensee == "" {
		return
	}
	t.kind, t.contract = contract.OnDay, ""
	for _, name := range beginnings(&l, factsOf(w, id), day) {
		t.name, t.entry = name, lastOf(w.value(license.KindLicense, id))
		r.answer(t)
		r.drain()
	}
}
