package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"licet/internal/answer"
	"licet/internal/wording"
	"licet/license"
)

func boardPath(id string) string { return "/boards/" + url.PathEscape(id) }

// A failingText says that a contract fails for a board.
type failingText struct {
	Heading, Link string // whom or what it fails for
	Sentence      string
	Suspended     bool
}

// failingOf returns nil where a contract does not fail for a board.
func failingOf(a *answer.Adopter, heading string) *failingText {
	if a.Fault == nil {
		return nil
	}
	return &failingText{Heading: heading, Sentence: a.Fault.Sentence, Suspended: a.Fault.Suspended}
}

// callsText is what contracts have still to do.
type callsText struct {
	Held    []heldText
	Mend    []mendText // how boards mend what failed, each contract of a board once
	More    bool
	Waiting []string
}

type heldText struct {
	License, Link          string
	Contract, ContractLink string
	Why, Sentence, Retry   string
}

// A mendText is what a board does. Where the edition that failed is in force no longer, it
// only asks again.
type mendText struct {
	Contract, Board string
	Mended          bool
}

func callsOf(c *answer.Calls, now []answer.Adopter) (t callsText) {
	t.More = c.More
	mended := func(x *answer.HeldCall) bool {
		return !slices.ContainsFunc(now, func(a answer.Adopter) bool {
			return a.Contract == x.Contract && a.Board == x.Board && (a.Hash == x.Cause.Hash || a.Fault != nil)
		})
	}
	for i := range c.Held {
		x := &c.Held[i]
		t.Held = append(t.Held, heldText{
			License: x.About, Link: licensePath(x.About), Contract: x.Contract, ContractLink: contractPath(x.Contract),
			Why: capital(x.Why), Sentence: x.Sentence, Retry: x.Retry,
		})
		if m := (mendText{x.Contract, x.Board, mended(x)}); !slices.Contains(t.Mend, m) {
			t.Mend = append(t.Mend, m)
		}
	}
	return t
}

type boardPage struct {
	frame
	Name, ID    string
	Professions []answer.Profession
	Contracts   []boardContract
	Failing     []failingText
	Calls       callsText
	Recoveries  []recoveryText
	Notices     []noticeText
	More        bool // more notices stand in the registry
}

type boardContract struct {
	Name, Title, Link       string
	Edition, Since, Present string
	Aside                   string
}

// A recoveryText says whom the board's root wants to give another key.
type recoveryText struct{ Officer, From, Key, Roles string }

type noticeText struct {
	Day, License, Link     string
	Words, Citation        string
	Contract, ContractLink string
}

// board shows what a board licenses, which contracts run for it, what of them failed, and
// what they want it to be told.
func (s *Site) board(r *http.Request) (*rendered, error) {
	id := r.PathValue("board")
	as, titles, at, err := s.Answers.BoardContracts(id)
	var ap *answer.Problem
	if errors.As(err, &ap) && ap.Code == "unknown-board" {
		p := &problemPage{frame: s.frame("No such board"), Heading: "No such board", Detail: ap.Detail}
		return &rendered{"problem.html", http.StatusNotFound, p}, nil
	}
	if err != nil {
		return nil, err
	}
	b, err := s.Answers.Board(id)
	if err != nil {
		return nil, err
	}
	p := &boardPage{frame: s.frame(b.Name), Name: b.Name, ID: id}
	p.read(at, nil)
	for i := range as {
		p.contract(&as[i], titles[i])
	}
	ps, err := s.professions()
	if err != nil {
		return nil, err
	}
	for _, x := range ps {
		if license.BoardOf(license.KindProfession, x.ID) == id {
			p.Professions = append(p.Professions, x)
		}
	}
	rs, err := s.Answers.Recoveries(id)
	if err != nil {
		return nil, err
	}
	for _, x := range rs {
		p.Recoveries = append(p.Recoveries, recoveryText{x.Officer, wording.Moment(x.From, nil), x.Key, strings.Join(x.Roles, ", ")})
	}
	calls, err := s.Answers.Calls(id, "")
	if err != nil {
		return nil, err
	}
	p.Calls = callsOf(calls, as)
	return &rendered{"board.html", http.StatusOK, p}, p.waiting(calls.Waiting[id], s, id)
}

func (p *boardPage) contract(a *answer.Adopter, title string) {
	x := boardContract{Name: a.Contract, Title: title, Link: contractPath(a.Contract), Edition: edition(a.Version, a.Amendment), Since: a.Since.Long()}
	if a.Present != a.Since {
		x.Present = a.Present.Long()
	}
	switch {
	case a.Retired:
		x.Aside = "Its boards retired it: it runs no more."
	case a.Retire:
		x.Aside = "The board wants it to end for all."
	}
	p.Contracts = append(p.Contracts, x)
	if f := failingOf(a, "Contract "+a.Contract); f != nil {
		f.Link = x.Link
		p.Failing = append(p.Failing, *f)
	}
}

// waiting fills what comes by itself, and what the board is to be told.
func (p *boardPage) waiting(w answer.Waiting, s *Site, id string) error {
	p.Calls.Waiting = w.Words()
	n, err := s.Answers.Notices(id, "")
	if err != nil {
		return err
	}
	p.More = n.Next != ""
	slices.SortStableFunc(n.Items, func(a, b answer.Notice) int { return strings.Compare(string(b.Day), string(a.Day)) })
	for _, x := range n.Items {
		t := noticeText{
			Day: x.Day.Long(), License: x.License, Link: licensePath(x.License), Words: x.Words, Citation: x.Citation,
			Contract: x.Contract, ContractLink: contractPath(x.Contract),
		}
		if t.Words == "" {
			t.Words = x.Code
		}
		p.Notices = append(p.Notices, t)
	}
	return nil
}
