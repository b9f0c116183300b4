package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// valuesRows is how many rows a file must have before its cells alone say something.
const valuesRows = 20

// fewWords is how many fields headers must have told of, so that they are taken to be in a
// language that we know: then a field that is missing is rather not there.
const fewWords = 4

// findByValues gives fields that no header named by what stands in the cells. All that
// it finds is a doubt.
func (g *guesser) findByValues() {
	g.reason = map[string]string{}
	if g.rows-g.flawed < valuesRows || g.holds == HoldsClaims || g.holds == HoldsExclusions {
		return
	}
	foreign := len(g.at) < fewWords
	s := g.survey()
	if _, ok := g.at["license.number"]; !ok && foreign && g.numberByValues(s) {
		s = g.survey() // now with the beginnings of numbers
	}
	v := &valuer{g, s, foreign}
	v.terms()
	v.order()
	v.profession()
	v.status()
	v.names()
	v.city()
}

// A valuer finds fields by values.
type valuer struct {
	*guesser
	*survey
	foreign bool // few headers are in a language that we know
}

// give gives a field a column, and says why.
func (g *guesser) give(field string, at int, why string, a ...any) {
	g.at[field] = at
	g.reason[field] = fmt.Sprintf(why, a...)
}

func (v *valuer) has(field string) bool { _, ok := v.at[field]; return ok }

func (v *valuer) free(at int) bool { return !v.taken(at, "") }

// numberByValues takes the column whose values differ most and are written alike.
func (g *guesser) numberByValues(s *survey) bool {
	best, most := -1, int64(0)
	for i, c := range g.columns {
		if c.isDate() || c.filled*100 < s.seen*95 || g.taken(i, "") || s.running[i]*10 >= s.seen*9 {
			continue
		}
		digits, alike := int64(0), int64(0)
		for n, f := range byCount(c.shapes) {
			if strings.Contains(f, "#") && len(f) <= 25 && !strings.ContainsAny(f, "@:") || strings.Contains(f, "#") && len(f) <= 25 && strings.Contains(f, "@") {
				digits += c.shapes[f]
			}
			if n < 8 {
				alike += c.shapes[f]
			}
		}
		if d := s.different(i, c); digits*100 >= c.filled*95 && alike*100 >= c.filled*90 && d*2 >= c.filled && d > most {
			best, most = i, d
		}
	}
	if best < 0 {
		return false
	}
	g.give("license.number", best, "%s of its %s values differ, and they are written alike", grouped(most), grouped(g.columns[best].filled))
	return true
}

// terms finds first and last days of terms and of licenses by the order in which they
// come: a license begins, then its term, then the term ends.
func (v *valuer) terms() {
	if v.onlyOrders() && !v.has("term.through") && !v.has("term.from") {
		return
	}
	full := v.fullDays()
	switch {
	case !v.has("term.through"):
		v.throughByValues(full)
	case !v.has("term.from"):
		v.fromByValues(full, v.day(v.at["term.through"]), 60)
	}
	from, ok := v.at["term.from"]
	if !ok || v.has("license.issued") || v.day(from) < 0 {
		return
	}
	best := -1
	for _, a := range full {
		if v.free(v.days[a].at) && v.inTime(a, v.day(from)) && (best < 0 || v.inTime(a, best)) {
			best = a
		}
	}
	if best >= 0 {
		v.give("license.issued", v.days[best].at, "never after %s", quote(v.header[from]))
	}
}

// fullDays are columns of days that nearly every row has, without births.
func (v *valuer) fullDays() (full []int) {
	for d := range v.days {
		if v.days[d].filled*10 >= v.seen*9 && len(v.columns[v.days[d].at].values) > 1 {
			full = append(full, d)
		}
	}
	return slices.DeleteFunc(slices.Clone(full), func(a int) bool {
		later := 0
		for _, b := range full {
			if p := v.pairs[a][b]; a != b && p.far*100 >= p.both*98 {
				later++
			}
		}
		return later >= 2 && later == len(full)-1
	})
}

// inTime says whether days of the first column nearly never come after those of the second.
func (v *valuer) inTime(a, b int) bool {
	if a < 0 || b < 0 || a == b {
		return false
	}
	p := v.pairs[a][b]
	return p.both > 0 && p.inTime*100 >= p.both*95
}

// ending weighs whether two columns are the first and last days of terms, in percent: they
// make whole years, or the last day is the same in every year.
func (v *valuer) ending(a, b int) int64 {
	p := v.pairs[a][b]
	_, same := v.days[b].end()
	return 100*p.years/max(1, p.both) + same/2
}

