package api

import (
	"net/http"

	"licet/internal/answer"
	"licet/internal/pack"
	"licet/internal/wording"
	"licet/license"
)

// An adopterBody is what a contract is to a board.
type adopterBody struct {
	Contract  string      `json:"contract,omitempty"`
	Title     string      `json:"title,omitempty"`
	Board     string      `json:"board"`
	BoardName string      `json:"board_name"`
	Role      string      `json:"role"`
	Since     license.Day `json:"since"`
	Present   license.Day `json:"edition_since"` // of the edition in force
	Version   int64       `json:"version"`
	Amendment int64       `json:"amendment,omitempty"`
	Hash      string      `json:"hash"`
	Signed    string      `json:"signed"` // another one than hash where other boards amended it for all
	Retire    bool        `json:"retire,omitempty"`
	Retired   bool        `json:"retired,omitempty"`
	Fault     *faultBody  `json:"fault,omitempty"` // its newest calls failed
}

// A faultBody says how a contract fails for a board.
type faultBody struct {
	Faults    int64           `json:"faults"` // in a row
	Suspended bool            `json:"suspended,omitempty"`
	Since     license.Instant `json:"since"` // of the first of the row
	At        license.Instant `json:"at"`    // of the newest one, as all that follows
	Code      string          `json:"code"`
	Function  string          `json:"function,omitempty"`
	Line      int64           `json:"line,omitempty"`
	Citation  string          `json:"citation,omitempty"`
	License   string          `json:"license,omitempty"`
	Call      string          `json:"call,omitempty"` // that is held
	Retry     string          `json:"retry,omitempty"`
	Sentence  string          `json:"sentence"`
}

func faultBodyOf(a *answer.Adopter) *faultBody {
	f := a.Fault
	if f == nil {
		return nil
	}
	b := &faultBody{
		Faults: f.Faults, Suspended: f.Suspended, Since: f.Since, At: f.At, Code: f.Code, Function: f.Cause.Function, Line: f.Cause.Line,
		Citation: f.Cause.Citation, License: f.License, Call: f.Call, Sentence: f.Sentence,
	}
	if f.Call != "" {
		b.Retry = wording.RetryCommand(a.Contract, a.Board, f.Call)
	}
	return b
}

func adopterOf(a *answer.Adopter) adopterBody {
	return adopterBody{
		Board: a.Board, BoardName: a.BoardName, Role: a.Role, Since: a.Since, Present: a.Present, Version: a.Version, Amendment: a.Amendment,
		Hash: a.Hash.String(), Signed: a.Signed.String(), Retire: a.Retire, Retired: a.Retired,
		Fault: faultBodyOf(a),
	}
}

type textBody struct {
	Part string `json:"part"`
	Name string `json:"name,omitempty"`
	Hash string `json:"hash"`
}

type editionBody struct {
	Version   int64      `json:"version"`
	Amendment int64      `json:"amendment,omitempty"`
	Hash      string     `json:"hash"`
	Title     string     `json:"title"`
	Of        int64      `json:"of,omitempty"`
	Among     int64      `json:"among,omitempty"`
	Boards    []string   `json:"boards"`
	Signed    []string   `json:"signed,omitempty"`
	Texts     []textBody `json:"texts"` // the manifest first
}

// A deedBody says how many changes a contract made to licenses of a board in a month.
type deedBody struct {
	Board   string `json:"board"`
	Month   string `json:"month"`
	Changes int64  `json:"changes"`
}

type contractBody struct {
	Contract string        `json:"contract"`
	Title    string        `json:"title"`
	Newest   string        `json:"newest"` // in force for somebody, if any edition is
	Retired  bool          `json:"retired,omitempty"`
	Boards   []adopterBody `json:"boards"`
	Editions []editionBody `json:"editions,omitempty"`
	Changes  []deedBody    `json:"changes,omitempty"` // how many, by board and month
	AsOf     *answer.AsOf  `json:"as_of,omitempty"`
}

func contractOf(c *answer.Contract) contractBody {
	b := contractBody{Contract: c.Name, Retired: c.Retired, Boards: []adopterBody{}}
	if e := c.Newest(); e != nil {
		b.Title, b.Newest = e.Title, e.Hash.String()
	}
	for i := range c.Boards {
		b.Boards = append(b.Boards, adopterOf(&c.Boards[i]))
	}
	return b
}

func editionOf(e *answer.Edition) editionBody {
	b := editionBody{
		Version: e.Version, Amendment: e.Amendment, Hash: e.Hash.String(), Title: e.Title, Of: e.Of, Among: e.Among,
		Boards: e.Boards, Signed: e.Signed,
	}
	if b.Boards == nil {
		b.Boards = []string{}
	}
	for _, t := range e.Texts {
		b.Texts = append(b.Texts, textBody{t.Part, t.Name, t.Hash.String()})
	}
	return b
}

