package ledger

import (
	"fmt"
	"slices"

	"licet/internal/contract"
	"licet/license"
)

// What contracts may do in one block. Calls that days and timers bring, and those that
// wait, take at most half of it, so that acts of the block find room for theirs; and in a
// block that has acts, so little that these go on at no less than half their rate.
const (
	blockSteps = 20_000_000
	blockCalls = 10_000
	busySteps  = 1_000_000
	busyCalls  = 200
	callSteps  = 100_000 // that one call may take at most
	cascadeMax = 4       // so often may effects call forth others

	entrySteps = 1_000 // for each entry that an effect writes, and each timer that goes
	visitSteps = 100   // for each license for which a day brings something
)

// A runner makes the calls of contracts in a block (docs/spec/adoption.md, section 5).
type runner struct {
	b      *block
	packs  map[license.Hash]*contract.Package // that were read before, by their hash
	steps  int64                              // that were taken
	calls  int64                              // that were made
	early  bool                               // the block's transactions are still to come
	busy   bool                               // it has some
	queue  []call                             // to be made next, in this order
	behind bool                               // calls wait already: others wait behind them
	waits  int64                              // how many began to wait in this block
	faults []faulted                          // of hooks before acts, to be recorded after the payload
	passed []passed                           // days all of whose calls are made
}

// A call is one that is to be made.
type call struct {
	license.Call
	number string      // under which it waited; "": it did not
	act    license.Act // that the trigger records; nil: read it
	cause  *contract.Effect
}

type passed struct {
	board   string
	through license.Day
}

type faulted struct {
	call
	edition *edition
	fault   contract.Fault
}

// An edition is a contract as it runs for a board.
type edition struct {
	license.Edition
	reach license.Reach
	pack  *contract.Package
}

// A trigger is what hooks answer.
type trigger struct {
	kind, name, license string
	today               license.Day
	day                 license.Day  // of days and timers
	entry               license.Hash // of days and timers the newest about the license
	index               int64        // of the entry, where it is the trigger
	act                 license.Act
	cause               *contract.Effect
	depth               int64
	contract            string // of timers: the one that is called; "": all
}

func (b *block) newRunner(packs map[license.Hash]*contract.Package) {
	if b.rules >= 2 {
		b.run = &runner{b: b, packs: packs}
	}
}

// may says whether the block has room for one more call.
func (r *runner) may() bool {
	steps, calls := int64(blockSteps), int64(blockCalls)
	switch {
	case r.early && r.busy:
		steps, calls = busySteps, busyCalls
	case r.early:
		steps, calls = steps/2, calls/2
	}
	return r.steps+callSteps <= steps && r.calls < calls
}

// inForce returns the edition of a contract that runs for a board, or nil.
func (r *runner) inForce(w *working, name, board string) *edition {
	var k license.Contract
	if !w.Get(license.KindContract, name, &k) || k.Retired {
		return nil
	}
	return r.edition(w, name, k.InForce(board))
}

func (r *runner) edition(w *working, name string, e *license.Edition) *edition {
	if e == nil {
		return nil
	}
	p := r.packs[e.Hash]
	if p == nil {
		var err error
		if p, err = readPack(w, e.Manifest); err != nil {
			w.fail(corrupt("contract %s, edition %s: %v", name, e.Hash, err))
			return nil
		}
		if len(r.packs) >= 256 {
			clear(r.packs)
		}
		r.packs[e.Hash] = p
	}
	roles := map[string][]string{}
	for _, role := range p.Manifest.Roles {
		roles[role.Role] = role.Professions
	}
	return &edition{Edition: *e, reach: license.Reach{Contract: name, Hash: e.Hash, Roles: roles}, pack: p}
}

// readPack reads a contract from its texts.
func readPack(w *working, manifest license.Hash) (*contract.Package, error) {
	text := func(h license.Hash) []byte {
		o, err := w.opening(h)
		w.fail(err)
		if o == nil {
			return nil
		}
		return o.Bytes
	}
	parts := contract.Parts{Manifest: text(manifest)}
	m, err := contract.ReadManifest(parts.Manifest)
	if err != nil {
		return nil, err
	}
	parts.Source = text(m.Source)
	if m.Parameters != (license.Hash{}) {
		parts.Parameters = text(m.Parameters)
	}
	return contract.Parse(parts)
}