func (v *valuer) throughByValues(full []int) {
	from := -1
	if at, ok := v.at["term.from"]; ok {
		from = v.day(at)
	}
	best, score := [2]int{-1, -1}, int64(24)
	for _, a := range full {
		for _, b := range full {
			if !v.inTime(a, b) || !v.free(v.days[b].at) || from >= 0 && a != from || from < 0 && !v.free(v.days[a].at) && v.days[a].at != v.atOr("license.issued") {
				continue
			}
			e := v.ending(a, b)
			if e > score || e == score && v.inTime(best[0], a) {
				best, score = [2]int{a, b}, e
			}
		}
	}
	if best[0] < 0 && v.foreign {
		best = v.lastTwo(full)
	}
	if best[0] < 0 {
		return
	}
	a, b := &v.days[best[0]], &v.days[best[1]]
	end, same := b.end()
	why := "never before " + quote(v.header[a.at])
	if same >= 50 {
		why += fmt.Sprintf(", and %s in %d%% of the rows", end, same)
	}
	v.give("term.through", b.at, "%s", why)
	if v.has("term.from") {
		return
	}
	if p := v.pairs[best[0]][best[1]]; p.years*2 < p.both && !slices.ContainsFunc(full, func(c int) bool { return c != best[0] && v.inTime(c, best[0]) }) {
		if !v.has("license.issued") { // terms of all lengths: rather the first day of all terms
			v.give("license.issued", a.at, "never after %s, and at any distance from it", quote(v.header[b.at]))
		}
		return
	}
	if v.free(a.at) {
		v.give("term.from", a.at, "never after %s, which ends whole years that begin here in %d%% of the rows", quote(v.header[b.at]), 100*v.pairs[best[0]][best[1]].years/max(1, v.pairs[best[0]][best[1]].both))
	}
}

// atOr returns the column of a field, or −1.
func (v *valuer) atOr(field string) int {
	if i, ok := v.at[field]; ok {
		return i
	}
	return -1
}

// lastTwo returns the column that comes after all others, and the one before it.
func (v *valuer) lastTwo(full []int) [2]int {
	order := slices.DeleteFunc(slices.Clone(full), func(d int) bool { return !v.free(v.days[d].at) })
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(v.pairs[b][a].inTime, v.pairs[a][b].inTime)
	})
	if n := len(order); n >= 2 && v.inTime(order[n-2], order[n-1]) {
		return [2]int{order[n-2], order[n-1]}
	}
	return [2]int{-1, -1}
}

// fromByValues takes the column from which whole years run to the last day.
func (v *valuer) fromByValues(full []int, through int, least int64) {
	if through < 0 {
		return
	}
	best, score := -1, least
	for _, a := range full {
		if p := v.pairs[a][through]; v.free(v.days[a].at) && v.inTime(a, through) && 100*p.years/max(1, p.both) >= score {
			best, score = a, 100*p.years/max(1, p.both)
		}
	}
	if best >= 0 {
		v.give("term.from", v.days[best].at, "%s ends whole years that begin here in %d%% of the rows", quote(v.header[v.days[through].at]), score)
	}
}

// order finds a column that is mostly blank, and one of days that is filled with it.
func (v *valuer) order() {
	if v.has("order.action") && v.has("order.since") {
		return
	}
	for _, w := range v.words {
		c := v.columns[w]
		if !(v.free(w) || w == v.atOr("order.action")) || c.filled*10 > v.seen*6 || c.filled < 2 || c.yesNo() || v.has("order.action") && w != v.at["order.action"] {
			continue
		}
		var with []int
		for d := range v.days {
			if v.free(v.days[d].at) && v.filled[w][d]*10 >= max(c.filled, v.days[d].filled)*9 {
				with = append(with, d)
			}
		}
		if len(with) == 0 {
			continue
		}
		since := with[0]
		for _, d := range with { // the earliest; of two that are the same, that which stands nearer
			near := apart(v.days[d].at, w) < apart(v.days[since].at, w)
			if v.inTime(d, since) && (near || !v.inTime(since, d)) {
				since = d
			}
		}
		v.give("order.action", w, "it is blank in most rows, and filled with %s", quote(v.header[v.days[since].at]))
		v.give("order.since", v.days[since].at, "it is filled where %s is", quote(v.header[w]))
		for d := range v.days {
			if v.free(v.days[d].at) && v.inTime(since, d) && !v.inTime(d, since) && v.filled[w][d]*10 >= v.days[d].filled*9 && v.filled[w][d] > 0 {
				v.give("order.through", v.days[d].at, "it is filled only where %s is, and never before %s", quote(v.header[w]), quote(v.header[v.days[since].at]))
				break
			}
		}
		return
	}
}

func apart(a, b int) int { return max(a-b, b-a) }

// profession finds the words that go with the beginnings of numbers.
func (v *valuer) profession() {
	if v.has("license.profession") || !v.has("license.number") {
		return
	}
	best, most, how := -1, 0, ""
	for _, w := range v.words {
		if n, begin := v.begins[w].pairing(); v.free(w) && v.columns[w].filled*100 >= v.seen*95 && n > most {
			best, most, how = w, n, begin
		}
	}
	if best >= 0 {
		v.give("license.profession", best, "its %d words go with the %s with which numbers begin", most, how)
	}
}

// statusWords is how many different words a status has at most, if nothing else tells of it.
const statusWords = 15

