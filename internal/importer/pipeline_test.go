package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"licet/license"
)

// A gate counts the batches that are under way, and lets them end when the test says so.
type gate struct {
	mu      sync.Mutex
	under   map[string]int // licenses of batches under way
	most    int            // batches that were under way at once
	now     int
	clashes int // batches that met another one about the same license
	begun   chan int
	leave   chan struct{}
}

func newGate() *gate {
	return &gate{under: map[string]int{}, begun: make(chan int, 1000), leave: make(chan struct{})}
}

func (g *gate) send(ctx context.Context, b *Batch) (map[int64]license.Refusal, error) {
	mine := map[string]bool{}
	for _, r := range b.Rows {
		mine[r.License] = true
	}
	g.mu.Lock()
	g.now++
	g.most = max(g.most, g.now)
	for l := range mine {
		if g.under[l]++; g.under[l] > 1 {
			g.clashes++
		}
	}
	g.mu.Unlock()
	g.begun <- len(b.Acts)
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.now--
		for l := range mine {
			g.under[l]--
		}
	}()
	select {
	case <-g.leave:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func sourceOf(t testing.TB, file []byte) *Source {
	t.Helper()
	src, err := NewSource(bytes.NewReader(file), int64(len(file)), chicago(t))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// Several batches are under way at once, no more than allowed, and each row's outcome
// is told in the order of the file.
func TestBatchesAreUnderWayTogether(t *testing.T) {
	g := newGate()
	var rows []int64
	ended := make(chan error, 1)
	go func() {
		ended <- Import(t.Context(), Plan(t.Context(), sourceOf(t, manyRows(t, 3000, "EXAMPLE")), empty{}, Options{}), g.send, func(r Result) {
			rows = append(rows, r.Row)
		})
	}()
	for range UnderWayMax {
		<-g.begun
	}
	close(g.leave)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if g.most != UnderWayMax || g.clashes > 0 || len(rows) != 3000 {
		t.Errorf("%d at once, %d clashes, %d rows", g.most, g.clashes, len(rows))
	}
	for i, r := range rows {
		if r != int64(i+1) {
			t.Fatalf("row %d was told as number %d", r, i+1)
		}
	}
}

// termsOf makes rows of so many terms, one after the other, for each of n licenses.
func termsOf(t testing.TB, n, terms int) []byte {
	lines := strings.SplitAfter(string(invented(t)), "\n")
	var b strings.Builder
	b.WriteString(lines[0])
	for i := range n {
		for j := range terms {
			from := license.Day("1990-01-01").Add(2 * j)
			write := func(d license.Day) string { return fmt.Sprintf("%s/%s/%s", d[5:7], d[8:], d[:4]) }
			b.WriteString(strings.NewReplacer("900105", fmt.Sprintf("7%04d", i), "11/16/2001", write(from), "11/15/2002", write(from.Add(1))).Replace(lines[10]))
		}
	}
	return []byte(b.String())
}

// The acts of a license stay in one batch; of one that has more than a batch holds, no
// two batches are under way at once.
func TestBatchesOfOneLicenseWaitForEachOther(t *testing.T) {
	for _, c := range []struct{ licenses, terms, batches int }{{40, 30, 3}, {2, 1200, 6}} {
		g, n := newGate(), 0
		close(g.leave)
		var mu sync.Mutex
		send := func(ctx context.Context, b *Batch) (map[int64]license.Refusal, error) {
			mu.Lock()
			n++
			mu.Unlock()
			return g.send(ctx, b)
		}
		var s Summary
		if err := Import(t.Context(), Plan(t.Context(), sourceOf(t, termsOf(t, c.licenses, c.terms)), empty{}, Options{}), send, s.Add); err != nil {
			t.Fatal(err)
		}
		if s.Asserted != int64(c.licenses*c.terms) || n != c.batches || g.clashes > 0 {
			t.Errorf("%d licenses of %d terms: %+v in %d batches, %d clashes", c.licenses, c.terms, s, n, g.clashes)
		}
	}
}

// When a batch cannot be sent, those under way are waited for and told of, and no
// further one is sent. The next import goes on, and nothing is recorded twice.
func TestImportThatStopsUnderWayGoesOn(t *testing.T) {
	d := newDesk(t, chicago(t))
	file := manyRows(t, 4000, "EXAMPLE")
	var mu sync.Mutex
	sent, away := 0, errors.New("the node is away")
	record := func(_ context.Context, b *Batch) (map[int64]license.Refusal, error) {
		mu.Lock()
		defer mu.Unlock()
		if sent++; sent == 2 {
			return nil, away
		}
		d.recorded(d.submit(false, b.Acts, b.Openings, "officer/us-il-chicago/importer", "importer"))
		return nil, nil
	}
	var first, second Summary
	if err := Import(t.Context(), Plan(t.Context(), sourceOf(t, file), d, Options{Each: first.Add}), record, first.Add); !errors.Is(err, away) {
		t.Fatal(err)
	}
	if first.Asserted != int64(sent-1)*BatchActsMax || sent > 2*UnderWayMax { // the one that fails may be the newest of those under way
		t.Errorf("%+v after %d batches", first, sent)
	}
	if err := Import(t.Context(), Plan(t.Context(), sourceOf(t, file), d, Options{Each: second.Add}), record, second.Add); err != nil {
		t.Fatal(err)
	}
	if second.Asserted+first.Asserted != 4000 || second.Unchanged != first.Asserted || second.Refused != 0 {
		t.Errorf("%+v, then %+v", first, second)
	}
}

// Who stops waits for nothing but the batches under way.
func TestImportEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	g := newGate()
	ended := make(chan error, 1)
	go func() {
		ended <- Import(ctx, Plan(ctx, sourceOf(t, manyRows(t, 3000, "EXAMPLE")), empty{}, Options{}), g.send, func(Result) {})
	}()
	<-g.begun
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
