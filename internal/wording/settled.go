package wording

import (
	"strings"

	"licet/license"
)

// Settled writes what an entry about whose rows stand under a number did. d is the
// document; nil: it is withheld, or the entry withdraws.
func Settled(e *license.Entry, d *license.SettlementDocument) string {
	switch {
	case e.Act == "import.withdraw":
		return "Withdrawn: what was decided about the surnames under this number."
	case d == nil:
		return "Decided whose rows stand under this number; which surnames, is withheld."
	}
	s := "Decided whose rows stand under this number: the holder's are those under " + strings.Join(d.Holder, ", ")
	if len(d.Others) > 0 {
		s += "; somebody else's are those under " + strings.Join(d.Others, ", ")
	}
	if s += "."; d.Reason != "" {
		s += " Reason: " + strings.TrimSuffix(d.Reason, ".") + "."
	}
	return s
}
