package node

import "sync"

// waiters are the transactions that somebody waits for. Equal transactions
// share a waiter.
type waiters struct {
	mu sync.Mutex
	by map[[32]byte]*waiter
}

type waiter struct {
	users   int           // guarded by waiters.mu
	done    chan struct{} // closed when outcome and err are set
	outcome Outcome
	err     error
}

func newWaiters() *waiters { return &waiters{by: map[[32]byte]*waiter{}} }

// join registers for a transaction; each join needs a leave.
func (s *waiters) join(hash [32]byte) *waiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.by[hash]
	if w == nil {
		w = &waiter{done: make(chan struct{})}
		s.by[hash] = w
	}
	w.users++
	return w
}

func (s *waiters) leave(hash [32]byte, w *waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.users--
	if w.users == 0 && s.by[hash] == w {
		delete(s.by, hash)
	}
}

// resolve tells those who wait for a transaction.
func (s *waiters) resolve(hash [32]byte, o Outcome, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.by[hash]; w != nil {
		delete(s.by, hash)
		w.outcome, w.err = o, err
		close(w.done)
	}
}

// resolveBlock tells those who wait for a transaction of a block.
func (s *waiters) resolveBlock(txs [][]byte, outcomes []Outcome) {
	s.mu.Lock()
	idle := len(s.by) == 0
	s.mu.Unlock()
	if idle { // no need to hash a block that came from elsewhere
		return
	}
	for i, tx := range txs {
		s.resolve(TxHash(tx), outcomes[i], nil)
	}
}

// A gate lets calls in until it closes, and knows when the last is out: after
// that nothing of ours touches the engine or the machine.
type gate struct {
	closing chan struct{} // closed by close

	mu     sync.Mutex
	closed bool
	inside sync.WaitGroup
}

func newGate() *gate { return &gate{closing: make(chan struct{})} }

// enter says whether the call may go on; then it must leave.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.inside.Add(1)
	}
	return !g.closed
}

func (g *gate) leave() { g.inside.Done() }

// close turns everybody away and waits until those inside are gone; whoever
// waits inside watches closing.
func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	close(g.closing)
	g.mu.Unlock()
	g.inside.Wait()
}
