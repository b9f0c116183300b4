package license

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"licet/strict"
)

// naive folds as the specification says it in words, and shares no code with
// FoldLicense.
type naive struct{ es []Recorded }

// voids says of each entry whether it is void: by some later one that is not.
func (n naive) voids() []bool {
	void := make([]bool, len(n.es))
	for i := len(n.es) - 1; i >= 0; i-- {
		for j := i + 1; j < len(n.es); j++ {
			void[i] = void[i] || !void[j] && slices.Contains(n.es[j].Voids, n.es[i].Hash)
		}
	}
	return void
}

func (n naive) group(i int) int {
	for j := range i {
		if n.es[j].Hash == n.es[i].Replaces {
			return n.group(j)
		}
	}
	return i
}

func (n naive) changes() (cs []Change) {
	for _, e := range n.stand() {
		cs = append(cs, e.Changes...)
	}
	return cs
}

func (n naive) stand() (es []Recorded) {
	void := n.voids()
	for i := range n.es {
		if n.group(i) != i {
			continue
		}
		stands := -1
		for j := range n.es {
			if n.group(j) == i && !void[j] {
				stands = j
			}
		}
		if stands >= 0 {
			es = append(es, n.es[stands])
		}
	}
	return es
}

// rests finds, of a license from a file, the newest file's day, and whether an
// entry that is no file's shows in the record.
func (n naive) rests(l *License) {
	if l.Source != "import" {
		return
	}
	rows := map[string]bool{"": true}
	for _, o := range l.Orders {
		rows[o.ID] = true
	}
	for _, e := range n.stand() {
		for _, c := range e.Changes {
			switch {
			case slices.Contains([]string{"link", "unlink", "wait", "ran"}, c.Do) || !rows[c.Order]:
			case e.Import == nil:
				l.Decided = true
			case l.Copied == "" || e.Import.Day > l.Copied:
				l.Copied = e.Import.Day
			}
		}
	}
}

func (n naive) license() *License {
	if len(n.es) == 0 {
		return nil
	}
	l := &License{Last: n.es[len(n.es)-1].Hash}
	cs := n.changes()
	for i, c := range cs {
		switch c.Do {
		case "issue":
			l.Licensee, l.Subject, l.Source, l.Issued, l.Route = c.Licensee, c.Subject, c.Source, c.From, c.Route
			if l.Rests = nil; c.Other != "" {
				l.Rests = append(l.Rests, Rest{License: c.Other, From: c.From})
			}
		case "rest":
			if len(l.Rests) > 0 {
				l.Rests = append(l.Rests, Rest{License: c.Other, From: c.From})
			}
		case "route":
			l.Route = c.Route
		case "term":
			l.Terms = append(l.Terms, Term{From: c.From, Through: c.Through, Grace: c.Grace})
		case "extend":
			n.extend(l, c)
		case "lifecycle":
			l.Lifecycles = append(l.Lifecycles, Lifecycle{Status: c.Status, From: c.From})
		case "open":
			l.Openings = append(l.Openings, DatedOpening{Kind: c.Kind, Commitment: c.Commitment, From: c.From})
		case "order":
			// The change that made the row that is there in the end.
			if o, born := n.order(cs, c.Order); o != nil && born == i {
				l.Orders = append(l.Orders, *o)
			}
		}
	}
	n.rests(l)
	n.counts(l)
	return l
}

// extend makes the newest term that begins on the day longer, or leaves all alone.
func (naive) extend(l *License, c Change) {
	at := -1
	for i, t := range l.Terms {
		if t.From == c.From {
			at = i
		}
	}
	if at < 0 || l.Terms[at].Through == "" || c.Through < l.Terms[at].Through {
		return
	}
	last := func(t Term) Day {
		if t.Grace > t.Through {
			return t.Grace
		}
		return t.Through
	}
	old, next := l.Terms[at], Term{From: c.From, Through: c.Through, Grace: c.Grace}
	if last(next) > last(old) || last(next) == last(old) && next.Through > old.Through {
		l.Terms[at] = next
	}
}

