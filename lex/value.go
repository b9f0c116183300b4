package lex

import "strconv"

// A Value is what programs compute with: nil (None), bool, int64, string, Date,
// *List, *Dict, *Record or *Effect.
type Value any

// A List is a list, or a tuple or a range, which never change.
type List struct {
	elems  []Value
	form   form
	frozen bool
	loops  int // under way over it; it must not change meanwhile
}

type form byte

const (
	aList form = iota
	aTuple
	aRange
)

// NewTuple makes a tuple.
func NewTuple(elems ...Value) *List { return &List{elems: elems, form: aTuple} }

// Elems returns what the list holds. It is not to be changed.
func (l *List) Elems() []Value { return l.elems }

// A Dict maps texts to values and keeps the order in which its keys came in.
type Dict struct {
	keys   []string
	values []Value
	at     map[string]int // never ranged over
	frozen bool
	loops  int
}

func newDict() *Dict { return &Dict{at: map[string]int{}} }

func (d *Dict) get(key string) (Value, bool) {
	i, ok := d.at[key]
	if !ok {
		return nil, false
	}
	return d.values[i], true
}

// A Field is a named value of a record.
type Field struct {
	Name  string
	Value Value
}

// A Record is what the caller lets a program see: a license, an order, a day's
// parameters. Programs read its fields and change nothing.
type Record struct {
	Kind   string
	Fields []Field
}

// NewRecord makes a record. Lists in it cannot be changed by programs.
func NewRecord(kind string, fields ...Field) *Record {
	for _, f := range fields {
		freeze(f.Value)
	}
	return &Record{kind, fields}
}

// Field returns a field's value.
func (r *Record) Field(name string) (Value, bool) {
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			return r.Fields[i].Value, true
		}
	}
	return nil, false
}

// An Effect is what a program intends. It changes nothing by itself.
type Effect struct {
	Name     string
	Values   []Value // in the order of the vocabulary's fields; nil: left away
	Line     int     // where the program made it
	Function string
	fields   []EffectField
}

// Value returns a field's value; nil when it was left away.
func (e *Effect) Value(field string) Value {
	for i, f := range e.fields {
		if f.Name == field {
			return e.Values[i]
		}
	}
	return nil
}

// freeze makes a value and all that it holds unchangeable.
func freeze(v Value) {
	switch v := v.(type) {
	case *List:
		if !v.frozen {
			v.frozen = true
			for _, e := range v.elems {
				freeze(e)
			}
		}
	case *Dict:
		if !v.frozen {
			v.frozen = true
			for _, e := range v.values {
				freeze(e)
			}
		}
	}
}

// kindOf names the kind of a value as error messages do.
func kindOf(v Value) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return "bool"
	case int64:
		return "int"
	case string:
		return "text"
	case Date:
		return "date"
	case *List:
		return [...]string{"list", "tuple", "range"}[v.form]
	case *Dict:
		return "dict"
	case *Record:
		return v.Kind
	case *Effect:
		return "effect " + strconv.Quote(v.Name)
	}
	return "unknown"
}
