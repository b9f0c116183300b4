package web

import (
	"os"
	"testing"

	"licet/internal/ledgertest"
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
		"licet contract show us-il-physician --edition "+p.Hash.String())
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
