package cli

import (
	"licet/license"
)

type inactivateCmd struct {
	licenseArg
	signing
	From day `help:"Day from which it is inactive. Absent: the board's legal day." placeholder:"DAY"`
}

// Run puts the registration to rest.
func (c inactivateCmd) Run(e *env) error {
	l, from, err := c.recordAndDay(e, c.From)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.LicenseInactivate{License: c.License, Count: l.Counts.Term, From: from})
}

type reactivateCmd struct {
	licenseArg
	signing
	From    day `help:"Day from which it is active again. Absent: the board's legal day." placeholder:"DAY"`
	Through day `help:"Also add a term from that day through this one. Absent: the terms stay as they are." placeholder:"DAY"`
	Grace   day `help:"Last day on which that term counts as expired but not lapsed." placeholder:"DAY"`
}

// Run makes the registration active again; a term comes beside it in the same payload.
func (c reactivateCmd) Run(e *env) error {
	if c.Grace != "" && c.Through == "" {
		return usage("--grace follows the last day of a term; name that one with --through")
	}
	l, from, err := c.recordAndDay(e, c.From)
	if err != nil {
		return err
	}
	acts := []license.Act{&license.LicenseReactivate{License: c.License, Count: l.Counts.Term, From: from}}
	if c.Through != "" {
		acts = append(acts, &license.LicenseRenew{
			License: c.License, Count: l.Counts.Term + 1, From: from, Through: license.Day(c.Through), Grace: license.Day(c.Grace),
		})
	}
	return e.decide(c.signing, nil, acts...)
}

type deceaseCmd struct {
	licenseArg
	signing
	Day day `required:"" help:"Day of death." placeholder:"DAY"`
}

// Run ends the registration of a holder who died.
func (c deceaseCmd) Run(e *env) error {
	l, from, err := c.recordAndDay(e, c.Day)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.LicenseDecease{License: c.License, Count: l.Counts.Term, From: from})
}

type extendCmd struct {
	licenseArg
	signing
	Term    day `help:"First day of the term. Absent: the term that ends last." placeholder:"DAY"`
	Through day `help:"Its new last day. Absent: as it is, and only the grace is longer." placeholder:"DAY"`
	Grace   day `help:"Last day on which it counts as expired but not lapsed. Absent: as it is, where it is not passed." placeholder:"DAY"`
}

// Run moves the last day of a term later.
func (c extendCmd) Run(e *env) error {
	if c.Through == "" && c.Grace == "" {
		return usage("until when? Name the new last day with --through, or with --grace")
	}
	l, err := e.licenseRecord(c.License)
	if err != nil {
		return err
	}
	t, err := c.find(l)
	if err != nil {
		return err
	}
	a := &license.LicenseExtend{License: c.License, Count: l.Counts.Term, Term: t.From, Through: license.Day(c.Through), Grace: license.Day(c.Grace)}
	if a.Through == "" {
		a.Through = t.Through
	}
	if a.Grace == "" && t.Grace > a.Through {
		a.Grace = t.Grace
	}
	return e.decide(c.signing, nil, a)
}

// find finds the term that is meant.
func (c extendCmd) find(l *license.License) (best license.Term, err error) {
	for _, t := range l.Terms {
		if c.Term == "" && t.Through >= best.Through || t.From == license.Day(c.Term) {
			best = t
		}
	}
	if best.Through == "" {
		return best, usage("%s has no such term with a last day; \"licet license show\" shows its terms", c.License)
	}
	return best, nil
}
