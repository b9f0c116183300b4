package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger/trie"
	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// A State is one of the newest committed states, held still for reading while
// the ledger goes on. Release it when done.
type State struct {
	Head Head
	*snapshot
	version trie.Version // of the map
	common  *common
	newest  *pebble.DB // where an opening must still be, whatever state is read
	since   int64      // the height that made it; empty blocks may have followed
}

type snapshot struct {
	*pebble.Snapshot
	refs   atomic.Int32
	closed chan struct{} // closed when nobody holds it
}

// Release lets the state go.
func (s *snapshot) Release() {
	if s.refs.Add(-1) == 0 {
		_ = s.Close()
		close(s.closed)
	}
}

// ErrNoState says that no state is kept that the caller asked for.
var ErrNoState = errors.New("that state is not kept any more; ask for the newest one")

// State returns the newest state. Before genesis there is none.
func (l *Ledger) State() (*State, error) { return l.stateWhere(func(Head) bool { return true }) }

// StateAt returns the state whose log has this size, if it is one of the newest.
func (l *Ledger) StateAt(size int64) (*State, error) {
	return l.stateWhere(func(h Head) bool { return h.Size == size })
}

func (l *Ledger) stateWhere(ok func(Head) bool) (*State, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for i := len(l.recent) - 1; i >= 0; i-- {
		if s := l.recent[i]; ok(s.Head) {
			s.refs.Add(1)
			c := *s // the head moves on over empty blocks, the copy does not
			return &c, nil
		}
	}
	return nil, ErrNoState
}

// Value returns a record's bytes, or nil.
func (s *State) Value(kind, id string) ([]byte, error) { return get(s.Snapshot, recordKey(kind, id)) }

// Record reads a record into r and says whether it is there.
func (s *State) Record(kind, id string, r any) (bool, error) {
	v, err := s.Value(kind, id)
	if v == nil || err != nil {
		return false, err
	}
	if err := strict.Decode(v, r, recordBytesMax); err != nil {
		return false, corrupt("record %s %s: %v", kind, id, err)
	}
	return true, nil
}

// Prove returns the map proof of a record's presence or absence.
func (s *State) Prove(kind, id string) (proof.MapProof, error) {
	p, _, err := s.version.Prove(s.Snapshot, proof.MapKey(kind, id))
	return p, err
}

// Hashes reads the log's tree.
func (s *State) Hashes() tlog.HashReader { return hashReader(s.Snapshot) }

// EntryBytes returns an entry's bytes.
func (s *State) EntryBytes(index int64) ([]byte, error) {
	if index < 0 || index >= s.Head.Size {
		return nil, fmt.Errorf("there is no entry %d: the log has %d", index, s.Head.Size)
	}
	b, _, err := readEntry(s.Snapshot, index)
	return b, err
}

func readEntry(r pebble.Reader, index int64) (entry, act []byte, err error) {
	b, err := get(r, entryKey(index))
	if err == nil && b == nil {
		err = corrupt("entry %d is missing", index)
	}
	if err != nil {
		return nil, nil, err
	}
	return cutPart(b)
}

// EntriesRange returns the bytes of entries from first, at most n.
func (s *State) EntriesRange(first, n int64) ([][]byte, error) {
	it, err := s.NewIter(&pebble.IterOptions{LowerBound: entryKey(first), UpperBound: entryKey(min(first+n, s.Head.Size))})
	if err != nil {
		return nil, err
	}
	defer func() { _ = it.Close() }()
	var out [][]byte
	for ok := it.First(); ok; ok = it.Next() {
		b, _, err := cutPart(it.Value())
		if err != nil {
			return nil, err
		}
		out = append(out, append([]byte(nil), b...))
	}
	return out, it.Error()
}

// Entries returns all entries about a record, oldest first.
func (s *State) Entries(kind, id string) ([]license.Recorded, error) {
	return entriesOf(s.Snapshot, kind, id)
}

func entriesOf(r pebble.Reader, kind, id string) (out []license.Recorded, err error) {
	err = eachUnder(r, ofRecordPrefix(kind, id), func(b []byte) (bool, error) {
		e := license.Recorded{Hash: license.LeafHash(b)}
		if err := strict.Decode(b, &e.Entry, license.EntryBytesMax); err != nil {
			return false, corrupt("an entry about %s %s: %v", kind, id, err)
		}
		out = append(out, e)
		return true, nil
	})
	return out, err
}

// Newest returns the newest entries about a record, at most n, the newest first.
func (s *State) Newest(kind, id string, n int) (out []license.Recorded, err error) {
	prefix := ofRecordPrefix(kind, id)
	it, err := s.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return nil, err
	}
	defer func() { _ = it.Close() }()
	for ok := it.Last(); ok && len(out) < n; ok = it.Prev() {
		if len(it.Key()) != len(prefix)+8 {
			continue
		}
		b, _, err := readEntry(s.Snapshot, be64(it.Key()[len(prefix):]))
		if err != nil {
			return nil, err
		}
		e := license.Recorded{Hash: license.LeafHash(b)}
		if err := strict.Decode(b, &e.Entry, license.EntryBytesMax); err != nil {
			return nil, corrupt("an entry about %s %s: %v", kind, id, err)
		}
		out = append(out, e)
	}
	return out, it.Error()
}

