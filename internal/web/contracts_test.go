package web

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"licet/internal/answer"
	"licet/internal/contract"
	"licet/internal/ledgertest"
	"licet/internal/lookup"
	"licet/internal/pack"
	"licet/license"
)

// What a board adopted is listed and shown with everything that it signed.
func TestContractPages(t *testing.T) {
	s := siteOf(t, ledgertest.NewUnder(t, 2))
	s.get("/", 200).keeps(t, "/contracts")
	s.get("/contracts", 200).says(t, "No board of this network has adopted a contract.")
	s.get("/contracts/us-il-physician", 404).says(t, "No such contract", `There is no contract "us-il-physician" in this network.`)
	p, err := pack.Load(os.DirFS("../../contracts/us-il-physician"))
	if err != nil {
		t.Fatal(err)
	}
	var os []license.Opening
	var hs []license.Hash
	for _, x := range p.Texts() {
		os, hs = append(os, license.Opening{Kind: license.OpeningContract, Bytes: x.Bytes}), append(hs, x.Hash)
	}
	a := &license.ContractAdopt{Board: "us-il", Contract: "us-il-physician", Version: 1, Hash: p.Hash, Role: p.Manifest.Roles[0].Role, Texts: hs}
	if m := p.Manifest.Amendments; m != nil {
		a.Of, a.Among = m.Of, m.Among
	}
	if o := s.Act(os, []string{"root"}, a); o.Code != "" {
		t.Fatal(o.Sentence)
	}
	s.get("/", 200).says(t, "Rules that boards adopted to run by themselves")
	s.get("/contracts", 200).says(t, "us-il-physician", p.Manifest.Title, "Illinois")
	page := s.get("/contracts/us-il-physician", 200)
	page.says(t, p.Manifest.Title, "Contract us-il-physician · Version 1", p.Hash.String(), "run on test networks such as this one alone", "Rule education against 68 Ill. Adm. Code 1285.110",
		`licet contract show us-il-physician \ --edition `+p.Hash.String())
	for _, r := range p.Rules() {
		page.says(t, r.Name, r.Citation)
	}
	for _, v := range p.Values() {
		page.says(t, v.Name, v.From, v.Citation)
	}
	for _, x := range p.Scenarios {
		page.says(t, x.Title)
	}
	page.keeps(t, "`")
	s.get("/contracts/us-il-physician?edition="+p.Hash.String(), 200).says(t, "(this page)")
	s.get("/contracts/us-il-physician?edition="+hs[0].String(), 404).says(t, "has no edition")
	s.get("/contracts/us-il-physician?edition=12", 400).says(t, "is no hash of an edition")
	if o := s.Act(nil, []string{"root"}, &license.ContractRetire{Board: "us-il", Contract: "us-il-physician", Count: 1, Previous: p.Hash}); o.Code != "" {
		t.Fatal(o.Sentence)
	}
	s.get("/contracts", 200).says(t, "nobody; its boards retired it")
	s.get("/contracts/us-il-physician", 200).says(t, "Its boards retired this contract.")
}

// What fails for a board is told on the contract's page, the board's and the list, with
// rule, line, license and what the board does; and no more when it is mended.
func TestFailingPages(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := siteOf(t, c.Registry)
	parts := ledgertest.OneRule("day", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"},
		"def hook(ctx, day):\n    return [notify(day.license, \"no-such-code\")]\n")
	c.Adopt(parts, "board", "us-il", "us-ia")
	p := s.get("/boards/us-il", 200)
	p.says(t, "Illinois Board us-il Contracts", "day A rule Version 1", "Notices None.")
	p.keeps(t, "What failed")
	for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
		c.Physician("us-il.physician."+id, "examination", "2026-03-31")
	}
	c.Until("2026-04-01")
	const last = "Its newest five calls failed; the last on "
	for _, path := range []string{"/contracts/day", "/boards/us-il"} {
		p = s.get(path, 200)
		p.says(t, "What failed, and what waits", last, "in function hook, line 2 (Act 1), for license us-il.physician.5: it wanted to do to a license what",
			"(bad-effect). It is suspended for this board", "us-il.physician.5 Contract day . Because its term ended on March 31, 2026 Failed on ",
			"licet contract retry day --board us-il --all")
		if strings.Contains(p.text, "us-il.physician.6") {
			t.Errorf("%s: what was not called is said to have failed:\n%s", path, p.text)
		}
	}
	s.get("/boards/us-ia", 200).keeps(t, "What failed")
	s.get("/contracts", 200).says(t, "Fails for Illinois")
	s.get("/licenses/us-il.physician.5", 200).says(t, "A rule has still to be applied", "What failed or waits for this board")
	two := ledgertest.NextVersion(t, parts)
	c.Sign([]license.Opening{{Kind: license.OpeningContract, Bytes: two.Manifest}}, "us-il", &license.ContractSupersede{
		Board: "us-il", Contract: "day", Count: 1, Version: 2, Hash: contract.HashOf(two.Manifest), Previous: contract.HashOf(parts.Manifest), Role: "board",
		Texts: []license.Hash{license.HashOf(two.Manifest)},
	})
	for _, path := range []string{"/contracts/day", "/boards/us-il"} {
		p = s.get(path, 200)
		p.says(t, "The edition of contract day that failed is no longer in force for us-il.", "licet contract retry day --board us-il --all")
		p.keeps(t, "licet contract supersede")
	}
	s.get("/boards/us-xx", 404).says(t, "No such board", `There is no board "us-xx".`)
}

