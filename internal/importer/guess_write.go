package importer

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"licet/license"
)

// A proposal is a mapping as it is written.
type proposal struct {
	*guesser
	b      strings.Builder
	doubts int
}

// write writes the proposal and tries it on the file's rows.
func (g *guesser) write() (Guess, error) {
	if g.holds == HoldsClaims || g.holds == HoldsExclusions {
		return g.shippedMapping()
	}
	p := &proposal{guesser: g}
	p.file()
	p.board()
	p.license()
	p.term()
	p.names()
	p.status()
	p.order()
	p.professions()
	p.unused()
	return Guess{[]byte(p.heading() + p.b.String()), p.doubts}, nil
}

// shippedMapping proposes the mapping that comes with the program for a file that is
// the same everywhere.
func (g *guesser) shippedMapping() (Guess, error) {
	name := map[string]string{HoldsClaims: "nppes", HoldsExclusions: "oig-exclusions"}[g.holds]
	b, err := shipped.ReadFile("maps/" + name + ".toml")
	if err != nil {
		return Guess{}, err
	}
	return Guess{Text: append([]byte(fmt.Sprintf("# This file holds %s. The program has a mapping for it: --map %s. It is this one.\n\n", g.holds, name)), b...)}, nil
}

func (p *proposal) linef(format string, a ...any) { fmt.Fprintf(&p.b, format+"\n", a...) }

// doubtf asks for a look; finishf for what no file tells.
func (p *proposal) doubtf(format string, a ...any) {
	p.doubts++
	p.linef("# DOUBT: "+format, a...)
}

func (p *proposal) finishf(format string, a ...any) {
	p.doubts++
	p.linef("# FINISH: "+format, a...)
}

// quote writes a string as TOML has it. Characters that nobody sees are escaped.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff && (deceives(r) || !unicode.IsPrint(r)):
			fmt.Fprintf(&b, `\U%08x`, r)
		case r < ' ' || r == 0x7f || deceives(r) || !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func quotes(ss []string) string {
	var q []string
	for _, s := range ss {
		q = append(q, quote(s))
	}
	return "[" + strings.Join(q, ", ") + "]"
}

func (p *proposal) column(field string) (string, bool) {
	i, ok := p.at[field]
	if !ok {
		return "", false
	}
	return p.header[i], true
}

// key writes a key that names a column, if the file has one for it.
func (p *proposal) key(field string) {
	if c, ok := p.column(field); ok {
		_, k, _ := strings.Cut(field, ".")
		p.linef("%s = %s", k, quote(c))
		p.looseDoubt(field)
	}
}

func (p *proposal) looseDoubt(field string) {
	if p.loose[field] {
		p.doubtf("recognized by a part of the column's name only")
	}
	if why := p.reason[field]; why != "" {
		p.doubtf("its name is not known, it is taken by its values only: %s", why)
	}
}

func (p *proposal) heading() string {
	looked := "all " + plain(p.rows) + " rows"
	if !p.all {
		looked = "the first " + plain(p.rows) + " rows"
	}
	h := fmt.Sprintf("# Proposed for %s after a look at %s.\n", quote(p.name), looked)
	h += "# Decide each DOUBT, write each FINISH, then look with: licet import FILE --map THIS --dry-run --report R.csv\n"
	if p.flawed > 0 {
		h += fmt.Sprintf("# %s rows cannot be read: another width than the header, or broken quotation marks.\n", plain(p.flawed))
	}
	for _, n := range p.extraNote {
		h += "# " + n + "\n"
	}
	if p.strange() {
		h += "# This does not look like a roster of licenses: few of its columns were recognized.\n"
	}
	if n := p.countUnused(); n > 0 {
		h += fmt.Sprintf("# %d of its %d columns are not used; the end says which, and what stands in them.\n", n, len(p.header))
	}
	return h + p.trial() + "\n"
}

