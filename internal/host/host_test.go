package host

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licet/internal/keys"
	"licet/license"
	"licet/tx"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func found(t *testing.T, h *Home) keys.Key {
	t.Helper()
	keys.WeakenForTest(t)
	pass := keys.Passphrases{
		Getenv: func(string) string { return "" },
		Ask:    func(string) (string, error) { return "a passphrase", nil },
	}
	root, err := h.RootKey("root", "member one root", pass)
	if err != nil {
		t.Fatal(err)
	}
	f := Founding{
		Name: "test/host", Time: license.InstantOf(time.Now()), Offset: -1000,
		Member: license.Member{ID: "one", Name: "One"}, Root: root,
	}
	if err := h.Found(f); err != nil {
		t.Fatal(err)
	}
	return root
}

func open(t *testing.T, dir string) *Home {
	t.Helper()
	h, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A network is founded, served, stopped, and found again as it was.
func TestFoundAndFindAgain(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	if founded, err := h.Founded(); founded || err != nil {
		t.Fatal(founded, err)
	}
	root := found(t, h)
	s, err := Start(h, Config{Listener: listen(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/search?q=nobody", "/healthz", "/readyz", "/v1/network", "/v1/trust", "/checkpoint", "/metrics"} {
		res, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", path, res.Status)
		}
	}
	origin := s.Ledger.Head().Origin
	p := tx.New(origin, true, license.InstantOf(time.Now()).AddSeconds(-1005), 86400, []license.Act{&license.ClockAdvance{Old: -1000, Seconds: 1000}}, nil)
	p.Sign(tx.SignEd25519("member/one", root.Private(), p.HeaderBytes))
	o, err := s.Submit(t.Context(), p.Encode())
	if err != nil || o.Code != "" {
		t.Fatal(o, err)
	}
	size := s.Ledger.Head().Size
	stop(t, s)

	h = open(t, dir)
	if founded, err := h.Founded(); !founded || err != nil {
		t.Fatal(founded, err)
	}
	s, err = Start(h, Config{Listener: listen(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if head := s.Ledger.Head(); head.Origin != origin || head.Size != size {
		t.Errorf("found again: %s with %d entries; it was %s with %d", head.Origin, head.Size, origin, size)
	}
}

func stop(t *testing.T, s *Host) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := errors.Join(s.Wait(ctx), s.Stop(), s.Home.Close()); err != nil {
		t.Error(err)
	}
}

func TestHomeInUse(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	if _, err := Open(dir); !errors.Is(err, ErrHomeInUse) {
		t.Errorf("a second process gets the home: %v", err)
	}
	if _, err := Open(dir); !errors.Is(err, ErrHomeInUse) || !InUse(dir) {
		t.Errorf("a third process gets the home: %v", err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, dir).Close(); err != nil {
		t.Error(err)
	}
}

func TestPortInUse(t *testing.T) {
	l := listen(t)
	defer func() { _ = l.Close() }()
	if _, err := Listen(l.Addr().String()); !errors.Is(err, ErrPortInUse) {
		t.Errorf("a second listener: %v", err)
	}
}

// Without its founding payload a registry is damaged, and no new one.
func TestFoundingMissing(t *testing.T) {
	h := open(t, t.TempDir())
	defer func() { _ = h.Close() }()
	if err := os.Mkdir(h.Path("registry"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Founded(); err == nil || !strings.Contains(err.Error(), foundingFile) {
		t.Errorf("a home without its founding payload: %v", err)
	}
}

// A founding that would be refused writes nothing.
func TestFoundingRefused(t *testing.T) {
	h := open(t, t.TempDir())
	defer func() { _ = h.Close() }()
	k, err := keys.Generate("member one root", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	err = h.Found(Founding{Name: "live", Offset: 5, Time: license.InstantOf(time.Now()), Member: license.Member{ID: "one"}, Root: k})
	if err == nil || !strings.Contains(err.Error(), "test/") {
		t.Errorf("a clock of its own on a network that is no test: %v", err)
	}
	if founded, err := h.Founded(); founded || err != nil {
		t.Error("the refused founding left a payload behind", err)
	}
}

func TestUnwritableHome(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "home")); err == nil || errors.Is(err, ErrHomeInUse) {
		t.Errorf("a home under a file: %v", err)
	}
}
