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

// Whenever the demo is founded, its licenses come in before anything happens to
// them, and terms follow each other.
func TestStory(t *testing.T) {
	day, _ := time.Parse(time.DateOnly, "2026-01-01")
	for range 3 * 366 {
		day = day.AddDate(0, 0, 1)
		entries, ends := map[string]int{}, map[string]license.Day{}
		ago := historyDays
		for _, s := range story(calendarDay{day}) {
			if s.daysAgo > ago || s.daysAgo < 1 {
				t.Fatalf("%v: the step of %s is %d days ago, after one %d days ago", day, s.license, s.daysAgo, ago)
			}
			ago = s.daysAgo
			if s.fact == "" {
				entries[s.license]++
			} else if entries[s.license] == 0 {
				t.Fatalf("%v: a fact about %s comes before the license", day, s.license)
			}
			if entries[s.license] != s.entries {
				t.Fatalf("%v: step %d of %s thinks it is number %d", day, entries[s.license], s.license, s.entries)
			}
			h := history{record: &license.License{Orders: []license.Order{{}}}, entries: []license.Recorded{{Entry: license.Entry{Act: "license.discipline"}}}}
			a, _ := s.act(h)
			switch a := a.(type) {
			case *license.LicenseIssue:
				ends[s.license] = a.Through
				if s.entries != 1 {
					t.Fatalf("%v: %s is issued at its entry %d", day, s.license, s.entries)
				}
			case *license.LicenseRenew:
				if late := s.license == nurse+".041000206" && a.From == ends[s.license].Add(20); a.From != ends[s.license].Add(1) && !late {
					t.Fatalf("%v: %s is renewed from %s, its term ends %s", day, s.license, a.From, ends[s.license])
				}
				ends[s.license] = a.Through
			}
		}
		if len(entries) != 27 {
			t.Fatalf("%v: %d licenses", day, len(entries))
		}
		today := license.Day(day.Format(time.DateOnly))
		for id, end := range ends {
			if lapsed := end != "" && end < today; lapsed != (id == nurse+".041000202") && id != surrendered {
				t.Fatalf("%v: %s ends %s", day, id, end)
			}
		}
	}
}
