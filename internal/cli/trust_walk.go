package cli

import (
	"errors"
	"fmt"
	"slices"

	"licet/internal/wording"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// goOn writes the trust file that follows an older one. The members are proved:
// each set was signed by the set before it. Boards' root keys never come from the
// log; those that the older file has stay, and new boards are as the nodes say.
func (c trustFetchCmd) goOn(e *env, older, said proof.Trust) error {
	switch {
	case older.Origin != said.Origin:
		return fmt.Errorf("%s is the trust file of network %s and is not overwritten; choose another name for that of %s", c.olderPath(), older.Origin, said.Origin)
	case older.Set > said.Set:
		return fmt.Errorf("%s knows member set %d, and the nodes say %d: they are behind, or go back. Nothing was written", c.olderPath(), older.Set, said.Set)
	}
	next, asOf, err := c.walk(e, older, said.Set)
	if err != nil {
		return err
	}
	if was := (proof.Trust{Origin: said.Origin, Set: said.Set, Members: said.Members, Logs: said.Logs, Boards: next.Boards}); was.String() != next.String() {
		return fmt.Errorf("the nodes say another member set %d than the one that is proved, and nothing was written; do not trust them before you know why", said.Set)
	}
	added, differ := c.boards(&next, said)
	if err := fileOrStdout(e, c.Out, []byte(next.String())); err != nil {
		return err
	}
	e.tellTrust(c.Out, next)
	if next.Fingerprint() != older.Fingerprint() {
		e.printf("The older file has: %s\n", older.Fingerprint())
	}
	if next.Set > older.Set {
		e.printf("Every change of the members since set %d is proved, up to %s.\n", older.Set, wording.Moment(asOf, nil))
	} else {
		e.printf("The members are those of the older file.\n")
	}
	if len(c.From) > 1 {
		c.tellSources(e)
	}
	for _, b := range added {
		e.printf("Board %s is new: its root key is as %s. Compare it with what the board publishes.\n", b, c.whoSays())
	}
	for _, b := range differ {
		e.printf("Board %s has another root key by now, as the nodes say. The older one stays: a board's history proves who succeeded it. To take the new one, fetch into another file.\n", b)
	}
	for _, b := range said.Boards {
		if !slices.ContainsFunc(next.Boards, func(o proof.TrustBoard) bool { return o.ID == b.ID }) {
			e.printf("Board %s is new and was left out, since one node's word is not enough: name a second --from, or say --one-source.\n", b.ID)
		}
	}
	return nil
}

func (c trustFetchCmd) olderPath() string {
	if c.Since != "" {
		return c.Since
	}
	return c.Out
}

func (c trustFetchCmd) whoSays() string {
	if len(c.From) == 1 {
		return "one node says"
	}
	return fmt.Sprintf("%d nodes say", len(c.From))
}

// walk follows the proofs to a member set. Any of the nodes may have them: they
// need no trust.
func (c trustFetchCmd) walk(e *env, t proof.Trust, set int64) (next proof.Trust, asOf license.Instant, err error) {
	for t.Set < set {
		v, err := c.stride(e, t)
		if err != nil {
			return t, asOf, err
		}
		t, asOf = v.Trust, v.AsOf
	}
	if t.Set > set {
		return t, asOf, fmt.Errorf("the members have changed meanwhile, to set %d; fetch again", t.Set)
	}
	return t, asOf, nil
}

// stride asks one node after the other for a trust bundle.
func (c trustFetchCmd) stride(e *env, t proof.Trust) (*proof.Verdict, error) {
	var errs []error
	for _, from := range c.From {
		b, err := e.fetch("GET", from, fmt.Sprintf("/v1/trail?from=%d", t.Set), nil)
		if err == nil {
			var v *proof.Verdict
			if v, err = proof.Verify(b, t, proof.Question{}); err == nil && v.Found == proof.FoundSuccession {
				return v, nil
			}
			err = fmt.Errorf("what %s says of the members after set %d is not proved: %w", from, t.Set, err)
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("nothing was written: %w", errors.Join(errs...))
}

// boards adds the boards that the nodes name and the older file does not, when
// more than one node says so or one is enough. It returns those, and the ones that
// have another root by now.
func (c trustFetchCmd) boards(t *proof.Trust, said proof.Trust) (added, differ []string) {
	for _, b := range said.Boards {
		i := slices.IndexFunc(t.Boards, func(o proof.TrustBoard) bool { return o.ID == b.ID })
		switch {
		case i >= 0 && t.Boards[i].Key != b.Key:
			differ = append(differ, b.ID)
		case i < 0 && (c.OneSource || len(c.From) > 1):
			t.Boards = append(t.Boards, b)
			added = append(added, b.ID)
		}
	}
	slices.SortFunc(t.Boards, func(a, b proof.TrustBoard) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return added, differ
}

// signedBySet is the number of the member set that a bundle says has signed it; 0
// when it does not say. Nothing of it is checked.
func signedBySet(bundle []byte) int64 {
	u, err := proof.ParseBundle(bundle)
	if err != nil || u.Block == nil {
		return 0
	}
	var block license.Entry
	if err := strict.Decode(u.Block.Entry, &block, license.EntryBytesMax); err != nil || block.End == nil {
		return 0
	}
	set := block.End.Set
	for _, r := range u.Records { // a set that has begun to sign since that block
		var ms license.MemberSet
		if r.Kind == license.KindMembers && strict.Decode(r.Value, &ms, len(r.Value)) == nil {
			set = max(set, ms.Set)
		}
	}
	return set
}
