package lex

import (
	"cmp"
	"math"
	"math/bits"

	"go.starlark.net/syntax"
)

// operate applies an operator to two values.
func (m *machine) operate(n syntax.Node, op syntax.Token, x, y Value) Value {
	switch op {
	case syntax.EQL:
		return m.equal(n, x, y, 0)
	case syntax.NEQ:
		return !m.equal(n, x, y, 0)
	case syntax.IN:
		return m.in(n, x, y)
	case syntax.NOT_IN:
		return !m.in(n, x, y)
	}
	switch a := x.(type) {
	case int64:
		if b, ok := y.(int64); ok {
			m.take(numberBytes)
			return m.numbers(n, op, a, b)
		}
	case Date:
		m.take(numberBytes)
		switch b := y.(type) {
		case Date:
			if op == syntax.MINUS {
				return int64(a) - int64(b)
			}
			if holds, ok := ordered(op, cmp.Compare(a, b)); ok {
				return holds
			}
		case int64:
			if op == syntax.PLUS || op == syntax.MINUS {
				return m.later(n, op, a, b)
			}
		}
	case string:
		if b, ok := y.(string); ok {
			return m.texts(n, op, a, b)
		}
	case *List:
		if b, ok := y.(*List); ok && op == syntax.PLUS && a.form == b.form && a.form != aRange {
			if len(a.elems)+len(b.elems) > ListMax {
				m.fault(n, TooLong, "A list has at most %d elements.", ListMax)
			}
			m.take(listBytes + elementBytes*int64(len(a.elems)+len(b.elems)))
			both := append(make([]Value, 0, len(a.elems)+len(b.elems)), a.elems...)
			return &List{elems: append(both, b.elems...), form: a.form}
		}
	}
	m.fault(n, WrongKind, "%s %s %s cannot be computed.", kindOf(x), op, kindOf(y))
	return nil
}

// ordered says whether a comparison holds of what compares as c; false when op is none.
func ordered(op syntax.Token, c int) (holds, ok bool) {
	switch op {
	case syntax.LT:
		return c < 0, true
	case syntax.LE:
		return c <= 0, true
	case syntax.GT:
		return c > 0, true
	case syntax.GE:
		return c >= 0, true
	}
	return false, false
}

func (m *machine) numbers(n syntax.Node, op syntax.Token, a, b int64) Value {
	if holds, ok := ordered(op, cmp.Compare(a, b)); ok {
		return holds
	}
	switch op {
	case syntax.PLUS:
		if s := a + b; (s > a) == (b > 0) {
			return s
		}
	case syntax.MINUS:
		if s := a - b; (s < a) == (b > 0) {
			return s
		}
	case syntax.STAR:
		hi, lo := bits.Mul64(size(a), size(b))
		if negative := (a < 0) != (b < 0); hi == 0 && (lo <= math.MaxInt64 || negative && lo == 1<<63) {
			return a * b
		}
	case syntax.SLASHSLASH, syntax.PERCENT:
		if b == 0 {
			m.fault(n, Division, "This divides by 0.")
		}
		if a != math.MinInt64 || b != -1 {
			return floored(op, a, b)
		}
		if op == syntax.PERCENT {
			return int64(0)
		}
	}
	m.fault(n, Overflow, "The result of %d %s %d is too large.", a, op, b)
	return nil
}

// size is a number without its sign.
func size(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// floored divides toward the smaller number, as Starlark does.
func floored(op syntax.Token, a, b int64) int64 {
	q, r := a/b, a%b
	if r != 0 && (r < 0) != (b < 0) {
		q, r = q-1, r+b
	}
	if op == syntax.PERCENT {
		return r
	}
	return q
}

// later goes some days on or back.
func (m *machine) later(n syntax.Node, op syntax.Token, d Date, days int64) Value {
	if days < -4_000_000 || days > 4_000_000 {
		m.fault(n, Overflow, "That day is beyond the years 1 to 9999.")
	}
	if op == syntax.MINUS {
		days = -days
	}
	at := int64(d) + days
	if at < int64(dateMin) || at > int64(dateMax) {
		m.fault(n, Overflow, "That day is beyond the years 1 to 9999.")
	}
	return Date(at)
}

func (m *machine) texts(n syntax.Node, op syntax.Token, a, b string) Value {
	if op == syntax.PLUS {
		return m.text(n, a+b)
	}
	m.step(int64(min(len(a), len(b))) / bytesPerStep)
	holds, ok := ordered(op, cmp.Compare(a, b))
	if !ok {
		m.fault(n, WrongKind, "text %s text cannot be computed.", op)
	}
	return holds
}

// text makes a text, which has been made already: no more than twice TextBytesMax.
func (m *machine) text(n syntax.Node, s string) string {
	if len(s) > TextBytesMax {
		m.fault(n, TooLong, "A text has at most %d bytes.", TextBytesMax)
	}
	m.take(textBytes + int64(len(s)))
	return s
}

// equal compares. Values of different kinds are not equal; dicts, records and effects
// equal nothing but are compared with each other by mistake only.
func (m *machine) equal(n syntax.Node, x, y Value, depth int) bool {
	m.step(1)
	if depth > CompareDepthMax {
		m.fault(n, TooDeep, "What is compared is nested more than %d deep.", CompareDepthMax)
	}
	switch a := x.(type) {
	case string:
		b, ok := y.(string)
		m.step(int64(len(a)) / bytesPerStep)
		return ok && a == b
	case *List:
		b, ok := y.(*List)
		if !ok || a.form != b.form || len(a.elems) != len(b.elems) {
			return false
		}
		for i := range a.elems {
			if !m.equal(n, a.elems[i], b.elems[i], depth+1) {
				return false
			}
		}
		return true
	case *Dict, *Record, *Effect:
		switch y.(type) {
		case *Dict, *Record, *Effect:
			m.fault(n, WrongKind, "%s and %s cannot be compared; compare a field of each.", kindOf(x), kindOf(y))
		}
		return false
	}
	switch y.(type) {
	case *List, *Dict, *Record, *Effect:
		return false
	}
	return x == y
}

func (m *machine) in(n syntax.Node, x, y Value) bool {
	switch y := y.(type) {
	case *List:
		for _, v := range y.elems {
			if m.equal(n, v, x, 0) {
				return true
			}
		}
		return false
	case *Dict:
		k, ok := x.(string)
		if !ok {
			m.fault(n, WrongKind, "Keys of a dict are texts, and this is %s.", kindOf(x))
		}
		m.step(int64(len(k)) / bytesPerStep)
		_, found := y.at[k]
		return found
	}
	m.fault(n, WrongKind, "'in' looks into a list or a dict, and this is %s.", kindOf(y))
	return false
}
