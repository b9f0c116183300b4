package sim

import (
	"fmt"
	"slices"

	"licet/license"
)

// A maker draws an act that could well be decided now; nil when there is nothing
// that it could be about.
type maker struct {
	weight int
	make   func(*writer) license.Act
}

// A writer writes one payload of a board: acts with their openings, tried on the
// draft.
type writer struct {
	*game
	d        *draft
	board    string
	acts     []license.Act
	openings []license.Opening
	fresh    []license.Opening // of the act at hand
}

func (w *writer) open(kind string, v any) license.OpeningRef {
	o, ref := w.opening(kind, v)
	w.fresh = append(w.fresh, o)
	return ref
}

// add draws an act and keeps it: when the draft takes it, or as it is when stubborn.
func (w *writer) add(m maker, stubborn bool) {
	w.fresh = nil
	a := m.make(w)
	if a == nil {
		return
	}
	if stubborn {
		bend(w.rng, a)
	} else if !w.d.try(a) {
		return
	}
	w.acts, w.openings = append(w.acts, a), append(w.openings, w.fresh...)
}

// boardMakers are the acts that boards decide.
var boardMakers = []maker{
	{12, (*writer).issue},
	{12, (*writer).renew},
	{8, (*writer).amend},
	{2, (*writer).surrender},
	{3, (*writer).inactivate},
	{4, (*writer).reactivate},
	{1, (*writer).decease},
	{6, (*writer).extend},
	{10, (*writer).discipline},
	{5, (*writer).stay},
	{5, (*writer).unstay},
	{5, (*writer).lift},
	{6, (*writer).void},
	{6, (*writer).correct},
	{5, (*writer).seal},
	{8, (*writer).link},
	{3, (*writer).unlink},
	{5, (*writer).record},
	{4, (*writer).amendFact},
	{3, (*writer).endFact},
	{1, (*writer).amendBoard},
	{1, (*writer).succeed},
	{1, (*writer).calendar},
	{1, (*writer).profession},
	{1, (*writer).appoint},
	{2, (*writer).amendOfficer},
	{2, (*writer).suspend},
	{3, (*writer).resume},
	{1, (*writer).end},
	{3, (*writer).recover},
	{1, (*writer).policy},
	{12, (*writer).assert},
	{4, (*writer).undo},
	{4, (*writer).settle},
	{2, (*writer).withdraw},
	{5, (*writer).copyClaims},
	{2, (*writer).undoClaims},
	{6, (*writer).adopt},
	{9, (*writer).join},
	{4, (*writer).supersede},
	{5, (*writer).amendParams},
	{8, (*writer).grant},
	{5, (*writer).renewPrivilege},
	{2, (*writer).endPrivilege},
	{5, (*writer).disciplinePrivilege},
	{3, (*writer).liftPrivilege},
	{1, (*writer).retire},
	{1, (*writer).leave},
	{3, (*writer).retry},
}

// networkMakers are the acts that members decide together.
var networkMakers = []maker{{5, (*writer).setMembers}, {9, (*writer).advance}, {9, (*writer).adoptRules}, {1, (*writer).create}, {2, (*writer).claim}}

func (g *game) pick(ms []maker) maker {
	total := 0
	for _, m := range ms {
		total += m.weight
	}
	n := g.rng.IntN(total)
	for _, m := range ms {
		if n -= m.weight; n < 0 {
			return m
		}
	}
	panic("unreachable")
}

// one returns one of the list, or its zero value when it is empty.
func one[T any](g *game, list []T) (x T) {
	if len(list) == 0 {
		return x
	}
	return list[g.rng.IntN(len(list))]
}

// day draws a day around today.
func (w *writer) day() license.Day {
	return license.Day(w.d.now[:10]).Add(w.rng.IntN(500) - 250)
}

// after draws a day after another one.
func (w *writer) after(d license.Day) license.Day { return d.Add(1 + w.rng.IntN(200)) }

// or is the day, or another when there is none.
func or(d, other license.Day) license.Day {
	if d == "" {
		return other
	}
	return d
}

// holder draws one of the board's licenses, mostly a young one, so that some get a
// long history.
func (w *writer) holder() (id string, l license.License) {
	ids := w.licenses[w.board]
	if n := len(ids); n > 12 && w.rng.IntN(10) < 7 {
		ids = ids[n-12:]
	}
	id = one(w.game, ids)
	w.d.Get(license.KindLicense, id, &l)
	return id, l
}

