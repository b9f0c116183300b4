package lex

import (
	"fmt"
	"math/big"
	"strings"

	"go.starlark.net/syntax"
)

// walk looks at all of a statement that stands outside of functions.
func (c *checker) walk(s syntax.Stmt) {
	def, _ := s.(*syntax.DefStmt)
	c.down(def, s)
}

// down looks at a node and all below it.
func (c *checker) down(def *syntax.DefStmt, n syntax.Node) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if n == nil {
			c.depth--
			return true
		}
		if c.full || len(c.problems) == problemsMax {
			return false
		}
		if c.nodes++; c.nodes > NodesMax {
			c.full = true
			return c.no(n, "source-long", fmt.Sprintf("The source has more than %d parts.", NodesMax), "Make two contracts of it.")
		}
		if c.depth >= NestingMax {
			return c.no(n, "nesting", fmt.Sprintf("This is nested more than %d deep.", NestingMax), "Give parts of it names.")
		}
		c.depth++
		if !c.node(def, n) {
			c.depth--
			return false
		}
		return true
	})
}

// node looks at one node; false: not further down.
func (c *checker) node(def *syntax.DefStmt, n syntax.Node) bool {
	switch n := n.(type) {
	case syntax.Stmt:
		return c.statement(def, n)
	case *syntax.LambdaExpr:
		return c.no(n, "lambda", "There are no functions without a name.", "Write a def outside of functions.")
	case *syntax.SliceExpr:
		return c.no(n, "slice", "There are no slices.", "Loop over the list.")
	case *syntax.Literal:
		return c.literal(n)
	case *syntax.Ident:
		return c.ident(n)
	case *syntax.UnaryExpr:
		if n.Op != syntax.NOT && n.Op != syntax.MINUS {
			return c.no(n, "operator", fmt.Sprintf("There is no %s before a value.", n.Op), "")
		}
	case *syntax.BinaryExpr:
		return c.operator(n)
	case *syntax.Comprehension:
		if n.Curly {
			return c.no(n, "comprehension", "A dict is not made by a comprehension.", "Set its keys in a loop.")
		}
		for _, x := range n.Clauses {
			if f, ok := x.(*syntax.ForClause); ok && !c.variables(f.Vars) {
				return false
			}
		}
	case *syntax.CallExpr:
		return c.call(def, n)
	case *syntax.DotExpr:
		// The name behind the dot is no variable: it is not looked at as one.
		c.down(def, n.X)
		return false
	}
	return true
}

func (c *checker) statement(def *syntax.DefStmt, s syntax.Stmt) bool {
	if def != nil && s != syntax.Stmt(def) {
		start, _ := s.Span()
		c.lines = append(c.lines, int(start.Line))
	}
	switch s := s.(type) {
	case *syntax.DefStmt:
		if s != def {
			return c.no(s, "nested-function", "A function stands inside of another.", "Write it outside.")
		}
		for _, x := range s.Params { // not its own name
			c.down(def, x)
		}
		for _, x := range s.Body {
			c.down(def, x)
		}
		return false
	case *syntax.WhileStmt:
		return c.no(s, "while", "There is no while: nobody could say when it ends.", "Loop over a list, or over range(n).")
	case *syntax.LoadStmt:
		return c.no(s, "load", "A contract is one source.", "Copy what you need.")
	case *syntax.AssignStmt:
		return c.assignment(s)
	case *syntax.ForStmt:
		return c.variables(s.Vars)
	case *syntax.ExprStmt:
		_, called := s.X.(*syntax.CallExpr)
		if l, ok := s.X.(*syntax.Literal); !called && (!ok || l.Token != syntax.STRING) {
			return c.no(s, "no-use", "This is computed and not used.", "Return it, or give it a name.")
		}
		if call, ok := s.X.(*syntax.CallExpr); ok {
			if id, ok := call.Fn.(*syntax.Ident); ok && c.vocabulary.effect(id.Name) != nil {
				return c.no(s, "no-use", "The effect is made and not returned, so that it does nothing.", "Return it in the list of effects.")
			}
		}
	}
	return true
}

