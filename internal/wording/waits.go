package wording

import "licet/license"

// StillToBeApplied begins what is said of a license that a contract's call is about which
// was not made yet: what stands may change by it.
const StillToBeApplied = "A rule has still to be applied to this license: "

// Waits writes that a call waits, and why it was called. id is that of a call which is
// held, why such as Because gives.
func Waits(c *license.Call, id, why string) string {
	s := StillToBeApplied + "function " + c.Function + " of contract " + c.Contract
	if why != "" {
		s += ", " + why
	}
	if c.Held {
		return s + ". It is held, and runs when the board asks for it (call " + id + ")."
	}
	return s + ". It comes in one of the next blocks."
}

// WaitingCalls writes that so many calls wait, where it is not known which.
func WaitingCalls(n int64) string {
	if n == 1 {
		return StillToBeApplied + "one call of a contract waits, or failed and is held."
	}
	return StillToBeApplied + Count(int(n), "call") + " of contracts wait, or failed and are held."
}

// WaitingDay writes that the contracts of a board have not come to a license for a day.
func WaitingDay(d *license.DayCalls) string {
	return StillToBeApplied + "the contracts of its board have not come to it yet for " + d.Day.Long() + ". They may change it, or have nothing to change."
}

// Pending writes what of a license has still to be done by contracts, of its record and
// its board's alone, on the board's legal day. Both may be nil.
func Pending(id string, l *license.License, b *license.Board, today license.Day) (out []string) {
	if l != nil && l.Counts.Pending > 0 {
		out = append(out, WaitingCalls(l.Counts.Pending))
	}
	if b != nil && b.Days.Waits(id, today) {
		out = append(out, WaitingDay(b.Days))
	}
	return out
}

// Found writes, of a license in a list, that an order of a contract is in force, and that
// a rule has still to be applied.
func Found(automatic, waits bool) string {
	switch {
	case automatic && waits:
		return "automatically; another rule has still to be applied"
	case automatic:
		return "automatically"
	case waits:
		return "a rule has still to be applied"
	}
	return ""
}

// Coming writes what contracts have still to do for a board by themselves: so many calls,
// and those of a day, where it is not nil.
func Coming(calls int64, d *license.DayCalls) (out []string) {
	if calls > 0 {
		out = append(out, capital(Count(int(calls), "call"))+" of contracts found no room yet: they come by themselves, in the next blocks.")
	}
	if d != nil {
		out = append(out, "The contracts have not come to all licenses of this board yet for "+d.Day.Long()+": they go on by themselves, license by license.")
	}
	return out
}
