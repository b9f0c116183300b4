package wording

import (
	"strings"

	"licet/license"
)

// A Verdict is the first line of every answer. No answer uses the present tense
// without it: a proof proves the past.
type Verdict struct {
	AsOf     license.Instant   // until when the answer is proved
	Now      license.Instant   // legal time of the reader; "" leaves the age out
	Calendar *license.Calendar // of the board, for local time; nil: UTC
	On       license.Day       // the day asked for; "", or the as-of's own: not said
	Known    license.Instant   // as recorded by then; "": not said
	Answer   string            // such as Authority gives
	Copied   string            // such as Copied gives; "": decided here
}

// String writes the line: "As of July 30, 2026, 10:42 a.m. (6 days ago): may
// practice, two conditions. This proves the past; ask again for today."
func (v Verdict) String() string {
	before, answer, after := v.Parts()
	return before + " " + answer + ". " + after
}

// Parts are what String joins, for pages that set the answer off.
func (v Verdict) Parts() (before, answer, after string) {
	before = "As of " + Moment(v.AsOf, v.Calendar)
	if v.Now != "" {
		before += " (" + Age(v.AsOf, v.Now) + ")"
	}
	if v.On != "" && v.On != v.today() {
		before += ", for " + v.On.Long()
	}
	if v.Known != "" {
		before += ", as known on " + Moment(v.Known, v.Calendar)
	}
	answer = v.Answer
	if v.Copied != "" {
		answer += ", " + v.Copied
	}
	return before + ":", answer, "This proves the past; ask again for today."
}

func (v Verdict) today() license.Day {
	if v.Calendar == nil {
		return (&license.Calendar{}).Day(v.AsOf)
	}
	return v.Calendar.Day(v.AsOf)
}

// Authority writes the answer to the question whether the holder may practice:
// "may practice", "may practice, two conditions", "may not practice: SUSPENDED". Of a
// privilege it says on which license that rests.
func Authority(s license.Standing) string {
	if s.Rests == "" {
		return authority(s)
	}
	return authority(s) + ", by a privilege that rests on license " + s.Rests
}

// RestsApart says of a privilege what its answer does not tell.
const RestsApart = "another board decides about that license, and this answer says nothing of it: ask for it too"

func authority(s license.Standing) string {
	switch s.Authority {
	case license.MayPractice:
		return "may practice"
	case license.MayWithLimits:
		return "may practice, " + Count(conditions(s), "condition")
	case license.MayIsNotKnown:
		if n := conditions(s); n > 0 {
			return MayIsNotKnown + ", " + Count(n, "condition")
		}
		return MayIsNotKnown
	}
	return "may not practice: " + s.Primary
}

// MayIsNotKnown is the answer about a license of which no file tells that it is
// registered, and that no order bars.
const MayIsNotKnown = "not known to this network whether the holder may practice"

// conditions counts the orders in force that put conditions on practice.
func conditions(s license.Standing) (n int) {
	for _, o := range s.Orders {
		if o.InForce && o.Authority == license.AuthorityConditions {
			n++
		}
	}
	return n
}

// Copied says of a license that came from a file of which day that was, since
// nothing that happened later has part in the answer; and that the file is made
// up, where the profession's title says so. It is "" of a license that was decided
// here. p may be nil.
func Copied(l *license.License, p *license.Profession) string {
	if l == nil || l.Source != license.SourceImport {
		return ""
	}
	file := "a file"
	if p != nil && strings.HasSuffix(p.Title, SyntheticTitle) {
		file = "a synthetic file"
	}
	if l.Copied != "" { // by an entry that a file stands behind
		file += " of " + l.Copied.Long()
	}
	if IsUndescribed(l) {
		file += " that does not describe the license"
	}
	switch {
	case l.Copied == "":
		return "as copied from " + file
	case l.Decided:
		return "in part copied from " + file
	}
	return "as copied from " + file + "; the registry holds nothing newer"
}

// Undescribed is said of a license that a file of orders named, and none described.
const Undescribed = "not described by any file"

// IsUndescribed says whether no file told when the license was issued, or of a term.
func IsUndescribed(l *license.License) bool {
	return l != nil && l.Source == license.SourceImport && l.Issued == "" && len(l.Terms) == 0
}

// SyntheticTitle ends the title of a profession whose licenses are all made up.
const SyntheticTitle = " (synthetic)"

// NotKnown is the answer for a time before the record's first entry.
const NotKnown = "not known to this network then"

// Absent writes that there is no such number, within what the board declares
// complete. The coverage is there; without it the answer is Unknown.
func Absent(board, title string, c *license.Coverage) string {
	return "no such number among the licenses of " + board + " for " + quote(title) + ", " + Coverage(c)
}

// Coverage writes what a board declares complete; none is declared when c is nil.
func Coverage(c *license.Coverage) string {
	if c == nil {
		return "not declared complete"
	}
	s := "complete"
	if c.IssuedFrom != "" {
		s += " since " + since(c.IssuedFrom)
	}
	if c.CompleteAs != "" {
		s += ", as of " + c.CompleteAs.Long()
	}
	if c.Except != "" {
		s += " (not public: " + c.Except + ")"
	}
	return s
}

// since shortens the first day of a year to the year.
func since(d license.Day) string {
	if year, ok := strings.CutSuffix(string(d), "-01-01"); ok {
		return year
	}
	return d.Long()
}

func quote(s string) string { return "“" + s + "”" }

// Unknown is the answer outside of what a board declares complete.
const Unknown = "unknown: the network does not say that it has all such licenses"

// UnknownProfession is the answer for a board or profession that is not here.
const UnknownProfession = "unknown: this network has no such board or profession"

// NotNumber writes that a number is not written as this profession's are.
func NotNumber(number, pattern string) string {
	return quote(number) + " is not a number of this profession; its numbers are written " + Pattern(pattern)
}

// Pattern writes a number pattern for people: "041 and 6 digits" is longer than
// "041######", so it only says what the signs mean.
func Pattern(p string) string {
	var signs []string
	for _, s := range []struct{ sign, means string }{{"#", "# a digit"}, {"@", "@ a letter"}, {"?", "? a letter or digit"}, {"*", "* any character"}, {"+", "+ one or more of the last"}, {"|", "| or"}} {
		if strings.Contains(p, s.sign) {
			signs = append(signs, s.means)
		}
	}
	if len(signs) == 0 {
		return p
	}
	return p + " (" + strings.Join(signs, ", ") + ")"
}
