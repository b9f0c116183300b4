package demo

import (
	"testing"
	"time"

	"licet/license"
)

// Terms of the demo lie around the day of its founding, whenever that is.
func TestRenewal(t *testing.T) {
	for _, tt := range []struct {
		today  string
		cycles int
		want   license.Day
	}{
		{"2026-05-30", 0, "2026-05-31"},
		{"2026-05-31", 0, "2026-05-31"},
		{"2026-06-01", 0, "2028-05-31"},
		{"2026-06-01", -1, "2026-05-31"},
		{"2027-12-31", 0, "2028-05-31"},
		{"2031-01-01", -1, "2030-05-31"},
	} {
		today, _ := time.Parse(time.DateOnly, tt.today)
		if got := (calendarDay{today}).renewal(time.May, 31, 2026, 2, tt.cycles); got != tt.want {
			t.Errorf("on %s, cycle %d: renewal %s, not %s", tt.today, tt.cycles, got, tt.want)
		}
	}
}

// Every step of the story follows the issue of its license.
func TestStoryOrder(t *testing.T) {
	for _, today := range []string{"2026-06-01", "2026-11-23", "2028-02-29", "2031-05-31"} {
		day, _ := time.Parse(time.DateOnly, today)
		entries := map[string]int{}
		for _, s := range story(calendarDay{day}) {
			if entries[s.license]+1 != s.entries {
				t.Errorf("%s: step of %s is told at %d entries, not %d", today, s.license, s.entries, entries[s.license]+1)
			}
			entries[s.license] = s.entries
			if s.daysAgo < 0 || s.daysAgo >= historyDays {
				t.Errorf("%s: step of %s is %d days ago", today, s.license, s.daysAgo)
			}
		}
		if len(entries) != 12 {
			t.Errorf("%s: %d licenses", today, len(entries))
		}
	}
}
