// Package answer reads the registry for people and programs: a license on a day,
// as known at an instant; its history; a search; records as they stand. Pages and
// API answer from here, so that both say the same, of one state, with its as-of.
//
// What is sealed at this moment is left out of every answer, also of those about
// a time when it was not.
package answer

import (
	"errors"
	"fmt"
	"time"

	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/license"
)

// A Ledger is what answers are read from; *ledger.Ledger is one.
type Ledger interface {
	State() (*ledger.State, error)
	StateAt(size int64) (*ledger.State, error)
}

// A Registry answers.
type Registry struct {
	Ledger Ledger
	Lookup *lookup.Lookup
	Now    func() time.Time // nil: time.Now
	recent recent
}

// An AsOf says of which state an answer is.
type AsOf struct {
	Block int64           `json:"block"`
	Time  license.Instant `json:"time"`
	Index int64           `json:"index"` // entries of the log that it rests on
}

func asOf(s *ledger.State) AsOf { return AsOf{s.Head.Height, s.Head.Time, s.Head.Size} }

// A Problem says why a question has no answer: a code for programs, a sentence
// for people.
type Problem struct {
	Code   string
	Detail string
}

func (p *Problem) Error() string { return p.Detail }

func problem(code, format string, a ...any) *Problem {
	return &Problem{code, fmt.Sprintf(format, a...)}
}

// state returns the newest state. Before genesis there is nothing to answer from.
func (r *Registry) state() (*ledger.State, error) {
	s, err := r.Ledger.State()
	if errors.Is(err, ledger.ErrNoState) {
		return nil, problem("not-founded", "The network has no state yet; try again in a moment.")
	}
	return s, err
}

// legalNow is the reader's time on the network's clock.
func (r *Registry) legalNow(s *ledger.State) license.Instant {
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	return license.InstantOf(now()).AddSeconds(r.offset(s))
}

// A Record is what stands in the map under a kind and id.
type Record struct {
	Value []byte // in the one writing
	AsOf  AsOf
}

// recordKinds are the kinds that Record shows. Licenses have an answer of their own.
var recordKinds = map[string]bool{
	license.KindBoard: true, license.KindCalendar: true, license.KindProfession: true, license.KindOfficer: true,
	license.KindPolicy: true, license.KindFact: true, license.KindClaim: true, license.KindSettlement: true, license.KindMembers: true, license.KindNetwork: true,
	license.KindLink: true, license.KindLicensee: true, license.KindOpening: true, license.KindContracts: true, license.KindContract: true,
	license.KindTimer: true, license.KindCall: true, license.KindNotice: true, license.KindFault: true,
}

// Record returns a record as it stands.
func (r *Registry) Record(kind, id string) (*Record, error) {
	if !recordKinds[kind] {
		return nil, problem("unknown-kind", "There are no records of kind %q here. A license is asked for at /v1/licenses.", kind)
	}
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	v, err := s.Value(kind, id)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, problem("unknown-record", "There is no %s %q.", kind, id)
	}
	return &Record{v, asOf(s)}, nil
}

// A Network says which network this is and how far it has come.
type Network struct {
	Origin string
	Name   string
	Test   bool // a test network: nothing on it is a real decision
	Offset int64
	Set    int64
	Rules  int64
	AsOf   AsOf
}

// Network returns what the network says of itself.
func (r *Registry) Network() (*Network, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	var n license.Network
	if _, err := s.Record(license.KindNetwork, "network", &n); err != nil {
		return nil, err
	}
	return &Network{
		Origin: s.Head.Origin, Name: n.Name, Test: IsTest(s.Head.Origin), Offset: n.Offset,
		Set: s.Head.Set, Rules: s.Head.Rules, AsOf: asOf(s),
	}, nil
}

// IsTest says whether an origin is of a test network.
func IsTest(origin string) bool { return len(origin) > 5 && origin[:5] == "test/" }
