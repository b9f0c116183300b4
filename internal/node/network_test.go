package node

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/proof"
)

var discardLog = slog.New(slog.DiscardHandler)

// A seat is what one member has: keys, a home, a store, an address.
type seat struct {
	t        testing.TB
	cfg      Config
	gen      Genesis
	cosigner proof.Cosigner
	voter    Voter
	id       string
	fs       vfs.FS

	reg  *registry
	node *Node
}

// seats makes a network of n members with equal weights; none is started.
func seats(t testing.TB, n int) []*seat {
	t.Helper()
	var ss []*seat
	var voters []Voter
	for i := range n {
		s := newSeat(t, fmt.Sprintf("member%d.example", i))
		ss = append(ss, s)
		voters = append(voters, s.voter)
	}
	state, err := json.Marshal(voters)
	if err != nil {
		t.Fatal(err)
	}
	founded := time.Unix(time.Now().Unix(), 0)
	for _, s := range ss {
		s.gen = Genesis{ChainID: "test-loopback", Time: founded, AppState: state}
	}
	connect(ss)
	return ss
}

func newSeat(t testing.TB, name string) *seat {
	t.Helper()
	s := &seat{t: t, fs: vfs.NewCrashableMem()}
	s.cfg = Config{
		Home: filepath.Join(t.TempDir(), "engine"), Listen: freeAddress(t), Moniker: name,
		Heartbeat: time.Hour, Stores: &Stores{FS: s.fs, Dir: "engine"}, Logger: journal(t, name),
	}
	k, err := LoadKeys(s.cfg.Home)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if s.cosigner, err = proof.NewCosigner(name, key); err != nil {
		t.Fatal(err)
	}
	s.id = k.NodeID
	s.voter = Voter{Name: name, VKey: s.cosigner.VKey().String(), PubKey: k.PubKey, Weight: 10}
	return s
}

// journal keeps what a node says and shows it when the test fails.
func journal(t testing.TB, name string) *slog.Logger {
	var said bytes.Buffer
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("what %s said:\n%s", name, said.Bytes())
		}
	})
	return slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func connect(ss []*seat) {
	for _, s := range ss {
		s.cfg.Peers = nil
		for _, other := range ss {
			if other != s {
				s.cfg.Peers = append(s.cfg.Peers, other.id+"@"+other.cfg.Listen)
			}
		}
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (s *seat) open() {
	s.t.Helper()
	s.reg = openRegistry(s.t, s.fs, "registry")
}

func (s *seat) start() {
	s.t.Helper()
	if s.reg == nil {
		s.open()
	}
	n, err := Start(s.cfg, s.gen, s.reg, s.cosigner)
	if err != nil {
		s.t.Fatal(err)
	}
	s.node = n
	s.t.Cleanup(s.stop)
}

func (s *seat) stop() {
	if s.node != nil {
		if err := s.node.Stop(); err != nil {
			s.t.Errorf("stop of %s: %v", s.voter.Name, err)
		}
		s.node = nil
	}
	if s.reg != nil {
		s.reg.close()
		s.reg = nil
	}
}

// submit waits for the outcome and for the checkpoint that covers it.
func (s *seat) submit(tx string) Outcome {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	o, err := s.node.Submit(ctx, []byte(tx))
	if err != nil {
		s.t.Fatalf("submit %.40q at %s: %v", tx, s.voter.Name, err)
	}
	if err := s.node.WaitCheckpoint(ctx, o.Height); err != nil {
		s.t.Fatal(err)
	}
	return o
}

// wait waits until the seat's registry is as it should be.
func (s *seat) wait(what string, ok func() bool) {
	s.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		s.reg.mu.RLock()
		changed := s.reg.changed
		s.reg.mu.RUnlock()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			s.t.Fatalf("%s waited in vain for %s; status %+v", s.voter.Name, what, s.node.Status())
		}
	}
}

func (s *seat) waitHeight(h int64) {
	s.t.Helper()
	s.wait(fmt.Sprintf("block %d", h), func() bool { return s.reg.Head().Height >= h })
}

// wantStart expects Start to fail, with a kind of error when kind is not nil.
func (s *seat) wantStart(kind error, cosigners ...proof.Cosigner) error {
	s.t.Helper()
	if s.reg == nil {
		s.open()
		s.t.Cleanup(s.stop)
	}
	n, err := Start(s.cfg, s.gen, s.reg, cosigners...)
	if err == nil {
		_ = n.Stop()
		s.t.Fatal("the node started")
	}
	if kind != nil && !errors.Is(err, kind) {
		s.t.Fatalf("error %q is not %q", err, kind)
	}
	return err
}
