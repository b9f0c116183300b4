package license

// A Recovery is what an officer becomes when a waiting time is over that all can see.
type Recovery struct {
	From  Instant  `json:"from,required"`
	Title string   `json:"title"`
	Key   string   `json:"key,required"`
	Roles []string `json:"roles,required"`
}

// How long a recovery waits, in seconds.
const (
	recoverAfter  = 7 * 86400
	recoverWithin = 90 * 86400
)

// OfficerRecover names what an officer becomes after a waiting time: with a new key,
// when the old one is lost or stolen and nobody is left whom the board's policy asks.
// The board's root alone signs it. Until then, whoever may amend or end the officer
// can end it.
type OfficerRecover struct {
	Do      string   `json:"do"`
	Officer string   `json:"officer,required"`
	Count   int64    `json:"count"` // 0: there is no such officer yet
	From    Instant  `json:"from,required"`
	Title   string   `json:"title"`
	Key     string   `json:"key,required"`
	Roles   []string `json:"roles,required"`
}

func (a *OfficerRecover) Verb() string             { return "officer.recover" }
func (a *OfficerRecover) Target() (string, string) { return KindOfficer, a.Officer }
func (*OfficerRecover) Opens() []OpeningRef        { return nil }

// At is the officer as he stands at an instant: a recovery whose time has come needs
// nobody to carry it out.
func (o Officer) At(now Instant) Officer {
	if o.Next == nil || now < o.Next.From {
		return o
	}
	return Officer{Title: o.Next.Title, Key: o.Next.Key, Roles: o.Next.Roles, Count: o.Count, Last: o.Last}
}

func (a *OfficerRecover) decide(v View) (*Effect, *Refusal) {
	if r := checkOfficerID(a.Officer, v); r != nil {
		return nil, r
	}
	o := Officer{Status: OfficerEnded} // who was none is none until then
	v.Get(KindOfficer, a.Officer, &o)
	if r := firstRefusal(stale("officer "+a.Officer, o.Count, a.Count), checkRoles(a.Roles)); r != nil {
		return nil, r
	}
	if a.From < v.Now().AddSeconds(recoverAfter) || a.From > v.Now().AddSeconds(recoverWithin) {
		return nil, refuse("wait", specActs, "A recovery waits at least 7 days and at most 90: from %s to %s.", v.Now().AddSeconds(recoverAfter), v.Now().AddSeconds(recoverWithin))
	}
	o = o.At(v.Now())
	o.Next = &Recovery{From: a.From, Title: a.Title, Key: a.Key, Roles: a.Roles}
	o.Last = Hash{}
	o.Count++
	return &Effect{Record: &o}, nil
}