// status finds a column of few words, with which a column of days is filled or blank, or
// of which one is by far the most frequent.
func (v *valuer) status() {
	at, known := v.at["status.column"]
	best, score, since, why := -1, int64(0), -1, ""
	for _, w := range v.words {
		c := v.columns[w]
		if known && w != at || !known && (!v.free(w) || c.filled*10 < v.seen*9 || len(c.values) < 2 || len(c.values) > 40 || c.yesNo() || c.isState()) {
			continue
		}
		d, gain := v.explains(w)
		words := int64(0)
		for word, n := range c.values {
			if _, ok := guessStatus(word); ok {
				words += n
			}
		}
		words = 100 * words / c.filled
		switch {
		case gain >= 80 && gain+200 > score:
			best, score, since, why = w, gain+200, d, fmt.Sprintf("its words say in which rows %s is filled", quote(v.header[v.days[d].at]))
		case words >= 50 && words+100 > score:
			best, score, since, why = w, words+100, -1, "many of its words are those of a status"
		case v.foreign && len(c.values) <= statusWords && c.top() >= 50 && c.top() > score:
			best, score, since, why = w, c.top(), -1, fmt.Sprintf("it has %d words, and one stands in %d%% of the rows", len(c.values), c.top())
		}
	}
	if best < 0 {
		return
	}
	if !known {
		v.give("status.column", best, "%s", why)
	}
	if since >= 0 && !v.has("status.since") {
		v.give("status.since", v.days[since].at, "it is filled with some words of %s and blank with others", quote(v.header[best]))
	}
}

// explains finds the column of days that is filled with some words of a column and blank
// with others, and says in percent how far the word alone tells which.
func (v *valuer) explains(w int) (day int, gain int64) {
	day = -1
	for d := range v.days {
		n := v.days[d].filled
		if !v.free(v.days[d].at) || n == 0 || n*10 > v.seen*9 {
			continue
		}
		told := int64(0)
		for word, k := range v.columns[w].values {
			f := v.with[wordDay{w, d, word}]
			told += max(f, k-f)
		}
		base := max(n, v.seen-n)
		if g := 100 * (told - base) / max(1, v.seen-base); g > gain {
			day, gain = d, g
		}
	}
	return day, gain
}

// names finds the columns of names: letters only, and the most different ones.
func (v *valuer) names() {
	if !v.foreign || slices.ContainsFunc([]string{"name.family", "name.given", "name.legal", "name.full"}, v.has) {
		return
	}
	spelled := v.spelledColumns(95)
	for _, i := range spelled {
		if c := v.columns[i]; c.commas*10 >= c.filled*9 && !v.endsInState(c) {
			v.give("name.full", i, "nearly all of its values are letters with a comma")
			return
		}
	}
	if len(spelled) == 0 {
		return
	}
	family := spelled[0]
	if c := v.columns[family]; v.different(family, c)*2 >= c.filled && c.wordsEach() >= 17 {
		v.give("name.full", family, "its values are words, and %s of %s differ", grouped(v.different(family, c)), grouped(c.filled))
		return
	}
	for _, i := range spelled[1:] {
		if (i == family-1 || i == family+1) && v.different(i, v.columns[i]) >= 8 {
			v.give("name.family", family, "of the columns with letters only it has the most different values")
			v.give("name.given", i, "it stands beside %s, and holds letters only", quote(v.header[family]))
			return
		}
	}
	v.give("name.full", family, "of the columns with letters only it has the most different values")
}

// spelledColumns are free columns with letters only in at least this share of rows, the
// most different first.
func (v *valuer) spelledColumns(percent int64) (cs []int) {
	for i, c := range v.columns {
		if v.free(i) && !c.isDate() && c.filled*100 >= v.seen*percent && c.spelled() && !v.coded(c) && v.different(i, c) >= 3 {
			cs = append(cs, i)
		}
	}
	slices.SortStableFunc(cs, func(a, b int) int {
		return cmp.Compare(v.different(b, v.columns[b]), v.different(a, v.columns[a]))
	})
	return cs
}

// coded says whether most values are of three letters or fewer, as codes are.
func (v *valuer) coded(c *column) bool {
	n := int64(0)
	for w, k := range c.values {
		if len(w) <= 3 {
			n += k
		}
	}
	return n*2 >= total(c.values)
}

// endsInState says whether two capitals stand behind the comma: a city and its state.
func (v *valuer) endsInState(c *column) bool {
	n := int64(0)
	for w, k := range c.values {
		if _, end, ok := strings.Cut(w, ","); ok && len(strings.TrimSpace(end)) == 2 {
			n += k
		}
	}
	return n*2 >= total(c.values)
}

// wordsEach is how many words a value has, times ten.
func (c *column) wordsEach() int64 {
	n := int64(0)
	for v, k := range c.values {
		n += k * int64(len(strings.Fields(v)))
	}
	return 10 * n / max(1, total(c.values))
}

// city finds a column of letters that is neither a name nor a status.
func (v *valuer) city() {
	if !v.foreign || v.has("address.city") {
		return
	}
	for _, i := range v.spelledColumns(80) {
		if c := v.columns[i]; c.top() <= 60 && c.wordsEach() < 25 {
			v.give("address.city", i, "its values are words, %s different ones, and tell of nothing else", grouped(v.different(i, c)))
			return
		}
	}
}
