package strict

import (
	"encoding"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// plan is what the codec knows about a Go type. It is made once per type.
type plan struct {
	kind   kind
	fields []field // of a struct
	elem   *plan   // of a slice or pointer
	first  int     // how many elements of a slice to make room for at once
}

type field struct {
	name     string
	key      string // `"name":` as it is written
	index    int    // in the Go struct
	plan     *plan
	required bool
}

type kind uint8

const (
	kindStruct kind = iota + 1
	kindPointer
	kindSlice
	kindString
	kindBool
	kindInt
	kindUint
	kindBytes
	kindText
	kindRaw
)

// fieldsMax is how many fields a struct may have: one bit each in an object's
// record of members seen.
const fieldsMax = 64

var (
	plans sync.Map // reflect.Type → *plan, complete ones only

	rawType         = reflect.TypeFor[Raw]()
	textAppender    = reflect.TypeFor[encoding.TextAppender]()
	textMarshaler   = reflect.TypeFor[encoding.TextMarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	// Types may contain themselves, so plans are linked while still being
	// filled, and published when all of them are complete.
	w := planner{}
	p := w.plan(t)
	for made, q := range w {
		plans.Store(made, q)
	}
	return p
}

// planner holds the plans being made.
type planner map[reflect.Type]*plan

func (w planner) plan(t reflect.Type) *plan {
	if p := w[t]; p != nil {
		return p
	}
	p := &plan{}
	w[t] = p
	switch {
	case t == rawType:
		p.kind = kindRaw
	case isText(t):
		p.kind = kindText
	default:
		w.fill(p, t)
	}
	return p
}

func (w planner) fill(p *plan, t reflect.Type) {
	switch t.Kind() {
	case reflect.Struct:
		p.kind = kindStruct
		w.fillFields(p, t)
	case reflect.Pointer:
		p.kind = kindPointer
		p.elem = w.plan(t.Elem())
		if p.elem.kind != kindStruct && p.elem.kind != kindText {
			unsupported(t, "point to a struct")
		}
	case reflect.Slice:
		w.fillSlice(p, t)
	case reflect.String:
		p.kind = kindString
	case reflect.Bool:
		p.kind = kindBool
	case reflect.Int, reflect.Int64:
		p.kind = kindInt
	case reflect.Uint32:
		p.kind = kindUint
	default:
		unsupported(t, "use a type that the package documentation lists")
	}
}

func (w planner) fillSlice(p *plan, t reflect.Type) {
	if t.Elem().Kind() == reflect.Uint8 && !isText(t.Elem()) {
		p.kind = kindBytes
		return
	}
	p.kind = kindSlice
	p.first = 1
	if t.Elem().Size() <= 64 {
		p.first = 4
	}
	p.elem = w.plan(t.Elem())
}

func (w planner) fillFields(p *plan, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		if tag == "-" || !tagged && !f.Anonymous {
			continue
		}
		if f.Anonymous {
			unsupported(t, "name the embedded field "+f.Name)
		}
		if !f.IsExported() {
			unsupported(t, "export the field "+f.Name+" or drop its tag")
		}
		p.fields = append(p.fields, w.field(t, f, i, tag))
	}
	names := map[string]bool{}
	for _, f := range p.fields {
		if names[f.name] {
			unsupported(t, "give the name "+f.name+" to one field only")
		}
		names[f.name] = true
	}
	if len(p.fields) > fieldsMax {
		unsupported(t, "have at most "+strconv.Itoa(fieldsMax)+" fields")
	}
}

func (w planner) field(t reflect.Type, f reflect.StructField, index int, tag string) field {
	name, flags, _ := strings.Cut(tag, ",")
	if name == "" {
		unsupported(t, "put a name into the tag of "+f.Name)
	}
	made := field{name: name, index: index}
	for flag := range strings.SplitSeq(flags, ",") {
		switch flag {
		case "required":
			made.required = true
		case "", "omitempty", "omitzero": // always so here
		default:
			unsupported(t, "drop the unknown flag "+flag+" from the tag of "+f.Name)
		}
	}
	made.key = string(append(appendString(nil, name), ':'))
	made.plan = w.plan(f.Type)
	return made
}

// isText tells whether values of t are written as text of their own. Half a
// text type is refused: its methods would silently be passed over.
func isText(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		return false // judged by what it points to
	}
	p := reflect.PointerTo(t)
	appends, reads := p.Implements(textAppender), p.Implements(textUnmarshaler)
	if appends && reads {
		return true
	}
	if appends || reads || p.Implements(textMarshaler) {
		unsupported(t, "give it both AppendText and UnmarshalText, or neither of the text methods")
	}
	return false
}

func unsupported(t reflect.Type, remedy string) {
	panic("strict: the Go type " + t.String() + " is not supported; " + remedy)
}
