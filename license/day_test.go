package license

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type calendarVector struct {
	Name   string      `json:"name"`
	Rows   []OffsetRow `json:"rows"`
	At     Instant     `json:"at"`
	Form   string      `json:"form"`
	Text   string      `json:"text"`
	Expect string      `json:"expect"`
	Day    Day         `json:"day"`
	Add    int64       `json:"add"`
	Sum    Day         `json:"sum"`
}

var goodDays = []string{"1600-01-01", "1600-02-29", "2000-02-29", "2024-02-29", "2026-05-31", "2026-11-30", "9999-12-31", "2400-02-29"}

var badDays = []string{
	"1599-12-31", "0000-00-00", "2026-00-10", "2026-13-01", "2026-01-00", "2026-01-32", "2026-04-31", "2026-02-29", "1900-02-29", "2100-02-29", "2024-02-30",
	"2026-1-1", "2026-01-1", "26-01-01", "2026/01/01", "2026-01-01 ", " 2026-01-01", "20260101", "2026-01-01T", "+026-01-01", "-026-01-01", "2026-0 -01", "２026-01-1", "10000-01-01", "2026-01-0a",
}

var goodInstants = []string{"2026-05-31T10:42:07Z", "1600-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-02-29T12:00:00Z"}

var badInstants = []string{
	"2026-05-31", "2026-05-31T10:42:07", "2026-05-31T10:42:07z", "2026-05-31t10:42:07Z", "2026-05-31 10:42:07Z", "2026-05-31T24:00:00Z", "2026-05-31T10:60:00Z", "2026-12-31T23:59:60Z",
	"2026-05-31T10:42:07.0Z", "2026-05-31T10:42:07+00:00", "2026-05-31T10:42Z", "2026-02-29T10:42:07Z", "1599-12-31T23:59:59Z", "2026-05-31T1:42:07Z", "2026-05-31T-1:42:07Z", "2026-05-31T10:42:07ZZ",
}

// midnights are seconds around legal midnight and the changes of the clock.
var midnights = []struct {
	at  Instant
	day Day
}{
	{"2026-01-11T05:59:59Z", "2026-01-10"},
	{"2026-01-11T06:00:00Z", "2026-01-11"}, // winter
	{"2026-07-11T04:59:59Z", "2026-07-10"},
	{"2026-07-11T05:00:00Z", "2026-07-11"}, // summer
	{"2026-03-08T05:59:59Z", "2026-03-07"},
	{"2026-03-08T06:00:00Z", "2026-03-08"},
	{"2026-03-08T07:59:59Z", "2026-03-08"}, // 01:59:59
	{"2026-03-08T08:00:00Z", "2026-03-08"}, // 03:00:00
	{"2026-03-09T04:59:59Z", "2026-03-08"},
	{"2026-03-09T05:00:00Z", "2026-03-09"},
	{"2026-11-01T04:59:59Z", "2026-10-31"},
	{"2026-11-01T05:00:00Z", "2026-11-01"},
	{"2026-11-01T06:59:59Z", "2026-11-01"}, // 01:59:59, summer
	{"2026-11-01T07:00:00Z", "2026-11-01"}, // 01:00:00, winter
	{"2026-11-02T05:59:59Z", "2026-11-01"},
	{"2026-11-02T06:00:00Z", "2026-11-02"},
	{"1999-07-01T05:59:59Z", "1999-06-30"}, // before the first row
	{"2080-07-01T05:59:59Z", "2080-06-30"}, // after the last one
	{"2024-02-29T06:00:00Z", "2024-02-29"},
	{"1600-01-01T00:00:00Z", "1600-01-01"}, // held within the calendar
}

