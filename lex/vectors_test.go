package lex

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write docs/spec/vectors/lex-1.jsonl anew; only while lex/1 is not adopted anywhere")

// A vector is a line of docs/spec/vectors/lex-1.jsonl (docs/spec/lex-1.md, section 8).
type vector struct {
	Name     string          `json:"name"`
	Source   string          `json:"source"`
	Problems []vectorProblem `json:"problems,omitempty"`
	Licenses []vectorValue   `json:"licenses,omitempty"`
	Function string          `json:"function,omitempty"`
	Args     []vectorValue   `json:"args,omitempty"`
	Effects  []vectorEffect  `json:"effects,omitempty"`
	Fault    string          `json:"fault,omitempty"`
	Line     int             `json:"line,omitempty"`
	Steps    int64           `json:"steps,omitempty"`
	Bytes    int64           `json:"bytes,omitempty"`
}

type vectorProblem struct {
	Line int    `json:"line,omitempty"`
	Rule string `json:"rule"`
}

type vectorEffect struct {
	Name     string        `json:"name"`
	Line     int           `json:"line"`
	Function string        `json:"function"`
	Values   []vectorValue `json:"values"`
}

type vectorValue struct {
	Int    *int64        `json:"int,omitempty"`
	Text   *string       `json:"text,omitempty"`
	Bool   *bool         `json:"bool,omitempty"`
	Date   string        `json:"date,omitempty"`
	Tuple  []vectorValue `json:"tuple,omitempty"`
	Record string        `json:"record,omitempty"`
	Fields []vectorField `json:"fields,omitempty"`
}

type vectorField struct {
	Name  string      `json:"name"`
	Value vectorValue `json:"value"`
}

func valueOf(v Value) (out vectorValue) {
	switch v := v.(type) {
	case int64:
		out.Int = &v
	case string:
		out.Text = &v
	case bool:
		out.Bool = &v
	case Date:
		out.Date = v.String()
	case *List:
		out.Tuple = valuesOf(v.elems)
	case *Record:
		out.Record = v.Kind
		for _, f := range v.Fields {
			out.Fields = append(out.Fields, vectorField{f.Name, valueOf(f.Value)})
		}
	}
	return out
}

func valuesOf(vs []Value) (out []vectorValue) {
	for _, v := range vs {
		out = append(out, valueOf(v))
	}
	return out
}

// vectorOf checks and calls a source.
func vectorOf(name, source, function string, args ...Value) vector {
	v := vector{Name: name, Source: source}
	p, problems := Check(name, []byte(source), testVocabulary)
	for _, x := range problems {
		v.Problems = append(v.Problems, vectorProblem{x.Line, x.Rule})
	}
	if p == nil {
		return v
	}
	r := run(p, function, args...)
	v.Function, v.Args, v.Steps, v.Bytes = function, valuesOf(args), r.Steps, r.Bytes
	if r.Fault != nil {
		v.Fault, v.Line = r.Fault.Code, r.Fault.Line
	}
	for _, e := range r.Effects {
		v.Effects = append(v.Effects, vectorEffect{e.Name, e.Line, e.Function, valuesOf(e.Values)})
	}
	return v
}

// computed shows expressions by the texts of timers.
var computed = []string{
	"7 // 2", "-7 // 2", "7 // -2", "7 % 3", "-7 % 3", "7 % -3", "9223372036854775807 - 1", "-9223372036854775807 - 1", "2 * -3",
	"len('§')", "len([1, 2])", "len({'a': 1})", "max(1, 3, 2)", "min(a.day, date(2026, 1, 1))", "date(2024, 2, 29)", "date(2026, 5, 31) + 1",
	"date(2026, 3, 1) - 1", "date(2026, 3, 1) - date(2024, 3, 1)", "add_months(date(2026, 1, 31), 1)", "add_months(date(2024, 2, 29), 12)",
	"add_months(date(2026, 1, 31), -3)", "a.day.year", "a.day.month", "a.day.day", "a.day.weekday", "date(1, 1, 1).weekday", "date(9999, 12, 31)",
	"[1, 2, 3][-1]", "(1, 2)[0]", "{'a': 1, 'b': 2}['b']", "{'a': 1}.get('c', 5)", "len({'b': 1, 'a': 2}.keys())", "{'b': 1, 'a': 2}.keys()[0]",
	"{'b': 1, 'a': 2}.items()[1][0]", "1 if [1, 2] == [1, 2] else 0", "1 if (1,) == [1] else 0", "1 if 1 == True else 0", "1 if None == None else 0",
	"1 if 'a' in {'a': 1} else 0", "1 if 2 not in range(2) else 0", "1 if 'ab' < 'b' else 0", "1 if 'abc'.startswith('ab') and not 'abc'.endswith('ab') else 0",
	"len([x * y for x in range(1, 4) for y in range(x) if y != 1])", "len(range(3, 1))", "[1] + [2, 3] == [1, 2, 3] and 1 or 0",
}

