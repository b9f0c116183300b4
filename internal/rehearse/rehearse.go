// Package rehearse says what a contract would have done: it walks through a network's log
// and lets a contract that nobody signed yet, or another version of one, answer what
// happened, on the records as they were then. Nothing of it is recorded anywhere.
//
// The walk keeps two folds of each license: the one that stands, and the one with the
// contract's effects in place of those that an older version of it had. What is simulated
// and what not is said in docs/contracts.md.
package rehearse

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// A Source is a network's log, as far as it is shown to whoever asks.
type Source interface {
	// Entries gives the entries from the first on, in order, each with the act that it
	// records (nil: none), until do fails. What do gets is its own.
	Entries(do func(entry, act []byte) error) error
	// Opening returns what is behind a commitment of a license (or, of kind fact, of a
	// fact), and whether it is shown.
	Opening(kind, id string, h license.Hash) ([]byte, Shown, error)
}

// Shown says what became of an opening.
type Shown int

// What became of it.
const (
	Open     Shown = iota
	Sealed         // nobody has it any more
	Withheld       // it is there, and not for whoever asks
)

// A Rehearsal is what is to be simulated.
type Rehearsal struct {
	Pack     *contract.Package
	Origin   string            // of the network
	From, To license.Day       // days of each license's board
	Until    license.Instant   // legal time of the network: days after it have not come
	Size     int64             // of the log, for the progress
	Boards   []string          // for which it is simulated, on all days; none: those that have it, or all
	Contract *license.Contract // what the network knows of it now; nil: nothing
	Source   Source
	Progress func(done, of, calls int64) // may be nil
	// Ran is told before and after each run of a rule; a bench has a clock. May be nil.
	Ran func(begins bool)
}

// A Report is what would have been otherwise. Its one writing is the same whoever made
// it, from the same log, days and openings.
type Report struct {
	V           int64        `json:"v,required"` // 1
	Origin      string       `json:"origin,required"`
	Contract    string       `json:"contract,required"`
	Version     int64        `json:"version,required"`
	Hash        license.Hash `json:"hash,required"`
	From        license.Day  `json:"from,required"`
	To          license.Day  `json:"to,required"`
	Begins      license.Day  `json:"begins"`        // the network's first day, where From is before it
	Size        int64        `json:"size,required"` // entries of the log through the last day
	InPlace     []string     `json:"in_place"`      // boards for which it stands in the place of an edition
	New         []string     `json:"new"`           // boards for which it would be new
	Later       []Later      `json:"later"`         // boards of InPlace that had no edition on the first day
	Off         []string     `json:"off"`           // functions that are switched off on this network
	Triggers    int64        `json:"triggers"`      // that it answered
	Calls       int64        `json:"calls"`
	Notices     int64        `json:"notices"`      // that it would write
	NoticesWere int64        `json:"notices_were"` // that editions in its place wrote
	Differ      []Difference `json:"differ"`       // in order of licenses and days
	Refused     []Refused    `json:"refused"`      // in order of the log
	NotReplayed []NotPlayed  `json:"not_replayed"` // likewise
	Faults      []Fault      `json:"faults"`       // likewise
}

// A Later is a board for which nothing is simulated before a day, as it had no edition yet.
type Later struct {
	Board string      `json:"board,required"`
	From  license.Day `json:"from"` // none: it had none through the last day
}

// A Difference is a span of days on which a license's standing would differ.
type Difference struct {
	License string      `json:"license,required"`
	From    license.Day `json:"from,required"`
	Through license.Day `json:"through"` // none: no end
	Was     Standing    `json:"was,required"`
	Would   Standing    `json:"would,required"`
	By      Rule        `json:"by,required"`
}

// A Standing is what a license's three axes say, and the board's words.
type Standing struct {
	Status       string `json:"status,required"`
	Besides      string `json:"besides"`
	Authority    string `json:"authority,required"`
	Registration string `json:"registration,required"`
	Discipline   string `json:"discipline,required"`
}

// NotThere is the status of a license that would not be there.
const NotThere = "NOT THERE"

// A Rule is why a standing would differ.
type Rule struct {
	Do       string      `json:"do,required"` // an effect's, "refuse"; "without": an effect of the edition in force that would not be
	Function string      `json:"function"`
	Line     int64       `json:"line"`
	Citation string      `json:"citation"`
	Trigger  int64       `json:"trigger"` // index of the entry that it answers; of "without" that of the effect
	Day      license.Day `json:"day"`     // the day that came, where it answers one
	Answers  string      `json:"answers"` // a verb, the name of a day or of a timer
	About    string      `json:"about"`   // the license to which that happened
}

