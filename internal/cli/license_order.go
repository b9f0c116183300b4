package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"licet/license"
	"licet/strict"
)

type disciplineCmd struct{ disciplineFlags }

type disciplineFlags struct {
	licenseArg
	signing
	Order     string `help:"Revise this open order. Absent: a new order." placeholder:"ID"`
	Authority string `required:"" enum:"none,conditions,barred" help:"What it does to authority to practice: none (reprimand, fine), conditions (probation, limits), barred (suspension, revocation)." placeholder:"EFFECT"`
	From      day    `help:"First day. Absent: the board's legal day." placeholder:"DAY"`
	Through   day    `help:"Last day. Absent: until further order." placeholder:"DAY"`
	orderFlags
}

// orderFlags say what stands in an order's document.
type orderFlags struct {
	Document   string   `help:"The order's document as JSON, instead of the flags of this group." group:"Document" placeholder:"FILE" type:"path"`
	Action     []string `help:"Kind of action: ${actions}. Repeat it for several." group:"Document" placeholder:"CODE" sep:"none"`
	Indefinite bool     `help:"The actions hold for an indefinite time." group:"Document"`
	Years      int64    `help:"Years for which the actions hold." group:"Document" placeholder:"N"`
	Months     int64    `help:"Months." group:"Document" placeholder:"N"`
	Days       int64    `help:"Days." group:"Document" placeholder:"N"`
	Terms      string   `help:"Conditions, in words." group:"Document" placeholder:"TEXT"`
	Basis      []string `help:"NPDB basis for action, such as A6. Repeat it for several." group:"Document" placeholder:"CODE" sep:"none"`
	Entity     string   `help:"Who ordered. Absent: the board's name." group:"Document" placeholder:"NAME"`
	Issued     day      `help:"Day of the order. Absent: its first day." group:"Document" placeholder:"DAY"`
	Appeal     day      `help:"Last day of appeal." group:"Document" placeholder:"DAY"`
	Text       string   `help:"The order's words." group:"Document" placeholder:"TEXT"`
}

// Run puts an order on a license.
func (c disciplineCmd) Run(e *env) error {
	a, opening, err := c.prepare(e)
	if err != nil {
		return err
	}
	return c.order(e, a.Order, opening, a)
}

// order has the act decided, and says under which id the order stands.
func (c disciplineFlags) order(e *env, id string, opening license.Opening, a license.Act) error {
	if err := e.decide(c.signing, []license.Opening{opening}, a); err != nil {
		return err
	}
	if !e.JSON && c.Draft == "" {
		e.printf("Order %s.\n", id)
	}
	return nil
}

func (c disciplineFlags) prepare(e *env) (*license.LicenseDiscipline, license.Opening, error) {
	var none license.Opening
	board, err := c.board()
	if err != nil {
		return nil, none, err
	}
	a := &license.LicenseDiscipline{License: c.License, Order: c.Order, Authority: c.Authority, Through: license.Day(c.Through)}
	l, err := e.licenseRecord(c.License)
	if err != nil {
		return nil, none, err
	}
	report := "initial"
	if c.Order == "" {
		a.Order = randomID()
	} else {
		o, err := openOrder(l, c.Order)
		if err != nil {
			return nil, none, err
		}
		a.Order, a.Count, report = o.ID, o.Count, "revision-to-action"
	}
	if a.From, err = e.dayOr(c.From, board); err != nil {
		return nil, none, err
	}
	doc, err := c.document(e, board, report, a.From)
	if err != nil {
		return nil, none, err
	}
	opening, ref := newOpening(license.OpeningOrder, strict.Encode(&doc))
	a.Commitment = ref.Commitment
	return a, opening, nil
}

