package importer

import (
	"maps"
	"slices"

	"licet/license"
)

// CalendarCentral is the name under which a mapping asks for Central Time.
const CalendarCentral = "us-central"

// ImporterRole may sign what is copied, and take it back, for a board of source import.
const ImporterRole = "importer"

// BoardActs returns the acts that bring the mapping's board into the network,
// before its file can be imported. The board is of source import: root is the
// importing member's own root key. The importer's key signs the assertions.
//
// create is signed by a quorum of members, the importing one among them, in a
// transaction of its own: a key signs a payload once, and the acts of rest are
// signed with the same key in the name of the board.
func BoardActs(m *Mapping, member, root, importer string) (create license.Act, rest []license.Act) {
	b := &m.Board
	board := &license.BoardCreate{
		Board: b.ID, Name: b.Name, Member: member, Jurisdiction: b.Jurisdiction,
		Root: root, Source: license.SourceImport,
	}
	if board.Jurisdiction == "" {
		board.Jurisdiction = b.ID
	}
	for _, k := range b.Public {
		board.Audiences = append(board.Audiences, license.Audience{Kind: k, Who: license.AudiencePublic})
	}
	if b.Calendar == CalendarCentral {
		rest = append(rest, &license.BoardCalendar{Board: b.ID, Rows: license.CentralTime()})
	}
	for _, p := range m.Profession {
		rest = append(rest, &license.BoardProfession{
			Profession: b.ID + "." + p.ID, Title: p.Title, Pattern: m.pattern(p),
			Labels: m.labels(), Coverage: m.coverage(),
		})
	}
	return board, append(
		rest,
		&license.PolicySet{Board: b.ID, Rules: []license.Rule{
			{Acts: []string{"import.*"}, From: []string{ImporterRole}, Signers: 1},
		}},
		&license.OfficerAppoint{Officer: b.ID + "/importer", Title: "Importer of the board's file", Key: importer, Roles: []string{ImporterRole}},
	)
}

func (m *Mapping) labels() (ls []license.Label) {
	for _, code := range slices.Sorted(maps.Keys(m.Labels)) {
		ls = append(ls, license.Label{Code: code, Text: m.Labels[code]})
	}
	return ls
}

func (m *Mapping) coverage() *license.Coverage {
	c := m.Board.Coverage
	if c == nil {
		return nil
	}
	return &license.Coverage{IssuedFrom: license.Day(c.IssuedFrom), CompleteAs: license.Day(c.CompleteAs), Except: c.Except}
}
