package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"licet/license"
	"licet/strict"
)

// ValueBytesMax is the length of a name, an address or a code that is not passed.
const ValueBytesMax = 1000

// A Row is one record as the mapping understands it. With flaws it is not
// asserted; License and From are there when they could be read.
type Row struct {
	Number    int64 // data row, counted from 1; the header is none
	Line      int64 // line on which it starts
	License   license.ID
	From      license.Day // first day of the term
	Through   license.Day
	Issued    license.Day     // original issue, where the file has a column for it
	Newest    license.Day     // newest date of the columns that date the file
	Texts     []Text          // names and addresses that the row holds
	Subject   string          // person or organization
	Status    *Status         // what its status word does beyond the term, or nil
	Order     *Ordered        // the order that it tells of, or nil
	NPI       string          // in files of claims and exclusions
	Claims    []license.Claim // in files of claims
	Exclusion *Exclusion
	Flaws     []Flaw // why it is not asserted
	Notes     []Flaw // what the mapping did where a column held nothing

	record  record
	clean   bool   // nothing was found in it by itself
	noted   bool   // Notes hold what the file's day brings
	digest  digest // of what it says; none where it is flawed
	word    string // of its status, as the file has it
	since   license.Day
	says    string // what its status word claims of the term
	family  string // surname of a person
	surname uint64 // surnameKey of it
}

// A Text is the content of an opening: a name, a city.
type Text struct {
	Kind  string
	Bytes []byte
}

// A Status is what a row's status word does from a day on.
type Status struct {
	StatusWord
	Word string // as the file has it
	Day  license.Day
}

// A mapper reads records of one file.
type mapper struct {
	*Mapping
	at     map[string]int // column → field
	n      int            // fields of a row
	groups int            // of claims, that the file has
	digest rowDigest
}

func newMapper(m *Mapping, header []string) (*mapper, error) {
	if err := m.Check(header); err != nil {
		return nil, err
	}
	p := &mapper{Mapping: m, at: map[string]int{}, n: len(header)}
	columns := m.columns()
	for p.groups < m.Claim.Groups {
		next := m.Claim.columnsOfGroup(p.groups + 1)
		if slices.ContainsFunc(next, func(c string) bool { return !slices.Contains(header, c) }) {
			break
		}
		columns = append(columns, next...)
		p.groups++
	}
	for _, c := range columns {
		p.at[c] = slices.Index(header, c)
	}
	for _, c := range m.digestColumns() {
		p.digest.columns = append(p.digest.columns, p.at[c])
	}
	return p, nil
}

// row reads a record. It looks at every column, so that a clerk sees all flaws of
// a row at once.
func (m *mapper) row(rec record, header []string) Row {
	r := Row{Number: rec.n, Line: rec.line, record: rec}
	if f := rec.flaw; f != nil {
		if rec.column >= 0 && rec.column < len(header) {
			f.Column = header[rec.column]
		}
		r.Flaws = append(r.Flaws, *f)
		return r
	}
	if len(rec.fields) != m.n {
		r.refuse(flaw("", "", "csv-width", "The row has %d fields, the header has %d.", len(rec.fields), m.n))
		return r
	}
	switch m.File.Holds {
	case HoldsClaims:
		m.readClaims(&r)
	case HoldsExclusions:
		m.readExclusion(&r)
	case HoldsOrders:
		m.readLicense(&r)
		m.readTexts(&r)
		if m.readOrder(&r); r.Order != nil {
			r.From = r.Order.From
		}
	default:
		m.readLicenseRow(&r)
	}
	for _, c := range m.File.Newest {
		r.Newest = max(r.Newest, m.readDay(&r, c))
	}
	if len(r.Flaws) == 0 {
		r.digest = m.digest.of(rec.fields)
	}
	return r
}

// readLicenseRow reads a row that is about a license and a term of it.
func (m *mapper) readLicenseRow(r *Row) {
	m.readLicense(r)
	m.readTerm(r)
	r.Issued = m.readDay(r, m.License.Issued)
	if m.License.Issued != "" && r.Issued == "" {
		m.refuseMissing(r, m.License.Issued, "issued-missing")
	}
	m.readTexts(r)
	m.readStatus(r)
	m.readOrder(r)
	m.twoOrders(r)
}

func (r *Row) refuse(f *Flaw) {
	if f != nil && !slices.Contains(r.Flaws, *f) {
		r.Flaws = append(r.Flaws, *f)
	}
}

