package ledger

import (
	"bytes"

	"github.com/cockroachdb/pebble/v2"

	"licet/license"
	"licet/strict"
)

// memoryBytes bounds one generation of remembered records.
const memoryBytes = 16 << 20

// A memory holds committed records that blocks have read, so that what every act
// needs (board, policy, officer) and what an act reads twice is not fetched again
// from the store. It always agrees with the store: Commit tells it what changed.
// Only the goroutine that finalizes and commits uses it.
type memory struct {
	store      pebble.Reader
	young, old map[recordID]*remembered
	bytes      int // of young

	seeking bool             // a block is decided: the store does not change
	seek    *pebble.Iterator // nil: not needed yet
}

type remembered struct {
	value  []byte // nil: there is no such record
	parsed any    // as license.Shared has it
}

func newMemory(store pebble.Reader) *memory {
	return &memory{store: store, young: map[recordID]*remembered{}}
}

// get returns a committed record. That there is none is remembered too: what an act
// brings in it asks for several times.
func (m *memory) get(k recordID) (*remembered, error) {
	if r := m.young[k]; r != nil {
		return r, nil
	}
	if r := m.old[k]; r != nil {
		m.keep(k, r)
		return r, nil
	}
	v, err := m.read(k)
	if err != nil {
		return nil, err
	}
	r := &remembered{value: v}
	m.keep(k, r)
	return r, nil
}

// seldomThere are the kinds of records that are asked for to learn that they are not
// there: what acts bring in must be new.
var seldomThere = map[string]bool{license.KindOpening: true, license.KindLicensee: true, license.KindLicense: true}

// read reads a record from the store. The store's filters say of most absent keys that
// they are absent; plain reads pass the filters of its largest level over, and fetch a
// block of data for each such key.
func (m *memory) read(k recordID) (v []byte, err error) {
	id := recordKey(k.kind, k.id)
	if !m.seeking || !seldomThere[k.kind] {
		return get(m.store, id)
	}
	if m.seek == nil {
		if m.seek, err = m.store.NewIter(&pebble.IterOptions{UseL6Filters: true}); err != nil {
			return nil, err
		}
	}
	if m.seek.SeekPrefixGE(id) && bytes.Equal(m.seek.Key(), id) {
		if v, err = m.seek.ValueAndErr(); err == nil {
			return bytes.Clone(v), nil
		}
		return nil, err
	}
	return nil, m.seek.Error()
}

// begin says that the store does not change until end.
func (m *memory) begin() { m.seeking = true }

func (m *memory) end() (err error) {
	if m.seek != nil {
		err = m.seek.Close()
	}
	m.seek, m.seeking = nil, false
	return err
}

func (m *memory) keep(k recordID, r *remembered) {
	if m.bytes > memoryBytes {
		m.old, m.young, m.bytes = m.young, map[recordID]*remembered{}, 0
	}
	m.young[k] = r
	m.bytes += len(r.value) + len(k.id) + 100
}

// changed takes what a block wrote, when it is committed.
func (m *memory) changed(records map[recordID][]byte) {
	for k, v := range records {
		delete(m.old, k)
		if v == nil || k.kind == license.KindOpening || k.kind == license.KindLicensee { // gone, or hardly read again
			delete(m.young, k)
		} else {
			m.keep(k, &remembered{value: v})
		}
	}
}

// into reads a remembered record into r.
func (m *remembered) into(r any) error {
	if m.parsed != nil && license.ShareInto(r, m.parsed) {
		return nil
	}
	if err := strict.Decode(m.value, r, recordBytesMax); err != nil {
		return err
	}
	m.parsed = license.Shared(r)
	return nil
}
