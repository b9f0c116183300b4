package license

// A privilege is a license that rests on another board's license: a record of kind
// "license" with orders, terms and lifecycles of its own, granted by the board whose
// record it is. What a compact makes of the license on which it rests is written into
// the privilege, by officers or by contracts; nothing follows by itself.

// PrivilegeIssue grants a privilege. The licensee id is random and new.
type PrivilegeIssue struct {
	Do       string       `json:"do"`
	License  string       `json:"license,required"`
	Rests    string       `json:"rests,required"` // another board's license
	Licensee string       `json:"licensee,required"`
	Subject  string       `json:"subject,required"` // that of the license on which it rests
	Route    string       `json:"route"`
	Issued   Day          `json:"issued,required"` // original issue
	From     Day          `json:"from,required"`   // first day of the first term
	Through  Day          `json:"through"`
	Grace    Day          `json:"grace"`
	Openings []OpeningRef `json:"openings"`
}

// PrivilegeRenew adds a term, and may rest the privilege on another license from that
// day on.
type PrivilegeRenew struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"` // of the term facet
	Rests   string `json:"rests"` // absent: as it was
	From    Day    `json:"from,required"`
	Through Day    `json:"through"`
	Grace   Day    `json:"grace"`
}

// PrivilegeEnd ends a privilege from a day on.
type PrivilegeEnd struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"` // of the term facet
	From    Day    `json:"from,required"`
}

// PrivilegeDiscipline puts an order on a privilege, or revises one that is open. The
// license on which it rests stays as its own board says.
type PrivilegeDiscipline struct {
	Do         string `json:"do"`
	License    string `json:"license,required"`
	Order      string `json:"order,required"` // random; new, or of an open order
	Count      int64  `json:"count"`          // of the order's row; absent for a new one
	Commitment Hash   `json:"commitment,required"`
	Authority  string `json:"authority,required"`
	From       Day    `json:"from,required"` // first day
	Through    Day    `json:"through"`       // last day; absent: indefinite
}

// PrivilegeLift ends an order on a privilege: from this day it holds no longer.
type PrivilegeLift struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Order   string `json:"order,required"`
	Count   int64  `json:"count,required"`
	From    Day    `json:"from,required"`
}

func (a *PrivilegeIssue) Verb() string      { return "privilege.issue" }
func (a *PrivilegeRenew) Verb() string      { return "privilege.renew" }
func (a *PrivilegeEnd) Verb() string        { return "privilege.end" }
func (a *PrivilegeDiscipline) Verb() string { return "privilege.discipline" }
func (a *PrivilegeLift) Verb() string       { return "privilege.lift" }

// Target of each act.
func (a *PrivilegeIssue) Target() (string, string)      { return KindLicense, a.License }
func (a *PrivilegeRenew) Target() (string, string)      { return KindLicense, a.License }
func (a *PrivilegeEnd) Target() (string, string)        { return KindLicense, a.License }
func (a *PrivilegeDiscipline) Target() (string, string) { return KindLicense, a.License }
func (a *PrivilegeLift) Target() (string, string)       { return KindLicense, a.License }

func (a *PrivilegeIssue) Opens() []OpeningRef { return a.Openings }
func (*PrivilegeRenew) Opens() []OpeningRef   { return nil }
func (*PrivilegeEnd) Opens() []OpeningRef     { return nil }
func (a *PrivilegeDiscipline) Opens() []OpeningRef {
	return []OpeningRef{{OpeningOrder, a.Commitment}}
}
func (*PrivilegeLift) Opens() []OpeningRef { return nil }

// A Rest says on which license a privilege rests from a day on, until the next one.
type Rest struct {
	License string `json:"license"` // another board's
	From    Day    `json:"from"`
}

// IsPrivilege says whether the license rests on another one.
func (l *License) IsPrivilege() bool { return len(l.Rests) > 0 }

