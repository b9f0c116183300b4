package license

import (
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"licet/strict"
)

const ruleName = "flow"

// rule lets a contract do something to a license, a minute later.
func (b *book) rule(contract, id string, c Change) *Refusal {
	b.t.Helper()
	e, r := Automatic(b, contract, id, c)
	if r == nil && e != nil {
		e.Kind, e.ID = KindLicense, id
		b.ruled(contract, e, VerbOf(c.Do))
	}
	return r
}

// over says whether a contract lifts what is over: nothing is to be done.
func (b *book) over(id, order string, from Day) bool {
	b.t.Helper()
	e, r := Automatic(b, ruleName, id, Change{Do: DoLift, Order: order, From: from})
	if r != nil {
		b.t.Error(r)
	}
	return e == nil
}

// ruled writes an effect of a contract.
func (b *book) ruled(contract string, e *Effect, verb string) {
	b.cause = &Cause{Contract: contract, Version: 1, Hash: HashOf([]byte(contract)), Function: "f", Line: 3, Citation: "Act 1", Trigger: HashOf(nil)}
	b.write(e, verb)
	b.cause, b.now = nil, b.now.AddSeconds(60)
}

func imposed(order, authority string, from, through Day) Change {
	return Change{Do: DoOrder, Order: order, Authority: authority, From: from, Through: through, Action: "probation", Contract: ruleName}
}

