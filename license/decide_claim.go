package license

import (
	"slices"
	"strings"

	"licet/strict"
)

// Limits of what a row claims.
const (
	ClaimsMax      = 15           // groups of columns in the federal file
	ClaimNumberMax = numberLenMax // bytes
	ClaimTextMax   = 40           // bytes of a state, of a taxonomy
)

// FitsNPI says whether n is ten digits of which the last is the Luhn digit of 80840 and
// the others (45 CFR 162.406).
func FitsNPI(n string) bool {
	if len(n) != 10 {
		return false
	}
	sum := 24 // of 80840
	for i := range len(n) {
		d := int(n[i]) - '0'
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func (a *ImportClaim) decide(v View) (*Effect, *Refusal) {
	if _, npi, _ := strings.Cut(a.Claim, "."); !FitsNPI(npi) {
		return nil, refuse("npi", specActs, "Claims are named by the file's board, a dot and an NPI, not %q.", a.Claim)
	}
	if a.Row < 1 {
		return nil, refuse("row", specActs, "Rows are counted from 1.")
	}
	if len(a.Claims) > ClaimsMax {
		return nil, refuse("too-much", specActs, "A row claims at most %d licenses.", ClaimsMax)
	}
	for _, c := range a.Claims {
		if !isLine(c.Number, 1, ClaimNumberMax) || !isLine(c.State, 0, ClaimTextMax) || !isLine(c.Taxonomy, 0, ClaimTextMax) {
			return nil, refuse("claim", specActs, "A claim has a number of 1 to %d bytes, and a state and a taxonomy of at most %d.", ClaimNumberMax, ClaimTextMax)
		}
	}
	c, r := getClaims(v, a.Claim, a.Count)
	switch {
	case r != nil:
		return nil, r
	case c.Import != nil && a.Day < c.Import.Day:
		return nil, refuse("older-file", specActs, "What stands was copied from a file of %s.", c.Import.Day)
	case slices.Equal(a.Claims, c.Claims):
		return nil, refuse("nothing", specActs, "These claims stand.")
	}
	c.Claims, c.Import = a.Claims, &Provenance{File: a.File, Row: a.Row, Day: a.Day, Importer: importer(v, a.Claim)}
	return &Effect{Effective: a.Day, Record: c, Import: c.Import}, nil
}

// without makes the claims what the newest of their rows says that is left.
func (c *Claims) without(dead map[Hash]bool, es []Recorded) {
	c.Import, c.Claims = nil, nil
	for _, e := range es {
		if e.Import != nil && !dead[e.Hash] {
			var x Claims
			_ = strict.Decode(e.Body, &x, EntryBytesMax) // a body that an act made
			c.Import, c.Claims = x.Import, x.Claims
		}
	}
}

func getClaims(v View, id string, count int64) (*Claims, *Refusal) {
	c := new(Claims)
	v.Get(KindClaim, id, c)
	r := stale("claims of "+id, c.Count, count)
	c.Count++
	c.Last = Hash{}
	return c, r
}

// isLine says whether s is one line of text of so many bytes.
func isLine(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && !strings.ContainsAny(s, "\n\t") && CheckText([]byte(s)) == nil
}