// strange says whether too little was recognized for a roster of licenses.
func (p *proposal) strange() bool {
	_, number := p.at["license.number"]
	_, through := p.at["term.through"]
	if p.reason["license.number"] != "" {
		return !through
	}
	return !number && len(p.at) < fewWords
}

func plain(n int64) string { return fmt.Sprint(n) }

func (p *proposal) file() {
	p.linef("[file]")
	if p.holds == HoldsOrders {
		p.linef("holds = %q", HoldsOrders)
		p.doubtf("the file has actions with days and no terms, so it is taken for orders on licenses that come from a roster. Where there is no roster, the line below lets orders bring licenses in that nobody described, with a subject in [constants]")
		p.linef("# undescribed = true")
	}
	p.linef("separator = %s", quote(string(p.form.separator)))
	if p.encoding != "" {
		p.linef("encoding = %q", p.encoding)
		p.doubtf("the bytes are not UTF-8; look at names with accents in the report of a dry run, and ask who exported it")
	}
	if len(p.dates) == 0 {
		p.finishf("no layout of days was recognized")
		p.dates = []string{"MM/DD/YYYY"}
	}
	for _, f := range dayFields {
		if i, ok := p.at[f]; ok {
			if l, both := p.columns[i].layout(); both {
				p.doubtf("in %s, %s and with day and month exchanged read all values alike; which is it?", quote(p.header[i]), l)
				break
			}
		}
	}
	p.linef("dates = %s", quotes(p.dates))
	if m := p.missing(); len(m) > 0 {
		p.linef("missing = %s", quotes(m))
	}
	if c, ok := p.column("file.newest"); ok {
		p.linef("newest = [%s]", quote(c))
	} else if c, ok := p.column("status.since"); ok {
		p.linef("newest = [%s]", quote(c))
		p.doubtf("the newest day in this column is taken for the file's day; --day says it outright%s", dayInName(p.name))
	} else {
		p.doubtf("no column tells of which day the file is: say it with --day at each import%s", dayInName(p.name))
	}
	p.linef("")
}

// dayInName finds a day in a file's name.
func dayInName(name string) string {
	if d := dayInNames.FindString(name); d != "" {
		if day, err := license.ParseDay(d); err == nil {
			return fmt.Sprintf(" (by its name, --day %s)", day)
		}
	}
	return ""
}

