package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"licet/license"
	"licet/strict"
)

// A step is one payload of the demo's history. It is told when its license does
// not show it yet, so an interrupted telling goes on where it stopped.
type step struct {
	daysAgo int    // on which day it is recorded
	license string // about which license
	fact    string // the fact that it records about the license; "": it changes the license
	entries int    // how many entries the license has when the step is told
	both    bool   // clerk and director sign; else the clerk
	act     func(history) (license.Act, []license.Opening)
}

// A history is what a step may look at: the license and its entries.
type history struct {
	record  *license.License
	entries []license.Recorded
}

// a holder is who a license is issued to.
type holder struct {
	number string
	name   license.Name
	city   string
	issued license.Day
}

// A cycle is how a profession renews: terms of some years end on a day of the year.
type cycle struct {
	month      time.Month
	day        int
	phase      int // a year in which terms end
	years      int
	recordedBy int // days before a term's end by which its renewal is recorded
}

// Illinois: physicians by July 31 of every third year, nurses by May 31 of even years.
var (
	physicians = cycle{time.July, 31, 2026, 3, 25}
	nurses     = cycle{time.May, 31, 2026, 2, 20}
)

// One nurse gave her license back.
const (
	surrendered    = nurse + ".041000204"
	surrenderedAgo = 45
)

// story returns the demo's history, the oldest first.
func story(c calendarDay) []step {
	var steps []step
	person := func(profession string, y cycle, lapses bool, number, given, family, city string, issued license.Day) {
		steps = append(steps, c.renewed(profession, holder{number, license.Name{Family: family, Given: given}, city, issued}, y, lapses)...)
	}
	person(physician, physicians, false, "036000101", "Ada", "Sample", "Springfield", "2009-07-01")
	person(physician, physicians, false, "036000102", "Boris", "Example", "Chicago", "2003-04-14")
	person(physician, physicians, false, "036000103", "Carla", "Testcase", "Peoria", "2011-10-03")
	person(physician, physicians, false, "036000104", "David", "Placeholder", "Rockford", "1999-02-22")
	person(physician, physicians, false, "036000105", "Erin", "Sample", "Naperville", "2016-06-30")
	person(nurse, nurses, false, "041000201", "Fay", "Example", "Joliet", "2014-05-05")
	person(nurse, nurses, true, "041000202", "Gus", "Testcase", "Elgin", "2018-09-17")
	person(nurse, nurses, false, "041000203", "Hana", "Placeholder", "Aurora", "2020-01-13")
	person(nurse, nurses, false, "041000204", "Ivan", "Sample", "Decatur", "2001-11-26")
	person(nurse, nurses, false, "041000205", "Jo", "Example", "Champaign", "2019-03-08")
	steps = append(steps,
		issue(390, registrant, holder{"DA-000301", license.Name{Legal: "Example Coin Exchange LLC"}, "Chicago", c.ago(390)}, c.ago(390), ""),
		issue(380, registrant, holder{"DA-000302", license.Name{Legal: "Placeholder Wallets, Inc.", DBA: "Sample Wallet"}, "Evanston", c.ago(380)}, c.ago(380), ""),
	)
	steps = append(steps, branches(c)...)
	// Nobody renews what was surrendered.
	steps = slices.DeleteFunc(steps, func(s step) bool { return s.license == surrendered && s.daysAgo <= surrenderedAgo })
	steps = append(steps, compact(c)...)
	steps = append(steps, nurseCompact(c)...)
	steps = append(steps, late(c)...)
	return inOrder(append(steps, events(c)...))
}

// inOrder puts the oldest step first and counts each license's.
func inOrder(steps []step) []step {
	slices.SortStableFunc(steps, func(a, b step) int { return b.daysAgo - a.daysAgo })
	entries := map[string]int{}
	for i := range steps {
		if steps[i].fact == "" {
			entries[steps[i].license]++
		}
		steps[i].entries = entries[steps[i].license]
	}
	return steps
}

