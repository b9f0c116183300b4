package demo

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"licet/contracts"
	"licet/internal/pack"
	"licet/license"
	"licet/strict"
)

// A neighbor is a board of another state. In the demo one member keeps all of them.
type neighbor struct {
	id, name    string
	professions []license.Act
}

// Medical boards of three more states adopted the Interstate Medical Licensure Compact's
// contract together with Illinois, and two of nursing the Nurse Licensure Compact's.
var neighbors = []neighbor{
	{"us-ia", "Iowa Board of Medicine (demo)", physiciansOf("us-ia")},
	{"us-mn", "Minnesota Board of Medical Practice (demo)", physiciansOf("us-mn")},
	{"us-wi", "Wisconsin Medical Examining Board (demo)", physiciansOf("us-wi")},
	{iowaNursing, "Iowa Board of Nursing (demo)", nursesOf(iowaNursing)},
	{wisconsinNursing, "Wisconsin Board of Nursing (demo)", nursesOf(wisconsinNursing)},
}

func physiciansOf(board string) []license.Act {
	return []license.Act{&license.BoardProfession{Profession: board + ".physician", Title: "Physician and surgeon", Pattern: "MD-#####"}}
}

func nameOf(board string) string {
	for _, b := range neighbors {
		if b.id == board {
			return b.name
		}
	}
	return MemberName
}

// An adoption is a contract that boards of the demo have in force, the first of whom
// brings it.
type adoption struct {
	pack, role string
	boards     []string
}

var adoptions = []adoption{
	{"imlc", "member-board", []string{Board, "us-ia", "us-mn", "us-wi"}},
	{"us-il-rn", "board", []string{Board}},
	{"nlc", "party-board", []string{wisconsinNursing, iowaNursing}},
}

// found brings in the neighbors and the contracts, or what of them is missing.
func (n Stage) found(ctx context.Context, s Signers) error {
	for _, b := range neighbors {
		if err := n.neighbor(ctx, s, &b); err != nil {
			return fmt.Errorf("board %s: %w", b.id, err)
		}
	}
	for _, a := range adoptions {
		files, err := fs.Sub(contracts.Files, a.pack)
		if err != nil {
			return err
		}
		p, err := pack.Load(files)
		if err != nil {
			return fmt.Errorf("contract %s: %w", a.pack, err)
		}
		for i, board := range a.boards {
			if err := n.adopt(ctx, s, p, board, a.role, i == 0); err != nil {
				return fmt.Errorf("contract %s for board %s: %w", a.pack, board, err)
			}
		}
	}
	return nil
}

func (n Stage) neighbor(ctx context.Context, s Signers, b *neighbor) error {
	board := b.id
	root := signer{"board/" + board, s.Root}
	if ok, err := n.has(license.KindBoard, board, new(license.Board)); err != nil {
		return err
	} else if !ok {
		create := &license.BoardCreate{Board: board, Name: b.name, Member: MemberID, Jurisdiction: board[:len("us-ia")], Root: string(s.Root.Public), Audiences: audiences()}
		if _, err := n.send(ctx, true, []license.Act{create}, nil, signer{"member/" + MemberID, s.Member}, root); err != nil {
			return err
		}
	}
	if ok, err := n.has(license.KindPolicy, board, new(license.Policy)); err != nil || ok {
		return err
	}
	_, err := n.send(ctx, true, append(slices.Clone(b.professions),
		&license.BoardCalendar{Board: board, Rows: license.CentralTime()},
		&license.OfficerAppoint{Officer: board + "/demo-clerk", Title: "Licensing clerk (demo)", Key: string(s.Clerk.Public), Roles: []string{"clerk"}},
		&license.OfficerAppoint{Officer: board + "/demo-director", Title: "Director (demo)", Key: string(s.Director.Public), Roles: []string{"director"}},
		&license.PolicySet{Board: board, Rules: Policy()},
	), nil, root)
	return err
}

// adopt puts a contract in force for a board, unless it is.
func (n Stage) adopt(ctx context.Context, s Signers, p *pack.Pack, board, role string, first bool) error {
	var c license.Contracts
	m := &p.Manifest
	if _, err := n.has(license.KindContracts, board, &c); err != nil ||
		slices.ContainsFunc(c.Rows, func(r license.ContractRow) bool { return r.Contract == m.Name }) {
		return err
	}
	by := signer{"board/" + board, s.Root}
	if !first {
		_, err := n.send(ctx, true, []license.Act{
			&license.ContractJoin{Board: board, Contract: m.Name, Count: c.Count, Version: m.Version, Hash: p.Hash, Role: role},
		}, nil, by)
		return err
	}
	a := &license.ContractAdopt{Board: board, Contract: m.Name, Count: c.Count, Version: m.Version, Hash: p.Hash, Role: role}
	if m.Amendments != nil {
		a.Of, a.Among = m.Amendments.Of, m.Amendments.Among
	}
	var os []license.Opening
	for _, t := range p.Texts() {
		if !slices.Contains(a.Texts, t.Hash) {
			os, a.Texts = append(os, license.Opening{Kind: license.OpeningContract, Bytes: t.Bytes}), append(a.Texts, t.Hash)
		}
	}
	_, err := n.send(ctx, true, []license.Act{a}, os, by)
	return err
}

func (n Stage) has(kind, id string, r any) (bool, error) {
	s, err := n.Ledger.State()
	if err != nil {
		return false, err
	}
	defer s.Release()
	return s.Record(kind, id, r)
}

