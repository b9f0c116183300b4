package lookup

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
)

// ErrBusy says that as many searches wait as may: this one was not begun.
var ErrBusy = errors.New("too many searches wait")

// waitingMax bounds the searches that wait for their turn.
const waitingMax = 64

// A gate lets searches through that may look at much, a few at a time, so that
// however many are asked, recording and questions by number go on. What waits too
// long is the asker's to ask again.
type gate struct {
	open    chan struct{}
	waiting *atomic.Int64
}

// newGate leaves one core to everything else.
func newGate() gate {
	return gate{make(chan struct{}, max(1, min(readersMax/2, runtime.GOMAXPROCS(0)-1))), new(atomic.Int64)}
}

func (g gate) enter(ctx context.Context) error {
	select {
	case g.open <- struct{}{}:
		return nil
	default:
	}
	if g.waiting.Add(1) > waitingMax {
		g.waiting.Add(-1)
		return ErrBusy
	}
	defer g.waiting.Add(-1)
	select {
	case g.open <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (g gate) leave() { <-g.open }
