package cli

import (
	"fmt"
	"slices"
	"strings"

	"licet/internal/pack"
	"licet/license"
)

// printText prints lines of words that others wrote: what could steer a terminal is
// escaped.
func (e *env) printText(format string, a ...any) {
	for line := range strings.Lines(fmt.Sprintf(format, a...)) {
		e.printf("%s\n", printable([]byte(strings.TrimSuffix(line, "\n"))))
	}
}

// printPack prints what boards sign of a contract: that is what a signer reads.
func (e *env) printPack(p *pack.Pack, test bool) {
	m := &p.Manifest
	e.printText("Contract:   %s, version %d", m.Name, m.Version)
	e.printText("Title:      %s", m.Title)
	e.printText("Hash:       %s", p.Hash)
	for _, r := range m.Roles {
		e.printText("Role:       %s. %s Professions: %s.", r.Role, r.Words, strings.Join(r.Professions, ", "))
	}
	e.printText("Amendments: %s", p.AmendedBy())
	if len(m.Openings) > 0 {
		e.printText("Reads:      records, and what these say where it is not sealed: %s", strings.Join(m.Openings, ", "))
	}
	e.printf("\nRules:\n")
	for _, r := range p.Rules() {
		e.printRule(&r, test)
	}
	if values := p.Values(); len(values) > 0 {
		e.printf("\nParameters:\n")
		for _, v := range values {
			e.printText("  %s (%s), from %s: %s", v.Name, v.Citation, v.From, v.Value)
		}
	}
	e.printf("\n")
	switch off := p.Off(); {
	case len(off) > 0 && test:
		e.printf("Not confirmed, but running here, on a test network: %s.\n", strings.Join(off, ", "))
	case len(off) > 0:
		e.printf("Not confirmed, and so switched off here: %s.\n", strings.Join(off, ", "))
	}
}

func (e *env) printRule(r *pack.Rule, test bool) {
	if r.Citation == "" {
		e.printText("  %s (helps other rules)", r.Name)
	} else {
		e.printText("  %s, by %s", r.Name, r.Citation)
	}
	e.printText("    %s", strings.ReplaceAll(r.Words, "\n", "\n    "))
	for _, x := range r.Runs {
		e.printText("    Runs %s.", x)
	}
	switch {
	case r.Open != "" && test:
		e.printText("    %s It runs on this test network all the same.", r.Open)
	case r.Open != "":
		e.printText("    %s It does nothing on this network.", r.Open)
	}
}

// printChanges prints what is otherwise than in the edition that the board has.
func (e *env) printChanges(before, after *pack.Pack) {
	e.printf("Compared with the edition that the board signed last:\n")
	lines := append(ruleChanges(before.Rules(), after.Rules()), valueChanges(before.Values(), after.Values())...)
	for _, l := range lines {
		e.printText("  %s", l)
	}
	if len(lines) == 0 {
		e.printf("  Rules and parameters are the same.\n")
	}
	e.printf("\n")
}

func ruleChanges(before, after []pack.Rule) (lines []string) {
	find := func(rs []pack.Rule, name string) *pack.Rule {
		for i := range rs {
			if rs[i].Name == name {
				return &rs[i]
			}
		}
		return nil
	}
	for _, r := range after {
		switch old := find(before, r.Name); {
		case old == nil:
			lines = append(lines, "rule "+r.Name+" is new")
		case old.Text != r.Text || !slices.Equal(old.Runs, r.Runs):
			lines = append(lines, "rule "+r.Name+" computes or runs otherwise")
		case old.Words != r.Words || old.Citation != r.Citation:
			lines = append(lines, "rule "+r.Name+" has other words or another citation")
		case old.Open != r.Open:
			lines = append(lines, "rule "+r.Name+": what is confirmed of it differs")
		}
	}
	for _, r := range before {
		if find(after, r.Name) == nil {
			lines = append(lines, "rule "+r.Name+" is gone")
		}
	}
	return lines
}

func valueChanges(before, after []pack.Value) (lines []string) {
	find := func(vs []pack.Value, like pack.Value) *pack.Value {
		for i := range vs {
			if vs[i].Name == like.Name && vs[i].From == like.From {
				return &vs[i]
			}
		}
		return nil
	}
	for _, v := range after {
		switch old := find(before, v); {
		case old == nil:
			lines = append(lines, fmt.Sprintf("%s, from %s: %s (new)", v.Name, v.From, v.Value))
		case old.Value != v.Value || old.Kind != v.Kind:
			lines = append(lines, fmt.Sprintf("%s, from %s: %s (was %s)", v.Name, v.From, v.Value, old.Value))
		case old.Words != v.Words || old.Citation != v.Citation || old.Unconfirmed != v.Unconfirmed:
			lines = append(lines, fmt.Sprintf("%s: its words, its citation, or what is confirmed of it differ", v.Name))
		}
	}
	for _, v := range before {
		if find(after, v) == nil {
			lines = append(lines, fmt.Sprintf("%s, from %s: gone (was %s)", v.Name, v.From, v.Value))
		}
	}
	return slices.Compact(lines)
}

// printBound says whom an amendment binds once the board has signed it.
func (e *env) printBound(k *license.Contract, board string, hash license.Hash) {
	at := slices.IndexFunc(k.Editions, func(x license.Edition) bool { return x.Hash == hash })
	if at < 0 {
		return
	}
	ed := &k.Editions[at]
	var all []string
	signed := 0
	for _, x := range k.Editions {
		if x.Version != ed.Version {
			continue
		}
		all = append(all, x.Boards...)
	}
	for _, b := range all {
		if slices.Contains(ed.Boards, b) || slices.Contains(ed.Signed, b) {
			signed++
		}
	}
	switch {
	case len(all) == 1:
		e.printf("It binds board %s, the only one that has this version.\n", board)
	case ed.Among == 0:
		e.printf("It binds board %s. The other boards go on with their parameters until they sign.\n", board)
	case len(ed.Signed) == 0:
		e.printf("With this signature at least %d of %d boards have signed: it binds %s from now on.\n", ed.Of, ed.Among, strings.Join(ed.Boards, ", "))
	default:
		e.printf("It binds board %s. It binds all %d boards of the version when at least %d of %d have signed; with this signature %d of %d have.\n", board, len(all), ed.Of, ed.Among, signed, len(all))
	}
}
