package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"licet/internal/host"
	"licet/internal/keys"
	"licet/license"
)

type initCmds struct {
	Add    initAddCmd    `cmd:"" default:"withargs" help:"Make the home and the keys of a member's node, and add the member to a founding file."`
	Show   initShowCmd   `cmd:"" help:"Show a founding file: members, boards, who has signed."`
	Sign   initSignCmd   `cmd:"" help:"Sign a founding file with the root keys of this home. The first signature closes the list of members."`
	Finish initFinishCmd `cmd:"" help:"Put a founding file that all have signed into this home."`
}

type initAddCmd struct {
	Founding string   `help:"The founding file. It is made when it is absent." placeholder:"FILE" type:"path"`
	Network  string   `help:"Its first member: the network's name. With test/ in front its clock can be advanced." placeholder:"NAME"`
	Member   string   `help:"The member, as ID=NAME." placeholder:"ID=NAME"`
	URL      string   `help:"Where the member's pages and API are reached." placeholder:"URL"`
	PeerAt   string   `help:"Where its node is reached by the others." placeholder:"HOST:PORT"`
	Listen   string   `help:"Where its node listens for the others. Default: all addresses, at the port of --peer-at." name:"peer-listen" placeholder:"HOST:PORT"`
	Weight   int64    `help:"Its weight among those who decide; 0: an observer." default:"10" placeholder:"N"`
	Board    []string `help:"A board of the member, as ID=NAME. Repeat it for several." placeholder:"ID=NAME" sep:"none"`
	Rules    int64    `help:"Its first member: the edition of the rules that decide, when members run an older program. 0: the newest." default:"0" placeholder:"NUMBER"`
	Members  []string `help:"For trials: make the homes of all these members at once, in --home/ID, on this machine, with a network whose name starts with test/." placeholder:"ID,…"`
	Port     int      `help:"With --members: port of the first member's pages; each next one has the next port." default:"8080" placeholder:"PORT"`
	PeerPort int      `help:"With --members: port at which the first member's node listens for the others; each next one has the next port." default:"26656" placeholder:"PORT"`
}

func (c *initAddCmd) Help() string {
	return "Every agency runs this at its own site, so that nobody ever holds another's keys. The founding file goes from one to the next; " +
		"when all stand in it, each runs \"licet init sign\", and at last \"licet init finish\". It holds no secret. See docs/operations.md."
}

// Run adds a member, or makes a network for trials.
func (c *initAddCmd) Run(e *env) error {
	dir, err := e.home()
	if err != nil {
		return err
	}
	if len(c.Members) > 0 {
		return c.trial(e, dir)
	}
	id, name, ok := strings.Cut(c.Member, "=")
	switch {
	case !ok:
		return usage("--member %q: write it like us-wi=\"Wisconsin Department of Safety and Professional Services\"", c.Member)
	case c.Founding == "":
		return usage("--founding names the file that goes round among the members")
	case c.URL == "" || c.PeerAt == "":
		return usage("--url says where the member's pages are reached, --peer-at where the other nodes reach its node")
	}
	f, err := c.file()
	if err != nil {
		return err
	}
	if err := c.add(f, dir, id, name); err != nil {
		return err
	}
	if err := replaceFile(c.Founding, f.Encode()); err != nil {
		return err
	}
	e.printf("Added %s to %s, which has %s now.\nThe root keys are in %s; keep copies of them, and the passphrase, in a safe place.\n",
		id, c.Founding, plural(len(f.Members), "member"), filepath.Join(dir, "keys"))
	e.printf("When all members stand in it, each of them signs: licet init sign %s\n", c.Founding)
	return nil
}

// file reads the founding file, or begins one.
func (c *initAddCmd) file() (*host.FoundingFile, error) {
	f, err := readFounding(c.Founding)
	switch {
	case err == nil && c.Network != "" && c.Network != f.Network:
		return nil, usage("%s is of network %s, not %s", c.Founding, f.Network, c.Network)
	case errors.Is(err, fs.ErrNotExist) && c.Network == "":
		return nil, usage("there is no %s; its first member names the network with --network", c.Founding)
	case errors.Is(err, fs.ErrNotExist):
		if err := license.CheckNetworkName(c.Network); err != nil {
			return nil, usage("--network: %w", err)
		}
		if c.Rules != 0 && (c.Rules < license.RulesFirst || c.Rules > license.RulesNewest) {
			return nil, usage("--rules %d: this program has rules %d to %d", c.Rules, license.RulesFirst, license.RulesNewest)
		}
		return host.NewFoundingFile(c.Network, c.Rules, 0), nil
	}
	return f, err
}

