package license

import (
	"strings"

	"licet/phrase"
)

// Kinds of map records.
const (
	KindLicense    = "license"    // id: us-il.physician.036123456
	KindLicensee   = "licensee"   // id: 32 hexadecimal digits
	KindLink       = "link"       // id: two license ids in order, joined by "~"
	KindBoard      = "board"      // id: us-il
	KindCalendar   = "calendar"   // id: the board's
	KindProfession = "profession" // id: us-il.physician
	KindOfficer    = "officer"    // id: us-il/mreyes
	KindPolicy     = "policy"     // id: the board's
	KindFact       = "fact"       // id: us-il/ and 32 hexadecimal digits
	KindSettlement = "settlement" // id: the license's
	KindClaim      = "claim"      // id: us-nppes. and an NPI
	KindOpening    = "opening"    // id: the commitment
	KindMembers    = "members"    // id: set
	KindNetwork    = "network"    // id: network
)

// An ID names a license: board, profession, and the number in the board's
// written form. Numbers that print differently are different licenses; search
// ignores punctuation, identity does not.
type ID struct{ Board, Profession, Number string }

// String writes the id: the number's characters other than A–Z, 0–9, dot and
// hyphen as %XX in upper case.
func (i ID) String() string { return i.Board + "." + i.Profession + "." + EscapeNumber(i.Number) }

// ProfessionID names the profession's record.
func (i ID) ProfessionID() string { return i.Board + "." + i.Profession }

// ParseID splits an id at its first two dots and undoes the escapes. It accepts
// only what String writes.
func ParseID(s string) (ID, error) {
	p := strings.SplitN(s, ".", 3)
	if len(p) != 3 {
		return ID{}, phrase.Errorf("%q is not a license id: write board.profession.number, such as us-il.physician.036123456", s)
	}
	if err := checkName(p[0], 32); err != nil {
		return ID{}, phrase.Wrap(err, "license id %q: board", s)
	}
	if err := checkName(p[1], 48); err != nil {
		return ID{}, phrase.Wrap(err, "license id %q: profession", s)
	}
	n, err := unescapeNumber(p[2])
	if err != nil {
		return ID{}, phrase.Wrap(err, "license id %q: number", s)
	}
	return ID{p[0], p[1], n}, nil
}

// checkName accepts a lower-case name of letters, digits and inner hyphens.
func checkName(s string, lenMax int) error {
	if s == "" || len(s) > lenMax {
		return phrase.Errorf("a name has 1 to %d characters", lenMax)
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' && i > 0 && i < len(s)-1) {
			return phrase.Errorf("%q: a name holds a–z, 0–9 and inner hyphens only", s)
		}
	}
	return nil
}

func plainNumberByte(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-'
}

// EscapeNumber writes a license number as it stands in an id.
func EscapeNumber(n string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(n); i++ {
		if c := n[i]; plainNumberByte(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

const numberLenMax = 64 // bytes of a number before escaping

func unescapeNumber(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case plainNumberByte(c):
			b.WriteByte(c)
		case c == '%' && i+2 < len(s):
			h, l := hexValue(s[i+1]), hexValue(s[i+2])
			if h < 0 || l < 0 || plainNumberByte(byte(h<<4|l)) {
				return "", phrase.Errorf("%q is no escape that is needed: other characters than A–Z, 0–9, dot and hyphen are %%XX in upper case", s[i:i+3])
			}
			b.WriteByte(byte(h<<4 | l))
			i += 2
		default:
			return "", phrase.Errorf("character %q must be written as %%%02X", s[i:i+1], c)
		}
	}
	if b.Len() == 0 || b.Len() > numberLenMax {
		return "", phrase.Errorf("a number has 1 to %d characters", numberLenMax)
	}
	if err := CheckText([]byte(b.String())); err != nil || strings.ContainsAny(b.String(), "\n\t") {
		return "", phrase.Errorf("a number is UTF-8 text without control characters")
	}
	return b.String(), nil
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// BoardOf returns the board that a record of this kind and id belongs to, or ""
// for records of the network.
func BoardOf(kind, id string) string {
	switch kind {
	case KindLicense, KindProfession, KindSettlement, KindClaim:
		b, _, _ := strings.Cut(id, ".")
		return b
	case KindOfficer, KindFact, KindNotice:
		b, _, _ := strings.Cut(id, "/")
		return b
	case KindFault:
		_, b, _ := strings.Cut(id, "/")
		return b
	case KindBoard, KindCalendar, KindPolicy, KindContracts:
		return id
	}
	return ""
}

// LinkID names the link of two licenses, whichever order they are given in.
func LinkID(a, b string) string { return min(a, b) + "~" + max(a, b) }

// checkRandomID accepts 16 random bytes as 32 lower-case hexadecimal digits.
func checkRandomID(s string) bool {
	if len(s) != 32 {
		return false
	}
	for i := 0; i < 32; i++ {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}
