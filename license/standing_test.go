package license

import (
	"fmt"
	"strings"
	"testing"

	"licet/strict"
)

type shownAction struct {
	Commitment Hash   `json:"commitment"`
	Code       string `json:"code"`
}

type standingVector struct {
	Name         string        `json:"name"`
	Record       string        `json:"record"`
	Day          Day           `json:"day"`
	Actions      []shownAction `json:"actions"`
	Labels       []Label       `json:"labels"`
	Registration string        `json:"registration"`
	Discipline   string        `json:"discipline"`
	Authority    string        `json:"authority"`
	Through      Day           `json:"through"`
	Primary      string        `json:"primary"`
	Secondary    string        `json:"secondary"`
	Rests        string        `json:"rests"`
}

func (v standingVector) compute(l *License) standingVector {
	v.Record = string(strict.Encode(l))
	s := l.StandingOn(v.Day, &Profession{Labels: v.Labels}, func(h Hash) *OrderDocument {
		for _, a := range v.Actions {
			if a.Commitment == h {
				return &OrderDocument{Actions: []OrderAction{{Code: "other"}, {Code: a.Code}}}
			}
		}
		return nil
	})
	v.Registration, v.Discipline, v.Authority, v.Through, v.Primary, v.Secondary = s.Registration, s.Discipline, s.Authority, s.Through, s.Primary, s.Secondary
	v.Rests = s.Rests
	return v
}

