package license

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"licet/strict"
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
	{"2080-07-01T04:59:59Z", "2080-06-30"}, // the rule goes on
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
	illinois := &Calendar{Rows: CentralTime()}
	for _, c := range midnights {
		if got := illinois.Day(c.at); got != c.day {
			t.Errorf("in Illinois it is %s at %s, want %s", got, c.at, c.day)
		}
		lines = append(lines, calendarVector{Name: "Illinois at " + string(c.at), Rows: illinois.Rows, At: c.at, Day: c.day})
	}
	for _, c := range calendarCases() {
		if got := (&Calendar{Rows: c.Rows}).Day(c.At); got != c.Day {
			t.Errorf("%s: it is %s at %s, want %s", c.Name, got, c.At, c.Day)
		}
		lines = append(lines, c)
	}
	lines = append(lines,
		calendarVector{Name: "no rows", At: "2026-01-11T23:59:59Z", Day: new(Calendar).Day("2026-01-11T23:59:59Z")},
		calendarVector{Name: "ahead of UTC", Rows: []OffsetRow{{From: "2020-01-01T00:00:00Z", Minutes: 840}}, At: "2026-01-11T10:00:00Z", Day: (&Calendar{Rows: []OffsetRow{{Minutes: 840}}}).Day("2026-01-11T10:00:00Z")},
		calendarVector{Name: "beyond the last day", Rows: []OffsetRow{{From: "2020-01-01T00:00:00Z", Minutes: 840}}, At: "9999-12-31T23:00:00Z", Day: (&Calendar{Rows: []OffsetRow{{Minutes: 840}}}).Day("9999-12-31T23:00:00Z")},
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

// calendarCases are calendars beside Illinois'.
func calendarCases() (cases []calendarVector) {
	sydney := OffsetRow{From: "2008-01-01T00:00:00Z", Minutes: 600, Daylight: &Daylight{Minutes: 660, Begin: Turn{10, 1, 120}, End: Turn{4, 1, 180}}}
	berlin := OffsetRow{From: "1996-01-01T00:00:00Z", Minutes: 60, Daylight: &Daylight{Minutes: 120, Begin: Turn{3, 5, 120}, End: Turn{10, 5, 180}}}
	midnight := OffsetRow{From: "2020-01-01T00:00:00Z", Minutes: -240, Daylight: &Daylight{Minutes: -180, Begin: Turn{9, 4, 0}, End: Turn{1, 4, 1439}}}
	add := func(name string, at Instant, day Day, rows ...OffsetRow) {
		cases = append(cases, calendarVector{Name: name + " at " + string(at), Rows: rows, At: at, Day: day})
	}
	for _, c := range []struct {
		at  Instant
		day Day
	}{
		{"2026-04-04T12:59:59Z", "2026-04-04"},
		{"2026-04-04T13:00:00Z", "2026-04-05"},
		{"2026-04-05T13:59:59Z", "2026-04-05"},
		{"2026-04-05T14:00:00Z", "2026-04-06"},
		{"2026-10-03T13:59:59Z", "2026-10-03"},
		{"2026-10-04T12:59:59Z", "2026-10-04"},
		{"2026-10-04T13:00:00Z", "2026-10-05"},
		{"2026-12-31T13:00:00Z", "2027-01-01"},
		{"2026-12-31T12:59:59Z", "2026-12-31"},
	} {
		add("daylight time over the new year", c.at, c.day, sydney)
	}
	add("turn on the last Sunday", "2026-03-28T23:00:00Z", "2026-03-29", berlin)
	add("turn on the last Sunday", "2026-03-29T22:00:00Z", "2026-03-30", berlin)
	add("turn on the last Sunday", "2026-10-24T22:00:00Z", "2026-10-25", berlin)
	add("turn on the last Sunday", "2026-10-25T22:59:59Z", "2026-10-25", berlin)
	add("turn at midnight", "2026-09-27T03:59:59Z", "2026-09-26", midnight)
	add("turn at midnight", "2026-09-28T02:59:59Z", "2026-09-27", midnight)
	add("turn at midnight", "2026-09-28T03:00:00Z", "2026-09-28", midnight)
	add("turn at midnight", "2026-01-26T03:59:59Z", "2026-01-25", midnight)
	add("before the first row", "2006-07-01T05:30:00Z", "2006-06-30", CentralTime()...)
	add("daylight time ended by law", "2031-07-01T05:30:00Z", "2031-06-30", append(CentralTime(), OffsetRow{From: "2030-01-01T06:00:00Z", Minutes: -360})...)
	for name, change := range map[string]func(*OffsetRow){
		"of no month":          func(r *OffsetRow) { r.Daylight.Begin.Month = 0 },
		"of a 13th month":      func(r *OffsetRow) { r.Daylight.End.Month = 13 },
		"of a sixth Sunday":    func(r *OffsetRow) { r.Daylight.End.Sunday = 6 },
		"of no Sunday":         func(r *OffsetRow) { r.Daylight.Begin.Sunday = 0 },
		"after midnight":       func(r *OffsetRow) { r.Daylight.Begin.At = 1440 },
		"before midnight":      func(r *OffsetRow) { r.Daylight.End.At = -1 },
		"within a month":       func(r *OffsetRow) { r.Daylight.End.Month = 3 },
		"beyond 14 hours":      func(r *OffsetRow) { r.Daylight.Minutes = 841 },
		"of the largest":       func(r *OffsetRow) { r.Daylight.Minutes, r.Daylight.End.At = -strict.IntMax, strict.IntMax },
		"beside a wide offset": func(r *OffsetRow) { r.Minutes = -841 },
	} {
		r := CentralTime()[0]
		change(&r)
		day := Day("2026-06-30")
		add("daylight time "+name+" is none", "2026-07-01T05:30:00Z", day, r)
	}
	slices.SortStableFunc(cases, func(a, b calendarVector) int { return strings.Compare(a.Name, b.Name) })
	return cases
}

// CentralTime must say what the time-zone database of this machine says.
func TestCentralTimeIsThatOfChicago(t *testing.T) {
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Skip("no time-zone database here:", err)
	}
	c := &Calendar{Rows: CentralTime()}
	for at := time.Date(2007, 1, 2, 0, 0, 0, 0, time.UTC); at.Year() < 2061; at = at.Add(59 * time.Minute) {
		if got, want := c.Day(InstantOf(at)), Day(at.In(chicago).Format(time.DateOnly)); got != want {
			t.Fatalf("at %s it is %s, want %s", at, got, want)
		}
	}
}

// Days are counted as package time counts them, every one, and months' first days fall
// on the same days of the week.
func TestEveryDayIsCounted(t *testing.T) {
	at := time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := numberOf(1600, 1, 1); at.Year() < 10000; n, at = n+1, at.AddDate(0, 0, 1) {
		y, m, d := dateOf(n)
		if y != at.Year() || m != int(at.Month()) || d != at.Day() || numberOf(y, m, d) != n || int64(n)*86400 != at.Unix() {
			t.Fatalf("day %d is %d-%d-%d, want %s", n, y, m, d, at)
		}
		turn := Turn{Month: int64(m), Sunday: 1}
		if sunday := (7 - int(at.Weekday())) % 7; d == 1 && turn.in(y, 0) != at.Unix()+int64(sunday)*86400 {
			t.Fatalf("the first Sunday from %s on begins at %d", at, turn.in(y, 0))
		}
	}
	if none := time.Date(0, 0, 0, 0, 0, 0, 0, time.UTC).Unix(); int64(Day("").number())*86400 != none || Instant("").Unix() != (time.Time{}).Unix() {
		t.Error("no day and no instant count otherwise than before")
	}
	if d := DayMin.Add(math.MaxInt); d != DayMax {
		t.Error(d)
	}
}
