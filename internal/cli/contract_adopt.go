package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"licet/internal/contract"
	"licet/internal/pack"
	"licet/license"
	"licet/strict"
)

// adopting are the flags of acts by which a board binds itself to a contract, or parts
// with it.
type adopting struct {
	signing
	Board string `required:"" help:"The board that signs, for its own licenses." placeholder:"BOARD"`
	Yes   bool   `help:"Sign without being asked."`
}

type untested struct {
	Untested bool `help:"Go on although a scenario fails, or there is none."`
}

// ask shows no more, and asks whether to sign. A draft signs nothing.
func (a *adopting) ask(e *env) error {
	if a.Yes || a.Draft != "" {
		return nil
	}
	if e.JSON {
		return usage("with --json nothing is shown or asked; say --yes, or write a draft with --draft FILE")
	}
	e.printf("Sign this for board %s? Type yes: ", a.Board)
	if strings.TrimSpace(e.readLine()) == "yes" {
		return nil
	}
	e.printf("\n")
	return errors.New("nothing was signed; type yes when you are asked, or say --yes beforehand")
}

// readLine reads one line of standard input, and nothing beyond it.
func (e *env) readLine() string {
	var line []byte
	for b := make([]byte, 1); len(line) < 100; {
		n, err := e.stdin.Read(b)
		if n == 1 {
			line = append(line, b[0])
		}
		if err != nil || n == 1 && b[0] == '\n' {
			break
		}
	}
	return string(line)
}

// says prints unless machines read it.
func (e *env) says(print func()) {
	if !e.JSON {
		print()
	}
}

// tested plays the scenarios, and refuses a contract that fails one.
func (u untested) tested(e *env, p *pack.Pack) error {
	r := p.Test()
	passed := 0
	for _, s := range r.Played {
		if s.Passed {
			passed++
		}
	}
	switch {
	case r.Passed:
		e.says(func() { e.printf("Scenarios:  %s.\n\n", allPass(passed)) })
		return nil
	case u.Untested:
		e.says(func() { e.printf("Scenarios:  %d of %d pass. Signed all the same.\n\n", passed, len(r.Played)) })
		return nil
	}
	e.says(func() { e.printTest(r) })
	if len(r.Played) == 0 {
		return errors.New("contract " + p.Manifest.Name + " has no scenario: nobody has said what it is to do; write one, or say --untested")
	}
	return fmt.Errorf("%d of %d scenarios of contract %s fail; mend them, or say --untested", len(r.Played)-passed, len(r.Played), p.Manifest.Name)
}

func allPass(n int) string {
	if n == 1 {
		return "the one that there is passes"
	}
	return fmt.Sprintf("all %d pass", n)
}

type contractAdoptCmd struct {
	Dir string `arg:"" help:"Directory of the contract." type:"existingdir"`
	adopting
	untested
	Role string `help:"What the board is to the contract. Absent: the only role that it has." placeholder:"ROLE"`
}

func (contractAdoptCmd) Help() string {
	return "The contract is checked and its scenarios are played; then everything that is signed is shown, and asked about. Its texts travel with the act and are public. " +
		"The board's policy says who signs contract.adopt; where it has no rule for contract.*, the board's root does. docs/contracts.md tells the whole way."
}

// Run adopts a contract.
func (c *contractAdoptCmd) Run(e *env) error {
	if err := c.someone(); err != nil {
		return err
	}
	p, err := e.loadPack(c.Dir)
	if err != nil {
		return err
	}
	test, err := e.contractsHere()
	if err != nil {
		return err
	}
	role, err := roleOf(p, c.Role, "")
	if err != nil {
		return err
	}
	if there, err := e.contractNow(p.Manifest.Name); err != nil {
		return err
	} else if there != nil {
		return fmt.Errorf("there is a contract %s in this network already; look at it with licet contract show, and join it, or give yours another name", p.Manifest.Name)
	}
	all, _, err := e.rowOf(c.Board, p.Manifest.Name)
	if err != nil {
		return err
	}
	a := &license.ContractAdopt{Board: c.Board, Contract: p.Manifest.Name, Count: all.Count, Version: p.Manifest.Version, Hash: p.Hash, Role: role}
	a.Of, a.Among = shareOf(p)
	openings, texts, err := e.missing(p)
	if err != nil {
		return err
	}
	a.Texts = texts
	if err := e.shown(&c.adopting, a, func() error {
		e.says(func() { e.printf("Board %s adopts this contract as %s.\n\n", c.Board, role); e.printPack(p, test) })
		return c.tested(e, p)
	}); err != nil {
		return err
	}
	return e.decide(c.signing, openings, a)
}

// shown refuses what the network will refuse, shows what is signed, and asks.
func (e *env) shown(by *adopting, a license.Act, show func() error) error {
	if _, err := e.foresee(a); err != nil {
		return err
	}
	if err := show(); err != nil {
		return err
	}
	return by.ask(e)
}

