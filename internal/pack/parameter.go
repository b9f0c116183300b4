package pack

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"licet/internal/contract"
	"licet/license"
)

// parameterTOML is a table of parameters.toml.
type parameterTOML struct {
	Citation    string      `toml:"citation"`
	Words       string      `toml:"words"`
	Unconfirmed bool        `toml:"unconfirmed"`
	Values      []valueTOML `toml:"values"`
}

type valueTOML struct {
	From  toml.LocalDate `toml:"from"`
	Value any            `toml:"value"` // an int, a text, a date, a list of texts
}

func (l *loader) parameters() (ps contract.Parameters) {
	t := map[string]parameterTOML{}
	if !l.toml(parametersFile, l.read(parametersFile, contract.ParametersBytesMax, false), &t) {
		return ps
	}
	ps.V = 1
	for _, name := range slices.Sorted(maps.Keys(t)) {
		row := t[name]
		p := contract.Parameter{Name: name, Citation: row.Citation, Words: row.Words, Unconfirmed: row.Unconfirmed}
		for _, v := range row.Values {
			value, kind := valueOf(v)
			if p.Kind == "" {
				p.Kind = kind
			}
			if kind == "" {
				l.add(Problem{File: parametersFile, Line: lineOf(l.texts[parametersFile], name), Rule: "values", Reason: fmt.Sprintf("A value of %s is no integer, text, date or list of texts.", name), Instead: "Write numbers without fractions: cents, days, hours."})
			}
			p.Values = append(p.Values, value)
		}
		ps.Rows = append(ps.Rows, p)
	}
	return ps
}

func valueOf(t valueTOML) (v contract.Value, kind string) {
	v.From = license.Day(t.From.String())
	switch x := t.Value.(type) {
	case int64:
		v.Int = x
		return v, contract.KindInt
	case string:
		v.Text = x
		return v, contract.KindText
	case toml.LocalDate:
		v.Day = license.Day(x.String())
		return v, contract.KindDay
	case []any:
		for _, e := range x {
			s, ok := e.(string)
			if !ok {
				return v, ""
			}
			v.Texts = append(v.Texts, s)
		}
		return v, contract.KindTexts
	}
	return v, ""
}
