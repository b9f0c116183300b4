package api

import (
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledgertest"
	"licet/internal/pack"
	"licet/license"
)

// adopted is a contract of one rule that us-il adopts.
func adopted(hours int64) *pack.Pack {
	m := contract.Manifest{
		V: 1, Name: "ce", Version: 1, Title: "Hours before renewal", Language: contract.Language,
		Roles:     []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse"}}},
		Hooks:     []contract.Hook{{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "hours", Fault: contract.FailOpen}},
		Functions: []contract.Function{{Name: "hours", Citation: "Act 1", Words: "Hours are needed."}},
		Codes:     []contract.Code{{Code: "hours", Words: "Hours are missing."}},
	}
	ps := contract.Parameters{V: 1, Rows: []contract.Parameter{{
		Name: "hours", Kind: contract.KindInt, Citation: "Act 1", Words: "Hours.", Values: []contract.Value{{From: "2020-01-01", Int: hours}},
	}}}
	p, problems := contract.Check(m, ps, []byte("def hours(ctx, act):\n    if parameter(\"hours\", ctx.today) > 100:\n        return [reject(\"hours\")]\n    return []\n"))
	if len(problems) > 0 {
		panic(problems)
	}
	return &pack.Pack{Package: p}
}

// brought are a pack's texts as an act brings them.
func brought(p *pack.Pack) (os []license.Opening, hs []license.Hash) {
	for _, x := range p.Texts() {
		os, hs = append(os, license.Opening{Kind: license.OpeningContract, Bytes: x.Bytes}), append(hs, x.Hash)
	}
	return os, hs
}

func (s *site) must(os []license.Opening, by string, act license.Act) {
	s.t.Helper()
	if o := s.Act(os, []string{by}, act); o.Code != "" {
		s.t.Fatalf("%s: %s", act.Verb(), o.Sentence)
	}
}

// What boards adopted is listed, told and served byte for byte, and says since when.
func TestContracts(t *testing.T) {
	s := newSiteOver(t, ledgertest.NewUnder(t, 2))
	var list contractsBody
	s.get("/v1/contracts", 200).read(t, &list)
	if len(list.Items) != 0 || list.AsOf.Index != s.Head().Size {
		t.Errorf("before: %+v", list)
	}
	one, two := adopted(20), adopted(30)
	os, hs := brought(one)
	s.must(os, "root", &license.ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: one.Hash, Role: "board", Texts: hs})
	old := s.get("/v1/contracts/ce", 200).header.Get("ETag")
	os, hs = brought(two)
	os, hs = append(os[:1:1], os[2]), append(hs[:1:1], hs[2]) // the source is there
	s.must(os, "root", &license.ContractAmendParams{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: two.Hash, Previous: one.Hash, Texts: hs})

	s.get("/v1/contracts", 200).read(t, &list)
	if len(list.Items) != 1 || list.Items[0].Newest != two.Hash.String() || list.Items[0].Title != "Hours before renewal" || list.Next != "" || len(list.Items[0].Editions) != 0 {
		t.Errorf("%+v", list)
	}
	var c contractBody
	a := s.get("/v1/contracts/ce", 200)
	a.read(t, &c)
	if tag := a.header.Get("ETag"); tag == old || s.do("GET", "/v1/contracts/ce", nil, "If-None-Match", tag).status != 304 {
		t.Errorf("ETag %s after %s", tag, old)
	}
	if len(c.Editions) != 2 || len(c.Boards) != 1 || c.AsOf.Index != s.Head().Size || len(c.Editions[0].Boards) != 0 {
		t.Fatalf("%s", a.body)
	}
	b := c.Boards[0]
	if b.BoardName != "Illinois" || b.Role != "board" || b.Since == "" || b.Hash != two.Hash.String() || b.Signed != two.Hash.String() || b.Amendment != 1 {
		t.Errorf("%+v", b)
	}
	var of boardContractsBody
	s.get("/v1/boards/us-il/contracts", 200).read(t, &of)
	if len(of.Items) != 1 || of.Items[0].Contract != "ce" || of.Items[0].Since != b.Since || of.Items[0].Title == "" {
		t.Errorf("%+v", of)
	}
	for _, p := range []*pack.Pack{one, two} {
		q, err := pack.Of(p.Hash, p.Texts()[0].Hash, func(h license.Hash) ([]byte, error) {
			a := s.get("/v1/contracts/ce/texts/"+h.String(), 200)
			if !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
				t.Error(a.header)
			}
			return a.body, nil
		})
		if err != nil || q.Hash != p.Hash {
			t.Error(err)
		}
	}
	s.must(nil, "root", &license.ContractLeave{Board: "us-il", Contract: "ce", Count: 2, Previous: two.Hash})
	s.get("/v1/contracts/ce", 200).read(t, &c)
	s.get("/v1/boards/us-il/contracts", 200).read(t, &of)
	if len(c.Boards)+len(of.Items) != 0 || c.Newest != two.Hash.String() {
		t.Errorf("%+v %+v", c, of)
	}
}

func TestContractProblems(t *testing.T) {
	s := newSiteOver(t, ledgertest.NewUnder(t, 2))
	p := adopted(20)
	os, hs := brought(p)
	s.must(os, "root", &license.ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: p.Hash, Role: "board", Texts: hs})
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"/v1/contracts/other":                               {404, "unknown-contract"},
		"/v1/contracts/other/texts/" + hs[0].String():       {404, "unknown-contract"},
		"/v1/contracts/ce/texts/" + strings.Repeat("0", 64): {404, "unknown-text"},
		"/v1/contracts/ce/texts/12":                         {400, "bad-hash"},
		"/v1/boards/us-xx/contracts":                        {404, "unknown-board"},
		"/v1/contracts?board=us-il":                         {400, "unknown-parameter"},
		"/v1/contracts/ce/editions":                         {404, "unknown-path"},
	} {
		if a := s.get(path, want.status); a.code(t) != want.code {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}