// FactsAbout returns the ids of the facts that are recorded about a license, in the order
// in which they were recorded first, at most n.
func (s *State) FactsAbout(id string, n int) (out []string, err error) {
	return factsAbout(s.Snapshot, id, n)
}

func factsAbout(r pebble.Reader, id string, n int) (out []string, err error) {
	err = eachUnder(r, aboutPrefix(id), func(b []byte) (bool, error) {
		var e license.Entry
		if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
			return false, corrupt("a fact about license %s: %v", id, err)
		}
		out = append(out, e.ID)
		return len(out) < n, nil
	})
	return out, err
}

// eachUnder goes through the entries whose numbers stand under a prefix, in their
// order, as long as do says so.
func eachUnder(r pebble.Reader, prefix []byte, do func(entry []byte) (bool, error)) error {
	it, err := r.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return err
	}
	defer func() { _ = it.Close() }()
	for ok := it.First(); ok; ok = it.Next() {
		if len(it.Key()) != len(prefix)+8 {
			continue
		}
		b, _, err := readEntry(r, be64(it.Key()[len(prefix):]))
		if err != nil {
			return err
		}
		if more, err := do(b); err != nil || !more {
			return err
		}
	}
	return it.Error()
}

// Opening returns an opening, or nil when it is sealed or unknown.
//
// Sealing works at once and on every state: what the newest one has forgotten, an
// older one that is still held does not tell.
func (s *State) Opening(c license.Hash) (*license.Opening, error) {
	b, err := get(s.newest, key(keyOpening, c[:]))
	if err != nil {
		return nil, err
	}
	return decodeOpening(c, b)
}

// decodeOpening reads an opening as it is stored; nil bytes are none.
func decodeOpening(c license.Hash, b []byte) (*license.Opening, error) {
	if b == nil {
		return nil, nil
	}
	o := new(license.Opening)
	if err := strict.Decode(b, o, 2*license.OpeningBytesMax); err != nil {
		return nil, corrupt("opening %s: %v", c, err)
	}
	return o, nil
}

func encodeOpening(o *license.Opening) []byte { return strict.Encode(o) }

// Act returns the bytes of the act that an entry records, nil when it records none.
func (s *State) Act(index int64) ([]byte, error) {
	_, act, err := readEntry(s.Snapshot, index)
	return act, err
}

// IDs returns the ids of records of a kind, in order, at most n, from after on.
func (s *State) IDs(kind, afterID string, n int) ([]string, error) {
	prefix := recordKey(kind, "")
	lower := prefix
	if afterID != "" {
		lower = append(recordKey(kind, afterID), 0)
	}
	it, err := s.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: after(prefix)})
	if err != nil {
		return nil, err
	}
	defer func() { _ = it.Close() }()
	var out []string
	for ok := it.First(); ok && len(out) < n; ok = it.Next() {
		out = append(out, string(it.Key()[len(prefix):]))
	}
	return out, it.Error()
}

// Checkpoint returns what the checkpoint over the state after a height says.
func (l *Ledger) Checkpoint(height int64) (proof.Checkpoint, license.Instant, bool) {
	var c checkpointed
	b, err := get(l.db, key(keyCheckpoint, u64(height)))
	if err != nil || b == nil || strict.Decode(b, &c, 1024) != nil {
		return proof.Checkpoint{}, "", false
	}
	return proof.Checkpoint{Origin: l.Head().Origin, Size: c.Size, Root: tlog.Hash(c.Root)}, c.Time, true
}

// SaveNote keeps the cosigned note over the state after a height; unsynced, since
// what a crash loses is assembled again.
func (l *Ledger) SaveNote(height int64, note []byte) error {
	if err := l.db.Set(key(keyNote, u64(height)), note, pebble.NoSync); err != nil {
		return err
	}
	l.mayForget(height)
	return nil
}

// Note returns what SaveNote keeps, or nil.
func (l *Ledger) Note(height int64) ([]byte, error) { return get(l.db, key(keyNote, u64(height))) }

// Check is the courtesy at the door, on the newest committed state: form, origin,
// expiry, signatures. It decides nothing.
func (l *Ledger) Check(raw []byte) *license.Refusal {
	hash := sha256.Sum256(raw)
	t := l.door.checked(hash)
	known := t != nil
	if !known {
		var r *license.Refusal
		if t, r = tx.Parse(raw); r != nil {
			return r
		}
	}
	h := l.Head()
	switch {
	case t.Header.Origin != h.Origin:
		return license.Refuse("wrong-origin", "spec/transaction", "The payload is signed for network %q; this is %q.", t.Header.Origin, h.Origin)
	case t.Header.NotAfter < h.Time:
		return license.Refuse("expired", "spec/transaction", "The payload could be recorded until %s; it is %s. Sign again.", t.Header.NotAfter, h.Time)
	}
	if known {
		return nil
	}
	if r := t.VerifySignatures(l.opts.Verify); r != nil {
		return r
	}
	l.door.passed(hash, t, len(raw))
	return nil
}
