package api

import (
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// Who wants to read a contract that a board adopted finds the records that name its
// texts, and the texts.
func TestTextsOfContracts(t *testing.T) {
	s := newSite(t)
	s.Act(nil, []string{"member"}, &license.RulesAdopt{Count: 1, Rules: 2, Height: s.Head().Height + 3})
	s.Block()
	p := contract.Seal(contract.Manifest{
		V: 1, Name: "ce", Version: 1, Title: "Hours before renewal", Language: contract.Language,
		Roles:     []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse"}}},
		Hooks:     []contract.Hook{{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "hours", Fault: contract.FailOpen}},
		Functions: []contract.Function{{Name: "hours", Citation: "Act 1", Words: "Hours are needed."}},
		Codes:     []contract.Code{{Code: "hours", Words: "Hours are missing."}},
	}, contract.Parameters{}, []byte("def hours(ctx, act):\n    return [reject(\"hours\")]\n"))
	var os []license.Opening
	a := &license.ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: contract.HashOf(p.Manifest), Role: "board"}
	for _, b := range [][]byte{p.Manifest, p.Source} {
		os = append(os, license.Opening{Kind: license.OpeningContract, Bytes: b})
		a.Texts = append(a.Texts, license.HashOf(b))
	}
	s.Act(os, []string{"root"}, a)
	if b := s.get("/v1/records/contracts/us-il", 200).body; !strings.Contains(string(b), a.Hash.String()) {
		t.Errorf("%s", b)
	}
	if b := s.get("/v1/records/contract/ce", 200).body; !strings.Contains(string(b), a.Texts[0].String()) {
		t.Errorf("%s", b)
	}
	for i, h := range a.Texts {
		path := "/v1/openings/" + h.String() + "?of=contracts/"
		var o license.Opening
		if err := strict.Decode(s.get(path+"us-il", 200).body, &o, 1<<20); err != nil || string(o.Bytes) != string(os[i].Bytes) {
			t.Errorf("%v, %s", err, o.Bytes)
		}
		s.get(path+"us-ia", 404)
		s.get("/v1/openings/"+h.String()+"?of=settlement/us-il.nurse.041000001", 404)
	}
}
