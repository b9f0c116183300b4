package strict

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Codes of an [Error]. They are stable: programs may compare them.
const (
	CodeWhiteSpace    = "white-space"    // white space between tokens
	CodeRepeated      = "repeated"       // a member stands twice
	CodeUnknown       = "unknown"        // a member that the type does not have
	CodeOrder         = "order"          // a member stands too late
	CodeRequired      = "required"       // a required member is absent
	CodeNull          = "null"           // null instead of an absent member
	CodeEmpty         = "empty"          // a member that holds nothing is written
	CodeFloat         = "float"          // a fraction or an exponent
	CodeNegativeZero  = "negative-zero"  // -0
	CodeLeadingZero   = "leading-zero"   // 007
	CodeRange         = "range"          // an integer beyond its limits
	CodeUTF8          = "utf8"           // invalid UTF-8
	CodeEscape        = "escape"         // not the shortest writing of a character
	CodeDepth         = "depth"          // nested too deeply
	CodeTooLong       = "too-long"       // more bytes than the caller allows
	CodeTrailing      = "trailing"       // bytes after the value
	CodeKind          = "kind"           // a string where a number is due, and so on
	CodeText          = "text"           // a string that its type does not accept
	CodeSecondWriting = "second-writing" // a string that its type writes differently
	CodeSyntax        = "syntax"         // not JSON
)

// Error says why bytes were refused.
type Error struct {
	Path    string // member at fault, as in acts[3].order.start; "" is the whole value
	Offset  int    // byte in the input, counted from 0
	Problem string // what is wrong and what to do
	Code    string // one of the Code constants

	cause error
}

func (e *Error) Error() string {
	where := "the JSON value"
	if e.Path != "" {
		where = "the JSON member " + e.Path
	}
	return where + " is refused at byte " + strconv.Itoa(e.Offset) + ": " + e.Problem
}

// Unwrap returns the error of the text type that refused a string, if any.
func (e *Error) Unwrap() error { return e.cause }

// in puts one more step in front of the path, on the way out of a nested value.
func (e *Error) in(step string) *Error {
	if e.Path != "" && e.Path[0] != '[' {
		step += "."
	}
	e.Path = step + e.Path
	return e
}

func (e *Error) inElement(i int) *Error {
	return e.in("[" + strconv.Itoa(i) + "]")
}

// inNamed is in for a name that comes from the input: it is shortened, and
// quoted unless it is plain.
func (e *Error) inNamed(name string) *Error {
	plain := name != "" && len(name) <= nameShown
	for i := 0; plain && i < len(name); i++ {
		c := name[i]
		plain = c == '_' || c == '-' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
	}
	if !plain {
		name = quote(name)
	}
	return e.in(name)
}

func (d *decoder) fail(offset int, code, problem string) *Error {
	return &Error{Offset: offset, Code: code, Problem: problem}
}

func tooLong(length, bytesMax int) *Error {
	return &Error{
		Offset: max(bytesMax, 0), Code: CodeTooLong,
		Problem: "the input has " + strconv.Itoa(length) + " bytes, at most " + strconv.Itoa(bytesMax) + " are allowed; send less",
	}
}

// nameShown is how many bytes of a foreign name appear in a message.
const nameShown = 40

// quote makes foreign text safe to show.
func quote(s string) string {
	if len(s) > nameShown {
		cut := nameShown
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return strconv.Quote(s)
}

// unexpected explains the byte at the current position, where want should be.
func (d *decoder) unexpected(want string) *Error {
	rest := d.data[d.pos:]
	switch {
	case len(rest) == 0:
		return d.fail(d.pos, CodeSyntax, "the input ends where "+want+" is due; send the whole value")
	case isSpace(rest[0]):
		return d.fail(d.pos, CodeWhiteSpace, "white space stands outside a string; write the JSON without any")
	case hasPrefix(rest, "\ufeff"):
		return d.fail(d.pos, CodeSyntax, "a byte order mark stands here; write UTF-8 without it")
	}
	return d.fail(d.pos, CodeSyntax, show(rest)+" stands where "+want+" is due; correct the JSON")
}

// noValue explains the byte at the current position, where the value want
// should begin.
func (d *decoder) noValue(want string) *Error {
	if hasPrefix(d.data[d.pos:], "null") {
		return d.fail(d.pos, CodeNull, "null is not used; leave the member out")
	}
	return d.unexpected(want)
}

// show quotes the first character of rest.
func show(rest []byte) string {
	_, size := utf8.DecodeRune(rest)
	return strconv.QuoteToASCII(string(rest[:size]))
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func hasPrefix(data []byte, prefix string) bool {
	return len(data) >= len(prefix) && string(data[:len(prefix)]) == prefix
}

// wrongKind says that the value at the current position is not a want.
func (d *decoder) wrongKind(want string) *Error {
	found := ""
	if d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case c == '{':
			found = "an object"
		case c == '[':
			found = "an array"
		case c == '"':
			found = "a string"
		case c == '-' || '0' <= c && c <= '9':
			found = "a number"
		case hasPrefix(d.data[d.pos:], "true"), hasPrefix(d.data[d.pos:], "false"):
			found = "a truth value"
		}
	}
	if found == "" {
		return d.noValue(want)
	}
	return d.fail(d.pos, CodeKind, found+" stands where "+want+" is due; write "+want)
}

// refuseName explains why the member name at the current position is none of
// the fields from next on.
func (d *decoder) refuseName(p *plan, next int, seen uint64) *Error {
	at := d.pos
	name, err := d.name()
	if err != nil {
		return err
	}
	for i := range p.fields {
		f := &p.fields[i]
		if f.name != name {
			continue
		}
		if seen&(1<<i) != 0 {
			return d.fail(at, CodeRepeated, "the member stands twice in its object; write it once").in(name)
		}
		return d.fail(at, CodeOrder, "the member must stand before "+quote(p.fields[next-1].name)+"; write the members in the order of the specification").in(name)
	}
	return d.fail(at, CodeUnknown, "no member has this name; "+p.advice(name)).inNamed(name)
}

// advice names the field that the writer of name may have meant.
func (p *plan) advice(name string) string {
	best, distance := "", max(1, min(3, len(name)/2))+1
	for i := range p.fields {
		known := p.fields[i].name
		if strings.EqualFold(known, name) {
			return "upper and lower case matter: write " + quote(known)
		}
		if far := editDistance(known, name); far < distance {
			best, distance = known, far
		}
	}
	if best == "" {
		return "leave it out"
	}
	return "did you mean " + quote(best) + "?"
}

// editDistance counts the bytes to insert, drop or exchange to get from a to b.
// Names that are too long to be a slip of the pen are simply far.
func editDistance(a, b string) int {
	if len(a) > nameShown || len(b) > nameShown {
		return max(len(a), len(b))
	}
	var row [nameShown + 1]int
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
