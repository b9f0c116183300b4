package trie

import (
	"bytes"
	"sync"
)

// cacheBytes bounds one generation of remembered pages.
const cacheBytes = 16 << 20

// A pageCache holds pages below the upper ones as the store has them. It may hold
// any version of a page: what it gives is used only if its hash is the one that its
// parent names.
type pageCache struct {
	mu         sync.RWMutex
	young, old map[string][]byte // by the page's key in the store
	bytes      int               // of young
}

func (c *pageCache) get(key []byte) []byte {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if v := c.young[string(key)]; v != nil {
		return v
	}
	return c.old[string(key)]
}

// put remembers a page, which it copies; nil forgets it.
func (c *pageCache) put(key, stored []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(key, stored)
}

func (c *pageCache) set(key, stored []byte) {
	if len(stored) == 0 {
		delete(c.young, string(key))
		delete(c.old, string(key))
		return
	}
	if c.young == nil || c.bytes > cacheBytes {
		c.old, c.young, c.bytes = c.young, map[string][]byte{}, 0
	}
	c.young[string(key)] = bytes.Clone(stored)
	c.bytes += len(stored) + len(key) + 80
}

// advance takes the pages of an update.
func (c *pageCache) advance(p *Pending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	start := 0
	for _, w := range p.writes {
		key, value := p.bytes[start:w.keyEnd], p.bytes[w.keyEnd:w.valueEnd]
		start = w.valueEnd
		if int(key[1]) > upperDepth {
			c.set(key, value)
		}
	}
}
