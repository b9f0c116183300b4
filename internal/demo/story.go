package demo

import (
	"licet/license"
	"licet/strict"
)

// A step is one payload of the demo's history. It is told when its license does
// not show it yet, so an interrupted telling goes on where it stopped.
type step struct {
	daysAgo int    // on which day it is recorded
	license string // about which license
	entries int    // how many entries the license has when the step is told already
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
	last   license.Day // last day of the running term
	from   license.Day // first day of the running term
}

// story returns the demo's history, the oldest first.
func story(c calendarDay) []step {
	doctor, doctorFrom := c.renewal(7, 31, 2026, 3, 0), c.renewal(7, 31, 2026, 3, -1).Add(1)
	rn, rnBefore := c.renewal(5, 31, 2026, 2, 0), c.renewal(5, 31, 2026, 2, -1)
	rnFirst := c.renewal(5, 31, 2026, 2, -2).Add(1)
	person := func(profession, number, given, family, city string, issued, from, last license.Day) step {
		return issue(profession, holder{number, license.Name{Family: family, Given: given}, city, issued, last, from})
	}
	steps := []step{
		person(physician, "036000101", "Ada", "Sample", "Springfield", "2009-07-01", doctorFrom, doctor),
		person(physician, "036000102", "Boris", "Example", "Chicago", "2003-04-14", doctorFrom, doctor),
		person(physician, "036000103", "Carla", "Testcase", "Peoria", "2011-10-03", doctorFrom, doctor),
		person(physician, "036000104", "David", "Placeholder", "Rockford", "1999-02-22", doctorFrom, doctor),
		person(physician, "036000105", "Erin", "Sample", "Naperville", "2016-06-30", doctorFrom, doctor),
		person(nurse, "041000201", "Fay", "Example", "Joliet", "2014-05-05", rnFirst, rnBefore),
		person(nurse, "041000202", "Gus", "Testcase", "Elgin", "2018-09-17", rnFirst, rnBefore),
		person(nurse, "041000203", "Hana", "Placeholder", "Aurora", "2020-01-13", rnBefore.Add(1), rn),
		person(nurse, "041000204", "Ivan", "Sample", "Decatur", "2001-11-26", rnBefore.Add(1), rn),
		person(nurse, "041000205", "Jo", "Example", "Champaign", "2019-03-08", rnBefore.Add(1), rn),
		issue(registrant, holder{"DA-000301", license.Name{Legal: "Example Coin Exchange LLC"}, "Chicago", c.ago(390), "", c.ago(390)}),
		issue(registrant, holder{"DA-000302", license.Name{Legal: "Placeholder Wallets, Inc.", DBA: "Sample Wallet"}, "Evanston", c.ago(380), "", c.ago(380)}),
	}
	return append(steps, events(c, rn, rnBefore)...)
}

// events are what happened after the licenses were there.
func events(c calendarDay, rn, rnBefore license.Day) []step {
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
		renew(min(c.daysSince(rnBefore)+20, 380), nurse+".041000201", rnBefore.Add(1), rn),
		rename(120, nurse+".041000203", c.ago(125), license.Name{Family: "Specimen", Given: "Hana"}),
		order(100, physician+".036000102", license.AuthorityBarred, c.ago(98), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}},
			Bases:   []string{"A6"}, Text: "Made-up order: suspended until further order.",
		}),
		order(60, nurse+".041000205", license.AuthorityBarred, c.ago(60), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}},
			Bases:   []string{"A6"}, Text: "Made-up order, posted to the wrong license.",
		}),
		voidLast(59, nurse+".041000205"),
		surrender(45, nurse+".041000204", c.ago(45)),
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

func issue(profession string, h holder) step {
	id := profession + "." + h.number
	return step{daysAgo: historyDays - 10, license: id, entries: 1, act: func(history) (license.Act, []license.Opening) {
		subject := license.SubjectPerson
		if h.name.Legal != "" {
			subject = license.SubjectOrganization
		}
		a := &license.LicenseIssue{License: id, Licensee: randomID(), Subject: subject, Issued: h.issued, From: h.from, Through: h.last}
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

func order(daysAgo int, id, authority string, from, through license.Day, doc license.OrderDocument) step {
	return step{daysAgo: daysAgo, license: id, entries: 2, both: true, act: func(history) (license.Act, []license.Opening) {
		doc.Entity, doc.Report, doc.Issued, doc.Effective = MemberName, "initial", from, from
		o, ref := opening(license.OpeningOrder, strict.Encode(&doc))
		return &license.LicenseDiscipline{
			License: id, Order: randomID(), Commitment: ref.Commitment, Authority: authority, From: from, Through: through,
		}, []license.Opening{o}
	}}
}

func renew(daysAgo int, id string, from, through license.Day) step {
	return step{daysAgo: daysAgo, license: id, entries: 2, act: func(h history) (license.Act, []license.Opening) {
		return &license.LicenseRenew{License: id, Count: h.record.Counts.Term, From: from, Through: through}, nil
	}}
}

func rename(daysAgo int, id string, from license.Day, name license.Name) step {
	return step{daysAgo: daysAgo, license: id, entries: 2, act: func(h history) (license.Act, []license.Opening) {
		o, ref := opening(license.OpeningName, strict.Encode(&name))
		return &license.LicenseAmend{
			License: id, Count: h.record.Counts.Identity, From: from, Openings: []license.OpeningRef{ref},
		}, []license.Opening{o}
	}}
}

func surrender(daysAgo int, id string, from license.Day) step {
	return step{daysAgo: daysAgo, license: id, entries: 2, both: true, act: func(h history) (license.Act, []license.Opening) {
		return &license.LicenseSurrender{License: id, Count: h.record.Counts.Term, From: from}, nil
	}}
}

func voidLast(daysAgo int, id string) step {
	return step{daysAgo: daysAgo, license: id, entries: 3, both: true, act: func(h history) (license.Act, []license.Opening) {
		return &license.LicenseVoid{License: id, Entries: []license.Hash{h.entries[len(h.entries)-1].Hash}}, nil
	}}
}

func stay(daysAgo int, id string, from license.Day) step {
	return step{daysAgo: daysAgo, license: id, entries: 3, both: true, act: func(h history) (license.Act, []license.Opening) {
		o := h.record.Orders[len(h.record.Orders)-1]
		return &license.LicenseStay{License: id, Order: o.ID, Count: o.Count, From: from}, nil
	}}
}
