package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/internal/pack"
	"licet/license"
	"licet/strict"
)

// ContractsMax bounds how many contracts one answer lists, adoptersMax how many boards'
// acts are read for one of them.
const (
	ContractsMax = 50
	adoptersMax  = 200
)

// A Contract is one that boards of the network adopted, with whom it is in force for.
type Contract struct {
	Name     string
	Retired  bool
	Editions []Edition // in the order in which they came
	Boards   []Adopter // in order of their ids
	AsOf     AsOf
}

// An Edition is a version of a contract, or an amendment of one.
type Edition struct {
	license.Edition
	Title string
	Texts []pack.Text // without their bytes, the manifest first
}

// An Adopter is a board for which a contract is in force.
type Adopter struct {
	Contract  string
	Board     string
	BoardName string
	Role      string
	Since     license.Day // on which it adopted or joined
	Present   license.Day // since when the edition is in force for it
	Version   int64       // with Amendment and Hash: in force for it
	Amendment int64
	Hash      license.Hash
	Signed    license.Hash // the edition that it signed; another one where others amended it for all
	Retire    bool         // it wants the contract to end for all
	Retired   bool         // all its boards do
	Fault     *Failing     // its newest calls failed; nil: they did not
}

// Newest returns the newest edition that is in force for a board, else the newest; nil
// where there is none at all.
func (c *Contract) Newest() (e *Edition) {
	for i := range c.Editions {
		x := &c.Editions[i]
		in, was := len(x.Boards) > 0, e != nil && len(e.Boards) > 0
		switch {
		case e == nil, in && !was, in == was && (x.Version > e.Version || x.Version == e.Version && x.Amendment > e.Amendment):
			e = x
		}
	}
	return e
}

// Edition returns the edition of a hash, or nil.
func (c *Contract) Edition(h license.Hash) *Edition {
	for i := range c.Editions {
		if c.Editions[i].Hash == h {
			return &c.Editions[i]
		}
	}
	return nil
}

// adoptions reads what boards signed, each board once.
type adoptions struct {
	s      *ledger.State
	boards map[string]*adopted
	left   map[int64]*license.Contract // by index of the entry
}

func adoptionsOf(s *ledger.State) *adoptions {
	return &adoptions{s, map[string]*adopted{}, map[int64]*license.Contract{}}
}

// An adopted is what a board signed, and since when it has which contract.
type adopted struct {
	name  string
	rows  license.Contracts
	since map[string]license.Day
	wrote []written
}

// A written is what an act of a board left of a contract's record.
type written struct {
	index    int64
	day      license.Day
	contract string
	value    []byte
}

func (a *adoptions) of(board string) (*adopted, error) {
	if x := a.boards[board]; x != nil {
		return x, nil
	}
	x := &adopted{since: map[string]license.Day{}}
	var b license.Board
	if _, err := a.s.Record(license.KindBoard, board, &b); err != nil {
		return nil, err
	}
	x.name = b.Name
	if _, err := a.s.Record(license.KindContracts, board, &x.rows); err != nil {
		return nil, err
	}
	es, err := a.s.Entries(license.KindContracts, board)
	if err != nil {
		return nil, err
	}
	for _, e := range es {
		if err := x.follow(&e.Entry); err != nil {
			return nil, err
		}
	}
	a.boards[board] = x
	return x, nil
}

// follow notes which contracts came and went with an entry.
func (x *adopted) follow(e *license.Entry) error {
	var then license.Contracts
	if err := strict.Decode(e.Body, &then, license.EntryBytesMax); err != nil {
		return fmt.Errorf("entry %d: %w", e.Index, err)
	}
	had := x.since
	x.since = map[string]license.Day{}
	for _, r := range then.Rows {
		if d, ok := had[r.Contract]; ok {
			x.since[r.Contract] = d
		} else {
			x.since[r.Contract] = e.Effective
		}
	}
	for _, w := range e.Also {
		if w.Kind == license.KindContract && len(w.Value) > 0 {
			x.wrote = append(x.wrote, written{e.Index, e.Effective, w.ID, w.Value})
		}
	}
	return nil
}

