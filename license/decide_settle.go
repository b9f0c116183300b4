package license

// settlement reads what stands of a number, for an act that names its count.
func settlement(v View, id string, count int64) (*Settlement, *Refusal) {
	s := new(Settlement)
	v.Get(KindSettlement, id, s)
	s.Last = Hash{}
	return s, stale("settlement of "+id, s.Count, count)
}

// decide records a decision, also about a license that no file has brought in yet: a
// quarantine keeps it out.
func (a *ImportSettle) decide(v View) (*Effect, *Refusal) {
	if _, err := ParseID(a.License); err != nil {
		return nil, refuse("bad-id", specActs, "%v.", err)
	}
	s, r := settlement(v, a.License, a.Count)
	if r != nil {
		return nil, r
	}
	return &Effect{Record: &Settlement{Commitment: a.Commitment, Count: s.Count + 1}}, nil
}

// decide withdraws a decision. What was copied under it stands until import.undo.
func (a *ImportWithdraw) decide(v View) (*Effect, *Refusal) {
	s, r := settlement(v, a.License, a.Count)
	if r != nil {
		return nil, r
	}
	if s.Commitment == (Hash{}) {
		return nil, refuse("nothing", specActs, "Nothing that was settled about %s stands.", a.License)
	}
	return &Effect{Record: &Settlement{Count: s.Count + 1}}, nil
}