func (c *initAddCmd) add(f *host.FoundingFile, dir, id, name string) (err error) {
	h, err := host.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if founded, err := h.Founded(); err != nil {
		return err
	} else if founded {
		return fmt.Errorf("%s holds a network already; choose another --home", dir)
	}
	pass := keys.Standard()
	root, err := h.RootKey("member-"+id+"-root", "member "+id+" root", pass)
	if err != nil {
		return err
	}
	m := member(id, name, c.URL)
	m.Weight = c.Weight
	if u, err := url.Parse(c.URL); err == nil && u.Scheme == "https" {
		m.RPID, m.Origins = u.Hostname(), []string{"https://" + u.Host}
	}
	if m, err = h.Member(m, root); err != nil {
		return err
	}
	node, err := h.NodeID()
	if err != nil {
		return err
	}
	n := host.Founder{Member: m, Peer: node + "@" + c.PeerAt}
	for _, b := range c.Board {
		id, name, ok := strings.Cut(b, "=")
		if !ok {
			return usage("--board %q: write it like us-wi=\"Wisconsin …\"", b)
		}
		k, err := h.RootKey("board-"+id+"-root", "board "+id+" root", pass)
		if err != nil {
			return err
		}
		n.Boards = append(n.Boards, host.FoundingBoard{ID: id, Name: name, Root: string(k.Public)})
	}
	if err := f.Add(n); err != nil {
		return err
	}
	return h.SetPeers(host.Peers{Listen: c.listen()})
}

func (c *initAddCmd) listen() string {
	if c.Listen != "" {
		return c.Listen
	}
	_, port, _ := net.SplitHostPort(c.PeerAt) // checked with the founder
	return net.JoinHostPort("0.0.0.0", port)
}

// trial makes the homes of several members at once, which only a trial may: one
// machine then holds all keys.
func (c *initAddCmd) trial(e *env, dir string) error {
	if c.Network == "" {
		c.Network = "test/trial"
	}
	if !strings.HasPrefix(c.Network, "test/") {
		return usage("--members makes all keys on one machine, so the network's name must start with test/; found a real one with --founding")
	}
	if c.Member != "" || c.Founding != "" || len(c.Board) > 0 {
		return usage("--members goes without --member, --founding and --board")
	}
	f := host.NewFoundingFile(c.Network, 0, 0)
	for i, id := range c.Members {
		one := *c
		one.URL = fmt.Sprintf("http://localhost:%d", c.Port+i)
		one.PeerAt = net.JoinHostPort("127.0.0.1", strconv.Itoa(c.PeerPort+i))
		one.Listen = one.PeerAt
		one.Board = []string{fmt.Sprintf("us-%s=Board of %s (trial)", id, strings.ToUpper(id))}
		if err := one.add(f, filepath.Join(dir, id), id, strings.ToUpper(id)+" (trial)"); err != nil {
			return err
		}
	}
	if err := f.Close(license.InstantOf(time.Now())); err != nil {
		return err
	}
	for _, id := range c.Members {
		if err := signFounding(f, filepath.Join(dir, id)); err != nil {
			return err
		}
	}
	for i, id := range c.Members {
		home := filepath.Join(dir, id)
		if err := finishFounding(f, home); err != nil {
			return err
		}
		e.printf("licet up --home %s --listen localhost:%d\n", home, c.Port+i)
	}
	e.printf("Each line starts a node of network %s; all of them together decide.\n", f.Network)
	return nil
}