func (c *checker) assignment(s *syntax.AssignStmt) bool {
	if s.Op != syntax.EQ && s.Op != syntax.PLUS_EQ && s.Op != syntax.MINUS_EQ {
		return c.no(s, "operator", fmt.Sprintf("There is no %s.", s.Op), "Write name = name, the operator and the value.")
	}
	switch to := s.LHS.(type) {
	case *syntax.IndexExpr:
		if s.Op != syntax.EQ {
			return c.no(s, "assignment", "An element is set by = alone.", "Give it a name first.")
		}
		return true
	case *syntax.Ident, *syntax.TupleExpr, *syntax.ParenExpr:
		if s.Op == syntax.EQ {
			return c.variables(to)
		}
		return true
	}
	return c.no(s, "assignment", "This cannot be set: records are read alone.", "Return an effect that changes the license.")
}

// variables wants names on the left.
func (c *checker) variables(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Ident:
		return true // c.ident sees it
	case *syntax.ParenExpr:
		return c.variables(e.X)
	case *syntax.TupleExpr:
		for _, x := range e.List {
			if _, ok := x.(*syntax.Ident); !ok {
				return c.no(x, "assignment", "Names that are set together stand side by side.", "")
			}
		}
		return true
	}
	return c.no(e, "assignment", "A name stands here.", "")
}

func (c *checker) literal(l *syntax.Literal) bool {
	switch l.Token {
	case syntax.FLOAT:
		return c.no(l, "float", "There are no numbers with a fraction: machines round them differently.", "Count in the smallest unit, such as cents.")
	case syntax.BYTES:
		return c.no(l, "bytes", "There are no bytes.", "Write a text.")
	case syntax.STRING:
		if len(l.Value.(string)) > LiteralBytesMax {
			return c.no(l, "text-long", fmt.Sprintf("A text in a source has at most %d bytes.", LiteralBytesMax), "")
		}
	case syntax.INT:
		if _, ok := l.Value.(*big.Int); ok {
			return c.no(l, "int-large", "The number is too large.", "")
		}
		if len(l.Raw) > 1 && l.Raw[0] == '0' {
			return c.no(l, "int-form", "Numbers are written in decimal digits.", "")
		}
	}
	return true
}

// ident looks at a name that stands for a value, or is set.
func (c *checker) ident(id *syntax.Ident) bool {
	name := id.Name
	switch {
	case strings.ContainsFunc(name, func(r rune) bool { return r > '~' }):
		return c.no(id, "name", "A name has ASCII letters, digits and _.", "")
	case c.program.functions[name] != nil:
		return c.no(id, "function-value", name+" is a function, and functions are no values.", "Call it, or choose another name.")
	case c.vocabulary.has(name):
		return c.no(id, "name-taken", name+" is a name of the language.", "Call it, or choose another name.")
	}
	return true
}

var operators = map[syntax.Token]bool{
	syntax.PLUS: true, syntax.MINUS: true, syntax.STAR: true, syntax.SLASHSLASH: true, syntax.PERCENT: true,
	syntax.EQL: true, syntax.NEQ: true, syntax.LT: true, syntax.LE: true, syntax.GT: true, syntax.GE: true,
	syntax.IN: true, syntax.NOT_IN: true, syntax.AND: true, syntax.OR: true,
}

func (c *checker) operator(e *syntax.BinaryExpr) bool {
	switch {
	case operators[e.Op]:
		return true
	case e.Op == syntax.SLASH:
		return c.no(e, "operator", "There is no /: it would make a fraction.", "Write // for whole numbers, rounded down.")
	}
	return c.no(e, "operator", fmt.Sprintf("There is no %s.", e.Op), "")
}
