package license

import "slices"

func (l *License) order(id string) *Order {
	for i := range l.Orders {
		if l.Orders[i].ID == id {
			return &l.Orders[i]
		}
	}
	return nil
}

func checkAuthority(a string) *Refusal {
	if a != AuthorityNone && a != AuthorityConditions && a != AuthorityBarred {
		return refuse("authority", specActs, "An order's effect on authority is %q, %q or %q, not %q.", AuthorityNone, AuthorityConditions, AuthorityBarred, a)
	}
	return nil
}

func (a *LicenseDiscipline) decide(v View) (*Effect, *Refusal) {
	l, r := getOwn(v, a.License)
	if r != nil {
		return nil, r
	}
	return l.discipline(v, a.License, a.Count, Change{Do: DoOrder, Order: a.Order, Authority: a.Authority, Commitment: a.Commitment, From: a.From, Through: a.Through})
}

// discipline puts an order on a license or a privilege, or revises one that is open.
func (l *License) discipline(v View, id string, count int64, c Change) (*Effect, *Refusal) {
	if r := firstRefusal(checkAuthority(c.Authority), span(c.From, c.Through), checkOrderID(c.Order)); r != nil {
		return nil, r
	}
	o := l.order(c.Order)
	if o == nil && (count != 0 || everOrdered(v, id, c.Order)) {
		return nil, refuse("order-closed", specActs, "Order %s is not open: it was voided or sealed. A new order needs a new id.", c.Order)
	}
	if o != nil {
		if r := stale("order "+c.Order, o.Count, count); r != nil {
			return nil, r
		}
	}
	return l.change(c.From, c)
}

// everOrdered says whether any entry named the order: a voided order's row is
// gone from the record, and its signed act must not apply a second time.
func everOrdered(v View, id, order string) bool {
	return slices.ContainsFunc(v.Entries(KindLicense, id), func(e Recorded) bool {
		return slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Order == order })
	})
}

// openOrder finds an order's row at the count that the signer saw.
func openOrder(v View, id, order string, count int64) (*License, *Order, *Refusal) {
	l, r := getLive(v, id)
	if r != nil {
		return nil, nil, r
	}
	o, r := l.openOrder(id, order, count)
	return l, o, r
}

func (l *License) openOrder(id, order string, count int64) (*Order, *Refusal) {
	o := l.order(order)
	if o == nil {
		return nil, refuse("unknown-order", specActs, "License %s has no open order %s.", id, order)
	}
	return o, stale("order "+order, o.Count, count)
}

func (a *LicenseStay) decide(v View) (*Effect, *Refusal) {
	l, o, r := openOrder(v, a.License, a.Order, a.Count)
	if r != nil {
		return nil, r
	}
	if n := len(o.Stays); n > 0 && (o.Stays[n-1].Through == "" || a.From <= o.Stays[n-1].Through) {
		return nil, refuse("stayed", specActs, "Order %s is stayed already.", a.Order)
	}
	if len(o.Stays) == staysMax {
		return nil, refuse("too-much", specActs, "An order is stayed at most %d times.", staysMax)
	}
	return l.change(a.From, Change{Do: DoStay, Order: a.Order, From: a.From})
}

func (a *LicenseUnstay) decide(v View) (*Effect, *Refusal) {
	l, o, r := openOrder(v, a.License, a.Order, a.Count)
	if r != nil {
		return nil, r
	}
	if n := len(o.Stays); n == 0 || o.Stays[n-1].Through != "" {
		return nil, refuse("not-stayed", specActs, "Order %s is not stayed.", a.Order)
	} else if a.From <= o.Stays[n-1].From {
		return nil, refuse("days-reversed", specActs, "The stay began on %s; void the entry if it should never have been.", o.Stays[n-1].From)
	}
	return l.change(a.From, Change{Do: DoUnstay, Order: a.Order, From: a.From})
}

func (a *LicenseLift) decide(v View) (*Effect, *Refusal) {
	l, r := getOwn(v, a.License)
	if r != nil {
		return nil, r
	}
	return l.lift(a.License, a.Order, a.Count, a.From)
}

