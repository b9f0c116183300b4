package host

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/internal/node"
	"licet/license"
	"licet/proof"
)

// A power cut takes what was written and not synced. Here the registry's store
// and the engine's stores lose it at the same instant: none of it, half of it, or
// all; the engine's log and its signer's state, on a real disk, stay as the
// program wrote them. The node lives several lives, each on what the one before
// left. No act that was answered may be lost, none may be recorded twice, and the
// state must be the one that the blocks make on a store that nothing happened to.
func TestPowerCuts(t *testing.T) {
	lives := 9
	if testing.Short() {
		lives = 3
	}
	powerCuts(t, 7, lives)
}

// TestSoakPowerCuts does it for as long as LICET_SOAK says, from new seeds on.
func TestSoakPowerCuts(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("LICET_SOAK"))
	if err != nil {
		t.Skip("LICET_SOAK is no duration, such as 2h")
	}
	seed := uint64(time.Now().UnixNano())
	for end := time.Now().Add(long); time.Now().Before(end) && !t.Failed(); seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { powerCuts(t, seed, 18) })
	}
}

func powerCuts(t *testing.T, seed uint64, lives int) {
	p := newPlant(t)
	rnd := rand.New(rand.NewPCG(seed, 7))
	for life := range lives {
		where := []string{"finalize", "commit", "committed"}[life%3]
		p.cut(where, int64(2+rnd.IntN(12)), []int{0, 50, 100}[life/3%3], rnd)
	}
	p.finish()
}

// A plant is one node's machines over all its lives.
type plant struct {
	t       *testing.T
	dir     string // the engine's directory on the real disk
	fs      *vfs.MemFS
	payload []byte
	cosign  proof.Cosigner
	clerk   keys.Key
	member  keys.Key

	mu     sync.Mutex
	sent   [][]byte
	told   map[[32]byte]bool
	blocks map[int64]finalized // as the state machine was given them
	frozen bool                // what happens now is lost
}

type finalized struct {
	time time.Time
	txs  [][]byte
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	h := open(t, t.TempDir())
	t.Cleanup(func() { _ = h.Close() })
	p := &plant{t: t, dir: h.Path("engine"), fs: vfs.NewCrashableMem(), told: map[[32]byte]bool{}, blocks: map[int64]finalized{}}
	who := foundBoard(t, h, "test/cut")
	p.clerk, p.member = who.clerk, who.member
	var err error
	if p.payload, err = h.founding(); err != nil {
		t.Fatal(err)
	}
	k, err := keys.Load(h.KeyPath(keyCosign), nil)
	if err == nil {
		p.cosign, err = cosignerOf(k)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A hooked machine tells where it is, and what it is given.
type hooked struct {
	machine
	p  *plant
	at func(where string, height int64)
}

func (m hooked) Finalize(height int64, t time.Time, txs [][]byte) ([32]byte, []node.Outcome, []node.Validator, error) {
	m.p.mu.Lock()
	if !m.p.frozen {
		m.p.blocks[height] = finalized{t, txs}
	}
	m.p.mu.Unlock()
	m.at("finalize", height)
	return m.machine.Finalize(height, t, txs)
}

func (m hooked) Commit() error {
	height := m.ledger.Head().Height + 1
	m.at("commit", height)
	err := m.machine.Commit()
	m.at("committed", height)
	return err
}

func (p *plant) start(at func(where string, height int64)) (*ledger.Ledger, *node.Node) {
	p.t.Helper()
	l, err := ledger.Open("registry", ledger.Options{FS: p.fs, Cache: 8 << 20})
	if err != nil {
		p.t.Fatal(err)
	}
	_, found, err := ledger.Founding(p.payload)
	if err != nil {
		p.t.Fatal(err)
	}
	n, err := node.Start(
		node.Config{Home: p.dir, Heartbeat: time.Second, Stores: &node.Stores{FS: p.fs, Dir: "engine"}},
		node.Genesis{ChainID: found.Chain, Time: found.Time.Time(), AppState: p.payload},
		hooked{machine{l}, p, at}, p.cosign)
	if err != nil {
		p.t.Fatal(err)
	}
	return l, n
}

// next signs the issue of one more license.
func (p *plant) next(origin string) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.sent)
	t := sign(p.t, origin, license.InstantOf(time.Now()), nil, []keys.Key{p.clerk}, issue(n))
	p.sent = append(p.sent, t.Encode())
	return p.sent[n]
}

