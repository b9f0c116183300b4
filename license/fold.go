package license

import "slices"

// The fold: from the entries about a license to its record.
//
// Every change that counts is applied in the order in which it was recorded.
// A voided entry's changes do not count. An entry and all that replace it, one
// after the other, are one group: in the place of the first of them stands the
// newest one that is not void, so that what rests on it (a lift on an order)
// finds it. The fold never refuses; a change whose order is not there is passed
// over, because facts that rest on a voided one stay in the log.
//
// Counts only grow, over voided entries too: a signed act whose entry was voided
// must not apply a second time.

// apply puts one change on the license.
func (l *License) apply(c Change) {
	l.count(c)
	switch c.Do {
	case DoIssue:
		l.Licensee, l.Subject, l.Source, l.Route, l.Issued = c.Licensee, c.Subject, c.Source, c.Route, c.From
		l.Rests = nil
		if c.Other != "" {
			l.Rests = []Rest{{c.Other, c.From}}
		}
	case DoRest:
		if l.IsPrivilege() {
			l.Rests = append(l.Rests, Rest{c.Other, c.From})
		}
	case DoTerm:
		l.Terms = append(l.Terms, Term{c.From, c.Through, c.Grace})
	case DoExtend:
		if t := l.term(c.From); t != nil && t.extendsTo(c.Through, c.Grace) {
			t.Through, t.Grace = c.Through, c.Grace
		}
	case DoLifecycle:
		l.Lifecycles = append(l.Lifecycles, Lifecycle{c.Status, c.From})
	case DoRoute:
		l.Route = c.Route
	case DoOpen:
		l.Openings = append(l.Openings, DatedOpening{c.Kind, c.Commitment, c.From})
	case DoOrder:
		if o := l.order(c.Order); o != nil {
			o.Commitment, o.Authority, o.Start, o.End = c.Commitment, c.Authority, c.From, c.Through
			o.Action, o.Contract = c.Action, c.Contract
		} else {
			l.Orders = append(l.Orders, Order{ID: c.Order, Commitment: c.Commitment, Authority: c.Authority, Start: c.From, End: c.Through, Action: c.Action, Contract: c.Contract})
		}
	case DoStay, DoUnstay, DoLift:
		if o := l.order(c.Order); o != nil {
			o.apply(c)
		}
	case DoSeal:
		for i := range l.Orders {
			if l.Orders[i].ID == c.Order {
				l.Orders = append(l.Orders[:i:i], l.Orders[i+1:]...)
				break
			}
		}
	}
	if o := l.order(c.Order); o != nil {
		o.Count++
	}
}

// term finds the term that begins on a day; of several the one recorded last.
func (l *License) term(from Day) *Term {
	for i := len(l.Terms) - 1; i >= 0; i-- {
		if l.Terms[i].From == from {
			return &l.Terms[i]
		}
	}
	return nil
}

// extendsTo says whether these last days give the term more: neither is earlier than
// what it has, and one is later. A term without a last day cannot get more.
func (t *Term) extendsTo(through, grace Day) bool {
	was, is := max(t.Through, t.Grace), max(through, grace)
	return t.Through != "" && through >= t.Through && is >= was && (through > t.Through || is > was)
}

// credit says how much of a license that came from a file still rests on files, and
// of which day the newest is. A sealed order leaves no trace here either; and a
// link says nothing of the license's own standing.
func (l *License) credit(standing []Recorded) {
	if l.Source != SourceImport {
		return
	}
	for _, e := range standing {
		switch {
		case !slices.ContainsFunc(e.Changes, l.shows):
		case e.Import != nil:
			l.Copied = max(l.Copied, e.Import.Day)
		default:
			l.Decided = true
		}
	}
}

// shows says whether the record shows something of the change for itself.
func (l *License) shows(c Change) bool {
	switch c.Do {
	case DoLink, DoUnlink, DoWait, DoRan:
		return false
	}
	return c.Order == "" || l.order(c.Order) != nil
}

func (o *Order) apply(c Change) {
	n := len(o.Stays)
	switch {
	case c.Do == DoStay:
		o.Stays = append(o.Stays, Stay{From: c.From})
	case c.Do == DoUnstay && n > 0 && o.Stays[n-1].Through == "" && c.From > o.Stays[n-1].From:
		o.Stays[n-1].Through = c.From.Add(-1)
	case c.Do == DoLift && c.From > o.Start && (o.End == "" || c.From <= o.End): // an order is never made longer
		o.End = c.From.Add(-1)
	case c.Do == DoLift && o.Contract != "" && c.From <= o.Start: // its rule says now that it should never have been
		o.End = o.Start.Add(-1)
	}
}

// count counts the facet that a change belongs to; orders count in their row.
func (l *License) count(c Change) {
	switch c.Do {
	case DoTerm, DoExtend, DoLifecycle, DoRest:
		l.Counts.Term++
	case DoIssue, DoOpen, DoRoute:
		l.Counts.Identity++
	case DoLink, DoUnlink:
		l.Counts.Links++
	case DoWait:
		l.Counts.Pending++
	case DoRan:
		l.Counts.Pending--
	}
}

