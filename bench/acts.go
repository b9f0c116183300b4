package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/host"
	"licet/internal/ledger"
	"licet/internal/node"
	"licet/license"
)

// Signed acts end to end: clients in one process submit to one node and wait for
// the outcome before they submit the next, so as many transactions are under way
// as there are clients. An act counts when its block is under a checkpoint with a
// quorum. The peer is a state machine that appends the same number of bytes to a
// log and checks nothing, on the same engine, settings and disk, in turn.

const (
	singleClients = 1024
	batchClients  = 128
	batchActs     = 50
)

func actsThroughEngine(b *bench) {
	for _, n := range size(b, []int{10_000, 100_000, b.licenses}, []int{10_000}) {
		actsOver(b, n)
	}
}

func actsOver(b *bench, licenses int) {
	r := startRegistry(b, licenses)
	defer r.stop()
	p := startAppendOnly(b)
	defer p.stop()
	half := licenses / 2
	single := r.load(singleClients, 1, r.subjects[:half])
	batch := r.load(batchClients, batchActs, r.subjects[half:])
	peerSingle := p.peerLoad(singleClients, len(single.sample()))
	peerBatch := p.peerLoad(batchClients, len(batch.sample()))
	loads := []*load{single, peerSingle, batch, peerBatch}
	for range b.runs {
		for _, l := range loads {
			l.prepare(size(b, 6*time.Second, 3*time.Second))
			l.run(size(b, time.Second, 500*time.Millisecond), size(b, 5*time.Second, 2*time.Second))
		}
	}
	fmt.Printf("  %d licenses; a transaction has %d bytes with one act, %d with %d\n", licenses, len(single.sample()), len(batch.sample()), batchActs)
	row(fmt.Sprintf("single acts, %d clients", singleClients), single.rate, "acts/s", "")
	row("  append-only peer, transactions of the same size", peerSingle.rate, "tx/s", "")
	row("  ratio", single.rate.over(peerSingle.rate), "", "≥ 0.15 (0.25 ideal)")
	row("  latency at the median", single.latency, "ms", "")
	row("  acts in a block", single.perBlock, "", "")
	row("  fsyncs of the stores a block", single.syncs, "", "")
	row("  acts signed within the measured time", single.late, "%", "")
	row(fmt.Sprintf("payloads of %d acts, %d clients", batchActs, batchClients), batch.rate.times(batchActs), "acts/s", "")
	row("  append-only peer, transactions of the same size", peerBatch.rate.times(batchActs), "acts/s", "")
	row("  ratio", batch.rate.over(peerBatch.rate), "", "")
	row("  ratio to the peer that counts a transaction as one act", batch.rate.times(batchActs).over(peerSingle.rate), "", "≥ 0.25")
	row("  fsyncs of the stores a block", batch.syncs, "", "")
}

func (s series) times(x float64) series {
	r := make(series, len(s))
	for i := range s {
		r[i] = s[i] * x
	}
	return r
}

// A running is a node with its state machine.
type running struct {
	node     *node.Node
	syncs    *atomic.Int64
	close    func() error
	ledger   *ledger.Ledger // nil for the peer
	subjects []*subject
}

func (r *running) stop() {
	check(r.node.Stop())
	check(r.close())
}

// startNode starts a node over a machine that open makes.
func startNode(b *bench, name string, open func(fs vfs.FS, dir string, engineKey []byte) (node.Machine, func() error, node.Config, []byte)) *running {
	home := b.store(name)
	keys := must(node.LoadKeys(filepath.Join(home, "engine")))
	r := &running{syncs: new(atomic.Int64)}
	fs := node.CountSyncs(vfs.Default, r.syncs)
	m, closer, cfg, payload := open(fs, filepath.Join(home, "registry"), keys.PubKey)
	r.close = closer
	cfg.Home = filepath.Join(home, "engine")
	cfg.Stores = &node.Stores{FS: fs}
	g := node.Genesis{ChainID: "test-bench", Time: genesisTime.Time(), AppState: payload}
	r.node = must(node.Start(cfg, g, m, cosigner()))
	return r
}

var genesisTime = license.InstantOf(time.Now().Add(-time.Minute))

// startRegistry starts a member's node as host does, and issues licenses.
func startRegistry(b *bench, licenses int) *running {
	var l *ledger.Ledger
	r := startNode(b, "registry", func(fs vfs.FS, dir string, engineKey []byte) (node.Machine, func() error, node.Config, []byte) {
		bare := must(host.OpenBare(dir, fs))
		l = bare.Ledger
		return bare.Machine, l.Close, node.Config{Prefetch: bare.Prefetch}, founding(genesisTime, engineKey)
	})
	r.ledger = l
	const each = 500
	origin := l.Head().Origin
	var wg sync.WaitGroup
	say := b.progress("issued", licenses)
	for c := range 8 {
		wg.Go(func() {
			for i := c * each; i < licenses; i += 8 * each {
				check(r.submit(issuance(origin, license.InstantOf(time.Now()), i, each)))
				if c == 0 {
					say(i)
				}
			}
		})
	}
	wg.Wait()
	for i := range licenses {
		r.subjects = append(r.subjects, &subject{id: licenseID(i)})
	}
	return r
}

