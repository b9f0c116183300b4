package check

import (
	"fmt"
	"slices"
	"strings"

	"licet/strict"
)

// Two of the games' contracts, done again by hand: what they must have done when the block
// ends that calls them, or what must say why they did not yet.

// An expected is something that a contract has to do about a license.
type expected struct {
	contract, license string
	day               string // of a lapse
	from              string // of a cascade: the license that was barred
	trigger           string // likewise: the entry that says so
}

// Expected counts what the contracts had to do and did, and what waited when its block ended.
type Expected struct{ Lapses, Cascades, Waited int }

// expect finds the lapses of the days that the block calls.
func (w *World) expect() error {
	var n network
	w.read("network", "network", &n)
	was := w.since
	if w.since = w.now; n.rulesOf(w.height) < 2 || was == "" {
		return nil
	}
	first := map[string]dayCalls{}
	for k, v := range w.records {
		var all contracts
		if k[0] != "contracts" || strict.Decode(v, &all, len(v)) != nil || len(all.Rows) == 0 {
			continue
		}
		d, err := w.nextDay(k[1], was)
		if err != nil {
			return err
		}
		first[k[1]] = d
	}
	for _, x := range w.inForce("lapse-") {
		for id := range w.entries {
			if boardOf("license", id) == x.board && w.brings(id, x.contract) != "" {
				w.lapses(x.contract, id, first[x.board].Day, first[x.board].After, w.today(x.board, w.now))
			}
		}
	}
	return nil
}

// A coming says how far the days of a board with contracts may come in a block.
type coming struct {
	first string // with this one the block begins
	limit string // this one is still to come afterwards
	next  string // with this one the next block begins
}

// nextDay says from where on the block makes calls of days for a board. Each day comes
// once, however often calendars and their clocks show it: so what was next stays so until
// it comes.
func (w *World) nextDay(id, was string) (dayCalls, error) {
	var b board
	w.read("board", id, &b)
	says := dayCalls{Day: dayAfter(w.today(id, was))}
	if b.Days != nil {
		says = *b.Days
	}
	if d, known := w.coming[id]; known && says.Day != d.next {
		return says, fmt.Errorf("board %s: the next day is %s, and the registry says %s", id, d.next, says.Day)
	}
	d := coming{first: says.Day, limit: max(says.Day, dayAfter(w.today(id, w.now)))}
	if d.next = d.limit; b.Days != nil { // until an entry says that they went on
		d.next = says.Day
	}
	w.coming[id] = d
	return says, nil
}

func (w *World) lapses(contract, id, first, after, last string) {
	var l license
	w.read("license", id, &l)
	for i := range l.Terms {
		if l.Terms[i].Through == "" {
			continue
		}
		day := dayAfter(l.Terms[i].Through)
		if day < first || day > last || day == first && id <= after || !w.notRenewed(id, day) {
			continue
		}
		w.expects = append(w.expects, expected{contract: contract, license: id, day: day})
	}
}

// ends says whether a term ended the day before: while a board's days wait, an act may have
// corrected it.
func (w *World) ends(id, day string) bool {
	var l license
	w.read("license", id, &l)
	return slices.ContainsFunc(l.Terms, func(t term) bool { return t.Through != "" && dayAfter(t.Through) == day })
}

func (w *World) notRenewed(id, day string) bool {
	s, err := StandingOf(w.value("license", id), day)
	return err == nil && s.Registration == "not-renewed"
}

// adopted is a contract that a board signed and that is not suspended for it.
type adopted struct{ contract, board string }

// inForce lists the adopted contracts whose names begin so, in order.
func (w *World) inForce(prefix string) (out []adopted) {
	for k, v := range w.records {
		var all contracts
		if k[0] != "contracts" || strict.Decode(v, &all, len(v)) != nil {
			continue
		}
		for _, r := range all.Rows {
			if strings.HasPrefix(r.Contract, prefix) && !w.suspended(r.Contract, k[1]) {
				out = append(out, adopted{r.Contract, k[1]})
			}
		}
	}
	slices.SortFunc(out, func(a, b adopted) int { return strings.Compare(a.contract+"/"+a.board, b.contract+"/"+b.board) })
	return out
}

