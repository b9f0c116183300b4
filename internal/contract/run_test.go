package contract

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"licet/lex"
	"licet/license"
)

// A shelf holds licenses of one holder.
type shelf struct {
	ids      []string
	licenses map[string]*license.License
}

func newShelf(n int) *shelf {
	s := &shelf{licenses: map[string]*license.License{}}
	for i := range n {
		id := fmt.Sprintf("us-il.rn.%04d", i)
		s.ids = append(s.ids, id)
		s.licenses[id] = &license.License{Licensee: "x", Terms: []license.Term{{From: "2024-06-01", Through: "2026-05-31"}}}
	}
	return s
}

func (s *shelf) License(id string) *license.License { return s.licenses[id] }
func (s *shelf) Linked(id string, _ license.Day) []string {
	return slices.DeleteFunc(slices.Clone(s.ids), func(o string) bool { return o == id })
}
func (s *shelf) Facts(string) []Fact                 { return nil }
func (s *shelf) Opening(string, license.Hash) []byte { return nil }

// one makes a contract of one function.
func one(t *testing.T, h Hook, unconfirmed bool, source string) *Package {
	t.Helper()
	h.Function = "rule"
	p, problems := Check(Manifest{
		V: 1, Name: "c", Version: 1, Title: "A rule", Language: Language,
		Roles:     []Role{{"board", "A board.", []string{"rn"}}},
		Hooks:     []Hook{h},
		Functions: []Function{{Name: "rule", Citation: "Act 1", Words: "A rule.", Unconfirmed: unconfirmed}},
		Codes:     []Code{{"no", "No."}},
	}, Parameters{}, []byte(source))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return p
}

var onRenew = Hook{Kind: On, Answers: []string{"license.renew"}}

func call(p *Package, s *shelf, each string) Call {
	return Call{
		Origin: "midwest/1", Hook: &p.Manifest.Hooks[0], Each: each, Views: s,
		Trigger: Trigger{Name: "license.renew", License: s.ids[0], Today: "2026-07-01", Act: &license.LicenseRenew{License: s.ids[0], From: "2026-07-01"}},
	}
}

func TestRun(t *testing.T) {
	every := "def rule(ctx, act):\n    es = []\n    for l in linked(act.license):\n        es.append(set_lifecycle(l.id, \"inactive\", ctx.today))\n    return es\n"
	each := "def rule(ctx, act, id):\n    return set_timer(id, \"t\", ctx.today + 1)\n"
	forEach := Hook{Kind: On, Answers: onRenew.Answers, ForEach: true}
	for _, c := range []struct {
		name    string
		hook    Hook
		source  string
		n       int
		effects int
		fault   string
	}{
		{"64 licenses", onRenew, every, 65, 64, ""},
		{"65 licenses", onRenew, every, 66, 0, TooManyLicenses},
		{"for each", forEach, each, 3, 1, ""},
		{"for each touches another", forEach, "def rule(ctx, act, id):\n    return set_timer(ctx.license, \"t\", ctx.today + 1)\n", 3, 0, BadEffect},
		{"timer for today", onRenew, "def rule(ctx, act):\n    return set_timer(act.license, \"t\", ctx.today)\n", 1, 0, BadEffect},
		{"unknown status", onRenew, "def rule(ctx, act):\n    return set_lifecycle(act.license, \"gone\", ctx.today)\n", 1, 0, BadEffect},
		{"unknown license", onRenew, "def rule(ctx, act):\n    return clear_timer(\"us-il.rn.9\", \"t\")\n", 1, 0, BadEffect},
		{"reading an unknown license", onRenew, "def rule(ctx, act):\n    return clear_timer(license(\"us-il.rn.9\").id, \"t\")\n", 1, 0, lex.NotFound},
		{"reject after the act", onRenew, "def rule(ctx, act):\n    return reject(\"no\")\n", 1, 0, BadEffect},
		{"unknown code", onRenew, "def rule(ctx, act):\n    return notify(act.license, \"yes\")\n", 1, 0, BadEffect},
		{"days reversed", onRenew, "def rule(ctx, act):\n    return impose(act.license, \"o\", \"barred\", \"suspension\", ctx.today, until = ctx.today - 1)\n", 1, 0, BadEffect},
		{"an opening that is not declared", onRenew, "def rule(ctx, act):\n    if action(\"" + license.Hash{1}.String() + "\") == None:\n        return []\n    return []\n", 1, 0, NotDeclared},
		{"without end", onRenew, "def rule(ctx, act):\n    n = 0\n    for i in range(4000):\n        for j in range(4000):\n            n += 1\n    return []\n", 1, 0, lex.OutOfSteps},
	} {
		p := one(t, c.hook, false, c.source)
		s := newShelf(c.n)
		id := ""
		if c.hook.ForEach {
			id = s.ids[1]
		}
		o := p.Run(call(p, s, id))
		var fault string
		if o.Fault != nil {
			fault = o.Fault.Code
		}
		if len(o.Effects) != c.effects || fault != c.fault {
			t.Errorf("%s: %d effects, fault %+v", c.name, len(o.Effects), o.Fault)
		}
		if again := p.Run(call(p, s, id)); !reflect.DeepEqual(o, again) {
			t.Errorf("%s: a second call differs", c.name)
		}
		for _, e := range o.Effects {
			if e.Citation != "Act 1" || e.Function != "rule" || e.Line == 0 {
				t.Errorf("%s: %+v names no rule", c.name, e)
			}
		}
	}
}

