package ledger_test

import (
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/tx"
)

// An adopter is a network under rules 2 with two boards that adopt contracts.
type adopter struct {
	*ledgertest.Registry
	t *testing.T
}

func newAdopter(t *testing.T) *adopter {
	a := &adopter{ledgertest.NewUnder(t, 2), t}
	a.must(nil, "member + ia", &license.BoardCreate{Board: "us-ia", Name: "Iowa", Member: "idfpr", Jurisdiction: "us-ia", Root: ledgertest.Spec("root ia")})
	return a
}

// try signs an act by the roots of boards and says with which code it is refused.
func (a *adopter) try(texts []license.Opening, who string, act license.Act) ledger.Outcome {
	p := tx.New(a.Head().Origin, true, license.InstantOf(a.Clock), 86400, []license.Act{act}, texts)
	for _, w := range strings.Split(who, " + ") {
		p.Sign(tx.SignEd25519(whoSigns[w], ledgertest.Key(keyName(w)), p.HeaderBytes))
	}
	return a.Block(p.Encode())[0]
}

func (a *adopter) must(texts []license.Opening, who string, act license.Act) {
	a.t.Helper()
	if o := a.try(texts, who, act); o.Code != "" {
		a.t.Fatalf("%s: %v", act.Verb(), o.Refusal())
	}
}

// edition makes a contract whose only rule renews nothing before so many hours.
func edition(bend func(*contract.Manifest), hours int64) contract.Parts {
	m := contract.Manifest{
		V: 1, Name: "ce", Version: 1, Title: "Hours before renewal", Language: contract.Language,
		Roles:     []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse"}}},
		Hooks:     []contract.Hook{{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "hours", Fault: contract.FailOpen}},
		Functions: []contract.Function{{Name: "hours", Citation: "Act 1", Words: "Hours are needed."}},
		Codes:     []contract.Code{{Code: "hours", Words: "Hours are missing."}},
	}
	if bend != nil {
		bend(&m)
	}
	ps := contract.Parameters{V: 1, Rows: []contract.Parameter{{
		Name: "hours", Kind: contract.KindInt, Citation: "Act 1", Words: "Hours.", Values: []contract.Value{{From: "2020-01-01", Int: hours}},
	}}}
	return contract.Seal(m, ps, []byte("def hours(ctx, act):\n    if parameter(\"hours\", ctx.today) > 100:\n        return [reject(\"hours\")]\n    return []\n"))
}

// texts makes openings of texts, and their commitments.
func texts(bs ...[]byte) (os []license.Opening, hs []license.Hash) {
	for _, b := range bs {
		os, hs = append(os, license.Opening{Kind: license.OpeningContract, Bytes: b}), append(hs, license.HashOf(b))
	}
	return os, hs
}

// A contract is adopted with its texts, joined by another board, amended and superseded
// with those texts alone that changed.
func TestAdoption(t *testing.T) {
	a := newAdopter(t)
	one, amended := edition(nil, 20), edition(nil, 30)
	two := edition(func(m *contract.Manifest) { m.Version, m.Amendments = 2, &contract.Share{Of: 2, Among: 3} }, 30)
	h1, ha, h2 := contract.HashOf(one.Manifest), contract.HashOf(amended.Manifest), contract.HashOf(two.Manifest)
	os, hs := texts(one.Manifest, one.Source, one.Parameters)
	a.must(os, "us-il", &license.ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: h1, Role: "board", Texts: hs})
	a.must(nil, "ia", &license.ContractJoin{Board: "us-ia", Contract: "ce", Version: 1, Hash: h1, Role: "board"})
	os, hs = texts(amended.Manifest, amended.Parameters)
	a.must(os, "us-il", &license.ContractAmendParams{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: ha, Previous: h1, Texts: hs})
	os, hs = texts(two.Manifest)
	a.must(os, "ia", &license.ContractSupersede{Board: "us-ia", Contract: "ce", Count: 1, Version: 2, Hash: h2, Previous: h1, Role: "board", Of: 2, Among: 3, Texts: hs})
	a.must(nil, "us-il", &license.ContractSupersede{Board: "us-il", Contract: "ce", Count: 2, Version: 2, Hash: h2, Previous: ha, Role: "board", Of: 2, Among: 3})
	s, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	for _, b := range [][]byte{one.Manifest, one.Source, one.Parameters, amended.Manifest, amended.Parameters, two.Manifest} {
		o, err := s.Opening(license.HashOf(b))
		if err != nil || o == nil || string(o.Bytes) != string(b) {
			t.Errorf("text %.40s: %v, %v", b, o, err)
		}
	}
	var k license.Contract
	if ok, err := s.Record(license.KindContract, "ce", &k); !ok || err != nil || k.InForce("us-il").Hash != h2 || k.InForce("us-ia").Hash != h2 {
		t.Errorf("%+v, %v", k, err)
	}
	ledger.CheckWhole(t, a.Ledger)
}

