package importer

import (
	"bufio"
	"bytes"
	"container/heap"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// sortBytes is how much of each list that is sorted is held in memory.
const sortBytes = 32 << 20

// A sorter sorts records of one width by their bytes. What does not fit into
// memory goes to a temporary file in sorted runs, which are merged as they are read.
type sorter struct {
	width int
	limit int // bytes held in memory, a multiple of width
	held  []byte
	runs  []int64 // bytes of each run in file, one after the other
	file  *os.File
}

func newSorter(width, limit int) *sorter {
	return &sorter{width: width, limit: max(limit/width, 1) * width}
}

// add takes a record; it is copied.
func (s *sorter) add(record []byte) error {
	if len(s.held)+s.width > s.limit {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.held = append(s.held, record...)
	return nil
}

// order returns where the held records start, the least first.
func (s *sorter) order() []int {
	at := make([]int, len(s.held)/s.width)
	for i := range at {
		at[i] = i * s.width
	}
	slices.SortFunc(at, func(a, b int) int { return bytes.Compare(s.held[a:a+s.width], s.held[b:b+s.width]) })
	return at
}

func (s *sorter) spill() error {
	if s.file == nil {
		f, err := os.CreateTemp("", "licet-import-")
		if err != nil {
			return fmt.Errorf("rows cannot be sorted: %w", err)
		}
		s.file = f
		_ = os.Remove(f.Name()) // where a system refuses it of an open file, close does it
	}
	w := bufio.NewWriterSize(s.file, 1<<20)
	for _, at := range s.order() {
		_, _ = w.Write(s.held[at : at+s.width])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("rows cannot be sorted; is there room for temporary files? %w", err)
	}
	s.runs = append(s.runs, int64(len(s.held)))
	s.held = s.held[:0]
	return nil
}

// close gives the temporary file back.
func (s *sorter) close() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
	}
	s.file, s.held = nil, nil
}

// sorted yields the records in order, as often as it is asked. A record holds until
// the next one. Nothing is added afterwards.
func (s *sorter) sorted() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if len(s.runs) == 0 {
			for _, at := range s.order() {
				if !yield(s.held[at:at+s.width], nil) {
					return
				}
			}
			return
		}
		if len(s.held) > 0 {
			if err := s.spill(); err != nil {
				yield(nil, err)
				return
			}
		}
		s.merge(yield)
	}
}

func (s *sorter) merge(yield func([]byte, error) bool) {
	var h runHeap
	var at int64
	for _, n := range s.runs {
		r := &sortedRun{in: bufio.NewReaderSize(io.NewSectionReader(s.file, at, n), 64<<10), record: make([]byte, s.width)}
		at += n
		if err := r.next(); err != nil {
			yield(nil, err)
			return
		}
		h = append(h, r)
	}
	heap.Init(&h)
	for len(h) > 0 {
		if !yield(h[0].record, nil) {
			return
		}
		err := h[0].next()
		switch {
		case errors.Is(err, io.EOF):
			heap.Pop(&h)
		case err != nil:
			yield(nil, err)
			return
		default:
			heap.Fix(&h, 0)
		}
	}
}

// A sortedRun is one sorted run as it is read.
type sortedRun struct {
	in     *bufio.Reader
	record []byte
}

func (r *sortedRun) next() error {
	_, err := io.ReadFull(r.in, r.record)
	return err
}

type runHeap []*sortedRun

func (h runHeap) Len() int           { return len(h) }
func (h runHeap) Less(i, j int) bool { return bytes.Compare(h[i].record, h[j].record) < 0 }
func (h runHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(x any)        { *h = append(*h, x.(*sortedRun)) }
func (h *runHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
