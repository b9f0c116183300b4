package lookup

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
)

// ErrBusy says that as many searches wait as may: this one was not begun.
var ErrBusy = errors.New("too many searches wait")

// Bounds on the searches that wait for their turn.
const (
	waitingMax     = 512
	waitingMaxEach = 64 // of one asker
)

// A gate lets searches through that may look at much, a few at a time, so that
// however many are asked, recording and questions by number go on. Askers take
// turns: whoever asks a thousand things delays nobody but themselves.
type gate struct {
	mu      sync.Mutex
	free    int                      // that may enter at once
	waiting map[string][]chan<- bool // by asker, the first come first
	turns   []string                 // the askers that wait
	total   int
}

// newGate leaves one core to everything else.
func newGate() *gate {
	return &gate{free: max(1, min(readersMax/2, runtime.GOMAXPROCS(0)-1)), waiting: map[string][]chan<- bool{}}
}

type askerKey struct{}

// AskedBy says in a context who asks, such as the address of a client.
func AskedBy(ctx context.Context, asker string) context.Context {
	return context.WithValue(ctx, askerKey{}, asker)
}

func askerOf(ctx context.Context) string {
	s, _ := ctx.Value(askerKey{}).(string)
	return s
}

// enter waits for a turn. Whoever has entered must leave.
func (g *gate) enter(ctx context.Context) error {
	asker, turn := askerOf(ctx), make(chan bool, 1)
	g.mu.Lock()
	switch {
	case g.free > 0:
		g.free--
		g.mu.Unlock()
		return nil
	case g.total == waitingMax, len(g.waiting[asker]) == waitingMaxEach:
		g.mu.Unlock()
		return ErrBusy
	}
	if len(g.waiting[asker]) == 0 {
		g.turns = append(g.turns, asker)
	}
	g.waiting[asker] = append(g.waiting[asker], turn)
	g.total++
	g.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		g.give(asker, turn)
		return context.Cause(ctx)
	}
}

// give gives a turn up that was waited for: it may have come meanwhile.
func (g *gate) give(asker string, turn chan bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting[asker], chan<- bool(turn)); i >= 0 {
		g.drop(asker, i)
		return
	}
	g.next()
}

// drop takes the i-th search of an asker out of the line.
func (g *gate) drop(asker string, i int) {
	g.total--
	g.waiting[asker] = slices.Delete(g.waiting[asker], i, i+1)
	if len(g.waiting[asker]) == 0 {
		delete(g.waiting, asker)
		g.turns = slices.DeleteFunc(g.turns, func(a string) bool { return a == asker })
	}
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.next()
}

// next lets the next one in: of the asker who waited longest for a turn.
func (g *gate) next() {
	if len(g.turns) == 0 {
		g.free++
		return
	}
	asker := g.turns[0]
	g.waiting[asker][0] <- true
	g.turns = append(g.turns[1:], asker)
	g.drop(asker, 0)
}
