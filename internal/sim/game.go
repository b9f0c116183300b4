package sim

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"licet/internal/ledger"
	"licet/internal/sim/check"
	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// Config of a game.
type Config struct {
	Seed uint64
	Acts int // how many acts are sent, at least
}

// A game is one run from a seed.
type game struct {
	cfg       Config
	rng       *rand.Rand
	drawn     int
	keys      map[string]ed25519.PrivateKey // by public text
	passkeys  map[string]*ecdsa.PrivateKey  // likewise
	cosigners map[string]proof.Cosigner     // by verifier key
	origin    string
	world     *check.World
	replicas  [2]*replica
	clock     time.Time
	report    *Report

	boards, coming []string // that work; that were asked for
	officers       map[string][]string
	licenses       map[string][]string
	imported       map[string][]string
	facts          map[string][]string
	settled        map[string][]string
	asked          [][2]string // links
	contracts      []string    // names
	sealed         []string    // orders
	sent           [][]byte    // for replays
	first          proof.Trust // as of the founding
	trail          []proof.TrailStep
	older          noted // a checkpoint of before
	transcript     []string
}

// A Failure says what went wrong and how to see it again.
type Failure struct {
	Config
	Block      int64
	Err        error
	Transcript []string // the last blocks
}

func (f *Failure) Error() string {
	return fmt.Sprintf("%s\nseed %d fails in block %d: %v\nSee it again: go test ./internal/sim -run TestSeeds -sim.seed=%d -sim.acts=%d",
		strings.Join(f.Transcript, "\n"), f.Seed, f.Block, f.Err, f.Seed, f.Acts)
}

// Unwrap returns what went wrong.
func (f *Failure) Unwrap() error { return f.Err }

// Run plays a game. An error is a *Failure.
func Run(cfg Config) (*Report, error) {
	g := &game{
		cfg: cfg, rng: rand.New(rand.NewPCG(cfg.Seed, 0)), keys: map[string]ed25519.PrivateKey{}, passkeys: map[string]*ecdsa.PrivateKey{}, cosigners: map[string]proof.Cosigner{},
		officers: map[string][]string{}, licenses: map[string][]string{}, imported: map[string][]string{}, facts: map[string][]string{}, settled: map[string][]string{},
		report: newReport(), clock: start.Time(),
	}
	err := g.play()
	for _, r := range g.replicas {
		if r != nil {
			err = errors.Join(err, r.ledger.Close())
			g.report.crashed(r)
		}
	}
	if err == nil {
		return g.report, nil
	}
	f := &Failure{Config: cfg, Err: err, Transcript: g.transcript}
	f.Block = int64(g.report.Blocks)
	return g.report, f
}

func (g *game) play() error {
	if err := g.begin(); err != nil {
		return err
	}
	for g.report.Acts < g.cfg.Acts {
		if err := g.block(); err != nil {
			return err
		}
	}
	return g.whole()
}

// begin founds the network on both replicas.
func (g *game) begin() error {
	founding := g.found()
	g.origin = ledger.OriginOf(networkName, founding)
	verify := remember()
	for i, name := range []string{"a", "b"} {
		r, err := newReplica(name, founding, g.clock, rand.New(rand.NewPCG(g.cfg.Seed, uint64(i+1))), verify)
		if err != nil {
			return err
		}
		g.replicas[i] = r
	}
	g.world = check.NewWorld(g.origin)
	t, _, err := ledger.Founding(founding)
	if err != nil {
		return err
	}
	h := g.replicas[0].ledger.Head()
	if err := g.follow(block{0, g.clock, [][]byte{founding}}, h.AppHash(), []int{len(t.Acts)}); err != nil {
		return err
	}
	g.first, err = g.trust()
	return err
}

// remember checks each signature once; both replicas ask the same.
func remember() func(tx.Signature, []byte) error {
	held := map[[32]byte]bool{}
	return func(s tx.Signature, header []byte) error {
		k := s.CacheKey(header)
		if held[k] {
			return nil
		}
		err := s.Verify(header)
		if len(held) > 20000 {
			clear(held)
		}
		held[k] = err == nil
		return err
	}
}

