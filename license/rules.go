package license

import "strings"

// RulesNewest is the newest edition of the state machine that this program has, and
// RulesFirst the oldest.
const (
	RulesFirst  = 1
	RulesNewest = 3
)

// RulesFounding is the edition with which new networks are founded: the newest that
// is complete.
const RulesFounding = 2

// A NextRules says from which height on other rules decide.
type NextRules struct {
	Rules  int64 `json:"rules,required"`
	Height int64 `json:"height,required"`
}

// RulesAt returns the rules that decide a height, by the record as it stands after
// the block before. An act of the block itself makes no difference: it names a later
// height.
func (n *Network) RulesAt(height int64) int64 {
	if n.Next != nil && height >= n.Next.Height {
		return n.Next.Rules
	}
	return n.Rules
}

// Since returns the oldest rules that have the verb. rules.adopt itself is decided
// under the first already, else nobody could leave them.
func Since(verb string) int64 {
	if verb == "officer.recover" {
		return 3
	}
	if strings.HasPrefix(verb, "contract.") || strings.HasPrefix(verb, "privilege.") {
		return 2
	}
	return 1
}

// rulesNow returns the rules that decide the block at hand.
func rulesNow(v View) int64 {
	var n Network
	v.Get(KindNetwork, "network", &n)
	return n.RulesAt(v.Height())
}

func (a *RulesAdopt) decide(v View) (*Effect, *Refusal) {
	var n Network
	v.Get(KindNetwork, "network", &n)
	height, now := v.Height(), n.RulesAt(v.Height())
	if r := stale("record of the network", n.Count, a.Count); r != nil {
		return nil, r
	}
	switch {
	case a.Rules != now+1:
		return nil, refuse("rules", specActs, "The network runs under rules %d; the next ones are %d, not %d.", now, now+1, a.Rules)
	case a.Height < height+2 || n.Next != nil && n.Next.Height == height+1:
		return nil, refuse("height", specActs, "This is block %d: other rules decide from block %d on at the earliest, and nobody puts off those of the next block.", height, height+2)
	}
	n.Rules, n.Next = now, &NextRules{a.Rules, a.Height}
	n.Count++
	n.Last = Hash{}
	return &Effect{Record: &n}, nil
}