// RestsOn returns the license on which a privilege rests on a day; before the first,
// the first. "": it is no privilege.
func (l *License) RestsOn(day Day) string {
	var best *Rest
	for i := range l.Rests {
		r := &l.Rests[i]
		if best == nil || r.From <= day && r.From >= best.From || best.From > day && r.From < best.From {
			best = r
		}
	}
	if best == nil {
		return ""
	}
	return best.License
}

// getOwn reads a live license that is no privilege.
func getOwn(v View, id string) (*License, *Refusal) {
	l, r := getLive(v, id)
	if r == nil && l.IsPrivilege() {
		return nil, refuse("privilege", specActs, "%s is a privilege, which rests on a license of another board: decide about it by privilege.renew, end, discipline or lift.", id)
	}
	return l, r
}

// getGranted reads a live privilege.
func getGranted(v View, id string) (*License, *Refusal) {
	l, r := getLive(v, id)
	if r == nil && !l.IsPrivilege() {
		return nil, refuse("not-privilege", specActs, "%s is no privilege but a license of its own: decide about it by the acts license.*.", id)
	}
	return l, r
}

// checkRests checks the license on which a privilege is to rest.
func checkRests(v View, rests, id, subject string) *Refusal {
	l, r := getLive(v, rests)
	switch {
	case r != nil:
		return r
	case BoardOf(KindLicense, rests) == BoardOf(KindLicense, id):
		return refuse("rests", specActs, "A privilege rests on a license of another board, and %s is of the same one as %s.", rests, id)
	case l.IsPrivilege():
		return refuse("rests", specActs, "%s is a privilege itself; name the license on which it rests.", rests)
	case l.Subject != subject:
		return refuse("subject", specActs, "The holder of %s is a %s, and so is the holder of what rests on it.", rests, l.Subject)
	}
	return nil
}

func (a *PrivilegeIssue) decide(v View) (*Effect, *Refusal) {
	if r := firstRefusal(checkNumber(v, a.License), checkRests(v, a.Rests, a.License, a.Subject)); r != nil {
		return nil, r
	}
	return issue(v, a.License, Change{Do: DoIssue, Licensee: a.Licensee, Subject: a.Subject, Route: a.Route, Other: a.Rests, From: a.Issued},
		Term{a.From, a.Through, a.Grace}, a.Openings)
}

func (a *PrivilegeRenew) decide(v View) (*Effect, *Refusal) {
	l, r := getGranted(v, a.License)
	if r == nil {
		r = firstRefusal(stale("term of "+a.License, l.Counts.Term, a.Count), checkTerm(a.From, a.Through, a.Grace))
	}
	if r != nil {
		return nil, r
	}
	var more []Change
	if a.Rests != "" {
		if r := checkRests(v, a.Rests, a.License, l.Subject); r != nil {
			return nil, r
		}
		more = []Change{{Do: DoRest, Other: a.Rests, From: a.From}}
	}
	return l.renew(a.License, Term{a.From, a.Through, a.Grace}, more...)
}

func (a *PrivilegeEnd) decide(v View) (*Effect, *Refusal) {
	l, r := getGranted(v, a.License)
	if r == nil {
		r = stale("term of "+a.License, l.Counts.Term, a.Count)
	}
	if r == nil {
		r = l.checkNotEnded(a.License, a.From)
	}
	if r != nil {
		return nil, r
	}
	return l.lifecycle(LifecycleCanceled, a.From)
}

func (a *PrivilegeDiscipline) decide(v View) (*Effect, *Refusal) {
	l, r := getGranted(v, a.License)
	if r != nil {
		return nil, r
	}
	return l.discipline(v, a.License, a.Count, Change{Do: DoOrder, Order: a.Order, Authority: a.Authority, Commitment: a.Commitment, From: a.From, Through: a.Through})
}

func (a *PrivilegeLift) decide(v View) (*Effect, *Refusal) {
	l, r := getGranted(v, a.License)
	if r != nil {
		return nil, r
	}
	return l.lift(a.License, a.Order, a.Count, a.From)
}
