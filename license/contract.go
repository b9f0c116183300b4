package license

import "slices"

// Kinds of records about contracts.
const (
	KindContracts = "contracts" // id: the board
	KindContract  = "contract"  // id: the contract's name; written beside
)

// OpeningContract is a text of a contract. It has no salt: its commitment is the
// SHA-256 of its bytes.
const OpeningContract = "contract"

const (
	contractsMax = 100 // in force for one board
	boardsMax    = 64  // of one contract
	editionsMax  = 200
	textsMax     = 67 // manifest, source, parameters, 64 scenarios
)

// Contracts are those in force for a board, in order of adoption. Kind "contracts".
type Contracts struct {
	Rows  []ContractRow `json:"rows"`
	Count int64         `json:"count"`
	Last  Hash          `json:"last"`
}

// A ContractRow is a contract as its board signed it.
type ContractRow struct {
	Contract  string `json:"contract,required"`
	Version   int64  `json:"version,required"`
	Amendment int64  `json:"amendment"`
	Hash      Hash   `json:"hash,required"`
	Role      string `json:"role,required"` // what the board is to the contract
	Retire    bool   `json:"retire"`        // the board wants it to end for all
}

// A Contract is what concerns all its boards. Kind "contract".
type Contract struct {
	Editions []Edition `json:"editions"`
	Retired  bool      `json:"retired"` // nobody joins any more, no call runs
}

// An Edition is one version of a contract, or one amendment of its parameters.
type Edition struct {
	Version   int64    `json:"version,required"`
	Amendment int64    `json:"amendment"`
	Hash      Hash     `json:"hash,required"`
	Of        int64    `json:"of"` // with Among: the share of boards that amends parameters for all
	Among     int64    `json:"among"`
	Texts     []Hash   `json:"texts,required"`
	Boards    []string `json:"boards"` // for whom it is in force
	Signed    []string `json:"signed"` // of amendments: who signed, until it is in force for all
}

// edition returns the edition of a hash, or nil.
func (k *Contract) edition(h Hash) *Edition {
	for i := range k.Editions {
		if k.Editions[i].Hash == h {
			return &k.Editions[i]
		}
	}
	return nil
}

// boards returns all boards of the contract, sorted.
func (k *Contract) boards() (bs []string) {
	for _, e := range k.Editions {
		bs = append(bs, e.Boards...)
	}
	slices.Sort(bs)
	return slices.Compact(bs)
}

// InForce returns the edition that runs for the board, or nil.
func (k *Contract) InForce(board string) *Edition {
	for i := range k.Editions {
		if slices.Contains(k.Editions[i].Boards, board) {
			return &k.Editions[i]
		}
	}
	return nil
}

// enter puts an edition in force for boards, and every other one out of force for them.
func (k *Contract) enter(h Hash, boards ...string) {
	for i := range k.Editions {
		e := &k.Editions[i]
		e.Boards = slices.DeleteFunc(slices.Clone(e.Boards), func(b string) bool { return slices.Contains(boards, b) })
		if e.Hash == h {
			e.Boards = append(e.Boards, boards...)
			slices.Sort(e.Boards)
		}
	}
}

// ContractAdopt brings a contract into the network, in force for the board.
type ContractAdopt struct {
	Do       string `json:"do"`
	Board    string `json:"board,required"`
	Contract string `json:"contract,required"`
	Count    int64  `json:"count"` // of the board's record of contracts
	Version  int64  `json:"version,required"`
	Hash     Hash   `json:"hash,required"`
	Role     string `json:"role,required"`
	Of       int64  `json:"of"`
	Among    int64  `json:"among"`
	Texts    []Hash `json:"texts"` // that travel with the act
	Kept     []Hash `json:"kept"`  // that the network has
}

// ContractJoin puts a contract that another board adopted in force for this one.
type ContractJoin struct {
	Do       string `json:"do"`
	Board    string `json:"board,required"`
	Contract string `json:"contract,required"`
	Count    int64  `json:"count"`
	Hash     Hash   `json:"hash,required"`
	Role     string `json:"role,required"`
}

// ContractSupersede puts a newer version in force for the board, which brings it in
// when it is the first.
type ContractSupersede struct {
	Do       string `json:"do"`
	Board    string `json:"board,required"`
	Contract string `json:"contract,required"`
	Count    int64  `json:"count"`
	Version  int64  `json:"version,required"`
	Hash     Hash   `json:"hash,required"`
	Previous Hash   `json:"previous,required"`
	Role     string `json:"role,required"`
	Of       int64  `json:"of"`
	Among    int64  `json:"among"`
	Texts    []Hash `json:"texts"`
	Kept     []Hash `json:"kept"`
}

