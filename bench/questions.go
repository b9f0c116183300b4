package main

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"licet/internal/answer"
	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/license"
)

// People are a sample of those in the registry, drawn with the same seed in every
// run, and the questions are about them.
type people struct {
	random *rand.Rand
	all    []person
	firms  []string
	accent []person // whose family name has one
	common []string // family names
	rare   []string // of one person in the sample
	given  []string // the commonest first
}

type person struct{ family, given, city, profession string }

// sampled is how many licenses are looked at.
const sampled = 20_000

// draw lists the numbers of all licenses, and draws people.
func draw(s *ledger.State) (numbers []string, p *people) {
	p = &people{random: rand.New(rand.NewPCG(7, 7))}
	var ids []string
	const each = 10_000
	for after := ""; ; {
		page := must(s.IDs(license.KindLicense, after, each))
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1]
		ids = append(ids, page...)
	}
	for _, id := range ids {
		numbers = append(numbers, must(license.ParseID(id)).Number)
	}
	for range min(sampled, len(ids)) {
		p.look(s, ids[p.random.IntN(len(ids))])
	}
	p.count()
	return numbers, p
}

// look takes a license into the sample.
func (p *people) look(s *ledger.State, id string) {
	var l license.License
	must(s.Record(license.KindLicense, id, &l))
	text := func(kind string) []byte {
		o := must(s.Opening(l.OpeningOn(kind, license.DayMax)))
		if o == nil {
			return nil
		}
		return o.Bytes
	}
	n, err := license.ParseName(text(license.OpeningName))
	if err != nil {
		return // no name in the file
	}
	if n.Legal != "" {
		p.firms = append(p.firms, n.Legal)
	}
	family := strings.Fields(n.Family)
	given := strings.Fields(n.Given)
	if len(family) == 0 || len(given) == 0 || len(family[len(family)-1]) < 5 {
		return
	}
	x := person{family[len(family)-1], given[0], string(text(license.OpeningCity)), must(license.ParseID(id)).ProfessionID()}
	p.all = append(p.all, x)
	if plainLetters(x.family) != x.family {
		p.accent = append(p.accent, x)
	}
}

// count finds the common and the rare among the names.
func (p *people) count() {
	families, given := map[string]int{}, map[string]int{}
	for _, x := range p.all {
		families[x.family]++
		given[x.given]++
	}
	byCount := func(m map[string]int) []string {
		return slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(m[b]-m[a], strings.Compare(a, b)) })
	}
	all := byCount(families)
	p.common = all[:min(20, len(all))]
	for _, f := range all {
		if families[f] == 1 {
			p.rare = append(p.rare, f)
		}
	}
	p.given = byCount(given)
}

// plainLetters takes accents away.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 127 {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

type searchKind struct {
	name string
	of   func() answer.Search
}

// questions are those about names.
func (x *searched) questions() []searchKind {
	p := x.people
	anybody := func() person { return p.all[p.random.IntN(len(p.all))] }
	any := func(s []string) string { return s[p.random.IntN(len(s))] }
	kind := func(name string, of func() lookup.Query) searchKind {
		return searchKind{name, func() answer.Search { return answer.Search{Query: of()} }}
	}
	named := func(name string, of func() string) searchKind {
		return kind(name, func() lookup.Query { return lookup.Query{Name: of()} })
	}
	kinds := []searchKind{
		named("family and given name", func() string { p := anybody(); return p.given + " " + p.family }),
		named("family name", func() string { return anybody().family }),
		named("common family name", func() string { return any(p.common) }),
		named("rare family name", func() string { return any(p.rare) }),
		named("beginnings of both", func() string { p := anybody(); return p.family[:4] + " " + p.given[:2] }),
		named("a part of the family name", func() string { return anybody().family[2:] }),
		named("family name with a letter wrong", func() string { return p.mistyped(anybody().family) }),
		named("words of a firm's name", func() string { return strings.Join(strings.Fields(any(p.firms))[:2], " ") }),
		named("two of the commonest given names", func() string { return p.given[p.random.IntN(10)] + " " + p.given[10+p.random.IntN(10)] }),
		kind("family name and city", func() lookup.Query { p := anybody(); return lookup.Query{Name: p.family, City: p.city} }),
		kind("given name and city", func() lookup.Query { p := anybody(); return lookup.Query{Name: p.given, City: p.city} }),
		kind("common family name and profession", func() lookup.Query {
			return lookup.Query{Name: any(p.common), Profession: anybody().profession}
		}),
		{"family name and status", func() answer.Search {
			return answer.Search{Query: lookup.Query{Name: anybody().family, On: "2026-06-15"}, Status: "ACTIVE"}
		}},
	}
	if len(p.accent) > 0 {
		kinds = append(kinds, named("family name without its accents", func() string { return plainLetters(p.accent[p.random.IntN(len(p.accent))].family) }))
	}
	return kinds
}

// otherQuestions are what costs most among those about no name.
func (x *searched) otherQuestions() []searchKind {
	return []searchKind{{"status that nobody has", func() answer.Search {
		return answer.Search{Query: lookup.Query{On: "2150-01-01"}, Status: "ACTIVE"}
	}}}
}

// mistyped has another letter in the place of one.
func (p *people) mistyped(w string) string {
	letters := []rune(w)
	letters[1+p.random.IntN(len(letters)-1)] = 'X'
	return string(letters)
}
