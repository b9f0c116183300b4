package rehearse_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/internal/pack"
	"licet/internal/rehearse"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A network is one of three boards under rules 2, in which things happen.
type network struct {
	*ledgertest.Registry
	t *testing.T
}

func newNetwork(t *testing.T) *network {
	n := &network{ledgertest.NewUnder(t, 2), t}
	for _, b := range []string{"us-il", "us-ia", "us-wi"} {
		root := "board/" + b
		if b != "us-il" {
			n.must([]string{"member/idfpr", root}, nil, &license.BoardCreate{Board: b, Name: b, Member: "idfpr", Jurisdiction: b, Root: ledgertest.Spec(root)})
		}
		n.must([]string{root}, nil, &license.BoardProfession{Profession: b + ".physician", Title: "Physician", Pattern: "#+"})
		n.must([]string{root}, nil, &license.OfficerAppoint{Officer: b + "/desk", Title: "Desk", Key: ledgertest.Spec("officer/" + b + "/desk"), Roles: []string{"desk"}})
		count := int64(0)
		if b == "us-il" {
			count = 1
		}
		n.must([]string{root}, nil, &license.PolicySet{Board: b, Count: count, Rules: []license.Rule{{Acts: []string{"license.*", "licensee.*", "fact.*"}, From: []string{"desk"}, Signers: 1}}})
	}
	return n
}

// must records acts, signed by the named.
func (n *network) must(by []string, openings []license.Opening, acts ...license.Act) {
	n.t.Helper()
	if o := n.try(by, openings, acts...); o.Code != "" {
		n.t.Fatalf("%s: %v", acts[0].Verb(), o.Refusal())
	}
}

func (n *network) try(by []string, openings []license.Opening, acts ...license.Act) ledger.Outcome {
	p := tx.New(n.Head().Origin, true, license.InstantOf(n.Clock), 86400, acts, openings)
	for _, who := range by {
		key := who
		switch who {
		case "member/idfpr":
			key = "member"
		case "board/us-il":
			key = "root"
		}
		p.Sign(tx.SignEd25519(who, ledgertest.Key(key), p.HeaderBytes))
	}
	return n.Block(p.Encode())[0]
}

// desk records acts, signed by the desk of the board of the first one.
func (n *network) desk(openings []license.Opening, acts ...license.Act) {
	n.t.Helper()
	kind, id := acts[0].Target()
	n.must([]string{"officer/" + license.BoardOf(kind, id) + "/desk"}, openings, acts...)
}

// until lets the clock go on to a day.
func (n *network) until(day license.Day) {
	n.Clock = license.Instant(day + "T15:00:00Z").Time()
	n.Block()
}

func (n *network) issue(id, route string, through license.Day) {
	n.t.Helper()
	n.desk(nil, &license.LicenseIssue{License: id, Licensee: n.ID(), Subject: license.SubjectPerson, Route: route, Issued: "2020-01-01", From: "2024-01-01", Through: through})
}

func (n *network) link(one, other string) {
	n.t.Helper()
	for _, x := range [][2]string{{one, other}, {other, one}} {
		n.desk(nil, &license.LicenseeLink{License: x[0], Count: n.License(x[0]).Counts.Links, Other: x[1], Effective: "2024-01-01"})
	}
}

// order disciplines a license and returns the order's id.
func (n *network) order(id, action string, from license.Day) string {
	n.t.Helper()
	doc, ref := n.Opening(license.OpeningOrder, license.OrderDocument{Entity: "A board", Actions: []license.OrderAction{{Code: action}}})
	order := n.ID()
	n.desk([]license.Opening{doc}, &license.LicenseDiscipline{License: id, Order: order, Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: from})
	return order
}

