package lookup

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"licet/license"
)

// Limits of a search.
const (
	LimitDefault = 25
	LimitMax     = 100
	TextMax      = 200 // bytes of a searched text
	wordsMax     = 8
	cursorMax    = 4096
)

// A Query says what to search for. Every member that is set must fit; when none
// is, everything does.
type Query struct {
	ID           string      // a license id, exactly
	Number       string      // in any punctuation and case, with or without leading zeros
	NPI          string      // all ten digits
	Name         string      // words of one name, each by its beginning, in any order
	City         string      // all of it, in any case, without accents
	Profession   string      // "nurse" or "us-il.nurse"
	Jurisdiction string      // us-il
	Status       []string    // codes of a standing, any of them
	On           license.Day // the day on which it has the status
	DefaultOn    license.Day // that day on the first page, when On is absent; later pages keep it
	Limit        int         // rows a page; 0: LimitDefault
	Cursor       string      // of the page before; "": the first page
}

// A QueryError says what is wrong with a question.
type QueryError struct{ Code, Detail string }

func (e *QueryError) Error() string { return e.Detail }

func wrong(code, format string, a ...any) error { return &QueryError{code, fmt.Sprintf(format, a...)} }

// A question is a query that was checked.
type question struct {
	Query
	loose string   // the number
	words []string // of the name
	city  string   // folded
	of    uint64   // tells it from other questions
	at    cursor
	first bool // page
	more  bool // is asked than for one id, number or NPI
}

// check takes a query apart.
func (q Query) check() (*question, error) {
	c := &question{Query: q, first: q.Cursor == ""}
	if c.Limit == 0 {
		c.Limit = LimitDefault
	}
	if c.Limit < 1 || c.Limit > LimitMax {
		return nil, wrong("limit", "A page has 1 to %d rows, not %d.", LimitMax, q.Limit)
	}
	for _, s := range []string{q.ID, q.Number, q.NPI, q.Name, q.City, q.Profession, q.Jurisdiction} {
		if len(s) > TextMax {
			return nil, wrong("length", "A search has at most %d bytes in each field; this one has %d.", TextMax, len(s))
		}
	}
	if err := c.fold(); err != nil {
		return nil, err
	}
	c.of = c.fingerprint()
	_, value := c.column()
	c.more = len(c.ID)+len(c.NPI)+len(c.loose) > len(value) || c.Name+c.City+c.Profession+c.Jurisdiction != "" || len(c.Status) > 0
	if err := c.readCursor(); err != nil {
		return nil, err
	}
	if c.On == "" {
		c.On = c.DefaultOn
		if !c.first {
			c.On = c.at.On
		}
	}
	if len(q.Status) > 0 && c.On == "" {
		return nil, wrong("on", "A status is asked for on a day.")
	}
	c.at.On = c.On
	return c, nil
}

// fold writes what was typed as the tables have it.
func (c *question) fold() error {
	if c.Number != "" {
		if c.loose = LooseNumber(c.Number); c.loose == "" {
			return wrong("number", "The number has no letter or digit.")
		}
	}
	if c.NPI = strings.Map(digitsOnly, c.NPI); c.Query.NPI != "" && !license.FitsNPI(c.NPI) {
		return wrong("npi", "An NPI has ten digits, the last of which checks the others; %q is none. Look for a typing error.", c.Query.NPI)
	}
	if c.Name != "" {
		if c.words = wordsOf(c.Name); len(c.words) == 0 {
			return wrong("name", "The name has no letter.")
		}
		if len(c.words) > wordsMax {
			return wrong("name", "Search for at most %d words of a name.", wordsMax)
		}
	}
	if c.City != "" {
		if c.city = fold(c.City); c.city == "" {
			return wrong("city", "The city has no letter.")
		}
	}
	return nil
}

// digitsOnly lets the punctuation go that people put into numbers.
func digitsOnly(r rune) rune {
	if strings.ContainsRune(" -.", r) {
		return -1
	}
	return r
}

// exact says whether the question is about what only few licenses have.
func (c *question) exact() bool { return c.ID != "" || c.NPI != "" || c.loose != "" }

// A cursor says where a page ended: after which posting, in which way of reading
// the name, and what the first page counted. Blocks that arrive meanwhile move no
// license that they are not about, so that every other one is on one page.
type cursor struct {
	Of      uint64      `json:"of"` // the question
	On      license.Day `json:"d,omitempty"`
	Way     int         `json:"w,omitempty"`
	Term    string      `json:"t,omitempty"`
	Names   string      `json:"n,omitempty"`
	License int64       `json:"l"`
	Total   int64       `json:"c"`
	AtLeast bool        `json:"m,omitempty"`
}

// fingerprint tells questions apart; the size of pages may change on the way, and the
// day that is meant when none is named.
func (c *question) fingerprint() uint64 {
	h := fnv.New64a()
	for _, s := range append([]string{c.ID, c.loose, c.NPI, strings.Join(c.words, " "), c.city, c.Profession, c.Jurisdiction, string(c.On)}, c.Status...) {
		h.Write(append([]byte(s), 0))
	}
	return h.Sum64()
}

func (c *question) readCursor() error {
	if c.first {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(c.Cursor)
	if err == nil && len(b) <= cursorMax {
		err = json.Unmarshal(b, &c.at)
	}
	if err != nil || len(b) > cursorMax || c.at.Of != c.of || c.at.Way < 0 || c.at.Way >= len(ways) {
		return wrong("cursor", "The cursor is not one that a page of this search ended with; begin at the first page.")
	}
	return nil
}

func (c *cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // our own struct
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Ways of reading a name, the strictest first. The next one is tried when a way
// finds nothing at all.
const (
	MatchWritten = ""     // each word begins a word of the name
	MatchPart    = "part" // each word stands in a word of the name
	MatchNear    = "near" // each word is one of the name with one letter wrong
)

var ways = []string{MatchWritten, MatchPart, MatchNear}

// A wordTest says which words of names fit one word of the question.
type wordTest struct {
	word   string
	inside bool     // also inside a word
	near   []string // these too
}

func (t *wordTest) fits(w string) bool {
	return strings.HasPrefix(w, t.word) || t.inside && strings.Contains(w, t.word) || slices.Contains(t.near, w)
}

// fitNames says whether one of the names has a word for each test.
func fitNames(names string, tests []wordTest) bool {
	for n := range strings.SplitSeq(names, "\x1f") {
		words := strings.Fields(n)
		if !slices.ContainsFunc(tests, func(t wordTest) bool { return !slices.ContainsFunc(words, t.fits) }) {
			return true
		}
	}
	return false
}
