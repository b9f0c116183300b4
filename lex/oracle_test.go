package lex

import (
	"fmt"
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
	"pgregory.net/rapid"
)

// What the language takes, stock Starlark takes too, and computes the same of it. Where
// Lex is stricter (bounds, kinds, numbers of 64 bits) it faults, and only there.
func TestAsStarlark(t *testing.T) {
	stricter := map[string]bool{WrongKind: true, Overflow: true, TooLong: true, OutOfSteps: true, OutOfMemory: true, TooManyEffects: true}
	ended, faulted := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		src := (&writer{t: t}).program()
		p, problems := Check("f.star", []byte(src), testVocabulary)
		if p == nil {
			t.Fatalf("%s\n%v", src, problems)
		}
		argument := rapid.Int64Range(-3, 9).Draw(t, "argument")
		r := run(p, "f", argument)
		if r.Fault != nil && stricter[r.Fault.Code] {
			return // where Lex stops, stock Starlark may take all of a machine's memory
		}
		theirs, err := stock(src, argument)
		switch {
		case r.Fault == nil && err != nil:
			t.Fatalf("%s\nStarlark fails: %v", src, err)
		case r.Fault == nil:
			ended++
			if ours := shown(r); ours != theirs {
				t.Fatalf("%s\ngives\n%s\nand Starlark\n%s", src, ours, theirs)
			}
		default:
			faulted++
			if err == nil {
				t.Fatalf("%s\nfaults with %v, and Starlark gives\n%s", src, r.Fault, theirs)
			}
		}
	})
	if ended == 0 || faulted == 0 {
		t.Errorf("%d programs ended, %d faulted: the comparison says little", ended, faulted)
	}
}

func shown(r Result) string {
	var b strings.Builder
	for _, e := range r.Effects {
		fmt.Fprintf(&b, "%s\n", e.Value("name"))
	}
	return b.String()
}

// stock runs the program in go.starlark.net.
func stock(src string, argument int64) (string, error) {
	text := starlark.NewBuiltin("text", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		if s, ok := args[0].(starlark.String); ok {
			return s, nil
		}
		return starlark.String(args[0].String()), nil
	})
	timer := starlark.NewBuiltin("set_timer", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		return args[1], nil
	})
	date := starlark.NewBuiltin("date", func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
		return starlark.None, nil
	})
	thread := &starlark.Thread{Name: "oracle"}
	thread.SetMaxExecutionSteps(10_000_000)
	globals, err := starlark.ExecFileOptions(&syntax.FileOptions{}, thread, "f.star", src, starlark.StringDict{"text": text, "set_timer": timer, "date": date})
	if err != nil {
		return "", err
	}
	v, err := starlark.Call(thread, globals["f"], starlark.Tuple{starlark.MakeInt64(argument)}, nil)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	it := starlark.Iterate(v)
	defer it.Done()
	for x := starlark.Value(nil); it.Next(&x); {
		s, _ := starlark.AsString(x)
		fmt.Fprintf(&b, "%s\n", s)
	}
	return b.String(), nil
}

// A writer writes programs whose names tell kinds: i0 an int, l0 a list of ints, d0 a
// dict of ints, t0 a text.
type writer struct {
	t     *rapid.T
	b     strings.Builder
	loops int
	left  int // statements
}

func (w *writer) pick(of ...string) string { return rapid.SampledFrom(of).Draw(w.t, "pick") }
func (w *writer) roll(n int) int           { return rapid.IntRange(0, n-1).Draw(w.t, "roll") }

func (w *writer) program() string {
	w.left = 14
	w.b.WriteString("C = [3, 1, 2]\nD = {'a': 1, 'b': 2}\ndef g(x):\n  x.append(7)\n  return len(x)\ndef f(i0):\n")
	w.b.WriteString("  i1 = 1\n  l0 = [1, 2, 3]\n  l1 = []\n  d0 = {'a': i0}\n  t0 = 'x'\n  out = []\n")
	for w.left > 0 {
		w.statement("  ", 3)
	}
	w.b.WriteString("  for x in [i0, i1, len(l0), len(l1), t0] + l0 + l1:\n    out.append(set_timer('l', text(x), date(2026, 1, 1)))\n")
	w.b.WriteString("  for k in d0:\n    out.append(set_timer('l', k + text(d0[k]), date(2026, 1, 1)))\n  return out\n")
	return w.b.String()
}

func (w *writer) line(in, format string, args ...any) {
	fmt.Fprintf(&w.b, in+format+"\n", args...)
}

