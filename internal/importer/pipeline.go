package importer

import (
	"context"
	"iter"

	"licet/license"
)

// UnderWayMax is how many batches an import has under way at once: one is planned
// while those before it are signed, sent and recorded.
const UnderWayMax = 4

// A Sender has a batch recorded, and says which of its acts were refused, by their
// number counted from 1. It is called for several batches at once.
type Sender func(ctx context.Context, b *Batch) (map[int64]license.Refusal, error)

// Import has a plan's batches recorded, and tells what became of their rows, in their
// order, from the goroutine that calls it. After an error nothing more is sent; what is
// under way is waited for, and whoever imports the file again goes on from there.
//
// Batches may be recorded in another order than they are sent in. So none is sent while
// one is under way that is about the same license.
func Import(ctx context.Context, plan iter.Seq2[Batch, error], send Sender, tell func(Result)) (err error) {
	p := &pipeline{send: send, tell: tell, licenses: map[string]int{}}
	defer func() {
		if failed := p.settle(0); err == nil {
			err = failed
		}
	}()
	for b, err := range plan {
		if err == nil {
			err = p.room(&b)
		}
		if err != nil {
			return err
		}
		p.start(ctx, &b)
	}
	return nil
}

// A pipeline holds the batches that are under way, the oldest first.
type pipeline struct {
	send     Sender
	tell     func(Result)
	under    []*flight
	licenses map[string]int // that the batches under way are about, with the number of their acts
}

// A flight is a batch under way.
type flight struct {
	*Batch
	done    chan struct{} // closed when refused and err are set
	refused map[int64]license.Refusal
	err     error
}

// room waits until a batch may be sent.
func (p *pipeline) room(b *Batch) error {
	if p.failed() {
		return p.settle(0)
	}
	if err := p.settle(UnderWayMax - 1); err != nil {
		return err
	}
	for p.touches(b) {
		if err := p.settle(len(p.under) - 1); err != nil {
			return err
		}
	}
	return nil
}

// failed says whether one under way is known to have failed, be it not the oldest.
func (p *pipeline) failed() bool {
	for _, f := range p.under {
		select {
		case <-f.done:
			if f.err != nil {
				return true
			}
		default:
		}
	}
	return false
}

func (p *pipeline) touches(b *Batch) bool {
	for i := range b.Rows {
		if p.licenses[b.Rows[i].License] > 0 {
			return true
		}
	}
	return false
}

func (p *pipeline) start(ctx context.Context, b *Batch) {
	f := &flight{Batch: b, done: make(chan struct{})}
	p.under = append(p.under, f)
	for i := range b.Rows {
		p.licenses[b.Rows[i].License]++
	}
	go func() {
		defer close(f.done)
		f.refused, f.err = p.send(ctx, b)
	}()
}

// settle waits for the oldest batches until at most n are under way, and returns the
// first error of them.
func (p *pipeline) settle(n int) (err error) {
	for len(p.under) > n {
		f := p.under[0]
		p.under = p.under[1:]
		<-f.done
		for i := range f.Rows {
			if l := f.Rows[i].License; p.licenses[l] == 1 {
				delete(p.licenses, l)
			} else {
				p.licenses[l]--
			}
		}
		if f.err != nil {
			if err == nil {
				err = f.err
			}
			continue
		}
		for _, r := range f.Results(f.refused) {
			p.tell(r)
		}
	}
	return err
}
