package license

import "time"

// A Calendar says which legal day it is for a board at an instant: a dated table
// of UTC offsets. There is no time-zone database in the registry, because two
// members with two editions of it would disagree about midnight.
// It is the map record of kind "calendar"; its id is the board's.
type Calendar struct {
	Rows  []OffsetRow `json:"rows"`
	Count int64       `json:"count"` // how often it was set
	Last  Hash        `json:"last"`
}

// An OffsetRow holds from an instant on, until the next row's.
type OffsetRow struct {
	From    Instant `json:"from"`
	Minutes int64   `json:"minutes"` // local time minus UTC; Illinois in winter: −360
}

// Offset returns local time minus UTC in minutes at t. Before the first row the
// first row's offset counts; without rows it is zero.
func (c *Calendar) Offset(t Instant) int64 {
	var m int64
	for i, r := range c.Rows {
		if i == 0 || r.From <= t {
			m = r.Minutes
		}
	}
	return m
}

// Day returns the legal day at t.
func (c *Calendar) Day(t Instant) Day { return dayOf(c.Local(t)) }

// Local returns the wall-clock reading at t, carried in a UTC time.Time.
func (c *Calendar) Local(t Instant) time.Time {
	// In seconds: a time.Duration of a forged offset would wrap around.
	return time.Unix(t.Unix()+60*c.Offset(t), 0).UTC()
}

// CentralTime returns the offset rows of Illinois from 2007 through lastYear:
// −6 hours, and −5 from the second Sunday of March, 2:00 local (08:00 UTC), to
// the first Sunday of November, 2:00 local (07:00 UTC). 15 U.S.C. 260a.
func CentralTime(lastYear int) []OffsetRow {
	rows := []OffsetRow{{From: "2007-01-01T06:00:00Z", Minutes: -360}}
	sunday := func(y int, m time.Month, nth int) time.Time {
		t := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		return t.AddDate(0, 0, (7-int(t.Weekday()))%7+7*(nth-1))
	}
	for y := 2007; y <= lastYear; y++ {
		rows = append(rows,
			OffsetRow{InstantOf(sunday(y, time.March, 2).Add(8 * time.Hour)), -300},
			OffsetRow{InstantOf(sunday(y, time.November, 1).Add(7 * time.Hour)), -360})
	}
	return rows
}
