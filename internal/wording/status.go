package wording

import (
	"strings"

	"licet/license"
)

// Further writes what stands beside the first word of a status. Where an order bars
// practice, that word decides, and the registration, which "ACTIVE" would name, is said
// by Registration in a line of its own. stayed says whether an order is stayed.
func Further(discipline, secondary string, stayed bool) string {
	if discipline != "barred" {
		return secondary
	}
	if i := strings.LastIndex(secondary, ", "); stayed && i >= 0 {
		return secondary[i+2:]
	}
	return ""
}

// Registration writes of a license that an order bars what became of its registration,
// so that nobody takes it for a right to practice; "" of others, whose status says it.
func Registration(discipline, registration string, through license.Day) string {
	if discipline != "barred" {
		return ""
	}
	const bound = ", which gives no right to practice while the order is in force"
	switch registration {
	case license.RegistrationActive:
		return "the term has " + TermEnd(through) + bound
	case license.RegistrationGrace:
		return "expired, not lapsed"
	case license.RegistrationLapsed, license.RegistrationGap:
		return "not renewed"
	case license.RegistrationNotTold:
		return "not told by the file"
	case license.RegistrationPending:
		return "not yet begun"
	}
	return registration // inactive, surrendered, deceased, canceled, void
}

// TermEnd writes the last day of a term.
func TermEnd(through license.Day) string {
	if through == "" {
		return "no set end"
	}
	return "its last day on " + through.Long()
}
