package importer

import (
	"fmt"
	"regexp"
	"strings"

	"licet/license"
)

// A layout says how a file writes a date. It is made of YYYY, MM or M, DD or D,
// and other characters that stand for themselves. M and D are one or two digits.
// MON is an English month of three letters. TIME is a time of day, which is not kept.
// There is no YY: a century is not guessed.
type layout struct {
	text  string
	parts []string
}

func parseLayout(s string) (layout, error) {
	l := layout{text: s}
	seen := map[byte]int{}
	for rest := s; rest != ""; {
		n := 1
		if word := layoutWord(rest); word != "" {
			n = len(word)
			seen[word[0]]++
		} else if c := rest[0]; c == 'Y' || c == 'M' || c == 'D' {
			for n < len(rest) && rest[n] == c {
				n++
			}
			seen[c]++
			if c == 'Y' && n != 4 || c != 'Y' && n > 2 {
				return l, fmt.Errorf("date layout %q: write YYYY, MM or M, DD or D", s)
			}
		}
		l.parts = append(l.parts, rest[:n])
		rest = rest[n:]
	}
	if seen['T'] > 1 || seen['Y'] != 1 || seen['M'] != 1 || seen['D'] != 1 {
		return l, fmt.Errorf("date layout %q: year, month and day stand once each, as in MM/DD/YYYY", s)
	}
	return l, nil
}

// read returns the day that s writes in this layout, or "".
func (l layout) read(s string) license.Day {
	var year, month, day string
	for _, p := range l.parts {
		var got string
		switch p {
		case "MON":
			if month, s = leadingMonth(s); month == "" {
				return ""
			}
			continue
		case "TIME":
			i := len(timeOfDay.FindString(s))
			if i == 0 {
				return ""
			}
			s = s[i:]
			continue
		}
		switch p[0] {
		case 'Y', 'M', 'D':
			got, s = leadingDigits(s, len(p))
			if got == "" {
				return ""
			}
		default:
			if !strings.HasPrefix(s, p) {
				return ""
			}
			s = s[len(p):]
		}
		switch p[0] {
		case 'Y':
			year = got
		case 'M':
			month = got
		case 'D':
			day = got
		}
	}
	if s != "" {
		return ""
	}
	d, err := license.ParseDay(year + "-" + pad(month) + "-" + pad(day))
	if err != nil {
		return ""
	}
	return d
}

// leadingDigits cuts off n digits; of one, up to two.
func leadingDigits(s string, n int) (digits, rest string) {
	i := 0
	for i < len(s) && i < max(n, 2) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i < n {
		return "", s
	}
	return s[:i], s[i:]
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// day reads a date by the mapping's layouts. Where two of them read it as
// different days, neither counts.
func (m *Mapping) day(s string) (d license.Day, ambiguous bool) {
	for _, l := range m.layouts {
		if e := l.read(s); e != "" && d != "" && e != d {
			return "", true
		} else if e != "" {
			d = e
		}
	}
	return d, false
}

func (m *Mapping) layoutNames() string { return strings.Join(m.File.Dates, " or ") }

func layoutWord(rest string) string {
	for _, w := range []string{"MON", "TIME"} {
		if strings.HasPrefix(rest, w) {
			return w
		}
	}
	return ""
}

// timeOfDay is a time without a zone, or midnight in UTC as programs write a day.
var timeOfDay = regexp.MustCompile(`^(00:00(:00(\.0+)?)?Z|[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?( ?[AaPp][Mm])?)`)

const months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"

func leadingMonth(s string) (month, rest string) {
	if len(s) < 3 {
		return "", s
	}
	i := strings.Index(months, strings.ToUpper(s[:3]))
	if i < 0 || i%3 != 0 {
		return "", s
	}
	return fmt.Sprint(i/3 + 1), s[3:]
}
