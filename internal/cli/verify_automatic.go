package cli

import (
	"licet/internal/wording"
	"licet/license"
	"licet/proof"
)

// reasonOf says why a contract's rule ran, as far as a bundle about one license tells:
// entries about other licenses are in none.
func reasonOf(v *proof.Verdict, c *license.Cause) (r wording.Reason) {
	if c == nil {
		return r
	}
	var es []license.Recorded
	for _, en := range v.Entries {
		if en.Carried == proof.CarriedConfidential {
			if en.Hash == c.Trigger {
				r.Sealed = true
			}
			continue
		}
		es = append(es, en.Recorded)
	}
	switch {
	case r.Sealed:
		return r
	case c.Day != "":
		r.Days = wording.Days(es, nil, c)
		return r
	}
	for i := range es {
		if es[i].Hash != c.Trigger {
			continue
		}
		r.Entry = &es[i].Entry
		if v.Board != nil {
			r.Board = v.Board.Name
		}
		for _, x := range es[i].Changes {
			if d := v.Document(x.Commitment); x.Do == license.DoOrder && x.Contract == "" && d != nil {
				r.Action = d.Main()
			}
		}
	}
	return r
}

// A provedRule is the rule of a contract that an entry names.
type provedRule struct {
	Contract  string      `json:"contract"`
	Version   int64       `json:"version,omitempty"`
	Amendment int64       `json:"amendment,omitempty"`
	Hash      string      `json:"hash,omitempty"`
	Function  string      `json:"function,omitempty"`
	Line      int64       `json:"line,omitempty"`
	Citation  string      `json:"citation,omitempty"`
	Day       license.Day `json:"day,omitempty"`
	Trigger   string      `json:"trigger,omitempty"`
}

func provedRuleOf(e *proof.EntryVerdict) *provedRule {
	if e.ByContract() == "" {
		return nil
	}
	c := e.Cause
	text := func(h license.Hash) string {
		if h == (license.Hash{}) {
			return ""
		}
		return h.String()
	}
	return &provedRule{c.Contract, c.Version, c.Amendment, text(c.Hash), c.Function, c.Line, c.Citation, c.Day, text(c.Trigger)}
}
