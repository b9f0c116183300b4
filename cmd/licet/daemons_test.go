package main

import "sync"

// daemons are the running nodes of the scripts.
type daemons struct {
	mu sync.Mutex
	by map[string]*daemon
}

func newDaemons() *daemons { return &daemons{by: map[string]*daemon{}} }

func (d *daemons) put(work string, x *daemon) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.by[work] = x
}

// take returns the daemon and forgets it, so that it is stopped once.
func (d *daemons) take(work string) *daemon {
	d.mu.Lock()
	defer d.mu.Unlock()
	x := d.by[work]
	delete(d.by, work)
	return x
}