func (w *World) suspended(name, board string) bool {
	var k contract
	var f fault
	w.read("contract", name, &k)
	w.read("fault", name+"/"+board, &f)
	return f.Suspended && f.Hash == k.binds()[board]
}

// brings is the edition of a contract that reaches a license, or "".
func (w *World) brings(id, name string) string {
	var k contract
	w.read("contract", name, &k)
	hash := k.binds()[boardOf("license", id)]
	if hash == "" || w.reaches(&Entry{Cause: &cause{Contract: name, Hash: hash}}, id) != nil {
		return ""
	}
	return hash
}

// barred finds the licenses that a compact reaches from one that was barred.
func (w *World) barred(a *act, e *Entry) {
	if a.Do != "license.discipline" || a.Authority != "barred" {
		return
	}
	for _, x := range w.inForce("compact-") {
		if x.board != boardOf("license", a.License) {
			continue
		}
		for id := range w.entries {
			if w.isReached(x.contract, a.License, id) {
				w.expects = append(w.expects, expected{contract: x.contract, license: id, from: a.License, trigger: e.hash})
			}
		}
	}
}

// isReached says whether a contract reaches from one license to another: over a link that
// counts, between two that boards bring along.
func (w *World) isReached(name, from, to string) bool {
	pair := []string{from, to}
	slices.Sort(pair)
	var k link
	if from == to || !w.read("link", pair[0]+"~"+pair[1], &k) {
		return false
	}
	day := w.today(boardOf("license", from), w.now)
	return k.Effective != "" && k.Effective <= day && (k.Ended == "" || day < k.Ended) && w.brings(from, name) != "" && w.brings(to, name) != ""
}

// met checks that what was expected was done, or waits.
func (w *World) met() (err error) {
	w.expects = slices.DeleteFunc(w.expects, func(x expected) bool {
		switch {
		case w.did(&x):
			if x.day != "" {
				w.Kept.Lapses++
			} else {
				w.Kept.Cascades++
			}
			return true
		case w.waits(&x):
			w.Kept.Waited++
			return false
		case w.mayNot(&x):
			return true
		}
		err = fmt.Errorf("contract %s has not done its part: %+v", x.contract, x)
		return true
	})
	return err
}

// did says whether the contract did what it had to.
func (w *World) did(x *expected) bool {
	return slices.ContainsFunc(w.entries[x.license], func(e *Entry) bool {
		switch {
		case e.Cause == nil || e.Cause.Contract != x.contract || len(e.Changes) != 1:
			return false
		case x.day != "":
			return e.Changes[0] == change{Do: "lifecycle", Status: "inactive", From: x.day} && e.Cause.Day == x.day
		}
		return e.Changes[0].Do == "order" && e.Changes[0].Authority == "barred" && e.Cause.Trigger == x.trigger
	})
}

// waits says whether the records tell that the call is still to be made.
func (w *World) waits(x *expected) bool {
	from := x.from
	if from == "" {
		from = x.license
	}
	var b board
	if w.read("board", boardOf("license", from), &b); x.day != "" && b.Days != nil && (b.Days.Day < x.day || b.Days.Day == x.day && b.Days.After < x.license) {
		return true
	}
	for k, v := range w.records {
		var c call
		if k[0] == "call" && strict.Decode(v, &c, len(v)) == nil && c.Contract == x.contract && c.License == from && c.Day == x.day && (x.day != "" || c.Trigger == x.trigger) {
			return true
		}
	}
	return false
}

// mayNot says whether the contract cannot do it any more, or need not.
func (w *World) mayNot(x *expected) bool {
	if x.day != "" {
		return w.brings(x.license, x.contract) == "" || w.suspended(x.contract, boardOf("license", x.license)) || !w.ends(x.license, x.day) || !w.notRenewed(x.license, x.day)
	}
	return !w.isReached(x.contract, x.from, x.license) ||
		w.suspended(x.contract, boardOf("license", x.license)) || w.suspended(x.contract, boardOf("license", x.from))
}