// order computes one row from the changes that name it, and where it was born; nil
// when it was sealed.
func (n naive) order(cs []Change, id string) (o *Order, born int) {
	for i, c := range cs {
		if c.Order != id {
			continue
		}
		if c.Do == "seal" {
			o = nil
		}
		if c.Do == "order" {
			if o == nil {
				o, born = &Order{ID: id}, i
			}
			o.Commitment, o.Authority, o.Start, o.End = c.Commitment, c.Authority, c.From, c.Through
			o.Action, o.Contract = c.Action, c.Contract
			continue
		}
		if o == nil {
			continue
		}
		var open *Stay
		if k := len(o.Stays); k > 0 && o.Stays[k-1].Through == "" {
			open = &o.Stays[k-1]
		}
		switch {
		case c.Do == "stay":
			o.Stays = append(o.Stays, Stay{From: c.From})
		case c.Do == "unstay" && open != nil && open.From < c.From:
			open.Through = c.From.Add(-1)
		case c.Do == "lift" && o.Start < c.From && (o.End == "" || c.From <= o.End):
			o.End = c.From.Add(-1)
		case c.Do == "lift" && o.Start >= c.From && o.Contract != "": // as if it had never been
			o.End = o.Start.Add(-1)
		}
	}
	return o, born
}

func (n naive) counts(l *License) {
	rows := map[string]int64{}
	for _, e := range n.es {
		if e.Import != nil {
			l.Counts.Imports++
		} else if len(e.Voids) > 0 || e.Replaces != (Hash{}) {
			l.Counts.Repairs++
		}
		for _, c := range e.Changes {
			rows[c.Order]++
			switch c.Do {
			case "issue", "open", "route":
				l.Counts.Identity++
			case "term", "extend", "lifecycle", "rest":
				l.Counts.Term++
			case "link", "unlink":
				l.Counts.Links++
			case "wait":
				l.Counts.Pending++
			case "ran":
				l.Counts.Pending--
			}
		}
	}
	for i := range l.Orders {
		l.Orders[i].Count = rows[l.Orders[i].ID]
	}
}

// TestRecordIsTheFoldOfItsEntries lets boards decide at random. After every act
// the record is the fold of all entries, by two codes; so it was at every instant
// known; counts have only grown; and no act that was ever applied applies again.
func TestRecordIsTheFoldOfItsEntries(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(t)
		d := &deciders{b: b, t: rt}
		ids := []string{"us-il.nurse.041001", "us-il.nurse.041002", "us-ia.nurse.T1"}
		before := map[string]Counts{}
		for range rapid.IntRange(5, 40).Draw(rt, "acts") {
			a := d.draw(ids)
			if r := b.do(a); r == nil {
				d.applied = append(d.applied, EncodeAct(a))
			}
			for _, id := range ids {
				es := b.Entries(KindLicense, id)
				if len(es) == 0 {
					continue
				}
				l := b.license(id)
				checkFold(rt, es, l)
				checkGrown(rt, before[id], l.Counts)
				before[id] = l.Counts
			}
			for _, raw := range d.applied {
				again, _ := ParseAct(raw)
				if _, r := Decide(again, b); r == nil {
					rt.Fatalf("applies a second time: %s", raw)
				}
			}
		}
	})
}

func checkFold(t *rapid.T, es []Recorded, l *License) {
	if f := FoldLicense(es, ""); !reflect.DeepEqual(strict.Encode(f), strict.Encode(l)) {
		t.Fatalf("record %s\nfold   %s", strict.Encode(l), strict.Encode(f))
	}
	for i, e := range es {
		f, n := FoldLicense(es, e.Time), naive{es[:i+1]}.license()
		if !reflect.DeepEqual(strict.Encode(f), strict.Encode(n)) {
			t.Fatalf("known at %s: fold  %s\nnaive %s", e.Time, strict.Encode(f), strict.Encode(n))
		}
	}
	if FoldLicense(es, es[0].Time.AddSeconds(-1)) != nil {
		t.Fatal("known before the first entry")
	}
}

