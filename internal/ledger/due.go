package ledger

import (
	"errors"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// Which licenses a day may concern: those of whose record a day begins or ends something,
// or for which a contract set a timer. The store has a key for each such day to come. It
// is a hint and no hashed state: keys are never taken away while their day is to come, and
// what a day means for a license is read from the records when it comes.

// A due says that something may begin or end for a license on a day.
type due struct {
	day     license.Day
	license string
}

func (d due) board() string { return license.BoardOf(license.KindLicense, d.license) }

func duePrefix(board string, day license.Day) []byte {
	return key(keyDue, []byte(board), []byte{0}, []byte(day))
}

// notes keeps the days to come of a record that is about to be written.
func (w *working) notes(e *license.Effect) {
	var days []license.Day
	about := e.ID
	switch r := e.Record.(type) {
	case *license.License:
		days = daysOf(r)
	case *license.Fact:
		about, days = r.About, daysOfFact(r)
		if w.facts == nil {
			w.facts = map[string][]string{}
		}
		w.facts[about] = append(w.facts[about], e.ID)
	default:
		return
	}
	board := license.BoardOf(license.KindLicense, about)
	for _, a := range e.Also {
		if t, ok := a.Record.(*license.Timer); ok {
			days = append(days, t.Day)
			if next := w.nextDay(board); t.Day <= next { // it passed while the call waited
				days = append(days, next, next.Add(1))
			}
		}
	}
	// A board's day is at most one before UTC's, so that UTC's may be one to come for it.
	first := (&license.Calendar{}).Day(w.now)
	if next, ok := w.next[board]; ok && next < first {
		first = next
	}
	for _, d := range days {
		if d >= first {
			w.due = append(w.due, due{d, about})
		}
	}
}

// nextDay returns the day whose calls are next for a board, or being made.
func (w *working) nextDay(board string) license.Day {
	if day, ok := w.next[board]; ok {
		return day
	}
	var b license.Board
	if w.Get(license.KindBoard, board, &b) && b.Days != nil {
		return b.Days.Day
	}
	return license.Today(w, board).Add(1)
}

func daysOf(l *license.License) (days []license.Day) {
	for i := range l.Terms {
		t := &l.Terms[i]
		days = append(days, t.From, dayAfter(t.Through), dayAfter(t.Grace))
	}
	for i := range l.Orders {
		days = append(days, l.Orders[i].Start, dayAfter(l.Orders[i].End))
	}
	for _, c := range l.Lifecycles {
		days = append(days, c.From)
	}
	return days
}

func daysOfFact(f *license.Fact) []license.Day {
	return []license.Day{f.Day, dayAfter(f.Through)}
}

func dayAfter(d license.Day) license.Day {
	if d == "" {
		return ""
	}
	return d.Add(1)
}

// beginnings names what begins or ends for a license on a day, each once, in the order in
// which hooks answer.
func beginnings(l *license.License, facts []contract.Fact, day license.Day) (names []string) {
	add := func(name string, d license.Day) {
		if d == day && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range l.Terms {
		t := &l.Terms[i]
		add("term-begins", t.From)
		add("term-ends", dayAfter(t.Through))
		add("grace-ends", dayAfter(t.Grace))
	}
	for i := range l.Orders {
		add("order-begins", l.Orders[i].Start)
		add("order-ends", dayAfter(l.Orders[i].End))
	}
	for _, c := range l.Lifecycles {
		add("lifecycle-begins", c.From)
	}
	for i := range facts {
		add("fact-begins", facts[i].Day)
		add("fact-ends", dayAfter(facts[i].Through))
	}
	return names
}

// dueNext returns the first day from one day through another on which something may be
// due for the board, or "".
func (w *working) dueNext(board string, from, through license.Day) (next license.Day) {
	for x := w; x != nil; x = x.under {
		for _, d := range x.due {
			if d.day >= from && d.day <= through && (next == "" || d.day < next) && d.board() == board {
				next = d.day
			}
		}
	}
	it, err := w.store.NewIter(&pebble.IterOptions{LowerBound: duePrefix(board, from), UpperBound: after(duePrefix(board, through))})
	if err != nil {
		w.fail(err)
		return ""
	}
	defer func() { w.fail(it.Close()) }()
	if it.First() {
		k := it.Key()[len(duePrefix(board, "")):]
		if day := license.Day(k[:len(from)]); next == "" || day < next {
			next = day
		}
	}
	return next
}

// dueAtOnce is how many licenses dueOn returns of the store at most.
const dueAtOnce = 1000

// dueOn returns the next licenses of a board, after one, for which something may be due on
// a day, in order; none: there are no more.
func (w *working) dueOn(board string, day license.Day, afterID string) (ids []string) {
	prefix := duePrefix(board, day)
	it, err := w.store.NewIter(&pebble.IterOptions{LowerBound: append(slices.Clone(prefix), afterID+"\x00"...), UpperBound: after(prefix)})
	if err != nil {
		w.fail(err)
		return nil
	}
	for ok := it.First(); ok && len(ids) < dueAtOnce; ok = it.Next() {
		ids = append(ids, string(it.Key()[len(prefix):]))
	}
	w.fail(it.Close())
	last := ""
	if len(ids) == dueAtOnce {
		last = ids[dueAtOnce-1]
	}
	for x := w; x != nil; x = x.under {
		for _, d := range x.due {
			if d.day == day && d.license > afterID && (last == "" || d.license < last) && d.board() == board {
				ids = append(ids, d.license)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// timersOf returns the names of the timers of a license that are due on a day, by
// contract, in order.
func (w *working) timersOf(id string, day license.Day) (out [][2]string) {
	prefix := id + "~"
	ids := map[string]bool{}
	it, err := w.store.NewIter(&pebble.IterOptions{LowerBound: recordKey(license.KindTimer, prefix), UpperBound: after(recordKey(license.KindTimer, prefix))})
	if err != nil {
		w.fail(err)
		return nil
	}
	for ok := it.First(); ok; ok = it.Next() {
		ids[string(it.Key()[len(recordKey(license.KindTimer, "")):])] = true
	}
	w.fail(it.Close())
	for x := w; x != nil; x = x.under {
		for _, t := range x.timers[id] {
			ids[t] = true
		}
	}
	for r := range ids { // put in order below
		var t license.Timer
		if w.Get(license.KindTimer, r, &t) && t.Day <= day {
			contract, name, _ := strings.Cut(r[len(prefix):], "~")
			out = append(out, [2]string{contract, name})
		}
	}
	slices.SortFunc(out, func(a, b [2]string) int { return strings.Compare(a[0]+"\x00"+a[1], b[0]+"\x00"+b[1]) })
	return out
}

// writeDue puts the days that the block noted into the batch, and takes those away that
// have passed.
func (b *block) writeDue(w *setter) {
	for _, d := range b.work.due {
		w.set(append(duePrefix(d.board(), d.day), d.license...), nil)
	}
	if b.run == nil {
		return
	}
	for _, p := range b.run.passed {
		if from, through := duePrefix(p.board, ""), duePrefix(p.board, p.through.Add(1)); w.err == nil {
			w.err = w.batch.DeleteRange(from, through, nil)
		}
	}
}

// readLinks keeps for each license with which others a link was signed.
func (l *Ledger) readLinks(s *setter) error {
	prefix := recordKey(license.KindLink, "")
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return err
	}
	for ok := it.First(); ok; ok = it.Next() {
		a, b, _ := strings.Cut(string(it.Key()[len(prefix):]), "~")
		s.set(append(linkedPrefix(a), b...), nil)
		s.set(append(linkedPrefix(b), a...), nil)
	}
	return it.Close()
}

// readDue makes the days to come of a store that another version wrote, and its links.
func (l *Ledger) readDue() error {
	mark := []byte{keyDue}
	if b, err := get(l.db, mark); err != nil || b != nil {
		return err
	}
	w := l.newWorking(l.head.Size, l.head.Time)
	batch := l.db.NewBatch()
	defer func() { _ = batch.Close() }()
	s := setter{batch: batch}
	for _, kind := range []string{license.KindLicense, license.KindFact} {
		it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: recordKey(kind, ""), UpperBound: after(recordKey(kind, ""))})
		if err != nil {
			return err
		}
		for ok := it.First(); ok; ok = it.Next() {
			e := license.Effect{ID: string(it.Key()[len(recordKey(kind, "")):])}
			if e.Record = new(license.License); kind == license.KindFact {
				e.Record = new(license.Fact)
			}
			if err := strict.Decode(it.Value(), e.Record, recordBytesMax); err != nil {
				return errors.Join(corrupt("%s %s: %v", kind, e.ID, err), it.Close())
			}
			w.notes(&e)
			for _, d := range w.due {
				s.set(append(duePrefix(d.board(), d.day), d.license...), nil)
			}
			w.due, w.facts = nil, nil
			if batch.Len() > 4<<20 {
				if s.err = errors.Join(s.err, batch.Commit(pebble.NoSync)); s.err != nil {
					return errors.Join(s.err, it.Close())
				}
				batch.Reset()
			}
		}
		if err := it.Close(); err != nil {
			return err
		}
	}
	s.err = errors.Join(s.err, l.readLinks(&s))
	s.set(mark, []byte{1})
	return errors.Join(s.err, batch.Commit(pebble.Sync))
}
