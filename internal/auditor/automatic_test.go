package auditor

import (
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/strict"
)

const ruled = "us-il.nurse.041000001"

// ran is a registry in which a contract ran: on an act, when its timer came, and on a day,
// where it faulted and was asked for again.
func ran(t *testing.T) *ledgertest.Registry {
	t.Helper()
	r := ledgertest.NewUnder(t, 2)
	fn := func(name string) contract.Function {
		return contract.Function{Name: name, Citation: "Act 1", Words: "A rule."}
	}
	p := contract.Seal(contract.Manifest{
		V: 1, Name: "flow", Version: 1, Title: "A flow", Language: contract.Language,
		Roles: []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse"}}},
		Hooks: []contract.Hook{
			{Kind: contract.On, Answers: []string{"license.inactivate"}, Function: "acts"},
			{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
			{Kind: contract.OnTimer, Answers: []string{"later"}, Function: "later"},
		},
		Functions: []contract.Function{fn("acts"), fn("later"), fn("ends")},
		Codes:     []contract.Code{{Code: "told", Words: "Somebody is told."}},
	}, contract.Parameters{}, []byte(`def acts(ctx, act):
    l = act.license
    return [impose(l, "flow", "conditions", "probation", ctx.today, ctx.today + 30), set_timer(l, "later", ctx.today + 10), notify(l, "told")]

def later(ctx, day):
    return [lift(day.license, "flow", ctx.today), set_timer(day.license, "still", ctx.today + 400)]

def ends(ctx, day):
    return [notify(day.license, "no-such-code")]
`))
	var os []license.Opening
	adopt := &license.ContractAdopt{Board: "us-il", Contract: "flow", Version: 1, Hash: contract.HashOf(p.Manifest), Role: "board"}
	for _, text := range [][]byte{p.Manifest, p.Source} {
		os, adopt.Texts = append(os, license.Opening{Kind: license.OpeningContract, Bytes: text}), append(adopt.Texts, license.HashOf(text))
	}
	r.Act(os, []string{"root"}, adopt)
	r.Issue("041000001", license.Name{Given: "Mara", Family: "Voss"}, "2026-01-30")
	r.Act(nil, []string{"clerk"}, &license.LicenseInactivate{License: ruled, Count: r.License(ruled).Counts.Term, From: "2026-01-10"})
	for range 2 {
		r.Clock = r.Clock.AddDate(0, 0, 12)
		r.Block()
	}
	s, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	var f license.Fault
	if _, err := s.Record(license.KindFault, "flow/us-il", &f); err != nil || f.Call == "" {
		t.Fatalf("%+v, %v", f, err)
	}
	r.Act(nil, []string{"root"}, &license.ContractRetry{Board: "us-il", Contract: "flow", Count: 1, Call: f.Call})
	r.Block()
	return r
}

// What contracts did is checked by the same law, without running them; what members bend
// of it beyond what contracts may do is named.
func TestEntriesOfContracts(t *testing.T) {
	r := ran(t)
	honest := siteOf(t, r)
	mustAudit(t, auditorOf(t, newSwitchboard(t, honest), trustIn(t, r)))
	mustAudit(t, auditorOf(t, newSwitchboard(t, honest.refolded(func(es []license.Entry) []license.Entry { return es })), trustIn(t, r)))
	const more = "says something else than a contract may do"
	for name, tt := range map[string]struct {
		act, says string
		bend      func(e *license.Entry)
	}{
		"another edition":                   {"contract.impose", "was not in force for board us-il", func(e *license.Entry) { e.Cause.Hash = license.HashOf(nil) }},
		"another contract":                  {"contract.impose", "no contract may do this", func(e *license.Entry) { e.Cause.Contract = "other" }},
		"a contract and a signature":        {"contract.impose", "it names a signed act and a contract", func(e *license.Entry) { e.Cause.Header = license.HashOf(nil) }},
		"nobody at all":                     {"contract.impose", "it names no signed act", func(e *license.Entry) { e.Cause = nil }},
		"an order in the board's name":      {"contract.impose", "no contract may do this", func(e *license.Entry) { e.Changes[0].Contract, e.Changes[0].Action = "", "" }},
		"an effect of another day":          {"contract.impose", more, func(e *license.Entry) { e.Effective = "2026-01-03" }},
		"a void in passing":                 {"contract.impose", more, func(e *license.Entry) { e.Voids = []license.Hash{{1}} }},
		"a lift of nothing":                 {"contract.lift", "no contract may do this", func(e *license.Entry) { e.Changes[0].Order = strings.Repeat("0", 32) }},
		"another verb":                      {"contract.lift", "no contract does this", func(e *license.Entry) { e.Act = "contract.impose" }},
		"a call that another contract made": {"contract.queue", "its call is none of this contract", func(e *license.Entry) { e.Cause.Contract = "other" }},
		"the end of no call":                {"contract.called", "no such call waited", func(e *license.Entry) { e.Also[0].ID = "0000000001.000001" }},
		"a timer of another license":        {"contract.timer", "its timer is none of this contract", func(e *license.Entry) { e.Also[0].ID = "us-il.nurse.041000002~flow~later" }},
		"two faults at once": {"contract.fault", more, func(e *license.Entry) {
			var f license.Fault
			if err := strict.Decode(e.Body, &f, 1<<16); err != nil {
				t.Fatal(err)
			}
			f.Faults++
			e.Body = strict.Encode(&f)
		}},
		"a notice of another version": {"contract.notify", "it is no notice", func(e *license.Entry) { e.Cause.Version = 2 }},
		"days of nobody's": {"contract.notify", "it names no signed act", func(e *license.Entry) {
			e.Act, e.Cause = license.ContractDays, nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := honest.refolded(func(es []license.Entry) []license.Entry {
				for i := range es {
					if es[i].Act == tt.act {
						tt.bend(&es[i])
						return es
					}
				}
				t.Fatalf("no entry %s", tt.act)
				return nil
			})
			mustAlarm(t, auditorOf(t, newSwitchboard(t, f), trustIn(t, r)), tt.says)
		})
	}
}
