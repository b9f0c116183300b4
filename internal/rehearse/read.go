package rehearse

import (
	"errors"
	"fmt"
	"runtime"

	"licet/license"
	"licet/strict"
)

// A read is an entry with what it records.
type read struct {
	license.Recorded
	act license.Act // nil: no hook answers it
	err error
}

// A batch is a run of entries that is read at once.
type batch struct {
	raw  [][2][]byte
	out  []read
	done chan struct{}
}

const batchEntries = 128

var errEnough = errors.New("the last day is over")

// each reads the log on all cores and gives its entries in order.
func each(s Source, answers func(verb string) bool, do func(*read) error) error {
	n := runtime.GOMAXPROCS(0)
	work, ordered, stop := make(chan *batch, 2*n), make(chan *batch, 2*n), make(chan struct{})
	for range n {
		go func() {
			for b := range work {
				b.read(answers)
			}
		}()
	}
	var failed error
	go func() {
		defer close(ordered)
		defer close(work)
		failed = feed(s, func(b *batch) bool {
			select {
			case <-stop:
				return false
			case ordered <- b:
				work <- b
				return true
			}
		})
	}()
	err := consume(ordered, do)
	close(stop)
	for b := range ordered {
		<-b.done
	}
	if err == nil {
		err = failed
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// feed makes batches of the log until send wants no more.
func feed(s Source, send func(*batch) bool) error {
	b := &batch{done: make(chan struct{})}
	err := s.Entries(func(entry, act []byte) error {
		if b.raw = append(b.raw, [2][]byte{entry, act}); len(b.raw) < batchEntries {
			return nil
		}
		full := b
		b = &batch{done: make(chan struct{})}
		if !send(full) {
			return errEnough
		}
		return nil
	})
	if err == nil && len(b.raw) > 0 {
		send(b)
	}
	return err
}

func consume(ordered chan *batch, do func(*read) error) error {
	for b := range ordered {
		<-b.done
		for i := range b.out {
			if err := b.out[i].err; err != nil {
				return err
			}
			if err := do(&b.out[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *batch) read(answers func(string) bool) {
	defer close(b.done)
	b.out = make([]read, len(b.raw))
	for i := range b.raw {
		b.out[i].read(b.raw[i][0], b.raw[i][1], answers)
	}
	b.raw = nil
}

func (r *read) read(entry, act []byte, answers func(string) bool) {
	r.Hash = license.LeafHash(entry)
	if err := strict.Decode(entry, &r.Entry, license.EntryBytesMax); err != nil {
		r.err = fmt.Errorf("an entry of the log cannot be read: %w", err)
		return
	}
	if !r.Signed() || !answers(r.Act) {
		return
	}
	var err error
	if r.act, err = license.ParseAct(act); err != nil {
		r.err = fmt.Errorf("the act of entry %d is not shown, or cannot be read: %w", r.Index, err)
	}
}
