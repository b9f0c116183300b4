package pack

import (
	"fmt"

	"licet/license"
)

// privilege ID rests HOME from DAY [through DAY] [by ROUTE]: a board grants a privilege.
// How it is renewed, disciplined and lifted, the steps of licenses say.
func (w *world) privilege(s *step) (license.Act, error) {
	id, _, o, err := w.named(s, 1, []string{"issued", "from", "through", "grace"}, "rests", "by")
	if err != nil && !isUnknown(err) {
		return nil, err
	}
	if o["rests"] == "" || o["from"] == "" {
		return nil, fmt.Errorf("privilege names the license on which it rests, and its first day: rests us-wi.rn.100100 from 2026-01-01")
	}
	home := w.License(o["rests"])
	if home == nil {
		return nil, fmt.Errorf("%s %w", o["rests"], errUnknown)
	}
	w.found(id)
	return &license.PrivilegeIssue{
		License: id, Rests: o["rests"], Licensee: random("licensee", id), Subject: home.Subject, Route: o["by"],
		Issued: license.Day(or(o["issued"], o["from"])), From: license.Day(o["from"]), Through: license.Day(o["through"]), Grace: license.Day(o["grace"]),
	}, nil
}

// withdraw ID [from DAY]: a board ends a privilege.
func (w *world) withdraw(s *step) (license.Act, error) {
	id, l, o, err := w.named(s, 1, []string{"from"})
	if err != nil {
		return nil, err
	}
	return &license.PrivilegeEnd{License: id, Count: l.Counts.Term, From: w.or(o["from"])}, nil
}
