package pack

import (
	"fmt"
	"strings"

	"licet/license"
)

// A Scenario is a story in a board's words: what the registry holds, then what happens
// day by day, and what must be so after each step. docs/contracts.md has its grammar.
type Scenario struct {
	File     string
	Title    string // what it shows
	Registry []step // before the story; no rule runs
	Story    []step
	text     string
}

// A step is one line that does something, with the lines under it that say what must
// be so.
type step struct {
	line    int
	day     license.Day // of the registry's lines: none
	verb    string
	words   []string // behind the verb
	expects []expectation
}

// An expectation is an indented line.
type expectation struct {
	line  int
	words []string
}

// ParseScenario reads a txtar with the files registry and story. The comment before
// them is the title.
func ParseScenario(file, text string) (*Scenario, Problems) {
	p := &scenarioParser{s: &Scenario{File: file, text: text}}
	for i, line := range strings.Split(text, "\n") {
		p.line(i+1, line)
	}
	if p.s.Title == "" {
		p.wrong(1, "The scenario has no title.", "Say in the first line what it shows.")
	}
	if len(p.s.Story) == 0 {
		p.wrong(1, "The scenario has no story.", "Write a line -- story --, then lines such as: 2026-08-01 wait")
	}
	return p.s, p.problems
}

type scenarioParser struct {
	s        *Scenario
	section  string
	problems Problems
}

func (p *scenarioParser) wrong(line int, reason, instead string) {
	p.problems = append(p.problems, Problem{File: p.s.File, Line: line, Rule: "scenario", Reason: reason, Instead: instead})
}

func (p *scenarioParser) line(n int, line string) {
	bare := strings.TrimSpace(line)
	name, marker := strings.CutPrefix(bare, "-- ")
	switch {
	case marker:
		p.section = strings.TrimSpace(strings.TrimSuffix(name, "--"))
		if p.section != "registry" && p.section != "story" {
			p.wrong(n, fmt.Sprintf("A scenario has no part %q.", p.section), "Parts are -- registry -- and -- story --.")
		}
	case bare == "" || bare[0] == '#':
	case p.section == "":
		p.s.Title = strings.TrimSpace(p.s.Title + " " + bare)
	default:
		words, ok := wordsOf(bare)
		if !ok {
			p.wrong(n, "A quotation mark is not closed.", "")
			return
		}
		p.step(n, words, line[0] == ' ')
	}
}

func (p *scenarioParser) step(n int, words []string, indented bool) {
	steps := &p.s.Registry
	if p.section == "story" {
		steps = &p.s.Story
	}
	if indented {
		if p.section != "story" || len(*steps) == 0 {
			p.wrong(n, "A line that is set in says what must be so after the step above it, and there is none.", "Begin steps in the first column.")
			return
		}
		last := &(*steps)[len(*steps)-1]
		last.expects = append(last.expects, expectation{n, words})
		return
	}
	s := step{line: n}
	if p.section == "story" {
		day, err := license.ParseDay(words[0])
		if err != nil || len(words) < 2 {
			p.wrong(n, "A step begins with its day and what is done.", "Write: 2026-08-01 renew us-il.physician.036100100 from 2026-08-01 through 2029-07-31")
			return
		}
		if len(*steps) > 0 && day < (*steps)[len(*steps)-1].day {
			p.wrong(n, "The story goes back in time.", "Write its steps in order of their days.")
		}
		s.day, words = day, words[1:]
	}
	s.verb, s.words = words[0], words[1:]
	if v, ok := verbs[s.verb]; !ok {
		p.wrong(n, fmt.Sprintf("Nothing is done by %q.", s.verb), "Steps are "+verbList+".")
	} else if _, err := v(&world{day: license.DayMin}, &s); err != nil && !isUnknown(err) {
		p.wrong(n, err.Error(), "")
	}
	*steps = append(*steps, s)
}

// wordsOf splits at blanks; what stands in quotation marks is one word.
func wordsOf(line string) (words []string, ok bool) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] == '"' {
			inside, rest, closed := strings.Cut(line[1:], `"`)
			if !closed {
				return nil, false
			}
			words, line = append(words, inside), rest
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		words, line = append(words, word), rest
	}
	return words, true
}
