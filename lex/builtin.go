package lex

import (
	"go.starlark.net/syntax"
)

// A builtin is a function of the language.
type builtin struct {
	least, most int // arguments
	call        func(m *machine, n syntax.Node, args []Value) Value
}

var builtins map[string]*builtin

func init() { // not above: they call what looks at them
	builtins = map[string]*builtin{
		"len":        {1, 1, length},
		"range":      {1, 2, numbersUpTo},
		"max":        {2, 16, func(m *machine, n syntax.Node, a []Value) Value { return m.outermost(n, a, syntax.GT) }},
		"min":        {2, 16, func(m *machine, n syntax.Node, a []Value) Value { return m.outermost(n, a, syntax.LT) }},
		"text":       {1, 1, textOf},
		"date":       {3, 3, dateOf},
		"add_months": {2, 2, monthsOn},
	}
}

func length(m *machine, n syntax.Node, a []Value) Value {
	switch x := a[0].(type) {
	case string:
		return int64(len(x))
	case *List:
		return int64(len(x.elems))
	case *Dict:
		return int64(len(x.keys))
	}
	m.fault(n, WrongKind, "%s has no length.", kindOf(a[0]))
	return nil
}

// numbersUpTo lists the numbers from 0, or from the first argument, up to and without
// the last one.
func numbersUpTo(m *machine, n syntax.Node, a []Value) Value {
	from, end := int64(0), m.number(n, a[len(a)-1])
	if len(a) == 2 {
		from = m.number(n, a[0])
	}
	count := int64(0)
	if end > from {
		if size(end) > 1<<40 || size(from) > 1<<40 || end-from > ListMax {
			m.fault(n, TooLong, "A list has at most %d elements.", ListMax)
		}
		count = end - from
	}
	m.take(listBytes + (elementBytes+numberBytes)*count)
	l := &List{elems: make([]Value, count), form: aRange}
	for i := range l.elems {
		l.elems[i] = from + int64(i)
	}
	return l
}

func (m *machine) number(n syntax.Node, v Value) int64 {
	i, ok := v.(int64)
	if !ok {
		m.fault(n, WrongKind, "This is %s, and not an int.", kindOf(v))
	}
	return i
}

func (m *machine) outermost(n syntax.Node, a []Value, op syntax.Token) Value {
	best := a[0]
	for _, v := range a[1:] {
		if m.operate(n, op, v, best).(bool) {
			best = v
		}
	}
	return best
}

func textOf(m *machine, n syntax.Node, a []Value) Value {
	switch x := a[0].(type) {
	case string:
		return x
	case int64:
		return m.text(n, decimal(x))
	case Date:
		return m.text(n, x.String())
	}
	m.fault(n, WrongKind, "%s has no text.", kindOf(a[0]))
	return nil
}

func dateOf(m *machine, n syntax.Node, a []Value) Value {
	m.take(numberBytes)
	y, mo, d := m.number(n, a[0]), m.number(n, a[1]), m.number(n, a[2])
	day, ok := NewDate(y, mo, d)
	if !ok {
		m.fault(n, NoDate, "There is no day %d-%d-%d.", y, mo, d)
	}
	return day
}

func monthsOn(m *machine, n syntax.Node, a []Value) Value {
	m.take(numberBytes)
	d, ok := a[0].(Date)
	if !ok {
		m.fault(n, WrongKind, "add_months takes a date, and this is %s.", kindOf(a[0]))
	}
	to, ok := d.addMonths(m.number(n, a[1]))
	if !ok {
		m.fault(n, Overflow, "That day is beyond the years 1 to 9999.")
	}
	return to
}
