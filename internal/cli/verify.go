package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"licet/internal/wording"
	"licet/license"
	"licet/proof"
)

// exitOld: the proof holds, and is older than --max-age.
const exitOld = 3

type verifyCmd struct {
	Bundle string        `arg:"" help:"Bundle file, from licet prove."`
	Trust  string        `help:"Trust file: the network's members and the boards' root keys." required:"" placeholder:"TRUST.txt"`
	On     string        `help:"Standing on this day (default: the day of the proof)." placeholder:"DAY"`
	Known  string        `help:"As recorded by this instant; needs a history bundle." placeholder:"INSTANT"`
	MaxAge time.Duration `help:"Exit with 3 when the proof is older." placeholder:"24h"`
}

func (c *verifyCmd) Help() string {
	return "Works offline. Exit codes: 0 the proof holds (of absence or revocation too), 1 it does not, 2 a file or flag is missing or the trust file is broken, 3 it is older than --max-age."
}

// Run checks a bundle and says what it proves.
func (c *verifyCmd) Run(e *env) error {
	q, err := c.question()
	if err != nil {
		return err
	}
	trust, err := readTrust(c.Trust)
	if err != nil {
		return err
	}
	b, err := readLimited(c.Bundle, proof.BundleBytesMax)
	if err != nil {
		return err
	}
	v, err := proof.Verify(b, trust, q)
	if proof.FlawCode(err) == "needs-history" {
		return usage("%v", err)
	}
	if err != nil {
		return doesNotHold(b, trust, c.Trust, err)
	}
	if q.Known > v.AsOf {
		return usage("--known: the proof tells what was recorded by %s; ask for an instant up to then, %s, or for a newer proof", wording.Moment(v.AsOf, &v.Calendar), v.AsOf)
	}
	now := time.Now()
	if e.JSON {
		err = e.printJSON(verdictJSON(v, now))
	} else {
		e.tellVerdict(v, now)
	}
	if err == nil && c.MaxAge > 0 && v.AsOf != "" && now.Sub(v.AsOf.Time()) > c.MaxAge {
		return &failure{exitOld, fmt.Errorf("the proof holds, and is older than %v: ask again for today", c.MaxAge)}
	}
	return err
}

// doesNotHold says so of a bundle, and what to do about it.
func doesNotHold(b []byte, trust proof.Trust, trustPath string, err error) error {
	if set := signedBySet(b); set > trust.Set {
		return fmt.Errorf("THE PROOF DOES NOT HOLD under this trust file: %w. The file says that it is signed by member set %d; %s knows set %d. Go on to the newest set, by proofs, with: licet trust fetch --from URL -o %s. Then verify again", err, set, trustPath, trust.Set, trustPath)
	}
	return fmt.Errorf("THE PROOF DOES NOT HOLD: %w. Ask the network again, and show nothing of this file to anyone as proved", err)
}

func (c *verifyCmd) question() (q proof.Question, err error) {
	if c.On != "" {
		if q.On, err = license.ParseDay(c.On); err != nil {
			return q, usage("--on: %v", err)
		}
	}
	if c.Known != "" {
		if q.Known, err = license.ParseInstant(c.Known); err != nil {
			return q, usage("--known: %v", err)
		}
	}
	return q, nil
}

// readTrust reads a trust file. A broken one says nothing about any proof, so it is
// a mistake in how the command was used.
func readTrust(path string) (proof.Trust, error) {
	b, err := readLimited(path, 1<<20)
	if err != nil {
		return proof.Trust{}, usage("%w", err)
	}
	t, err := proof.ParseTrust(b)
	if err != nil {
		return t, usage("%s is no trust file: %w", path, err)
	}
	return t, nil
}

// readLimited reads a file of at most bytesMax bytes.
func readLimited(path string, bytesMax int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, bytesMax+1))
	if err == nil && int64(len(b)) > bytesMax {
		err = fmt.Errorf("%s has more than %d bytes", path, bytesMax)
	}
	return b, err
}

