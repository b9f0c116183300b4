package answer

import (
	"licet/internal/ledger"
	"licet/internal/wording"
	"licet/license"
)

// A License is the answer about one license on a day, as known at an instant.
type License struct {
	ID        string
	Parts     license.ID
	AsOf      AsOf
	Now       license.Instant // legal time of the reader
	On        license.Day
	Known     license.Instant  // "" everything recorded
	Record    *license.License // as known; nil: not known to the network then
	Standing  license.Standing
	Answer    string          // "may practice, two conditions"
	Verdict   wording.Verdict // the first line
	Name      string          // on the day; "" withheld
	Openings  []Opening
	Orders    []Order     // that had begun by the day, with what they say
	Facts     []Fact      // organizations: names, branches, parents and persons, also those that ended
	Vacant    bool        // it had a responsible person, and has none on the day
	MoreFacts bool        // more stand in the registry than are listed
	Copied    *Copied     // nil: decided by the board itself
	Automatic []Automatic // what contracts did that counts on the day
	Waits     []string    // sentences: what contracts have still to do
	Context
}

// A Context is what an answer about a license needs besides its record.
type Context struct {
	Board      license.Board
	Profession license.Profession
	Calendar   license.Calendar
}

// An Opening is a dated fact about the holder.
type Opening struct {
	Kind     string
	From     license.Day
	Text     string
	Withheld bool // the board does not show it, or it is not here
}

// An Order is an order as it stands on the day, and its document when it is shown.
type Order struct {
	license.OrderStanding
	Document *license.OrderDocument
}

// Copied says where facts that no board decided here come from.
type Copied struct {
	Importer string // name of the member
	Row      int64  // of the newest file; 0: the board has not joined, nothing more is known
	Day      license.Day
	Decided  bool // something that stands was not copied
}

// An Absent says why there is no such license to answer about. It is an error,
// and a verdict of its own.
type Absent struct {
	ID         string
	Code       string // "unknown-license", "unknown-profession", "number-pattern"
	Verdict    wording.Verdict
	Parts      license.ID
	AsOf       AsOf
	Known      bool // the profession is here
	Board      license.Board
	Profession license.Profession
}

func (a *Absent) Error() string { return a.Verdict.String() }

// License answers about a license. on is a day, "" for the legal day of the as-of;
// known an instant, "" for all that is recorded.
func (r *Registry) License(id string, on license.Day, known license.Instant) (*License, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	return r.license(s, id, on, known)
}

// LicenseAndHistory answers both of one state.
func (r *Registry) LicenseAndHistory(id string, on license.Day, known license.Instant) (*License, *History, error) {
	s, err := r.state()
	if err != nil {
		return nil, nil, err
	}
	defer s.Release()
	l, err := r.license(s, id, on, known)
	if err != nil {
		return nil, nil, err
	}
	h, err := r.history(s, id, known)
	return l, h, err
}

// Calendar returns the calendar of the board that a license id names; without
// one it is UTC's.
func (r *Registry) Calendar(id string) (*license.Calendar, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	c := new(license.Calendar)
	_, err = s.Record(license.KindCalendar, license.BoardOf(license.KindLicense, id), c)
	return c, err
}

func (r *Registry) license(s *ledger.State, id string, on license.Day, known license.Instant) (*License, error) {
	a, err := r.about(s, id)
	if err != nil {
		return nil, err
	}
	if known > a.AsOf.Time {
		return nil, problem("known-later", "Nothing is known yet of %s: the newest block is of %s.", wording.Moment(known, &a.Calendar), wording.Moment(a.AsOf.Time, &a.Calendar))
	}
	a.Known = known
	if a.On = on; on == "" {
		a.On = a.Calendar.Day(a.AsOf.Time)
	}
	v := view{s, &a.Context}
	if a.Record, err = v.recordAt(a.ID, known); err != nil {
		return nil, err
	}
	a.Answer = wording.NotKnown
	if a.Record != nil {
		if err := a.fill(v); err != nil {
			return nil, err
		}
		if err := a.automatic(r, v); err != nil {
			return nil, err
		}
	}
	a.Verdict = wording.Verdict{AsOf: a.AsOf.Time, Now: a.Now, Calendar: &a.Calendar, On: a.On, Known: known, Answer: a.Answer, Copied: wording.Copied(a.Record, &a.Profession)}
	return a, nil
}

// fill answers from the record.
func (a *License) fill(v view) (err error) {
	if a.Standing, err = v.standing(a.Record, a.On); err != nil {
		return err
	}
	a.Answer = wording.Authority(a.Standing)
	for _, o := range a.Standing.Orders {
		d, err := v.document(o.Commitment)
		if err != nil {
			return err
		}
		a.Orders = append(a.Orders, Order{o, d})
	}
	if a.Openings, err = v.openings(a.Record); err != nil {
		return err
	}
	if a.Name, err = v.text(license.OpeningName, a.Record.OpeningOn(license.OpeningName, a.On)); err != nil {
		return err
	}
	if err := a.factsOf(v); err != nil {
		return err
	}
	a.Copied, err = v.copied(a.ID, a.Record, a.Known)
	return err
}

