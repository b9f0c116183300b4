package ledger_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/internal/pack"
	"licet/license"
	"licet/strict"
)

// bring adopts a contract for Illinois, and joins it for the other boards.
func (a *adopter) bring(parts contract.Parts, role string, others ...string) *contract.Manifest {
	a.t.Helper()
	m, err := contract.ReadManifest(parts.Manifest)
	if err != nil {
		a.t.Fatal(err)
	}
	var all [][]byte
	for _, b := range [][]byte{parts.Manifest, parts.Source, parts.Parameters} {
		if len(b) > 0 {
			all = append(all, b)
		}
	}
	count := func(board string) int64 {
		var c license.Contracts
		a.record(license.KindContracts, board, &c)
		return c.Count
	}
	os, hs := texts(all...)
	hash := contract.HashOf(parts.Manifest)
	a.must(os, "us-il", &license.ContractAdopt{Board: "us-il", Contract: m.Name, Count: count("us-il"), Version: m.Version, Hash: hash, Role: role, Texts: hs})
	for _, o := range others {
		board := "us-" + o
		a.must(nil, o, &license.ContractJoin{Board: board, Contract: m.Name, Count: count(board), Version: m.Version, Hash: hash, Role: role})
	}
	return m
}

// shipped reads one of the packs that ship, without its scenarios.
func shipped(t *testing.T, name string) contract.Parts {
	t.Helper()
	p, err := pack.Load(os.DirFS("../../contracts/" + name))
	if err != nil {
		t.Fatal(err)
	}
	m := p.Manifest
	m.Scenarios = nil
	return contract.Seal(m, p.Parameters, p.Source)
}

// rule makes a contract of one board and one hook.
func rule(name string, hook contract.Hook, source string) contract.Parts {
	return contract.Seal(contract.Manifest{
		V: 1, Name: name, Version: 1, Title: "A rule", Language: contract.Language,
		Roles:     []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse", "physician"}}},
		Hooks:     []contract.Hook{hook},
		Functions: []contract.Function{{Name: hook.Function, Citation: "Act 1", Words: "A rule."}},
		Codes:     []contract.Code{{Code: "told", Words: "Somebody is told."}},
	}, contract.Parameters{}, []byte(source))
}

func (a *adopter) record(kind, id string, r any) bool {
	a.t.Helper()
	s, err := a.State()
	if err != nil {
		a.t.Fatal(err)
	}
	defer s.Release()
	ok, err := s.Record(kind, id, r)
	if err != nil {
		a.t.Fatal(err)
	}
	return ok
}

// issue records a license, signed by its board's root.
func (a *adopter) issue(who, id, route string, through license.Day) {
	a.t.Helper()
	a.must(nil, who, &license.LicenseIssue{
		License: id, Licensee: a.ID(), Subject: license.SubjectPerson, Route: route, Issued: "2020-01-01", From: "2024-01-01", Through: through,
	})
}

func (a *adopter) link(one, other, whoOne, whoOther string) {
	a.t.Helper()
	a.must(nil, whoOne, &license.LicenseeLink{License: one, Count: a.License(one).Counts.Links, Other: other, Effective: "2024-01-01"})
	a.must(nil, whoOther, &license.LicenseeLink{License: other, Count: a.License(other).Counts.Links, Other: one, Effective: "2024-01-01"})
}

// until lets empty blocks pass through a day.
func (a *adopter) until(day license.Day) {
	a.Clock = license.Instant(day + "T12:00:00Z").Time().Add(-time.Minute)
	a.Block()
}

func (a *adopter) physicians() {
	a.t.Helper()
	for _, b := range []string{"us-il", "us-ia", "us-wi"} {
		if b == "us-wi" {
			a.must(nil, "member + wi root", &license.BoardCreate{Board: b, Name: "Wisconsin", Member: "idfpr", Jurisdiction: b, Root: ledgertest.Spec("root wi")})
		}
		a.must(nil, map[string]string{"us-il": "us-il", "us-ia": "ia", "us-wi": "wi root"}[b], &license.BoardProfession{
			Profession: b + ".physician", Title: "Physician", Pattern: "#+",
		})
		if who := map[string]string{"us-ia": "ia", "us-wi": "wi root"}[b]; who != "" {
			clerk := "clerk " + b[3:]
			a.must(nil, who, &license.OfficerAppoint{Officer: b + "/clerk", Title: "Clerk", Key: ledgertest.Spec(clerk), Roles: []string{"clerk"}})
			a.must(nil, who, &license.PolicySet{Board: b, Rules: []license.Rule{{Acts: []string{"license.*", "licensee.*", "fact.*"}, From: []string{"clerk"}, Signers: 1}}})
		}
	}
}

