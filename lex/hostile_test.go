package lex

import (
	"fmt"
	"math"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// long is a text of 2,000 bytes.
var long = `"""` + strings.Repeat(strings.Repeat("x", 99)+"\n", 20) + `"""`

// Hostile programs: each is refused, or stopped within the bounds. "" means that it
// may end by itself.
var hostile = []struct{ name, src, code string }{
	{"range of a thousand million", "def f(c):\n  n = 0\n  for i in range(1000000000):\n    n = n + 1\n  return []", TooLong},
	{"range of all numbers", "def f(c):\n  return range(-9223372036854775807, 9223372036854775807)", TooLong},
	{"range of range", "def f(c):\n  return [range(4096) for i in range(4096)]", OutOfMemory},
	{"three loops", "def f(c):\n  n = 0\n  for i in range(4096):\n    for j in range(4096):\n      for k in range(4096):\n        n += 1\n  return []", OutOfSteps},
	{"empty loops", "def f(c):\n  for i in range(4096):\n    for j in range(4096):\n      pass\n  return []", OutOfSteps},
	{"text times number", "def f(c):\n  return 'x' * 1000000000", WrongKind},
	{"list times number", "def f(c):\n  return [0] * 100000000", WrongKind},
	{"shift", "def f(c):\n  return 1 << 511", "operator"},
	{"power", "def f(c):\n  return 2 ** 511", "syntax"},
	{"square", "def f(c):\n  x = 3\n  for i in range(100):\n    x = x * x\n  return []", Overflow},
	{"least number negated", "def f(c):\n  x = -9223372036854775807 - 1\n  return -x", Overflow},
	{"least number divided", "def f(c):\n  x = -9223372036854775807 - 1\n  return x // -1", Overflow},
	{"text doubled", "def f(c):\n  s = 'x'\n  for i in range(40):\n    s = s + s\n  return []", TooLong},
	{"text grown", "def f(c):\n  s = ''\n  for i in range(4096):\n    s += 'x'\n  return []", OutOfMemory},
	{"list doubled", "def f(c):\n  s = [0]\n  for i in range(40):\n    s = s + s\n  return []", TooLong},
	{"list grown by itself", "def f(c):\n  s = [0]\n  for i in range(40):\n    s += s\n  return []", TooLong},
	{"tuple doubled", "def f(c):\n  s = (0,)\n  for i in range(40):\n    s = s + s\n  return []", TooLong},
	{"appended while looped", "def f(c):\n  s = [0]\n  for i in s:\n    s.append(s)\n  return []", ChangedInLoop},
	{"appended by another name", "def g(s):\n  s.append(1)\n  return s\ndef f(c):\n  s = [0]\n  for i in s:\n    g(s)\n  return []", ChangedInLoop},
	{"appended in a comprehension", "def f(c):\n  s = [0]\n  return [s.append(i) for i in s]", ChangedInLoop},
	{"a list in itself", "def f(c):\n  s = []\n  s.append(s)\n  return s == s", TooDeep},
	{"a list in itself, looked in", "def f(c):\n  s = []\n  s.append(s)\n  return [1] in s", ""},
	{"two lists in each other", "def f(c):\n  a = []\n  b = [a]\n  a.append(b)\n  return a == b", TooDeep},
	{"a dict in itself", "def f(c):\n  d = {}\n  d['x'] = d\n  return [d == 1]", NotEffects},
	{"sorted", "def f(c):\n  return sorted([1])", "name"},
	{"str", "def f(c):\n  return str(c)", "name"},
	{"format", "def f(c):\n  return '{}'.format(c)", "method"},
	{"join", "def f(c):\n  return ','.join([])", "method"},
	{"replace", "def f(c):\n  return 'x'.replace('x', 'xx')", "method"},
	{"split", "def f(c):\n  return 'x'.split('x')", "method"},
	{"percent", "def f(c):\n  return '%s' % c", WrongKind},
	{"getattr", "def f(c):\n  return getattr(c, 'x')", "name"},
	{"hash", "def f(c):\n  return hash('x')", "name"},
	{"print", "def f(c):\n  print('x')\n  return []", "name"},
	{"fail", "def f(c):\n  fail('x')\n  return []", "name"},
	{"equality of a graph, wide", "def mk():\n  a = [1 for i in range(64)]\n  for i in range(6):\n    a = [a for i in range(64)]\n  return a\ndef f(c):\n  return mk() == mk()", OutOfSteps},
	{"equality of a graph, deep", "def mk():\n  a = [1, 1]\n  for i in range(40):\n    a = [a, a]\n  return a\ndef f(c):\n  return mk() == mk()", TooDeep},
	{"looking into lists of lists", "def f(c):\n  a = [[i for i in range(60)] for j in range(200)]\n  n = 0\n  for i in range(4096):\n    if [1] in a:\n      n += 1\n  return []", OutOfSteps},
	{"texts kept", "def f(c):\n  s = " + long + "\n  o = []\n  for i in range(4000):\n    o.append(s + 'y')\n  return []", OutOfMemory},
	{"dict filled", "def f(c):\n  d = {}\n  for i in range(4000):\n    for j in range(4000):\n      d[text(i)] = [d, d, d, d, d, d, d, d, d, d, d, d]\n  return []", OutOfMemory},
	{"dict of one bucket", "def f(c):\n  d = {}\n  for i in range(4096):\n    d[" + long + " + text(i)] = i\n  return []", OutOfMemory},
	{"items of items", "def f(c):\n  d = {}\n  for i in range(1000):\n    d[text(i)] = i\n  for i in range(1000):\n    d.items()\n  return []", OutOfMemory},
	{"keys of keys", "def f(c):\n  d = {'a': 1}\n  for i in range(4096):\n    for j in range(4096):\n      d.keys()\n  return []", OutOfMemory},
	{"recursion", "def f(c):\n  return f(c)", "recursion"},
	{"recursion of two", "def g(c):\n  return f(c)\ndef f(c):\n  return g(c)", "recursion"},
	{"calls that fan out", "def g0(c):\n  return 1\n" + fan(14) + "def f(c):\n  return g14(c)", OutOfSteps},
	{"calls too deep", "def g0(c):\n  return 1\n" + fan(30) + "def f(c):\n  return g30(c)", TooDeep},
	{"functions as values", "def f(c):\n  return (lambda x: x(x))(lambda x: x(x))", "indirect-call"},
	{"a function in a list", "def g(c):\n  return 1\ndef f(c):\n  return [g][0](c)", "indirect-call"},
	{"float", "def f(c):\n  return 0.1 + 0.2", "float"},
	{"fraction", "def f(c):\n  return 1 / 3", "operator"},
	{"exponent", "def f(c):\n  return 1e300", "float"},
	{"while", "def f(c):\n  while True:\n    pass", "while"},
	{"parentheses", "def f(c):\n  return " + strings.Repeat("(", 30000) + "1" + strings.Repeat(")", 30000), "line-long"},
	{"brackets", "def f(c):\n  return " + strings.Repeat("[", 30000) + strings.Repeat("]", 30000), "line-long"},
	{"minus signs", "def f(c):\n  return " + strings.Repeat("-", 60000) + "1", "line-long"},
	{"nots", "def f(c):\n  return " + strings.Repeat("not ", 15000) + "True", "line-long"},
	{"terms", "def f(c):\n  return 1" + strings.Repeat("+1", 20000), "line-long"},
	{"dots", "def f(c):\n  return c" + strings.Repeat(".x", 20000), "line-long"},
	{"calls in calls", "def f(c):\n  return " + strings.Repeat("len(", 900) + "c" + strings.Repeat(")", 900), "line-long"},
	{"elements of elements", "def f(c):\n  return c" + strings.Repeat("[0]", 20000), "line-long"},
	{"arguments", "def f(c):\n  return max(" + strings.Repeat("1,", 20000) + "1)", "line-long"},
	{"a list of numbers", "X = [" + strings.Repeat("1,", 30000) + "1]", "line-long"},
	{"functions", strings.Repeat("def f(c):\n  return 1\n", 2000), "name-twice"},
	{"indented", indented(120), "nesting"},
	{"elif", "def f(c):\n  if c == 1:\n    pass\n" + strings.Repeat("  elif c == 1:\n    pass\n", 1500) + "  return 1", "nesting"},
	{"clauses", "def f(c):\n  return [1 " + strings.Repeat("for i in range(4096) ", 8) + "]", TooLong},
	{"parentheses, line by line", "X = " + strings.Repeat("(\n", 20000) + "1" + strings.Repeat(")", 100), "syntax"},
	{"terms, line by line", "def f(c):\n  return (1" + strings.Repeat("+1\n", 20000) + ")", "nesting"},
	{"numbers, line by line", "X = [" + strings.Repeat("1,\n", 20000) + "1]", "source-long"},
	{"a large source", "x = '" + strings.Repeat("y", 6<<20) + "'", "source-long"},
	{"a large comment", strings.Repeat(strings.Repeat("#", 127)+"\n", 512), ""},
	{"a large number", "X = " + strings.Repeat("9", 60000), "line-long"},
	{"a comprehension", "def f(c):\n  return [[j for j in range(4096)] for i in range(4096)]", OutOfMemory},
	{"a field that is not there", "def f(c):\n  return c.nope", NoField},
	{"licenses in a loop", "def f(c):\n  n = 0\n  for i in range(4096):\n    for l in licenses_of('doctor'):\n      n += len(l.id)\n  return []", OutOfSteps},
	{"a license that is not there", "def f(c):\n  return license('x' + text(1))", NotFound},
	{"texts compared", "def f(c):\n  s = " + long + "\n  t = " + long + "\n  n = 0\n  for i in range(4096):\n    for j in range(100):\n      if s == t:\n        n += 1\n  return []", OutOfSteps},
	{"effects without end", "def f(c):\n  return [set_timer('l', text(i), date(2026, 1, 1)) for i in range(4096)]", OutOfMemory},
	{"effects kept elsewhere", "def f(c):\n  x = [set_timer('l', 'n', date(2026, 1, 1)) for i in range(300)]\n  return x", TooManyEffects},
	{"a constant changed", "L = [1]\ndef f(c):\n  L.append(2)\n  return []", Frozen},
	{"a constant's part changed", "L = [[1]]\ndef f(c):\n  L[0].append(2)\n  return []", Frozen},
	{"the last day", "def f(c):\n  return date(9999, 12, 31) + 4000000", Overflow},
	{"months without end", "def f(c):\n  return add_months(date(2026, 1, 1), 9223372036854775807)", Overflow},
	{"another alphabet", "def f(c):\n  return сс", "character"},
	{"hidden direction", "def f(c):\n  # \u202e\n  return []", "character"},
	{"a null", "def f(c):\n  return '\x00'", "character"},
}

func fan(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "def g%d(c):\n  return g%d(c) + g%d(c) + g%d(c)\n", i, i-1, i-1, i-1)
	}
	return b.String()
}

