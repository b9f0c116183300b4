package license

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"licet/strict"
)

// What contracts do is recorded without anybody's signature but that under the contract
// itself: entries whose cause names the rule. This file says which of a contract's effects
// may be recorded; what the contract's program intends is judged by whoever runs it.

// Kinds of records that contracts' calls write.
const (
	KindTimer  = "timer"  // id: license~contract~name; written beside
	KindCall   = "call"   // id: height.number; written beside
	KindNotice = "notice" // id: board/ and 32 digits
	KindFault  = "fault"  // id: contract/board
)

// Verbs of entries that no act has.
const (
	ContractQueue  = "contract.queue"  // a call about the license waits
	ContractCalled = "contract.called" // it waits no longer; what it does follows
	ContractTimer  = "contract.timer"  // a timer is set, cleared, or was called
	ContractNotify = "contract.notify" // a notice
	ContractFault  = "contract.fault"  // a call had no effects
	ContractDays   = "contract.days"   // how far the calls of a day have come for the board
)

// HeldPrefix begins the ids of calls that are held.
const HeldPrefix = "held-"

// FaultsMax is how many calls in a row may fault until the contract is suspended for the
// board.
const FaultsMax = 5

// A Timer is a day on which a contract wants to be called. Kind "timer".
type Timer struct {
	Day Day `json:"day,required"`
}

// A Call is one that waits, with all that it is made from. Kind "call".
type Call struct {
	Contract string `json:"contract,required"`
	Board    string `json:"board,required"` // for whom it is called: the edition in force for it runs
	Kind     string `json:"kind,required"`  // of the hook: on, day, timer
	Name     string `json:"name,required"`  // what the hook answers
	Function string `json:"function,required"`
	License  string `json:"license,required"` // that the trigger is about
	Each     string `json:"each"`             // of hooks for each: the license that the call is for
	Trigger  Hash   `json:"trigger"`          // entry; of days and timers the newest about the license
	Index    int64  `json:"index"`            // its index, where it is what the hook answers
	Today    Day    `json:"today,required"`   // legal day of the trigger
	Day      Day    `json:"day"`              // of days and timers
	Depth    int64  `json:"depth"`            // how many effects lie between it and an act, a day or a timer
	Held     bool   `json:"held"`             // it faulted, or its edition was suspended before it was made; it is made when a board asks
	Asked    bool   `json:"asked"`            // a board asked: it is made, though its edition be suspended
}

// A Notice is something that a contract wants to be told. Kind "notice".
type Notice struct {
	License  string `json:"license,required"`
	Contract string `json:"contract,required"`
	Version  int64  `json:"version,required"`
	Code     string `json:"code,required"` // of the manifest
	Citation string `json:"citation,required"`
	Day      Day    `json:"day,required"`
	Last     Hash   `json:"last"`
}

// A Fault counts the calls of a contract for a board that had none of their effects.
// Kind "fault".
type Fault struct {
	Faults    int64  `json:"faults"`    // in a row
	Suspended bool   `json:"suspended"` // the edition is not called for the board
	Hash      Hash   `json:"hash"`      // of the edition that they are of
	Code      string `json:"code"`      // of the newest one
	Trigger   Hash   `json:"trigger"`   // likewise
	Call      string `json:"call"`      // likewise: id of the call that is held; none: a hook before an act
	Last      Hash   `json:"last"`
}

// A DayCalls says how far the calls of a day have come: those for licenses up to After
// are made. It stands in a board's record only while some of them wait, and where the
// board's calendar would name another day as the next: the next is Day.
type DayCalls struct {
	Day   Day    `json:"day,required"`
	After string `json:"after"`
}

// Waits says whether the day's calls about a license are late on the board's legal day.
func (d *DayCalls) Waits(id string, today Day) bool {
	return d.Late(today) && id > d.After
}

// Late says whether the day has come and some of its calls are not made.
func (d *DayCalls) Late(today Day) bool { return d != nil && d.Day <= today }

// VerbOf returns the verb of a contract's entry that makes a change, or "".
func VerbOf(do string) string {
	switch do {
	case DoLifecycle:
		return "contract.set_lifecycle"
	case DoTerm, DoExtend:
		return "contract.set_term"
	case DoOrder:
		return "contract.impose"
	case DoLift:
		return "contract.lift"
	}
	return ""
}

