package contract

import (
	"licet/lex"
	"licet/license"
)

// Parameters are the numbers, words and days of the law, apart from its rules: they
// change oftener, and by a lighter act.
type Parameters struct {
	V    int64       `json:"v,required"` // 1
	Rows []Parameter `json:"rows"`       // in order of their names
}

// A Parameter is a value by effective day.
type Parameter struct {
	Name        string  `json:"name,required"`
	Kind        string  `json:"kind,required"`
	Citation    string  `json:"citation"`
	Words       string  `json:"words,required"`
	Unconfirmed bool    `json:"unconfirmed"`
	Values      []Value `json:"values,required"` // in order of their days
}

// Kinds of parameters.
const (
	KindInt   = "int"
	KindText  = "text"
	KindDay   = "date"
	KindTexts = "texts"
)

// A Value holds from a day on, until the next one's.
type Value struct {
	From  license.Day `json:"from,required"`
	Int   int64       `json:"int"`
	Text  string      `json:"text"`
	Day   license.Day `json:"day"`
	Texts []string    `json:"texts"`
}

// Named returns a parameter, or nil.
func (p *Parameters) Named(name string) *Parameter {
	for i := range p.Rows {
		if p.Rows[i].Name == name {
			return &p.Rows[i]
		}
	}
	return nil
}

// On returns the value in force on a day, or nil where there is none yet.
func (p *Parameter) On(day license.Day) (in *Value) {
	for i := range p.Values {
		if p.Values[i].From <= day {
			in = &p.Values[i]
		}
	}
	return in
}

// lex returns the value as contracts compute with it.
func (p *Parameter) lex(v *Value) lex.Value {
	switch p.Kind {
	case KindInt:
		return v.Int
	case KindText:
		return v.Text
	case KindDay:
		return dateOrNone(v.Day)
	}
	return texts(v.Texts)
}
