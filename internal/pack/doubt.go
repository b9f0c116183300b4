package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"licet/license"
)

var (
	lifecycles  = []string{license.LifecycleActive, license.LifecycleInactive, license.LifecycleSurrendered, license.LifecycleDeceased, license.LifecycleCanceled}
	authorities = []string{license.AuthorityNone, license.AuthorityConditions, license.AuthorityBarred}

	// codes of the fields that rules read. Orders have an authority as well as licenses.
	codes = map[string][]string{
		"registration": append([]string{
			license.RegistrationVoid, license.RegistrationNotTold, license.RegistrationPending, license.RegistrationGrace,
			license.RegistrationLapsed, license.RegistrationGap,
		}, lifecycles...),
		"discipline": append([]string{"noted"}, authorities...),
		"authority":  append([]string{license.MayPractice, license.MayWithLimits, license.MayNotPractice, license.MayIsNotKnown}, authorities...),
	}

	compared = regexp.MustCompile(`\.(registration|discipline|authority)\s*(?:[=!]=\s*("[^"]*")|(?:not\s+)?in\s*[\[(]([^\])]*)[\])])`)
	textForm = regexp.MustCompile(`"([^"]*)"`)
	set      = regexp.MustCompile(`\bset_lifecycle\([^,"]+,\s*(?:status\s*=\s*)?"([^"]*)"`)
)

// Doubts names what the language allows and is hardly meant, by its lines: a rule that can
// end without a return, and codes that there are not. They refuse nothing: what a
// contract may be is fixed, and what it does is for its scenarios.
func (p *Pack) Doubts() (out Problems) {
	for i, line := range strings.Split(string(p.Source), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, m := range compared.FindAllStringSubmatch(line, -1) {
			for _, q := range textForm.FindAllStringSubmatch(m[2]+m[3], -1) {
				out = doubtCode(out, i+1, q[1], m[1], codes[m[1]])
			}
		}
		for _, m := range set.FindAllStringSubmatch(line, -1) {
			out = doubtCode(out, i+1, m[1], "status", lifecycles)
		}
	}
	for _, f := range p.Manifest.Functions {
		if !p.Returns(f.Name) && p.answers(f.Name) {
			_, line := p.Text(f.Name)
			out = append(out, Problem{
				File: sourceFile, Line: line, Rule: "not-effects",
				Reason:  fmt.Sprintf("A way through %s ends without a return; a call that takes it fails.", f.Name),
				Instead: "Write return [] at its end, where nothing is to happen.",
			})
		}
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return a.Line - b.Line })
	return out
}

func doubtCode(out Problems, line int, code, field string, known []string) Problems {
	if slices.Contains(known, code) {
		return out
	}
	return append(out, Problem{
		File: sourceFile, Line: line, Rule: "code",
		Reason:  fmt.Sprintf("There is no %s %q.", field, code),
		Instead: "Write one of " + strings.Join(known, ", ") + ".",
	})
}

// answers says whether a function is called by a hook, and not by others alone.
func (p *Pack) answers(function string) bool {
	for i := range p.Manifest.Hooks {
		if p.Manifest.Hooks[i].Function == function {
			return true
		}
	}
	return false
}