// A suspension in the state of principal license reaches the compact licenses in the
// block of the order; each entry names the rule.
func TestCascade(t *testing.T) {
	whoSigns["wi root"], keyOf["wi root"], whoSigns["clerk wi"] = "board/us-wi", "root wi", "officer/us-wi/clerk"
	a := newAdopter(t)
	a.physicians()
	a.bring(shipped(t, "imlc"), "member-board", "ia")
	wi, hash := "us-wi.physician.1", contract.HashOf(shipped(t, "imlc").Manifest)
	a.must(nil, "wi root", &license.ContractJoin{Board: "us-wi", Contract: "imlc", Version: 1, Hash: hash, Role: "member-board"})
	a.issue("clerk wi", wi, "examination", "2027-12-31")
	a.issue("clerk", "us-il.physician.2", "imlc", "2027-12-31")
	a.issue("clerk ia", "us-ia.physician.3", "imlc", "2027-12-31")
	a.issue("clerk ia", "us-ia.physician.4", "examination", "2027-12-31")
	a.must(nil, "clerk wi", &license.FactRecord{Fact: "us-wi/" + a.ID(), About: wi, Code: "qualification", Day: "2024-01-01"})
	a.link(wi, "us-il.physician.2", "clerk wi", "clerk")
	a.link(wi, "us-ia.physician.3", "clerk wi", "clerk ia")
	a.link(wi, "us-ia.physician.4", "clerk wi", "clerk ia")
	doc, ref := a.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Wisconsin", Actions: []license.OrderAction{{Code: "revocation"}}})
	order := a.ID()
	a.must([]license.Opening{doc}, "clerk wi", &license.LicenseDiscipline{License: wi, Order: order, Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: "2026-04-01"})
	cause := a.Entries(wi)[len(a.Entries(wi))-1]
	for _, id := range []string{"us-il.physician.2", "us-ia.physician.3"} {
		s := a.License(id).StandingOn("2026-04-02", nil, nil)
		es := a.Entries(id)
		e := es[len(es)-1]
		if s.Authority != license.MayNotPractice || e.Block != cause.Block || e.Act != "contract.impose" || e.Cause.Contract != "imlc" || e.Cause.Hash != hash ||
			e.Cause.Function != "on_order" || e.Cause.Line == 0 || e.Cause.Citation != "IMLC 10(b)" || e.Cause.Trigger != cause.Hash || s.Orders[0].Action != "revocation" {
			t.Errorf("%s: %+v, %s", id, s, strict.Encode(&e.Entry))
		}
	}
	if s := a.License("us-ia.physician.4").StandingOn("2026-04-02", nil, nil); s.Authority != license.MayPractice {
		t.Errorf("a license by examination was reached: %+v", s)
	}
	ledger.CheckWhole(t, a.Ledger)
}

