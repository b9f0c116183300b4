package importer

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"slices"

	"licet/license"
)

// An order brings the rows of each license together, in the order in which plans
// want them, whatever the size of the file. Of a row it keeps where it stands and
// the little by which rows are compared: first sorted by number and license, so that
// what concerns all rows of one can be seen; then as they are planned.
type order struct {
	seen    *sorter // by number, license, row
	planned *sorter // by first row of the license, first day of the term, row
}

// A spot is a row in its order.
type spot struct {
	place
	first    int64       // row of its license that stands first in the file
	issued   license.Day // of its license, by all its rows
	split    bool        // its number stands under two professions
	surnames int         // of its license: 0, 1, or 2 for several
	flawed   bool        // it is refused, and here only for the surname that it holds
}

// newOrder makes an order that holds up to limit bytes of each of its two lists.
func newOrder(limit int) *order {
	return &order{newSorter(seenWidth, limit), newSorter(plannedWidth, limit)}
}

func (o *order) close() {
	o.seen.close()
	o.planned.close()
}

const (
	keyBytes     = 16
	dayBytes     = 10
	placeBytes   = 4 * 8
	seenWidth    = 2*keyBytes + 8 + placeBytes + 2*dayBytes + 8 + 1
	plannedWidth = 8 + dayBytes + 8 + placeBytes + dayBytes + 3
)

func key(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:keyBytes]
}

func appendDay(b []byte, d license.Day) []byte {
	var fixed [dayBytes]byte
	copy(fixed[:], d)
	return append(b, fixed[:]...)
}

// dayOf reads a day that appendDay wrote.
func dayOf(b []byte) license.Day {
	if b[0] == 0 {
		return ""
	}
	return license.Day(b[:dayBytes])
}

func appendPlace(b []byte, c record) []byte {
	for _, n := range []uint64{uint64(c.line), uint64(c.offset), uint64(c.size), c.digest} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return b
}

// note keeps a row. Rows without a license are told of elsewhere.
func (o *order) note(r Row) error {
	if r.License.Number == "" {
		return nil
	}
	b := make([]byte, 0, seenWidth)
	b = append(b, key(r.License.Number)...)
	b = append(b, key(r.License.String())...)
	b = binary.BigEndian.AppendUint64(b, uint64(r.Number))
	b = appendPlace(b, r.record)
	b = appendDay(b, r.From)
	issued := r.From // of a refused row too, so that the original issue is not put too late
	if r.Issued != "" && (issued == "" || r.Issued < issued) {
		issued = r.Issued
	}
	b = appendDay(b, issued)
	b = binary.BigEndian.AppendUint64(b, r.surname)
	flawed := byte(0)
	if len(r.Flaws) > 0 {
		flawed = 1
	}
	return o.seen.add(append(b, flawed))
}

// Where the parts of what is seen stand.
const (
	seenRow     = 2 * keyBytes
	seenPlace   = seenRow + 8
	seenFrom    = seenPlace + placeBytes
	seenIssued  = seenFrom + dayBytes
	seenSurname = seenIssued + dayBytes
	seenFlawed  = seenSurname + 8
)

// A group is what all rows of a license have in common.
type group struct {
	license  [keyBytes]byte
	rows     int64
	first    int64
	issued   license.Day
	surname  uint64
	surnames int
	split    bool
}

func (g *group) add(b []byte) {
	if g.rows++; g.rows == 1 {
		copy(g.license[:], b[keyBytes:])
		g.first = int64(binary.BigEndian.Uint64(b[seenRow:]))
	}
	if d := dayOf(b[seenIssued:]); d != "" && (g.issued == "" || d < g.issued) {
		g.issued = d
	}
	switch s := binary.BigEndian.Uint64(b[seenSurname:]); {
	case s == 0 || s == g.surname:
	case g.surnames == 0:
		g.surname, g.surnames = s, 1
	default:
		g.surnames = 2
	}
}

// byLicense sorts rows for planning. unique: the board never uses a number in two
// professions. It goes over what was seen twice at once: ahead, to learn what the
// rows of a license have in common, and behind, to write it to each of them.
func (o *order) byLicense(ctx context.Context, unique bool) error {
	next, stop := iter.Pull2(o.seen.sorted())
	defer stop()
	ahead := groups(o.seen.sorted(), unique)
	for g, err := range ahead {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		for range g.rows {
			b, err, _ := next()
			if err == nil && (b[seenFlawed] == 0 || g.surnames > 1) {
				err = o.planned.add(plannedRecord(g, b))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func plannedRecord(g group, b []byte) []byte {
	p := make([]byte, 0, plannedWidth)
	p = binary.BigEndian.AppendUint64(p, uint64(g.first))
	p = append(p, b[seenFrom:seenIssued]...)
	p = append(p, b[seenRow:seenPlace]...)
	p = append(p, b[seenPlace:seenFrom]...)
	p = appendDay(p, g.issued)
	split := byte(0)
	if g.split {
		split = 1
	}
	return append(p, split, byte(g.surnames), b[seenFlawed])
}

// splitMax is how many licenses of one number are looked at together.
const splitMax = 64

// groups yields what the rows of each license have in common, number after number.
func groups(rows iter.Seq2[[]byte, error], unique bool) iter.Seq2[group, error] {
	return func(yield func(group, error) bool) {
		var number [keyBytes]byte
		var same []group // licenses of that number
		many := false
		tell := func() bool {
			for i := range same {
				same[i].split = unique && (many || len(same) > 1)
				if !yield(same[i], nil) {
					return false
				}
			}
			same = same[:0]
			return true
		}
		for b, err := range rows {
			if err != nil {
				yield(group{}, err)
				return
			}
			if n := [keyBytes]byte(b); n != number {
				if !tell() {
					return
				}
				number, many = n, false
			}
			if i := len(same) - 1; i < 0 || same[i].license != [keyBytes]byte(b[keyBytes:]) {
				if len(same) == splitMax { // a mapping has few professions; this one has not
					many = true
					if !tell() {
						return
					}
				}
				same = append(same, group{})
			}
			same[len(same)-1].add(b)
		}
		tell()
	}
}

// rows yields the rows as they are planned.
func (o *order) rows() iter.Seq2[spot, error] {
	return func(yield func(spot, error) bool) {
		for b, err := range o.planned.sorted() {
			if err != nil {
				yield(spot{}, err)
				return
			}
			if !yield(plannedSpot(b), nil) {
				return
			}
		}
	}
}

func plannedSpot(b []byte) spot {
	number := func() int64 {
		n := int64(binary.BigEndian.Uint64(b))
		b = b[8:]
		return n
	}
	var s spot
	s.first = number()
	b = b[dayBytes:]
	s.row, s.line, s.offset, s.size = number(), number(), number(), number()
	s.digest = uint64(number())
	s.issued = dayOf(slices.Clone(b))
	s.split, s.surnames = b[dayBytes] == 1, int(b[dayBytes+1])
	s.flawed = b[dayBytes+2] == 1
	return s
}
