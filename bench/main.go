// Bench measures Licet beside peers on the machine at hand. It is a module of
// its own, so that the peers are no dependencies of Licet.
//
//	go run .            five runs of everything
//	go run . -quick     one short run of everything
//	go run . -only acts
//	go run . -only import,search,delta -keep DIR
//
// Peers run in turn with what is measured, in the same process and the same
// minutes, because a machine's speed changes: read the ratios. docs/performance.md
// says what the figures mean.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// A bench is the place and the size of one invocation.
type bench struct {
	dir      string // stores go here and are removed
	quick    bool
	runs     int
	licenses int // of the roster that is imported
	stores   int
	keep     string    // where the imported roster stays; "" nowhere
	imported *imported // nil: not yet
}

// benches in the order in which they run.
var benches = []struct {
	name string
	run  func(*bench)
}{
	{"yardstick", yardstick},
	{"wasm", wasmSize},
	{"ledger", ledgerCost},
	{"packs", packCalls},
	{"contracts", contractCost},
	{"bundles", bundles},
	{"verify", verifyBundles},
	{"simulate", simulations},
	{"acts", actsThroughEngine},
	{"import", imports},
	{"search", searches},
	{"delta", deltas},
}

func main() {
	quick := flag.Bool("quick", false, "one short run of each")
	only := flag.String("only", "", "names of benches, with commas")
	dir := flag.String("dir", os.TempDir(), "where stores are made; put it on the disk to measure")
	licenses := flag.Int("licenses", 0, "of the roster that is imported and searched, and unless quick of the largest registry elsewhere; 0: 1,000,000, or 20,000 when quick")
	keep := flag.String("keep", "", "keep the imported roster in this directory; search and delta use the one that is there")
	runs := flag.Int("runs", 5, "how often each is measured")
	profile := flag.String("cpuprofile", "", "write a CPU profile to this file")
	flag.Parse()
	b := &bench{quick: *quick, runs: *runs, keep: *keep}
	if b.quick {
		b.runs = 1
	}
	if b.licenses = *licenses; b.licenses == 0 {
		b.licenses = size(b, 1_000_000, 20_000)
	}
	b.dir = must(os.MkdirTemp(*dir, "licet-bench-"))
	defer func() { _ = os.RemoveAll(b.dir) }()
	onInterrupt(b)
	if *profile != "" {
		f := must(os.Create(*profile))
		check(pprof.StartCPUProfile(f))
		defer func() { pprof.StopCPUProfile(); check(f.Close()) }()
	}
	fmt.Printf("%s %s/%s, %d cores, %d runs, min / median / max\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), b.runs)
	for _, x := range benches {
		if *only == "" || slices.Contains(strings.Split(*only, ","), x.name) {
			fmt.Printf("\n%s\n", x.name)
			b.guard(x.run)
		}
	}
}

// guard reports a bench that broke and goes on with the next: a bench is no test.
func (b *bench) guard(run func(*bench)) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("  broken: %v\n", r)
		}
	}()
	run(b)
}

// size returns full, or short when quick.
func size[T any](b *bench, full, short T) T {
	if b.quick {
		return short
	}
	return full
}

// store names a directory that is not there yet.
func (b *bench) store(name string) string {
	b.stores++
	return filepath.Join(b.dir, fmt.Sprintf("%s-%d", name, b.stores))
}

// progress returns what says now and then how far some long work is.
func (b *bench) progress(what string, of int) func(int) {
	began := time.Now()
	said := began
	return func(n int) {
		if now := time.Now(); now.Sub(said) >= sayEvery {
			said = now
			fmt.Printf("    %s: %d of %d, %.0f/s\n", what, n, of, perSecond(n, now.Sub(began)))
		}
	}
}

const sayEvery = 10 * time.Second

// A series is what one thing measured in each run.
type series []float64

func (s series) sorted() series { return slices.Sorted(slices.Values(s)) }

func (s series) median() float64 { return s.sorted()[len(s)/2] }

// row prints a series in some unit; goal may be empty.
func row(what string, s series, unit, goal string) {
	o := s.sorted()
	if goal != "" {
		goal = "   goal " + goal
	}
	fmt.Printf("  %-58s %s / %s / %s %s%s\n", what, number(o[0]), number(s.median()), number(o[len(o)-1]), unit, goal)
}

func number(x float64) string {
	switch {
	case x >= 1000:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.3f", x)
}

// over divides run by run: both were measured next to each other.
func (s series) over(t series) series {
	r := make(series, len(s))
	for i := range s {
		r[i] = s[i] / t[i]
	}
	return r
}

func perSecond(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }
