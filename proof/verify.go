package proof

import (
	"licet/license"
	"licet/strict"
)

// Findings of a verdict: what the bundle proves about what was asked.
const (
	FoundPresent     = "present"      // the record is there
	FoundAbsent      = "absent"       // no such number, within the board's coverage
	FoundUnknown     = "unknown"      // outside coverage, or no such profession
	FoundNotNumber   = "not-a-number" // not written as numbers of this profession are
	FoundNotKnown    = "not-known"    // not known to this network then
	FoundConsistent  = "consistent"   // the older log is the newer one's beginning
	FoundSuccession  = "succession"   // the trust file follows
	carriedSigned    = "signed"
	carriedCopied    = "copied"
	carriedRecorded  = "recorded"
	carriedNotShown  = "confidential"
	carriedNetwork   = "network"
	carriedContract  = "contract"
	bundleRecordsMax = 1024
)

// How an entry is carried: whose word stands behind it.
const (
	CarriedSigned       = carriedSigned   // by the board's officers, down to its root key
	CarriedCopied       = carriedCopied   // from a file, by the importing member
	CarriedRecorded     = carriedRecorded // the network says so; no board's signature proves it
	CarriedConfidential = carriedNotShown // about an order that was sealed
	CarriedNetwork      = carriedNetwork  // signed by a quorum of the members
	CarriedContract     = carriedContract // by a contract that the board signed; that its rule says so is not shown
)

// A Question is what a verifier asks of a bundle.
type Question struct {
	On    license.Day     // standing on this day; empty: the legal day of the as-of
	Known license.Instant // as recorded by then; empty: all; else a history bundle is needed
}

// A Verdict is what a bundle proves.
type Verdict struct {
	Type, Origin string
	Kind, ID     string
	AsOf         license.Instant // the answer held then
	Trust        Trust           // that the checkpoint was checked under, after the trail
	Checkpoint   Checkpoint
	Found        string
	Known        license.Instant
	License      *license.License // as known then; nil unless present
	Standing     license.Standing
	Board        *license.Board
	Profession   *license.Profession
	Calendar     license.Calendar
	Name         *license.Name // nil: withheld
	Openings     []license.Opening
	Entries      []EntryVerdict // history only, oldest first
	Value        strict.Raw     // of other kinds
	Pending      bool           // a contract's rule about the license has not run yet: what it does is not in the answer
}

// An EntryVerdict is an entry and whose word carries it.
type EntryVerdict struct {
	license.Recorded
	Carried string
	By      []string // signers
	For     string   // when signed for a board of source import: the member that kept it then; "": the board itself
	Why     string   // when only recorded: what is missing
	Voided  bool
}

// Verify checks a bundle under a trust file and answers the question. Any error
// means that the proof does not hold.
func Verify(bundle []byte, t Trust, q Question) (*Verdict, error) {
	u, err := ParseBundle(bundle)
	if err != nil {
		return nil, err
	}
	if u.Origin != t.Origin {
		return nil, flawf("origin", "the bundle is of network %q, the trust file of %q", u.Origin, t.Origin)
	}
	if err := u.checkShape(); err != nil {
		return nil, err
	}
	c := &check{u: u, trust: t, records: map[[2]string]*RecordProof{}}
	c.v = &Verdict{Type: u.Type, Origin: u.Origin, Kind: u.Kind, ID: u.ID, Known: q.Known}
	if err := c.walk(); err != nil {
		return nil, err
	}
	c.v.Trust = c.trust
	switch u.Type {
	case BundleConsistency:
		return c.consistency()
	case BundleTrust:
		return c.succession()
	case BundleStanding, BundleHistory:
		return c.answer(q)
	}
	return nil, flawf("bundle-type", "there is no bundle of type %q", u.Type)
}

// A check is one bundle on its way to a verdict.
type check struct {
	u       *Bundle
	v       *Verdict
	trust   Trust
	point   Checkpoint
	records map[[2]string]*RecordProof
	block   license.Recorded
}

