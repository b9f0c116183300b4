package rehearse

import (
	"encoding/binary"
	"slices"
	"strings"

	"licet/internal/contract"
	"licet/license"
)

// cascadeMax is how often effects may call forth others (docs/spec/adoption.md, section 5).
const cascadeMax = 4

// A trigger is what hooks answer.
type trigger struct {
	kind, name, license string
	today               license.Day
	day                 license.Day // of days and timers
	entry               license.Hash
	index               int64
	act                 license.Act
	cause               *contract.Effect
	depth               int64
}

// A call is one hook that answers a trigger.
type call struct {
	trigger
	hook *contract.Hook
	each string
	b    *board // for which it is called
}

// answer brings the calls of all hooks that answer a trigger into the queue.
func (w *world) answer(t trigger) {
	hooks := w.Pack.Hooks(t.kind, t.name)
	if len(hooks) == 0 {
		return
	}
	own := w.reached(t.license)
	if !own && (t.kind == contract.OnTimer || !w.otherwise(t.license) || len(w.Linked(t.license, t.today)) == 0) {
		return
	}
	before := len(w.queue)
	for _, h := range hooks {
		if !w.Pack.IsOff(h, w.Origin) {
			w.calls(h, t, own)
		}
	}
	if len(w.queue) > before {
		w.report.Triggers++
	}
}

func (w *world) calls(h *contract.Hook, t trigger, own bool) {
	b, each := w.license(t.license).b, []string{""}
	if h.ForEach || !own {
		each = w.Linked(t.license, t.today)
		if !own && len(each) > 0 {
			b = w.license(each[0]).b
		}
		if !h.ForEach {
			each = []string{""}
		}
	}
	for _, id := range each {
		c := call{t, h, id, b}
		if id != "" {
			c.b = w.license(id).b
		}
		switch {
		case c.b.suspended:
		case t.depth >= cascadeMax:
			w.fault(&c, &contract.Fault{Code: "depth", Function: h.Function})
		default:
			w.queue = append(w.queue, c)
		}
	}
}

// drain makes the calls that wait, those alone that come before a trigger's when one is
// given: another contract, which stands behind this one or not, has answered that one.
func (w *world) drain(until func(*call) bool) {
	for len(w.queue) > 0 && (until == nil || until(&w.queue[0])) {
		c := w.queue[0]
		w.queue = w.queue[1:]
		w.make(&c)
	}
	if len(w.queue) == 0 {
		w.queue = nil
	}
}

// make makes a call, whose effects take place all or none.
func (w *world) make(c *call) {
	if !w.runs(c.b, w.today(c.b)) {
		return // the board has left meanwhile, or the last day is over
	}
	out, shown := w.run(c)
	switch {
	case shown != Open:
		w.skipped(&c.trigger, shown)
		return
	case out.Fault != nil:
		w.fault(c, out.Fault)
		w.held = append(w.held, *c)
		return
	}
	ts, f := w.effects(c, out.Effects)
	if f != nil {
		w.fault(c, f)
		w.held = append(w.held, *c)
		return
	}
	c.b.faults, c.b.suspended = 0, false
	for i := range ts {
		w.answer(ts[i])
	}
}

// again makes a call that faulted once more, where a board asked for it in the network and
// it faulted here, too.
func (w *world) again(asked *license.Call) {
	for i := range w.held {
		c := &w.held[i]
		same := c.entry == asked.Trigger || w.alias[c.entry] == asked.Trigger || c.day != "" && c.day == asked.Day
		if same && c.license == asked.License && c.each == asked.Each && c.b.id == asked.Board && c.hook.Function == asked.Function {
			w.queue, w.held = append(w.queue, *c), slices.Delete(w.held, i, i+1)
			return
		}
	}
}

// run lets the rule run.
func (w *world) run(c *call) (contract.Outcome, Shown) {
	t := contract.Trigger{Name: c.name, License: c.license, Today: c.today, Act: c.act, Cause: c.cause, From: c.day}
	if c.kind == contract.On && c.hook.Kind == contract.On {
		t.Entry = c.entry
	}
	w.shown = Open
	if w.Ran != nil {
		w.Ran(true)
	}
	out := w.Pack.Run(contract.Call{Origin: w.Origin, Hook: c.hook, Trigger: t, Each: c.each, Views: w})
	if w.Ran != nil {
		w.Ran(false)
	}
	w.report.Calls++
	return out, w.shown
}

