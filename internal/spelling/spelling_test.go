package spelling

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Apart agrees with trying every single change.
func TestApart(t *testing.T) {
	word := rapid.StringMatching(`[abc]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		one := false
		for _, n := range neighbors(a) {
			one = one || n == b
		}
		x, y := []rune(a), []rune(b)
		d := Apart(x, y, 6)
		if d != Apart(y, x, 6) || (d == 0) != (a == b) || (d == 1) != (one && a != b) {
			t.Fatalf("%q and %q are %d apart", a, b, d)
		}
		for limit := range 6 {
			if got := Apart(x, y, limit); got != min(d, limit+1) {
				t.Fatalf("%q and %q are %d apart, up to %d: %d", a, b, d, limit, got)
			}
		}
	})
}

func neighbors(a string) (out []string) {
	for i := range len(a) + 1 {
		for _, c := range "abc" {
			out = append(out, a[:i]+string(c)+a[i:])
			if i < len(a) {
				out = append(out, a[:i]+string(c)+a[i+1:])
			}
		}
		if i < len(a) {
			out = append(out, a[:i]+a[i+1:])
		}
		if i+1 < len(a) {
			out = append(out, a[:i]+a[i+1:i+2]+a[i:i+1]+a[i+2:])
		}
	}
	return out
}

// Letters are counted, not bytes; and hostile lengths cost nothing.
func TestApartOfOddWords(t *testing.T) {
	long := []rune(strings.Repeat("é", 1_000_000))
	if d := Apart([]rune("Ñandú"), []rune("Nandu"), 2); d != 2 {
		t.Errorf("two accents are %d letters", d)
	}
	if d := Apart(long, long, 2); d != 3 {
		t.Errorf("what is too long is %d apart", d)
	}
}

func TestApartOfSomeWords(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"abc", "xbz", 2}, {"abc", "xyz", 3}, {"a", "abcdef", 3}} {
		if got := Apart([]rune(c.a), []rune(c.b), 2); got != c.want {
			t.Errorf("%s %s: %d", c.a, c.b, got)
		}
	}
}