// cut lets the node live until a place in one of its next blocks, and leaves what
// a power cut there leaves.
func (p *plant) cut(where string, after int64, kept int, rnd *rand.Rand) {
	p.t.Helper()
	inside, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var victim int64
	l, n := p.start(func(w string, height int64) {
		if victim == 0 {
			victim = height + after
		}
		if w == where && height >= victim {
			once.Do(func() { close(inside); <-release })
		}
	})
	head := l.Head()
	var clients sync.WaitGroup
	for range 3 {
		clients.Go(func() { p.submit(n, head.Origin) })
	}
	select {
	case <-inside:
	case <-time.After(time.Minute):
		p.t.Fatalf("block %d does not come; the newest is %d", victim, l.Head().Height)
	}
	left, dir := p.fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: kept, RNG: rnd}), filepath.Join(p.t.TempDir(), "engine")
	if err := os.CopyFS(dir, os.DirFS(p.dir)); err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.frozen = true
	p.mu.Unlock()
	close(release) // the life that was cut off ends unseen
	if err := errors.Join(n.Stop(), l.Close()); err != nil {
		p.t.Fatal(err)
	}
	clients.Wait()
	p.fs, p.dir, p.frozen = left, dir, false
}

// submit sends acts until the node stops.
func (p *plant) submit(n *node.Node, origin string) {
	for {
		raw := p.next(origin)
		o, err := n.Submit(p.t.Context(), raw)
		if err != nil {
			if !errors.Is(err, node.ErrStopped) {
				p.t.Error(err)
			}
			return
		}
		if o.Code != "" {
			p.t.Errorf("refused: %s %s", o.Code, o.Data)
		}
		p.mu.Lock()
		if !p.frozen {
			p.told[node.TxHash(raw)] = true
		}
		p.mu.Unlock()
	}
}

// finish looks what became of everything that was ever sent.
func (p *plant) finish() {
	p.t.Helper()
	l, n := p.start(func(string, int64) {})
	defer func() {
		if err := errors.Join(n.Stop(), l.Close()); err != nil {
			p.t.Error(err)
		}
	}()
	for i, raw := range p.sent {
		o, err := l.Recorded(node.TxHash(raw))
		if err != nil || o == nil && p.told[node.TxHash(raw)] {
			p.t.Fatalf("act %d was answered as recorded, and is lost: %v", i, err)
		}
		if again, err := n.Submit(p.t.Context(), raw); err != nil || again.Code != "" {
			p.t.Fatalf("act %d, sent again: %+v, %v", i, again, err)
		}
	}
	if err := n.WaitCheckpoint(p.t.Context(), l.Head().Height); err != nil {
		p.t.Fatal(err)
	}
	s, err := l.State()
	if err != nil {
		p.t.Fatal(err)
	}
	defer s.Release()
	for i := range p.sent {
		es, err := s.Entries(license.KindLicense, fmt.Sprintf("us-il.nurse.041%06d", i))
		if err != nil || len(es) != 1 {
			p.t.Errorf("act %d was recorded %d times, %v", i, len(es), err)
		}
	}
	p.t.Logf("%d acts, %d of them answered, in %d blocks", len(p.sent), len(p.told), s.Head.Height)
	if len(p.told) == 0 {
		p.t.Error("no act was answered: the cuts prove nothing")
	}
	p.compare(s.Head)
}

// compare applies the same blocks to a store that nothing happens to.
func (p *plant) compare(want ledger.Head) {
	p.t.Helper()
	l, err := ledger.Open("twin", ledger.Options{FS: vfs.NewMem(), Cache: 8 << 20})
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, found, err := ledger.Founding(p.payload)
	if err == nil {
		_, _, err = l.Genesis(found.Time.Time(), p.payload)
	}
	for h := int64(1); err == nil && h <= want.Height; h++ {
		p.mu.Lock()
		b, ok := p.blocks[h]
		p.mu.Unlock()
		if !ok {
			p.t.Fatalf("block %d was never finalized", h)
		}
		if _, _, _, err = l.Finalize(h, b.time, b.txs); err == nil {
			err = l.Commit()
		}
	}
	if err != nil {
		p.t.Fatal(err)
	}
	if got := l.Head(); got.AppHash() != want.AppHash() || got.Root != want.Root || got.Map != want.Map || got.Time != want.Time {
		p.t.Errorf("undisturbed: %+v\nafter the cuts: %+v", got, want)
	}
}