// A page that is read later tells since when the edition is in force, and since when the
// contract is.
func TestSince(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := siteOf(t, c.Registry)
	c.Until("2026-04-01")
	hook := contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"}
	one := ledgertest.OneRule("day", hook, "def hook(ctx, day):\n    return []\n")
	c.Adopt(one, "board", "us-il", "us-ia")
	p := s.get("/contracts/day", 200)
	p.says(t, "Illinois Version 1 board April 1, 2026")
	p.keeps(t, "this edition since")
	c.Until("2026-05-04")
	two := ledgertest.NextVersion(t, one)
	c.Sign([]license.Opening{{Kind: license.OpeningContract, Bytes: two.Manifest}}, "us-il", &license.ContractSupersede{
		Board: "us-il", Contract: "day", Count: 1, Version: 2, Hash: contract.HashOf(two.Manifest), Previous: contract.HashOf(one.Manifest), Role: "board",
		Texts: []license.Hash{license.HashOf(two.Manifest)},
	})
	p = s.get("/contracts/day", 200)
	p.says(t, "Illinois Version 2 board April 1, 2026 this edition since May 4, 2026", "Iowa Version 1 board April 1, 2026")
	s.get("/boards/us-il", 200).says(t, "Version 2 April 1, 2026 this edition since May 4, 2026")
	p = s.get("/boards/us-ia", 200)
	p.says(t, "Version 1 April 1, 2026")
	p.keeps(t, "this edition since")
}

func TestSourceLines(t *testing.T) {
	got := sourceLines("def f(x):\n      return [\n\n"+strings.Repeat(" ", 41)+"1]", 7)
	want := []sourceLine{{7, 0, "", "def f(x):"}, {8, 4, "      ", "return ["}, {9, 0, "", ""}, {10, 24, strings.Repeat(" ", 41), "1]"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// The picture of what a contract changed says in words what it shows.
func TestMonthsPicture(t *testing.T) {
	deed := func(board, month string, n int64) answer.Deed {
		return answer.Deed{Deed: lookup.Deed{Board: board, Month: month, Changes: n}, BoardName: strings.ToUpper(board)}
	}
	c := &answer.Contract{AsOf: answer.AsOf{Time: "2026-05-04T12:00:00Z"}, Boards: []answer.Adopter{
		{Board: "us-ia", BoardName: "US-IA", Since: "2026-01-10", Present: "2026-03-02"}, {Board: "us-wi", BoardName: "US-WI", Since: "2026-04-30", Present: "2026-04-30"},
	}}
	if p := pictureOf(c, nil); p.Sum != "It has changed no license so far." || len(p.Numbers) != 0 {
		t.Errorf("%+v", p)
	}
	p := pictureOf(c, []answer.Deed{deed("us-ia", "2026-05", 1), deed("us-mn", "2026-04", 9), deed("us-ia", "2025-12", 72)})
	if p.Sum != "82 changes to licenses so far, the last in May 2026. Those that were voided since are counted, too." ||
		p.First != "December 2025" || p.Last != "May 2026" || p.Width != 60 || !p.Editions || len(p.Numbers) != 3 || len(p.Rows) != 3 {
		t.Errorf("%+v", p)
	}
	want := []monthsRow{
		{
			Board: "US-IA", Count: "73 changes", From: 10, Through: 60, Mark: 30, Bars: []bar{{51, 30, 6}, {1, 0, 36}},
			Alt: "US-IA, 73 changes: May 2026: one change; December 2025: 72 changes. In force since January 10, 2026, this edition since March 2, 2026.",
		},
		{Board: "US-WI", Count: "no changes", From: 40, Through: 60, Alt: "US-WI, no changes. In force since April 30, 2026."},
		{Board: "US-MN", Count: "nine changes", Bars: []bar{{41, 30, 6}}, Alt: "US-MN, nine changes: April 2026: nine changes. No longer in force."},
	}
	if !reflect.DeepEqual(p.Rows, want) {
		t.Errorf("%+v", p.Rows)
	}
	// What is longer ago than the picture goes is told in numbers.
	p = pictureOf(c, []answer.Deed{deed("us-ia", "2020-01", 4)})
	if p.First != "June 2023" || p.Rows[0].Bars != nil || p.Numbers[0].Month != "January 2020" || p.Rows[0].Count != "four changes" {
		t.Errorf("%+v", p)
	}
}