// block draws a block, lets both replicas apply it, and checks what they did.
func (g *game) block() error {
	g.report.Blocks++
	b := block{height: g.replicas[0].ledger.Head().Height + 1, txs: g.payloads()}
	g.tick()
	b.time = g.clock
	crashing := -1
	calls, day, err := g.waiting(0)
	if err != nil {
		return err
	}
	if g.rng.IntN(6) == 0 || (calls || day) && g.rng.IntN(2) == 0 {
		crashing = g.rng.IntN(2)
	}
	var apps [2][32]byte
	var outcomes []ledger.Outcome
	for i, r := range g.replicas {
		app, os, err := r.apply(b, i == crashing)
		if err != nil {
			return fmt.Errorf("replica %s: %w", r.name, err)
		}
		if i != crashing {
			outcomes = os
		}
		apps[i] = app
	}
	if apps[0] != apps[1] {
		return fmt.Errorf("the replicas differ: app hashes %x and %x", apps[0], apps[1])
	}
	if crashing >= 0 {
		if err := g.restarted(crashing, calls, day); err != nil {
			return err
		}
	}
	done := g.note(b, outcomes)
	if err := g.follow(b, apps[0], done); err != nil {
		return err
	}
	return g.look(b)
}

// waiting says whether calls wait on a replica, and whether days do.
func (g *game) waiting(replica int) (calls, day bool, err error) {
	s, err := g.replicas[replica].ledger.State()
	if err != nil {
		return false, false, err
	}
	defer s.Release()
	ids, err := s.IDs(license.KindCall, "", 1)
	if err != nil {
		return false, false, err
	}
	for _, id := range g.boards {
		var b license.Board
		if _, err := s.Record(license.KindBoard, id, &b); err != nil {
			return false, false, err
		}
		day = day || b.Days != nil
	}
	return len(ids) > 0 && !strings.HasPrefix(ids[0], license.HeldPrefix), day, nil
}

// restarted counts a restart over a state in which calls or days wait; calls and day say
// whether some did before the block. What follows must be as on the other replica.
func (g *game) restarted(replica int, calls, day bool) error {
	if k := g.replicas[replica].kind; k == crashAfterCommit || k == stopped {
		var err error
		if calls, day, err = g.waiting(replica); err != nil {
			return err
		}
	}
	if calls {
		g.report.Calls["restarts over waiting calls"]++
	}
	if day {
		g.report.Calls["restarts within a day"]++
	}
	return nil
}

// tick moves the engine's time, mostly a little.
func (g *game) tick() {
	d := time.Duration(g.rng.IntN(90)) * time.Second
	switch g.rng.IntN(40) {
	case 0:
		d *= 1000
	case 1:
		d = -3 * time.Second
	}
	g.clock = g.clock.Add(d)
}

// follow lets the checker take in what replica a did.
func (g *game) follow(b block, app [32]byte, done []int) error {
	s, err := g.replicas[0].ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	_, before := g.world.Size()
	c := check.Block{Height: b.height, Time: string(s.Head.Time), Txs: b.txs, Done: done, Size: s.Head.Size, Root: s.Head.Root, App: app}
	if n := s.Head.Size - int64(before); n > 0 {
		if c.New, err = s.EntriesRange(int64(before), n); err != nil {
			return err
		}
	}
	if err := g.world.Add(c); err != nil {
		return err
	}
	return errors.Join(g.ofContracts(c.New), g.world.CheckOpenings(served{s}, b.txs))
}

// ofContracts counts entries that nobody signed.
func (g *game) ofContracts(entries [][]byte) error {
	for _, b := range entries {
		var e license.Entry
		if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
			return err
		}
		if strings.HasPrefix(e.Act, "contract.") && !e.Signed() {
			g.report.Contracts[e.Act]++
			g.detail(&e)
		}
	}
	return nil
}

// detail counts what entries of one verb tell apart.
func (g *game) detail(e *license.Entry) {
	var f license.Fault
	var b license.Board
	switch {
	case e.Act == license.ContractFault && strict.Decode(e.Body, &f, len(e.Body)) == nil && f.Faults > 0:
		g.report.Calls["fault "+f.Code]++
		if f.Call != "" { // which is held by the entry before
			g.report.Calls["held, not failed"]--
		}
		if f.Suspended {
			g.report.Calls["suspended"]++
		}
	case e.Act == license.ContractFault:
		g.report.Calls["sound again"]++
	case e.Act == license.ContractQueue && !strings.HasPrefix(e.Also[0].ID, license.HeldPrefix):
		g.report.Calls["no room"]++
	case e.Act == license.ContractQueue:
		g.report.Calls["held, not failed"]++
	case e.Act == license.ContractDays && strict.Decode(e.Body, &b, len(e.Body)) == nil && b.Days != nil:
		g.report.Calls["days wait"]++
	}
}