func vectors(t *testing.T) (vs []vector) {
	today := NewRecord("ctx", Field{"today", day(2026, 5, 1)})
	renewal := func(hours, fee int64) *Record {
		return NewRecord("act", Field{"license", "us-il.rn.1"}, Field{"hours", hours}, Field{"fee", fee})
	}
	order := func(license, action string) *Record {
		return NewRecord("order", Field{"id", "o2"}, Field{"license", license}, Field{"action", action}, Field{"principal", "us-il.md.1"})
	}
	source := func(name string) string {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	vs = append(
		vs,
		vectorOf("a renewal", source("renewal.star"), "before_renewal", today, renewal(20, 8000)),
		vectorOf("a renewal without its hours", source("renewal.star"), "before_renewal", today, renewal(19, 8000)),
		vectorOf("a renewal without its fee", source("renewal.star"), "before_renewal", today, renewal(20, 7999)),
		vectorOf("a function that is not there", source("renewal.star"), "after_renewal", today),
		vectorOf("a revocation by the state of principal license", source("compact.star"), "on_order", today, order("us-il.md.1", "revocation")),
		vectorOf("a suspension by another state", source("compact.star"), "on_order", today, order("us-wi.md.1", "suspension")),
		vectorOf("a reprimand", source("compact.star"), "on_order", today, order("us-wi.md.1", "reprimand")),
	)
	for _, id := range []string{"us-il.rn.1", "us-il.md.1", "us-wi.md.1", "us-mn.md.1", "us-ia.md.1"} {
		vs[0].Licenses = append(vs[0].Licenses, valueOf(testWorld()[id]))
	}
	for _, x := range computed {
		src := "def f(a):\n  return [set_timer('l', text(" + x + "), a.day)]\n"
		vs = append(vs, vectorOf("computed: "+x, src, "f", NewRecord("act", Field{"day", day(2026, 11, 23)})))
	}
	for _, c := range faults {
		vs = append(vs, vectorOf("fault: "+c.body, faulty(c.body), "f", faultyArgument()))
	}
	for _, c := range refused {
		vs = append(vs, vectorOf("refused: "+c.rule+": "+c.body, refusedSource(c.body, c.rule), ""))
	}
	for _, c := range refusedAtTop {
		vs = append(vs, vectorOf("refused: "+c.rule+": "+c.src, c.src, ""))
	}
	for _, h := range hostile {
		if len(h.src) < 10_000 {
			vs = append(vs, vectorOf("hostile: "+h.name, h.src, "f", NewRecord("ctx", Field{"today", day(2026, 1, 1)})))
		}
	}
	return vs
}

// TestVectors pins what lex/1 is.
func TestVectors(t *testing.T) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	names := map[string]bool{}
	for _, v := range vectors(t) {
		if len(v.Source) > 10_000 || v.Source != string(bytes.ToValidUTF8([]byte(v.Source), nil)) {
			continue // they say the same as shorter ones, and are no JSON
		}
		v.Name = fmt.Sprintf("%.60s", v.Name)
		for names[v.Name] {
			v.Name += "'"
		}
		names[v.Name] = true
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	const path = "../docs/spec/vectors/lex-1.jsonl"
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := bytes.Split(b.Bytes(), []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range max(len(ours), len(theirs)) {
		if i >= len(ours) || i >= len(theirs) || !bytes.Equal(ours[i], theirs[i]) {
			t.Fatalf("lex-1.jsonl differs from line %d on. lex/1 is never changed: another behavior is another edition", i+1)
		}
	}
}
