package lookup

import (
	"cmp"
	"slices"
	"strings"

	"licet/license"
	"licet/strict"
)

// factsMax bounds the facts about one license that are read for its names.
const factsMax = 1000

// hasFacts says whether a board has recorded any fact, so that who copies a million
// rows of a board that has none does not look for them license by license.
func (r *reader) hasFacts(board string) (bool, error) {
	if has, known := r.facts[board]; known {
		return has, nil
	}
	ids, err := r.state.IDs(license.KindFact, board+"/", 1)
	if err != nil {
		return false, err
	}
	r.facts[board] = len(ids) > 0 && license.BoardOf(license.KindFact, ids[0]) == board
	return r.facts[board], nil
}

// A trade is a name under which a holder does or did business.
type trade struct {
	name  string
	ended bool
	from  license.Day
}

// tradeNames returns the names under which the holder does and did business, as far
// as the public may see them: those that go on first, then the newest.
func (v view) tradeNames(id string) ([]string, error) {
	ids, err := v.state.FactsAbout(id, factsMax)
	if err != nil {
		return nil, err
	}
	var all []trade
	for _, fact := range ids {
		ts, err := v.tradesOf(fact)
		if err != nil {
			return nil, err
		}
		all = append(all, ts...)
	}
	slices.SortStableFunc(all, func(a, b trade) int {
		if a.ended != b.ended {
			if a.ended {
				return 1
			}
			return -1
		}
		return cmp.Compare(b.from, a.from)
	})
	var names []string
	for _, t := range all {
		if t.name != "" && !slices.Contains(names, t.name) {
			names = append(names, t.name)
		}
	}
	return names, nil
}

// tradesOf returns the names that one fact has said. One that was amended from a
// later day on is a former name; one that was amended from its own day on, or ended
// on it, was a mistake, and nobody is found by it.
func (v view) tradesOf(id string) (out []trade, err error) {
	var f license.Fact
	if ok, err := v.state.Record(license.KindFact, id, &f); err != nil || !ok || f.Code != license.FactDBA {
		return nil, err
	}
	said := []license.Fact{f}
	if f.Count > 1 {
		if said, err = v.versions(id); err != nil {
			return nil, err
		}
	}
	for i, f := range said {
		if i+1 < len(said) && said[i+1].Day <= f.Day || f.Ended != "" && f.Ended <= f.Day {
			continue
		}
		name, err := v.tradeName(&f)
		if err != nil {
			return nil, err
		}
		out = append(out, trade{name, f.Ended != "" || i+1 < len(said), f.Day})
	}
	return out, nil
}

// versions returns what a fact has said, the oldest first.
func (v view) versions(id string) (out []license.Fact, err error) {
	es, err := v.state.Entries(license.KindFact, id)
	if err != nil {
		return nil, err
	}
	for _, e := range es {
		var f license.Fact
		if err := strict.Decode(e.Body, &f, license.EntryBytesMax); err != nil {
			return nil, err
		}
		if f.Ended != "" && len(out) > 0 {
			out = out[:len(out)-1] // the same words, ended
		}
		out = append(out, f)
	}
	return out, nil
}

// tradeName returns the name that a fact says, in one line: what its opening says,
// or, without one, its party.
func (v view) tradeName(f *license.Fact) (string, error) {
	text := f.Party
	if f.Commitment != (license.Hash{}) {
		o, err := v.open(license.OpeningFact, f.Commitment)
		if o == nil || err != nil {
			return "", err
		}
		text = string(o.Bytes)
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(cut(text, 4*foldedMax), "")), " "), nil
}
