package importer

import (
	"fmt"
	"slices"
	"strings"

	"licet/license"
)

// Whose a number is: rows of a license are taken when nothing speaks against their being
// one holder's. Where surnames differ, within a file or from what an earlier one said,
// they are set aside, whatever else fits; what a person decided then holds for the
// surnames that the decision names, and for no others.

// A holding is what is known of the holder's surnames.
type holding struct {
	known    []string                    // under which the registry holds the license, former ones too
	unseen   bool                        // it holds a name that is not shown to the importer
	decided  *license.SettlementDocument // nil: nobody decided, or
	withheld bool                        // what was decided is not shown to the importer
	inFile   []string                    // surnames in this file's rows, when they are several
}

// holdingOf reads what the registry holds.
func holdingOf(h *Held) (x holding) {
	if h == nil {
		return x
	}
	texts := map[license.Hash]*license.Opening{}
	for i := range h.Openings {
		if o := &h.Openings[i]; o.Kind == license.OpeningName || o.Kind == license.OpeningSettlement {
			texts[o.Commit()] = o
		}
	}
	if h.Record != nil {
		for _, d := range h.Record.Openings {
			if d.Kind != license.OpeningName {
				continue
			}
			if o := texts[d.Commitment]; o == nil {
				x.unseen = true
			} else if n, err := license.ParseName(o.Bytes); err == nil {
				x.known = addSurname(x.known, n.Family)
			}
		}
	}
	if s := h.Settlement; s != nil && s.Commitment != (license.Hash{}) {
		x.withheld = true
		if o := texts[s.Commitment]; o != nil {
			if d, err := license.ParseSettlementDocument(o.Bytes); err == nil {
				x.decided, x.withheld = &d, false
			}
		}
	}
	return x
}

// FoldSurname brings the spellings of a surname together that are never taken for two.
func FoldSurname(s string) string { return foldName(s) }

func holds(names []string, name string) bool {
	f := foldName(name)
	return slices.ContainsFunc(names, func(n string) bool { return foldName(n) == f })
}

func addSurname(names []string, name string) []string {
	if foldName(name) == "" || holds(names, name) {
		return names
	}
	return append(names, name)
}

// doubt says why a row is not taken as the license's, and whether it is set aside or
// refused; nil when nothing speaks against it.
func (x *holding) doubt(m *Mapping, r *Row, done bool) (outcome string, f *Flaw) {
	no := func(rule, format string, a ...any) (string, *Flaw) {
		if done {
			format += " The row was copied before and stands; licet import undo takes it back."
		}
		return Quarantined, flaw(m.familyColumn(), r.family, rule, format, a...)
	}
	rule := "two-surnames"
	if len(x.inFile) == 0 {
		rule = "surname-differs"
	}
	d := x.decided
	switch {
	case x.withheld:
		return no("settlement-withheld", "Whose rows stand under this number was decided, and the decision is not shown to who imports: the board shows it to nobody outside. Nothing is merged.")
	case d != nil && r.surname == 0 && len(d.Others) > 0:
		return no(rule, "Several people's rows stand under this number, and this one names nobody.")
	case d == nil && len(x.inFile) > 0:
		return no(rule, "The file has this number under several surnames: %s. %s", named(x.inFile), x.decide(r, addAll(x.known, x.inFile), nil))
	case r.surname == 0 || d == nil && (len(x.known) == 0 || holds(x.known, r.family)):
		return "", nil
	case d == nil:
		return no(rule, "The registry holds this number under %s, and the row says %s. %s", named(x.known), shown(r.family), x.decide(r, addSurname(slices.Clip(x.known), r.family), nil))
	case holds(d.Others, r.family) && !holds(d.Holder, r.family):
		return Refused, flaw(m.familyColumn(), r.family, "other-holder", "It was decided that rows of this number under %s are somebody else's. Reason: %s", shown(r.family), sentence(d.Reason))
	case holds(d.Others, r.family) || !holds(d.Holder, r.family):
		return no(rule, "It was decided about other surnames: %s. %s", named(slices.Concat(d.Holder, d.Others)), x.decide(r, addSurname(slices.Clip(d.Holder), r.family), d.Others))
	}
	for _, k := range x.known {
		if !holds(d.Holder, k) {
			return no("surname-differs", "It was decided that the number is %s's, and the registry holds it under %s. Take back the file that said so with licet import undo, or decide anew. %s", named(d.Holder), shown(k), x.decide(r, addSurname(slices.Clip(d.Holder), k), nil))
		}
	}
	return "", nil
}

// noteUnseen notes on a row that nobody could compare its surname.
func (x *holding) noteUnseen(m *Mapping, r *Row) {
	if x.unseen && r.surname != 0 && len(x.known) == 0 {
		r.Notes = append(r.Notes, *flaw(m.familyColumn(), r.family, "surname-unseen", "The registry holds a name that is not shown to who imports. Whether it is this one, nobody compared."))
	}
}

func addAll(names, more []string) []string {
	names = slices.Clip(names)
	for _, n := range more {
		names = addSurname(names, n)
	}
	return names
}

// decide says what the surnames look like, and how a person decides.
func (x *holding) decide(r *Row, holder, others []string) string {
	said := resembling(holder) + " A person decides; nothing is merged."
	if c := SettleCommand(r.License.String(), holder, others); c != "" {
		said += " If one person has them all: " + c + " (write --other in the place of --holder before a surname that is somebody else's)."
	}
	return said
}

// SettleCommand is the command line that decides so, to be finished with reason and key;
// "" when surnames are too many or hold what a command line does not.
func SettleCommand(id string, holder, others []string) string {
	if len(holder)+len(others) > surnamesShown {
		return ""
	}
	var b strings.Builder
	b.WriteString("licet import settle " + id)
	for i, n := range slices.Concat(holder, others) {
		if n != shown(n) || strings.ContainsAny(n, "\n\t") {
			return ""
		}
		flag := "holder"
		if i >= len(holder) {
			flag = "other"
		}
		fmt.Fprintf(&b, " --%s=%s", flag, quoted(n))
	}
	return b.String() + " --reason=WHY --key=FILE"
}

// quoted writes a word for a shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func named(names []string) string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, shown(n))
	}
	return strings.Join(out, ", ")
}

// sentence shows what somebody wrote, with a full stop.
func sentence(s string) string {
	if s = shown(strings.TrimSpace(s)); s == "" {
		return "none was given."
	} else if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// resembling says which of some surnames may be spellings of one.
func resembling(names []string) string {
	alike := "Nothing in their spelling says that they are one person's."
	for i, a := range names {
		for _, b := range names[:i] {
			if why := variant(a, b); why != "" {
				alike = fmt.Sprintf("%s and %s may be one: %s.", shown(b), shown(a), why)
			}
		}
	}
	return alike
}
