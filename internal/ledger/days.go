package ledger

import (
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// begin makes the calls that wait, then those of the days that came since the block
// before, whose legal time was prev. busy says whether the block has transactions.
func (r *runner) begin(prev license.Instant, busy bool) {
	r.early, r.busy = true, busy
	defer func() { r.early = false }()
	w := r.b.work
	boards := w.boards()
	w.next = make(map[string]license.Day, len(boards))
	for _, board := range boards {
		w.next[board], _ = w.from(board, prev)
	}
	r.waiting()
	for _, board := range boards {
		stopped := r.days(board, prev)
		if stopped == nil {
			delete(w.next, board)
		} else {
			w.next[board] = stopped.Day
		}
		r.stand(board, stopped)
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

// from returns the day whose calls are next for a board, and the license up to which they
// are made, after a block whose legal time was prev.
func (w *working) from(board string, prev license.Instant) (day license.Day, after string) {
	var b license.Board
	var c license.Calendar
	if w.Get(license.KindBoard, board, &b) && b.Days != nil {
		return b.Days.Day, b.Days.After
	}
	w.Get(license.KindCalendar, board, &c)
	return c.Day(prev).Add(1), ""
}

// days makes the calls of the days that came for a board, each day's in order of the
// licenses. Where the block has no room for all, it returns how far they have come; also
// where the day that is next is not the one after today.
func (r *runner) days(board string, prev license.Instant) *license.DayCalls {
	w := r.b.work
	var all license.Contracts
	if w.Get(license.KindContracts, board, &all); len(all.Rows) == 0 {
		return nil
	}
	from, afterID := w.from(board, prev)
	through := license.Today(w, board)
	switch {
	case from > through.Add(1), from > through && afterID != "": // clocks were set back over midnight
		return &license.DayCalls{Day: from, After: afterID}
	case from > through:
		return nil
	}
	for day := w.dueNext(board, from, through); day != ""; day = w.dueNext(board, day.Add(1), through) {
		if day != from {
			afterID = ""
		}
		w.next[board] = day
		for ids := w.dueOn(board, day, afterID); len(ids) > 0; ids = w.dueOn(board, day, afterID) {
			for len(ids) > 0 {
				if !r.may() {
					return &license.DayCalls{Day: day, After: afterID}
				}
				noted := len(w.due)
				id := ids[0]
				if !r.day(id, day) {
					return &license.DayCalls{Day: day, After: afterID}
				}
				afterID, ids = id, insertDue(ids[1:], w.due[noted:], due{day, id})
			}
		}
	}
	r.passed = append(r.passed, passed{board, through})
	return nil
}

// insertDue puts the licenses for which something is due anew on the day into those still
// to come, behind the one whose calls brought it. Behind the last of them the store is asked.
func insertDue(ids []string, more []due, behind due) []string {
	for _, d := range more {
		if len(ids) == 0 || d.day != behind.day || d.license <= behind.license || d.license > ids[len(ids)-1] || d.board() != behind.board() {
			continue
		}
		if i, found := slices.BinarySearch(ids, d.license); !found {
			ids = slices.Insert(ids, i, d.license)
		}
	}
	return ids
}

// A turned is a board whose calendar a payload sets, with its legal day before.
type turned struct {
	board string
	day   license.Day
}

// calendars returns the boards whose calendars a payload would set.
func (r *runner) calendars(t *tx.Transaction) (out []turned) {
	if r == nil {
		return nil
	}
	for _, a := range t.Acts {
		if c, ok := a.(*license.BoardCalendar); ok && !slices.ContainsFunc(out, func(x turned) bool { return x.board == c.Board }) {
			out = append(out, turned{c.Board, license.Today(r.b.work, c.Board)})
		}
	}
	return out
}

// turn keeps the day whose calls are next for a board when a payload has made its legal
// day another: so each day is called once, also where a calendar shows one twice or none.
func (r *runner) turn(x turned) {
	w := r.b.work
	var all license.Contracts
	var b license.Board
	w.Get(license.KindContracts, x.board, &all)
	w.Get(license.KindBoard, x.board, &b)
	if len(all.Rows) > 0 && b.Days == nil && license.Today(w, x.board) != x.day {
		r.stand(x.board, &license.DayCalls{Day: x.day.Add(1)})
	}
}

// stand writes how far a board's days have come. Where the board has made its record as
// large as can be, it says nothing, and the days' further calls are not made.
func (r *runner) stand(board string, at *license.DayCalls) {
	var b license.Board
	if !r.b.work.Get(license.KindBoard, board, &b) || b.Days == at || b.Days != nil && at != nil && *b.Days == *at {
		return
	}
	b.Days, b.Last = at, license.Hash{}
	if _, no := r.write(r.b.work, &license.Effect{Kind: license.KindBoard, ID: board, Record: &b}, license.ContractDays, nil); no != nil {
		delete(r.b.work.next, board)
		r.stand(board, nil) // smaller than what is there, or it is so
	}
}

// day makes the calls of one day about one license: first timers, then what begins or
// ends. It says whether all are made; where the block has no room for the next timer, the
// timers that are gone are not called again.
func (r *runner) day(id string, day license.Day) (all bool) {
	w := r.b.work
	t := trigger{license: id, today: day, day: day}
	r.steps += visitSteps
	for i, timer := range w.timersOf(id, day) {
		if i > 0 && !r.may() {
			return false
		}
		r.steps += entrySteps
		t.kind, t.contract, t.name, t.entry = contract.OnTimer, timer[0], timer[1], lastOf(w.value(license.KindLicense, id))
		e, no := license.SetTimer(w, id, t.contract, t.name, "")
		if no == nil && e != nil {
			_, no = r.write(w, e, license.ContractTimer, &license.Cause{Contract: t.contract, Trigger: t.entry, Day: day})
		}
		if no != nil {
			w.fail(no)
			return false
		}
		r.answer(t)
		r.drain()
	}
	var l license.License
	if !w.Get(license.KindLicense, id, &l) || l.Licensee == "" {
		return true
	}
	t.kind, t.contract = contract.OnDay, ""
	for _, name := range beginnings(&l, factsOf(w, id), day) {
		t.name, t.entry = name, lastOf(w.value(license.KindLicense, id))
		r.answer(t)
		r.drain()
	}
	return true
}
