package license

// A CopiedRow is what an entry that was copied from a file, and is not void, told of
// discipline and of the registration.
type CopiedRow struct {
	Orders     []string // ids; those of which the board itself said something since are left out
	Lifecycles []Day    // days from which it told a registration status
}

// CopiedRows returns, for the entries of a license that were copied from files and are
// not void, what they told.
func CopiedRows(es []Recorded) map[Hash]CopiedRow {
	void, own := VoidedEntries(es), map[string]bool{}
	for i := range es {
		for _, c := range es[i].Changes {
			if es[i].Import == nil && !void[es[i].Hash] {
				own[c.Order] = true
			}
		}
	}
	out := map[Hash]CopiedRow{}
	for i := range es {
		e := &es[i]
		if e.Import == nil || void[e.Hash] {
			continue
		}
		var row CopiedRow
		for _, c := range e.Changes {
			switch {
			case c.Do == DoOrder && !own[c.Order]:
				row.Orders = append(row.Orders, c.Order)
			case c.Do == DoLifecycle:
				row.Lifecycles = append(row.Lifecycles, c.From)
			}
		}
		out[e.Hash] = row
	}
	return out
}
