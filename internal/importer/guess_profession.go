package importer

import "strings"

// Bounds of a column that may name professions though nothing else says so.
const (
	perhapsWordsMin = 2
	perhapsWordsMax = 12
	perhapsShown    = 3 // columns
)

// perhapsProfessions names columns of few words that mean nothing else in the proposal.
func (p *proposal) perhapsProfessions() {
	shown := 0
	for i, c := range p.columns {
		if p.taken(i, "") || !c.perhapsProfession(p.rows-p.flawed) || shown == perhapsShown {
			continue
		}
		shown++
		p.doubtf("column %s holds few words; are they professions? %s", quote(p.header[i]), c.frequent(p.rows-p.flawed))
	}
}

// perhapsProfession says whether a column holds one of few words in nearly every row,
// each of them in several.
func (c *column) perhapsProfession(rows int64) bool {
	n := int64(len(c.values))
	if c.more || n < perhapsWordsMin || n > perhapsWordsMax || c.filled < 2*n || c.filled*10 < rows*9 {
		return false
	}
	for v := range c.values {
		if len(v) < 2 || strings.ContainsAny(v, "0123456789") || yesNo[strings.ToUpper(v)] {
			return false
		}
	}
	return true
}

// yesNo are words that answer a question.
var yesNo = map[string]bool{"YES": true, "NO": true, "TRUE": true, "FALSE": true}
