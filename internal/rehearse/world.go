package rehearse

import (
	"cmp"
	"slices"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// A world is what the walk knows where it stands: the records with the contract's effects,
// and of licenses those as they are, too.
type world struct {
	*Rehearsal
	name    string   // of the contract
	inForce []string // boards that have it now
	report  Report

	now    license.Instant
	height int64
	index  int64 // of the newest entry
	final  bool  // the last day is over
	taken  bool  // an entry of this block is of a day through the last one

	licenses    map[string]*lic
	boards      map[string]*board
	order       []*board // by id
	facts       map[string]*contract.Fact
	factsOf     map[string][]string // license → ids of facts about it
	links       map[string]license.Link
	others      map[string][]string     // license → licenses with which one board linked it
	orders      map[string]license.Hash // order → its newest document
	openings    map[license.Hash]string // document → license or fact whose it is
	professions map[string]license.Profession
	retired     bool // the network's contract is

	header  license.Hash           // of the payload whose acts are under way
	queue   []call                 // to be made
	held    []call                 // that faulted
	causes  map[license.Hash]cause // of effects that stand in the log
	alias   map[license.Hash]license.Hash
	skip    map[license.Hash]bool // triggers that are not replayed
	days    map[license.Day][]string
	made    int64       // simulated entries
	shown   Shown       // of the openings that the call under way read
	playing license.Day // whose calls are made; "" none
	err     error       // the source failed
}

// A cause says how an effect came about.
type cause struct {
	today license.Day
	depth int64
}

// A board is one with what the simulation keeps of it.
type board struct {
	id          string
	calendar    license.Calendar
	fresh       bool            // the contract would be new for it
	follows     bool            // the contract takes the place of an edition
	listed      bool            // somebody asked for it: on all days
	row         bool            // the chain has an edition in force for it
	since       license.Day     // when it had one for the first time
	at          int             // its place among the board's contracts
	places      map[string]int  // of the board's other contracts
	professions map[string]bool // that the row's role brings along
	played      license.Day     // through which its days are over
	due         map[license.Day][]string
	faults      int64
	suspended   bool
}

// A lic is one license.
type lic struct {
	id, profession string
	b              *board
	real, own      []license.Recorded // own: nil while it is as real
	differs        bool
	fold           *license.License // of own; nil: make it
	timers         map[string]license.Day
	sims           []effect // simulated
	taken          []effect // of the edition in force, which stand in real alone
}

// An effect is one change that stands in one of both folds.
type effect struct {
	Rule
	from    license.Day
	hash    license.Hash
	trigger license.Hash
	changes []license.Change
	matched bool // it stands in both
}

func newWorld(r *Rehearsal) *world {
	return &world{
		Rehearsal: r, name: r.Pack.Manifest.Name, inForce: r.inForce(), licenses: map[string]*lic{}, boards: map[string]*board{}, facts: map[string]*contract.Fact{},
		factsOf: map[string][]string{}, links: map[string]license.Link{}, others: map[string][]string{}, orders: map[string]license.Hash{}, openings: map[license.Hash]string{},
		professions: map[string]license.Profession{}, causes: map[license.Hash]cause{}, alias: map[license.Hash]license.Hash{},
		skip: map[license.Hash]bool{}, days: map[license.Day][]string{},
	}
}

// board returns a board, which may be seen for the first time.
func (w *world) board(id string) *board {
	if b := w.boards[id]; b != nil {
		return b
	}
	b := &board{id: id, played: w.From.Add(-1), due: map[license.Day][]string{}, professions: map[string]bool{}}
	if w.now != "" {
		b.played = max(b.played, w.utc())
	}
	b.listed = slices.Contains(w.Boards, id)
	has := slices.Contains(w.inForce, id)
	b.follows = id != "" && has && (b.listed || len(w.Boards) == 0)
	b.fresh = id != "" && !has && (b.listed || len(w.Boards) == 0 && w.Contract == nil)
	if b.fresh || b.follows { // until it has a role
		for _, role := range w.Pack.Manifest.Roles {
			for _, p := range role.Professions {
				b.professions[p] = true
			}
		}
	}
	w.boards[id] = b
	at, _ := slices.BinarySearchFunc(w.order, id, func(b *board, id string) int { return cmp.Compare(b.id, id) })
	w.order = slices.Insert(w.order, at, b)
	return b
}

// license returns what is kept of a license.
func (w *world) license(id string) *lic {
	l := w.licenses[id]
	if l == nil {
		l = &lic{id: id}
		if i, err := license.ParseID(id); err == nil {
			l.profession = i.Profession
		}
		l.b = w.board(license.BoardOf(license.KindLicense, id))
		w.licenses[id] = l
	}
	return l
}

// today is the board's legal day now; while a day's calls are made, that day.
func (w *world) today(b *board) license.Day {
	if w.playing != "" {
		return w.playing
	}
	return b.calendar.Day(w.now)
}

// within says whether a day is one of those that are simulated.
func (w *world) within(day license.Day) bool { return day >= w.From && day <= w.To }

// runs says whether the contract runs for a board on a day, in this world.
func (w *world) runs(b *board, day license.Day) bool {
	return w.within(day) && (b.fresh || b.follows && (b.listed || b.row))
}

// reached says whether a license is in the contract's reach now, in this world.
func (w *world) reached(id string) bool {
	l := w.license(id)
	return w.runs(l.b, w.today(l.b)) && l.b.professions[l.profession]
}

// otherwise says whether a license is in the reach of an edition of the contract that
// stays in force.
func (w *world) otherwise(id string) bool {
	l := w.license(id)
	return !l.b.fresh && !l.b.follows && l.b.row && !w.retired && l.b.professions[l.profession]
}

// add puts an entry about a license into its histories.
func (l *lic) add(e *license.Recorded, refused bool) {
	if len(e.Changes) == 0 && len(e.Voids) == 0 && e.Replaces == (license.Hash{}) && e.Import == nil {
		return
	}
	kept := *e
	if kept.Signed() {
		kept.Cause = nil // who signed it makes no difference to the fold
	}
	kept.Also, kept.Body, kept.Prev, kept.Result = nil, nil, license.Hash{}, license.Hash{}
	if refused {
		l.part()
	} else if l.differs {
		l.own = append(l.own, kept)
	}
	l.real = append(l.real, kept)
	if !refused {
		l.fold = nil
	}
}

// part begins a history of the license's own.
func (l *lic) part() {
	if !l.differs {
		l.own, l.differs = slices.Clone(l.real), true
	}
}

// entries are those about the license in this world.
func (l *lic) entries() []license.Recorded {
	if l.differs {
		return l.own
	}
	return l.real
}

// record is the license in this world, or nil. It is not changed.
func (l *lic) record() *license.License {
	if l.fold == nil {
		l.fold = license.FoldLicense(l.entries(), "")
	}
	return l.fold
}

// Get implements license.View.
func (w *world) Get(kind, id string, r any) bool {
	switch r := r.(type) {
	case *license.License:
		l := w.licenses[id]
		if l == nil || l.record() == nil {
			return false
		}
		*r = copied(l.record())
		return true
	case *license.Calendar:
		b := w.boards[id]
		if b == nil {
			return false
		}
		*r = b.calendar
		return true
	case *license.Fact:
		f := w.facts[id]
		if f == nil {
			return false
		}
		*r = f.Fact
		return true
	}
	return false
}

// copied is a license that may be changed.
func copied(l *license.License) license.License {
	c := *l
	c.Terms, c.Lifecycles, c.Orders, c.Openings = slices.Clone(l.Terms), slices.Clone(l.Lifecycles), slices.Clone(l.Orders), slices.Clone(l.Openings)
	c.Rests = slices.Clone(l.Rests)
	for i := range c.Orders {
		c.Orders[i].Stays = slices.Clone(c.Orders[i].Stays)
	}
	return c
}

// Entries implements license.View.
func (w *world) Entries(_, id string) []license.Recorded { return w.license(id).entries() }

// NotAfter implements license.View; no effect of a contract asks.
func (w *world) NotAfter(license.Hash) license.Instant { return w.now }

// Height implements license.View.
func (w *world) Height() int64 { return w.height }

// Now implements license.View.
func (w *world) Now() license.Instant { return w.now }

// License implements contract.Views.
func (w *world) License(id string) *license.License {
	if l := w.licenses[id]; l != nil {
		return l.record()
	}
	return nil
}

// Linked implements contract.Views.
func (w *world) Linked(id string, day license.Day) (ids []string) {
	for _, other := range w.others[id] {
		if k := w.links[license.LinkID(id, other)]; k.HoldsOn(day) && w.reached(other) {
			ids = append(ids, other)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Facts implements contract.Views.
func (w *world) Facts(about string) (out []contract.Fact) {
	for _, id := range w.factsOf[about] {
		if f := w.facts[id]; f.About == about {
			out = append(out, *f)
		}
	}
	slices.SortFunc(out, func(a, b contract.Fact) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID)) })
	return out
}

// Opening implements contract.Views.
func (w *world) Opening(_ string, h license.Hash) []byte {
	b, shown := w.opening(h)
	if shown != Open {
		w.shown = shown
	}
	return b
}

func (w *world) opening(h license.Hash) ([]byte, Shown) {
	kind, id := license.KindLicense, w.openings[h]
	if _, ok := w.facts[id]; ok {
		kind = license.KindFact
	}
	if id == "" {
		return nil, Open // no order and no fact: there is none
	}
	b, shown, err := w.Source.Opening(kind, id, h)
	if err != nil && w.err == nil {
		w.err = err
	}
	return b, shown
}

// body reads an entry's record.
func (w *world) body(e *license.Recorded, into any) bool {
	return len(e.Body) > 0 && strict.Decode(e.Body, into, license.EntryBytesMax) == nil
}
