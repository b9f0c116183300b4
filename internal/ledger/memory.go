package ledger

import (
	"github.com/cockroachdb/pebble/v2"

	"licet/license"
	"licet/strict"
)

// memoryBytes bounds one generation of remembered records.
const memoryBytes = 32 << 20

// A memory holds committed records that blocks have read, so that what every act
// needs (board, policy, officer) and what an act reads twice is not fetched again
// from the store. It always agrees with the store: Commit tells it what changed.
// Only the goroutine that finalizes and commits uses it.
type memory struct {
	store      pebble.Reader
	young, old map[recordID]*remembered
	bytes      int // of young
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
	v, err := get(m.store, recordKey(k.kind, k.id))
	if err != nil {
		return nil, err
	}
	r := &remembered{value: v}
	m.keep(k, r)
	return r, nil
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