// refuseMissing says that a column holds nothing, unless it is flawed already.
func (m *mapper) refuseMissing(r *Row, column, rule string) {
	if slices.ContainsFunc(r.Flaws, func(f Flaw) bool { return f.Column == column }) {
		return
	}
	v := m.cell(r, column)
	if v == "" || m.License.Drop != "" && column == m.License.Number && strings.Trim(v, m.License.Drop) == "" {
		r.refuse(flaw(column, v, rule, "The column holds nothing here."))
		return
	}
	r.refuse(flaw(column, v, rule, "The mapping takes this for nothing (file.missing), and the row needs something here."))
}

// value returns a field without outer white space, and "" where it means none.
func (m *mapper) value(r *Row, column string) string {
	if column == "" {
		return ""
	}
	v := strings.TrimSpace(r.record.fields[m.at[column]])
	if slices.Contains(m.File.Missing, v) {
		return ""
	}
	switch {
	case len(v) > ValueBytesMax:
		r.refuse(flaw(column, v, "value-long", "The value has more than %d bytes.", ValueBytesMax))
		return ""
	case license.CheckText([]byte(v)) != nil || strings.ContainsFunc(v, deceives):
		r.refuse(flaw(column, v, "value-control", "The value holds characters that nobody sees or that make text look other than it is; they stand here as \\u{…}."))
		return ""
	}
	return v
}

// deceives finds characters that make text look other than it is: controls, marks of
// direction, and those of no width.
func deceives(c rune) bool {
	switch {
	case c < 0x80:
		return false
	case c <= 0x9f, c == 0xad, c == 0x61c, c == 0x180e, c == 0xfeff, c == 0xfff9, c == 0xfffa, c == 0xfffb:
		return true
	case c >= 0x200b && c <= 0x200f, c >= 0x2028 && c <= 0x202e, c >= 0x2060 && c <= 0x206f:
		return true
	}
	return c >= 0xe0000 && c <= 0xe0fff
}

func (m *mapper) readDay(r *Row, column string) license.Day {
	v := m.value(r, column)
	if v == "" {
		return ""
	}
	d, ambiguous := m.day(v)
	switch {
	case ambiguous:
		r.refuse(flaw(column, v, "date-ambiguous", "The layouts %s read different days.", m.layoutNames()))
	case d == "":
		r.refuse(flaw(column, v, "date", "This is no day written %s.", m.layoutNames()))
	}
	return d
}

func (m *mapper) readLicense(r *Row) {
	number := m.value(r, m.License.Number)
	if m.License.Drop != "" {
		number = strings.Map(func(c rune) rune {
			if strings.ContainsRune(m.License.Drop, c) {
				return -1
			}
			return c
		}, number)
	}
	if number == "" {
		m.refuseMissing(r, m.License.Number, "number-missing")
	}
	p := m.profession(r, number)
	if p == nil || number == "" {
		return
	}
	id := license.ID{Board: m.Board.ID, Profession: p.ID, Number: number}
	if pattern := m.pattern(*p); !license.FitsPattern(pattern, number) {
		r.refuse(flaw(m.License.Number, number, "number-pattern", "Numbers of this profession are written %s.", pattern))
		return
	}
	if _, err := license.ParseID(id.String()); err != nil {
		r.refuse(flaw(m.License.Number, number, "number", "%v.", err))
		return
	}
	r.License = id
}

func (m *mapper) profession(r *Row, number string) *ProfessionRules {
	if m.License.ByPattern {
		i := slices.IndexFunc(m.Profession, func(p ProfessionRules) bool { return license.FitsPattern(p.Pattern, number) })
		if i >= 0 {
			return &m.Profession[i]
		}
		if number != "" {
			r.refuse(flaw(m.License.Number, number, "number-pattern", "No profession of the mapping writes its numbers like this."))
		}
		return nil
	}
	if id := m.Constants.Profession; id != "" {
		return &m.Profession[slices.IndexFunc(m.Profession, func(p ProfessionRules) bool { return p.ID == id })]
	}
	code := m.value(r, m.License.Profession)
	if code == "" {
		m.refuseMissing(r, m.License.Profession, "profession-missing")
		return nil
	}
	i := slices.IndexFunc(m.Profession, func(p ProfessionRules) bool { return p.Code == code })
	if i < 0 {
		r.refuse(flaw(m.License.Profession, code, "profession-unknown", "The mapping has no [[profession]] with this code."))
		return nil
	}
	return &m.Profession[i]
}

