// Package wording says in plain words what stands in the registry: the same
// sentences on pages, in letters and at the command line.
package wording

import (
	"fmt"
	"strings"
	"time"

	"licet/license"
	"licet/proof"
)

// AsOf writes when an answer held, by the board's clock, and how long ago that is:
// "As of July 30, 2026, 10:42 a.m. (6 days ago)". No answer is given without it.
func AsOf(asOf license.Instant, now time.Time, c *license.Calendar) string {
	local := c.Local(asOf)
	clock := strings.NewReplacer("am", "a.m.", "pm", "p.m.").Replace(local.Format("3:04 pm"))
	place := ""
	if len(c.Rows) == 0 {
		place = " UTC"
	}
	return fmt.Sprintf("As of %s, %s%s (%s)", license.Day(local.Format("2006-01-02")).Long(), clock, place, Ago(asOf, now))
}

// Ago writes an age as people say it.
func Ago(t license.Instant, now time.Time) string {
	d := now.Sub(t.Time())
	switch {
	case d < -time.Minute:
		return "on this network's own clock"
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return Count(int(d/time.Minute), "minute") + " ago"
	case d < 24*time.Hour:
		return Count(int(d/time.Hour), "hour") + " ago"
	}
	return Count(int(d/(24*time.Hour)), "day") + " ago"
}

// Count writes a number of things: "1 day", "6 days".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

var small = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

func inWords(n int, thing string) string {
	s := fmt.Sprint(n)
	if n < len(small) {
		s = small[n]
	}
	if n != 1 {
		thing += "s"
	}
	return s + " " + thing
}

// PastOnly ends every verdict.
const PastOnly = "This proves the past; ask again for today."

// Authority says whether she may practice: "may practice, two conditions".
func Authority(s license.Standing) string {
	conditions := 0
	for _, o := range s.Orders {
		if o.InForce && o.Authority == license.AuthorityConditions {
			conditions++
		}
	}
	switch s.Authority {
	case license.MayPractice:
		return "may practice"
	case license.MayWithLimits:
		return "may practice, " + inWords(conditions, "order") + " with conditions"
	}
	return "may not practice: " + s.Primary
}

// VerdictLine is the first line of what a bundle proves.
func VerdictLine(v *proof.Verdict, now time.Time) string {
	if v.Found == proof.FoundSuccession {
		return fmt.Sprintf("The trust file follows: member set %d, fingerprint %s.", v.Trust.Set, v.Trust.Fingerprint())
	}
	return AsOf(v.AsOf, now, &v.Calendar) + ": " + Finding(v) + ". " + PastOnly
}

// Finding says what was found, without a full stop.
func Finding(v *proof.Verdict) string {
	switch v.Found {
	case proof.FoundConsistent:
		return fmt.Sprintf("the log of %d entries continues the older one", v.Checkpoint.Size)
	case proof.FoundAbsent:
		return Absence(v.Board, v.Profession)
	case proof.FoundNotNumber:
		return "not a number of this profession; its numbers are written " + v.Profession.Pattern
	case proof.FoundUnknown:
		return "unknown; this network declares nothing complete about such licenses"
	case proof.FoundNotKnown:
		return "not known to this network then"
	}
	if v.Kind != license.KindLicense {
		return fmt.Sprintf("%s %s stands in the registry", v.Kind, v.ID)
	}
	return onDay(v) + Authority(v.Standing)
}

// onDay names the day of the answer when it is not the day of the as-of.
func onDay(v *proof.Verdict) string {
	s := ""
	if v.Standing.Day != v.Calendar.Day(v.AsOf) {
		s = "on " + v.Standing.Day.Long() + ", "
	}
	if v.Known != "" {
		s += "as recorded by " + string(v.Known) + ", "
	}
	return s
}

// Absence says within what a number is not there.
func Absence(b *license.Board, p *license.Profession) string {
	s := "no such number among " + p.Title
	if b != nil {
		s += ", " + b.Name
	}
	if from := p.Coverage.IssuedFrom; from != "" {
		s += ", complete since " + from.Long()
	}
	if as := p.Coverage.CompleteAs; as != "" {
		s += ", as of " + as.Long()
	}
	if p.Coverage.Except != "" {
		s += ", except " + p.Coverage.Except
	}
	return s
}

// OrderLine says how an order stands.
func OrderLine(o license.OrderStanding) string {
	what := map[string]string{
		license.AuthorityBarred: "bars practice", license.AuthorityConditions: "sets conditions", license.AuthorityNone: "leaves practice as it is",
	}[o.Authority]
	s := license.Word(nil, o.Action)
	if o.Action == "" {
		s = "what it says is withheld"
	}
	s += "; " + what + "; from " + o.Start.Long()
	if o.End != "" {
		s += " through " + o.End.Long()
	}
	switch {
	case o.Stayed:
		s += "; stayed"
	case !o.InForce:
		s += "; ended"
	}
	return s
}

// EntryLine says what an entry did and whose word carries it.
func EntryLine(v *proof.Verdict, e proof.EntryVerdict) string {
	when := v.Calendar.Local(e.Time)
	s := fmt.Sprintf("%s  entry %d: ", license.Day(when.Format("2006-01-02")).Long(), e.Index)
	if e.Carried == proof.CarriedConfidential {
		return s + "confidential"
	}
	s += ActWords(e.Act)
	if e.Effective != "" {
		s += ", effective " + e.Effective.Long()
	}
	s += "; " + Carried(v, e)
	if e.Voided {
		s += "; void"
	}
	return s
}

// Carried says whose word stands behind an entry.
func Carried(v *proof.Verdict, e proof.EntryVerdict) string {
	board := license.BoardOf(e.Kind, e.ID)
	if v.Board != nil {
		board = v.Board.Name
	}
	by := ""
	if len(e.By) > 0 {
		by = " (" + strings.Join(e.By, ", ") + ")"
	}
	switch e.Carried {
	case proof.CarriedSigned:
		return "signed by " + board + by
	case proof.CarriedCopied:
		return "copied from a file by " + e.Import.Importer + by
	case proof.CarriedNetwork:
		return "signed by the members of the network" + by
	}
	return "only recorded by the network: " + e.Why
}

// ActWords says what an act does, in a few words.
func ActWords(verb string) string {
	if w := actWords[verb]; w != "" {
		return w
	}
	return verb
}

var actWords = map[string]string{
	"license.issue": "license issued", "license.renew": "license renewed", "license.amend": "particulars changed",
	"license.surrender": "license surrendered", "license.discipline": "order entered", "license.stay": "order stayed",
	"license.unstay": "stay ended", "license.lift": "order lifted", "license.void": "earlier entry voided",
	"license.correct": "earlier entry corrected", "license.seal": "order sealed", "licensee.link": "linked with another license",
	"licensee.unlink": "link taken back", "import.assert": "copied from a file", "board.create": "board joined",
	"board.amend": "board changed its record", "board.succeed": "new root key", "board.calendar": "calendar set",
	"board.profession": "profession set", "officer.appoint": "officer appointed", "officer.amend": "officer changed",
	"officer.suspend": "officer suspended", "officer.resume": "officer resumed", "officer.end": "appointment ended",
	"policy.set": "policy set", "member.set": "member set changed", "clock.advance": "clock advanced",
	"fact.record": "fact recorded", "fact.amend": "fact amended", "fact.end": "fact ended", "network.found": "network founded",
}
