package ledger_test

import (
	"fmt"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/tx"
)

// What random games found once.

// A contract is asked about the next act of the payload that brings it.
func TestBroughtAndAsked(t *testing.T) {
	a := newAdopter(t)
	const id = "us-il.nurse.041000001"
	a.issue("clerk", id, "examination", "2026-03-31")
	p := rule("no", contract.Hook{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "no", Fault: contract.FailOpen},
		"def no(ctx, act):\n    return [reject(\"told\")]\n")
	os, hs := texts(p.Manifest, p.Source)
	both := tx.New(a.Head().Origin, false, license.InstantOf(a.Clock), 86400, []license.Act{
		&license.ContractAdopt{Board: "us-il", Contract: "no", Version: 1, Hash: contract.HashOf(p.Manifest), Role: "board", Texts: hs},
		&license.LicenseRenew{License: id, Count: 1, From: "2026-04-01", Through: "2027-03-31"},
	}, os)
	for _, w := range []string{"us-il", "clerk"} {
		both.Sign(tx.SignEd25519(whoSigns[w], ledgertest.Key(keyName(w)), both.HeaderBytes))
	}
	o := a.Block(both.Encode())[0]
	if len(o.Applied) != 1 || len(o.Refused) != 1 || o.Refused[0].Code != "contract" {
		t.Errorf("%+v", o)
	}
	ledger.CheckWhole(t, a.Ledger)
}

// A fault of an edition that goes with its payload leaves nothing.
func TestFaultOfWhatWasRefused(t *testing.T) {
	a := newAdopter(t)
	const id = "us-il.nurse.041000001"
	a.issue("clerk", id, "examination", "2026-03-31")
	p := rule("no", contract.Hook{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "no", Fault: contract.FailClosed},
		"def no(ctx, act):\n    return [notify(act.license, \"no-such-code\")]\n")
	os, hs := texts(p.Manifest, p.Source)
	both := tx.New(a.Head().Origin, true, license.InstantOf(a.Clock), 86400, []license.Act{
		&license.ContractAdopt{Board: "us-il", Contract: "no", Version: 1, Hash: contract.HashOf(p.Manifest), Role: "board", Texts: hs},
		&license.LicenseRenew{License: id, Count: 1, From: "2026-04-01", Through: "2027-03-31"},
	}, os)
	for _, w := range []string{"us-il", "clerk"} {
		both.Sign(tx.SignEd25519(whoSigns[w], ledgertest.Key(keyName(w)), both.HeaderBytes))
	}
	size := a.Head().Size
	if o := a.Block(both.Encode())[0]; o.Code != "contract-fault" || a.Head().Size != size {
		t.Errorf("%+v, %d entries", o, a.Head().Size-size)
	}
}

// A call that waited is told of the effect that it answers, as the log has it.
func TestWaitingForAnEffect(t *testing.T) {
	a := newAdopter(t)
	const id = "us-il.nurse.041000001"
	a.issue("clerk", id, "examination", "2026-03-31")
	p := rule("two", contract.Hook{Kind: contract.On, Answers: []string{"license.surrender", "contract.impose"}, Function: "two"},
		"def two(ctx, x):\n    if ctx.trigger == \"contract.impose\":\n        return [notify(x.license, x.authority)]\n    return [impose(x.license, \"x\", \"none\", \"fine\", ctx.today)]\n")
	a.bring(p, "board")
	a.must(nil, "clerk", &license.LicenseSurrender{License: id, Count: 1, From: "2026-02-01"})
	for i := range 2 {
		var f license.Fault
		if !a.record(license.KindFault, "two/us-il", &f) || f.Code != contract.BadEffect || f.Faults != int64(i+1) || a.License(id).Counts.Pending != 1 {
			t.Fatalf("%d: %+v, %+v", i, f, a.License(id))
		}
		a.must(nil, "us-il", &license.ContractRetry{Board: "us-il", Contract: "two", Count: int64(i + 1), Call: f.Call})
		a.Block()
	}
	ledger.CheckWhole(t, a.Ledger)
}

// Days that leave nothing about a license but notices leave one each.
func TestNoticesOfDays(t *testing.T) {
	a := newAdopter(t)
	a.bring(rule("ends", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends", "grace-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    return [notify(day.license, \"told\")]\n"), "board")
	a.must(nil, "clerk", &license.LicenseIssue{
		License: "us-il.nurse.041000001", Licensee: a.ID(), Subject: license.SubjectPerson, Issued: "2020-01-01", From: "2024-01-01", Through: "2026-03-31", Grace: "2026-04-30",
	})
	a.until("2026-05-01")
	s, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	if ids, err := s.IDs(license.KindNotice, "", 10); err != nil || len(ids) != 2 {
		t.Errorf("%v, %v", ids, err)
	}
}

// Two licenses of one board are linked by one signature, about either: rules see the link
// from both.
func TestLinkedFromEitherSide(t *testing.T) {
	a := newAdopter(t)
	a.bring(rule("reach", contract.Hook{Kind: contract.On, Answers: []string{"license.surrender"}, Function: "reach"},
		"def reach(ctx, act):\n    return [notify(o.id, \"told\") for o in linked(act.license)]\n"), "board")
	id := func(n int) string { return fmt.Sprintf("us-il.nurse.04100000%d", n) }
	for n := range 3 {
		a.issue("clerk", id(n), "examination", "2026-03-31")
	}
	a.must(nil, "clerk", &license.LicenseeLink{License: id(0), Other: id(1), Effective: "2024-01-01"})
	a.must(nil, "clerk", &license.LicenseeLink{License: id(2), Other: id(1), Effective: "2024-01-01"})
	a.must(nil, "clerk", &license.LicenseSurrender{License: id(1), Count: 1, From: "2026-02-01"})
	s, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	if ids, err := s.IDs(license.KindNotice, "", 10); err != nil || len(ids) != 2 {
		t.Errorf("%v, %v", ids, err)
	}
}