func (m *mapper) readTerm(r *Row) {
	r.From, r.Through = m.readDay(r, m.Term.From), m.readDay(r, m.Term.Through)
	never := slices.Contains(m.never, r.Through)
	if never {
		r.Through = ""
	}
	if r.From == "" {
		m.readOtherwise(r)
	}
	if r.From == "" {
		m.refuseMissing(r, m.Term.From, "term-from-missing")
	}
	if m.Term.Through != "" && r.Through == "" && !never {
		m.refuseMissing(r, m.Term.Through, "term-through-missing")
	}
	if r.From != "" && r.Through != "" && r.Through < r.From {
		r.refuse(flaw(m.Term.Through, m.cell(r, m.Term.Through), "term-reversed", "The term would end before %s, the day on which it begins.", r.From))
	}
}

// readOtherwise takes the first day of the term from another column, where the
// mapping says so.
func (m *mapper) readOtherwise(r *Row) {
	if m.value(r, m.Term.From) != "" {
		return // there is a value, and it is no date
	}
	for _, o := range m.Term.Otherwise {
		fits := true
		for c, want := range o.When {
			fits = fits && m.value(r, c) == want
		}
		if !fits {
			continue
		}
		if r.From = m.readDay(r, o.Column); r.From != "" {
			r.Notes = append(r.Notes, *flaw(m.Term.From, "", "term-otherwise", "The column holds nothing here; the mapping takes %s from %q.", r.From, o.Column))
			return
		}
	}
}

func (m *mapper) readTexts(r *Row) {
	n := m.readName(r)
	if n == (license.Name{}) {
		for _, c := range []string{m.Name.Full, m.Name.Legal, m.Name.Family, m.Name.DBA, m.Name.Given} {
			if c != "" {
				m.refuseMissing(r, c, "name-missing")
				break
			}
		}
		return
	}
	if m.Name.Full == "" || m.Name.Form != "" { // else a whole name stands where surnames do
		r.family, r.surname = n.Family, surnameKey(n.Family)
	}
	r.Texts = append(r.Texts, Text{license.OpeningName, strict.Encode(&n)})
	for _, t := range []struct{ kind, column, constant string }{
		{license.OpeningStreet, m.Address.Street, ""},
		{license.OpeningCity, m.Address.City, m.Constants.City},
		{license.OpeningState, m.Address.State, m.Constants.State},
		{license.OpeningZip, m.Address.Zip, ""},
	} {
		v := m.value(r, t.column)
		if t.kind == license.OpeningState && v != "" {
			m.noteState(r, v)
		}
		if v == "" {
			v = t.constant
		}
		if v != "" {
			r.Texts = append(r.Texts, Text{t.kind, []byte(v)})
		}
	}
}

// readName reads the name, and who it is about. Files repeat a person's name as that
// of a business; what is said twice is kept once.
func (m *mapper) readName(r *Row) license.Name {
	n := license.Name{
		Family: m.value(r, m.Name.Family), Given: m.value(r, m.Name.Given),
		Middle: m.value(r, m.Name.Middle), Suffix: m.value(r, m.Name.Suffix),
		Legal: m.value(r, m.Name.Legal), DBA: m.value(r, m.Name.DBA),
	}
	r.Subject = m.readSubject(r, n)
	if full := m.value(r, m.Name.Full); full != "" {
		m.takeApart(r, full, &n)
	}
	switch {
	case r.Subject == license.SubjectPerson && n.Family != "":
		n.Legal = ""
	case r.Subject == license.SubjectOrganization && n.Legal != "":
		n.Family, n.Given, n.Middle, n.Suffix = "", "", "", ""
	}
	if n.DBA == n.Legal { // many files repeat it
		n.DBA = ""
	}
	return n
}

func (m *mapper) takeApart(r *Row, full string, n *license.Name) {
	family, given, ok := strings.Cut(full, ",")
	switch {
	case r.Subject == license.SubjectOrganization:
		n.Legal = full
	case m.Name.Form == "":
		n.Family = full
	case !ok || strings.TrimSpace(family) == "":
		r.refuse(flaw(m.Name.Full, full, "name-form", "The mapping says that a comma stands after the surname."))
	default:
		given, suffix, _ := strings.Cut(given, ",") // Doe, Jane, Jr.
		n.Family, n.Given = strings.TrimSpace(family), strings.TrimSpace(given)
		if suffix = strings.Trim(suffix, ", "); suffix != "" {
			n.Suffix = suffix
		}
	}
}

