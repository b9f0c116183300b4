package license

import (
	"fmt"
	"time"
)

// A Day is a date of the proleptic Gregorian calendar without a place, written
// "2026-05-31" (RFC 3339 full-date). The empty Day means "none". Days compare
// as strings do. Which instant a Day covers is for a board's Calendar to say.
type Day string

// The first and last day that a record may name.
const (
	DayMin Day = "1600-01-01"
	DayMax Day = "9999-12-31"
)

// AppendText implements encoding.TextAppender.
func (d Day) AppendText(b []byte) ([]byte, error) { return append(b, d...), nil }

// UnmarshalText implements encoding.TextUnmarshaler; it takes a valid day only.
func (d *Day) UnmarshalText(b []byte) error {
	parsed, err := ParseDay(string(b))
	if err == nil {
		*d = parsed
	}
	return err
}

// ParseDay reads "2026-05-31" and checks that the date exists.
func ParseDay(s string) (Day, error) {
	y, m, d, ok := civil(s)
	if !ok || len(s) != 10 {
		return "", fmt.Errorf("%q is not a day: write it like 2026-05-31", s)
	}
	if d < 1 || m < 1 || m > 12 || d > daysIn(y, m) {
		return "", fmt.Errorf("%q is not a day of the calendar", s)
	}
	if Day(s) < DayMin {
		return "", fmt.Errorf("%q is before %s, the first day a record may name", s, DayMin)
	}
	return Day(s), nil
}

// civil reads the ten leading characters as a date; the caller checks ranges.
func civil(s string) (y, m, d int, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, 0, false
	}
	y, ok1 := digits(s[0:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:10])
	return y, m, d, ok1 && ok2 && ok3
}

func digits(s string) (n int, ok bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func (d Day) time() time.Time {
	y, m, n, _ := civil(string(d))
	return time.Date(y, time.Month(m), n, 0, 0, 0, 0, time.UTC)
}

// Add returns the day n days later (earlier when n is negative), held within
// DayMin and DayMax.
func (d Day) Add(n int) Day { return dayOf(d.time().AddDate(0, 0, n)) }

// DaysUntil returns the number of days from d to e. A time.Duration holds 292
// years only, so it counts seconds.
func (d Day) DaysUntil(e Day) int { return int((e.time().Unix() - d.time().Unix()) / 86400) }

// Long writes the day as people in the United States do: "May 31, 2026".
func (d Day) Long() string {
	if d == "" {
		return ""
	}
	return d.time().Format("January 2, 2006")
}

// dayOf returns the date that t shows, held within DayMin and DayMax.
func dayOf(t time.Time) Day {
	y, m, d := t.Date()
	switch {
	case y < 1600:
		return DayMin
	case y > 9999:
		return DayMax
	}
	var room [10]byte
	return Day(appendDate(room[:0], y, int(m), d))
}

// An Instant is a whole second of UTC, written "2026-05-31T10:42:07Z" (RFC 3339).
// The empty Instant means "none". Instants compare as strings do.
type Instant string

// AppendText implements encoding.TextAppender.
func (t Instant) AppendText(b []byte) ([]byte, error) { return append(b, t...), nil }

// UnmarshalText implements encoding.TextUnmarshaler; it takes a valid instant only.
func (t *Instant) UnmarshalText(b []byte) error {
	parsed, err := ParseInstant(string(b))
	if err == nil {
		*t = parsed
	}
	return err
}

// ParseInstant reads "2026-05-31T10:42:07Z"; leap seconds are not accepted.
func ParseInstant(s string) (Instant, error) {
	if len(s) != 20 || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != 'Z' {
		return "", fmt.Errorf("%q is not an instant: write it like 2026-05-31T10:42:07Z", s)
	}
	h, ok1 := digits(s[11:13])
	m, ok2 := digits(s[14:16])
	c, ok3 := digits(s[17:19])
	if _, err := ParseDay(s[:10]); err != nil || !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || c > 59 {
		return "", fmt.Errorf("%q is not an instant of the calendar", s)
	}
	return Instant(s), nil
}

// InstantOf returns t floored to seconds, held within the years 1600 to 9999.
func InstantOf(t time.Time) Instant { return InstantUnix(t.Unix()) }

// InstantUnix returns the instant n seconds after 1970 began, held within the
// years 1600 to 9999.
func InstantUnix(n int64) Instant {
	const first, last = -11676096000, 253402300799 // of 1600 and of 9999
	n = min(max(n, first), last)
	t := time.Unix(n, 0).UTC()
	y, month, d := t.Date()
	h, m, s := t.Clock()
	var room [20]byte
	b := appendDate(room[:0], y, int(month), d)
	b = appendTwo(append(b, 'T'), h)
	b = appendTwo(append(b, ':'), m)
	b = appendTwo(append(b, ':'), s)
	return Instant(append(b, 'Z'))
}

// appendDate writes a date of a year from 0 to 9999. Writing and reading by hand is
// some times faster than package time, and blocks do it for every payload.
func appendDate(b []byte, y, m, d int) []byte {
	b = appendTwo(appendTwo(b, y/100), y%100)
	b = appendTwo(append(b, '-'), m)
	return appendTwo(append(b, '-'), d)
}

// appendTwo writes n, which is below 100, with two digits.
func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// Time returns the instant as a time.Time in UTC, or the zero time for none.
func (t Instant) Time() time.Time {
	if _, err := ParseInstant(string(t)); err != nil {
		return time.Time{}
	}
	y, month, d, _ := civil(string(t))
	h, _ := digits(string(t[11:13]))
	m, _ := digits(string(t[14:16]))
	s, _ := digits(string(t[17:19]))
	return time.Date(y, time.Month(month), d, h, m, s, 0, time.UTC)
}

// Unix returns seconds since 1970 began.
func (t Instant) Unix() int64 { return t.Time().Unix() }

// AddSeconds returns the instant n seconds later.
func (t Instant) AddSeconds(n int64) Instant { return InstantUnix(t.Unix() + n) }
