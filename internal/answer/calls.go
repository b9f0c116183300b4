package answer

import (
	"errors"
	"slices"
	"strings"

	"licet/internal/ledger"
	"licet/internal/wording"
	"licet/license"
	"licet/strict"
)

// CallsMax bounds how many held calls one answer lists, callsReadMax how many of the
// network's it reads for that, and faultsMax how many faults of a contract for a board.
const (
	CallsMax     = 100
	callsReadMax = 2000
	faultsMax    = 100
	nearMax      = 200 // so many entries before a fault may the one stand that caused it
)

// A Failing is how a contract fails for a board.
type Failing struct {
	license.Fault
	Cause    license.Cause   // rule and line of the newest one
	At       license.Instant // when that one failed
	Since    license.Instant // when the first of the row did, as far as they were read
	License  string          // that it was called about; "" not found
	Sentence string
}

// A HeldCall is a call of a contract that failed, and is made again when its board asks.
type HeldCall struct {
	ID string
	license.Call
	About    string          // license that it marks
	Cause    license.Cause   // rule and line that failed
	At       license.Instant // when; "" not found
	Code     string          // of its fault; "" not found
	Why      string          // why it was called: "because Iowa suspended its license"
	Sentence string
	Retry    string // the command that asks for it again
}

// A Waiting says what contracts have still to do for a board by themselves.
type Waiting struct {
	Calls int64             // that come in one of the next blocks
	Days  *license.DayCalls // how far those of a day have come; nil: none waits
}

// Words say what comes by itself.
func (w Waiting) Words() []string { return wording.Coming(w.Calls, w.Days) }

// Calls are what contracts have still to do.
type Calls struct {
	Held    []HeldCall         // the newest first
	More    bool               // more are held, or wait, than were read
	Waiting map[string]Waiting // by board, where something waits
	AsOf    AsOf
}

// Calls lists the calls of contracts that wait or are held: of a board, of a contract, or
// of both; "" is any.
func (r *Registry) Calls(board, name string) (*Calls, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	out := &Calls{Waiting: map[string]Waiting{}, AsOf: asOf(s)}
	if board != "" {
		if err := out.days(s, board); err != nil {
			return nil, err
		}
	}
	if err := out.waiting(s, board, name); err != nil {
		return nil, err
	}
	held, err := out.read(s, license.HeldPrefix, "", board, name)
	if err != nil {
		return nil, err
	}
	slices.Reverse(held)
	if len(held) > CallsMax {
		held, out.More = held[:CallsMax], true
	}
	d := &failures{registry: r, s: s, codes: map[string]map[string]string{}}
	for i := range held {
		if err := d.tell(&held[i]); err != nil {
			return nil, err
		}
	}
	out.Held = held
	return out, nil
}

// days notes how far the calls of a day have come for a board.
func (c *Calls) days(s *ledger.State, board string) error {
	var b license.Board
	ok, err := s.Record(license.KindBoard, board, &b)
	if err == nil && !ok {
		err = problem("unknown-board", "There is no board %q.", board)
	}
	var calendar license.Calendar
	if err == nil {
		_, err = s.Record(license.KindCalendar, board, &calendar)
	}
	if err == nil && b.Days.Late(calendar.Day(c.AsOf.Time)) {
		c.Waiting[board] = Waiting{Days: b.Days}
	}
	return err
}

// waiting counts the calls that come by themselves.
func (c *Calls) waiting(s *ledger.State, board, name string) error {
	calls, err := c.read(s, "", license.HeldPrefix, board, name)
	for i := range calls {
		w := c.Waiting[calls[i].Board]
		w.Calls++
		c.Waiting[calls[i].Board] = w
	}
	return err
}

// read returns calls whose ids stand between two, in order.
func (c *Calls) read(s *ledger.State, from, to, board, name string) (out []HeldCall, err error) {
	ids, err := s.IDs(license.KindCall, from, callsReadMax+1)
	if err != nil {
		return nil, err
	}
	if len(ids) > callsReadMax {
		ids = ids[:callsReadMax]
		c.More = c.More || to == "" || ids[callsReadMax-1] < to
	}
	for _, id := range ids {
		if to != "" && id >= to {
			break
		}
		x := HeldCall{ID: id}
		if _, err := s.Record(license.KindCall, id, &x.Call); err != nil {
			return nil, err
		}
		if board != "" && x.Board != board || name != "" && x.Contract != name {
			continue
		}
		if x.About = x.Each; x.About == "" {
			x.About = x.License
		}
		out = append(out, x)
	}
	return out, nil
}

// failures tell how calls failed, of each contract and board once.
type failures struct {
	registry *Registry
	s        *ledger.State
	codes    map[string]map[string]string // by contract/board and id of the call
}

// tell fills how a held call failed, why it was made, and what a board does.
func (f *failures) tell(x *HeldCall) error {
	es, err := f.s.Entries(license.KindLicense, x.About)
	if err != nil {
		return err
	}
	index := int64(-1)
	for i := range es { // the newest that holds it
		if slices.ContainsFunc(es[i].Also, func(w license.Write) bool { return w.Kind == license.KindCall && w.ID == x.ID }) && es[i].Cause != nil {
			x.Cause, x.At, index = *es[i].Cause, es[i].Time, es[i].Index
		}
	}
	id, err := license.ParseID(x.About)
	if err != nil {
		return err
	}
	around, _, err := f.registry.context(f.s, id)
	if err != nil {
		return err
	}
	cause := license.Cause{Contract: x.Contract, Trigger: x.Trigger, Day: x.Day}
	why, _, err := f.registry.chronicle(view{f.s, around}, x.About, es).reason(&cause)
	if err != nil {
		return err
	}
	if x.Code, err = f.code(x); err != nil {
		return err
	}
	x.Why = wording.Because(&cause, why)
	failed, err := f.failed(x, index)
	if err != nil {
		return err
	}
	at := wording.Moment(x.At, &around.Calendar)
	if x.Sentence = wording.Held(&x.Cause, x.Code, at); !failed {
		x.Sentence = wording.NotMade(at)
	}
	x.Retry = wording.RetryCommand(x.Contract, x.Board, x.ID)
	return nil
}