// compact is what happens to two physicians who are licensed in other states by the
// compact's route, and to one nurse who renews late.
//
// Illinois, her state of principal license, revokes the license of the first one: Iowa's
// and Minnesota's follow at once, and stay so when Illinois takes its order back, until
// each acts; Wisconsin's, which she got by endorsement, is untouched. Wisconsin suspends
// the license of the second one: his others are suspended for ninety days, and Minnesota
// ends that early.
func compact(c calendarDay) []step {
	lena := license.Name{Family: "Specimen", Given: "Lena"}
	milo := license.Name{Family: "Testcase", Given: "Milo"}
	const one, two = physician + ".036000106", physician + ".036000107"
	ia1, mn1, wi1 := "us-ia.physician.MD-40106", "us-mn.physician.MD-40106", "us-wi.physician.MD-40106"
	ia2, mn2, wi2 := "us-ia.physician.MD-40107", "us-mn.physician.MD-40107", "us-wi.physician.MD-40107"
	steps := append(c.renewed(physician, holder{"036000106", lena, "Moline", "2012-06-04"}, physicians, false),
		c.renewed(physician, holder{"036000107", milo, "Galena", "2013-09-09"}, physicians, false)...)
	steps = append(steps, c.elsewhere(ia1, "imlc", lena), c.elsewhere(mn1, "imlc", lena), c.elsewhere(wi1, "endorsement", lena),
		c.elsewhere(ia2, "imlc", milo), c.elsewhere(mn2, "imlc", milo), c.elsewhere(wi2, "imlc", milo),
		fact(755, one, "qualification", c.ago(755), 0, "", "Letter of qualification (made up)"),
		fact(755, two, "qualification", c.ago(755), 0, "", "Letter of qualification (made up)"))
	for _, all := range [][]string{{one, ia1, mn1, wi1}, {two, ia2, mn2, wi2}} {
		for i, a := range all {
			for _, b := range all[i+1:] {
				steps = append(steps, link(745, a, b, c.ago(745)), link(745, b, a, c.ago(745)))
			}
		}
	}
	return append(steps,
		order(150, one, license.AuthorityBarred, c.ago(150), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "revocation", Indefinite: true}}, Bases: []string{"A6"}, Text: "Made-up order: revoked.",
		}),
		lift(90, one, c.ago(90)),
		lift(40, ia1, c.ago(40)),
		order(61, wi2, license.AuthorityBarred, c.ago(61), "", license.OrderDocument{
			Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}}, Bases: []string{"A6"}, Text: "Made-up order: suspended until further order.",
		}),
		lift(30, mn2, c.ago(30)),
	)
}

// late is a nurse whose license ended, and who renews it twenty days afterwards: the new
// term begins that day.
func late(c calendarDay) []step {
	const id, lateBy = nurse + ".041000206", 20
	end := func(n int) license.Day { return c.renewal(nurses.month, nurses.day, nurses.phase, nurses.years, n) }
	k := -1
	if c.daysSince(end(k)) < lateBy+2 {
		k--
	}
	came := c.daysSince(end(k)) - lateBy
	steps := []step{
		issue(issuedAgo, nurse, holder{"041000206", license.Name{Family: "Example", Given: "Ola"}, "Cairo", "2016-02-29"}, end(k-1).Add(1), end(k)),
		hours(came+2, id, c.ago(came+2), end(k)),
		renew(came, id, c.ago(came), end(k+1)),
	}
	if k == -2 {
		early := c.daysSince(end(-1)) + nurses.recordedBy
		steps = append(steps, hours(early+3, id, c.ago(early+3), end(-1)), renew(early, id, end(-1).Add(1), end(0)))
	}
	return steps
}

// hours are those of continuing education that a renewal needs.
func hours(daysAgo int, id string, day, end license.Day) step {
	return fact(daysAgo, id, "ce_hours", day, 20, "", "Made-up courses before the renewal of "+string(end))
}

// elsewhere issues a license of a neighbor.
func (c calendarDay) elsewhere(id, route string, name license.Name) step {
	return c.elsewhereOn(750, id, route, name)
}

func (c calendarDay) elsewhereOn(daysAgo int, id, route string, name license.Name) step {
	st := step{daysAgo: daysAgo, license: id}
	st.act = func(history) (license.Act, []license.Opening) {
		a := &license.LicenseIssue{
			License: id, Licensee: randomID(), Subject: license.SubjectPerson, Route: route, Issued: c.ago(daysAgo), From: c.ago(daysAgo), Through: c.ago(-400),
		}
		o, ref := opening(license.OpeningName, strict.Encode(&name))
		a.Openings = []license.OpeningRef{ref}
		return a, []license.Opening{o}
	}
	return st
}

func link(daysAgo int, id, other string, day license.Day) step {
	return step{daysAgo: daysAgo, license: id, act: func(h history) (license.Act, []license.Opening) {
		return &license.LicenseeLink{License: id, Count: h.record.Counts.Links, Other: other, Effective: day}, nil
	}}
}

// lift ends the order on a license that came last, whoever imposed it.
func lift(daysAgo int, id string, from license.Day) step {
	return step{daysAgo: daysAgo, license: id, both: true, act: func(h history) (license.Act, []license.Opening) {
		o := h.record.Orders[len(h.record.Orders)-1]
		return &license.LicenseLift{License: id, Order: o.ID, Count: o.Count, From: from}, nil
	}}
}