// around reads what stands around a license, and says whether its profession is here.
func (r *Registry) around(s *ledger.State, id string) (a *License, profession bool, err error) {
	parts, err := license.ParseID(id)
	if err != nil {
		return nil, false, problem("bad-id", "%v.", err)
	}
	a = &License{ID: id, Parts: parts, AsOf: asOf(s), Now: r.legalNow(s)}
	around, profession, err := r.context(s, parts)
	if err == nil {
		a.Context = *around
	}
	return a, profession, err
}

// about reads what stands around a license, and finds it absent when it is.
func (r *Registry) about(s *ledger.State, id string) (*License, error) {
	a, profession, err := r.around(s, id)
	if err != nil {
		return nil, err
	}
	v, err := s.Value(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, a.absent(profession)
	}
	return a, nil
}

// read reads the context and says whether the profession is here.
func (c *Context) read(s *ledger.State, id license.ID) (profession bool, err error) {
	if _, err := s.Record(license.KindBoard, id.Board, &c.Board); err != nil {
		return false, err
	}
	if _, err := s.Record(license.KindCalendar, id.Board, &c.Calendar); err != nil {
		return false, err
	}
	return s.Record(license.KindProfession, id.ProfessionID(), &c.Profession)
}

// absent says what it means that the license is not there.
func (a *License) absent(profession bool) *Absent {
	x := &Absent{ID: a.ID, Code: "unknown-license", Parts: a.Parts, AsOf: a.AsOf, Known: profession, Board: a.Board, Profession: a.Profession}
	var answer string
	switch p := &a.Profession; {
	case !profession:
		x.Code, answer = "unknown-profession", wording.UnknownProfession
	case !license.FitsPattern(p.Pattern, a.Parts.Number):
		x.Code, answer = "number-pattern", wording.NotNumber(a.Parts.Number, p.Pattern)
	case p.Coverage == nil:
		answer = wording.Unknown
	default:
		answer = wording.Absent(a.Board.Name, p.Title, p.Coverage)
	}
	x.Verdict = wording.Verdict{AsOf: a.AsOf.Time, Now: a.Now, Calendar: &a.Calendar, Answer: answer}
	return x
}

// A view reads one state as the public may see it.
type view struct {
	*ledger.State
	context *Context
}

func (v view) standing(l *license.License, on license.Day) (s license.Standing, err error) {
	s = l.StandingOn(on, &v.context.Profession, func(h license.Hash) *license.OrderDocument {
		d, failed := v.document(h)
		if failed != nil {
			err = failed
		}
		return d
	})
	return s, err
}

// recordAt returns the license as known at an instant, without what is sealed
// now; nil when the network did not know it.
func (v view) recordAt(id string, known license.Instant) (*license.License, error) {
	if known == "" {
		l := new(license.License)
		_, err := v.Record(license.KindLicense, id, l)
		return l, err
	}
	es, err := v.Entries(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	return license.FoldLicense(withoutSealed(es), known), nil
}

func withoutSealed(es []license.Recorded) []license.Recorded {
	return license.WithoutOrders(es, license.SealedOrders(es))
}

// open returns an opening that the board shows to the public, or nil.
func (v view) open(kind string, h license.Hash) (*license.Opening, error) {
	if h == (license.Hash{}) || v.context.Board.AudienceOf(kind) != license.AudiencePublic {
		return nil, nil
	}
	return v.Opening(h)
}

func (v view) document(h license.Hash) (*license.OrderDocument, error) {
	o, err := v.open(license.OpeningOrder, h)
	if o == nil || err != nil {
		return nil, err
	}
	d, err := license.ParseOrderDocument(o.Bytes)
	return &d, err
}

// text writes an opening as people read it, "" when it is withheld.
func (v view) text(kind string, h license.Hash) (string, error) {
	o, err := v.open(kind, h)
	if o == nil || err != nil {
		return "", err
	}
	if kind != license.OpeningName {
		return string(o.Bytes), nil
	}
	n, err := license.ParseName(o.Bytes)
	return n.String(), err
}

func (v view) openings(l *license.License) (out []Opening, err error) {
	for _, d := range l.Openings {
		t, err := v.text(d.Kind, d.Commitment)
		if err != nil {
			return nil, err
		}
		out = append(out, Opening{Kind: d.Kind, From: d.From, Text: t, Withheld: t == ""})
	}
	return out, nil
}

// copied finds the newest row from which the license was copied, by known.
func (v view) copied(id string, l *license.License, known license.Instant) (*Copied, error) {
	if l.Source != license.SourceImport && v.context.Board.Source != license.SourceImport {
		return nil, nil
	}
	c := &Copied{Day: l.Copied, Decided: l.Decided}
	importer := v.context.Board.Member
	es, err := v.Entries(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	void := license.VoidedEntries(es)
	for _, e := range es {
		if e.Import != nil && e.Import.Day == l.Copied && !void[e.Hash] && (known == "" || e.Time <= known) {
			importer, c.Row = e.Import.Importer, e.Import.Row
		}
	}
	c.Importer, err = v.member(importer)
	return c, err
}

// member returns a member's name, or its id when it has left.
func (v view) member(id string) (string, error) {
	var set license.MemberSet
	if _, err := v.Record(license.KindMembers, "set", &set); err != nil {
		return "", err
	}
	if m := set.MemberByID(id); m != nil && m.Name != "" {
		return m.Name, nil
	}
	return id, nil
}