// ContractLeave ends new effects of a contract on the board's licenses.
type ContractLeave struct {
	Do       string `json:"do"`
	Board    string `json:"board,required"`
	Contract string `json:"contract,required"`
	Count    int64  `json:"count"`
	Previous Hash   `json:"previous,required"`
}

// contracting is what every decision about a contract begins with.
type contracting struct {
	v     View
	board string
	name  string
	all   Contracts
	row   int // of the contract; -1: none
	k     Contract
	there bool // whether the network has the contract
}

func contractFor(v View, board, name string, count int64) (*contracting, *Refusal) {
	if _, r := getBoard(v, board); r != nil {
		return nil, r
	}
	if err := checkName(name, 48); err != nil {
		return nil, refuse("contract-name", specAdoption, "Contract: %v.", err)
	}
	c := &contracting{v: v, board: board, name: name}
	v.Get(KindContracts, board, &c.all)
	c.there = v.Get(KindContract, name, &c.k)
	c.all.Rows, c.all.Last = slices.Clone(c.all.Rows), Hash{}
	c.k.Editions = slices.Clone(c.k.Editions)
	c.row = slices.IndexFunc(c.all.Rows, func(r ContractRow) bool { return r.Contract == name })
	return c, stale("contracts of board "+board, c.all.Count, count)
}

// mine refuses when the board has not this edition of the contract.
func (c *contracting) mine(previous Hash) *Refusal {
	if c.row < 0 {
		return refuse("not-adopted", specAdoption, "Board %s has not adopted contract %s.", c.board, c.name)
	}
	if h := c.all.Rows[c.row].Hash; h != previous {
		return refuse("stale", specAdoption, "Board %s signed edition %s of contract %s, the act names %s. Look at the record and sign again.", c.board, h, c.name, previous)
	}
	return nil
}

// brings checks an edition that an act brings in.
func (c *contracting) brings(e Edition, kept []Hash) *Refusal {
	for i, t := range e.Texts {
		if len(e.Texts) > textsMax || slices.Contains(e.Texts[:i], t) {
			return refuse("too-much", specAdoption, "A contract has at most %d texts, each once.", textsMax)
		}
	}
	for _, t := range kept {
		var o OpeningRecord
		if c.v.Get(KindOpening, t.String(), &o); o.Kind != OpeningContract {
			return refuse("unknown-text", specAdoption, "The network has no text %s of a contract.", t)
		}
	}
	switch {
	case e.Version < 1:
		return refuse("edition", specAdoption, "Versions count from 1.")
	case e.Of != 0 || e.Among != 0:
		if e.Of < 1 || e.Of > e.Among || 2*e.Of <= e.Among || e.Among > boardsMax {
			return refuse("share", specAdoption, "Amendments are delegated to more than half of the boards: %d of %d is no such share.", e.Of, e.Among)
		}
	}
	if len(c.k.Editions) >= editionsMax {
		return refuse("too-much", specAdoption, "A contract has at most %d editions.", editionsMax)
	}
	return nil
}

// effect puts the edition in force for the board, and writes.
func (c *contracting) effect(row *ContractRow) *Effect {
	switch {
	case row == nil:
		c.all.Rows = slices.Delete(c.all.Rows, c.row, c.row+1)
		c.k.enter(Hash{}, c.board)
	case c.row < 0:
		c.all.Rows = append(c.all.Rows, *row)
		c.k.enter(row.Hash, c.board)
	default:
		c.all.Rows[c.row] = *row
		c.k.enter(row.Hash, c.board)
	}
	c.all.Count++
	return &Effect{Record: &c.all, Also: []AlsoWrite{{KindContract, c.name, &c.k}}}
}

func (a *ContractAdopt) decide(v View) (*Effect, *Refusal) {
	c, r := contractFor(v, a.Board, a.Contract, a.Count)
	if r != nil {
		return nil, r
	}
	if c.there {
		return nil, refuse("contract-exists", specAdoption, "There is a contract %s already: join it, or give yours another name.", a.Contract)
	}
	e := Edition{Version: a.Version, Hash: a.Hash, Of: a.Of, Among: a.Among, Texts: slices.Concat(a.Texts, a.Kept)}
	if r := c.brings(e, a.Kept); r != nil {
		return nil, r
	}
	if len(c.all.Rows) >= contractsMax {
		return nil, refuse("too-much", specAdoption, "A board has at most %d contracts.", contractsMax)
	}
	c.k.Editions = []Edition{e}
	return c.effect(&ContractRow{Contract: a.Contract, Version: a.Version, Hash: a.Hash, Role: a.Role}), nil
}

