// Package strict reads and writes JSON that has exactly one writing.
//
// Everything that is signed, hashed or proved passes through here. Two rules
// carry the package: a value is written in one way only, and every other way
// of writing it is refused, never repaired. Hence what [Decode] accepts,
// [Encode] writes back byte for byte, and equal values have equal hashes.
//
// The writing itself is specified in docs/spec/json.md. encoding/json cannot
// serve: it takes repeated members, names in another case, invalid UTF-8 and
// many writings of one value.
//
// # Go types
//
// A value is a struct, a pointer to a struct, a string, a bool, an int, int64
// or uint32, a []byte (base64), a [Raw], a slice of these, or any type T whose
// *T implements [encoding.TextAppender] and [encoding.TextUnmarshaler] (a JSON
// string; a pointer to such a T also serves).
//
// A struct field takes part when it has a tag `json:"name"`; fields without a
// tag or with the tag "-" are ignored. Members stand in the order of the
// fields. The flag `json:"name,required"` makes Decode fail when the member is
// absent.
//
// A member that holds nothing is not written: false, 0, "", an empty slice, a
// struct that would be written {}, a nil pointer, and the zero value of a text
// type. Elements of a slice and the outermost value are always written.
//
// # Memory
//
// A short element such as {} may stand for a large Go struct. Mark the members
// without which an element makes no sense as required: then a flood of empty
// elements ends at the first one.
package strict

import "reflect"

const (
	// DepthMax is how many objects and arrays may be nested in each other.
	DepthMax = 16
	// IntMax is the largest integer, and -IntMax the smallest: beyond it,
	// readers that keep numbers as binary64 would see another value.
	IntMax = 1<<53 - 1
)

// Raw is one value kept as its exact bytes. Decode checks that the bytes are
// in the one writing, without knowing which members the value should have.
type Raw []byte

// Encode returns the one writing of v, or of what v points to.
//
// It panics when the type of v is not supported: that is a mistake in the
// program, not in the data. Encode does not judge data. What has no writing (a
// text type that reports an error, a Raw that is not valid, nesting beyond
// DepthMax, a nil pointer outside a member) is written as null; a string that
// is not UTF-8 and an integer out of range are written as they are. Decode
// refuses all of these.
func Encode(v any) []byte {
	return Append(make([]byte, 0, 512), v)
}

// Append appends the one writing of v to dst and returns the longer slice. See
// [Encode].
func Append(dst []byte, v any) []byte {
	value := reflect.ValueOf(v)
	if !value.IsValid() {
		panic("strict: cannot write a nil interface; pass a value of a concrete type")
	}
	if value.Kind() == reflect.Pointer {
		p := planOf(value.Type().Elem())
		if value.IsNil() {
			return append(dst, null...)
		}
		return appendValue(dst, p, value.Elem(), 0)
	}
	// Text types are called through their address.
	reachable := reflect.New(value.Type()).Elem()
	reachable.Set(value)
	return appendValue(dst, planOf(value.Type()), reachable, 0)
}

// Decode reads data, which must hold exactly one value in the one writing and
// at most bytesMax bytes, into what v points to. The former content of *v is
// dropped. An error is always an [*Error]; *v is then its zero value. The
// result does not share memory with data.
//
// Decode panics when v is not a pointer or its type is not supported.
func Decode(data []byte, v any, bytesMax int) error {
	pointer := reflect.ValueOf(v)
	if pointer.Kind() != reflect.Pointer || pointer.IsNil() {
		panic("strict: Decode needs a pointer that is not nil")
	}
	target := pointer.Elem()
	p := planOf(target.Type())
	target.SetZero()
	if len(data) > bytesMax {
		return tooLong(len(data), bytesMax)
	}
	d := decoder{data: data}
	err := d.value(p, target)
	if err == nil {
		err = d.end()
	}
	if err != nil {
		target.SetZero()
		return err
	}
	return nil
}

// Valid reports whether data holds exactly one value in the one writing. It
// knows no names: order and choice of members are not checked. The caller
// limits the length.
func Valid(data []byte) error {
	d := decoder{data: data}
	err := d.any()
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return err
	}
	return nil
}
