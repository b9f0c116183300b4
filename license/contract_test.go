package license

import (
	"slices"
	"testing"
)

// boards of a contract, by the edition in force for each.
func inForce(b *book, name string) map[string]int64 {
	var k Contract
	b.Get(KindContract, name, &k)
	m := map[string]int64{}
	for _, e := range k.Editions {
		for _, x := range e.Boards {
			m[x] = e.Version
		}
	}
	return m
}

// A contract runs for exactly those boards that signed it, each in the version that it
// signed, in the order in which the board adopted.
func TestContractsBindWhoSigned(t *testing.T) {
	b := newBook(t)
	one, two, other := b.hash("imlc 1"), b.hash("imlc 2"), b.hash("ce 1")
	text := func(n string) []Hash { return []Hash{b.hash(n)} }
	source := text("source")
	b.must(
		&ContractAdopt{Board: "us-il", Contract: "imlc", Version: 1, Hash: one, Role: "member", Texts: slices.Concat(text("manifest"), source)},
		&ContractAdopt{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Hash: other, Role: "board", Of: 2, Among: 3, Texts: text("ce manifest"), Kept: source},
		&ContractJoin{Board: "us-ia", Contract: "imlc", Hash: one, Role: "member"},
	)
	b.refused("contract-exists", &ContractAdopt{Board: "us-ia", Contract: "imlc", Count: 1, Version: 1, Hash: two, Role: "member", Texts: text("x")})
	b.refused("adopted", &ContractJoin{Board: "us-ia", Contract: "imlc", Count: 1, Hash: one, Role: "member"})
	b.refused("unknown-edition", &ContractJoin{Board: "us-ia", Contract: "ce", Count: 1, Hash: one, Role: "member"})
	b.refused("unknown-contract", &ContractJoin{Board: "us-ia", Contract: "nlc", Count: 1, Hash: one, Role: "member"})
	b.refused("unknown-edition", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: one, Role: "member"})
	b.refused("edition", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 3, Hash: two, Previous: one, Role: "member", Texts: text("m")})
	b.refused("stale", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: two, Role: "member", Texts: text("m")})
	b.refused("share", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: one, Role: "member", Of: 1, Among: 2, Texts: text("m")})
	b.refused("unknown-text", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: one, Role: "member", Kept: text("nobody's")})

	b.must(&ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: one, Role: "member", Texts: text("manifest 2"), Kept: source})
	if m := inForce(b, "imlc"); m["us-il"] != 2 || m["us-ia"] != 1 {
		t.Errorf("before Iowa signed: %v", m)
	}
	b.must(&ContractSupersede{Board: "us-ia", Contract: "imlc", Count: 1, Version: 2, Hash: two, Previous: one, Role: "member"})
	if m := inForce(b, "imlc"); m["us-il"] != 2 || m["us-ia"] != 2 {
		t.Errorf("after: %v", m)
	}
	var c Contracts
	b.Get(KindContracts, "us-il", &c)
	if len(c.Rows) != 2 || c.Rows[0].Contract != "imlc" || c.Rows[0].Version != 2 || c.Rows[1].Contract != "ce" || c.Count != 3 {
		t.Errorf("%+v", c)
	}

	b.refused("stale", &ContractLeave{Board: "us-il", Contract: "imlc", Count: 3, Previous: one})
	b.must(&ContractLeave{Board: "us-il", Contract: "imlc", Count: 3, Previous: two})
	b.refused("not-adopted", &ContractLeave{Board: "us-il", Contract: "imlc", Count: 4, Previous: two})
	b.refused("edition", &ContractJoin{Board: "us-il", Contract: "imlc", Count: 4, Hash: one, Role: "member"})
	b.must(&ContractJoin{Board: "us-il", Contract: "imlc", Count: 4, Hash: two, Role: "member"})
	b.Get(KindContracts, "us-il", &c)
	if c.Rows[0].Contract != "ce" || c.Rows[1].Contract != "imlc" {
		t.Errorf("who joins again comes last: %+v", c)
	}
}

// No act but those of contracts opens their texts, and no board has a table for them.
func TestTextsOfContractsAreApart(t *testing.T) {
	b := newBook(t)
	b.refused("opening-kind", &LicenseAmend{License: "us-il.nurse.041001", From: "2026-01-01", Openings: []OpeningRef{{OpeningContract, b.hash("x")}}})
	b.refused("audience", &BoardAmend{Board: "us-il", Count: 1, Name: "Illinois", Audiences: []Audience{{OpeningContract, AudienceBoard}}})
	if h := (&Opening{Kind: OpeningContract, Bytes: []byte("x")}).Commit(); h != HashOf([]byte("x")) {
		t.Error("the commitment of a text is not its SHA-256")
	}
}
