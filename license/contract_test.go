package license

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"licet/strict"
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
	b.must(
		&ContractAdopt{Board: "us-il", Contract: "imlc", Version: 1, Hash: one, Role: "member", Texts: text("manifest")},
		&ContractAdopt{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Hash: other, Role: "board", Of: 2, Among: 3, Texts: text("ce manifest")},
		&ContractJoin{Board: "us-ia", Contract: "imlc", Version: 1, Hash: one, Role: "member"},
	)
	b.refused("contract-exists", &ContractAdopt{Board: "us-ia", Contract: "imlc", Count: 1, Version: 1, Hash: two, Role: "member", Texts: text("x")})
	b.refused("adopted", &ContractJoin{Board: "us-ia", Contract: "imlc", Count: 1, Version: 1, Hash: one, Role: "member"})
	b.refused("unknown-edition", &ContractJoin{Board: "us-ia", Contract: "ce", Count: 1, Version: 1, Hash: one, Role: "member"})
	b.refused("unknown-contract", &ContractJoin{Board: "us-ia", Contract: "nlc", Count: 1, Version: 1, Hash: one, Role: "member"})
	b.refused("unknown-edition", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: one, Role: "member"})
	b.refused("edition", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 3, Hash: two, Previous: one, Role: "member", Texts: text("m")})
	b.refused("stale", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: two, Role: "member", Texts: text("m")})
	b.refused("share", &ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: one, Role: "member", Of: 1, Among: 2, Texts: text("m")})

	b.must(&ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: one, Role: "member", Texts: text("manifest 2")})
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
	b.refused("edition", &ContractJoin{Board: "us-il", Contract: "imlc", Count: 4, Version: 1, Hash: one, Role: "member"})
	b.must(&ContractJoin{Board: "us-il", Contract: "imlc", Count: 4, Version: 2, Hash: two, Role: "member"})
	b.Get(KindContracts, "us-il", &c)
	if c.Rows[0].Contract != "ce" || c.Rows[1].Contract != "imlc" {
		t.Errorf("who joins again comes last: %+v", c)
	}
}

// An ownWord is a view of whoever holds all records but those of contracts, which rest
// on other boards' words.
type ownWord struct {
	*book
	act Act
}

func (v ownWord) Get(kind, id string, into any) bool {
	k, ok := into.(*Contract)
	if !ok {
		return v.book.Get(kind, id, into)
	}
	p := PresumedContract(v.act)
	if p != nil {
		*k = *p
	}
	return p != nil
}

// What a board signed follows from its own acts, so that a verifier needs nobody else's.
func TestContractsFollowFromOneBoardsWord(t *testing.T) {
	b, n := newBook(t), 0
	everyContract(b, func(a Act) {
		whole, r := Decide(a, b)
		own, s := Decide(a, ownWord{b, a})
		if r != nil || s != nil || !bytes.Equal(strict.Encode(whole.Record), strict.Encode(own.Record)) || len(whole.Also) != len(own.Also) {
			t.Errorf("%s: %v, %v\n%+v\n%+v", a.Verb(), r, s, whole, own)
		}
		b.must(a)
		n++
	})
	if n < 8 {
		t.Error(n, "acts")
	}
}

// Parameters change for the boards that signed the change, and for all of the version
// once the share has signed to which it delegates.
func TestAmendmentsBindByShare(t *testing.T) {
	for _, c := range []struct {
		of, among int64
		want      [3]int // boards that it binds, after each of the three signatures
	}{
		{0, 0, [3]int{1, 2, 3}},
		{2, 3, [3]int{1, 3, 3}},
		{1, 1, [3]int{1, 2, 3}},
	} {
		b := newBook(t)
		b.board("us-mn")
		one, two := b.hash("one"), b.hash("two")
		boards := []string{"us-il", "us-ia", "us-mn"}
		b.must(&ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: one, Role: "board", Of: c.of, Among: c.among, Texts: []Hash{b.hash("m")}})
		for _, x := range boards[1:] {
			b.must(&ContractJoin{Board: x, Contract: "ce", Version: 1, Hash: one, Role: "board"})
		}
		b.refused("unknown-edition", &ContractAmendParams{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: two, Previous: one})
		b.refused("edition", &ContractAmendParams{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Amendment: 2, Hash: two, Previous: one, Texts: []Hash{b.hash("m")}})
		for i, x := range boards {
			a := &ContractAmendParams{Board: x, Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: two, Previous: one}
			if i == 0 {
				a.Texts = []Hash{b.hash("m")}
			}
			b.must(a)
			var k Contract
			b.Get(KindContract, "ce", &k)
			var bound []string
			for _, y := range boards {
				if k.InForce(y).Hash == two {
					bound = append(bound, y)
				}
			}
			want := c.want[i]
			sorted := slices.IsSorted(k.edition(two).Signed) && slices.IsSorted(k.edition(two).Boards) && slices.IsSorted(k.edition(one).Boards)
			if len(bound) != want || !slices.Contains(bound, x) || !sorted {
				t.Errorf("%d of %d: after %s signed, it binds %v (%+v)", c.of, c.among, x, bound, k)
			}
		}
		b.refused("edition", &ContractAmendParams{Board: "us-il", Contract: "ce", Count: 2, Version: 1, Amendment: 1, Hash: two, Previous: two})
		b.must(&ContractLeave{Board: "us-mn", Contract: "ce", Count: 2, Previous: two})
		b.refused("edition", &ContractJoin{Board: "us-mn", Contract: "ce", Count: 3, Version: 1, Hash: one, Role: "board"})
	}
}

