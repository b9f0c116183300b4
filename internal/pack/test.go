package pack

import (
	"slices"
	"strings"
)

// A Report is what became of a pack's scenarios.
type Report struct {
	Contract string   `json:"contract"`
	Version  int64    `json:"version"`
	Hash     string   `json:"hash"`
	Passed   bool     `json:"passed"`
	Played   []Played `json:"scenarios"`
	Lines    int      `json:"lines"` // on which rules stand
	Unused   []Line   `json:"never_reached"`
}

// A Line is a line of the source.
type Line struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Test plays all scenarios. It passes when there are some, and each does.
func (p *Pack) Test() Report {
	r := Report{Contract: p.Manifest.Name, Version: p.Manifest.Version, Hash: p.Hash.String(), Passed: len(p.Scenarios) > 0, Lines: len(p.Lines()), Played: []Played{}, Unused: []Line{}}
	reached := map[int]bool{}
	for _, s := range p.Scenarios {
		played := p.Play(s, Watch{Reached: func(line int) { reached[line] = true }})
		r.Played = append(r.Played, played)
		r.Passed = r.Passed && played.Passed
	}
	text := strings.Split(string(p.Source), "\n")
	for _, line := range slices.Compact(slices.Sorted(slices.Values(p.Lines()))) {
		if !reached[line] {
			r.Unused = append(r.Unused, Line{line, strings.TrimSpace(text[line-1])})
		}
	}
	return r
}
