package wording

import (
	"fmt"
	"strings"
	"time"

	"licet/license"
)

// Moment writes an instant as people in the United States do, in the local time of
// a calendar, always with the zone: "July 30, 2026, 10:42 a.m. CDT". Without a
// calendar, or when a forged one is off by more than any place on earth, it is UTC.
// What lies outside of the years 1600 to 9999 is written as their first or last
// second.
func Moment(t license.Instant, c *license.Calendar) string {
	if t == "" {
		return ""
	}
	var offset int64
	zone := "UTC"
	if c != nil && len(c.Rows) > 0 {
		if o := c.Offset(t); -offsetMax <= o && o <= offsetMax {
			offset, zone = o, Zone(o, c)
		}
	}
	s := t.AddSeconds(60 * offset).Time().Format("January 2, 2006, 3:04 pm")
	return strings.Replace(strings.Replace(s, "am", "a.m.", 1), "pm", "p.m.", 1) + " " + zone
}

// offsetMax is how far from UTC clocks are set anywhere, in minutes.
const offsetMax = 14 * 60

// zoneNames are the zones of the United States by the offset of their standard
// time, and of their daylight time where there is one.
var zoneNames = map[[2]int64][2]string{
	{-240, -240}: {"AST", "AST"},
	{-300, -240}: {"EST", "EDT"},
	{-360, -300}: {"CST", "CDT"},
	{-420, -360}: {"MST", "MDT"},
	{-420, -420}: {"MST", "MST"},
	{-480, -420}: {"PST", "PDT"},
	{-540, -480}: {"AKST", "AKDT"},
	{-600, -600}: {"HST", "HST"},
	{0, 0}:       {"UTC", "UTC"},
}

// Zone names the zone in which clocks of the calendar are so many minutes ahead of
// UTC: "CDT", or "UTC+5:30" where the calendar is not one of the country's zones.
func Zone(minutes int64, c *license.Calendar) string {
	low, high := minutes, minutes
	for _, r := range c.Rows {
		low, high = min(low, r.Minutes), max(high, r.Minutes)
		if r.Daylight != nil {
			low, high = min(low, r.Daylight.Minutes), max(high, r.Daylight.Minutes)
		}
	}
	if names, ok := zoneNames[[2]int64{low, high}]; ok && minutes == low {
		return names[0]
	} else if ok && minutes == high {
		return names[1]
	}
	sign, m := "+", minutes
	if m < 0 {
		sign, m = "−", -m
	}
	s := fmt.Sprintf("UTC%s%d", sign, m/60)
	if m%60 != 0 {
		s += fmt.Sprintf(":%02d", m%60)
	}
	return s
}

// Age writes how long ago t was: "just now", "3 minutes ago", "6 days ago". What
// lies ahead, by clocks that differ, is "just now".
func Age(t, now license.Instant) string {
	d := now.Time().Sub(t.Time())
	for _, u := range []struct {
		unit string
		of   time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if n := int(d / u.of); n >= 1 {
			return fmt.Sprintf("%s ago", plural(n, u.unit))
		}
	}
	return "just now"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

var numberWords = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

// Count writes a number of things: "one condition", "two conditions", "11 conditions".
func Count(n int, noun string) string {
	if n >= 0 && n < len(numberWords) {
		if n != 1 {
			noun += "s"
		}
		return numberWords[n] + " " + noun
	}
	return plural(n, noun)
}

// Span writes the days from the first to the last; without a last, open stands
// in its place, such as "until lifted".
func Span(from, through license.Day, open string) string {
	if through == "" {
		return strings.TrimSpace("from " + from.Long() + " " + open)
	}
	return "from " + from.Long() + " through " + through.Long()
}

// InstantAt reads a moment that people write: an instant in UTC
// ("2026-05-31T10:42:07Z"), local time of the calendar without a zone
// ("2026-05-31T10:42", also with seconds), or a day, which means its end.
func InstantAt(s string, c *license.Calendar) (license.Instant, error) {
	if t, err := license.ParseInstant(s); err == nil {
		return t, nil
	}
	if d, err := license.ParseDay(s); err == nil {
		return utc(string(d)+"T23:59:59", c), nil
	}
	local := s
	if len(local) == len("2026-05-31T10:42") {
		local += ":00"
	}
	if _, err := license.ParseInstant(local + "Z"); err != nil {
		return "", fmt.Errorf("%q is not a time: write it like 2026-05-31T10:42 (the board's local time) or 2026-05-31T16:42:07Z", s)
	}
	return utc(local, c), nil
}

// utc finds the instant at which the calendar's clocks show the local time. When
// clocks go back and show it twice, it is the later one, so that what is known by
// then includes what was recorded in between; skipped times move ahead.
func utc(local string, c *license.Calendar) license.Instant {
	shown := license.Instant(local + "Z")
	best := license.Instant("")
	lowest := int64(14 * 60)
	for _, day := range []int64{-86400, 0, 86400} {
		minutes := c.Offset(shown.AddSeconds(day))
		lowest = min(lowest, minutes)
		if t := shown.AddSeconds(-60 * minutes); c.Offset(t) == minutes && t > best {
			best = t
		}
	}
	if best == "" {
		best = shown.AddSeconds(-60 * lowest)
	}
	return best
}
