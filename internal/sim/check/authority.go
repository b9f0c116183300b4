package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// authority says why the signers may not decide the act, or nil.
func (w *World) authority(a *act, by []signature) error {
	if !knownVerb(a.Do) {
		return fmt.Errorf("%q is no act", a.Do)
	}
	switch a.Do {
	case "network.found":
		return nil // genesis itself
	case "clock.advance", "rules.adopt":
		return w.quorum(by)
	case "member.set":
		return w.mayChangeMembers(a, by)
	case "board.create":
		if err := w.quorum(by); err != nil {
			return err
		}
		if a.Source == "import" {
			return signedWith(by, a.Root)
		}
		return signedAs(by, "board/"+a.Board, a.Root)
	case "board.claim":
		if err := w.quorum(by); err != nil {
			return err
		}
		return signedAs(by, "board/"+a.Board, a.Root)
	case "officer.recover":
		var b board
		if !w.read("board", boardOf("officer", a.Officer), &b) {
			return fmt.Errorf("officer %s is of no board", a.Officer)
		}
		return signedAs(by, "board/"+boardOf("officer", a.Officer), b.Root)
	case "board.succeed":
		var b board
		w.read("board", a.Board, &b)
		var old string
		if _ = json.Unmarshal(a.Old, &old); old != b.Root {
			return fmt.Errorf("the old root is %s, the act names %s", b.Root, old)
		}
		if err := signedAs(by, "board/"+a.Board, b.Root); err != nil {
			return err
		}
		return signedWith(by, a.Root)
	}
	kind, id := a.target()
	return w.mayDecide(a.Do, boardOf(kind, id), by)
}

func knownVerb(v string) bool { return slices.Contains(Verbs, v) }

func signedAs(by []signature, who, key string) error {
	if key != "" && slices.ContainsFunc(by, func(s signature) bool { return s.By == who && s.Key == key }) {
		return nil
	}
	return fmt.Errorf("%s has not signed with its root key", who)
}

func signedWith(by []signature, key string) error {
	if slices.ContainsFunc(by, func(s signature) bool { return s.Key == key }) {
		return nil
	}
	return fmt.Errorf("key %s has not signed", key)
}

// quorum: more than two thirds of the members' weight.
func (w *World) quorum(by []signature) error {
	var set memberSet
	w.read("members", "set", &set)
	var all, signed int64
	for _, m := range set.Members {
		all += m.Weight
		if signedAs(by, "member/"+m.ID, m.Root) == nil {
			signed += m.Weight
		}
	}
	if 3*signed <= 2*all {
		return fmt.Errorf("members of weight %d of %d signed", signed, all)
	}
	return nil
}

func (w *World) mayChangeMembers(a *act, by []signature) error {
	var set memberSet
	if w.read("members", "set", &set) {
		if err := w.quorum(by); err != nil {
			return err
		}
	}
	for _, m := range a.Members {
		same := slices.ContainsFunc(set.Members, func(o member) bool { return o.ID == m.ID && o.Root == m.Root })
		if err := signedAs(by, "member/"+m.ID, m.Root); err != nil && !same {
			return err
		}
	}
	return nil
}

// mayDecide: the first rule of the board's policy that covers the verb must be
// met; the board's root key decides what no rule covers, and always about board,
// officers and policy; from rules 3 on only where no rule covers it.
func (w *World) mayDecide(verb, name string, by []signature) error {
	var b board
	if !w.read("board", name, &b) {
		return fmt.Errorf("there is no board %s", name)
	}
	var p policy
	w.read("policy", name, &p)
	group, _, _ := strings.Cut(verb, ".")
	i := slices.IndexFunc(p.Rules, func(r rule) bool {
		return slices.Contains(r.Acts, verb) || slices.Contains(r.Acts, group+".*")
	})
	root := signedAs(by, "board/"+name, b.Root)
	var n network
	w.read("network", "network", &n)
	always := group == "board" || (group == "officer" || group == "policy") && n.rulesOf(w.height) < 3
	if root == nil && (i < 0 || always) {
		return nil
	}
	if i < 0 {
		return root
	}
	return w.meets(p.Rules[i], name, by)
}

func (w *World) meets(r rule, name string, by []signature) error {
	holders := map[string][]string{} // who counts, with roles
	for _, s := range by {
		id, isOfficer := strings.CutPrefix(s.By, "officer/")
		var o officer
		if !isOfficer || !strings.HasPrefix(id, name+"/") || !w.read("officer", id, &o) {
			continue
		}
		if o = o.by(w.now); o.Key != s.Key || o.Status != "" {
			continue
		}
		if slices.ContainsFunc(o.Roles, func(x string) bool { return slices.Contains(r.From, x) }) {
			holders[id] = o.Roles
		}
	}
	if int64(len(holders)) < r.Signers {
		return fmt.Errorf("%d officers count, %d are needed", len(holders), r.Signers)
	}
	for _, need := range r.Roles {
		var n int64
		for _, roles := range holders {
			if slices.Contains(roles, need.Role) {
				n++
			}
		}
		if n < need.Count {
			return fmt.Errorf("%d with the role %s count, %d are needed", n, need.Role, need.Count)
		}
	}
	return nil
}

func (a *act) rules() (rs []rule) {
	_ = json.Unmarshal(a.Rules, &rs)
	return rs
}

// Verbs are all that anybody can decide.
var Verbs = []string{
	"board.amend", "board.calendar", "board.claim", "board.create", "board.profession", "board.succeed", "clock.advance",
	"contract.adopt", "contract.amend_params", "contract.join", "contract.leave", "contract.retire", "contract.retry", "contract.supersede",
	"fact.amend", "fact.end", "fact.record", "import.assert", "import.claim", "import.settle", "import.undo", "import.withdraw",
	"license.amend", "license.correct", "license.decease", "license.discipline", "license.extend", "license.inactivate", "license.issue", "license.lift",
	"license.reactivate", "license.renew", "license.seal",
	"license.stay", "license.surrender", "license.unstay", "license.void", "licensee.link", "licensee.unlink",
	"privilege.discipline", "privilege.end", "privilege.issue", "privilege.lift", "privilege.renew",
	"member.set", "network.found", "officer.amend", "officer.appoint", "officer.end", "officer.recover", "officer.resume", "officer.suspend", "policy.set",
	"rules.adopt",
}
