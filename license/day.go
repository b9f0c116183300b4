package license

import (
	"time"

	"licet/phrase"
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
		return "", phrase.Errorf("%q is not a day: write it like 2026-05-31", s)
	}
	if d < 1 || m < 1 || m > 12 || d > daysIn(y, m) {
		return "", phrase.Errorf("%q is not a day of the calendar", s)
	}
	if Day(s) < DayMin {
		return "", phrase.Errorf("%q is before %s, the first day a record may name", s, DayMin)
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

// number counts the days from 1970-01-01 on. Counting by hand is some times faster
// than package time, and blocks do it for every payload; the verifier for browsers
// is smaller by package time's zones.
func (d Day) number() int {
	y, m, n, _ := civil(string(d))
	return numberOf(y, m, n)
}

const (
	daysIn400Years  = 146097 // after which the calendar repeats
	marchOfYearZero = 719468 // days from 0000-03-01 to 1970-01-01
)

// numberOf counts the days from 1970-01-01 to a date. It takes years as beginning in
// March: so a leap day is the last of its year.
func numberOf(y, m, d int) int {
	if m <= 2 {
		y, m = y-1, m+12
	}
	y += 400 // years before 1 are divided as others are
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - daysIn400Years - marchOfYearZero
}

// dateOf is the date of a day that numberOf counted, from the year 0 on.
func dateOf(number int) (y, m, d int) {
	n := number + marchOfYearZero
	era, n := n/daysIn400Years, n%daysIn400Years
	y = (n - n/1460 + n/36524 - n/146096) / 365
	n -= 365*y + y/4 - y/100
	m = (5*n + 2) / 153
	d = n - (153*m+2)/5 + 1
	y, m = y+400*era, m+3
	if m > 12 {
		y, m = y+1, m-12
	}
	return y, m, d
}

// Seconds since 1970 of the first and the last second that an Instant may name.
const firstSecond, lastSecond = -11676096000, 253402300799

// secondOf splits seconds since 1970 into a day and the seconds of that day.
func secondOf(unix int64) (number, second int) {
	number, second = int(unix/86400), int(unix%86400)
	if second < 0 {
		number, second = number-1, second+86400
	}
	return number, second
}

// Add returns the day n days later (earlier when n is negative), held within
// DayMin and DayMax.
func (d Day) Add(n int) Day {
	const span = 8500 * 366 // more days than there are from DayMin to DayMax
	return dayOf(d.number() + min(max(n, -span), span))
}

// DaysUntil returns the number of days from d to e.
func (d Day) DaysUntil(e Day) int { return e.number() - d.number() }

// Long writes the day as people in the United States do: "May 31, 2026".
func (d Day) Long() string {
	if d == "" {
		return ""
	}
	return Instant(d + "T00:00:00Z").Time().Format("January 2, 2006")
}

// dayOf returns the day of a number, held within DayMin and DayMax.
func dayOf(number int) Day {
	switch {
	case number <= firstSecond/86400:
		return DayMin
	case number >= lastSecond/86400:
		return DayMax
	}
	var room [10]byte
	return Day(appendDate(room[:0], number))
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
		return "", phrase.Errorf("%q is not an instant: write it like 2026-05-31T10:42:07Z", s)
	}
	h, ok1 := digits(s[11:13])
	m, ok2 := digits(s[14:16])
	c, ok3 := digits(s[17:19])
	if _, err := ParseDay(s[:10]); err != nil || !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || c > 59 {
		return "", phrase.Errorf("%q is not an instant of the calendar", s)
	}
	return Instant(s), nil
}

// InstantOf returns t floored to seconds, held within the years 1600 to 9999.
func InstantOf(t time.Time) Instant { return InstantUnix(t.Unix()) }

// InstantUnix returns the instant n seconds after 1970 began, held within the
// years 1600 to 9999.
func InstantUnix(n int64) Instant {
	number, second := secondOf(min(max(n, firstSecond), lastSecond))
	var room [20]byte
	b := appendDate(room[:0], number)
	b = appendTwo(append(b, 'T'), second/3600)
	b = appendTwo(append(b, ':'), second/60%60)
	b = appendTwo(append(b, ':'), second%60)
	return Instant(append(b, 'Z'))
}

// appendDate writes a date of a year from 0 to 9999.
func appendDate(b []byte, number int) []byte {
	y, m, d := dateOf(number)
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
	return time.Unix(t.Unix(), 0).UTC()
}

// Unix returns seconds since 1970 began, or those of the zero time for none.
func (t Instant) Unix() int64 {
	if _, err := ParseInstant(string(t)); err != nil {
		return zeroTime
	}
	h, _ := digits(string(t[11:13]))
	m, _ := digits(string(t[14:16]))
	s, _ := digits(string(t[17:19]))
	return 86400*int64(Day(t[:10]).number()) + int64(3600*h+60*m+s)
}

// zeroTime is what time.Time{}.Unix() returns.
const zeroTime = -62135596800

// AddSeconds returns the instant n seconds later.
func (t Instant) AddSeconds(n int64) Instant { return InstantUnix(t.Unix() + n) }
