package answer

import (
	"cmp"
	"slices"

	"licet/internal/ledger"
	"licet/internal/wording"
	"licet/license"
	"licet/strict"
)

// settled returns what was decided about whose rows stand under a number, also where no
// license has come in under it.
func settled(s *ledger.State, id string, known license.Instant) ([]license.Recorded, error) {
	es, err := s.Entries(license.KindSettlement, id)
	if known != "" {
		es = slices.DeleteFunc(slices.Clone(es), func(e license.Recorded) bool { return e.Time > known })
	}
	return es, err
}

// addSettled puts decisions about the number among the entries about the license, in
// the order of the log; what is confidential stays last.
func (h *historian) addSettled(out []HistoryEntry, es []license.Recorded) ([]HistoryEntry, error) {
	n := slices.IndexFunc(out, func(e HistoryEntry) bool { return e.Confidential })
	if n < 0 {
		n = len(out)
	}
	for i := range es {
		w, err := h.entry(&es[i])
		if err != nil {
			return nil, err
		}
		if w.Sentence, err = h.settlement(&es[i].Entry); err != nil {
			return nil, err
		}
		out = slices.Insert(out, n, w)
		n++
	}
	slices.SortStableFunc(out[:n], func(a, b HistoryEntry) int { return cmp.Compare(a.Index, b.Index) })
	return out, nil
}

func (h *historian) settlement(e *license.Entry) (string, error) {
	var s license.Settlement
	if err := strict.Decode(e.Body, &s, license.EntryBytesMax); err != nil {
		return "", err
	}
	o, err := h.open(license.OpeningSettlement, s.Commitment)
	if o == nil || err != nil {
		return wording.Settled(e, nil), err
	}
	d, err := license.ParseSettlementDocument(o.Bytes)
	return wording.Settled(e, &d), err
}
