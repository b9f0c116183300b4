package wording

import (
	"fmt"
	"strings"

	"licet/license"
	"licet/strict"
)

// A Reason is what made a contract's rule run, as far as the reader may know.
type Reason struct {
	Entry  *license.Entry // the trigger; nil: it is not at hand
	Board  string         // name of the board that decided it; "" not known
	Other  string         // id of the license that it is about, where that is another one
	Near   bool           // that one is of the same board
	Action string         // main action of the order that it records; "" none, or withheld
	Sealed bool           // it is about a sealed order: nothing may be said of it
	Days   []string       // of days: what began or ended, such as Came gives
	End    license.Day    // of orders as they stand now: the last day, where there is one
	On     license.Day    // likewise: the day that is asked about; "" says it as it was recorded
}

// Automatic writes what an entry of a contract did, when, under which citation, why, and
// until when: "Suspended automatically on April 1, 2026 under IMLC 10(b), because
// Wisconsin revoked its license; ends June 29, 2026 unless the board ends it earlier."
func Automatic(e *license.Entry, r Reason) string {
	c := e.Cause
	if c == nil {
		return ""
	}
	if len(e.Changes) == 0 {
		return timer(e) + "."
	}
	var parts []string
	for _, x := range e.Changes {
		done, after := automatic(x, e)
		if x.Do != license.DoRan && x.Do != license.DoWait {
			done += under(c)
		}
		if why := Because(c, r); why != "" && x.Do != license.DoRan {
			done += ", " + why
		}
		if now := ended(x, r); now != "" {
			after = now
		}
		if after != "" {
			done += "; " + after
		}
		parts = append(parts, done)
	}
	return capital(strings.Join(parts, "; ")) + "."
}

func under(c *license.Cause) string {
	if c.Citation == "" {
		return ""
	}
	return " under " + c.Citation
}

// automatic writes one change of a contract, and what follows after its reason.
func automatic(c license.Change, e *license.Entry) (done, after string) {
	switch c.Do {
	case license.DoOrder:
		done = imposed[c.Action]
		if done == "" {
			done = "restricted"
		}
		return done + " automatically on " + c.From.Long() + effectOf(c.Authority), ends(c.Through)
	case license.DoLift:
		return "released automatically from an order of contract " + e.Cause.Contract + ", from " + c.From.Long(), ""
	case license.DoLifecycle:
		return becomes(c.Status) + " automatically on " + c.From.Long(), ""
	case license.DoTerm:
		return "term " + Span(c.From, c.Through, "without an end") + notLapsed(c.Grace) + " entered automatically", ""
	case license.DoExtend:
		if c.Grace != "" {
			return "kept automatically from lapsing through " + c.Grace.Long(), "its term runs through " + c.Through.Long()
		}
		return "term from " + c.From.Long() + " extended automatically through " + c.Through.Long(), ""
	case license.DoWait:
		if held(e) {
			return "a rule of contract " + e.Cause.Contract + " failed and is held until the board asks for it again; it was called", ""
		}
		return "a rule of contract " + e.Cause.Contract + " has still to be applied", ""
	case license.DoRan:
		return "contract " + e.Cause.Contract + " waits no longer; what it did stands below, if it did anything", ""
	}
	return "changed automatically", ""
}

func notLapsed(grace license.Day) string {
	if grace == "" {
		return ""
	}
	return ", not lapsed through " + grace.Long() + ","
}

// imposed writes what an order of a contract did, by its action.
var imposed = map[string]string{
	"revocation": "revoked", "denial": "barred as denied", "summary-suspension": "summarily suspended", "suspension": "suspended",
	"surrender": "barred as surrendered", "probation": "placed on probation", "supervision": "placed under supervision",
	"practice-modification": "limited in practice", "education": "ordered to education", "monitoring": "placed under monitoring",
	"fine": "fined", "reprimand": "reprimanded", "censure": "censured",
}

// effectOf adds what an order does to practice where its action does not say it.
func effectOf(authority string) string {
	switch authority {
	case license.AuthorityBarred:
		return ""
	case license.AuthorityConditions:
		return ", with conditions on practice,"
	}
	return ", without limiting practice,"
}

