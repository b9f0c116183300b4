package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"licet/license"
	"licet/strict"
)

// verbs turn a step into the act that a board would sign; wait turns into none.
var verbs = map[string]func(*world, *step) (license.Act, error){
	"wait":       func(*world, *step) (license.Act, error) { return nil, nil },
	"license":    (*world).issue,
	"renew":      (*world).renew,
	"privilege":  (*world).privilege,
	"withdraw":   (*world).withdraw,
	"extend":     (*world).extend,
	"surrender":  (*world).lifecycle,
	"inactivate": (*world).lifecycle,
	"reactivate": (*world).lifecycle,
	"decease":    (*world).lifecycle,
	"discipline": (*world).discipline,
	"stay":       (*world).onOrder,
	"unstay":     (*world).onOrder,
	"lift":       (*world).onOrder,
	"void":       (*world).void,
	"link":       (*world).link,
	"fact":       (*world).fact,
	"end":        (*world).end,
}

var verbList = strings.Join(slices.Sorted(maps.Keys(verbs)), ", ")

// errUnknown says that the world does not hold what a step names: the story tells, and
// not the form of its line.
var errUnknown = errors.New("is not in the registry")

func isUnknown(err error) bool { return errors.Is(err, errUnknown) }

// options reads what stands behind the leading words: from DAY, through DAY, number N.
func (s *step) options(lead int, days []string, others ...string) (map[string]string, error) {
	usage := strings.Join(append(slices.Clone(days), others...), ", ")
	if len(s.words) < lead || (len(s.words)-lead)%2 != 0 {
		return nil, fmt.Errorf("%s takes %d words and then pairs of: %s", s.verb, lead, usage)
	}
	out := map[string]string{}
	for i := lead; i < len(s.words); i += 2 {
		k, v := s.words[i], s.words[i+1]
		switch {
		case slices.Contains(days, k):
			if _, err := license.ParseDay(v); err != nil {
				return nil, err
			}
		case !slices.Contains(others, k):
			return nil, fmt.Errorf("%s has no %q: it takes %s", s.verb, k, usage)
		}
		out[k] = v
	}
	return out, nil
}

func (s *step) id() (string, error) {
	if len(s.words) == 0 {
		return "", fmt.Errorf("%s names a license, such as us-il.physician.036100100", s.verb)
	}
	if _, err := license.ParseID(s.words[0]); err != nil {
		return "", err
	}
	return s.words[0], nil
}

// named reads the license that a step is about, and its options.
func (w *world) named(s *step, lead int, days []string, others ...string) (id string, l *license.License, o map[string]string, err error) {
	if id, err = s.id(); err != nil {
		return id, nil, nil, err
	}
	if o, err = s.options(lead, days, others...); err != nil {
		return id, nil, nil, err
	}
	if l = w.License(id); l == nil {
		err = fmt.Errorf("%s %w", id, errUnknown)
	}
	return id, l, o, err
}

func (w *world) issue(s *step) (license.Act, error) {
	id, _, o, err := w.named(s, 1, []string{"issued", "from", "through", "grace"}, "by", "subject")
	if err != nil && !isUnknown(err) {
		return nil, err
	}
	if o["from"] == "" {
		return nil, fmt.Errorf("license names the first day of its term: from 2023-08-01")
	}
	a := &license.LicenseIssue{
		License: id, Licensee: random("licensee", id), Subject: or(o["subject"], license.SubjectPerson), Route: or(o["by"], "examination"),
		Issued: license.Day(or(o["issued"], o["from"])), From: license.Day(o["from"]), Through: license.Day(o["through"]), Grace: license.Day(o["grace"]),
	}
	w.found(id)
	return a, nil
}

func (w *world) renew(s *step) (license.Act, error) {
	id, l, o, err := w.named(s, 1, []string{"from", "through", "grace"}, "rests")
	if err != nil {
		return nil, err
	}
	if l.IsPrivilege() {
		return &license.PrivilegeRenew{
			License: id, Count: l.Counts.Term, Rests: o["rests"], From: w.or(o["from"]), Through: license.Day(o["through"]), Grace: license.Day(o["grace"]),
		}, nil
	}
	return &license.LicenseRenew{License: id, Count: l.Counts.Term, From: w.or(o["from"]), Through: license.Day(o["through"]), Grace: license.Day(o["grace"])}, nil
}

func (w *world) extend(s *step) (license.Act, error) {
	id, l, o, err := w.named(s, 1, []string{"term", "through", "grace"})
	if err != nil {
		return nil, err
	}
	return &license.LicenseExtend{License: id, Count: l.Counts.Term, Term: license.Day(o["term"]), Through: license.Day(o["through"]), Grace: license.Day(o["grace"])}, nil
}

func (w *world) lifecycle(s *step) (license.Act, error) {
	id, l, o, err := w.named(s, 1, []string{"from"})
	if err != nil {
		return nil, err
	}
	from, n := w.or(o["from"]), l.Counts.Term
	switch s.verb {
	case "surrender":
		return &license.LicenseSurrender{License: id, Count: n, From: from}, nil
	case "inactivate":
		return &license.LicenseInactivate{License: id, Count: n, From: from}, nil
	case "reactivate":
		return &license.LicenseReactivate{License: id, Count: n, From: from}, nil
	}
	return &license.LicenseDecease{License: id, Count: n, From: from}, nil
}

