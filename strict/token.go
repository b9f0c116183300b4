package strict

import "strconv"

// open enters an object or array.
func (d *decoder) open(bracket byte, want string) *Error {
	if d.pos >= len(d.data) || d.data[d.pos] != bracket {
		return d.wrongKind(want)
	}
	if d.depth == DepthMax {
		return d.fail(d.pos, CodeDepth, "more than "+strconv.Itoa(DepthMax)+" objects and arrays are nested; nest less")
	}
	d.depth++
	d.pos++
	return nil
}

// closes leaves the object or array if its closing bracket is next.
func (d *decoder) closes(bracket byte) bool {
	if d.pos >= len(d.data) || d.data[d.pos] != bracket {
		return false
	}
	d.depth--
	d.pos++
	return true
}

func (d *decoder) comma(want string) *Error {
	if d.pos >= len(d.data) || d.data[d.pos] != ',' {
		return d.unexpected(want)
	}
	d.pos++
	return nil
}

// end checks that nothing follows the outermost value.
func (d *decoder) end() *Error {
	if d.pos == len(d.data) {
		return nil
	}
	if isSpace(d.data[d.pos]) {
		return d.unexpected("the end")
	}
	return d.fail(d.pos, CodeTrailing, "bytes follow the value; send the value alone")
}

// isEmpty tells whether a value is one that no member holds.
func isEmpty(value []byte) bool {
	switch string(value) {
	case `""`, `0`, `[]`, `{}`, `false`:
		return true
	}
	return false
}

func (d *decoder) empty(start int) *Error {
	return d.fail(start, CodeEmpty, "the member holds nothing; leave it out")
}

// integer reads a number that is an integer in its only writing.
func (d *decoder) integer() (int64, *Error) {
	data, start := d.data, d.pos
	i := start
	negative := i < len(data) && data[i] == '-'
	if negative {
		i++
	}
	first := i
	var n int64
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		if n <= IntMax { // beyond it the size no longer matters
			n = n*10 + int64(data[i]-'0')
		}
		i++
	}
	if i == first && !negative {
		return 0, d.wrongKind("a number")
	}
	d.pos = i
	if i == first {
		return 0, d.unexpected("a digit")
	}
	if code, problem := judge(data[first:], i-first, negative, n); code != "" {
		return 0, d.fail(start, code, problem)
	}
	if negative {
		n = -n
	}
	return n, nil
}

// judge finds what is wrong with a number of so many digits and the size n.
func judge(rest []byte, digits int, negative bool, n int64) (code, problem string) {
	after := byte(0)
	if digits < len(rest) {
		after = rest[digits]
	}
	switch {
	case after == '.' || after == 'e' || after == 'E':
		return CodeFloat, "the number has a fraction or an exponent; write an integer, in a smaller unit if need be"
	case rest[0] == '0' && digits > 1:
		return CodeLeadingZero, "the integer has a leading zero; drop it"
	case rest[0] == '0' && negative:
		return CodeNegativeZero, "-0 is not an integer; write 0, or leave the member out"
	case n > IntMax:
		return CodeRange, "the integer lies beyond ±9007199254740991; correct it, or write it as a string if the specification says so"
	}
	return "", ""
}
