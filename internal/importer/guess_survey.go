package importer

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"licet/license"
)

// Where headers say nothing, the cells do: which days never come after which, which
// cells are filled in the same rows, which words go with which numbers. A survey reads
// the rows once more and counts that.
type survey struct {
	seen    int64
	days    []dayColumn
	pairs   [][]dayPair // of days, first by second
	words   []int       // columns of few different words
	with    map[wordDay]int64
	filled  map[int][]int64 // of a column of words: rows in which it and days[i] are filled
	begins  map[int]*beginnings
	differ  map[int]map[uint64]struct{} // different values of columns that have too many to remember
	running map[int]int64               // rows that hold one more than the row before
}

// A dayColumn is what is known of a column of days.
type dayColumn struct {
	at     int
	layout layout
	filled int64
	ends   map[string]int64 // month and day → rows
}

// A dayPair compares two columns in rows where both are filled.
type dayPair struct {
	both   int64
	inTime int64 // the first is not after the second
	years  int64 // the second ends whole years that begin with the first
	far    int64 // sixteen years or more lie between
}

type wordDay struct {
	column, day int
	word        string
}

// beginnings counts with which letters or digits the numbers begin that stand beside a word.
type beginnings struct{ letters, two, three map[[2]string]int64 }

// Limits of what a survey looks at.
const (
	surveyDays  = 12
	surveyWords = 12
	wordsFew    = 60
)

// survey reads the rows for what several cells say together. Columns that words gave
// away are looked at too: others stand beside them.
func (g *guesser) survey() *survey {
	s := &survey{with: map[wordDay]int64{}, filled: map[int][]int64{}, begins: map[int]*beginnings{}, differ: map[int]map[uint64]struct{}{}, running: map[int]int64{}}
	var plain []int
	for i, c := range g.columns {
		switch {
		case c.filled == 0:
		case c.isDate() && len(s.days) < surveyDays:
			name, _ := c.layout()
			l, _ := parseLayout(name)
			s.days = append(s.days, dayColumn{at: i, layout: l, ends: map[string]int64{}})
		case !c.more && len(c.values) <= wordsFew && len(s.words) < surveyWords && c.worded():
			s.words = append(s.words, i)
		}
		if !c.isDate() && c.filled > 0 {
			plain = append(plain, i)
			if c.more {
				s.differ[i] = map[uint64]struct{}{}
			}
		}
	}
	for range s.days {
		s.pairs = append(s.pairs, make([]dayPair, len(s.days)))
	}
	for _, i := range s.words {
		s.filled[i] = make([]int64, len(s.days))
		s.begins[i] = &beginnings{map[[2]string]int64{}, map[[2]string]int64{}, map[[2]string]int64{}}
	}
	number, numbered := g.at["license.number"]
	seed, last := maphash.MakeSeed(), map[int]int64{}
	days := make([]license.Day, len(s.days))
	g.eachRow(func(fields []string) bool {
		s.seen++
		s.seeDays(fields, days)
		for _, i := range s.words {
			v := strings.TrimSpace(fields[i])
			if v == "" || isPlaceholder[v] {
				continue
			}
			for d := range days {
				if days[d] != "" {
					s.filled[i][d]++
					s.with[wordDay{i, d, v}]++
				}
			}
			if numbered {
				s.begins[i].add(v, strings.TrimSpace(fields[number]))
			}
		}
		for _, i := range plain {
			v := strings.TrimSpace(fields[i])
			if m := s.differ[i]; m != nil {
				m[maphash.String(seed, v)] = struct{}{}
			}
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				if n == last[i]+1 {
					s.running[i]++
				}
				last[i] = n
			}
		}
		return true
	})
	return s
}

func (s *survey) seeDays(fields []string, days []license.Day) {
	for d := range s.days {
		c := &s.days[d]
		if days[d] = c.layout.read(strings.TrimSpace(fields[c.at])); days[d] != "" {
			c.filled++
			c.ends[string(days[d][5:])]++
		}
	}
	for b := range days {
		if days[b] == "" {
			continue
		}
		next, _ := dayAfter(days[b])
		for a := range days {
			if a == b || days[a] == "" {
				continue
			}
			p := &s.pairs[a][b]
			p.both++
			if days[a] <= days[b] {
				p.inTime++
			}
			if days[a] < days[b] && (days[a][5:] == days[b][5:] || next != "" && days[a][5:] == next[5:]) {
				p.years++
			}
			if yearOf(days[b])-yearOf(days[a]) >= 16 {
				p.far++
			}
		}
	}
}

func yearOf(d license.Day) int {
	n, _ := strconv.Atoi(string(d[:4]))
	return n
}

func (b *beginnings) add(word, number string) {
	digit := strings.IndexAny(number, "0123456789")
	if digit < 0 {
		return
	}
	digits := number[digit:]
	for _, x := range []struct {
		counts map[[2]string]int64
		begin  string
	}{{b.letters, number[:digit]}, {b.two, digits[:min(2, len(digits))]}, {b.three, digits[:min(3, len(digits))]}} {
		if k := [2]string{word, x.begin}; x.counts[k] > 0 || len(x.counts) < valuesMax {
			x.counts[k]++
		}
	}
}

// pairing says whether each word goes with one beginning of numbers and each beginning
// with one word, and how many words there are.
func (b *beginnings) pairing() (words int, begin string) {
	for _, x := range []struct {
		counts map[[2]string]int64
		name   string
	}{{b.letters, "letters"}, {b.two, "two digits"}, {b.three, "three digits"}} {
		best, of, all := map[string]int64{}, map[string]string{}, int64(0)
		for k, n := range x.counts {
			all += n
			if n > best[k[0]] || n == best[k[0]] && k[1] < of[k[0]] {
				best[k[0]], of[k[0]] = n, k[1]
			}
		}
		fit, begins := int64(0), map[string]bool{}
		for w, n := range best {
			fit += n
			begins[of[w]] = true
		}
		if len(best) >= 2 && len(begins) == len(best) && fit*100 >= all*98 {
			return len(best), x.name
		}
	}
	return 0, ""
}

// worded says whether the values are made of words: most hold a letter.
func (c *column) worded() bool {
	n := int64(0)
	for v, k := range c.values {
		if strings.ContainsFunc(v, unicode.IsLetter) {
			n += k
		}
	}
	return n*10 >= c.filled*9
}

// spelled says whether nearly all values are letters, and what stands in names.
func (c *column) spelled() bool {
	n := int64(0)
	for v, k := range c.values {
		if !strings.ContainsFunc(v, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(" -'’.,", r) }) {
			n += k
		}
	}
	return n > 0 && n*100 >= total(c.values)*95
}

// top returns the share in percent of the most frequent value.
func (c *column) top() int64 {
	best := int64(0)
	for _, n := range c.values {
		best = max(best, n)
	}
	return 100 * best / max(1, c.filled)
}

// different is how many different values a column has.
func (s *survey) different(i int, c *column) int64 {
	if m := s.differ[i]; m != nil {
		return int64(len(m))
	}
	return int64(len(c.values))
}

// day returns the place of a column among the columns of days, or −1.
func (s *survey) day(at int) int {
	return slices.IndexFunc(s.days, func(c dayColumn) bool { return c.at == at })
}

// end returns the month and day that most days of a column have, and their share in percent.
func (c *dayColumn) end() (string, int64) {
	best := ""
	for _, e := range byCount(c.ends) {
		best = e
		break
	}
	return best, 100 * c.ends[best] / max(1, c.filled)
}
