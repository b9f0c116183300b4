package demo

import (
	"licet/license"
	"licet/strict"
)

// Boards of nursing, both of states of the Nurse Licensure Compact.
const (
	iowaNursing      = "us-ia-nursing"
	wisconsinNursing = "us-wi-nursing"
)

func nursesOf(board string) []license.Act {
	return []license.Act{
		&license.BoardProfession{Profession: board + ".rn", Title: "Registered nurse", Pattern: "RN-#####"},
		&license.BoardProfession{Profession: board + ".rn-privilege", Title: "Registered nurse, privilege to practice", Pattern: "P-#####"},
	}
}

// nurseCompact is what happens to two nurses who live in Wisconsin.
//
// The first one practices in Iowa, too, by a privilege that rests on her multistate license:
// Wisconsin suspends that, and the privilege is deactivated on the same day. The second one
// moves to Iowa, and gets a license there: once it is the multistate one, Wisconsin's is
// deactivated, and its board is told.
func nurseCompact(c calendarDay) []step {
	rae := license.Name{Family: "Specimen", Given: "Rae"}
	tess := license.Name{Family: "Placeholder", Given: "Tess"}
	const home1, privilege1 = wisconsinNursing + ".rn.RN-70301", iowaNursing + ".rn-privilege.P-70301"
	const home2, next2 = wisconsinNursing + ".rn.RN-70302", iowaNursing + ".rn.RN-70302"
	return []step{
		c.elsewhere(home1, "examination", rae), c.elsewhere(home2, "examination", tess),
		c.multistate(745, home1), c.multistate(745, home2),
		c.privilege(745, privilege1, home1, rae),
		link(745, home1, privilege1, c.ago(745)), link(745, privilege1, home1, c.ago(745)),
		c.elsewhereOn(150, next2, "endorsement", tess),
		link(150, home2, next2, c.ago(150)), link(150, next2, home2, c.ago(150)),
		fact(150, home2, "notice", c.ago(155), 0, "nlc-residence", "Moved to Iowa (made up)"),
		c.multistate(120, next2),
		order(100, home1, license.AuthorityBarred, c.ago(101), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}}, Bases: []string{"A6"}, Text: "Made-up order: suspended until further order.",
		}),
	}
}

// multistate records that a license carries privileges in other states of the compact, from
// the day before on: where it is recorded at night, that day is not over there.
func (c calendarDay) multistate(daysAgo int, id string) step {
	return fact(daysAgo, id, "qualification", c.ago(daysAgo+1), 0, "nlc", "Multistate license (made up)")
}

// privilege grants a permission that rests on another board's license.
func (c calendarDay) privilege(daysAgo int, id, rests string, name license.Name) step {
	return step{daysAgo: daysAgo, license: id, act: func(history) (license.Act, []license.Opening) {
		o, ref := opening(license.OpeningName, strict.Encode(&name))
		return &license.PrivilegeIssue{
			License: id, Rests: rests, Licensee: randomID(), Subject: license.SubjectPerson, Route: "nlc",
			Issued: c.ago(daysAgo), From: c.ago(daysAgo), Through: c.ago(-400), Openings: []license.OpeningRef{ref},
		}, []license.Opening{o}
	}}
}
