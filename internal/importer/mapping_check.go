package importer

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"licet/license"
)

// check looks at everything and reports all that is wrong.
func (m *Mapping) check() error {
	var errs []error
	no := func(format string, a ...any) { errs = append(errs, fmt.Errorf(format, a...)) }
	if !slices.Contains([]string{"", HoldsLicenses, HoldsOrders, HoldsClaims, HoldsExclusions}, m.File.Holds) {
		no("file.holds is %s, %s, %s or %s, not %q", HoldsLicenses, HoldsOrders, HoldsClaims, HoldsExclusions, m.File.Holds)
	}
	m.checkFile(no)
	m.checkClaims(no)
	if m.File.Holds == HoldsClaims || m.File.Holds == HoldsExclusions {
		return errors.Join(errs...)
	}
	for _, need := range []struct{ key, value string }{
		{"board.id", m.Board.ID},
		{"board.name", m.Board.Name},
		{"license.number", m.License.Number},
	} {
		if need.value == "" {
			no("%s is missing", need.key)
		}
	}
	switch {
	case m.File.Holds != HoldsOrders:
		if m.Term.From == "" {
			no("term.from is missing")
		}
		m.checkSubject(no)
	case m.Order.Action == "":
		no("order.action is missing: a file of orders says what they do")
	case m.File.Undescribed: // a license is of a person or of an organization
		m.checkSubject(no)
	}
	if m.File.Undescribed && m.File.Holds != HoldsOrders {
		no("file.undescribed is for files that hold orders")
	}
	ways := 0
	for _, way := range []bool{m.License.Profession != "", m.Constants.Profession != "", m.License.ByPattern} {
		if way {
			ways++
		}
	}
	if ways != 1 {
		no("which profession is a row of? Write one of license.profession (a column), constants.profession and license.by_pattern")
	}
	if m.Name == (NameRules{}) {
		no("name is missing: a license has a holder")
	}
	m.checkBoard(no)
	m.checkProfessions(no)
	m.checkStatus(no)
	m.checkOrders(no)
	m.checkLabels(no)
	return errors.Join(errs...)
}

func (m *Mapping) checkBoard(no func(string, ...any)) {
	if m.Board.Calendar != "" && m.Board.Calendar != CalendarCentral {
		no("board.calendar is %q or absent (UTC), not %q", CalendarCentral, m.Board.Calendar)
	}
	for i, k := range m.Board.Public {
		if !slices.Contains(license.OpeningKinds, k) || slices.Contains(m.Board.Public[:i], k) {
			no("board.public: %q; name each of %v once", k, license.OpeningKinds)
		}
	}
	if c := m.Board.Coverage; c != nil {
		for _, d := range []string{c.IssuedFrom, c.CompleteAs} {
			if _, err := license.ParseDay(d); d != "" && err != nil {
				no("board.coverage: %v", err)
			}
		}
	}
}

func (m *Mapping) checkProfessions(no func(string, ...any)) {
	if len(m.Profession) == 0 {
		no("profession is missing: write a [[profession]] table for each")
	}
	constant := false
	for i, p := range m.Profession {
		id := license.ID{Board: m.Board.ID, Profession: p.ID, Number: "1"}
		if _, err := license.ParseID(id.String()); err != nil {
			no("profession %d: %v", i+1, err)
		}
		if p.Title == "" {
			no("profession %q: title is missing", p.ID)
		}
		if p.Pattern == "" && m.License.ByPattern {
			no("profession %q: pattern is missing: by it the profession is known", p.ID)
		}
		if p.Code == "" && m.License.Profession != "" {
			no("profession %q: code is missing: the word of column %q", p.ID, m.License.Profession)
		}
		if err := license.CheckPattern(m.pattern(p)); err != nil {
			no("profession %q: %v (license.pattern or the profession's own)", p.ID, err)
		}
		for _, q := range m.Profession[:i] {
			if q.ID == p.ID || q.Code == p.Code && p.Code != "" {
				no("profession %q: id or code stands twice", p.ID)
			}
		}
		constant = constant || p.ID == m.Constants.Profession
	}
	if m.Constants.Profession != "" && !constant {
		no("constants.profession: there is no [[profession]] with id %q", m.Constants.Profession)
	}
}

// lifecycles are what a word may set, and "" none.
var lifecycles = []string{
	"", license.LifecycleActive, license.LifecycleInactive, license.LifecycleSurrendered,
	license.LifecycleDeceased, license.LifecycleCanceled,
}

func (m *Mapping) checkStatus(no func(string, ...any)) {
	if m.Status.Column == "" && (m.Status.Since != "" || len(m.Status.Words) > 0) {
		no("status.column is missing")
	}
	if m.Status.Column != "" && len(m.Status.Words) == 0 {
		no("status.words is missing: say what each word of column %q does", m.Status.Column)
	}
	authorities := []string{"", license.AuthorityNone, license.AuthorityConditions, license.AuthorityBarred}
	for _, word := range slices.Sorted(maps.Keys(m.Status.Words)) {
		w := m.Status.Words[word]
		if !slices.Contains(lifecycles, w.Lifecycle) {
			no("status.words %q: there is no lifecycle %q; they are %v", word, w.Lifecycle, lifecycles[1:])
		}
		if !slices.Contains(authorities, w.Authority) {
			no("status.words %q: there is no authority %q; they are %v", word, w.Authority, authorities[1:])
		}
		if (w.Authority == "") != (w.Action == "") || w.Action != "" && !slices.Contains(license.ActionCodes, w.Action) {
			no("status.words %q: authority and action stand together; actions are %v", word, license.ActionCodes)
		}
		if w.acts() && !w.FromTerm && !w.FromFile && m.Status.Since == "" {
			no("status.words %q: from which day? Name status.since, or from_term or from_file", word)
		}
		if !slices.Contains([]string{"", SaysCurrent, SaysOver}, w.Says) {
			no("status.words %q: says is %q or %q", word, SaysCurrent, SaysOver)
		}
	}
}