// tellVerdict prints what is proved; its first line is the as-of.
func (e *env) tellVerdict(v *proof.Verdict, now time.Time) {
	e.printf("%s\n", verdictLine(v, now))
	switch v.Found {
	case proof.FoundConsistent, proof.FoundSuccession:
		return
	case proof.FoundPresent:
	default:
		if v.Kind == license.KindLicense { // of which number it speaks
			e.printf("License %s\n", v.ID)
		}
		return
	}
	if v.Kind != license.KindLicense {
		e.printf("%s %s: %s\n", v.Kind, v.ID, v.Value)
		if s := ofContract(v); s != "" {
			e.printf("%s\n", s)
		}
		return
	}
	name := "name withheld"
	if v.Name != nil {
		name = v.Name.String()
	}
	e.printf("License %s, %s\n", v.ID, name)
	e.tellStanding(v)
	if v.Pending {
		for _, w := range wording.Pending(v.ID, v.License, v.Board, v.Calendar.Day(v.AsOf)) {
			e.printf("CAREFUL: %s What it does is not in this answer; ask again later, or ask the board.\n", w)
		}
	}
	e.tellHistory(v)
}

func (e *env) tellStanding(v *proof.Verdict) {
	s := v.Standing
	stayed := slices.ContainsFunc(s.Orders, func(o license.OrderStanding) bool { return o.Stayed })
	e.printf("Status on %s: %s\n", s.Day.Long(), statusLine(s.Primary, wording.Further(s.Discipline, s.Secondary, stayed)))
	if r := wording.Registration(s.Discipline, s.Registration, s.Through); r != "" {
		e.printf("Registration: %s\n", r)
	}
	switch {
	case s.Through != "":
		e.printf("Term through %s\n", s.Through.Long())
	case s.Registration == license.RegistrationActive:
		e.printf("Term without a set end\n")
	}
	if s.Rests != "" {
		e.printf("Privilege, rests on license %s; %s\n", s.Rests, wording.RestsApart)
	}
	for _, o := range s.Orders {
		e.printf("Order %s: %s\n", o.ID[:8], orderLine(v, o))
	}
	board := v.ID
	if v.Board != nil {
		board = v.Board.Name
	}
	switch l := v.License; {
	case l.Source != license.SourceImport:
	case l.Decided:
		e.printf("In part copied from a file; what %s decided itself is in the history.\n", board)
	default:
		e.printf("Copied from a file of %s; not decided by %s.\n", l.Copied.Long(), board)
	}
	if wording.IsUndescribed(v.License) {
		e.printf("It is %s: neither its issue nor its terms are told.\n", wording.Undescribed)
	}
}

// verdictLine is the first line: as of when, and what was found.
func verdictLine(v *proof.Verdict, now time.Time) string {
	if v.Found == proof.FoundSuccession {
		return fmt.Sprintf("The trust file follows: member set %d, fingerprint %s.", v.Trust.Set, v.Trust.Fingerprint())
	}
	w := wording.Verdict{AsOf: v.AsOf, Now: license.InstantOf(now), Known: v.Known, Answer: finding(v), Copied: wording.Copied(v.License, v.Profession)}
	if len(v.Calendar.Rows) > 0 {
		w.Calendar = &v.Calendar
	}
	if v.Standing.Day != v.Calendar.Day(v.AsOf) {
		w.On = v.Standing.Day
	}
	return w.String()
}

