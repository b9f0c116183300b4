package sim

import (
	"fmt"
	"regexp"
	"strings"

	"licet/internal/contract"
	"licet/license"
)

// A law is a contract that boards of the game may adopt. Its name is the kind and a number;
// name and version say all of it but the parameter "days".
type law struct {
	kind   string
	source string
	mended string // of the second version on; "": the same
	hooks  []contract.Hook
}

// slowly is a function that takes as long as spin.
func slowly(name string) string { return "def " + name + "(ctx, x):\n    return spin(ctx, x)\n\n" }

// likewise is a function that does what another does.
func likewise(name, other string) string {
	return "\ndef " + name + "(ctx, x):\n    return " + other + "(ctx, x)\n"
}

// laws are of all kinds: they refuse, add, cascade, set timers, fault, and take long.
var laws = []law{
	{
		kind: "lapse", // internal/sim/check does the same sums
		source: `def ends(ctx, day):
    lic = license(day.license)
    if lic.registration != "not-renewed":
        return []
    return [set_lifecycle(day.license, "inactive", ctx.today), set_timer(day.license, "again", ctx.today + parameter("days", ctx.today))]

def again(ctx, day):
    if imposed(day.license, "late") == None:
        return [
            impose(day.license, "late", "conditions", "probation", ctx.today, until = ctx.today + 40),
            set_timer(day.license, "again", ctx.today + 3),
        ]
    return [lift(day.license, "late", ctx.today), notify(day.license, "told")]

def renewed(ctx, act):
    lic = license(act.license)
    out = [clear_timer(act.license, "again")]
    if lic.registration == "inactive":
        out.append(set_lifecycle(act.license, "active", ctx.today))
    return out
`,
		hooks: []contract.Hook{
			{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
			{Kind: contract.OnTimer, Answers: []string{"again"}, Function: "again"},
			{Kind: contract.On, Answers: []string{"license.renew"}, Function: "renewed"},
		},
	},
	{
		kind: "compact", // likewise
		source: `def ordered(ctx, act):
    out = []
    for other in linked(act.license):
        if act.authority == "barred":
            out.append(impose(other.id, act.order, "barred", "suspension", act.start, until = act.start + parameter("days", ctx.today)))
    return out

def relieved(ctx, act):
    out = []
    for other in linked(act.license):
        out.append(notify(other.id, "told"))
    return out
`,
		hooks: []contract.Hook{
			{Kind: contract.On, Answers: []string{"license.discipline"}, Function: "ordered"},
			{Kind: contract.On, Answers: []string{"license.stay", "license.lift", "license.void", "license.correct"}, Function: "relieved"},
		},
	},
	{
		kind: "slow", // takes nearly all that a call may, five times, so that blocks run out of room
		source: slowly("slow") + slowly("slower") + slowly("slowest") + slowly("tired") + slowly("asleep") + `
def spin(ctx, x):
    n = parameter("days", ctx.today)
    for i in range(100):
        for j in range(140):
            n += 1
    return [notify(x.license, "told")]
`,
		hooks: []contract.Hook{
			{Kind: contract.OnDay, Answers: contract.Days, Function: "slow"},
			{Kind: contract.OnDay, Answers: contract.Days, Function: "slower"},
			{Kind: contract.OnDay, Answers: contract.Days, Function: "slowest"},
			{Kind: contract.OnDay, Answers: contract.Days, Function: "tired"},
			{Kind: contract.OnDay, Answers: contract.Days, Function: "asleep"},
			{Kind: contract.On, Answers: []string{"license.issue"}, Function: "slow"},
		},
	},
	{
		kind: "hours",
		source: `def hours(ctx, act):
    if len(facts(act.license, "ce_hours")) == 0 and parameter("days", ctx.today) > 15:
        return [reject("told")]
    return [set_timer(act.license, "look", ctx.today + parameter("days", ctx.today)), notify(act.license, "told")]

def look(ctx, day):
    lic = license(day.license)
    return [set_term(day.license, ctx.today + 900, through = ctx.today + 1000), notify(day.license, "told")]
`,
		hooks: []contract.Hook{
			{Kind: contract.Before, Answers: []string{"license.renew", "license.extend"}, Function: "hours", Fault: contract.FailOpen},
			{Kind: contract.OnTimer, Answers: []string{"look"}, Function: "look"},
		},
	},
	{
		kind: "broken",
		source: `def judge(ctx, act):
    if parameter("days", ctx.today) > 0 and act.license.endswith("7"):
        return [notify(act.license, "no-such-code")]
    return []

def happens(ctx, x):
    if x.license.endswith("3") or x.license.endswith("6"):
        return [impose(x.license, "odd", "none", "no-such-action", ctx.today)]
    return [notify(x.license, "told")]
` + likewise("also", "happens") + likewise("too", "happens") + likewise("besides", "happens") + likewise("yet", "happens") + likewise("still", "happens"),
		mended: `def judge(ctx, act):
    if parameter("days", ctx.today) > 28:
        return [reject("told")]
    return []

def happens(ctx, x):
    return [impose(x.license, "odd", "none", "reprimand", ctx.today), notify(x.license, "told")]
` + likewise("also", "happens") + likewise("too", "happens") + likewise("besides", "happens") + likewise("yet", "happens") + likewise("still", "happens"),
		hooks: []contract.Hook{
			{Kind: contract.Before, Answers: []string{"license.amend", "license.stay"}, Function: "judge", Fault: contract.FailClosed},
			{Kind: contract.OnDay, Answers: []string{"order-begins", "order-ends", "grace-ends"}, Function: "happens"},
			{Kind: contract.On, Answers: []string{"license.extend", "license.surrender"}, Function: "happens"},
			{Kind: contract.On, Answers: []string{"license.extend", "license.surrender"}, Function: "also"},
			{Kind: contract.On, Answers: []string{"license.extend", "license.surrender"}, Function: "too"},
			{Kind: contract.On, Answers: []string{"license.extend", "license.surrender"}, Function: "besides"},
			{Kind: contract.On, Answers: []string{"license.extend", "license.surrender"}, Function: "yet"},
			{Kind: contract.On, Answers: []string{"license.extend", "license.surrender"}, Function: "still"},
		},
	},
	{
		kind: "deep",
		source: `def first(ctx, act):
    return [impose(act.license, "deep", "conditions", "probation", ctx.today), set_timer(act.license, "end", ctx.today + parameter("days", ctx.today))]

def again(ctx, effect):
    if license(effect.license).authority == "may-practice":
        return []
    if effect.license.endswith("4"):
        return [impose(effect.license, "deep", "conditions", "probation", ctx.today)]
    return [lift(effect.license, "deep", ctx.today + 2)]

def end(ctx, day):
    return [lift(day.license, "deep", ctx.today)]

def other(ctx, act, id):
    return [notify(id, "told")]
`,
		hooks: []contract.Hook{
			{Kind: contract.On, Answers: []string{"license.amend"}, Function: "first"},
			{Kind: contract.On, Answers: []string{"contract.impose"}, Function: "again"},
			{Kind: contract.OnTimer, Answers: []string{"end"}, Function: "end"},
			{Kind: contract.On, Answers: []string{"license.amend", "license.inactivate"}, Function: "other", ForEach: true},
		},
	},
}

var functions = regexp.MustCompile(`(?m)^def (\w+)`)

// version makes a version of a contract; one with other days is another edition.
func version(name string, version int64, share contract.Share, days int) contract.Parts {
	kind, _, _ := strings.Cut(name, "-")
	var l *law
	for i := range laws {
		if laws[i].kind == kind {
			l = &laws[i]
		}
	}
	m := contract.Manifest{
		V: 1, Name: name, Version: version, Title: "A rule of kind " + kind, Language: contract.Language,
		Roles: []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse"}}},
		Hooks: l.hooks, Codes: []contract.Code{{Code: "told", Words: "Somebody is told."}},
	}
	if version%3 == 0 {
		m.Roles[0].Professions = []string{"firm", "nurse"}
	}
	if share != (contract.Share{}) {
		m.Amendments = &share
	}
	source := l.source
	if l.mended != "" && version > 1 {
		source = l.mended
	}
	for _, f := range functions.FindAllStringSubmatch(source, -1) {
		m.Functions = append(m.Functions, contract.Function{Name: f[1], Citation: "Act " + f[1], Words: "What it does."})
	}
	ps := contract.Parameters{V: 1, Rows: []contract.Parameter{{
		Name: "days", Kind: contract.KindInt, Citation: "Act 1", Words: "Days.", Values: []contract.Value{{From: "1990-01-01", Int: int64(days)}},
	}}}
	return contract.Seal(m, ps, []byte(source))
}

// lawOf names the next contract: the kinds come in turn.
func (w *writer) lawOf() string {
	n := len(w.contracts)
	name := fmt.Sprintf("%s-%d", laws[n%len(laws)].kind, n)
	w.contracts = append(w.contracts, name)
	return name
}

// days draws a parameter that no other edition has, most likely.
func (w *writer) days() int { return 1 + w.rng.IntN(30) }

// retry asks for a call that faulted.
func (w *writer) retry() license.Act {
	ids, err := w.d.s.IDs(license.KindCall, license.HeldPrefix, 200)
	if err != nil {
		return nil
	}
	c, _ := w.signedContracts()
	for range 8 {
		var k license.Call
		id := one(w.game, ids)
		if w.d.Get(license.KindCall, id, &k) && k.Held && k.Board == w.board {
			return &license.ContractRetry{Board: w.board, Contract: k.Contract, Count: c.Count, Call: id}
		}
	}
	return nil
}