// What nobody has confirmed runs on test networks alone.
func TestUnconfirmed(t *testing.T) {
	p := one(t, onRenew, true, "def rule(ctx, act):\n    return notify(act.license, \"no\")\n")
	c := call(p, newShelf(1), "")
	if o := p.Run(c); !o.Off || len(o.Effects) > 0 || o.Steps > 0 {
		t.Errorf("it runs: %+v", o)
	}
	if c.Origin = "test/x"; len(p.Run(c).Effects) != 1 {
		t.Error("it does not run on a test network")
	}
}

// What is unconfirmed is found wherever it is called: by its place in the text nobody hides
// it, nor does a text that looks like a function.
func TestUnconfirmedIsFound(t *testing.T) {
	for _, rule := range []string{
		"def rule(ctx, act):\n    return other(act)\n",
		"def rule(ctx,\nact):\n    return other(act)\n",
		"def rule(ctx, act):\n    return [] + (\nother(act))\n",
		"def rule(ctx, act):\n    x = \"\"\"\ndef rule(ctx, act):\n\"\"\"\n    if x == \"\":\n        return []\n    return other(act)\n",
		"def rule(ctx, act):\n    return other (act)\n\"\"\"\ndef rule(ctx, act):\n    return []\n\"\"\"\n",
	} {
		p, problems := Check(Manifest{
			V: 1, Name: "c", Version: 1, Title: "A rule", Language: Language,
			Roles: []Role{{"board", "A board.", []string{"rn"}}},
			Hooks: []Hook{{Kind: On, Answers: onRenew.Answers, Function: "rule"}},
			Functions: []Function{
				{Name: "other", Citation: "Act 1", Words: "Another one.", Unconfirmed: true},
				{Name: "rule", Citation: "Act 1", Words: "A rule."},
			},
		}, Parameters{}, []byte("def other(act):\n    return [clear_timer(act.license, \"t\")]\n\n"+rule))
		if len(problems) > 0 {
			t.Errorf("%q: %v", rule, problems)
			continue
		}
		if !p.IsOff(&p.Manifest.Hooks[0], "midwest/1") {
			t.Errorf("%q runs what is unconfirmed", rule)
		}
		if text, line := p.Text("rule"); line != 4 || text != rule && !strings.HasPrefix(rule, text) {
			t.Errorf("%q: at line %d, %q", rule, line, text)
		}
	}
}

// No rule stands before an act that only restricts a license.
func TestBeforeVerbs(t *testing.T) {
	for _, v := range restricts {
		if slices.Contains(BeforeVerbs(), v) || !slices.Contains(license.Verbs(), v) {
			t.Errorf("%s may be held up, or is no act", v)
		}
	}
}