// adopt puts an edition in force for all three boards: its first one, or the next.
func (n *network) adopt(p *contract.Package) {
	n.t.Helper()
	parts, m := p.Parts(), &p.Manifest
	var os []license.Opening
	var hs []license.Hash
	text := func(b []byte) {
		if len(b) > 0 && !n.has(license.KindOpening, license.HashOf(b).String(), new(license.OpeningRecord)) {
			os, hs = append(os, license.Opening{Kind: license.OpeningContract, Bytes: b}), append(hs, license.HashOf(b))
		}
	}
	text(parts.Manifest)
	text(parts.Source)
	text(parts.Parameters)
	for _, b := range []string{"us-il", "us-ia", "us-wi"} {
		var all license.Contracts
		n.has(license.KindContracts, b, &all)
		at := slices.IndexFunc(all.Rows, func(r license.ContractRow) bool { return r.Contract == m.Name })
		var k license.Contract
		var a license.Act
		switch known := n.has(license.KindContract, m.Name, &k); {
		case at >= 0:
			a = &license.ContractSupersede{Board: b, Contract: m.Name, Count: all.Count, Version: m.Version, Hash: p.Hash, Previous: all.Rows[at].Hash, Role: m.Roles[0].Role, Texts: hs}
		case known:
			a = &license.ContractJoin{Board: b, Contract: m.Name, Count: all.Count, Version: m.Version, Hash: p.Hash, Role: m.Roles[0].Role}
		default:
			a = &license.ContractAdopt{Board: b, Contract: m.Name, Count: all.Count, Version: m.Version, Hash: p.Hash, Role: m.Roles[0].Role, Texts: hs}
		}
		n.must([]string{"board/" + b}, os, a)
		os, hs = nil, nil
	}
}

func (n *network) has(kind, id string, into any) bool {
	n.t.Helper()
	s, err := n.State()
	if err != nil {
		n.t.Fatal(err)
	}
	defer s.Release()
	ok, err := s.Record(kind, id, into)
	if err != nil {
		n.t.Fatal(err)
	}
	return ok
}

// rehearse simulates, twice, and wants the same report from both.
func (n *network) rehearse(p *contract.Package, from, to license.Day, boards ...string) *rehearse.Report {
	n.t.Helper()
	var reports []*rehearse.Report
	for range 2 {
		s, err := n.State()
		if err != nil {
			n.t.Fatal(err)
		}
		r := rehearse.Rehearsal{Pack: p, From: from, To: to, Boards: boards}
		if err = rehearse.Over(s, p.Manifest.Name, &r); err == nil {
			var out *rehearse.Report
			out, _, err = rehearse.Run(r)
			reports = append(reports, out)
		}
		s.Release()
		if err != nil {
			n.t.Fatal(err)
		}
	}
	if reports[0].Sum() != reports[1].Sum() {
		n.t.Fatalf("%s\n%s", strict.Encode(reports[0]), strict.Encode(reports[1]))
	}
	return reports[0]
}

// shipped reads one of the packs that ship, without its scenarios.
func shipped(t *testing.T, name string) *contract.Package {
	t.Helper()
	p, err := pack.Load(os.DirFS("../../contracts/" + name))
	if err != nil {
		t.Fatal(err)
	}
	m := p.Manifest
	m.Scenarios = nil
	return parsed(t, contract.Seal(m, p.Parameters, p.Source))
}

func parsed(t *testing.T, parts contract.Parts) *contract.Package {
	t.Helper()
	p, err := contract.Parse(parts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rule makes a version of a contract of one hook about physicians.
func rule(t *testing.T, version int64, hook contract.Hook, source string) *contract.Package {
	return parsed(t, contract.Seal(contract.Manifest{
		V: 1, Name: "rule", Version: version, Title: "A rule", Language: contract.Language,
		Roles:     []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"physician"}}},
		Hooks:     []contract.Hook{hook},
		Functions: []contract.Function{{Name: hook.Function, Citation: "Act 1", Words: "A rule."}},
		Codes:     []contract.Code{{Code: "no", Words: "This is not to be."}},
	}, contract.Parameters{}, []byte(source)))
}

const principal, compact, third, byExam = "us-wi.physician.1", "us-il.physician.2", "us-ia.physician.3", "us-ia.physician.4"

// physicians have one principal license, two by the compact's route, and one by examination.
func (n *network) physicians() {
	n.issue(principal, "examination", "2027-12-31")
	n.issue(compact, "imlc", "2027-12-31")
	n.issue(third, "imlc", "2027-12-31")
	n.issue(byExam, "examination", "2027-12-31")
	n.desk(nil, &license.FactRecord{Fact: "us-wi/" + n.ID(), About: principal, Code: "qualification", Day: "2024-01-01"})
	for _, other := range []string{compact, third, byExam} {
		n.link(principal, other)
	}
}