// TestAutomatic: every row of what may be (docs/spec/adoption.md, section 4), in order.
func TestAutomatic(t *testing.T) {
	b := newBook(t)
	const id, void, idle, ended = "us-il.nurse.041001", "us-il.nurse.041002", "us-il.nurse.041003", "us-il.nurse.041004"
	for _, x := range []string{id, void, idle, ended} {
		b.issue(x, "2024-06-01", "2026-05-31")
	}
	b.must(b.void(void, b.last(void)))
	b.must(&LicenseInactivate{License: idle, Count: 1, From: "2026-01-01"}, &LicenseSurrender{License: ended, Count: 1, From: "2026-02-01"})
	boards, own, sealed, lifted, fresh := b.order(id, AuthorityConditions, "2026-01-01", ""), b.id(), b.order(id, AuthorityNone, "2026-01-01", ""), b.id(), b.id()
	b.now = b.now.AddSeconds(2 * 86400)
	b.must(&LicenseSeal{License: id, Order: sealed, Count: 1})
	good := func(id string, c Change) {
		t.Helper()
		if r := b.rule(ruleName, id, c); r != nil {
			t.Errorf("%+v: %v", c, r)
		}
	}
	good(id, imposed(own, AuthorityConditions, "2026-01-05", ""))
	good(id, imposed(lifted, AuthorityBarred, "2026-01-05", "2026-01-08"))
	with := func(c Change, bend func(*Change)) Change {
		bend(&c)
		return c
	}
	an := imposed(fresh, AuthorityNone, "2026-01-06", "")
	term := func(do string, from, through Day) Change { return Change{Do: do, From: from, Through: through} }
	life := func(status string, from Day) Change { return Change{Do: DoLifecycle, Status: status, From: from} }
	for i, x := range []struct {
		code, id string
		c        Change
	}{
		{"unknown-license", "us-il.nurse.041009", an},
		{"void-license", void, an},
		{"change", id, with(an, func(c *Change) { c.Contract = "other" })},
		{"change", id, with(an, func(c *Change) { c.Contract = "" })},
		{"change", id, with(an, func(c *Change) { c.Action = "scolding" })},
		{"change", id, with(an, func(c *Change) { c.Commitment = HashOf(nil) })},
		{"change", id, with(an, func(c *Change) { c.Other = id })},
		{"change", id, with(life(LifecycleInactive, "2026-01-05"), func(c *Change) { c.Contract = ruleName })},
		{"change", id, Change{Do: DoSeal, Order: boards}},
		{"change", id, Change{Do: DoStay, Order: boards, From: "2026-01-05"}},
		{"change", id, Change{Do: DoRoute, Route: "imlc", From: "2026-01-05"}},
		{"change", id, Change{Do: DoRan}},
		{"order-id", id, with(an, func(c *Change) { c.Order = "x" })},
		{"authority", id, with(an, func(c *Change) { c.Authority = "full" })},
		{"day-missing", id, with(an, func(c *Change) { c.From = "" })},
		{"days-reversed", id, with(an, func(c *Change) { c.Through = "2026-01-05" })},
		{"lifecycle", id, life("asleep", "2026-01-05")},
		{"license-ended", ended, life(LifecycleActive, "2026-02-01")},
		{"license-ended", ended, life(LifecycleInactive, "2026-03-01")},
		{"reach", idle, life(LifecycleActive, "2026-01-05")},
		{"license-ended", ended, term(DoTerm, "2026-06-01", "2028-05-31")},
		{"not-extended", id, term(DoTerm, "2024-06-01", "2028-05-31")},
		{"not-extended", id, term(DoExtend, "2024-06-02", "2028-05-31")},
		{"not-extended", id, term(DoExtend, "2024-06-01", "2026-05-30")},
		{"term-overlap", id, term(DoTerm, "2026-05-31", "2028-05-31")},
		{"order-closed", id, imposed(boards, AuthorityNone, "2026-01-06", "")},
		{"order-closed", id, imposed(sealed, AuthorityNone, "2026-01-06", "")},
		{"unknown-order", id, Change{Do: DoLift, Order: fresh, From: "2026-01-06"}},
		{"unknown-order", id, Change{Do: DoLift, Order: boards, From: "2026-01-06"}},
	} {
		before := string(b.records[KindLicense+"\x00"+x.id])
		r := b.rule(ruleName, x.id, x.c)
		if r == nil || r.Code != x.code {
			t.Errorf("%d: %+v: %v, want %s", i, x.c, r, x.code)
		}
		if after := string(b.records[KindLicense+"\x00"+x.id]); after != before {
			t.Errorf("%d: a refusal changed the license", i)
		}
	}
	if r := b.rule("other", id, Change{Do: DoLift, Order: own, From: "2026-01-06"}); r == nil || r.Code != "unknown-order" {
		t.Errorf("another contract lifts it: %v", r)
	}
	if b.over(id, lifted, "2026-01-08") || !b.over(id, lifted, "2026-01-09") {
		t.Error("an order through January 8 can be lifted through that day")
	}
	good(idle, life(LifecycleInactive, "2026-01-05")) // what its own rule did, its own rule may end
	good(idle, life(LifecycleActive, "2026-01-07"))
	good(ended, life(LifecycleInactive, "2026-01-15")) // before it ended
	good(id, imposed(own, AuthorityBarred, "2026-01-06", "2026-03-01"))
	good(id, Change{Do: DoLift, Order: own, From: "2026-01-06"}) // on its first day
	good(id, term(DoTerm, "2026-06-01", "2028-05-31"))
	good(id, term(DoExtend, "2026-06-01", "2028-06-30"))
	for _, o := range b.license(id).Orders {
		if o.ID == own && o.End != "2026-01-05" {
			t.Errorf("lifted on its first day, it ends on %s", o.End)
		}
	}
	if r := b.do(&LicenseLift{License: id, Order: own, Count: 3, From: "2026-01-07"}); r == nil {
		t.Error("an order that never was is lifted again")
	}
}

