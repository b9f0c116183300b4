package answer

import (
	"slices"
	"strings"

	"licet/internal/wording"
	"licet/license"
	"licet/strict"
)

// A Rule is the rule of a contract by which something was done, and what made it run.
type Rule struct {
	license.Cause
	Trigger *Trigger // nil: confidential, or not found
}

// A Trigger is the entry that made a rule run.
type Trigger struct {
	Hash    license.Hash
	Index   int64
	Act     string
	License string // that it is about
	Board   string // name of that license's board
}

// An Automatic is a change of a contract that counts on the day that is asked about.
type Automatic struct {
	Entry     license.Hash
	Effective license.Day
	Sentence  string
	Order     string // of orders: its id
	Rule      Rule
}

// A chronicle reads what an answer tells of contracts about one license. It finds the
// entries that made their rules run, and reads no more for it than it must.
type chronicle struct {
	view
	registry *Registry
	id       string
	all      []license.Recorded // entries about the license
	sources  []func() error     // that were not read yet, in which triggers may be
	found    map[license.Hash]*source
	boards   map[string]*Context
}

// A source is an entry and the license that it is about.
type source struct {
	*license.Recorded
	about  string
	sealed bool
}

func (r *Registry) chronicle(v view, id string, all []license.Recorded) *chronicle {
	c := &chronicle{view: v, registry: r, id: id, all: all, found: map[license.Hash]*source{}, boards: map[string]*Context{}}
	var others []string
	for _, e := range all {
		for _, x := range e.Changes {
			if x.Other != "" {
				others = append(others, x.Other)
			}
		}
	}
	slices.Sort(others)
	others = slices.Compact(others)
	c.hold(id, all)
	for _, other := range others {
		c.sources = append(c.sources, func() error { return c.entriesOf(other) })
	}
	for _, about := range append([]string{id}, others...) {
		c.sources = append(c.sources, func() error { return c.factsOf(about) })
	}
	return c
}

// hold keeps entries about a license, and which of them are about sealed orders.
func (c *chronicle) hold(about string, es []license.Recorded) {
	sealed := license.SealedOrders(es)
	for i := range es {
		e := &es[i]
		c.found[e.Hash] = &source{e, about, slices.ContainsFunc(e.Changes, func(x license.Change) bool { return sealed[x.Order] })}
	}
	for i := range es { // what only takes such entries back says as little
		if vs := es[i].Voids; slices.ContainsFunc(vs, func(h license.Hash) bool { return c.found[h] != nil && c.found[h].sealed }) {
			c.found[es[i].Hash].sealed = true
		}
	}
}

func (c *chronicle) entriesOf(id string) error {
	es, err := c.Entries(license.KindLicense, id)
	c.hold(id, es)
	return err
}

func (c *chronicle) factsOf(id string) error {
	ids, err := c.FactsAbout(id, factsReadMax)
	for _, f := range ids {
		var es []license.Recorded
		if es, err = c.Entries(license.KindFact, f); err != nil {
			return err
		}
		c.hold(id, es)
	}
	return err
}

// trigger finds an entry by its hash; nil when it is none of those that can be.
func (c *chronicle) trigger(h license.Hash) (*source, error) {
	for c.found[h] == nil && len(c.sources) > 0 {
		next := c.sources[0]
		c.sources = c.sources[1:]
		if err := next(); err != nil {
			return nil, err
		}
	}
	return c.found[h], nil
}

// reason says why a rule ran, in words and by the entry.
func (c *chronicle) reason(cause *license.Cause) (r wording.Reason, t *Trigger, err error) {
	s, err := c.trigger(cause.Trigger)
	if s == nil || err != nil {
		return r, nil, err
	}
	if cause.Day != "" {
		if r.Days, err = c.came(cause, s.about); err == nil && s.about != c.id {
			r.Board, err = c.boardOf(s.about)
			r.Other, r.Near = s.about, c.near(s.about)
		}
		return r, nil, err
	}
	if r.Sealed = s.sealed; r.Sealed {
		return r, nil, nil
	}
	board, err := c.around(s.about)
	if err != nil {
		return r, nil, err
	}
	r.Entry, r.Board = &s.Entry, board.Board.Name
	if s.about != c.id {
		r.Other, r.Near = s.about, c.near(s.about)
	}
	for _, x := range s.Changes {
		if x.Do != license.DoOrder || s.ByContract() != "" {
			continue
		}
		d, err := view{c.State, board}.document(x.Commitment)
		if err != nil {
			return r, nil, err
		}
		if d != nil {
			r.Action = d.Main()
		}
	}
	return r, &Trigger{s.Hash, s.Index, s.Act, s.about, r.Board}, nil
}

// around reads what stands around a license, each board's once.
func (c *chronicle) around(id string) (*Context, error) {
	if x := c.boards[id]; x != nil {
		return x, nil
	}
	parts, err := license.ParseID(id)
	if err != nil {
		return nil, err
	}
	x, _, err := c.registry.context(c.State, parts)
	if err == nil {
		c.boards[id] = x
	}
	return x, err
}

// near says whether another license is of the same board.
func (c *chronicle) near(id string) bool {
	return license.BoardOf(license.KindLicense, id) == license.BoardOf(license.KindLicense, c.id)
}

func (c *chronicle) boardOf(id string) (string, error) {
	x, err := c.around(id)
	if err != nil {
		return "", err
	}
	return x.Board.Name, nil
}

