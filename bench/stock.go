package main

import (
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"

	"licet/internal/contract"
	"licet/lex"
)

// Stock Starlark, with what contracts name besides the language: days that are added and
// compared, effects that are dicts, and answers from a tape. It counts its steps, as
// contracts must; it does not count memory, for which it has no means.

type stock struct {
	named   starlark.StringDict
	globals starlark.StringDict
	calls   []stockCall
	answers []starlark.Value // of the call under way
}

type stockCall struct {
	function starlark.Value
	args     starlark.Tuple
	answers  []starlark.Value
	effects  int
}

const stockSteps = 1_000_000

func newStock(source []byte, calls []playedCall) *stock {
	s := new(stock)
	s.named = s.names()
	s.globals = s.load(source)
	for _, c := range calls {
		x := stockCall{function: s.globals[c.function], effects: c.effects}
		for _, a := range c.args {
			x.args = append(x.args, stockValue(a))
		}
		for _, a := range c.answers {
			x.answers = append(x.answers, stockValue(a.value))
		}
		s.calls = append(s.calls, x)
	}
	return s
}

func (s *stock) load(source []byte) starlark.StringDict {
	thread := new(starlark.Thread)
	thread.SetMaxExecutionSteps(stockSteps)
	return must(starlark.ExecFileOptions(&syntax.FileOptions{}, thread, "rules.star", source, s.named))
}

// replay makes each call once.
func (s *stock) replay() {
	for i := range s.calls {
		c := &s.calls[i]
		s.answers = c.answers
		thread := new(starlark.Thread)
		thread.SetMaxExecutionSteps(stockSteps)
		n := 1 // an effect alone
		if l, ok := must(starlark.Call(thread, c.function, c.args, nil)).(*starlark.List); ok {
			n = l.Len()
		}
		if n != c.effects {
			panic(fmt.Sprintf("%v gives stock Starlark %d effects, and Lex %d", c.function, n, c.effects))
		}
	}
}

// names are the vocabulary's.
func (s *stock) names() starlark.StringDict {
	names := starlark.StringDict{}
	add := func(name string, f func(starlark.Tuple, []starlark.Tuple) starlark.Value) {
		names[name] = starlark.NewBuiltin(name, func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, named []starlark.Tuple) (starlark.Value, error) {
			return f(args, named), nil
		})
	}
	v := contract.Vocabulary()
	for _, f := range v.Functions {
		add(f.Name, func(starlark.Tuple, []starlark.Tuple) starlark.Value {
			a := s.answers[0]
			s.answers = s.answers[1:]
			return a
		})
	}
	for _, e := range v.Effects {
		add(e.Name, func(args starlark.Tuple, named []starlark.Tuple) starlark.Value {
			d := starlark.NewDict(len(e.Fields))
			for i, a := range args {
				check(d.SetKey(starlark.String(e.Fields[i].Name), a))
			}
			for _, k := range named {
				check(d.SetKey(k[0], k[1]))
			}
			return d
		})
	}
	add("text", func(args starlark.Tuple, _ []starlark.Tuple) starlark.Value {
		if t, ok := args[0].(starlark.String); ok {
			return t
		}
		return starlark.String(args[0].String())
	})
	add("date", func(args starlark.Tuple, _ []starlark.Tuple) starlark.Value {
		return civil(number64(args[0]), number64(args[1]), number64(args[2]))
	})
	add("add_months", func(args starlark.Tuple, _ []starlark.Tuple) starlark.Value {
		y, m, d := lex.Date(args[0].(stockDate)).Civil()
		at := y*12 + m - 1 + number64(args[1])
		for { // the last day of a shorter month
			if day, ok := lex.NewDate(at/12, at%12+1, d); ok {
				return stockDate(day)
			}
			d--
		}
	})
	return names
}

func number64(v starlark.Value) int64 {
	n, _ := v.(starlark.Int).Int64()
	return n
}

func civil(y, m, d int64) starlark.Value {
	day, ok := lex.NewDate(y, m, d)
	if !ok {
		panic("no such day")
	}
	return stockDate(day)
}

// stockValue is a value of contracts in stock Starlark.
func stockValue(v lex.Value) starlark.Value {
	switch v := v.(type) {
	case nil:
		return starlark.None
	case bool:
		return starlark.Bool(v)
	case int64:
		return starlark.MakeInt64(v)
	case string:
		return starlark.String(v)
	case lex.Date:
		return stockDate(v)
	case *lex.List:
		t := make(starlark.Tuple, len(v.Elems()))
		for i, x := range v.Elems() {
			t[i] = stockValue(x)
		}
		return t
	case *lex.Record:
		d := make(starlark.StringDict, len(v.Fields))
		for _, f := range v.Fields {
			d[f.Name] = stockValue(f.Value)
		}
		return starlarkstruct.FromStringDict(starlarkstruct.Default, d)
	}
	panic(fmt.Sprintf("no value of stock Starlark for %T", v))
}

// A stockDate is a day.
type stockDate lex.Date

func (d stockDate) String() string        { return lex.Date(d).String() }
func (d stockDate) Type() string          { return "date" }
func (d stockDate) Freeze()               {}
func (d stockDate) Truth() starlark.Bool  { return true }
func (d stockDate) Hash() (uint32, error) { return uint32(d), nil }
func (d stockDate) AttrNames() []string   { return []string{"day", "month", "year"} }

func (d stockDate) Attr(name string) (starlark.Value, error) {
	y, m, day := lex.Date(d).Civil()
	switch name {
	case "year":
		return starlark.MakeInt64(y), nil
	case "month":
		return starlark.MakeInt64(m), nil
	case "day":
		return starlark.MakeInt64(day), nil
	}
	return nil, nil
}

// CompareSameType puts earlier days first.
func (d stockDate) CompareSameType(op syntax.Token, other starlark.Value, _ int) (bool, error) {
	o := other.(stockDate)
	switch op {
	case syntax.EQL:
		return d == o, nil
	case syntax.NEQ:
		return d != o, nil
	case syntax.LT:
		return d < o, nil
	case syntax.LE:
		return d <= o, nil
	case syntax.GT:
		return d > o, nil
	}
	return d >= o, nil
}

// Binary adds days, and takes them away.
func (d stockDate) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	switch y := y.(type) {
	case starlark.Int:
		if op == syntax.MINUS && side == starlark.Left {
			return d - stockDate(number64(y)), nil
		}
		return d + stockDate(number64(y)), nil
	case stockDate:
		return starlark.MakeInt64(int64(d) - int64(y)), nil
	}
	return nil, nil
}
