package answer

import (
	"strings"

	"licet/license"
)

// A Recovery is what an officer becomes, unless the board's officers end it before.
type Recovery struct {
	Officer string          `json:"officer"`
	From    license.Instant `json:"from"`
	Key     string          `json:"key"`
	Roles   []string        `json:"roles"`
}

// officersMax is how many of a board's officers are looked at.
const officersMax = 10_000

// Recoveries are those of a board that wait, as of the newest state.
func (r *Registry) Recoveries(board string) (out []Recovery, err error) {
	s, err := r.Ledger.State()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	ids, err := s.IDs(license.KindOfficer, board+"/", officersMax)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !strings.HasPrefix(id, board+"/") {
			break
		}
		var o license.Officer
		if _, err := s.Record(license.KindOfficer, id, &o); err != nil {
			return nil, err
		}
		if n := o.At(s.Head.Time).Next; n != nil {
			out = append(out, Recovery{id, n.From, n.Key, n.Roles})
		}
	}
	return out, nil
}
