package api

import (
	"fmt"
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledgertest"
	"licet/license"
)

// What failed for a board is told with rule, line, license, reason and command, in its
// list of contracts and among its calls, until it is mended and asked for again.
func TestCalls(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := newSiteOver(t, c.Registry)
	parts := ledgertest.OneRule("day", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"},
		"def hook(ctx, day):\n    return [notify(day.license, \"no-such-code\")]\n")
	c.Adopt(parts, "board", "us-il", "us-ia")
	var calls callsBody
	s.get("/v1/boards/us-il/calls", 200).read(t, &calls)
	if len(calls.Held) != 0 || calls.Waiting != 0 || calls.Days != nil || calls.More {
		t.Errorf("before: %+v", calls)
	}
	c.Physician("us-il.physician.1", "examination", "2026-03-31")
	c.Physician("us-il.physician.2", "examination", "2026-03-31")
	c.Until("2026-04-01")
	a := s.get("/v1/boards/us-il/calls", 200)
	a.read(t, &calls)
	if len(calls.Held) != 2 {
		t.Fatalf("%s", a.body)
	}
	x := calls.Held[0]
	want := callBody{
		Call: x.Call, Contract: "day", License: "us-il.physician.2", Function: "hook", Line: 2, Citation: "Act 1", At: x.At, Code: "bad-effect",
		Why: "because its term ended on March 31, 2026", Sentence: x.Sentence, Retry: "licet contract retry day --board us-il --call " + x.Call,
	}
	if x != want || !strings.HasPrefix(x.Call, license.HeldPrefix) || !strings.HasPrefix(string(x.At), "2026-04-01T") || !strings.HasPrefix(x.Sentence, "Failed on ") {
		t.Errorf("%+v", x)
	}
	var of boardContractsBody
	s.get("/v1/boards/us-il/contracts", 200).read(t, &of)
	f := of.Items[0].Fault
	if f == nil || f.Faults != 2 || f.Suspended || f.Code != "bad-effect" || f.Function != "hook" || f.Line != 2 || f.License != "us-il.physician.2" ||
		f.Call != x.Call || f.Retry != want.Retry || f.At != x.At || f.Since > f.At || !strings.HasPrefix(f.Sentence, "Its newest two calls failed") {
		t.Errorf("%+v", f)
	}
	for _, want := range []string{"licet_contract_calls_held 2\n", "licet_contracts_failing 1\n", "licet_contracts_suspended 0\n"} {
		if a := s.get("/metrics", 200); !strings.Contains(string(a.body), "\n"+want) {
			t.Errorf("no %s:\n%s", want, a.body)
		}
	}
	for _, path := range []string{"/v1/boards/us-ia/calls", "/v1/boards/us-il/calls?contract=other"} {
		s.get(path, 200).read(t, &calls)
		if len(calls.Held) != 0 {
			t.Errorf("%s: %+v", path, calls)
		}
	}
	if a := s.get("/v1/boards/us-xx/calls", 404); a.code(t) != "unknown-board" {
		t.Errorf("%s", a.body)
	}
	s.mended(c, parts, x.Call)
}

// mended puts a version without the mistake in force, and asks for a call again.
func (s *site) mended(c *ledgertest.Compact, parts contract.Parts, call string) {
	t := s.t
	t.Helper()
	old := contract.HashOf(parts.Manifest)
	parts.Source = []byte("def hook(ctx, day):\n    return []\n")
	two := ledgertest.NextVersion(t, parts)
	c.Sign([]license.Opening{{Kind: license.OpeningContract, Bytes: two.Manifest}, {Kind: license.OpeningContract, Bytes: two.Source}}, "us-il",
		&license.ContractSupersede{
			Board: "us-il", Contract: "day", Count: 1, Version: 2, Hash: contract.HashOf(two.Manifest), Previous: old, Role: "board",
			Texts: []license.Hash{license.HashOf(two.Manifest), license.HashOf(two.Source)},
		})
	var of boardContractsBody
	s.get("/v1/boards/us-il/contracts", 200).read(t, &of)
	if x := of.Items[0]; x.Fault != nil || x.Present != "2026-04-01" || x.Since >= x.Present {
		t.Errorf("%+v", x)
	}
	if a := s.get("/metrics", 200); !strings.Contains(string(a.body), "\nlicet_contracts_failing 0\n") {
		t.Errorf("%s", a.body)
	}
	c.Sign(nil, "us-il", &license.ContractRetry{Board: "us-il", Contract: "day", Count: 2, Call: call})
	var calls callsBody
	s.get("/v1/boards/us-il/calls", 200).read(t, &calls)
	if len(calls.Held) != 1 || calls.Waiting != 1 { // the other one is still held
		t.Errorf("%+v", calls)
	}
	c.Block()
	s.get("/v1/boards/us-il/calls", 200).read(t, &calls)
	if len(calls.Held) != 1 || calls.Waiting != 0 {
		t.Errorf("%+v", calls)
	}
}

// A hook before an act holds no call: the act itself stands, or was refused.
func TestFaultBefore(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := newSiteOver(t, c.Registry)
	c.Adopt(ledgertest.OneRule("ask", contract.Hook{Kind: contract.Before, Answers: []string{"licensee.link"}, Function: "hook", Fault: contract.FailOpen},
		"def hook(ctx, act):\n    return facts(act.license, \"none\")[0]\n"), "board", "us-il", "us-ia")
	c.Physician("us-il.physician.1", "examination", "2026-03-31")
	c.Physician("us-ia.physician.1", "examination", "2026-03-31")
	c.Link("us-il.physician.1", "us-ia.physician.1")
	var of boardContractsBody
	s.get("/v1/boards/us-il/contracts", 200).read(t, &of)
	f := of.Items[0].Fault
	if f == nil || f.Call != "" || f.Retry != "" || f.License != "us-il.physician.1" || f.Code != "no-element" {
		t.Errorf("%+v", f)
	}
}

// A busy block leaves calls of a day to the next ones: until they are made, the board's
// answer says how far they have come.
func TestCallsOfDay(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := newSiteOver(t, c.Registry)
	c.Adopt(ledgertest.OneRule("day", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"},
		"def hook(ctx, day):\n    return []\n"), "board", "us-il")
	var acts []license.Act
	for i := range 300 {
		acts = append(acts, &license.LicenseIssue{
			License: fmt.Sprintf("us-il.physician.%d", 1000+i), Licensee: c.ID(), Subject: license.SubjectPerson,
			Issued: "2020-01-01", From: "2024-01-01", Through: "2026-03-31",
		})
	}
	c.Sign(nil, "us-il", acts...)
	c.Clock = license.Instant("2026-04-01T11:59:00Z").Time()
	for range 2 { // the day comes with a block's time, which is that of the block before
		c.Physician(fmt.Sprintf("us-il.physician.%d", 5000+len(acts)), "examination", "2028-03-31")
		acts = append(acts, nil)
		var calls callsBody
		s.get("/v1/boards/us-il/calls", 200).read(t, &calls)
		if d := calls.Days; d != nil {
			if d.Day != "2026-04-01" || !strings.HasPrefix(d.After, "us-il.physician.1") {
				t.Errorf("%+v", d)
			}
			c.Block()
			calls = callsBody{}
			s.get("/v1/boards/us-il/calls", 200).read(t, &calls)
			if calls.Days != nil {
				t.Errorf("after a block without acts: %+v", calls.Days)
			}
			return
		}
	}
	t.Error("all calls of the day found room")
}
