package importer

import (
	"context"
	"slices"

	"licet/license"
)

// LookupMax is of how many licenses a plan asks at once.
const LookupMax = 500

// A Registry is what a plan asks about licenses that may be there already.
type Registry interface {
	// Licenses returns what the registry holds of some licenses, at most LookupMax,
	// each once: one answer for each id, nil where it holds nothing.
	Licenses(ctx context.Context, ids []string) ([]*Held, error)
}

// Held is what a registry holds of a license.
type Held struct {
	Record     *license.License    // nil: it is not there, and only the settlement is
	Copied     []Copied            // rows that stand, the oldest first
	Openings   []license.Opening   // those that are shown to the importer
	Settlement *license.Settlement // whose rows stand under the number; nil: nobody decided
}

// Copied is a row of a file that was asserted and is not void.
type Copied struct {
	Entry license.Hash `json:"entry"` // zero: it is not shown
	File  license.Hash `json:"file"`
	Row   int64        `json:"row"`
	Day   license.Day  `json:"day"` // that the file is of
	// Orders are the ids of those that the row told of, and of which the board itself said
	// nothing since; Lifecycles the days from which it told a registration status.
	Orders     []string      `json:"orders"`
	Lifecycles []license.Day `json:"lifecycles"`
}

// CopiedRows says which of a license's entries are rows of files that stand.
func CopiedRows(es []license.Recorded) (out []Copied) {
	rows := license.CopiedRows(es)
	for i := range es {
		e := &es[i]
		if row, ok := rows[e.Hash]; ok {
			out = append(out, Copied{e.Hash, e.Import.File, e.Import.Row, e.Import.Day, row.Orders, row.Lifecycles})
		}
	}
	return out
}

// A standing is what a license is as a plan goes on,
// each planned act applied.
type standing struct {
	license license.License
	known   bool // the license is in the registry, or an act before brings it in
	native  bool // its board issued it here
	ours    bool // this file brought it in
	texts   map[license.Hash][]byte
	done    map[int64]bool // rows of this file that are asserted already
	copied  []Copied
	before  map[string]bool // ids of orders that the registry held when the license was looked up
}

func newStanding(h *Held, file license.Hash) *standing {
	s := &standing{texts: map[license.Hash][]byte{}, done: map[int64]bool{}}
	if h == nil || h.Record == nil {
		return s
	}
	s.license = *h.Record
	s.license.Terms = slices.Clip(s.license.Terms)
	s.license.Lifecycles = slices.Clip(s.license.Lifecycles)
	s.license.Orders = slices.Clone(s.license.Orders)
	s.license.Openings = slices.Clip(s.license.Openings)
	s.known = s.license.Licensee != "" // else it was voided from its issue on
	s.native = s.known && s.license.Source != license.SourceImport
	for i := range h.Openings {
		s.texts[h.Openings[i].Commit()] = h.Openings[i].Bytes
	}
	s.before = make(map[string]bool, len(s.license.Orders))
	for _, o := range s.license.Orders {
		s.before[o.ID] = true
	}
	s.copied = h.Copied
	for i, c := range h.Copied {
		if c.File == file {
			s.ours = s.ours || i == 0
			s.done[c.Row] = true
		}
	}
	return s
}

// described says whether a file told when the license was issued, or of a term.
func (s *standing) described() bool {
	return s.license.Issued != "" || len(s.license.Terms) > 0
}

// text returns what stands of a kind on a day. It is not known what a withheld
// opening says.
func (s *standing) text(kind string, day license.Day) (b []byte, ok bool) {
	var best *license.DatedOpening
	for i := range s.license.Openings {
		if o := &s.license.Openings[i]; o.Kind == kind && o.From <= day && (best == nil || o.From >= best.From) {
			best = o
		}
	}
	if best == nil {
		return nil, false
	}
	b, ok = s.texts[best.Commitment]
	return b, ok
}

// lifecycle returns the registration status that stands on a day.
func (s *standing) lifecycle(day license.Day) string {
	status, from := license.LifecycleActive, license.Day("")
	for _, c := range s.license.Lifecycles {
		if c.From <= day && c.From >= from {
			status, from = c.Status, c.From
		}
	}
	return status
}

// changesAfter says whether something begins or ends after a day, so that a later file
// with the same word says something else.
func (s *standing) changesAfter(day license.Day) bool {
	return slices.ContainsFunc(s.license.Lifecycles, func(c license.Lifecycle) bool { return c.From > day }) ||
		slices.ContainsFunc(s.license.Orders, func(o license.Order) bool { return o.Start > day || o.End >= day })
}

// ordered says whether an order stands with this effect, day and action. Of a
// withheld document the action is not known; effect and day decide.
func (s *standing) ordered(st *Status) bool {
	return slices.ContainsFunc(s.license.Orders, func(o license.Order) bool {
		at := o.Start == st.Day
		if st.FromFile { // since when, nobody knows: what holds on that day began before
			at = o.Start <= st.Day && (o.End == "" || o.End >= st.Day)
		}
		if !at || o.Authority != st.Authority {
			return false
		}
		b, shown := s.texts[o.Commitment]
		if !shown {
			return true
		}
		d, err := license.ParseOrderDocument(b)
		return err == nil && d.Main() == st.Action
	})
}

// assert applies a planned act.
func (s *standing) assert(a *license.ImportAssert, openings []license.Opening) {
	for i := range openings {
		s.texts[openings[i].Commit()] = openings[i].Bytes
	}
	l := &s.license
	if a.Issued != "" {
		l.Issued = a.Issued
	}
	for _, c := range a.Changes {
		switch c.Do {
		case license.DoTerm:
			l.Terms = append(l.Terms, license.Term{From: c.From, Through: c.Through, Grace: c.Grace})
		case license.DoLifecycle:
			l.Lifecycles = append(l.Lifecycles, license.Lifecycle{Status: c.Status, From: c.From})
		case license.DoOrder:
			s.order(license.Order{ID: c.Order, Commitment: c.Commitment, Authority: c.Authority, Start: c.From, End: c.Through})
		}
	}
	for _, o := range a.Openings {
		l.Openings = append(l.Openings, license.DatedOpening{Kind: o.Kind, Commitment: o.Commitment, From: a.From})
	}
	l.Counts.Imports++
	s.known = true
	s.done[a.Row] = true
}

// order adds an order, or revises the one that has its id.
func (s *standing) order(o license.Order) {
	if i := slices.IndexFunc(s.license.Orders, func(x license.Order) bool { return x.ID == o.ID }); i >= 0 {
		x := &s.license.Orders[i]
		x.Commitment, x.Authority, x.Start, x.End = o.Commitment, o.Authority, o.Start, o.End
		return
	}
	s.license.Orders = append(s.license.Orders, o)
}
