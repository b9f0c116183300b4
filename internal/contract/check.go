package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"licet/lex"
	"licet/license"
)

// A Problem is why a package is refused.
type Problem struct {
	Part    string // "manifest", "parameters", "source", "scenarios"
	Line    int    // of the source; 0: none
	About   string // what it is about, as it is written there: a function, a code, a parameter
	Rule    string
	Reason  string
	Instead string // what to write
}

func (p Problem) Error() string {
	s := p.Part
	if p.Line > 0 {
		s += fmt.Sprintf(", line %d", p.Line)
	}
	s += ": " + p.Reason
	if p.Instead != "" {
		s += " " + p.Instead
	}
	return s + " (" + p.Rule + ")"
}

// Check says everything that is wrong with a manifest, parameters and a source.
func Check(m Manifest, ps Parameters, source []byte) (*Package, []Problem) {
	parts := Seal(m, ps, source)
	p := &Package{Manifest: m, Parameters: ps, Source: source, Hash: HashOf(parts.Manifest)}
	p.Manifest.Source, p.Manifest.Parameters = license.HashOf(source), license.Hash{}
	if len(parts.Parameters) > 0 {
		p.Manifest.Parameters = license.HashOf(parts.Parameters)
	}
	if problems := p.check(); len(problems) > 0 {
		return nil, problems
	}
	if _, err := Parse(parts); err != nil { // what was written by hand reads as what is stored
		return nil, []Problem{{Part: "manifest", Rule: "form", Reason: err.Error() + "."}}
	}
	return p, nil
}

// A checker collects problems.
type checker struct {
	*Package
	problems []Problem
}

func (c *checker) add(part, about, rule, instead, format string, args ...any) {
	c.problems = append(c.problems, Problem{Part: part, About: about, Rule: rule, Reason: fmt.Sprintf(format, args...), Instead: instead})
}

func (p *Package) check() []Problem {
	c := &checker{Package: p}
	program, problems := lex.Check("rules.star", p.Source, vocabulary)
	for _, x := range problems {
		c.problems = append(c.problems, Problem{Part: "source", Line: x.Line, Rule: x.Rule, Reason: x.Reason, Instead: x.Instead})
	}
	c.head()
	c.roles()
	c.codes()
	c.parameters()
	c.scenarios()
	if program != nil {
		p.program = program
		c.functions()
		c.hooks()
		c.reading()
	}
	return c.problems
}