// What a board makes of a contract's order is the board's: of one that it corrected, voided,
// lifted or sealed, nothing is left for the contract to lift.
func TestBoardTakesOrderOver(t *testing.T) {
	for name, take := range map[string]func(b *book, id, order string, entry Hash) []Act{
		"corrects": func(b *book, id, order string, entry Hash) []Act {
			return []Act{&LicenseCorrect{License: id, Entry: entry, Changes: []Change{
				{Do: DoOrder, Order: order, Authority: AuthorityConditions, Commitment: b.hash("order"), From: "2026-01-05"},
			}}}
		},
		"voids": func(_ *book, id, _ string, entry Hash) []Act {
			return []Act{&LicenseVoid{License: id, Entries: []Hash{entry}}}
		},
		"lifts": func(_ *book, id, order string, _ Hash) []Act {
			return []Act{&LicenseLift{License: id, Order: order, Count: 1, From: "2026-01-07"}}
		},
		"seals": func(_ *book, id, order string, _ Hash) []Act {
			return []Act{&LicenseSeal{License: id, Order: order, Count: 1}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			const id = "us-il.nurse.041001"
			b.issue(id, "2024-06-01", "2026-05-31")
			order := b.id()
			if r := b.rule(ruleName, id, imposed(order, AuthorityBarred, "2026-01-05", "")); r != nil {
				t.Fatal(r)
			}
			if b.over(id, order, "2026-01-09") {
				t.Error("its own order is over")
			}
			b.must(take(b, id, order, b.last(id))...)
			if !b.over(id, order, "2026-01-09") {
				t.Error("it is lifted")
			}
			r := b.rule(ruleName, id, imposed(order, AuthorityNone, "2026-01-09", ""))
			if own := name == "lifts"; own != (r == nil) {
				t.Errorf("it is imposed anew: %v", r)
			}
		})
	}
}

// TestQueueAndTimers: what waits is counted, and what changes nothing has no entry.
func TestQueueAndTimers(t *testing.T) {
	b := newBook(t)
	const id, number = "us-il.nurse.041001", "0000000007.000001"
	b.issue(id, "2024-06-01", "2026-05-31")
	queue := func(c *Call, verb string) {
		e, r := Queue(b, id, number, c)
		if r != nil {
			t.Fatal(r)
		}
		b.ruled(ruleName, e, verb)
	}
	queue(&Call{Contract: ruleName, Board: "us-il", Kind: "day", Name: "term-ends", Function: "f", License: id, Today: "2026-06-01"}, ContractQueue)
	var c Call
	if !b.Get(KindCall, number, &c) || c.License != id || b.license(id).Counts.Pending != 1 {
		t.Errorf("%+v, %+v", c, b.license(id).Counts)
	}
	queue(nil, ContractCalled)
	if b.Get(KindCall, number, &c) || b.license(id).Counts.Pending != 0 {
		t.Errorf("%+v", b.license(id).Counts)
	}
	if _, r := Queue(b, "us-il.nurse.041009", number, nil); r == nil || r.Code != "unknown-license" {
		t.Errorf("%v", r)
	}
	for _, x := range []struct {
		day    Day
		writes bool
	}{{"", false}, {"2026-02-01", true}, {"2026-02-01", false}, {"2026-02-02", true}, {"", true}, {"", false}} {
		e, r := SetTimer(b, id, ruleName, "again", x.day)
		if r != nil || (e != nil) != x.writes {
			t.Fatalf("%+v: %+v, %v", x, e, r)
		}
		if e != nil {
			b.ruled(ruleName, e, ContractTimer)
		}
	}
	if _, r := SetTimer(b, id, ruleName, "a\x00b", "2026-02-01"); r == nil || r.Code != "timer" {
		t.Errorf("%v", r)
	}
	if _, r := SetTimer(b, "us-il.nurse.041009", ruleName, "again", "2026-02-01"); r == nil || r.Code != "unknown-license" {
		t.Errorf("%v", r)
	}
}

// TestReaches: only licenses of a profession that the board's row brings along.
func TestReaches(t *testing.T) {
	b := newBook(t)
	put := func(kind, id string, r any) { b.records[kind+"\x00"+id] = strict.Encode(r) }
	h := HashOf([]byte(ruleName))
	reach := Reach{Contract: ruleName, Hash: h, Roles: map[string][]string{"board": {"nurse"}}}
	rows := &Contracts{Rows: []ContractRow{{Contract: ruleName, Version: 1, Hash: h, Role: "board"}}}
	edition := []Edition{{Version: 1, Hash: h, Manifest: h, Boards: []string{"us-il"}}}
	put(KindContracts, "us-il", rows)
	for _, x := range []struct {
		id   string
		k    Contract
		want bool
	}{
		{"us-il.nurse.041001", Contract{Editions: edition}, true},
		{"us-il.physician.1", Contract{Editions: edition}, false},
		{"us-ia.nurse.T1", Contract{Editions: edition}, false},
		{"us-il.nurse.041001", Contract{Editions: edition, Retired: true}, false},
		{"us-il.nurse.041001", Contract{Editions: []Edition{{Version: 1, Amendment: 1, Hash: HashOf(nil), Manifest: h, Boards: []string{"us-il"}}}}, false},
		{"nobody", Contract{Editions: edition}, false},
	} {
		put(KindContract, ruleName, &x.k)
		if Reaches(b, x.id, reach) != x.want {
			t.Errorf("%s, %+v", x.id, x.k)
		}
	}
}

