package cli

import (
	"cmp"
	"strings"

	"licet/internal/wording"
	"licet/license"
	"licet/proof"
	"licet/strict"
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

// ofContract says in words what a record of a contract's faults or calls says; "" for
// records of other kinds. Where and when a call failed, a bundle with the history tells.
func ofContract(v *proof.Verdict) string {
	switch v.Kind {
	case license.KindFault:
		f := wording.Failed{}
		if strict.Decode(v.Value, &f.Fault, license.EntryBytesMax) != nil {
			return ""
		}
		contract, board, _ := strings.Cut(v.ID, "/")
		if f.Faults == 0 {
			return printed("The newest call of contract " + contract + " for board " + board + " did not fail.")
		}
		if n := len(v.Entries); n > 0 && v.Entries[n-1].Cause != nil {
			f.Cause, f.At = *v.Entries[n-1].Cause, wording.Moment(v.Entries[n-1].Time, &v.Calendar)
		}
		return printed("Contract " + contract + " fails for board " + board + ". " + wording.Failing(&f))
	case license.KindCall:
		var c license.Call
		if strict.Decode(v.Value, &c, license.EntryBytesMax) != nil {
			return ""
		}
		about := cmp.Or(c.Each, c.License)
		s := "License " + about + ": " + wording.Waits(&c, v.ID, "")
		if c.Held {
			s += " The board asks by: " + wording.RetryCommand(c.Contract, c.Board, v.ID)
		}
		return printed(s)
	}
	return ""
}

func printed(s string) string { return printable([]byte(s)) }

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
