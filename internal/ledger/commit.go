package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger/trie"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

type pendingMap = *trie.Pending

// notesKept is for how many heights the checkpoint's text and note can be told.
// Those of blocks that changed the member set are kept for ever.
const notesKept = 2000

// A Validator is a voting power that changes: engine key and weight, 0 to leave.
type Validator struct {
	Key    []byte
	Weight int64
}

// Finalize applies a block and keeps nothing of it in the store; Commit does. t
// is the engine's block time. It may be called again for the same height.
func (l *Ledger) Finalize(height int64, t time.Time, txs [][]byte) (appHash [32]byte, outcomes []Outcome, changes []Validator, err error) {
	l.opts.Step("acts")
	head := l.Head()
	if height != head.Height+1 {
		return appHash, nil, nil, fmt.Errorf("block %d does not follow block %d", height, head.Height)
	}
	var n license.Network
	w := l.newWorking(head.Size, "")
	w.block = height
	w.Get(license.KindNetwork, "network", &n)
	rules := n.RulesAt(height)
	if err := knows(rules, height); err != nil {
		return appHash, nil, nil, err
	}
	w.now = max(legal(t, n.Offset), head.Time)
	b := &block{height: height, rules: rules, work: w, origin: head.Origin, founded: true, verify: l.opts.Verify}
	l.memory.begin()
	defer func() { err = errors.Join(err, l.memory.end()) }()
	if b.newRunner(l.packs); b.run != nil {
		b.run.begin(head.Time, len(txs) > 0)
	}
	for _, raw := range txs {
		hash := sha256.Sum256(raw)
		o := b.apply(raw, l.door.checked(hash))
		o.written = strict.Encode(&o)
		b.outcomes, b.hashes = append(b.outcomes, o), append(b.hashes, hash)
	}
	l.opts.Step("state")
	if changes, err = l.close(b, head); err != nil {
		return appHash, nil, nil, err
	}
	l.pending = b
	return b.after.AppHash(), b.outcomes, changes, nil
}

// knows says whether this program has the rules of a block; without them it stops
// before it.
func knows(rules, height int64) error {
	if rules <= license.RulesNewest {
		return nil
	}
	return fmt.Errorf("block %d is decided under rules %d, which the members adopted; this program has rules %d to %d. Nothing was changed: install a newer licet and start it on the same home", height, rules, license.RulesFirst, license.RulesNewest)
}

func (l *Ledger) newWorking(size int64, now license.Instant) *working {
	root := working{store: l.db, known: l.memory, base: size}
	w := root.over()
	w.under, w.now = nil, now
	return w
}

// close computes the state after the block: map root, block entry, log root.
func (l *Ledger) close(b *block, before Head) (changes []Validator, err error) {
	b.after, b.edge = before, l.edge.clone()
	b.after.Height, b.after.Time = b.height, b.work.now
	if b.work.err != nil {
		return nil, b.work.err
	}
	var n license.Network
	b.work.Get(license.KindNetwork, "network", &n)
	b.after.Rules = n.RulesAt(b.height + 1)
	if len(b.work.entries) == 0 {
		return nil, b.work.err
	}
	if b.pending, err = l.trie.Update(l.db, b.work.mapChanges()); err != nil {
		return nil, err
	}
	b.after.Map = b.pending.Root()
	changes = b.succession()
	b.end()
	for _, e := range b.work.entries {
		b.edge.append(tlog.Hash(e.Hash))
	}
	b.after.Size, b.after.Root = b.edge.size, license.Hash(b.edge.root())
	return changes, nil
}

// mapChanges lists the new leaves, in the order of their records.
func (w *working) mapChanges() []trie.Change {
	ids := w.changed()
	out := make([]trie.Change, len(ids))
	for i, id := range ids {
		v := w.records[id]
		out[i] = trie.Change{Key: proof.MapKey(id.kind, id.id), Value: sha256.Sum256(v), Delete: v == nil}
	}
	return out
}

// changed lists the changed records, in order.
func (w *working) changed() []recordID {
	if len(w.ids) == len(w.records) {
		return w.ids
	}
	w.ids = make([]recordID, 0, len(w.records))
	for id := range w.records {
		w.ids = append(w.ids, id)
	}
	slices.SortFunc(w.ids, func(a, b recordID) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id)) })
	return w.ids
}

// succession follows a change of member set: who votes, and from when.
func (b *block) succession() (changes []Validator) {
	if _, changed := b.work.records[recordID{license.KindMembers, "set"}]; !changed {
		return nil
	}
	var next license.MemberSet
	b.work.Get(license.KindMembers, "set", &next)
	var old license.MemberSet
	if n := len(b.after.Sets); n > 0 {
		old = b.after.Sets[n-1].Set
	}
	next.Last = license.Hash{}
	b.after.Set = next.Set
	b.after.Sets = append(slices.Clone(b.after.Sets), setFrom{From: b.height, Set: next})
	// A set decides from two blocks after its own: until then two earlier ones
	// may still be asked for.
	if n := len(b.after.Sets); n > 4 {
		b.after.Sets = b.after.Sets[n-4:]
	}
	return validatorChanges(old, next)
}

func validatorChanges(old, next license.MemberSet) (changes []Validator) {
	weight := map[string]int64{}
	for _, m := range old.Members {
		weight[m.Validator] = m.Weight
	}
	for _, m := range next.Members {
		if weight[m.Validator] != m.Weight {
			changes = append(changes, validator(m.Validator, m.Weight))
		}
		delete(weight, m.Validator)
	}
	for _, m := range old.Members {
		if w, gone := weight[m.Validator]; gone && w > 0 {
			changes = append(changes, validator(m.Validator, 0))
		}
	}
	return changes
}