func (w *writer) statement(in string, deep int) {
	w.left--
	n := w.roll(16)
	if deep == 0 {
		n = w.roll(11)
	}
	switch n {
	case 0, 1:
		w.line(in, "%s %s %s", w.pick("i0", "i1"), w.pick("=", "+=", "-="), w.number(2))
	case 2:
		w.line(in, "%s = %s", w.pick("l0", "l1"), w.list(2))
	case 3:
		w.line(in, "%s += %s", w.pick("l0", "l1"), w.list(1))
	case 4:
		w.line(in, "%s.append(%s)", w.pick("l0", "l1", "l1", "C"), w.number(1))
	case 5:
		w.line(in, "%s[%s] = %s", w.pick("d0", "d0", "D"), w.text(1), w.number(1))
	case 6:
		w.line(in, "%s[%s] = %s", w.pick("l0", "l1"), w.number(0), w.number(1))
	case 7:
		w.line(in, "t0 = %s", w.text(2))
	case 8:
		w.line(in, "i1 = g(%s)", w.pick("l0", "l1", "[1]"))
	case 9:
		if w.loops == 0 {
			w.line(in, "i0, i1 = i1, %s", w.number(1))
		} else {
			w.line(in, w.pick("break", "continue", "pass"))
		}
	case 10:
		w.line(in, "if %s:\n%s  i9 = 1\n%si0 = %s", w.truth(1), in, in, w.pick("i9", "i0", "i0"))
	case 11, 12:
		w.line(in, "if %s:", w.truth(2))
		w.statement(in+"  ", deep-1)
		w.line(in, "else:")
		w.statement(in+"  ", deep-1)
	default:
		w.line(in, "for %s in %s:", w.pick("i0", "i1", "i2"), w.pick("l0", "l1", "C", "range(3)", "[i0, i1]", "l0 + l1"))
		w.loops++
		w.statement(in+"  ", deep-1)
		w.statement(in+"  ", deep-1)
		w.loops--
	}
}

func (w *writer) number(deep int) string {
	if deep == 0 {
		return w.pick("0", "1", "-1", "2", "i0", "i1", "7")
	}
	switch w.roll(10) {
	case 0, 1, 2:
		return w.number(0)
	case 3, 4:
		return fmt.Sprintf("(%s %s %s)", w.number(deep-1), w.pick("+", "-", "*", "//", "%"), w.number(deep-1))
	case 5:
		return "-" + w.number(0)
	case 6:
		return fmt.Sprintf("%s[%s]", w.pick("l0", "l1", "C", "(5, 6)"), w.number(0))
	case 7:
		return fmt.Sprintf("%s.get(%s, %s)", w.pick("d0", "D"), w.text(0), w.number(0))
	case 8:
		return fmt.Sprintf("(%s if %s else %s)", w.number(deep-1), w.truth(deep-1), w.number(deep-1))
	}
	return w.pick("len(l0)", "len(d0)", "max(i0, i1)", "min(i0, i1, 3)", "d0['a']", "D['b']", "len(d0.items())")
}

func (w *writer) truth(deep int) string {
	if deep == 0 {
		return w.pick("True", "False", "i0 < i1", "1 in l0", "'a' in d0")
	}
	switch w.roll(6) {
	case 0:
		return "not " + w.truth(deep-1)
	case 1:
		return fmt.Sprintf("(%s %s %s)", w.truth(deep-1), w.pick("and", "or"), w.truth(deep-1))
	case 2:
		return fmt.Sprintf("(%s %s %s)", w.list(0), w.pick("==", "!="), w.list(0))
	case 3:
		return fmt.Sprintf("(%s %s %s)", w.text(1), w.pick("==", "<", ">=", "!="), w.text(1))
	case 4:
		return fmt.Sprintf("(%s %s %s)", w.number(deep-1), w.pick("in", "not in"), w.list(0))
	}
	return fmt.Sprintf("(%s %s %s)", w.number(deep-1), w.pick("<", "<=", ">", ">=", "==", "!="), w.number(deep-1))
}

func (w *writer) list(deep int) string {
	if deep == 0 {
		return w.pick("l0", "l1", "C", "[]", "[1, 2]")
	}
	switch w.roll(5) {
	case 0:
		return fmt.Sprintf("[%s, %s]", w.number(deep-1), w.number(deep-1))
	case 1:
		return fmt.Sprintf("%s + %s", w.list(0), w.list(0))
	case 2:
		return fmt.Sprintf("[%s for i2 in %s if %s]", w.pick("i2", "i2 * 2", "i0 - i2", "i2 // i1"), w.list(0), w.pick("i2 > 0", "i2 != i0", "True"))
	case 3:
		return w.pick("d0.values()", "D.values()", "[i for i in range(4)]", "[i for i in range(2, 5)]")
	}
	return w.list(0)
}

func (w *writer) text(deep int) string {
	if deep == 0 {
		return w.pick("'a'", "'b'", "t0", "'ab'")
	}
	switch w.roll(3) {
	case 0:
		return fmt.Sprintf("(%s + %s)", w.text(0), w.text(0))
	case 1:
		return fmt.Sprintf("text(%s)", w.number(0))
	}
	return w.text(0)
}