// present finds since when an edition is in force for a board. Where a share of the boards
// binds all, it is another board's act that did it.
func (a *adoptions) present(name, board string, in *license.Edition) (day license.Day, err error) {
	boards := []string{board}
	if in.Among > 0 {
		if boards, err = a.s.IDs(license.KindContracts, "", adoptersMax); err != nil {
			return "", err
		}
	}
	var ws []written
	for _, b := range boards {
		x, err := a.of(b)
		if err != nil {
			return "", err
		}
		for _, w := range x.wrote {
			if w.contract == name {
				ws = append(ws, w)
			}
		}
	}
	slices.SortFunc(ws, func(x, y written) int { return cmp.Compare(x.index, y.index) })
	for _, w := range slices.Backward(ws) { // from the newest back, as long as it is this edition
		then, err := a.then(w)
		if err != nil {
			return "", err
		}
		if e := then.InForce(board); e == nil || e.Hash != in.Hash {
			break
		}
		day = w.day
	}
	return day, nil
}

// then is what an act left of a contract's record, read once.
func (a *adoptions) then(w written) (*license.Contract, error) {
	if k := a.left[w.index]; k != nil {
		return k, nil
	}
	k := new(license.Contract)
	if err := strict.Decode(w.value, k, license.EntryBytesMax); err != nil {
		return nil, fmt.Errorf("entry %d: %w", w.index, err)
	}
	a.left[w.index] = k
	return k, nil
}

// adopter says what a contract is to a board that signed it.
func (a *adoptions) adopter(name, board string, k *license.Contract) (*Adopter, error) {
	x, err := a.of(board)
	if err != nil {
		return nil, err
	}
	in := k.InForce(board)
	for _, r := range x.rows.Rows {
		if r.Contract == name && in != nil {
			since, err := a.present(name, board, in)
			if err != nil {
				return nil, err
			}
			f, err := failingOf(a.s, name, board, in.Hash)
			return &Adopter{
				Contract: name, Board: board, BoardName: x.name, Role: r.Role, Since: x.since[name], Present: since, Version: in.Version, Amendment: in.Amendment,
				Hash: in.Hash, Signed: r.Hash, Retire: r.Retire, Retired: k.Retired,
				Fault: f,
			}, err
		}
	}
	return nil, fmt.Errorf("contract %s and board %s do not say the same", name, board)
}

func (a *adoptions) contract(name string) (*Contract, error) {
	var k license.Contract
	if ok, err := a.s.Record(license.KindContract, name, &k); err != nil {
		return nil, err
	} else if !ok {
		return nil, problem("unknown-contract", "There is no contract %q in this network.", name)
	}
	c := &Contract{Name: name, Retired: k.Retired, AsOf: asOf(a.s)}
	var boards []string
	for _, e := range k.Editions {
		boards = append(boards, e.Boards...)
		c.Editions = append(c.Editions, Edition{Edition: e})
	}
	slices.Sort(boards)
	for _, b := range slices.Compact(boards) {
		x, err := a.adopter(name, b, &k)
		if err != nil {
			return nil, err
		}
		c.Boards = append(c.Boards, *x)
	}
	return c, nil
}

// entitle reads the manifests of editions: their titles, and which texts they name.
func (a *adoptions) entitle(es ...*Edition) error {
	for _, e := range es {
		m, err := manifest(a.s, e.Manifest)
		if err != nil {
			return err
		}
		e.Title, e.Texts = m.Title, pack.Named(e.Manifest, m)
	}
	return nil
}

