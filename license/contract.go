package license

import (
	"slices"
	"strings"
)

// Kinds of records about contracts.
const (
	KindContracts = "contracts" // id: the board
	KindContract  = "contract"  // id: the contract's name; written beside
)

// OpeningContract is a text of a contract. It has no salt: its commitment is the
// SHA-256 of its bytes.
const OpeningContract = "contract"

// Bounds that keep both records small enough for one entry.
const (
	contractsMax = 32 // in force for one board
	boardsMax    = 64 // of one contract
	editionsMax  = 24
	textsMax     = 67 // manifest, source, parameters, 64 scenarios
)

// Contracts are those in force for a board, in order of adoption. Kind "contracts".
type Contracts struct {
	Rows  []ContractRow `json:"rows"`
	Count int64         `json:"count"`
	Last  Hash          `json:"last"`
}

// Row returns the index of a contract's row, or -1.
func (c *Contracts) Row(contract string) int {
	for i := range c.Rows {
		if c.Rows[i].Contract == contract {
			return i
		}
	}
	return -1
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
	Manifest  Hash     `json:"manifest,required"` // the text that names all others
	Of        int64    `json:"of"`                // with Among: the share of boards that amends parameters for all
	Among     int64    `json:"among"`
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
			e.Boards = sortedWith(e.Boards, boards...)
		}
	}
}

// newest returns the newest version, and the newest amendment of a version.
func (k *Contract) newest(of int64) (version, amendment int64) {
	for i := range k.Editions {
		e := &k.Editions[i]
		version = max(version, e.Version)
		if e.Version == of {
			amendment = max(amendment, e.Amendment)
		}
	}
	return version, amendment
}

// of returns the boards for whom a version is in force, whatever its amendment.
func (k *Contract) of(version int64) (bs []string) {
	for i := range k.Editions {
		if k.Editions[i].Version == version {
			bs = sortedWith(bs, k.Editions[i].Boards...)
		}
	}
	return bs
}

// amend counts a board's signature under an amendment. It binds the board, and, once the
// share is reached to which the version delegates, all boards of the version; nobody who
// has a newer one already.
func (k *Contract) amend(h Hash, board string) {
	e := k.edition(h)
	all, bound, signed := k.of(e.Version), []string{board}, int64(0)
	e.Signed = sortedWith(slices.Clone(e.Signed), board)
	for _, b := range all {
		if slices.Contains(e.Signed, b) || slices.Contains(e.Boards, b) {
			signed++
		}
	}
	if e.Among > 0 && signed*e.Among >= int64(len(all))*e.Of {
		bound, e.Signed = all, nil
	}
	for _, b := range bound {
		if k.InForce(b).Amendment < e.Amendment {
			k.enter(h, b)
		}
	}
}

func sortedWith(list []string, more ...string) []string {
	list = append(list, more...)
	slices.Sort(list)
	return slices.Compact(list)
}

// PresumedContract is the record of a contract as it must at least be for the act, for
// whoever has the words of one board and not those of the others; nil: absent. What the
// act does to its own board's record follows from that record and the act alone.
func PresumedContract(a Act) *Contract {
	had := func(board string, version, amendment int64, h Hash) Edition {
		return Edition{Version: version, Amendment: amendment, Hash: h, Boards: []string{board}}
	}
	var k Contract
	switch a := a.(type) {
	case *ContractJoin:
		k.Editions = []Edition{had(a.Board, a.Version, a.Amendment, a.Hash)}
	case *ContractSupersede:
		k.Editions = []Edition{had(a.Board, a.Version-1, 0, a.Previous)}
		if len(a.Texts) == 0 {
			e := had(a.Board, a.Version, a.Amendment, a.Hash)
			e.Of, e.Among = a.Of, a.Among
			k.Editions = append(k.Editions, e)
		}
	case *ContractAmendParams:
		k.Editions = []Edition{had(a.Board, a.Version, a.Amendment-1, a.Previous)}
		if len(a.Texts) == 0 {
			k.Editions = append(k.Editions, Edition{Version: a.Version, Amendment: a.Amendment, Hash: a.Hash})
		}
	case *ContractRetire:
		k.Editions = []Edition{had(a.Board, 0, 0, a.Previous)}
	case *ContractLeave:
		k.Editions = []Edition{had(a.Board, 0, 0, a.Previous)}
	default:
		return nil
	}
	return &k
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
	Texts    []Hash `json:"texts,required"` // that travel with the act, the manifest first
}

// ContractJoin puts a contract that another board adopted in force for this one.
type ContractJoin struct {
	Do        string `json:"do"`
	Board     string `json:"board,required"`
	Contract  string `json:"contract,required"`
	Count     int64  `json:"count"`
	Version   int64  `json:"version,required"`
	Amendment int64  `json:"amendment"`
	Hash      Hash   `json:"hash,required"`
	Role      string `json:"role,required"`
}

