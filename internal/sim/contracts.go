package sim

import (
	"licet/internal/contract"
	"licet/license"
)

// hasContracts says whether the next block can have contracts.
func (w *writer) hasContracts() bool {
	var n license.Network
	w.d.Get(license.KindNetwork, "network", &n)
	return n.RulesAt(w.d.Height()) > 1
}

// ask says whether the writer goes on about contracts: also, now and then, before there
// are any.
func (w *writer) ask() bool { return w.hasContracts() || w.rng.IntN(50) == 0 }

// carry lets those texts of a contract travel that the network lacks.
func (w *writer) carry(p contract.Parts) (hs []license.Hash) {
	for _, b := range [][]byte{p.Manifest, p.Source, p.Parameters} {
		h := license.HashOf(b)
		if !w.d.Get(license.KindOpening, h.String(), new(license.OpeningRecord)) {
			w.fresh = append(w.fresh, license.Opening{Kind: license.OpeningContract, Bytes: b})
			hs = append(hs, h)
		}
	}
	return hs
}

func (w *writer) share() contract.Share {
	return one(w.game, []contract.Share{{}, {Of: 1, Among: 1}, {Of: 2, Among: 3}, {Of: 51, Among: 100}})
}

// signedContracts is what the board has signed, and a row of it.
func (w *writer) signedContracts() (c license.Contracts, r license.ContractRow) {
	w.d.Get(license.KindContracts, w.board, &c)
	return c, one(w.game, c.Rows)
}

func (w *writer) contract(name string) (k license.Contract) {
	w.d.Get(license.KindContract, name, &k)
	return k
}

func (w *writer) adopt() license.Act {
	c, _ := w.signedContracts()
	if !w.ask() || len(c.Rows) > 6 {
		return nil
	}
	name := w.lawOf()
	s := w.share()
	p := version(name, 1, s, w.days())
	return &license.ContractAdopt{Board: w.board, Contract: name, Count: c.Count, Version: 1, Hash: contract.HashOf(p.Manifest), Role: "board", Of: s.Of, Among: s.Among, Texts: w.carry(p)}
}

func (w *writer) join() license.Act {
	c, _ := w.signedContracts()
	names := w.contracts
	if n := len(names); n > 6 {
		names = names[n-6:]
	}
	name := one(w.game, names)
	e := one(w.game, w.contract(name).Editions)
	if e.Version == 0 {
		return nil
	}
	return &license.ContractJoin{Board: w.board, Contract: name, Count: c.Count, Version: e.Version, Amendment: e.Amendment, Hash: e.Hash, Role: "board"}
}

// supersede takes up a version that another board has, or brings the next one.
func (w *writer) supersede() license.Act {
	c, r := w.signedContracts()
	if r.Contract == "" {
		return nil
	}
	k := w.contract(r.Contract)
	a := &license.ContractSupersede{Board: w.board, Contract: r.Contract, Count: c.Count, Previous: r.Hash, Role: "board"}
	newest := int64(0)
	for _, e := range k.Editions {
		newest = max(newest, e.Version)
		if e.Version > r.Version && len(e.Boards) > 0 {
			a.Version, a.Amendment, a.Hash, a.Of, a.Among = e.Version, e.Amendment, e.Hash, e.Of, e.Among
		}
	}
	if a.Version == 0 || w.rng.IntN(4) == 0 {
		s := w.share()
		p := version(r.Contract, newest+1, s, w.days())
		a.Version, a.Amendment, a.Hash, a.Of, a.Among, a.Texts = newest+1, 0, contract.HashOf(p.Manifest), s.Of, s.Among, w.carry(p)
	}
	return a
}

// amendParams signs an amendment that another board brought, or brings the next one.
func (w *writer) amendParams() license.Act {
	c, r := w.signedContracts()
	if r.Contract == "" {
		return nil
	}
	k := w.contract(r.Contract)
	a := &license.ContractAmendParams{Board: w.board, Contract: r.Contract, Count: c.Count, Version: r.Version, Previous: r.Hash}
	var newest int64
	var s contract.Share
	for _, e := range k.Editions {
		if e.Version != r.Version {
			continue
		}
		newest, s = max(newest, e.Amendment), contract.Share{Of: e.Of, Among: e.Among}
		if e.Amendment > r.Amendment && (a.Amendment == 0 || w.rng.IntN(3) == 0) {
			a.Amendment, a.Hash = e.Amendment, e.Hash
		}
	}
	if a.Amendment == 0 || w.rng.IntN(6) == 0 {
		p := version(r.Contract, r.Version, s, w.days())
		a.Amendment, a.Hash, a.Texts = newest+1, contract.HashOf(p.Manifest), w.carry(p)
	}
	return a
}

func (w *writer) retire() license.Act {
	c, r := w.signedContracts()
	if r.Contract == "" {
		return nil
	}
	return &license.ContractRetire{Board: w.board, Contract: r.Contract, Count: c.Count, Previous: r.Hash}
}

func (w *writer) leave() license.Act {
	c, r := w.signedContracts()
	if r.Contract == "" {
		return nil
	}
	return &license.ContractLeave{Board: w.board, Contract: r.Contract, Count: c.Count, Previous: r.Hash}
}
