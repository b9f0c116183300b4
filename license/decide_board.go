package license

import (
	"slices"
	"strings"

	"licet/phrase"
)

const (
	rulesMax   = 100
	rolesMax   = 20
	labelsMax  = 100
	rowsMax    = 200
	membersMax = 64
)

func getBoard(v View, id string) (*Board, *Refusal) {
	b := new(Board)
	if !v.Get(KindBoard, id, b) {
		return nil, refuse("unknown-board", specActs, "There is no board %q.", id)
	}
	b.Last = Hash{}
	return b, nil
}

func checkAudiences(as []Audience, sealedShown string) *Refusal {
	for i, a := range as {
		if !slices.Contains(OpeningKinds, a.Kind) || a.Who != AudiencePublic && a.Who != AudienceBoard ||
			slices.ContainsFunc(as[:i], func(b Audience) bool { return b.Kind == a.Kind }) {
			return refuse("audience", specActs, "Audience %q of %q: name each kind of opening once, for %q or %q.", a.Who, a.Kind, AudiencePublic, AudienceBoard)
		}
	}
	if sealedShown != "" && sealedShown != "hidden" {
		return refuse("sealed-shown", specActs, `History shows sealed matter as one confidential entry (absent) or not ("hidden").`)
	}
	return nil
}

func (a *BoardCreate) decide(v View) (*Effect, *Refusal) {
	if err := checkName(a.Board, 32); err != nil {
		return nil, refuse("bad-id", specActs, "Board: %v.", err)
	}
	if v.Get(KindBoard, a.Board, new(Board)) {
		return nil, refuse("board-exists", specActs, "Board %s is in the network already.", a.Board)
	}
	var set MemberSet
	v.Get(KindMembers, "set", &set)
	m := set.MemberByID(a.Member)
	switch {
	case m == nil:
		return nil, refuse("unknown-member", specActs, "There is no member %q.", a.Member)
	case a.Source != "" && a.Source != SourceImport:
		return nil, refuse("source", specActs, "The source of a board is absent or %q.", SourceImport)
	case a.Source == SourceImport && a.Root != m.Root:
		return nil, refuse("import-root", specActs, "A board of source import has its importing member's key as root.")
	}
	if r := checkAudiences(a.Audiences, a.SealedShown); r != nil {
		return nil, r
	}
	return &Effect{Record: &Board{
		Name: a.Name, Member: a.Member, Jurisdiction: a.Jurisdiction, Root: a.Root,
		Source: a.Source, Audiences: a.Audiences, SealedShown: a.SealedShown, Count: 1,
	}}, nil
}

func (a *BoardAmend) decide(v View) (*Effect, *Refusal) {
	b, r := getBoard(v, a.Board)
	if r != nil {
		return nil, r
	}
	if r := firstRefusal(stale("record of board "+a.Board, b.Count, a.Count), checkAudiences(a.Audiences, a.SealedShown)); r != nil {
		return nil, r
	}
	b.Name, b.Audiences, b.SealedShown = a.Name, a.Audiences, a.SealedShown
	b.Count++
	return &Effect{Record: b}, nil
}

func (a *BoardSucceed) decide(v View) (*Effect, *Refusal) {
	b, r := getBoard(v, a.Board)
	if r != nil {
		return nil, r
	}
	if r := stale("record of board "+a.Board, b.Count, a.Count); r != nil {
		return nil, r
	}
	if a.Old != b.Root || a.Root == a.Old {
		return nil, refuse("root-key", specActs, "A succession names the root key as it is, and another one to come.")
	}
	if b.Source == SourceImport {
		var set MemberSet
		v.Get(KindMembers, "set", &set)
		if m := set.MemberByID(b.Member); m == nil || m.Root != a.Root {
			return nil, refuse("import-root", specActs, "A board of source import has its importing member's key as root.")
		}
	}
	b.Root = a.Root
	b.Count++
	return &Effect{Record: b}, nil
}

