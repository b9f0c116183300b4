package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"licet/strict"
)

// Entries that nobody signed: what contracts do, and what the registry notes of their calls.
// This world runs no contract. It judges whether what came out is something that the
// contract could do there: by whom, about what, and never a license less restricted.

// A manifest is what counts here of what boards signed of a contract.
type manifest struct {
	Roles []struct {
		Role        string
		Professions []string
	}
	Hooks []struct {
		Kind, Function string
		Answers        []string
	}
	Functions []struct{ Name, Citation string }
	Codes     []struct{ Code string }
	Source    string
}

// A ring is a timer that was called.
type ring struct{ contract, trigger, day string }

func (e *Entry) automatic() bool {
	return e.Act == "contract.days" || e.Cause != nil && e.Cause.Contract != ""
}

// automatic judges an entry that nobody signed, and writes it.
func (w *World) automatic(e *Entry) error {
	k := [2]string{e.Kind, e.ID}
	if e.Prev != w.last[k] {
		return fmt.Errorf("it follows entry %.8s, not %.8s", e.Prev, w.last[k])
	}
	if e.Replaces != "" || len(e.Voids) > 0 || e.Import != nil || e.Effective == "" {
		return fmt.Errorf("no contract replaces, voids or copies")
	}
	if e.Act == "contract.days" {
		return w.onDays(e)
	}
	if err := w.caused(e); err != nil {
		return err
	}
	judge := map[string]func(*Entry) error{
		"contract.set_lifecycle": w.onEffect, "contract.set_term": w.onEffect, "contract.impose": w.onEffect, "contract.lift": w.onEffect,
		"contract.timer": w.onTimer, "contract.notify": w.onNotice, "contract.queue": w.onQueue, "contract.called": w.onQueue, "contract.fault": w.onFault,
	}[e.Act]
	if judge == nil {
		return fmt.Errorf("no contract does %s", e.Act)
	}
	return judge(e)
}

// caused checks that the entry names a rule of an edition, and what called it.
func (w *World) caused(e *Entry) error {
	c := e.Cause
	var k contract
	w.read("contract", c.Contract, &k)
	if c.Header != "" || c.Signatures != "" || c.Act != 0 || len(c.Citation) > 200 {
		return fmt.Errorf("its cause is %+v", *c)
	}
	if t := w.byHash[c.Trigger]; t == nil && e.Act != "contract.fault" {
		return fmt.Errorf("its trigger %.8s is no entry", c.Trigger)
	} else if t != nil && (t.Index > e.Index || c.Day != "" && t.Kind != "license") {
		return fmt.Errorf("its trigger is entry %d (%s)", t.Index, t.Act)
	}
	if c.Day != "" && c.Day > w.today(boardOf("license", w.licenseOf(e)), w.now) {
		return fmt.Errorf("day %s is to come", c.Day)
	}
	if c.Hash == "" { // the board left before a call that waited; or a timer is called
		return needThat(e.Act == "contract.called" || e.Act == "contract.timer", "it names no edition")
	}
	x := k.edition(c.Hash)
	if x == nil || x.Version != c.Version || x.Amendment != c.Amendment {
		return fmt.Errorf("contract %s has no edition %.8s of version %d, amendment %d", c.Contract, c.Hash, c.Version, c.Amendment)
	}
	return w.names(e, x)
}

// names checks function, citation and line, and that a call that a timer made had one.
func (w *World) names(e *Entry, x *edition) error {
	c, m := e.Cause, w.manifest(x)
	i := slices.IndexFunc(m.Functions, func(f struct{ Name, Citation string }) bool { return f.Name == c.Function })
	if i < 0 || c.Citation == "" {
		return fmt.Errorf("function %q, citation %q", c.Function, c.Citation)
	}
	effect := e.Act != "contract.queue" && e.Act != "contract.called" && e.Act != "contract.fault"
	if lines := strings.Count(string(w.texts[m.Source]), "\n"); effect && c.Line < 1 || c.Line > int64(lines) {
		return fmt.Errorf("line %d of %d", c.Line, lines)
	}
	for _, h := range m.Hooks {
		if h.Function == c.Function && h.Kind == "timer" && c.Day != "" && !w.rung[ring{c.Contract, c.Trigger, c.Day}] && effect {
			return fmt.Errorf("no timer of %s was called on %s", c.Contract, c.Day)
		}
	}
	return nil
}

