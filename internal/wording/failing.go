package wording

import "licet/license"

// faultWords say in plain words why a call of a contract failed, by code.
var faultWords = map[string]string{
	"bad-effect":        "it wanted to do to a license what no contract may, or what its record does not allow",
	"changed-in-loop":   "it changed a list while it went through it",
	"depth":             "effects of rules had called for rules four times in a row, and no more are called",
	"division":          "it divided by zero",
	"frozen":            "it wanted to change what cannot be changed",
	"internal":          "the program of the language failed",
	"no-date":           "it made a day that no calendar has",
	"no-element":        "it asked for what a list or a table does not have",
	"no-field":          "it asked for a field that there is not",
	"no-function":       "it called what is no function",
	"not-declared":      "it read an opening or a parameter that its manifest does not name",
	"not-effects":       "it ended without a return, or returned what is no effect",
	"not-found":         "it asked for a license or a parameter that is not there",
	"not-set":           "it used a name before it had a value",
	"out-of-memory":     "it used more memory than a call may",
	"out-of-steps":      "it took more steps than a call may",
	"overflow":          "a number became too large",
	"too-deep":          "it nested calls or lists more deeply than it may",
	"too-long":          "a text or a list became too long",
	"too-many-effects":  "it intended more effects than a call may",
	"too-many-licenses": "it touched more licenses than a call may",
	"wrong-kind":        "it used a value of the wrong kind",
}

// FaultWords says why a call failed: "it divided by zero (division)".
func FaultWords(code string) string {
	if w := faultWords[code]; w != "" {
		return w + " (" + code + ")"
	}
	return "it failed with " + code
}

// A Failed is how a contract fails for a board, as far as it is at hand.
type Failed struct {
	license.Fault
	Cause     license.Cause // of the newest one
	License   string        // that it was called about
	At, Since string        // when the newest failed, and the first of the row
}

// Failing writes that a contract fails for a board, where, since when, why, and what that
// means; "" where it does not.
func Failing(f *Failed) string {
	if f == nil || f.Faults == 0 {
		return ""
	}
	last, on := "", ""
	if f.At != "" {
		on = " on " + f.At
	}
	s := "Its newest call failed" + on
	if f.Faults > 1 {
		s = "Its newest " + Count(int(f.Faults), "call") + " failed"
		if f.Since != "" && f.Since != f.At {
			s += ", since " + f.Since
		}
		if on != "" {
			last = "; the last" + on
		}
	}
	s += last
	if at := RuleLine(&f.Cause); at != "" {
		s += ", in " + at + lawOf(&f.Cause)
	}
	if f.License != "" {
		s += ", for license " + f.License
	}
	s += ": " + FaultWords(f.Code) + "."
	if f.Suspended {
		s += " It is suspended for this board: it is called no more, until a newer edition is in force or a call that is held runs well."
	}
	return s
}

// Held writes how a call failed that is held.
func Held(c *license.Cause, code, at string) string {
	s := "Failed"
	if at != "" {
		s += " on " + at
	}
	if place := RuleLine(c); place != "" {
		s += ", in " + place + lawOf(c)
	}
	if code != "" {
		s += ": " + FaultWords(code)
	}
	return s + "."
}

// NotMade writes that a call is held which did not fail: its contract was suspended before.
func NotMade(at string) string {
	s := "Not made"
	if at != "" {
		s += " on " + at
	}
	return s + ": its contract was suspended for the board before its turn came."
}

func lawOf(c *license.Cause) string {
	if c.Citation == "" {
		return ""
	}
	return " (" + c.Citation + ")"
}

// RetryCommand is the command by which a board asks for a held call again.
func RetryCommand(contract, board, call string) string {
	return "licet contract retry " + contract + " --board " + board + " --call " + call
}
