package license

import (
	"slices"
	"strings"
)

// Registration codes of a standing.
const (
	RegistrationVoid      = "void"       // its issue was voided
	RegistrationNotTold   = "not-told"   // copied from files that tell of no term
	RegistrationPending   = "not-begun"  // before the first term
	RegistrationActive    = "active"     // within a term
	RegistrationGrace     = "not-lapsed" // expired, and within the days of grace
	RegistrationLapsed    = "not-renewed"
	RegistrationGap       = "between-terms" // between two terms
	RegistrationInactive  = LifecycleInactive
	RegistrationSurrender = LifecycleSurrendered
	RegistrationDeceased  = LifecycleDeceased
	RegistrationCanceled  = LifecycleCanceled
)

// Authority codes of a standing: may she practice on that day?
const (
	MayPractice    = "may-practice"
	MayWithLimits  = "may-practice-with-conditions"
	MayNotPractice = "may-not-practice"
	MayIsNotKnown  = "not-known" // nothing bars it, and nobody told the network of a registration
)

// A Standing answers for one day. It is computed, never written: nobody can set a
// status. It knows no statute; officers and contracts wrote the dates.
type Standing struct {
	Day          Day
	Registration string          // axis 1: a registration code
	Discipline   string          // axis 2: "none", "noted", "conditions" or "barred", of orders in force
	Authority    string          // axis 3: an authority code
	Through      Day             // last day of the term that the day is in, or of the last one
	Orders       []OrderStanding // every order that has begun by that day, ended ones too
	Primary      string          // the board's word
	Secondary    string          // the board's further word, or ""
	Rests        string          // of a privilege: the license on which it rests; nothing here follows from that one's standing
}

// An OrderStanding is an order as it stands on the day. Its Action is the most severe one
// when its document is shown or a contract imposed it; else "".
type OrderStanding struct {
	Order
	InForce bool
	Stayed  bool
}

// StandingOn returns the license's standing on a day. documents gives an order's
// document by commitment, or nil when it is withheld; p gives the board's words
// and may be nil.
func (l *License) StandingOn(day Day, p *Profession, documents func(Hash) *OrderDocument) Standing {
	s := Standing{Day: day, Discipline: "none", Rests: l.RestsOn(day)}
	s.Registration, s.Through = l.registration(day)
	rank := 0
	for _, o := range l.Orders {
		if o.Start > day {
			continue
		}
		os := OrderStanding{Order: o}
		if documents != nil {
			if d := documents(o.Commitment); d != nil {
				os.Action = d.Main()
			}
		}
		if o.End == "" || day <= o.End {
			os.Stayed = o.stayedOn(day)
			os.InForce = !os.Stayed
		}
		if os.InForce {
			rank = max(rank, disciplineRank(o.Authority))
		}
		s.Orders = append(s.Orders, os)
	}
	s.Discipline = []string{"none", "noted", "conditions", "barred"}[rank]
	s.Authority = authority(s.Registration, rank)
	s.Primary, s.Secondary = s.words(p)
	return s
}

func disciplineRank(authority string) int {
	switch authority {
	case AuthorityBarred:
		return 3
	case AuthorityConditions:
		return 2
	}
	return 1
}

func authority(registration string, rank int) string {
	switch {
	case rank == 3:
		return MayNotPractice
	case registration == RegistrationNotTold:
		return MayIsNotKnown
	case registration != RegistrationActive && registration != RegistrationGrace:
		return MayNotPractice
	case rank == 2:
		return MayWithLimits
	}
	return MayPractice
}

func (o *Order) stayedOn(day Day) bool {
	return slices.ContainsFunc(o.Stays, func(s Stay) bool {
		return s.From <= day && (s.Through == "" || day <= s.Through)
	})
}

// registration finds the code of the first axis, and the last day of the term.
func (l *License) registration(day Day) (code string, through Day) {
	if l.Licensee == "" {
		return RegistrationVoid, ""
	}
	code = RegistrationPending
	if len(l.Terms) == 0 && l.Source == SourceImport {
		code = RegistrationNotTold
	}
	var begun, later bool
	var in *Term
	for i := range l.Terms {
		t := &l.Terms[i]
		if t.From > day {
			later = true
			continue
		}
		begun = true
		if in == nil || in.Through != "" && (t.Through == "" || t.Through > in.Through) {
			in = t
		}
	}
	if begun {
		through = in.Through
		switch {
		case in.Through == "" || day <= in.Through:
			code = RegistrationActive
		case in.Grace != "" && day <= in.Grace:
			code = RegistrationGrace
		case later:
			code = RegistrationGap
		default:
			code = RegistrationLapsed
		}
	}
	if c := l.lifecycleOn(day); c != "" && c != LifecycleActive {
		return c, through
	}
	return code, through
}

