package cli

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"licet/internal/demo"
	"licet/internal/host"
	"licet/internal/keys"
	"licet/internal/synthetic"
	"licet/license"
)

// The demo's key files, and the mark of a history that is not told to its end. The
// mark holds the day of the roster, so that a later start goes on with the same one.
const (
	demoMember   = "member-" + demo.MemberID + "-root"
	demoBoard    = "board-" + demo.Board + "-root"
	demoClerk    = "officer-us-il-demo-clerk"
	demoDirector = "officer-us-il-demo-director"
	demoUntold   = "demo-untold"
)

// demoKeys are the demo's keys by their files' names; nil: not opened.
type demoKeys map[string]keys.Key

func foundDemo(e *env, h *host.Home, url string) (demoKeys, error) {
	e.printf("Founding the network %s; this takes some seconds.\n", demo.Network)
	ks, err := openDemoKeys(h)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(h.Path(demoUntold), []byte(yesterday()), 0o600); err != nil {
		return nil, err
	}
	return ks, h.Found(host.Founding{
		Name: demo.Network, Time: license.InstantOf(time.Now()), Offset: demo.Offset,
		Member: member(demo.MemberID, demo.MemberName, url), Root: ks[demoMember],
		Acts: demo.Acts(ks[demoBoard], ks[demoClerk], ks[demoDirector]), Signers: []keys.Key{ks[demoBoard]},
	})
}

func yesterday() license.Day {
	return max(license.Day(time.Now().UTC().Format(time.DateOnly)).Add(-1), synthetic.DefaultDay)
}

// demoKeysAtATime: making a key from a passphrase takes most of a second and
// 256 MB, on purpose.
const demoKeysAtATime = 2

// openDemoKeys loads the demo's keys, or makes them.
func openDemoKeys(h *host.Home) (demoKeys, error) {
	ks := demoKeys{}
	var first error
	var mu sync.Mutex
	var all sync.WaitGroup
	free := make(chan struct{}, demoKeysAtATime)
	for name, purpose := range map[string]string{
		demoMember:   "member " + demo.MemberID + " root",
		demoBoard:    "board " + demo.Board + " root",
		demoClerk:    "officer " + demo.Clerk,
		demoDirector: "officer " + demo.Director,
	} {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			k, err := h.RootKey(name, purpose, demo.Passphrases())
			debug.FreeOSMemory() // else those of all keys are held together
			mu.Lock()
			defer mu.Unlock()
			if ks[name] = k; err != nil && first == nil {
				first = err
			}
		})
	}
	all.Wait()
	return ks, first
}

// tellDemo tells the demo's history and copies its roster, or what an interrupted
// start left of it.
func tellDemo(e *env, h *host.Home, s *host.Host, ks demoKeys) error {
	demoKey := h.KeyPath(demoClerk)
	if _, err := os.Stat(demoKey); err != nil {
		return nil
	}
	if mark, err := os.ReadFile(h.Path(demoUntold)); err == nil {
		if err := fillDemo(e, h, s, ks, license.Day(mark)); err != nil {
			if e.ctx.Err() != nil {
				return nil
			}
			return err
		}
		if err := os.Remove(h.Path(demoUntold)); err != nil {
			return fmt.Errorf("the demo's mark: %w", err)
		}
	}
	e.printf("This is a demo: its names are made up, its keys are no secret.\n"+
		"The keys of its officers are %s and %s; the passphrase of both is %q.\n", demoKey, h.KeyPath(demoDirector), demo.Passphrase)
	return nil
}

func fillDemo(e *env, h *host.Home, s *host.Host, ks demoKeys, day license.Day) (err error) {
	if ks == nil {
		if ks, err = openDemoKeys(h); err != nil {
			return err
		}
	}
	if day == "" { // marked by an older edition
		day = yesterday()
	}
	by := demo.Signers{Member: ks[demoMember], Root: ks[demoBoard], Clerk: ks[demoClerk], Director: ks[demoDirector]}
	stage := demo.Stage{Ledger: s.Ledger, Submit: s.Submit, Now: time.Now}
	if err := stage.Tell(e.ctx, by); err != nil {
		return err
	}
	c, err := stage.Copy(e.ctx, by, day)
	if err == nil {
		e.printf("Copied a synthetic roster of Illinois: %d rows taken, %d refused for their dirt. %s\n", c.Asserted, c.Refused, synthetic.Notice)
	}
	return err
}
