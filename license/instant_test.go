package license

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Instants and days are written and read as package time does.
func TestInstantsAgreeWithTime(t *testing.T) {
	const form = "2006-01-02T15:04:05Z"
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()).Draw(t, "seconds")
		at := time.Unix(n, rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		i := InstantOf(at)
		if want := at.UTC().Format(form); string(i) != want {
			t.Fatalf("%s is written %s", want, i)
		}
		if i.Unix() != n || !i.Time().Equal(time.Unix(n, 0)) || i.Time().Location() != time.UTC {
			t.Fatalf("%s is read as %v", i, i.Time())
		}
		if d := new(Calendar).Day(i); string(d) != at.UTC().Format("2006-01-02") {
			t.Fatalf("the day of %s is written %s", i, d)
		}
	})
	if !Instant("").Time().IsZero() || !Instant("x").Time().IsZero() {
		t.Error("what is no instant has a time")
	}
}