func shareOf(p *pack.Pack) (of, among int64) {
	if s := p.Manifest.Amendments; s != nil {
		return s.Of, s.Among
	}
	return 0, 0
}

type contractJoinCmd struct {
	Contract string `arg:"" help:"Name of the contract, as licet contract list shows it."`
	adopting
	untested
	Role string `help:"What the board is to the contract. Absent: the only role that it has." placeholder:"ROLE"`
	Hash string `help:"The edition. Absent: the newest that is in force for a board." placeholder:"HASH"`
}

func (contractJoinCmd) Help() string {
	return "The texts come from the network, are checked against the hash that boards signed, and are shown before you sign."
}

// Run joins a contract that another board adopted.
func (c *contractJoinCmd) Run(e *env) error {
	if err := c.someone(); err != nil {
		return err
	}
	test, err := e.contractsHere()
	if err != nil {
		return err
	}
	k, err := e.mustContract(c.Contract)
	if err != nil {
		return err
	}
	ed, err := k.edition(c.Hash)
	if err != nil {
		return err
	}
	p, err := e.served(c.Contract, ed)
	if err != nil {
		return err
	}
	role, err := roleOf(p, c.Role, "")
	if err != nil {
		return err
	}
	all, _, err := e.rowOf(c.Board, c.Contract)
	if err != nil {
		return err
	}
	a := &license.ContractJoin{Board: c.Board, Contract: c.Contract, Count: all.Count, Version: ed.Version, Amendment: ed.Amendment, Hash: ed.Hash, Role: role}
	if err := e.shown(&c.adopting, a, func() error {
		e.says(func() {
			e.printf("Board %s joins this contract as %s, in %s. In force for %s.\n\n", c.Board, role, called(ed.Version, ed.Amendment), strings.Join(ed.Boards, ", "))
			e.printPack(p, test)
		})
		return c.tested(e, p)
	}); err != nil {
		return err
	}
	return e.decide(c.signing, nil, a)
}

// A newer edition of a contract that the board has, from files or from the network.
type newer struct {
	What string `arg:"" help:"Directory of the contract; with --hash, its name." placeholder:"DIR|NAME"`
	adopting
	untested
	Hash string `help:"An edition that another board has signed already: no files are needed." placeholder:"HASH"`
}

// A successor is what is about to follow the edition that a board signed.
type successor struct {
	name   string
	test   bool
	pack   *pack.Pack
	known  *editionNow // the network has it; nil: this act brings it
	count  int64
	row    *license.ContractRow
	before *pack.Pack // that the board signed last
	all    *contractNow
}

func (c *newer) read(e *env) (s *successor, err error) {
	if err = c.someone(); err != nil {
		return nil, err
	}
	s = &successor{name: c.What}
	if c.Hash == "" {
		if s.pack, err = e.loadPack(c.What); err != nil {
			return nil, err
		}
		s.name = s.pack.Manifest.Name
	}
	if s.test, err = e.contractsHere(); err != nil {
		return nil, err
	}
	if s.all, err = e.mustContract(s.name); err != nil {
		return nil, err
	}
	if s.count, s.row, err = e.mineIs(c.Board, s.name); err != nil {
		return nil, err
	}
	mine, err := s.all.edition(s.row.Hash.String())
	if err != nil {
		return nil, err
	}
	if s.before, err = e.served(s.name, mine); err != nil {
		return nil, err
	}
	if c.Hash != "" {
		if s.known, err = s.all.edition(c.Hash); err == nil {
			s.pack, err = e.served(s.name, s.known)
		}
		return s, err
	}
	if i := slices.IndexFunc(s.all.Editions, func(x editionNow) bool { return x.Hash == s.pack.Hash }); i >= 0 {
		s.known = &s.all.Editions[i]
	}
	if s.pack.Hash == s.row.Hash {
		return nil, fmt.Errorf("board %s has signed this edition of contract %s already", c.Board, s.name)
	}
	return s, nil
}

// texts are those that the act brings: none where the network has the edition.
func (s *successor) texts(e *env) ([]license.Opening, []license.Hash, error) {
	if s.known != nil {
		return nil, nil, nil
	}
	return e.missing(s.pack)
}

func (s *successor) nextVersion() (v int64) {
	for _, x := range s.all.Editions {
		v = max(v, x.Version)
	}
	return v + 1
}

type contractSupersedeCmd struct {
	newer
	Role string `help:"What the board is to the contract. Absent: as it was." placeholder:"ROLE"`
}

func (contractSupersedeCmd) Help() string {
	return "It binds the board that signs, from its signature on; other boards go on with the version that they have."
}

