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
	ids     *idFile // of licenses, where a memory is to be written; else nil
	// day is the file's, and while rows are noted one before which it is not.
	day license.Day
	// meet says of the rows of a license whether the registry holds all of them, and the
	// license's id; nil: it holds none. Then unchanged is told of them.
	meet      func(*group) (id string, same bool, err error)
	unchanged func(row, line int64, id string)
}

// A spot is a row in its order.
type spot struct {
	place
	first    int64       // row of its license that stands first in the file
	issued   license.Day // of its license, by all its rows
	split    bool        // its number stands under two professions
	surnames int         // of its license: 0, 1, or 2 for several
	flawed   bool        // it is refused, and here only for the surname that it holds
	clean    bool        // nothing was found in it by itself
	same     bool        // the registry holds what it says; only notes are to be told
}

// newOrder makes an order that holds up to limit bytes of each of its two lists.
func newOrder(limit int) *order {
	return &order{seen: newSorter(seenWidth, limit), planned: newSorter(plannedWidth, limit)}
}

func (o *order) close() {
	o.seen.close()
	o.planned.close()
	o.ids.close()
}

const (
	keyBytes     = 16
	dayBytes     = 10
	placeBytes   = 4 * 8
	seenWidth    = 2*keyBytes + 8 + placeBytes + 2*dayBytes + 8 + 1 + len(digest{}) + idPlaceBytes + dayBytes
	plannedWidth = 8 + dayBytes + 8 + placeBytes + dayBytes + 4
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
	flags := byte(0)
	if len(r.Flaws) > 0 {
		flags |= isFlawed
	}
	if r.clean {
		flags |= isClean
	}
	after, noted := r.notedAfter(o.day)
	if noted {
		flags |= isNoted
	}
	b = append(b, flags)
	b = append(b, r.digest[:]...)
	at, err := o.ids.put(r.License.String)
	if err != nil {
		return err
	}
	b = at.append(b)
	return o.seen.add(appendDay(b, after))
}

// What is known of a row when it was read.
const (
	isFlawed = 1 << iota
	isNoted  // there is something to tell of it
	isClean  // nothing was found in it by itself
)

// Where the parts of what is seen stand.
const (
	seenRow     = 2 * keyBytes
	seenPlace   = seenRow + 8
	seenFrom    = seenPlace + placeBytes
	seenIssued  = seenFrom + dayBytes
	seenSurname = seenIssued + dayBytes
	seenFlags   = seenSurname + 8
	seenDigest  = seenFlags + 1
	seenID      = seenDigest + len(digest{})
	seenAfter   = seenID + idPlaceBytes
)

// A group is what all rows of a license have in common.
type group struct {
	number   [keyBytes]byte
	license  [keyBytes]byte
	id       idPlace
	digest   digest // of all rows
	flawed   bool   // one of them at least
	rows     int64
	first    int64
	issued   license.Day
	surname  uint64
	surnames int
	split    bool
}

func (g *group) add(b []byte) {
	if g.rows++; g.rows == 1 {
		copy(g.number[:], b)
		copy(g.license[:], b[keyBytes:])
		g.first = int64(binary.BigEndian.Uint64(b[seenRow:]))
		g.id = idPlaceOf(b[seenID:])
		g.digest = digest(b[seenDigest:])
	} else {
		g.digest = g.digest.with(digest(b[seenDigest:]))
	}
	g.flawed = g.flawed || b[seenFlags]&isFlawed != 0
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

// plain says whether the rows of the license say all there is to know for a plan,
// besides what the registry holds.
func (g *group) plain() bool {
	return !g.flawed && !g.split && g.surnames < 2 && g.rows <= licenseRowsMax
}

// byLicense sorts rows for planning. unique: the board never uses a number in two
// professions. It goes over what was seen twice at once: ahead, to learn what the
// rows of a license have in common, and behind, to write it to each of them. Rows of
// which meet says that the registry holds all are told of as unchanged, and need no
// plan unless there is something to tell of them on the file's day.
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
		id, same := "", false
		if o.meet != nil {
			if id, same, err = o.meet(&g); err != nil {
				return err
			}
		}
		for range g.rows {
			b, err, _ := next()
			switch {
			case err != nil:
			case same && !noted(b, o.day):
				o.unchanged(int64(binary.BigEndian.Uint64(b[seenRow:])), int64(binary.BigEndian.Uint64(b[seenPlace:])), id) // #nosec G115 -- note wrote them
			case b[seenFlags]&isFlawed == 0 || g.surnames > 1:
				err = o.planned.add(plannedRecord(g, b, same))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// noted says whether there is something to tell of a row on a day.
func noted(b []byte, day license.Day) bool {
	after := dayOf(b[seenAfter:])
	return b[seenFlags]&isNoted != 0 || after != "" && day > after
}

func plannedRecord(g group, b []byte, same bool) []byte {
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
	flags := b[seenFlags] & (isFlawed | isClean)
	unplanned := byte(0)
	if same {
		unplanned = 1
	}
	return append(p, split, byte(g.surnames), flags, unplanned)
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
	s.flawed, s.clean, s.same = b[dayBytes+2]&isFlawed != 0, b[dayBytes+2]&isClean != 0, b[dayBytes+3] == 1
	return s
}
