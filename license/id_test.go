package license

import (
	"strings"
	"testing"
)

var goodIDs = []string{
	"us-il.physician.036123456", "us-il.nurse.041.123456", "a.b.C", "1.2.3", "us-il.nurse.%20", "us-il.nurse.RN%2F12%20A", "us-il.nurse.-", "us-il.nurse.A..B",
	"us-il.nurse.%C3%A9", "us-il.nurse.%61%62", "us-il.nurse.%25", "us-il.nurse.%7E", strings.Repeat("b", 32) + "." + strings.Repeat("p", 48) + "." + strings.Repeat("9", 64),
	"us-il.nurse." + strings.Repeat("%2F", 64),
}

var badIDs = []string{
	"us-il", "us-il.nurse", "us-il.nurse.", ".nurse.1", "us-il..1", "US-IL.nurse.1", "us-il.Nurse.1", "-il.nurse.1", "us-.nurse.1", "us_il.nurse.1", "us-il.nurse.a",
	"us-il.nurse.1 2", "us-il.nurse.1/2", "us-il.nurse.%2f", "us-il.nurse.%41", "us-il.nurse.%2D", "us-il.nurse.%2", "us-il.nurse.%", "us-il.nurse.%G0", "us-il.nurse.é",
	"us-il.nurse.%00", "us-il.nurse.%0A", "us-il.nurse.%7F", "us-il.nurse.%FF", "us-il.nurse.%C3", "us-il.nurse.~", strings.Repeat("b", 33) + ".p.1", "b." + strings.Repeat("p", 49) + ".1",
	"us-il.nurse." + strings.Repeat("9", 65), "us-il.nurse.1\n",
}

var badPatterns = []string{"+", "|", "#|", "|#", "+#", "##+#", "#++", strings.Repeat("#", 201)}

var fits = []struct {
	pattern, number string
	fits            bool
}{
	{"036######", "036123456", true},
	{"036######", "041123456", false},
	{"036######", "03612345", false},
	{"036######", "0361234567", false},
	{"036######", "03612345A", false},
	{"036######", "", false},
	{"#+", "1", true},
	{"#+", "", false},
	{"#+", "123456789012345678901234567890", true},
	{"#+", "12A", false},
	{"@#+", "A1", true},
	{"@#+", "A", false},
	{"@#+", "11", false},
	{"?*", "9/", true},
	{"?*", "/9", false},
	{"*+", "RN/12 A", true},
	{"A+", "AAA", true},
	{"A+", "AAB", false},
	{"041######|T####", "T1234", true},
	{"041######|T####", "T123", false},
	{"041.######", "041.123456", true},
	{"041.######", "041-123456", false},
	{"é", "é", true},
	{"*", "é", false}, // two bytes
	{"**", "é", true},
	{"#+|@+", "AB", true},
}

func TestLinkID(t *testing.T) {
	if a, b := LinkID("us-il.nurse.1", "us-ia.nurse.2"), LinkID("us-ia.nurse.2", "us-il.nurse.1"); a != b || a != "us-ia.nurse.2~us-il.nurse.1" {
		t.Error(a, b)
	}
}

func TestBoardOf(t *testing.T) {
	for _, c := range [][3]string{
		{KindLicense, "us-il.nurse.1", "us-il"},
		{KindProfession, "us-il.nurse", "us-il"},
		{KindOfficer, "us-il/clerk", "us-il"},
		{KindFact, "us-il/0", "us-il"},
		{KindSettlement, "us-il.nurse.041777", "us-il"},
		{KindClaim, "us-nppes.1234567893", "us-nppes"},
		{KindBoard, "us-il", "us-il"},
		{KindCalendar, "us-il", "us-il"},
		{KindPolicy, "us-il", "us-il"},
		{KindContracts, "us-il", "us-il"},
		{KindContract, "imlc", ""},
		{KindLicensee, "00", ""},
		{KindOpening, "00", ""},
		{KindNetwork, "network", ""},
		{KindMembers, "set", ""},
		{KindLink, "a~b", ""},
		{KindLicense, "us-il", "us-il"},
		{KindOfficer, "", ""},
	} {
		if got := BoardOf(c[0], c[1]); got != c[2] {
			t.Errorf("%s %s: %q", c[0], c[1], got)
		}
	}
}

func FuzzParseID(f *testing.F) {
	for _, s := range append(append([]string{}, goodIDs...), badIDs...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		i, err := ParseID(s)
		if err == nil && i.String() != s {
			t.Errorf("%q is written back as %q", s, i)
		}
		// Every number that is text has an id, and that id is its own.
		n := ID{"us-il", "nurse", s}
		back, err := ParseID(n.String())
		if err == nil && back != n {
			t.Errorf("%q becomes %q", s, back.Number)
		}
		if ok := s != "" && len(s) <= numberLenMax && CheckText([]byte(s)) == nil && !strings.ContainsAny(s, "\n\t"); ok != (err == nil) {
			t.Errorf("%q: %v", s, err)
		}
	})
}

func FuzzFitsPattern(f *testing.F) {
	for _, c := range fits {
		f.Add(c.pattern, c.number)
	}
	for _, p := range badPatterns {
		f.Add(p, "1")
	}
	f.Fuzz(func(t *testing.T, p, n string) {
		if CheckPattern(p) != nil {
			return
		}
		if got, want := FitsPattern(p, n), fitsAny(strings.Split(p, "|"), n); got != want {
			t.Errorf("%q of %q: %v", n, p, got)
		}
	})
}

// fitsAny is a naive twin: it eats the number byte by byte.
func fitsAny(forms []string, n string) bool {
	for _, f := range forms {
		if eats(f, n) {
			return true
		}
	}
	return false
}

func eats(form, n string) bool {
	if form == "" {
		return n == ""
	}
	class := map[byte]string{'#': "0123456789", '@': "ABCDEFGHIJKLMNOPQRSTUVWXYZ", '?': "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
	one := func() bool {
		if n == "" {
			return false
		}
		set, ok := class[form[0]]
		return form[0] == '*' || ok && strings.IndexByte(set, n[0]) >= 0 || !ok && form[0] == n[0]
	}
	if !one() {
		return false
	}
	if form[1:] == "+" {
		return len(n) == 1 || eats(form, n[1:])
	}
	return eats(form[1:], n[1:])
}