// Before anybody adopts the compact, its simulation lists exactly the licenses that would
// have been suspended. Adopted, it reproduces what the network did.
func TestCompact(t *testing.T) {
	n, imlc := newNetwork(t), shipped(t, "imlc")
	n.physicians()
	n.until("2026-02-01")
	n.order(principal, "suspension", "2026-02-01")
	n.until("2026-03-01")
	r := n.rehearse(imlc, "2026-01-01", "2026-02-28")
	if len(r.Differ) != 2 || r.Differ[0].License != third || r.Differ[1].License != compact || len(r.New) != 3 || len(r.InPlace) != 0 {
		t.Fatalf("%s", strict.Encode(r))
	}
	for _, d := range r.Differ {
		if d.From != "2026-02-01" || d.Through != "" || d.Was.Authority != license.MayPractice || d.Would.Authority != license.MayNotPractice ||
			d.By.Function != "on_order" || d.By.Line == 0 || d.By.Citation != "IMLC 10(b)" || d.By.Trigger == 0 || !strings.Contains(d.Would.Status, "SUSPENDED") {
			t.Errorf("%s", strict.Encode(&d))
		}
	}
	if only := n.rehearse(imlc, "2026-01-01", "2026-02-28", "us-il", "us-wi"); len(only.Differ) != 1 || only.Differ[0].License != compact {
		t.Errorf("%s", strict.Encode(only))
	}
	if none := n.rehearse(imlc, "2026-02-02", "2026-02-28"); len(none.Differ) != 0 || none.Triggers != 0 {
		t.Errorf("%s", strict.Encode(none))
	}

	n.adopt(imlc)
	n.until("2026-04-01")
	n.order(compact, "revocation", "2026-04-01")
	n.until("2026-08-01")
	if s := n.License(principal).StandingOn("2026-04-02", nil, nil); s.Authority != license.MayNotPractice {
		t.Fatalf("the network did not do it: %+v", s)
	}
	same := n.rehearse(imlc, "2026-01-01", "2026-07-31")
	if len(same.Differ) != 0 || same.Calls == 0 || len(same.InPlace) != 3 {
		t.Errorf("the edition in force differs from itself: %s", strict.Encode(same))
	}
	// Were there no such rule, its suspensions would not be.
	m := imlc.Manifest
	m.Version, m.Hooks = 2, m.Hooks[1:]
	without := parsed(t, contract.Seal(m, imlc.Parameters, imlc.Source))
	less := n.rehearse(without, "2026-01-01", "2026-07-31")
	if len(less.Differ) == 0 || less.Differ[0].By.Do != "without" || less.Differ[0].License != principal || less.Differ[0].Was.Status != "SUSPENDED" || less.Differ[0].Would.Status == "SUSPENDED" {
		t.Errorf("%s", strict.Encode(less))
	}
}

// What is sealed is not replayed, and what the network did about it stays.
func TestSealed(t *testing.T) {
	n, imlc := newNetwork(t), shipped(t, "imlc")
	n.physicians()
	n.adopt(imlc)
	n.until("2026-02-01")
	order := n.order(principal, "suspension", "2026-02-01")
	n.until("2026-03-01")
	l := n.License(principal)
	n.desk(nil, &license.LicenseSeal{License: principal, Order: order, Count: l.Orders[0].Count})
	n.until("2026-04-01")
	r := n.rehearse(imlc, "2026-01-01", "2026-03-31")
	if len(r.Differ) != 0 || len(r.NotReplayed) != 1 || r.NotReplayed[0].License != principal || r.NotReplayed[0].Why != rehearse.WhySealed || r.NotReplayed[0].Trigger == 0 {
		t.Fatalf("%s", strict.Encode(r))
	}
}

// Days, timers and effects on effects give the same standings as the network's, and
// another version other ones.
func TestDaysAndTimers(t *testing.T) {
	hook := contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"}
	source := "def ends(ctx, day):\n    return [set_lifecycle(day.license, \"inactive\", ctx.today + %d), set_timer(day.license, \"again\", ctx.today + 10)]\n"
	timer := func(version int64, days int) *contract.Package {
		p := rule(t, version, hook, fmt.Sprintf(source, days))
		m := p.Manifest
		m.Hooks = append(m.Hooks, contract.Hook{Kind: contract.OnTimer, Answers: []string{"again"}, Function: "again"})
		m.Functions = append(m.Functions, contract.Function{Name: "again", Citation: "Act 2", Words: "Then canceled."})
		return parsed(t, contract.Seal(m, contract.Parameters{}, append(p.Source, "\ndef again(ctx, t):\n    return set_lifecycle(t.license, \"canceled\", ctx.today)\n"...)))
	}
	n, one, two := newNetwork(t), timer(1, 0), timer(2, 3)
	n.adopt(one)
	n.issue(compact, "examination", "2026-03-31")
	n.issue(third, "examination", "2026-05-31")
	n.until("2026-04-03")
	n.issue(byExam, "examination", "2026-12-31")
	n.until("2026-04-15")
	n.until("2026-06-01")
	n.until("2026-07-01")
	if l := n.License(third); len(l.Lifecycles) != 2 {
		t.Fatalf("the network did not do it: %+v", l)
	}
	same := n.rehearse(one, "2026-01-01", "2026-06-30")
	if len(same.Differ) != 0 || same.Calls != 4 {
		t.Errorf("%s", strict.Encode(same))
	}
	// Days that are not over take no part.
	if r := n.rehearse(one, "2026-01-01", "2026-04-05"); len(r.Differ) != 0 || r.Calls != 1 {
		t.Errorf("%s", strict.Encode(r))
	}
	// A timer that was set before the first day calls in it.
	if r := n.rehearse(one, "2026-04-05", "2026-05-01"); len(r.Differ) != 0 || r.Calls != 1 {
		t.Errorf("%s", strict.Encode(r))
	}
	r := n.rehearse(two, "2026-01-01", "2026-06-30")
	if len(r.Differ) != 2 || r.Differ[1].License != compact || r.Differ[1].From != "2026-04-01" || r.Differ[1].Through != "2026-04-03" ||
		r.Differ[1].Was.Registration != license.LifecycleInactive || r.Differ[1].Would.Registration != license.RegistrationLapsed {
		t.Errorf("%s", strict.Encode(r))
	}
}