// came says what of a license began or ended on the day for which a rule ran. The record
// is as it stood when the rule ran.
func (c *chronicle) came(cause *license.Cause, about string) ([]string, error) {
	all := c.all
	if about != c.id {
		var err error
		if all, err = c.Entries(license.KindLicense, about); err != nil {
			return nil, err
		}
	}
	shown := withoutSealed(all)
	if out := wording.Days(shown, nil, cause); out != nil {
		return out, nil
	}
	ids, err := c.FactsAbout(about, factsMax)
	if err != nil {
		return nil, err
	}
	var facts []license.Fact
	for _, id := range ids {
		f, err := c.factAt(id, "")
		if err != nil {
			return nil, err
		}
		if f != nil {
			facts = append(facts, *f)
		}
	}
	return wording.Days(shown, facts, cause), nil
}

// rule names the rule behind an entry, and what made it run; nil for signed acts.
func (c *chronicle) rule(e *license.Entry) (*Rule, wording.Reason, error) {
	if e.ByContract() == "" {
		return nil, wording.Reason{}, nil
	}
	why, t, err := c.reason(e.Cause)
	r := &Rule{Cause: *e.Cause, Trigger: t}
	if why.Sealed {
		r.Cause.Trigger = license.Hash{}
	}
	return r, why, err
}

// counting lists what contracts did that counts on a day.
func (c *chronicle) counting(l *license.License, s *license.Standing) (out []Automatic, err error) {
	shown := withoutSealed(c.all)
	dead := license.VoidedEntries(shown)
	for i := range shown {
		e := &shown[i]
		if e.ByContract() == "" || dead[e.Hash] {
			continue
		}
		for _, x := range e.Changes {
			if !counts(&x, l, s) {
				continue
			}
			rule, why, err := c.rule(&e.Entry)
			if err != nil {
				return nil, err
			}
			why.On = s.Day
			for i := range s.Orders {
				if x.Do == license.DoOrder && s.Orders[i].ID == x.Order {
					why.End = s.Orders[i].End
				}
			}
			out = slices.DeleteFunc(out, func(a Automatic) bool { return a.Order != "" && a.Order == x.Order })
			out = append(out, Automatic{e.Hash, x.From, wording.Automatic(&e.Entry, why), x.Order, *rule})
		}
	}
	return out, nil
}

// counts says whether the standing on a day rests on a change.
func counts(x *license.Change, l *license.License, s *license.Standing) bool {
	if x.From > s.Day {
		return false
	}
	switch x.Do {
	case license.DoOrder:
		return slices.ContainsFunc(s.Orders, func(o license.OrderStanding) bool { return o.ID == x.Order && o.Contract != "" })
	case license.DoLifecycle:
		newest := license.Lifecycle{}
		for _, c := range l.Lifecycles {
			if c.From <= s.Day && c.From >= newest.From {
				newest = c
			}
		}
		return newest == license.Lifecycle{Status: x.Status, From: x.From}
	case license.DoTerm, license.DoExtend:
		last := max(x.Through, x.Grace)
		return (x.Through == "" || s.Day <= last) && slices.ContainsFunc(l.Terms, func(t license.Term) bool {
			return t.From == x.From && t.Through == x.Through && t.Grace == x.Grace
		})
	}
	return false
}

// waiting writes what contracts have still to do: the calls that wait, each with why it
// was called.
func (c *chronicle) waiting(l *license.License) (out []string, err error) {
	for _, w := range waitingCalls(c.all) {
		if w.call.Held { // its board may have asked for it again, which is no entry about the license
			v, err := c.Value(license.KindCall, license.HeldPrefix+w.number)
			if err != nil {
				return nil, err
			}
			w.call.Held = v != nil
		}
		cause := license.Cause{Contract: w.call.Contract, Trigger: w.call.Trigger, Day: w.call.Day}
		why, _, err := c.reason(&cause)
		if err != nil {
			return nil, err
		}
		out = append(out, wording.Waits(&w.call, license.HeldPrefix+w.number, wording.Because(&cause, why)))
	}
	if n := l.Counts.Pending - int64(len(out)); n > 0 {
		out = append(out, wording.WaitingCalls(n))
	}
	return out, nil
}

// A waiting call, by its number without what says that it is held.
type waiting struct {
	number string
	call   license.Call
}

// waitingCalls finds the calls about a license that began to wait and did not run yet.
func waitingCalls(es []license.Recorded) (out []waiting) {
	for i := range es {
		for _, w := range es[i].Also {
			if w.Kind != license.KindCall {
				continue
			}
			number := strings.TrimPrefix(w.ID, license.HeldPrefix)
			out = slices.DeleteFunc(out, func(x waiting) bool { return x.number == number })
			var call license.Call
			if len(w.Value) > 0 && strict.Decode(w.Value, &call, license.EntryBytesMax) == nil {
				out = append(out, waiting{number, call})
			}
		}
	}
	return out
}

// automatic fills what contracts did that counts on the day, and what they have still to
// do.
func (a *License) automatic(r *Registry, v view) error {
	row, err := v.Value(license.KindContracts, a.Parts.Board)
	if err != nil || row == nil {
		return err
	}
	all, err := v.Entries(license.KindLicense, a.ID)
	if err != nil {
		return err
	}
	if a.Known != "" {
		all = slices.DeleteFunc(all, func(e license.Recorded) bool { return e.Time > a.Known })
	}
	c := r.chronicle(v, a.ID, all)
	if a.Automatic, err = c.counting(a.Record, &a.Standing); err != nil {
		return err
	}
	if a.Waits, err = c.waiting(a.Record); err == nil && a.Known == "" && a.Board.Days.Waits(a.ID, a.Calendar.Day(a.AsOf.Time)) {
		a.Waits = append(a.Waits, wording.WaitingDay(a.Board.Days))
	}
	return err
}
