package lex

import (
	"fmt"
	"unicode/utf8"
)

// checkSource refuses characters that a reader does not see, or takes for others. The
// list stands here and not in tables of Unicode, which grow with the years.
func (c *checker) checkSource(src []byte) bool {
	if len(src) > SourceBytesMax {
		c.add(Problem{Rule: "source-long", Reason: fmt.Sprintf("The source has %d bytes; %d are the most.", len(src), SourceBytesMax), Instead: "Make two contracts of it."})
		return false
	}
	line, column := 1, 1
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		if r == utf8.RuneError && n <= 1 {
			c.at(line, column, "not-utf-8", "This is not UTF-8.", "Save the file as UTF-8.")
			return false
		}
		if why, instead := badRune(r); why != "" {
			c.at(line, column, "character", why, instead)
			return false
		}
		if column > LineMax && r != '\n' {
			c.at(line, column, "line-long", fmt.Sprintf("A line has at most %d characters.", LineMax), "Break it within parentheses.")
			return false
		}
		src, column = src[n:], column+1
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return true
}

func badRune(r rune) (why, instead string) {
	switch {
	case r == '\n', r >= ' ' && r <= '~':
		return "", ""
	case r == '\t':
		return "A tab looks like any number of spaces.", "Write spaces."
	case r == '\r':
		return "The line ends with a carriage return.", "End lines with a line feed alone."
	case r == 0x00AD: // soft hyphen
	case r >= 0x00A1 && r <= 0x017F, r == 0x2013, r == 0x2014, r >= 0x2018 && r <= 0x201D && r != 0x201B, r == 0x2026, r == 0x20AC:
		return "", "" // §, accents, dashes, quotation marks, €: in comments and texts
	}
	return fmt.Sprintf("U+%04X may not be seen, or may be taken for another character.", r), "Write it with ASCII letters, or leave it away."
}