// failed says whether a fault follows the entry that holds a call; else its contract was
// suspended before its turn came.
func (f *failures) failed(x *HeldCall, index int64) (bool, error) {
	if x.Code != "" || index < 0 {
		return true, nil
	}
	es, err := f.s.EntriesRange(index+1, 1)
	if err != nil || len(es) == 0 {
		return false, err
	}
	var e license.Entry
	if err := strict.Decode(es[0], &e, license.EntryBytesMax); err != nil {
		return false, err
	}
	var fault license.Fault
	return e.Kind == license.KindFault && strict.Decode(e.Body, &fault, license.EntryBytesMax) == nil && fault.Call == x.ID, nil
}

// code finds with what a call failed; "" when that is too long ago.
func (f *failures) code(x *HeldCall) (string, error) {
	key := x.Contract + "/" + x.Board
	codes, ok := f.codes[key]
	if !ok {
		codes = map[string]string{}
		es, err := f.s.Newest(license.KindFault, key, faultsMax)
		if err != nil {
			return "", err
		}
		for i := range es {
			var then license.Fault
			if err := strict.Decode(es[i].Body, &then, license.EntryBytesMax); err != nil {
				return "", err
			}
			codes[then.Call] = then.Code
		}
		f.codes[key] = codes
	}
	return codes[x.ID], nil
}

// failingOf says how an edition of a contract fails for a board; nil: its newest call did
// not.
func failingOf(s *ledger.State, name, board string, edition license.Hash) (*Failing, error) {
	f := new(Failing)
	id := name + "/" + board
	ok, err := s.Record(license.KindFault, id, &f.Fault)
	if !ok || err != nil || f.Faults == 0 || f.Hash != edition {
		return nil, err
	}
	es, err := s.Newest(license.KindFault, id, int(min(f.Faults, faultsMax)))
	if err != nil {
		return nil, err
	}
	if len(es) == 0 {
		return nil, errors.New("fault " + id + " has no entry")
	}
	f.At, f.Since = es[0].Time, es[len(es)-1].Time
	if es[0].Cause != nil {
		f.Cause = *es[0].Cause
	}
	if f.License, err = calledAbout(s, f, es[0].Index); err != nil {
		return nil, err
	}
	var c license.Calendar
	if _, err := s.Record(license.KindCalendar, board, &c); err != nil {
		return nil, err
	}
	f.Sentence = wording.Failing(&wording.Failed{
		Fault: f.Fault, Cause: f.Cause, License: f.License, At: wording.Moment(f.At, &c), Since: wording.Moment(f.Since, &c),
	})
	return f, nil
}

// calledAbout finds the license about which a call was that failed: that of the call,
// where it is held, else that of the entry that caused it, which stands shortly before.
func calledAbout(s *ledger.State, f *Failing, index int64) (string, error) {
	var c license.Call
	if f.Call != "" {
		if ok, err := s.Record(license.KindCall, f.Call, &c); ok || err != nil {
			if c.Each != "" {
				return c.Each, err
			}
			return c.License, err
		}
	}
	first := max(0, index-nearMax)
	es, err := s.EntriesRange(first, index-first)
	for _, b := range es {
		if license.LeafHash(b) != f.Trigger {
			continue
		}
		var e license.Entry
		if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
			return "", err
		}
		if e.Kind == license.KindLicense {
			return e.ID, nil
		}
	}
	return "", err
}

// Trouble is what an operator watches of contracts.
type Trouble struct {
	Held      int64 // calls that failed, until their boards ask for them again; at most callsReadMax
	Failing   int64 // contracts whose newest call failed, each counted for each board
	Suspended int64 // of these, those that are called no more
}

// Trouble counts what failed of contracts, for all boards.
func (r *Registry) Trouble() (t Trouble, err error) {
	s, err := r.state()
	if err != nil {
		return t, err
	}
	defer s.Release()
	held, err := s.IDs(license.KindCall, license.HeldPrefix, callsReadMax)
	if err != nil {
		return t, err
	}
	t.Held = int64(len(held))
	ids, err := s.IDs(license.KindFault, "", callsReadMax)
	if err != nil {
		return t, err
	}
	for _, id := range ids {
		var f license.Fault
		if _, err := s.Record(license.KindFault, id, &f); err != nil {
			return t, err
		}
		if f.Faults == 0 {
			continue
		}
		name, board, _ := strings.Cut(id, "/")
		var k license.Contract
		if _, err := s.Record(license.KindContract, name, &k); err != nil {
			return t, err
		}
		if e := k.InForce(board); e == nil || e.Hash != f.Hash || k.Retired {
			continue
		}
		t.Failing++
		if f.Suspended {
			t.Suspended++
		}
	}
	return t, nil
}

// Board returns a board's record.
func (r *Registry) Board(id string) (*license.Board, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	b := new(license.Board)
	ok, err := s.Record(license.KindBoard, id, b)
	if err == nil && !ok {
		err = problem("unknown-board", "There is no board %q.", id)
	}
	return b, err
}