var (
	nameForm       = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	identifierForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// isName says whether a text names something: a–z, 0–9 and inner hyphens.
func isName(s string) bool { return len(s) <= 48 && nameForm.MatchString(s) }

func (c *checker) head() {
	m := &c.Manifest
	switch {
	case m.V != 1:
		c.add("manifest", "", "version", "", "This is not edition 1 of manifests.")
	case !isName(m.Name):
		c.add("manifest", "name", "name", "Write a–z, 0–9 and inner hyphens, such as us-il-physician.", "%q is no name of a contract.", m.Name)
	case m.Version < 1:
		c.add("manifest", "version", "number", "The first version is 1.", "A contract has a version.")
	case m.Title == "" || len(m.Title) > citationMax || badText(m.Title):
		c.add("manifest", "title", "words", "Say in a line what the rules are about.", "A contract has a title of at most %d bytes.", citationMax)
	case m.Language != Language:
		c.add("manifest", "language", "language", `Write "lex/1".`, "There is no language %q here.", m.Language)
	}
	if s := m.Amendments; s != nil && (s.Among < 1 || s.Of < 1 || s.Of > s.Among || s.Among > 100 || 2*s.Of <= s.Among) {
		c.add("manifest", "amendments", "share", "Write more than a half, such as 2/3.", "Changes of parameters are delegated to a share of the boards, and this is none.")
	}
	for i, k := range m.Openings {
		if !slices.Contains(license.OpeningKinds, k) || slices.Contains(m.Openings[:i], k) {
			c.add("manifest", k, "openings", "Kinds are "+strings.Join(license.OpeningKinds, ", ")+".", "%q is no kind of openings, or stands twice.", k)
		}
	}
}

// words checks plain words and a citation.
func (c *checker) words(part, about, words, citation string) {
	if words == "" || len(words) > wordsMax || badText(words) {
		c.add(part, about, "words", "Say in plain words what it does; a lawyer signs them.", "%s has no words, or more than %d bytes of them.", about, wordsMax)
	}
	if len(citation) > citationMax || badText(citation) {
		c.add(part, about, "citation", "Name the section alone.", "The citation of %s has more than %d bytes.", about, citationMax)
	}
}

func badText(s string) bool { return license.CheckText([]byte(s)) != nil }

func (c *checker) roles() {
	if len(c.Manifest.Roles) == 0 {
		c.add("manifest", "", "roles", "Write a [[role]] with its professions.", "No board has a role in this contract.")
	}
	seen := map[string]bool{}
	for _, r := range c.Manifest.Roles {
		if !isName(r.Role) || seen[r.Role] {
			c.add("manifest", r.Role, "roles", "Write a–z, 0–9 and inner hyphens.", "%q is no role, or stands twice.", r.Role)
		}
		seen[r.Role] = true
		c.words("manifest", r.Role, r.Words, "")
		if len(r.Professions) == 0 {
			c.add("manifest", r.Role, "roles", `Write professions = ["physician"].`, "Role %s brings no professions.", r.Role)
		}
		for _, p := range r.Professions {
			if !isName(p) {
				c.add("manifest", p, "roles", "Write it as in license ids: physician.", "%q is no profession.", p)
			}
		}
	}
}

func (c *checker) codes() {
	for i, x := range c.Manifest.Codes {
		if !isName(x.Code) || i > 0 && c.Manifest.Codes[i-1].Code >= x.Code {
			c.add("manifest", x.Code, "codes", "Write a–z, 0–9 and inner hyphens, each once.", "%q is no code, or stands twice.", x.Code)
		}
		c.words("manifest", x.Code, x.Words, "")
	}
}

func (c *checker) scenarios() {
	ss := c.Manifest.Scenarios
	if len(ss) > ScenariosMax {
		c.add("scenarios", "", "scenarios", "", "There are %d scenarios; %d are the most.", len(ss), ScenariosMax)
	}
	for i, s := range ss {
		if s.Name == "" || len(s.Name) > 100 || i > 0 && ss[i-1].Name >= s.Name {
			c.add("scenarios", s.Name, "scenarios", "", "Scenario %q has no name, or its name stands twice.", s.Name)
		}
	}
}

func (c *checker) parameters() {
	if c.Manifest.Parameters != (license.Hash{}) && c.Parameters.V != 1 {
		c.add("parameters", "", "version", "", "This is not edition 1 of parameters.")
	}
	for i := range c.Parameters.Rows {
		p := &c.Parameters.Rows[i]
		if !identifier(p.Name) || i > 0 && c.Parameters.Rows[i-1].Name >= p.Name {
			c.add("parameters", p.Name, "name", "Write a–z, 0–9 and _.", "%q is no name of a parameter, or stands twice.", p.Name)
		}
		c.words("parameters", p.Name, p.Words, p.Citation)
		if p.Citation == "" {
			c.add("parameters", p.Name, "citation", "Write where the law says it; unconfirmed = true where nobody has compared it.", "Parameter %s cites nothing.", p.Name)
		}
		if len(p.Values) == 0 || len(p.Values) > 200 {
			c.add("parameters", p.Name, "values", "Write values = [{ from = 2020-01-01, value = 1 }].", "Parameter %s has no values, or more than 200.", p.Name)
		}
		for n, v := range p.Values {
			if n > 0 && p.Values[n-1].From >= v.From {
				c.add("parameters", p.Name, "values", "Write the older value first, and each day once.", "The values of %s are not in order of their days.", p.Name)
			}
			if !p.fits(&v) {
				c.add("parameters", p.Name, "values", "All values of a parameter are of one kind.", "A value of %s is not of kind %s.", p.Name, p.Kind)
			}
		}
	}
}

func identifier(s string) bool {
	return len(s) <= 48 && identifierForm.MatchString(s)
}

// fits says whether a value is of the parameter's kind, and nothing else.
func (p *Parameter) fits(v *Value) bool {
	other := *v
	switch p.Kind {
	case KindInt:
		other.Int = 0
	case KindText:
		other.Text = ""
	case KindDay:
		other.Day = ""
	case KindTexts:
		other.Texts = nil
	default:
		return false
	}
	if len(v.Text) > wordsMax || len(v.Texts) > 200 || badText(v.Text) || slices.ContainsFunc(v.Texts, badText) {
		return false
	}
	return other.From != "" && other.Int == 0 && other.Text == "" && other.Day == "" && len(other.Texts) == 0 && (p.Kind != KindDay || v.Day != "")
}

// functions compares the manifest's rows with the functions of the source.
func (c *checker) functions() {
	have := c.program.Functions()
	for _, f := range c.Manifest.Functions {
		if !slices.Contains(have, f.Name) {
			c.add("manifest", f.Name, "functions", "Take the row away, or write the function.", "The source has no function %s.", f.Name)
		}
		c.words("manifest", f.Name, f.Words, f.Citation)
	}
	for _, name := range have {
		if c.Manifest.Function(name) == nil {
			c.add("source", name, "functions", fmt.Sprintf("Write in the manifest: [function.%s] with citation and words.", name), "Nothing says what function %s does.", name)
			c.problems[len(c.problems)-1].Line, _ = c.program.Span(name)
		}
	}
	if len(c.problems) == 0 && !slices.EqualFunc(c.Manifest.Functions, have, func(f Function, n string) bool { return f.Name == n }) {
		c.add("manifest", "", "functions", "", "The functions do not stand in the order of the source.")
	}
}

func (c *checker) hooks() {
	if len(c.Manifest.Hooks) == 0 || len(c.Manifest.Hooks) > 64 {
		c.add("manifest", "", "hooks", "Write a [[hook]].", "A contract answers something, with at most 64 hooks.")
	}
	for i := range c.Manifest.Hooks {
		h := &c.Manifest.Hooks[i]
		params, ok := c.program.Params(h.Function)
		if !ok {
			c.add("manifest", h.Function, "hooks", "Functions are "+strings.Join(c.program.Functions(), ", ")+".", "The source has no function %q.", h.Function)
			continue
		}
		want, say := 2, "(ctx, act)"
		if h.ForEach {
			want, say = 3, "(ctx, act, id)"
		}
		if len(params) != want {
			c.add("manifest", h.Function, "hooks", "Write def "+h.Function+say+".", "A hook like this is called with %d values, and %s takes %d.", want, h.Function, len(params))
		}
		if f := c.Manifest.Function(h.Function); f != nil && f.Citation == "" {
			c.add("manifest", h.Function, "citation", "Write where the law says it; unconfirmed = true where nobody has compared it.", "Function %s answers something and cites nothing.", h.Function)
		}
		c.answers(h)
		c.onFault(h)
	}
}

func (c *checker) onFault(h *Hook) {
	switch {
	case h.Kind == Before && h.Fault != FailOpen && h.Fault != FailClosed:
		c.add("manifest", h.Function, "fault", `Write fault = "open": the act is recorded; or "closed": it is refused.`, "Nothing says what becomes of an act when %s faults.", h.Function)
	case h.Kind != Before && h.Fault != "":
		c.add("manifest", h.Function, "fault", "Take it away.", "A fault of %s cannot refuse anything.", h.Function)
	case h.Kind == Before && h.ForEach:
		c.add("manifest", h.Function, "for-each", "Answer the entry instead: kind = \"on\".", "A hook before an act is called once.")
	}
}

// answers checks what a hook answers.
func (c *checker) answers(h *Hook) {
	var may []string
	switch h.Kind {
	case Before:
		may = BeforeVerbs()
	case On:
		may = append(OnVerbs(), entryEffects...)
	case OnDay:
		may = Days
	case OnTimer:
	default:
		c.add("manifest", h.Function, "hooks", "Kinds are before, on, day, timer.", "There is no kind %q of hooks.", h.Kind)
		return
	}
	if len(h.Answers) == 0 {
		c.add("manifest", h.Function, "answers", `Write answers = ["license.renew"].`, "The hook with %s answers nothing.", h.Function)
	}
	for i, a := range h.Answers {
		switch {
		case slices.Contains(h.Answers[:i], a):
			c.add("manifest", a, "answers", "", "%q stands twice.", a)
		case h.Kind == OnTimer && (a == "" || len(a) > 100):
			c.add("manifest", a, "answers", "Write the name that set_timer gives.", "%q is no name of a timer.", a)
		case h.Kind != OnTimer && !slices.Contains(may, a):
			c.add("manifest", a, "answers", "It may answer "+strings.Join(may, ", ")+".", "A hook of kind %s cannot answer %q.", h.Kind, a)
		}
	}
}

// entryEffects are entries that contracts write and others may answer.
var entryEffects = []string{"contract." + SetLifecycle, "contract." + SetTerm, "contract." + Impose, "contract." + Lift}

// restricts are acts that only restrict a license, or take back what should never have
// been: no rule stands before them, so that no faulty one can stop a suspension.
var restricts = []string{"license.discipline", "license.unstay", "license.surrender", "license.inactivate", "license.decease", "license.void", "license.seal", "licensee.unlink", "privilege.discipline", "privilege.end"}

// BeforeVerbs are the acts before which a contract may be asked.
func BeforeVerbs() []string {
	return slices.DeleteFunc(OnVerbs(), func(v string) bool { return slices.Contains(restricts, v) || v == "license.correct" })
}

// OnVerbs are the acts whose entries a contract may answer.
func OnVerbs() (out []string) {
	for _, v := range license.Verbs() {
		if v != "license.seal" && (strings.HasPrefix(v, "license.") || strings.HasPrefix(v, "privilege.") || strings.HasPrefix(v, "licensee.") || strings.HasPrefix(v, "fact.")) {
			out = append(out, v)
		}
	}
	return out
}
