package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"licet/internal/answer"
	"licet/internal/wording"
	"licet/license"
)

type licensePage struct {
	frame
	Verdict           verdictLine
	Name              string
	Profession, Board string
	BoardPath         string
	Number            string
	Copied            string // where it was copied from, in words
	Rests, RestsPath  string // of a privilege: the license of another board
	RestsApart        string
	OnPhrase          string // "on August 1, 2026"
	KnownPhrase       string
	Self              string
	On                license.Day
	Known             string // as the form field writes it
	KnownHint         string
	Facts             []labeled       // empty: not known then
	Waits             []string        // what contracts have still to do
	Automatic         []automaticText // what contracts did
	Orders            []orderText     // of the board itself
	Terms             []termText
	Grace             bool // some term has one
	NoTerms           string
	Openings          []openingText
	Made              []madeText // of what an organization is made
	MadeMissing       string     // no responsible person on the day
	MadeMore          bool       // more stand in the registry
	Claims            []claimText
	ClaimsMore        bool
	History           []historyText
	Proof             proofText
}

type labeled struct{ Label, Text string }

type termText struct{ From, Through, Grace string }

type openingText struct {
	Kind, From, Text string
	Withheld         bool
}

// madeText is a dated fact about an organization.
type madeText struct {
	Label, Sentence string
	Link, Number    string // the license that it names
	Holds           bool
}

// claimText is what somebody claims, which decides nothing.
type claimText struct{ Source, NPI, Claim string }

type orderText struct {
	Heading, State, Effect        string
	InForce, Withheld             bool
	Entity, Issued, Appeal, Words string
	Actions                       []string
	Bases                         string
}

type historyText struct {
	Recorded, Effective, Sentence, Carried, By string
	Struck                                     string // "voided" or "replaced"
	Confidential                               bool
	Rule                                       *ruleText // of what a contract did
}

// A proofText says where the bundle is and how to check it.
type proofText struct {
	Standing, File       string
	History, HistoryFile string
	Command              string
}

func (s *Site) license(r *http.Request) (*rendered, error) {
	id := r.PathValue("id")
	cal, err := s.Answers.Calendar(id)
	if err != nil {
		return nil, err
	}
	on, known, err := asked(r.URL.Query(), cal)
	if err != nil {
		return nil, err
	}
	l, h, err := s.Answers.LicenseAndHistory(id, on, known)
	var absent *answer.Absent
	if errors.As(err, &absent) {
		return s.absent(absent), nil
	}
	if err != nil {
		return nil, err
	}
	p := &licensePage{frame: s.frame(l.ID)}
	p.read(l.AsOf, &l.Calendar)
	p.about(l)
	p.history(l, h)
	if known == "" { // what was claimed then is not told
		if err := s.claims(r.Context(), p, l); err != nil {
			return nil, err
		}
	}
	p.Proof = s.proof(l.ID, r.URL.Query().Get("on"), known, true)
	return &rendered{"license.html", http.StatusOK, p}, nil
}

// asked reads the day and the instant of the form, in the board's local time.
func asked(v url.Values, cal *license.Calendar) (on license.Day, known license.Instant, err error) {
	if s := v.Get("on"); s != "" {
		if on, err = license.ParseDay(s); err != nil {
			return "", "", &answer.Problem{Code: "bad-on", Detail: "Standing on: " + err.Error() + "."}
		}
	}
	if s := v.Get("known"); s != "" {
		if known, err = wording.InstantAt(s, cal); err != nil {
			return "", "", &answer.Problem{Code: "bad-known", Detail: "As known at: " + err.Error() + "."}
		}
	}
	return on, known, nil
}

// classOf colors an answer; the words alone say it too.
func classOf(authority string) string {
	return map[string]string{license.MayPractice: "yes", license.MayWithLimits: "limits", license.MayNotPractice: "no", license.MayIsNotKnown: "unknown"}[authority]
}

func (p *licensePage) about(l *answer.License) {
	p.Verdict = lineOf(l.Verdict, classOf(l.Standing.Authority))
	p.Profession, p.Board, p.Number = l.Profession.Title, l.Board.Name, l.Parts.Number
	p.BoardPath = boardPath(l.Parts.Board)
	p.Self, p.On, p.OnPhrase = licensePath(l.ID), l.On, "on "+l.On.Long()
	p.KnownHint = "In UTC"
	if len(l.Calendar.Rows) > 0 {
		p.KnownHint = "In the board’s local time"
	}
	if l.Known != "" {
		p.Known = l.Calendar.Local(l.Known).Format("2006-01-02T15:04:05")
		p.KnownPhrase = wording.Moment(l.Known, &l.Calendar)
	}
	p.Name = l.Name
	if p.Name == "" {
		p.Name = "Name withheld"
	}
	if l.Record == nil {
		p.Name = p.Profession + " " + p.Number
		return
	}
	p.Title = p.titled(p.Name)
	p.copied(l.Copied)
	if p.Rests = l.Standing.Rests; p.Rests != "" {
		p.RestsPath, p.RestsApart = licensePath(p.Rests), capital(wording.RestsApart)
	}
	p.facts(l)
	p.made(l)
	p.automatic(l)
	for _, o := range l.Orders {
		if !byContract(l, o.ID) {
			p.Orders = append(p.Orders, orderOf(&o, &l.Profession))
		}
	}
}

