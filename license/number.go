package license

import (
	"strings"

	"licet/phrase"
)

// A number pattern says how a profession's license numbers are written. It is a
// list of forms separated by "|". In a form, "#" is a digit, "@" a letter A–Z,
// "?" a letter or digit, "*" any character that a number may hold; any other
// character stands for itself. A "+" at the end repeats the last one.
// "036######" is an Illinois physician; "#+" is any run of digits.

// CheckPattern says whether p is a pattern.
func CheckPattern(p string) error {
	if p == "" || len(p) > 200 {
		return phrase.Errorf("a number pattern has 1 to 200 characters")
	}
	for f := range strings.SplitSeq(p, "|") {
		if body := strings.TrimSuffix(f, "+"); body == "" || strings.Contains(body, "+") {
			return phrase.Errorf("number pattern %q: a form is not empty, and + stands only at its end", f)
		}
	}
	return nil
}

// FitsPattern says whether the number n is written as the pattern says.
func FitsPattern(pattern, n string) bool {
	for f := range strings.SplitSeq(pattern, "|") {
		if fitsForm(f, n) {
			return true
		}
	}
	return false
}

func fitsForm(f, n string) bool {
	body := strings.TrimSuffix(f, "+")
	if len(body) != len(f) { // the last character repeats: at least once
		if body == "" || len(n) < len(body) {
			return false
		}
		for len(body) < len(n) {
			body += body[len(body)-1:]
		}
	}
	if len(body) != len(n) {
		return false
	}
	for i := 0; i < len(n); i++ {
		if !fitsByte(body[i], n[i]) {
			return false
		}
	}
	return true
}

func fitsByte(p, c byte) bool {
	digit, letter := c >= '0' && c <= '9', c >= 'A' && c <= 'Z'
	switch p {
	case '#':
		return digit
	case '@':
		return letter
	case '?':
		return digit || letter
	case '*':
		return true
	}
	return p == c
}