// finding says what the bundle proves, in a few words.
func finding(v *proof.Verdict) string {
	switch v.Found {
	case proof.FoundConsistent:
		return fmt.Sprintf("the log of %s entries continues the older one", digits(v.Checkpoint.Size))
	case proof.FoundAbsent:
		if v.Kind != license.KindLicense {
			return fmt.Sprintf("there is no %s %s", v.Kind, v.ID)
		}
		return wording.Absent(v.Board.Name, v.Profession.Title, v.Profession.Coverage)
	case proof.FoundNotNumber:
		id, _ := license.ParseID(v.ID)
		return wording.NotNumber(id.Number, v.Profession.Pattern)
	case proof.FoundUnknown:
		if v.Profession == nil {
			return wording.UnknownProfession
		}
		return wording.Unknown
	case proof.FoundNotKnown:
		return wording.NotKnown
	}
	if v.Kind != license.KindLicense {
		return fmt.Sprintf("%s %s stands in the registry", v.Kind, v.ID)
	}
	return wording.Authority(v.Standing)
}

func orderLine(v *proof.Verdict, o license.OrderStanding) string {
	what := "what it says is withheld"
	if o.Action != "" {
		what = license.Word(v.Profession, o.Action)
	}
	if o.Contract != "" {
		what += " by contract " + o.Contract
	}
	s := what + ", " + wording.Span(o.Start, o.End, "until lifted")
	switch {
	case o.Stayed:
		s += ", stayed"
	case !o.InForce:
		s += ", ended"
	}
	return s
}

// tellHistory prints each entry and whose word carries it.
func (e *env) tellHistory(v *proof.Verdict) {
	if n := unsigned(v); n > 0 {
		e.printf("CAREFUL: %s behind this answer rests on no board's signature, only on the network's word.\n", entriesOf(n))
	}
	texts := wording.Texts{
		Opening:  v.OpeningText,
		Document: v.Document,
		Word:     func(code string) string { return license.Word(v.Profession, code) },
		Hidden: func(h license.Hash) bool {
			return slices.ContainsFunc(v.Entries, func(x proof.EntryVerdict) bool { return x.Hash == h && x.Carried == proof.CarriedConfidential })
		},
		Reason: func(en *license.Entry) wording.Reason { return reasonOf(v, en.Cause) },
	}
	known := slices.DeleteFunc(slices.Clone(v.Entries), func(en proof.EntryVerdict) bool { return v.Known != "" && en.Time > v.Known })
	dead := voided(known)
	for _, en := range known {
		if en.Carried == proof.CarriedConfidential {
			e.printf("  entry %d: %s\n", en.Index, wording.Confidential)
			continue
		}
		s := wording.Entry(&en.Entry, texts)
		if dead[en.Hash] {
			s += " (void)"
		}
		e.printf("  entry %d, recorded %s: %s %s\n", en.Index, wording.Moment(en.Time, &v.Calendar), s, carriedBy(v, en))
	}
}

// voided finds the entries that later ones among them took back.
func voided(vs []proof.EntryVerdict) map[license.Hash]bool {
	var es []license.Recorded
	for _, v := range vs {
		es = append(es, v.Recorded)
	}
	return license.VoidedEntries(es)
}

// unsigned counts the entries that only the network's word carries.
func unsigned(v *proof.Verdict) (n int) {
	for _, en := range v.Entries {
		if en.Carried == proof.CarriedRecorded {
			n++
		}
	}
	return n
}

// carriedBy says whose word stands behind an entry.
func carriedBy(v *proof.Verdict, e proof.EntryVerdict) string {
	board, by := license.BoardOf(e.Kind, e.ID), ""
	if v.Board != nil {
		board = v.Board.Name
	}
	if len(e.By) > 0 {
		by = " (" + strings.Join(e.By, ", ") + ")"
	}
	switch e.Carried {
	case proof.CarriedSigned:
		if e.For != "" {
			return "Signed by " + e.For + " for " + board + by + "."
		}
		return "Signed by " + board + by + "."
	case proof.CarriedCopied:
		return "Copied from a file by " + e.Import.Importer + by + "."
	case proof.CarriedContract:
		return "Signed by nobody: " + ruleOf(&e.Entry, board)
	case proof.CarriedNetwork:
		return "Signed by the members of the network" + by + "."
	}
	return "Only recorded by the network: " + e.Why
}

