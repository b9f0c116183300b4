package main

import (
	"fmt"
	"os"
	"time"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/pack"
	"licet/internal/rehearse"
	"licet/tx"
)

// What a simulation costs besides the contract's own runs: reading the log, both folds of
// each license, links, facts, days. Licenses are issued and renewed until there are
// 100,000 triggers; the shipped contract for registered nurses answers each of them.
// Its own time is what its runs take, one after the other; the log is read on all cores.

// ownTime adds up what the contract's runs take.
type ownTime struct {
	began time.Time
	all   time.Duration
}

func (o *ownTime) ran(begins bool) {
	if begins {
		o.began = time.Now()
	} else {
		o.all += time.Since(o.began)
	}
}

func simulations(b *bench) {
	l := ledgerToSimulate(b, size(b, 100_000, 10_000))
	defer func() { check(l.Close()) }()
	simulate(b, l, "registered nurses", nurses(), "≤ 3")
	simulate(b, l, "one rule of one line", oneLine(), "")
}

func simulate(b *bench, l *ledger.Ledger, what string, p *contract.Package, goal string) {
	var ratio, each, own series
	var triggers int64
	for range b.runs {
		s := must(l.State())
		var o ownTime
		r := rehearse.Rehearsal{Pack: p, From: "2026-01-01", To: "2026-12-31", Ran: o.ran}
		check(rehearse.Over(s, p.Manifest.Name, &r))
		began := time.Now()
		out, _, err := rehearse.Run(r)
		check(err)
		took := time.Since(began)
		s.Release()
		triggers = out.Triggers
		ratio = append(ratio, took.Seconds()/o.all.Seconds())
		each = append(each, float64(took.Microseconds())/float64(triggers))
		own = append(own, float64(o.all.Microseconds())/float64(out.Calls))
	}
	fmt.Printf("  %s: %d triggers\n", what, triggers)
	row("a trigger, with all that is read", each, "µs", "")
	row("a run of the contract", own, "µs", "")
	row("the simulation in the contract's own time", ratio, "", goal)
}

// ledgerToSimulate records so many acts that the contract answers.
func ledgerToSimulate(b *bench, acts int) *ledger.Ledger {
	const each = 500
	l := founded(b.store("simulate"), ledger.Options{Verify: func(tx.Signature, []byte) error { return nil }})
	say := b.progress("acts recorded", acts)
	h := l.Head()
	subjects := make([]*subject, acts/2)
	for i := 0; i < acts/2; i += each {
		say(i)
		block(l, issuance(h.Origin, h.Time, i, each))
		for j := i; j < i+each; j++ {
			subjects[j] = &subject{id: licenseID(j)}
		}
	}
	for i := 0; i < acts/2; i += each {
		say(acts/2 + i)
		block(l, payload(h.Origin, h.Time, subjects[i:i+each]))
	}
	return l
}

// nurses is the shipped contract for registered nurses, for the bench's profession. It is asked
// before issues and renewals.
func nurses() *contract.Package {
	p := must(pack.Load(os.DirFS("../contracts/us-il-rn")))
	m := p.Manifest
	m.Scenarios = nil
	for i := range m.Roles {
		m.Roles[i].Professions = []string{"nurse"}
	}
	return must(contract.Parse(contract.Seal(m, p.Parameters, p.Source)))
}

// oneLine is the least that a contract can be: what its simulation costs is reading.
func oneLine() *contract.Package {
	m := nurses().Manifest
	m.Name, m.Codes, m.Openings = "one-line", nil, nil
	m.Hooks = []contract.Hook{{Kind: contract.On, Answers: []string{"license.issue", "license.renew"}, Function: "nothing"}}
	m.Functions = []contract.Function{{Name: "nothing", Citation: "None", Words: "Nothing is done."}}
	return must(contract.Parse(contract.Seal(m, contract.Parameters{}, []byte("def nothing(ctx, act):\n    return []\n"))))
}
