package lex

import (
	"fmt"
	"slices"

	"go.starlark.net/resolve"
	"go.starlark.net/syntax"
)

// A Problem is why a source is not in the language.
type Problem struct {
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Rule    string `json:"rule"`
	Reason  string `json:"reason"`
	Instead string `json:"instead,omitempty"`
}

// Error says where, why, and what to write instead.
func (p Problem) Error() string {
	s := p.Reason
	if p.Line > 0 {
		s = fmt.Sprintf("line %d: %s", p.Line, s)
	}
	if p.Instead != "" {
		s += " " + p.Instead
	}
	return s + " (" + p.Rule + ")"
}

// problemsMax is how many problems are told at once.
const problemsMax = 20

// dialect is what the parser lets in: nothing that Starlark may allow besides.
var dialect = &syntax.FileOptions{}

// Check reads a source and says what in it is not in the language, in its order. A
// source without problems is a program.
func Check(name string, src []byte, v *Vocabulary) (*Program, []Problem) {
	c := &checker{vocabulary: v, calls: map[string][]call{}}
	if !c.checkSource(src) {
		return nil, c.problems
	}
	file, err := dialect.Parse(name, src, 0)
	if err != nil {
		return nil, []Problem{parseProblem(err)}
	}
	p := &Program{vocabulary: v, functions: map[string]*syntax.DefStmt{}}
	for _, s := range file.Stmts {
		c.declare(p, s)
	}
	if c.program = p; c.ok() {
		for _, s := range file.Stmts {
			c.walk(s)
		}
	}
	if c.ok() {
		c.resolve(file)
	}
	if c.ok() {
		c.recursion()
	}
	if !c.ok() {
		slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Line - b.Line })
		return nil, c.problems
	}
	slices.Sort(c.lines)
	p.lines = slices.Compact(c.lines)
	if f := p.constants(file); f != nil {
		return nil, []Problem{{Line: f.Line, Rule: "constant", Reason: f.Text}}
	}
	return p, nil
}

type checker struct {
	vocabulary *Vocabulary
	program    *Program
	problems   []Problem
	nodes      int
	full       bool // too many of them: not looked further
	depth      int
	lines      []int
	calls      map[string][]call // of functions of the program by each of them
}

type call struct {
	of   string
	node syntax.Node
}

func (c *checker) ok() bool { return len(c.problems) == 0 }

func (c *checker) add(p Problem) {
	if len(c.problems) < problemsMax {
		c.problems = append(c.problems, p)
	}
}

func (c *checker) at(line, column int, rule, reason, instead string) {
	c.add(Problem{line, column, rule, reason, instead})
}

// no refuses a node.
func (c *checker) no(n syntax.Node, rule, reason, instead string) bool {
	start, _ := n.Span()
	c.at(int(start.Line), int(start.Col), rule, reason, instead)
	return false
}

func parseProblem(err error) Problem {
	if e, ok := err.(syntax.Error); ok {
		return Problem{int(e.Pos.Line), int(e.Pos.Col), "syntax", "This cannot be read: " + e.Msg + ".", ""}
	}
	return Problem{Rule: "syntax", Reason: err.Error()}
}

// declare takes in what stands outside of functions: constants, functions, texts.
func (c *checker) declare(p *Program, s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.DefStmt:
		name := s.Name.Name
		if c.vocabulary.has(name) {
			c.no(s, "name-taken", name+" is a name of the language.", "Choose another name.")
		}
		if p.functions[name] != nil {
			c.no(s, "name-twice", "There are two functions "+name+".", "Choose another name.")
		}
		p.functions[name] = s
		p.names = append(p.names, name)
		for _, x := range s.Params {
			if _, ok := x.(*syntax.Ident); !ok {
				c.no(x, "parameter", "A parameter has no default and no star.", "Write its name alone, and pass every value.")
			}
		}
	case *syntax.AssignStmt:
		if _, ok := s.LHS.(*syntax.Ident); !ok || s.Op != syntax.EQ {
			c.no(s, "constant", "Outside of functions a constant is set once, by its name.", "Write NAME = value.")
		}
	case *syntax.ExprStmt:
		if l, ok := s.X.(*syntax.Literal); !ok || l.Token != syntax.STRING {
			c.no(s, "top-level", "Outside of functions nothing is computed but constants.", "Put it into a function.")
		}
	default:
		c.no(s, "top-level", "Outside of functions stand constants and functions alone.", "Put it into a function.")
	}
}

// resolve binds names, and refuses those that nobody gave a meaning.
func (c *checker) resolve(file *syntax.File) {
	known := func(name string) bool { return c.vocabulary.has(name) }
	constant := func(name string) bool { return name == "True" || name == "False" || name == "None" }
	err := resolve.File(file, known, constant)
	if list, ok := err.(resolve.ErrorList); ok {
		for _, e := range list {
			c.at(int(e.Pos.Line), int(e.Pos.Col), "name", "This name has no meaning here: "+e.Msg+".", "")
		}
	} else if err != nil {
		c.add(Problem{Rule: "name", Reason: err.Error()})
	}
}

// recursion refuses functions that call themselves, at once or by others: how often
// they would, nobody could say beforehand.
func (c *checker) recursion() {
	const (
		under = 1
		done  = 2
	)
	state := map[string]int{}
	var visit func(name string) bool
	visit = func(name string) bool {
		state[name] = under
		for _, x := range c.calls[name] {
			if state[x.of] == under {
				return c.no(x.node, "recursion", x.of+" would call itself.", "Loop over a list.")
			}
			if state[x.of] == 0 && !visit(x.of) {
				return false
			}
		}
		state[name] = done
		return true
	}
	for _, name := range c.program.names {
		if state[name] == 0 && !visit(name) {
			return
		}
	}
}
