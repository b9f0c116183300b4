package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/license"
	"licet/strict"
)

// A minder is a board with a rule that tells of each day on which a term ended, and that
// has a timer called on the day after.
type minder struct{ *adopter }

func newMinder(t *testing.T) minder {
	a := minder{newAdopter(t)}
	parts := rule("mind", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "ends"},
		"def ends(ctx, day):\n    return [notify(day.license, \"told\"), set_timer(day.license, \"again\", ctx.today + 1)]\n"+
			"def again(ctx, day):\n    return [notify(day.license, \"told\")]\n")
	m, err := contract.ReadManifest(parts.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	m.Hooks = append(m.Hooks, contract.Hook{Kind: contract.OnTimer, Answers: []string{"again"}, Function: "again"})
	m.Functions = append(m.Functions, contract.Function{Name: "again", Citation: "Act 2", Words: "Again."})
	a.bring(contract.Seal(*m, contract.Parameters{}, parts.Source), "board")
	for d := 1; d <= 5; d++ { // terms through June 1 to 5
		a.issue("clerk", fmt.Sprintf("us-il.nurse.04100000%d", d), "examination", license.Day(fmt.Sprintf("2026-06-%02d", d)))
	}
	return a
}

// at makes a block at an instant.
func (a minder) at(i license.Instant) {
	a.t.Helper()
	a.Clock = i.Time().Add(-time.Minute)
	a.Block()
}

// clocks sets Illinois' calendar.
func (a minder) clocks(rows ...license.OffsetRow) {
	a.t.Helper()
	var c license.Calendar
	a.record(license.KindCalendar, "us-il", &c)
	a.must(nil, "us-il", &license.BoardCalendar{Board: "us-il", Count: c.Count, Rows: rows})
}

// next is the day that the board's record names as the next one, or "".
func (a minder) next() license.Day {
	a.t.Helper()
	var b license.Board
	if a.record(license.KindBoard, "us-il", &b); b.Days == nil {
		return ""
	}
	return b.Days.Day
}

// told writes which calls told of what, in order: "ends 1, again 1".
func (a minder) told() string {
	a.t.Helper()
	s, err := a.State()
	if err != nil {
		a.t.Fatal(err)
	}
	defer s.Release()
	var out []string
	for i := range a.Head().Size {
		b, err := s.EntryBytes(i)
		if err != nil {
			a.t.Fatal(err)
		}
		var e license.Entry
		if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
			a.t.Fatal(err)
		}
		var n license.Notice
		if e.Act == license.ContractNotify && strict.Decode(e.Body, &n, license.EntryBytesMax) == nil {
			out = append(out, fmt.Sprintf("%s %s on %s", e.Cause.Function, n.License[len(n.License)-1:], n.Day[8:]))
		}
	}
	return strings.Join(out, ", ")
}

var utc = []license.OffsetRow{{From: "2007-01-01T06:00:00Z"}}

const allOfJune = "ends 1 on 02, again 1 on 03, ends 2 on 03, again 2 on 04, ends 3 on 04, again 3 on 05, ends 4 on 05"

// However a board sets its calendar, each legal day's calls are made once.
func TestCalendarMovesTheDay(t *testing.T) {
	for name, play := range map[string]func(a minder){
		"as it was": func(minder) {},
		"from Central Time to UTC, past a day": func(a minder) {
			a.at("2026-06-03T01:00:00Z") // June 2 in Illinois
			a.clocks(utc...)
			if a.next() != "2026-06-03" {
				a.t.Errorf("next is %q", a.next())
			}
			a.Block() // at once
			if got := a.told(); a.next() != "" || got != "ends 1 on 02, again 1 on 03, ends 2 on 03" {
				a.t.Errorf("%q, %s", a.next(), got)
			}
		},
		"from UTC to Central Time, back to a day": func(a minder) {
			a.at("2026-06-01T18:00:00Z")
			a.clocks(utc...)
			a.at("2026-06-03T00:30:00Z") // June 3
			a.clocks(license.CentralTime()...)
			if a.next() != "2026-06-04" {
				a.t.Errorf("next is %q", a.next())
			}
			a.at("2026-06-03T12:00:00Z") // June 3 once more
			if a.next() != "" {
				a.t.Errorf("next is %q", a.next())
			}
		},
		"to and fro": func(a minder) {
			a.at("2026-06-03T01:00:00Z")
			a.clocks(utc...)
			a.clocks(license.CentralTime()...)
			a.clocks(license.OffsetRow{From: "2007-01-01T06:00:00Z", Minutes: 14 * 60})
			a.clocks(license.OffsetRow{From: "2007-01-01T06:00:00Z", Minutes: -14 * 60})
			a.Block()
			a.clocks(license.CentralTime()...)
		},
		"14 hours ahead, and as much behind": func(a minder) {
			a.at("2026-06-02T11:00:00Z")
			a.clocks(license.OffsetRow{From: "2007-01-01T06:00:00Z", Minutes: 14 * 60}) // June 3
			a.Block()
			a.clocks(license.OffsetRow{From: "2007-01-01T06:00:00Z", Minutes: -14 * 60}) // June 1
			a.Block()
			if a.next() != "2026-06-04" {
				a.t.Errorf("next is %q", a.next())
			}
			a.at("2026-06-03T12:00:00Z") // June 2
			a.clocks(license.CentralTime()...)
		},
		"clocks of the calendar that go back over midnight": func(a minder) {
			a.at("2026-06-01T18:00:00Z")
			a.clocks(license.OffsetRow{From: "2007-01-01T06:00:00Z"}, license.OffsetRow{From: "2026-06-03T02:00:00Z", Minutes: -360})
			a.at("2026-06-03T01:59:00Z") // June 3
			a.at("2026-06-03T02:01:00Z") // June 2
			if a.next() != "2026-06-04" {
				a.t.Errorf("next is %q", a.next())
			}
			a.at("2026-06-03T06:01:00Z") // June 3
		},
		"clocks of the calendar that go forward over a day": func(a minder) {
			a.at("2026-06-01T18:00:00Z")
			a.clocks(license.OffsetRow{From: "2007-01-01T06:00:00Z", Minutes: -14 * 60}, license.OffsetRow{From: "2026-06-03T02:00:00Z", Minutes: 14 * 60})
			a.at("2026-06-03T01:59:00Z") // June 2
			a.at("2026-06-03T11:00:00Z") // June 4
			a.clocks(license.CentralTime()...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newMinder(t)
			play(a)
			for _, i := range []license.Instant{"2026-06-04T12:00:00Z", "2026-06-05T12:00:00Z", "2026-06-05T23:00:00Z"} {
				a.at(i)
			}
			if got := a.told(); got != allOfJune {
				t.Errorf("told:\n%s\nwant:\n%s", got, allOfJune)
			}
			ledger.CheckWhole(t, a.Ledger)
		})
	}
}
