package lex

import (
	"os"
	"testing"
)

// A world is what test programs read.
type world map[string]*Record

var testVocabulary = &Vocabulary{
	Functions: []Function{
		{Name: "license", Params: []string{"id"}, Call: func(h Host, args []Value) (Value, Cost, *Fault) {
			cost := Cost{50, 256}
			id, ok := args[0].(string)
			if !ok {
				return nil, cost, &Fault{Code: WrongKind, Text: "license takes a text."}
			}
			r := h.(world)[id]
			if r == nil {
				return nil, cost, &Fault{Code: NotFound, Text: "There is no license " + id + "."}
			}
			return r, cost, nil
		}},
		{Name: "licenses_of", Params: []string{"holder"}, Call: func(h Host, args []Value) (Value, Cost, *Fault) {
			w := h.(world)
			var found []Value
			for _, id := range []string{"us-il.rn.1", "us-il.md.1", "us-wi.md.1", "us-mn.md.1", "us-ia.md.1"} {
				if holder, _ := w[id].Field("holder"); holder == args[0] {
					found = append(found, w[id])
				}
			}
			n := int64(len(found))
			return NewTuple(found...), Cost{50 * (1 + n), 256 * n}, nil
		}},
	},
	Effects: []EffectKind{
		{"set_lifecycle", []EffectField{{"license", "text", false}, {"status", "text", false}, {"cite", "text", false}}},
		{"set_term", []EffectField{{"license", "text", false}, {"start", "date", false}, {"through", "date", true}, {"cite", "text", false}}},
		{"impose", []EffectField{{"license", "text", false}, {"order", "text", false}, {"authority", "text", false}, {"until", "date", true}, {"reason", "text", true}, {"cite", "text", false}}},
		{"lift", []EffectField{{"license", "text", false}, {"order", "text", false}, {"cite", "text", false}}},
		{"set_timer", []EffectField{{"license", "text", false}, {"name", "text", false}, {"day", "date", false}}},
		{"reject", []EffectField{{"reason", "text", false}, {"cite", "text", false}}},
	},
}

func day(y, m, d int64) Date {
	x, ok := NewDate(y, m, d)
	if !ok {
		panic("no such day")
	}
	return x
}

func testWorld() world {
	w := world{}
	add := func(id, holder, compact string, through Date) {
		w[id] = NewRecord("license", Field{"id", id}, Field{"holder", holder}, Field{"compact", compact},
			Field{"through", through}, Field{"lifecycle", "active"}, Field{"orders", NewTuple("o-1")})
	}
	add("us-il.rn.1", "nurse", "", day(2026, 5, 31))
	for _, s := range []string{"il", "wi", "mn", "ia"} {
		add("us-"+s+".md.1", "doctor", "imlc", day(2027, 1, 1))
	}
	return w
}

func program(t testing.TB, name string) *Program {
	src, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return checked(t, name, string(src))
}

func checked(t testing.TB, name, src string) *Program {
	p, problems := Check(name, []byte(src), testVocabulary)
	for _, x := range problems {
		t.Errorf("%s: %v", name, x)
	}
	if p == nil {
		t.FailNow()
	}
	return p
}

func run(p *Program, function string, args ...Value) Result {
	return p.Call(Call{Function: function, Args: args, Host: testWorld()})
}