func ends(through license.Day) string {
	if through == "" {
		return "holds until the board ends it"
	}
	return "ends " + through.Long() + " unless the board ends it earlier"
}

// ended writes when an order that stands ends, where that is past or not as it was recorded;
// else "".
func ended(c license.Change, r Reason) string {
	if c.Do != license.DoOrder || r.On == "" || r.End == "" || r.End == c.Through && r.End >= r.On {
		return ""
	}
	s := "ends "
	if r.End < r.On {
		s = "ended "
	}
	s += r.End.Long()
	if r.End < c.Through {
		s += ", before its last day, " + c.Through.Long()
	}
	return s
}

func becomes(status string) string {
	switch status {
	case license.LifecycleActive:
		return "made active again"
	case license.LifecycleInactive:
		return "made inactive"
	}
	return "recorded as " + status
}

// timer writes an entry that changes nothing: a contract means to look again.
func timer(e *license.Entry) string {
	name := "contract " + e.Cause.Contract
	if e.Cause.Function == "" { // the network removed it, and called
		return "The day came on which " + name + " meant to look at this license again"
	}
	for _, w := range e.Also {
		var t license.Timer
		if w.Kind == license.KindTimer && strict.Decode(w.Value, &t, license.EntryBytesMax) == nil && t.Day != "" {
			return "Noted automatically" + under(e.Cause) + ": " + name + " looks at this license again on " + t.Day.Long()
		}
	}
	return "Noted automatically" + under(e.Cause) + ": " + name + " does not look at this license again on the day that it had noted"
}

// held says whether the call that an entry lets wait is one that failed.
func held(e *license.Entry) bool {
	for _, w := range e.Also {
		if w.Kind == license.KindCall && strings.HasPrefix(w.ID, license.HeldPrefix) {
			return true
		}
	}
	return false
}

// Because writes why a rule ran: "because Wisconsin revoked its license".
func Because(c *license.Cause, r Reason) string {
	switch {
	case r.Sealed:
		return "because of an entry that is confidential"
	case c.Day != "" && len(r.Days) > 0 && r.Other != "":
		return "because of " + r.object(true) + ", as " + strings.Join(r.Days, " and ")
	case c.Day != "" && len(r.Days) > 0:
		return "because " + strings.Join(r.Days, " and ")
	case c.Day != "":
		return "because " + c.Day.Long() + " came, for which the contract waited"
	case r.Entry == nil:
		return fmt.Sprintf("because of entry %.12s, which this answer does not hold", c.Trigger.String())
	case r.Entry.ByContract() != "":
		return "because " + r.object(true) + " was changed automatically" + under(r.Entry.Cause)
	}
	board := r.Board
	if board == "" {
		board = "its board"
	}
	return "because " + board + " " + r.did()
}

// object names the license that the trigger is about.
func (r *Reason) object(first bool) string {
	switch {
	case r.Other == "":
		return "this license"
	case r.Near:
		return "license " + r.Other
	case first && r.Board != "":
		return r.Board + "’s license"
	}
	return "its license"
}

// did writes what the trigger did to its license.
func (r *Reason) did() string {
	form := deeds[r.Entry.Act]
	if r.Entry.Act == "license.discipline" && ordered[r.Action] != "" {
		form = ordered[r.Action]
	}
	if form == "" {
		form = "recorded “" + r.Entry.Act + "” of %s"
	}
	s := fmt.Sprintf(form, r.object(false))
	var f license.Fact
	if r.Entry.Kind == license.KindFact && strict.Decode(r.Entry.Body, &f, license.EntryBytesMax) == nil && f.Code != "" {
		s += " (" + FactLabel(f.Code) + ")"
	}
	return s
}

