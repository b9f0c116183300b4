package wording

import (
	"fmt"
	"strings"

	"licet/license"
)

var factLabels = map[string]string{
	license.FactBranch: "Branch", license.FactParent: "Parent", license.FactResponsible: "Responsible person",
	license.FactControl: "Control person", license.FactDBA: "Doing business as", license.FactAgent: "Registered agent",
	"role": "Role", "bond": "Bond",
}

// FactLabel writes a kind of fact for people.
func FactLabel(code string) string {
	if s := factLabels[code]; s != "" {
		return s
	}
	return code
}

// Fact writes what a fact says: "Kim Lee (us-il.person.7), 25.5 percent, from August 1,
// 2027; ended September 1, 2027". text is what its opening says, name that of the
// party's license; "" withheld or none.
func Fact(f *license.Fact, text, name string) string {
	who := f.Party
	if name != "" {
		who = name + " (" + f.Party + ")"
	}
	var parts []string
	for _, s := range []string{who, text, amount(f)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		parts = []string{"(withheld)"}
	}
	s := strings.Join(parts, ", ") + ", " + Span(f.Day, f.Through, "")
	if f.Ended != "" {
		s += "; ended " + f.Ended.Long()
	}
	return s
}

// amount writes a fact's number: shares in percent, bonds in dollars.
func amount(f *license.Fact) string {
	switch {
	case f.Number == 0:
		return ""
	case f.Code == license.FactControl:
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", f.Number/100, f.Number%100), "0"), ".") + " percent"
	case f.Code == "bond" && f.Number > 0:
		return fmt.Sprintf("$%s.%02d", thousands(f.Number/100), f.Number%100)
	}
	return fmt.Sprint(f.Number)
}

// thousands writes a number with a comma before every three digits.
func thousands(n int64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return thousands(n/1000) + fmt.Sprintf(",%03d", n%1000)
}