// Automatic says what a contract's effect does to a license, or why it cannot be. The
// change is all that the contract intends: a lifecycle, a term, a term's later days, an
// order of its own or that order's end. Whether the license is in its reach is judged
// apart (Reaches). Where there is nothing to lift any more, there is no effect.
func Automatic(v View, contract, id string, c Change) (*Effect, *Refusal) {
	l, r := getLive(v, id)
	if r != nil {
		return nil, r
	}
	if r := c.automatic(contract); r != nil {
		return nil, r
	}
	switch c.Do {
	case DoLifecycle:
		r = l.automaticStatus(v, contract, id, c)
	case DoTerm, DoExtend:
		r = l.automaticTerm(c)
	case DoOrder:
		if o := l.order(c.Order); o != nil && o.Contract != contract || o == nil && everOrdered(v, id, c.Order) {
			r = refuse("order-closed", specAdoption, "Order %s is none of contract %s that could be imposed or revised.", c.Order, contract)
		}
	case DoLift:
		var over bool
		if over, r = l.liftIsOver(v, contract, id, c); over {
			return nil, nil
		}
	}
	if r != nil {
		return nil, r
	}
	was := l.ordersOfBoard()
	e, r := l.change(c.From, c)
	if r == nil && l.ordersOfBoard() != was {
		r = refuse("reach", specAdoption, "Contract %s would change what the board itself ordered.", contract)
	}
	return e, r
}

// automatic checks the form of a change that a contract may make.
func (c Change) automatic(contract string) *Refusal {
	plain := c
	if c.Do == DoOrder {
		if c.Contract != contract || !slices.Contains(ActionCodes, c.Action) || c.Commitment != (Hash{}) {
			return refuse("change", specAdoption, "A contract's order names the contract and an action, and no document.")
		}
		plain.Action, plain.Contract = "", ""
	}
	if !slices.Contains([]string{DoLifecycle, DoTerm, DoExtend, DoOrder, DoLift}, c.Do) {
		return refuse("change", specAdoption, "No contract makes a change %q.", c.Do)
	}
	return checkChange(plain)
}

// automaticStatus: what ended stays so, and what the board made inactive it alone makes
// active again.
func (l *License) automaticStatus(v View, contract, id string, c Change) *Refusal {
	status := l.lifecycleOn(c.From)
	if r := l.notEnded(status, c.From); r != nil {
		return r
	}
	if c.Status != LifecycleActive || status == "" || status == LifecycleActive {
		return nil
	}
	if by := lifecycleBy(v.Entries(KindLicense, id), c.From); by != contract {
		return refuse("reach", specAdoption, "The license is %s on %s, and not by contract %s: its board alone makes it active.", status, c.From, contract)
	}
	return nil
}

func (l *License) notEnded(status string, day Day) *Refusal {
	switch status {
	case LifecycleSurrendered, LifecycleDeceased, LifecycleCanceled:
		return refuse("license-ended", specAdoption, "The license is %s on %s; no contract changes that.", status, day)
	}
	return nil
}

// lifecycleBy returns the contract that set the newest lifecycle on a day, if one did.
func lifecycleBy(es []Recorded, day Day) (contract string) {
	var from Day
	for _, e := range contributions(es) {
		for _, c := range e.Changes {
			if c.Do == DoLifecycle && c.From <= day && c.From >= from {
				from, contract = c.From, e.ByContract()
			}
		}
	}
	return contract
}

// automaticTerm: a term begins where none does, or a term's last days become later; terms
// do not overlap.
func (l *License) automaticTerm(c Change) *Refusal {
	if r := l.notEnded(l.lifecycleOn(c.From), c.From); r != nil {
		return r
	}
	t := l.term(c.From)
	if (t != nil) != (c.Do == DoExtend) || t != nil && !t.extendsTo(c.Through, c.Grace) {
		return refuse("not-extended", specAdoption, "A term from %s begins once, and its last days become later only.", c.From)
	}
	for i := range l.Terms {
		o := &l.Terms[i]
		if o != t && (o.Through == "" || c.From <= o.Through) && (c.Through == "" || o.From <= c.Through) {
			return refuse("term-overlap", specAdoption, "The term from %s overlaps the one from %s through %s.", c.From, o.From, orNone(o.Through))
		}
	}
	return nil
}

