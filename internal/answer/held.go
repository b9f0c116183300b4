package answer

import (
	"context"
	"slices"

	"licet/internal/ledger"
	"licet/license"
	"licet/strict"
)

// Limits of a question about many licenses.
const (
	HeldIDsMax   = 500
	heldBytesMax = 4 << 20 // of records and openings, after which the answer ends
)

// A HeldPage says of licenses what an importer compares a file with, all of one state.
type HeldPage struct {
	AsOf     AsOf
	Licenses []Held // those of which the registry holds something, in the order in which they were asked for
	Answered int    // of the ids, from the first on; ask for the others again
}

// Held is what everybody may see of a license as it stands, without words for people.
type Held struct {
	ID         string
	Record     []byte            // in the one writing; nil: only the settlement is there
	Settlement []byte            // likewise; nil: nobody decided whose rows stand under the number
	Copied     []HeldRow         // the rows of files that stand, the oldest first
	Openings   []license.Opening // of names, orders and the like
}

// A HeldRow is a row of a file that was copied and is not void.
type HeldRow struct {
	Entry license.Hash // zero: of an entry whose order is sealed
	license.Provenance
	license.CopiedRow // of an entry whose order is sealed, nothing
}

// Held looks up many licenses at once. A license that is unknown costs one look at
// the map.
func (r *Registry) Held(ctx context.Context, ids []string) (*HeldPage, error) {
	if len(ids) == 0 || len(ids) > HeldIDsMax {
		return nil, problem("bad-ids", "Ask for 1 to %d licenses at a time.", HeldIDsMax)
	}
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	h := holder{State: s, boards: map[string]*license.Board{}}
	p := &HeldPage{AsOf: asOf(s)}
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if h.bytes > heldBytesMax {
			break
		}
		held, err := h.license(id)
		if err != nil {
			return nil, err
		}
		if held != nil {
			p.Licenses = append(p.Licenses, *held)
		}
		p.Answered++
	}
	return p, nil
}

// A holder reads licenses of one state.
type holder struct {
	*ledger.State
	boards map[string]*license.Board
	bytes  int // read so far
}

func (h *holder) license(id string) (*Held, error) {
	out := &Held{ID: id}
	var err error
	if out.Record, err = h.Value(license.KindLicense, id); err == nil {
		out.Settlement, err = h.Value(license.KindSettlement, id)
	}
	if err != nil || out.Record == nil && out.Settlement == nil {
		return nil, err
	}
	var s license.Settlement
	if out.Settlement != nil {
		if err := strict.Decode(out.Settlement, &s, len(out.Settlement)); err != nil {
			return nil, err
		}
	}
	h.bytes += len(out.Record)
	var l license.License
	if out.Record != nil {
		if err := strict.Decode(out.Record, &l, len(out.Record)); err != nil {
			return nil, err
		}
	}
	if out.Copied, err = h.copied(id); err != nil {
		return nil, err
	}
	out.Openings, err = h.openings(id, &l, s.Commitment)
	return out, err
}

// copied lists the rows that stand. Those about sealed orders are among them, so that
// a file does not bring back what was sealed, but not which entries they are.
func (h *holder) copied(id string) (out []HeldRow, err error) {
	es, err := h.Entries(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	rows, sealed := license.CopiedRows(es), license.SealedOrders(es)
	for i := range es {
		e := &es[i]
		told, ok := rows[e.Hash]
		if !ok {
			continue
		}
		row := HeldRow{e.Hash, *e.Import, told}
		if slices.ContainsFunc(e.Changes, func(c license.Change) bool { return sealed[c.Order] }) {
			row.Entry, row.CopiedRow = license.Hash{}, license.CopiedRow{}
		}
		out = append(out, row)
	}
	return out, nil
}

func (h *holder) openings(id string, l *license.License, settled license.Hash) (out []license.Opening, err error) {
	v := view{h.State, new(Context)}
	b, err := h.board(license.BoardOf(license.KindLicense, id))
	if err != nil {
		return nil, err
	}
	v.context.Board = *b
	add := func(kind string, c license.Hash) {
		o, failed := v.open(kind, c)
		if err == nil {
			err = failed
		}
		if o != nil {
			h.bytes += len(o.Bytes)
			out = append(out, *o)
		}
	}
	for _, d := range l.Openings {
		add(d.Kind, d.Commitment)
	}
	for _, o := range l.Orders {
		add(license.OpeningOrder, o.Commitment)
	}
	add(license.OpeningSettlement, settled)
	return out, err
}

func (h *holder) board(id string) (*license.Board, error) {
	if b := h.boards[id]; b != nil {
		return b, nil
	}
	b := new(license.Board)
	_, err := h.State.Record(license.KindBoard, id, b)
	h.boards[id] = b
	return b, err
}