var dayInNames = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// missing lists the placeholders that stand in columns that are mapped, and those in
// others that are no words.
func (p *proposal) missing() []string {
	used, found := map[int]bool{}, map[string]bool{}
	for _, i := range p.at {
		used[i] = true
	}
	for i, c := range p.columns {
		for v := range c.empty {
			if used[i] || strings.Trim(v, "-./0 nd") == "" {
				found[v] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (p *proposal) board() {
	p.linef("[board]")
	id, calendar := "us-xx", ""
	if i, ok := p.at["address.state"]; ok {
		for s, n := range p.columns[i].values {
			if n*10 > p.columns[i].filled*6 && len(s) == 2 && strings.Contains(states, " "+strings.ToUpper(s)+" ") {
				id = "us-" + strings.ToLower(s)
			}
		}
	}
	if strings.Contains(" us-il us-wi us-ia us-mn us-mo us-ar us-la us-ms us-al us-ok ", " "+id+" ") {
		calendar = CalendarCentral
	}
	p.finishf("the id begins every license id and is never changed; the name stands in every answer")
	p.linef("id = %q", id)
	p.linef("name = %q", "the board's name")
	if calendar != "" {
		p.linef("calendar = %q", calendar)
	} else {
		p.linef("# calendar = %q  # legal days in Central Time; UTC without it", CalendarCentral)
	}
	public := []string{license.OpeningName, license.OpeningOrder}
	for _, f := range []struct{ field, kind string }{{"address.city", license.OpeningCity}, {"address.state", license.OpeningState}} {
		if _, ok := p.at[f.field]; ok {
			public = append(public, f.kind)
		}
	}
	p.doubtf("what may everybody see? Take kinds away, or add street and zip")
	p.linef("public = %s", quotes(public))
	p.linef("")
	if p.holds == HoldsOrders {
		return
	}
	p.subject()
}

func (p *proposal) subject() {
	_, family := p.at["name.family"]
	legal, hasLegal := p.at["name.legal"]
	switch i, ok := p.at["subject.column"]; {
	case ok:
		p.linef("[subject]")
		p.linef("column = %s", quote(p.header[i]))
		p.linef("[subject.words]")
		for _, v := range byCount(p.columns[i].values) {
			s := guessSubject(p.terms[i], v)
			if s == "" {
				s = "organization"
				p.doubtf("is this a person or an organization?")
			}
			p.linef("%s = %q", quote(v), s)
		}
	case family && hasLegal && legal != p.at["name.family"]:
		p.linef("[subject]")
		p.doubtf("rows with a surname or given name are taken for persons, the others for organizations")
		p.linef("by_name = true")
	default:
		p.linef("[constants]")
		s := p.commonSubject(family)
		p.doubtf("all rows are taken for those of %ss", s)
		p.linef("subject = %q", s)
		p.constantProfession()
		p.linef("")
		return
	}
	p.linef("")
	if _, ok := p.at["license.profession"]; !ok {
		p.linef("[constants]")
		p.constantProfession()
		p.linef("")
	}
}

// commonSubject says whether the names of a file are rather those of persons.
func (p *proposal) commonSubject(family bool) string {
	i, full := p.at["name.full"]
	if family || p.nameForm != "" {
		return license.SubjectPerson
	}
	if !full {
		return license.SubjectOrganization
	}
	firms := int64(0)
	for v, n := range p.columns[i].values {
		for w := range strings.FieldsFuncSeq(strings.ToUpper(v), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if slices.Contains(firmWords, w) {
				firms += n
				break
			}
		}
	}
	if firms*3 > p.columns[i].filled {
		return license.SubjectOrganization
	}
	return license.SubjectPerson
}

// firmWords stand in names of organizations.
var firmWords = []string{"INC", "LLC", "LLP", "LTD", "CORP", "CO", "COMPANY", "GROUP", "CENTER", "CLINIC", "PHARMACY", "SHOP", "STORE", "SALON", "RESTAURANT", "SERVICES", "GMBH", "SA", "SL", "SARL"}

func (p *proposal) constantProfession() {
	if _, ok := p.at["license.profession"]; !ok {
		p.finishf("no column names professions, so the file is taken for one of a single profession; if a column that is listed at the end does, name it in [license] as profession, write a [[profession]] with code, id and title for each of its words, and take the next line away")
		p.linef("profession = %q", constantProfession)
		p.perhapsProfessions()
	}
}

// What stands for a profession of which the file does not tell.
const (
	constantProfession = "profession"
	constantTitle      = "the profession's title"
)

func (p *proposal) license() {
	if p.holds == HoldsOrders {
		p.linef("[constants]")
		p.constantProfession()
		p.linef("")
	}
	p.linef("[license]")
	if i, ok := p.at["license.number"]; ok {
		p.linef("number = %s", quote(p.header[i]))
		p.looseDoubt("license.number")
		p.numberDoubts(i)
	} else {
		p.finishf("no column was recognized as the license number; name one of those listed at the end")
		p.linef(`# number = ""`)
	}
	p.key("license.profession")
	if i, ok := p.at["license.issued"]; ok && p.holds == HoldsLicenses && !p.reissued {
		p.linef("issued = %s", quote(p.header[i]))
		p.looseDoubt("license.issued")
		if c := p.columns[i]; c.filled < p.rows-p.flawed {
			p.doubtf("%d rows have no day here and would be refused; without the key the first day of the earliest term is taken", p.rows-p.flawed-c.filled)
		}
	}
	if p.drops() {
		p.linef(`drop = " "`)
		p.doubtf("numbers stand with and without spaces; they are taken without")
	}
	p.linef("")
}

// drops says whether spaces stand in numbers, and not in all of them alike.
func (p *proposal) drops() bool {
	i, ok := p.at["license.number"]
	if !ok {
		return false
	}
	with, without := int64(0), int64(0)
	for s, n := range p.columns[i].shapes {
		if strings.Contains(s, " ") {
			with += n
		} else {
			without += n
		}
	}
	return with > 0
}

func (p *proposal) numberDoubts(i int) {
	c := p.columns[i]
	masked := int64(0)
	for s, n := range c.shapes {
		if strings.Contains(s, "*") {
			masked += n
		}
	}
	if masked > 0 {
		p.doubtf("%d numbers are masked with asterisks; such rows are refused", masked)
	}
	if blank := p.rows - p.flawed - c.filled; blank > 0 {
		p.doubtf("%d rows have no number; such rows are refused", blank)
	}
	for j, t := range p.terms {
		if j != i && slices.ContainsFunc(fieldTerms["license.number"][:6], func(s string) bool { return sortedTerm(s) == t }) {
			p.doubtf("%s could be the number too", quote(p.header[j]))
		}
	}
}

func (p *proposal) term() {
	if p.holds == HoldsOrders {
		return
	}
	p.linef("[term]")
	if i, ok := p.at["term.from"]; ok {
		p.linef("from = %s", quote(p.header[i]))
		p.looseDoubt("term.from")
		if blank := p.rows - p.flawed - p.columns[i].filled; blank > 0 {
			p.doubtf("%d rows have no first day and would be refused; see [[term.otherwise]] in docs/import.md", blank)
		}
	} else {
		p.finishf("no column was recognized as a term's first day; name one of those listed at the end")
		p.linef(`# from = ""`)
	}
	p.key("term.through")
	if p.extends {
		p.doubtf("the file has no first day of the present term, so %s stands for all of them: a gap between two terms would not be seen", quote(p.header[p.at["term.from"]]))
		p.linef("extends = true")
	}
	if i, ok := p.at["term.through"]; ok {
		p.never(i)
	} else {
		p.doubtf("no last day was recognized: do terms have no end?")
	}
	p.linef("")
}

// neverYear is the year from which a last day is rather one that means none.
const neverYear = "2090"

func (p *proposal) never(i int) {
	c := p.columns[i]
	var days []string
	rows := int64(0)
	for v, n := range c.values {
		for _, l := range guessLayouts {
			if d := l.read(v); d != "" && string(d) >= neverYear {
				rows += n
				if !slices.Contains(days, string(d)) {
					days = append(days, string(d))
				}
				break
			}
		}
	}
	slices.Sort(days)
	if len(days) > 0 {
		p.linef("never = %s", quotes(days))
		p.doubtf("these days (rows: %d) are taken to mean that there is no end", rows)
	}
	if blank := p.rows - p.flawed - c.filled; blank > 0 {
		p.doubtf("%d rows have no last day; such rows are refused, unless there is no key through", blank)
	}
}

func (p *proposal) names() {
	p.linef("[name]")
	any := false
	for _, f := range []string{"name.family", "name.given", "name.middle", "name.suffix", "name.legal", "name.dba", "name.full"} {
		if _, ok := p.at[f]; ok {
			any = true
			p.key(f)
		}
	}
	if !any {
		p.finishf("no column was recognized as a name; name one of those listed at the end")
		p.linef(`# full = ""`)
	}
	if p.nameForm != "" {
		p.linef("form = %q", p.nameForm)
	} else if i, ok := p.at["name.full"]; ok && p.holds == HoldsLicenses {
		p.doubtf("%s holds a person's whole name, which is not taken apart: %d of %d values have a comma (form = %q splits at it)", quote(p.header[i]), p.columns[i].commas, p.columns[i].filled, FormFamilyGiven)
	}
	p.linef("")
	if p.holds == HoldsOrders {
		return
	}
	address := false
	for _, f := range []string{"address.street", "address.city", "address.state", "address.zip"} {
		if _, ok := p.at[f]; ok && !address {
			address = true
			p.linef("[address]")
		}
		p.key(f)
	}
	if address {
		p.linef("")
	}
}

// byCount returns the values of a column, the most frequent first.
func byCount(values map[string]int64) []string {
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(values[b], values[a]), cmp.Compare(a, b))
	})
}

// wordsMax is how many words a proposal lists.
const wordsMax = 400

func (p *proposal) status() {
	i, ok := p.at["status.column"]
	if !ok || p.holds == HoldsOrders {
		return
	}
	c := p.columns[i]
	p.linef("[status]")
	p.linef("column = %s", quote(p.header[i]))
	p.looseDoubt("status.column")
	p.key("status.since")
	if c.more || len(c.values) > wordsMax {
		p.finishf("the column has too many different values for status words")
	}
	for j, t := range p.terms {
		if j != i && strings.Contains(t, "status") && !p.columns[j].isDate() && !p.columns[j].more {
			p.doubtf("%s says something of the status too; it is not looked at", quote(p.header[j]))
		}
	}
	p.linef("[status.words]")
	for n, v := range byCount(c.values) {
		if n == wordsMax {
			break
		}
		p.statusWord(v, c.values[v])
	}
	p.linef("")
}

func (p *proposal) statusWord(word string, n int64) {
	g, ok := guessStatus(word)
	if !ok {
		p.doubtf("what does this word do? Rows with it (%d) are refused until the line below says it", n)
		p.linef("# %s = { }", quote(word))
		return
	}
	if g.doubt != "" {
		p.doubtf("%s", g.doubt)
	}
	w := g.StatusWord
	if action, ok := p.column("order.action"); ok && w.Authority != "" {
		p.doubtf("if %s tells of the same orders, map that column alone, and write { } for this word: else each is recorded twice", quote(action))
	}
	since, ok := p.at["status.since"]
	if w.Says != "" && w.Lifecycle == "" && (!ok || p.columns[since].filled*20 >= (p.rows-p.flawed)*19) {
		w.Lifecycle = license.LifecycleActive // again, after another word
	}
	var keys []string
	for _, k := range []struct{ key, value string }{{"lifecycle", w.Lifecycle}, {"authority", w.Authority}, {"action", w.Action}, {"says", w.Says}} {
		if k.value != "" {
			keys = append(keys, k.key+" = "+quote(k.value))
		}
	}
	if w.acts() && !ok {
		if !strings.Contains(p.b.String(), "since when no column says") {
			p.doubtf("since when no column says; from_file takes the day that the file is of, and says nothing of earlier days")
		}
		keys = append(keys, "from_file = true")
	}
	p.linef("%s = { %s }  # rows: %d", quote(word), strings.Join(keys, ", "), n)
}

func (p *proposal) order() {
	i, ok := p.at["order.action"]
	if !ok {
		return
	}
	p.linef("[order]")
	for _, f := range []string{"order.action", "order.case", "order.since", "order.through", "order.reason"} {
		p.key(f)
	}
	p.linef("[order.words]")
	counts := map[string]int64{}
	for v, n := range p.columns[i].values {
		counts[strings.Join(strings.Fields(v), " ")] += n
	}
	for _, v := range byCount(counts) {
		g, ok := guessAction(v)
		switch {
		case tellsNothing(v):
			p.linef("%s = { unsaid = true }  # rows: %d; they do not say what was decided, and are refused", quote(v), counts[v])
		case !ok:
			p.doubtf("what does this action do? Rows with it (%d) are refused until the line below says it", counts[v])
			p.linef("# %s = { }", quote(v))
		case g.Authority == "":
			p.linef("%s = { }  # rows: %d; %s", quote(v), counts[v], g.doubt)
		default:
			p.linef("%s = { authority = %q, action = %q }  # rows: %d", quote(v), g.Authority, g.Action, counts[v])
		}
	}
	if len(counts) == 0 {
		p.finishf("no action stands in the rows that were looked at; say what each does")
		p.linef(`"Reprimand" = { authority = "none", action = "reprimand" }`)
	}
	p.linef("")
}

func (p *proposal) professions() {
	numbers := p.numberShapes()
	i, ok := p.at["license.profession"]
	if !ok {
		p.profession("", constantProfession, constantTitle, numbers[""])
		return
	}
	titles := p.titles(i)
	seen := map[string]int{}
	for _, code := range byCount(p.columns[i].values) {
		title := cmp.Or(titles[code], code)
		id := slug(title)
		if seen[id]++; seen[id] > 1 {
			id = fmt.Sprintf("%s-%d", id, seen[id])
		}
		p.profession(code, id, title, numbers[code])
	}
	if len(p.columns[i].values) == 0 {
		p.finishf("no profession stands in the rows that were looked at")
		p.profession("code", "profession", constantTitle, nil)
	}
}

func (p *proposal) profession(code, id, title string, shapes map[string]int64) {
	p.linef("[[profession]]")
	if code != "" {
		p.linef("code = %s", quote(code))
	}
	p.linef("id = %q", id)
	p.linef("title = %s", quote(title))
	if title == constantTitle {
		p.finishf("what is the profession called? The id stands in license ids and is never changed")
	}
	pattern, doubt := patternOf(shapes)
	if seen := total(shapes); doubt == "" && seen < fewNumbers {
		doubt = fmt.Sprintf("%d numbers of this profession were seen; are all written so? (#+ takes any number of digits)", seen)
	}
	p.linef("pattern = %s", quote(pattern))
	if doubt != "" {
		p.doubtf("%s", doubt)
	}
	p.linef("")
}

// fewNumbers is how many numbers are too few to know how all are written.
const fewNumbers = 20

func total(counts map[string]int64) (n int64) {
	for _, k := range counts {
		n += k
	}
	return n
}

// titles pairs the codes of professions with what stands beside them.
func (p *proposal) titles(code int) map[string]string {
	titles := map[string]string{}
	t, ok := p.at["profession.title"]
	if !ok {
		return titles
	}
	p.eachRow(func(fields []string) bool {
		c, v := strings.TrimSpace(fields[code]), strings.TrimSpace(fields[t])
		if _, ok := titles[c]; !ok && v != "" && len(titles) < valuesMax {
			titles[c] = v
		}
		return true
	})
	return titles
}

// numberShapes counts how numbers are written, profession by profession.
func (p *proposal) numberShapes() map[string]map[string]int64 {
	all, begins := map[string]map[string]int64{}, map[string]*string{}
	number, ok := p.at["license.number"]
	if !ok {
		return all
	}
	profession, several := p.at["license.profession"]
	drop := p.drops()
	p.eachRow(func(fields []string) bool {
		v, code := strings.TrimSpace(fields[number]), ""
		if several {
			code = strings.TrimSpace(fields[profession])
		}
		if drop {
			v = strings.ReplaceAll(v, " ", "")
		}
		if v == "" || len(v) > 64 || strings.Contains(v, "*") || isPlaceholder[v] {
			return true
		}
		if all[code] == nil {
			if len(all) == valuesMax {
				return true
			}
			all[code] = map[string]int64{}
		}
		if s := shape(v); all[code][s] > 0 || len(all[code]) < shapesMax {
			all[code][s]++
		}
		begin := v[:max(0, strings.IndexAny(v, "0123456789"))]
		if b := begins[code]; b == nil {
			begins[code] = &begin
		} else if *b != begin {
			*b = ""
		}
		return true
	})
	for code, shapes := range all {
		if b := *begins[code]; b != "" && total(shapes) >= fewNumbers && !strings.ContainsAny(b, "|+?*#@") {
			all[code] = beginWith(b, shapes)
		}
	}
	return all
}

// beginWith writes the letters into shapes with which all their numbers begin.
func beginWith(begin string, shapes map[string]int64) map[string]int64 {
	same := map[string]int64{}
	for s, n := range shapes {
		same[begin+s[len(begin):]] += n
	}
	return same
}

// patternOf writes shapes of numbers as a pattern.
func patternOf(shapes map[string]int64) (pattern, doubt string) {
	if len(shapes) == 0 {
		return "*+", "no number of this profession was seen; how are they written?"
	}
	forms := byCount(shapes)
	if len(forms) <= 4 && !slices.ContainsFunc(forms, odd) {
		slices.Sort(forms)
		return strings.Join(forms, "|"), ""
	}
	var runs []string // the digits or letters at the end may be more or fewer
	for _, f := range forms {
		if r := strings.TrimRight(f, "#"); r != f {
			f = r + "#+"
		}
		if !slices.Contains(runs, f) {
			runs = append(runs, f)
		}
	}
	if p := strings.Join(runs, "|"); len(runs) <= 8 && len(p) <= 200 && !slices.ContainsFunc(forms, odd) {
		slices.Sort(runs)
		return strings.Join(runs, "|"), ""
	}
	return "*+", fmt.Sprintf("numbers are written in %d ways, such as %s: any is taken", len(forms), quote(forms[0]))
}

// odd finds characters in a shape that mean something else in patterns.
func odd(s string) bool { return strings.ContainsAny(s, "|+?*") }

// plainLetters are letters that are no other ones with an accent.
var plainLetters = strings.NewReplacer("ł", "l", "Ł", "L", "ø", "o", "Ø", "O", "đ", "d", "Đ", "D", "æ", "ae", "Æ", "AE", "œ", "oe", "Œ", "OE", "ı", "i")

// slug writes a title as an id's part.
func slug(s string) string {
	s = strings.Join(splitWords(strings.Map(func(r rune) rune {
		if r == '#' {
			return ' '
		}
		return unicode.ToLower(r)
	}, plainLetters.Replace(s))), "-")
	s = strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return -1
	}, s), "-")
	if len(s) > 40 {
		s = strings.TrimRight(s[:40], "-")
	}
	if s == "" || s[0] < 'a' {
		s = strings.TrimRight("p-"+s, "-")
	}
	return s
}