type contractsBody struct {
	Items []contractBody `json:"items"`
	Next  string         `json:"next,omitempty"`
	AsOf  answer.AsOf    `json:"as_of"`
}

// contracts answers which contracts boards of the network adopted, part by part.
func (a *API) contracts(w http.ResponseWriter, r *http.Request) error {
	cs, next, at, err := a.answers.Contracts(r.FormValue("after"))
	if err != nil {
		return err
	}
	b := contractsBody{Items: []contractBody{}, Next: next, AsOf: at}
	for i := range cs {
		b.Items = append(b.Items, contractOf(&cs[i]))
	}
	return sendTaggedJSON(w, r, &b)
}

// contract answers about one contract, with its editions.
func (a *API) contract(w http.ResponseWriter, r *http.Request) error {
	c, err := a.answers.Contract(r.PathValue("name"))
	if err != nil {
		return err
	}
	b := contractOf(c)
	b.AsOf = &c.AsOf
	for i := range c.Editions {
		b.Editions = append(b.Editions, editionOf(&c.Editions[i]))
	}
	ds, err := a.answers.Deeds(r.Context(), c.Name)
	if err != nil {
		return err
	}
	for _, d := range ds {
		b.Changes = append(b.Changes, deedBody{d.Board, d.Month, d.Changes})
	}
	return sendTaggedJSON(w, r, &b)
}

// contractText serves a text byte for byte: its SHA-256 is the hash by which it is asked for.
func (a *API) contractText(w http.ResponseWriter, r *http.Request) error {
	h, err := pathHash(r, "hash")
	if err != nil {
		return err
	}
	t, err := a.answers.ContractText(r.PathValue("name"), h)
	if err != nil {
		return err
	}
	kind := plainText
	if t.Part == pack.PartManifest || t.Part == pack.PartParameters {
		kind = "application/json"
	}
	return sendForever(w, r, kind, t.Bytes)
}

type boardContractsBody struct {
	Items []adopterBody `json:"items"`
	AsOf  answer.AsOf   `json:"as_of"`
}

// boardContracts answers which contracts are in force for a board, in the order in which
// they run.
func (a *API) boardContracts(w http.ResponseWriter, r *http.Request) error {
	as, titles, at, err := a.answers.BoardContracts(r.PathValue("id"))
	if err != nil {
		return err
	}
	b := boardContractsBody{Items: []adopterBody{}, AsOf: at}
	for i := range as {
		x := adopterOf(&as[i])
		x.Contract, x.Title = as[i].Contract, titles[i]
		b.Items = append(b.Items, x)
	}
	return sendTaggedJSON(w, r, &b)
}

// A callBody is a call of a contract that failed and is held.
type callBody struct {
	Call     string          `json:"call"`
	Contract string          `json:"contract"`
	License  string          `json:"license"`
	Function string          `json:"function"`
	Line     int64           `json:"line,omitempty"`
	Citation string          `json:"citation,omitempty"`
	At       license.Instant `json:"at,omitempty"` // when it failed
	Code     string          `json:"code,omitempty"`
	Why      string          `json:"why,omitempty"` // it was called
	Sentence string          `json:"sentence"`
	Retry    string          `json:"retry"`
}

type callsBody struct {
	Held    []callBody  `json:"held"`
	More    bool        `json:"more,omitempty"`
	Waiting int64       `json:"waiting"` // calls that come by themselves
	Days    *daysBody   `json:"days,omitempty"`
	AsOf    answer.AsOf `json:"as_of"`
}

type daysBody struct {
	Day   license.Day `json:"day"`
	After string      `json:"after,omitempty"`
}

// calls answers what contracts have still to do for a board: what failed, and what waits.
func (a *API) calls(w http.ResponseWriter, r *http.Request) error {
	board := r.PathValue("id")
	c, err := a.answers.Calls(board, r.FormValue("contract"))
	if err != nil {
		return err
	}
	b := callsBody{Held: []callBody{}, More: c.More, Waiting: c.Waiting[board].Calls, AsOf: c.AsOf}
	if d := c.Waiting[board].Days; d != nil {
		b.Days = &daysBody{d.Day, d.After}
	}
	for i := range c.Held {
		x := &c.Held[i]
		b.Held = append(b.Held, callBody{
			x.ID, x.Contract, x.About, x.Function, x.Cause.Line, x.Cause.Citation, x.At, x.Code, x.Why, x.Sentence, x.Retry,
		})
	}
	return sendTaggedJSON(w, r, &b)
}
