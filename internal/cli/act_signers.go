package cli

import (
	"strings"

	"licet/license"
	"licet/tx"
)

// tellQuorum says of acts that the members decide together who has signed and who can
// still. It asks a node for the members; without one it says nothing.
func (e *env) tellQuorum(t *tx.Transaction) {
	var old license.MemberSet
	if !membersDecide(t) || e.mustRecord(license.KindMembers, "set", &old) != nil {
		return
	}
	signed, weight := map[string]bool{}, int64(0)
	for _, s := range t.Signatures {
		if s.Verify(t.HeaderBytes) == nil {
			signed[s.By+" "+string(s.Key)] = true
		}
	}
	has := func(m license.Member) bool { return signed[license.KindMember+"/"+m.ID+" "+m.Root] }
	var missing, roots []string
	for _, m := range old.Members {
		switch {
		case has(m):
			weight += m.Weight
		case m.Weight > 0:
			missing = append(missing, m.ID)
		}
	}
	for _, a := range t.Acts {
		set, ok := a.(*license.MemberSetAct)
		if !ok {
			continue
		}
		for _, m := range set.Members {
			if o := old.MemberByID(m.ID); (o == nil || o.Root != m.Root) && !has(m) {
				roots = append(roots, m.ID)
			}
		}
	}
	total := old.Total()
	e.printf("Members with weight %d of %d have signed; more than two thirds are needed", weight, total)
	if enough := 3*weight > 2*total; enough {
		e.printf(", and these are enough.\n")
	} else {
		e.printf(".\nNot yet: %s.\n", strings.Join(missing, ", "))
	}
	if len(roots) > 0 {
		e.printf("Must sign with its new root key, whatever the others do: %s.\n", strings.Join(roots, ", "))
	}
}

// membersDecide says whether a quorum of the members signs a payload.
func membersDecide(t *tx.Transaction) bool {
	for _, a := range t.Acts {
		switch a.(type) {
		case *license.MemberSetAct, *license.RulesAdopt, *license.ClockAdvance, *license.BoardCreate, *license.BoardClaim:
			return true
		}
	}
	return false
}
