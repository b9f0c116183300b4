package proof

import (
	"bytes"
	"slices"
	"strings"

	"licet/license"
	"licet/strict"
)

// Entries that a contract's rule made are signed by nobody. What stands behind them is
// judged here: that the board signed the contract, and that the entry does no more than
// any rule may. That the rule says so is not shown: a bundle has no texts of contracts.

// automatic says why an entry without a signed act does not follow from a contract that
// the board signed, or "".
func (h *histories) automatic(e *license.Recorded) string {
	if e.Cause == nil {
		return h.dayCalls(e)
	}
	c := e.Cause
	past := &past{h: h, at: e.Index, now: e.Time, height: e.Block}
	if e.Kind != license.KindLicense || c.Header != (license.Hash{}) || c.Signatures != (license.Hash{}) || c.Act != 0 {
		return "the network tells it of a contract, and no board signs it"
	}
	eff, named, r := past.intended(e)
	switch {
	case r != nil:
		return "no contract may do this: " + r.Error()
	case eff == nil:
		return "no contract does this"
	case named == anyEdition && !past.adopted(e) || named == theEdition && !past.ran(e):
		return "the board had not signed this edition of contract " + c.Contract
	case past.missing != "":
		return "the bundle lacks " + past.missing
	}
	if eff.Kind, eff.ID = e.Kind, e.ID; eff.Effective == "" {
		eff.Effective = license.Today(past, license.BoardOf(e.Kind, e.ID))
	}
	if !says(e, eff) || past.missing != "" {
		return "the entry says something else than a contract may do"
	}
	return ""
}

// Which edition the board must have signed for an entry.
const (
	theEdition = iota // the one that the entry names
	anyEdition        // any of the contract: another board's may run
	noEdition         // none any more: something of before ends
)

// intended does again what the entry says that a contract did; nil: nothing does it.
func (p *past) intended(e *license.Recorded) (eff *license.Effect, edition int, r *license.Refusal) {
	if len(e.Changes) == 1 && license.VerbOf(e.Changes[0].Do) == e.Act && e.Act != "" {
		eff, r = license.Automatic(p, e.Cause.Contract, e.ID, e.Changes[0])
		return eff, theEdition, r
	}
	if len(e.Also) != 1 {
		return nil, 0, nil
	}
	w := &e.Also[0]
	switch {
	case e.Act == license.ContractQueue && w.Kind == license.KindCall:
		if call := readCall(e, w); call != nil {
			eff, r = license.Queue(p, e.ID, w.ID, call)
		}
		return eff, anyEdition, r
	case e.Act == license.ContractCalled && w.Kind == license.KindCall:
		if p.waited(e, w.ID) {
			eff, r = license.Queue(p, e.ID, w.ID, nil)
		}
		return eff, noEdition, r
	case e.Act == license.ContractTimer && w.Kind == license.KindTimer:
		var t license.Timer
		edition := noEdition
		if w.Value != nil && strict.Decode(w.Value, &t, license.EntryBytesMax) != nil {
			return nil, 0, nil
		}
		if e.Cause.Version > 0 || t.Day != "" {
			edition = theEdition
		}
		name, _ := strings.CutPrefix(w.ID, e.ID+"~"+e.Cause.Contract+"~")
		eff, r = license.SetTimer(p, e.ID, e.Cause.Contract, name, t.Day)
		return eff, edition, r
	}
	return nil, 0, nil
}

// readCall reads the call that an entry lets wait, when it is about the entry's license.
func readCall(e *license.Recorded, w *license.Write) *license.Call {
	c := new(license.Call)
	if strict.Decode(w.Value, c, license.EntryBytesMax) != nil || c.Contract != e.Cause.Contract {
		return nil
	}
	if c.Each != e.ID && (c.Each != "" || c.License != e.ID) {
		return nil
	}
	return c
}

// waited says whether the call began to wait by an entry that counts, and still did.
func (p *past) waited(e *license.Recorded, number string) (yes bool) {
	for _, b := range p.Entries(e.Kind, e.ID) {
		if len(b.Also) == 1 && b.ByContract() == e.Cause.Contract && strings.TrimPrefix(b.Also[0].ID, license.HeldPrefix) == number && p.h.carried(b.Hash) {
			yes = b.Act == license.ContractQueue
		}
	}
	return yes
}

// row is what the license's board signed of the entry's contract, or nil.
func (p *past) row(e *license.Recorded) *license.ContractRow {
	var all license.Contracts
	p.Get(license.KindContracts, license.BoardOf(e.Kind, e.ID), &all)
	i := all.Row(e.Cause.Contract)
	if i < 0 {
		return nil
	}
	return &all.Rows[i]
}

func (p *past) adopted(e *license.Recorded) bool { return p.row(e) != nil }

// ran says whether the board signed the edition that ran, or one that others amended since.
func (p *past) ran(e *license.Recorded) bool {
	r, c := p.row(e), e.Cause
	return r != nil && r.Version == c.Version && (r.Amendment < c.Amendment || r.Amendment == c.Amendment && r.Hash == c.Hash)
}

// dayCalls judges how far a board's days have come: nothing else of its record may change.
func (h *histories) dayCalls(e *license.Recorded) string {
	var was, is license.Board
	past := &past{h: h, at: e.Index, now: e.Time, height: e.Block}
	es := past.Entries(e.Kind, e.ID)
	if e.Kind != license.KindBoard || e.Act != license.ContractDays || len(es) == 0 ||
		strict.Decode(es[len(es)-1].Body, &was, BundleBytesMax) != nil || strict.Decode(e.Body, &is, BundleBytesMax) != nil {
		return "no act is named"
	}
	was.Days = is.Days
	eff := license.Effect{Kind: e.Kind, ID: e.ID, Effective: license.Today(past, e.ID), Record: &was}
	if !bytes.Equal(strict.Encode(&was), e.Body) || !says(e, &eff) || past.missing != "" {
		return "an entry about a board that nobody signed changes more than its days"
	}
	return ""
}

// says compares an entry with what was decided again.
func says(e *license.Recorded, eff *license.Effect) bool {
	return eff.Kind == e.Kind && eff.ID == e.ID && eff.Effective == e.Effective && eff.Replaces == e.Replaces &&
		slices.Equal(eff.Changes, e.Changes) && slices.Equal(eff.Voids, e.Voids) &&
		sameImport(eff.Import, e.Import) && license.HashOf(strict.Encode(eff.Record)) == e.Result && sameWrites(eff.Also, e.Also)
}