// TestNeverLessRestricted: whatever boards and contracts do, what a contract does leaves
// the board's own orders as they were, and on each day the license is at least as
// restricted as those alone make it.
func TestNeverLessRestricted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(t)
		d := &deciders{b: b, t: rt}
		const id = "us-il.nurse.041001"
		b.issue(id, "2024-06-01", "2026-05-31")
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			if rapid.Bool().Draw(rt, "board") {
				_ = b.do(d.draw([]string{id}))
				continue
			}
			was := b.license(id)
			r := b.rule(pick(rt, "contract", ruleName, "other"), id, d.change(was))
			is := b.license(id)
			if r == nil && was.ordersOfBoard() != is.ordersOfBoard() {
				rt.Fatalf("the board's orders were\n%s and are\n%s", was.ordersOfBoard(), is.ordersOfBoard())
			}
			alone := *is
			alone.Orders = slices.DeleteFunc(slices.Clone(is.Orders), func(o Order) bool { return o.Contract != "" })
			for n := range 80 {
				day := Day("2025-12-25").Add(n)
				if all, own := is.StandingOn(day, nil, nil), alone.StandingOn(day, nil, nil); strictness(all.Authority) < strictness(own.Authority) {
					rt.Fatalf("%s: %s, by the board's own orders %s", day, all.Authority, own.Authority)
				}
			}
			checkFold(rt, b.Entries(KindLicense, id), is)
		}
	})
}

func strictness(authority string) int {
	return slices.Index([]string{MayPractice, MayWithLimits, MayIsNotKnown, MayNotPractice}, authority)
}

// change draws what a contract might intend; much of it may not be.
func (d *deciders) change(l *License) Change {
	order := func() string {
		if len(l.Orders) > 0 && rapid.IntRange(0, 3).Draw(d.t, "there") > 0 {
			return l.Orders[rapid.IntRange(0, len(l.Orders)-1).Draw(d.t, "order")].ID
		}
		return d.b.id()
	}
	switch rapid.IntRange(0, 4).Draw(d.t, "do") {
	case 0:
		return Change{Do: DoLifecycle, Status: pick(d.t, "status", LifecycleActive, LifecycleInactive), From: d.day("from")}
	case 1:
		return Change{Do: pick(d.t, "term", DoTerm, DoExtend), From: pick(d.t, "from", Day("2024-06-01"), "2026-06-01"), Through: d.perhaps("through")}
	case 2:
		return Change{Do: DoLift, Order: order(), From: d.day("from")}
	}
	return imposed(order(), pick(d.t, "authority", AuthorityNone, AuthorityConditions, AuthorityBarred), d.day("from"), d.perhaps("through"))
}