// An act that the contract would refuse is listed, and its license goes on without it.
func TestRefused(t *testing.T) {
	p := rule(t, 1, contract.Hook{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "late", Fault: contract.FailClosed},
		"def late(ctx, act):\n    if act.start < ctx.today:\n        return reject(\"no\")\n    return []\n")
	n := newNetwork(t)
	n.issue(compact, "examination", "2026-01-31")
	n.issue(third, "examination", "2026-01-31")
	n.until("2026-03-01")
	for id, from := range map[string]license.Day{compact: "2026-02-01", third: "2026-03-02"} {
		n.desk(nil, &license.LicenseRenew{License: id, Count: 1, From: from, Through: "2028-01-31"})
	}
	n.until("2026-04-01")
	r := n.rehearse(p, "2026-01-01", "2026-03-31")
	if len(r.Refused) != 1 || r.Refused[0].License != compact || r.Refused[0].Code != "no" || r.Refused[0].Citation != "Act 1" || r.Refused[0].Line != 3 || r.Refused[0].Trigger == 0 {
		t.Fatalf("%s", strict.Encode(r))
	}
	if len(r.Differ) != 1 || r.Differ[0].License != compact || r.Differ[0].From != "2026-02-01" || r.Differ[0].Through != "2028-01-31" || r.Differ[0].By.Do != "refuse" {
		t.Errorf("%s", strict.Encode(r))
	}
}

// Calls that would have faulted are listed; after five in a row there are no more.
func TestFaults(t *testing.T) {
	p := rule(t, 1, contract.Hook{Kind: contract.On, Answers: []string{"license.issue"}, Function: "hook"}, "def hook(ctx, act):\n    return [notify(act.license, \"none\")]\n")
	n := newNetwork(t)
	for i := range 8 {
		n.issue(fmt.Sprintf("us-il.physician.%d", 10+i), "examination", "2027-01-31")
	}
	n.until("2026-04-01")
	if r := n.rehearse(p, "2026-01-01", "2026-03-31"); len(r.Faults) != license.FaultsMax || r.Faults[0].Code != contract.BadEffect || r.Faults[0].Line != 2 {
		t.Fatalf("%s", strict.Encode(r))
	}
}

// A call that faulted and that its board asked for again is made again.
func TestRetry(t *testing.T) {
	p := rule(t, 1, contract.Hook{Kind: contract.On, Answers: []string{"license.inactivate"}, Function: "hook"},
		"def hook(ctx, act):\n    return [set_lifecycle(act.license, \"active\", ctx.today), impose(act.license, \"a\", \"barred\", \"suspension\", ctx.today)]\n")
	n := newNetwork(t)
	n.adopt(p)
	n.issue(compact, "examination", "2027-01-31")
	n.desk(nil, &license.LicenseInactivate{License: compact, Count: 1, From: "2026-01-10"})
	n.until("2026-02-01")
	n.desk(nil, &license.LicenseReactivate{License: compact, Count: 2, From: "2026-01-10"})
	var f license.Fault
	if !n.has(license.KindFault, "rule/us-il", &f) || f.Call == "" {
		t.Fatalf("it does not fault: %+v", f)
	}
	n.must([]string{"board/us-il"}, nil, &license.ContractRetry{Board: "us-il", Contract: "rule", Count: 1, Call: f.Call})
	n.until("2026-03-01")
	n.until("2026-03-02")
	if s := n.License(compact).StandingOn("2026-02-02", nil, nil); s.Authority != license.MayNotPractice {
		t.Fatalf("the network did not do it: %+v", s)
	}
	if r := n.rehearse(p, "2026-01-01", "2026-03-01"); len(r.Differ) != 0 || len(r.Faults) != 1 || r.Calls != 2 {
		t.Errorf("%s", strict.Encode(r))
	}
}