// branches open two branches of the first registrant: each a license of its own, as
// premises have, with a fact that names the registrant; what it is called, and who
// answers for it.
func branches(c calendarDay) []step {
	const exchange = registrant + ".DA-000301"
	legal := "Example Coin Exchange LLC"
	return []step{
		dba(388, exchange, c.ago(390), c.ago(151), "Bits and Pieces (made up)"),
		dba(150, exchange, c.ago(150), "", "Made-up Coin Counter"),
		fact(388, exchange, license.FactResponsible, c.ago(390), 0, "", "Kim Placeholder (made up)"),
		fact(388, exchange, license.FactControl, c.ago(390), 6000, "", "Lee Specimen (made up)"),
		fact(387, exchange, "bond", c.ago(390), 50_000_000, "Invented Surety Company", "surety bond"),
		issue(370, branch, holder{"DA-000301-01", license.Name{Legal: legal, DBA: "Example Coin Exchange, Loop branch"}, "Chicago", c.ago(370)}, c.ago(370), ""),
		fact(370, exchange, license.FactBranch, c.ago(370), 0, branch+".DA-000301-01", "1 Invented Street, Chicago"),
		issue(220, branch, holder{"DA-000301-02", license.Name{Legal: legal, DBA: "Example Coin Exchange, Springfield branch"}, "Springfield", c.ago(220)}, c.ago(220), ""),
		fact(220, exchange, license.FactBranch, c.ago(220), 0, branch+".DA-000301-02", "2 Invented Street, Springfield"),
	}
}

// renewed issues a license with the term that ran when the history began, and
// renews it since; a lapsing one is not renewed the last time.
func (c calendarDay) renewed(profession string, h holder, y cycle, lapses bool) []step {
	back := 0
	for c.renewal(y.month, y.day, y.phase, y.years, back-1) > c.ago(issuedAgo) {
		back--
	}
	if lapses {
		back = min(back, -1)
	}
	end := func(n int) license.Day { return c.renewal(y.month, y.day, y.phase, y.years, n) }
	steps := []step{issue(issuedAgo, profession, h, end(back-1).Add(1), end(back))}
	last := 0
	if lapses {
		last = -1
	}
	for n := back + 1; n <= last; n++ {
		recorded := min(c.daysSince(end(n-1))+y.recordedBy, issuedAgo-1)
		if profession == nurse {
			told := min(max(recorded, 1)+3, issuedAgo-1)
			steps = append(steps, hours(told, profession+"."+h.number, c.ago(told), end(n-1)))
		}
		steps = append(steps, renew(max(recorded, 1), profession+"."+h.number, end(n-1).Add(1), end(n)))
	}
	return steps
}

// events are what happened after the licenses were there.
func events(c calendarDay) []step {
	const year = 365
	return []step{
		order(210, physician+".036000103", license.AuthorityConditions, c.ago(205), c.ago(205-2*year), license.OrderDocument{
			Actions: []license.OrderAction{{Code: "probation", TermYears: 2, Terms: "Quarterly reports by a practice monitor."}},
			Bases:   []string{"F6"}, Text: "Made-up order: indefinite reasons, two years of probation.",
		}),
		order(160, physician+".036000104", license.AuthorityNone, c.ago(160), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "reprimand"}, {Code: "fine"}},
			Bases:   []string{"A6"}, Text: "Made-up order: reprimand and a fine.",
		}),
		rename(120, nurse+".041000203", c.ago(125), license.Name{Family: "Specimen", Given: "Hana"}),
		order(100, physician+".036000102", license.AuthorityBarred, c.ago(98), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}},
			Bases:   []string{"A6"}, Text: "Made-up order: suspended until further order.",
		}),
		order(60, nurse+".041000205", license.AuthorityBarred, c.ago(60), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}},
			Bases:   []string{"A6"}, Text: "Made-up order, posted to the wrong license.",
		}),
		voidOrder(59, nurse+".041000205"),
		surrender(surrenderedAgo, surrendered, c.ago(surrenderedAgo)),
		order(30, physician+".036000105", license.AuthorityBarred, c.ago(30), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "summary-suspension", Indefinite: true}},
			Bases:   []string{"F1"}, Text: "Made-up order: suspended at once, pending a hearing.",
		}),
		stay(20, physician+".036000105", c.ago(20)),
	}
}

func (c calendarDay) daysSince(d license.Day) int {
	return d.DaysUntil(license.Day(c.today.Format("2006-01-02")))
}