func (a *BoardClaim) decide(v View) (*Effect, *Refusal) {
	b, r := getBoard(v, a.Board)
	if r != nil {
		return nil, r
	}
	if r := stale("record of board "+a.Board, b.Count, a.Count); r != nil {
		return nil, r
	}
	var set MemberSet
	v.Get(KindMembers, "set", &set)
	switch {
	case b.Source != SourceImport:
		return nil, refuse("source", specActs, "Board %s decides for itself already; its root key is replaced by board.succeed.", a.Board)
	case a.Old != b.Root || a.Root == a.Old:
		return nil, refuse("root-key", specActs, "A claim names the root key as it is, and another one to come.")
	case set.MemberByID(a.Member) == nil:
		return nil, refuse("unknown-member", specActs, "There is no member %q.", a.Member)
	}
	b.Source, b.Root, b.Member = "", a.Root, a.Member
	if a.Name != "" {
		b.Name = a.Name
	}
	b.Count++
	return &Effect{Record: b}, nil
}

func (a *BoardCalendar) decide(v View) (*Effect, *Refusal) {
	if _, r := getBoard(v, a.Board); r != nil {
		return nil, r
	}
	if len(a.Rows) > rowsMax {
		return nil, refuse("too-much", specActs, "A calendar has at most %d rows.", rowsMax)
	}
	for i, r := range a.Rows {
		if !r.valid() || i > 0 && r.From <= a.Rows[i-1].From {
			return nil, refuse("calendar", specActs, "Row %d of the calendar: rows follow each other in time; offsets are within 14 hours; daylight time begins and ends in two different months, each on a Sunday from 1 to 5, at a minute of the day.", i+1)
		}
	}
	var c Calendar
	v.Get(KindCalendar, a.Board, &c)
	if r := stale("calendar of board "+a.Board, c.Count, a.Count); r != nil {
		return nil, r
	}
	return &Effect{Record: &Calendar{Rows: a.Rows, Count: c.Count + 1}}, nil
}

func (a *BoardProfession) decide(v View) (*Effect, *Refusal) {
	board, code, _ := strings.Cut(a.Profession, ".")
	if err := checkName(code, 48); err != nil {
		return nil, refuse("bad-id", specActs, "Profession: %v.", err)
	}
	if _, r := getBoard(v, board); r != nil {
		return nil, r
	}
	if err := CheckPattern(a.Pattern); err != nil {
		return nil, refuse("number-pattern", specActs, "%v.", err)
	}
	if len(a.Labels) > labelsMax {
		return nil, refuse("too-much", specActs, "A profession has at most %d labels.", labelsMax)
	}
	for i, l := range a.Labels {
		if l.Code == "" || slices.ContainsFunc(a.Labels[:i], func(m Label) bool { return m.Code == l.Code }) {
			return nil, refuse("label", specActs, "Label %d: name each code once.", i+1)
		}
	}
	var p Profession
	v.Get(KindProfession, a.Profession, &p)
	if r := stale("profession "+a.Profession, p.Count, a.Count); r != nil {
		return nil, r
	}
	return &Effect{Record: &Profession{
		Title: a.Title, Pattern: a.Pattern, Labels: a.Labels,
		Coverage: a.Coverage, Count: p.Count + 1,
	}}, nil
}

func checkRoles(roles []string) *Refusal {
	if len(roles) > rolesMax {
		return refuse("too-much", specActs, "An officer has at most %d roles.", rolesMax)
	}
	for i, r := range roles {
		if checkName(r, 32) != nil || slices.Contains(roles[:i], r) {
			return refuse("role", specActs, "Role %q: a role is a lower-case name and stands once.", r)
		}
	}
	return nil
}

func (a *OfficerAppoint) decide(v View) (*Effect, *Refusal) {
	if r := checkOfficerID(a.Officer, v); r != nil {
		return nil, r
	}
	if v.Get(KindOfficer, a.Officer, new(Officer)) {
		return nil, refuse("officer-exists", specActs, "Officer %s stands in the registry already; amend the appointment.", a.Officer)
	}
	if r := checkRoles(a.Roles); r != nil {
		return nil, r
	}
	return &Effect{Record: &Officer{Title: a.Title, Key: a.Key, Roles: a.Roles, Count: 1}}, nil
}

