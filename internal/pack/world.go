package pack

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// A world is a registry in memory in which a scenario plays: acts are decided by the
// law itself (license.Decide), and records are the fold of their entries.
type world struct {
	contract string // name
	day      license.Day
	records  map[string][]byte // by kind and id
	entries  map[string][]license.Recorded
	licenses []string // in order
	facts    []string // in the order in which they were recorded
	openings map[license.Hash][]byte
	timers   []timer
	size     int64
	drawn    int
}

// A timer is a day on which a contract asked to be called.
type timer struct {
	day           license.Day
	license, name string
}

func newWorld(contract string) *world {
	return &world{
		contract: contract, day: license.DayMin,
		records: map[string][]byte{}, entries: map[string][]license.Recorded{}, openings: map[license.Hash][]byte{},
	}
}

// saved returns the world as it is now, to which a call without effects goes back.
func (w *world) saved() *world {
	s := *w
	s.records, s.entries, s.openings = maps.Clone(w.records), maps.Clone(w.entries), maps.Clone(w.openings)
	s.licenses, s.facts, s.timers = slices.Clone(w.licenses), slices.Clone(w.facts), slices.Clone(w.timers)
	return &s
}

func key(kind, id string) string { return kind + "\x00" + id }

// Get implements license.View.
func (w *world) Get(kind, id string, r any) bool {
	b, ok := w.records[key(kind, id)]
	return ok && strict.Decode(b, r, 1<<20) == nil
}

// Entries implements license.View.
func (w *world) Entries(kind, id string) []license.Recorded { return w.entries[key(kind, id)] }

// NotAfter implements license.View.
func (w *world) NotAfter(license.Hash) license.Instant { return w.Now() }

// Now implements license.View: it is always noon.
func (w *world) Now() license.Instant { return license.Instant(w.day + "T12:00:00Z") }

// Height implements license.View.
func (w *world) Height() int64 { return w.size + 1 }

// License implements contract.Views.
func (w *world) License(id string) *license.License {
	l := new(license.License)
	if !w.Get(license.KindLicense, id, l) {
		return nil
	}
	return l
}

// Linked implements contract.Views.
func (w *world) Linked(id string, day license.Day) (out []string) {
	for _, other := range w.licenses {
		var k license.Link
		if w.Get(license.KindLink, license.LinkID(id, other), &k) && k.Effective != "" && k.Effective <= day && (k.Ended == "" || day < k.Ended) {
			out = append(out, other)
		}
	}
	return out
}

// Facts implements contract.Views.
func (w *world) Facts(about string) (out []contract.Fact) {
	for _, id := range w.facts {
		f := contract.Fact{ID: id}
		if w.Get(license.KindFact, id, &f.Fact) && f.About == about {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b contract.Fact) int {
		return strings.Compare(string(a.Day)+a.ID, string(b.Day)+b.ID)
	})
	return out
}

// Opening implements contract.Views.
func (w *world) Opening(_ string, h license.Hash) []byte { return w.openings[h] }

// found makes the board and the profession of a license that a scenario names.
func (w *world) found(id string) {
	if w.records == nil {
		return
	}
	i, _ := license.ParseID(id)
	w.records[key(license.KindBoard, i.Board)] = strict.Encode(&license.Board{Name: i.Board, Jurisdiction: i.Board})
	w.records[key(license.KindProfession, i.ProfessionID())] = strict.Encode(&license.Profession{Title: i.Profession, Pattern: "*+"})
}

// write records what an act or an effect does. It returns the hash of the entry.
func (w *world) write(e license.Effect, verb string, cause *license.Cause) license.Hash {
	en, body := e.Entry(verb)
	w.size++
	en.Index, en.Block, en.Time, en.Cause = w.size, w.size, w.Now(), cause
	k := key(e.Kind, e.ID)
	rec := license.Recorded{Entry: en, Hash: license.LeafHash(strict.Encode(&en))}
	w.entries[k] = append(w.entries[k], rec)
	if e.Kind == license.KindLicense {
		body = strict.Encode(license.FoldLicense(w.entries[k], ""))
		if at, ok := slices.BinarySearch(w.licenses, e.ID); !ok {
			w.licenses = slices.Insert(w.licenses, at, e.ID)
		}
	}
	if e.Kind == license.KindFact && !slices.Contains(w.facts, e.ID) {
		w.facts = append(w.facts, e.ID)
	}
	w.records[k] = body
	for _, a := range e.Also {
		w.records[key(a.Kind, a.ID)] = strict.Encode(a.Record)
	}
	return rec.Hash
}

// apply does what a contract intends.
func (w *world) apply(e *contract.Effect) error {
	switch e.Do {
	case contract.SetTimer, contract.ClearTimer:
		w.timers = slices.DeleteFunc(w.timers, func(t timer) bool { return t.license == e.License && t.name == e.Name })
		if e.Do == contract.SetTimer {
			w.timers = append(w.timers, timer{e.From, e.License, e.Name})
		}
		return nil
	case contract.Notify:
		return nil
	}
	ef, r := license.Automatic(w, w.contract, e.License, e.Change(w.contract, w.License(e.License)))
	if r != nil {
		return fmt.Errorf("line %d, %s on %s: %w", e.Line, e.Do, e.License, r)
	}
	if ef == nil {
		return nil
	}
	ef.Kind, ef.ID = license.KindLicense, e.License
	w.write(*ef, "contract."+e.Do, &license.Cause{Contract: w.contract})
	return nil
}

// orderOf finds an order on a license by the name that the scenario gave it, or the
// contract; a contract may name its order after the scenario's.
func (w *world) orderOf(id string, l *license.License, name string) string {
	order := random("order", name)
	for _, o := range []string{order, contract.OrderID(w.contract, id, name), contract.OrderID(w.contract, id, order)} {
		if countOf(l, o) > 0 {
			return o
		}
	}
	return order
}