// FoldLicense returns the license as its entries make it, those alone that were
// recorded at or before known (all, when known is empty). It returns nil when
// there is none: the license was not known to the network then. The caller
// passes all entries about one license, in order.
func FoldLicense(entries []Recorded, known Instant) *License {
	var es []Recorded
	for _, e := range entries {
		if known == "" || e.Time <= known {
			es = append(es, e)
		}
	}
	if len(es) == 0 {
		return nil
	}
	l := &License{}
	for _, e := range contributions(es) {
		for _, c := range e.Changes {
			l.apply(c)
		}
	}
	l.credit(contributions(es))
	l.Counts = countAll(es)
	for i := range l.Orders {
		l.Orders[i].Count = countOrder(es, l.Orders[i].ID)
	}
	l.Last = es[len(es)-1].Hash
	return l
}

// deadEntries returns the hashes of voided entries. A void that was itself voided
// later voids nothing, so the newest is judged first.
func deadEntries(es []Recorded) map[Hash]bool {
	dead := map[Hash]bool{}
	for i := len(es) - 1; i >= 0; i-- {
		if !dead[es[i].Hash] {
			for _, h := range es[i].Voids {
				dead[h] = true
			}
		}
	}
	return dead
}

// A lineage says which entries stand for each other.
type lineage struct {
	first  map[Hash]Hash // entry → the first of its group
	newest map[Hash]int  // first of a group → index of the newest entry that is not void
}

func lineageOf(es []Recorded) lineage {
	dead := deadEntries(es)
	l := lineage{map[Hash]Hash{}, map[Hash]int{}}
	for i, e := range es {
		first, ok := l.first[e.Replaces]
		if !ok || e.Replaces == (Hash{}) {
			first = e.Hash
		}
		l.first[e.Hash] = first
		if !dead[e.Hash] {
			l.newest[first] = i
		}
	}
	return l
}

// stands returns the entry that stands in the place of h now, or nil when all of
// its group are void.
func (l lineage) stands(es []Recorded, h Hash) *Recorded {
	if i, ok := l.newest[l.first[h]]; ok {
		return &es[i]
	}
	return nil
}

// contributions returns the entries whose changes count, each in its place.
func contributions(es []Recorded) []Recorded {
	l := lineageOf(es)
	var out []Recorded
	for _, e := range es {
		if l.first[e.Hash] != e.Hash {
			continue
		}
		if s := l.stands(es, e.Hash); s != nil {
			out = append(out, *s)
		}
	}
	return out
}

func countAll(es []Recorded) Counts {
	var l License
	for _, e := range es {
		for _, c := range e.Changes {
			l.count(c)
		}
		switch {
		case e.Import != nil:
			l.Counts.Imports++
		case len(e.Voids) > 0 || e.Replaces != (Hash{}):
			l.Counts.Repairs++
		}
	}
	return l.Counts
}

func countOrder(es []Recorded, order string) (n int64) {
	for _, e := range es {
		for _, c := range e.Changes {
			if c.Order == order {
				n++
			}
		}
	}
	return n
}

// refold returns the effect of an entry that takes back or replaces others.
func refold(es []Recorded, next Entry) (*Effect, *Refusal) {
	// The entry to come has no hash yet; nothing refers to it.
	l := FoldLicense(append(es[:len(es):len(es)], Recorded{Entry: next}), "")
	if r := l.tooMuch(); r != nil {
		return nil, r
	}
	l.Last = Hash{}
	return &Effect{Record: l, Replaces: next.Replaces, Voids: next.Voids, Changes: next.Changes, Import: next.Import}, nil
}

// VoidedEntries returns the hashes of a record's entries that were voided.
func VoidedEntries(es []Recorded) map[Hash]bool { return deadEntries(es) }

// SealedOrders returns the orders that were sealed: history shows no particulars
// of entries that name them.
func SealedOrders(es []Recorded) map[string]bool {
	sealed := map[string]bool{}
	for _, e := range es {
		for _, c := range e.Changes {
			if c.Do == DoSeal {
				sealed[c.Order] = true
			}
		}
	}
	return sealed
}

// NamesOrder says whether the entry is about one of the orders.
func (e *Entry) NamesOrder(orders map[string]bool) bool {
	for _, c := range e.Changes {
		if c.Order != "" && orders[c.Order] {
			return true
		}
	}
	return false
}

// WithoutOrders returns the entries without their changes about the orders, so
// that a fold over an earlier time does not bring sealed orders back.
func WithoutOrders(es []Recorded, orders map[string]bool) []Recorded {
	if len(orders) == 0 {
		return es
	}
	out := slices.Clone(es)
	for i := range out {
		out[i].Changes = slices.DeleteFunc(slices.Clone(out[i].Changes), func(c Change) bool { return c.Order != "" && orders[c.Order] })
	}
	return out
}

// CommittedBy lists the openings that the changes of entries name, in their order.
func CommittedBy(es []Recorded) (out []OpeningRef) {
	for _, e := range es {
		for _, c := range e.Changes {
			switch c.Do {
			case DoOpen:
				out = append(out, OpeningRef{Kind: c.Kind, Commitment: c.Commitment})
			case DoOrder:
				if c.Contract == "" {
					out = append(out, OpeningRef{Kind: OpeningOrder, Commitment: c.Commitment})
				}
			}
		}
	}
	return out
}