// deeds write what acts do to a license.
var deeds = map[string]string{
	"license.issue": "issued %s", "license.renew": "renewed %s", "license.amend": "changed what it tells of %s", "license.extend": "extended the term of %s",
	"license.surrender": "recorded the surrender of %s", "license.inactivate": "made %s inactive", "license.reactivate": "made %s active again",
	"license.decease": "recorded the death of the holder of %s", "license.discipline": "made an order about %s", "license.stay": "stayed an order about %s",
	"license.unstay": "ended the stay of an order about %s", "license.lift": "lifted an order about %s", "license.void": "took back an entry about %s",
	"license.correct": "corrected an entry about %s", "licensee.link": "linked %s", "licensee.unlink": "took a link of %s back",
	"fact.record": "recorded a fact about %s", "fact.amend": "changed a fact about %s", "fact.end": "ended a fact about %s",
	"import.assert": "copied a row about %s", "import.undo": "took rows about %s back",
	"privilege.issue": "granted %s, a privilege", "privilege.renew": "renewed %s, a privilege", "privilege.end": "ended %s, a privilege",
	"privilege.discipline": "made an order about %s, a privilege", "privilege.lift": "lifted an order about %s, a privilege",
}

// ordered write what orders do to a license, by their main action.
var ordered = map[string]string{
	"revocation": "revoked %s", "denial": "denied %s", "summary-suspension": "summarily suspended %s", "suspension": "suspended %s",
	"surrender": "accepted the surrender of %s", "probation": "placed %s on probation", "supervision": "placed %s under supervision",
	"practice-modification": "limited practice under %s", "monitoring": "placed %s under monitoring", "reprimand": "reprimanded the holder of %s",
	"censure": "censured the holder of %s", "fine": "fined the holder of %s",
}

// Came writes what of a license began or ended on a day. l is the license as it stood
// when the day came.
func Came(l *license.License, facts []license.Fact, day license.Day) (out []string) {
	if l == nil || day == "" {
		return nil
	}
	before := day.Add(-1)
	add := func(at, on license.Day, format string) {
		if at != "" && at == on {
			out = append(out, fmt.Sprintf(format, at.Long()))
		}
	}
	for i := range l.Terms {
		add(l.Terms[i].From, day, "its term began on %s")
		add(l.Terms[i].Through, before, "its term ended on %s")
		add(l.Terms[i].Grace, before, "its days of grace ended on %s")
	}
	for i := range l.Orders {
		add(l.Orders[i].Start, day, "an order about it began on %s")
		add(l.Orders[i].End, before, "an order about it ended on %s")
	}
	for _, c := range l.Lifecycles {
		add(c.From, day, "it became "+c.Status+" on %s")
	}
	for i := range facts {
		label := strings.ReplaceAll(FactLabel(facts[i].Code), "%", "%%")
		add(facts[i].Day, day, "a fact about it ("+label+") began on %s")
		add(facts[i].Through, before, "a fact about it ("+label+") ended on %s")
	}
	return out
}

// Days writes what began or ended on the day for which a rule ran: nothing, where the
// contract had set a timer. es are the entries about the license that the reader may see,
// oldest first; facts those about it, as far as they are at hand.
func Days(es []license.Recorded, facts []license.Fact, c *license.Cause) []string {
	n := -1
	for i := range es {
		x := es[i].Cause
		if es[i].Act == license.ContractTimer && x != nil && x.Function == "" && x.Contract == c.Contract && x.Trigger == c.Trigger && x.Day == c.Day {
			return nil
		}
		if es[i].Hash == c.Trigger {
			n = i
		}
	}
	if n < 0 {
		return nil
	}
	return Came(license.FoldLicense(es[:n+1:n+1], ""), facts, c.Day)
}

// Rule names the contract of a rule: "contract imlc, version 1, amendment 2".
func Rule(c *license.Cause) string {
	s := "contract " + c.Contract
	if c.Version > 0 {
		s += fmt.Sprintf(", version %d", c.Version)
	}
	if c.Amendment > 0 {
		s += fmt.Sprintf(", amendment %d", c.Amendment)
	}
	return s
}

// RuleLine names the place of a rule in its contract: "function on_order, line 34".
func RuleLine(c *license.Cause) string {
	switch {
	case c.Function == "":
		return ""
	case c.Line == 0:
		return "function " + c.Function
	}
	return fmt.Sprintf("function %s, line %d", c.Function, c.Line)
}