// standings are told by hand: terms, lifecycles, orders, day and what stands then.
var standings = []struct {
	name       string
	terms      []Term
	lifecycles []Lifecycle
	orders     []Order
	day        Day
	want       string // registration discipline authority
}{
	{"before the first term", []Term{{"2026-01-10", "2026-05-31", ""}}, nil, nil, "2026-01-09", "not-begun none may-not-practice"},
	{"its first day", []Term{{"2026-01-10", "2026-05-31", ""}}, nil, nil, "2026-01-10", "active none may-practice"},
	{"its last day", []Term{{"2026-01-10", "2026-05-31", ""}}, nil, nil, "2026-05-31", "active none may-practice"},
	{"the day after", []Term{{"2026-01-10", "2026-05-31", ""}}, nil, nil, "2026-06-01", "not-renewed none may-not-practice"},
	{"no terms", nil, nil, nil, "2026-06-01", "not-begun none may-not-practice"},
	{"a term without end", []Term{{"2026-01-10", "", ""}}, nil, nil, "9999-12-31", "active none may-practice"},
	{"first day of grace", []Term{{"2026-01-10", "2026-07-31", "2026-10-29"}}, nil, nil, "2026-08-01", "not-lapsed none may-practice"},
	{"last day of grace", []Term{{"2026-01-10", "2026-07-31", "2026-10-29"}}, nil, nil, "2026-10-29", "not-lapsed none may-practice"},
	{"after grace", []Term{{"2026-01-10", "2026-07-31", "2026-10-29"}}, nil, nil, "2026-10-30", "not-renewed none may-not-practice"},
	{"a gap", []Term{{"2024-06-01", "2026-05-31", ""}, {"2026-06-20", "2028-05-31", ""}}, nil, nil, "2026-06-10", "between-terms none may-not-practice"},
	{"a gap told in the other order", []Term{{"2026-06-20", "2028-05-31", ""}, {"2024-06-01", "2026-05-31", ""}}, nil, nil, "2026-06-10", "between-terms none may-not-practice"},
	{"grace before a gap's end", []Term{{"2024-06-01", "2026-05-31", "2026-06-15"}, {"2026-06-20", "2028-05-31", ""}}, nil, nil, "2026-06-10", "not-lapsed none may-practice"},
	{"overlapping terms", []Term{{"2024-06-01", "2026-05-31", ""}, {"2025-01-01", "2025-12-31", ""}}, nil, nil, "2026-05-31", "active none may-practice"},
	{"a term of one day", []Term{{"2026-01-10", "2026-01-10", ""}}, nil, nil, "2026-01-10", "active none may-practice"},
	{"inactive", []Term{{"2026-01-10", "", ""}}, []Lifecycle{{"inactive", "2026-02-01"}}, nil, "2026-02-01", "inactive none may-not-practice"},
	{"the day before it is inactive", []Term{{"2026-01-10", "", ""}}, []Lifecycle{{"inactive", "2026-02-01"}}, nil, "2026-01-31", "active none may-practice"},
	{"active again", []Term{{"2026-01-10", "", ""}}, []Lifecycle{{"inactive", "2026-02-01"}, {"active", "2026-03-01"}}, nil, "2026-03-01", "active none may-practice"},
	{"active again, and lapsed", []Term{{"2026-01-10", "2026-02-28", ""}}, []Lifecycle{{"inactive", "2026-02-01"}, {"active", "2026-03-01"}}, nil, "2026-03-01", "not-renewed none may-not-practice"},
	{"the later day wins, not the later act", []Term{{"2026-01-10", "", ""}}, []Lifecycle{{"active", "2026-03-01"}, {"inactive", "2026-02-01"}}, nil, "2026-03-01", "active none may-practice"},
	{"of one day the later act wins", []Term{{"2026-01-10", "", ""}}, []Lifecycle{{"inactive", "2026-02-01"}, {"deceased", "2026-02-01"}}, nil, "2026-02-01", "deceased none may-not-practice"},
	{"surrendered after its term", []Term{{"2026-01-10", "2026-01-31", ""}}, []Lifecycle{{"surrendered", "2026-02-01"}}, nil, "2026-02-02", "surrendered none may-not-practice"},
	{"canceled", []Term{{"2026-01-10", "", ""}}, []Lifecycle{{"canceled", "2026-02-01"}}, nil, "2026-02-02", "canceled none may-not-practice"},
	{"a reprimand", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "none", Start: "2026-02-01"}}, "2026-02-01", "active noted may-practice"},
	{"probation", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "conditions", Start: "2026-02-01"}}, "2026-02-01", "active conditions may-practice-with-conditions"},
	{"the day before", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01"}}, "2026-01-31", "active none may-practice"},
	{"suspended", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", End: "2026-05-01"}}, "2026-05-01", "active barred may-not-practice"},
	{"after the suspension", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", End: "2026-05-01"}}, "2026-05-02", "active none may-practice"},
	{"expired during the suspension", []Term{{"2026-01-10", "2026-04-30", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", End: "2026-05-01"}}, "2026-05-02", "not-renewed none may-not-practice"},
	{"suspended in grace", []Term{{"2026-01-10", "2026-01-31", "2026-04-30"}}, nil, []Order{{Authority: "barred", Start: "2026-02-01"}}, "2026-02-02", "not-lapsed barred may-not-practice"},
	{"conditions in grace", []Term{{"2026-01-10", "2026-01-31", "2026-04-30"}}, nil, []Order{{Authority: "conditions", Start: "2026-02-01"}}, "2026-02-02", "not-lapsed conditions may-practice-with-conditions"},
	{"the latest end governs", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", End: "2026-05-01"}, {Authority: "barred", Start: "2026-03-01", End: "2026-06-01"}}, "2026-05-02", "active barred may-not-practice"},
	{"the most severe governs", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01"}, {Authority: "none", Start: "2026-03-01"}, {Authority: "conditions", Start: "2026-03-01"}}, "2026-03-02", "active barred may-not-practice"},
	{"stayed", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", Stays: []Stay{{"2026-02-10", ""}}}}, "2026-02-10", "active none may-practice"},
	{"the day before the stay", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", Stays: []Stay{{"2026-02-10", ""}}}}, "2026-02-09", "active barred may-not-practice"},
	{"the stay's last day", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", Stays: []Stay{{"2026-02-10", "2026-02-12"}}}}, "2026-02-12", "active none may-practice"},
	{"after the stay", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", Stays: []Stay{{"2026-02-10", "2026-02-12"}}}}, "2026-02-13", "active barred may-not-practice"},
	{"between two stays", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", Stays: []Stay{{"2026-02-10", "2026-02-12"}, {"2026-02-20", ""}}}}, "2026-02-19", "active barred may-not-practice"},
	{"one stayed, one not", []Term{{"2026-01-10", "", ""}}, nil, []Order{{Authority: "barred", Start: "2026-02-01", Stays: []Stay{{"2026-02-10", ""}}}, {Authority: "conditions", Start: "2026-02-01"}}, "2026-02-19", "active conditions may-practice-with-conditions"},
}

func TestStandings(t *testing.T) {
	var lines []standingVector
	for _, c := range standings {
		l := &License{Licensee: strings.Repeat("a", 32), Subject: SubjectPerson, Terms: c.terms, Lifecycles: c.lifecycles}
		var shown []shownAction
		for i, o := range c.orders {
			o.ID = fmt.Sprintf("%032x", i+1)
			o.Commitment, o.Count = HashOf([]byte(o.ID)), 1
			l.Orders = append(l.Orders, o)
			shown = append(shown, shownAction{o.Commitment, map[string]string{AuthorityNone: "reprimand", AuthorityConditions: "probation", AuthorityBarred: "suspension"}[o.Authority]})
		}
		v := standingVector{Name: c.name, Day: c.day, Actions: shown}.compute(l)
		if got := v.Registration + " " + v.Discipline + " " + v.Authority; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		lines = append(lines, v)
		if len(c.orders) > 0 {
			lines = append(lines, standingVector{Name: c.name + ", documents withheld", Day: c.day, Labels: []Label{{"barred", "Encumbered"}, {"active", "Current"}}}.compute(l))
		}
	}
	void := &License{Terms: []Term{{"2026-01-10", "", ""}}}
	if v := (standingVector{Name: "void", Day: "2026-02-01"}).compute(void); v.Registration != "void" || v.Authority != MayNotPractice {
		t.Errorf("%+v", v)
	} else {
		lines = append(lines, v)
	}
	lines = append(lines, untold(t)...)
	lines = append(lines, privileges(t)...)
	checkVectors(t, "standing.jsonl", append(lines, scenarioVectors(t)...))
}

// privileges say on what they rest, and stand as their own records say.
func privileges(t *testing.T) (lines []standingVector) {
	l := &License{
		Licensee: strings.Repeat("a", 32), Subject: SubjectPerson, Terms: []Term{{"2026-01-10", "", ""}},
		Rests: []Rest{{"us-ia.nurse.T1", "2026-02-01"}, {"us-wi.nurse.2", "2026-04-01"}, {"us-mn.nurse.3", "2026-03-01"}, {"us-ia.nurse.T4", "2026-04-01"}},
	}
	for _, c := range []struct {
		day  Day
		want string
	}{
		{"2026-01-09", "us-ia.nurse.T1"}, {"2026-02-01", "us-ia.nurse.T1"}, {"2026-03-01", "us-mn.nurse.3"}, {"2026-03-31", "us-mn.nurse.3"}, {"2026-04-01", "us-ia.nurse.T4"},
	} {
		v := standingVector{Name: "a privilege on " + string(c.day), Day: c.day}.compute(l)
		if v.Rests != c.want {
			t.Errorf("on %s it rests on %s, want %s", c.day, v.Rests, c.want)
		}
		lines = append(lines, v)
	}
	return lines
}

// untold are copied licenses of which no file tells a term.
func untold(t *testing.T) (lines []standingVector) {
	for _, c := range []struct {
		name       string
		authority  string
		lifecycles []Lifecycle
		want       string
	}{
		{"no registration told", "", nil, "not-told none not-known"},
		{"no registration told, a reprimand", AuthorityNone, nil, "not-told noted not-known"},
		{"no registration told, probation", AuthorityConditions, nil, "not-told conditions not-known"},
		{"no registration told, revoked", AuthorityBarred, nil, "not-told barred may-not-practice"},
		{"no term told, and active", "", []Lifecycle{{"active", "2026-01-01"}}, "not-told none not-known"},
		{"no term told, and surrendered", "", []Lifecycle{{"surrendered", "2026-01-01"}}, "surrendered none may-not-practice"},
	} {
		l := &License{Licensee: strings.Repeat("a", 32), Subject: SubjectPerson, Source: SourceImport, Copied: "2026-01-02", Lifecycles: c.lifecycles}
		if c.authority != "" {
			l.Orders = []Order{{ID: strings.Repeat("b", 32), Commitment: HashOf([]byte(c.name)), Authority: c.authority, Start: "2026-01-01", Count: 1}}
		}
		v := standingVector{Name: c.name, Day: "2026-02-01"}.compute(l)
		if got := v.Registration + " " + v.Discipline + " " + v.Authority; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		lines = append(lines, v)
	}
	return lines
}

// scenarioVectors tells scenarios that boards gave us, on the fold alone.
func scenarioVectors(t *testing.T) (lines []standingVector) {
	say := func(name string, l *License, day Day, actions []shownAction, want string) {
		t.Helper()
		v := standingVector{Name: name + " on " + string(day), Day: day, Actions: actions}.compute(l)
		if got := v.Primary + "/" + v.Secondary + "/" + v.Authority; got != want {
			t.Errorf("%s on %s: %s, want %s", name, day, got, want)
		}
		lines = append(lines, v)
	}
	// 1. A nurse renews late: the days between stay not renewed for ever.
	b := issued(t)
	say("late renewal, before", b.license(nurse), "2026-06-01", nil, "NOT RENEWED//may-not-practice")
	b.now = "2026-06-20T15:00:00Z"
	b.must(&LicenseRenew{License: nurse, Count: 1, From: "2026-06-20", Through: "2028-05-31"})
	for day, want := range map[Day]string{"2026-05-31": "ACTIVE//may-practice"} {
		say("late renewal", b.license(nurse), day, nil, want)
	}
	say("late renewal", b.license(nurse), "2026-06-19", nil, "NOT RENEWED//may-not-practice")
	say("late renewal", b.license(nurse), "2026-06-20", nil, "ACTIVE//may-practice")
	// 6. Summary suspension, revocation, a court's stay, and its end.
	b = issued(t)
	summary := b.order(nurse, AuthorityBarred, "2026-01-12", "")
	revoked := b.order(nurse, AuthorityBarred, "2026-03-02", "")
	b.must(&LicenseStay{License: nurse, Order: revoked, Count: 1, From: "2026-03-09"}, &LicenseUnstay{License: nurse, Order: revoked, Count: 2, From: "2026-08-20"})
	l := b.license(nurse)
	acts := []shownAction{{l.order(summary).Commitment, "summary-suspension"}, {l.order(revoked).Commitment, "revocation"}}
	say("revocation stayed", l, "2026-01-11", acts, "ACTIVE//may-practice")
	say("revocation stayed", l, "2026-01-12", acts, "TEMPORARILY SUSPENDED/ACTIVE/may-not-practice")
	say("revocation stayed", l, "2026-03-02", acts, "REVOKED/ACTIVE/may-not-practice")
	say("revocation stayed", l, "2026-03-08", acts, "REVOKED/ACTIVE/may-not-practice")
	say("revocation stayed", l, "2026-03-09", acts, "TEMPORARILY SUSPENDED/ACTIVE, ORDER STAYED/may-not-practice")
	say("revocation stayed", l, "2026-08-20", acts, "REVOKED/NOT RENEWED/may-not-practice")
	// A later fine does not outshine the revocation, also when both bar practice.
	fine := b.order(nurse, AuthorityBarred, "2026-04-01", "")
	l = b.license(nurse)
	say("revoked, then fined", l, "2026-08-21", append(acts, shownAction{l.order(fine).Commitment, "fine"}), "REVOKED/NOT RENEWED/may-not-practice")
	// 7. The wrong licensee: voided, and both kept.
	b = issued(t)
	b.now = "2026-05-04T15:00:00Z"
	b.order(nurse, AuthorityBarred, "2026-05-04", "")
	b.now = "2026-05-05T14:30:00Z"
	b.must(b.void(nurse, b.last(nurse)))
	es := b.Entries(KindLicense, nurse)
	say("wrong licensee, as known before the void", FoldLicense(es, "2026-05-04T17:00:00Z"), "2026-05-04", nil, "MAY NOT PRACTICE BY ORDER/ACTIVE/may-not-practice")
	say("wrong licensee, as known now", FoldLicense(es, ""), "2026-05-04", nil, "ACTIVE//may-practice")
	// 15. An order of the tenth that holds from the first.
	b = issued(t)
	b.now = "2026-05-10T15:00:00Z"
	b.order(nurse, AuthorityBarred, "2026-05-01", "")
	es = b.Entries(KindLicense, nurse)
	say("retroactive, as known on the fifth", FoldLicense(es, "2026-05-05T15:00:00Z"), "2026-05-05", nil, "ACTIVE//may-practice")
	say("retroactive, as known now", FoldLicense(es, ""), "2026-05-05", nil, "MAY NOT PRACTICE BY ORDER/ACTIVE/may-not-practice")
	return lines
}

func TestWords(t *testing.T) {
	p := &Profession{Labels: []Label{{"active", "Current"}, {"revocation", ""}}}
	for code, want := range map[string]string{"active": "Current", "revocation": "REVOKED", "strange": "STRANGE"} {
		if got := Word(p, code); got != want {
			t.Errorf("%s: %s", code, got)
		}
	}
	if Word(nil, "active") != "ACTIVE" {
		t.Error("without a profession")
	}
	for _, c := range ActionCodes {
		if defaultWords[c] == "" {
			t.Errorf("%s has no word", c)
		}
	}
}

func TestOpeningOn(t *testing.T) {
	h := func(s string) Hash { return HashOf([]byte(s)) }
	l := &License{Openings: []DatedOpening{{"name", h("b"), "2026-02-01"}, {"city", h("x"), "2026-01-01"}, {"name", h("a"), "2026-01-01"}, {"name", h("c"), "2026-03-01"}, {"name", h("d"), "2026-03-01"}}}
	for day, want := range map[Day]string{"2025-01-01": "a", "2026-01-01": "a", "2026-02-01": "b", "2026-02-28": "b", "2026-03-01": "d"} {
		if l.OpeningOn("name", day) != h(want) {
			t.Errorf("on %s not %s", day, want)
		}
	}
	if l.OpeningOn("zip", "2026-01-01") != (Hash{}) {
		t.Error("an opening of no kind")
	}
}

// A list of orders tells of no registration: nobody here knows whether she may
// practice, unless an order bars it.
func TestRegistrationNotTold(t *testing.T) {
	b := newBook(t)
	const id = "us-il.nurse.041777"
	order := func(authority string) Change {
		return Change{Do: DoOrder, Order: b.id(), Authority: authority, Commitment: b.hash("order"), From: "2025-01-01"}
	}
	row := func(cs ...Change) *ImportAssert {
		a := &ImportAssert{License: id, File: b.hash("file"), Row: 1, Day: "2026-01-01", Changes: cs}
		if b.records[KindLicense+"\x00"+id] != nil {
			a.Count = b.license(id).Counts.Imports
		} else {
			a.Licensee, a.Subject = b.id(), SubjectPerson
		}
		return a
	}
	stands := func(day Day, registration, authority, primary string) {
		t.Helper()
		s := b.license(id).StandingOn(day, nil, nil)
		if s.Registration != registration || s.Authority != authority || s.Primary != primary || s.Through != "" {
			t.Errorf("on %s %s, %s, %s", day, s.Registration, s.Authority, s.Primary)
		}
	}
	b.must(row(order(AuthorityConditions)))
	first := b.last(id)
	if l := b.license(id); l.Issued != "" || l.Source != SourceImport {
		t.Errorf("%+v", l)
	}
	stands("2024-12-31", RegistrationNotTold, MayIsNotKnown, "REGISTRATION NOT TOLD")
	stands("2025-01-01", RegistrationNotTold, MayIsNotKnown, "REGISTRATION NOT TOLD")
	b.must(row(order(AuthorityBarred)))
	stands("2025-01-01", RegistrationNotTold, MayNotPractice, "MAY NOT PRACTICE BY ORDER")

	// The issue can be corrected, still without a day or with one; a native one needs it.
	issue := b.Entries(KindLicense, id)[0]
	dated := issue.Changes[0]
	dated.From = "2001-01-01"
	b.must(b.correct(id, first, issue.Changes[0], order(AuthorityNone).as(issue.Changes[1])))
	b.must(b.correct(id, b.last(id), dated, order(AuthorityNone).as(issue.Changes[1])))
	stands("2024-12-31", RegistrationNotTold, MayIsNotKnown, "REGISTRATION NOT TOLD")
	if got := b.license(id).Issued; got != "2001-01-01" {
		t.Errorf("issued %s", got)
	}
	b.issue(nurse, "2024-06-01", "2026-05-31")
	native := b.Entries(KindLicense, nurse)[0]
	undated := native.Changes[0]
	undated.From = ""
	b.refused("day-missing", b.correct(nurse, native.Hash, undated, native.Changes[1]))

	// A file that tells of a term makes it an ordinary license.
	b.must(row(term("2024-06-01", "2026-05-31")))
	if s := b.license(id).StandingOn("2024-05-31", nil, nil); s.Registration != RegistrationPending {
		t.Errorf("before its term %s", s.Registration)
	}
}

// as is the order under another's id.
func (c Change) as(o Change) Change {
	c.Order = o.Order
	return c
}
