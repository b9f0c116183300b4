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
	Faults    int64  `json:"faults"` // in a row
	Suspended bool   `json:"suspended,omitempty"`
	Code      string `json:"code"`           // of the newest one
	Call      string `json:"call,omitempty"` // that is held
	Sentence  string `json:"sentence"`
}

func faultBodyOf(f *license.Fault) *faultBody {
	if f == nil {
		return nil
	}
	return &faultBody{f.Faults, f.Suspended, f.Code, f.Call, wording.Failing(f)}
}

func adopterOf(a *answer.Adopter) adopterBody {
	return adopterBody{
		Board: a.Board, BoardName: a.BoardName, Role: a.Role, Since: a.Since, Version: a.Version, Amendment: a.Amendment,
		Hash: a.Hash.String(), Signed: a.Signed.String(), Retire: a.Retire, Retired: a.Retired,
		Fault: faultBodyOf(a.Fault),
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

type contractBody struct {
	Contract string        `json:"contract"`
	Title    string        `json:"title"`
	Newest   string        `json:"newest"` // in force for somebody, if any edition is
	Retired  bool          `json:"retired,omitempty"`
	Boards   []adopterBody `json:"boards"`
	Editions []editionBody `json:"editions,omitempty"`
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
