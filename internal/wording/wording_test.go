package wording

import (
	"testing"

	"licet/license"
)

var illinois = &license.Calendar{Rows: license.CentralTime()}

func TestVerdict(t *testing.T) {
	conditions := license.OrderStanding{Order: license.Order{Authority: license.AuthorityConditions}, InForce: true}
	two := license.Standing{Authority: license.MayWithLimits, Orders: []license.OrderStanding{conditions, conditions}}
	const asOf = license.Instant("2026-07-30T15:42:07Z")
	for _, c := range []struct {
		v    Verdict
		want string
	}{
		{
			Verdict{AsOf: asOf, Now: "2026-08-05T16:00:00Z", Calendar: illinois, Answer: Authority(two)},
			"As of July 30, 2026, 10:42 a.m. CDT (6 days ago): may practice, two conditions. This proves the past; ask again for today.",
		},
		{
			Verdict{AsOf: asOf, Now: asOf, Calendar: illinois, On: "2026-07-30", Answer: Authority(license.Standing{Authority: license.MayPractice})},
			"As of July 30, 2026, 10:42 a.m. CDT (just now): may practice. This proves the past; ask again for today.",
		},
		{
			Verdict{
				AsOf: asOf, Calendar: illinois, On: "2024-02-29", Known: "2024-03-01T06:00:00Z",
				Answer: Authority(license.Standing{Authority: license.MayNotPractice, Primary: "SUSPENDED"}),
			},
			"As of July 30, 2026, 10:42 a.m. CDT, for February 29, 2024, as known on March 1, 2024, 12:00 a.m. CST: may not practice: SUSPENDED. This proves the past; ask again for today.",
		},
		{
			Verdict{AsOf: asOf, Calendar: illinois, Answer: Authority(two), Copied: Copied(&license.License{Source: license.SourceImport, Issued: "2001-01-01", Copied: "2016-06-30"}, nil)},
			"As of July 30, 2026, 10:42 a.m. CDT: may practice, two conditions, as copied from a file of June 30, 2016; the registry holds nothing newer. This proves the past; ask again for today.",
		},
		{
			Verdict{AsOf: asOf, Calendar: illinois, Answer: Authority(two), Copied: Copied(&license.License{Source: license.SourceImport, Issued: "2001-01-01", Copied: "2016-06-30", Decided: true}, &license.Profession{Title: "Nurse"})},
			"As of July 30, 2026, 10:42 a.m. CDT: may practice, two conditions, in part copied from a file of June 30, 2016. This proves the past; ask again for today.",
		},
		{
			Verdict{AsOf: asOf, Calendar: illinois, Answer: Authority(two), Copied: Copied(&license.License{Source: license.SourceImport, Issued: "2001-01-01", Copied: "2016-06-30"}, &license.Profession{Title: "Nurse (synthetic)"})},
			"As of July 30, 2026, 10:42 a.m. CDT: may practice, two conditions, as copied from a synthetic file of June 30, 2016; the registry holds nothing newer. This proves the past; ask again for today.",
		},
		{
			Verdict{AsOf: asOf, Calendar: illinois, Answer: Authority(two), Copied: Copied(&license.License{Source: license.SourceImport, Copied: "2016-06-30"}, &license.Profession{Title: "Nurse"})},
			"As of July 30, 2026, 10:42 a.m. CDT: may practice, two conditions, as copied from a file of June 30, 2016 that does not describe the license; the registry holds nothing newer. This proves the past; ask again for today.",
		},
		{
			Verdict{AsOf: asOf, Answer: NotKnown},
			"As of July 30, 2026, 3:42 p.m. UTC: not known to this network then. This proves the past; ask again for today.",
		},
	} {
		if got := c.v.String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestAge(t *testing.T) {
	const at = license.Instant("2026-07-30T12:00:00Z")
	for seconds, want := range map[int64]string{
		-100: "just now", 0: "just now", 59: "just now", 60: "1 minute ago", 3*60 + 5: "3 minutes ago", 3600: "1 hour ago",
		2*3600 + 1: "2 hours ago", 86399: "23 hours ago", 86400: "1 day ago", 6*86400 + 7: "6 days ago", 400 * 86400: "400 days ago",
	} {
		if got := Age(at, at.AddSeconds(seconds)); got != want {
			t.Errorf("%d seconds: %q, not %q", seconds, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "no conditions", 1: "one condition", 2: "two conditions", 10: "ten conditions", 11: "11 conditions"} {
		if got := Count(n, "condition"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestMoment(t *testing.T) {
	for at, want := range map[license.Instant]string{
		"2026-01-01T05:59:59Z": "December 31, 2025, 11:59 p.m. CST",
		"2026-08-01T05:00:00Z": "August 1, 2026, 12:00 a.m. CDT",
		"2026-08-01T17:05:00Z": "August 1, 2026, 12:05 p.m. CDT",
		"":                     "",
	} {
		if got := Moment(at, illinois); got != want {
			t.Errorf("%s: %q, not %q", at, got, want)
		}
	}
}

// Every moment names its zone, however odd the calendar.
func TestZones(t *testing.T) {
	const at = license.Instant("2026-07-30T12:00:00Z")
	rows := func(minutes ...int64) *license.Calendar {
		c := new(license.Calendar)
		for i, m := range minutes {
			c.Rows = append(c.Rows, license.OffsetRow{From: license.Instant("2020-01-01T00:00:00Z").AddSeconds(int64(i) * 86400), Minutes: m})
		}
		return c
	}
	for _, c := range []struct {
		c    *license.Calendar
		want string
	}{
		{nil, "12:00 p.m. UTC"},
		{rows(), "12:00 p.m. UTC"},
		{rows(0), "12:00 p.m. UTC"},
		{rows(-240, -300), "7:00 a.m. EST"},
		{rows(-300, -240), "8:00 a.m. EDT"},
		{rows(-420), "5:00 a.m. MST"},
		{rows(-420, -360), "6:00 a.m. MDT"},
		{rows(-360, -300, -240, -300), "7:00 a.m. UTC−5"}, // of two zones
		{rows(-360), "6:00 a.m. UTC−6"},
		{rows(330), "5:30 p.m. UTC+5:30"},
		{rows(1 << 52), "12:00 p.m. UTC"}, // forged
		{rows(-1 << 52), "12:00 p.m. UTC"},
	} {
		if got := Moment(at, c.c); got != "July 30, 2026, "+c.want {
			t.Errorf("%v: %s, not %s", c.c, got, c.want)
		}
	}
	for at, want := range map[license.Instant]string{
		"1600-01-01T00:00:00Z": "January 1, 1600, 12:00 a.m. CST",
		"9999-12-31T23:59:59Z": "December 31, 9999, 5:59 p.m. CST",
		"10000-01-01T00:00Z":   "January 1, 1600, 12:00 a.m. CST",
		"nonsense":             "January 1, 1600, 12:00 a.m. CST",
	} {
		if got := Moment(at, illinois); got != want {
			t.Errorf("%s: %s, not %s", at, got, want)
		}
	}
	if got := Moment("9999-12-31T23:59:59Z", rows(840)); got != "December 31, 9999, 11:59 p.m. UTC+14" {
		t.Error(got)
	}
}

// Local time is read back; of an hour that clocks show twice the later one counts.
func TestInstantAt(t *testing.T) {
	for s, want := range map[string]license.Instant{
		"2026-07-30T15:42:07Z": "2026-07-30T15:42:07Z",
		"2026-07-30T10:42":     "2026-07-30T15:42:00Z",
		"2026-01-30T10:42:09":  "2026-01-30T16:42:09Z",
		"2026-01-30":           "2026-01-31T05:59:59Z",
		"9999-12-31":           "9999-12-31T23:59:59Z",
		"2026-11-01T01:30":     "2026-11-01T07:30:00Z", // twice: daylight and standard time
		"2026-03-08T02:30":     "2026-03-08T08:30:00Z", // never: clocks go from 2:00 to 3:00
	} {
		if got, err := InstantAt(s, illinois); err != nil || got != want {
			t.Errorf("%s: %s, %v; not %s", s, got, err, want)
		}
	}
	for _, s := range []string{"", "yesterday", "2026-02-30", "2026-07-30T25:00", "2026-07-30T10:42:07+01:00"} {
		if got, err := InstantAt(s, illinois); err == nil {
			t.Errorf("%q: %s", s, got)
		}
	}
}

func TestAbsent(t *testing.T) {
	for _, c := range []struct {
		c    license.Coverage
		want string
	}{
		{license.Coverage{IssuedFrom: "1998-01-01"}, "no such number among the licenses of Illinois for “Registered nurse”, complete since 1998"},
		{
			license.Coverage{IssuedFrom: "1998-07-01", CompleteAs: "2026-05-31", Except: "sealed files"},
			"no such number among the licenses of Illinois for “Registered nurse”, complete since July 1, 1998, as of May 31, 2026 (not public: sealed files)",
		},
		{license.Coverage{}, "no such number among the licenses of Illinois for “Registered nurse”, complete"},
	} {
		if got := Absent("Illinois", "Registered nurse", &c.c); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	if got := Coverage(nil); got != "not declared complete" {
		t.Error(got)
	}
	if got, want := NotNumber("7", "041######|B@+"), "“7” is not a number of this profession; its numbers are written 041######|B@+ (# a digit, @ a letter, + one or more of the last, | or)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEntry(t *testing.T) {
	h := func(b byte) license.Hash { return license.Hash{b} }
	texts := Texts{
		Opening: func(_ string, c license.Hash) string { return map[license.Hash]string{h(1): "Ann Lee"}[c] },
		Document: func(c license.Hash) *license.OrderDocument {
			return map[license.Hash]*license.OrderDocument{h(3): {Actions: []license.OrderAction{{Code: "suspension"}}}}[c]
		},
		Word:   func(code string) string { return license.Word(nil, code) },
		Hidden: func(e license.Hash) bool { return e == h(9) },
	}
	for _, c := range []struct {
		e    license.Entry
		want string
	}{
		{license.Entry{Act: "license.issue", Changes: []license.Change{
			{Do: license.DoIssue, Route: "examination", From: "2020-06-01"},
			{Do: license.DoTerm, From: "2020-06-01", Through: "2022-05-31", Grace: "2022-06-30"},
			{Do: license.DoOpen, Kind: "name", Commitment: h(1), From: "2020-06-01"},
			{Do: license.DoOpen, Kind: "npi", Commitment: h(2), From: "2020-06-01"},
		}}, "License issued June 1, 2020 by examination; term from June 1, 2020 through May 31, 2022, not lapsed through June 30, 2022; name Ann Lee, from June 1, 2020; NPI (withheld), from June 1, 2020."},
		{license.Entry{Act: "license.renew", Changes: []license.Change{{Do: license.DoTerm, From: "2022-06-01"}}}, "Renewed from June 1, 2022 without an end."},
		{license.Entry{Act: "license.surrender", Changes: []license.Change{{Do: license.DoLifecycle, Status: "surrendered", From: "2022-06-01"}}}, "Surrendered from June 1, 2022."},
		{license.Entry{Changes: []license.Change{{Do: license.DoOrder, Commitment: h(3), Authority: "barred", From: "2022-06-01"}}}, "Order (SUSPENDED): may not practice from June 1, 2022 until lifted."},
		{license.Entry{Changes: []license.Change{{Do: license.DoOrder, Commitment: h(4), Authority: "conditions", From: "2022-06-01", Through: "2023-05-31"}}}, "Order: conditions on practice from June 1, 2022 through May 31, 2023."},
		{license.Entry{Changes: []license.Change{{Do: license.DoOrder, Commitment: h(4), Authority: "none", From: "2022-06-01"}}}, "Order: practice not limited, from June 1, 2022."},
		{license.Entry{Changes: []license.Change{{Do: license.DoStay, From: "2022-06-01"}}}, "Order stayed from June 1, 2022."},
		{license.Entry{Voids: []license.Hash{h(7)}}, "Voided: one entry that should never have been."},
		{license.Entry{Voids: []license.Hash{h(7), h(8), h(9)}}, "Voided: two entries that should never have been."},
		{license.Entry{Replaces: h(7), Changes: []license.Change{{Do: license.DoLift, From: "2022-06-01"}}}, "Corrected: order lifted from June 1, 2022."},
		{
			license.Entry{Replaces: h(7), Import: &license.Provenance{Row: 12, Day: "2026-05-01"}, Changes: []license.Change{{Do: license.DoRoute, Route: "endorsement"}}},
			"Copied from row 12 of a file of May 1, 2026: obtained by endorsement.",
		},
		{license.Entry{Act: "license.future"}, "License.future."},
	} {
		if got := Entry(&c.e, texts); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestFact(t *testing.T) {
	for _, c := range []struct {
		f          license.Fact
		text, name string
		want       string
	}{
		{license.Fact{Code: license.FactDBA, Day: "2026-01-01"}, "Coin Corner", "", "Coin Corner, from January 1, 2026"},
		{license.Fact{Code: license.FactResponsible, Day: "2026-01-01", Ended: "2027-09-01", Party: "us-il.person.7"}, "", "Kim Lee", "Kim Lee (us-il.person.7), from January 1, 2026; ended September 1, 2027"},
		{license.Fact{Code: license.FactControl, Day: "2026-01-01", Through: "2026-12-31", Party: "x", Number: 2550}, "", "", "x, 25.5 percent, from January 1, 2026 through December 31, 2026"},
		{license.Fact{Code: license.FactControl, Day: "2026-01-01", Number: 10000}, "", "", "100 percent, from January 1, 2026"},
		{license.Fact{Code: "bond", Day: "2026-01-01", Number: 50_000_000}, "", "", "$500,000.00, from January 1, 2026"},
		{license.Fact{Code: license.FactAgent, Day: "2026-01-01"}, "", "", "(withheld), from January 1, 2026"},
	} {
		if got := Fact(&c.f, c.text, c.name); got != c.want {
			t.Errorf("%s, not %s", got, c.want)
		}
	}
}
