package cli

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"licet/internal/wording"
	"licet/license"
)

type licenseFindCmd struct {
	Query        []string `arg:"" optional:"" help:"An id, a number, an NPI or a name, or a number with a name, whichever it looks like."`
	Name         string   `help:"Words of one name, each by its beginning, in any order, without accents. Former names and names of business too." placeholder:"WORDS"`
	Number       string   `help:"License number, in any punctuation and case, with or without leading zeros." placeholder:"NUMBER"`
	NPI          string   `help:"National Provider Identifier, all ten digits." name:"npi" placeholder:"NUMBER"`
	Profession   string   `help:"Profession, with or without its board: us-il.nurse or nurse." placeholder:"CODE"`
	Jurisdiction string   `help:"Jurisdiction, such as us-il." placeholder:"CODE"`
	Status       string   `help:"Status on the day, such as ACTIVE, REVOKED or 'may not practice'." placeholder:"STATUS"`
	City         string   `help:"City, all of it, without accents." placeholder:"NAME"`
	On           day      `help:"Day that is asked about. Absent: the boards' legal day." placeholder:"DAY"`
	Known        instant  `help:"As known at this time, such as 2026-05-04T17:00:00Z. Absent: as known now." placeholder:"INSTANT"`
	Limit        int      `help:"Licenses a page, at most 100." default:"25" placeholder:"NUMBER"`
	Cursor       string   `help:"Go on where a page ended, with the same question." placeholder:"CURSOR"`
	All          bool     `help:"Go on to the last page."`
}

func (c *licenseFindCmd) values() url.Values {
	q := url.Values{}
	for name, text := range map[string]string{
		"q": strings.Join(c.Query, " "), "name": c.Name, "number": c.Number, "npi": c.NPI, "profession": c.Profession, "jurisdiction": c.Jurisdiction,
		"status": c.Status, "city": c.City, "on": string(c.On), "known": string(c.Known), "limit": strconv.Itoa(c.Limit), "cursor": c.Cursor,
	} {
		if text != "" {
			q.Set(name, text)
		}
	}
	return q
}

// A foundItem is one license that a search found.
type foundItem struct {
	ID          string      `json:"id"`
	Board       string      `json:"board"`
	Name        string      `json:"name"`
	Others      []string    `json:"other_names"`
	Title       string      `json:"title"`
	City        string      `json:"city"`
	NPI         string      `json:"npi"`
	Status      string      `json:"status"`
	Secondary   string      `json:"secondary"`
	Discipline  string      `json:"discipline"`
	CopiedDay   license.Day `json:"copied_day"`
	Undescribed bool        `json:"undescribed"`
	Rests       string      `json:"rests"`
	Automatic   bool        `json:"automatic"`
	Waits       bool        `json:"waits"`
}

// status says how it stands, and how that is known.
func (it *foundItem) status() string {
	s := statusLine(it.Status, wording.Further(it.Discipline, it.Secondary, false))
	if by := wording.Found(it.Automatic, it.Waits); by != "" {
		s += ", " + by
	}
	if it.CopiedDay != "" {
		s += ", copied from a file of " + it.CopiedDay.Long()
	}
	if it.Rests != "" {
		s += ", a privilege on " + it.Rests
	}
	if it.Undescribed {
		s += ", " + wording.Undescribed
	}
	return s
}

// foundPage is what a node answers to a search.
type foundPage struct {
	Items   []foundItem `json:"items"`
	Total   int64       `json:"total"`
	AtLeast bool        `json:"at_least"`
	Match   string      `json:"match"`
	On      string      `json:"on"`
	Next    string      `json:"next"`
	AsOf    asOf        `json:"as_of"`
}

// Run lists the licenses that fit: all of them, never one that was picked.
func (c licenseFindCmd) Run(e *env) error {
	q := c.values()
	found := false
	for first := true; ; first = false {
		b, err := e.get("/v1/licenses" + query(q))
		if err != nil {
			return err
		}
		var p foundPage
		if err := json.Unmarshal(b, &p); err != nil {
			return err
		}
		found = found || len(p.Items) > 0 || p.Next != ""
		if e.JSON {
			e.printf("%s\n", strings.TrimSpace(string(b)))
		} else {
			p.print(e, first)
		}
		if p.Next == "" || !c.All {
			return c.end(e, p.Next, found)
		}
		q.Set("cursor", p.Next)
	}
}

func (c licenseFindCmd) end(e *env, next string, found bool) error {
	switch {
	case next != "" && !e.JSON:
		e.printf("There may be more: add --cursor %s, or --all.\n", next)
	case !found:
		return errSaid
	}
	return nil
}

func (p *foundPage) print(e *env, first bool) {
	if first {
		e.printf("%s\n", p.heading())
	}
	t := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, it := range p.Items {
		name := it.Name
		if name == "" {
			name = "(name withheld)"
		}
		if len(it.Others) > 0 {
			name += " (also " + strings.Join(it.Others, ", ") + ")"
		}
		row := []string{it.ID, name, it.Title, it.City, it.status()}
		for i := range row {
			row[i] = shown(row[i])
		}
		_, _ = t.Write([]byte(strings.Join(row, "\t") + "\n"))
	}
	_ = t.Flush()
}

// heading says what was found, and as of when.
func (p *foundPage) heading() string {
	s := "As of " + wording.Moment(p.AsOf.Time, nil) + ", block " + strconv.FormatInt(p.AsOf.Block, 10) + ": "
	switch {
	case p.Total == 0 && p.Next == "":
		return s + "no license found. That proves nothing about names; that a number is not there can be proved with licet prove."
	case p.Total == 0:
		return s + "none found so far."
	}
	if p.AtLeast {
		s += "at least "
	}
	s += wording.Count(int(p.Total), "license") + " found"
	if p.On != "" {
		s += ", for " + license.Day(p.On).Long()
	}
	switch p.Match {
	case "part":
		s += ". Nothing fits as typed; these names hold it inside their words"
	case "near":
		s += ". Nothing fits as typed; these names are written nearly so"
	}
	return s + "."
}

// shown makes text from outside harmless to a terminal: what moves the cursor,
// turns the writing around or is not seen becomes a mark.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Zl, unicode.Zp) {
			return '\uFFFD'
		}
		return r
	}, s)
}