func (m *mapper) readSubject(r *Row, n license.Name) string {
	switch {
	case m.Subject.ByName && (n.Family != "" || n.Given != ""):
		return license.SubjectPerson
	case m.Subject.ByName:
		return license.SubjectOrganization
	case m.Subject.Column == "":
		return m.Constants.Subject
	}
	word := m.value(r, m.Subject.Column)
	s, ok := m.Subject.Words[word]
	if !ok && word == "" {
		m.refuseMissing(r, m.Subject.Column, "subject-missing")
	} else if !ok {
		r.refuse(flaw(m.Subject.Column, word, "subject-unknown", "The mapping does not say whether this is a person or an organization."))
	}
	return s
}

func (m *mapper) readStatus(r *Row) {
	if m.Status.Column == "" {
		return
	}
	word := m.value(r, m.Status.Column)
	w, ok := m.Status.Words[word]
	since := m.readDay(r, m.Status.Since)
	r.says, r.word, r.since = w.Says, word, since
	switch {
	case word == "" && !ok:
		m.refuseMissing(r, m.Status.Column, "status-missing")
	case !ok:
		r.refuse(flaw(m.Status.Column, word, "status-unknown", "The mapping does not say what this word does."))
	case !w.acts():
	case w.FromTerm:
		r.Status = &Status{w, word, r.From}
	case w.FromFile:
		r.Status = &Status{w, word, ""} // the plan knows the day when the file is read
	case since == "":
		m.refuseMissing(r, m.Status.Since, "status-day-missing")
	case w.WithinTerm && (since < r.From || r.Through != "" && since > r.Through):
		r.refuse(flaw(m.Status.Since, m.cell(r, m.Status.Since), "status-outside-term", "%s holds within the row's term, %s through %s.", word, r.From, r.Through))
	default:
		r.Status = &Status{w, word, since}
	}
}

// order writes the document of an order that stands in the file as a word only.
func (m *Mapping) order(s *Status) license.OrderDocument {
	return license.OrderDocument{
		Entity: m.Board.Name, Effective: s.Day,
		Actions: []license.OrderAction{{Code: s.Action}},
		Text:    fmt.Sprintf("As copied from the file: %s %s from %s. The file holds no order.", m.Status.Column, s.Word, s.Day),
	}
}

// familyColumn is the column in which surnames stand.
func (m *Mapping) familyColumn() string { return cmp.Or(m.Name.Family, m.Name.Full) }

// What a status word claims of the term.
const (
	SaysCurrent = "current"
	SaysOver    = "over"
)

// contradiction says how the status word and the days of a row differ on the file's
// day, or nil. The days stand; nobody asserts a word like this.
func (m *Mapping) contradiction(r *Row, day license.Day) *Flaw {
	word := ""
	if m.Status.Column != "" {
		word = r.word
	}
	switch {
	case r.says == SaysCurrent && r.Through != "" && r.Through < day:
		return flaw(m.Status.Column, word, NoteContradicts, "The word says that the term goes on; its last day was %s. %s", r.Through, r.taken())
	case r.says == SaysOver && r.From != "" && r.From <= day && (r.Through == "" || r.Through >= day):
		return flaw(m.Status.Column, word, NoteContradicts, "The word says that the term is over; it goes on through %s. %s", cmp.Or(string(r.Through), "no set day"), r.taken())
	case r.endedEarly():
		return flaw(m.Status.Column, word, NoteContradicts, "The word says that it ended on %s; the term runs through %s. %s", r.since, r.Through, r.taken())
	}
	return nil
}

// endedEarly says whether the status word, which does nothing, is of an end before the
// term's last day.
func (r *Row) endedEarly() bool {
	return r.says == SaysOver && r.Status == nil && r.since != "" && r.since >= r.From && r.since < r.Through
}

// taken says what becomes of a row whose word contradicts its days.
func (r *Row) taken() string {
	if r.Status != nil {
		return "The term is copied with these days, and what the mapping says of the word is done."
	}
	return "The days are taken, the word is not."
}

// notedAfter says whether there is something to tell of a row, or would be if the
// file were of a day after this one. It is of no day before bound.
func (r *Row) notedAfter(bound license.Day) (after license.Day, noted bool) {
	switch {
	case len(r.Notes) > 0 || r.Order != nil && !r.Order.acts(): // a charge is always noted
		return "", true
	case max(r.From, r.Issued, r.since) > bound || r.Order != nil && r.Order.From > bound: // perhaps a day that lies ahead
		return "", true
	case r.says == SaysCurrent:
		return r.Through, false
	case r.endedEarly(), r.says == SaysOver && (r.Through == "" || r.Through >= bound):
		return "", true // perhaps
	}
	return "", false
}