// liftIsOver says whether an order that a contract would lift does not hold by it any more:
// it ended before, or the board voided or sealed it, or corrected it and so made it its own.
// That the board was first is no fault of the rule.
func (l *License) liftIsOver(v View, contract, id string, c Change) (over bool, r *Refusal) {
	imposes := func(x Change) bool { return x.Do == DoOrder && x.Order == c.Order && x.Contract == contract }
	if !slices.ContainsFunc(v.Entries(KindLicense, id), func(e Recorded) bool { return slices.ContainsFunc(e.Changes, imposes) }) {
		return false, refuse("unknown-order", specAdoption, "Contract %s has imposed no order %s on the license.", contract, c.Order)
	}
	o := l.order(c.Order)
	return o == nil || o.Contract != contract || o.End != "" && o.End < c.From, nil
}

// ordersOfBoard writes the orders that no contract imposed, to be compared.
func (l *License) ordersOfBoard() string {
	var own License
	for _, o := range l.Orders {
		if o.Contract == "" {
			own.Orders = append(own.Orders, o)
		}
	}
	return string(strict.Encode(&own))
}

// Queue returns the effect on a license of a call about it that begins to wait, which the
// record of kind call tells, or that waits no longer: then call is nil.
func Queue(v View, id, number string, call *Call) (*Effect, *Refusal) {
	l, r := getLicense(v, id)
	if r != nil {
		return nil, r
	}
	do, record := DoWait, any(call)
	if call == nil {
		do, record = DoRan, &struct{}{}
	}
	e, r := l.change("", Change{Do: do})
	if r == nil {
		e.Kind, e.ID, e.Also = KindLicense, id, []AlsoWrite{{KindCall, number, record}}
	}
	return e, r
}

// A Reach is the contract's edition whose effects may be recorded.
type Reach struct {
	Contract string
	Hash     Hash
	Roles    map[string][]string // the professions of each role of its manifest
}

// Reaches says whether the edition is in force for the license's board, which brings the
// license's profession along. A license that is not there is in nobody's reach.
func Reaches(v View, id string, r Reach) bool {
	i, err := ParseID(id)
	if err != nil {
		return false
	}
	var all Contracts
	var k Contract
	v.Get(KindContracts, i.Board, &all)
	at := all.Row(r.Contract)
	if at < 0 || !slices.Contains(r.Roles[all.Rows[at].Role], i.Profession) || !v.Get(KindContract, r.Contract, &k) || k.Retired {
		return false
	}
	e := k.InForce(i.Board)
	return e != nil && e.Hash == r.Hash
}

// SetTimer returns the effect of a timer that a contract sets, anew or earlier or later,
// or clears, when the day is none. Where that changes nothing, there is no effect.
func SetTimer(v View, id, contract, name string, day Day) (*Effect, *Refusal) {
	l, r := getLicense(v, id)
	if r != nil {
		return nil, r
	}
	if err := CheckText([]byte(name)); err != nil {
		return nil, refuse("timer", specAdoption, "A timer's name: %v.", err)
	}
	key, was, record := id+"~"+contract+"~"+name, Timer{}, any(&struct{}{})
	if v.Get(KindTimer, key, &was); was.Day == day {
		return nil, nil
	}
	if day != "" {
		record = &Timer{day}
	}
	l.Last = Hash{}
	return &Effect{Kind: KindLicense, ID: id, Record: l, Also: []AlsoWrite{{KindTimer, key, record}}}, nil
}

// Notify returns the effect of the nth effect of a call, which is a notice. Days and timers
// that leave nothing about the license have one trigger; so the call counts, too.
func Notify(n *Notice, c *Call, nth int) *Effect {
	of := strings.Join([]string{string(c.Trigger[:]), n.Contract, n.License, c.Name, c.Function, string(n.Day), strconv.Itoa(nth)}, "\x00")
	h := sha256.Sum256([]byte("licet/contract/notice/1\x00" + of))
	return &Effect{Kind: KindNotice, ID: BoardOf(KindLicense, n.License) + "/" + hex.EncodeToString(h[:16]), Record: n}
}
