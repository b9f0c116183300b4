package lookup

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What terms of postings begin with, besides words, which begin with a letter or
// a digit.
const (
	termCity       = "@"
	termProfession = "/"
	termStatus     = "!"
)

// afterAll comes after whatever may follow a beginning.
const afterAll = "\U0010FFFF"

// Bounds on what one license puts into the index.
const (
	namesMax = 1024 // bytes of all its names, folded; the oldest are left out
	termsMax = 64   // words
)

// A row is one license as the tables hold it.
type row struct {
	id, board, jurisdiction, profession, number string
	name, others, names, city, npi              string
	issued, through                             string
	copied                                      bool
	filed                                       string // day of the newest file
	spans                                       string
}

// joinNames writes folded names for postings: each begins with a space, so that
// " smi" finds the beginning of a word, and they are parted by a character that
// sorts before the space, so that a shorter name comes first.
func joinNames(folded []string) string {
	var b strings.Builder
	for i, n := range folded {
		if n == "" || slices.Contains(folded[:i], n) {
			continue
		}
		if b.Len()+len(n)+2 > namesMax {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('\x1f')
		}
		b.WriteString(" " + n)
	}
	return b.String()
}

// wordsIn returns the distinct words of joined names, in their order.
func wordsIn(names string) (words []string) {
	for w := range strings.FieldsFuncSeq(names, func(r rune) bool { return r == ' ' || r == '\x1f' }) {
		if len(words) == termsMax {
			break
		}
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// terms are those under which the license is posted.
func (r *row) terms() []string {
	terms := wordsIn(r.names)
	if c := fold(r.city); c != "" {
		terms = append(terms, termCity+c)
	}
	terms = append(terms, termProfession+r.board+"."+r.profession)
	for _, c := range everHad(r.spans) {
		if !slices.Contains(usualCodes, c) {
			terms = append(terms, termStatus+c)
		}
	}
	return terms
}

// Words that are found by a part or with one letter wrong have so many letters.
const (
	partMin   = 3
	nearMin   = 4
	formedMax = 24 // longer ones are found by their beginning only
)

// formsOf are the forms of a word.
func formsOf(word string) (forms []string) {
	n := utf8.RuneCountInString(word)
	if n < nearMin || n > formedMax {
		return nil
	}
	for i := range word {
		if i > 0 && utf8.RuneCountInString(word[i:]) >= partMin {
			forms = append(forms, "+"+word[i:])
		}
	}
	for _, s := range shortened(word) {
		forms = append(forms, "-"+s)
	}
	return forms
}

// shortened are the word without each of its letters, each once.
func shortened(word string) (out []string) {
	for i, r := range word {
		if s := word[:i] + word[i+utf8.RuneLen(r):]; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
