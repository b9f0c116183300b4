package license

import (
	"slices"

	"licet/strict"
)

// A View is what a decision may read: the records as they stand before the act.
type View interface {
	// Get reads a record of the map into r (a pointer to its struct) and says
	// whether it is there.
	Get(kind, id string, r any) bool
	// Entries returns all entries about a record, oldest first.
	Entries(kind, id string) []Recorded
	// NotAfter returns until when the payload of a header could be recorded.
	NotAfter(header Hash) Instant
	// Height is that of the block.
	Height() int64
	// Now is the legal time of the block.
	Now() Instant
}

// A Recorded is an entry with its hash.
type Recorded struct {
	Entry
	Hash Hash
}

// An Effect is what an act does: one record changes, others may be written beside.
type Effect struct {
	Kind, ID  string
	Record    any // pointer to the new record; its Last is set by the ledger
	Effective Day
	Replaces  Hash
	Voids     []Hash
	Changes   []Change
	Import    *Provenance
	Also      []AlsoWrite
	Forget    []Hash // openings that are no longer kept
}

// Entry returns what the log says of the effect of an act, and the record's new body.
// Where the entry stands (index, block, time, the record's previous entry) and its
// cause are left to whoever writes it.
func (e *Effect) Entry(verb string) (en Entry, body []byte) {
	body = strict.Encode(e.Record)
	en = Entry{
		V: 1, Kind: e.Kind, ID: e.ID, Act: verb, Effective: e.Effective, Replaces: e.Replaces,
		Voids: e.Voids, Changes: e.Changes, Import: e.Import, Result: HashOf(body),
	}
	if e.Kind != KindLicense {
		en.Body = body
	}
	for _, a := range e.Also {
		v := strict.Encode(a.Record)
		if string(v) == "{}" { // no record: an entry has no writing for an empty one
			v = nil
		}
		en.Also = append(en.Also, Write{Kind: a.Kind, ID: a.ID, Value: v})
	}
	return en, body
}

// AlsoWrite is a map write besides the act's own record.
type AlsoWrite struct {
	Kind, ID string
	Record   any
}

// Decide says what an act does to the records, or why it is refused. Who signed
// it is judged apart (Authorize). The openings that the act commits to become
// records of their own, so that no commitment is ever used twice.
func Decide(a Act, v View) (*Effect, *Refusal) {
	opens := a.Opens()
	for i, o := range opens {
		// Texts of contracts are no kind that boards have tables for, and no other act
		// opens them.
		text := o.Kind == OpeningContract && Since(a.Verb()) > 1
		if !text && !slices.Contains(OpeningKinds, o.Kind) {
			return nil, refuse("opening-kind", specActs, "There is no opening of kind %q.", o.Kind)
		}
		if slices.ContainsFunc(opens[:i], func(p OpeningRef) bool { return p.Commitment == o.Commitment }) ||
			v.Get(KindOpening, o.Commitment.String(), new(OpeningRecord)) {
			return nil, refuse("opening-used", specActs, "Commitment %s stands in the network already; draw a new salt.", o.Commitment)
		}
	}
	e, r := a.decide(v)
	if r != nil {
		return nil, r
	}
	e.Kind, e.ID = a.Target()
	if e.Effective == "" {
		e.Effective = Today(v, BoardOf(e.Kind, e.ID))
	}
	var b Board
	if len(opens) > 0 {
		v.Get(KindBoard, BoardOf(e.Kind, e.ID), &b)
	}
	for _, o := range opens {
		e.Also = append(e.Also, AlsoWrite{KindOpening, o.Commitment.String(), &OpeningRecord{Kind: o.Kind, Who: b.AudienceOf(o.Kind)}})
	}
	return e, nil
}

// Today returns the board's legal day now; a board without a calendar, and the
// network itself, have UTC's.
func Today(v View, board string) Day {
	var c Calendar
	if board != "" {
		v.Get(KindCalendar, board, &c)
	}
	return c.Day(v.Now())
}

// stale refuses an act that names another count than the record has.
func stale(what string, has, named int64) *Refusal {
	if has == named {
		return nil
	}
	return refuse("stale", specActs, "The %s changed meanwhile: it counts %d, the act was signed over %d. Look at the record and sign again.", what, has, named)
}

func span(from, through Day) *Refusal {
	if through != "" && through < from {
		return refuse("days-reversed", specActs, "The last day %s is before the first day %s.", through, from)
	}
	return nil
}
