package strict

import (
	"encoding/binary"
	"unicode/utf8"
)

// stops holds the bytes that end a run of characters written as they are.
var stops = func() (table [256]bool) {
	for c := range 0x20 {
		table[c] = true
	}
	table['"'], table['\\'] = true, true
	return table
}()

// text reads a string and returns its content, which stays valid until the
// next call.
func (d *decoder) text() ([]byte, *Error) {
	if d.pos >= len(d.data) || d.data[d.pos] != '"' {
		return nil, d.wrongKind("a string")
	}
	start := d.pos + 1
	end, err := d.run(start)
	if err != nil {
		return nil, err
	}
	if d.data[end] == '"' {
		d.pos = end + 1
		return d.data[start:end], nil
	}
	content := append(d.unescaped[:0], d.data[start:end]...)
	for d.data[end] == '\\' {
		c, size, err := d.escape(end)
		if err != nil {
			return nil, err
		}
		start = end + size
		if end, err = d.run(start); err != nil {
			return nil, err
		}
		content = append(content, c)
		content = append(content, d.data[start:end]...)
	}
	d.unescaped = content
	d.pos = end + 1
	return content, nil
}

// run returns the end of the characters from start on that stand for
// themselves: the place of a quotation mark or backslash.
func (d *decoder) run(start int) (int, *Error) {
	data, i := d.data, plainEnd(d.data, start)
	var bits byte
	for i < len(data) && !stops[data[i]] {
		bits |= data[i]
		i++
	}
	if bits >= utf8.RuneSelf && !utf8.Valid(data[start:i]) {
		return 0, d.badUTF8(start)
	}
	if i == len(data) {
		return 0, d.unended()
	}
	if data[i] < 0x20 {
		return 0, d.fail(i, CodeEscape, "a control character stands in a string; write "+shortest(rune(data[i])))
	}
	return i, nil
}

// plainEnd returns a place up to which all bytes from start on are ASCII that
// stands for itself, looking at eight bytes at once.
func plainEnd(data []byte, start int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	i := start
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		quotes, backslashes := w^ones*'"', w^ones*'\\'
		// A byte's top bit is set in x-ones and not in x when the byte is 0, and in
		// w-ones*0x20 and not in w when it is below 0x20; a borrow from the byte
		// before can only set more bits, after one that counts.
		if (w|(quotes-ones)&^quotes|(backslashes-ones)&^backslashes|(w-ones*0x20)&^w)&tops != 0 {
			break
		}
	}
	return i
}

func (d *decoder) unended() *Error {
	return d.fail(len(d.data), CodeSyntax, "the input ends within a string; send the whole value")
}

func (d *decoder) badUTF8(i int) *Error {
	for i < len(d.data) {
		r, size := utf8.DecodeRune(d.data[i:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		i += size
	}
	return d.fail(i, CodeUTF8, "a string is not UTF-8; encode it as UTF-8")
}

// escape reads the escape at i and returns its character, which is always
// ASCII, and its length.
func (d *decoder) escape(i int) (c byte, size int, err *Error) {
	if i+1 >= len(d.data) {
		return 0, 0, d.unended()
	}
	switch c := d.data[i+1]; c {
	case '"', '\\':
		return c, 2, nil
	case 'b':
		return '\b', 2, nil
	case 'f':
		return '\f', 2, nil
	case 'n':
		return '\n', 2, nil
	case 'r':
		return '\r', 2, nil
	case 't':
		return '\t', 2, nil
	case 'u':
		return d.unicodeEscape(i)
	case '/':
		return 0, 0, d.fail(i, CodeEscape, "the slash is escaped; write /")
	}
	return 0, 0, d.fail(i, CodeEscape, "a backslash stands before a character that has no such escape; write \\\\ for a backslash")
}

// unicodeEscape reads \u00xx, which serves only control characters that have
// no escape of two characters.
func (d *decoder) unicodeEscape(i int) (c byte, size int, err *Error) {
	if i+6 > len(d.data) {
		return 0, 0, d.fail(i, CodeEscape, "the escape lacks digits; write \\u and four hexadecimal digits")
	}
	var r rune
	for _, digit := range d.data[i+2 : i+6] {
		n := hexDigit(digit)
		if n < 0 {
			return 0, 0, d.fail(i, CodeEscape, "the escape lacks digits; write \\u and four hexadecimal digits")
		}
		r = r<<4 | n
	}
	if 0xd800 <= r && r <= 0xdfff {
		return 0, 0, d.fail(i, CodeEscape, "a surrogate is escaped; write the character itself in UTF-8")
	}
	if short := shortest(r); string(d.data[i:i+6]) != short {
		return 0, 0, d.fail(i, CodeEscape, "the escape is not the shortest writing of its character; write "+short)
	}
	return byte(r), 6, nil
}

func hexDigit(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

// shortest is the one writing of a character within a string.
func shortest(r rune) string {
	written := appendString(nil, string(r))
	return string(written[1 : len(written)-1])
}

// name reads a member name and its colon.
func (d *decoder) name() (string, *Error) {
	if d.pos >= len(d.data) || d.data[d.pos] != '"' {
		return "", d.unexpected("a member name")
	}
	content, err := d.text()
	if err != nil {
		return "", err
	}
	if d.pos >= len(d.data) || d.data[d.pos] != ':' {
		return "", d.unexpected("a colon")
	}
	d.pos++
	return string(content), nil
}