// ContractSupersede puts a newer version in force for the board, which brings it in
// when it is the first.
type ContractSupersede struct {
	Do        string `json:"do"`
	Board     string `json:"board,required"`
	Contract  string `json:"contract,required"`
	Count     int64  `json:"count"`
	Version   int64  `json:"version,required"`
	Amendment int64  `json:"amendment"`
	Hash      Hash   `json:"hash,required"`
	Previous  Hash   `json:"previous,required"`
	Role      string `json:"role,required"`
	Of        int64  `json:"of"`
	Among     int64  `json:"among"`
	Texts     []Hash `json:"texts"` // likewise; none when the network has the edition
}

// ContractAmendParams changes the parameters of the version that the board has. Who is
// the first to sign an amendment brings it in.
type ContractAmendParams struct {
	Do        string `json:"do"`
	Board     string `json:"board,required"`
	Contract  string `json:"contract,required"`
	Count     int64  `json:"count"`
	Version   int64  `json:"version,required"` // that the board has
	Amendment int64  `json:"amendment,required"`
	Hash      Hash   `json:"hash,required"`
	Previous  Hash   `json:"previous,required"`
	Texts     []Hash `json:"texts"`
}

// ContractRetire says that the board wants the contract to end for all. It ends when all
// its boards have said so.
type ContractRetire struct {
	Do       string `json:"do"`
	Board    string `json:"board,required"`
	Contract string `json:"contract,required"`
	Count    int64  `json:"count"`
	Previous Hash   `json:"previous,required"`
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
	c.row = c.all.Row(name)
	return c, stale("contracts of board "+board, c.all.Count, count)
}

// mineFor refuses, too, when the board did not sign this edition of the contract.
func mineFor(v View, board, name string, count int64, previous Hash) (*contracting, *Refusal) {
	c, r := contractFor(v, board, name, count)
	if r != nil {
		return nil, r
	}
	if c.row < 0 {
		return nil, refuse("not-adopted", specAdoption, "Board %s has not adopted contract %s.", board, name)
	}
	if h := c.all.Rows[c.row].Hash; h != previous {
		return nil, refuse("stale", specAdoption, "Board %s signed edition %s of contract %s, the act names %s. Look at the record and sign again.", board, h, name, previous)
	}
	return c, nil
}

// brings adds an edition that an act brings in with its texts.
func (c *contracting) brings(e Edition, texts []Hash) *Refusal {
	switch {
	case e.Version < 1:
		return refuse("edition", specAdoption, "Versions count from 1.")
	case (e.Of != 0 || e.Among != 0) && (e.Of < 1 || e.Of > e.Among || 2*e.Of <= e.Among || e.Among > 100):
		return refuse("share", specAdoption, "Amendments are delegated to more than half of the boards: %d of %d is no such share.", e.Of, e.Among)
	case len(texts) > textsMax:
		return refuse("too-much", specAdoption, "A contract has at most %d texts.", textsMax)
	case len(c.k.Editions) >= editionsMax:
		return refuse("too-much", specAdoption, "A contract has at most %d editions; adopt the next one under another name.", editionsMax)
	}
	e.Manifest = texts[0]
	c.k.Editions = append(c.k.Editions, e)
	return nil
}

// put makes the row the board's, at its place or at the end.
func (c *contracting) put(row ContractRow) {
	if c.row < 0 {
		c.row, c.all.Rows = len(c.all.Rows), append(c.all.Rows, row)
	}
	c.all.Rows[c.row] = row
}

// effect writes both records.
func (c *contracting) effect() *Effect {
	c.all.Count++
	c.k.Retired = c.k.Retired || c.unwanted()
	return &Effect{Record: &c.all, Also: []AlsoWrite{{KindContract, c.name, &c.k}}}
}

// unwanted says whether all boards of the contract want it to end.
func (c *contracting) unwanted() bool {
	boards := c.k.boards()
	for _, b := range boards {
		o := c.all
		if b != c.board {
			o = Contracts{}
			c.v.Get(KindContracts, b, &o)
		}
		if i := o.Row(c.name); i < 0 || !o.Rows[i].Retire {
			return false
		}
	}
	return len(boards) > 0
}

func (c *contracting) retired() *Refusal {
	return refuse("retired", specAdoption, "Contract %s was retired by its boards.", c.name)
}