func (w *World) manifest(x *edition) (m manifest) {
	_ = json.Unmarshal(w.texts[x.Manifest], &m)
	return m
}

// licenseOf is the license that an entry of a contract is about, by which its day counts.
func (w *World) licenseOf(e *Entry) string {
	if e.Kind == "license" {
		return e.ID
	}
	return boardOf(e.Kind, e.ID) + "."
}

// reaches says whether the edition that ran is in force for the license's board, which
// brings its profession along.
func (w *World) reaches(e *Entry, id string) error {
	board := boardOf("license", id)
	profession, _, _ := strings.Cut(strings.TrimPrefix(id, board+"."), ".")
	var all contracts
	var k contract
	w.read("contracts", board, &all)
	w.read("contract", e.Cause.Contract, &k)
	for _, r := range all.Rows {
		if r.Contract != e.Cause.Contract || k.Retired || k.binds()[board] != e.Cause.Hash {
			continue
		}
		for _, role := range w.manifest(k.edition(e.Cause.Hash)).Roles {
			if role.Role == r.Role && slices.Contains(role.Professions, profession) {
				return nil
			}
		}
	}
	return fmt.Errorf("license %s is not in the reach of edition %.8s of contract %s", id, e.Cause.Hash, e.Cause.Contract)
}

// write puts the entry into the records, when body is what it says.
func (w *World) write(e *Entry, body []byte) error {
	if hexHash(body) != e.Result {
		return fmt.Errorf("the record is\n  %s\nand the entry names another", body)
	}
	k := [2]string{e.Kind, e.ID}
	w.last[k] = e.hash
	w.records[k] = withLast(body, e.hash)
	if all := (contracts{}); e.Kind == "contracts" && strict.Decode(w.records[k], &all, len(w.records[k])) == nil && len(all.Rows) == 0 {
		delete(w.coming, e.ID) // days come for nobody there
	}
	for _, x := range e.Also {
		if k := [2]string{x.Kind, x.ID}; x.Value == nil {
			delete(w.records, k)
		} else {
			w.records[k] = x.Value
		}
	}
	return nil
}

// onEffect judges what a contract does to a license.
func (w *World) onEffect(e *Entry) error {
	if err := w.reaches(e, e.ID); err != nil {
		return err
	}
	var l license
	w.read("license", e.ID, &l)
	if l.Licensee == "" || len(e.Changes) != 1 || len(e.Also) > 0 || e.Body != nil {
		return fmt.Errorf("it is about no live license, or has more than one change")
	}
	c := e.Changes[0]
	if err := w.may(e, &l, c); err != nil {
		return err
	}
	w.entries[e.ID] = append(w.entries[e.ID], e)
	after := fold(w.entries[e.ID])
	for _, day := range append(l.days(), after.days()...) {
		for _, d := range []string{dayBefore(day), day, dayAfter(day)} {
			if own(&l).worst(d) != own(&after).worst(d) || weightOf(after.worst(d)) < weightOf(own(&l).worst(d)) {
				return fmt.Errorf("on %s the license is less restricted than its board ordered", d)
			}
		}
	}
	return w.write(e, strict.Encode(&after))
}

// may says whether a contract can make the change of the license.
func (w *World) may(e *Entry, l *license, c change) error {
	const most = "9999-12-31"
	name, through := e.Cause.Contract, c.Through
	if through == "" {
		through = most
	}
	o := l.order(c.Order)
	ended := slices.Contains([]string{"surrendered", "deceased", "canceled"}, l.statusOn(c.From))
	plain := change{Do: c.Do, From: c.From}
	var ok bool
	switch {
	case e.Effective != c.From:
	case e.Act == "contract.set_lifecycle" && c.Do == "lifecycle":
		plain.Status = c.Status
		status, by := w.status(e.ID, c.From)
		ok = !ended && (c.Status != "active" || status == "" || status == "active" || by == name)
	case e.Act == "contract.set_term" && (c.Do == "term" || c.Do == "extend"):
		plain.Through, plain.Grace = c.Through, c.Grace
		t := l.newestTerm(c.From)
		ok = !ended && (c.Do == "extend") == (t != nil) && (t == nil || t.longer(c))
		for i := range l.Terms {
			if u := &l.Terms[i]; u != t && u.From <= through && (u.Through == "" || u.Through >= c.From) {
				ok = false
			}
		}
	case e.Act == "contract.impose" && c.Do == "order":
		plain = c
		named := slices.ContainsFunc(w.entries[e.ID], func(x *Entry) bool {
			return slices.ContainsFunc(x.Changes, func(y change) bool { return y.Order == c.Order })
		})
		ok = c.Contract == name && c.Action != "" && c.Commitment == "" && through >= c.From && (o == nil && !named || o != nil && o.Contract == name) &&
			weightOf(c.Authority) > 0
	case e.Act == "contract.lift" && c.Do == "lift":
		plain.Order = c.Order
		ok = o != nil && o.Contract == name && (o.End == "" || o.End >= c.From)
	}
	return needThat(ok && plain == c, "no contract may make of\n  %s\nthe change %+v", strict.Encode(l), c)
}