func checkGrown(t *rapid.T, a, b Counts) {
	if b.Identity < a.Identity || b.Term < a.Term || b.Links < a.Links || b.Imports < a.Imports || b.Repairs < a.Repairs {
		t.Fatalf("counts went from %+v to %+v", a, b)
	}
}

// deciders draw acts that mostly fit the records.
type deciders struct {
	b       *book
	t       *rapid.T
	applied [][]byte
}

func pick[T any](t *rapid.T, what string, xs ...T) T { return rapid.SampledFrom(xs).Draw(t, what) }

func (d *deciders) day(what string) Day {
	return Day("2026-01-01").Add(rapid.IntRange(0, 60).Draw(d.t, what))
}

func (d *deciders) perhaps(what string) Day {
	if rapid.Bool().Draw(d.t, what+"?") {
		return ""
	}
	return d.day(what)
}

func (d *deciders) draw(ids []string) Act {
	id := pick(d.t, "license", ids...)
	var l License
	d.b.Get(KindLicense, id, &l)
	if len(d.b.Entries(KindLicense, id)) == 0 || l.Licensee == "" && rapid.Bool().Draw(d.t, "anew") {
		if rapid.Bool().Draw(d.t, "import") {
			return d.importNew(id, &l)
		}
		return &LicenseIssue{
			License: id, Licensee: d.b.id(), Subject: SubjectPerson, Route: "examination", Issued: d.day("issued"), From: d.day("from"),
			Through: "2026-12-31", Openings: []OpeningRef{{OpeningName, d.b.hash("name")}},
		}
	}
	switch rapid.IntRange(0, 13).Draw(d.t, "verb") {
	case 0:
		return &LicenseRenew{License: id, Count: l.Counts.Term, From: d.day("from").Add(400), Through: d.day("through").Add(460)}
	case 1:
		return &LicenseAmend{License: id, Count: l.Counts.Identity, From: d.day("from"), Route: pick(d.t, "route", "", "imlc"), Openings: []OpeningRef{{OpeningCity, d.b.hash("city")}}}
	case 2:
		return &LicenseSurrender{License: id, Count: l.Counts.Term, From: d.day("from")}
	case 3:
		return d.link(id, &l, ids)
	case 4, 5, 6:
		return d.repair(id, &l)
	case 7:
		return d.importAgain(id, &l)
	case 8, 9:
		return d.registration(id, &l)
	}
	return d.discipline(id, &l)
}

// registration rests, revives, ends or extends.
func (d *deciders) registration(id string, l *License) Act {
	switch n := l.Counts.Term; rapid.IntRange(0, 5).Draw(d.t, "registration") {
	case 0:
		return &LicenseInactivate{License: id, Count: n, From: d.day("from")}
	case 1:
		return &LicenseReactivate{License: id, Count: n, From: d.day("from")}
	case 2:
		return &LicenseDecease{License: id, Count: n, From: d.day("from").Add(50)}
	}
	if len(l.Terms) == 0 {
		return &LicenseExtend{License: id, Count: l.Counts.Term, Term: d.day("term"), Through: d.day("through")}
	}
	t := pick(d.t, "term", l.Terms...)
	a := &LicenseExtend{License: id, Count: l.Counts.Term, Term: t.From, Through: max(t.Through, t.From).Add(rapid.IntRange(-2, 30).Draw(d.t, "days"))}
	if rapid.Bool().Draw(d.t, "grace") {
		a.Grace = a.Through.Add(rapid.IntRange(0, 30).Draw(d.t, "grace days"))
	}
	return a
}