// A Refused is an act that stands in the log and would have been refused.
type Refused struct {
	License  string `json:"license,required"`
	Trigger  int64  `json:"trigger,required"` // index of its entry
	Act      string `json:"act,required"`
	Code     string `json:"code,required"`
	Words    string `json:"words"`
	Function string `json:"function"`
	Line     int64  `json:"line"`
	Citation string `json:"citation"`
}

// A NotPlayed is a trigger whose facts are not shown.
type NotPlayed struct {
	License string      `json:"license,required"`
	Trigger int64       `json:"trigger"` // index of the entry
	Day     license.Day `json:"day"`     // else the day that came
	Answers string      `json:"answers"` // as of a Rule
	Why     string      `json:"why,required"`
}

// Why a trigger is not replayed.
const (
	WhySealed   = "sealed"   // what it was about is confidential now
	WhyWithheld = "withheld" // the contract reads what is not shown here
)

// A Fault is a call that would have had no effects.
type Fault struct {
	License  string      `json:"license,required"`
	Trigger  int64       `json:"trigger"`
	Day      license.Day `json:"day"`
	Code     string      `json:"code,required"`
	Function string      `json:"function"`
	Line     int64       `json:"line"`
	Answers  string      `json:"answers"` // as of a Rule
}

// Sum is the hash over the one writing of a report:
// SHA-256("licet/rehearsal/1" ‖ 0 ‖ the report's bytes).
func (r *Report) Sum() license.Hash {
	return sha256.Sum256(append([]byte("licet/rehearsal/1\x00"), strict.Encode(r)...))
}

// inForce lists the boards for which an edition of the contract is in force now.
func (r *Rehearsal) inForce() (ids []string) {
	if r.Contract == nil {
		return nil
	}
	for _, e := range r.Contract.Editions {
		ids = append(ids, e.Boards...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// sound says what is wrong with what is asked for, as far as it is known beforehand.
func (r *Rehearsal) sound() error {
	name := r.Pack.Manifest.Name
	switch latest := license.Day(license.InstantOf(r.Until.Time().Add(aheadOfUTC))[:10]); {
	case r.To < r.From:
		return fmt.Errorf("the last day, %s, is before the first, %s", r.To, r.From)
	case r.To > latest:
		return fmt.Errorf("the last day, %s, has not come: on this network it is %s; name a day that has", r.To, r.Until)
	case r.Contract == nil:
	case r.Contract.Retired:
		return fmt.Errorf("contract %s was retired by its boards, and no version of it is put in force any more: give the rules another name in contract.toml", name)
	case len(r.Boards) == 0 && len(r.inForce()) == 0:
		return fmt.Errorf("the network knows contract %s, and no board has it in force: name the boards for which it is to be simulated", name)
	}
	return nil
}

// Run simulates. It says whether the last day is over: then nothing that is recorded later
// changes the report, unless something is sealed or boards adopt or leave the contract.
func Run(r Rehearsal) (out *Report, final bool, err error) {
	if err := r.sound(); err != nil {
		return nil, false, err
	}
	w := newWorld(&r)
	if err := w.walk(); err != nil {
		return nil, false, err
	}
	for _, id := range slices.Concat(r.Boards, w.inForce) {
		w.board(id) // also where nothing happened
	}
	m := &r.Pack.Manifest
	out = &w.report
	out.V, out.Origin, out.Contract, out.Version, out.Hash, out.From, out.To = 1, r.Origin, m.Name, m.Version, r.Pack.Hash, r.From, r.To
	for i := range m.Hooks {
		if h := &m.Hooks[i]; r.Pack.IsOff(h, r.Origin) && !slices.Contains(out.Off, h.Function) {
			out.Off = append(out.Off, h.Function)
		}
	}
	slices.Sort(out.Off)
	for _, b := range w.order {
		switch {
		case b.fresh:
			out.New = append(out.New, b.id)
		case b.follows:
			out.InPlace = append(out.InPlace, b.id)
			if !b.listed && (b.since == "" || b.since > r.From) {
				out.Later = append(out.Later, Later{b.id, b.since})
			}
		}
	}
	w.compare()
	return out, w.final, nil
}
