package sim

import (
	"slices"
	"strings"

	"licet/internal/ledger"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A draft is what an honest clerk sees while writing the next block's acts: the
// newest state, and what the acts written so far will make of it. It is a
// license.View, so that acts can be tried before they are sent.
type draft struct {
	s    *ledger.State
	over map[[2]string][]byte
	now  license.Instant
}

// Height implements license.View: of the next block.
func (d *draft) Height() int64 { return d.s.Head.Height + 1 }

// Get implements license.View.
func (d *draft) Get(kind, id string, r any) bool {
	if v := d.over[[2]string{kind, id}]; v != nil {
		return strict.Decode(v, r, 1<<20) == nil
	}
	ok, err := d.s.Record(kind, id, r)
	return ok && err == nil
}

// Entries implements license.View; entries to come are not there yet.
func (d *draft) Entries(kind, id string) []license.Recorded {
	es, _ := d.s.Entries(kind, id)
	return es
}

// NotAfter implements license.View.
func (d *draft) NotAfter(header license.Hash) license.Instant {
	var h tx.Header
	if ps, _ := d.s.Payloads(header); len(ps) == 0 || strict.Decode(ps[0].Header, &h, tx.HeaderBytesMax) != nil {
		return ""
	}
	return h.NotAfter
}

// Now implements license.View.
func (d *draft) Now() license.Instant { return d.now }

// try decides an act on the draft and, when it is not refused, keeps what it does.
func (d *draft) try(a license.Act) bool {
	e, r := license.Decide(a, d)
	if r != nil {
		return false
	}
	d.over[[2]string{e.Kind, e.ID}] = strict.Encode(e.Record)
	for _, x := range e.Also {
		d.over[[2]string{x.Kind, x.ID}] = strict.Encode(x.Record)
	}
	return true
}

// enough finds signers who suffice for all the acts as the newest state sees them:
// few when few do.
func (g *game) enough(d *draft, acts []license.Act) (by []signer) {
	add := func(ss ...signer) {
		for _, s := range ss {
			if !slices.ContainsFunc(by, func(o signer) bool { return o.key == s.key }) {
				by = append(by, s)
			}
		}
	}
	for _, a := range acts {
		add(g.needed(d, a)...)
	}
	return by
}

func (g *game) needed(d *draft, a license.Act) (by []signer) {
	switch a := a.(type) {
	case *license.ClockAdvance, *license.RulesAdopt, *license.NetworkFound:
		return g.members(d)
	case *license.MemberSetAct:
		by = g.members(d)
		for _, m := range a.Members {
			by = append(by, signer{"member/" + m.ID, m.Root})
		}
		return by
	case *license.BoardCreate:
		return append(g.members(d), signer{"board/" + a.Board, a.Root})
	case *license.BoardClaim:
		return append(g.members(d), signer{"board/" + a.Board, a.Root})
	case *license.BoardSucceed:
		return []signer{g.root(d, a.Board), {"board/" + a.Board, a.Root}}
	}
	kind, id := a.Target()
	b := license.BoardOf(kind, id)
	sets := [][]signer{}
	officers := g.active(d, b)
	for i, o := range officers {
		sets = append(sets, []signer{o})
		for _, p := range officers[i+1:] {
			sets = append(sets, []signer{o, p})
		}
	}
	slices.SortStableFunc(sets, func(x, y []signer) int { return len(x) - len(y) })
	if strings.HasPrefix(a.Verb(), "officer.") || strings.HasPrefix(a.Verb(), "policy.") || kind == license.KindBoard {
		sets = append([][]signer{{g.root(d, b)}}, sets...)
	}
	sets = append(sets, []signer{g.root(d, b)})
	for _, set := range sets {
		var ss []license.Signer
		for _, s := range set {
			ss = append(ss, license.Signer{By: s.by, Key: s.key})
		}
		if license.Authorize(a, ss, d) == nil {
			return set
		}
	}
	return []signer{g.root(d, b)}
}

func (g *game) members(d *draft) (by []signer) {
	var set license.MemberSet
	d.Get(license.KindMembers, "set", &set)
	for _, m := range set.Members {
		by = append(by, signer{"member/" + m.ID, m.Root})
	}
	return by
}

func (g *game) root(d *draft, b string) signer {
	var r license.Board
	d.Get(license.KindBoard, b, &r)
	return signer{"board/" + b, r.Root}
}

// active are the board's officers who may sign now, in random order.
func (g *game) active(d *draft, b string) (by []signer) {
	for _, id := range g.officers[b] {
		var o license.Officer
		if d.Get(license.KindOfficer, id, &o) && o.At(d.Now()).Status == "" {
			o = o.At(d.Now())
			by = append(by, signer{"officer/" + id, o.Key})
		}
	}
	g.rng.Shuffle(len(by), func(i, j int) { by[i], by[j] = by[j], by[i] })
	return by
}