// status is the newest lifecycle on a day, and the contract that set it.
func (w *World) status(id, day string) (status, by string) {
	from := ""
	for _, x := range counting(w.entries[id]) {
		for _, c := range x.Changes {
			if c.Do == "lifecycle" && c.From <= day && c.From >= from {
				status, from, by = c.Status, c.From, ""
				if x.Cause != nil {
					by = x.Cause.Contract
				}
			}
		}
	}
	return status, by
}

// own is the license with its board's own orders alone.
func own(l *license) *license {
	c := *l
	c.Orders = slices.DeleteFunc(slices.Clone(l.Orders), func(o order) bool { return o.Contract != "" })
	return &c
}

// days are those on which the orders of a license turn.
func (l *license) days() (ds []string) {
	for _, o := range l.Orders {
		ds = append(ds, o.Start, o.End)
		for _, s := range o.Stays {
			ds = append(ds, s.From, s.Through)
		}
	}
	return slices.DeleteFunc(ds, func(d string) bool { return d == "" })
}

// unchanged is the license as it is: the entry changes nothing of it.
func (w *World) unchanged(e *Entry) error {
	if e.Kind != "license" || w.value("license", e.ID) == nil || len(e.Changes) > 0 || e.Body != nil || len(e.Also) != 1 {
		return fmt.Errorf("it is no entry beside a license that writes one record")
	}
	w.entries[e.ID] = append(w.entries[e.ID], e)
	l := fold(w.entries[e.ID])
	return w.write(e, strict.Encode(&l))
}

// onTimer: a timer is set for a day to come by the rule that names it, cleared by one, or
// removed because it is called.
func (w *World) onTimer(e *Entry) error {
	if len(e.Also) != 1 || e.Also[0].Kind != "timer" || !strings.HasPrefix(e.Also[0].ID, e.ID+"~"+e.Cause.Contract+"~") {
		return fmt.Errorf("it writes no timer of contract %s", e.Cause.Contract)
	}
	var was, will timer
	there := w.read("timer", e.Also[0].ID, &was)
	if v := e.Also[0].Value; v != nil {
		if err := strict.Decode(v, &will, len(v)); err != nil {
			return err
		}
	}
	switch {
	case e.Cause.Hash == "":
		if !there || will.Day != "" || was.Day > e.Cause.Day || e.Cause.Trigger != w.last[[2]string{"license", e.ID}] {
			return fmt.Errorf("a timer of %q is called on %s", was.Day, e.Cause.Day)
		}
		w.rung[ring{e.Cause.Contract, e.Cause.Trigger, e.Cause.Day}] = true
	case was.Day == will.Day || will.Day != "" && will.Day <= w.begins(e):
		return fmt.Errorf("a timer is set from %q to %q, by what began on %s", was.Day, will.Day, w.begins(e))
	default:
		if err := w.reaches(e, e.ID); err != nil {
			return err
		}
	}
	return w.unchanged(e)
}

// begins is the day of the act, day or timer from which an effect comes, or the one before:
// the boards along the way may lie in other zones.
func (w *World) begins(e *Entry) string {
	for e != nil && e.Cause != nil && e.Cause.Contract != "" && e.Cause.Day == "" {
		e = w.byHash[e.Cause.Trigger]
	}
	if e == nil {
		return ""
	}
	if e.Cause != nil && e.Cause.Day != "" {
		return dayBefore(e.Cause.Day)
	}
	return dayBefore(e.Time[:10])
}

