package lookup

import (
	"slices"
	"strings"

	"licet/internal/ledger"
	"licet/license"
)

// A reader makes rows from the records of one state. What the board does not show
// to the public, and what is sealed, never gets into a row.
type reader struct {
	state  *ledger.State
	boards map[string]*license.Board
	facts  map[string]bool // whether a board has recorded any
}

func newReader(s *ledger.State) *reader {
	return &reader{state: s, boards: map[string]*license.Board{}, facts: map[string]bool{}}
}

func (r *reader) board(id string) (*license.Board, error) {
	if b := r.boards[id]; b != nil {
		return b, nil
	}
	b := new(license.Board)
	if _, err := r.state.Record(license.KindBoard, id, b); err != nil {
		return nil, err
	}
	r.boards[id] = b
	return b, nil
}

// license reads one license; nil when there is no such record.
func (r *reader) license(id string) (*row, error) {
	var rec license.License
	if ok, err := r.state.Record(license.KindLicense, id, &rec); err != nil || !ok {
		return nil, err
	}
	i, err := license.ParseID(id)
	if err != nil {
		return nil, err
	}
	b, err := r.board(i.Board)
	if err != nil {
		return nil, err
	}
	out := &row{
		id: id, board: i.Board, jurisdiction: b.Jurisdiction, profession: i.Profession, number: i.Number,
		issued: string(rec.Issued), through: string(lastDay(&rec)),
		copied: rec.Source == license.SourceImport || b.Source == license.SourceImport,
	}
	if out.filed, err = r.filed(id, &rec); err != nil {
		return nil, err
	}
	v := view{r.state, b, &rec}
	folded, err := v.names(out)
	if err != nil {
		return nil, err
	}
	if has, err := r.hasFacts(i.Board); err != nil {
		return nil, err
	} else if has {
		trades, err := v.tradeNames(id)
		if err != nil {
			return nil, err
		}
		for _, t := range trades {
			folded = append(folded, fold(t))
			out.alsoCalled(t)
		}
	}
	out.names = joinNames(folded)
	if out.city, err = v.text(license.OpeningCity); err != nil {
		return nil, err
	}
	if out.npi, err = v.text(license.OpeningNPI); err != nil {
		return nil, err
	}
	out.spans, err = v.spans()
	return out, err
}

// lastDay returns the last day of the last term, "" when it has no end.
func lastDay(l *license.License) (last license.Day) {
	for i, t := range l.Terms {
		if t.Through == "" {
			return ""
		}
		if i == 0 || t.Through > last {
			last = t.Through
		}
	}
	return last
}

// A view is a record as the public may see it.
type view struct {
	state  *ledger.State
	board  *license.Board
	record *license.License
}

// open returns an opening that the public may see, or nil.
func (v view) open(kind string, c license.Hash) (*license.Opening, error) {
	if c == (license.Hash{}) || v.board.AudienceOf(kind) != license.AudiencePublic {
		return nil, nil
	}
	return v.state.Opening(c)
}

// text returns the newest opening of a kind, or "".
func (v view) text(kind string) (string, error) {
	o, err := v.open(kind, v.record.OpeningOn(kind, license.DayMax))
	if o == nil || err != nil {
		return "", err
	}
	return string(o.Bytes), nil
}

// names puts all dated names into the row, the newest first; of one day the one
// that was recorded last. It returns them folded.
func (v view) names(out *row) (folded []string, err error) {
	dated := slices.DeleteFunc(slices.Clone(v.record.Openings), func(d license.DatedOpening) bool { return d.Kind != license.OpeningName })
	slices.Reverse(dated)
	slices.SortStableFunc(dated, func(a, b license.DatedOpening) int { return strings.Compare(string(b.From), string(a.From)) })
	for _, d := range dated {
		o, err := v.open(d.Kind, d.Commitment)
		if err != nil {
			return nil, err
		}
		if o == nil {
			continue
		}
		n, err := license.ParseName(o.Bytes)
		if err != nil {
			continue // what is no name is not searched by
		}
		folded = append(folded, foldName(n)...)
		if s := n.String(); out.name == "" {
			out.name = s
		} else {
			out.alsoCalled(s)
		}
	}
	return folded, nil
}

// alsoCalled adds a name to the others, once, as long as there is room.
func (r *row) alsoCalled(name string) {
	if name != r.name && !slices.Contains(linesOf(r.others), name) && len(r.others)+len(name) < namesMax {
		r.others += name + "\n"
	}
}

func (v view) spans() (string, error) {
	var failed error
	s := spansOf(v.record, func(c license.Hash) *license.OrderDocument {
		o, err := v.open(license.OpeningOrder, c)
		if o == nil || err != nil {
			failed = err
			return nil
		}
		d, err := license.ParseOrderDocument(o.Bytes)
		if err != nil {
			return nil
		}
		return &d
	})
	return s, failed
}
