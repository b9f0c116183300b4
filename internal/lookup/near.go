package lookup

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"licet/internal/spelling"
)

// wordsEach bounds the words that one word of a question is read as.
const wordsEach = 16

// test reads a word of a question in a way.
func (s *session) test(ctx context.Context, word, way string) (t wordTest, err error) {
	t = wordTest{word: word}
	switch n := utf8.RuneCountInString(word); {
	case way == MatchPart && n >= partMin:
		t.inside = true
		t.near, err = s.list(ctx, "SELECT DISTINCT word FROM forms WHERE form >= ? AND form < ? LIMIT ?", "+"+word, "+"+word+afterAll, 4*wordsEach)
	case way == MatchNear && n >= nearMin:
		t.near, err = s.nearest(ctx, word)
	}
	return t, err
}

// nearest finds the words of names that differ from a word by one letter: another
// one, one more, one less, or two neighbors swapped. Of long words also those that
// differ by two, as far as they share a form. The nearest come first.
func (s *session) nearest(ctx context.Context, word string) (out []string, err error) {
	distance, letters := map[string]int{}, []rune(word)
	consider := func(found []string) {
		for _, w := range found {
			if _, seen := distance[w]; seen {
				continue
			}
			if d := spelling.Apart(letters, []rune(w), allowed(word)); d > 0 && d <= allowed(word) {
				distance[w] = d
				out = append(out, w)
			}
		}
	}
	for _, f := range append(shortened(word), word) {
		found, err := s.list(ctx, "SELECT word FROM forms WHERE form = ? LIMIT ?", "-"+f, 8*wordsEach)
		if err != nil {
			return nil, err
		}
		consider(found)
		var known bool // the question has a letter too many
		if err := s.row(ctx, hasTerm, f).Scan(&known); err != nil {
			return nil, err
		}
		if known {
			consider([]string{f})
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(distance[a], distance[b]), cmp.Compare(a, b)) })
	return out[:min(len(out), wordsEach)], nil
}

// allowed is how many letters of a word may be wrong.
func allowed(word string) int {
	if utf8.RuneCountInString(word) >= 8 {
		return 2
	}
	return 1
}
