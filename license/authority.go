package license

import (
	"slices"
	"strings"
)

// A Signer is who signed a payload, after the signature itself was checked: By
// names a record ("officer/us-il/mreyes", "board/us-il", "member/idfpr"), Key is
// the public key that verified.
type Signer struct{ By, Key string }

// Authorize says whether the signers may decide the act, judged on the records as
// they stand before it, or why not. An act needs the signatures that its board's
// policy names; that is the only mechanism. It goes down to the board's root key:
// the root may always appoint officers and set policy, and alone decides what no
// rule covers.
func Authorize(a Act, signers []Signer, v View) *Refusal {
	switch a := a.(type) {
	case *NetworkFound: // the founding payload is genesis itself; its members' signatures are judged at member.set
		return nil
	case *MemberSetAct:
		return authorizeMembers(a, signers, v)
	case *ClockAdvance, *RulesAdopt:
		return memberQuorum(signers, v)
	case *BoardCreate:
		if r := memberQuorum(signers, v); r != nil {
			return r
		}
		if a.Source == SourceImport { // its root is the importing member's key, which signs for the member
			return needKey(a.Board, a.Root, signers)
		}
		return needRoot(a.Board, a.Root, signers)
	case *BoardClaim:
		return firstRefusal(memberQuorum(signers, v), needRoot(a.Board, a.Root, signers))
	case *OfficerRecover:
		return authorizeRecovery(a, signers, v)
	case *BoardSucceed:
		var b Board
		v.Get(KindBoard, a.Board, &b)
		return firstRefusal(needRoot(a.Board, b.Root, signers), needKey(a.Board, a.Root, signers))
	}
	kind, id := a.Target()
	return authorizeBoard(a.Verb(), BoardOf(kind, id), signers, v)
}

func authorizeBoard(verb, board string, signers []Signer, v View) *Refusal {
	var b Board
	if !v.Get(KindBoard, board, &b) {
		return refuse("unknown-board", specAuthority, "There is no board %q.", board)
	}
	var p Policy
	v.Get(KindPolicy, board, &p)
	rule := p.ruleFor(verb)
	root := needRoot(board, b.Root, signers)
	if root == nil && (rule == nil || rootAlways(verb, v)) {
		return nil
	}
	if rule == nil {
		return refuse("under-signed", specAuthority, "No rule of board %s covers %s, so its root key must sign. %s", board, verb, root.Sentence)
	}
	r := rule.judge(verb, board, signers, v)
	if r != nil && root == nil && (strings.HasPrefix(verb, "officer.") || strings.HasPrefix(verb, "policy.")) {
		r.Sentence += " Policy gives " + verb + " to the officers; the root recovers one who lost a key: officer.recover."
	}
	return r
}

// rootAlways names the acts that a board's root may decide whatever policy says,
// so that no policy can lock a board out of itself. From rules 3 on, what a rule
// covers about officers and policy is the officers': the root recovers them, which
// waits and is seen, so that a stolen root does not take a board over in one act.
func rootAlways(verb string, v View) bool {
	g, _, _ := strings.Cut(verb, ".")
	return g == "board" || (g == "officer" || g == "policy") && rulesNow(v) < 3
}

func authorizeRecovery(a *OfficerRecover, signers []Signer, v View) *Refusal {
	board := BoardOf(KindOfficer, a.Officer)
	var b Board
	if !v.Get(KindBoard, board, &b) {
		return refuse("unknown-board", specAuthority, "There is no board %q.", board)
	}
	return needRoot(board, b.Root, signers)
}

func needRoot(board, root string, signers []Signer) *Refusal {
	by := KindBoard + "/" + board
	if root != "" && signedBy(signers, by, root) {
		return nil
	}
	if slices.ContainsFunc(signers, func(s Signer) bool { return s.By == by }) {
		return refuse("root-key", specAuthority, "The signature for board %s is not by its root key.", board)
	}
	return refuse("under-signed", specAuthority, "The root key of board %s has not signed.", board)
}

func needKey(board, key string, signers []Signer) *Refusal {
	if slices.ContainsFunc(signers, func(s Signer) bool { return s.Key == key }) {
		return nil
	}
	return refuse("under-signed", specAuthority, "The root key that board %s gets must sign too.", board)
}

// ruleFor returns the first rule that covers the verb, or nil.
func (p *Policy) ruleFor(verb string) *Rule {
	group, _, _ := strings.Cut(verb, ".")
	for i := range p.Rules {
		if slices.Contains(p.Rules[i].Acts, verb) || slices.Contains(p.Rules[i].Acts, group+".*") {
			return &p.Rules[i]
		}
	}
	return nil
}

