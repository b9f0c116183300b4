package importer

import (
	"bytes"
	"cmp"
	"slices"

	"licet/license"
	"licet/strict"
)

// A file that tells of an order which the registry holds already may tell another end of
// it: it was open, and is over now. Then the order that stands is revised, and none is
// added beside it.

// like returns the orders that stand and that the row may tell of: those with its day,
// effect and document, or, where there are none, those whose document is withheld.
func (s *standing) like(o *Ordered, document []byte) []license.Order {
	var same, withheld []license.Order
	for _, x := range s.license.Orders {
		if x.Start != o.From || x.Authority != o.Authority {
			continue
		}
		switch b, shown := s.texts[x.Commitment]; {
		case !shown:
			withheld = append(withheld, x)
		case bytes.Equal(b, document):
			same = append(same, x)
		}
	}
	if len(same) > 0 {
		return same
	}
	return withheld
}

// toldOn returns the day of the newest file that told of an order, or none: the board
// itself said something of it since, or this file brought it in just now.
func (s *standing) toldOn(order string) (day license.Day) {
	for _, c := range s.copied {
		if slices.Contains(c.Orders, order) {
			day = max(day, c.Day)
		}
	}
	return day
}

// holdsEnd says whether the order that the row revises has the row's end by now.
func (s *standing) holdsEnd(o *Ordered) bool {
	return slices.ContainsFunc(s.license.Orders, func(x license.Order) bool { return x.ID == o.revises && x.End == o.Through })
}

// end says which order the row revises, if it tells another end of one that stands. Where
// it does and nothing is changed, it notes why.
func (p *planner) end(r *Row, l *licenseRows) error {
	o := r.Order
	if o == nil || o.Authority == "" || p.src.Mapping.Order.Through == "" {
		return nil
	}
	like := l.st.like(o, o.encoded(p.src.Mapping))
	if len(like) == 0 || slices.ContainsFunc(like, func(x license.Order) bool { return x.End == o.Through }) {
		return nil
	}
	held := like[0]
	told := l.st.toldOn(held.ID)
	newer := p.newer(told)
	switch {
	case told == "" && !l.st.before[held.ID]:
		p.noteEnd(r, NoteOrderEnd, "Another row of this file tells of this order %s. That one was taken.", throughOr(held.End))
	case o.Through == "" && (told == "" || len(like) > 1 || p.opts.Day < newer): // which tells nothing new
		return nil
	case len(like) > 1:
		p.noteEnd(r, NoteOrderEnd, "The registry has %d orders like this one from %s, and which of them would end is not known.", len(like), o.From)
	case told == "":
		p.noteEnd(r, NoteOrderEnd, "The registry has this order %s, and the board itself decided about it. What the board said stands.", throughOr(held.End))
	case o.Through == "":
		p.noteEnd(r, NoteOrderEnd, "The registry has this order %s, from an earlier file, and this row tells no end. The end stands.", throughOr(held.End))
	case p.opts.Day < newer:
		p.noteEnd(r, "older-file", "The registry has this order %s. What the row says of its end is left out: a file of %s is newer.", throughOr(held.End), newer)
	default:
		return p.revise(r, l, held)
	}
	return nil
}

// newer returns the day of the newest file that spoke, or kept silent, about an order
// that a file told of on a day.
func (p *planner) newer(told license.Day) license.Day {
	if p.opts.Memory != nil {
		told = max(told, p.opts.Memory.Mark.Day)
	}
	if p.older {
		told = max(told, p.opts.Newest)
	}
	return told
}

// revise notes that the row gives an order another end, unless another row of the file
// tells yet another one: else each import would change it to and fro.
func (p *planner) revise(r *Row, l *licenseRows, held license.Order) error {
	_, shown := l.st.texts[held.Commitment]
	document := r.Order.encoded(p.src.Mapping)
	for _, at := range l.rows {
		if at.flawed || len(l.rows) == 1 {
			continue
		}
		x, err := p.row(at)
		if err != nil {
			return err
		}
		o := x.Order
		if o == nil || o.From != held.Start || o.Authority != held.Authority || o.Through == r.Order.Through ||
			shown && !bytes.Equal(o.encoded(p.src.Mapping), document) {
			continue
		}
		p.noteEnd(r, NoteOrderEnd, "Row %d tells of this order %s. The registry has it %s; that stands.", x.Number, throughOr(o.Through), throughOr(held.End))
		return nil
	}
	r.Order.revises = held.ID
	return nil
}

func (p *planner) noteEnd(r *Row, rule, format string, args ...any) {
	column := p.src.Mapping.Order.Through
	r.Notes = append(r.Notes, *flaw(column, p.src.mapper.cell(r, column), rule, format, args...))
	p.forget(r.licenseID()) // so that it is noted with every file
}

func throughOr(d license.Day) string { return cmp.Or(through(d), " without an end")[1:] }

func (o *Ordered) encoded(m *Mapping) []byte {
	d := o.document(m)
	return strict.Encode(&d)
}