func (a *ContractAdopt) decide(v View) (*Effect, *Refusal) {
	c, r := contractFor(v, a.Board, a.Contract, a.Count)
	if r != nil {
		return nil, r
	}
	if c.there {
		return nil, refuse("contract-exists", specAdoption, "There is a contract %s already: join it, or give yours another name.", a.Contract)
	}
	if r := c.brings(Edition{Version: a.Version, Hash: a.Hash, Of: a.Of, Among: a.Among}, a.Texts); r != nil {
		return nil, r
	}
	if len(c.all.Rows) >= contractsMax {
		return nil, refuse("too-much", specAdoption, "A board has at most %d contracts.", contractsMax)
	}
	c.put(ContractRow{Contract: a.Contract, Version: a.Version, Hash: a.Hash, Role: a.Role})
	c.k.enter(a.Hash, a.Board)
	return c.effect(), nil
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
		return nil, c.retired()
	case e == nil:
		return nil, refuse("unknown-edition", specAdoption, "Contract %s has no edition %s.", a.Contract, a.Hash)
	case len(e.Boards) == 0 || a.Version != e.Version || a.Amendment != e.Amendment:
		return nil, refuse("edition", specAdoption, "Edition %s is amendment %d of version %d of contract %s, the act says %d of %d; or nobody has that edition any more.", a.Hash, e.Amendment, e.Version, a.Contract, a.Amendment, a.Version)
	case len(c.all.Rows) >= contractsMax || len(c.k.boards()) >= boardsMax:
		return nil, refuse("too-much", specAdoption, "A board has at most %d contracts, a contract at most %d boards.", contractsMax, boardsMax)
	}
	c.put(ContractRow{Contract: a.Contract, Version: a.Version, Amendment: a.Amendment, Hash: a.Hash, Role: a.Role})
	c.k.enter(a.Hash, a.Board)
	return c.effect(), nil
}

func (a *ContractSupersede) decide(v View) (*Effect, *Refusal) {
	c, r := mineFor(v, a.Board, a.Contract, a.Count, a.Previous)
	switch {
	case r != nil:
		return nil, r
	case c.k.Retired:
		return nil, c.retired()
	}
	row, e := c.all.Rows[c.row], c.k.edition(a.Hash)
	switch newest, _ := c.k.newest(0); {
	case e == nil && len(a.Texts) == 0:
		return nil, refuse("unknown-edition", specAdoption, "Contract %s has no edition %s; who is the first to sign it brings its texts.", a.Contract, a.Hash)
	case e == nil && (a.Version != newest+1 || a.Amendment != 0):
		return nil, refuse("edition", specAdoption, "The newest version of contract %s is %d; the next one is %d, without an amendment.", a.Contract, newest, newest+1)
	case e == nil:
		if r := c.brings(Edition{Version: a.Version, Hash: a.Hash, Of: a.Of, Among: a.Among}, a.Texts); r != nil {
			return nil, r
		}
	case len(a.Texts) > 0 || len(e.Boards) == 0 || a.Version != e.Version || a.Amendment != e.Amendment || a.Of != e.Of || a.Among != e.Among || a.Version <= row.Version:
		return nil, refuse("edition", specAdoption, "Edition %s is amendment %d of version %d of contract %s, board %s has version %d; or nobody has that edition any more.", a.Hash, e.Amendment, e.Version, a.Contract, a.Board, row.Version)
	}
	c.put(ContractRow{Contract: a.Contract, Version: a.Version, Amendment: a.Amendment, Hash: a.Hash, Role: a.Role})
	c.k.enter(a.Hash, a.Board)
	return c.effect(), nil
}

func (a *ContractAmendParams) decide(v View) (*Effect, *Refusal) {
	c, r := mineFor(v, a.Board, a.Contract, a.Count, a.Previous)
	switch {
	case r != nil:
		return nil, r
	case c.k.Retired:
		return nil, c.retired()
	}
	row, e, base := c.all.Rows[c.row], c.k.edition(a.Hash), c.k.edition(a.Previous)
	switch _, newest := c.k.newest(row.Version); {
	case base == nil:
		return nil, refuse("unknown-edition", specAdoption, "Contract %s has no edition %s.", a.Contract, a.Previous)
	case a.Version != row.Version:
		return nil, refuse("edition", specAdoption, "Board %s has version %d of contract %s, the act says %d.", a.Board, row.Version, a.Contract, a.Version)
	case e == nil && len(a.Texts) == 0:
		return nil, refuse("unknown-edition", specAdoption, "Contract %s has no amendment %s; who is the first to sign it brings its texts.", a.Contract, a.Hash)
	case e == nil && a.Amendment != newest+1:
		return nil, refuse("edition", specAdoption, "The newest amendment of version %d of contract %s is %d; the next one is %d.", row.Version, a.Contract, newest, newest+1)
	case e == nil:
		if r := c.brings(Edition{Version: row.Version, Amendment: a.Amendment, Hash: a.Hash, Of: base.Of, Among: base.Among}, a.Texts); r != nil {
			return nil, r
		}
	case len(a.Texts) > 0 || e.Version != a.Version || e.Amendment != a.Amendment || a.Amendment <= row.Amendment:
		return nil, refuse("edition", specAdoption, "Edition %s is amendment %d of version %d of contract %s, board %s has amendment %d of version %d.", a.Hash, e.Amendment, e.Version, a.Contract, a.Board, row.Amendment, row.Version)
	}
	row.Amendment, row.Hash = a.Amendment, a.Hash
	c.put(row)
	c.k.amend(a.Hash, a.Board)
	return c.effect(), nil
}