func readFounding(path string) (*host.FoundingFile, error) {
	b, err := readLimited(path, 8<<20)
	if err != nil {
		return nil, err
	}
	f, err := host.ParseFoundingFile(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

type initFile struct {
	File string `arg:"" help:"The founding file." type:"path"`
}

type initShowCmd struct{ initFile }

// Run shows a founding file.
func (c initShowCmd) Run(e *env) error {
	f, err := readFounding(c.File)
	if err != nil {
		return err
	}
	return showFounding(e, f)
}

func showFounding(e *env, f *host.FoundingFile) error {
	must, has, err := f.Signers()
	if err != nil {
		return err
	}
	e.printf("Network %s, rules %d, %s.\n", f.Network, f.Rules, plural(len(f.Members), "member"))
	for _, m := range f.Members {
		e.printf("\n%s  %s\n  Weight:  %d\n  Address: %s\n  Node:    %s\n  Root:    %s\n  Cosigns: %s\n", m.Member.ID, m.Member.Name, m.Member.Weight, m.Member.URL, m.Peer, m.Member.Root, m.Member.Cosign)
		for _, b := range m.Boards {
			e.printf("  Board:   %s  %s\n           %s\n", b.ID, b.Name, b.Root)
		}
	}
	e.printf("\n")
	if f.Payload == nil {
		e.printf("Nobody has signed yet; members can still be added.\n")
		return nil
	}
	e.printf("Its words: %s. All members must see the same ones.\n", f.Words())
	for _, by := range must {
		state := "has not signed yet"
		if has[by] {
			state = "has signed"
		}
		e.printf("  %s %s\n", by, state)
	}
	return nil
}

type initSignCmd struct {
	initFile
	With []string `help:"Another copy of the file, whose signatures are taken over. Repeat it." placeholder:"FILE" type:"path" sep:"none"`
	Yes  bool     `help:"Sign without being asked."`
}

// Run signs a founding file.
func (c initSignCmd) Run(e *env) error {
	dir, err := e.home()
	if err != nil {
		return err
	}
	f, err := readFounding(c.File)
	if err != nil {
		return err
	}
	for _, path := range c.With {
		o, err := readFounding(path)
		if err != nil {
			return err
		}
		if f.Payload == nil {
			f.Payload = o.Payload
			if f, err = host.ParseFoundingFile(f.Encode()); err != nil { // is it of the same members?
				return fmt.Errorf("%s: %w", path, err)
			}
		} else if err := f.Merge(o); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	first := f.Payload == nil
	if err := f.Close(license.InstantOf(time.Now())); err != nil {
		return err
	}
	if err := showFounding(e, f); err != nil {
		return err
	}
	if first {
		e.printf("Nobody can be added to it after your signature.\n")
	}
	if !c.Yes {
		e.printf("Sign with the root keys in %s? Type yes: ", dir)
		if strings.TrimSpace(e.readLine()) != "yes" {
			e.printf("\n")
			return errors.New("nothing was signed; type yes when you are asked, or say --yes beforehand")
		}
	}
	if err := signFounding(f, dir); err != nil {
		return err
	}
	if err := replaceFile(c.File, f.Encode()); err != nil {
		return err
	}
	if missing, err := f.Missing(); err != nil || len(missing) > 0 {
		e.printf("Signed. Still to sign: %s.\n", strings.Join(missing, ", "))
		return err
	}
	e.printf("Signed, by all now. Every member ends with: licet init finish %s\n", c.File)
	return nil
}

// signFounding signs with the root keys of a home.
func signFounding(f *host.FoundingFile, dir string) (err error) {
	h, err := host.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	must, _, err := f.Signers()
	if err != nil {
		return err
	}
	var ks []keys.Key
	for _, by := range must {
		path := h.KeyPath(strings.ReplaceAll(by, "/", "-") + "-root")
		if _, err := os.Stat(path); err != nil {
			continue
		}
		k, err := keys.Load(path, keys.Standard().For)
		if err != nil {
			return err
		}
		ks = append(ks, k)
	}
	if len(ks) == 0 {
		return fmt.Errorf("%s has no root key of a member or board in this file", dir)
	}
	return f.Sign(ks...)
}

type initFinishCmd struct{ initFile }

// Run puts a founding into the home.
func (c initFinishCmd) Run(e *env) error {
	dir, err := e.home()
	if err != nil {
		return err
	}
	f, err := readFounding(c.File)
	if err != nil {
		return err
	}
	if err := finishFounding(f, dir); err != nil {
		return err
	}
	e.printf("%s holds network %s. Start its node with: licet up --home %s\n", dir, f.Origin(), dir)
	return nil
}

func finishFounding(f *host.FoundingFile, dir string) (err error) {
	h, err := host.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	return h.Begin(f)
}
