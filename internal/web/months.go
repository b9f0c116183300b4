package web

import (
	"fmt"
	"strings"
	"time"

	"licet/internal/answer"
	"licet/internal/wording"
	"licet/license"
)

// monthsMax is how many months a picture shows.
const monthsMax = 36

// The space of a picture, in units of its own: it is as wide as the page lets it be.
const (
	monthWidth = 10
	barsHigh   = 36
	barLeast   = 6
)

// A monthsPicture draws how much a contract changed, month by month, a row a board.
type monthsPicture struct {
	Sum         string // in words
	First, Last string // months
	Width, High int
	Rows        []monthsRow
	Numbers     []monthNumber // the same as a table
	Editions    bool          // some row has a mark
}

type monthsRow struct {
	Board, Count  string
	Alt           string // what the row shows, in words
	Bars          []bar
	From, Through int // where it is in force; none: both 0
	Mark          int // where the present edition begins; 0: where the contract does
}

type bar struct{ X, Y, High int }

type monthNumber struct {
	Month, Board string
	Changes      int64
}

// A month is counted from the year 0, so that months are subtracted.
type month int

func monthOf(text string) month {
	t, err := time.Parse("2006-01", text[:min(len("2006-01"), len(text))])
	if err != nil {
		return 0
	}
	return month(t.Year()*12 + int(t.Month()) - 1)
}

func (m month) String() string { return fmt.Sprintf("%v %d", time.Month(m%12+1), m/12) }

// pictureOf draws what a contract changed until a month.
func pictureOf(c *answer.Contract, ds []answer.Deed) *monthsPicture {
	last := monthOf(string(c.AsOf.Time))
	first := last
	since := map[string]*answer.Adopter{}
	for i := range c.Boards {
		since[c.Boards[i].Board] = &c.Boards[i]
		first = min(first, monthOf(string(c.Boards[i].Since)))
	}
	total, most := int64(0), int64(1)
	for _, d := range ds {
		first, total, most = min(first, monthOf(d.Month)), total+d.Changes, max(most, d.Changes)
	}
	first = max(first, last-monthsMax+1)
	p := &monthsPicture{First: first.String(), Last: last.String(), Width: int(last-first+1) * monthWidth, High: barsHigh + 4, Sum: "It has changed no license so far."}
	if total > 0 {
		p.Sum = capital(wording.Count(int(total), "change")) + " to licenses so far, the last in " + monthOf(ds[0].Month).String() + ". Those that were voided since are counted, too."
	}
	for i := range c.Boards {
		p.row(c.Boards[i].Board, c.Boards[i].BoardName, &c.Boards[i], ds, first, most)
	}
	for _, d := range ds {
		p.Numbers = append(p.Numbers, monthNumber{monthOf(d.Month).String(), d.BoardName, d.Changes})
		if since[d.Board] == nil { // it has left
			since[d.Board] = new(answer.Adopter)
			p.row(d.Board, d.BoardName, nil, ds, first, most)
		}
	}
	return p
}

// row draws one board's months. a is nil for a board that has left.
func (p *monthsPicture) row(board, name string, a *answer.Adopter, ds []answer.Deed, first month, most int64) {
	r := monthsRow{Board: name}
	said, total := []string(nil), int64(0)
	for _, d := range ds {
		if d.Board != board {
			continue
		}
		total += d.Changes
		m := monthOf(d.Month)
		said = append(said, m.String()+": "+wording.Count(int(d.Changes), "change"))
		if m >= first {
			high := max(barLeast, int(d.Changes*barsHigh/most))
			r.Bars = append(r.Bars, bar{int(m-first)*monthWidth + 1, barsHigh - high, high})
		}
	}
	r.Count = wording.Count(int(total), "change")
	r.Alt = name + ", " + r.Count
	if len(said) > 0 {
		r.Alt += ": " + strings.Join(said, "; ")
	}
	if a == nil {
		r.Alt += ". No longer in force."
	} else {
		at := func(d license.Day) int { return max(0, int(monthOf(string(d))-first)*monthWidth) }
		r.From, r.Through = at(a.Since), p.Width
		r.Alt += ". In force since " + a.Since.Long()
		if a.Present != a.Since && a.Present != "" {
			r.Mark, p.Editions = max(1, at(a.Present)), true
			r.Alt += ", this edition since " + a.Present.Long()
		}
		r.Alt += "."
	}
	p.Rows = append(p.Rows, r)
}

// Wide is how wide what is drawn from here is.
func (r monthsRow) Wide() int { return r.Through - r.From }