func indented(n int) string {
	var b strings.Builder
	b.WriteString("def f(c):\n")
	for i := range n {
		b.WriteString(strings.Repeat(" ", i+1) + "if True:\n")
	}
	return b.String() + strings.Repeat(" ", n+1) + "pass\n"
}

// attempt checks and calls a program, and says how that ended.
func attempt(src string) (code string, steps, bytes int64) {
	p, problems := Check("h.star", []byte(src), testVocabulary)
	if p == nil {
		return problems[0].Rule, 0, 0
	}
	if p.functions["f"] == nil {
		return "", 0, 0
	}
	r := run(p, "f", NewRecord("ctx", Field{"today", day(2026, 1, 1)}))
	if r.Fault != nil {
		code = r.Fault.Code
	}
	return code, r.Steps, r.Bytes
}

func TestHostile(t *testing.T) {
	const oneStep = (elementBytes + numberBytes) * ListMax // what the last operation may charge above the bounds
	var slowest time.Duration
	for _, h := range hostile {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		code, steps, bytes := attempt(h.src)
		slowest = max(slowest, time.Since(began))
		runtime.ReadMemStats(&after)
		if code != h.code && h.code != "" {
			t.Errorf("%s: %q, and not %q", h.name, code, h.code)
		}
		if steps > DefaultBounds.Steps+oneStep/bytesPerStep || bytes > DefaultBounds.Bytes+oneStep {
			t.Errorf("%s: %d steps, %d bytes", h.name, steps, bytes)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > bytesMost {
			t.Errorf("%s allocates %d bytes", h.name, n)
		}
	}
	t.Logf("%d programs, the slowest %v", len(hostile), slowest)
	if !testing.Short() {
		for _, h := range hostile {
			checkMachine(t, h.src)
		}
	}
}

// What a program may take of a machine, whatever it is: time of one core, and bytes that
// are allocated in all. The best of many tries tells what the program takes, where others
// use the machine too.
const (
	timeMost  = 10 * time.Millisecond
	bytesMost = 8 << 20
)

func checkMachine(t *testing.T, src string) {
	t.Helper()
	const tries = 100
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	took, bytes := time.Duration(math.MaxInt64), uint64(math.MaxUint64)
	for range tries {
		metrics.Read(allocated)
		before, began := allocated[0].Value.Uint64(), time.Now()
		attempt(src)
		took = min(took, time.Since(began))
		metrics.Read(allocated)
		if bytes = min(bytes, allocated[0].Value.Uint64()-before); took <= timeMost && bytes <= bytesMost {
			return
		}
	}
	t.Fatalf("%q takes %v and %d bytes; %v and %d are the most", src, took, bytes, timeMost, bytesMost)
}

// Whatever the source: an answer within the bounds, twice the same, within what a program
// may take of a machine, and no mistake of this package.
func FuzzSource(f *testing.F) {
	for _, h := range hostile {
		if len(h.src) < 4_000 {
			f.Add(h.src)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		code, steps, bytes := attempt(src)
		if code == Internal {
			t.Fatalf("internal: %q", src)
		}
		if again, s, b := attempt(src); again != code || s != steps || b != bytes {
			t.Fatalf("%q %d %d, and then %q %d %d", code, steps, bytes, again, s, b)
		}
		if !testing.Short() { // also run on machines that are imitated, which are slow
			checkMachine(t, src)
		}
	})
}
