package ledger

import (
	"sync"

	"licet/license"
	"licet/strict"
)

// Bundles about licenses of one state differ in little: the license's record and
// its openings. The rest (block entry, board, profession, calendar) is written
// once for a state, and bundles are put together from written parts. They are
// byte for byte what encoding a proof.Bundle gives.

// commonMax bounds what is kept of one state: ids of professions and boards that
// do not exist can be asked for, too.
const commonMax = 1000

// common is what bundles of one state share.
type common struct {
	mu      sync.Mutex
	block   *writtenBlock
	records map[recordID][]byte // written with their proofs
	boards  map[string]*license.Board
}

func newCommon() *common {
	return &common{records: map[recordID][]byte{}, boards: map[string]*license.Board{}}
}

// licenseBundle is StandingBundle for a license.
func (s *State) licenseBundle(i license.ID, id string, note []byte) ([]byte, error) {
	value, err := s.Value(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	block, err := s.writtenBlock()
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, bundleBytes)
	b = append(b, `{"v":1,"type":"standing","origin":`...)
	b = strict.Append(b, s.Head.Origin)
	b = append(b, `,"kind":"license","id":`...)
	b = strict.Append(b, id)
	b = append(b, `,"records":[`...)
	if b, err = s.appendProved(b, license.KindLicense, id, value); err != nil {
		return nil, err
	}
	for _, r := range beside(i, block.changingSet) {
		w, err := s.written(r)
		if err != nil {
			return nil, err
		}
		b = append(b, ',')
		b = append(b, w...)
	}
	b = append(b, ']')
	if value != nil {
		if b, err = s.appendOpenings(b, i.Board, value); err != nil {
			return nil, err
		}
	}
	b = append(b, `,"block":`...)
	b = append(b, block.bytes...)
	b = append(b, `,"checkpoint":`...)
	b = strict.Append(b, string(note))
	return append(b, '}'), nil
}

// bundleBytes is what a standing bundle hardly passes.
const bundleBytes = 12 << 10

// beside names the records that an answer about a license needs.
func beside(i license.ID, changingSet bool) []recordID {
	rs := []recordID{{license.KindBoard, i.Board}, {license.KindProfession, i.ProfessionID()}, {license.KindCalendar, i.Board}}
	if changingSet {
		rs = append(rs, recordID{license.KindMembers, "set"})
	}
	return rs
}

// appendProved writes a record with its proof.
func (s *State) appendProved(b []byte, kind, id string, value []byte) ([]byte, error) {
	b = append(b, `{"kind":`...)
	b = strict.Append(b, kind)
	b = append(b, `,"id":`...)
	b = strict.Append(b, id)
	if value != nil {
		b = append(b, `,"value":`...)
		b = append(b, value...) // in the one writing since it came into the store
	}
	p, err := s.Prove(kind, id)
	if err != nil {
		return nil, err
	}
	if p.Path != nil || p.Other != nil {
		b = append(b, `,"proof":`...)
		b = strict.Append(b, &p)
	}
	return append(b, '}'), nil
}

// written returns a record with its proof, written once for the state.
func (s *State) written(r recordID) ([]byte, error) {
	c := s.common
	c.mu.Lock()
	w := c.records[r]
	c.mu.Unlock()
	if w != nil {
		return w, nil
	}
	v, err := s.Value(r.kind, r.id)
	if err != nil {
		return nil, err
	}
	if w, err = s.appendProved(nil, r.kind, r.id, v); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.records) < commonMax {
		c.records[r] = w
	}
	return w, nil
}

// A writtenBlock is the newest block entry with its path.
type writtenBlock struct {
	bytes       []byte
	changingSet bool // it names another member set than the newest one
}

func (s *State) writtenBlock() (*writtenBlock, error) {
	c := s.common
	c.mu.Lock()
	w := c.block
	c.mu.Unlock()
	if w != nil {
		return w, nil
	}
	p, err := s.entryProof(s.Head.Size - 1)
	if err != nil {
		return nil, err
	}
	changing, err := s.changingSet(p)
	if err != nil {
		return nil, err
	}
	w = &writtenBlock{strict.Encode(p), changing}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.block = w
	return w, nil
}

// board returns a board's record, read once for the state; nobody may change it.
func (s *State) board(id string) (*license.Board, error) {
	c := s.common
	c.mu.Lock()
	b := c.boards[id]
	c.mu.Unlock()
	if b != nil {
		return b, nil
	}
	b = new(license.Board)
	if _, err := s.Record(license.KindBoard, id, b); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.boards) < commonMax {
		c.boards[id] = b
	}
	return b, nil
}

// appendOpenings writes the member "openings", when there are some that the board
// lets the public see and that are still kept.
func (s *State) appendOpenings(b []byte, board string, value []byte) ([]byte, error) {
	var l license.License
	if err := strict.Decode(value, &l, recordBytesMax); err != nil {
		return nil, corrupt("a license's record: %v", err)
	}
	of, err := s.board(board)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, w := range shown(&l, of) {
		o, err := get(s.newest, key(keyOpening, w[:]))
		if err != nil {
			return nil, err
		}
		if o == nil {
			continue
		}
		if n++; n == 1 {
			b = append(b, `,"openings":[`...)
		} else {
			b = append(b, ',')
		}
		b = append(b, o...)
	}
	if n > 0 {
		b = append(b, ']')
	}
	return b, nil
}

// shown lists the commitments of a license whose kind the board lets the public see.
func shown(l *license.License, board *license.Board) (cs []license.Hash) {
	for _, o := range l.Openings {
		if board.AudienceOf(o.Kind) == license.AudiencePublic {
			cs = append(cs, o.Commitment)
		}
	}
	if board.AudienceOf(license.OpeningOrder) == license.AudiencePublic {
		for _, o := range l.Orders {
			cs = append(cs, o.Commitment)
		}
	}
	return cs
}
