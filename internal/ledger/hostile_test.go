package ledger_test

import (
	"bytes"
	"fmt"
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

// What contracts write takes room as what they compute does: a block with acts writes few
// entries more than the steps that it has room for, whatever days and timers bring. Nothing
// is lost by it, and nothing is made twice.
func TestEntriesTakeRoom(t *testing.T) {
	const licenses, timers, most = 12, 200, 1_000 + 256 + 20
	a := newAdopter(t)
	a.bring(rule("flood", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    return [set_timer(day.license, text(i), ctx.today + 1) for i in range(200)]\n"), "board")
	for i := range licenses {
		a.issue("clerk", fmt.Sprintf("us-il.nurse.041%06d", i), "examination", "2026-03-31")
	}
	var b license.Board
	writes := func() {
		t.Helper()
		for i := 0; ; i++ {
			size := a.Head().Size
			a.issue("clerk", fmt.Sprintf("us-il.nurse.0419%02d%03d", a.Head().Height%100, i), "examination", "2027-03-31")
			if grew := a.Head().Size - size; grew > most {
				t.Errorf("a block with acts writes %d entries", grew)
			}
			b = license.Board{}
			if a.record(license.KindBoard, "us-il", &b); b.Days == nil {
				if i == 0 {
					t.Error("all of it found room in one block")
				}
				return
			}
		}
	}
	begin := a.Head().Size
	a.Clock = license.Instant("2026-04-01T18:00:00Z").Time()
	writes()
	a.Clock = license.Instant("2026-04-02T18:00:00Z").Time()
	writes()
	s, err := a.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	if ids, err := s.IDs(license.KindTimer, "", 10); err != nil || len(ids) != 0 {
		t.Errorf("%d timers are left, %v", len(ids), err)
	}
	set := 0
	for i := begin; i < a.Head().Size; i++ {
		raw, err := s.EntryBytes(i)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte(`"act":"contract.timer"`)) {
			set++
		}
	}
	if set != 2*licenses*timers {
		t.Errorf("%d entries set and removed %d timers", set, licenses*timers)
	}
	ledger.CheckWhole(t, a.Ledger)
}