// On the day after a term a contract records what the law adds; where it has nothing to
// add, the day leaves no trace. Timers call again.
func TestDaysAndTimers(t *testing.T) {
	a := newAdopter(t)
	a.bring(rule("lapse", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    return [set_lifecycle(day.license, \"inactive\", ctx.today), set_timer(day.license, \"again\", ctx.today + 10)]\n"), "board")
	timer := rule("remind", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"}, "def ends(ctx, day):\n    return []\n")
	a.bring(timer, "board")
	a.issue("clerk", "us-il.nurse.041000001", "examination", "2026-03-31")
	a.issue("clerk", "us-il.nurse.041000002", "examination", "2026-05-31")
	a.until("2026-03-31")
	size := a.Head().Size
	a.until("2026-04-01")
	if l := a.License("us-il.nurse.041000001"); len(l.Lifecycles) != 1 || l.Lifecycles[0].From != "2026-04-01" {
		t.Errorf("%+v", l)
	}
	if grew := a.Head().Size - size; grew != 3 { // lifecycle, timer, end of the block
		t.Errorf("%d entries", grew)
	}
	var timerRecord license.Timer
	if !a.record(license.KindTimer, "us-il.nurse.041000001~lapse~again", &timerRecord) || timerRecord.Day != "2026-04-11" {
		t.Errorf("%+v", timerRecord)
	}
	// Days that no block came for are made up for, each as of itself.
	a.until("2026-06-20")
	if a.record(license.KindTimer, "us-il.nurse.041000001~lapse~again", &timerRecord) {
		t.Error("a timer that was called is still there")
	}
	if l := a.License("us-il.nurse.041000002"); len(l.Lifecycles) != 1 || l.Lifecycles[0].From != "2026-06-01" {
		t.Errorf("%+v", l)
	}
	ledger.CheckWhole(t, a.Ledger)
}

// Calls of a day that do not fit a block wait for the next ones, and the board's record
// says so; acts go on meanwhile.
func TestDaysWait(t *testing.T) {
	a := newAdopter(t)
	a.bring(rule("slow", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    n = 0\n    for i in range(100):\n        for j in range(100):\n            n += 1\n    return [notify(day.license, \"told\")]\n"), "board")
	const all = 450
	for i := range all {
		a.issue("clerk", fmt.Sprintf("us-il.nurse.041%06d", i), "examination", "2026-03-31")
	}
	a.until("2026-04-01")
	var b license.Board
	a.record(license.KindBoard, "us-il", &b)
	if b.Days == nil || b.Days.Day != "2026-04-01" || !b.Days.Waits("us-il.nurse.041000449", "2026-04-01") || b.Days.Waits("us-il.nurse.041000000", "2026-04-01") {
		var f license.Fault
		a.record(license.KindFault, "slow/us-il", &f)
		t.Fatalf("%+v, %+v", b.Days, f)
	}
	ledger.CheckWhole(t, a.Ledger)
	a.issue("clerk", "us-il.nurse.041900000", "examination", "2027-03-31")
	for i := 0; i < 5 && b.Days != nil; i++ {
		a.Block()
		b = license.Board{}
		a.record(license.KindBoard, "us-il", &b)
	}
	told := 0
	for i := range all {
		es := a.Entries(fmt.Sprintf("us-il.nurse.041%06d", i))
		told += len(es)
	}
	s, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	ids, err := s.IDs(license.KindNotice, "", 1000)
	if err != nil || len(ids) != all || b.Days != nil {
		t.Errorf("%d notices, %+v, %v", len(ids), b.Days, err)
	}
	ledger.CheckWhole(t, a.Ledger)
}

// A closed hook that faults refuses acts, but never those that restrict a license; after
// five faults it is called no more. A call that faulted is held, and runs anew when the
// board asks.
func TestFaults(t *testing.T) {
	a := newAdopter(t)
	a.issue("clerk", "us-il.nurse.041000001", "examination", "2026-03-31")
	a.bring(rule("broken", contract.Hook{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "hook", Fault: contract.FailClosed},
		"def hook(ctx, act):\n    return [notify(act.license, \"no-such-code\")]\n"), "board")
	renew := func(year int) ledger.Outcome {
		id := "us-il.nurse.041000001"
		return a.try(nil, "clerk", &license.LicenseRenew{
			License: id, Count: a.License(id).Counts.Term, From: license.Day(fmt.Sprintf("%d-04-01", year)), Through: license.Day(fmt.Sprintf("%d-03-31", year+1)),
		})
	}
	for i := range license.FaultsMax {
		if o := renew(2026); o.Code != "contract-fault" {
			t.Fatalf("%d: %+v", i, o)
		}
		var f license.Fault
		if !a.record(license.KindFault, "broken/us-il", &f) || f.Faults != int64(i+1) || f.Code != contract.BadEffect {
			t.Fatalf("%d: %+v", i, f)
		}
		if i == 0 {
			a.must(nil, "clerk", &license.LicenseInactivate{License: "us-il.nurse.041000001", Count: 1, From: "2026-02-01"})
			a.must(nil, "clerk", &license.LicenseReactivate{License: "us-il.nurse.041000001", Count: 2, From: "2026-02-02"})
		}
	}
	if o := renew(2026); o.Code != "" {
		t.Fatalf("a suspended contract is asked: %+v", o)
	}
	ledger.CheckWhole(t, a.Ledger)
}

func TestHeldCalls(t *testing.T) {
	a := newAdopter(t)
	a.issue("clerk", "us-il.nurse.041000001", "examination", "2026-03-31")
	hook := contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"}
	bad := rule("day", hook, "def hook(ctx, day):\n    return [notify(day.license, \"no-such-code\")]\n")
	a.bring(bad, "board")
	a.until("2026-04-01")
	var f license.Fault
	if !a.record(license.KindFault, "day/us-il", &f) || f.Call == "" || a.License("us-il.nurse.041000001").Counts.Pending != 1 {
		t.Fatalf("%+v", f)
	}
	good := rule("day", hook, "def hook(ctx, day):\n    return [notify(day.license, \"told\")]\n")
	m, err := contract.ReadManifest(good.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	m.Version = 2
	good = contract.Seal(*m, contract.Parameters{}, good.Source)
	os, hs := texts(good.Manifest, good.Source)
	a.must(os, "us-il", &license.ContractSupersede{
		Board: "us-il", Contract: "day", Count: 1, Version: 2, Hash: contract.HashOf(good.Manifest), Previous: contract.HashOf(bad.Manifest), Role: "board", Texts: hs,
	})
	if o := a.try(nil, "us-il", &license.ContractRetry{Board: "us-il", Contract: "day", Count: 2, Call: "held-0"}); o.Code != "unknown-call" {
		t.Errorf("%+v", o)
	}
	a.must(nil, "us-il", &license.ContractRetry{Board: "us-il", Contract: "day", Count: 2, Call: f.Call})
	a.Block()
	s, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	if ids, err := s.IDs(license.KindNotice, "", 10); err != nil || len(ids) != 1 || a.License("us-il.nurse.041000001").Counts.Pending != 0 {
		t.Errorf("%v, %v", ids, err)
	}
	if calls, err := s.IDs(license.KindCall, "", 10); err != nil || len(calls) != 0 {
		t.Errorf("%v, %v", calls, err)
	}
	ledger.CheckWhole(t, a.Ledger)
}

// Acts that a hook must judge are refused where the block has no room for its call; the
// next block has.
func TestBusy(t *testing.T) {
	a := newAdopter(t)
	a.bring(rule("thorough", contract.Hook{Kind: contract.Before, Answers: []string{"license.issue"}, Function: "hook", Fault: contract.FailClosed},
		"def hook(ctx, act):\n    n = 0\n    for i in range(100):\n        for j in range(100):\n            n += 1\n    return []\n"), "board")
	var txs [][]byte
	const each, all = 100, 10
	for i := range all {
		var acts []license.Act
		for j := range each {
			acts = append(acts, &license.LicenseIssue{
				License: fmt.Sprintf("us-il.nurse.041%06d", i*each+j), Licensee: a.ID(), Subject: license.SubjectPerson, Issued: "2020-01-01", From: "2024-01-01",
			})
		}
		txs = append(txs, a.Sign(true, acts, nil, "clerk"))
	}
	os := a.Block(txs...)
	if os[0].Code != "" || os[all-1].Code != "busy" || len(os[all-1].Applied) > 0 {
		t.Fatalf("%q, %q", os[0].Code, os[all-1].Sentence)
	}
	if o := a.Block(txs[all-1])[0]; o.Code != "" {
		t.Errorf("%+v", o.Refusal())
	}
	ledger.CheckWhole(t, a.Ledger)
}

// What a day's call lets begin on that very day is called, too, where the license's turn is
// still to come.
func TestDayBringsDay(t *testing.T) {
	a := newAdopter(t)
	parts := rule("chain", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    return [impose(o.id, \"chain\", \"conditions\", \"probation\", ctx.today) for o in linked(day.license)]\n"+
			"def begins(ctx, day):\n    return [notify(day.license, \"told\")]\n")
	m, err := contract.ReadManifest(parts.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	m.Hooks = append(m.Hooks, contract.Hook{Kind: contract.OnDay, Answers: []string{"order-begins"}, Function: "begins"})
	m.Functions = append(m.Functions, contract.Function{Name: "begins", Citation: "Act 2", Words: "It begins."})
	a.bring(contract.Seal(*m, contract.Parameters{}, parts.Source), "board")
	const one, two, three, four = "us-il.nurse.041000001", "us-il.nurse.041000002", "us-il.nurse.041000003", "us-il.nurse.041000004"
	for id, through := range map[string]license.Day{one: "2027-03-31", two: "2026-03-31", three: "2027-03-31", four: "2026-03-31"} {
		a.issue("clerk", id, "examination", through)
	}
	for _, pair := range [][2]string{{two, three}, {four, one}} {
		a.must(nil, "clerk", &license.LicenseeLink{License: pair[0], Other: pair[1], Effective: "2024-01-01"})
	}
	a.until("2026-04-01")
	s, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	ids, err := s.IDs(license.KindNotice, "", 10)
	if err != nil || len(ids) != 1 {
		t.Fatalf("%v, %v", ids, err)
	}
	var n license.Notice
	if a.record(license.KindNotice, ids[0], &n); n.License != three || len(a.License(one).Orders) != 1 {
		t.Errorf("%+v", n)
	}
	ledger.CheckWhole(t, a.Ledger)
}
