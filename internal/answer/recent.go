package answer

import (
	"sync"

	"licet/internal/ledger"
	"licet/license"
)

// A recent keeps what many answers of one state need: it is read once, and
// forgotten with the first entry that comes after. Nobody writes to it.
type recent struct {
	mu       sync.Mutex
	size     int64               // of the log of that state
	contexts map[string]*Context // by profession that is here
	offset   *int64              // of legal time
	statuses []Status
}

// of forgets what is of another state. The caller holds the lock.
func (c *recent) of(s *ledger.State) {
	if c.size != s.Head.Size || c.contexts == nil {
		c.size, c.contexts, c.offset, c.statuses = s.Head.Size, map[string]*Context{}, nil, nil
	}
}

// context returns what stands around a license, and whether its profession is here.
func (r *Registry) context(s *ledger.State, id license.ID) (c *Context, profession bool, err error) {
	r.recent.mu.Lock()
	defer r.recent.mu.Unlock()
	r.recent.of(s)
	if c := r.recent.contexts[id.ProfessionID()]; c != nil {
		return c, true, nil
	}
	c = new(Context)
	profession, err = c.read(s, id)
	if err == nil && profession {
		r.recent.contexts[id.ProfessionID()] = c
	}
	return c, profession, err
}

// offset is how far legal time is ahead, in seconds. Only ages rest on it.
func (r *Registry) offset(s *ledger.State) int64 {
	r.recent.mu.Lock()
	defer r.recent.mu.Unlock()
	r.recent.of(s)
	if r.recent.offset == nil {
		var n license.Network
		_, _ = s.Record(license.KindNetwork, "network", &n)
		r.recent.offset = &n.Offset
	}
	return *r.recent.offset
}
