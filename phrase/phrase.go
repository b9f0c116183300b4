// Package phrase puts names and numbers into the sentences that people read of
// refusals and flaws. It writes what package fmt writes, for the verbs that sentences
// need. Package fmt can write any value whatever; it would be a thirtieth of the
// verifier that browsers load.
package phrase

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
)

// Sprintf writes a format with its operands:
//
//	%s, %v  a text, an error, whatever has a String method, a whole number
//	%q      a text in quotes; %.80q: its first 80 characters
//	%d      a whole number; %03d: with zeros before it, to three digits
//	%x, %X  a whole number in hexadecimal digits; %08x as above
//	%%      a percent sign
//
// Of any other verb, and of an operand that is no such value, it writes the verb with
// an exclamation mark, as fmt does: %!d.
func Sprintf(format string, a ...any) string {
	var out []byte
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 || i == len(format)-1 {
			return string(append(out, format...))
		}
		out = append(out, format[:i]...)
		v := readVerb(format[i+1:])
		format = format[i+1+v.length:]
		if v.letter == '%' {
			out = append(out, '%')
			continue
		}
		var operand any
		if len(a) > 0 {
			operand, a = a[0], a[1:]
		}
		out = v.append(out, operand)
	}
}

// Errorf makes an error of what Sprintf writes.
func Errorf(format string, a ...any) error { return errors.New(Sprintf(format, a...)) }

// Wrap says of an error where it occurred: what Sprintf writes, a colon, the error.
// errors.Is and errors.As find the error in it.
func Wrap(err error, format string, a ...any) error {
	return &wrapped{Sprintf(format, a...) + ": " + err.Error(), err}
}

type wrapped struct {
	text string
	err  error
}

func (w *wrapped) Error() string { return w.text }
func (w *wrapped) Unwrap() error { return w.err }

// A verb is what stands after a percent sign.
type verb struct {
	letter byte
	number int // of digits (%03d), or of characters (%.80q); -1: none is told
	length int // bytes of the format that it takes
}

func readVerb(s string) verb {
	v := verb{number: -1}
	if s[0] == '0' || s[0] == '.' {
		v.length, v.number = 1, 0
		for v.length < len(s) && '0' <= s[v.length] && s[v.length] <= '9' {
			v.number = 10*v.number + int(s[v.length]-'0')
			v.length++
		}
	}
	v.length = min(v.length+1, len(s))
	v.letter = s[v.length-1]
	return v
}

func (v verb) append(out []byte, operand any) []byte {
	n, isNumber := number(operand)
	s, isText := text(operand)
	switch {
	case v.letter == 'd' && isNumber:
		return v.digits(out, n, 10)
	case v.letter == 'x' && isNumber:
		return v.digits(out, n, 16)
	case v.letter == 'X' && isNumber:
		return append(out, strings.ToUpper(string(v.digits(nil, n, 16)))...)
	case v.letter == 'q' && isText:
		return strconv.AppendQuote(out, first(s, v.number))
	case (v.letter == 's' || v.letter == 'v') && isText:
		return append(out, s...)
	case v.letter == 'v' && isNumber:
		return strconv.AppendInt(out, n, 10)
	}
	return append(out, '%', '!', v.letter)
}

// digits writes a number, with zeros between its sign and its digits where they are few.
func (v verb) digits(out []byte, n int64, base int) []byte {
	s := strconv.FormatInt(n, base)
	if n < 0 {
		out, s = append(out, '-'), s[1:]
		v.number--
	}
	for range v.number - len(s) {
		out = append(out, '0')
	}
	return append(out, s...)
}

// first returns the first n characters of a text; all, for n below 0.
func first(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func text(operand any) (string, bool) {
	switch o := operand.(type) {
	case string:
		return o, true
	case error:
		return o.Error(), true
	case interface{ String() string }:
		return o.String(), true
	}
	if v := reflect.ValueOf(operand); v.Kind() == reflect.String { // a day, an instant
		return v.String(), true
	}
	return "", false
}

func number(operand any) (int64, bool) {
	switch o := operand.(type) {
	case int:
		return int64(o), true
	case int64:
		return o, true
	case uint32:
		return int64(o), true
	case byte:
		return int64(o), true
	}
	return 0, false
}
