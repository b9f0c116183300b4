package ledger

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"

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
	prefix := linkedPrefix(id)
	it, err := w.store.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		w.fail(err)
		return nil
	}
	for ok := it.First(); ok; ok = it.Next() {
		ids = append(ids, string(it.Key()[len(prefix):]))
	}
	w.fail(it.Close())
	for x := w; x != nil; x = x.under {
		ids = append(ids, x.links[id]...)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(other string) bool {
		var k license.Link
		return !w.Get(license.KindLink, license.LinkID(id, other), &k) || !k.HoldsOn(day)
	})
}

// linkedBy returns the two licenses of each link that an entry writes: a link of two of one
// board's licenses has an entry about one of them alone.
func linkedBy(e *license.Entry) (pairs [][2]string) {
	for _, x := range e.Also {
		if a, b, ok := strings.Cut(x.ID, "~"); ok && x.Kind == license.KindLink {
			pairs = append(pairs, [2]string{a, b}, [2]string{b, a})
		}
	}
	return pairs
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
