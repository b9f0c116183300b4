package ledger

import (
	"licet/internal/contract"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// FlowContract is a contract that does all that contracts can, and one thing that they cannot: it
// tells a code that its manifest has not.
func FlowContract() contract.Parts {
	fn := func(name string) contract.Function {
		return contract.Function{Name: name, Citation: "Act 1", Words: "A rule."}
	}
	return contract.Seal(contract.Manifest{
		V: 1, Name: "flow", Version: 1, Title: "A flow", Language: contract.Language,
		Roles: []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse"}}},
		Hooks: []contract.Hook{
			{Kind: contract.On, Answers: []string{"license.inactivate"}, Function: "acts"},
			{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
			{Kind: contract.OnTimer, Answers: []string{"later"}, Function: "later"},
		},
		Functions: []contract.Function{fn("acts"), fn("later"), fn("ends")},
		Codes:     []contract.Code{{Code: "told", Words: "Somebody is told."}},
	}, contract.Parameters{}, []byte(`def acts(ctx, act):
    l = act.license
    return [
        impose(l, "flow", "conditions", "probation", ctx.today, ctx.today + 30),
        set_timer(l, "later", ctx.today + 10),
        set_timer(l, "never", ctx.today + 400),
        notify(l, "told"),
    ]

def later(ctx, day):
    l = day.license
    return [
        lift(l, "flow", ctx.today),
        set_lifecycle(l, "canceled", ctx.today + 300),
        set_term(l, ctx.today + 200, ctx.today + 250),
        set_term(l, ctx.today + 200, ctx.today + 260),
        clear_timer(l, "never"),
        set_timer(l, "still", ctx.today + 400),
    ]

def ends(ctx, day):
    return [notify(day.license, "no-such-code")]
`))
}

// effects proves a license for which a contract did all that contracts can, and held what
// it could not.
func (b *bundleBook) effects(ask asker) {
	w := newWorld(b.t)
	w.act(nil, []string{"root of il", "root of ia"}, &license.RulesAdopt{Count: 1, Rules: 2, Height: w.Head().Height + 3})
	w.block()
	p := FlowContract()
	adopt, texts := adoptFlow(p)
	w.act(texts, []string{"root us-il"}, adopt)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-01-30")
	w.act(nil, []string{"clerk"}, &license.LicenseInactivate{License: nurse, Count: 1, From: "2026-01-11"})
	all := func(name string, v *proof.Verdict, pending bool) {
		b.t.Helper()
		for _, e := range v.Entries {
			want := proof.CarriedSigned
			if !e.Signed() {
				want = proof.CarriedContract
			}
			if e.Carried != want {
				b.t.Errorf("%s, entry %d (%s): %s, %s", name, e.Index, e.Act, e.Carried, e.Why)
			}
		}
		if v.Pending != pending {
			b.t.Errorf("%s: pending is %v", name, v.Pending)
		}
	}
	const order = "a contract's order"
	all(order, ask(w, order, true, nurse, proof.Question{On: "2026-01-12"}), false)
	ask(w, order+", standing", false, nurse, proof.Question{On: "2026-01-12"})
	w.clock = w.clock.AddDate(0, 0, 12)
	w.block()
	all("a timer", ask(w, "what a contract did when its timer came", true, nurse, proof.Question{}), false)
	w.clock = w.clock.AddDate(0, 0, 12)
	w.block()
	const held = "a contract's rule that faulted is held"
	all(held, ask(w, held, true, nurse, proof.Question{}), true)
	if v := ask(w, held+", standing", false, nurse, proof.Question{}); !v.Pending {
		b.t.Error("a standing bundle does not say that a rule waits")
	}
	var f license.Fault
	b.read(w, license.KindFault, "flow/us-il", &f)
	w.act(nil, []string{"root us-il"}, &license.ContractRetry{Board: "us-il", Contract: "flow", Count: 1, Call: f.Call})
	w.block()
	all("a call asked for again", ask(w, "a call that the board asked for again", true, nurse, proof.Question{}), true)
	contracts := b.add("the contracts of a board that asked for a call again", w.bundle(true, license.KindContracts, "us-il"), w.trust(), proof.Question{})
	all("contracts", contracts, false)
	b.add("a fault, which the network tells", w.bundle(true, license.KindFault, "flow/us-il"), w.trust(), proof.Question{})
}

// turned proves a license whose board sets its clocks forward into a day, and back into
// one: the first leaves the calls of the day that came late, the second none.
func (b *bundleBook) turned(ask asker) {
	w := newWorld(b.t)
	w.act(nil, []string{"root of il", "root of ia"}, &license.RulesAdopt{Count: 1, Rules: 2, Height: w.Head().Height + 3})
	w.block()
	adopt, texts := adoptFlow(FlowContract())
	w.act(texts, []string{"root us-il"}, adopt)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-01-30")
	clocks := func(count, minutes int64) license.Board {
		w.act(nil, []string{"root us-il"}, &license.BoardCalendar{Board: "us-il", Count: count, Rows: []license.OffsetRow{{From: "2007-01-01T06:00:00Z", Minutes: minutes}}})
		var is license.Board
		b.read(w, license.KindBoard, "us-il", &is)
		return is
	}
	check := func(name string, history bool, pending bool) {
		b.t.Helper()
		if v := ask(w, name, history, nurse, proof.Question{}); v.Pending != pending {
			b.t.Errorf("%s: pending is %v", name, v.Pending)
		}
	}
	today := (&license.Calendar{Rows: license.CentralTime()}).Day(license.InstantOf(w.clock))
	if is := clocks(1, 14*60); is.Days == nil || is.Days.Day != today.Add(1) {
		b.t.Fatalf("%+v after %s", is.Days, today)
	}
	check("a day came by another calendar, and its calls are late", true, true)
	check("a day came by another calendar, standing", false, true)
	w.block()
	check("a day that came by another calendar, when its calls are made", true, false)
	if is := clocks(2, -14*60); is.Days == nil || is.Days.Day != today.Add(2) {
		b.t.Fatalf("%+v after %s", is.Days, today)
	}
	check("a day that comes once more by another calendar", true, false)
	check("a day that comes once more by another calendar, standing", false, false)
	v := b.add("the board whose next day is not the one after today", w.bundle(true, license.KindBoard, "us-il"), w.trust(), proof.Question{})
	for _, e := range v.Entries {
		if e.Carried == proof.CarriedRecorded {
			b.t.Errorf("entry %d (%s): %s", e.Index, e.Act, e.Why)
		}
	}
}

func (b *bundleBook) read(w *world, kind, id string, r any) {
	b.t.Helper()
	s, err := w.State()
	if err != nil {
		b.t.Fatal(err)
	}
	defer s.Release()
	if _, err := s.Record(kind, id, r); err != nil {
		b.t.Fatal(err)
	}
}

func adoptFlow(p contract.Parts) (*license.ContractAdopt, []license.Opening) {
	texts := [][]byte{p.Manifest, p.Source}
	var os []license.Opening
	for _, t := range texts {
		os = append(os, license.Opening{Kind: license.OpeningContract, Bytes: t})
	}
	return &license.ContractAdopt{Board: "us-il", Contract: "flow", Version: 1, Hash: contract.HashOf(p.Manifest), Role: "board", Texts: commitments(texts)}, os
}

// ran: what members invent of contracts.
func ranStories() (out []forgedStory) {
	flow := contract.HashOf(FlowContract().Manifest)
	effect := func(verb string, c license.Change) *forgedEntry {
		e := invent(verb, license.KindLicense, nurse, c)
		e.Effective = c.From
		e.Cause = &license.Cause{Contract: "flow", Version: 1, Hash: flow, Function: "acts", Line: 4, Citation: "Act 1"}
		return e
	}
	impose := func(s *scene) *forgedEntry {
		return effect("contract.impose", license.Change{
			Do: license.DoOrder, Order: s.id(), Authority: license.AuthorityBarred, From: "2026-01-10", Action: "suspension", Contract: "flow",
		})
	}
	after := func(name, want string, make func(f *forger, s *scene)) {
		out = append(out, forgedStory{name: name, want: theHonest + " " + want, do: func(f *forger, s *scene) {
			f.append(f.adopted(s))
			make(f, s)
		}})
	}
	out = append(out, forgedStory{name: "an effect of a contract that the board never signed", want: theHonest + " impose?", do: func(f *forger, s *scene) {
		f.append(impose(s))
	}}, forgedStory{name: "an effect before the board signed the contract", want: theHonest + " impose?", do: func(f *forger, s *scene) {
		f.append(impose(s))
		f.append(f.adopted(s))
	}}, forgedStory{name: "an effect of a contract that the network put into the board's record", want: theHonest + " impose?", do: func(f *forger, s *scene) {
		e := f.append(f.adopted(s))
		e.Cause = nil
		f.append(impose(s))
	}})
	after("an effect of a contract that the board signed, which no rule makes", "impose+", func(f *forger, s *scene) { f.append(impose(s)) })
	after("an effect of another edition", "impose?", func(f *forger, s *scene) {
		f.append(impose(s)).Cause.Hash = license.HashOf(nil)
	})
	after("an effect of another version", "impose?", func(f *forger, s *scene) { f.append(impose(s)).Cause.Version = 2 })
	after("an effect in the name of a signed payload", "impose?", func(f *forger, s *scene) {
		c := f.entry("license.lift", 0).Cause
		e := f.append(impose(s))
		e.Cause.Header, e.Cause.Signatures = c.Header, c.Signatures
	})
	after("a contract lifts the board's order", "lift?", func(f *forger, s *scene) {
		f.append(effect("contract.lift", license.Change{Do: license.DoLift, Order: s.orders[0], From: "2026-01-20"}))
	})
	after("a contract revises the board's order", "impose?", func(f *forger, s *scene) { f.append(impose(s)).Changes[0].Order = s.orders[0] })
	after("a contract's order in the board's name", "impose?", func(f *forger, s *scene) {
		e := f.append(impose(s))
		e.Changes[0].Action, e.Changes[0].Contract = "", ""
	})
	after("a contract takes an entry back", "impose?", func(f *forger, s *scene) {
		f.append(impose(s)).Voids = []license.Hash{f.entry("license.discipline", 0).was}
	})
	after("a contract does what its verb does not say", "set_term?", func(f *forger, s *scene) { f.append(impose(s)).Act = "contract.set_term" })
	after("a call ends that never waited", "called?", func(f *forger, _ *scene) {
		e := f.append(effect("contract.called", license.Change{Do: license.DoRan}))
		e.Effective, e.Also = "2026-01-10", []license.Write{{Kind: license.KindCall, ID: "0000000009.000001"}}
	})
	days := func(name, want string, bend func(b *license.Board)) {
		out = append(out, forgedStory{name: name, want: theHonest + " " + want, do: func(f *forger, s *scene) {
			var b license.Board
			(&bundleBook{t: s.t}).read(s.world, license.KindBoard, "us-il", &b)
			b.Days, b.Last = &license.DayCalls{Day: "2026-01-10"}, license.Hash{}
			bend(&b)
			f.append(invent(license.ContractDays, license.KindBoard, "us-il").body(&b))
			f.append(f.renewed(s.spare["renewal"]))
		}})
	}
	days("a day's calls wait, and signatures count on", "renew+", func(*license.Board) {})
	days("a board is renamed where a day's calls wait", "renew?", func(b *license.Board) { b.Name = "Nobody" })
	return out
}

// adopted makes the entry of a contract that Illinois' root adopts.
func (f *forger) adopted(s *scene) *forgedEntry {
	a, texts := adoptFlow(FlowContract())
	p := s.payload(true, []license.Act{a}, texts, "root us-il")
	e := f.record(p, 0).body(&license.Contracts{Rows: []license.ContractRow{{Contract: "flow", Version: 1, Hash: a.Hash, Role: "board"}}, Count: 1})
	e.Also = []license.Write{{Kind: license.KindContract, ID: "flow", Value: strict.Raw(`{"retired":true}`)}}
	for _, h := range a.Texts {
		e.Also = append(e.Also, license.Write{Kind: license.KindOpening, ID: h.String(), Value: strict.Raw(`{"kind":"contract","who":"public"}`)})
	}
	return e
}
