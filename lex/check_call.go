package lex

import (
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/syntax"
)

// call looks at a call: what is called, and whether the arguments fit.
func (c *checker) call(def *syntax.DefStmt, e *syntax.CallExpr) bool {
	if def == nil {
		return c.no(e, "constant", "A constant is computed without calls.", "Write its value.")
	}
	for _, a := range e.Args {
		if u, ok := a.(*syntax.UnaryExpr); ok && (u.Op == syntax.STAR || u.Op == syntax.STARSTAR) {
			return c.no(a, "star", "There are no * and ** before arguments.", "Write the arguments out.")
		}
	}
	switch fn := e.Fn.(type) {
	case *syntax.DotExpr:
		m, ok := methods[fn.Name.Name]
		if !ok {
			return c.no(e, "method", "There is no method "+fn.Name.Name+".", "Methods are "+names(methods)+".")
		}
		return c.positional(e, fn.Name.Name, m.least, m.most) && c.arguments(def, e, fn.X)
	case *syntax.Ident:
		return c.callOf(def, e, fn)
	}
	return c.no(e, "indirect-call", "What is called is named.", "Call a function by its name.")
}

func (c *checker) callOf(def *syntax.DefStmt, e *syntax.CallExpr, fn *syntax.Ident) bool {
	name := fn.Name
	if d := c.program.functions[name]; d != nil {
		c.calls[def.Name.Name] = append(c.calls[def.Name.Name], call{name, e})
		return c.positional(e, name, len(d.Params), len(d.Params)) && c.arguments(def, e, nil)
	}
	if k := c.vocabulary.effect(name); k != nil {
		return c.effect(e, k) && c.arguments(def, e, nil)
	}
	if b := builtins[name]; b != nil {
		return c.positional(e, name, b.least, b.most) && c.arguments(def, e, nil)
	}
	if f := c.vocabulary.function(name); f != nil {
		return c.positional(e, name, len(f.Params), len(f.Params)) && c.arguments(def, e, nil)
	}
	return c.no(e, "name", "There is no function "+name+".", "")
}

// arguments looks at the arguments, and at what a method is of; not at the names of
// what is called and of fields.
func (c *checker) arguments(def *syntax.DefStmt, e *syntax.CallExpr, of syntax.Expr) bool {
	if of != nil {
		c.down(def, of)
	}
	for _, x := range e.Args {
		if named, ok := x.(*syntax.BinaryExpr); ok && named.Op == syntax.EQ {
			x = named.Y
		}
		c.down(def, x)
	}
	return false // that was it
}

func (c *checker) positional(e *syntax.CallExpr, name string, least, most int) bool {
	for _, a := range e.Args {
		if named, ok := a.(*syntax.BinaryExpr); ok && named.Op == syntax.EQ {
			return c.no(a, "named-argument", name+" takes its values in order, without names.", "Write the value alone.")
		}
	}
	if n := len(e.Args); n < least || n > most {
		takes := fmt.Sprint(least)
		if most > least {
			takes += fmt.Sprintf(" to %d", most)
		}
		return c.no(e, "arguments", fmt.Sprintf("%s takes %s values, and %d stand here.", name, takes, n), "")
	}
	return true
}

// effect looks at the making of an effect: each field at most once, and all that are
// needed.
func (c *checker) effect(e *syntax.CallExpr, k *EffectKind) bool {
	given := make([]bool, len(k.Fields))
	named := false
	for i, a := range e.Args {
		at := i
		if x, ok := a.(*syntax.BinaryExpr); ok && x.Op == syntax.EQ {
			at, named = k.field(x.X.(*syntax.Ident).Name), true
		} else if named {
			return c.no(a, "arguments", "Values without a name stand before those with one.", "")
		}
		if at < 0 || at >= len(k.Fields) {
			return c.no(a, "effect-field", k.Name+" has no such field.", "Its fields are "+k.fieldNames()+".")
		}
		if given[at] {
			return c.no(a, "effect-field", k.Fields[at].Name+" stands twice.", "")
		}
		given[at] = true
	}
	for i, f := range k.Fields {
		if !given[i] && !f.Optional {
			return c.no(e, "effect-field", k.Name+" lacks "+f.Name+".", "Its fields are "+k.fieldNames()+".")
		}
	}
	return true
}

func (k *EffectKind) fieldNames() string {
	var ns []string
	for _, f := range k.Fields {
		ns = append(ns, f.Name)
	}
	return strings.Join(ns, ", ")
}

func names[V any](of map[string]V) string {
	var ns []string
	for n := range of {
		ns = append(ns, n)
	}
	slices.Sort(ns)
	return strings.Join(ns, ", ")
}
