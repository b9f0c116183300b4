package ledger

import (
	"cmp"
	"math"
	"slices"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// views are what a contract's edition reads: the records, and links to those licenses
// alone that it reaches.
type views struct {
	w *working
	e *edition
}

// License implements contract.Views.
func (v *views) License(id string) *license.License {
	l := new(license.License)
	if !v.w.Get(license.KindLicense, id, l) {
		return nil
	}
	return l
}

// Linked implements contract.Views.
func (v *views) Linked(id string, day license.Day) []string {
	return v.e.linked(v.w, &trigger{license: id, today: day})
}

// Facts implements contract.Views.
func (v *views) Facts(about string) []contract.Fact { return factsOf(v.w, about) }

// Opening implements contract.Views.
func (v *views) Opening(kind string, h license.Hash) []byte {
	o, err := v.w.opening(h)
	v.w.fail(err)
	if o == nil || o.Kind != kind {
		return nil
	}
	return o.Bytes
}

// linkedOf returns the licenses of the same holder whose link with one both boards had
// signed by a day, in order.
func linkedOf(w *working, id string, day license.Day) (ids []string) {
	for _, e := range w.Entries(license.KindLicense, id) {
		for _, c := range e.Changes {
			if c.Do == license.DoLink {
				ids = append(ids, c.Other)
			}
		}
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(other string) bool {
		var k license.Link
		return !w.Get(license.KindLink, license.LinkID(id, other), &k) || !k.HoldsOn(day)
	})
}

// factsOf returns the facts about a license, in order of their days and ids.
func factsOf(w *working, about string) (out []contract.Fact) {
	ids, err := factsAbout(w.store, about, math.MaxInt)
	w.fail(err)
	for x := w; x != nil; x = x.under {
		ids = append(ids, x.facts[about]...)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		f := contract.Fact{ID: id}
		if w.Get(license.KindFact, id, &f.Fact) && f.About == about {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b contract.Fact) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID)) })
	return out
}

// entryAt returns an entry of the log or of the block, and the act that it records.
func (w *working) entryAt(index int64) (*license.Entry, []byte, error) {
	if i := index - w.base; i >= 0 && i < int64(len(w.entries)) {
		return &w.entries[i].Entry, w.entries[i].act, nil
	}
	b, act, err := readEntry(w.store, index)
	if err != nil {
		return nil, nil, err
	}
	e := new(license.Entry)
	return e, act, strict.Decode(b, e, license.EntryBytesMax)
}
