package wording

import (
	"strings"
	"testing"

	"licet/license"
	"licet/strict"
)

func TestAutomatic(t *testing.T) {
	cause := func(citation string) *license.Cause {
		return &license.Cause{Contract: "imlc", Version: 1, Hash: license.HashOf([]byte("x")), Function: "on_order", Line: 34, Citation: citation, Trigger: license.HashOf([]byte("t"))}
	}
	on := func(c *license.Cause, day license.Day) *license.Cause { c.Day = day; return c }
	order := func(action, authority string, through license.Day) license.Change {
		return license.Change{Do: license.DoOrder, Order: "1", Authority: authority, From: "2026-04-01", Through: through, Action: action, Contract: "imlc"}
	}
	discipline := &license.Entry{Kind: license.KindLicense, Act: "license.discipline"}
	wisconsin := Reason{Entry: discipline, Board: "Wisconsin", Other: "us-wi.physician.1", Action: "revocation"}
	effect := &license.Entry{Kind: license.KindLicense, Act: "contract.impose", Cause: cause("IMLC 10(b)")}
	bond := strict.Encode(&license.Fact{About: "us-il.a.1", Code: "bond", Day: "2026-04-01"})
	for _, c := range []struct {
		change license.Change
		cause  *license.Cause
		reason Reason
		want   string
	}{
		{
			order("suspension", license.AuthorityBarred, "2026-06-29"), cause("IMLC 10(b)"), wisconsin,
			"Suspended automatically on April 1, 2026 under IMLC 10(b), because Wisconsin revoked its license; ends June 29, 2026 unless the board ends it earlier.",
		},
		{
			order("revocation", license.AuthorityBarred, ""), cause("IMLC 10(b)"),
			Reason{Entry: discipline, Board: "Wisconsin", Other: "us-wi.physician.1"},
			"Revoked automatically on April 1, 2026 under IMLC 10(b), because Wisconsin made an order about its license; holds until the board ends it.",
		},
		{
			order("probation", license.AuthorityConditions, ""), cause("Act 1"),
			Reason{Entry: discipline, Board: "Illinois", Other: "us-il.physician.2", Near: true, Action: "probation"},
			"Placed on probation automatically on April 1, 2026, with conditions on practice, under Act 1, because Illinois placed license us-il.physician.2 on probation; holds until the board ends it.",
		},
		{
			order("other", license.AuthorityNone, ""), cause("Act 1"),
			Reason{Sealed: true, Entry: discipline, Board: "Wisconsin"},
			"Restricted automatically on April 1, 2026, without limiting practice, under Act 1, because of an entry that is confidential; holds until the board ends it.",
		},
		{
			order("suspension", license.AuthorityBarred, ""), cause("Act 1"),
			Reason{},
			"Suspended automatically on April 1, 2026 under Act 1, because of entry e3b98a4da31a, which this answer does not hold; holds until the board ends it.",
		},
		{
			order("suspension", license.AuthorityBarred, ""), cause("Act 1"),
			Reason{Entry: effect, Board: "Iowa", Other: "us-ia.physician.3"},
			"Suspended automatically on April 1, 2026 under Act 1, because Iowa’s license was changed automatically under IMLC 10(b); holds until the board ends it.",
		},
		{
			order("suspension", license.AuthorityBarred, ""), cause("Act 1"),
			Reason{Entry: &license.Entry{Kind: license.KindFact, Act: "fact.end", Body: bond}, Board: "Illinois"},
			"Suspended automatically on April 1, 2026 under Act 1, because Illinois ended a fact about this license (Bond); holds until the board ends it.",
		},
		{
			order("suspension", license.AuthorityBarred, "2026-06-29"), cause("IMLC 10(d)"),
			Reason{End: "2026-06-29", On: "2026-06-29"},
			"Suspended automatically on April 1, 2026 under IMLC 10(d), because of entry e3b98a4da31a, which this answer does not hold; ends June 29, 2026 unless the board ends it earlier.",
		},
		{
			order("suspension", license.AuthorityBarred, "2026-06-29"), cause("IMLC 10(d)"),
			Reason{End: "2026-06-29", On: "2026-06-30"},
			"Suspended automatically on April 1, 2026 under IMLC 10(d), because of entry e3b98a4da31a, which this answer does not hold; ended June 29, 2026.",
		},
		{
			order("suspension", license.AuthorityBarred, "2026-06-29"), cause("IMLC 10(d)"),
			Reason{End: "2026-04-19", On: "2026-04-20"},
			"Suspended automatically on April 1, 2026 under IMLC 10(d), because of entry e3b98a4da31a, which this answer does not hold; ended April 19, 2026, before its last day, June 29, 2026.",
		},
		{
			order("revocation", license.AuthorityBarred, ""), cause("IMLC 10(b)"),
			Reason{End: "2026-04-19", On: "2026-04-10"},
			"Revoked automatically on April 1, 2026 under IMLC 10(b), because of entry e3b98a4da31a, which this answer does not hold; ends April 19, 2026.",
		},
		{
			license.Change{Do: license.DoLift, Order: "1", From: "2026-05-02"},
			cause("IMLC 10(d)"),
			Reason{Entry: &license.Entry{Kind: license.KindLicense, Act: "license.lift"}, Board: "Wisconsin", Other: "us-wi.physician.1"},
			"Released automatically from an order of contract imlc, from May 2, 2026 under IMLC 10(d), because Wisconsin lifted an order about its license.",
		},
		{
			license.Change{Do: license.DoLifecycle, Status: license.LifecycleInactive, From: "2026-04-01"},
			on(cause("Act 2"), "2026-04-01"),
			Reason{Days: []string{"its term ended on March 31, 2026"}},
			"Made inactive automatically on April 1, 2026 under Act 2, because its term ended on March 31, 2026.",
		},
		{
			license.Change{Do: license.DoLifecycle, Status: license.LifecycleInactive, From: "2026-04-01"},
			on(cause("NLC V(b)"), "2026-04-01"),
			Reason{Days: []string{"an order about it began on April 1, 2026"}, Other: "us-wi.rn.1", Board: "Wisconsin"},
			"Made inactive automatically on April 1, 2026 under NLC V(b), because of Wisconsin’s license, as an order about it began on April 1, 2026.",
		},
		{
			license.Change{Do: license.DoLifecycle, Status: license.LifecycleActive, From: "2026-04-01"},
			on(cause("Act 2"), "2026-04-01"),
			Reason{},
			"Made active again automatically on April 1, 2026 under Act 2, because April 1, 2026 came, for which the contract waited.",
		},
		{
			license.Change{Do: license.DoLifecycle, Status: license.LifecycleCanceled, From: "2026-04-01"},
			cause("Act 2"),
			Reason{Entry: &license.Entry{Kind: license.KindLicense, Act: "license.new-one"}},
			"Recorded as canceled automatically on April 1, 2026 under Act 2, because its board recorded “license.new-one” of this license.",
		},
		{
			license.Change{Do: license.DoExtend, From: "2023-08-01", Through: "2026-07-31", Grace: "2026-10-29"},
			on(cause("225 ILCS 60/21(A)"), "2026-08-01"),
			Reason{Days: []string{"its term ended on July 31, 2026"}},
			"Kept automatically from lapsing through October 29, 2026 under 225 ILCS 60/21(A), because its term ended on July 31, 2026; its term runs through July 31, 2026.",
		},
		{
			license.Change{Do: license.DoTerm, From: "2026-08-01", Through: "2029-07-31"},
			cause("Act 3"),
			Reason{Entry: &license.Entry{Kind: license.KindLicense, Act: "license.renew"}, Board: "Illinois"},
			"Term from August 1, 2026 through July 31, 2029 entered automatically under Act 3, because Illinois renewed this license.",
		},
		{
			license.Change{Do: license.DoWait},
			cause("IMLC 10"), wisconsin,
			"A rule of contract imlc has still to be applied, because Wisconsin revoked its license.",
		},
		{
			license.Change{Do: license.DoRan},
			cause("IMLC 10"), wisconsin,
			"Contract imlc waits no longer; what it did stands below, if it did anything.",
		},
	} {
		e := &license.Entry{Kind: license.KindLicense, Cause: c.cause, Changes: []license.Change{c.change}}
		got := Entry(e, Texts{Reason: func(*license.Entry) Reason { return c.reason }})
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestAutomaticTimers(t *testing.T) {
	entry := func(c license.Cause, value string) *license.Entry {
		c.Contract = "late"
		return &license.Entry{Act: license.ContractTimer, Cause: &c, Also: []license.Write{{Kind: license.KindTimer, ID: "us-il.rn.1~late~again", Value: strict.Raw(value)}}}
	}
	for want, e := range map[string]*license.Entry{
		"Noted automatically under Act 1: contract late looks at this license again on April 11, 2026.":                    entry(license.Cause{Function: "f", Citation: "Act 1"}, `{"day":"2026-04-11"}`),
		"Noted automatically under Act 1: contract late does not look at this license again on the day that it had noted.": entry(license.Cause{Function: "f", Citation: "Act 1"}, ""),
		"The day came on which contract late meant to look at this license again.":                                         entry(license.Cause{Day: "2026-04-11"}, ""),
	} {
		if got := Entry(e, Texts{}); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	held := &license.Entry{Cause: &license.Cause{Contract: "late", Function: "f", Citation: "Act 1", Day: "2026-04-11"}, Changes: []license.Change{{Do: license.DoWait}}, Also: []license.Write{{Kind: license.KindCall, ID: "held-0000000001.000001"}}}
	if got := Entry(held, Texts{}); !strings.HasPrefix(got, "A rule of contract late failed and is held until the board asks for it again; it was called, because April 11, 2026 came") {
		t.Error(got)
	}
}

func TestCame(t *testing.T) {
	l := &license.License{
		Terms:      []license.Term{{From: "2024-01-01", Through: "2026-03-31", Grace: "2026-06-30"}, {From: "2026-04-01"}},
		Orders:     []license.Order{{Start: "2026-01-01", End: "2026-03-31"}},
		Lifecycles: []license.Lifecycle{{Status: "inactive", From: "2026-07-01"}},
	}
	facts := []license.Fact{{Code: "bond", Day: "2026-07-02"}}
	for day, want := range map[license.Day]string{
		"2026-04-01": "its term ended on March 31, 2026; its term began on April 1, 2026; an order about it ended on March 31, 2026",
		"2026-07-01": "its days of grace ended on June 30, 2026; it became inactive on July 1, 2026",
		"2026-07-02": "a fact about it (Bond) began on July 2, 2026",
		"2026-07-03": "", "": "",
	} {
		if got := strings.Join(Came(l, facts, day), "; "); got != want {
			t.Errorf("%s: %s", day, got)
		}
	}
	if Came(nil, nil, "2026-04-01") != nil {
		t.Error("of no license")
	}
}

func TestPending(t *testing.T) {
	l := &license.License{Counts: license.Counts{Pending: 1}}
	b := &license.Board{Days: &license.DayCalls{Day: "2026-04-01", After: "us-il.nurse.5"}}
	want := StillToBeApplied + "one call of a contract waits, or failed and is held.|" +
		StillToBeApplied + "the contracts of its board have not come to it yet for April 1, 2026. They may change it, or have nothing to change."
	if got := strings.Join(Pending("us-il.nurse.6", l, b, "2026-04-01"), "|"); got != want {
		t.Error(got)
	}
	if got := Pending("us-il.nurse.5", &license.License{}, b, "2026-04-01"); got != nil {
		t.Error(got)
	}
	if got := Pending("us-il.nurse.6", &license.License{}, b, "2026-03-31"); got != nil {
		t.Error("the day has not come, and", got)
	}
	if got := Pending("us-il.nurse.6", nil, nil, "2026-04-01"); got != nil {
		t.Error(got)
	}
	call := license.Call{Contract: "imlc", Function: "on_order"}
	if got := Waits(&call, "", "because Wisconsin revoked its license"); got != StillToBeApplied+"function on_order of contract imlc, because Wisconsin revoked its license. It comes in one of the next blocks." {
		t.Error(got)
	}
	call.Held = true
	if got := Waits(&call, "held-1", ""); got != StillToBeApplied+"function on_order of contract imlc. It is held, and runs when the board asks for it (call held-1)." {
		t.Error(got)
	}
}

func TestRule(t *testing.T) {
	c := &license.Cause{Contract: "imlc", Version: 2, Amendment: 1, Function: "on_order", Line: 34}
	if got := Rule(c) + "; " + RuleLine(c); got != "contract imlc, version 2, amendment 1; function on_order, line 34" {
		t.Error(got)
	}
	if got := RuleLine(&license.Cause{Contract: "imlc"}); got != "" {
		t.Error(got)
	}
}
