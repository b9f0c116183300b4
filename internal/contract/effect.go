package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"licet/lex"
	"licet/license"
)

// An Effect is what a contract intends, with the rule from which it comes. Do says
// what; the other members are those that it needs.
type Effect struct {
	Do        string      `json:"do,required"`
	License   string      `json:"license"`   // all but reject
	Status    string      `json:"status"`    // set_lifecycle: a lifecycle of package license
	Order     string      `json:"order"`     // impose, lift: OrderID of its name
	Authority string      `json:"authority"` // impose
	Action    string      `json:"action"`    // impose: a code of license.ActionCodes
	Name      string      `json:"name"`      // timers; impose, lift: what the contract calls the order
	Code      string      `json:"code"`      // reject, notify: a code of the manifest
	From      license.Day `json:"from"`      // first day; of timers the day on which they run
	Through   license.Day `json:"through"`   // set_term, impose: last day; none: no end
	Grace     license.Day `json:"grace"`     // set_term
	Citation  string      `json:"citation,required"`
	Function  string      `json:"function,required"`
	Line      int64       `json:"line,required"`
}

// What effects do.
const (
	SetLifecycle = "set_lifecycle" // a registration status from a day on
	SetTerm      = "set_term"      // one more term; where one begins on that day, its last days later
	Impose       = "impose"        // an encumbrance, which ends by itself where it has a last day
	Lift         = "lift"          // an encumbrance of this contract ends the day before
	SetTimer     = "set_timer"     // call me on that day; a timer of that name is set anew
	ClearTimer   = "clear_timer"
	Reject       = "reject" // the act is refused; hooks before acts only
	Notify       = "notify" // a notice is to be sent
)

// effects are the fields that each effect takes, in order. cite stands for the citation
// of the function where it is left away.
var effects = []lex.EffectKind{
	{Name: SetLifecycle, Fields: fields("license", "status", "day:date", "cite?")},
	{Name: SetTerm, Fields: fields("license", "start:date", "through?:date", "grace?:date", "cite?")},
	{Name: Impose, Fields: fields("license", "order", "authority", "action", "start:date", "until?:date", "cite?")},
	{Name: Lift, Fields: fields("license", "order", "day:date", "cite?")},
	{Name: SetTimer, Fields: fields("license", "name", "day:date", "cite?")},
	{Name: ClearTimer, Fields: fields("license", "name", "cite?")},
	{Name: Reject, Fields: fields("code", "cite?")},
	{Name: Notify, Fields: fields("license", "code", "cite?")},
}

// OrderID is the id of an order that a contract puts on a license: the first 16 bytes of
// SHA-256("licet/contract/order/1" ‖ 0 ‖ contract ‖ 0 ‖ license ‖ 0 ‖ name). So a contract
// names no order but its own.
func OrderID(contract, id, name string) string {
	h := sha256.Sum256([]byte("licet/contract/order/1\x00" + contract + "\x00" + id + "\x00" + name))
	return hex.EncodeToString(h[:16])
}

// effect makes an Effect of what the program returned, or says why it is none.
func (r *run) effect(e *lex.Effect) (out Effect, why string) {
	text := func(field string) string { s, _ := e.Value(field).(string); return s }
	day := func(field string) license.Day { return dayOf(e.Value(field)) }
	out = Effect{
		Do: e.Name, License: text("license"), Status: text("status"), Authority: text("authority"), Action: text("action"),
		Name: text("name") + text("order"), Code: text("code"), From: day("start") + day("day"), Through: day("through") + day("until"),
		Grace: day("grace"), Citation: text("cite"), Function: e.Function, Line: int64(e.Line),
	}
	if out.Citation == "" {
		if f := r.Manifest.Function(e.Function); f != nil {
			out.Citation = f.Citation
		}
	}
	if e.Name == Impose || e.Name == Lift {
		out.Order = OrderID(r.Manifest.Name, out.License, out.Name)
	}
	return out, r.wrong(&out)
}

// wrong says what is wrong with an effect; "" nothing.
func (r *run) wrong(e *Effect) string {
	switch {
	case e.Citation == "" || len(e.Citation) > citationMax:
		return "an effect cites the law, in its cite or in the manifest's row of its function, in at most 200 bytes"
	case e.Do == Reject && r.call.Hook.Kind != Before:
		return "only a hook before an act can reject"
	case (e.Do == Reject || e.Do == Notify) && r.Manifest.CodeWords(e.Code) == "":
		return "the manifest has no code " + quote(e.Code)
	case e.Do != Reject && r.license(e.License) == nil:
		return "there is no license " + quote(e.License)
	case r.call.Hook.ForEach && e.Do != Reject && e.License != r.call.Each:
		return "a hook with for_each touches no license but the one that it is called for"
	case e.Do == SetLifecycle && !slices.Contains(lifecycles, e.Status):
		return quote(e.Status) + " is no lifecycle"
	case e.Do == Impose && !slices.Contains([]string{license.AuthorityNone, license.AuthorityConditions, license.AuthorityBarred}, e.Authority):
		return quote(e.Authority) + " is no authority: write none, conditions or barred"
	case e.Do == Impose && !slices.Contains(license.ActionCodes, e.Action):
		return quote(e.Action) + " is no action of orders"
	case e.Name == "" && (e.Do == Impose || e.Do == Lift || e.Do == SetTimer || e.Do == ClearTimer), len(e.Name) > 100:
		return "orders and timers have names of 1 to 100 bytes"
	case e.Through != "" && e.Through < e.From, e.Grace != "" && (e.Through == "" || e.Grace < e.Through):
		return "the last day is before the first"
	case e.Do == SetTimer && e.From <= r.call.Trigger.Today:
		return "a timer is set for a day to come"
	}
	return ""
}

var lifecycles = []string{license.LifecycleActive, license.LifecycleInactive, license.LifecycleSurrendered, license.LifecycleDeceased, license.LifecycleCanceled}

// Change is what the effect changes of a license, which l is now. Of effects that change
// none it is the zero Change.
func (e *Effect) Change(contract string, l *license.License) license.Change {
	switch e.Do {
	case SetLifecycle:
		return license.Change{Do: license.DoLifecycle, Status: e.Status, From: e.From}
	case SetTerm:
		c := license.Change{Do: license.DoTerm, From: e.From, Through: e.Through, Grace: e.Grace}
		if slices.ContainsFunc(l.Terms, func(t license.Term) bool { return t.From == e.From }) {
			c.Do = license.DoExtend
		}
		return c
	case Impose:
		return license.Change{Do: license.DoOrder, Order: e.Order, Authority: e.Authority, Action: e.Action, Contract: contract, From: e.From, Through: e.Through}
	case Lift:
		return license.Change{Do: license.DoLift, Order: e.Order, From: e.From}
	}
	return license.Change{}
}

// Told returns the effect as hooks on it are told.
func (e *Effect) Told() *Effect {
	out := *e
	out.Name = ""
	return &out
}

// EffectOf returns the effect that an entry records, as hooks on it are told. It knows no
// order by the name that its contract gave it.
func EffectOf(e *license.Entry) *Effect {
	out := &Effect{Do: strings.TrimPrefix(e.Act, "contract."), License: e.ID}
	if e.Cause != nil {
		out.Citation, out.Function, out.Line = e.Cause.Citation, e.Cause.Function, e.Cause.Line
	}
	for _, c := range e.Changes[:min(1, len(e.Changes))] {
		out.Status, out.Order, out.Authority, out.Action = c.Status, c.Order, c.Authority, c.Action
		out.From, out.Through, out.Grace = c.From, c.Through, c.Grace
	}
	return out
}
