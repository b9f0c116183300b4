package lookup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"licet/license"
)

// Claims of practitioners are no licenses, and no search finds a license by them. The
// copy only knows under which state and number who claims something.

// ClaimsLike returns the ids of claims, in order and at most limit, one of which has a
// number that may be this one, of a state that is the jurisdiction. Whoever shows them
// reads what they say from the state.
func (l *Lookup) ClaimsLike(ctx context.Context, jurisdiction, number string, limit int) (ids []string, err error) {
	if !l.claimed.Load() {
		return nil, nil
	}
	s, err := l.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { l.release(s, err != nil) }()
	// It looks at so many rows at most, and needs nobody to interrupt it.
	return s.list(context.WithoutCancel(ctx), claimsLike, jurisdiction, LooseNumber(number), limit)
}

const claimsLike = "SELECT id FROM claims WHERE jurisdiction = ? AND loose = ? ORDER BY id LIMIT ?"

// FitsClaim says whether a claim may be about a license of a jurisdiction and number:
// the state is written as a code of two letters, and the numbers are alike but for
// punctuation, case and zeros. Numbers of other professions may be alike too.
func FitsClaim(c license.Claim, jurisdiction, number string) bool {
	loose := LooseNumber(c.Number)
	return loose != "" && claimJurisdiction(c.State) == jurisdiction && loose == LooseNumber(number)
}

// claimJurisdiction is that of a state's code, "" for whatever else is written.
func claimJurisdiction(state string) string {
	if len(state) != 2 || strings.ContainsFunc(state, func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' }) {
		return ""
	}
	return "us-" + strings.ToLower(state)
}

// claims makes the rows anew of all claims that entries are about.
func (w *writer) claims(ids []string, from *reader) error {
	for _, id := range ids {
		if err := w.exec(w.ctx, "DELETE FROM claims WHERE id = ?", id); err != nil {
			return err
		}
	}
	var keys [][3]string
	for _, id := range ids {
		var c license.Claims
		if _, err := from.state.Record(license.KindClaim, id, &c); err != nil {
			return fmt.Errorf("claims of %s: %w", id, err)
		}
		for _, x := range c.Claims {
			if k := [3]string{claimJurisdiction(x.State), LooseNumber(x.Number), id}; k[0] != "" && k[1] != "" {
				keys = append(keys, k)
			}
		}
	}
	slices.SortFunc(keys, func(a, b [3]string) int { return slices.Compare(a[:], b[:]) })
	for chunk := range slices.Chunk(slices.Compact(keys), atATime) {
		args := make([]any, 0, 3*atATime)
		for _, k := range chunk {
			args = append(args, k[0], k[1], k[2])
		}
		if err := w.insertInto("claims", len(chunk), args); err != nil {
			return err
		}
	}
	return nil
}
