package license

import "slices"

// checkLink checks that the license to be linked exists and differs.
func checkLink(v View, a, b string) *Refusal {
	if a == b {
		return refuse("link-self", specActs, "A license cannot be linked with itself.")
	}
	_, r := getLive(v, b)
	return r
}

func (a *LicenseeLink) decide(v View) (*Effect, *Refusal) {
	l, r := getLive(v, a.License)
	if r != nil {
		return nil, r
	}
	if r := firstRefusal(stale("links of "+a.License, l.Counts.Links, a.Count), checkLink(v, a.License, a.Other)); r != nil {
		return nil, r
	}
	var k Link
	id, mine, theirs := LinkID(a.License, a.Other), BoardOf(KindLicense, a.License), BoardOf(KindLicense, a.Other)
	v.Get(KindLink, id, &k)
	if slices.Contains(k.Boards, mine) {
		return nil, refuse("linked", specActs, "Board %s has signed this link already.", mine)
	}
	k.Boards = append(k.Boards, mine)
	slices.Sort(k.Boards)
	if mine == theirs || len(k.Boards) == 2 {
		k.Effective, k.Ended = a.Effective, ""
	}
	e, r := l.change(a.Effective, Change{Do: DoLink, Other: a.Other, From: a.Effective})
	if r == nil {
		e.Also = []AlsoWrite{{KindLink, id, &k}}
	}
	return e, r
}

// decide takes the board's word back, also after the license was voided.
func (a *LicenseeUnlink) decide(v View) (*Effect, *Refusal) {
	l, r := getLicense(v, a.License)
	if r != nil {
		return nil, r
	}
	if r := stale("links of "+a.License, l.Counts.Links, a.Count); r != nil {
		return nil, r
	}
	var k Link
	id, mine := LinkID(a.License, a.Other), BoardOf(KindLicense, a.License)
	v.Get(KindLink, id, &k)
	i := slices.Index(k.Boards, mine)
	if i < 0 {
		return nil, refuse("not-linked", specActs, "Board %s has not signed a link of these licenses.", mine)
	}
	k.Boards = slices.Delete(k.Boards, i, i+1)
	if k.Effective != "" && k.Ended == "" {
		if a.Effective < k.Effective {
			return nil, refuse("days-reversed", specActs, "The link holds from %s.", k.Effective)
		}
		k.Ended = a.Effective
	}
	e, r := l.change(a.Effective, Change{Do: DoUnlink, Other: a.Other, From: a.Effective})
	if r == nil {
		e.Also = []AlsoWrite{{KindLink, id, &k}}
	}
	return e, r
}
