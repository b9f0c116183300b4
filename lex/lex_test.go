package lex

import (
	"strings"
	"testing"
)

func TestRenewal(t *testing.T) {
	p := program(t, "renewal.star")
	ctx := NewRecord("ctx", Field{"today", day(2026, 5, 1)})
	act := func(hours int64) *Record {
		return NewRecord("act", Field{"license", "us-il.rn.1"}, Field{"hours", hours}, Field{"fee", int64(8000)})
	}
	r := run(p, "before_renewal", ctx, act(20))
	if r.Fault != nil || len(r.Effects) != 2 {
		t.Fatalf("%v %v", r.Fault, r.Effects)
	}
	e := r.Effects[0]
	if e.Name != "set_term" || e.Value("start") != day(2026, 6, 1) || e.Value("through") != day(2028, 5, 31) || e.Line != 33 || e.Function != "before_renewal" {
		t.Errorf("%+v", e)
	}
	r = run(p, "before_renewal", ctx, act(19))
	if r.Fault != nil || len(r.Effects) != 1 || r.Effects[0].Value("reason") != "attested 19 hours of 20" {
		t.Errorf("%v %v", r.Fault, r.Effects)
	}
}

func TestCascade(t *testing.T) {
	p := program(t, "compact.star")
	ctx := NewRecord("ctx", Field{"today", day(2026, 4, 1)})
	order := func(license, action string) *Record {
		return NewRecord("order", Field{"id", "o2"}, Field{"license", license}, Field{"action", action}, Field{"principal", "us-il.md.1"})
	}
	for _, c := range []struct {
		license, action string
		effects         int
	}{{"us-il.md.1", "revocation", 3}, {"us-wi.md.1", "suspension", 6}, {"us-wi.md.1", "reprimand", 0}} {
		r := run(p, "on_order", ctx, order(c.license, c.action))
		if r.Fault != nil || len(r.Effects) != c.effects {
			t.Errorf("%s of %s: %d effects, %v", c.action, c.license, len(r.Effects), r.Fault)
		}
	}
	r := run(p, "on_order", ctx, order("us-wi.md.1", "suspension"))
	if got := r.Effects[0].Value("until"); got != day(2026, 6, 29) {
		t.Errorf("until %v", got)
	}
}

// What runs into a fault.
var faults = []struct{ body, code string }{
	{"x = [1]\n  for i in x:\n    x.append(i)\n  return []", ChangedInLoop},
	{"x = [1]\n  for i in x:\n    x += [i]\n  return []", ChangedInLoop},
	{"x = [1]\n  for i in x:\n    x[0] = 2\n  return []", ChangedInLoop},
	{"x = [1]\n  y = [x.append(i) for i in x]\n  return []", ChangedInLoop},
	{"d = {'a': 1}\n  for k in d:\n    d['b'] = 1\n  return []", ChangedInLoop},
	{"C.append(1)\n  return []", Frozen},
	{"D['x'] = 1\n  return []", Frozen},
	{"a.orders.append(1)\n  return []", WrongKind},
	{"if a.n > 1:\n    x = 1\n  return [x]", NotSet},
	{"return 1", NotEffects},
	{"return [1]", NotEffects},
	{"return None", NotEffects},
	{"return", NotEffects},
	{"x = 9223372036854775807 + a.n\n  return []", Overflow},
	{"x = 1 // (a.n - 1)\n  return []", Division},
	{"x = date(2026, 2, 29)\n  return []", NoDate},
	{"x = date(9999, 12, 31) + 1\n  return []", Overflow},
	{"x = add_months(date(1, 1, 1), -1)\n  return []", Overflow},
	{"x = [1][1]\n  return []", NoElement},
	{"x = [1][-2]\n  return []", NoElement},
	{"x = {}['a']\n  return []", NoElement},
	{"x = a.nothing\n  return []", NoField},
	{"x = license('nobody')\n  return []", NotFound},
	{"x = license(1)\n  return []", WrongKind},
	{"x, y = [1]\n  return []", WrongKind},
	{"if 1:\n    pass\n  return []", WrongKind},
	{"x = 'a' + 1\n  return []", WrongKind},
	{"x = a == a\n  return []", WrongKind},
	{"return [set_timer(a.orders, 'x', date(2026, 1, 1))]", WrongKind},
	{"return [set_timer('l', 'x', None)]", WrongKind},
	{"return [reject('r', cite = 'c') for i in range(257)]", TooManyEffects},
	{"for i in range(4096):\n    for j in range(4096):\n      pass\n  return []", OutOfSteps},
}

func faulty(body string) string { return "C = [1]\nD = {'k': 1}\ndef f(a):\n  " + body + "\n" }

func faultyArgument() *Record {
	return NewRecord("act", Field{"n", int64(1)}, Field{"orders", NewTuple("o")})
}

