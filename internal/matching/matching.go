package matching

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"licet/internal/lookup"
	"licet/internal/spelling"
)

// A Listed is who stands in one row of a list: a person, or an organization.
type Listed struct {
	Family, Given, Middle string
	Legal                 string // of an organization
	NPI                   string // "" not known
	City, State           string
}

// A License is one that a search found.
type License struct {
	ID     string
	Board  string // us-il
	Name   string // "" withheld
	Others []string
	NPI    string
	City   string
}

// Strengths of a match.
const (
	Strong = "strong" // the same NPI: one number is given to one holder
	Weak   = "weak"   // the name alone: many people have it
)

// A Match says that a license could be the listed one's, and why.
type Match struct {
	Strength string
	Why      []string // what speaks for it, and what against
	rank     int
}

// searchWords is how many words of a name are searched for.
const searchWords = 8

// Search returns the words by which the listed one is searched for; "" there are none.
func (p *Listed) Search() string {
	words := lookup.FoldedWords(p.Family + " " + p.Given)
	if p.Family == "" {
		words = withoutForm(lookup.FoldedWords(cmp.Or(p.Legal, p.Given)))
	}
	text := strings.Join(words[:min(len(words), searchWords)], " ")
	if len(text) > lookup.TextMax {
		return ""
	}
	return text
}

// Compare says whether a license could be the listed one's.
func (p *Listed) Compare(l *License) (m Match, could bool) {
	said, rank := p.names(l)
	switch {
	case p.NPI != "" && p.NPI == l.NPI:
		m = Match{Strength: Strong, Why: []string{"the same NPI", cmp.Or(said, "another name")}, rank: rank}
	case said == "":
		return m, false
	default:
		m = Match{Strength: Weak, Why: []string{said}, rank: rank + 10}
		if p.NPI != "" && l.NPI != "" {
			m.Why = append(m.Why, "but another NPI")
			m.rank += 10
		}
	}
	if c := lookup.FoldedWords(p.City); len(c) > 0 && slices.Equal(c, lookup.FoldedWords(l.City)) {
		m.Why = append(m.Why, "the same city")
		m.rank--
	}
	if s := strings.Split(l.Board, "-"); len(s) > 1 && s[0] == "us" && strings.EqualFold(s[1], p.State) {
		m.Why = append(m.Why, "a board of the same state")
	}
	return m, true
}

// Better orders matches: what speaks most for it comes first. It is for reading
// alone; the first is not picked.
func (m *Match) Better(n *Match) int { return cmp.Compare(m.rank, n.rank) }

// names compares the listed name with each that the license's holder has or had.
func (p *Listed) names(l *License) (said string, rank int) {
	rank = 9
	for i, name := range append([]string{l.Name}, l.Others...) {
		legal, dba, two := strings.Cut(name, " (doing business as ")
		for j, n := range []string{legal, strings.TrimSuffix(dba, ")")} {
			s, r := p.name(lookup.FoldedWords(n))
			if s == "" || r >= rank || j == 1 && !two {
				continue
			}
			if said, rank = s, r; i > 0 || j > 0 {
				said += fmt.Sprintf(" (a former or other name, %s)", n)
			}
		}
	}
	return said, rank
}

func (p *Listed) name(words []string) (said string, rank int) {
	if len(words) == 0 {
		return "", 0
	}
	if p.Family == "" {
		return organization(withoutForm(lookup.FoldedWords(cmp.Or(p.Legal, p.Given))), words)
	}
	return p.person(words)
}

func organization(listed, words []string) (said string, rank int) {
	bare := withoutForm(words)
	switch {
	case len(listed) == 0:
	case slices.Equal(listed, bare):
		return "the same name", 0
	case holds(bare, listed):
		return "a name that holds the listed one", 5
	case len(listed) == len(bare) && slices.EqualFunc(listed, bare, near):
		return "a name written nearly so", 4
	}
	return "", 0
}

// person compares words of a name, the surname last, with the listed person's.
func (p *Listed) person(words []string) (said string, rank int) {
	if said, rank = p.inOrder(words); said != "" || len(words) < 2 || !slices.Contains(suffixes, words[len(words)-1]) {
		return said, rank
	}
	return p.person(words[:len(words)-1])
}

func (p *Listed) inOrder(words []string) (said string, rank int) {
	family, given := lookup.FoldedWords(p.Family), lookup.FoldedWords(p.Given)
	at := len(words) - len(family)
	switch {
	case len(family) == 0:
		return "", 0
	case at >= 0 && slices.Equal(words[at:], family):
		if said, rank = givenNames(words[:at], given); said != "" {
			return "the same surname, " + said + p.middle(words[:at], given), rank
		}
	case at >= 0 && slices.EqualFunc(words[at:], family, near):
		if said, rank = givenNames(words[:at], given); said != "" && rank < 3 {
			return "a surname written nearly so, " + said, rank + 4
		}
	}
	if len(given) > 0 && holds(words, family) && holds(words, given) && !slices.Contains(suffixes, words[len(words)-1]) {
		return "the same words among others, or in another order", 6
	}
	return "", 0
}

func givenNames(words, given []string) (said string, rank int) {
	switch {
	case len(given) == 0:
		return "no given name listed", 5
	case len(words) == 0:
		return "", 0
	case len(words) >= len(given) && slices.Equal(words[:len(given)], given):
		return "the same given name", 0
	case strings.HasPrefix(words[0], given[0]) || strings.HasPrefix(given[0], words[0]):
		return "a given name that begins alike", 2
	case near(words[0], given[0]):
		return "a given name written nearly so", 2
	case holds(words, given):
		return "the given name as another of several", 3
	}
	return "", 0
}

// middle says how middle names go together, where both are told.
func (p *Listed) middle(words, given []string) string {
	listed := lookup.FoldedWords(p.Middle)
	if len(listed) == 0 || len(words) <= len(given) {
		return ""
	}
	switch w := words[len(given)]; {
	case w == listed[0]:
		return " and middle name"
	case strings.HasPrefix(w, listed[0]) || strings.HasPrefix(listed[0], w):
		return ", a middle name that begins alike"
	}
	return ", but another middle name"
}

// holds says whether each word is among the others.
func holds(words, each []string) bool {
	return !slices.ContainsFunc(each, func(w string) bool { return !slices.Contains(words, w) })
}

// nearLetters is how long a word is at least of which one letter may be wrong.
const nearLetters = 4

func near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	return a == b || min(len(x), len(y)) >= nearLetters && spelling.Apart(x, y, 1) <= 1
}

// suffixes stand behind surnames.
var suffixes = []string{"jr", "sr", "ii", "iii", "iv", "md", "rn", "dds", "phd"}

// forms of organizations, which one file writes and another does not.
var forms = []string{"inc", "incorporated", "llc", "l", "c", "ltd", "limited", "corp", "corporation", "co", "company", "pc", "p", "pllc", "lp", "llp", "the"}

// withoutForm leaves the words out that say what kind of organization it is, unless
// nothing would be left.
func withoutForm(words []string) []string {
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(forms, w) })
	if len(kept) == 0 {
		return words
	}
	return kept
}
