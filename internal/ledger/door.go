package ledger

import (
	"crypto/sha256"
	"sync"

	"licet/license"
	"licet/tx"
)

// doorBytes bounds, in bytes of transactions as they travel, one generation of
// those that were checked at the door. Parsed they take some times more.
const doorBytes = 8 << 20

// A door remembers transactions that were read and whose signatures held, so that
// a block that holds them soon after is spared both. What it knows follows from a
// transaction's bytes alone; without it the same blocks give the same hashes.
type door struct {
	mu         sync.Mutex
	young, old map[[32]byte]*tx.Transaction
	bytes      int // of young
}

func newDoor() *door { return &door{young: map[[32]byte]*tx.Transaction{}} }

// checked returns a transaction that passed, or nil. Nobody may change it.
func (d *door) checked(hash [32]byte) *tx.Transaction {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t := d.young[hash]; t != nil {
		return t
	}
	return d.old[hash]
}

// passed remembers a transaction of so many bytes.
func (d *door) passed(hash [32]byte, t *tx.Transaction, size int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bytes > doorBytes {
		d.old, d.young, d.bytes = d.young, map[[32]byte]*tx.Transaction{}, 0
	}
	d.young[hash] = t
	d.bytes += size
}

// forget lets transactions go that stand in a block.
func (d *door) forget(hashes [][32]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, h := range hashes {
		delete(d.young, h)
		delete(d.old, h)
	}
}

// Prefetch reads a transaction and checks its signatures ahead of the block that
// holds it. It may be called from many goroutines, and decides nothing: what
// fails here fails again in the block, where it counts.
func (l *Ledger) Prefetch(raw []byte) { _, _ = l.Read(raw) }

// Read is Prefetch, and says under which name the payload is known, or why it cannot
// be read. Signatures that do not hold are told of by Check.
func (l *Ledger) Read(raw []byte) (payload license.Hash, r *license.Refusal) {
	hash := sha256.Sum256(raw)
	if t := l.door.checked(hash); t != nil {
		return t.HeaderHash, nil
	}
	t, r := tx.Parse(raw)
	if r != nil {
		return payload, r
	}
	if t.VerifySignatures(l.opts.Verify) == nil {
		l.door.passed(hash, t, len(raw))
	}
	return t.HeaderHash, nil
}
