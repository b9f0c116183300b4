package ledger

import (
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// claimed: boards of source import that somebody else passes on, or passes on again.
// The forgers of these stories may hold some members' root keys too.
func claimedStories() []forgedStory {
	all := []string{"root of il", "root of ia", "root of wi", "root of mn"}
	story := func(name, want string, do func(f *forger, s *scene)) forgedStory {
		return forgedStory{name: "claimed: " + name, id: copied, want: want, do: do}
	}
	return []forgedStory{
		story("as it should be", "assert+ inactivate+", func(f *forger, s *scene) {
			f.append(f.claimed(byRealRoot(s.claim(all...)), "us-xx"))
			f.append(f.rested(byRealRoot(s.rest(1))))
		}),
		story("without members", "assert+ inactivate?", func(f *forger, s *scene) {
			f.append(f.claimed(byRealRoot(s.claim()), "us-xx"))
			f.append(f.rested(byRealRoot(s.rest(1))))
		}),
		story("by two members who are no quorum", "assert+ inactivate?", func(f *forger, s *scene) {
			f.append(f.claimed(byRealRoot(s.claim("root of il", "root of wi")), "us-xx"))
			f.append(f.rested(byRealRoot(s.rest(1))))
		}),
		story("without the real root", "assert+ inactivate?", func(f *forger, s *scene) {
			f.append(f.claimed(s.claim(all...), "us-xx"))
			f.append(f.rested(byRealRoot(s.rest(1))))
		}),
		story("for a root that the payload does not name", "assert+ inactivate?", func(f *forger, s *scene) {
			e := f.claimed(byRealRoot(s.claim(all...)), "us-xx")
			var b license.Board
			f.read(e, &b)
			b.Root = spec("evil 0")
			f.append(e.body(&b))
			p := s.rest(1)
			p.Sign(signAs("board/us-xx", "evil 0", p.HeaderBytes))
			f.append(f.rested(p))
		}),
		story("by members whom the network made", "assert+ inactivate?", func(f *forger, s *scene) {
			evil := license.MemberSet{Set: 1, Members: worldMembers()}
			for i := range evil.Members {
				evil.Members[i].Root = spec("evil " + evil.Members[i].ID)
			}
			f.append(invent("member.set", license.KindMembers, "set").body(&evil))
			p := byRealRoot(s.claim())
			for _, m := range evil.Members {
				p.Sign(signAs("member/"+m.ID, "evil "+m.ID, p.HeaderBytes))
			}
			f.append(f.claimed(p, "us-xx"))
			f.append(f.rested(byRealRoot(s.rest(1))))
		}),
		story("by a claim of another board", "assert+ inactivate?", func(f *forger, s *scene) {
			a := &license.BoardClaim{Board: "us-yy", Count: 1, Old: spec("root of wi"), Root: spec(realRoot), Member: "mn"}
			p := s.payload(true, []license.Act{a}, nil, all...)
			p.Sign(signAs("board/us-yy", realRoot, p.HeaderBytes))
			f.append(f.claimed(p, "us-xx"))
			f.append(f.rested(byRealRoot(s.rest(1))))
		}),
		// The claim once more, when the board has another root since: whoever stole the
		// retired one gains nothing.
		story("a second time", "assert+ inactivate+ reactivate?", func(f *forger, s *scene) {
			claim := byRealRoot(s.claim(all...))
			f.append(f.claimed(claim, "us-xx"))
			f.append(f.rested(byRealRoot(s.rest(1))))
			f.append(f.succeeded(s, "next root of us-xx"))
			f.append(f.claimed(claim, "us-xx"))
			p := byRealRoot(s.payload(true, []license.Act{&license.LicenseReactivate{License: copied, Count: 2, From: "2026-01-11"}}, nil))
			e := f.record(p, 0, license.Change{Do: license.DoLifecycle, Status: license.LifecycleActive, From: "2026-01-11"})
			e.Effective = "2026-01-11"
			f.append(e)
		}),
		{name: "claimed: a board with a root of its own", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			f.append(f.seized(s, all, ""))
			f.append(s.weakened(f))
			f.append(f.disciplined(s.spare["clerk alone"]))
		}},
		{name: "claimed: a board with a root of its own, which the network calls copied", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			var b license.Board
			f.read(f.entry("board.create", 0), &b)
			b.Source, b.Count = license.SourceImport, 2
			f.append(invent("board.amend", license.KindBoard, "us-il").body(&b))
			f.append(f.seized(s, all, license.SourceImport))
			f.append(s.weakened(f))
			f.append(f.disciplined(s.spare["clerk alone"]))
		}},
	}
}

func (f *forger) read(e *forgedEntry, into *license.Board) {
	f.t.Helper()
	if err := strict.Decode(e.Body, into, recordBytesMax); err != nil {
		f.t.Fatal(err)
	}
}

// claimed is the entry of a claim, as the state machine would write it.
func (f *forger) claimed(p *tx.Transaction, board string) *forgedEntry {
	a := p.Acts[0].(*license.BoardClaim)
	var b license.Board
	for _, fb := range f.blocks {
		for _, e := range fb.entries {
			if e.Kind == license.KindBoard && e.ID == board {
				f.read(e, &b)
			}
		}
	}
	b.Source, b.Root, b.Member, b.Count = "", a.Root, a.Member, b.Count+1
	if a.Name != "" {
		b.Name = a.Name
	}
	e := f.record(p, 0).body(&b)
	e.ID = board
	return e
}

// rest puts the copied license to rest.
func (s *scene) rest(count int64) *tx.Transaction {
	return s.payload(true, []license.Act{&license.LicenseInactivate{License: copied, Count: count, From: "2026-01-10"}}, nil)
}

func (f *forger) rested(p *tx.Transaction) *forgedEntry {
	return f.record(p, 0, license.Change{Do: license.DoLifecycle, Status: license.LifecycleInactive, From: "2026-01-10"})
}

// succeeded is the entry of a true succession of the claimed board's root.
func (f *forger) succeeded(s *scene, next string) *forgedEntry {
	p := byRealRoot(s.payload(true, []license.Act{&license.BoardSucceed{Board: "us-xx", Count: 2, Old: spec(realRoot), Root: spec(next)}}, nil))
	p.Sign(signAs("board/us-xx", next, p.HeaderBytes))
	var b license.Board
	f.read(f.entry("board.claim", 0), &b)
	b.Root, b.Count = spec(next), 3
	return f.record(p, 0).body(&b)
}

// seized is the entry of a claim by which members take a board that never was theirs.
func (f *forger) seized(s *scene, members []string, source string) *forgedEntry {
	var b license.Board
	f.read(f.entry("board.create", 0), &b)
	a := &license.BoardClaim{Board: "us-il", Count: 1, Old: b.Root, Root: spec("evil 0"), Member: "il"}
	if source != "" {
		a.Count = 2
	}
	p := s.payload(true, []license.Act{a}, nil, members...)
	p.Sign(signAs("board/us-il", "evil 0", p.HeaderBytes))
	return f.claimed(p, "us-il")
}

// weakened is a policy set by the forger's root.
func (s *scene) weakened(f *forger) *forgedEntry {
	p := s.payload(true, []license.Act{&license.PolicySet{Board: "us-il", Count: 1, Rules: []license.Rule{{Acts: []string{"license.*"}, From: []string{"clerk"}, Signers: 1}}}}, nil)
	p.Sign(signAs("board/us-il", "evil 0", p.HeaderBytes))
	return f.record(p, 0).body(&license.Policy{Rules: p.Acts[0].(*license.PolicySet).Rules, Count: 2})
}
