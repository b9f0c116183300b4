package pack

import (
	"fmt"
	"slices"
	"strings"

	"licet/internal/contract"
	"licet/lex"
	"licet/license"
)

// depthMax is how often effects may call forth others.
const depthMax = 4

// A Played is what became of a scenario.
type Played struct {
	File     string   `json:"file"`
	Title    string   `json:"title"`
	Passed   bool     `json:"passed"`
	Problems Problems `json:"problems,omitempty"`
	Calls    int      `json:"calls"`
	Steps    int64    `json:"steps"`     // of all calls
	StepsMax int64    `json:"steps_max"` // of the dearest one
}

// A player plays one scenario.
type player struct {
	*world
	pack    *Pack
	out     Played
	watch   Watch
	refused string            // the code of this step's refusal
	faults  []*contract.Fault // of this step
	effects []contract.Effect // of this step, those that were applied, and refusals
}

// A Watch is told what a scenario does while it is played. Either may be nil.
type Watch struct {
	Reached func(line int) // of the source
	Called  func(lex.Call) // before each call
}

// Play plays a scenario.
func (p *Pack) Play(s *Scenario, watch Watch) Played {
	g := &player{world: newWorld(p.Manifest.Name), pack: p, out: Played{File: s.File, Title: s.Title}, watch: watch}
	g.day = s.begins()
	for i := range s.Registry {
		g.begin(&s.Registry[i])
	}
	for i := range s.Story {
		g.step(&s.Story[i])
	}
	g.out.Passed = len(g.out.Problems) == 0
	return g.out
}

// begins is the day from which on rules run: the newest that the registry's lines name as
// a first day, before the story's first step.
func (s *Scenario) begins() license.Day {
	if len(s.Story) == 0 {
		return license.DayMin
	}
	var newest license.Day
	for i := range s.Registry {
		for n, word := range s.Registry[i].words {
			if n > 0 && (s.Registry[i].words[n-1] == "from" || s.Registry[i].words[n-1] == "on") && license.Day(word) < s.Story[0].day {
				newest = max(newest, license.Day(word))
			}
		}
	}
	return license.Day(or(string(newest), string(s.Story[0].day.Add(-1))))
}

func (g *player) wrong(line int, format string, args ...any) {
	g.out.Problems = append(g.out.Problems, Problem{File: g.out.File, Line: line, Rule: "scenario", Reason: fmt.Sprintf(format, args...)})
}

// begin puts what the registry holds into it. No rule runs.
func (g *player) begin(s *step) {
	a, err := verbs[s.verb](g.world, s)
	if err != nil || a == nil {
		g.wrong(s.line, "This cannot be: %v.", err)
		return
	}
	for _, a := range g.signed(a) {
		if e, r := license.Decide(a, g); r != nil {
			g.wrong(s.line, "This cannot be: %s", r.Error())
		} else {
			g.write(*e, a.Verb(), nil)
		}
	}
}

// signed returns the acts of a step: a link is signed by both boards, and once where
// one board has both licenses.
func (g *player) signed(a license.Act) []license.Act {
	l, ok := a.(*license.LicenseeLink)
	if !ok || license.BoardOf(license.KindLicense, l.License) == license.BoardOf(license.KindLicense, l.Other) {
		return []license.Act{a}
	}
	other := &license.LicenseeLink{License: l.Other, Other: l.License, Effective: l.Effective}
	if o := g.License(l.Other); o != nil {
		other.Count = o.Counts.Links
	}
	return []license.Act{a, other}
}

func (g *player) step(s *step) {
	g.refused, g.faults, g.effects = "", nil, nil
	for g.day < s.day {
		g.day = g.day.Add(1)
		g.dayComes()
	}
	a, err := verbs[s.verb](g.world, s)
	switch {
	case err != nil:
		g.wrong(s.line, "This cannot be: %v.", err)
	case a != nil:
		for _, a := range g.signed(a) {
			g.act(a)
		}
	}
	g.compare(s)
}

// act asks the rules before the act, decides it, and lets those answer that answer it.
func (g *player) act(a license.Act) {
	e, r := license.Decide(a, g)
	if r != nil {
		g.refused = r.Code
		return
	}
	t := contract.Trigger{Name: a.Verb(), License: g.licenseOf(a), Today: g.day, Act: a}
	var add []contract.Effect
	for _, h := range g.hooks(contract.Before, &t) {
		o := g.call(h, t, "")
		if no := o.Rejected(); no != nil {
			g.refused, g.effects = no.Code, append(g.effects, *no)
			return
		}
		if o.Fault != nil && h.Fault == contract.FailClosed {
			g.refused = "contract-fault"
			return
		}
		add = append(add, o.Effects...)
	}
	t.Entry = g.write(*e, a.Verb(), nil)
	g.do(add, 1)
	g.answer(contract.On, t, 0)
}

