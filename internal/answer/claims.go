package answer

import (
	"context"
	"strings"

	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/license"
)

// Claims are what the holder of one NPI claims, of one state.
type Claims struct {
	NPI   string
	Items []Claimed // one for each file that is copied
	AsOf  AsOf
}

// Claimed is what one file says of an NPI.
type Claimed struct {
	ID         string
	SourceName string // who makes the file
	Record     license.Claims
}

const claimSourcesMax = 10_000

// Claims returns what files say that the holder of an NPI claims.
func (r *Registry) Claims(npi string) (*Claims, error) {
	if !license.FitsNPI(npi) {
		return nil, problem("bad-npi", "%q is no NPI: ten digits, the last of which checks the others.", npi)
	}
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	out := &Claims{NPI: npi, AsOf: asOf(s)}
	boards, err := s.IDs(license.KindBoard, "", claimSourcesMax)
	if err != nil {
		return nil, err
	}
	for _, b := range boards {
		c, err := claimed(s, b+"."+npi)
		if err != nil {
			return nil, err
		}
		if c != nil {
			out.Items = append(out.Items, *c)
		}
	}
	if out.Items == nil {
		return nil, problem("unknown-npi", "No file that is copied here says what the holder of NPI %s claims.", npi)
	}
	return out, nil
}

// claimed reads one record of claims; nil when there is none.
func claimed(s *ledger.State, id string) (*Claimed, error) {
	c := &Claimed{ID: id}
	if ok, err := s.Record(license.KindClaim, id, &c.Record); !ok {
		return nil, err
	}
	var b license.Board
	_, err := s.Record(license.KindBoard, license.BoardOf(license.KindClaim, id), &b)
	c.SourceName = b.Name
	return c, err
}

// A ClaimPage is what stands under many ids of claims, of one state.
type ClaimPage struct {
	IDs    []string // those that are there
	Values [][]byte // in the one writing
	AsOf   AsOf
}

// ClaimRecords looks up what stands under many ids.
func (r *Registry) ClaimRecords(ctx context.Context, ids []string) (*ClaimPage, error) {
	if len(ids) == 0 || len(ids) > HeldIDsMax {
		return nil, problem("bad-ids", "Ask for 1 to %d NPIs at a time.", HeldIDsMax)
	}
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	p := &ClaimPage{AsOf: asOf(s)}
	for _, id := range ids {
		v, err := s.Value(license.KindClaim, id)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if v != nil {
			p.IDs, p.Values = append(p.IDs, id), append(p.Values, v)
		}
	}
	return p, nil
}

// Likely is a claim that may be about a license. Nobody matched the two: the state and
// the number are alike, and so may be those of another profession.
type Likely struct {
	license.Claim
	ID, NPI, SourceName string
	Day                 license.Day // of the file
}

// ClaimsShownMax is how many claims an answer about a license lists.
const ClaimsShownMax = 10

// LikelyClaims returns the claims that may be about a license, and whether there are
// more. They stand as of the answer, or, when that is not kept any more, newer.
func (r *Registry) LikelyClaims(ctx context.Context, l *License) (out []Likely, more bool, err error) {
	ids, err := r.Lookup.ClaimsLike(ctx, l.Board.Jurisdiction, l.Parts.Number, ClaimsShownMax+1)
	if err != nil || len(ids) == 0 {
		return nil, false, err
	}
	s, err := r.Ledger.StateAt(l.AsOf.Index)
	if err != nil {
		s, err = r.state()
	}
	if err != nil {
		return nil, false, err
	}
	defer s.Release()
	for _, id := range ids {
		c, err := claimed(s, id)
		if err != nil {
			return nil, false, err
		}
		if c == nil || c.Record.Import == nil { // the lookup is ahead
			continue
		}
		for _, x := range c.Record.Claims {
			if !lookup.FitsClaim(x, l.Board.Jurisdiction, l.Parts.Number) {
				continue
			}
			if len(out) == ClaimsShownMax {
				return out, true, nil
			}
			_, npi, _ := strings.Cut(id, ".")
			out = append(out, Likely{x, id, npi, c.SourceName, c.Record.Import.Day})
		}
	}
	return out, false, nil
}