// discipline ID ORDER ACTION [authority A] [from DAY] [through DAY]
func (w *world) discipline(s *step) (license.Act, error) {
	id, l, o, err := w.named(s, 3, []string{"from", "through"}, "authority")
	if err != nil {
		return nil, err
	}
	action := s.words[2]
	if !slices.Contains(license.ActionCodes, action) {
		return nil, fmt.Errorf("%q is no action; actions are %s", action, strings.Join(license.ActionCodes, ", "))
	}
	order := random("order", s.words[1])
	a := license.LicenseDiscipline{
		License: id, Order: order, Count: countOf(l, order), Commitment: w.document(action), Authority: or(o["authority"], authorityOf(action)),
		From: w.or(o["from"]), Through: license.Day(o["through"]),
	}
	if l.IsPrivilege() {
		p := license.PrivilegeDiscipline(a)
		return &p, nil
	}
	return &a, nil
}

// authorityOf is what an action does where the scenario does not say.
func authorityOf(action string) string {
	switch action {
	case "revocation", "denial", "summary-suspension", "suspension", "surrender":
		return license.AuthorityBarred
	case "probation", "supervision", "practice-modification", "monitoring", "education":
		return license.AuthorityConditions
	}
	return license.AuthorityNone
}

func (w *world) onOrder(s *step) (license.Act, error) {
	id, l, o, err := w.named(s, 2, []string{"from"})
	if err != nil {
		return nil, err
	}
	order, from := w.orderOf(id, l, s.words[1]), w.or(o["from"])
	n := countOf(l, order)
	switch s.verb {
	case "stay":
		return &license.LicenseStay{License: id, Order: order, Count: n, From: from}, nil
	case "unstay":
		return &license.LicenseUnstay{License: id, Order: order, Count: n, From: from}, nil
	}
	if l.IsPrivilege() {
		return &license.PrivilegeLift{License: id, Order: order, Count: n, From: from}, nil
	}
	return &license.LicenseLift{License: id, Order: order, Count: n, From: from}, nil
}

// void ID ORDER takes back the entry that put the order on the license.
func (w *world) void(s *step) (license.Act, error) {
	id, l, _, err := w.named(s, 2, nil)
	if err != nil {
		return nil, err
	}
	order := w.orderOf(id, l, s.words[1])
	for _, e := range w.Entries(license.KindLicense, id) {
		for _, c := range e.Changes {
			if c.Do == license.DoOrder && c.Order == order {
				return &license.LicenseVoid{License: id, Count: l.Counts.Repairs, Entries: []license.Hash{e.Hash}}, nil
			}
		}
	}
	return nil, fmt.Errorf("order %s %w", s.words[1], errUnknown)
}

// link ID OTHER [from DAY]: both boards sign.
func (w *world) link(s *step) (license.Act, error) {
	id, l, o, err := w.named(s, 2, []string{"from"})
	if err != nil {
		return nil, err
	}
	return &license.LicenseeLink{License: id, Count: l.Counts.Links, Other: s.words[1], Effective: w.or(o["from"])}, nil
}

// fact ID CODE [on DAY] [through DAY] [number N] [party ID]
func (w *world) fact(s *step) (license.Act, error) {
	id, _, o, err := w.named(s, 2, []string{"on", "through"}, "number", "party")
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseInt(or(o["number"], "0"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%q is no number", o["number"])
	}
	w.drawn++
	return &license.FactRecord{
		Fact: license.BoardOf(license.KindLicense, id) + "/" + random("fact", strconv.Itoa(w.drawn)), About: id, Code: s.words[1],
		Day: w.or(o["on"]), Through: license.Day(o["through"]), Number: number, Party: o["party"],
	}, nil
}

// end ID CODE [on DAY] ends the newest fact of a kind.
func (w *world) end(s *step) (license.Act, error) {
	id, _, o, err := w.named(s, 2, []string{"on"})
	if err != nil {
		return nil, err
	}
	for _, f := range slices.Backward(w.Facts(id)) {
		if f.Code == s.words[1] && f.Ended == "" {
			return &license.FactEnd{Fact: f.ID, Count: f.Count, Day: w.or(o["on"])}, nil
		}
	}
	return nil, fmt.Errorf("an open fact %s %w", s.words[1], errUnknown)
}

// document keeps an order's document, and returns its commitment.
func (w *world) document(action string) license.Hash {
	w.drawn++
	o := license.Opening{Kind: license.OpeningOrder, Salt: make([]byte, license.SaltBytes), Bytes: strict.Encode(&license.OrderDocument{
		Entity: "scenario " + strconv.Itoa(w.drawn), Actions: []license.OrderAction{{Code: action}},
	})}
	h := o.Commit()
	if w.openings != nil {
		w.openings[h] = o.Bytes
	}
	return h
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// or is the day that was written, or the story's.
func (w *world) or(day string) license.Day { return license.Day(or(day, string(w.day))) }

func countOf(l *license.License, order string) int64 {
	for _, o := range l.Orders {
		if o.ID == order {
			return o.Count
		}
	}
	return 0
}

// random stands for what a board draws: the same name gives the same id.
func random(kind, name string) string {
	h := sha256.Sum256([]byte(kind + "\x00" + name))
	return hex.EncodeToString(h[:16])
}