// document makes the order's document of the flags, or reads it.
func (c orderFlags) document(e *env, board, report string, from license.Day) (d license.OrderDocument, err error) {
	if c.Document != "" {
		return readDocument(c.Document)
	}
	if len(c.Action) == 0 {
		return d, usage("what does the order do? Name it with --action, or give the document with --document FILE")
	}
	d = license.OrderDocument{
		Entity: c.Entity, Report: report, Issued: license.Day(c.Issued), Effective: from, Appeal: license.Day(c.Appeal), Bases: c.Basis, Text: c.Text,
	}
	if d.Entity == "" {
		var b license.Board
		if err := e.mustRecord(license.KindBoard, board, &b); err != nil {
			return d, err
		}
		d.Entity = b.Name
	}
	if d.Issued == "" {
		d.Issued = from
	}
	for _, code := range c.Action {
		if !strings.Contains(" "+strings.Join(license.ActionCodes, " ")+" ", " "+code+" ") {
			return d, usage("there is no action %q; the codes are: %s", code, strings.Join(license.ActionCodes, ", "))
		}
		d.Actions = append(d.Actions, license.OrderAction{
			Code: code, Indefinite: c.Indefinite, TermYears: c.Years, TermMonths: c.Months, TermDays: c.Days, Terms: c.Terms,
		})
	}
	return d, nil
}

// readDocument reads a document that somebody wrote by hand. What is signed is
// its one writing, which is made of it afterwards.
func readDocument(path string) (d license.OrderDocument, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return d, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return d, fmt.Errorf("%s is no order document: %w", path, err)
	}
	return d, nil
}

// openOrder finds an order of the license by its id or the id's beginning; with
// no id, the only one there is.
func openOrder(l *license.License, id string) (*license.Order, error) {
	var found *license.Order
	var ids []string
	for i := range l.Orders {
		o := &l.Orders[i]
		ids = append(ids, o.ID)
		if strings.HasPrefix(o.ID, id) {
			if found != nil {
				return nil, usage("which order? Name it with --order: %s", strings.Join(ids, ", ")+", …")
			}
			found = o
		}
	}
	switch {
	case len(l.Orders) == 0:
		return nil, fmt.Errorf("the license has no order")
	case found == nil:
		return nil, usage("the license has no order %s; it has %s", id, strings.Join(ids, ", "))
	}
	return found, nil
}

// onOrder are the flags of acts upon an order.
type onOrder struct {
	licenseArg
	signing
	Order string `help:"Which order: its id, or the beginning of it. Absent: the only one." placeholder:"ID"`
}

func (c onOrder) find(e *env) (*license.Order, error) {
	if _, err := c.board(); err != nil {
		return nil, err
	}
	l, err := e.licenseRecord(c.License)
	if err != nil {
		return nil, err
	}
	return openOrder(l, c.Order)
}

// onOrderFrom are those that hold from a day on.
type onOrderFrom struct {
	onOrder
	From day `help:"Day from which it holds. Absent: the board's legal day." placeholder:"DAY"`
}

func (c onOrderFrom) prepare(e *env) (*license.Order, license.Day, error) {
	o, err := c.find(e)
	if err != nil {
		return nil, "", err
	}
	from, err := e.dayOr(c.From, license.BoardOf(license.KindLicense, c.License))
	return o, from, err
}

type stayCmd struct{ onOrderFrom }

// Run stays an order.
func (c stayCmd) Run(e *env) error {
	o, from, err := c.prepare(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.LicenseStay{License: c.License, Order: o.ID, Count: o.Count, From: from})
}

type unstayCmd struct{ onOrderFrom }

// Run ends a stay.
func (c unstayCmd) Run(e *env) error {
	o, from, err := c.prepare(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.LicenseUnstay{License: c.License, Order: o.ID, Count: o.Count, From: from})
}

type liftCmd struct{ onOrderFrom }

// Run ends an order.
func (c liftCmd) Run(e *env) error {
	o, from, err := c.prepare(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.LicenseLift{License: c.License, Order: o.ID, Count: o.Count, From: from})
}
