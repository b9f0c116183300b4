package ledger_test

import (
	"strings"
	"testing"
	"time"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
)

func adopt(r *ledgertest.Registry, count, rules, height int64) ledger.Outcome {
	return r.Block(r.Sign(true, []license.Act{&license.RulesAdopt{Count: count, Rules: rules, Height: height}}, nil, "member"))[0]
}

// lastEnd is the newest block entry's number of rules.
func lastEnd(t *testing.T, l *ledger.Ledger) int64 {
	t.Helper()
	s, err := l.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	es, err := s.EntriesRange(s.Head.Size-1, 1)
	if err != nil {
		t.Fatal(err)
	}
	return (&furnished{t: t}).entryOf(es[0]).End.Rules
}

// Rules that were adopted decide from their height on, whether blocks before it are
// empty or not, and nobody puts off those of the next block.
func TestRulesChangeAtTheirHeight(t *testing.T) {
	r := ledgertest.New(t)
	if o := adopt(r, 1, 2, 6); o.Code != "" {
		t.Fatal(o.Refusal())
	}
	if o := adopt(r, 2, 2, 5); o.Code != "" || r.Head().Rules != 1 { // moved, while there is time
		t.Fatal(o.Refusal(), r.Head().Rules)
	}
	policy := func() []byte {
		return r.Sign(true, []license.Act{&license.PolicySet{Board: "us-il", Count: 1, Rules: []license.Rule{{Acts: []string{"rules.*", "license.*"}, From: []string{"clerk"}, Signers: 1}}}}, nil, "root")
	}
	if o := r.Block(policy())[0]; o.Code != "rule" {
		t.Errorf("block 3 knows of rules 2: %q", o.Code)
	}
	if o := adopt(r, 3, 2, 9); o.Code != "malformed" || !strings.Contains(o.Sentence, "nobody puts off") || r.Head().Rules != 2 {
		t.Errorf("%+v, rules %d", o, r.Head().Rules)
	}
	if o := r.Block(policy())[0]; o.Code != "" || r.Head().Height != 5 || lastEnd(t, r.Ledger) != 2 {
		t.Errorf("block %d: %v", r.Head().Height, o.Refusal())
	}
	ledger.CheckWhole(t, r.Ledger)
}

// A program without the rules of a block stops before it, and nothing is changed.
func TestProgramWithoutTheRules(t *testing.T) {
	r := ledgertest.NewUnder(t, license.RulesNewest)
	if o := adopt(r, 1, license.RulesNewest+1, 3); o.Code != "" || lastEnd(t, r.Ledger) != license.RulesNewest {
		t.Fatal(o.Refusal())
	}
	r.Block()
	before := r.Head()
	_, _, _, err := r.Finalize(3, r.Clock.Add(time.Minute), nil)
	if err == nil || !strings.Contains(err.Error(), "block 3 is decided under rules 4") || !strings.Contains(err.Error(), "install a newer licet") {
		t.Error(err)
	}
	after := r.Head()
	if after.AppHash() != before.AppHash() || after.Height != 2 {
		t.Error("something was changed")
	}
}

// recoveryRefusals are those of recoveries, which rules 3 have.
func recoveryRefusals(t *testing.T) (codes []string) {
	for _, c := range []struct {
		code  string
		rules int64
		by    string
		bend  func(*license.OfficerRecover)
	}{
		{"malformed", 2, "root", func(*license.OfficerRecover) {}},
		{"", 3, "root", func(*license.OfficerRecover) {}},
		{"under-signed", 3, "director", func(*license.OfficerRecover) {}},
		{"wait", 3, "root", func(a *license.OfficerRecover) { a.From = a.From.AddSeconds(-2 * 86400) }},
		{"wait", 3, "root", func(a *license.OfficerRecover) { a.From = a.From.AddSeconds(90 * 86400) }},
		{"stale", 3, "root", func(a *license.OfficerRecover) { a.Count = 2 }},
		{"bad-id", 3, "root", func(a *license.OfficerRecover) { a.Officer, a.Count = "us-il/New", 0 }},
		{"unknown-board", 3, "root", func(a *license.OfficerRecover) { a.Officer, a.Count = "us-wi/clerk", 0 }},
		{"role", 3, "root", func(a *license.OfficerRecover) { a.Roles = []string{"clerk", "clerk"} }},
		{"bad-key", 3, "root", func(a *license.OfficerRecover) { a.Key = "ed25519:x" }},
	} {
		r := ledgertest.NewUnder(t, c.rules)
		a := &license.OfficerRecover{Officer: "us-il/clerk", Count: 1, From: license.InstantOf(r.Clock).AddSeconds(8 * 86400), Key: ledgertest.Spec("clerk again"), Roles: []string{"clerk"}}
		c.bend(a)
		if o := r.Block(r.Sign(true, []license.Act{a}, nil, c.by))[0]; o.Code != c.code {
			t.Errorf("%q under rules %d by %s: %v", c.code, c.rules, c.by, o.Refusal())
		}
		if c.code != "" {
			codes = append(codes, c.code)
		}
	}
	return codes
}

// rulesRefusals are those that a network under rules 2 meets.
func rulesRefusals(t *testing.T) (codes []string) {
	r := ledgertest.NewUnder(t, 2)
	for _, c := range []struct {
		code string
		act  license.RulesAdopt
	}{
		{"rules", license.RulesAdopt{Count: 1, Rules: 2, Height: 99}},
		{"rules", license.RulesAdopt{Count: 1, Rules: 4, Height: 99}},
		{"height", license.RulesAdopt{Count: 1, Rules: 3, Height: -1}},
		{"height", license.RulesAdopt{Count: 1, Rules: 3, Height: r.Head().Height + 5}}, // it is the fourth block
		{"stale", license.RulesAdopt{Count: 2, Rules: 3, Height: 99}},
	} {
		if o := r.Block(r.Sign(true, []license.Act{&c.act}, nil, "member"))[0]; o.Code != c.code {
			t.Errorf("%s: %v", c.code, o.Refusal())
		}
		codes = append(codes, c.code)
	}
	two := []license.Act{&license.RulesAdopt{Count: 1, Rules: 3, Height: 99}, &license.ClockAdvance{Seconds: 1}}
	if o := r.Block(r.Sign(false, two, nil, "member"))[0]; o.Code != "malformed" || len(o.Applied) > 0 {
		t.Errorf("beside another act: %+v", o)
	}
	return codes
}