func (w *writer) number() (profession, number string) {
	if w.rng.IntN(4) == 0 {
		return "firm", fmt.Sprintf("F-%c%c%03d", 'A'+w.rng.IntN(26), 'A'+w.rng.IntN(26), w.rng.IntN(1000))
	}
	return "nurse", fmt.Sprintf("041%06d", w.rng.IntN(1000000))
}

func (w *writer) name(subject string) license.Name {
	if subject == license.SubjectOrganization {
		return license.Name{Legal: "Cedar Home Care LLC", DBA: one(w.game, []string{"", "Cedar"})}
	}
	return license.Name{Family: one(w.game, []string{"Lee", "O’Brien", "Nuñez", "de la Cruz"}), Given: one(w.game, []string{"Ann", "José", "Ng"})}
}

func (w *writer) holderOpenings(subject string) (refs []license.OpeningRef) {
	refs = append(refs, w.open(license.OpeningName, w.name(subject)))
	for _, k := range []string{license.OpeningCity, license.OpeningStreet, license.OpeningNPI} {
		if w.rng.IntN(3) == 0 {
			refs = append(refs, w.open(k, []byte("Springfield 1")))
		}
	}
	return refs
}

func (w *writer) subject(profession string) string {
	if profession == "firm" {
		return license.SubjectOrganization
	}
	return license.SubjectPerson
}

func (w *writer) issue() license.Act {
	p, n := w.number()
	id := w.board + "." + p + "." + license.EscapeNumber(n)
	if w.rng.IntN(12) == 0 { // one whose issue was voided, or one that is there
		id, _ = w.holder()
	}
	from := w.day()
	a := &license.LicenseIssue{
		License: id, Licensee: w.id(), Subject: w.subject(p), Route: one(w.game, []string{"examination", "endorsement", ""}),
		Issued: from.Add(-w.rng.IntN(3000)), From: from, Openings: w.holderOpenings(w.subject(p)),
	}
	if w.rng.IntN(5) > 0 {
		a.Through = w.after(from)
		if w.rng.IntN(3) == 0 {
			a.Grace = a.Through.Add(30)
		}
	}
	return a
}

func (w *writer) renew() license.Act {
	id, l := w.holder()
	if id == "" {
		return nil
	}
	from := w.day()
	for _, t := range l.Terms {
		from = max(from, or(t.Through, from).Add(1))
	}
	a := &license.LicenseRenew{License: id, Count: l.Counts.Term, From: from, Through: w.after(from)}
	if w.rng.IntN(3) == 0 {
		a.Grace = a.Through.Add(90)
	}
	return a
}

func (w *writer) amend() license.Act {
	id, l := w.holder()
	if id == "" {
		return nil
	}
	a := &license.LicenseAmend{License: id, Count: l.Counts.Identity, From: w.day(), Openings: w.holderOpenings(l.Subject)}
	if w.rng.IntN(3) == 0 {
		a.Route = "reciprocity"
	}
	if w.rng.IntN(60) == 0 { // more than an entry holds
		for range 70 {
			a.Openings = append(a.Openings, w.open(license.OpeningZip, []byte("62701")))
		}
	}
	return a
}

func (w *writer) surrender() license.Act {
	id, l := w.holder()
	if id == "" {
		return nil
	}
	return &license.LicenseSurrender{License: id, Count: l.Counts.Term, From: w.day()}
}

func (w *writer) inactivate() license.Act {
	id, l := w.holder()
	if id == "" {
		return nil
	}
	return &license.LicenseInactivate{License: id, Count: l.Counts.Term, From: w.day()}
}

func (w *writer) reactivate() license.Act {
	for range 4 {
		id, l := w.holder()
		if n := len(l.Lifecycles); n > 0 {
			return &license.LicenseReactivate{License: id, Count: l.Counts.Term, From: w.after(l.Lifecycles[n-1].From)}
		}
	}
	return nil
}

func (w *writer) decease() license.Act {
	id, l := w.holder()
	if id == "" {
		return nil
	}
	return &license.LicenseDecease{License: id, Count: l.Counts.Term, From: w.day()}
}

func (w *writer) extend() license.Act {
	id, l := w.holder()
	t := one(w.game, l.Terms)
	if t.Through == "" {
		return nil
	}
	a := &license.LicenseExtend{License: id, Count: l.Counts.Term, Term: t.From, Through: t.Through.Add(w.rng.IntN(90))}
	if t.Grace != "" || w.rng.IntN(3) == 0 {
		a.Grace = max(a.Through, t.Grace).Add(w.rng.IntN(30))
	}
	return a
}