func TestCalendarVectors(t *testing.T) {
	var lines []calendarVector
	texts := func(form, expect string, ss []string, parse func(string) error) {
		for _, s := range ss {
			if err := parse(s); (err == nil) != (expect == "ok") {
				t.Errorf("%s %q: %v", form, s, err)
			}
			lines = append(lines, calendarVector{Name: form + " " + s, Form: form, Text: s, Expect: expect})
		}
	}
	day := func(s string) error { _, err := ParseDay(s); return err }
	instant := func(s string) error { _, err := ParseInstant(s); return err }
	texts("day", "ok", goodDays, day)
	texts("day", "bad", append(badDays, goodInstants[0]), day)
	texts("instant", "ok", goodInstants, instant)
	texts("instant", "bad", append(badInstants, goodDays[0]), instant)
	rows := CentralTime(2027)[38:]
	illinois := &Calendar{Rows: CentralTime(2040)}
	few := &Calendar{Rows: rows}
	for _, c := range midnights {
		if got := illinois.Day(c.at); got != c.day {
			t.Errorf("in Illinois it is %s at %s, want %s", got, c.at, c.day)
		}
		lines = append(lines, calendarVector{Name: "Illinois at " + string(c.at), Rows: rows, At: c.at, Day: few.Day(c.at)})
	}
	lines = append(lines,
		calendarVector{Name: "no rows", At: "2026-01-11T23:59:59Z", Day: new(Calendar).Day("2026-01-11T23:59:59Z")},
		calendarVector{Name: "ahead of UTC", Rows: []OffsetRow{{"2020-01-01T00:00:00Z", 840}}, At: "2026-01-11T10:00:00Z", Day: (&Calendar{Rows: []OffsetRow{{"", 840}}}).Day("2026-01-11T10:00:00Z")},
		calendarVector{Name: "beyond the last day", Rows: []OffsetRow{{"2020-01-01T00:00:00Z", 840}}, At: "9999-12-31T23:00:00Z", Day: (&Calendar{Rows: []OffsetRow{{"", 840}}}).Day("9999-12-31T23:00:00Z")},
	)
	for _, c := range []struct {
		day Day
		add int
		sum Day
	}{
		{"2024-02-28", 1, "2024-02-29"},
		{"2026-02-28", 1, "2026-03-01"},
		{"2026-01-01", -1, "2025-12-31"},
		{"2026-07-31", 90, "2026-10-29"},
		{"1600-01-01", -1, "1600-01-01"},
		{"9999-12-31", 1, "9999-12-31"},
		{"9999-01-01", 100000, "9999-12-31"},
		{"2026-01-01", 3000000, "9999-12-31"},
		{"2026-01-01", -3000000, "1600-01-01"},
	} {
		if got := c.day.Add(c.add); got != c.sum {
			t.Errorf("%s and %d days: %s, want %s", c.day, c.add, got, c.sum)
		}
		lines = append(lines, calendarVector{Name: fmt.Sprintf("%s and %d days", c.day, c.add), Day: c.day, Add: int64(c.add), Sum: c.sum})
	}
	checkVectors(t, "calendar.jsonl", lines)
}

func TestDaysAndInstantsAreWrittenBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-11676096000, 253402300799).Draw(t, "seconds")
		i := InstantUnix(n)
		if back, err := ParseInstant(string(i)); err != nil || back.Unix() != n {
			t.Fatalf("%d is %s is %d: %v", n, i, back.Unix(), err)
		}
		d, err := ParseDay(string(i)[:10])
		if err != nil || string(d) != time.Unix(n, 0).UTC().Format(time.DateOnly) {
			t.Fatal(d, err)
		}
		m := rapid.IntRange(-40000, 40000).Draw(t, "days")
		if e := d.Add(m); e != DayMin && e != DayMax && (d.DaysUntil(e) != m || e.Add(-m) != d || (e > d) != (m > 0)) {
			t.Fatalf("%s and %d days is %s", d, m, e)
		}
		k := rapid.Int64Range(-1<<40, 1<<40).Draw(t, "more")
		if j := i.AddSeconds(k); j.Unix() != min(max(n+k, -11676096000), 253402300799) {
			t.Fatalf("%s and %d seconds is %s", i, k, j)
		}
	})
	if n := DayMin.DaysUntil(DayMax); n != DayMin.DaysUntil("2000-01-01")+Day("2000-01-01").DaysUntil(DayMax) {
		t.Errorf("%d days in all", n)
	}
	if Day("2026-05-31").Long() != "May 31, 2026" || Day("").Long() != "" {
		t.Error("long form")
	}
}

// CentralTime must say what the time-zone database of this machine says.
func TestCentralTimeIsThatOfChicago(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Skip("no time-zone database here:", err)
	}
	c := &Calendar{Rows: CentralTime(2036)}
	for at := time.Date(2007, 1, 2, 0, 0, 0, 0, time.UTC); at.Year() < 2037; at = at.Add(59 * time.Minute) {
		if got, want := c.Day(InstantOf(at)), Day(at.In(chicago).Format(time.DateOnly)); got != want {
			t.Fatalf("at %s it is %s, want %s", at, got, want)
		}
	}
}