func (a *ContractRetire) decide(v View) (*Effect, *Refusal) {
	c, r := mineFor(v, a.Board, a.Contract, a.Count, a.Previous)
	if r != nil {
		return nil, r
	}
	row := c.all.Rows[c.row]
	if row.Retire {
		return nil, refuse("nothing", specAdoption, "Board %s wants contract %s to end already.", a.Board, a.Contract)
	}
	row.Retire = true
	c.put(row)
	return c.effect(), nil
}

func (a *ContractLeave) decide(v View) (*Effect, *Refusal) {
	c, r := mineFor(v, a.Board, a.Contract, a.Count, a.Previous)
	if r != nil {
		return nil, r
	}
	c.all.Rows = append(c.all.Rows[:c.row], c.all.Rows[c.row+1:]...)
	c.k.enter(Hash{}, a.Board)
	return c.effect(), nil
}

func (a *ContractAdopt) Verb() string       { return "contract.adopt" }
func (a *ContractJoin) Verb() string        { return "contract.join" }
func (a *ContractSupersede) Verb() string   { return "contract.supersede" }
func (a *ContractLeave) Verb() string       { return "contract.leave" }
func (a *ContractAmendParams) Verb() string { return "contract.amend_params" }
func (a *ContractRetire) Verb() string      { return "contract.retire" }

func (a *ContractAdopt) Target() (string, string)       { return KindContracts, a.Board }
func (a *ContractJoin) Target() (string, string)        { return KindContracts, a.Board }
func (a *ContractSupersede) Target() (string, string)   { return KindContracts, a.Board }
func (a *ContractLeave) Target() (string, string)       { return KindContracts, a.Board }
func (a *ContractAmendParams) Target() (string, string) { return KindContracts, a.Board }
func (a *ContractRetire) Target() (string, string)      { return KindContracts, a.Board }

func (a *ContractAdopt) Opens() []OpeningRef       { return textRefs(a.Texts) }
func (*ContractJoin) Opens() []OpeningRef          { return nil }
func (a *ContractSupersede) Opens() []OpeningRef   { return textRefs(a.Texts) }
func (*ContractLeave) Opens() []OpeningRef         { return nil }
func (a *ContractAmendParams) Opens() []OpeningRef { return textRefs(a.Texts) }
func (*ContractRetire) Opens() []OpeningRef        { return nil }

func textRefs(texts []Hash) (refs []OpeningRef) {
	for _, t := range texts {
		refs = append(refs, OpeningRef{OpeningContract, t})
	}
	return refs
}

// ContractRetry asks for a call that faulted to be made again.
type ContractRetry struct {
	Do       string `json:"do"`
	Board    string `json:"board,required"`
	Contract string `json:"contract,required"`
	Count    int64  `json:"count"`
	Call     string `json:"call,required"` // id of the call
}

// decide lets the call wait as it did before it faulted. A board that left the contract may
// ask, too: the call then ends without effects, and its mark goes.
func (a *ContractRetry) decide(v View) (*Effect, *Refusal) {
	c, r := contractFor(v, a.Board, a.Contract, a.Count)
	if r != nil {
		return nil, r
	}
	var call Call
	if !v.Get(KindCall, a.Call, &call) || !call.Held || call.Contract != a.Contract || call.Board != a.Board {
		return nil, refuse("unknown-call", specAdoption, "No call %s of contract %s is held for board %s.", a.Call, a.Contract, a.Board)
	}
	call.Held, call.Asked = false, true
	c.all.Count++
	return &Effect{Record: &c.all, Also: []AlsoWrite{
		{KindCall, a.Call, &struct{}{}}, {KindCall, strings.TrimPrefix(a.Call, HeldPrefix), &call},
	}}, nil
}

func (a *ContractRetry) Verb() string             { return "contract.retry" }
func (a *ContractRetry) Target() (string, string) { return KindContracts, a.Board }
func (a *ContractRetry) Opens() []OpeningRef      { return nil }