// onNotice: the notice says what the entry says, and takes no other's place.
func (w *World) onNotice(e *Entry) error {
	var n notice
	var k contract
	if err := strict.Decode(e.Body, &n, len(e.Body)); err != nil {
		return err
	}
	w.read("contract", e.Cause.Contract, &k)
	m := w.manifest(k.edition(e.Cause.Hash))
	said := slices.ContainsFunc(m.Codes, func(c struct{ Code string }) bool { return c.Code == n.Code })
	if n.Contract != e.Cause.Contract || n.Version != e.Cause.Version || n.Citation != e.Cause.Citation || !said || n.Last != "" || e.Cause.Day != "" && n.Day != e.Cause.Day {
		return fmt.Errorf("the notice is %+v", n)
	}
	if w.value("notice", e.ID) != nil {
		return fmt.Errorf("the notice was there before:\n  %s\n  %s", w.value("notice", e.ID), e.Body)
	}
	if e.Kind != "notice" || !strings.HasPrefix(e.ID, boardOf("license", n.License)+"/") || len(e.Changes)+len(e.Also) > 0 {
		return fmt.Errorf("it writes more than a notice")
	}
	if err := w.reaches(e, n.License); err != nil {
		return err
	}
	return w.write(e, e.Body)
}

// onQueue: a call begins to wait or waits no longer; the license that it marks counts it.
func (w *World) onQueue(e *Entry) error {
	do := map[string]string{"contract.queue": "wait", "contract.called": "ran"}[e.Act]
	if len(e.Changes) != 1 || e.Changes[0] != (change{Do: do}) || len(e.Also) != 1 || e.Also[0].Kind != "call" || e.Kind != "license" {
		return fmt.Errorf("it tells of no call")
	}
	var c call
	id, v := e.Also[0].ID, []byte(e.Also[0].Value)
	if (v == nil) != (do == "ran") || (w.value("call", id) == nil) != (do == "wait") {
		return fmt.Errorf("call %s waits twice, or did not wait", id)
	}
	if do == "ran" {
		v = w.value("call", id)
	} else {
		w.calls++
	}
	if err := strict.Decode(v, &c, len(v)); err != nil {
		return err
	}
	number := fmt.Sprintf("%010d.%06d", e.Block, w.calls)
	if c.Held {
		number = "held-" + number
	}
	t := w.byHash[c.Trigger]
	switch {
	case do == "wait" && id != number, do == "ran" && c.Held:
		return fmt.Errorf("the call is %s, not %s", id, number)
	case e.ID != c.marks() || c.Contract != e.Cause.Contract || c.Function != e.Cause.Function || c.Trigger != e.Cause.Trigger || c.Day != e.Cause.Day:
		return fmt.Errorf("the call is %+v", c)
	case t == nil || c.Kind == "on" && t.Index != c.Index || (c.Day == "") != (c.Kind == "on") || c.Depth > 3 || c.Kind == "before":
		return fmt.Errorf("the call is %+v, its trigger %+v", c, t)
	}
	w.marked[e.ID] = true
	w.entries[e.ID] = append(w.entries[e.ID], e)
	l := fold(w.entries[e.ID])
	if do == "ran" {
		w.ran[e.hash], w.made = c, c
		if !c.Asked && w.suspended(c.Contract, c.Board) {
			w.unmade = c
			w.unmade.Held = true
		}
	} else if c.Held && !w.suspended(c.Contract, c.Board) {
		w.failed = id
	}
	w.before = e
	return w.write(e, strict.Encode(&l))
}

// afterCall checks what follows a call that is held, since it failed: its fault; and one
// whose turn came when its edition was suspended: nothing, but that it is held.
func (w *World) afterCall(e *Entry) error {
	failed, unmade := w.failed, w.unmade
	w.failed, w.unmade = "", call{}
	var f fault
	var c call
	switch {
	case failed != "" && (e.Act != "contract.fault" || strict.Decode(e.Body, &f, len(e.Body)) != nil || f.Call != failed):
		return fmt.Errorf("call %s is held, and neither failed nor is its contract suspended", failed)
	case unmade.Contract == "" || e.Cause == nil || e.Act == "contract.called" ||
		e.Cause.Contract != unmade.Contract || e.Cause.Function != unmade.Function || e.Cause.Trigger != unmade.Trigger || e.Cause.Day != unmade.Day:
		return nil
	case e.Act != "contract.queue" || len(e.Also) != 1 || strict.Decode(e.Also[0].Value, &c, 16<<10) != nil || c != unmade:
		return fmt.Errorf("a call of contract %s is made, which is suspended for %s", unmade.Contract, unmade.Board)
	}
	return nil
}

