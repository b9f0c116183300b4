package importer

import (
	"fmt"
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

func (p *planner) settled(at spot) (bool, error) {
	if p.opts.Settled == nil {
		return false, nil
	}
	r, err := p.src.at(at.place)
	return err == nil && p.opts.Settled(r.License.String()), err
}

// surnamesShown is how many surnames of a number are looked at.
const surnamesShown = 8

// quarantine sets the rows of a license aside whose surnames differ. Which of them
// are one person is never decided here; what looks like a variant is said.
func (p *planner) quarantine(rows []spot) error {
	names, err := p.src.surnames(rows)
	if err != nil {
		return err
	}
	reason := twoSurnames(names)
	for _, at := range rows {
		if at.flawed { // and told of already
			continue
		}
		r, err := p.src.at(at.place)
		if err == nil {
			err = p.ctx.Err()
		}
		if err != nil {
			return err
		}
		p.tell(Result{
			Row: r.Number, Line: r.Line, License: r.licenseID(), Outcome: Quarantined,
			Flaws: []Flaw{{Column: p.src.Mapping.familyColumn(), Value: shown(r.family), Reason: reason, Rule: "two-surnames"}},
		})
		p.step()
	}
	return nil
}

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

// twoSurnames says which surnames stand under one number, and what they look like.
func twoSurnames(names []string) string {
	var all []string
	for _, n := range names {
		all = append(all, shown(n))
	}
	alike := "Nothing in their spelling says that they are one person's."
	for i, a := range names {
		for _, b := range names[:i] {
			if why := variant(a, b); why != "" {
				alike = fmt.Sprintf("%s and %s may be one: %s.", shown(b), shown(a), why)
			}
		}
	}
	return fmt.Sprintf("The file has this number under several surnames: %s. %s A person decides; nothing is merged.", strings.Join(all, ", "), alike)
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