func startAppendOnly(b *bench) *running {
	return startNode(b, "append-only", func(fs vfs.FS, dir string, engineKey []byte) (node.Machine, func() error, node.Config, []byte) {
		db := must(pebble.Open(dir, &pebble.Options{FS: fs, MemTableSize: 32 << 20, Logger: silent{}}))
		return openAppendOnly(db, engineKey), db.Close, node.Config{}, []byte("append-only")
	})
}

// submit records a payload and reports any refusal as an error.
func (r *running) submit(payload []byte) error {
	o, err := r.node.Submit(context.Background(), payload)
	if err != nil || r.ledger == nil {
		return err
	}
	return refusedIn(o)
}

func refusedIn(o node.Outcome) error {
	if o.Code != "" || bytes.Contains(o.Data, []byte(`,"refused":[`)) {
		return fmt.Errorf("refused: %s", o.Data)
	}
	return nil
}

// A load is a number of clients with what they submit.
type load struct {
	of      *running
	clients []*client
	sign    func(c *client) []byte
	ahead   bool // payloads are signed ahead

	rate, latency, perBlock, syncs, late series
}

type client struct {
	number   int
	ready    [][]byte
	subjects []*subject
	next     int
	buffer   []byte
	late     int
	heights  []int64
	took     []time.Duration
}

// load makes clients that submit payloads of acts, each on licenses of its own.
func (r *running) load(clients, acts int, subjects []*subject) *load {
	l := &load{of: r, ahead: true}
	for i := range clients {
		c := &client{number: i}
		for j := i; j < len(subjects); j += clients {
			c.subjects = append(c.subjects, subjects[j])
		}
		l.clients = append(l.clients, c)
	}
	origin := r.ledger.Head().Origin
	l.sign = func(c *client) []byte {
		var of []*subject
		for range acts {
			of = append(of, c.subjects[c.next%len(c.subjects)])
			c.next++
		}
		return payload(origin, license.InstantOf(time.Now()), of)
	}
	return l
}

// peerLoad makes clients that submit bytes of a size, all different.
func (r *running) peerLoad(clients, bytes int) *load {
	l := &load{of: r}
	for i := range clients {
		l.clients = append(l.clients, &client{number: i, buffer: make([]byte, bytes)})
	}
	l.sign = func(c *client) []byte {
		b := append([]byte(nil), c.buffer...)
		binary.BigEndian.PutUint64(b, uint64(c.number))
		binary.BigEndian.PutUint64(b[8:], uint64(c.next))
		c.next++
		return b
	}
	return l
}

// sample makes a payload and keeps it to be submitted.
func (l *load) sample() []byte {
	c := l.clients[0]
	if len(c.ready) == 0 {
		c.ready = append(c.ready, l.sign(c))
	}
	return c.ready[0]
}

// prepare signs ahead what the clients will need, judging by the last run.
func (l *load) prepare(d time.Duration) {
	if !l.ahead {
		return
	}
	rate := 6000.0 / float64(len(l.sample())/1000+1) * 2
	if n := len(l.rate); n > 0 {
		rate = 1.3 * l.rate[n-1]
	}
	each := int(rate*d.Seconds())/len(l.clients) + 1
	var wg sync.WaitGroup
	gate := make(chan struct{}, 2)
	for _, c := range l.clients {
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			for len(c.ready) < each {
				c.ready = append(c.ready, l.sign(c))
			}
		})
	}
	wg.Wait()
}

// run lets the clients submit, and measures after a while.
func (l *load) run(warm, measured time.Duration) {
	var stop atomic.Bool
	var wg sync.WaitGroup
	for _, c := range l.clients {
		c.heights, c.took, c.late = nil, nil, 0
		wg.Go(func() { l.work(c, &stop) })
	}
	n := l.of.node
	time.Sleep(warm)
	from, syncs, began := n.Checkpointed(), l.of.syncs.Load(), time.Now()
	time.Sleep(measured)
	until, took := n.Checkpointed(), time.Since(began)
	syncs = l.of.syncs.Load() - syncs
	stop.Store(true)
	wg.Wait()
	l.count(from, until, took, syncs)
}

func (l *load) work(c *client, stop *atomic.Bool) {
	for !stop.Load() {
		if len(c.ready) == 0 {
			c.ready = append(c.ready, l.sign(c))
			c.late++
		}
		p := c.ready[0]
		c.ready = c.ready[1:]
		began := time.Now()
		o, err := l.of.node.Submit(context.Background(), p)
		if err == nil && l.of.ledger != nil {
			err = refusedIn(o)
		}
		check(err)
		c.heights = append(c.heights, o.Height)
		c.took = append(c.took, time.Since(began))
	}
}

// count counts what came under a checkpoint between two heights.
func (l *load) count(from, until int64, took time.Duration, syncs int64) {
	var n, late, all int
	var waits series
	for _, c := range l.clients {
		for i, h := range c.heights {
			if h > from && h <= until {
				n++
				waits = append(waits, float64(c.took[i].Microseconds())/1000)
			}
		}
		all += len(c.heights)
		late += c.late
	}
	blocks := float64(max(until-from, 1))
	l.rate = append(l.rate, perSecond(n, took))
	l.latency = append(l.latency, waits.median())
	l.perBlock = append(l.perBlock, float64(n)/blocks)
	l.syncs = append(l.syncs, float64(syncs)/blocks)
	if l.ahead {
		l.late = append(l.late, 100*float64(late)/float64(max(all, 1)))
	}
}
