package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"licet/internal/host"
	"licet/internal/keys"
	"licet/license"
)

type upCmd struct {
	Listen   string        `help:"Address for pages and API. Port 0: any free one." default:"localhost:8080" placeholder:"HOST:PORT"`
	Demo     bool          `help:"First start: found the network test/demo, with a board, two officers, a dozen made-up licenses with a history, and a synthetic roster of 2,000."`
	Name     string        `help:"First start: the network's name. With test/ in front its clock can be advanced." default:"local" placeholder:"NAME"`
	Member   string        `help:"First start: the one member, as ID=NAME." default:"first=First member" placeholder:"ID=NAME"`
	Board    []string      `help:"First start: a board to begin with, as ID=NAME. Repeat it for several." placeholder:"ID=NAME" sep:"none"`
	Time     instant       `help:"First start of a test/ network: legal time to begin with." placeholder:"INSTANT"`
	Rules    int64         `help:"First start: the edition of the rules that decide, when members run an older program. 0: the newest." default:"0" placeholder:"NUMBER"`
	Beat     time.Duration `help:"Longest time without a block. All nodes of a network use the same." name:"heartbeat" default:"10s" placeholder:"DURATION"`
	LogLevel string        `help:"What to log on standard error: debug, info, warn, error." enum:"debug,info,warn,error" default:"warn" placeholder:"LEVEL"`
}

// Run runs a node until it is stopped.
func (c upCmd) Run(e *env) (err error) {
	boundMemory()
	dir, err := e.home()
	if err != nil {
		return err
	}
	listener, err := host.Listen(c.Listen)
	if errors.Is(err, host.ErrPortInUse) && host.InUse(dir) { // by this very network, most likely
		return fmt.Errorf("%w (%s)", host.ErrHomeInUse, dir)
	}
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // closed already when the host has served
	h, err := host.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	log := c.logger(e.stderr)
	defer func() { err = log.explain(err) }()
	founded, err := h.Founded()
	var ks demoKeys
	if err == nil && !founded && c.Demo {
		ks, err = foundDemo(e, h, host.URL(listener))
	} else if err == nil && !founded {
		err = c.found(e, h, host.URL(listener))
	} else if err == nil {
		c.remark(e, h)
	}
	if err != nil {
		return err
	}
	s, err := host.Start(h, host.Config{Listener: listener, Heartbeat: c.Beat, Logger: slog.New(log), Fatal: e.fatal})
	if err != nil {
		return &failure{exitNo, err} // a file that the home lacks is no missing argument
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	return c.run(e, h, s, ks)
}

// fatal ends the process with a sentence: a store failed where nobody waits for
// an error. What was recorded is synced, and the next start finds it.
func (e *env) fatal(err error) {
	oneEnd.Lock() // for good: several stores may fail at once
	os.Exit(report(e.stderr, &failure{exitNo, err}))
}

var oneEnd sync.Mutex

// remark says that flags for a first start come too late.
func (c upCmd) remark(e *env, h *host.Home) {
	_, err := os.Stat(h.KeyPath(demoClerk))
	if c.Name != defaultName || len(c.Board) > 0 || c.Time != "" || c.Rules != 0 || c.Demo && err != nil {
		fmt.Fprintf(e.stderr, "licet: %s holds a network already; what the flags say of a first start has no effect.\n", h.Dir)
	}
}

// defaultName is upCmd.Name's default.
const defaultName = "local"

func (c upCmd) logger(w io.Writer) plainLog {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // the flag's values are levels
	return newPlainLog(w, level)
}

func (c upCmd) run(e *env, h *host.Home, s *host.Host, ks demoKeys) error {
	if err := tellDemo(e, h, s, ks); err != nil {
		return err
	}
	if s.Several() {
		e.printf("Waiting for the other members' nodes; more than two thirds of the weight must run. Pages are at %s meanwhile.\n", s.URL)
	}
	err := s.Ready(e.ctx)
	if e.ctx.Err() != nil {
		e.printf("Stopped before it was ready. Everything is kept in %s.\n", h.Dir)
		return nil
	}
	if err != nil {
		return err
	}
	e.printf("Licet serves network %s at %s\nStop it with Ctrl-C.\n", s.Ledger.Head().Origin, s.URL)
	if err := s.Wait(e.ctx); err != nil {
		return err
	}
	e.printf("Stopped. Everything is kept in %s.\n", h.Dir)
	return nil
}

// found founds a network of one.
func (c upCmd) found(e *env, h *host.Home, url string) error {
	id, name, ok := strings.Cut(c.Member, "=")
	if !ok {
		return usage("--member %q: write it like idfpr=\"Illinois Department of Financial and Professional Regulation\"", c.Member)
	}
	if err := license.CheckNetworkName(c.Name); err != nil {
		return usage("--name: %w", err)
	}
	if c.Rules != 0 && (c.Rules < license.RulesFirst || c.Rules > license.RulesNewest) {
		return usage("--rules %d: this program has rules %d to %d", c.Rules, license.RulesFirst, license.RulesNewest)
	}
	f := host.Founding{Name: c.Name, Rules: c.Rules, Member: member(id, name, url)}
	pass := keys.Standard()
	root, err := h.RootKey("member-"+id+"-root", "member "+id+" root", pass)
	if err != nil {
		return err
	}
	f.Root = root
	for _, b := range c.Board {
		id, name, ok := strings.Cut(b, "=")
		if !ok {
			return usage("--board %q: write it like us-il=\"Illinois …\"", b)
		}
		k, err := h.RootKey("board-"+id+"-root", "board "+id+" root", pass)
		if err != nil {
			return err
		}
		f.Signers = append(f.Signers, k)
		f.Acts = append(f.Acts, host.BoardCreate(id, name, f.Member.ID, string(k.Public)))
	}
	f.Time = license.InstantOf(time.Now())
	if c.Time != "" {
		f.Offset = license.Instant(c.Time).Unix() - f.Time.Unix()
	}
	if err := h.Found(f); err != nil {
		return err
	}
	e.printf("Founded network %s. Its root keys are in %s; keep copies of them, and the passphrase, in a safe place.\n", c.Name, h.Path("keys"))
	return nil
}

// member is the network's one member; its pages are passkeys' relying party.
func member(id, name, url string) license.Member {
	m := license.Member{ID: id, Name: name, URL: url}
	if host, ok := strings.CutPrefix(url, "http://localhost"); ok && (host == "" || host[0] == ':') {
		m.RPID, m.Origins = "localhost", []string{url}
	}
	return m
}
