package importer

import (
	"slices"
	"strings"
)

// fieldOrder is the order in which columns are given away: what is surest by its name
// before what takes the rest.
var fieldOrder = []string{
	"license.number", "term.from", "term.through", "license.issued", "status.column", "status.since",
	"name.family", "name.given", "name.middle", "name.suffix", "name.legal", "name.dba", "name.full",
	"address.street", "address.city", "address.state", "address.zip", "license.profession", "profession.title",
	"order.action", "order.case", "order.since", "order.through", "order.reason", "file.newest", "subject.column",
}

// looseOrder is the same for what is found by parts of names.
var looseOrder = []string{
	"license.number", "term.through", "license.issued", "term.from", "status.since", "status.column", "name.family", "name.given", "name.middle", "name.suffix",
	"name.legal", "name.dba", "name.full", "license.profession", "address.city", "address.state", "address.zip", "address.street", "file.newest",
}

// wanted says whether a field that was not found is looked for on.
func (g *guesser) wanted(field string) bool {
	_, family := g.at["name.family"]
	_, legal := g.at["name.legal"]
	_, from := g.at["term.from"]
	action := g.onlyOrders()
	switch field {
	case "name.full":
		return !family && !legal
	case "license.issued":
		return !from && !action
	case "term.from", "term.through":
		return !action
	}
	return true
}

// dayFields hold days.
var dayFields = []string{"license.issued", "term.from", "term.through", "status.since", "order.since", "order.through", "file.newest"}

// assign says which column means what.
func (g *guesser) assign() {
	g.findHolds()
	for _, field := range fieldOrder {
		g.find(field)
	}
	for _, field := range looseOrder {
		if _, ok := g.at[field]; !ok && g.wanted(field) {
			g.findLoosely(field)
		}
	}
	g.findByValues()
	g.settleNames()
	g.settleStates()
	g.settleOrders()
	g.settleProfession()
	g.settleTerms()
	g.settleSubject()
	g.settleDates()
}

// findHolds knows two files by columns that no board has.
func (g *guesser) findHolds() {
	upper := func(c string) bool {
		return slices.ContainsFunc(g.header, func(h string) bool { return strings.EqualFold(h, c) })
	}
	switch {
	case upper("NPI") && upper("Provider License Number_1"):
		g.holds = HoldsClaims
	case upper("EXCLTYPE") && upper("EXCLDATE"):
		g.holds = HoldsExclusions
	default:
		g.holds = HoldsLicenses
	}
}

// find gives a field the first column that has one of its terms, and values that it
// may have.
func (g *guesser) find(field string) {
	for _, term := range fieldTerms[field] {
		term = sortedTerm(term)
		for i, t := range g.terms {
			if t == term && !g.taken(i, field) && g.fits(field, g.columns[i]) {
				g.at[field] = i
				return
			}
		}
	}
}

// taken says whether another field has the column already.
func (g *guesser) taken(column int, field string) bool {
	for f, i := range g.at {
		if i == column && f != field {
			return true
		}
	}
	return false
}

func (g *guesser) fits(field string, c *column) bool {
	switch {
	case slices.Contains(dayFields, field):
		return c.filled == 0 || c.isDate()
	case c.filled > 0 && c.isDate():
		return false
	case field == "subject.column":
		return c.are(60, func(string) bool { return true })
	case field == "order.action":
		return !c.yesNo()
	case field == "license.number":
		return !c.are(60, func(v string) bool { return !strings.ContainsAny(v, "0123456789") })
	case field == "name.legal", field == "status.column":
		return !c.yesNo() && !(field == "status.column" && c.isState())
	case field == "address.state" && c.filled > 0:
		return c.isState()
	}
	return true
}

func (g *guesser) term(field string) string {
	if i, ok := g.at[field]; ok {
		return g.terms[i]
	}
	return ""
}

// settleNames decides what a column that is only called name holds. Beside a first
// name it holds the last name; beside a last name, the first (Spanish: nombre).
func (g *guesser) settleNames() {
	g.settleWholeNames()
	full, ok := g.at["name.full"]
	if !ok {
		return
	}
	_, family := g.at["name.family"]
	_, given := g.at["name.given"]
	switch {
	case family && !given && g.terms[full] == "nombre":
		g.at["name.given"] = full
		delete(g.at, "name.full")
	case given && !family:
		g.at["name.family"] = full
		delete(g.at, "name.full")
	case family:
		delete(g.at, "name.full")
	default:
		if c := g.columns[full]; c.filled > 0 && c.commas*10 >= c.filled*9 {
			g.nameForm = FormFamilyGiven
		}
	}
}

// settleWholeNames sees that a column of surnames holds the other names too: surname,
// comma, the others.
func (g *guesser) settleWholeNames() {
	family, ok := g.at["name.family"]
	_, given := g.at["name.given"]
	_, full := g.at["name.full"]
	if !ok || given || full {
		return
	}
	if c := g.columns[family]; c.filled > 0 && c.commas*10 >= c.filled*9 {
		g.at["name.full"] = family
		delete(g.at, "name.family")
	}
}

// settleStates tells a column of states from one of status: estado is both.
func (g *guesser) settleStates() {
	if _, ok := g.at["address.state"]; ok {
		return
	}
	for i, t := range g.terms {
		if t == "estado" && !g.taken(i, "address.state") && g.columns[i].isState() {
			g.at["address.state"] = i
		}
	}
}

