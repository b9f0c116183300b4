package lex

import (
	"math"

	"go.starlark.net/resolve"
	"go.starlark.net/syntax"
)

// truth wants a condition to be True or False: what is empty or zero is neither.
func (m *machine) truth(n syntax.Node, v Value) bool {
	b, ok := v.(bool)
	if !ok {
		m.fault(n, WrongKind, "A condition is True or False, and this is %s.", kindOf(v))
	}
	return b
}

func (m *machine) eval(frame []Value, e syntax.Expr) Value {
	if p, ok := e.(*syntax.ParenExpr); ok {
		return m.eval(frame, p.X)
	}
	m.step(1)
	switch e := e.(type) {
	case *syntax.Ident:
		return m.variable(frame, e)
	case *syntax.Literal:
		return e.Value
	case *syntax.ListExpr:
		return m.list(frame, e.List, aList)
	case *syntax.TupleExpr:
		return m.list(frame, e.List, aTuple)
	case *syntax.DictExpr:
		return m.dict(frame, e)
	case *syntax.CondExpr:
		if m.truth(e.Cond, m.eval(frame, e.Cond)) {
			return m.eval(frame, e.True)
		}
		return m.eval(frame, e.False)
	case *syntax.UnaryExpr:
		return m.unary(e, m.eval(frame, e.X))
	case *syntax.BinaryExpr:
		return m.binary(frame, e)
	case *syntax.DotExpr:
		return m.field(e, m.eval(frame, e.X), e.Name.Name)
	case *syntax.IndexExpr:
		x := m.eval(frame, e.X)
		return m.element(e, x, m.eval(frame, e.Y))
	case *syntax.Comprehension:
		m.take(listBytes)
		out := &List{}
		m.comprehend(frame, e, 0, out)
		return out
	case *syntax.CallExpr:
		return m.callExpr(frame, e)
	}
	m.fault(e, Internal, "An expression that was let in cannot be evaluated.")
	return nil
}

func (m *machine) variable(frame []Value, id *syntax.Ident) Value {
	b := id.Binding.(*resolve.Binding)
	var v Value
	switch b.Scope {
	case resolve.Local:
		v = frame[b.Index]
	case resolve.Global:
		v = m.globals[b.Index]
	default:
		switch id.Name {
		case "True":
			return true
		case "False":
			return false
		}
		return nil // None: no other name was let in
	}
	if v == Value(notSet) {
		m.fault(id, NotSet, "%s has no value yet.", id.Name)
	}
	return v
}

func (m *machine) list(frame []Value, exprs []syntax.Expr, f form) Value {
	m.take(listBytes + elementBytes*int64(len(exprs)))
	l := &List{elems: make([]Value, 0, len(exprs)), form: f}
	for _, x := range exprs {
		l.elems = append(l.elems, m.eval(frame, x))
	}
	return l
}

func (m *machine) dict(frame []Value, e *syntax.DictExpr) Value {
	m.take(dictBytes)
	d := newDict()
	for _, x := range e.List {
		entry := x.(*syntax.DictEntry)
		k, ok := m.eval(frame, entry.Key).(string)
		if !ok {
			m.fault(entry, WrongKind, "Keys of a dict are texts.")
		}
		v := m.eval(frame, entry.Value)
		if _, twice := d.at[k]; twice {
			m.fault(entry, WrongKind, "The key %q stands twice.", k)
		}
		m.setKey(entry, d, k, v)
	}
	return d
}

func (m *machine) unary(e *syntax.UnaryExpr, v Value) Value {
	if e.Op == syntax.NOT {
		return !m.truth(e.X, v)
	}
	n, ok := v.(int64)
	if !ok {
		m.fault(e, WrongKind, "A minus stands before an int, and this is %s.", kindOf(v))
	}
	if n == math.MinInt64 {
		m.fault(e, Overflow, "The number is too large.")
	}
	return -n
}

func (m *machine) binary(frame []Value, e *syntax.BinaryExpr) Value {
	x := m.eval(frame, e.X)
	switch e.Op {
	case syntax.AND:
		return m.truth(e.X, x) && m.truth(e.Y, m.eval(frame, e.Y))
	case syntax.OR:
		return m.truth(e.X, x) || m.truth(e.Y, m.eval(frame, e.Y))
	}
	return m.operate(e, e.Op, x, m.eval(frame, e.Y))
}

// field reads a record's field, or a part of a date.
func (m *machine) field(n syntax.Node, x Value, name string) Value {
	switch x := x.(type) {
	case *Record:
		if v, ok := x.Field(name); ok {
			return v
		}
	case Date:
		year, month, day := x.Civil()
		switch name {
		case "year":
			return year
		case "month":
			return month
		case "day":
			return day
		case "weekday":
			return x.weekday()
		}
	}
	m.fault(n, NoField, "%s has no field %s.", kindOf(x), name)
	return nil
}

func (m *machine) element(n syntax.Node, in, key Value) Value {
	switch in := in.(type) {
	case *List:
		return in.elems[m.index(n, in, key)]
	case *Dict:
		k, ok := key.(string)
		if !ok {
			m.fault(n, WrongKind, "Keys of a dict are texts, and this is %s.", kindOf(key))
		}
		m.step(int64(len(k)) / bytesPerStep)
		v, ok := in.get(k)
		if !ok {
			m.fault(n, NoElement, "The dict has no key %q.", k)
		}
		return v
	}
	m.fault(n, WrongKind, "%s has no elements.", kindOf(in))
	return nil
}

// index reads a place in a list; -1 is the last.
func (m *machine) index(n syntax.Node, in *List, key Value) int64 {
	i, ok := key.(int64)
	if !ok {
		m.fault(n, WrongKind, "A place in a list is an int, and this is %s.", kindOf(key))
	}
	size := int64(len(in.elems))
	at := i
	if at < 0 {
		at += size
	}
	if i < -size || at >= size {
		m.fault(n, NoElement, "The list has %d elements, and none at %d.", size, i)
	}
	return at
}

func (m *machine) comprehend(frame []Value, e *syntax.Comprehension, clause int, out *List) {
	if clause == len(e.Clauses) {
		m.extend(e.Body, out, []Value{m.eval(frame, e.Body)})
		return
	}
	switch c := e.Clauses[clause].(type) {
	case *syntax.IfClause:
		if m.truth(c.Cond, m.eval(frame, c.Cond)) {
			m.comprehend(frame, e, clause+1, out)
		}
	case *syntax.ForClause:
		m.each(c.X, m.eval(frame, c.X), func(x Value) bool {
			m.assign(frame, c.Vars, x)
			m.comprehend(frame, e, clause+1, out)
			return true
		})
	}
}
