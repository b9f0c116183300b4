package host

import (
	"crypto/sha256"
	"sync"

	"licet/tx"
)

// signaturesKept bounds the memory of signatures that held: 32 bytes each, and
// twice as many at the most.
const signaturesKept = 100_000

// A signatureCache remembers which signatures held, so that what was checked at
// the door, or ahead of a block, is not checked again inside it. Failures are
// not remembered: they are cheap to have, and would push the others out.
type signatureCache struct {
	mu    sync.Mutex
	young map[[32]byte]struct{}
	old   map[[32]byte]struct{} // the generation before; dropped when young is full
}

func newSignatureCache() *signatureCache {
	return &signatureCache{young: map[[32]byte]struct{}{}}
}

// verify is tx.Signature.Verify with a memory.
func (c *signatureCache) verify(s tx.Signature, header []byte) error {
	k := cacheKey(s, header)
	if c.held(k) {
		return nil
	}
	if err := s.Verify(header); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.young) >= signaturesKept {
		c.old, c.young = c.young, map[[32]byte]struct{}{}
	}
	c.young[k] = struct{}{}
	return nil
}

// cacheKey covers By too, whose form Verify checks and tx's own key leaves out.
func cacheKey(s tx.Signature, header []byte) [32]byte {
	k := s.CacheKey(header)
	return sha256.Sum256(append(k[:], s.By...))
}

func (c *signatureCache) held(k [32]byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.young[k]; ok {
		return true
	}
	_, ok := c.old[k]
	return ok
}
