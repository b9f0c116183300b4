package phrase

import (
	"errors"
	"fmt"
	"io"
	"math"
	"testing"

	"pgregory.net/rapid"
)

type day string

type named struct{ name string }

func (n named) String() string { return n.name }

// What fmt writes is what is written here, whatever the operands are.
func TestAsFmt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		n := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-300, 300), rapid.Just(int64(math.MinInt64))).Draw(t, "n")
		operands := []any{s, day(s), named{s}, errors.New(s)}
		numbers := []any{n, int(n), uint32(n), byte(n)}
		text := rapid.SampledFrom([]string{"%s", "%v", "%q", "%.0q", "%.3q", "%.16q", "%.80q"})
		number := rapid.SampledFrom([]string{"%d", "%v", "%x", "%X", "%02x", "%02X", "%08x", "%03d", "%00d", "%012d"})
		var format string
		var a []any
		for range rapid.IntRange(0, 4).Draw(t, "operands") {
			format += rapid.SampledFrom([]string{"", "a ", "ü%%", "100%% of "}).Draw(t, "between")
			if rapid.Bool().Draw(t, "number") {
				format, a = format+number.Draw(t, "verb"), append(a, rapid.SampledFrom(numbers).Draw(t, "operand"))
			} else {
				format, a = format+text.Draw(t, "verb"), append(a, rapid.SampledFrom(operands).Draw(t, "operand"))
			}
		}
		if got, want := Sprintf(format, a...), fmt.Sprintf(format, a...); got != want {
			t.Fatalf("%q with %v: %q, fmt writes %q", format, a, got, want)
		}
	})
}

// A mistake of ours in a format is seen in the text, and panics never.
func TestWrongFormats(t *testing.T) {
	for format, want := range map[string]string{
		"%d":    "%!d",
		"%s %s": "a %!s",
		"%t":    "%!t",
		"%":     "%",
		"a %":   "a %",
		"%.":    "%!.",
		"%.80":  "%!0",
		"%0":    "%!0",
	} {
		if got := Sprintf(format, "a"); got != want {
			t.Errorf("%q: %q, not %q", format, got, want)
		}
	}
	if got := Sprintf("%v %q", nil, []string{"a"}); got != "%!v %!q" {
		t.Errorf("%q", got)
	}
}

func TestErrors(t *testing.T) {
	err := Wrap(io.EOF, "line %d", 7)
	if err.Error() != "line 7: EOF" || !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if err := Errorf("%q is no day", "x"); err.Error() != `"x" is no day` {
		t.Error(err)
	}
}