// titled puts a name into the page's title, before what stands there.
func (p *licensePage) titled(name string) string {
	if t, ok := strings.CutPrefix(p.Title, "TEST: "); ok {
		return "TEST: " + name + ", " + t
	}
	return name + ", " + p.Title
}

func (p *licensePage) copied(c *answer.Copied) {
	switch {
	case c == nil:
	case c.Row == 0:
		p.Copied = "Copied from the board’s files by " + c.Importer + "."
	default:
		p.Copied = "Copied from a file of " + c.Day.Long() + " by " + c.Importer + " (row " + strconv.FormatInt(c.Row, 10) + ")."
	}
}

func (p *licensePage) facts(l *answer.License) {
	add := func(label, text string) {
		if text != "" {
			p.Facts = append(p.Facts, labeled{label, text})
		}
	}
	s, rec := &l.Standing, l.Record
	add("Status", s.Primary)
	stayed := slices.ContainsFunc(s.Orders, func(o license.OrderStanding) bool { return o.Stayed })
	add("Further status", wording.Further(s.Discipline, s.Secondary, stayed))
	add("Practice", capital(l.Answer))
	add("Registration", capital(wording.Registration(s.Discipline, s.Registration, s.Through)))
	switch {
	case s.Through != "":
		add("Term through", s.Through.Long())
	case s.Registration == license.RegistrationActive:
		add("Term", "No set end")
	}
	add("First issued", rec.Issued.Long())
	if wording.IsUndescribed(rec) {
		add("Described", capital(wording.Undescribed)+": neither its issue nor its terms are told.")
	}
	add("Obtained by", rec.Route)
	add("Number", l.Parts.Number)
	add("Profession", l.Profession.Title)
	add("Board", l.Board.Name)
	p.NoTerms = "None."
	if s.Registration == license.RegistrationNotTold {
		p.NoTerms = "The file from which this was copied tells of none."
	}
	for _, t := range rec.Terms {
		through := t.Through.Long()
		if through == "" {
			through = "no end was set"
		}
		p.Terms = append(p.Terms, termText{t.From.Long(), through, t.Grace.Long()})
		p.Grace = p.Grace || t.Grace != ""
	}
	for _, o := range l.Openings {
		p.Openings = append(p.Openings, openingText{kindWord(o.Kind), o.From.Long(), o.Text, o.Withheld})
	}
}

// made lists the dated facts, and says when nobody is responsible any more.
func (p *licensePage) made(l *answer.License) {
	for _, f := range l.Facts {
		t := madeText{Label: f.Label, Sentence: capital(f.Sentence) + ".", Holds: f.Holds}
		if id, err := license.ParseID(f.Party); err == nil && f.PartyName != "" {
			t.Link, t.Number = licensePath(f.Party), id.Number
		}
		p.Made = append(p.Made, t)
	}
	p.MadeMore = l.MoreFacts
	if l.Vacant {
		p.MadeMissing = "No responsible person " + p.OnPhrase + "."
	}
}

// claims lists what practitioners claim of a license of this state and number.
func (s *Site) claims(ctx context.Context, p *licensePage, l *answer.License) error {
	cs, more, err := s.Answers.LikelyClaims(ctx, l)
	for _, c := range cs {
		t := claimText{Source: c.SourceName + ", file of " + c.Day.Long(), NPI: c.NPI, Claim: c.State + " " + c.Number}
		if c.Taxonomy != "" {
			t.Claim += ", taxonomy " + c.Taxonomy
		}
		p.Claims = append(p.Claims, t)
	}
	p.ClaimsMore = more
	return err
}

func kindWord(kind string) string {
	if w := map[string]string{license.OpeningNPI: "NPI", license.OpeningZip: "ZIP code"}[kind]; w != "" {
		return w
	}
	return capital(kind)
}