func (w *writer) authority() string {
	return one(w.game, []string{license.AuthorityNone, license.AuthorityConditions, license.AuthorityBarred})
}

func (w *writer) document() license.OrderDocument {
	return license.OrderDocument{Entity: w.board, Actions: []license.OrderAction{{Code: one(w.game, license.ActionCodes), Indefinite: true}}, Bases: []string{"A6"}}
}

func (w *writer) discipline() license.Act {
	id, l := w.holder()
	if id == "" {
		return nil
	}
	if k := one(w.game, w.asked); k[0] != "" && license.BoardOf(license.KindLicense, k[0]) == w.board && w.rng.IntN(2) == 0 { // a linked one
		id, l = k[0], license.License{}
		w.d.Get(license.KindLicense, id, &l)
	}
	a := &license.LicenseDiscipline{License: id, Order: w.id(), Authority: w.authority(), From: w.day()}
	if w.rng.IntN(3) == 0 {
		a.Authority = license.AuthorityBarred
	}
	if o := one(w.game, l.Orders); o.ID != "" && w.rng.IntN(3) == 0 {
		a.Order, a.Count = o.ID, o.Count
	} else if w.rng.IntN(10) == 0 {
		a.Order = one(w.game, w.sealed)
	}
	if w.rng.IntN(2) == 0 {
		a.Through = w.after(a.From)
	}
	a.Commitment = w.open(license.OpeningOrder, w.document()).Commitment
	return a
}

// ordered draws a license with an order.
func (w *writer) ordered() (id string, o license.Order) {
	for range 8 {
		var l license.License
		if id, l = w.holder(); len(l.Orders) > 0 {
			return id, one(w.game, l.Orders)
		}
	}
	return id, o
}

func (w *writer) stay() license.Act {
	id, o := w.ordered()
	if o.ID == "" {
		return nil
	}
	from := w.day()
	for _, s := range o.Stays {
		from = max(from, or(s.Through, from).Add(1))
	}
	return &license.LicenseStay{License: id, Order: o.ID, Count: o.Count, From: from}
}

func (w *writer) unstay() license.Act {
	for range 5 {
		if id, o := w.ordered(); len(o.Stays) > 0 {
			return &license.LicenseUnstay{License: id, Order: o.ID, Count: o.Count, From: w.after(o.Stays[len(o.Stays)-1].From)}
		}
	}
	return nil
}

func (w *writer) lift() license.Act {
	id, o := w.ordered()
	if o.ID == "" {
		return nil
	}
	return &license.LicenseLift{License: id, Order: o.ID, Count: o.Count, From: w.after(o.Start)}
}

func (w *writer) seal() license.Act {
	for range 4 {
		id, o := w.ordered()
		if o.ID == "" {
			continue
		}
		a := &license.LicenseSeal{License: id, Order: o.ID, Count: o.Count}
		if _, r := license.Decide(a, w.d); r == nil {
			w.sealed = append(w.sealed, o.ID)
			w.bringBack(id, o)
			return a
		}
	}
	return nil
}

// bringBack sometimes sends along what is being sealed, in an act that is refused:
// the opening must not come in with it.
func (w *writer) bringBack(id string, o license.Order) {
	kept, err := w.d.s.Opening(o.Commitment)
	if err != nil || kept == nil || w.rng.IntN(3) > 0 {
		return
	}
	w.acts = append(w.acts, &license.LicenseDiscipline{License: id, Order: w.id(), Commitment: o.Commitment, Authority: license.AuthorityNone, From: o.Start})
	w.openings = append(w.openings, *kept)
}

func (w *writer) entry(id string) (e license.Recorded) {
	return one(w.game, w.d.Entries(license.KindLicense, id))
}

func (w *writer) void() license.Act {
	id, l := w.holder()
	if id == "" {
		return nil
	}
	a := &license.LicenseVoid{License: id, Count: l.Counts.Repairs}
	for range 1 + w.rng.IntN(2)*w.rng.IntN(3) {
		e := w.entry(id)
		if len(e.Voids) == 0 && w.rng.IntN(2) == 0 { // voids of voids are worth more
			e = w.entry(id)
		}
		if len(l.Orders) > 0 && w.rng.IntN(3) == 0 { // so are those of what bars or was caused
			e = w.ordering(id, e)
		}
		if slices.ContainsFunc(e.Changes, func(c license.Change) bool { return c.Do == license.DoIssue }) && w.rng.IntN(4) > 0 {
			continue
		}
		if e.Kind != "" {
			a.Entries = append(a.Entries, e.Hash)
		}
	}
	if len(a.Entries) == 0 {
		return nil
	}
	return a
}