// walk follows the trail from the verifier's member set to the bundle's.
func (c *check) walk() error {
	for i := range c.u.Trail {
		next, asOf, err := c.u.Trail[i].next(c.trust)
		if err != nil {
			return err
		}
		c.trust, c.v.AsOf = next, asOf
	}
	return nil
}

// next checks a step under the set before it and returns the set after it, and
// when that was so.
func (s *TrailStep) next(t Trust) (Trust, license.Instant, error) {
	point, _, asOf, err := t.VerifyNoteStrict([]byte(s.Checkpoint))
	if err != nil {
		return t, "", err
	}
	block, err := s.Block.readBlock(point)
	if err != nil {
		return t, "", err
	}
	if s.Members.Kind != license.KindMembers || s.Members.ID != "set" || s.Members.Value == nil {
		return t, "", flawf("trail", "a step of the trail proves the member set, not %s %s", s.Members.Kind, s.Members.ID)
	}
	if err := s.Members.check(block.End.Map); err != nil {
		return t, "", err
	}
	var ms MemberSet
	if err := strict.Decode(s.Members.Value, &ms, 1<<20); err != nil {
		return t, "", flawf("member-set", "the member set cannot be read: %v", err)
	}
	next, err := t.Succeed(ms)
	return next, heldAt(license.InstantUnix(asOf), block, point), err
}

// heldAt says when a map held that a block entry proves: at the checkpoint, or, when
// entries follow the block's, at the block, since nothing is said of later.
func heldAt(asOf license.Instant, block license.Recorded, c Checkpoint) license.Instant {
	if block.Index == c.Size-1 {
		return asOf
	}
	return min(asOf, block.Time)
}

func (c *check) succession() (*Verdict, error) {
	if len(c.u.Trail) == 0 {
		return nil, flawf("trail", "the bundle has no steps")
	}
	c.v.Found = FoundSuccession
	return c.v, nil
}

// checkpoint checks the note; asOf is when more than two thirds said so.
func (c *check) checkpoint(note string) (Checkpoint, license.Instant, error) {
	point, _, asOf, err := c.trust.VerifyNoteStrict([]byte(note))
	return point, license.InstantUnix(asOf), err
}

func (c *check) consistency() (*Verdict, error) {
	older, _, err := c.checkpoint(c.u.Older)
	if err != nil {
		return nil, err
	}
	newer, asOf, err := c.checkpoint(c.u.Checkpoint)
	if err != nil {
		return nil, err
	}
	path, err := ParseHexPath(c.u.Path)
	if err != nil {
		return nil, err
	}
	if err := CheckConsistency(path, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return nil, flawf("consistency", "the log of %d entries is not the beginning of the log of %d: %v", older.Size, newer.Size, err)
	}
	c.v.Found, c.v.AsOf, c.v.Checkpoint = FoundConsistent, asOf, newer
	return c.v, nil
}

// anchor checks checkpoint, block entry, set number, and every record's proof.
func (c *check) anchor() (err error) {
	if c.point, c.v.AsOf, err = c.checkpoint(c.u.Checkpoint); err != nil {
		return err
	}
	if c.u.Block == nil {
		return flawf("block-entry", "the bundle lacks the block entry")
	}
	if c.block, err = c.u.Block.readBlock(c.point); err != nil {
		return err
	}
	c.v.AsOf = heldAt(c.v.AsOf, c.block, c.point)
	if len(c.u.Records) == 0 || len(c.u.Records) > bundleRecordsMax {
		return flawf("records", "the bundle proves %d records; 1 to %d are allowed", len(c.u.Records), bundleRecordsMax)
	}
	for i := range c.u.Records {
		r := &c.u.Records[i]
		if err := r.check(c.block.End.Map); err != nil {
			return err
		}
		k := [2]string{r.Kind, r.ID}
		if c.records[k] != nil {
			return flawf("records", "%s %s stands twice in the bundle", r.Kind, r.ID)
		}
		c.records[k] = r
	}
	if f := c.u.Records[0]; f.Kind != c.u.Kind || f.ID != c.u.ID {
		return flawf("records", "the first record is %s %s, and the bundle is about %s %s", f.Kind, f.ID, c.u.Kind, c.u.ID)
	}
	c.v.Checkpoint = c.point
	return c.checkSet()
}

