package sim

import (
	"licet/license"
)

// privilege draws one of the board's privileges; now and then a license of its own, or,
// before there are privileges, nothing.
func (w *writer) privilege() (id string, l license.License) {
	for range 12 {
		id, l = w.holder()
		if l.IsPrivilege() {
			return id, l
		}
	}
	if w.rng.IntN(4) > 0 {
		return "", l
	}
	return id, l
}

// home draws a license on which a privilege of the board may rest, or hardly.
func (w *writer) home() string { return one(w.game, w.licenses[one(w.game, w.boards)]) }

// grant grants a privilege, and asks for the link that both boards sign.
func (w *writer) grant() license.Act {
	home := w.home()
	if !w.ask() || home == "" {
		return nil
	}
	var l license.License
	w.d.Get(license.KindLicense, home, &l)
	p, n := w.number()
	from := w.day()
	a := &license.PrivilegeIssue{
		License: w.board + "." + p + "." + license.EscapeNumber(n), Rests: home, Licensee: w.id(), Subject: l.Subject, Route: "nlc",
		Issued: from, From: from, Through: w.after(from), Openings: w.holderOpenings(l.Subject),
	}
	if w.rng.IntN(12) == 0 {
		a.License, _ = w.holder()
	}
	w.asked = append(w.asked, [2]string{a.License, home}, [2]string{home, a.License})
	return a
}

func (w *writer) renewPrivilege() license.Act {
	id, l := w.privilege()
	if id == "" || !w.ask() {
		return nil
	}
	from := w.day()
	for _, t := range l.Terms {
		from = max(from, or(t.Through, from).Add(1))
	}
	a := &license.PrivilegeRenew{License: id, Count: l.Counts.Term, From: from, Through: w.after(from)}
	if w.rng.IntN(2) == 0 {
		a.Rests = w.home()
	}
	return a
}

func (w *writer) endPrivilege() license.Act {
	id, l := w.privilege()
	if id == "" || !w.ask() {
		return nil
	}
	return &license.PrivilegeEnd{License: id, Count: l.Counts.Term, From: w.day()}
}

func (w *writer) disciplinePrivilege() license.Act {
	id, l := w.privilege()
	if id == "" || !w.ask() {
		return nil
	}
	a := &license.PrivilegeDiscipline{License: id, Order: w.id(), Authority: w.authority(), From: w.day()}
	if o := one(w.game, l.Orders); o.ID != "" && w.rng.IntN(3) == 0 {
		a.Order, a.Count = o.ID, o.Count
	}
	a.Commitment = w.open(license.OpeningOrder, w.document()).Commitment
	return a
}

func (w *writer) liftPrivilege() license.Act {
	id, l := w.privilege()
	o := one(w.game, l.Orders)
	if o.ID == "" || !w.ask() {
		return nil
	}
	return &license.PrivilegeLift{License: id, Order: o.ID, Count: o.Count, From: w.after(o.Start)}
}