// Check says whether a file with this header can be read by the mapping.
func (m *Mapping) Check(header []string) error {
	var errs []error
	for i, h := range header {
		if h != "" && slices.Contains(header[:i], h) && slices.Contains(m.columns(), h) {
			errs = append(errs, fmt.Errorf("the header names column %q twice: which one is meant?", shown(h)))
		}
	}
	for _, c := range m.columns() {
		if !slices.Contains(header, c) {
			errs = append(errs, fmt.Errorf("the file has no column %q, which mapping %s names", c, m.source))
		}
	}
	if errs != nil {
		errs = append(errs, fmt.Errorf("the header is: %s", shownHeader(header)))
	}
	return errors.Join(errs...)
}

func shownHeader(header []string) string {
	var b strings.Builder
	for i, h := range header {
		if i == 50 {
			fmt.Fprintf(&b, ", … %d more", len(header)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(shown(h))
	}
	return b.String()
}

// checkFile checks how the file is written.
func (m *Mapping) checkFile(no func(string, ...any)) {
	if !slices.Contains([]string{"", ",", "\t", ";", "|"}, m.File.Separator) {
		no("file.separator is a comma, a semicolon, a tab or a bar, not %q", m.File.Separator)
	}
	if e := m.File.Encoding; e != "" && !slices.Contains(encodings, e) {
		no("file.encoding is one of %v, not %q", encodings, e)
	}
	if len(m.File.Dates) == 0 {
		no("file.dates is missing: name the layouts of the file's dates, such as MM/DD/YYYY")
	}
	for _, s := range m.File.Dates {
		l, err := parseLayout(s)
		if err != nil {
			no("file.dates: %v", err)
		}
		m.layouts = append(m.layouts, l)
	}
	for _, d := range m.Term.Never {
		day, err := license.ParseDay(d)
		if err != nil {
			no("term.never: %v", err)
		}
		m.never = append(m.never, day)
	}
	m.checkRefuse(no)
	if m.Name.Form != "" && m.Name.Form != FormFamilyGiven || m.Name.Form != "" && m.Name.Full == "" {
		no("name.form is %q, and says how name.full is written", FormFamilyGiven)
	}
}

// checkSubject checks who the rows are about.
func (m *Mapping) checkSubject(no func(string, ...any)) {
	both := []string{license.SubjectPerson, license.SubjectOrganization}
	ways := 0
	for _, way := range []bool{m.Constants.Subject != "", m.Subject.Column != "", m.Subject.ByName} {
		if way {
			ways++
		}
	}
	if s := m.Constants.Subject; ways != 1 || s != "" && !slices.Contains(both, s) {
		no("who are the rows about? Write one of constants.subject (%q or %q, not %q), subject.column and subject.by_name", both[0], both[1], s)
	}
	for _, w := range slices.Sorted(maps.Keys(m.Subject.Words)) {
		if !slices.Contains(both, m.Subject.Words[w]) {
			no("subject.words %q: %q or %q", w, both[0], both[1])
		}
	}
}

// checkOrders checks what the words of orders do.
func (m *Mapping) checkOrders(no func(string, ...any)) {
	if m.Order.Action != "" && m.Order.Since == "" {
		no("order.since is missing: from which day does an order hold?")
	}
	if m.Order.Action == "" && len(m.Order.Words) > 0 || m.Order.Action != "" && len(m.Order.Words) == 0 {
		no("order.action and order.words stand together: say what each word of the column does")
	}
	for _, word := range slices.Sorted(maps.Keys(m.Order.Words)) {
		w := m.Order.Words[word]
		if !slices.Contains([]string{"", license.AuthorityNone, license.AuthorityConditions, license.AuthorityBarred}, w.Authority) {
			no("order.words %q: there is no authority %q; it is none, conditions or barred", word, w.Authority)
		}
		if (w.Authority == "") != (w.Action == "") || w.Action != "" && !slices.Contains(license.ActionCodes, w.Action) {
			no("order.words %q: authority and action stand together; actions are %v", word, license.ActionCodes)
		}
		if !slices.Contains(lifecycles, w.Lifecycle) {
			no("order.words %q: there is no lifecycle %q; they are %v", word, w.Lifecycle, lifecycles[1:])
		}
		if w.Lifecycle != "" && w.Authority != "" || w.Unsaid && w.acts() {
			no("order.words %q: a word is an order, sets a lifecycle, or leaves unsaid what was decided; not two of these", word)
		}
	}
}

// labelCodes are what a board may have words of its own for: registrations, orders by their
// action or effect, and stays.
func labelCodes() []string {
	return append([]string{
		license.RegistrationActive, license.RegistrationGrace, license.RegistrationLapsed, license.RegistrationPending, license.RegistrationGap, license.RegistrationNotTold, license.RegistrationVoid,
		license.LifecycleInactive, license.LifecycleSurrendered, license.LifecycleDeceased, license.LifecycleCanceled,
		"barred", "conditions", "noted", "stayed",
	}, license.ActionCodes...)
}

func (m *Mapping) checkLabels(no func(string, ...any)) {
	for _, code := range slices.Sorted(maps.Keys(m.Labels)) {
		if !slices.Contains(labelCodes(), code) {
			no("labels: there is no standing %q; they are %s", code, strings.Join(labelCodes(), ", "))
		} else if strings.TrimSpace(m.Labels[code]) == "" {
			no("labels.%s is empty: write the board's word, or leave the key away", code)
		}
	}
}