func orderOf(o *answer.Order, p *license.Profession) orderText {
	t := orderText{Heading: "Order", State: stateOf(o), InForce: o.InForce, Withheld: o.Document == nil}
	switch o.Authority {
	case license.AuthorityBarred:
		t.Effect = "Bars practice "
	case license.AuthorityConditions:
		t.Effect = "Puts conditions on practice "
	default:
		t.Effect = "Does not limit practice; "
	}
	t.Effect += wording.Span(o.Start, o.End, "until lifted") + "."
	if d := o.Document; d != nil {
		if m := d.Main(); m != "" {
			t.Heading = license.Word(p, m)
		}
		t.Entity, t.Issued, t.Appeal, t.Words = d.Entity, d.Issued.Long(), d.Appeal.Long(), d.Text
		t.Bases = strings.Join(d.Bases, ", ")
		for _, a := range d.Actions {
			t.Actions = append(t.Actions, action(&a, p))
		}
	}
	return t
}

func stateOf(o *answer.Order) string {
	switch {
	case o.InForce:
		return "in force"
	case o.Stayed:
		return "stayed"
	}
	return "ended"
}

// action writes one thing that an order does: "PROBATION for 2 years, stayed: …".
func action(a *license.OrderAction, p *license.Profession) string {
	s := license.Word(p, a.Code)
	if a.Indefinite {
		s += ", indefinitely"
	}
	var span []string
	for _, u := range []struct {
		n    int64
		unit string
	}{{a.TermYears, "year"}, {a.TermMonths, "month"}, {a.TermDays, "day"}} {
		if u.n > 0 {
			span = append(span, wording.Count(int(u.n), u.unit))
		}
	}
	if len(span) > 0 {
		s += " for " + strings.Join(span, " and ")
	}
	if a.Stayed {
		s += ", stayed"
	}
	if a.Prejudicial {
		s += ", prejudicial"
	}
	if a.Terms != "" {
		s += ": " + a.Terms
	}
	return s
}

func (p *licensePage) history(l *answer.License, h *answer.History) {
	for _, e := range h.Entries {
		t := historyText{Sentence: e.Sentence, Confidential: e.Confidential}
		if !e.Confidential {
			t.Recorded, t.Effective = wording.Moment(e.Recorded, &l.Calendar), e.Effective.Long()
			t.Carried, t.By, t.Rule = e.Carried, strings.Join(e.By, "; "), ruleOf(e.Rule, l.ID)
		}
		switch {
		case e.Voided:
			t.Struck = "voided"
		case e.Replaced:
			t.Struck = "replaced"
		}
		p.History = append(p.History, t)
	}
}

// proof names the bundle and the command that checks it.
func (s *Site) proof(id, on string, known license.Instant, present bool) proofText {
	bundle := "/v1/bundles/license/" + url.PathEscape(id)
	p := proofText{Standing: bundle, File: fileName(id) + ".json"}
	check := p.File
	if present {
		p.History, p.HistoryFile = bundle+"?history=1", fileName(id)+".history.json"
	}
	var flags string
	if on != "" {
		flags += " --on " + on
	}
	if known != "" {
		flags += " --known " + string(known)
		check = p.HistoryFile
	}
	node := s.URL
	if node == "" {
		node = "https://A-MEMBER"
	}
	p.Command = "licet trust fetch --from " + node + " --from https://ANOTHER-MEMBER -o TRUST.txt\n" +
		"licet verify " + check + " --trust TRUST.txt" + flags
	return p
}

// fileName keeps of an id what every file system and shell takes.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, id)
}

type absentPage struct {
	frame
	Verdict verdictLine
	Heading string
	ID      string
	Advice  string
	Proof   proofText
}

// absent shows that there is no such license, and what that means.
func (s *Site) absent(a *answer.Absent) *rendered {
	p := &absentPage{Verdict: lineOf(a.Verdict, ""), ID: a.ID, Heading: "No such number", Advice: "Check the number’s digits and punctuation, or search below."}
	status := http.StatusNotFound
	switch {
	case a.Code == "number-pattern":
		status, p.Heading = http.StatusUnprocessableEntity, "Not a number of this profession"
	case a.Code == "unknown-profession":
		p.Heading, p.Advice = "Unknown", "This network holds nothing about such a board or profession, so it can say nothing about the license."
	case a.Profession.Coverage == nil:
		p.Heading, p.Advice = "Unknown", "The number is not here, but the board does not declare that all such licenses are. Ask the board."
	}
	p.frame = s.frame(p.Heading)
	p.Query = a.Parts.Number
	if a.Code != "unknown-profession" {
		p.Proof = s.proof(a.ID, "", "", false)
	}
	return &rendered{"absent.html", status, p}
}