// before asks the hooks before an act, takes its entry in, and lets those answer that
// answer it; or the act does not stand.
func (w *world) before(r *read, t trigger) {
	b := w.license(t.license).b
	type asked struct {
		call
		effects []contract.Effect
		fault   *contract.Fault
	}
	var all []asked
	if w.reached(t.license) && !b.suspended {
		for _, h := range w.Pack.Hooks(contract.Before, t.name) {
			if w.Pack.IsOff(h, w.Origin) {
				continue
			}
			c := call{trigger: t, hook: h, b: b}
			out, shown := w.run(&c)
			if shown != Open {
				w.skipped(&t, shown)
				continue
			}
			if x := out.Rejected(); x != nil {
				w.refuse(r, &t, Refused{Code: x.Code, Words: w.Pack.Manifest.CodeWords(x.Code), Function: x.Function, Line: x.Line, Citation: x.Citation})
				return
			}
			all = append(all, asked{c, out.Effects, out.Fault})
		}
	}
	if len(all) > 0 {
		w.report.Triggers++
	}
	for i := range all {
		if a := &all[i]; a.fault != nil && a.hook.Fault == contract.FailClosed {
			w.fault(&a.call, a.fault)
			w.refuse(r, &t, Refused{Code: "contract-fault", Function: a.fault.Function, Line: int64(a.fault.Line)})
			return
		}
	}
	w.apply(r, false)
	w.answer(t) // what answers the act itself comes before what answers its effects
	for i := range all {
		a := &all[i]
		ts, f := []trigger(nil), a.fault
		if f == nil {
			ts, f = w.effects(&a.call, a.effects)
		}
		if f != nil {
			w.fault(&a.call, f)
		}
		for _, x := range ts {
			w.answer(x)
		}
	}
}

// refuse notes an act that stands in the log and would not have been recorded.
func (w *world) refuse(r *read, t *trigger, x Refused) {
	w.report.Triggers++
	x.License, x.Trigger, x.Act = t.license, t.index, t.name
	w.report.Refused = append(w.report.Refused, x)
	w.apply(r, true)
	if r.Kind == license.KindLicense {
		l := w.license(t.license)
		rule := Rule{Do: "refuse", Function: x.Function, Line: x.Line, Citation: x.Citation, Trigger: x.Trigger, Answers: t.name, About: t.license}
		l.sims = append(l.sims, effect{Rule: rule, from: r.Effective})
	}
}

// effects does what a call intends, all of it or nothing, and returns what that triggers.
func (w *world) effects(c *call, es []contract.Effect) (ts []trigger, f *contract.Fault) {
	var undo []func()
	notices := w.report.Notices
	for i := range es {
		x := &es[i]
		if x.Do == contract.Reject || !w.reached(x.License) {
			continue
		}
		l := w.license(x.License)
		switch x.Do {
		case contract.SetTimer, contract.ClearTimer:
			was := l.timers[x.Name]
			undo = append(undo, func() { l.set(x.Name, was) })
			l.set(x.Name, x.From)
			w.dueTimer(l, x.From)
		case contract.Notify:
			w.report.Notices++
		default:
			e, no := w.change(l, c, x)
			if no != nil {
				for _, u := range slices.Backward(undo) {
					u()
				}
				w.report.Notices = notices
				return nil, &contract.Fault{Code: contract.BadEffect, Function: x.Function, Line: int(x.Line), Text: no.Error()}
			}
			if e == nil { // nothing is left to lift
				continue
			}
			undo = append(undo, func() {
				l.own, l.sims, l.fold = l.own[:len(l.own)-1], l.sims[:len(l.sims)-1], nil
			})
			ts = append(ts, trigger{
				kind: contract.On, name: e.Act, license: x.License, today: c.today, entry: e.Hash, index: w.index,
				cause: contract.EffectOf(&e.Entry), depth: c.depth + 1,
			})
		}
	}
	return ts, nil
}

// change puts a simulated entry into a license's own history; nil: there is nothing to do.
func (w *world) change(l *lic, c *call, x *contract.Effect) (*license.Recorded, *license.Refusal) {
	var was license.License
	w.Get(license.KindLicense, x.License, &was)
	e, no := license.Automatic(w, w.name, x.License, x.Change(w.name, &was))
	if e == nil {
		return nil, no
	}
	w.made++
	r := license.Recorded{Entry: license.Entry{
		V: 1, Index: w.index, Block: w.height, Time: w.now, Kind: license.KindLicense, ID: x.License, Act: "contract." + x.Do, Effective: e.Effective, Changes: e.Changes,
		Cause: &license.Cause{Contract: w.name, Function: x.Function, Line: x.Line, Citation: x.Citation, Trigger: c.entry, Day: c.day},
	}}
	binary.BigEndian.PutUint64(r.Hash[:], uint64(w.made)) // no entry's hash, as long as SHA-256 holds
	l.part()
	l.own, l.fold = append(l.own, r), nil
	rule := Rule{Do: x.Do, Function: x.Function, Line: x.Line, Citation: x.Citation, Trigger: c.index, Day: c.day, Answers: c.name, About: c.license}
	l.sims = append(l.sims, effect{Rule: rule, from: x.From, hash: r.Hash, trigger: c.entry, changes: e.Changes})
	w.notes(l, e.Changes)
	return &r, nil
}