func (a *ContractJoin) decide(v View) (*Effect, *Refusal) {
	c, r := contractFor(v, a.Board, a.Contract, a.Count)
	if r != nil {
		return nil, r
	}
	e := c.k.edition(a.Hash)
	switch {
	case !c.there:
		return nil, refuse("unknown-contract", specAdoption, "There is no contract %s to join.", a.Contract)
	case c.row >= 0:
		return nil, refuse("adopted", specAdoption, "Contract %s is in force for board %s already.", a.Contract, a.Board)
	case c.k.Retired:
		return nil, refuse("retired", specAdoption, "Contract %s was retired by its boards.", a.Contract)
	case e == nil:
		return nil, refuse("unknown-edition", specAdoption, "Contract %s has no edition %s.", a.Contract, a.Hash)
	case len(e.Boards) == 0:
		return nil, refuse("edition", specAdoption, "Edition %s of contract %s is in force for nobody any more.", a.Hash, a.Contract)
	case len(c.all.Rows) >= contractsMax || len(c.k.boards()) >= boardsMax:
		return nil, refuse("too-much", specAdoption, "A board has at most %d contracts, a contract at most %d boards.", contractsMax, boardsMax)
	}
	return c.effect(&ContractRow{Contract: a.Contract, Version: e.Version, Amendment: e.Amendment, Hash: a.Hash, Role: a.Role}), nil
}

func (a *ContractSupersede) decide(v View) (*Effect, *Refusal) {
	c, r := contractFor(v, a.Board, a.Contract, a.Count)
	if r == nil {
		r = c.mine(a.Previous)
	}
	if r != nil {
		return nil, r
	}
	row, e := c.all.Rows[c.row], c.k.edition(a.Hash)
	if texts := slices.Concat(a.Texts, a.Kept); e == nil && len(texts) > 0 {
		next := Edition{Version: a.Version, Hash: a.Hash, Of: a.Of, Among: a.Among, Texts: texts}
		if r := c.brings(next, a.Kept); r != nil {
			return nil, r
		}
		var newest int64
		for _, o := range c.k.Editions {
			newest = max(newest, o.Version)
		}
		if a.Version != newest+1 {
			return nil, refuse("edition", specAdoption, "The newest version of contract %s is %d; the next one is %d.", a.Contract, newest, newest+1)
		}
		c.k.Editions = append(c.k.Editions, next)
		e = &c.k.Editions[len(c.k.Editions)-1]
	}
	switch {
	case e == nil:
		return nil, refuse("unknown-edition", specAdoption, "Contract %s has no edition %s; who is the first to sign it brings its texts.", a.Contract, a.Hash)
	case a.Version != e.Version || a.Of != e.Of || a.Among != e.Among || a.Version <= row.Version:
		return nil, refuse("edition", specAdoption, "Edition %s is version %d of contract %s, board %s has version %d.", a.Hash, e.Version, a.Contract, a.Board, row.Version)
	}
	row.Version, row.Amendment, row.Hash, row.Role, row.Retire = a.Version, e.Amendment, a.Hash, a.Role, false
	return c.effect(&row), nil
}

func (a *ContractLeave) decide(v View) (*Effect, *Refusal) {
	c, r := contractFor(v, a.Board, a.Contract, a.Count)
	if r == nil {
		r = c.mine(a.Previous)
	}
	if r != nil {
		return nil, r
	}
	return c.effect(nil), nil
}

func (a *ContractAdopt) Verb() string     { return "contract.adopt" }
func (a *ContractJoin) Verb() string      { return "contract.join" }
func (a *ContractSupersede) Verb() string { return "contract.supersede" }
func (a *ContractLeave) Verb() string     { return "contract.leave" }

func (a *ContractAdopt) Target() (string, string)     { return KindContracts, a.Board }
func (a *ContractJoin) Target() (string, string)      { return KindContracts, a.Board }
func (a *ContractSupersede) Target() (string, string) { return KindContracts, a.Board }
func (a *ContractLeave) Target() (string, string)     { return KindContracts, a.Board }

func (a *ContractAdopt) Opens() []OpeningRef     { return textRefs(a.Texts) }
func (*ContractJoin) Opens() []OpeningRef        { return nil }
func (a *ContractSupersede) Opens() []OpeningRef { return textRefs(a.Texts) }
func (*ContractLeave) Opens() []OpeningRef       { return nil }

func textRefs(texts []Hash) (refs []OpeningRef) {
	for _, t := range texts {
		refs = append(refs, OpeningRef{OpeningContract, t})
	}
	return refs
}
