package answer

import (
	"fmt"
	"slices"
	"strings"

	"licet/internal/ledger"
	"licet/internal/wording"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A History is every entry about a license that was recorded by an instant, the
// oldest first.
type History struct {
	ID      string
	AsOf    AsOf
	Known   license.Instant
	Entries []HistoryEntry
}

// A HistoryEntry is one entry in words. Of a confidential one nothing but that
// is said, and it stands last.
type HistoryEntry struct {
	Index        int64
	Hash         license.Hash
	Recorded     license.Instant
	Effective    license.Day
	Act          string
	Sentence     string
	By           []string // who signed
	Carried      string   // whose word it is: "signed by Illinois", "copied from a file by IDFPR"
	Voided       bool
	Replaced     bool // a later entry stands in its place
	Confidential bool
	Rule         *Rule // of what a contract did; nil: signed
}

// History returns the entries about a license in words.
func (r *Registry) History(id string, known license.Instant) (*History, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	return r.history(s, id, known)
}

func (r *Registry) history(s *ledger.State, id string, known license.Instant) (*History, error) {
	decided, err := settled(s, id, known)
	if err != nil {
		return nil, err
	}
	a, profession, err := r.around(s, id)
	if err != nil {
		return nil, err
	}
	es, err := s.Entries(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	if len(es) == 0 && len(decided) == 0 {
		return nil, a.absent(profession)
	}
	v := view{s, &a.Context}
	h := historian{view: v, all: es, known: known, contracts: r.chronicle(v, id, es)}
	out := &History{ID: id, AsOf: a.AsOf, Known: known}
	if out.Entries, err = h.entries(); err != nil {
		return nil, err
	}
	out.Entries, err = h.addSettled(out.Entries, decided)
	return out, err
}

type historian struct {
	view
	all    []license.Recorded
	known  license.Instant
	board  []license.Recorded    // entries about the license's board, once they are read
	hidden map[license.Hash]bool // entries that say nothing when what is sealed is left out
	err    error                 // the first failure to read an opening

	contracts *chronicle
}

func (h *historian) entries() (out []HistoryEntry, err error) {
	sealed := license.SealedOrders(h.all)
	h.hide(sealed)
	shown := withoutSealed(h.all)
	if h.known != "" {
		shown = slices.DeleteFunc(slices.Clone(shown), func(e license.Recorded) bool { return e.Time > h.known })
	}
	dead := license.VoidedEntries(shown)
	replaced := map[license.Hash]bool{}
	for _, e := range shown {
		if !dead[e.Hash] {
			replaced[e.Replaces] = true
		}
	}
	for i := range shown {
		e := &shown[i]
		if h.hidden[e.Hash] {
			continue
		}
		w, err := h.entry(e)
		if err != nil {
			return nil, err
		}
		w.Voided, w.Replaced = dead[e.Hash], replaced[e.Hash]
		out = append(out, w)
	}
	return append(out, h.confidential(sealed)...), h.err
}

// hide finds the entries about nothing but sealed orders, and those that only
// take such entries back.
func (h *historian) hide(sealed map[string]bool) {
	h.hidden = map[license.Hash]bool{}
	for _, e := range h.all {
		about := len(e.Changes) > 0 && !slices.ContainsFunc(e.Changes, func(c license.Change) bool { return !sealed[c.Order] })
		voids := len(e.Voids) > 0 && !slices.ContainsFunc(e.Voids, func(v license.Hash) bool { return !h.hidden[v] })
		if about || voids {
			h.hidden[e.Hash] = true
		}
	}
}

// confidential returns one entry for each sealed order that was named by known,
// or none where the board's table says so. It has no particulars, no day either.
func (h *historian) confidential(sealed map[string]bool) (out []HistoryEntry) {
	if h.context.Board.SealedShown == "hidden" {
		return nil
	}
	seen := map[string]bool{}
	for _, e := range h.all {
		if h.known != "" && e.Time > h.known {
			break
		}
		for _, c := range e.Changes {
			if sealed[c.Order] && !seen[c.Order] {
				seen[c.Order] = true
				out = append(out, HistoryEntry{Sentence: wording.Confidential, Confidential: true})
			}
		}
	}
	return out
}

func (h *historian) entry(e *license.Recorded) (HistoryEntry, error) {
	w := HistoryEntry{
		Index: e.Index, Hash: e.Hash, Recorded: e.Time, Effective: e.Effective, Act: e.Act,
		Sentence: wording.Entry(&e.Entry, h.texts()),
	}
	rule, why, err := h.contracts.rule(&e.Entry)
	if err != nil {
		return w, err
	}
	if rule != nil {
		w.Rule, w.Sentence = rule, wording.Automatic(&e.Entry, why)
	}
	if w.By, err = h.signers(e.Cause); err == nil {
		w.Carried, err = h.carried(e)
	}
	return w, err
}

func (h *historian) texts() wording.Texts {
	return wording.Texts{
		Opening: func(kind string, c license.Hash) string {
			t, err := h.text(kind, c)
			h.fail(err)
			return t
		},
		Document: func(c license.Hash) *license.OrderDocument {
			d, err := h.document(c)
			h.fail(err)
			return d
		},
		Word:   func(code string) string { return license.Word(&h.context.Profession, code) },
		Hidden: func(entry license.Hash) bool { return h.hidden[entry] },
	}
}

func (h *historian) fail(err error) {
	if h.err == nil {
		h.err = err
	}
}

// signers names who signed the act: by title where one stands in the registry.
func (h *historian) signers(c *license.Cause) (by []string, err error) {
	if c == nil || c.Contract != "" { // nobody signs what a contract does
		return nil, nil
	}
	p, err := h.Payload(c)
	if err != nil {
		return nil, err
	}
	var ss []tx.Signature
	if err := strict.Decode(p.Signatures, &ss, tx.TransactionBytesMax); err != nil {
		return nil, fmt.Errorf("signatures %s: %w", c.Signatures, err)
	}
	for _, s := range ss {
		kind, id, _ := strings.Cut(s.By, "/")
		switch kind {
		case license.KindOfficer:
			var o license.Officer
			if _, err := h.Record(license.KindOfficer, id, &o); err != nil {
				return nil, err
			}
			if o.Title != "" {
				id = o.Title + " (" + id + ")"
			}
			by = append(by, id)
		case license.KindBoard:
			by = append(by, "root key of board "+id)
		default:
			by = append(by, "root key of member "+id)
		}
	}
	return by, nil
}

// carried says whose word the entry is.
func (h *historian) carried(e *license.Recorded) (string, error) {
	switch {
	case e.Import != nil:
		name, err := h.member(e.Import.Importer)
		return "copied from a file by " + name, err
	case e.ByContract() != "":
		return "done by " + wording.Rule(e.Cause) + ", which " + h.context.Board.Name + " adopted", nil
	case e.Cause == nil:
		return "only recorded by the network", nil
	}
	b, err := h.boardAt(e)
	if err == nil && b.Source == license.SourceImport {
		name, err := h.member(b.Member)
		return "signed by " + name + " for " + h.context.Board.Name, err
	}
	return "signed by " + h.context.Board.Name, err
}

// boardAt returns the board's record as it stood when the entry was recorded: before it
// claimed itself, its importing member signed for it.
func (h *historian) boardAt(e *license.Recorded) (b license.Board, err error) {
	if h.board == nil {
		if h.board, err = h.Entries(license.KindBoard, license.BoardOf(e.Kind, e.ID)); err != nil {
			return b, err
		}
	}
	n := 0
	for n < len(h.board) && h.board[n].Index < e.Index {
		n++
	}
	if n == 0 {
		return b, nil
	}
	return b, strict.Decode(h.board[n-1].Body, &b, license.EntryBytesMax)
}