// ordering is one of the entries that put an order on a license, or the other.
func (w *writer) ordering(id string, other license.Recorded) license.Recorded {
	var es []license.Recorded
	for _, e := range w.d.Entries(license.KindLicense, id) {
		if slices.ContainsFunc(e.Changes, func(c license.Change) bool { return c.Do == license.DoOrder }) {
			es = append(es, e)
		}
	}
	if len(es) == 0 {
		return other
	}
	return one(w.game, es)
}

func (w *writer) correct() license.Act {
	id, l := w.holder()
	e := w.entry(id)
	if len(e.Changes) == 0 {
		return nil
	}
	a := &license.LicenseCorrect{License: id, Count: l.Counts.Repairs, Entry: e.Hash}
	for _, c := range e.Changes {
		switch c.Do {
		case license.DoOrder:
			if c.Contract != "" && w.rng.IntN(4) > 0 { // an officer's word takes its place
				c.Action, c.Contract = "", ""
			}
			c.Commitment = w.open(license.OpeningOrder, w.document()).Commitment
			c.Authority = w.authority()
		case license.DoOpen:
			c.Commitment = w.open(c.Kind, w.text(c.Kind)).Commitment
		case license.DoTerm:
			c.Through = w.after(c.From)
			c.Grace = ""
		case license.DoExtend:
			c.Through = c.Through.Add(w.rng.IntN(60) - 20)
			c.Grace = ""
		case license.DoStay, license.DoUnstay, license.DoLift:
			c.From = c.From.Add(w.rng.IntN(9) - 4)
		}
		a.Changes = append(a.Changes, c)
	}
	return a
}

// text is what an opening of a kind holds.
func (w *writer) text(kind string) any {
	switch kind {
	case license.OpeningName:
		return w.name(license.SubjectPerson)
	case license.OpeningOrder:
		return w.document()
	}
	return []byte("Peoria")
}

// link links a license of this board with one of any board. Half of the time it
// answers another board's word.
func (w *writer) link() license.Act {
	id, l := w.holder()
	other := one(w.game, w.licenses[one(w.game, w.boards)])
	if k := one(w.game, w.asked); k[1] != "" && license.BoardOf(license.KindLicense, k[1]) == w.board && w.rng.IntN(4) > 0 {
		id, other = k[1], k[0]
		l = license.License{}
		w.d.Get(license.KindLicense, id, &l)
	}
	if id == "" || other == "" {
		return nil
	}
	w.asked = append(w.asked, [2]string{id, other})
	a := &license.LicenseeLink{License: id, Count: l.Counts.Links, Other: other, Effective: w.day()}
	if w.rng.IntN(3) > 0 {
		a.Effective = license.Day(w.d.now[:10]).Add(-w.rng.IntN(100))
	}
	return a
}

func (w *writer) unlink() license.Act {
	k := one(w.game, w.asked)
	if k[0] == "" || license.BoardOf(license.KindLicense, k[0]) != w.board {
		return nil
	}
	var l license.License
	w.d.Get(license.KindLicense, k[0], &l)
	return &license.LicenseeUnlink{License: k[0], Count: l.Counts.Links, Other: k[1], Effective: w.day()}
}

func (w *writer) record() license.Act {
	id, _ := w.holder()
	if id == "" {
		return nil
	}
	a := &license.FactRecord{Fact: w.board + "/" + w.id(), About: id, Code: one(w.game, license.FactCodes), Day: w.day(), Number: int64(w.rng.IntN(40))}
	if w.rng.IntN(2) == 0 {
		a.Commitment = w.open(license.OpeningFact, []byte("A letter.")).Commitment
	}
	w.facts[w.board] = append(w.facts[w.board], a.Fact)
	return a
}

func (w *writer) fact() (id string, f license.Fact) {
	id = one(w.game, w.facts[w.board])
	w.d.Get(license.KindFact, id, &f)
	return id, f
}

func (w *writer) amendFact() license.Act {
	id, f := w.fact()
	if f.Count == 0 {
		return nil
	}
	return &license.FactAmend{Fact: id, Count: f.Count, Day: w.day(), Party: "us-wi.firm.F-AB001"}
}

func (w *writer) endFact() license.Act {
	id, f := w.fact()
	if f.Count == 0 {
		return nil
	}
	return &license.FactEnd{Fact: id, Count: f.Count, Day: w.day()}
}
