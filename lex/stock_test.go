package lex

import (
	"os"
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"
)

// stockNames are the vocabulary's in stock Starlark, with days as numbers.
func stockNames() starlark.StringDict {
	names := starlark.StringDict{}
	licenses := map[string]starlark.Value{}
	for id, r := range testWorld() {
		licenses[id] = stockRecord(r)
	}
	add := func(name string, f func(args starlark.Tuple, kw []starlark.Tuple) starlark.Value) {
		names[name] = starlark.NewBuiltin(name, func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kw []starlark.Tuple) (starlark.Value, error) {
			return f(args, kw), nil
		})
	}
	add("license", func(args starlark.Tuple, _ []starlark.Tuple) starlark.Value {
		return licenses[string(args[0].(starlark.String))]
	})
	add("date", func(args starlark.Tuple, _ []starlark.Tuple) starlark.Value {
		y, _ := starlark.AsInt32(args[0])
		m, _ := starlark.AsInt32(args[1])
		d, _ := starlark.AsInt32(args[2])
		return starlark.MakeInt(int(day(int64(y), int64(m), int64(d))))
	})
	add("text", func(args starlark.Tuple, _ []starlark.Tuple) starlark.Value { return starlark.String(args[0].String()) })
	for _, e := range testVocabulary.Effects {
		add(e.Name, func(args starlark.Tuple, kw []starlark.Tuple) starlark.Value {
			d := starlark.NewDict(len(e.Fields))
			for i, a := range args {
				_ = d.SetKey(starlark.String(e.Fields[i].Name), a)
			}
			for _, k := range kw {
				_ = d.SetKey(k[0], k[1])
			}
			return d
		})
	}
	return names
}

func stockRecord(r *Record) starlark.Value {
	fields := starlark.StringDict{}
	for _, f := range r.Fields {
		switch v := f.Value.(type) {
		case string:
			fields[f.Name] = starlark.String(v)
		case int64:
			fields[f.Name] = starlark.MakeInt64(v)
		case Date:
			fields[f.Name] = starlark.MakeInt(int(v))
		}
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, fields)
}

// BenchmarkStock is what BenchmarkWarm and BenchmarkLoad are to be held against: the
// same rule in go.starlark.net. Its days are numbers, so that it makes no dates.
func BenchmarkStock(b *testing.B) {
	src := fees(b)
	names := stockNames()
	globals, err := starlark.ExecFileOptions(&syntax.FileOptions{}, &starlark.Thread{}, "fees.star", src, names)
	if err != nil {
		b.Fatal(err)
	}
	ctx, act := feesArgs()
	args := starlark.Tuple{stockRecord(ctx), stockRecord(act)}
	b.Run("warm", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v, err := starlark.Call(&starlark.Thread{}, globals["before_renewal"], args, nil)
			if err != nil || v.(*starlark.List).Len() != 2 {
				b.Fatal(v, err)
			}
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			if _, err := starlark.ExecFileOptions(&syntax.FileOptions{}, &starlark.Thread{}, "fees.star", src, names); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// fees is the rule of renewals with a year that is a number.
func fees(b *testing.B) []byte {
	src, err := os.ReadFile("testdata/renewal.star")
	if err != nil {
		b.Fatal(err)
	}
	out := strings.Replace(string(src), "year = day.year", "year = 2027", 1)
	if out == string(src) {
		b.Fatal("renewal.star has no year of a day")
	}
	return []byte(out)
}

func feesArgs() (ctx, act *Record) {
	return NewRecord("ctx", Field{"today", day(2026, 5, 1)}),
		NewRecord("act", Field{"license", "us-il.rn.1"}, Field{"hours", int64(20)}, Field{"fee", int64(8000)})
}

// BenchmarkLex is the same rule here.
func BenchmarkLex(b *testing.B) {
	src := fees(b)
	p := checked(b, "fees.star", string(src))
	ctx, act := feesArgs()
	w := testWorld()
	b.Run("warm", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if r := p.Call(Call{Function: "before_renewal", Args: []Value{ctx, act}, Host: w}); len(r.Effects) != 2 {
				b.Fatal(r.Fault)
			}
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			if p, problems := Check("fees.star", src, testVocabulary); p == nil {
				b.Fatal(problems)
			}
		}
	})
}
