package strict

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"math"
	"reflect"
	"slices"
)

// decoder reads one input from left to right. It reports the first fault.
type decoder struct {
	data  []byte
	pos   int
	depth int // objects and arrays open

	shared string // data once more, once a string was read: strings are parts of it

	unescaped []byte // content of the last string that had escapes
	rewritten []byte // second writing of the last text value
}

func (d *decoder) value(p *plan, v reflect.Value) *Error {
	switch p.kind {
	case kindStruct:
		return d.object(p, v)
	case kindPointer:
		fresh := reflect.New(v.Type().Elem())
		v.Set(fresh)
		return d.value(p.elem, fresh.Elem())
	case kindSlice:
		return d.array(p, v)
	case kindString:
		content, err := d.str()
		if err == nil {
			v.SetString(content)
		}
		return err
	case kindText:
		return d.textValue(v)
	case kindBool:
		return d.truth(v)
	case kindInt, kindUint:
		return d.number(p, v)
	case kindBytes:
		return d.base64(v)
	default: // kindRaw
		start := d.pos
		err := d.any()
		if err == nil {
			v.SetBytes(bytes.Clone(d.data[start:d.pos]))
		}
		return err
	}
}

// object reads the members in the order of the fields.
func (d *decoder) object(p *plan, v reflect.Value) *Error {
	if err := d.open('{', "an object"); err != nil {
		return err
	}
	var seen uint64
	if d.closes('}') {
		return d.required(p, seen)
	}
	for next := 0; ; {
		i := p.find(d.data[d.pos:], next)
		if i < 0 {
			return d.refuseName(p, next, seen)
		}
		if err := d.member(&p.fields[i], v); err != nil {
			return err.in(p.fields[i].name)
		}
		seen |= 1 << i
		next = i + 1
		if d.closes('}') {
			return d.required(p, seen)
		}
		if err := d.comma("a comma or }"); err != nil {
			return err
		}
	}
}

// find returns the field, from next on, whose name and colon begin rest; or -1.
func (p *plan) find(rest []byte, next int) int {
	for i := next; i < len(p.fields); i++ {
		if hasPrefix(rest, p.fields[i].key) {
			return i
		}
	}
	return -1
}

func (d *decoder) member(f *field, v reflect.Value) *Error {
	d.pos += len(f.key)
	start := d.pos
	target := v.Field(f.index)
	if err := d.value(f.plan, target); err != nil {
		return err
	}
	// The zero value of a text type may have a text, such as a hash of zeros.
	if isEmpty(d.data[start:d.pos]) || f.plan.holdsZeroText(target) {
		return d.empty(start)
	}
	return nil
}

func (d *decoder) required(p *plan, seen uint64) *Error {
	for i := range p.fields {
		if p.fields[i].required && seen&(1<<i) == 0 {
			return d.fail(d.pos-1, CodeRequired, "the member is absent; add it").in(p.fields[i].name)
		}
	}
	return nil
}

func (d *decoder) array(p *plan, v reflect.Value) *Error {
	if err := d.open('[', "an array"); err != nil {
		return err
	}
	if d.closes(']') {
		return nil
	}
	if p.elem.kind == kindString && v.CanAddr() {
		if list, ok := v.Addr().Interface().(*[]string); ok {
			return d.strings(list)
		}
	}
	for n := 0; ; n++ {
		if n == v.Cap() {
			v.Grow(max(1, p.first-n))
		}
		v.SetLen(n + 1)
		if err := d.value(p.elem, v.Index(n)); err != nil {
			return err.inElement(n)
		}
		if d.closes(']') {
			return nil
		}
		if err := d.comma("a comma or ]"); err != nil {
			return err
		}
	}
}

// strings reads the elements of an array of strings, whose bracket is open.
func (d *decoder) strings(list *[]string) *Error {
	var room [32]string
	read := room[:0]
	for n := 0; ; n++ {
		content, err := d.str()
		if err != nil {
			return err.inElement(n)
		}
		read = append(read, content)
		if d.closes(']') {
			break
		}
		if err := d.comma("a comma or ]"); err != nil {
			return err
		}
	}
	*list = slices.Clone(read)
	return nil
}

// sharedMax is the longest input of which strings are parts: a string that is kept
// keeps the whole of it.
const sharedMax = 64 << 10

// str reads a string. Those without escapes are parts of one copy of the input,
// which is cheaper than a copy of each.
func (d *decoder) str() (string, *Error) {
	at := d.pos + 1
	content, err := d.text()
	if err != nil {
		return "", err
	}
	end := at + len(content)
	if end+1 != d.pos || len(d.data) > sharedMax {
		return string(content), nil
	}
	if d.shared == "" {
		d.shared = string(d.data)
	}
	return d.shared[at:end], nil
}

func (d *decoder) truth(v reflect.Value) *Error {
	switch rest := d.data[d.pos:]; {
	case hasPrefix(rest, "true"):
		v.SetBool(true)
		d.pos += len("true")
	case hasPrefix(rest, "false"):
		d.pos += len("false")
	default:
		return d.wrongKind("true or false")
	}
	return nil
}

func (d *decoder) number(p *plan, v reflect.Value) *Error {
	start := d.pos
	n, err := d.integer()
	if err != nil {
		return err
	}
	if p.kind == kindUint {
		if n < 0 || n > math.MaxUint32 {
			return d.fail(start, CodeRange, "the integer must lie between 0 and 4294967295; correct it")
		}
		v.SetUint(uint64(n))
		return nil
	}
	if v.OverflowInt(n) { // an int of 32 bits
		return d.fail(start, CodeRange, "the integer is too large for this machine; use a 64-bit build")
	}
	v.SetInt(n)
	return nil
}

func (d *decoder) base64(v reflect.Value) *Error {
	start := d.pos
	content, err := d.text()
	if err != nil {
		return err
	}
	made := make([]byte, base64.StdEncoding.DecodedLen(len(content)))
	n, bad := base64.StdEncoding.Decode(made, content)
	if bad != nil {
		return d.fail(start, CodeText, "the string is not base64 with padding; write the standard alphabet of RFC 4648, section 4")
	}
	made = made[:n]
	// The library passes over line ends and stray bits; writing again does not.
	d.rewritten = base64.StdEncoding.AppendEncode(d.rewritten[:0], made)
	if !bytes.Equal(d.rewritten, content) {
		return d.secondWriting(start)
	}
	v.SetBytes(made)
	return nil
}

func (d *decoder) textValue(v reflect.Value) *Error {
	start := d.pos
	content, err := d.text()
	if err != nil {
		return err
	}
	target := v.Addr().Interface()
	if bad := target.(encoding.TextUnmarshaler).UnmarshalText(content); bad != nil {
		refusal := d.fail(start, CodeText, "the string is not accepted: "+bad.Error())
		refusal.cause = bad
		return refusal
	}
	again, bad := target.(encoding.TextAppender).AppendText(d.rewritten[:0])
	if bad != nil {
		again = nil
	}
	d.rewritten = again
	if bad != nil || !bytes.Equal(again, content) {
		return d.secondWriting(start)
	}
	return nil
}

func (d *decoder) secondWriting(start int) *Error {
	problem := "the string is a second writing of its value"
	if len(d.rewritten) > 0 && len(d.rewritten) <= 2*nameShown {
		problem += "; write " + quote(string(d.rewritten))
	}
	return d.fail(start, CodeSecondWriting, problem)
}

func (p *plan) holdsZeroText(v reflect.Value) bool {
	if p.kind == kindPointer {
		p, v = p.elem, v.Elem()
	}
	return p.kind == kindText && v.IsZero()
}
