package importer

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Flaw says why a row was not taken as it is. Of a row that was taken, it is a
// note on what the mapping did.
type Flaw struct {
	Column string // as the header writes it; none: the row as a whole
	Value  string // as the file has it, shortened
	Reason string // a sentence for the clerk
	Rule   string // a code for machines, see docs/import.md
}

// Error implements error.
func (f Flaw) Error() string {
	var b strings.Builder
	if f.Column != "" {
		fmt.Fprintf(&b, "%s %q: ", f.Column, f.Value)
	}
	b.WriteString(f.Reason + " [" + f.Rule + "]")
	return b.String()
}

const shownMax = 80 // runes of a value that a report shows

// flaw makes a Flaw. In the value, bytes that are not UTF-8 are shown as \xNN, and
// characters that nobody sees, or that turn the text around them, as \u{NN}.
func flaw(column, value, rule, format string, a ...any) *Flaw {
	return &Flaw{column, shown(value), fmt.Sprintf(format, a...), rule}
}

func shown(v string) string {
	cut := false
	if len(v) > 4*shownMax {
		v, cut = v[:4*shownMax], true
	}
	var b strings.Builder
	for n := 0; len(v) > 0; n++ {
		if n == shownMax {
			cut = true
			break
		}
		r, size := utf8.DecodeRuneInString(v)
		if r == utf8.RuneError && size == 1 {
			if cut && len(v) < utf8.UTFMax { // the cut above went through a character
				break
			}
			fmt.Fprintf(&b, `\x%02x`, v[0])
		} else if r != '\n' && r != '\t' && (r < ' ' || r == 0x7f || deceives(r)) {
			fmt.Fprintf(&b, `\u{%x}`, r)
		} else {
			b.WriteRune(r)
		}
		v = v[size:]
	}
	if cut {
		b.WriteString("…")
	}
	return b.String()
}

// A FileError says why a file cannot be imported at all. Nothing of it was.
type FileError struct {
	Line   int64 // 0: the file as such
	Reason string
}

// Error implements error.
func (e *FileError) Error() string {
	if e.Line == 0 {
		return e.Reason
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
}

func fileError(line int64, format string, a ...any) error {
	return &FileError{line, fmt.Sprintf(format, a...)}
}
