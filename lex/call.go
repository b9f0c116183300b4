package lex

import (
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// callExpr calls a function of the program, of the language or of the vocabulary, or a
// method. Check has seen that the name is one of these.
func (m *machine) callExpr(frame []Value, e *syntax.CallExpr) Value {
	m.take(elementBytes * int64(len(e.Args)))
	if dot, ok := e.Fn.(*syntax.DotExpr); ok {
		x := m.eval(frame, dot.X)
		return m.method(e, x, dot.Name.Name, m.args(frame, e.Args))
	}
	name := e.Fn.(*syntax.Ident).Name
	if d := m.functions[name]; d != nil {
		return m.call(d, m.args(frame, e.Args))
	}
	if k := m.vocabulary.effect(name); k != nil {
		return m.effect(frame, e, k)
	}
	args := m.args(frame, e.Args)
	if b := builtins[name]; b != nil {
		return b.call(m, e, args)
	}
	v, cost, f := m.vocabulary.function(name).Call(m.host, args)
	m.take(cost.Bytes)
	m.step(cost.Steps)
	if f != nil {
		m.fault(e, f.Code, "%s", f.Text)
	}
	freeze(v)
	return v
}

func (m *machine) args(frame []Value, exprs []syntax.Expr) []Value {
	if len(exprs) == 0 {
		return nil
	}
	args := make([]Value, len(exprs))
	for i, x := range exprs {
		args[i] = m.eval(frame, x)
	}
	return args
}

// effect makes an effect. Check has seen that each argument has its field, and each
// field that is needed its argument.
func (m *machine) effect(frame []Value, e *syntax.CallExpr, k *EffectKind) Value {
	start, _ := e.Span()
	m.take(effectBytes + fieldBytes*int64(len(k.Fields)))
	out := &Effect{Name: k.Name, Values: make([]Value, len(k.Fields)), Line: int(start.Line), Function: m.inside, fields: k.Fields}
	for i, x := range e.Args {
		at, value := i, x
		if named, ok := x.(*syntax.BinaryExpr); ok && named.Op == syntax.EQ {
			at, value = k.field(named.X.(*syntax.Ident).Name), named.Y
		}
		f, v := k.Fields[at], m.eval(frame, value)
		if !f.takes(v) {
			m.fault(x, WrongKind, "%s of %s is %s, and this is %s.", f.Name, k.Name, f.Kind, kindOf(v))
		}
		out.Values[at] = v
	}
	return out
}

func (k *EffectKind) field(name string) int {
	for i, f := range k.Fields {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// takes says whether a value fits the field.
func (f *EffectField) takes(v Value) bool {
	switch v := v.(type) {
	case nil:
		return f.Optional
	case string:
		return f.Kind == "text"
	case int64:
		return f.Kind == "int"
	case bool:
		return f.Kind == "bool"
	case Date:
		return f.Kind == "date"
	case *List:
		for _, x := range v.elems {
			if _, ok := x.(string); !ok {
				return false
			}
		}
		return f.Kind == "list"
	}
	return false
}

// The methods, and how many arguments they take.
var methods = map[string]struct{ least, most int }{
	"append": {1, 1}, "get": {1, 2}, "keys": {0, 0}, "values": {0, 0}, "items": {0, 0},
	"startswith": {1, 1}, "endswith": {1, 1},
}

func (m *machine) method(n syntax.Node, x Value, name string, args []Value) Value {
	switch x := x.(type) {
	case *List:
		if name == "append" && x.form == aList {
			m.extend(n, x, args)
			return nil
		}
	case *Dict:
		if v, ok := m.dictMethod(n, x, name, args); ok {
			return v
		}
	case string:
		m.step(int64(len(x)) / bytesPerStep)
		if name != "startswith" && name != "endswith" {
			break
		}
		part, ok := args[0].(string)
		if !ok {
			m.fault(n, WrongKind, "%s takes a text, and this is %s.", name, kindOf(args[0]))
		}
		if name == "startswith" {
			return strings.HasPrefix(x, part)
		}
		return strings.HasSuffix(x, part)
	}
	m.fault(n, WrongKind, "%s has no method %s.", kindOf(x), name)
	return nil
}

func (m *machine) dictMethod(n syntax.Node, d *Dict, name string, args []Value) (Value, bool) {
	switch name {
	case "get":
		k, ok := args[0].(string)
		if !ok {
			m.fault(n, WrongKind, "Keys of a dict are texts, and this is %s.", kindOf(args[0]))
		}
		m.step(int64(len(k)) / bytesPerStep)
		v, found := d.get(k)
		if !found && len(args) == 2 {
			v = args[1]
		}
		return v, true
	case "keys":
		m.take(listBytes + elementBytes*int64(len(d.keys)))
		l := &List{elems: make([]Value, len(d.keys))}
		for i, k := range d.keys {
			l.elems[i] = k
		}
		return l, true
	case "values":
		m.take(listBytes + elementBytes*int64(len(d.keys)))
		return &List{elems: append([]Value(nil), d.values...)}, true
	case "items":
		m.take(listBytes + (listBytes+3*elementBytes)*int64(len(d.keys)))
		l := &List{elems: make([]Value, len(d.keys))}
		for i, k := range d.keys {
			l.elems[i] = NewTuple(k, d.values[i])
		}
		return l, true
	}
	return nil, false
}