// A newer amendment stays in force for whom it binds, though an older one finds its share.
func TestOlderAmendmentsTakeNothingBack(t *testing.T) {
	b := newBook(t)
	b.board("us-mn")
	one, two, three := b.hash("one"), b.hash("two"), b.hash("three")
	b.must(&ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: one, Role: "board", Of: 2, Among: 3, Texts: []Hash{b.hash("m")}})
	for _, x := range []string{"us-ia", "us-mn"} {
		b.must(&ContractJoin{Board: x, Contract: "ce", Version: 1, Hash: one, Role: "board"})
	}
	b.must(
		&ContractAmendParams{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: two, Previous: one, Texts: []Hash{b.hash("m")}},
		&ContractAmendParams{Board: "us-ia", Contract: "ce", Count: 1, Version: 1, Amendment: 2, Hash: three, Previous: one, Texts: []Hash{b.hash("m")}},
		&ContractAmendParams{Board: "us-mn", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: two, Previous: one},
	)
	var k Contract
	b.Get(KindContract, "ce", &k)
	if k.InForce("us-ia").Hash != three || k.InForce("us-il").Hash != two || k.InForce("us-mn").Hash != two {
		t.Errorf("%+v", k)
	}
}

// A contract ends when all its boards want it to: nobody joins it or goes on with it.
func TestRetiredByAll(t *testing.T) {
	b := newBook(t)
	one := b.hash("one")
	b.must(
		&ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: one, Role: "board", Texts: []Hash{b.hash("m")}},
		&ContractJoin{Board: "us-ia", Contract: "ce", Version: 1, Hash: one, Role: "board"},
		&ContractRetire{Board: "us-il", Contract: "ce", Count: 1, Previous: one},
	)
	retired := func() bool {
		var k Contract
		b.Get(KindContract, "ce", &k)
		return k.Retired
	}
	b.refused("nothing", &ContractRetire{Board: "us-il", Contract: "ce", Count: 2, Previous: one})
	if retired() {
		t.Error("one of two boards ended it")
	}
	b.must(&ContractLeave{Board: "us-ia", Contract: "ce", Count: 1, Previous: one})
	if !retired() {
		t.Error("all boards that are left want it to end")
	}
	b.refused("retired", &ContractJoin{Board: "us-ia", Contract: "ce", Count: 2, Version: 1, Hash: one, Role: "board"})
	b.refused("retired", &ContractSupersede{Board: "us-il", Contract: "ce", Count: 2, Version: 2, Hash: b.hash("x"), Previous: one, Role: "board", Texts: []Hash{b.hash("m")}})
	b.refused("retired", &ContractAmendParams{Board: "us-il", Contract: "ce", Count: 2, Version: 1, Amendment: 1, Hash: b.hash("x"), Previous: one, Texts: []Hash{b.hash("m")}})
	b.must(&ContractLeave{Board: "us-il", Contract: "ce", Count: 2, Previous: one})
	b.refused("contract-exists", &ContractAdopt{Board: "us-il", Contract: "ce", Count: 3, Version: 1, Hash: one, Role: "board", Texts: []Hash{b.hash("m")}})
}

// Bounds keep both records, and the entry that writes them, small.
func TestContractBounds(t *testing.T) {
	b := newBook(t)
	var hs []Hash
	for i := range contractsMax {
		hs = append(hs, b.hash("one"))
		b.must(&ContractAdopt{Board: "us-il", Contract: fmt.Sprint("c", i), Count: int64(i), Version: 1, Hash: hs[i], Role: "board", Texts: []Hash{b.hash("m")}})
	}
	b.refused("too-much", &ContractAdopt{Board: "us-il", Contract: "more", Count: contractsMax, Version: 1, Hash: hs[0], Role: "board", Texts: []Hash{b.hash("m")}})
	many := make([]Hash, textsMax+1)
	for i := range many {
		many[i] = b.hash("text")
	}
	b.refused("too-much", &ContractAdopt{Board: "us-ia", Contract: "more", Version: 1, Hash: hs[0], Role: "board", Texts: many})
	for i := 1; i < editionsMax; i++ {
		h := b.hash("next")
		b.must(&ContractSupersede{Board: "us-il", Contract: "c0", Count: contractsMax + int64(i) - 1, Version: int64(i + 1), Hash: h, Previous: hs[0], Role: "board", Texts: []Hash{b.hash("m")}})
		hs[0] = h
	}
	b.refused("too-much", &ContractSupersede{Board: "us-il", Contract: "c0", Count: contractsMax + editionsMax - 1, Version: editionsMax + 1, Hash: hs[1], Previous: hs[0], Role: "board", Texts: []Hash{b.hash("m")}})
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
