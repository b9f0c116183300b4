package answer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"licet/internal/ledger"
	"licet/license"
	"licet/strict"
)

// An ExportQuery asks for licenses in the order of their ids.
type ExportQuery struct {
	Size   int64  // as of the first so many entries of the log; their last is a block's end
	Prefix string // of the ids: "us-il." or "us-il.nurse."; "" all
	After  string // from the license after this one; "" the first
	Limit  int
}

// An ExportPage is a part of an export. All parts of one Size are of one moment,
// however much later they are asked for, but for what was sealed or withheld since.
type ExportPage struct {
	Origin   string
	AsOf     AsOf
	Licenses []Exported
	More     bool
	Last     string // id of the last license that was looked at
}

// An Exported is all that everybody may see of a license.
type Exported struct {
	ID       string
	Parts    license.ID
	Board    string // its name
	Title    string // of the profession
	Record   *license.License
	Standing license.Standing // on the board's legal day of the as-of
	Name     license.Name     // empty: withheld
	Texts    map[string]string
	Orders   []ExportedOrder
	Changed  license.Day // the board's legal day of the newest entry
	Context  *Context
}

// An ExportedOrder is an order with its document; nil, when it is withheld.
type ExportedOrder struct {
	license.Order
	Document *license.OrderDocument
	Bytes    []byte         // of the document's opening
	Rule     *license.Cause // of a contract's order: the rule that imposed it
}

// Export returns a part of an export. It reads the newest state, so that what is
// sealed stays out, and leaves out of it what was recorded after Size.
func (r *Registry) Export(ctx context.Context, q ExportQuery) (*ExportPage, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	p := &ExportPage{Origin: s.Head.Origin}
	if p.AsOf, err = asOfSize(s, q.Size); err != nil {
		return nil, err
	}
	x := exporter{lister: lister{State: s, at: p.AsOf, registry: r}, size: q.Size}
	return p, x.fill(ctx, q, p)
}

// asOfSize reads the end of the block with which a log of so many entries ends.
func asOfSize(s *ledger.State, size int64) (AsOf, error) {
	if size < 1 || size > s.Head.Size {
		return AsOf{}, problem("bad-cursor", "This node's log has %d entries, and the export is of %d. Begin anew.", s.Head.Size, size)
	}
	b, err := s.EntryBytes(size - 1)
	if err != nil {
		return AsOf{}, err
	}
	var e license.Entry
	if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
		return AsOf{}, fmt.Errorf("entry %d cannot be read: %w", size-1, err)
	}
	if e.End == nil {
		return AsOf{}, problem("bad-cursor", "Entry %d ends no block. Begin the export anew.", size-1)
	}
	return AsOf{e.Block, e.Time, size}, nil
}

// An exporter reads licenses of one moment.
type exporter struct {
	lister
	size int64
}

const (
	idsAtATime = 500 // ids are read so many at once
	// exportBytesMax ends a part before its limit, when its orders' documents are as
	// long as they may be.
	exportBytesMax = 4 << 20
)

func (x *exporter) fill(ctx context.Context, q ExportQuery, p *ExportPage) error {
	p.Last = q.After
	documents := 0 // bytes
	for {
		ids, err := x.IDs(license.KindLicense, max(p.Last, q.Prefix), idsAtATime)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if !strings.HasPrefix(id, q.Prefix) {
				return nil
			}
			if len(p.Licenses) == q.Limit || documents > exportBytesMax {
				p.More = true
				return nil
			}
			l, err := x.license(id)
			if err != nil {
				return err
			}
			if p.Last = id; l != nil {
				p.Licenses = append(p.Licenses, *l)
				for _, o := range l.Orders {
					documents += len(o.Bytes)
				}
			}
		}
		if len(ids) < idsAtATime || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// license reads one license; nil when it was not known then.
func (x *exporter) license(id string) (*Exported, error) {
	parts, err := license.ParseID(id)
	if err != nil {
		return nil, err
	}
	c, err := x.context(parts)
	if err != nil {
		return nil, err
	}
	v := view{x.State, c}
	l := &Exported{ID: id, Parts: parts, Board: c.Board.Name, Title: c.Profession.Title, Context: c}
	es, err := v.Entries(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	if l.Record, l.Changed, err = x.record(v, id, es); err != nil || l.Record == nil {
		return nil, err
	}
	on := c.Calendar.Day(x.at.Time)
	if l.Standing, err = v.standing(l.Record, on); err != nil {
		return nil, err
	}
	if err := l.texts(v, on); err != nil {
		return nil, err
	}
	for _, o := range l.Record.Orders {
		d, err := v.open(license.OpeningOrder, o.Commitment)
		if err != nil {
			return nil, err
		}
		x := ExportedOrder{Order: o, Rule: ruleOfOrder(es, &o)}
		if d != nil {
			doc, err := license.ParseOrderDocument(d.Bytes)
			if err != nil {
				return nil, err
			}
			x.Document, x.Bytes = &doc, d.Bytes
		}
		l.Orders = append(l.Orders, x)
	}
	return l, nil
}

// ruleOfOrder finds the rule that imposed an order of a contract; nil: no contract did. Of
// an order that was revised it is the rule that did so first.
func ruleOfOrder(es []license.Recorded, o *license.Order) *license.Cause {
	if o.Contract == "" {
		return nil
	}
	for i := range es {
		if es[i].ByContract() != o.Contract {
			continue
		}
		for _, c := range es[i].Changes {
			if c.Do == license.DoOrder && c.Order == o.ID {
				return es[i].Cause
			}
		}
	}
	return nil
}

// record folds the license's first entries, and says when the last of them was
// recorded.
func (x *exporter) record(v view, id string, es []license.Recorded) (*license.License, license.Day, error) {
	n := slices.IndexFunc(es, func(e license.Recorded) bool { return e.Index >= x.size })
	if n == 0 || len(es) == 0 {
		return nil, "", nil
	}
	if n < 0 {
		l, err := v.recordAt(id, "")
		return l, v.context.Calendar.Day(es[len(es)-1].Time), err
	}
	return license.FoldLicense(withoutSealed(es)[:n], ""), v.context.Calendar.Day(es[n-1].Time), nil
}

// texts reads the openings that hold on the day.
func (l *Exported) texts(v view, on license.Day) error {
	l.Texts = map[string]string{}
	for _, kind := range license.OpeningKinds {
		if kind == license.OpeningOrder || kind == license.OpeningFact {
			continue
		}
		o, err := v.open(kind, l.Record.OpeningOn(kind, on))
		if err != nil {
			return err
		}
		if o == nil {
			continue
		}
		if kind != license.OpeningName {
			l.Texts[kind] = string(o.Bytes)
		} else if l.Name, err = license.ParseName(o.Bytes); err != nil {
			return err
		}
	}
	return nil
}