// note counts outcomes and writes the transcript.
func (g *game) note(b block, os []ledger.Outcome) (done []int) {
	if n := len(g.transcript); n > 60 {
		g.transcript = slices.Delete(g.transcript, 0, n-40)
	}
	g.transcript = append(g.transcript, fmt.Sprintf("block %d at %s: %d payloads", b.height, b.time.UTC().Format(time.RFC3339), len(b.txs)))
	for i, o := range os {
		done = append(done, len(o.Applied))
		t, _ := tx.Parse(b.txs[i])
		line := fmt.Sprintf("  payload %d %.8s (%d bytes): %s %s", i, o.Payload, len(b.txs[i]), o.Code, o.Sentence)
		if t != nil {
			g.report.Acts += len(t.Acts)
			if len(o.Applied) > 0 && slices.ContainsFunc(t.Signatures, tx.Signature.IsWebAuthn) {
				g.report.Passkeys++
			}
			for n, a := range t.Acts {
				line += fmt.Sprintf("\n    act %d %s", n+1, t.ActBytes[n])
				if slices.ContainsFunc(o.Applied, func(x ledger.Applied) bool { return x.Act == int64(n+1) }) {
					g.report.Applied[a.Verb()]++
				}
			}
		} else {
			g.report.Acts++
		}
		g.transcript = append(g.transcript, line)
		if o.Code != "" {
			g.report.Refused[o.Code]++
		}
		for _, r := range o.Refused {
			g.report.Refused[r.Code]++
			g.transcript = append(g.transcript, fmt.Sprintf("    act %d refused: %s", r.Act, r.Sentence))
		}
		for _, x := range o.Applied {
			g.applied(x)
		}
	}
	return done
}

func (g *game) applied(x ledger.Applied) {
	if x.Kind == license.KindLicense {
		if b := license.BoardOf(x.Kind, x.ID); !slices.Contains(g.licenses[b], x.ID) {
			g.licenses[b] = append(g.licenses[b], x.ID)
		}
	}
}

// payloads draws the transactions of a block.
func (g *game) payloads() (txs [][]byte) {
	if g.rng.IntN(8) == 0 {
		return nil
	}
	s, err := g.replicas[0].ledger.State()
	if err != nil {
		return nil
	}
	defer s.Release()
	d := &draft{s: s, over: map[[2]string][]byte{}, now: s.Head.Time}
	for range 1 + g.rng.IntN(5) {
		txs = append(txs, g.payload(d)...)
	}
	if g.rng.IntN(10) == 0 {
		g.rng.Shuffle(len(txs), func(i, j int) { txs[i], txs[j] = txs[j], txs[i] })
	}
	if len(g.sent) > 0 && g.rng.IntN(4) == 0 {
		txs = append(txs, one(g, g.sent))
	}
	return txs
}

// payload draws a payload, and sometimes a poisoned copy that comes before it.
func (g *game) payload(d *draft) (txs [][]byte) {
	kept := make(map[[2]string][]byte, len(d.over))
	for k, v := range d.over {
		kept[k] = v
	}
	w := g.write(d)
	if len(w.acts) == 0 {
		return nil
	}
	all := g.rng.IntN(3) > 0
	life := one(g, []int64{3600, 86400, 30 * 86400})
	t := tx.New(g.origin, all, d.now.AddSeconds(-int64(g.rng.IntN(60))), life, w.acts, w.openings)
	g.sign(t, g.enough(&draft{d.s, kept, d.now}, w.acts))
	if w.board == "" && g.rng.IntN(4) == 0 { // not all members agree
		g.rng.Shuffle(len(t.Signatures), func(i, j int) { t.Signatures[i], t.Signatures[j] = t.Signatures[j], t.Signatures[i] })
		t.Signatures = t.Signatures[:(len(t.Signatures)+1)/2]
	}
	if g.rng.IntN(20) == 0 {
		txs = append(txs, poisoned(g, t))
	}
	var raw []byte
	if g.rng.IntN(5) == 0 {
		d.over = kept
		raw = tricks[g.rng.IntN(len(tricks))](g, d, t)
	} else {
		raw = t.Encode()
	}
	if g.rng.IntN(10) == 0 {
		g.sent = append(g.sent[max(0, len(g.sent)-200):], raw)
	}
	return append(txs, raw)
}

// write draws the acts of one payload.
func (g *game) write(d *draft) *writer {
	w := &writer{game: g, d: d}
	for _, b := range g.coming {
		// Committed, and not only drafted: what brings the board in may yet be dropped.
		if known, _ := d.s.Record(license.KindBoard, b, new(license.Board)); known && !slices.Contains(g.boards, b) {
			w.acts = g.boardSetup(b)
			g.boards = append(g.boards, b)
			return w
		}
	}
	if g.rng.IntN(12) == 0 {
		w.add(g.pick(networkMakers), g.rng.IntN(8) == 0)
		return w
	}
	w.board = one(g, g.boards)
	if len(g.active(d, w.board)) < 4 { // officers come and go
		w.add(maker{make: (*writer).appoint}, false)
	}
	n := 1
	for n < 20 && g.rng.IntN(10) < 7 {
		n++
	}
	for range n {
		w.add(g.pick(boardMakers), g.rng.IntN(16) == 0)
	}
	return w
}
