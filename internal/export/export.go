// Package export writes licenses for others to take away: as comma-separated
// values in the columns of Illinois' open data, or as JSON, one object a line.
//
// An export is taken in parts. The cursor with which a part ends says of which
// moment the export is, so that all parts are of one, and what they hold together
// does not depend on when each was taken.
package export

import (
	"bytes"
	"context"
	"encoding/json"

	"licet/internal/answer"
	"licet/internal/roster"
	"licet/license"
)

// Formats.
const (
	CSV    = "csv"
	NDJSON = "ndjson"
)

// Limits of a part, in licenses.
const (
	LimitDefault = 1000
	LimitMax     = 5000
)

// A Part is some licenses of an export, written. The first part begins with a
// header; the last of NDJSON ends with a line that says so.
type Part struct {
	Body     []byte
	AsOf     answer.AsOf
	Licenses int    // in this part
	Next     string // cursor of the next part; "": this is the last one
	Total    int64  // licenses up to the end of this part
}

// Write writes the part that begins at the cursor. note is the cosigned checkpoint
// over the entries that the cursor names, where it is at hand; the first part of
// NDJSON holds it.
func Write(ctx context.Context, r *answer.Registry, format string, at Cursor, limit int, note []byte) (*Part, error) {
	page, err := r.Export(ctx, answer.ExportQuery{Size: at.Size, Prefix: at.Prefix, After: at.After, Limit: limit})
	if err != nil {
		return nil, err
	}
	p := &Part{AsOf: page.AsOf, Licenses: len(page.Licenses), Total: at.Count + int64(len(page.Licenses))}
	if page.More {
		p.Next = Cursor{Origin: page.Origin, Size: at.Size, Count: p.Total, Prefix: at.Prefix, After: page.Last}.String()
	}
	var b bytes.Buffer
	if format == CSV {
		err = writeCSV(&b, page, at.After == "")
	} else {
		err = writeNDJSON(&b, page, at, p, note)
	}
	p.Body = b.Bytes()
	return p, err
}

// Over reads a ledger by itself, without a node and without a lookup.
func Over(l answer.Ledger) *answer.Registry { return &answer.Registry{Ledger: l} }

func writeCSV(b *bytes.Buffer, page *answer.ExportPage, first bool) error {
	w := roster.NewWriter(b)
	w.Guard = true
	if first {
		w.Header()
	}
	for i := range page.Licenses {
		for r := range rows(&page.Licenses[i]) {
			w.Write(r)
		}
	}
	return w.Flush()
}

// A head is the first line of NDJSON.
type head struct {
	Export     string      `json:"licet_export"` // "1"
	Origin     string      `json:"origin"`
	Test       bool        `json:"test,omitempty"` // a test network: nothing in it is a real license
	Only       string      `json:"only,omitempty"` // ids begin so
	AsOf       answer.AsOf `json:"as_of"`
	Checkpoint string      `json:"checkpoint,omitempty"` // the cosigned note over as_of.index entries
}

// A tail is the last line of NDJSON: what ends without it is not whole.
type tail struct {
	End      bool  `json:"end"`
	Licenses int64 `json:"licenses"`
}

func writeNDJSON(b *bytes.Buffer, page *answer.ExportPage, at Cursor, p *Part, note []byte) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	var err error
	if at.After == "" {
		err = e.Encode(&head{"1", page.Origin, answer.IsTest(page.Origin), at.Prefix, page.AsOf, string(note)})
	}
	for i := range page.Licenses {
		if err == nil {
			err = e.Encode(objectOf(&page.Licenses[i]))
		}
	}
	if err == nil && p.Next == "" {
		err = e.Encode(&tail{true, p.Total})
	}
	return err
}

// An object is a license as NDJSON has it. What is withheld is absent.
type object struct {
	ID         string            `json:"id"`
	Board      string            `json:"board"`
	BoardName  string            `json:"board_name"`
	Profession string            `json:"profession"`
	Title      string            `json:"title"`
	Number     string            `json:"number"`
	Subject    string            `json:"subject"`
	Name       *nameObject       `json:"name,omitempty"`
	Texts      map[string]string `json:"texts,omitempty"` // city, state, zip, street, npi
	Issued     license.Day       `json:"issued"`
	Route      string            `json:"route,omitempty"`
	Status     statusObject      `json:"status"`
	Terms      []termObject      `json:"terms"`
	Lifecycles []lifecycleObject `json:"lifecycles,omitempty"`
	Orders     []orderObject     `json:"orders"`
	Copied     bool              `json:"copied,omitempty"` // from a file, and not decided by the board
	CopiedDay  license.Day       `json:"copied_day,omitempty"`
	Changed    license.Day       `json:"changed"`
	Waits      int64             `json:"waits,omitempty"` // calls of contracts that are still to be made: they may change it
}

