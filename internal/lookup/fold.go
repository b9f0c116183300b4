package lookup

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"licet/license"
)

// letters that Unicode does not take apart, as people without them type them.
var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ħ': "h", 'ŋ': "n",
}

// fold writes a name as searches compare it: lower case, without accents and
// apostrophes, words parted by one space.
func fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case unicode.Is(unicode.Mn, r), strings.ContainsRune("'’‘ʼʻ`´", r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			if p := plainLetters[r]; p != "" {
				b.WriteString(p)
			} else {
				b.WriteRune(r)
			}
		default:
			gap = true
		}
	}
	return b.String()
}

// wordsOf returns the distinct words of a name, folded.
func wordsOf(name string) []string {
	w := strings.Fields(fold(name))
	slices.Sort(w)
	return slices.Compact(w)
}

// sortName writes a name as lists are ordered: family name first.
func sortName(n license.Name) string {
	if n.Legal != "" {
		return fold(n.Legal)
	}
	return fold(strings.Join([]string{n.Family, n.Given, n.Middle, n.Suffix}, " "))
}

// PlainNumber writes a license number as searches compare it: letters and digits
// only, upper case. Identity does not: numbers that print differently are
// different licenses.
func PlainNumber(s string) string {
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToUpper(r); {
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}