// licenseOf is the license that an act is about.
func (g *player) licenseOf(a license.Act) string {
	kind, id := a.Target()
	if kind != license.KindFact {
		return id
	}
	if r, ok := a.(*license.FactRecord); ok {
		return r.About
	}
	var f license.Fact
	g.Get(kind, id, &f)
	return f.About
}

// answer runs the hooks that answer a trigger, each with its own effects.
func (g *player) answer(kind string, t contract.Trigger, depth int) {
	for _, h := range g.hooks(kind, &t) {
		each := []string{""}
		if h.ForEach {
			each = g.Linked(t.License, t.Today)
		}
		for _, id := range each {
			o := g.call(h, t, id)
			g.do(o.Effects, depth+1)
		}
	}
}

// hooks are those that answer a trigger about a license that the contract reaches.
func (g *player) hooks(kind string, t *contract.Trigger) []*contract.Hook {
	if !g.reaches(t.License) {
		return nil
	}
	return g.pack.Hooks(kind, t.Name)
}

// reaches says whether a role of the contract brings the license's profession along. All
// boards of a scenario have adopted it.
func (g *player) reaches(id string) bool {
	i, err := license.ParseID(id)
	return err == nil && slices.ContainsFunc(g.pack.Manifest.Roles, func(r contract.Role) bool { return slices.Contains(r.Professions, i.Profession) })
}

func (g *player) do(es []contract.Effect, depth int) {
	es = slices.DeleteFunc(es, func(e contract.Effect) bool { return !g.reaches(e.License) })
	was := g.saved()
	for i := range es {
		e := &es[i]
		if err := g.apply(e); err != nil {
			g.world = was // all effects of a call or none
			g.faults = append(g.faults, &contract.Fault{Code: contract.BadEffect, Function: e.Function, Line: int(e.Line), Text: err.Error()})
			return
		}
	}
	g.effects = append(g.effects, es...)
	for i := range es {
		if e := &es[i]; e.Do != contract.Notify && depth < depthMax {
			g.answer(contract.On, contract.Trigger{Name: "contract." + e.Do, License: e.License, Today: g.day, Cause: e.Told()}, depth)
		}
	}
}

func (g *player) call(h *contract.Hook, t contract.Trigger, each string) contract.Outcome {
	o := g.pack.Run(contract.Call{
		Origin: "test/scenario", Hook: h, Trigger: t, Each: each, Views: g,
		Reached: g.watch.Reached, Called: g.watch.Called,
	})
	g.out.Calls++
	g.out.Steps += o.Steps
	g.out.StepsMax = max(g.out.StepsMax, o.Steps)
	if o.Fault != nil {
		g.faults = append(g.faults, o.Fault)
	}
	return o
}

// dayComes runs the timers of the day, then what answers days that records name.
func (g *player) dayComes() {
	var due []timer
	for _, t := range g.timers {
		if t.day <= g.day {
			due = append(due, t)
		}
	}
	slices.SortFunc(due, func(a, b timer) int {
		return strings.Compare(string(a.day)+a.license+"\x00"+a.name, string(b.day)+b.license+"\x00"+b.name)
	})
	g.timers = slices.DeleteFunc(g.timers, func(t timer) bool { return t.day <= g.day })
	for _, t := range due {
		g.answer(contract.OnTimer, contract.Trigger{Name: t.name, License: t.license, Today: g.day, From: t.day}, 0)
	}
	for _, id := range slices.Clone(g.licenses) {
		for _, name := range g.daysOf(id) {
			g.answer(contract.OnDay, contract.Trigger{Name: name, License: id, Today: g.day, From: g.day}, 0)
		}
	}
}

// daysOf names what begins or ends for a license on the day, each once.
func (g *player) daysOf(id string) (out []string) {
	l := g.License(id)
	add := func(name string, day license.Day, after bool) {
		if after && day != "" {
			day = day.Add(1)
		}
		if day == g.day && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, t := range l.Terms {
		add("term-begins", t.From, false)
		add("term-ends", t.Through, true)
		add("grace-ends", t.Grace, true)
	}
	for _, o := range l.Orders {
		add("order-begins", o.Start, false)
		add("order-ends", o.End, true)
	}
	for _, c := range l.Lifecycles {
		add("lifecycle-begins", c.From, false)
	}
	for _, f := range g.Facts(id) {
		add("fact-begins", f.Day, false)
		add("fact-ends", f.Through, true)
	}
	return out
}
