package node

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStartErrors(t *testing.T) {
	one := func(t *testing.T) *seat { return seats(t, 1)[0] }
	want := func(t *testing.T, err error, sentence string) {
		t.Helper()
		if !strings.Contains(err.Error(), sentence) {
			t.Errorf("error %q does not say %q", err, sentence)
		}
	}
	t.Run("home in use", func(t *testing.T) {
		s := one(t)
		s.start()
		s.cfg.Listen = freeAddress(t)
		s.wantStart(ErrHomeInUse, s.cosigner)
	})
	t.Run("port in use", func(t *testing.T) {
		s := one(t)
		l, err := net.Listen("tcp", s.cfg.Listen)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		want(t, s.wantStart(ErrPortInUse, s.cosigner), s.cfg.Listen)
		l.Close()
		s.start() // the home is free again
	})
	t.Run("home is no directory", func(t *testing.T) {
		s := one(t)
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		s.cfg.Home = filepath.Join(file, "home")
		want(t, s.wantStart(nil, s.cosigner), "cannot be made")
	})
	t.Run("damaged key", func(t *testing.T) {
		s := one(t)
		if err := os.WriteFile(filepath.Join(s.cfg.Home, "config", "priv_validator_key.json"), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		want(t, s.wantStart(nil, s.cosigner), "priv_validator_key.json is damaged")
	})
	t.Run("record of the last vote lost", func(t *testing.T) {
		s := one(t)
		if err := os.Remove(filepath.Join(s.cfg.Home, "data", "priv_validator_state.json")); err != nil {
			t.Fatal(err)
		}
		want(t, s.wantStart(nil, s.cosigner), "could vote twice")
	})
	t.Run("wrong checkpoint key", func(t *testing.T) {
		s := one(t)
		want(t, s.wantStart(ErrWrongKey, newSeat(t, s.voter.Name).cosigner), "member0.example cosigns with")
	})
	t.Run("wrong engine key", func(t *testing.T) {
		s := one(t)
		s.cfg.Home = newSeat(t, "elsewhere").cfg.Home
		want(t, s.wantStart(ErrWrongKey, s.cosigner), "belongs with engine key")
	})
	t.Run("observer with a vote", func(t *testing.T) {
		s := one(t)
		s.cfg.Observer = true
		want(t, s.wantStart(ErrWrongKey), "cannot be an observer")
	})
	t.Run("no cosigner", func(t *testing.T) {
		want(t, one(t).wantStart(nil), "needs its checkpoint key")
	})
	t.Run("another network's home", func(t *testing.T) {
		s := one(t)
		s.start()
		s.stop()
		s.gen.ChainID = "test-other"
		want(t, s.wantStart(nil, s.cosigner), "belongs to another network")
	})
	t.Run("bad founding payload", func(t *testing.T) {
		s := one(t)
		s.gen.AppState = []byte("not JSON")
		want(t, s.wantStart(nil, s.cosigner), "founding: invalid character")
	})
	t.Run("founded in the future", func(t *testing.T) {
		s := one(t)
		s.gen.Time = s.gen.Time.Add(time.Hour)
		want(t, s.wantStart(nil, s.cosigner), "in the future")
	})
	t.Run("chain id too long", func(t *testing.T) {
		s := one(t)
		s.gen.ChainID = strings.Repeat("x", 51)
		want(t, s.wantStart(nil, s.cosigner), "1 to 50")
	})
	t.Run("bad peer", func(t *testing.T) {
		s := one(t)
		s.cfg.Peers = []string{"localhost:1"}
		want(t, s.wantStart(nil, s.cosigner), "ID@host:port")
	})
}

// The founding payload reaches the machine byte for byte, also the kind of bytes
// that JSON libraries respell, and also after a stop before the first commit.
func TestGenesisKeepsBytes(t *testing.T) {
	g := Genesis{ChainID: "c", Time: time.Unix(1, 0), AppState: []byte("{ \"a\": \"<&\\u2028\xff\" }\n")}
	d, err := g.document()
	if err != nil {
		t.Fatal(err)
	}
	got, err := appState(d.AppState)
	if err != nil || string(got) != string(g.AppState) {
		t.Errorf("payload %q came as %q, %v", g.AppState, got, err)
	}
}

func TestLoadKeysTwice(t *testing.T) {
	home := filepath.Join(t.TempDir(), "new")
	a, err := LoadKeys(home)
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadKeys(home)
	if err != nil || a.NodeID != b.NodeID || string(a.PubKey) != string(b.PubKey) {
		t.Errorf("keys %v, then %v, %v", a, b, err)
	}
}

func TestPassOver(t *testing.T) {
	old := time.Now().Add(-2 * freshFor)
	a := &app{committed: old}
	step := func(want bool, height int64, txs int) {
		t.Helper()
		if got := a.passOver(height, txs); got != want {
			t.Errorf("block %d with %d transactions: passed over %v, want %v", height, txs, got, want)
		}
	}
	step(true, 5, 3)  // after a pause: an empty block first
	step(true, 5, 3)  // the same in a later round
	step(false, 6, 3) // then the transactions, however slow the block was
	step(false, 7, 0) // an idle block
	step(true, 8, 1)
	a.passed, a.committed = 0, time.Now()
	step(false, 9, 1) // no pause
}

func TestErrorsAreDistinct(t *testing.T) {
	all := []error{ErrPending, ErrBusy, ErrTooLarge, ErrStopped, ErrHalted, ErrWrongKey, ErrHomeInUse, ErrPortInUse}
	for i, a := range all {
		for j, b := range all {
			if (i == j) != errors.Is(a, b) {
				t.Errorf("%v and %v", a, b)
			}
		}
	}
}