func issue(daysAgo int, profession string, h holder, from, through license.Day) step {
	id := profession + "." + h.number
	return step{daysAgo: daysAgo, license: id, act: func(history) (license.Act, []license.Opening) {
		subject := license.SubjectPerson
		if h.name.Legal != "" {
			subject = license.SubjectOrganization
		}
		a := &license.LicenseIssue{License: id, Licensee: randomID(), Subject: subject, Issued: h.issued, From: from, Through: through}
		var os []license.Opening
		for _, p := range []struct {
			kind    string
			content []byte
		}{{license.OpeningName, strict.Encode(&h.name)}, {license.OpeningCity, []byte(h.city)}, {license.OpeningState, []byte("IL")}} {
			o, ref := opening(p.kind, p.content)
			os, a.Openings = append(os, o), append(a.Openings, ref)
		}
		return a, os
	}}
}

// fact records a fact about a license. Its id is made of what it says, so that the
// demo tells it once.
func fact(daysAgo int, id, code string, day license.Day, number int64, party, text string) step {
	sum := sha256.Sum256([]byte(id + code + party + text))
	name := license.BoardOf(license.KindLicense, id) + "/" + hex.EncodeToString(sum[:16])
	return step{daysAgo: daysAgo, license: id, fact: name, act: func(history) (license.Act, []license.Opening) {
		o, ref := opening(license.OpeningFact, []byte(text))
		return &license.FactRecord{
			Fact: name, About: id, Code: code, Day: day, Number: number, Party: party, Commitment: ref.Commitment,
		}, []license.Opening{o}
	}}
}

// dba records a name under which business is done, until a day.
func dba(daysAgo int, id string, from, through license.Day, name string) step {
	st := fact(daysAgo, id, license.FactDBA, from, 0, "", name)
	record := st.act
	st.act = func(h history) (license.Act, []license.Opening) {
		a, openings := record(h)
		a.(*license.FactRecord).Through = through
		return a, openings
	}
	return st
}

func order(daysAgo int, id, authority string, from, through license.Day, doc license.OrderDocument) step {
	return step{daysAgo: daysAgo, license: id, both: true, act: func(history) (license.Act, []license.Opening) {
		doc.Entity, doc.Report, doc.Issued, doc.Effective = nameOf(license.BoardOf(license.KindLicense, id)), "initial", from, from
		o, ref := opening(license.OpeningOrder, strict.Encode(&doc))
		return &license.LicenseDiscipline{
			License: id, Order: randomID(), Commitment: ref.Commitment, Authority: authority, From: from, Through: through,
		}, []license.Opening{o}
	}}
}

func renew(daysAgo int, id string, from, through license.Day) step {
	return step{daysAgo: daysAgo, license: id, act: func(h history) (license.Act, []license.Opening) {
		return &license.LicenseRenew{License: id, Count: h.record.Counts.Term, From: from, Through: through}, nil
	}}
}

func rename(daysAgo int, id string, from license.Day, name license.Name) step {
	return step{daysAgo: daysAgo, license: id, act: func(h history) (license.Act, []license.Opening) {
		o, ref := opening(license.OpeningName, strict.Encode(&name))
		return &license.LicenseAmend{
			License: id, Count: h.record.Counts.Identity, From: from, Openings: []license.OpeningRef{ref},
		}, []license.Opening{o}
	}}
}

func surrender(daysAgo int, id string, from license.Day) step {
	return step{daysAgo: daysAgo, license: id, both: true, act: func(h history) (license.Act, []license.Opening) {
		return &license.LicenseSurrender{License: id, Count: h.record.Counts.Term, From: from}, nil
	}}
}

func voidOrder(daysAgo int, id string) step {
	return step{daysAgo: daysAgo, license: id, both: true, act: func(h history) (license.Act, []license.Opening) {
		i := slices.IndexFunc(h.entries, func(e license.Recorded) bool { return e.Act == "license.discipline" })
		return &license.LicenseVoid{License: id, Entries: []license.Hash{h.entries[i].Hash}}, nil
	}}
}

func stay(daysAgo int, id string, from license.Day) step {
	return step{daysAgo: daysAgo, license: id, both: true, act: func(h history) (license.Act, []license.Opening) {
		o := h.record.Orders[len(h.record.Orders)-1]
		return &license.LicenseStay{License: id, Order: o.ID, Count: o.Count, From: from}, nil
	}}
}
