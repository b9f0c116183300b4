package ledger

import (
	"licet/internal/contract"
	"licet/license"
)

// effects writes what a call intends, all of it or nothing, and returns what the entries
// trigger. Where another edition is in force, or none, nothing takes place.
func (r *runner) effects(w *working, e *edition, c *call, es []contract.Effect) (ts []trigger, f *contract.Fault) {
	for i := range es {
		x := &es[i]
		if x.Do == contract.Reject || !license.Reaches(w, x.License, e.reach) {
			continue
		}
		cause := r.cause(c, e)
		cause.Function, cause.Line, cause.Citation = x.Function, x.Line, x.Citation
		ef, no := r.intended(w, e, c, x, i)
		if no != nil {
			return nil, &contract.Fault{Code: contract.BadEffect, Function: x.Function, Line: int(x.Line), Text: no.Error()}
		}
		if ef == nil {
			continue
		}
		en, no := r.write(w, ef, "contract."+verbOf(x.Do), cause)
		if no != nil {
			return nil, &contract.Fault{Code: contract.BadEffect, Function: x.Function, Line: int(x.Line), Text: no.Error()}
		}
		r.steps += entrySteps
		if len(ef.Changes) > 0 {
			ts = append(ts, trigger{
				kind: contract.On, name: en.Act, license: x.License, today: c.Today, entry: en.Hash, index: en.Index,
				cause: contract.EffectOf(&en.Entry), depth: c.Depth + 1,
			})
		}
	}
	return ts, nil
}

func verbOf(do string) string {
	if do == contract.SetTimer || do == contract.ClearTimer {
		return "timer"
	}
	return do
}

// intended says what one effect does to the records; nil: nothing.
func (r *runner) intended(w *working, e *edition, c *call, x *contract.Effect, n int) (*license.Effect, *license.Refusal) {
	switch x.Do {
	case contract.SetTimer:
		return license.SetTimer(w, x.License, e.reach.Contract, x.Name, x.From)
	case contract.ClearTimer:
		return license.SetTimer(w, x.License, e.reach.Contract, x.Name, "")
	case contract.Notify:
		return license.Notify(&license.Notice{
			License: x.License, Contract: e.reach.Contract, Version: e.Version, Code: x.Code, Citation: x.Citation, Day: c.Today,
		}, &c.Call, n), nil
	}
	var l license.License
	w.Get(license.KindLicense, x.License, &l)
	ef, no := license.Automatic(w, e.reach.Contract, x.License, x.Change(e.reach.Contract, &l))
	if ef != nil {
		ef.Kind, ef.ID = license.KindLicense, x.License
	}
	return ef, no
}

// fault records that a call had no effects. A call that is kept runs again when its board
// asks for it.
func (r *runner) fault(x faulted, kept bool) {
	w := r.b.work
	cause := r.cause(&x.call, x.edition)
	cause.Line = int64(x.fault.Line)
	id := x.Contract + "/" + x.Board
	f := license.Fault{}
	w.Get(license.KindFault, id, &f)
	if f.Hash != x.edition.Hash {
		f.Faults = 0
	}
	f.Faults++
	f.Hash, f.Code, f.Trigger, f.Call, f.Last = x.edition.Hash, x.fault.Code, x.Trigger, "", license.Hash{}
	f.Suspended = f.Faults >= license.FaultsMax
	if kept {
		f.Call = license.HeldPrefix + r.b.number(&r.waits)
		x.Held, x.Asked, x.number = true, false, ""
		if no := r.keep(&x.call, f.Call, cause); no != nil {
			f.Call = ""
		}
	}
	if _, no := r.write(w, &license.Effect{Kind: license.KindFault, ID: id, Record: &f}, license.ContractFault, cause); no != nil {
		w.fail(no)
	}
}

// sound ends a row of faults after a call that had none.
func (r *runner) sound(c *call, e *edition) {
	id := c.Contract + "/" + c.Board
	var f license.Fault
	if !r.b.work.Get(license.KindFault, id, &f) || f.Faults == 0 {
		return
	}
	if _, no := r.write(r.b.work, &license.Effect{Kind: license.KindFault, ID: id, Record: &license.Fault{Hash: e.Hash}}, license.ContractFault, r.cause(c, e)); no != nil {
		r.b.work.fail(no)
	}
}

