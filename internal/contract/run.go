package contract

import (
	"strings"

	"licet/lex"
	"licet/license"
)

// LicensesMax is how many licenses a call may touch that is not for each.
const LicensesMax = 64

// A Trigger is why a hook runs.
type Trigger struct {
	Name    string       // the verb, the day's name (Days), the timer's name
	License string       // the license that it is about
	Today   license.Day  // legal day of that license's board
	Act     license.Act  // of hooks before acts and on entries of acts; else nil
	Entry   license.Hash // of hooks on entries: the entry
	Cause   *Effect      // of hooks on entries that a contract wrote; else nil
	From    license.Day  // of days: first day of what begins or ends; of timers the day set
}

// A Call is one hook with one trigger.
type Call struct {
	Origin  string // of the network: what is unconfirmed runs on test networks alone
	Hook    *Hook
	Trigger Trigger
	Each    string // hooks for each: the license that this call is for
	Views   Views
	Reached func(line int) // is told each line that runs; nil: nobody
	Called  func(lex.Call) // is told what is called in the language, before it is; nil: nobody
}

// An Outcome is what became of a call.
type Outcome struct {
	Off          bool     // switched off here; nothing ran
	Effects      []Effect // in the order in which the function returned them
	Fault        *Fault   // then there are no effects
	Steps, Bytes int64
}

// Rejected returns the effect that refuses the act, or nil.
func (o *Outcome) Rejected() *Effect {
	for i := range o.Effects {
		if o.Effects[i].Do == Reject {
			return &o.Effects[i]
		}
	}
	return nil
}

// A Fault is why a call had no effects. Only its code is recorded.
type Fault struct {
	Code     string // of package lex, or one below
	Function string
	Line     int
	Text     string
}

// Fault codes besides those of the language.
const (
	BadEffect       = "bad-effect"        // an effect that no state allows
	TooManyLicenses = "too-many-licenses" // more than LicensesMax without for_each
	NotDeclared     = "not-declared"      // an opening or a parameter that the manifest does not name
)

// Run calls the hook. The same call gives the same outcome on every machine.
func (p *Package) Run(c Call) (o Outcome) {
	if p.IsOff(c.Hook, c.Origin) {
		return Outcome{Off: true}
	}
	r := &run{Package: p, call: c, licenses: map[string]*license.License{}}
	args := []lex.Value{r.context(), r.trigger()}
	if c.Hook.ForEach {
		args = append(args, c.Each)
	}
	call := lex.Call{Function: c.Hook.Function, Args: args, Host: r, Reached: c.Reached}
	if c.Called != nil {
		c.Called(call)
	}
	result := p.program.Call(call)
	o.Steps, o.Bytes = result.Steps, result.Bytes
	if f := result.Fault; f != nil {
		o.Fault = &Fault{f.Code, c.Hook.Function, f.Line, f.Text}
		return o
	}
	touched := map[string]bool{}
	for _, e := range result.Effects {
		out, why := r.effect(e)
		if why != "" {
			o.Effects, o.Fault = nil, &Fault{BadEffect, e.Function, e.Line, e.Name + ": " + why + "."}
			return o
		}
		o.Effects = append(o.Effects, out)
		if touched[out.License] = true; len(touched) > LicensesMax {
			o.Effects, o.Fault = nil, &Fault{TooManyLicenses, e.Function, e.Line, "A hook that touches more than 64 licenses declares for_each."}
			return o
		}
	}
	return o
}

// A run is a call under way. It is the host of the language's functions.
type run struct {
	*Package
	call     Call
	licenses map[string]*license.License // those that were read; never walked
}

// license reads a license once.
func (r *run) license(id string) *license.License {
	l, ok := r.licenses[id]
	if !ok {
		l = r.call.Views.License(id)
		r.licenses[id] = l
	}
	return l
}

// context is the first argument of every hook.
func (r *run) context() *lex.Record {
	return lex.NewRecord("context",
		lex.Field{Name: "today", Value: dateOrNone(r.call.Trigger.Today)},
		lex.Field{Name: "contract", Value: r.Manifest.Name},
		lex.Field{Name: "version", Value: r.Manifest.Version},
		lex.Field{Name: "kind", Value: r.call.Hook.Kind},
		lex.Field{Name: "trigger", Value: r.call.Trigger.Name},
		lex.Field{Name: "license", Value: textOrNone(r.call.Trigger.License)},
	)
}

// trigger is the second one: the act, the effect, the day or the timer.
func (r *run) trigger() *lex.Record {
	t := &r.call.Trigger
	switch {
	case t.Act != nil:
		return recordOf("act", t.Act)
	case t.Cause != nil:
		return recordOf("effect", t.Cause)
	}
	return lex.NewRecord(r.call.Hook.Kind,
		lex.Field{Name: "name", Value: t.Name},
		lex.Field{Name: "license", Value: textOrNone(t.License)},
		lex.Field{Name: "start", Value: dateOrNone(t.From)},
	)
}

func isTest(origin string) bool { return strings.HasPrefix(origin, "test/") }
