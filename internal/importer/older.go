package importer

import (
	"fmt"
	"slices"
	"strings"

	"licet/license"
)

// An OlderError says that the registry holds something from a newer file than this
// one. Nothing of it was imported.
type OlderError struct{ Day, Newest license.Day }

// Error implements error.
func (e *OlderError) Error() string {
	return fmt.Sprintf("this file is of %s, and one of %s was imported already; what an older file says may be over, so nothing was imported. "+
		"To fill in what is past and leave alone what the newer file says, add --force-older", e.Day, e.Newest)
}

// checkDay refuses a file that is older than what the registry holds. Orders have
// days of their own and are never taken back by a file, so lists of orders may come
// in any order.
func (p *planner) checkDay() error {
	if p.opts.Newest == "" || p.opts.Day >= p.opts.Newest || p.src.Mapping.File.Holds == HoldsOrders {
		return nil
	}
	if !p.opts.Older {
		return &OlderError{p.opts.Day, p.opts.Newest}
	}
	p.older = true
	return nil
}

// notAhead refuses a file that would be of a day that has not come: every file after it
// would be older. A day more is left to boards east of the legal day's place.
func (p *planner) notAhead(named bool) error {
	if p.opts.Today == "" {
		return nil
	}
	last, err := dayAfter(p.opts.Today)
	if err != nil || p.opts.Day <= last {
		return err
	}
	if named {
		return fileError(0, "the file would be of %s, which has not come yet", p.opts.Day)
	}
	return fileError(0, "the file would be of %s, which has not come yet: the newest day of %s is likely a mistake in it. Say with --day of which day the file is", p.opts.Day, strings.Join(p.src.Mapping.File.Newest, ", "))
}

// fillIn leaves of what an older file adds to a license only what is past, so that
// nothing is changed that a newer file said, or left standing: terms that ended
// before another begins, orders that ended before the newer file's day, and names
// and addresses of days of which none is known. That something was left out, it notes.
func (p *planner) fillIn(r *Row, st *standing, cs []license.Change, os []license.Opening) ([]license.Change, []license.Opening) {
	all := len(cs) + len(os)
	held := func(d license.Day) bool {
		return slices.ContainsFunc(st.license.Terms, func(t license.Term) bool { return t.From == d })
	}
	cs = slices.DeleteFunc(cs, func(c license.Change) bool {
		switch c.Do {
		case license.DoTerm:
			past := slices.ContainsFunc(st.license.Terms, func(t license.Term) bool { return c.Through != "" && t.From > c.Through })
			return !past || p.src.Mapping.Term.Extends
		case license.DoOrder:
			return c.Through == "" || c.Through >= p.opts.Newest
		}
		return true
	})
	kept := func(c license.Hash) bool {
		return slices.ContainsFunc(cs, func(x license.Change) bool { return x.Do == license.DoOrder && x.Commitment == c })
	}
	term := held(r.From) || slices.ContainsFunc(cs, func(c license.Change) bool { return c.Do == license.DoTerm })
	os = slices.DeleteFunc(os, func(o license.Opening) bool {
		if o.Kind == license.OpeningOrder {
			return !kept(o.Commit())
		}
		known := slices.ContainsFunc(st.license.Openings, func(d license.DatedOpening) bool { return d.Kind == o.Kind && d.From <= r.From })
		return known || !term
	})
	if len(cs)+len(os) < all {
		r.Notes = append(r.Notes, Flaw{Rule: "older-file", Reason: fmt.Sprintf("Some of what the row says is left out: it is not over yet, and a file of %s is newer.", p.opts.Newest)})
	}
	return cs, os
}