// before asks the hooks before an act, whose entry w has: they refuse it, or add effects.
// They see the records as they were before it.
func (r *runner) before(w *working, a license.Act, en *newEntry) (ts []trigger, no *license.Refusal) {
	if licenseOf(a, w) == "" {
		return nil, nil
	}
	c := call{Call: license.Call{Kind: contract.Before, Name: a.Verb(), License: licenseOf(a, w), Trigger: en.Hash, Index: en.Index}, act: a}
	c.Board = license.BoardOf(license.KindLicense, c.License)
	c.Today = license.Today(w, c.Board)
	// What answers the act itself comes before what answers its effects.
	ts = append(ts, trigger{kind: contract.On, name: c.Name, license: c.License, today: c.Today, entry: en.Hash, index: en.Index, act: a})
	var all license.Contracts
	w.under.Get(license.KindContracts, c.Board, &all)
	for _, row := range all.Rows {
		e := r.inForce(w.under, row.Contract, c.Board)
		if e == nil || !license.Reaches(w.under, c.License, e.reach) || r.suspended(e, c.Board) {
			continue
		}
		c.Contract = row.Contract
		for _, h := range e.pack.Hooks(contract.Before, c.Name) {
			if e.pack.IsOff(h, r.b.origin) {
				continue
			}
			c.Function = h.Function
			more, no := r.ask(w, e, h, &c)
			if no != nil {
				return nil, no
			}
			ts = append(ts, more...)
		}
	}
	return ts, nil
}

// ask makes the call of one hook before an act.
func (r *runner) ask(w *working, e *edition, h *contract.Hook, c *call) ([]trigger, *license.Refusal) {
	if !r.may() {
		return nil, license.Refuse("busy", "spec/adoption", "The contracts of this block have no room for another call. Send the act again: it can stand in the next block.")
	}
	t := contract.Trigger{Name: c.Name, License: c.License, Today: c.Today, Act: c.act}
	out := e.pack.Run(contract.Call{Origin: r.b.origin, Hook: h, Trigger: t, Views: &views{w.under, e}})
	r.steps += out.Steps
	r.calls++
	if x := out.Rejected(); x != nil {
		return nil, license.Refuse("contract", x.Citation, "Contract %s refuses this (%s): %s", c.Contract, x.Code, e.pack.Manifest.CodeWords(x.Code))
	}
	f, over, ts := out.Fault, w.over(), []trigger(nil)
	if f == nil {
		ts, f = r.effects(over, e, c, out.Effects)
	}
	if f == nil {
		over.merge()
		return ts, nil
	}
	w.fail(over.err)
	r.faults = append(r.faults, faulted{*c, e, *f})
	if h.Fault == contract.FailClosed {
		return nil, license.Refuse("contract-fault", "spec/adoption", "Contract %s could not judge this act (%s in %s), and its boards adopted that no such act is recorded then. After %d such faults in a row it is called no more.", c.Contract, f.Code, h.Function, license.FaultsMax)
	}
	return nil, nil
}

// after records the faults of hooks before a payload's acts, and makes the calls that
// answer what it changed.
func (r *runner) after(ts []trigger) {
	for _, f := range r.faults {
		// A payload that was refused as a whole may have brought the edition.
		if e := r.inForce(r.b.work, f.Contract, f.Board); e != nil && e.Hash == f.edition.Hash {
			r.fault(f, false)
		}
	}
	r.faults = nil
	for _, t := range ts {
		r.answer(t)
	}
	r.drain()
}

// licenseOf returns the license that an act is about, or "".
func licenseOf(a license.Act, v license.View) string {
	switch kind, id := a.Target(); kind {
	case license.KindLicense:
		return id
	case license.KindFact:
		if f, ok := a.(*license.FactRecord); ok {
			return f.About
		}
		var f license.Fact
		v.Get(kind, id, &f)
		return f.About
	}
	return ""
}