// lifecycleOn returns the newest lifecycle on the day: the latest day wins, and
// of one day the one recorded last.
func (l *License) lifecycleOn(day Day) string {
	var best *Lifecycle
	for i := range l.Lifecycles {
		if c := &l.Lifecycles[i]; c.From <= day && (best == nil || c.From >= best.From) {
			best = c
		}
	}
	if best == nil {
		return ""
	}
	return best.Status
}

// defaultWords serve where the board has set none.
var defaultWords = map[string]string{
	RegistrationVoid: "VOID", RegistrationNotTold: "REGISTRATION NOT TOLD", RegistrationPending: "NOT YET BEGUN", RegistrationActive: "ACTIVE",
	RegistrationGrace: "EXPIRED, NOT LAPSED", RegistrationLapsed: "NOT RENEWED", RegistrationGap: "NOT RENEWED",
	RegistrationInactive: "INACTIVE", RegistrationSurrender: "SURRENDERED", RegistrationDeceased: "DECEASED",
	RegistrationCanceled: "CANCELED",
	"revocation":         "REVOKED", "denial": "DENIED", "summary-suspension": "TEMPORARILY SUSPENDED", "suspension": "SUSPENDED",
	"surrender": "SURRENDERED", "probation": "PROBATION", "supervision": "SUPERVISION",
	"practice-modification": "PRACTICE LIMITED", "reprimand": "REPRIMAND", "censure": "CENSURE", "fine": "FINE",
	"education": "EDUCATION ORDERED", "monitoring": "MONITORING", "other": "ORDER",
	"barred": "MAY NOT PRACTICE BY ORDER", "conditions": "CONDITIONS BY ORDER", "noted": "ORDER ON RECORD",
	"stayed": "ORDER STAYED",
}

// Word returns the board's word for a code, or ours.
func Word(p *Profession, code string) string {
	if w := p.LabelOf(code); w != "" {
		return w
	}
	if w := defaultWords[code]; w != "" {
		return w
	}
	return strings.ToUpper(code)
}

// severity ranks orders in force: by their effect on authority, then by their most
// severe action, so that no later fine outshines a revocation.
func severity(o *OrderStanding) int {
	at := slices.Index(ActionCodes, o.Action)
	if at < 0 {
		at = len(ActionCodes)
	}
	return disciplineRank(o.Authority)*100 + len(ActionCodes) - at
}

// words finds primary and secondary status: the order that bars practice speaks
// first, else the registration; then what else is in force, then a stay.
func (s *Standing) words(p *Profession) (primary, secondary string) {
	word := func(o *OrderStanding) string {
		if o.Action != "" {
			return Word(p, o.Action)
		}
		return Word(p, []string{"none", "noted", "conditions", "barred"}[disciplineRank(o.Authority)])
	}
	var top, stayed *OrderStanding
	for i := range s.Orders {
		o := &s.Orders[i]
		switch {
		case o.Stayed:
			stayed = o
		case o.InForce && (top == nil || severity(o) >= severity(top)):
			top = o
		}
	}
	primary = Word(p, s.Registration)
	if top != nil {
		secondary = word(top)
		if top.Authority == AuthorityBarred {
			primary, secondary = secondary, primary
		}
	}
	if stayed != nil {
		if w := Word(p, "stayed"); secondary == "" {
			secondary = w
		} else {
			secondary += ", " + w
		}
	}
	return primary, secondary
}

// OpeningOn returns the commitment of a kind that holds on a day: the one with
// the latest first day by then, and of one day the one recorded last. Before the
// first it returns the first. The zero Hash means that there is none.
func (l *License) OpeningOn(kind string, day Day) Hash {
	var best *DatedOpening
	for i := range l.Openings {
		o := &l.Openings[i]
		if o.Kind != kind {
			continue
		}
		if best == nil || o.From <= day && o.From >= best.From || best.From > day && o.From < best.From {
			best = o
		}
	}
	if best == nil {
		return Hash{}
	}
	return best.Commitment
}