// fault notes a call that would have had no effects.
func (w *world) fault(c *call, f *contract.Fault) {
	w.report.Faults = append(w.report.Faults, Fault{c.license, c.index, c.day, f.Code, f.Function, int64(f.Line), c.name})
	c.b.faults++
	c.b.suspended = c.b.faults >= license.FaultsMax
}

// unshown says whether an act is about an order that is sealed now, and notes that nobody
// can replay it.
func (w *world) unshown(t *trigger, e *license.Recorded) bool {
	if !w.reached(t.license) && !w.otherwise(t.license) {
		return false
	}
	for i := range e.Changes {
		h := e.Changes[i].Commitment
		if e.Changes[i].Order == "" {
			continue
		}
		if h == (license.Hash{}) {
			h = w.orders[e.Changes[i].Order]
		} else {
			w.openings[h] = t.license
		}
		if _, shown := w.opening(h); shown == Sealed {
			w.skipped(t, Sealed)
			return true
		}
	}
	return false
}

// skipped notes a trigger that is not replayed. What the edition in force did then stays.
func (w *world) skipped(t *trigger, shown Shown) {
	if t.day != "" {
		w.days[t.day] = append(w.days[t.day], t.license)
	} else {
		w.skip[t.entry] = true
	}
	n := NotPlayed{License: t.license, Trigger: t.index, Day: t.day, Answers: t.name, Why: WhySealed}
	if shown == Withheld {
		n.Why = WhyWithheld
	}
	if !slices.Contains(w.report.NotReplayed, n) {
		w.report.NotReplayed = append(w.report.NotReplayed, n)
	}
}

// takenOut leaves out what the edition in force did: the simulation did the same, or it
// would not be. What came of a trigger that is not replayed stays.
func (w *world) takenOut(r *read, day license.Day) {
	w.drain(nil)
	w.causes[r.Hash] = cause{today: day}
	if w.stays(&r.Recorded) {
		w.skip[r.Hash] = true
		w.apply(r, false)
		return
	}
	if len(r.Changes) == 0 || !strings.HasPrefix(r.Act, "contract.") || r.Changes[0].Do == license.DoWait || r.Changes[0].Do == license.DoRan {
		return
	}
	l := w.license(r.ID)
	l.add(&r.Recorded, true)
	for i := range l.sims {
		s := &l.sims[i]
		same := s.trigger == r.Cause.Trigger || w.alias[s.trigger] == r.Cause.Trigger || s.Day != "" && s.Day == r.Cause.Day
		if s.matched || s.Do == "refuse" || !same || !slices.Equal(s.changes, r.Changes) {
			continue
		}
		s.matched, w.alias[s.hash] = true, r.Hash
		for n := range l.own { // what voids or corrects the one, voids or corrects the other
			if l.own[n].Hash == s.hash {
				l.own[n].Hash, l.fold = r.Hash, nil
			}
		}
		return
	}
	c := r.Cause
	l.taken = append(l.taken, effect{Rule: Rule{Do: "without", Function: c.Function, Line: c.Line, Citation: c.Citation, Trigger: r.Index, Day: c.Day}, from: r.Effective})
}

// stays says whether an entry of the edition in force came of a trigger that is not
// replayed.
func (w *world) stays(e *license.Recorded) bool {
	if e.Cause.Day == "" {
		return w.skip[e.Cause.Trigger]
	}
	return slices.ContainsFunc(w.days[e.Cause.Day], func(id string) bool {
		_, linked := w.links[license.LinkID(id, e.ID)]
		return id == e.ID || linked
	})
}

// foreign takes in what another contract did, or this one where or when it is not
// simulated.
func (w *world) foreign(r *read, by string, day license.Day) {
	from, known := w.causes[r.Cause.Trigger]
	w.drain(func(c *call) bool {
		if !known && c.entry != r.Cause.Trigger {
			return true
		}
		place := w.license(c.license).b
		at, ok := place.places[by]
		return c.entry == r.Cause.Trigger && ok && place.at < at
	})
	w.apply(r, false)
	if len(r.Changes) == 0 || r.Changes[0].Do == license.DoWait || r.Changes[0].Do == license.DoRan {
		return
	}
	c := cause{day, from.depth + 1}
	w.causes[r.Hash] = c
	w.answer(trigger{
		kind: contract.On, name: r.Act, license: r.ID, today: c.today, entry: r.Hash, index: r.Index,
		cause: contract.EffectOf(&r.Entry), depth: c.depth,
	})
}