type nameObject struct {
	Family string `json:"family,omitempty"`
	Given  string `json:"given,omitempty"`
	Middle string `json:"middle,omitempty"`
	Suffix string `json:"suffix,omitempty"`
	Legal  string `json:"legal,omitempty"`
	DBA    string `json:"dba,omitempty"`
}

type statusObject struct {
	On           license.Day `json:"on"`
	Primary      string      `json:"primary"`
	Secondary    string      `json:"secondary,omitempty"`
	Registration string      `json:"registration"`
	Discipline   string      `json:"discipline"`
	Authority    string      `json:"authority"`
	Through      license.Day `json:"through,omitempty"`
	Rests        string      `json:"rests,omitempty"` // of a privilege: on which license
}

type termObject struct {
	From    license.Day `json:"from"`
	Through license.Day `json:"through,omitempty"`
	Grace   license.Day `json:"grace_through,omitempty"`
}

type lifecycleObject struct {
	Status string      `json:"status"`
	From   license.Day `json:"from"`
}

type orderObject struct {
	ID        string          `json:"id"`
	Authority string          `json:"authority"`
	Start     license.Day     `json:"start"`
	End       license.Day     `json:"end,omitempty"`
	Stays     []termObject    `json:"stays,omitempty"`
	Document  json.RawMessage `json:"document,omitempty"` // exact opening bytes; absent: withheld, or a contract's
	Action    string          `json:"action,omitempty"`   // of a contract's order
	Rule      *ruleObject     `json:"rule,omitempty"`     // likewise
}

// A ruleObject names the rule of a contract that imposed an order.
type ruleObject struct {
	Contract  string `json:"contract"`
	Version   int64  `json:"version,omitempty"`
	Amendment int64  `json:"amendment,omitempty"`
	Hash      string `json:"hash,omitempty"` // of the edition, which boards signed
	Function  string `json:"function,omitempty"`
	Line      int64  `json:"line,omitempty"`
	Citation  string `json:"citation,omitempty"`
}

func ruleObjectOf(o *answer.ExportedOrder) *ruleObject {
	switch c := o.Rule; {
	case c != nil:
		return &ruleObject{c.Contract, c.Version, c.Amendment, c.Hash.String(), c.Function, c.Line, c.Citation}
	case o.Contract != "":
		return &ruleObject{Contract: o.Contract}
	}
	return nil
}

func objectOf(l *answer.Exported) *object {
	s := &l.Standing
	o := &object{
		ID: l.ID, Board: l.Parts.Board, BoardName: l.Board, Profession: l.Parts.ProfessionID(), Title: l.Title, Number: l.Parts.Number,
		Subject: l.Record.Subject, Texts: l.Texts, Issued: l.Record.Issued, Route: l.Record.Route,
		Status: statusObject{s.Day, s.Primary, s.Secondary, s.Registration, s.Discipline, s.Authority, s.Through, s.Rests},
		Terms:  []termObject{}, Orders: []orderObject{},
		Copied: l.Record.Source == license.SourceImport, CopiedDay: l.Record.Copied, Changed: l.Changed,
		Waits: l.Record.Counts.Pending,
	}
	if l.Name != (license.Name{}) {
		n := nameObject(l.Name)
		o.Name = &n
	}
	for _, t := range l.Record.Terms {
		o.Terms = append(o.Terms, termObject(t))
	}
	for _, x := range l.Record.Lifecycles {
		o.Lifecycles = append(o.Lifecycles, lifecycleObject(x))
	}
	for _, x := range l.Orders {
		w := orderObject{ID: x.ID, Authority: x.Authority, Start: x.Start, End: x.End, Document: x.Bytes, Action: x.Action, Rule: ruleObjectOf(&x)}
		for _, s := range x.Stays {
			w.Stays = append(w.Stays, termObject{From: s.From, Through: s.Through})
		}
		o.Orders = append(o.Orders, w)
	}
	return o
}