func validator(key string, weight int64) Validator {
	k, _ := base64.StdEncoding.DecodeString(key) // checked when the member came in
	return Validator{k, weight}
}

// end adds the block entry, the last leaf of every block that changed anything.
func (b *block) end() {
	w := b.work
	next := b.after.VotersOf(b.height + 1)
	en := license.Entry{
		V: 1, Index: w.base + int64(len(w.entries)), Block: b.height, Time: w.now,
		End: &license.BlockEnd{Map: b.after.Map, Set: next.Set, Rules: b.after.Rules},
	}
	bytes := strict.Encode(&en)
	w.add(newEntry{license.Recorded{Entry: en, Hash: license.LeafHash(bytes)}, bytes, nil})
}

// Commit makes the last Finalize durable in one synced batch.
func (l *Ledger) Commit() error {
	b := l.pending
	if b == nil {
		return fmt.Errorf("nothing to commit")
	}
	l.opts.Step("store")
	defer l.opts.Step("")
	batch := l.db.NewBatchWithSize(b.bytes())
	defer func() { _ = batch.Close() }()
	if err := b.write(batch); err != nil {
		return err
	}
	if err := l.prune(batch, b); err != nil {
		return err
	}
	if l.opts.Synced != nil {
		l.opts.Synced()
	}
	if err := batch.Commit(pebble.Sync); err != nil {
		return fmt.Errorf("the block could not be written: %w", err)
	}
	if b.pending != nil {
		l.trie.Advance(b.pending)
	}
	l.edge, l.pending = b.edge, nil
	l.memory.changed(b.work.records)
	l.door.forget(b.hashes)
	l.mu.Lock()
	defer l.mu.Unlock()
	changed := b.after.Size != l.head.Size
	l.head = b.after
	if changed || len(l.recent) == 0 {
		l.keep()
	} else { // the same state, one block later
		l.recent[len(l.recent)-1].Head = l.head
	}
	if b.forgets() {
		l.forget.from, l.forget.wanted = b.height, true
	}
	if err := l.keepStep(); err != nil {
		return err
	}
	close(l.wake)
	l.wake = make(chan struct{})
	return nil
}

// bytes guesses the size of the block's batch, so that it need not grow often.
func (b *block) bytes() int {
	return 4096 + len(b.work.entries)*4096 + len(b.payloads)*2048
}

// write puts the block into the batch.
func (b *block) write(batch *pebble.Batch) error {
	w := setter{batch: batch}
	for _, id := range b.work.changed() {
		if k, v := recordKey(id.kind, id.id), b.work.records[id]; v == nil {
			w.delete(k)
		} else {
			w.set(k, v)
		}
	}
	for c, v := range b.work.openings {
		if k := key(keyOpening, c[:]); v == nil {
			w.delete(k)
			w.set(key(keyForget, c[:]), u64(b.height))
		} else {
			w.set(k, v)
		}
	}
	for _, e := range b.work.entries {
		w.entry(&e)
	}
	for _, e := range b.work.entries {
		if e.Kind != "" {
			w.set(append(ofRecordPrefix(e.Kind, e.ID), u64(e.Index)...), nil)
		}
		w.about(&e.Entry)
		for _, pair := range linkedBy(&e.Entry) {
			w.set(append(linkedPrefix(pair[0]), pair[1]...), nil)
		}
	}
	b.writeDue(&w)
	b.edge.write(&w, b.work.base)
	if err := b.writeOutcomes(&w); err != nil {
		return err
	}
	w.set(key(keyCheckpoint, u64(b.height)), strict.Encode(&checkpointed{b.after.Size, b.after.Root, b.after.Time}))
	w.set([]byte{keyHead}, strict.Encode(&b.after))
	if w.err == nil && b.pending != nil {
		w.err = b.pending.Write(batch)
	}
	return w.err
}

// forgets says whether the block deletes openings.
func (b *block) forgets() bool {
	for _, v := range b.work.openings {
		if v == nil {
			return true
		}
	}
	return false
}

// A checkpointed says what a checkpoint over the state after a height says.
type checkpointed struct {
	Size int64           `json:"size"`
	Root license.Hash    `json:"root"`
	Time license.Instant `json:"time"`
}

// A setter writes into a batch and keeps the first error.
type setter struct {
	batch *pebble.Batch
	err   error
}

func (w *setter) set(k, v []byte) {
	if w.err == nil {
		w.err = w.batch.Set(k, v, nil)
	}
}

// entry keeps an entry and the act that it records.
func (w *setter) entry(e *newEntry) {
	w.set(entryKey(e.Index), append(appendPart(make([]byte, 0, 4+len(e.bytes)+len(e.act)), e.bytes), e.act...))
}

// about notes a fact at the license that it is about.
func (w *setter) about(e *license.Entry) {
	var f license.Fact
	if e.Act == "fact.record" && strict.Decode(e.Body, &f, recordBytesMax) == nil {
		w.set(append(aboutPrefix(f.About), u64(e.Index)...), nil)
	}
}

func (w *setter) delete(k []byte) {
	if w.err == nil {
		w.err = w.batch.Delete(k, nil)
	}
}

// prune lets old outcomes and checkpoint texts go. They are no hashed state.
func (l *Ledger) prune(batch *pebble.Batch, b *block) error {
	w := setter{batch: batch}
	if h := b.height - l.opts.NotesKept; h >= 0 && !l.changedSet(h) {
		w.delete(key(keyCheckpoint, u64(h)))
		w.delete(key(keyNote, u64(h)))
	}
	if b.height%pruneEvery == 0 {
		return l.pruneOutcomes(&w, b.after.Time)
	}
	return w.err
}
