package pack

import (
	"fmt"
	"strings"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// compare looks whether what must be so after a step is so. A refusal or a fault that
// nobody expects is a mistake.
func (g *player) compare(s *step) {
	var refusal, fault bool
	for _, x := range s.expects {
		why := g.unmet(x.words, &refusal, &fault)
		if why != "" {
			g.wrong(x.line, "%s", why)
		}
	}
	if g.refused != "" && !refusal {
		g.wrong(s.line, "The act is refused: %s.", g.said(g.refused))
	}
	if len(g.faults) > 0 && !fault {
		f := g.faults[0]
		g.wrong(s.line, "%s faults at line %d of the rules (%s): %s", f.Function, f.Line, f.Code, f.Text)
	}
}

// said is a code with its words.
func (g *player) said(code string) string {
	if words := g.pack.Manifest.CodeWords(code); words != "" {
		return code + " (" + words + ")"
	}
	return code
}

// unmet says why an expectation is not met; "" it is.
func (g *player) unmet(words []string, refusal, fault *bool) string {
	switch words[0] {
	case "refused":
		*refusal = true
		switch {
		case g.refused == "":
			return "Nothing is refused."
		case len(words) > 1 && words[1] != g.refused:
			return "It is refused by another rule: " + g.said(g.refused) + "."
		}
		return ""
	case "fault":
		*fault = true
		if len(g.faults) == 0 || len(words) > 1 && g.faults[0].Code != words[1] {
			return "There is no such fault."
		}
		return ""
	case "effect":
		return g.unmetEffect(words[1:])
	case "no":
		if len(g.effects) > 0 {
			return "There are effects: " + g.listed() + "."
		}
		return ""
	}
	return g.unmetStanding(words)
}

// unmetEffect compares: effect impose us-mn.physician.1 through 2026-06-29 citation "IMLC 10(d)".
func (g *player) unmetEffect(words []string) string {
	if len(words) == 0 {
		return "An effect is named: effect impose us-mn.physician.1 through 2026-06-29"
	}
	head := words[:1]
	if len(words)%2 == 0 {
		head = words[:2]
	}
	for i := range g.effects {
		e := &g.effects[i]
		if e.Do == head[0] && (len(head) == 1 || e.License == head[1]) && matches(e, words[len(head):]) {
			return ""
		}
	}
	if len(g.effects) == 0 {
		return "There is no such effect: no rule intended anything in this step. Licenses of the registry part are older than the contract; no rule ran on them."
	}
	return "There is no such effect; there is " + g.listed() + "."
}

func matches(e *contract.Effect, pairs []string) bool {
	members := map[string]string{
		"status": e.Status, "name": e.Name, "authority": e.Authority, "action": e.Action, "code": e.Code, "from": string(e.From),
		"through": string(e.Through), "grace": string(e.Grace), "citation": e.Citation, "function": e.Function,
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v, ok := members[pairs[i]]; !ok || v != pairs[i+1] {
			return false
		}
	}
	return true
}

func (g *player) listed() string {
	var all []string
	for i := range g.effects {
		all = append(all, string(strict.Encode(&g.effects[i])))
	}
	return strings.Join(all, ", ")
}

// unmetStanding compares: ID [on DAY] is STATUS, ID [on DAY] may practice, may not practice.
func (g *player) unmetStanding(words []string) string {
	const form = "Write what must be so: refused CODE, fault CODE, no effects, effect DO LICENSE …, or LICENSE on DAY is STATUS."
	l := g.License(words[0])
	if l == nil {
		return words[0] + " is no license of this scenario. " + form
	}
	day, rest := g.day, words[1:]
	if len(rest) > 1 && rest[0] == "on" {
		var err error
		if day, err = license.ParseDay(rest[1]); err != nil {
			return fmt.Sprintf("%v.", err)
		}
		rest = rest[2:]
	}
	if len(rest) < 2 || rest[0] != "is" && rest[0] != "may" {
		return form
	}
	s := l.StandingOn(day, nil, func(h license.Hash) *license.OrderDocument {
		d, err := license.ParseOrderDocument(g.Opening(license.OpeningOrder, h))
		if err != nil {
			return nil
		}
		return &d
	})
	has, want := s.Primary, strings.Join(rest[1:], " ")
	if rest[0] == "may" {
		has, want = strings.ReplaceAll(s.Authority, "-", " "), strings.Join(rest, " ")
	}
	if has == want || has+"; "+s.Secondary == want {
		return ""
	}
	if s.Secondary != "" {
		has += "; " + s.Secondary
	}
	return fmt.Sprintf("%s on %s is %s.", words[0], day, has)
}