// editions returns the editions of a contract that may answer what happens to a license:
// first its own board's, then those that are in force for linked licenses.
func (r *runner) editions(w *working, name string, t *trigger) (out []*edition) {
	var k license.Contract
	if !w.Get(license.KindContract, name, &k) || k.Retired {
		return nil
	}
	own := r.edition(w, name, k.InForce(license.BoardOf(license.KindLicense, t.license)))
	if own == nil || !license.Reaches(w, t.license, own.reach) {
		return nil
	}
	out = append(out, own)
	for i := range k.Editions {
		e := &k.Editions[i]
		if e.Hash == own.Hash || len(e.Boards) == 0 || t.kind == contract.OnTimer {
			continue
		}
		if other := r.edition(w, name, e); other != nil && len(other.linked(w, t)) > 0 {
			out = append(out, other)
		}
	}
	return out
}

// linked returns the licenses that are linked with the trigger's and in the edition's
// reach, in order.
func (e *edition) linked(w *working, t *trigger) []string {
	ids := linkedOf(w, t.license, t.today)
	return slices.DeleteFunc(ids, func(id string) bool { return !license.Reaches(w, id, e.reach) })
}

// answer brings the calls of all hooks that answer a trigger into the queue.
func (r *runner) answer(t trigger) {
	w := r.b.work
	var all license.Contracts
	w.Get(license.KindContracts, license.BoardOf(license.KindLicense, t.license), &all)
	for _, row := range all.Rows {
		if t.contract != "" && t.contract != row.Contract {
			continue
		}
		for n, e := range r.editions(w, row.Contract, &t) {
			for _, h := range e.pack.Hooks(t.kind, t.name) {
				if !e.pack.IsOff(h, r.b.origin) {
					r.call(e, h, &t, n == 0)
				}
			}
		}
	}
}

// call brings the calls of one hook into the queue. An edition that is not the one of the
// trigger's board is called for the linked licenses alone.
func (r *runner) call(e *edition, h *contract.Hook, t *trigger, own bool) {
	board := license.BoardOf(license.KindLicense, t.license)
	each := []string{""}
	if h.ForEach || !own {
		each = e.linked(r.b.work, t)
		if !own && len(each) > 0 {
			board = license.BoardOf(license.KindLicense, each[0])
		}
		if !h.ForEach {
			each = []string{""}
		}
	}
	for _, id := range each {
		c := call{act: t.act, cause: t.cause, Call: license.Call{
			Contract: e.reach.Contract, Board: board, Kind: t.kind, Name: t.name, Function: h.Function, License: t.license, Each: id,
			Trigger: t.entry, Index: t.index, Today: t.today, Day: t.day, Depth: t.depth,
		}}
		if id != "" {
			c.Board = license.BoardOf(license.KindLicense, id)
		}
		switch {
		case r.suspended(e, c.Board):
		case t.depth >= cascadeMax:
			r.fault(faulted{c, e, contract.Fault{Code: "depth", Function: h.Function}}, false)
		default:
			r.queue = append(r.queue, c)
		}
	}
}

// suspended says whether faults keep the edition from being called for a board.
func (r *runner) suspended(e *edition, board string) bool {
	var f license.Fault
	return r.b.work.Get(license.KindFault, e.reach.Contract+"/"+board, &f) && f.Suspended && f.Hash == e.Hash
}

// drain makes the calls of the queue, and those that their effects bring. What finds no
// room waits in the map.
func (r *runner) drain() {
	for len(r.queue) > 0 {
		c := r.queue[0]
		r.queue = r.queue[1:]
		if r.behind || !r.may() {
			r.wait(&c)
		} else {
			r.make(&c)
		}
	}
	r.queue = nil
}

// wait lets a call wait for a later block. Where its license's record has no room to say
// so, it never has effects.
func (r *runner) wait(c *call) {
	r.behind = true
	e := r.inForce(r.b.work, c.Contract, c.Board)
	if no := r.keep(c, r.b.number(&r.waits), r.cause(c, e)); no != nil && e != nil {
		r.fault(faulted{*c, e, contract.Fault{Code: no.Code}}, false)
	}
}

// number returns the id of the next call that waits.
func (b *block) number(n *int64) string {
	*n++
	return fmt.Sprintf("%010d.%06d", b.height, *n)
}

