package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/internal/node"
	"licet/proof"
)

// ErrPortInUse says that another program listens at the address.
var ErrPortInUse = errors.New("another program listens at this address")

// stopWithin is how long requests that are under way may take at the end.
const stopWithin = 5 * time.Second

// A Config says how a host runs.
type Config struct {
	Listener  net.Listener  // for HTTP; Listen makes one
	Heartbeat time.Duration // longest time without a block; 0: the node's default
	Logger    *slog.Logger  // nil: none
	// Fatal is told why a store cannot go on, when no caller can be. It ends the
	// process and does not return; nil: panic.
	Fatal func(error)
}

// A Host is a running node with all that belongs to it.
type Host struct {
	Home   *Home
	Ledger *ledger.Ledger
	Node   *node.Node
	Lookup *lookup.Lookup
	URL    string // where it serves, such as http://localhost:8080

	server   *http.Server
	closers  []func() error // what runs besides, in the order of their start
	stopOnce sync.Once
	stopErr  error
	failed   chan error // why something ended by itself
}

// Listen takes the address for HTTP. It comes before everything else, so that a
// port in use leaves nothing behind.
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%w: %s", ErrPortInUse, address)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen at %s: %w", address, err)
	}
	return l, nil
}

// Start starts the node of a founded home and serves. The home stays the
// caller's to close, after Stop. When Start returns an error, end the process.
func Start(h *Home, cfg Config) (*Host, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Host{Home: h, URL: URL(cfg.Listener), failed: make(chan error, 1)}
	if err := s.start(cfg); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Host) start(cfg Config) error {
	payload, err := s.Home.founding()
	if err != nil {
		return err
	}
	signatures := newSignatureCache()
	s.Ledger, err = ledger.Open(s.Home.Path("registry"), ledger.Options{Verify: signatures.verify, Fatal: cfg.Fatal})
	if err != nil {
		return unopened(err)
	}
	s.closers = append(s.closers, s.Ledger.Close)
	s.Node, err = startNode(s.Home, cfg, machine{s.Ledger}, payload)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, s.Node.Stop)
	if err := s.follow(); err != nil {
		return err
	}
	return s.serve(cfg)
}

// unopened says of a store that does not open for what it holds, and not for the
// machine it is on, that it is damaged.
func unopened(err error) error {
	if pebble.IsCorruptionError(err) || errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the home is damaged: %w. Nothing was changed. Restore the home from a backup", err)
	}
	return err
}

func startNode(h *Home, cfg Config, m machine, payload []byte) (*node.Node, error) {
	_, found, err := ledger.Founding(payload)
	if err != nil {
		return nil, err
	}
	cosigners, err := h.cosigners()
	if err != nil {
		return nil, err
	}
	peers, err := h.Peers()
	if err != nil {
		return nil, err
	}
	var others []string
	for _, p := range peers.Nodes {
		others = append(others, p.Address)
	}
	return node.Start(
		node.Config{Home: h.Path("engine"), Listen: peers.Listen, Peers: others, Moniker: cosigners[0].VKey().Name, Cosigners: h.cosigners, Heartbeat: cfg.Heartbeat, Fatal: cfg.Fatal, Logger: cfg.Logger, Prefetch: m.ledger.Prefetch},
		node.Genesis{ChainID: found.Chain, Time: found.Time.Time(), AppState: payload},
		m, cosigners...)
}

// cosignerOf makes the cosigner of a key file "for: cosign MEMBER".
func cosignerOf(k keys.Key) (proof.Cosigner, error) {
	var member string
	if _, err := fmt.Sscanf(k.For, "cosign %s", &member); err != nil {
		return proof.Cosigner{}, fmt.Errorf("%s is a key for %q, not for cosigning", k.Path, k.For)
	}
	return proof.NewCosigner(member, k.Private())
}

// follow opens the index for searches and keeps it at the newest state. It stops
// before the ledger closes, from which it reads.
func (s *Host) follow() (err error) {
	s.Lookup, err = lookup.Open(s.Home.Path("lookup"), s.Ledger)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := s.Lookup.Follow(ctx); err != nil {
			s.fail(err)
		}
	}()
	s.closers = append(s.closers, func() error {
		cancel()
		<-ended
		return s.Lookup.Close()
	})
	return nil
}

// fail says that the host cannot go on; the first reason counts.
func (s *Host) fail(err error) {
	select {
	case s.failed <- err:
	default:
	}
}

// URL writes where a listener is reached. A loopback address is called
// localhost, since an IP address cannot be the domain of a passkey.
func URL(l net.Listener) string {
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return "http://" + l.Addr().String()
	}
	if a.IP.IsLoopback() || a.IP.IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", a.Port)
	}
	return "http://" + a.String()
}

// serve starts the HTTP server.
func (s *Host) serve(cfg Config) error {
	handler, err := s.handler(cfg)
	if err != nil {
		return err
	}
	s.server = &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(cfg.Logger.Handler(), slog.LevelDebug),
	}
	go func() {
		if err := s.server.Serve(cfg.Listener); !errors.Is(err, http.ErrServerClosed) {
			s.fail(err)
		}
	}()
	return nil
}

// Wait returns when ctx ends, with nil, or when the host cannot go on.
func (s *Host) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return err
	case <-s.Node.Done():
		return s.Node.Err()
	}
}

// Stop stops everything, the newest part first. It may be called again.
func (s *Host) Stop() error {
	s.stopOnce.Do(func() {
		if s.server != nil {
			ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
			defer cancel()
			if err := s.server.Shutdown(ctx); err != nil {
				s.stopErr = errors.Join(s.stopErr, s.server.Close())
			}
		}
		for i := len(s.closers) - 1; i >= 0; i-- {
			s.stopErr = errors.Join(s.stopErr, s.closers[i]())
		}
	})
	return s.stopErr
}

func memory() vfs.FS { return vfs.NewMem() }