// judge counts the distinct officers who may sign under the rule.
func (r *Rule) judge(verb, board string, signers []Signer, v View) *Refusal {
	var counted []string
	have := make([]int64, len(r.Roles))
	var why *Refusal // the first signature that did not count, for the sentence
	for _, s := range signers {
		o, no := officerOf(s, board, v)
		if no == nil && !slices.ContainsFunc(o.Roles, func(x string) bool { return slices.Contains(r.From, x) }) {
			no = refuse("role", specAuthority, "%s has no role that may sign %s.", s.By, verb)
		}
		if no != nil {
			if why == nil {
				why = no
			}
			continue
		}
		if slices.Contains(counted, s.By) {
			continue
		}
		counted = append(counted, s.By)
		for i, n := range r.Roles {
			if slices.Contains(o.Roles, n.Role) {
				have[i]++
			}
		}
	}
	if int64(len(counted)) < r.Signers {
		if why != nil {
			return why
		}
		return refuse("under-signed", specAuthority, "%s by board %s needs %d officers' signatures; %d count.", verb, board, r.Signers, len(counted))
	}
	for i, n := range r.Roles {
		if have[i] < n.Count {
			return refuse("under-signed", specAuthority, "%s by board %s needs %d with the role %q; %d signed.", verb, board, n.Count, n.Role, have[i])
		}
	}
	return nil
}

// officerOf finds the officer behind a signer, who must be the board's, active,
// and hold this key.
func officerOf(s Signer, board string, v View) (*Officer, *Refusal) {
	id, ok := strings.CutPrefix(s.By, KindOfficer+"/")
	if !ok {
		return nil, refuse("not-officer", specAuthority, "%s is not an officer.", s.By)
	}
	if BoardOf(KindOfficer, id) != board {
		return nil, refuse("foreign-board", specAuthority, "Officer %s is not of board %s.", id, board)
	}
	o := new(Officer)
	if !v.Get(KindOfficer, id, o) {
		return nil, refuse("officer-unknown", specAuthority, "There is no officer %s.", id)
	}
	*o = o.At(v.Now())
	switch {
	case o.Key != s.Key:
		return nil, refuse("officer-key", specAuthority, "The signature of %s is not by the key that stands in the registry.", id)
	case o.Status == OfficerSuspended:
		return nil, refuse("officer-suspended", specAuthority, "Officer %s is suspended.", id)
	case o.Status != "":
		return nil, refuse("officer-ended", specAuthority, "The appointment of officer %s has ended.", id)
	}
	return o, nil
}

// memberQuorum asks for more than two thirds of the members' weight, in integers.
func memberQuorum(signers []Signer, v View) *Refusal {
	var set MemberSet
	v.Get(KindMembers, "set", &set)
	var signed int64
	for _, m := range set.Members {
		if signedBy(signers, KindMember+"/"+m.ID, m.Root) {
			signed += m.Weight
		}
	}
	if 3*signed > 2*set.Total() {
		return nil
	}
	return refuse("no-quorum", specAuthority, "Members with weight %d of %d have signed; more than two thirds are needed.", signed, set.Total())
}

// KindMember is the prefix of a signer who is a member's root; members stand in
// one record together.
const KindMember = "member"

func signedBy(signers []Signer, by, key string) bool {
	return slices.Contains(signers, Signer{by, key})
}

// authorizeMembers: a quorum of the old set, and every member that is new. The
// founding set is signed by all its members.
func authorizeMembers(a *MemberSetAct, signers []Signer, v View) *Refusal {
	var old MemberSet
	if v.Get(KindMembers, "set", &old) {
		if r := memberQuorum(signers, v); r != nil {
			return r
		}
	}
	for _, m := range a.Members {
		if o := old.MemberByID(m.ID); (o == nil || o.Root != m.Root) && !signedBy(signers, KindMember+"/"+m.ID, m.Root) {
			return refuse("under-signed", specAuthority, "Member %s must sign its admission with its root key.", m.ID)
		}
	}
	return nil
}

// A RelyingParty is the site for which a signer's passkey signs.
type RelyingParty struct {
	ID      string
	Origins []string
	Synced  bool
}

// RelyingPartyOf finds the site of the member to whom a signer belongs.
func RelyingPartyOf(by string, v View) RelyingParty {
	kind, id, _ := strings.Cut(by, "/")
	if kind != KindMember {
		var b Board
		v.Get(KindBoard, BoardOf(kind, id), &b)
		id = b.Member
	}
	var set MemberSet
	v.Get(KindMembers, "set", &set)
	if m := set.MemberByID(id); m != nil {
		return RelyingParty{m.RPID, m.Origins, m.Synced}
	}
	return RelyingParty{}
}
