package rehearse_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

// gameRules answer acts, effects, days and timers, refuse some acts, and fault now and
// then; a version's number makes it do things on other days.
const gameRules = `def asked(ctx, act):
    if act.start < ctx.today - %d:
        return reject("no")
    return []

def disciplined(ctx, act):
    out = [set_timer(act.license, "look", ctx.today + %d)]
    for other in linked(act.license):
        out.append(impose(other.id, "with " + act.license, "conditions", "monitoring", act.start, until = act.start + 20))
    return out

def imposed_on(ctx, e):
    if e.authority == "conditions":
        return impose(e.license, "besides", "none", "education", ctx.today, until = ctx.today + 5)
    return []

def ended(ctx, day):
    if license(day.license).registration == "inactive":
        return set_lifecycle(day.license, "active", ctx.today)
    return [set_lifecycle(day.license, "inactive", ctx.today + %d), set_timer(day.license, "wake", ctx.today + 15)]

def look(ctx, t):
    if imposed(t.license, "besides") != None and imposed(t.license, "besides").in_force:
        return lift(t.license, "besides", ctx.today)
    return []

def wake(ctx, t):
    return set_lifecycle(t.license, "active", ctx.today)
`

func gamePack(t *testing.T, version int64) *contract.Package {
	var fs []contract.Function
	for _, name := range []string{"asked", "disciplined", "imposed_on", "ended", "look", "wake"} {
		fs = append(fs, contract.Function{Name: name, Citation: "Act of " + name, Words: "A rule."})
	}
	return parsed(t, contract.Seal(contract.Manifest{
		V: 1, Name: "game", Version: version, Title: "A game", Language: contract.Language,
		Roles: []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"physician"}}},
		Hooks: []contract.Hook{
			{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "asked", Fault: contract.FailOpen},
			{Kind: contract.On, Answers: []string{"license.discipline"}, Function: "disciplined"},
			{Kind: contract.On, Answers: []string{"contract.impose"}, Function: "imposed_on"},
			{Kind: contract.OnDay, Answers: []string{"term-ends", "order-ends"}, Function: "ended"},
			{Kind: contract.OnTimer, Answers: []string{"look"}, Function: "look"},
			{Kind: contract.OnTimer, Answers: []string{"wake"}, Function: "wake"},
		},
		Functions: fs,
		Codes:     []contract.Code{{Code: "no", Words: "This is not to be."}},
	}, contract.Parameters{}, fmt.Appendf(nil, gameRules, 10*version, 3+version, version-1)))
}

// play lets something happen that draws decide. Refusals are a part of it.
func (n *network) play(draw *rand.Rand) {
	ids := []string{principal, compact, third, byExam}
	id := ids[draw.IntN(len(ids))]
	l := n.License(id)
	today := license.InstantOf(n.Clock)
	from := license.Day(today[:10]).Add(draw.IntN(7) - 3)
	by := []string{"officer/" + license.BoardOf(license.KindLicense, id) + "/desk"}
	switch draw.IntN(9) {
	case 0, 1:
		action := []string{"suspension", "revocation", "reprimand", "probation"}[draw.IntN(4)]
		doc, ref := n.Opening(license.OpeningOrder, license.OrderDocument{Entity: "A board", Actions: []license.OrderAction{{Code: action}}})
		a := &license.LicenseDiscipline{License: id, Order: n.ID(), Commitment: ref.Commitment, Authority: []string{license.AuthorityBarred, license.AuthorityConditions}[draw.IntN(2)], From: from}
		if draw.IntN(2) == 0 {
			a.Through = from.Add(draw.IntN(30))
		}
		n.try(by, []license.Opening{doc}, a)
	case 2:
		if len(l.Orders) > 0 {
			o := l.Orders[draw.IntN(len(l.Orders))]
			n.try(by, nil, []license.Act{
				&license.LicenseLift{License: id, Order: o.ID, Count: o.Count, From: from}, &license.LicenseStay{License: id, Order: o.ID, Count: o.Count, From: from},
			}[draw.IntN(2)])
		}
	case 3:
		es := n.Entries(id)
		e := es[draw.IntN(len(es))]
		if e.Act != "license.issue" {
			n.try(by, nil, &license.LicenseVoid{License: id, Count: l.Counts.Repairs, Entries: []license.Hash{e.Hash}})
		}
	case 4:
		n.try(by, nil, &license.LicenseRenew{License: id, Count: l.Counts.Term, From: from, Through: from.Add(20 + draw.IntN(300))})
	case 5:
		n.try(by, nil, []license.Act{
			&license.LicenseInactivate{License: id, Count: l.Counts.Term, From: from}, &license.LicenseReactivate{License: id, Count: l.Counts.Term, From: from},
		}[draw.IntN(2)])
	default:
		n.until(license.Day(today[:10]).Add(1 + draw.IntN(12)))
	}
}

// Whatever happens, the editions in force, simulated, do what they did.
func TestGames(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			draw := rand.New(rand.NewPCG(seed, 5))
			n := newNetwork(t)
			n.physicians()
			n.issue("us-il.physician.9", "examination", "2026-02-20")
			packs := []*contract.Package{gamePack(t, 1), shipped(t, "imlc")}
			if seed%2 == 0 {
				packs[0], packs[1] = packs[1], packs[0]
			}
			for _, p := range packs {
				n.adopt(p)
			}
			from := license.Day("2026-01-01")
			for step := range 50 {
				if step == 25 && seed%3 == 0 {
					p := gamePack(t, 2)
					n.adopt(p)
					packs[seed%2^1] = p
					from = license.Day(license.InstantOf(n.Clock)[:10]).Add(1)
					n.until(from)
				}
				n.play(draw)
			}
			last := license.Day(license.InstantOf(n.Clock)[:10])
			n.until(last.Add(2))
			calls := int64(0)
			for _, p := range packs {
				r := n.rehearse(p, from, last)
				calls += r.Calls
				if len(r.Differ) > 0 || len(r.Refused) > 0 {
					t.Errorf("%s %d: %s", p.Manifest.Name, p.Manifest.Version, strict.Encode(r))
				}
			}
			if calls == 0 {
				t.Error("nothing happened")
			}
		})
	}
}
