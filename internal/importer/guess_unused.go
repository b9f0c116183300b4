package importer

import (
	"fmt"
	"strings"
)

// shownValues is how many values of a column a proposal shows.
const shownValues = 5

// unused names every column that the proposal does nothing with, and what stands in it:
// a status that is left out would make everybody active.
func (p *proposal) unused() {
	var blank []string
	first := true
	for i, c := range p.columns {
		if p.taken(i, "") {
			continue
		}
		if c.filled == 0 && len(c.empty) == 0 {
			blank = append(blank, quote(p.header[i]))
			continue
		}
		if first {
			first = false
			p.linef("# Columns that nothing above names. Does one of them tell of a status, discipline or a day?")
		}
		p.doubtf("column %s is not used: %s", quote(p.header[i]), c.frequent(p.rows-p.flawed))
	}
	if len(blank) > 0 {
		p.linef("# Columns with nothing in them: %s", strings.Join(blank, ", "))
	}
}

// countUnused counts columns that hold something and are not used.
func (p *proposal) countUnused() (n int) {
	for i, c := range p.columns {
		if !p.taken(i, "") && (c.filled > 0 || len(c.empty) > 0) {
			n++
		}
	}
	return n
}

// frequent writes the most frequent values of a column with their counts.
func (c *column) frequent(rows int64) string {
	counts := map[string]int64{}
	for v, n := range c.values {
		counts[v] = n
	}
	for v, n := range c.empty {
		counts[v] = n
	}
	var shownOnes []string
	values := byCount(counts)
	for n, v := range values {
		if n == shownValues || n == 2 && counts[v] == 1 && len(values) > shownValues {
			break
		}
		if r := []rune(v); len(r) > 40 {
			v = string(r[:40]) + "…"
			shownOnes = append(shownOnes, quote(v))
			continue
		}
		shownOnes = append(shownOnes, fmt.Sprintf("%s (%d)", quote(v), counts[v]))
	}
	text := strings.Join(shownOnes, ", ")
	if left := len(values) - len(shownOnes); c.more {
		text += ", and many more"
	} else if left > 0 {
		text += fmt.Sprintf(", and %d more", left)
	}
	if blank := rows - total(counts); blank > 0 && !c.more {
		text += fmt.Sprintf("; blank in %d", blank)
	}
	return text
}