// What a board did with the effect of a contract, it would have done with the same effect
// of the simulation: here it takes it back.
func TestVoided(t *testing.T) {
	n, imlc := newNetwork(t), shipped(t, "imlc")
	n.physicians()
	n.adopt(imlc)
	n.until("2026-02-01")
	n.order(principal, "suspension", "2026-02-01")
	es := n.Entries(compact)
	if es[len(es)-1].Act != "contract.impose" {
		t.Fatalf("%s", es[len(es)-1].Act)
	}
	n.desk(nil, &license.LicenseVoid{License: compact, Count: n.License(compact).Counts.Repairs, Entries: []license.Hash{es[len(es)-1].Hash}})
	n.desk(nil, &license.LicenseLift{License: third, Order: n.License(third).Orders[0].ID, Count: 1, From: "2026-02-03"})
	n.until("2026-03-01")
	if s := n.License(compact).StandingOn("2026-02-02", nil, nil); s.Authority != license.MayPractice {
		t.Fatalf("the network did not do it: %+v", s)
	}
	if r := n.rehearse(imlc, "2026-01-01", "2026-02-28"); len(r.Differ) != 0 || r.Calls == 0 {
		t.Errorf("%s", strict.Encode(r))
	}
}

// Two licenses of one board are linked by one signature, about either.
func TestLinkedFromEitherSide(t *testing.T) {
	n, imlc := newNetwork(t), shipped(t, "imlc")
	n.issue(third, "examination", "2027-12-31")
	n.issue("us-ia.physician.8", "imlc", "2027-12-31")
	n.desk(nil, &license.FactRecord{Fact: "us-ia/" + n.ID(), About: third, Code: "qualification", Day: "2024-01-01"})
	n.desk(nil, &license.LicenseeLink{License: "us-ia.physician.8", Other: third, Effective: "2024-01-01"})
	n.order(third, "suspension", "2026-02-01")
	n.until("2026-03-01")
	if r := n.rehearse(imlc, "2026-01-01", "2026-02-28"); len(r.Differ) != 1 || r.Differ[0].License != "us-ia.physician.8" {
		t.Errorf("%s", strict.Encode(r))
	}
}

// What cannot be simulated is said; days before the network's first one are told of, and
// days that are not over everywhere.
func TestAsked(t *testing.T) {
	n, imlc := newNetwork(t), shipped(t, "imlc")
	first := license.Day(license.InstantOf(n.Clock)[:10])
	n.until("2026-02-01")
	ask := func(from, to license.Day, boards ...string) (*rehearse.Report, bool, error) {
		s, err := n.State()
		if err != nil {
			t.Fatal(err)
		}
		defer s.Release()
		r := rehearse.Rehearsal{Pack: imlc, From: from, To: to, Boards: boards}
		if err := rehearse.Over(s, "imlc", &r); err != nil {
			return nil, false, err
		}
		return rehearse.Run(r)
	}
	for want, asked := range map[string][]string{
		`no board "us-zz" on this network`:                                {"2026-01-20", "2026-01-21", "us-zz"},
		"2026-02-03, has not come: on this network it is 2026-02-01T15:0": {"2026-01-20", "2026-02-03"},
		"2025-12-31, is before the network's first":                       {"2025-01-01", "2025-12-31"},
		"2026-01-20, is before the first, 2026-01-21":                     {"2026-01-21", "2026-01-20"},
	} {
		if _, _, err := ask(license.Day(asked[0]), license.Day(asked[1]), asked[2:]...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", asked, err)
		}
	}
	for _, x := range []struct {
		from, to, begins license.Day
		final            bool
	}{
		{"2025-06-01", "2026-01-30", first, true}, // over since 2026-02-01T00:00:00Z
		{first, "2026-01-30", "", true},
		{first, "2026-01-31", "", false},
	} {
		r, final, err := ask(x.from, x.to, "us-il")
		if err != nil || r.Begins != x.begins || final != x.final {
			t.Errorf("%s through %s: %+v, %t, %v", x.from, x.to, r, final, err)
		}
	}
}
