package lex

import (
	"go.starlark.net/resolve"
	"go.starlark.net/syntax"
)

// unsetValue stands in a variable that nothing was assigned to.
type unsetValue struct{}

var notSet = &unsetValue{}

func unset(n int) []Value {
	frame := make([]Value, n)
	for i := range frame {
		frame[i] = notSet
	}
	return frame
}

// call runs a function.
func (m *machine) call(d *syntax.DefStmt, args []Value) Value {
	if m.depth++; m.depth > CallDepthMax {
		m.fault(nil, TooDeep, "Functions call each other more than %d deep.", CallDepthMax)
	}
	locals := len(d.Function.(*resolve.Function).Locals)
	m.take(elementBytes * int64(locals))
	frame := unset(locals)
	copy(frame, args)
	caller, line := m.inside, m.line
	m.inside = d.Name.Name
	_, v := m.block(frame, d.Body)
	m.inside, m.line = caller, line
	m.depth--
	return v
}

// How a statement ends.
type ending int

const (
	goesOn ending = iota
	returns
	breaks
	continues
)

func (m *machine) block(frame []Value, statements []syntax.Stmt) (ending, Value) {
	for _, s := range statements {
		if e, v := m.run(frame, s); e != goesOn {
			return e, v
		}
	}
	return goesOn, nil
}

func (m *machine) run(frame []Value, s syntax.Stmt) (ending, Value) {
	start, _ := s.Span()
	m.line = int(start.Line)
	m.step(1)
	if m.reached != nil {
		m.reached(m.line)
	}
	switch s := s.(type) {
	case *syntax.AssignStmt:
		m.assignment(frame, s)
	case *syntax.ExprStmt:
		m.eval(frame, s.X)
	case *syntax.ReturnStmt:
		if s.Result == nil {
			return returns, nil
		}
		return returns, m.eval(frame, s.Result)
	case *syntax.IfStmt:
		if m.truth(s.Cond, m.eval(frame, s.Cond)) {
			return m.block(frame, s.True)
		}
		return m.block(frame, s.False)
	case *syntax.ForStmt:
		return m.loop(frame, s)
	case *syntax.BranchStmt:
		switch s.Token {
		case syntax.BREAK:
			return breaks, nil
		case syntax.CONTINUE:
			return continues, nil
		}
	}
	return goesOn, nil // pass
}

func (m *machine) loop(frame []Value, s *syntax.ForStmt) (end ending, v Value) {
	m.each(s.X, m.eval(frame, s.X), func(x Value) bool {
		m.assign(frame, s.Vars, x)
		end, v = m.block(frame, s.Body)
		return end == goesOn || end == continues
	})
	if end == returns {
		return returns, v
	}
	return goesOn, nil
}

// each goes over a list's elements or a dict's keys, which must not change meanwhile.
// A fault leaves the count of loops as it is: its call ends, and all it holds.
func (m *machine) each(n syntax.Node, over Value, do func(Value) bool) {
	switch over := over.(type) {
	case *List:
		defer looping(over.frozen, &over.loops)()
		for _, x := range over.elems {
			m.step(1)
			if !do(x) {
				return
			}
		}
	case *Dict:
		defer looping(over.frozen, &over.loops)()
		for _, k := range over.keys {
			m.step(1)
			if !do(k) {
				return
			}
		}
	default:
		m.fault(n, WrongKind, "A loop goes over a list or a dict, and this is %s.", kindOf(over))
	}
}

// looping counts a loop until the function that it returns is called. What is frozen
// needs no count, and may be shared by calls that run at once.
func looping(frozen bool, loops *int) (done func()) {
	if frozen {
		return func() {}
	}
	*loops++
	return func() { *loops-- }
}

func (m *machine) assignment(frame []Value, s *syntax.AssignStmt) {
	if s.Op == syntax.EQ {
		m.assign(frame, s.LHS, m.eval(frame, s.RHS))
		return
	}
	old := m.eval(frame, s.LHS)
	v := m.eval(frame, s.RHS)
	if l, ok := old.(*List); ok && l.form == aList && s.Op == syntax.PLUS_EQ {
		more, ok := v.(*List)
		if !ok {
			m.fault(s, WrongKind, "A list grows by a list, and this is %s.", kindOf(v))
		}
		m.extend(s, l, more.elems)
		return // the list itself has grown, as in Starlark
	}
	op := syntax.PLUS
	if s.Op == syntax.MINUS_EQ {
		op = syntax.MINUS
	}
	m.assign(frame, s.LHS, m.operate(s, op, old, v))
}

// assign sets a variable, several by a list's elements, or an element.
func (m *machine) assign(frame []Value, to syntax.Expr, v Value) {
	switch to := to.(type) {
	case *syntax.ParenExpr:
		m.assign(frame, to.X, v)
	case *syntax.Ident:
		if b := to.Binding.(*resolve.Binding); b.Scope == resolve.Local {
			frame[b.Index] = v
		} else {
			m.globals[b.Index] = v // only while constants are made
		}
	case *syntax.TupleExpr:
		l, ok := v.(*List)
		if !ok || len(l.elems) != len(to.List) {
			m.fault(to, WrongKind, "%d names stand on the left, and on the right %s.", len(to.List), m.described(v))
		}
		for i, x := range to.List {
			m.assign(frame, x, l.elems[i])
		}
	case *syntax.IndexExpr:
		m.setElement(to, m.eval(frame, to.X), m.eval(frame, to.Y), v)
	}
}

func (m *machine) described(v Value) string {
	if l, ok := v.(*List); ok {
		return kindOf(v) + " of " + decimal(int64(len(l.elems)))
	}
	return kindOf(v)
}

func (m *machine) setElement(n syntax.Node, in, key, v Value) {
	switch in := in.(type) {
	case *Dict:
		k, ok := key.(string)
		if !ok {
			m.fault(n, WrongKind, "Keys of a dict are texts, and this is %s.", kindOf(key))
		}
		m.setKey(n, in, k, v)
		return
	case *List:
		if in.form == aList {
			m.mayChange(n, in.frozen, in.loops)
			in.elems[m.index(n, in, key)] = v
			return
		}
	}
	m.fault(n, WrongKind, "Elements of %s cannot be set.", kindOf(in))
}

func (m *machine) setKey(n syntax.Node, d *Dict, k string, v Value) {
	m.step(1 + int64(len(k))/bytesPerStep)
	m.mayChange(n, d.frozen, d.loops)
	if i, ok := d.at[k]; ok {
		d.values[i] = v
		return
	}
	if len(d.keys) == ListMax {
		m.fault(n, TooLong, "A dict has at most %d keys.", ListMax)
	}
	m.take(keyBytes)
	d.at[k] = len(d.keys)
	d.keys, d.values = append(d.keys, k), append(d.values, v)
}

func (m *machine) mayChange(n syntax.Node, frozen bool, loops int) {
	switch {
	case frozen:
		m.fault(n, Frozen, "Constants, records and what a function was called with cannot be changed.")
	case loops > 0:
		m.fault(n, ChangedInLoop, "This is changed while a loop goes over it.")
	}
}

func (m *machine) extend(n syntax.Node, l *List, more []Value) {
	m.mayChange(n, l.frozen, l.loops)
	if len(l.elems)+len(more) > ListMax {
		m.fault(n, TooLong, "A list has at most %d elements.", ListMax)
	}
	m.take(growBytes * int64(len(more)))
	l.elems = append(l.elems, more...)
}