// checkSet: the checkpoint counts under the set that its block entry names, or
// under the successor that stands in the map.
func (c *check) checkSet() error {
	set := c.block.End.Set
	if set == c.trust.Set {
		return nil
	}
	var ms MemberSet
	if ok, err := c.record(license.KindMembers, "set", &ms); err != nil {
		return err
	} else if ok && ms.Set == c.trust.Set && set == c.trust.Set-1 {
		return nil
	}
	return flawf("member-set-number", "the checkpoint is of member set %d, the trust file of set %d; fetch a trust trail, or refresh the bundle", set, c.trust.Set)
}

// record decodes a proved record; ok is false when it is proved absent. That it
// is not in the bundle is a flaw.
func (c *check) record(kind, id string, into any) (ok bool, err error) {
	r := c.records[[2]string{kind, id}]
	if r == nil {
		return false, flawf("records", "the bundle does not prove %s %s", kind, id)
	}
	if r.Value == nil {
		return false, nil
	}
	if err := strict.Decode(r.Value, into, BundleBytesMax); err != nil {
		return false, flawf("record", "%s %s cannot be read: %v", kind, id, err)
	}
	return true, nil
}

func (c *check) answer(q Question) (*Verdict, error) {
	if err := c.anchor(); err != nil {
		return nil, err
	}
	if c.u.Type == BundleHistory {
		if err := c.history(); err != nil {
			return nil, err
		}
	} else if q.Known != "" {
		return nil, flawf("needs-history", "what was known at an instant is told by a history bundle: licet prove --history")
	}
	if c.u.Kind != license.KindLicense {
		if len(c.u.Openings) > 0 {
			return nil, flawf("opening", "only a license's openings are shown")
		}
		c.v.Value, c.v.Found = c.u.Records[0].Value, FoundPresent
		if c.v.Value == nil {
			c.v.Found = FoundAbsent
		}
		return c.v, nil
	}
	return c.v, c.licenseAnswer(q)
}

// licenseAnswer finds what the bundle says of a license on the day.
func (c *check) licenseAnswer(q Question) error {
	v, v0 := c.v, new(license.License)
	id, err := license.ParseID(c.u.ID)
	if err != nil {
		return flawf("license-id", "%v", err)
	}
	if err := c.context(id); err != nil {
		return err
	}
	there, err := c.record(license.KindLicense, c.u.ID, v0)
	if err != nil {
		return err
	}
	if v.Board == nil && (there || v.Profession != nil) {
		return flawf("records", "the map has %s and no board %s", c.u.ID, id.Board)
	}
	day := q.On
	if day == "" {
		day = v.Calendar.Day(v.AsOf)
	}
	v.Standing.Day = day
	if !there {
		v.Found = absence(v.Profession, id.Number)
		if len(c.u.Openings) > 0 {
			return flawf("opening", "the bundle opens what it does not hold")
		}
		return nil
	}
	documents, err := c.openings(v0)
	if err != nil {
		return err
	}
	if q.Known != "" {
		if v0 = license.FoldLicense(c.unsealed(), q.Known); v0 == nil {
			v.Found = FoundNotKnown
			return nil
		}
	}
	v.Found, v.License = FoundPresent, v0
	v.Pending = v0.Counts.Pending > 0 || q.Known == "" && v.Board.Days.Waits(c.u.ID, v.Calendar.Day(v.AsOf))
	v.Name = c.nameOn(v0, day)
	v.Standing = v0.StandingOn(day, v.Profession, documents)
	return nil
}