func (c *call) marks() string {
	if c.Each != "" {
		return c.Each
	}
	return c.License
}

// onFault: one more in a row; five suspend the edition. A call without one ends the row.
func (w *World) onFault(e *Entry) error {
	var was, f fault
	w.read("fault", e.ID, &was)
	if err := strict.Decode(e.Body, &f, len(e.Body)); err != nil {
		return err
	}
	name, _, _ := strings.Cut(e.ID, "/")
	if e.Kind != "fault" || name != e.Cause.Contract || len(e.Changes)+len(e.Also) > 0 {
		return fmt.Errorf("it writes more than a fault")
	}
	asked := w.made.Asked && w.made.Contract+"/"+w.made.Board == e.ID
	if was.Suspended && was.Hash == e.Cause.Hash && !asked && (f.Faults == 0 || f.Call != "") {
		return fmt.Errorf("contract %s is suspended, and a call was made that no board asked for", e.ID)
	}
	if f == (fault{Hash: e.Cause.Hash}) {
		if was.Faults == 0 {
			return fmt.Errorf("there was no fault before")
		}
		return w.write(e, e.Body)
	}
	faults := was.Faults + 1
	if was.Hash != e.Cause.Hash {
		faults = 1
	}
	want := fault{Faults: faults, Suspended: faults >= 5, Hash: e.Cause.Hash, Code: f.Code, Trigger: e.Cause.Trigger, Call: f.Call}
	if f != want || f.Code == "" {
		return fmt.Errorf("the fault is %+v, it should be %+v", f, want)
	}
	var c call
	held := w.read("call", f.Call, &c) && c.Held && w.before != nil && w.before.Index == e.Index-1 && w.before.Also[0].ID == f.Call && c.Contract+"/"+c.Board == e.ID
	before := slices.ContainsFunc(w.manifestOf(e).Hooks, func(h struct {
		Kind, Function string
		Answers        []string
	},
	) bool {
		return h.Kind == "before" && h.Function == e.Cause.Function
	})
	if held == (f.Code == "depth" || f.Call == "" && before) || !held && f.Call != "" {
		return fmt.Errorf("call %q, held %v, after fault %s of %s", f.Call, held, f.Code, e.Cause.Function)
	}
	return w.write(e, e.Body)
}

func (w *World) manifestOf(e *Entry) manifest {
	var k contract
	w.read("contract", e.Cause.Contract, &k)
	return w.manifest(k.edition(e.Cause.Hash))
}

// onDays: how far the calls of a day have come goes on, never back.
func (w *World) onDays(e *Entry) error {
	var was, will board
	if e.Cause != nil || e.Kind != "board" || len(e.Changes)+len(e.Also) > 0 || !w.read("board", e.ID, &was) {
		return fmt.Errorf("it is about no board, or has a cause")
	}
	if err := strict.Decode(e.Body, &will, len(e.Body)); err != nil {
		return err
	}
	a, b := was.Days, will.Days
	d, known := w.coming[e.ID]
	switch {
	case a == nil && b == nil:
		return fmt.Errorf("it changes nothing")
	case b != nil && (!known || b.Day < d.first || b.Day > d.limit), a != nil && b != nil && a.Day+a.After >= b.Day+b.After:
		return fmt.Errorf("days go from %+v to %+v", a, b)
	}
	if d.next = d.limit; b != nil {
		d.next = b.Day
	}
	if known { // else its last contract is gone
		w.coming[e.ID] = d
	}
	was.Days, was.Last = b, ""
	if body := strict.Encode(&was); string(body) != string(e.Body) {
		return fmt.Errorf("it changes more than days:\n  %s\n  %s", body, e.Body)
	}
	return w.write(e, e.Body)
}

// checkPending: each license counts the calls that wait about it.
func (w *World) checkPending() error {
	if len(w.marked) == 0 {
		return nil
	}
	n := map[string]int64{}
	for k, v := range w.records {
		var c call
		if k[0] == "call" && strict.Decode(v, &c, len(v)) == nil {
			n[c.marks()]++
		}
	}
	for id := range w.marked {
		var l license
		if w.read("license", id, &l); l.Counts.Pending != n[id] {
			return fmt.Errorf("license %s counts %d calls, %d wait", id, l.Counts.Pending, n[id])
		}
	}
	clear(w.marked)
	return nil
}
