package answer

import (
	"slices"
	"strings"

	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/license"
)

// A Status is a word by which licenses can be searched.
type Status struct {
	Word  string   // as a board writes it, or ours
	Codes []string // of standings that it stands for
}

// Statuses lists the words by which licenses can be searched: what a license lets
// its holder do, then how it stands and which orders are on it, in our words and
// in those that boards have set. All professions are read for it, so it is made
// once for a state; the caller changes nothing in it.
func (r *Registry) Statuses() ([]Status, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	r.recent.mu.Lock()
	defer r.recent.mu.Unlock()
	r.recent.of(s)
	if r.recent.statuses == nil {
		all, err := statusesOf(s)
		if err != nil {
			return nil, err
		}
		r.recent.statuses = all
	}
	return r.recent.statuses, nil
}

func statusesOf(s *ledger.State) (out []Status, err error) {
	add := func(word, code string) {
		i := slices.IndexFunc(out, func(x Status) bool { return x.Word == word })
		if i < 0 {
			i = len(out)
			out = append(out, Status{Word: word})
		}
		if !slices.Contains(out[i].Codes, code) {
			out[i].Codes = append(out[i].Codes, code)
		}
	}
	add("may practice", license.MayPractice)
	add("may practice with conditions", license.MayWithLimits)
	add("may not practice", license.MayNotPractice)
	add("not known", license.MayIsNotKnown)
	first := len(out)
	for _, c := range lookup.Codes() {
		add(license.Word(nil, c), c)
	}
	err = eachProfession(s, func(_ string, p *license.Profession, _ *license.Board) error {
		for _, c := range lookup.Codes() {
			add(license.Word(p, c), c)
		}
		return nil
	})
	slices.SortFunc(out[first:], func(a, b Status) int { return strings.Compare(a.Word, b.Word) })
	return out, err
}

// codesOf returns the codes that a status stands for: the word of some board, or a
// code itself.
func (r *Registry) codesOf(word string) ([]string, error) {
	all, err := r.Statuses()
	if err != nil {
		return nil, err
	}
	word = strings.Join(strings.Fields(word), " ")
	var codes, words []string
	for _, s := range all {
		if strings.EqualFold(s.Word, word) {
			codes = append(codes, s.Codes...)
		}
		for _, c := range s.Codes {
			if strings.EqualFold(c, word) {
				codes = append(codes, c)
			}
		}
		words = append(words, s.Word)
	}
	if len(codes) == 0 {
		return nil, problem("bad-status", "%q is no status here. A status is one of: %s.", word, strings.Join(words, ", "))
	}
	slices.Sort(codes)
	return slices.Compact(codes), nil
}

// has says whether the license has one of the statuses.
func (it *Item) has(codes []string) bool {
	return slices.ContainsFunc(it.codes, func(c string) bool { return slices.Contains(codes, c) })
}
