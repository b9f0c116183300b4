package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"licet/internal/wording"
	"licet/license"
)

type licenseShowCmd struct {
	licenseArg
	On    day     `help:"Day that is asked about. Absent: the board's legal day." placeholder:"DAY"`
	Known instant `help:"As known at this time, such as 2026-05-04T17:00:00Z. Absent: as known now." placeholder:"INSTANT"`
	Rules bool    `help:"Of what contracts did, also where each rule stands, its contract's hash, and what made it run."`
}

// An answer is what a node says about a license.
type answer struct {
	ID       string          `json:"id"`
	AsOf     asOf            `json:"as_of"`
	On       string          `json:"on"`
	Known    license.Instant `json:"known"`
	KnownTo  *bool           `json:"known_to_network"`
	Verdict  string          `json:"verdict"`
	Standing standing        `json:"standing"`
	Name     string          `json:"name"`
	Board    struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"board"`
	Profession struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	} `json:"profession"`
	Openings []struct {
		Kind string `json:"kind"`
		From string `json:"from"`
		Text string `json:"text"`
	} `json:"openings"`
	Facts []struct {
		Label    string `json:"label"`
		Holds    bool   `json:"holds"`
		Sentence string `json:"sentence"`
	} `json:"facts"`
	MoreFacts  bool          `json:"more_facts"`
	Claims     []likelyClaim `json:"claims"`
	MoreClaims bool          `json:"more_claims"`
	Vacant     bool          `json:"vacant"`
	Copied     bool          `json:"copied"`
	CopiedFrom struct {
		Importer string      `json:"importer"`
		Day      license.Day `json:"day"`
	} `json:"copied_from"`
	Undescribed bool             `json:"undescribed"`
	Automatic   []automaticShown `json:"automatic"`
	Waits       []string         `json:"waits"`
}

// asOf says what an answer rests on.
type asOf struct {
	Block int64           `json:"block"`
	Time  license.Instant `json:"time"`
	Index int64           `json:"index"`
}

type standing struct {
	Registration string       `json:"registration"`
	Discipline   string       `json:"discipline"`
	Authority    string       `json:"authority"`
	Primary      string       `json:"primary"`
	Secondary    string       `json:"secondary"`
	Through      string       `json:"through"`
	Rests        string       `json:"rests"`
	Orders       []orderShown `json:"orders"`
}

type orderShown struct {
	ID        string `json:"id"`
	Authority string `json:"authority"`
	Start     string `json:"start"`
	End       string `json:"end"`
	InForce   bool   `json:"in_force"`
	Stayed    bool   `json:"stayed"`
	Action    string `json:"action"`
	Contract  string `json:"contract"`
}

// Run shows a license.
func (c licenseShowCmd) Run(e *env) error {
	if _, err := c.board(); err != nil {
		return err
	}
	q := url.Values{}
	if c.On != "" {
		q.Set("on", string(c.On))
	}
	if c.Known != "" {
		q.Set("known", string(c.Known))
	}
	b, err := e.get("/v1/licenses/" + idPath(c.License) + query(q))
	if err != nil {
		return e.absence(c.License, err)
	}
	if e.JSON {
		e.printf("%s\n", strings.TrimSpace(string(b)))
		return nil
	}
	var a answer
	if err := json.Unmarshal(b, &a); err != nil {
		return err
	}
	cal, err := e.calendar(c.License)
	if err != nil {
		return err
	}
	a.print(e, cal, c.Rules)
	return nil
}

// calendar is that of the board of a license; nil, and so UTC, when it has none.
func (e *env) calendar(id string) (*license.Calendar, error) {
	c := new(license.Calendar)
	ok, err := e.record(license.KindCalendar, license.BoardOf(license.KindLicense, id), c)
	if !ok {
		c = nil
	}
	return c, err
}

// absence prints a node's answer that there is no such license: an answer with its
// as-of, and no failure of the program's. Other errors are returned as they are.
func (e *env) absence(id string, err error) error {
	var p *problem
	if e.JSON || !errors.As(err, &p) || !slices.Contains([]string{"unknown-license", "unknown-profession", "number-pattern"}, p.Code) {
		return err
	}
	e.printf("%s\n%s\n", p.Detail, id)
	return errSaid
}

func query(q url.Values) string {
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (a *answer) print(e *env, cal *license.Calendar, rules bool) {
	line := func(label, text string) {
		if text != "" {
			e.printf("%-13s %s\n", label+":", text)
		}
	}
	name := a.Name
	if name == "" {
		name = "(name withheld)"
	}
	if a.Verdict != "" {
		e.printf("%s\n", a.Verdict)
	}
	e.printf("%s  %s\n", a.ID, shown(name))
	line("License", a.Profession.Title)
	line("Board", a.Board.Name)
	if a.KnownTo != nil && !*a.KnownTo {
		e.printf("Not known to this network then.\n")
	} else {
		s := &a.Standing
		stayed := slices.ContainsFunc(s.Orders, func(o orderShown) bool { return o.Stayed })
		line("Status", statusLine(s.Primary, wording.Further(s.Discipline, s.Secondary, stayed)))
		line("Practice", authorityWords[s.Authority])
		line("Registration", wording.Registration(s.Discipline, s.Registration, license.Day(s.Through)))
		line("Term", termLine(s.Registration, s.Through))
		if s.Rests != "" {
			line("Privilege", "rests on license "+s.Rests+"; "+wording.RestsApart)
		}
		if a.Undescribed {
			line("Described", wording.Undescribed+": neither its issue nor its terms are told")
		}
		a.printOrders(e)
		a.printAutomatic(e, rules)
	}
	a.printFacts(e)
	a.printClaims(e)
	line("On", a.On)
	line("Known at", wording.Moment(a.Known, cal))
	line("Source", a.source())
	line("Block", fmt.Sprintf("%d, %s", a.AsOf.Block, wording.Moment(a.AsOf.Time, cal)))
}

// source says, of what was copied, from where: the answer is no newer than its file.
func (a *answer) source() string {
	if !a.Copied {
		return ""
	}
	s := "copied from a file"
	if a.CopiedFrom.Day != "" {
		s += " of " + a.CopiedFrom.Day.Long()
	}
	if a.CopiedFrom.Importer != "" {
		s += " by " + a.CopiedFrom.Importer
	}
	return s + "; the board has not signed it"
}

var authorityWords = map[string]string{
	license.MayPractice:    "may practice",
	license.MayWithLimits:  "may practice with conditions",
	license.MayNotPractice: "may not practice",
	license.MayIsNotKnown:  "not known to this network",
}

func statusLine(first, further string) string {
	if further == "" {
		return first
	}
	return first + "; " + further
}

// termLine says how long the term runs; one without end is said too.
func termLine(registration, through string) string {
	switch {
	case through != "":
		return "through " + through
	case registration == license.RegistrationActive:
		return "no set end"
	}
	return ""
}

func (a *answer) printOrders(e *env) {
	for _, o := range a.Standing.Orders {
		state := "ended"
		switch {
		case o.Stayed:
			state = "stayed"
		case o.InForce:
			state = "in force"
		}
		what := o.Action
		if what == "" {
			what = "order"
		}
		span := "from " + o.Start
		if o.End != "" {
			span += " through " + o.End
		}
		if o.Contract != "" {
			what += " by contract " + shown(o.Contract)
		}
		e.printf("%-13s %s %s, %s (%.8s)\n", "Order:", what, span, state, o.ID)
	}
}

// printFacts prints of what an organization is made, what holds no longer too.
func (a *answer) printFacts(e *env) {
	for _, f := range a.Facts {
		note := ""
		if !f.Holds {
			note = " [not on this day]"
		}
		e.printf("%s: %s%s\n", f.Label, printable([]byte(f.Sentence)), note)
	}
	if a.MoreFacts {
		e.printf("More facts stand in the registry than are shown here.\n")
	}
	if a.Vacant {
		e.printf("No responsible person on this day.\n")
	}
}

type licenseHistoryCmd struct {
	licenseArg
	Known instant `help:"As known at this time. Absent: as known now." placeholder:"INSTANT"`
	Rules bool    `help:"Of what contracts did, also where each rule stands, its contract's hash, and what made it run."`
}

type history struct {
	ID      string         `json:"id"`
	Entries []historyEntry `json:"entries"`
}

type historyEntry struct {
	Index        int64           `json:"index"`
	Hash         license.Hash    `json:"hash"`
	Recorded     license.Instant `json:"recorded"`
	Effective    string          `json:"effective"`
	Act          string          `json:"act"`
	Sentence     string          `json:"sentence"`
	Carried      string          `json:"carried"`
	Voided       bool            `json:"voided"`
	Replaced     bool            `json:"replaced"`
	Confidential bool            `json:"confidential"`
	Rule         *ruleShown      `json:"rule"`
}

func (e *env) historyBytes(id string, known instant) ([]byte, error) {
	q := url.Values{}
	if known != "" {
		q.Set("known", string(known))
	}
	return e.get("/v1/licenses/" + idPath(id) + "/history" + query(q))
}

func (e *env) history(id string, known instant) (h history, err error) {
	if _, err := license.ParseID(id); err != nil {
		return h, usage("%w", err)
	}
	b, err := e.historyBytes(id, known)
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal(b, &h)
}

// Run shows every entry about a license.
func (c licenseHistoryCmd) Run(e *env) error {
	if _, err := c.board(); err != nil {
		return err
	}
	if e.JSON {
		b, err := e.historyBytes(c.License, c.Known)
		if err == nil {
			e.printf("%s\n", strings.TrimSpace(string(b)))
		}
		return err
	}
	h, err := e.history(c.License, c.Known)
	if err != nil {
		return e.absence(c.License, err)
	}
	cal, err := e.calendar(c.License)
	if err != nil {
		return err
	}
	for _, en := range h.Entries {
		note := ""
		switch {
		case en.Voided:
			note = " [voided]"
		case en.Replaced:
			note = " [corrected]"
		}
		if en.Confidential {
			e.printf("        %s\n", en.text())
			continue
		}
		e.printf("%6d  %s  effective %s  %s%s\n", en.Index, wording.Moment(en.Recorded, cal), en.Effective, en.text(), note)
		e.printf("        %s; to ask what was known then: --known %s\n", en.Carried, en.Recorded)
		if en.Rule != nil && c.Rules {
			en.Rule.print(e, "        ")
		}
	}
	return nil
}

func (en *historyEntry) text() string {
	switch {
	case en.Sentence != "":
		return en.Sentence
	case en.Confidential:
		return "Confidential entry."
	}
	return en.Act
}