// Run puts a newer version in force.
func (c *contractSupersedeCmd) Run(e *env) error {
	s, err := c.read(e)
	if err != nil {
		return err
	}
	if next := s.nextVersion(); s.known == nil && s.pack.Manifest.Version != next {
		return fmt.Errorf("the files say version %d, and the next version of contract %s is %d; write version = %d, or, where only parameters change, use: licet contract amend", s.pack.Manifest.Version, s.name, next, next)
	}
	role, err := roleOf(s.pack, c.Role, s.row.Role)
	if err != nil {
		return err
	}
	openings, texts, err := s.texts(e)
	if err != nil {
		return err
	}
	a := &license.ContractSupersede{
		Board: c.Board, Contract: s.name, Count: s.count, Version: s.pack.Manifest.Version, Hash: s.pack.Hash,
		Previous: s.row.Hash, Role: role, Texts: texts,
	}
	a.Of, a.Among = shareOf(s.pack)
	if s.known != nil {
		a.Amendment = s.known.Amendment
	}
	if err := e.shown(&c.adopting, a, func() error {
		e.says(func() {
			e.printf("Board %s puts %s in force as %s, in place of %s.\n\n", c.Board, called(a.Version, a.Amendment), role, called(s.row.Version, s.row.Amendment))
			e.printChanges(s.before, s.pack)
			e.printPack(s.pack, s.test)
		})
		return c.tested(e, s.pack)
	}); err != nil {
		return err
	}
	return e.decide(c.signing, openings, a)
}

type contractAmendCmd struct{ newer }

func (contractAmendCmd) Help() string {
	return "An amendment changes parameters alone. It binds the boards that sign it, and all of the version once the share has signed to which the contract delegates."
}

// sameButParameters says whether two manifests differ in their parameters at most.
func sameButParameters(a, b *contract.Manifest) bool {
	x, y := *a, *b
	x.Parameters, y.Parameters = license.Hash{}, license.Hash{}
	return string(strict.Encode(&x)) == string(strict.Encode(&y))
}

// Run amends parameters.
func (c *contractAmendCmd) Run(e *env) error {
	s, err := c.read(e)
	if err != nil {
		return err
	}
	if !sameButParameters(&s.pack.Manifest, &s.before.Manifest) {
		return fmt.Errorf("more than parameters differs from the edition of contract %s that board %s signed; raise the version, and put it in force with: licet contract supersede", s.name, c.Board)
	}
	openings, texts, err := s.texts(e)
	if err != nil {
		return err
	}
	a := &license.ContractAmendParams{Board: c.Board, Contract: s.name, Count: s.count, Version: s.row.Version, Hash: s.pack.Hash, Previous: s.row.Hash, Texts: texts}
	if s.known != nil {
		a.Amendment = s.known.Amendment
	} else {
		for _, x := range s.all.Editions {
			if x.Version == a.Version {
				a.Amendment = max(a.Amendment, x.Amendment+1)
			}
		}
	}
	after, err := e.foresee(a)
	if err != nil {
		return err
	}
	e.says(func() {
		e.printf("Board %s signs amendment %d of version %d of contract %s.\n\nHash:       %s\n", c.Board, a.Amendment, a.Version, s.name, a.Hash)
	})
	if err := c.tested(e, s.pack); err != nil {
		return err
	}
	e.says(func() { e.printChanges(s.before, s.pack); e.printBound(after, c.Board, a.Hash) })
	if err := c.ask(e); err != nil {
		return err
	}
	return e.decide(c.signing, openings, a)
}

// parting are the flags of acts that say of a contract nothing but its name.
type parting struct {
	Contract string `arg:"" help:"Name of the contract."`
	adopting
}

type contractLeaveCmd struct{ parting }

// Run leaves a contract.
func (c *contractLeaveCmd) Run(e *env) error {
	return c.part(e, "Board %s leaves contract %s. No rule of it runs for the board's licenses any more; what it did stands.\n",
		func(count int64, row *license.ContractRow) license.Act {
			return &license.ContractLeave{Board: c.Board, Contract: c.Contract, Count: count, Previous: row.Hash}
		})
}

type contractRetireCmd struct{ parting }

// Run says that the board wants a contract to end for all.
func (c *contractRetireCmd) Run(e *env) error {
	return c.part(e, "Board %s wants contract %s to end for all. It ends when all its boards have said so.\n",
		func(count int64, row *license.ContractRow) license.Act {
			return &license.ContractRetire{Board: c.Board, Contract: c.Contract, Count: count, Previous: row.Hash}
		})
}

func (c *parting) part(e *env, words string, act func(int64, *license.ContractRow) license.Act) error {
	if err := c.someone(); err != nil {
		return err
	}
	if _, err := e.contractsHere(); err != nil {
		return err
	}
	count, row, err := e.mineIs(c.Board, c.Contract)
	if err != nil {
		return err
	}
	a := act(count, row)
	after, err := e.foresee(a)
	if err != nil {
		return err
	}
	e.says(func() {
		e.printf(words, c.Board, c.Contract)
		if after.Retired {
			e.printf("It ends with this signature: no board is left that has not said so.\n")
		}
	})
	if err := c.ask(e); err != nil {
		return err
	}
	return e.decide(c.signing, nil, a)
}
