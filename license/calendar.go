package license

import "time"

// A Calendar says which legal day it is for a board at an instant: a dated table
// of UTC offsets, with the rule for the clocks' turns in spring and fall. There is
// no time-zone database in the registry, because two members with two editions of
// it would disagree about midnight.
// It is the map record of kind "calendar"; its id is the board's.
type Calendar struct {
	Rows  []OffsetRow `json:"rows"`
	Count int64       `json:"count"` // how often it was set
	Last  Hash        `json:"last"`
}

// An OffsetRow holds from an instant on, until the next row's.
type OffsetRow struct {
	From     Instant   `json:"from"`
	Minutes  int64     `json:"minutes"`  // standard time minus UTC; Illinois: −360
	Daylight *Daylight `json:"daylight"` // nil: standard time all year
}

// A Daylight is the part of each year in which the clocks show another time. It
// may begin in one year and end in the next, as it does south of the equator.
type Daylight struct {
	Minutes int64 `json:"minutes"` // daylight time minus UTC
	Begin   Turn  `json:"begin"`
	End     Turn  `json:"end"`
}

// A Turn is when clocks are changed, each year anew.
type Turn struct {
	Month  int64 `json:"month"`  // 1 to 12
	Sunday int64 `json:"sunday"` // of the month, 1 to 4; 5: the last one
	At     int64 `json:"at"`     // minutes after midnight, on the clocks before they are changed
}

// minutesMax is the most minutes that a place is ahead of UTC, or behind it.
const minutesMax = 14 * 60

// valid says whether a row can be in a board's calendar, as far as a row alone tells.
func (r *OffsetRow) valid() bool {
	return r.From != "" && abs(r.Minutes) <= minutesMax && (r.Daylight == nil || r.Daylight.valid())
}

func (d *Daylight) valid() bool {
	return abs(d.Minutes) <= minutesMax && d.Begin.valid() && d.End.valid() && d.Begin.Month != d.End.Month
}

func (t *Turn) valid() bool {
	return t.Month >= 1 && t.Month <= 12 && t.Sunday >= 1 && t.Sunday <= 5 && t.At >= 0 && t.At < 24*60
}

func abs(n int64) int64 { return max(n, -n) }

// in returns the second in which the turn happens in a year, by clocks that show
// minutes more than UTC.
func (t *Turn) in(year int, minutes int64) int64 {
	first := numberOf(year, int(t.Month), 1)
	const monday = 4 // the days from 1970-01-01 to a Monday
	sinceMonday := ((first-monday)%7 + 7) % 7
	days := 6 - sinceMonday + 7*(int(t.Sunday)-1)
	if days >= daysIn(year, int(t.Month)) {
		days -= 7
	}
	return int64(first+days)*86400 + 60*(t.At-minutes)
}

// Offset returns local time minus UTC in minutes at t. Before the first row the
// first row's standard time counts; without rows it is zero. A row that no act can
// set has no daylight time.
func (c *Calendar) Offset(t Instant) int64 {
	if len(c.Rows) == 0 {
		return 0
	}
	r := &c.Rows[0]
	for i := range c.Rows {
		if c.Rows[i].From <= t {
			r = &c.Rows[i]
		}
	}
	d := r.Daylight
	if d == nil || r.From > t || !r.valid() {
		return r.Minutes
	}
	n := t.Unix()
	number, _ := secondOf(n + 60*r.Minutes)
	year, _, _ := dateOf(number)
	begin, end := d.Begin.in(year, r.Minutes), d.End.in(year, d.Minutes)
	if begin <= n && n < end || end < begin && (n < end || begin <= n) {
		return d.Minutes
	}
	return r.Minutes
}

// Day returns the legal day at t.
func (c *Calendar) Day(t Instant) Day {
	number, _ := secondOf(c.local(t))
	return dayOf(number)
}

// Local returns the wall-clock reading at t, carried in a UTC time.Time.
func (c *Calendar) Local(t Instant) time.Time {
	return time.Unix(c.local(t), 0).UTC()
}

// local is the wall-clock reading in seconds, held within the years 1600 to 9999: who
// forges records can write any offset.
func (c *Calendar) local(t Instant) int64 {
	return min(max(t.Unix()+60*c.Offset(t), firstSecond), lastSecond)
}

// CentralTime returns the calendar rows of Illinois from 2007 on: −6 hours, and −5
// from the second Sunday of March, 2:00, to the first Sunday of November, 2:00.
// 15 U.S.C. 260a.
func CentralTime() []OffsetRow {
	return []OffsetRow{{From: "2007-01-01T06:00:00Z", Minutes: -360, Daylight: &Daylight{
		Minutes: -300,
		Begin:   Turn{Month: 3, Sunday: 2, At: 120},
		End:     Turn{Month: 11, Sunday: 1, At: 120},
	}}}
}
