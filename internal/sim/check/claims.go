package check

import (
	"fmt"
	"reflect"
	"slices"

	"licet/strict"
)

// A claimRow is what one row of a file claims of an NPI.
type claimRow struct {
	entry, file string
	says        claims
}

// claimed keeps the rows that count.
func (w *World) claimed(a *act, hash string) {
	id := a.Claim
	if a.Do == "import.claim" {
		var c claims
		w.readClaims(a, &c)
		w.rows[id] = append(w.rows[id], claimRow{hash, a.File, c})
		return
	}
	w.rows[id] = w.rowsWithout(a)
}

func (w *World) rowsWithout(a *act) []claimRow {
	return slices.DeleteFunc(slices.Clone(w.rows[a.Claim]), func(r claimRow) bool { return slices.Contains(a.Entries, r.entry) })
}

// readClaims makes what the row says, without its count.
func (w *World) readClaims(a *act, c *claims) {
	var b board
	w.read("board", boardOf("claim", a.Claim), &b)
	*c = claims{Import: &provenance{a.File, a.Row, a.Day, b.Member}, Claims: a.Claims}
}

func (w *World) onClaims(a *act, f *effect) error {
	var was, c claims
	w.read("claim", a.Claim, &was)
	w.readClaims(a, &c)
	c.Count = was.Count + 1
	f.Effective, f.Import, f.Body = a.Day, c.Import, strict.Encode(&c)
	if was.Import != nil && was.Import.Day > a.Day {
		return fmt.Errorf("a file of %s speaks over one of %s", a.Day, was.Import.Day)
	}
	if reflect.DeepEqual(append([]claim{}, was.Claims...), append([]claim{}, a.Claims...)) {
		return fmt.Errorf("the row claims what stands")
	}
	return need("claims", was.Count, a.Count)
}

func (w *World) undoClaims(a *act, f *effect) error {
	var was, c claims
	w.read("claim", a.Claim, &was)
	for i, h := range a.Entries {
		if slices.Contains(a.Entries[:i], h) || !slices.ContainsFunc(w.rows[a.Claim], func(r claimRow) bool { return r.entry == h && r.file == a.File }) {
			return fmt.Errorf("entry %s is no row of the file that counts", h)
		}
	}
	if rows := w.rowsWithout(a); len(rows) > 0 {
		c = rows[len(rows)-1].says
	}
	c.Count = was.Count + 1
	f.Voids, f.Body = a.Entries, strict.Encode(&c)
	return need("claims", was.Count, a.Count)
}