// whole is a contract with the manifests of all its editions.
func (a *adoptions) whole(name string) (*Contract, error) {
	c, err := a.contract(name)
	if err != nil {
		return nil, err
	}
	for i := range c.Editions {
		if err := a.entitle(&c.Editions[i]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func manifest(s *ledger.State, h license.Hash) (*contract.Manifest, error) {
	b, err := text(s, h)
	if err != nil {
		return nil, err
	}
	return contract.ReadManifest(b)
}

// text returns a text of a contract.
func text(s *ledger.State, h license.Hash) ([]byte, error) {
	o, err := s.Opening(h)
	if err != nil {
		return nil, err
	}
	if o == nil || o.Kind != license.OpeningContract {
		return nil, fmt.Errorf("text %s of a contract is missing", h)
	}
	return o.Bytes, nil
}

// Contracts lists contracts of the network by name, those after a name, and where the
// next part begins; "" at the end. Of its editions the newest alone has a title and texts.
func (r *Registry) Contracts(after string) (out []Contract, next string, at AsOf, err error) {
	s, err := r.state()
	if err != nil {
		return nil, "", at, err
	}
	defer s.Release()
	names, err := s.IDs(license.KindContract, after, ContractsMax+1)
	if err != nil {
		return nil, "", at, err
	}
	if len(names) > ContractsMax {
		names = names[:ContractsMax]
		next = names[ContractsMax-1]
	}
	a := adoptionsOf(s)
	for _, n := range names {
		c, err := a.contract(n)
		if err == nil && c.Newest() != nil {
			err = a.entitle(c.Newest()) // of the others nothing is told
		}
		if err != nil {
			return nil, "", at, err
		}
		out = append(out, *c)
	}
	return out, next, asOf(s), nil
}

// HasContracts says whether any board of the network has ever adopted a contract.
func (r *Registry) HasContracts() bool {
	s, err := r.state()
	if err != nil {
		return false
	}
	defer s.Release()
	names, err := s.IDs(license.KindContract, "", 1)
	return err == nil && len(names) > 0
}

// Contract answers about one contract.
func (r *Registry) Contract(name string) (*Contract, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	return adoptionsOf(s).whole(name)
}

// ContractText returns a text of any edition of a contract.
func (r *Registry) ContractText(name string, h license.Hash) (*pack.Text, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	var k license.Contract
	if ok, err := s.Record(license.KindContract, name, &k); err != nil {
		return nil, err
	} else if !ok {
		return nil, problem("unknown-contract", "There is no contract %q in this network.", name)
	}
	for _, e := range k.Editions {
		m, err := manifest(s, e.Manifest)
		if err != nil {
			return nil, err
		}
		for _, t := range pack.Named(e.Manifest, m) {
			if t.Hash == h {
				t.Bytes, err = text(s, h)
				return &t, err
			}
		}
	}
	return nil, problem("unknown-text", "No edition of contract %s has a text %s.", name, h)
}

// ContractPack answers about a contract and reads one of its editions; of no hash the
// newest that is in force.
func (r *Registry) ContractPack(name string, h license.Hash) (*Contract, *Edition, *pack.Pack, error) {
	s, err := r.state()
	if err != nil {
		return nil, nil, nil, err
	}
	defer s.Release()
	c, err := adoptionsOf(s).contract(name)
	if err != nil {
		return nil, nil, nil, err
	}
	e := c.Newest()
	if h != (license.Hash{}) {
		e = c.Edition(h)
	}
	if e == nil {
		return nil, nil, nil, problem("unknown-edition", "Contract %s has no edition %s.", name, h)
	}
	p, err := pack.Of(e.Hash, e.Manifest, func(h license.Hash) ([]byte, error) { return text(s, h) })
	return c, e, p, err
}

// BoardContracts lists the contracts in force for a board, in the order in which they run.
func (r *Registry) BoardContracts(board string) (out []Adopter, titles []string, at AsOf, err error) {
	s, err := r.state()
	if err != nil {
		return nil, nil, at, err
	}
	defer s.Release()
	if ok, err := s.Record(license.KindBoard, board, new(license.Board)); err != nil {
		return nil, nil, at, err
	} else if !ok {
		return nil, nil, at, problem("unknown-board", "There is no board %q.", board)
	}
	a := adoptionsOf(s)
	x, err := a.of(board)
	if err != nil {
		return nil, nil, at, err
	}
	for _, row := range x.rows.Rows {
		var k license.Contract
		if _, err := s.Record(license.KindContract, row.Contract, &k); err != nil {
			return nil, nil, at, err
		}
		ad, err := a.adopter(row.Contract, board, &k)
		if err != nil {
			return nil, nil, at, err
		}
		m, err := manifest(s, k.InForce(board).Manifest)
		if err != nil {
			return nil, nil, at, err
		}
		out, titles = append(out, *ad), append(titles, m.Title)
	}
	return out, titles, asOf(s), nil
}

// A Deed says how many changes a contract made to licenses of a board in a month. It is
// counted and not proved; what was voided since counts, too.
type Deed struct {
	lookup.Deed
	BoardName string
}

// Deeds lists what a contract changed, by board and month, the newest months first.
func (r *Registry) Deeds(ctx context.Context, name string) ([]Deed, error) {
	ds, err := r.Lookup.Deeds(ctx, name)
	if err != nil {
		return nil, err
	}
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	names := map[string]string{}
	out := make([]Deed, 0, len(ds))
	for _, d := range ds {
		if _, ok := names[d.Board]; !ok {
			var b license.Board
			if _, err := s.Record(license.KindBoard, d.Board, &b); err != nil {
				return nil, err
			}
			names[d.Board] = b.Name
		}
		out = append(out, Deed{d, names[d.Board]})
	}
	return out, nil
}