func (d *deciders) discipline(id string, l *License) Act {
	if len(l.Orders) == 0 || rapid.IntRange(0, 3).Draw(d.t, "new") == 0 {
		return &LicenseDiscipline{License: id, Order: d.b.id(), Commitment: d.b.hash("order"), Authority: AuthorityBarred, From: d.day("from"), Through: d.perhaps("through")}
	}
	o := pick(d.t, "order", l.Orders...)
	switch rapid.IntRange(0, 4).Draw(d.t, "do") {
	case 0:
		return &LicenseStay{License: id, Order: o.ID, Count: o.Count, From: d.day("from")}
	case 1:
		return &LicenseUnstay{License: id, Order: o.ID, Count: o.Count, From: d.day("from")}
	case 2:
		return &LicenseLift{License: id, Order: o.ID, Count: o.Count, From: d.day("from")}
	case 3:
		d.b.now = d.b.now.AddSeconds(2 * 86400)
		return &LicenseSeal{License: id, Order: o.ID, Count: o.Count}
	}
	return &LicenseDiscipline{License: id, Order: o.ID, Count: o.Count, Commitment: d.b.hash("order"), Authority: AuthorityConditions, From: d.day("from"), Through: d.perhaps("through")}
}

func (d *deciders) link(id string, l *License, ids []string) Act {
	other := pick(d.t, "other", ids...)
	if rapid.Bool().Draw(d.t, "link") {
		return &LicenseeLink{License: id, Count: l.Counts.Links, Other: other, Effective: d.day("from")}
	}
	return &LicenseeUnlink{License: id, Count: l.Counts.Links, Other: other, Effective: d.day("from").Add(60)}
}

// repair voids or corrects any entries: voids of voids, corrections of
// corrections, voids of corrections among them.
func (d *deciders) repair(id string, l *License) Act {
	es := d.b.Entries(KindLicense, id)
	e := pick(d.t, "entry", es...)
	if e.Import != nil && rapid.Bool().Draw(d.t, "undo") {
		return &ImportUndo{License: id, Count: l.Counts.Repairs, File: e.Import.File, Entries: []Hash{e.Hash}}
	}
	if len(e.Changes) == 0 || rapid.Bool().Draw(d.t, "void") {
		hs := []Hash{e.Hash}
		if rapid.Bool().Draw(d.t, "two") {
			hs = append(hs, pick(d.t, "second", es...).Hash)
		}
		return &LicenseVoid{License: id, Count: l.Counts.Repairs, Entries: hs}
	}
	cs := slices.Clone(e.Changes)
	for i := range cs {
		cs[i].From = d.day(fmt.Sprint("from ", i))
		switch cs[i].Do {
		case DoOrder, DoOpen:
			cs[i].Commitment = d.b.hash("corrected")
		}
		if cs[i].Do == DoExtend {
			cs[i].Through = cs[i].From.Add(rapid.IntRange(300, 400).Draw(d.t, "longer"))
		}
		if cs[i].Do == DoOrder || cs[i].Do == DoTerm {
			cs[i].Through = d.perhaps("through")
		}
	}
	return &LicenseCorrect{License: id, Count: l.Counts.Repairs, Entry: e.Hash, Changes: cs}
}

func (d *deciders) importNew(id string, l *License) Act {
	return &ImportAssert{
		License: id, Count: l.Counts.Imports, File: d.b.hash("file"), Row: 1, Day: d.day("file"), Licensee: d.b.id(), Subject: SubjectPerson, Issued: d.day("issued"),
		Changes: d.row(), Openings: []OpeningRef{{OpeningName, d.b.hash("name")}},
	}
}

func (d *deciders) row() []Change {
	cs := []Change{{Do: DoTerm, From: d.day("from"), Through: "2026-12-31"}}
	if rapid.Bool().Draw(d.t, "lifecycle") {
		cs = append(cs, Change{Do: DoLifecycle, Status: LifecycleInactive, From: d.day("inactive")})
	}
	if rapid.Bool().Draw(d.t, "order") {
		cs = append(cs, Change{Do: DoOrder, Order: d.b.id(), Authority: AuthorityNone, Commitment: d.b.hash("order"), From: d.day("order")})
	}
	return cs
}

func (d *deciders) importAgain(id string, l *License) Act {
	a := &ImportAssert{License: id, Count: l.Counts.Imports, File: d.b.hash("file"), Row: 2, Day: d.day("file"), Changes: d.row()}
	if rapid.Bool().Draw(d.t, "replace") {
		a.Previous = pick(d.t, "previous", d.b.Entries(KindLicense, id)...).Hash
	}
	return a
}