// ruleOf says what an entry rests on that nobody signed.
func ruleOf(e *license.Entry, board string) string {
	if e.ByContract() == "" {
		return "the network says how far the calls of a day have come; the record is else as " + board + " signed it."
	}
	return wording.Rule(e.Cause) + ", which " + board + " signed, may do this; that its rule says so is not shown here."
}

// verdictJSON is the verdict for machines.
func verdictJSON(v *proof.Verdict, now time.Time) any {
	type entry struct {
		Index   int64           `json:"index"`
		Act     string          `json:"act"`
		Time    license.Instant `json:"recorded"`
		Carried string          `json:"carried"`
		By      []string        `json:"by,omitempty"`
		For     string          `json:"for,omitempty"`
		Why     string          `json:"why,omitempty"`
		Voided  bool            `json:"voided,omitempty"`
		Rule    *provedRule     `json:"rule,omitempty"`
	}
	out := struct {
		AsOf         license.Instant `json:"as_of"`
		Origin       string          `json:"origin"`
		Kind         string          `json:"kind,omitempty"`
		ID           string          `json:"id,omitempty"`
		Found        string          `json:"found"`
		On           license.Day     `json:"on,omitempty"`
		Known        license.Instant `json:"known,omitempty"`
		Registration string          `json:"registration,omitempty"`
		Discipline   string          `json:"discipline,omitempty"`
		Authority    string          `json:"authority,omitempty"`
		Primary      string          `json:"primary,omitempty"`
		Secondary    string          `json:"secondary,omitempty"`
		Rests        string          `json:"rests,omitempty"` // of a privilege: on which license
		Name         string          `json:"name,omitempty"`
		Verdict      string          `json:"verdict"`
		Copied       license.Day     `json:"copied,omitempty"`  // day of the newest file that it was copied from
		Decided      bool            `json:"decided,omitempty"` // and some of it was decided here
		Pending      bool            `json:"pending,omitempty"` // a contract's rule about the license has not run yet
		Entries      []entry         `json:"entries,omitempty"`
	}{
		AsOf: v.AsOf, Origin: v.Origin, Kind: v.Kind, ID: v.ID, Found: v.Found, On: v.Standing.Day, Known: v.Known,
		Registration: v.Standing.Registration, Discipline: v.Standing.Discipline, Authority: v.Standing.Authority,
		Primary: v.Standing.Primary, Secondary: v.Standing.Secondary, Rests: v.Standing.Rests, Verdict: verdictLine(v, now), Pending: v.Pending,
	}
	if v.License != nil {
		out.Copied, out.Decided = v.License.Copied, v.License.Decided
	}
	if v.Name != nil {
		out.Name = v.Name.String()
	}
	for _, en := range v.Entries {
		x := entry{Index: en.Index, Act: en.Act, Time: en.Time, Carried: en.Carried, By: en.By, For: en.For, Why: en.Why, Voided: en.Voided, Rule: provedRuleOf(&en)}
		if en.Carried == proof.CarriedConfidential {
			x.Act, x.By, x.Rule = "", nil, nil
		}
		out.Entries = append(out.Entries, x)
	}
	return out
}

type auditCmd struct {
	URL   string `arg:"" help:"Node to audit."`
	Trust string `help:"Trust file (default: the node's own, as that node says)." placeholder:"TRUST.txt"`
	Dir   string `help:"Where to remember what was seen (default: audit/ in the home)." type:"path" placeholder:"DIR"`
}

func (c *auditCmd) Help() string {
	return "Fetches every entry and what was signed behind it, decides every act again, folds the entries into records, recomputes the map root of every block, and remembers how far it came: the next audit goes on from there. Exit code 1 and a loud word when the node forgot or rewrote anything, or recorded what nobody who may had signed."
}

// Run audits a node.
func (c *auditCmd) Run(e *env) error { return e.audit(c) }

// digits writes a number with thousands apart.
func digits(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