// ruledHistories are those of licenses for which a contract did what the fold must know.
func ruledHistories(t *testing.T) iter.Seq2[string, []Recorded] {
	b := newBook(t)
	const id, late = "us-il.nurse.041001", "us-il.nurse.041002"
	do := func(id string, c Change) Hash {
		t.Helper()
		if r := b.rule(ruleName, id, c); r != nil {
			t.Fatalf("%+v: %v", c, r)
		}
		return b.last(id)
	}
	b.issue(id, "2024-06-01", "2026-05-31")
	o, p := b.id(), b.id()
	first := do(id, imposed(o, AuthorityConditions, "2026-01-05", "2026-03-01"))
	do(id, imposed(o, AuthorityBarred, "2026-01-06", ""))
	do(id, Change{Do: DoLift, Order: o, From: "2026-01-20"})
	b.must(b.void(id, first))
	wrong := do(id, Change{Do: DoTerm, From: "2026-06-01", Through: "2028-05-31"})
	b.must(&LicenseCorrect{License: id, Count: 1, Entry: wrong, Changes: []Change{{Do: DoTerm, From: "2026-06-01", Through: "2027-05-31"}}})
	do(id, Change{Do: DoExtend, From: "2026-06-01", Through: "2028-05-31"})
	mine := do(id, imposed(p, AuthorityNone, "2026-02-01", ""))
	// What the board writes in its place is the board's.
	b.must(&LicenseCorrect{License: id, Count: 2, Entry: mine, Changes: []Change{{Do: DoOrder, Order: p, Authority: AuthorityConditions, Commitment: b.hash("order"), From: "2026-02-02"}}})
	b.issue(late, "2024-06-01", "2026-05-31")
	o = b.id()
	do(late, imposed(o, AuthorityBarred, "2026-02-05", ""))
	do(late, Change{Do: DoLift, Order: o, From: "2026-02-05"})
	b.must(b.void(late, b.last(late)))
	do(late, Change{Do: DoLift, Order: o, From: "2026-02-01"})
	for _, c := range []*Call{{Contract: ruleName, Board: "us-il", Kind: "day", Name: "term-ends", Function: "f", License: late, Today: "2026-06-01"}, nil, {Contract: ruleName, Board: "us-il", Kind: "day", Name: "term-ends", Function: "f", License: late, Today: "2026-06-02"}} {
		e, r := Queue(b, late, "0000000001.000001", c)
		if r != nil {
			t.Fatal(r)
		}
		b.ruled(ruleName, e, map[bool]string{true: ContractQueue, false: ContractCalled}[c != nil])
	}
	do(late, Change{Do: DoLifecycle, Status: LifecycleInactive, From: "2026-03-01"})
	return func(yield func(string, []Recorded) bool) {
		_ = yield("a contract's orders and terms, and the board's repairs", b.Entries(KindLicense, id)) &&
			yield("a contract's order lifted before it began, and calls that waited", b.Entries(KindLicense, late))
	}
}

// ruledAtWill are entries about orders of boards and contracts in any order.
func ruledAtWill(r *rand.Rand, n int) (es []Recorded) {
	day := func() Day { return Day("2026-01-01").Add(r.IntN(12)) }
	order := func() string { return strings.Repeat([]string{"a", "b"}[r.IntN(2)], 32) }
	for i := range n {
		e := Entry{V: 1, Index: int64(i), Block: int64(i), Time: Instant("2026-01-01T00:00:00Z").AddSeconds(int64(i)), Kind: KindLicense, ID: "us-il.nurse.041001"}
		switch r.IntN(8) {
		case 0, 1:
			e.Changes = []Change{{Do: DoOrder, Order: order(), Authority: AuthorityBarred, From: day(), Action: "fine", Contract: ruleName}}
		case 2:
			e.Changes = []Change{{Do: DoOrder, Order: order(), Authority: AuthorityNone, Commitment: HashOf(fmtUint(r)), From: day(), Through: day()}}
		case 3, 4:
			e.Changes = []Change{{Do: DoLift, Order: order(), From: day()}}
		case 5:
			e.Changes = []Change{{Do: []string{DoWait, DoRan}[r.IntN(2)]}}
		case 6:
			e.Changes = []Change{{Do: []string{DoStay, DoUnstay, DoSeal}[r.IntN(3)], Order: order(), From: day()}}
		default:
			if len(es) > 0 {
				e.Voids = []Hash{es[r.IntN(len(es))].Hash}
			}
		}
		if r.IntN(2) == 0 {
			e.Cause = &Cause{Contract: ruleName, Version: 1, Hash: HashOf(nil), Function: "f"}
		}
		es = append(es, Recorded{e, LeafHash(strict.Encode(&e))})
	}
	return es
}

func fmtUint(r *rand.Rand) []byte { return []byte{byte(r.Uint64()), byte(r.Uint64())} }
