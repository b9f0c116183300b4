package strict

import (
	"encoding"
	"encoding/base64"
	"reflect"
	"strconv"
)

// null is written for what has no writing. No decoder of this package accepts
// it, so a fault cannot pass for a value.
const null = "null"

// appendValue writes v, within depth open objects and arrays. Only a text type
// needs v to be addressable.
func appendValue(dst []byte, p *plan, v reflect.Value, depth int) []byte {
	switch p.kind {
	case kindStruct:
		return appendObject(dst, p, v, depth)
	case kindPointer:
		if v.IsNil() {
			return append(dst, null...)
		}
		return appendValue(dst, p.elem, v.Elem(), depth)
	case kindSlice:
		return appendArray(dst, p, v, depth)
	case kindString:
		return appendString(dst, v.String())
	case kindText:
		return appendText(dst, v.Addr().Interface().(encoding.TextAppender))
	case kindBool:
		return strconv.AppendBool(dst, v.Bool())
	case kindInt:
		return strconv.AppendInt(dst, v.Int(), 10)
	case kindUint:
		return strconv.AppendUint(dst, v.Uint(), 10)
	case kindBytes:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v.Bytes())
		return append(dst, '"')
	default: // kindRaw
		return appendRaw(dst, v.Bytes(), depth)
	}
}

func appendObject(dst []byte, p *plan, v reflect.Value, depth int) []byte {
	if depth == DepthMax {
		return append(dst, null...)
	}
	dst = append(dst, '{')
	open := len(dst)
	for i := range p.fields {
		f := &p.fields[i]
		member := v.Field(f.index)
		if absent(f.plan, member) {
			continue
		}
		start := len(dst)
		if start > open {
			dst = append(dst, ',')
		}
		dst = append(dst, f.key...)
		value := len(dst)
		dst = appendValue(dst, f.plan, member, depth+1)
		if isEmpty(dst[value:]) { // known only now: a struct of absent members
			dst = dst[:start]
		}
	}
	return append(dst, '}')
}

// absent spares the writing of most members that hold nothing.
func absent(p *plan, v reflect.Value) bool {
	switch p.kind {
	case kindString, kindSlice, kindBytes, kindRaw:
		return v.Len() == 0
	case kindPointer:
		return v.IsNil() || p.elem.kind == kindText && v.Elem().IsZero()
	case kindBool, kindInt, kindUint, kindText:
		return v.IsZero()
	}
	return false
}

func appendArray(dst []byte, p *plan, v reflect.Value, depth int) []byte {
	if depth == DepthMax {
		return append(dst, null...)
	}
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, p.elem, v.Index(i), depth+1)
	}
	return append(dst, ']')
}

func appendRaw(dst, raw []byte, depth int) []byte {
	d := decoder{data: raw, depth: depth}
	if d.any() != nil || d.end() != nil {
		return append(dst, null...)
	}
	return append(dst, raw...)
}

func appendText(dst []byte, text encoding.TextAppender) []byte {
	start := len(dst)
	dst = append(dst, '"')
	written, err := text.AppendText(dst)
	if err != nil || len(written) <= start {
		return append(dst[:start], null...)
	}
	for _, c := range written[start+1:] {
		if stops[c] { // rare: write it again with escapes
			return appendString(dst[:start], string(written[start+1:]))
		}
	}
	return append(written, '"')
}

// appendString writes a string with the shortest escapes.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		if c := s[i]; stops[c] {
			dst = append(dst, s[start:i]...)
			dst = appendEscape(dst, c)
			start = i + 1
		}
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
