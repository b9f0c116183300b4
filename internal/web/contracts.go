package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"licet/internal/answer"
	"licet/internal/pack"
	"licet/license"
)

type contractsPage struct {
	frame
	Contracts []contractLine
	Next      string
}

// A contractLine is a contract in the list.
type contractLine struct {
	Name, Title, Link, Boards string
	Fails                     string // for whom
}

// contracts lists what boards of the network adopted.
func (s *Site) contracts(r *http.Request) (*rendered, error) {
	cs, next, at, err := s.Answers.Contracts(r.FormValue("after"))
	if err != nil {
		return nil, err
	}
	p := &contractsPage{frame: s.frame("Contracts")}
	p.read(at, nil)
	for i := range cs {
		c := &cs[i]
		l := contractLine{Name: c.Name, Link: contractPath(c.Name), Boards: "nobody"}
		if e := c.Newest(); e != nil {
			l.Title = e.Title
		}
		var names, fails []string
		for _, b := range c.Boards {
			names = append(names, b.BoardName)
			if b.Fault != nil {
				fails = append(fails, b.BoardName)
			}
		}
		l.Fails = strings.Join(fails, ", ")
		switch {
		case c.Retired:
			l.Boards = "nobody; its boards retired it"
		case len(names) > 0:
			l.Boards = strings.Join(names, ", ")
		}
		p.Contracts = append(p.Contracts, l)
	}
	if next != "" {
		p.Next = "/contracts?after=" + url.QueryEscape(next)
	}
	return &rendered{"contracts.html", http.StatusOK, p}, nil
}

func contractPath(name string) string { return "/contracts/" + url.PathEscape(name) }

type contractPage struct {
	frame
	Heading   string
	Name      string
	Edition   string // version 2, amendment 1
	Hash      string
	Retired   bool
	Older     bool // this edition is not the newest in force
	Self      string
	Boards    []adopterText
	Failing   []failingText
	Calls     callsText
	Months    *monthsPicture
	Roles     []roleText
	AmendedBy string
	Openings  string
	Open      []string
	Rules     []contractRule
	Values    []pack.Value
	Codes     []labeled
	Scenarios []string
	Editions  []editionText
}

type adopterText struct {
	Board, Link, Edition, Role, Since, Present, Aside string
}

type roleText struct{ Role, Words, Professions string }

// A contractRule is a rule and its source, line by line.
type contractRule struct {
	pack.Rule
	Lines []sourceLine
}

// A sourceLine is one of a rule's text. Indent is how far it is set in, as the style sheet
// has it: what does not fit on a line goes on below its own beginning.
type sourceLine struct {
	Number, Indent int
	Lead, Text     string // what it is set in by, and what it says
}

const indentMax = 24 // letters

func sourceLines(text string, first int) (out []sourceLine) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		in := len(line) - len(strings.TrimLeft(line, " "))
		out = append(out, sourceLine{first + len(out), min(in, indentMax) / 4 * 4, line[:in], line[in:]})
	}
	return out
}

type editionText struct {
	Words, Hash, Link, Boards string
	Here                      bool
}

func edition(version, amendment int64) string {
	if amendment == 0 {
		return fmt.Sprintf("Version %d", version)
	}
	return fmt.Sprintf("Version %d, amendment %d", version, amendment)
}

// contract shows an edition of a contract: what boards signed, for whoever it concerns.
func (s *Site) contract(r *http.Request) (*rendered, error) {
	var h license.Hash
	if q := r.FormValue("edition"); q != "" {
		var err error
		if h, err = license.ParseHash(q); err != nil {
			return nil, &answer.Problem{Code: "bad-edition", Detail: fmt.Sprintf("%q is no hash of an edition: %v.", q, err)}
		}
	}
	c, e, k, err := s.Answers.ContractPack(r.PathValue("name"), h)
	var ap *answer.Problem
	if errors.As(err, &ap) && strings.HasPrefix(ap.Code, "unknown-") {
		p := &problemPage{frame: s.frame("No such contract"), Heading: "No such contract", Detail: ap.Detail}
		return &rendered{"problem.html", http.StatusNotFound, p}, nil
	}
	if err != nil {
		return nil, err
	}
	m := &k.Manifest
	p := &contractPage{
		frame: s.frame(m.Title), Heading: m.Title, Name: c.Name, Edition: edition(e.Version, e.Amendment), Hash: e.Hash.String(), Retired: c.Retired,
		Older: c.Newest().Hash != e.Hash, Self: contractPath(c.Name), AmendedBy: k.AmendedBy(), Openings: strings.Join(m.Openings, ", "),
		Open: k.Open(), Values: k.Values(),
	}
	for _, x := range k.Rules() {
		p.Rules = append(p.Rules, contractRule{x, sourceLines(x.Text, x.Line)})
	}
	p.read(c.AsOf, nil)
	for _, x := range m.Roles {
		p.Roles = append(p.Roles, roleText{x.Role, x.Words, strings.Join(x.Professions, ", ")})
	}
	for _, x := range m.Codes {
		p.Codes = append(p.Codes, labeled{x.Code, x.Words})
	}
	for _, x := range k.Scenarios {
		p.Scenarios = append(p.Scenarios, x.Title)
	}
	p.adoption(c, e)
	calls, err := s.Answers.Calls("", c.Name)
	if err != nil {
		return nil, err
	}
	p.Calls = callsOf(calls, c.Boards)
	ds, err := s.Answers.Deeds(r.Context(), c.Name)
	if err != nil {
		return nil, err
	}
	p.Months = pictureOf(c, ds)
	return &rendered{"contract.html", http.StatusOK, p}, nil
}

// adoption says for whom which edition is in force.
func (p *contractPage) adoption(c *answer.Contract, shown *answer.Edition) {
	for _, b := range c.Boards {
		t := adopterText{Board: b.BoardName, Link: boardPath(b.Board), Edition: edition(b.Version, b.Amendment), Role: b.Role, Since: b.Since.Long()}
		if b.Present != b.Since {
			t.Present = b.Present.Long()
		}
		if b.Signed != b.Hash {
			t.Aside = "Other boards made the amendment for all."
		}
		if b.Retire && !b.Retired {
			t.Aside = strings.TrimSpace(t.Aside + " The board wants the contract to end for all.")
		}
		p.Boards = append(p.Boards, t)
		if f := failingOf(&b, t.Board); f != nil {
			p.Failing = append(p.Failing, *f)
		}
	}
	for _, e := range slices.Backward(c.Editions) {
		t := editionText{Words: edition(e.Version, e.Amendment), Hash: e.Hash.String(), Here: e.Hash == shown.Hash, Boards: "In force for nobody"}
		t.Link = p.Self + "?edition=" + t.Hash
		if len(e.Boards) > 0 {
			t.Boards = "In force for " + strings.Join(e.Boards, ", ")
		}
		if len(e.Signed) > 0 && e.Among > 0 {
			t.Boards += fmt.Sprintf("; signed by %s, and for all boards of the version when at least %d of %d have signed", strings.Join(e.Signed, ", "), e.Of, e.Among)
		}
		p.Editions = append(p.Editions, t)
	}
}

// Plain writes a text that names things as Markdown does without its marks.
func (*contractPage) Plain(text string) string { return strings.ReplaceAll(text, "`", "") }