func TestFaults(t *testing.T) {
	for _, c := range faults {
		src := faulty(c.body)
		r := run(checked(t, "f.star", src), "f", faultyArgument())
		if r.Fault == nil || r.Fault.Code != c.code {
			t.Errorf("%s\ngives %v, and not %s", src, r.Fault, c.code)
		}
		if r.Fault != nil && r.Fault.Line == 0 {
			t.Errorf("%s\nsays no line: %v", src, r.Fault)
		}
	}
}

// What is refused before it is adopted.
var refused = []struct{ body, rule string }{
	{"return 1.5", "float"},
	{"return 1 / 3", "operator"},
	{"return 1 << 5", "operator"},
	{"return 1 | 5", "operator"},
	{"return ~1", "operator"},
	{"return +1", "operator"},
	{"return 0x10", "int-form"},
	{"return 9223372036854775808", "int-large"},
	{"return b'x'", "bytes"},
	{"return [1, 2][0:1]", "slice"},
	{"return lambda x: x", "lambda"},
	{"while True:\n    pass", "while"},
	{"def g():\n    pass", "nested-function"},
	{"x = f", "function-value"},
	{"x = len", "name-taken"},
	{"len = 1", "name-taken"},
	{"license = 1", "name-taken"},
	{"return f(a)", "recursion"},
	{"return g(a)", "recursion"},
	{"return nothing(a)", "name"},
	{"return nothing", "name"},
	{"return sorted([1])", "name"},
	{"return 'a'.format(1)", "method"},
	{"return (a)(1)", "indirect-call"},
	{"return g(*[a])", "star"},
	{"return g(**{})", "star"},
	{"return g(x = a)", "named-argument"},
	{"return g()", "arguments"},
	{"return len()", "arguments"},
	{"return license()", "arguments"},
	{"return a.orders.append()", "arguments"},
	{"return [reject('x')]", "effect-field"},
	{"return [reject('x', cite = 'c', cite = 'd')]", "effect-field"},
	{"return [reject('x', reason = 'y', cite = 'd')]", "effect-field"},
	{"return [reject('x', why = 'y', cite = 'd')]", "effect-field"},
	{"return [reject(cite = 'd', 'x')]", "arguments"},
	{"reject('x', cite = 'd')\n  return []", "no-use"},
	{"1 + 1\n  return []", "no-use"},
	{"x = {k: 1 for k in a}", "comprehension"},
	{"a.x = 1", "assignment"},
	{"x *= 2", "operator"},
	{"x, (y, z) = a", "assignment"},
	{"load('x', 'y')", "load"},
	{"return 'é' + é", "name"},
	{"return '\u202e'", "character"},
	{"\treturn 1", "character"},
	{"return " + strings.Repeat("(", 62) + "1" + strings.Repeat(")", 62), "nesting"},
	{"return 1" + strings.Repeat("+1", 90), "nesting"},
	{"return \"\"\"" + strings.Repeat(strings.Repeat("x", 99)+"\n", 21) + `"""`, "text-long"},
}

// refusedSource puts a body into a function; of recursion, into one that another calls.
func refusedSource(body, rule string) string {
	other := "[]"
	if rule == "recursion" {
		other = "f(a)"
	}
	return "def f(a):\n  " + body + "\ndef g(a):\n  return " + other + "\n"
}

var refusedAtTop = []struct{ src, rule string }{
	{"X = len('a')", "constant"},
	{"X = Y\nY = 1", "constant"},
	{"X = 1\nX = 2", "name"},
	{"for x in []:\n  pass", "top-level"},
	{"X, Y = 1, 2", "constant"},
	{"if True:\n  X = 1", "top-level"},
	{"def f(a = 1):\n  return []", "parameter"},
	{"def f(*a):\n  return []", "parameter"},
	{"def len(a):\n  return []", "name-taken"},
	{"def reject(a):\n  return []", "name-taken"},
	{"X = 1 // 0", "constant"},
	{"x = '" + strings.Repeat("y", 300) + "'", "line-long"},
	{strings.Repeat("X = 1\n", 11_000), "source-long"},
	{"def f(a):\n  return []\ndef f(a):\n  return []", "name-twice"},
	{"X = 1\n\xff", "not-utf-8"},
	{"X = 1\r\n", "character"},
}

func TestProblems(t *testing.T) {
	for _, c := range refused {
		src := refusedSource(c.body, c.rule)
		p, problems := Check("f.star", []byte(src), testVocabulary)
		if p != nil || len(problems) == 0 || problems[0].Rule != c.rule {
			t.Errorf("%s\ngives %v, and not %s", src, problems, c.rule)
		}
	}
	for _, c := range refusedAtTop {
		if p, problems := Check("f.star", []byte(c.src), testVocabulary); p != nil || len(problems) == 0 || problems[0].Rule != c.rule {
			t.Errorf("%.80s\ngives %v, and not %s", c.src, problems, c.rule)
		}
	}
}
