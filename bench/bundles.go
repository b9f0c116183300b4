package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"licet/license"
	"licet/proof"
)

// Bundles of random licenses on all cores, made from the newest state while ten
// blocks a second arrive.

const blocksPerSecond = 10

func bundles(b *bench) {
	for _, n := range size(b, []int{100_000, b.licenses}, []int{10_000}) {
		bundlesOver(b, n)
	}
}

func bundlesOver(b *bench, licenses int) {
	x := loadLedger(b, keysPerIssue*licenses)
	defer func() { check(x.l.Close()) }()
	s := newServer(x)
	s.block()
	peer := loadImmudb(b, licenses)
	defer peer.close()
	var present, absent, gets, verified series
	for range b.runs {
		d := size(b, 4*time.Second, time.Second)
		present = append(present, s.serve(d, licenseID))
		absent = append(absent, s.serve(d, func(i int) string { return licenseID(5_000_000 + i) }))
		gets = append(gets, peer.serve(d, false))
		verified = append(verified, peer.serve(d, true))
	}
	row(fmt.Sprintf("standing bundles, %d licenses, %d cores", len(x.subjects), runtime.NumCPU()), present, "/s", "≥ 45,000")
	row("the same of numbers that are absent", absent, "/s", "≥ 45,000")
	row("peer: immudb's verifiable get, made", gets, "/s", "")
	row("  ratio of standing bundles to it", present.over(gets), "", "")
	row("peer: immudb's verifiable get, made and verified", verified, "/s", "")
	s.sizes()
}

// A server makes bundles from the newest state that has a note.
type server struct {
	x     *loaded
	newer atomic.Pointer[noted]
}

type noted struct {
	height, size int64
	note         []byte
}

func newServer(x *loaded) *server { return &server{x: x} }

// block records a block of 50 acts and its note.
func (s *server) block() {
	h := s.x.l.Head()
	block(s.x.l, s.x.payload(h, s.x.draw(50), false))
	h = s.x.l.Head()
	s.newer.Store(&noted{h.Height, h.Size, noteOver(s.x.l)})
}

func (s *server) bundle(kind, id string, history bool) []byte {
	n := s.newer.Load()
	st := must(s.x.l.StateAt(n.size))
	defer st.Release()
	if history {
		return must(st.HistoryBundle(kind, id, n.note))
	}
	return must(st.StandingBundle(kind, id, n.note))
}

// serve makes bundles on all cores for a while and returns how many in a second.
func (s *server) serve(d time.Duration, id func(int) string) float64 {
	var made atomic.Int64
	var stop atomic.Bool
	var wg sync.WaitGroup
	for c := range runtime.NumCPU() {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(5, uint64(c)))
			for n := 0; !stop.Load(); n++ {
				s.bundle(license.KindLicense, id(random.IntN(len(s.x.subjects))), false)
				made.Add(1)
			}
		})
	}
	began := time.Now()
	for tick := time.NewTicker(time.Second / blocksPerSecond); time.Since(began) < d; <-tick.C {
		s.block()
	}
	n, took := made.Load(), time.Since(began)
	stop.Store(true)
	wg.Wait()
	return perSecond(int(n), took)
}

// sizes prints how large bundles are, as they are and in a binary form that holds
// the same hashes without their digits.
func (s *server) sizes() {
	var json, binary, history, absent series
	for i := range 200 {
		b := s.bundle(license.KindLicense, licenseID(i*37), false)
		json = append(json, float64(len(b)))
		binary = append(binary, float64(binaryBytes(b)))
		history = append(history, float64(len(s.bundle(license.KindLicense, licenseID(i*37), true))))
		absent = append(absent, float64(len(s.bundle(license.KindLicense, licenseID(5_000_000+i), false))))
	}
	row("standing bundle, JSON", json, "bytes", "")
	row("standing bundle of an absent number, JSON", absent, "bytes", "")
	row("history bundle, JSON", history, "bytes", "")
	row("license, block entry and checkpoint with proofs, binary", binary, "bytes", "< 2048")
}

// binaryBytes is the length of what proves the license alone: its record and map
// proof, the block entry with its path, and the cosigned checkpoint.
func binaryBytes(bundle []byte) int {
	u := must(proof.ParseBundle(bundle))
	r := &u.Records[0]
	p := must(r.Proof.AppendBinary(nil))
	return len(r.Value) + len(p) + len(u.Block.Entry) + 32*len(u.Block.Path) + len(u.Checkpoint)
}
