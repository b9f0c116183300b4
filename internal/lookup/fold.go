package lookup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"licet/license"
)

// letters that Unicode does not take apart, as people without them type them.
var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ħ': "h", 'ŋ': "n",
}

// foldedMax is how many bytes of a name are searched for; a longer one is cut.
const foldedMax = 256

// fold writes a name as searches compare it: lower case, without accents,
// apostrophes and what cannot be seen, words parted by one space.
func fold(s string) string {
	if plain, ok := foldPlain(s); ok {
		return plain
	}
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(cut(s, 4*foldedMax)) {
		r = unicode.ToLower(r)
		switch {
		case unicode.In(r, unicode.Mn, unicode.Cf), strings.ContainsRune("'’‘ʼʻ`´", r):
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
	return strings.TrimRight(cut(b.String(), foldedMax), " ")
}

// foldPlain folds what is nothing but letters A to Z, digits and single spaces,
// as most names are.
func foldPlain(s string) (string, bool) {
	if len(s) > foldedMax || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		return "", false
	}
	for i := range len(s) {
		c := s[i]
		if c == ' ' && s[i-1] != ' ' {
			continue
		}
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return "", false
		}
	}
	return strings.ToLower(s), true
}

// cut shortens s to at most n bytes, between characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// wordsOf returns the distinct words of a text, folded.
func wordsOf(text string) []string {
	w := strings.Fields(fold(text))
	slices.Sort(w)
	return slices.Compact(w)
}

// FoldedWords returns the words of a text as searches compare them, in their order.
func FoldedWords(text string) []string { return strings.Fields(fold(text)) }

// foldName writes what a name is searched by: a person's with the family name
// first, as lists are ordered; a company's legal name, and the one that it does
// business as as another.
func foldName(n license.Name) []string {
	if n.Legal != "" || n.DBA != "" {
		return []string{fold(n.Legal), fold(n.DBA)}
	}
	return []string{fold(strings.Join([]string{n.Family, n.Given, n.Middle, n.Suffix}, " "))}
}

// LooseNumber writes a license number as searches compare it: letters and digits
// only, upper case, without leading zeros, also those after letters. Identity does
// not: numbers that print differently are different licenses, so one loose number
// may be that of several.
func LooseNumber(s string) string {
	plain := strings.Map(func(r rune) rune {
		switch r = unicode.ToUpper(r); {
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
	letters := strings.IndexFunc(plain, unicode.IsDigit)
	if letters < 0 {
		return plain
	}
	digits := strings.TrimLeft(plain[letters:], "0")
	if digits == "" {
		digits = "0"
	}
	return plain[:letters] + digits
}