func checkOfficerID(id string, v View) *Refusal {
	board, name, _ := strings.Cut(id, "/")
	if err := checkName(name, 48); err != nil {
		return refuse("bad-id", specActs, "Officer: %v.", err)
	}
	_, r := getBoard(v, board)
	return r
}

// getOfficer reads an officer who has not ended; or, with waits, one for whom a recovery
// waits.
func getOfficer(v View, id string, count int64, waits bool) (*Officer, *Refusal) {
	o := new(Officer)
	if !v.Get(KindOfficer, id, o) {
		return nil, refuse("officer-unknown", specActs, "There is no officer %s.", id)
	}
	if r := stale("officer "+id, o.Count, count); r != nil {
		return nil, r
	}
	*o = o.At(v.Now())
	if o.Status == OfficerEnded && (!waits || o.Next == nil) {
		return nil, refuse("officer-ended", specActs, "The appointment of officer %s has ended.", id)
	}
	o.Last = Hash{}
	o.Count++
	return o, nil
}

func (a *OfficerAmend) decide(v View) (*Effect, *Refusal) {
	o, r := getOfficer(v, a.Officer, a.Count, true)
	if r == nil {
		r = checkRoles(a.Roles)
	}
	if r != nil {
		return nil, r
	}
	o.Title, o.Key, o.Roles, o.Next = a.Title, a.Key, a.Roles, nil
	return &Effect{Record: o}, nil
}

func setStatus(v View, id string, count int64, from, to string) (*Effect, *Refusal) {
	o, r := getOfficer(v, id, count, false)
	if r != nil {
		return nil, r
	}
	if o.Status == to || from != "" && o.Status != from {
		return nil, refuse("officer-status", specActs, "Officer %s is not in the status that this act ends.", id)
	}
	if o.Status = to; to == OfficerEnded {
		o.Next = nil
	}
	return &Effect{Record: o}, nil
}

func (a *OfficerSuspend) decide(v View) (*Effect, *Refusal) {
	return setStatus(v, a.Officer, a.Count, "", OfficerSuspended)
}

func (a *OfficerResume) decide(v View) (*Effect, *Refusal) {
	return setStatus(v, a.Officer, a.Count, OfficerSuspended, "")
}

func (a *OfficerEnd) decide(v View) (*Effect, *Refusal) {
	return setStatus(v, a.Officer, a.Count, "", OfficerEnded)
}

func (a *PolicySet) decide(v View) (*Effect, *Refusal) {
	if _, r := getBoard(v, a.Board); r != nil {
		return nil, r
	}
	if len(a.Rules) > rulesMax {
		return nil, refuse("too-much", specActs, "A policy has at most %d rules.", rulesMax)
	}
	for i, u := range a.Rules {
		if r := checkRule(i, u, v); r != nil {
			return nil, r
		}
	}
	var p Policy
	v.Get(KindPolicy, a.Board, &p)
	if r := stale("policy of board "+a.Board, p.Count, a.Count); r != nil {
		return nil, r
	}
	return &Effect{Record: &Policy{Rules: a.Rules, Count: p.Count + 1}}, nil
}

func checkRule(i int, u Rule, v View) *Refusal {
	if len(u.Acts) == 0 || u.Signers < 1 || len(u.From) == 0 {
		return refuse("rule", specActs, "Rule %d: it names acts, roles that may sign, and at least one signer.", i+1)
	}
	for _, a := range u.Acts {
		// A recovery is the root's alone. Under rules 1 there was neither a contract nor a privilege, nor an act about rules.
		later := strings.HasPrefix(a, "contract.") || strings.HasPrefix(a, "privilege.") || strings.HasPrefix(a, "rules.")
		group, star := strings.CutSuffix(a, ".*")
		known := slices.Contains(verbs, a) || star && slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(v, group+".") })
		if !known || a == "officer.recover" || later && rulesNow(v) < 2 {
			return refuse("rule", specActs, "Rule %d: there is no act %q.", i+1, a)
		}
	}
	for _, n := range u.Roles {
		if n.Count < 1 || !slices.Contains(u.From, n.Role) {
			return refuse("rule", specActs, "Rule %d: role %q is asked for at least once and may sign.", i+1, n.Role)
		}
	}
	return nil
}

