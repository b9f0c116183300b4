package main

import (
	"fmt"
	"io/fs"
	"time"

	"licet/contracts"
	"licet/internal/contract"
	"licet/internal/pack"
	"licet/lex"
)

// What the rules of each shipped contract cost, beside stock Starlark on the same source
// and the same facts: each call that the contract's scenarios make, and loading its source
// from bytes to what can be called. What a rule reads was read once beforehand, and is
// handed to both; so the calls alone are measured, not the registry.

// A playedCall is a call that a scenario made, with the answers that it read, in order.
type playedCall struct {
	function string
	args     []lex.Value
	answers  []readAnswer
	effects  int
}

type readAnswer struct {
	value lex.Value
	cost  lex.Cost
}

// A tape hands out the answers again.
type tape struct {
	answers []readAnswer
	next    int
}

func (t *tape) read() readAnswer {
	t.next++
	return t.answers[t.next-1]
}

// A recorder asks the scenario's registry and keeps what it says.
type recorder struct {
	from    lex.Host
	answers []readAnswer
}

// vocabularies are the contracts' own, which keep answers, and hand them out.
func vocabularies() (keeps, plays *lex.Vocabulary) {
	v := contract.Vocabulary()
	keeps, plays = &lex.Vocabulary{Effects: v.Effects}, &lex.Vocabulary{Effects: v.Effects}
	for _, f := range v.Functions {
		kept, played := f, f
		kept.Call = func(h lex.Host, args []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
			r := h.(*recorder)
			value, cost, fault := f.Call(r.from, args)
			r.answers = append(r.answers, readAnswer{value, cost})
			return value, cost, fault
		}
		played.Call = func(h lex.Host, _ []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
			a := h.(*tape).read()
			return a.value, a.cost, nil
		}
		keeps.Functions, plays.Functions = append(keeps.Functions, kept), append(plays.Functions, played)
	}
	return keeps, plays
}

func checkedRules(source []byte, v *lex.Vocabulary) *lex.Program {
	p, problems := lex.Check("rules.star", source, v)
	if p == nil {
		panic(fmt.Sprint(problems))
	}
	return p
}

// callsOf plays a pack's scenarios and keeps their calls, but for those that fault.
func callsOf(p *pack.Pack, keeps *lex.Vocabulary) (calls []playedCall) {
	program := checkedRules(p.Source, keeps)
	for _, s := range p.Scenarios {
		p.Play(s, pack.Watch{Called: func(c lex.Call) {
			r := &recorder{from: c.Host}
			c.Host, c.Reached = r, nil
			if result := program.Call(c); result.Fault == nil {
				calls = append(calls, playedCall{c.Function, c.Args, r.answers, len(result.Effects)})
			}
		}})
	}
	return calls
}

func packCalls(b *bench) {
	keeps, plays := vocabularies()
	var warm, cold series
	for _, d := range must(fs.ReadDir(contracts.Files, ".")) {
		p := must(pack.Load(must(fs.Sub(contracts.Files, d.Name()))))
		calls := callsOf(p, keeps)
		if len(calls) == 0 {
			panic(d.Name() + " has no scenario that calls a rule")
		}
		stock := newStock(p.Source, calls)
		program := checkedRules(p.Source, plays)
		fmt.Printf("  %s: %d calls of its scenarios\n", d.Name(), len(calls))
		warm = append(warm, b.besideStock("a warm call", "≤ 1", len(calls), func() { replay(program, calls) }, stock.replay))
		cold = append(cold, b.besideStock("a load", "≤ 0.33", 1, func() { checkedRules(p.Source, plays) }, func() { stock.load(p.Source) }))
	}
	row("warm calls, medians of the packs, in stock Starlark's time", warm, "", "≤ 1")
	row("loads, medians of the packs, in stock Starlark's time", cold, "", "≤ 0.33")
}

func replay(p *lex.Program, calls []playedCall) {
	for i := range calls {
		c := &calls[i]
		r := p.Call(lex.Call{Function: c.function, Args: c.args, Host: &tape{answers: c.answers}})
		if r.Fault != nil || len(r.Effects) != c.effects {
			panic(fmt.Sprint(c.function, " ends differently: ", r.Fault))
		}
	}
}

// besideStock measures both in turn, and returns the median of their ratios.
func (b *bench) besideStock(what, goal string, each int, ours, theirs func()) float64 {
	var x, y series
	for range b.runs {
		x, y = append(x, b.microseconds(each, ours)), append(y, b.microseconds(each, theirs))
	}
	row("  "+what, x, "µs", "")
	row("  "+what+", stock Starlark", y, "µs", "")
	row("  "+what+", in stock Starlark's time", x.over(y), "", goal)
	return x.over(y).median()
}

// microseconds repeats a round of so many calls for a while, and returns what one took.
func (b *bench) microseconds(calls int, round func()) float64 {
	least, rounds := size(b, 300*time.Millisecond, 30*time.Millisecond), 0
	began := time.Now()
	for time.Since(began) < least {
		round()
		rounds++
	}
	return float64(time.Since(began).Nanoseconds()) / 1000 / float64(rounds*calls)
}
