package ledger

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"licet/license"
	"licet/proof"
	"licet/strict"
)

// What proves a change of the member set is kept for ever: the map's proof of the
// new set, made at the block that brought it, since maps that old are not kept;
// and that block's checkpoint text and note, signed by the set before. So whoever
// trusts an old set walks to the newest one, however many blocks later.

// A TrailError says why a node cannot tell how the member set went on.
type TrailError struct{ Code, Sentence string }

func (e *TrailError) Error() string { return e.Sentence }

// Limits of one trust bundle. Who has further to go asks again.
const (
	trailStepsMax = 64
	trailBytesMax = 8 << 20
)

func stepKey(set, height int64) []byte { return key(keyStep, u64(set), u64(height)) }

// keepStep keeps what proves the newest member set, when the newest block brought
// it. Commit and Open call it: a crash before it is done leaves that block the
// newest one. l.mu is held, or nobody else has the ledger yet.
func (l *Ledger) keepStep() error {
	h := &l.head
	if n := len(h.Sets); n < 2 || h.Sets[n-1].From != h.Height || l.sets[h.Height] != 0 {
		return nil
	}
	s := l.recent[len(l.recent)-1]
	u := new(proof.Bundle)
	if err := s.prove(u, license.KindMembers, "set"); err != nil {
		return err
	}
	block, err := s.entryProof(h.Size - 1)
	if err != nil {
		return err
	}
	step := proof.TrailStep{Members: u.Records[0], Block: *block}
	if l.opts.Synced != nil {
		l.opts.Synced()
	}
	if err := l.db.Set(stepKey(h.Set, h.Height), strict.Encode(&step), pebble.Sync); err != nil {
		return fmt.Errorf("what proves member set %d could not be written: %w", h.Set, err)
	}
	l.sets[h.Height] = h.Set
	return nil
}

// loadSteps finds at which heights the member set changed.
func (l *Ledger) loadSteps() error {
	l.sets, l.proven = map[int64]int64{}, map[int64]bool{}
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: []byte{keyStep}, UpperBound: []byte{keyStep + 1}})
	if err != nil {
		return err
	}
	for ok := it.First(); ok; ok = it.Next() {
		if k := it.Key(); len(k) == len(stepKey(0, 0)) {
			l.sets[be64(k[9:])] = be64(k[1:9])
		}
	}
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return err
	}
	return l.keepStep()
}

// SetChanges lists the heights of the blocks that changed the member set,
// ascending. The founding is not among them.
func (l *Ledger) SetChanges() []int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.Sorted(maps.Keys(l.sets))
}

func (l *Ledger) changedSet(height int64) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.sets[height] != 0
}

// VotersOf returns the member set that decides a height, however long ago; the
// head knows the newest sets only.
func (l *Ledger) VotersOf(height int64) (license.MemberSet, error) {
	h := l.Head()
	if len(h.Sets) == 0 {
		return license.MemberSet{}, nil // before genesis
	}
	if h.Sets[0].From == 0 || h.Sets[0].From+2 <= height {
		return h.VotersOf(height), nil
	}
	es, err := entriesOf(l.db, license.KindMembers, "set")
	if err != nil || len(es) == 0 {
		return license.MemberSet{}, errors.Join(err, corrupt("there is no entry about the member set"))
	}
	at := es[0]
	for _, e := range es {
		if e.Block+2 <= height {
			at = e
		}
	}
	var set license.MemberSet
	if err := strict.Decode(at.Body, &set, recordBytesMax); err != nil {
		return license.MemberSet{}, corrupt("entry %d about the member set: %v", at.Index, err)
	}
	return set, nil
}

// TrailBundle proves the member sets that follow set from, to set until at most:
// as many of them as one bundle holds. Until is a set that signs already.
func (l *Ledger) TrailBundle(from, until int64) ([]byte, error) {
	switch {
	case from < 1 || from > until:
		return nil, &TrailError{"unknown-set", fmt.Sprintf("There is no member set %d yet; set %d signs.", from, until)}
	case from == until:
		return nil, &TrailError{"newest-set", fmt.Sprintf("Member set %d is the one that signs; none follows it.", from)}
	}
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: stepKey(from+1, 0), UpperBound: stepKey(until+1, 0)})
	if err != nil {
		return nil, err
	}
	u := proof.Bundle{V: 1, Type: proof.BundleTrust, Origin: l.Head().Origin}
	size := 0
	for ok := it.First(); ok && len(u.Trail) < trailStepsMax; ok = it.Next() {
		set, height := be64(it.Key()[1:9]), be64(it.Key()[9:])
		note, e := l.quorumNote(height)
		size += len(it.Value()) + len(note)
		if err = e; err != nil || note == nil || set != from+int64(len(u.Trail))+1 || len(u.Trail) > 0 && size > trailBytesMax {
			break
		}
		var step proof.TrailStep
		if err = strict.Decode(it.Value(), &step, proof.BundleBytesMax); err != nil {
			err = corrupt("what proves member set %d: %v", set, err)
			break
		}
		step.Checkpoint = string(note)
		u.Trail = append(u.Trail, step)
	}
	if err := errors.Join(err, it.Error(), it.Close()); err != nil {
		return nil, err
	}
	if len(u.Trail) == 0 {
		return nil, &TrailError{"no-trail", fmt.Sprintf("This node does not have what proves member set %d. Ask another member's node.", from+1)}
	}
	return strict.Encode(&u), nil
}

// quorumNote returns a height's note when it holds, else nil: a node saves notes
// while they still grow.
func (l *Ledger) quorumNote(height int64) ([]byte, error) {
	note, err := l.Note(height)
	if note == nil || err != nil {
		return nil, err
	}
	l.mu.RLock()
	known := l.proven[height]
	l.mu.RUnlock()
	if known {
		return note, nil
	}
	set, err := l.VotersOf(height + 1)
	if err != nil {
		return nil, err
	}
	if _, _, _, err := proof.TrustOf(l.Head().Origin, set, nil).VerifyNoteStrict(note); err != nil {
		return nil, nil
	}
	l.mu.Lock()
	l.proven[height] = true // a note that is saved later has more signatures, not fewer
	l.mu.Unlock()
	return note, nil
}
