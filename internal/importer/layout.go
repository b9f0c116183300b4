package importer

import (
	"fmt"
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
			i := timeOfDay(s)
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

// timeOfDay returns how long the time of day is with which s begins: hours and
// minutes, then perhaps seconds, parts of them, and AM or PM. A zone could make it
// another day, so there is none but UTC at midnight, as programs write a day.
func timeOfDay(s string) int {
	i := clock(s)
	if i == 0 {
		return 0
	}
	midnight := strings.Trim(s[:i], "0:.") == ""
	if i < len(s) && s[i] == 'Z' && midnight {
		return i + 1
	}
	half := strings.TrimPrefix(s[i:], " ")
	if len(half) >= 2 && strings.ContainsRune("AaPp", rune(half[0])) && (half[1] == 'M' || half[1] == 'm') {
		return len(s) - len(half) + 2
	}
	return i
}

// clock returns where digits like 9:05, 09:05:59 or 09:05:59.000 end, or 0.
func clock(s string) int {
	hours, rest := leadingDigits(s, 1)
	if hours == "" || len(rest) < 3 || rest[0] != ':' {
		return 0
	}
	minutes, rest := leadingDigits(rest[1:], 2)
	if minutes == "" || minutes > "59" || len(hours) == 2 && hours > "24" {
		return 0
	}
	if len(rest) >= 3 && rest[0] == ':' {
		seconds, more := leadingDigits(rest[1:], 2)
		if seconds == "" || seconds > "60" {
			return 0
		}
		rest = more
		if len(rest) >= 2 && rest[0] == '.' {
			digits := len(rest[1:]) - len(strings.TrimLeft(rest[1:], "0123456789"))
			if digits > 0 && digits <= 9 {
				rest = rest[1+digits:]
			}
		}
	}
	return len(s) - len(rest)
}

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
