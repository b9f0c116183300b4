package lookup

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// A termRange is a run of postings: terms from first on, before end.
type termRange struct{ first, end string }

func exactly(term string) termRange { return termRange{term, term + "\x00"} }
func beginning(s string) termRange  { return termRange{s, s + afterAll} }

// A source is where candidates come from: runs of postings in their order, or,
// without any, the licenses with a value in an indexed column.
type source struct {
	word   int // whose postings these are, of the question's words; -1: others'
	terms  string
	runs   []termRange
	column string // id, loose or npi
	value  string
}

const (
	fromPostings = "SELECT term, names, license FROM postings WHERE (term, names, license) > (?, ?, ?) AND term < ? ORDER BY term, names, license"
	fromLicenses = "SELECT '' AS term, names, key AS license FROM licenses WHERE %s = ? AND key > ? ORDER BY key"
)

// parts are how many statements it takes to go through the source.
func (s *source) parts() int { return max(1, len(s.runs)) }

// part returns the statement for a part, after a posting.
func (s *source) part(i int, after cursor) (text string, args []any) {
	if len(s.runs) == 0 {
		return strings.Replace(fromLicenses, "%s", s.column, 1), []any{s.value, after.License}
	}
	r := s.runs[i]
	if after.Term < r.first { // the run was not begun
		after = cursor{Term: r.first, License: -1}
	}
	return fromPostings, []any{after.Term, after.Names, after.License, r.end}
}

// begun returns the part in which a page after a posting begins.
func (s *source) begun(after cursor) int {
	i := slices.IndexFunc(s.runs, func(r termRange) bool { return r.end > after.Term })
	switch {
	case len(s.runs) == 0:
		return 0
	case i < 0:
		return len(s.runs)
	}
	return i
}

// column returns the indexed column that answers the question nearly alone, "" when
// there is none.
func (c *question) column() (name, value string) {
	switch {
	case c.ID != "":
		return "id", c.ID
	case c.NPI != "":
		// SQLite takes a partial index when the statement implies its condition.
		return "npi <> '' AND npi", c.NPI
	case c.loose != "":
		return "loose", c.loose
	}
	return "", ""
}

// source chooses where the candidates of a question come from: what the fewest
// licenses have. tests are those of the name's words.
func (s *session) source(ctx context.Context, q *question, tests []wordTest, professions []string, examined int64) (*source, error) {
	if column, value := q.column(); column != "" {
		return &source{word: -1, column: column, value: value}, nil
	}
	var all []*source
	for i, t := range tests {
		all = append(all, &source{word: i, runs: t.runs()})
	}
	if q.city != "" {
		all = append(all, &source{word: -1, terms: termCity, runs: []termRange{exactly(termCity + q.city)}})
	}
	if runs := statusRuns(q.Status); runs != nil {
		all = append(all, &source{word: -1, terms: termStatus, runs: runs})
	}
	if professions != nil {
		p := &source{word: -1, terms: termProfession}
		for _, id := range professions {
			p.runs = append(p.runs, exactly(termProfession+id))
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		return &source{word: -1, terms: termProfession, runs: []termRange{beginning(termProfession)}}, nil
	}
	return s.smallest(ctx, all, examined)
}

// runs are the postings of the words that fit, in their order.
func (t *wordTest) runs() []termRange {
	runs := []termRange{beginning(t.word)}
	for _, w := range t.near {
		if !strings.HasPrefix(w, t.word) {
			runs = append(runs, exactly(w))
		}
	}
	slices.SortFunc(runs, func(a, b termRange) int { return cmp.Compare(a.first, b.first) })
	return runs
}

// statusRuns are the postings of status codes, nil when some have none.
func statusRuns(codes []string) (runs []termRange) {
	codes = slices.Sorted(slices.Values(codes))
	for _, c := range slices.Compact(codes) {
		if slices.Contains(usualCodes, c) {
			return nil
		}
		runs = append(runs, exactly(termStatus+c))
	}
	return runs
}

// smallest counts in all sources at once, in growing steps, until one is at its
// end: that costs as much as the smallest, a few times over, and never more.
func (s *session) smallest(ctx context.Context, all []*source, examined int64) (*source, error) {
	if len(all) == 1 {
		return all[0], nil
	}
	for upTo := int64(128); upTo <= examined; upTo *= 8 {
		best, fewest := (*source)(nil), upTo
		for _, c := range all {
			n, err := s.count(ctx, c, upTo)
			if err != nil {
				return nil, err
			}
			if n < fewest {
				best, fewest = c, n
			}
		}
		if best != nil {
			return best, nil
		}
	}
	return all[0], nil
}

// count counts the postings of a source, up to a number.
func (s *session) count(ctx context.Context, c *source, upTo int64) (n int64, err error) {
	for i := range c.parts() {
		text, args := c.part(i, cursor{})
		k, err := s.countIn(ctx, text, args, upTo-n)
		if n += k; err != nil || n >= upTo {
			return n, err
		}
	}
	return n, nil
}

func (s *session) countIn(ctx context.Context, text string, args []any, upTo int64) (n int64, err error) {
	err = s.row(ctx, "SELECT count(*) FROM ("+text+" LIMIT ?)", append(args, upTo)...).Scan(&n)
	return n, err
}