func (a *MemberSetAct) decide(v View) (*Effect, *Refusal) {
	var old MemberSet
	v.Get(KindMembers, "set", &old)
	if a.Set != old.Set+1 {
		return nil, refuse("stale", specActs, "The member set is number %d; the next one is %d, not %d.", old.Set, old.Set+1, a.Set)
	}
	if len(a.Members) > membersMax {
		return nil, refuse("too-much", specActs, "A network has at most %d members.", membersMax)
	}
	next := &MemberSet{Set: a.Set, Members: a.Members}
	for i, m := range a.Members {
		if err := checkName(m.ID, 32); err != nil || m.Weight < 0 || m.Weight > 1_000_000 || m.Root == "" {
			return nil, refuse("member", specActs, "Member %d: it has a lower-case id, a weight of 0 to 1,000,000 and a root key.", i+1)
		}
		for _, o := range a.Members[:i] {
			if o.ID == m.ID || o.Root == m.Root || m.Cosign != "" && o.Cosign == m.Cosign || m.Validator != "" && o.Validator == m.Validator {
				return nil, refuse("member", specActs, "Member %s repeats the id or a key of member %s.", m.ID, o.ID)
			}
		}
	}
	if next.Total() == 0 {
		return nil, refuse("member", specActs, "Nobody in this set has weight.")
	}
	return &Effect{Record: next}, nil
}

// offsetMax is how far a test network's clock is ahead or behind, in seconds: a
// hundred years.
const offsetMax = 100 * 366 * 86400

func (a *ClockAdvance) decide(v View) (*Effect, *Refusal) {
	var n Network
	v.Get(KindNetwork, "network", &n)
	switch {
	case !strings.HasPrefix(n.Name, "test/"):
		return nil, refuse("not-test", specActs, "Only a network whose name starts with test/ advances its clock.")
	case a.Old != n.Offset:
		return nil, refuse("stale", specActs, "The clock is %d seconds ahead, the act was signed over %d.", n.Offset, a.Old)
	case a.Seconds < 1 || a.Seconds > offsetMax || n.Offset+a.Seconds > offsetMax:
		return nil, refuse("clock", specActs, "The clock goes forward only, by a hundred years at most.")
	}
	n.Offset += a.Seconds
	n.Count++
	n.Last = Hash{}
	return &Effect{Record: &n}, nil
}

func (a *NetworkFound) decide(v View) (*Effect, *Refusal) {
	switch {
	case v.Get(KindNetwork, "network", new(Network)):
		return nil, refuse("founded", specActs, "The network is founded already.")
	case a.Rules < RulesFirst || a.Rules > RulesNewest:
		return nil, refuse("rules", specActs, "This program founds networks with rules %d to %d, not %d.", RulesFirst, RulesNewest, a.Rules)
	case a.Offset != 0 && !strings.HasPrefix(a.Name, "test/"):
		return nil, refuse("not-test", specActs, "Only a network whose name starts with test/ has a clock of its own.")
	case a.Offset < -offsetMax || a.Offset > offsetMax:
		return nil, refuse("clock", specActs, "The clock is at most a hundred years ahead or behind.")
	case CheckNetworkName(a.Name) != nil:
		return nil, refuse("network-name", specActs, "%v.", CheckNetworkName(a.Name))
	}
	return &Effect{Record: &Network{Name: a.Name, Rules: a.Rules, Offset: a.Offset, Count: 1}}, nil
}

// CheckNetworkName accepts lower-case names joined by slashes, such as
// "midwest-licensing" or "test/demo".
func CheckNetworkName(s string) error {
	if len(s) > 64 {
		return phrase.Errorf("a network's name has at most 64 characters")
	}
	for p := range strings.SplitSeq(s, "/") {
		if err := checkName(p, 64); err != nil {
			return phrase.Wrap(err, "network name %q", s)
		}
	}
	return nil
}
