package contract

import (
	"fmt"
	"reflect"
	"strings"

	"licet/lex"
	"licet/license"
)

// Views are what contracts read: records as they stand where the trigger is judged.
// Every list is in an order that all nodes agree on.
type Views interface {
	// License returns a license, or nil. It is not changed.
	License(id string) *license.License
	// Linked returns the licenses of the same holder that both boards had linked with it
	// by the day, in order of their ids.
	Linked(id string, day license.Day) []string
	// Facts returns the facts about a license, in order of their days, then of their ids.
	Facts(about string) []Fact
	// Opening returns the bytes behind a commitment; nil: withheld or sealed.
	Opening(kind string, h license.Hash) []byte
}

// A Fact is a fact with its id.
type Fact struct {
	ID string
	license.Fact
}

// licenseRecord is a license as contracts see it on a day.
func (r *run) licenseRecord(id string, l *license.License, day license.Day) *lex.Record {
	i, _ := license.ParseID(id)
	s := l.StandingOn(day, nil, nil)
	terms := make([]lex.Value, len(l.Terms))
	for n, t := range l.Terms {
		terms[n] = recordOf("term", t)
	}
	orders := make([]lex.Value, len(l.Orders))
	for n := range l.Orders {
		orders[n] = r.orderRecord(&l.Orders[n], &s)
	}
	return lex.NewRecord("license",
		lex.Field{Name: "id", Value: id},
		lex.Field{Name: "board", Value: i.Board},
		lex.Field{Name: "profession", Value: i.Profession},
		lex.Field{Name: "number", Value: i.Number},
		lex.Field{Name: "subject", Value: textOrNone(l.Subject)},
		lex.Field{Name: "route", Value: textOrNone(l.Route)},
		lex.Field{Name: "issued", Value: dateOrNone(l.Issued)},
		lex.Field{Name: "rests", Value: textOrNone(s.Rests)},
		lex.Field{Name: "registration", Value: s.Registration},
		lex.Field{Name: "discipline", Value: s.Discipline},
		lex.Field{Name: "authority", Value: s.Authority},
		lex.Field{Name: "through", Value: dateOrNone(s.Through)},
		lex.Field{Name: "terms", Value: lex.NewTuple(terms...)},
		lex.Field{Name: "orders", Value: lex.NewTuple(orders...)},
	)
}

// orderRecord is an order as it stands on the standing's day.
func (r *run) orderRecord(o *license.Order, s *license.Standing) *lex.Record {
	var force, stayed bool
	for i := range s.Orders {
		if s.Orders[i].ID == o.ID {
			force, stayed = s.Orders[i].InForce, s.Orders[i].Stayed
		}
	}
	return lex.NewRecord("order",
		lex.Field{Name: "id", Value: o.ID},
		lex.Field{Name: "document", Value: hashOrNone(o.Commitment)},
		lex.Field{Name: "authority", Value: o.Authority},
		lex.Field{Name: "start", Value: dateOrNone(o.Start)},
		lex.Field{Name: "end", Value: dateOrNone(o.End)},
		lex.Field{Name: "in_force", Value: force},
		lex.Field{Name: "stayed", Value: stayed},
	)
}

func factRecord(f *Fact, day license.Day) *lex.Record {
	return lex.NewRecord("fact",
		lex.Field{Name: "id", Value: f.ID},
		lex.Field{Name: "code", Value: f.Code},
		lex.Field{Name: "day", Value: dateOrNone(f.Day)},
		lex.Field{Name: "through", Value: dateOrNone(f.Through)},
		lex.Field{Name: "ended", Value: dateOrNone(f.Ended)},
		lex.Field{Name: "holds", Value: f.HoldsOn(day)},
		lex.Field{Name: "number", Value: f.Number},
		lex.Field{Name: "party", Value: textOrNone(f.Party)},
	)
}

// recordOf shows a Go struct to contracts, with the names that it has in JSON. What is
// called from there is called start here: from is no name in the language.
func recordOf(kind string, x any) *lex.Record {
	v := reflect.Indirect(reflect.ValueOf(x))
	var fields []lex.Field
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		switch name {
		case "", "-":
			continue
		case "from":
			name = "start"
		}
		fields = append(fields, lex.Field{Name: name, Value: valueOf(name, v.Field(i))})
	}
	return lex.NewRecord(kind, fields...)
}

// valueOf shows a member: texts, days and hashes that are empty, and pointers to
// nothing, are None.
func valueOf(name string, v reflect.Value) lex.Value {
	switch x := v.Interface().(type) {
	case license.Day:
		return dateOrNone(x)
	case license.Hash:
		return hashOrNone(x)
	}
	switch v.Kind() {
	case reflect.String:
		return textOrNone(v.String())
	case reflect.Int64:
		return v.Int()
	case reflect.Bool:
		return v.Bool()
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return recordOf(name, v.Interface())
	case reflect.Struct:
		return recordOf(name, v.Interface())
	case reflect.Slice:
		elems := make([]lex.Value, v.Len())
		for i := range elems {
			elems[i] = valueOf(name, v.Index(i))
		}
		return lex.NewTuple(elems...)
	}
	return nil
}

func texts(ss []string) lex.Value {
	elems := make([]lex.Value, len(ss))
	for i, s := range ss {
		elems[i] = s
	}
	return lex.NewTuple(elems...)
}

func textOrNone(s string) lex.Value {
	if s == "" {
		return nil
	}
	return s
}

func hashOrNone(h license.Hash) lex.Value {
	if h == (license.Hash{}) {
		return nil
	}
	return h.String()
}

func dateOrNone(d license.Day) lex.Value {
	if _, err := license.ParseDay(string(d)); err != nil {
		return nil
	}
	digits := func(s string) (n int64) {
		for i := range len(s) {
			n = n*10 + int64(s[i]-'0')
		}
		return n
	}
	date, ok := lex.NewDate(digits(string(d[:4])), digits(string(d[5:7])), digits(string(d[8:])))
	if !ok {
		return nil
	}
	return date
}

// dayOf is the day of a date; "" of None.
func dayOf(v lex.Value) license.Day {
	d, ok := v.(lex.Date)
	if !ok {
		return ""
	}
	return max(license.Day(d.String()), license.DayMin)
}

func quote(s string) string { return fmt.Sprintf("%q", s) }
