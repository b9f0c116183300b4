package importer

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"licet/internal/spelling"
)

// foldName brings spellings of a name together that are one to everybody: case,
// accents, and what is neither letter nor digit do not count.
func foldName(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case unicode.IsLetter(c):
			return unicode.ToUpper(c)
		case unicode.IsDigit(c):
			return c
		}
		return -1
	}, norm.NFD.String(s))
}

// surnameKey is 0 for no surname, and else the same for spellings that are one.
func surnameKey(s string) uint64 {
	f := foldName(s)
	if f == "" {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(f))
	return h.Sum64() | 1
}

// surnamesShown is how many surnames of a number are looked at.
const surnamesShown = 8

// surnames returns the surnames in rows of one license, each once.
func (s *Source) surnames(rows []spot) (names []string, err error) {
	for _, at := range rows {
		r, err := s.at(at.place)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(names, func(n string) bool { return foldName(n) == foldName(r.family) }) && r.family != "" && len(names) < surnamesShown {
			names = append(names, r.family)
		}
	}
	return names, nil
}

// variant says why two surnames may be spellings of one, or "".
func variant(a, b string) string {
	x, y := []rune(foldName(a)), []rune(foldName(b))
	if len(x) > len(y) {
		x, y = y, x
	}
	switch d := spelling.Apart(x, y, 2); {
	case len(x) >= 3 && strings.Contains(string(y), string(x)):
		return "one name holds the other"
	case d == 1 && len(x) >= 4, d == 2 && len(x) >= 6:
		return "few letters differ"
	}
	return ""
}
