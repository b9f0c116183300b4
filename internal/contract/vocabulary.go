package contract

import (
	"strings"

	"licet/lex"
	"licet/license"
)

// vocabulary is what contracts may name besides the language. It is fixed with this
// edition of the state machine: another would stand beside it.
var vocabulary = &lex.Vocabulary{Functions: []lex.Function{
	{Name: "license", Params: []string{"id"}, Call: readLicense},
	{Name: "linked", Params: []string{"id"}, Call: readLinked},
	{Name: "standing", Params: []string{"id", "day"}, Call: readStanding},
	{Name: "facts", Params: []string{"id", "code"}, Call: readFacts},
	{Name: "imposed", Params: []string{"id", "order"}, Call: readImposed},
	{Name: "action", Params: []string{"document"}, Call: readAction},
	{Name: "parameter", Params: []string{"name", "day"}, Call: readParameter},
}, Effects: effects}

// Vocabulary returns what contracts may name besides the language. It is not to be changed.
func Vocabulary() *lex.Vocabulary { return vocabulary }

// Costs of reading, in steps and bytes.
const (
	readSteps, readBytes = 50, 256 // a record
	rowSteps, rowBytes   = 10, 128 // a row within it
)

func cost(records, rows int) lex.Cost {
	return lex.Cost{Steps: int64(readSteps*records + rowSteps*rows), Bytes: int64(readBytes*records + rowBytes*rows)}
}

func wrongKind(text string) *lex.Fault { return &lex.Fault{Code: lex.WrongKind, Text: text} }

// found reads the license that the first argument names.
func found(h lex.Host, args []lex.Value) (*run, string, *license.License, *lex.Fault) {
	r := h.(*run)
	id, ok := args[0].(string)
	if !ok {
		return r, "", nil, wrongKind("A license is named by its id, a text.")
	}
	l := r.license(id)
	if l == nil {
		return r, id, nil, &lex.Fault{Code: lex.NotFound, Text: "There is no license " + id + "."}
	}
	return r, id, l, nil
}

func rowsOf(l *license.License) int { return len(l.Terms) + len(l.Lifecycles) + len(l.Orders) }

func readLicense(h lex.Host, args []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
	r, id, l, f := found(h, args)
	if f != nil {
		return nil, cost(1, 0), f
	}
	return r.licenseRecord(id, l, r.call.Trigger.Today), cost(1, rowsOf(l)), nil
}

func readLinked(h lex.Host, args []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
	r, id, _, f := found(h, args)
	if f != nil {
		return nil, cost(1, 0), f
	}
	ids := r.call.Views.Linked(id, r.call.Trigger.Today)
	elems := make([]lex.Value, 0, len(ids))
	rows := 0
	for _, other := range ids[:min(len(ids), lex.ListMax)] {
		if l := r.license(other); l != nil {
			elems, rows = append(elems, r.licenseRecord(other, l, r.call.Trigger.Today)), rows+rowsOf(l)
		}
	}
	return lex.NewTuple(elems...), cost(1+len(elems), rows), nil
}

func readStanding(h lex.Host, args []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
	_, _, l, f := found(h, args)
	if f != nil {
		return nil, cost(1, 0), f
	}
	day := dayOf(args[1])
	if day == "" {
		return nil, cost(1, 0), wrongKind("A standing is of a day.")
	}
	s := l.StandingOn(day, nil, nil)
	return lex.NewRecord("standing",
		lex.Field{Name: "day", Value: args[1]},
		lex.Field{Name: "registration", Value: s.Registration},
		lex.Field{Name: "discipline", Value: s.Discipline},
		lex.Field{Name: "authority", Value: s.Authority},
		lex.Field{Name: "through", Value: dateOrNone(s.Through)},
	), cost(1, rowsOf(l)), nil
}

func readFacts(h lex.Host, args []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
	r, id, _, f := found(h, args)
	code, ok := args[1].(string)
	switch {
	case f != nil:
		return nil, cost(1, 0), f
	case !ok:
		return nil, cost(1, 0), wrongKind("Facts are of a kind, a text.")
	}
	all := r.call.Views.Facts(id)
	var elems []lex.Value
	for i := range all[:min(len(all), lex.ListMax)] {
		if all[i].Code == code {
			elems = append(elems, factRecord(&all[i], r.call.Trigger.Today))
		}
	}
	return lex.NewTuple(elems...), cost(1, len(all)), nil
}

// readImposed returns the order that this contract put on a license under a name.
func readImposed(h lex.Host, args []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
	r, id, l, f := found(h, args)
	name, ok := args[1].(string)
	switch {
	case f != nil:
		return nil, cost(1, 0), f
	case !ok:
		return nil, cost(1, 0), wrongKind("An order has a name, a text.")
	}
	order := OrderID(r.Manifest.Name, id, name)
	s := l.StandingOn(r.call.Trigger.Today, nil, nil)
	for i := range l.Orders {
		if l.Orders[i].ID == order {
			return r.orderRecord(&l.Orders[i], &s), cost(1, rowsOf(l)), nil
		}
	}
	return nil, cost(1, rowsOf(l)), nil
}

// readAction returns the main action of an order's document; None: it is withheld.
func readAction(h lex.Host, args []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
	r := h.(*run)
	c := cost(1, 0)
	if args[0] == nil {
		return nil, c, nil
	}
	hex, _ := args[0].(string)
	commitment, err := license.ParseHash(hex)
	switch {
	case err != nil:
		return nil, c, wrongKind("An order's document is named by its commitment.")
	case !r.reads(license.OpeningOrder):
		return nil, c, &lex.Fault{Code: NotDeclared, Text: "The manifest does not say that the contract reads openings of kind order."}
	}
	b := r.call.Views.Opening(license.OpeningOrder, commitment)
	c.Bytes += int64(len(b))
	if b == nil {
		return nil, c, nil
	}
	d, err := license.ParseOrderDocument(b)
	if err != nil {
		return nil, c, nil
	}
	return textOrNone(d.Main()), c, nil
}

func (r *run) reads(kind string) bool {
	for _, k := range r.Manifest.Openings {
		if k == kind {
			return true
		}
	}
	return false
}

func readParameter(h lex.Host, args []lex.Value) (lex.Value, lex.Cost, *lex.Fault) {
	r := h.(*run)
	c := cost(1, 0)
	name, ok := args[0].(string)
	day := dayOf(args[1])
	if !ok || day == "" {
		return nil, c, wrongKind("A parameter is asked for by name and day.")
	}
	p := r.Parameters.Named(name)
	if p == nil || p.Unconfirmed && !isTest(r.call.Origin) {
		return nil, c, &lex.Fault{Code: NotDeclared, Text: "There is no parameter " + name + " here."}
	}
	v := p.On(day)
	if v == nil {
		return nil, c, &lex.Fault{Code: lex.NotFound, Text: "Parameter " + name + " has no value on " + string(day) + "."}
	}
	c.Bytes += int64(len(v.Text) + len(strings.Join(v.Texts, "")))
	return p.lex(v), c, nil
}

// fields makes fields of "name", "name?" and "name:kind"; a kind that is not said is text.
func fields(names ...string) (out []lex.EffectField) {
	for _, n := range names {
		name, kind, ok := strings.Cut(n, ":")
		if !ok {
			kind = "text"
		}
		bare, optional := strings.CutSuffix(name, "?")
		out = append(out, lex.EffectField{Name: bare, Kind: kind, Optional: optional})
	}
	return out
}
