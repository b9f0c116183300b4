package wording

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"licet/license"
)

// Texts give what stands behind commitments, as far as the reader may see it.
type Texts struct {
	Opening  func(kind string, h license.Hash) string     // "" withheld
	Document func(h license.Hash) *license.OrderDocument  // nil withheld
	Word     func(code string) string                     // the board's word for a code
	Hidden   func(entry license.Hash) (confidential bool) // entries that nothing is said of
	Reason   func(e *license.Entry) Reason                // why a contract's rule ran; nil: not known
}

// Confidential is all that history says of entries about a sealed order.
const Confidential = "One confidential entry."

// Entry writes what an entry about a license did, as one sentence.
func Entry(e *license.Entry, t Texts) string {
	if e.ByContract() != "" {
		var r Reason
		if t.Reason != nil {
			r = t.Reason(e)
		}
		return Automatic(e, r)
	}
	var parts []string
	for _, c := range e.Changes {
		if p := change(c, e, t); p != "" {
			parts = append(parts, p)
		}
	}
	said := strings.Join(parts, "; ")
	switch {
	case e.Act == "import.undo":
		return "Taken back: what " + Count(len(e.Voids), "row") + " of a file had said."
	case len(e.Voids) > 0:
		return voided(e, t)
	case e.Import != nil:
		copied := fmt.Sprintf("Copied from row %d of a file of %s", e.Import.Row, e.Import.Day.Long())
		if said == "" {
			return copied + "."
		}
		return copied + ": " + said + "."
	case e.Replaces != license.Hash{}:
		said = "corrected: " + said
	case said == "":
		said = e.Act
	}
	return capital(said) + "."
}

func voided(e *license.Entry, t Texts) string {
	n := 0
	for _, h := range e.Voids {
		if t.Hidden == nil || !t.Hidden(h) {
			n++
		}
	}
	if n == 1 {
		return "Voided: one entry that should never have been."
	}
	return "Voided: " + strings.Replace(Count(n, "entry"), "entrys", "entries", 1) + " that should never have been."
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func change(c license.Change, e *license.Entry, t Texts) string {
	switch c.Do {
	case license.DoIssue:
		if c.From == "" {
			return "a license, whose day of issue is not told"
		}
		if c.Other != "" {
			return "privilege granted " + c.From.Long() + by(c.Route) + ", which rests on license " + c.Other
		}
		return "license issued " + c.From.Long() + by(c.Route)
	case license.DoTerm:
		return term(c, e)
	case license.DoExtend:
		s := "term from " + c.From.Long() + " extended through " + c.Through.Long()
		if c.Grace != "" {
			s += ", not lapsed through " + c.Grace.Long()
		}
		return s
	case license.DoLifecycle:
		return lifecycle(c)
	case license.DoRoute:
		return "obtained" + by(c.Route)
	case license.DoOpen:
		return opened(c, t)
	case license.DoOrder:
		return order(c, t)
	case license.DoStay:
		return "order stayed from " + c.From.Long()
	case license.DoUnstay:
		return "stay of an order ended; the order holds again from " + c.From.Long()
	case license.DoLift:
		return "order lifted from " + c.From.Long()
	case license.DoLink:
		return "linked with license " + c.Other + " as of one holder, from " + c.From.Long()
	case license.DoUnlink:
		return "link with license " + c.Other + " taken back from " + c.From.Long()
	case license.DoRest:
		return "rests on license " + c.Other + " from " + c.From.Long()
	}
	return ""
}

func by(route string) string {
	if route == "" {
		return ""
	}
	return " by " + route
}

func term(c license.Change, e *license.Entry) string {
	s := "term "
	if e.Act == "license.renew" || e.Act == "privilege.renew" {
		s = "renewed "
	}
	s += Span(c.From, c.Through, "without an end")
	if c.Grace != "" {
		s += ", not lapsed through " + c.Grace.Long()
	}
	return s
}

func lifecycle(c license.Change) string {
	switch c.Status {
	case license.LifecycleDeceased:
		return "holder deceased " + c.From.Long()
	case license.LifecycleActive:
		return "registration active from " + c.From.Long()
	}
	return c.Status + " from " + c.From.Long()
}

func opened(c license.Change, t Texts) string {
	what := map[string]string{"npi": "NPI", "zip": "ZIP code"}[c.Kind]
	if what == "" {
		what = c.Kind
	}
	text := t.Opening(c.Kind, c.Commitment)
	if text == "" {
		text = "(withheld)"
	}
	return what + " " + text + ", from " + c.From.Long()
}

func order(c license.Change, t Texts) string {
	s := "order"
	if d := t.Document(c.Commitment); d != nil && d.Main() != "" {
		s += " (" + t.Word(d.Main()) + ")"
	}
	switch c.Authority {
	case license.AuthorityBarred:
		s += ": may not practice "
	case license.AuthorityConditions:
		s += ": conditions on practice "
	default:
		return s + ": practice not limited, from " + c.From.Long()
	}
	return s + Span(c.From, c.Through, "until lifted")
}