// settleOrders sees whether the file holds nothing but orders.
func (g *guesser) settleOrders() {
	_, action := g.at["order.action"]
	_, since := g.at["order.since"]
	if !action || !since {
		for _, f := range []string{"order.action", "order.case", "order.since", "order.through", "order.reason"} {
			delete(g.at, f)
		}
		return
	}
	_, through := g.at["term.through"]
	_, from := g.at["term.from"]
	_, issued := g.at["license.issued"]
	if g.holds == HoldsLicenses && !through && !from && !issued && g.onlyOrders() {
		g.holds = HoldsOrders
		delete(g.at, "status.column") // such a file says nothing of it
	}
}

// onlyOrders says whether the file may hold nothing but orders: nearly every row has an action.
func (g *guesser) onlyOrders() bool {
	i, ok := g.at["order.action"]
	return ok && g.columns[i].filled*10 >= (g.rows-g.flawed)*8
}

// settleProfession finds the column whose values are professions, and their titles.
func (g *guesser) settleProfession() {
	i, ok := g.at["license.profession"]
	if !ok {
		delete(g.at, "profession.title")
		return
	}
	if c := g.columns[i]; c.more || len(c.values) > professionsMax {
		delete(g.at, "license.profession")
		delete(g.at, "profession.title")
		return
	}
	// Illinois: License Type is a board, Description the profession.
	if d := slices.Index(g.terms, "description"); d >= 0 && !g.taken(d, "") && g.terms[i] == sortedTerm("license type") &&
		!g.columns[d].more && len(g.columns[d].values) <= professionsMax && len(g.columns[d].values) >= len(g.columns[i].values) {
		g.at["license.profession"] = d
		delete(g.at, "profession.title")
		return
	}
	if t, ok := g.at["profession.title"]; ok && g.columns[t].more {
		delete(g.at, "profession.title")
	}
}

// professionsMax is how many professions a proposal lists.
const professionsMax = 500

// settleTerms sees from which day a term is.
func (g *guesser) settleTerms() {
	issued, ok := g.at["license.issued"]
	if !ok {
		return
	}
	if _, from := g.at["term.from"]; !from { // the first day of all terms is all that there is
		g.at["term.from"] = issued
		g.extends = true
	}
	if number, ok := g.at["license.number"]; ok && g.sometimesDiffers(number, issued) {
		g.reissued = true
		if g.at["term.from"] != issued {
			delete(g.at, "license.issued")
		}
	}
}

// sometimesDiffers says whether rows with one value in a column hold several in
// another, for more than a few that are mistakes.
func (g *guesser) sometimesDiffers(a, b int) bool {
	seen, differ := map[string]string{}, map[string]bool{}
	g.eachRow(func(fields []string) bool {
		x, y := strings.TrimSpace(fields[a]), strings.TrimSpace(fields[b])
		if x == "" || y == "" {
			return true
		}
		if before, ok := seen[x]; ok && before != y {
			differ[x] = true
		}
		if len(seen) < 50_000 {
			seen[x] = y
		}
		return true
	})
	return len(differ)*50 > len(seen)
}

// eachRow reads the rows again that were looked at.
func (g *guesser) eachRow(see func(fields []string) bool) {
	r := g.sectionReader()
	for n := int64(-1); n < g.rows; n++ {
		rec, err := r.next()
		if err != nil {
			return
		}
		if n >= 0 && rec.flaw == nil && len(rec.fields) == len(g.header) && !see(rec.fields) {
			return
		}
	}
}

// settleSubject sees who the rows are about.
func (g *guesser) settleSubject() {
	i, ok := g.at["subject.column"]
	if !ok {
		return
	}
	words := 0
	for v := range g.columns[i].values {
		if guessSubject(g.terms[i], v) != "" {
			words++
		}
	}
	if words == 0 || words*3 < len(g.columns[i].values) {
		delete(g.at, "subject.column")
	}
	// California writes organizations into the column of surnames.
	if _, legal := g.at["name.legal"]; !legal && g.term("name.family") == sortedTerm("organization last name") {
		g.at["name.legal"] = g.at["name.family"]
	}
}

// guessSubject says whether a word is one for persons or for organizations.
func guessSubject(term, word string) string {
	w := strings.ToUpper(word)
	if term == "business" { // a flag
		switch w {
		case "Y", "YES", "TRUE", "1":
			return "organization"
		case "N", "NO", "FALSE", "0":
			return "person"
		}
		return ""
	}
	for _, p := range []string{"INDIV", "PERSON", "PRACTITIONER", "HUMAN"} {
		if strings.Contains(w, p) {
			return "person"
		}
	}
	for _, o := range []string{"ORG", "CORP", "COMPAN", "LLC", "LLP", "PARTNERSHIP", "BUSINESS", "FIRM", "FACILIT", "ENTIT", "ASSOC", "TRUST", "GOVERN", "NON PROFIT", "NONPROFIT", "NON-PROFIT", "ESTABLISH", "AGENCY", "MUNICIPAL"} {
		if strings.Contains(w, o) {
			return "organization"
		}
	}
	if term == sortedTerm("individual organization") || term == sortedTerm("entity type") {
		switch w {
		case "I", "P", "1":
			return "person"
		case "O", "B", "2":
			return "organization"
		}
	}
	return ""
}

// settleDates collects the layouts of the columns that hold days.
func (g *guesser) settleDates() {
	for _, f := range dayFields {
		i, ok := g.at[f]
		if !ok {
			continue
		}
		if l, _ := g.columns[i].layout(); l != "" && !slices.Contains(g.dates, l) {
			g.dates = append(g.dates, l)
		}
	}
	if len(g.dates) > 0 {
		return
	}
	for _, c := range g.columns { // of which no column is known what its days mean
		if l, _ := c.layout(); l != "" && !slices.Contains(g.dates, l) {
			g.dates = append(g.dates, l)
		}
	}
}