// trial tries the proposal on the rows and says in comments what would come of them.
func (p *proposal) trial() string {
	m, err := ParseMapping("proposal", []byte(p.b.String()))
	if err != nil {
		return "# It cannot be used yet: " + strings.ReplaceAll(err.Error(), "\n", "\n# ") + "\n"
	}
	src := &Source{Size: p.size, Mapping: m, in: p.in, form: p.form, Header: p.header}
	if src.mapper, err = newMapper(m, p.header); err != nil {
		return "# It cannot be used yet: " + strings.ReplaceAll(err.Error(), "\n", "\n# ") + "\n"
	}
	good, counts := int64(0), map[string]int64{}
	r := p.sectionReader()
	for n := int64(-1); n < min(p.rows, 20_000); n++ {
		rec, err := r.next()
		if err != nil {
			break
		}
		if n < 0 {
			continue
		}
		row := src.mapper.row(rec, p.header)
		if len(row.Flaws) == 0 {
			good++
		}
		for _, f := range row.Flaws {
			counts[strings.TrimSpace(f.Rule+" "+shownColumn(f.Column))]++
		}
	}
	text := fmt.Sprintf("# As it stands it takes %d of %d rows.\n", good, min(p.rows, 20_000))
	for _, k := range byCount(counts) {
		text += fmt.Sprintf("#   refused: %d %s\n", counts[k], k)
	}
	return text
}

func shownColumn(c string) string {
	if c == "" {
		return ""
	}
	return quote(c)
}
