package cli

import "licet/license"

type privilegeCmds struct {
	Issue      privilegeIssueCmd      `cmd:"" help:"Grant a privilege that rests on a license of another board."`
	Renew      privilegeRenewCmd      `cmd:"" help:"Add a term; --rests rests it on another license from then on, such as one of a new home state."`
	End        privilegeEndCmd        `cmd:"" help:"End a privilege from a day on."`
	Discipline privilegeDisciplineCmd `cmd:"" help:"Put an order on a privilege, or revise an open one. The license on which it rests stays as its own board says."`
	Lift       privilegeLiftCmd       `cmd:"" help:"End an order on a privilege: from this day it holds no longer."`
}

type privilegeIssueCmd struct {
	licenseArg
	holder
	signing
	Rests   string `required:"" help:"The license on which it rests, of another board." placeholder:"ID"`
	Issued  day    `help:"Day of the original issue. Absent: the first day." placeholder:"DAY"`
	From    day    `help:"First day of the first term. Absent: the board's legal day." placeholder:"DAY"`
	Through day    `help:"Last day of the term. Absent: it has no end." placeholder:"DAY"`
	Grace   day    `help:"Last day on which it counts as expired but not lapsed." placeholder:"DAY"`
	Route   string `help:"By which compact it was granted: nlc, psypact, …" placeholder:"WORD"`
}

// Run grants a privilege. The holder is of the kind that holds the other license.
func (c privilegeIssueCmd) Run(e *env) error {
	board, err := c.board()
	if err != nil {
		return err
	}
	if _, err := license.ParseID(c.Rests); err != nil {
		return usage("--rests: %w", err)
	}
	home, err := e.licenseRecord(c.Rests)
	if err != nil {
		return err
	}
	from, err := e.dayOr(c.From, board)
	if err != nil {
		return err
	}
	openings, refs := c.openings()
	if _, named := c.content()[license.OpeningName]; !named {
		return usage("whose privilege? Name the holder with --family and --given, or with --legal")
	}
	a := &license.PrivilegeIssue{
		License: c.License, Rests: c.Rests, Licensee: randomID(), Subject: home.Subject, Route: c.Route, Issued: license.Day(c.Issued),
		From: from, Through: license.Day(c.Through), Grace: license.Day(c.Grace), Openings: refs,
	}
	if a.Issued == "" {
		a.Issued = from
	}
	return e.decide(c.signing, openings, a)
}

type privilegeRenewCmd struct {
	licenseRenewCmd
	Rests string `help:"The license on which it rests from then on. Absent: as it was." placeholder:"ID"`
}

// Run adds a term.
func (c privilegeRenewCmd) Run(e *env) error {
	a, err := c.prepare(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.PrivilegeRenew{License: a.License, Count: a.Count, Rests: c.Rests, From: a.From, Through: a.Through, Grace: a.Grace})
}

type privilegeEndCmd struct {
	licenseArg
	signing
	From day `help:"Day from which it has ended. Absent: the board's legal day." placeholder:"DAY"`
}

// Run ends a privilege.
func (c privilegeEndCmd) Run(e *env) error {
	l, from, err := c.recordAndDay(e, c.From)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.PrivilegeEnd{License: c.License, Count: l.Counts.Term, From: from})
}

type privilegeDisciplineCmd struct{ disciplineFlags }

// Run puts an order on a privilege.
func (c privilegeDisciplineCmd) Run(e *env) error {
	a, opening, err := c.prepare(e)
	if err != nil {
		return err
	}
	return c.order(e, a.Order, opening, &license.PrivilegeDiscipline{
		License: a.License, Order: a.Order, Count: a.Count, Commitment: a.Commitment, Authority: a.Authority, From: a.From, Through: a.Through,
	})
}

type privilegeLiftCmd struct{ onOrderFrom }

// Run ends an order on a privilege.
func (c privilegeLiftCmd) Run(e *env) error {
	o, from, err := c.prepare(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.PrivilegeLift{License: c.License, Order: o.ID, Count: o.Count, From: from})
}