// lift ends an order on a license or a privilege.
func (l *License) lift(id, order string, count int64, from Day) (*Effect, *Refusal) {
	o, r := l.openOrder(id, order, count)
	if r != nil {
		return nil, r
	}
	if from <= o.Start {
		return nil, refuse("days-reversed", specActs, "The order holds from %s; void the entry if it should never have been.", o.Start)
	}
	if o.End != "" && o.End < from {
		return nil, refuse("lifted", specActs, "Order %s ended on %s.", order, o.End)
	}
	return l.change(from, Change{Do: DoLift, Order: order, From: from})
}

// decide seals. While a header that names the order could still be recorded
// again, removing the row would let it come back: so the seal waits.
func (a *LicenseSeal) decide(v View) (*Effect, *Refusal) {
	const law = "20 ILCS 2105/2105-207"
	if _, _, r := openOrder(v, a.License, a.Order, a.Count); r != nil {
		return nil, r
	}
	es := v.Entries(KindLicense, a.License)
	var forget []Hash
	for _, e := range es {
		for _, c := range e.Changes {
			if c.Order != a.Order {
				continue
			}
			if e.Signed() && v.NotAfter(e.Cause.Header) >= v.Now() {
				return nil, refuse("seal-early", law, "Order %s can be sealed after %s, when no signed payload that names it can be recorded any more.", a.Order, v.NotAfter(e.Cause.Header))
			}
			if c.Do == DoOrder && c.Contract == "" {
				forget = append(forget, c.Commitment)
			}
		}
	}
	e, r := refold(es, Entry{Changes: []Change{{Do: DoSeal, Order: a.Order}}})
	if r != nil {
		return nil, r
	}
	e.Forget = forget
	for _, h := range forget {
		e.Also = append(e.Also, AlsoWrite{KindOpening, h.String(), &OpeningRecord{Kind: OpeningOrder, Who: AudienceBoard, Sealed: true}})
	}
	return e, nil
}

// checkChange checks the values of a change that a correction or an import brings.
func checkChange(c Change) *Refusal {
	if c != c.shaped() {
		return refuse("change", specActs, "There is no change %q with these members.", c.Do)
	}
	if untold := c.Do == DoIssue && c.Source == SourceImport; c.From == "" && !untold {
		return needDay(c.From)
	}
	switch c.Do {
	case DoIssue:
		return firstRefusal(checkIsSubject(c.Subject), checkRoute(c.Route))
	case DoTerm:
		return checkTerm(c.From, c.Through, c.Grace)
	case DoExtend:
		return firstRefusal(needDay(c.Through), checkTerm(c.From, c.Through, c.Grace))
	case DoRoute:
		return checkRoute(c.Route)
	case DoOpen:
		return checkHolderOpenings([]OpeningRef{{c.Kind, c.Commitment}})
	case DoOrder:
		return firstRefusal(checkOrderID(c.Order), checkAuthority(c.Authority), span(c.From, c.Through))
	case DoLifecycle:
		if !slices.Contains([]string{LifecycleActive, LifecycleInactive, LifecycleSurrendered, LifecycleDeceased, LifecycleCanceled}, c.Status) {
			return refuse("lifecycle", specActs, "There is no registration status %q.", c.Status)
		}
	}
	return nil
}

// shaped returns the change with those members only that its kind has; of the
// kinds that cannot be corrected or imported, and of no kind, nothing.
func (c Change) shaped() Change {
	s := Change{Do: c.Do, From: c.From}
	switch c.Do {
	case DoIssue:
		s.Licensee, s.Subject, s.Source, s.Route = c.Licensee, c.Subject, c.Source, c.Route
	case DoTerm, DoExtend:
		s.Through, s.Grace = c.Through, c.Grace
	case DoLifecycle:
		s.Status = c.Status
	case DoRoute:
		s.Route = c.Route
	case DoOpen:
		s.Kind, s.Commitment = c.Kind, c.Commitment
	case DoOrder:
		s.Order, s.Authority, s.Commitment, s.Through = c.Order, c.Authority, c.Commitment, c.Through
	case DoStay, DoUnstay, DoLift:
		s.Order = c.Order
	case DoRest:
	default:
		return Change{}
	}
	return s
}

func checkOrderID(id string) *Refusal {
	if !checkRandomID(id) {
		return refuse("order-id", specActs, "An order id is 16 random bytes as 32 lower-case hexadecimal digits.")
	}
	return nil
}

func needDay(d Day) *Refusal {
	if d == "" {
		return refuse("day-missing", specActs, "A change names the day from which it holds.")
	}
	return nil
}
