package api

import (
	"encoding/json"
	"net/http"

	"licet/internal/answer"
	"licet/internal/lookup"
	"licet/internal/wording"
	"licet/license"
	"licet/strict"
)

type itemBody struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`                  // "" withheld
	OtherNames []string    `json:"other_names,omitempty"` // former ones, the newest first; then names of business
	Board      string      `json:"board"`
	BoardName  string      `json:"board_name"`
	Profession string      `json:"profession"`
	Title      string      `json:"title"`
	Number     string      `json:"number"`
	Status     string      `json:"status"`
	Secondary  string      `json:"secondary,omitempty"`
	Discipline string      `json:"discipline,omitempty"`
	Authority  string      `json:"authority"`
	Through    license.Day `json:"through,omitempty"`
	City       string      `json:"city,omitempty"`
	NPI        string      `json:"npi,omitempty"`
	CopiedDay  license.Day `json:"copied_day,omitempty"` // of the newest file that it was copied from

	Undescribed bool   `json:"undescribed,omitempty"` // no file told of its issue or of a term
	Rests       string `json:"rests,omitempty"`       // of a privilege: on which license
	Automatic   bool   `json:"automatic,omitempty"`   // an order of a contract is in force
	Waits       bool   `json:"waits,omitempty"`       // contracts have still to do something about it
}

type searchBody struct {
	Items []itemBody  `json:"items"`
	Total int64       `json:"total"`
	More  bool        `json:"at_least,omitempty"` // there may be more than total
	Match string      `json:"match,omitempty"`    // "part", "near": no name is written as asked
	On    license.Day `json:"on,omitempty"`       // the day of all items; absent: each board's own, of the as-of
	Next  string      `json:"next,omitempty"`
	AsOf  answer.AsOf `json:"as_of"`
}

func (a *API) search(w http.ResponseWriter, r *http.Request) error {
	q, err := searchOf(r)
	if err != nil {
		return err
	}
	p, err := a.answers.Search(r.Context(), q)
	if err != nil {
		return err
	}
	b := searchBody{Items: []itemBody{}, Total: p.Total, More: p.AtLeast, Match: p.Match, On: p.On, Next: p.Next, AsOf: p.AsOf}
	for _, it := range p.Items {
		b.Items = append(b.Items, itemOf(&it))
	}
	return sendTaggedJSON(w, r, &b)
}

// searchParams are what a search may be asked by.
var searchParams = []string{"q", "number", "name", "npi", "profession", "jurisdiction", "status", "city", "on", "known", "limit", "cursor"}

func searchOf(r *http.Request) (q answer.Search, err error) {
	q.Any, q.Status = r.FormValue("q"), r.FormValue("status")
	q.Query = lookup.Query{
		Number: r.FormValue("number"), Name: r.FormValue("name"), NPI: r.FormValue("npi"), Profession: r.FormValue("profession"),
		Jurisdiction: r.FormValue("jurisdiction"), City: r.FormValue("city"), Cursor: r.FormValue("cursor"),
	}
	if q.Limit, err = queryNumber(r, "limit", lookup.LimitMax); err != nil {
		return q, err
	}
	if q.On, err = queryDay(r, "on"); err == nil {
		q.Known, err = queryInstant(r, "known")
	}
	return q, err
}

func itemOf(it *answer.Item) itemBody {
	b := itemBody{
		ID: it.ID, Name: it.Name, Board: it.Board, BoardName: it.BoardName, Profession: it.Board + "." + it.Profession,
		Title: it.Title, Number: it.Number, OtherNames: it.Others, NPI: it.NPI, Status: it.Standing.Primary, Secondary: it.Standing.Secondary,
		Discipline: it.Standing.Discipline, Authority: it.Standing.Authority, Through: it.Standing.Through, City: it.City, CopiedDay: it.CopiedDay, Undescribed: it.Undescribed,
		Rests: it.Standing.Rests, Automatic: it.Automatic, Waits: it.Waits,
	}
	if it.NotKnown {
		b.Status = it.Answer
	}
	return b
}

type orderBody struct {
	ID        string          `json:"id"`
	Authority string          `json:"authority"`
	Start     license.Day     `json:"start"`
	End       license.Day     `json:"end,omitempty"`
	InForce   bool            `json:"in_force"`
	Stayed    bool            `json:"stayed"`
	Action    string          `json:"action,omitempty"`
	Contract  string          `json:"contract,omitempty"` // that imposed it
	Document  json.RawMessage `json:"document,omitempty"` // exact opening bytes
}

type standingBody struct {
	Registration string      `json:"registration"`
	Discipline   string      `json:"discipline"`
	Authority    string      `json:"authority"`
	Primary      string      `json:"primary"`
	Secondary    string      `json:"secondary,omitempty"`
	Through      license.Day `json:"through,omitempty"`
	Rests        string      `json:"rests,omitempty"` // of a privilege: on which license
	Orders       []orderBody `json:"orders"`
}

type openingBody struct {
	Kind     string      `json:"kind"`
	From     license.Day `json:"from"`
	Text     string      `json:"text,omitempty"`
	Withheld bool        `json:"withheld,omitempty"`
}

// A factBody is a dated fact about an organization or another holder.
type factBody struct {
	ID        string      `json:"id"`
	Code      string      `json:"code"`
	Label     string      `json:"label"`
	Holds     bool        `json:"holds"` // on the day
	Day       license.Day `json:"day"`
	Through   license.Day `json:"through,omitempty"`
	Ended     license.Day `json:"ended,omitempty"`
	Number    int64       `json:"number,omitempty"`
	Party     string      `json:"party,omitempty"`
	PartyName string      `json:"party_name,omitempty"`
	Text      string      `json:"text,omitempty"`
	Withheld  bool        `json:"withheld,omitempty"`
	Sentence  string      `json:"sentence"`
}

func factOf(f *answer.Fact) factBody {
	return factBody{
		ID: f.ID, Code: f.Code, Label: f.Label, Holds: f.Holds, Day: f.Day, Through: f.Through, Ended: f.Ended, Number: f.Number,
		Party: f.Party, PartyName: f.PartyName, Text: f.Text, Withheld: f.Withheld, Sentence: f.Sentence,
	}
}

type copiedBody struct {
	Importer string      `json:"importer"`
	Row      int64       `json:"row,omitempty"`
	Day      license.Day `json:"day,omitempty"`
	Decided  bool        `json:"decided,omitempty"`
}

type boardBody struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Source string `json:"source,omitempty"`
}

type professionBody struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type licenseBody struct {
	ID             string          `json:"id"`
	AsOf           answer.AsOf     `json:"as_of"`
	On             license.Day     `json:"on"`
	Known          license.Instant `json:"known,omitempty"`
	KnownToNetwork bool            `json:"known_to_network"`
	Verdict        string          `json:"verdict"`
	Standing       *standingBody   `json:"standing,omitempty"`
	Record         json.RawMessage `json:"record,omitempty"`
	Name           string          `json:"name,omitempty"`
	Openings       []openingBody   `json:"openings"`
	Facts          []factBody      `json:"facts"`
	MoreFacts      bool            `json:"more_facts,omitempty"` // stand in the registry than are listed
	Claims         []likelyBody    `json:"claims,omitempty"`     // of practitioners, which decide nothing
	MoreClaims     bool            `json:"more_claims,omitempty"`
	Vacant         bool            `json:"vacant,omitempty"` // had a responsible person, and has none on the day
	Board          boardBody       `json:"board"`
	Profession     professionBody  `json:"profession"`
	Copied         bool            `json:"copied"`
	CopiedFrom     *copiedBody     `json:"copied_from,omitempty"`
	Automatic      []automaticBody `json:"automatic,omitempty"`   // what contracts did that counts on the day
	Waits          []string        `json:"waits,omitempty"`       // what contracts have still to do
	Undescribed    bool            `json:"undescribed,omitempty"` // no file told of its issue or of a term
}

func (a *API) license(w http.ResponseWriter, r *http.Request) error {
	on, err := queryDay(r, "on")
	if err != nil {
		return err
	}
	known, err := queryInstant(r, "known")
	if err != nil {
		return err
	}
	l, err := a.answers.License(r.PathValue("id"), on, known)
	if err != nil {
		return err
	}
	b := licenseBody{
		ID: l.ID, AsOf: l.AsOf, On: l.On, Known: l.Known, KnownToNetwork: l.Record != nil, Verdict: l.Verdict.String(),
		Name: l.Name, Openings: []openingBody{}, Facts: []factBody{}, Copied: l.Copied != nil, Undescribed: wording.IsUndescribed(l.Record),
		Board:      boardBody{l.Parts.Board, l.Board.Name, l.Board.Source},
		Profession: professionBody{l.Parts.ProfessionID(), l.Profession.Title},
	}
	if l.Record != nil {
		b.Record, b.Standing = strict.Encode(l.Record), standingOf(l)
	}
	for _, o := range l.Openings {
		b.Openings = append(b.Openings, openingBody(o))
	}
	b.Vacant, b.MoreFacts = l.Vacant, l.MoreFacts
	b.Automatic, b.Waits = automaticOf(l), l.Waits
	for i := range l.Facts {
		b.Facts = append(b.Facts, factOf(&l.Facts[i]))
	}
	if c := l.Copied; c != nil {
		b.CopiedFrom = &copiedBody{c.Importer, c.Row, c.Day, c.Decided}
	}
	if known == "" { // what was claimed then is not told
		if err := a.likelyClaims(r.Context(), l, &b); err != nil {
			return err
		}
	}
	return sendTaggedJSON(w, r, &b)
}

func standingOf(l *answer.License) *standingBody {
	s := &l.Standing
	b := &standingBody{
		Registration: s.Registration, Discipline: s.Discipline, Authority: s.Authority, Primary: s.Primary,
		Secondary: s.Secondary, Through: s.Through, Rests: s.Rests, Orders: []orderBody{},
	}
	for _, o := range l.Orders {
		ob := orderBody{
			ID: o.ID, Authority: o.Authority, Start: o.Start, End: o.End,
			InForce: o.InForce, Stayed: o.Stayed, Action: o.Action, Contract: o.Contract,
		}
		if o.Document != nil {
			ob.Document = strict.Encode(o.Document)
		}
		b.Orders = append(b.Orders, ob)
	}
	return b
}

type historyBody struct {
	ID      string             `json:"id"`
	AsOf    answer.AsOf        `json:"as_of"`
	Known   license.Instant    `json:"known,omitempty"`
	Entries []historyEntryBody `json:"entries"`
}

// A confidential entry has none of the particulars.
type historyEntryBody struct {
	Index        *int64          `json:"index,omitempty"`
	Hash         string          `json:"hash,omitempty"`
	Recorded     license.Instant `json:"recorded,omitempty"`
	Effective    license.Day     `json:"effective,omitempty"`
	Act          string          `json:"act,omitempty"`
	Sentence     string          `json:"sentence"`
	By           []string        `json:"by,omitempty"`
	Carried      string          `json:"carried,omitempty"`
	Voided       bool            `json:"voided"`
	Replaced     bool            `json:"replaced"`
	Confidential bool            `json:"confidential"`
	Rule         *ruleBody       `json:"rule,omitempty"` // of what a contract did
}

func (a *API) history(w http.ResponseWriter, r *http.Request) error {
	known, err := queryInstant(r, "known")
	if err != nil {
		return err
	}
	h, err := a.answers.History(r.PathValue("id"), known)
	if err != nil {
		return err
	}
	b := historyBody{ID: h.ID, AsOf: h.AsOf, Known: h.Known, Entries: []historyEntryBody{}}
	for _, e := range h.Entries {
		eb := historyEntryBody{
			Recorded: e.Recorded, Effective: e.Effective, Act: e.Act, Sentence: e.Sentence, By: e.By, Carried: e.Carried,
			Voided: e.Voided, Replaced: e.Replaced, Confidential: e.Confidential, Rule: ruleOf(e.Rule),
		}
		if !e.Confidential {
			eb.Index, eb.Hash = &e.Index, e.Hash.String()
		}
		b.Entries = append(b.Entries, eb)
	}
	return sendTaggedJSON(w, r, &b)
}
