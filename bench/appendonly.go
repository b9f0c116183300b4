package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/node"
	"licet/proof"
)

// An appendOnly is the peer under the same engine: a state machine that appends
// each transaction's hash to a log and checks nothing. It does what every Machine
// must for checkpoints.
type appendOnly struct {
	db      *pebble.DB
	voter   node.Voter
	pending appended

	mu    sync.RWMutex
	head  node.Head
	edge  []tlog.Hash // full subtrees of the log, the largest first
	times map[int64]time.Time
	texts map[int64]string
	notes map[int64][]byte
}

type appended struct {
	head node.Head
	edge []tlog.Hash
	txs  [][]byte
}

const appendOnlyOrigin = "bench/append-only"

func openAppendOnly(db *pebble.DB, engineKey []byte) *appendOnly {
	return &appendOnly{
		db: db, voter: node.Voter{Name: member, VKey: cosigner().VKey().String(), PubKey: engineKey, Weight: 10},
		times: map[int64]time.Time{}, texts: map[int64]string{}, notes: map[int64][]byte{},
	}
}

func (m *appendOnly) Head() node.Head {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.head
}

func (m *appendOnly) Genesis(t time.Time, _ []byte) (node.Head, []node.Validator, error) {
	m.pending = appended{head: node.Head{Time: t}}
	m.seal()
	return m.head, []node.Validator{{PubKey: m.voter.PubKey, Power: m.voter.Weight}}, m.Commit()
}

// seal computes root and app hash of the pending state.
func (m *appendOnly) seal() {
	p := &m.pending
	root, _ := tlog.TreeHash(0, nil)
	for i := len(p.edge) - 1; i >= 0; i-- {
		if i == len(p.edge)-1 {
			root = p.edge[i]
		} else {
			root = tlog.NodeHash(p.edge[i], root)
		}
	}
	p.head.Root = root
	b := binary.BigEndian.AppendUint64([]byte("licet/app/1"), uint64(p.head.Size))
	p.head.AppHash = sha256.Sum256(append(b, root[:]...))
}

func (m *appendOnly) Check([]byte) error { return nil }

func (m *appendOnly) Finalize(height int64, t time.Time, txs [][]byte) ([32]byte, []node.Outcome, []node.Validator, error) {
	p := appended{head: m.head, edge: append([]tlog.Hash(nil), m.edge...), txs: txs}
	p.head.Height, p.head.Time = height, t
	out := make([]node.Outcome, len(txs))
	for i, tx := range txs {
		h := tlog.RecordHash(tx)
		for level := 0; p.head.Size>>level&1 == 1; level++ {
			h = tlog.NodeHash(p.edge[len(p.edge)-1], h)
			p.edge = p.edge[:len(p.edge)-1]
		}
		p.edge = append(p.edge, h)
		p.head.Size++
		out[i].Height = height
	}
	m.pending = p
	if len(txs) > 0 {
		m.seal()
	}
	return m.pending.head.AppHash, out, nil, nil
}

// Commit writes the leaves and the newest size in one synced batch.
func (m *appendOnly) Commit() error {
	p := m.pending
	b := m.db.NewBatch()
	for i, tx := range p.txs {
		h := tlog.RecordHash(tx)
		if err := b.Set(binary.BigEndian.AppendUint64([]byte{'h'}, uint64(p.head.Size)-uint64(i)), h[:], nil); err != nil {
			return err
		}
	}
	if err := b.Set([]byte("size"), fmt.Append(nil, p.head.Size), nil); err != nil {
		return err
	}
	if err := b.Commit(pebble.Sync); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.head, m.edge = p.head, p.edge
	m.texts[p.head.Height] = proof.Checkpoint{Origin: appendOnlyOrigin, Size: p.head.Size, Root: p.head.Root}.Text()
	m.times[p.head.Height] = p.head.Time
	delete(m.texts, p.head.Height-2000)
	delete(m.times, p.head.Height-2000)
	delete(m.notes, p.head.Height-2000)
	return nil
}

func (m *appendOnly) Voters(int64) []node.Voter { return []node.Voter{m.voter} }

func (m *appendOnly) CheckpointText(height int64) (string, time.Time, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	text, ok := m.texts[height]
	return text, m.times[height], ok
}

func (m *appendOnly) SaveNote(height int64, note []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notes[height] = note
	return nil
}

func (m *appendOnly) Note(height int64) ([]byte, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	n, ok := m.notes[height]
	return n, ok
}

func (m *appendOnly) SetChanges() []int64 { return nil }

func (m *appendOnly) Recorded([32]byte) (node.Outcome, bool) { return node.Outcome{}, false }