// keep writes a call that waits, and marks its license; or says why it cannot: a board may
// have made the license's record as large as can be, and no block fails over that.
func (r *runner) keep(c *call, number string, cause *license.Cause) *license.Refusal {
	w := r.b.work
	e, no := license.Queue(w, c.marks(), number, &c.Call)
	if no == nil {
		_, no = r.write(w, e, license.ContractQueue, cause)
	}
	return no
}

// hold keeps a call that is not made: faults suspended the edition before its turn came.
func (r *runner) hold(c *call, e *edition) {
	c.Held = true
	_ = r.keep(c, license.HeldPrefix+r.b.number(&r.waits), r.cause(c, e)) // else the call is lost with the record's room
}

// marks returns the license that a waiting call marks.
func (c *call) marks() string {
	if c.Each != "" {
		return c.Each
	}
	return c.License
}

// cause names the contract and what makes it run.
func (r *runner) cause(c *call, e *edition) *license.Cause {
	cause := &license.Cause{Contract: c.Contract, Function: c.Function, Trigger: c.Trigger, Day: c.Day}
	if e != nil {
		cause.Version, cause.Amendment, cause.Hash = e.Version, e.Amendment, e.Hash
		if f := e.pack.Manifest.Function(c.Function); f != nil {
			cause.Citation = f.Citation
		}
	}
	return cause
}

func (r *runner) write(w *working, e *license.Effect, verb string, cause *license.Cause) (*newEntry, *license.Refusal) {
	if e.Effective == "" {
		e.Effective = license.Today(w, license.BoardOf(e.Kind, e.ID))
	}
	return w.write(e, verb, cause, r.b.height)
}

// make makes a call and records what it does.
func (r *runner) make(c *call) {
	w := r.b.work
	e := r.inForce(w, c.Contract, c.Board)
	h := e.hook(c)
	if c.number != "" {
		r.called(c, e)
	}
	switch {
	case h == nil || e.pack.IsOff(h, r.b.origin):
		return // the board has left, or another version answers no more
	case !c.Asked && r.suspended(e, c.Board):
		r.hold(c, e)
		return
	}
	t, ok := r.trigger(c)
	if !ok {
		return
	}
	over := w.over()
	out := e.pack.Run(contract.Call{Origin: r.b.origin, Hook: h, Trigger: t, Each: c.Each, Views: &views{over, e}})
	r.steps += out.Steps
	r.calls++
	f, ts := out.Fault, []trigger(nil)
	if f == nil {
		ts, f = r.effects(over, e, c, out.Effects)
	}
	if f != nil {
		w.fail(over.err)
		r.fault(faulted{*c, e, *f}, true)
		return
	}
	over.merge()
	r.sound(c, e)
	for i := range ts {
		r.answer(ts[i])
	}
}

// hook returns the hook that a call is of, or nil.
func (e *edition) hook(c *call) *contract.Hook {
	if e == nil {
		return nil
	}
	for _, h := range e.pack.Hooks(c.Kind, c.Name) {
		if h.Function == c.Function && h.ForEach == (c.Each != "") {
			return h
		}
	}
	return nil
}

// called says that a call waits no longer.
func (r *runner) called(c *call, e *edition) {
	w := r.b.work
	ef, no := license.Queue(w, c.marks(), c.number, nil)
	if no == nil {
		_, no = r.write(w, ef, license.ContractCalled, r.cause(c, e))
	}
	if no != nil {
		w.fail(fmt.Errorf("a call of contract %s cannot end: %w", c.Contract, no)) // the record becomes no larger
	}
}

// trigger makes what the contract is told of its trigger. Of a call that waited it is
// read from the log.
func (r *runner) trigger(c *call) (contract.Trigger, bool) {
	t := contract.Trigger{Name: c.Name, License: c.License, Today: c.Today, Act: c.act, Cause: c.cause, From: c.Day}
	if c.Kind != contract.On {
		return t, true
	}
	t.Entry = c.Trigger
	if t.Act != nil || t.Cause != nil {
		return t, true
	}
	en, act, err := r.b.work.entryAt(c.Index)
	if err == nil && !en.Signed() {
		t.Cause = contract.EffectOf(en)
	} else if err == nil {
		t.Act, err = license.ParseAct(act)
	}
	if err != nil {
		r.b.work.fail(corrupt("entry %d, which calls contract %s: %v", c.Index, c.Contract, err))
	}
	return t, err == nil
}
