package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/license"
)

// calls returns the calls that wait, and those that are held.
func (a *adopter) calls() (wait, held []string) {
	a.t.Helper()
	s, err := a.State()
	if err != nil {
		a.t.Fatal(err)
	}
	defer s.Release()
	ids, err := s.IDs(license.KindCall, "", 1000)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, id := range ids {
		if strings.HasPrefix(id, license.HeldPrefix) {
			held = append(held, id)
		} else {
			wait = append(wait, id)
		}
	}
	return wait, held
}

// Calls whose contract is suspended before their turn comes are held, those of the same
// block and those that waited; nothing but what a board asks for is made, and ends the
// suspension.
func TestSuspendedBeforeTheirTurn(t *testing.T) {
	a := newAdopter(t)
	// Of so many steps a block has room for some 200 calls.
	a.bring(rule("thorough", contract.Hook{Kind: contract.On, Answers: []string{"license.issue"}, Function: "hook"},
		"def hook(ctx, act):\n    n = 0\n    for i in range(100):\n        for j in range(200):\n            n += 1\n"+
			"    if act.license > \"us-il.nurse.041000269\" and act.license < \"us-il.nurse.041000279\":\n        return [notify(act.license, \"no-such-code\")]\n"+
			"    return [notify(act.license, \"told\")]\n"), "board")
	const each, all = 70, 280
	var txs [][]byte
	for i := 0; i < all; i += each {
		var acts []license.Act
		for j := range each {
			acts = append(acts, &license.LicenseIssue{
				License: fmt.Sprintf("us-il.nurse.041%06d", i+j), Licensee: a.ID(), Subject: license.SubjectPerson, Issued: "2020-01-01", From: "2024-01-01",
			})
		}
		txs = append(txs, a.Sign(true, acts, nil, "clerk"))
	}
	for i, o := range a.Block(txs...) {
		if o.Code != "" {
			t.Fatal(i, o.Refusal())
		}
	}
	wait, held := a.calls()
	if len(wait) == 0 || len(wait) > 80 || len(held) > 0 {
		t.Fatalf("%d wait, %d are held", len(wait), len(held))
	}
	for len(wait) > 0 {
		a.Block()
		wait, held = a.calls()
	}
	var f license.Fault
	a.record(license.KindFault, "thorough/us-il", &f)
	if len(held) != 10 || f.Faults != license.FaultsMax || !f.Suspended { // 5 that failed, 5 whose turn came afterwards
		t.Fatalf("%d are held, %+v", len(held), f)
	}
	last := "us-il.nurse.041000279"
	if n := a.License(last).Counts.Pending; n != 1 {
		t.Errorf("%d calls about the last license are pending", n)
	}
	var c license.Contracts
	a.record(license.KindContracts, "us-il", &c)
	a.must(nil, "us-il", &license.ContractRetry{Board: "us-il", Contract: "thorough", Count: c.Count, Call: held[5]})
	a.Block()
	if a.record(license.KindFault, "thorough/us-il", &f); f.Faults != license.FaultsMax+1 || !f.Suspended {
		t.Errorf("one more failed: %+v", f)
	}
	a.must(nil, "us-il", &license.ContractRetry{Board: "us-il", Contract: "thorough", Count: c.Count + 1, Call: held[9]})
	a.Block()
	f = license.Fault{}
	if a.record(license.KindFault, "thorough/us-il", &f); f.Faults != 0 || f.Suspended || a.License(last).Counts.Pending != 0 {
		t.Errorf("one that fails no more: %+v", f)
	}
	ledger.CheckWhole(t, a.Ledger)
}