// unsealed returns the entries without what is said of orders that a carried seal
// sealed: what was known once must not bring them back.
func (c *check) unsealed() []license.Recorded {
	all := make([]license.Recorded, len(c.v.Entries))
	var carried []license.Recorded
	for i, e := range c.v.Entries {
		all[i] = e.Recorded
		if e.Carried != CarriedRecorded {
			carried = append(carried, e.Recorded)
		}
	}
	return license.WithoutOrders(all, license.SealedOrders(carried))
}

// context reads the records that an answer about a license needs.
func (c *check) context(id license.ID) error {
	var b license.Board
	var p license.Profession
	if ok, err := c.record(license.KindBoard, id.Board, &b); err != nil {
		return err
	} else if ok {
		c.v.Board = &b
	}
	if ok, err := c.record(license.KindProfession, id.ProfessionID(), &p); err != nil {
		return err
	} else if ok {
		c.v.Profession = &p
	}
	_, err := c.record(license.KindCalendar, id.Board, &c.v.Calendar)
	return err
}

// absence says what it means that a number is not there.
func absence(p *license.Profession, number string) string {
	switch {
	case p == nil:
		return FoundUnknown
	case !license.FitsPattern(p.Pattern, number):
		return FoundNotNumber
	case p.Coverage == nil:
		return FoundUnknown
	}
	return FoundAbsent
}

// commitments are those that openings may be of: the record's, and in a history those
// of every state before, so that what was known then is told in the same words as it
// was then. What was sealed is not among them.
func (c *check) commitments(l *license.License) map[license.OpeningRef]bool {
	held := map[license.OpeningRef]bool{}
	for _, d := range l.Openings {
		held[license.OpeningRef{Kind: d.Kind, Commitment: d.Commitment}] = true
	}
	for _, o := range l.Orders {
		held[license.OpeningRef{Kind: license.OpeningOrder, Commitment: o.Commitment}] = true
	}
	for _, r := range license.CommittedBy(c.unsealed()) {
		held[r] = true
	}
	return held
}

// openings checks every opening against the commitments.
func (c *check) openings(l *license.License) (func(license.Hash) *license.OrderDocument, error) {
	docs := map[license.Hash]*license.OrderDocument{}
	seen, held := map[license.Hash]bool{}, c.commitments(l)
	for i := range c.u.Openings {
		o := &c.u.Openings[i]
		h := o.Commit()
		if !held[license.OpeningRef{Kind: o.Kind, Commitment: h}] || seen[h] {
			return nil, flawf("opening", "opening %d (%s) fits no commitment of the record", i+1, o.Kind)
		}
		seen[h] = true
		if o.Kind == license.OpeningOrder {
			d, err := license.ParseOrderDocument(o.Bytes)
			if err != nil {
				return nil, flawf("opening", "opening %d: %v", i+1, err)
			}
			docs[h] = &d
		}
	}
	c.v.Openings = c.u.Openings
	return func(h license.Hash) *license.OrderDocument { return docs[h] }, nil
}

// nameOn returns the name that held on a day, when its opening is there.
func (c *check) nameOn(l *license.License, day license.Day) *license.Name {
	h := l.OpeningOn(license.OpeningName, day)
	for i := range c.u.Openings {
		if o := &c.u.Openings[i]; o.Commit() == h {
			if n, err := license.ParseName(o.Bytes); err == nil {
				return &n
			}
		}
	}
	return nil
}

// OpeningText returns the text behind a commitment, "" when it is withheld.
func (v *Verdict) OpeningText(kind string, h license.Hash) string {
	for i := range v.Openings {
		o := &v.Openings[i]
		if o.Kind != kind || o.Commit() != h {
			continue
		}
		if kind == license.OpeningName {
			n, err := license.ParseName(o.Bytes)
			if err != nil {
				return ""
			}
			return n.String()
		}
		return string(o.Bytes)
	}
	return ""
}

// Document returns the order behind a commitment, nil when it is withheld.
func (v *Verdict) Document(h license.Hash) *license.OrderDocument {
	text := v.OpeningText(license.OpeningOrder, h)
	if text == "" {
		return nil
	}
	d, err := license.ParseOrderDocument([]byte(text))
	if err != nil {
		return nil
	}
	return &d
}