// contractRefusals are those that a network under rules 2 meets.
func contractRefusals(t *testing.T) (codes []string) {
	a := newAdopter(t)
	one, x := edition(nil, 20), license.HashOf([]byte("x"))
	h := contract.HashOf(one.Manifest)
	os, hs := texts(one.Manifest, one.Source, one.Parameters)
	adopt := func(bend func(c *license.ContractAdopt)) *license.ContractAdopt {
		c := &license.ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: h, Role: "board", Texts: hs}
		bend(c)
		return c
	}
	refused := func(code string, texts []license.Opening, who string, act license.Act) {
		t.Helper()
		before := a.Head()
		o := a.try(texts, who, act)
		after := a.Head()
		if o.Code != code || before.AppHash() != after.AppHash() || o.Citation == "" {
			t.Errorf("%s: %q, %s", code, o.Code, o.Sentence)
		}
		codes = append(codes, code)
	}
	// What the texts say, and what the act says of them.
	refused("contract-name", os, "us-il", adopt(func(c *license.ContractAdopt) { c.Contract = "C E" }))
	refused("contract", os, "us-il", adopt(func(c *license.ContractAdopt) { c.Contract = "other" }))
	refused("contract", os, "us-il", adopt(func(c *license.ContractAdopt) { c.Version = 2 }))
	refused("contract", os, "us-il", adopt(func(c *license.ContractAdopt) { c.Hash = x }))
	refused("contract", os, "us-il", adopt(func(c *license.ContractAdopt) { c.Role = "king" }))
	refused("contract", os, "us-il", adopt(func(c *license.ContractAdopt) { c.Of, c.Among = 2, 3 }))
	refused("share", os, "us-il", adopt(func(c *license.ContractAdopt) { c.Of, c.Among = 1, 3 }))
	refused("edition", os, "us-il", adopt(func(c *license.ContractAdopt) { c.Version = -1 }))
	refused("unknown-text", os[:2], "us-il", adopt(func(c *license.ContractAdopt) { c.Texts = hs[:2] }))
	more, mores := texts([]byte("more"))
	refused("contract", append(os[:3:3], more...), "us-il", adopt(func(c *license.ContractAdopt) { c.Texts = append(hs[:3:3], mores...) }))
	bad := edition(nil, 20)
	bad = contract.Seal(contract.Manifest{V: 1, Name: "ce", Version: 1}, contract.Parameters{}, bad.Source)
	bads, badHashes := texts(bad.Manifest, bad.Source)
	refused("contract", bads, "us-il", adopt(func(c *license.ContractAdopt) { c.Hash, c.Texts = contract.HashOf(bad.Manifest), badHashes }))

	refused("unknown-contract", nil, "ia", &license.ContractJoin{Board: "us-ia", Contract: "ce", Version: 1, Hash: h, Role: "board"})
	a.must(os, "us-il", adopt(func(*license.ContractAdopt) {}))
	refused("contract-exists", more, "ia", &license.ContractAdopt{Board: "us-ia", Contract: "ce", Version: 1, Hash: h, Role: "board", Texts: mores})
	refused("adopted", nil, "us-il", &license.ContractJoin{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Hash: h, Role: "board"})
	refused("unknown-edition", nil, "ia", &license.ContractJoin{Board: "us-ia", Contract: "ce", Version: 1, Hash: x, Role: "board"})
	refused("contract", nil, "ia", &license.ContractJoin{Board: "us-ia", Contract: "ce", Version: 1, Hash: h, Role: "king"})
	refused("not-adopted", nil, "ia", &license.ContractLeave{Board: "us-ia", Contract: "ce", Previous: h})
	refused("stale", nil, "us-il", &license.ContractLeave{Board: "us-il", Contract: "ce", Count: 1, Previous: x})
	refused("stale", nil, "us-il", &license.ContractLeave{Board: "us-il", Contract: "ce", Previous: h})
	refused("unknown-call", nil, "us-il", &license.ContractRetry{Board: "us-il", Contract: "ce", Count: 1, Call: "held-0000000001.000001"})
	// Nothing but parameters is amended.
	other := edition(func(m *contract.Manifest) { m.Title = "Another" }, 30)
	others, otherHashes := texts(other.Manifest, other.Parameters)
	amend := &license.ContractAmendParams{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: contract.HashOf(other.Manifest), Previous: h, Texts: otherHashes}
	refused("contract", others, "us-il", amend)
	a.must(nil, "us-il", &license.ContractRetire{Board: "us-il", Contract: "ce", Count: 1, Previous: h})
	refused("nothing", nil, "us-il", &license.ContractRetire{Board: "us-il", Contract: "ce", Count: 2, Previous: h})
	refused("retired", nil, "ia", &license.ContractJoin{Board: "us-ia", Contract: "ce", Version: 1, Hash: h, Role: "board"})
	ledger.CheckWhole(t, a.Ledger)
	return codes
}
