package ledger_test

import (
	"testing"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/tx"
)

// A contract whose source travels with another act of the payload, which is refused, is
// not recorded: no node would have the source when it is called.
func TestTextsOfAnActRefused(t *testing.T) {
	a := newAdopter(t)
	p := rule("quiet", contract.Hook{Kind: contract.On, Answers: []string{"license.issue"}, Function: "f", ForEach: false}, "def f(ctx, x):\n    return []\n")
	os, hs := texts(p.Manifest, p.Source)
	adopt := func(count int64, hs []license.Hash) *license.ContractAdopt {
		return &license.ContractAdopt{Board: "us-il", Contract: "quiet", Count: count, Version: 1, Hash: contract.HashOf(p.Manifest), Role: "board", Texts: hs}
	}
	for name, acts := range map[string][]license.Act{
		"beside a refused act": {adopt(7, hs), adopt(0, hs[:1])},
		"named by no act":      {adopt(0, hs[:1])},
	} {
		x := tx.New(a.Head().Origin, false, license.InstantOf(a.Clock), 86400, acts, os)
		x.Sign(tx.SignEd25519("board/us-il", ledgertest.Key("root"), x.HeaderBytes))
		if o := a.Block(x.Encode())[0]; len(o.Applied) > 0 {
			t.Errorf("%s: recorded: %+v", name, o.Applied)
		}
	}
	a.issue("clerk", "us-il.nurse.041000001", "examination", "2027-12-31")
	ledger.CheckWhole(t, a.Ledger)
}
