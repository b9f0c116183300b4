package importer

import (
	"slices"
	"strings"
)

// A looseTerm knows a column by words of its name among others.
type looseTerm struct {
	all  string // words that it has
	none string // words that it has not
}

// looseTerms are for headers that no fieldTerms have, the surest first. What they find
// is a doubt.
var looseTerms = map[string][]looseTerm{
	"license.number": {
		{"license number", "previous old related supervisor"},
		{"permit number", "previous"},
		{"credential number", "previous"},
		{"certificate number", "birth"},
		{"registration number", ""},
		{"license id", ""},
		{"number", "phone telephone fax street house case ssn entity npi account file record sequence"},
	},
	"license.profession": {
		{"license type", "code sub"}, {"permit type", ""}, {"credential type", ""}, {"profession", "code sub"}, {"occupation", ""}, {"specialty", ""}, {"kind", ""}, {"class", "code sub"}, {"category", "sub"}, {"type", "record entity business address phone status action"},
	},
	"license.issued": {
		{"original date", "expiration birth"}, {"original issue", ""}, {"first issue", "last"}, {"initial date", "expiration"}, {"initial issue", ""}, {"issue", "last expiration status"}, {"licensure date", "expiration"}, {"registration date", "expiration end last renewal"}, {"license date", "expiration end last renewal effective status birth"}, {"grant date", ""},
	},
	"term.from": {
		{"effective", "status expiration discipline action"}, {"renewal date", "next expiration due"}, {"last issue", ""}, {"valid from", ""}, {"term start", ""}, {"start", "discipline action status end"}, {"from", ""},
	},
	"term.through": {
		{"expiration", "status reason ce original discipline"}, {"until", ""}, {"valid through", ""}, {"term end", ""}, {"end", "discipline action status start"}, {"renewal due", ""},
	},
	"name.family": {{"last name", "former previous maiden contact official supervisor owner manager middle business"}, {"last licensee", "date"}, {"last", "date issue renewal update modified action former"}},
	"name.given":  {{"first name", "former previous contact official supervisor owner manager"}, {"first licensee", "date"}, {"given", ""}, {"first", "date issue"}},
	"name.middle": {{"middle", "last former"}},
	"name.suffix": {{"suffix", ""}},
	"name.legal":  {{"business name", "dba trade"}, {"entity name", ""}, {"organization name", "last"}, {"company", ""}, {"facility name", ""}, {"legal name", "last first"}, {"establishment", "type"}},
	"name.dba":    {{"dba", ""}, {"trade name", ""}},
	"name.full":   {{"full name", ""}, {"licensee name", ""}, {"holder", "type"}, {"registrant", "number id"}, {"practitioner", "type"}, {"name", "agency board city county school profession type license status business state country first last middle former program file"}},
	"address.street": {
		{"street", "2"}, {"address", "2 email mail city state zip county country line2 type"},
	},
	"address.city":  {{"city", "state birth school"}, {"town", ""}, {"municipality", ""}},
	"address.state": {{"state", "city license birth school status"}},
	"address.zip":   {{"zip", ""}, {"postal", ""}},
	"status.column": {{"license status", "date reason since change"}, {"status", "date reason since change expiration marital compact action"}, {"standing", "date"}, {"state license", "number"}},
	"status.since":  {{"date status", ""}, {"since status", ""}},
	"file.newest":   {{"date updated", ""}, {"date update", ""}, {"date modified", ""}, {"refreshed", ""}},
}

// findLoosely gives a field the column that one of its loose terms fits best.
func (g *guesser) findLoosely(field string) {
	for _, l := range looseTerms[field] {
		best, words := -1, 0
		for i, t := range g.terms {
			w := strings.Fields(t)
			if !l.fits(w) || g.taken(i, field) || !g.fits(field, g.columns[i]) || g.columns[i].filled == 0 {
				continue
			}
			if best < 0 || len(w) < words {
				best, words = i, len(w)
			}
		}
		if best >= 0 {
			g.at[field] = best
			g.loose[field] = true
			return
		}
	}
}

func (l looseTerm) fits(words []string) bool {
	for _, w := range strings.Fields(l.all) {
		if !slices.Contains(words, w) {
			return false
		}
	}
	return !slices.ContainsFunc(strings.Fields(l.none), func(w string) bool { return slices.Contains(words, w) })
}

// guessStatus says what a status word does; of a word with an addition, by what it
// says of discipline, or else by what stands before the addition.
func guessStatus(word string) (wordGuess, bool) {
	if g, ok := statusGuesses[foldName(word)]; ok {
		return g, true
	}
	if g, ok := guessAction(word); ok && g.Authority != "" {
		g.doubt = "taken for discipline by a part of the word"
		return g, true
	}
	i := strings.IndexAny(word, "-(/,:;")
	if i < 1 {
		return wordGuess{}, false
	}
	g, ok := statusGuesses[foldName(word[:i])]
	g.doubt = "known by its first part only; does the rest change what it says?"
	return g, ok
}
