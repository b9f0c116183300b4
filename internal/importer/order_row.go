package importer

import (
	"cmp"
	"fmt"
	"strings"

	"licet/license"
)

// OrderRules say which order a row tells of, where the file holds orders or discipline.
type OrderRules struct {
	Action  string               `toml:"action"`  // column of what the order does
	Case    string               `toml:"case"`    // column of the board's number for the case
	Since   string               `toml:"since"`   // column of the day from which it holds
	Through string               `toml:"through"` // column of the last day; none: until it is lifted
	Reason  string               `toml:"reason"`  // column of the grounds in words
	Words   map[string]OrderWord `toml:"words"`   // each word of the action column
}

// An OrderWord is what one word of the action column does. Without authority it
// changes nothing: an accusation is a charge, its withdrawal the end of one.
type OrderWord struct {
	Authority string `toml:"authority"`
	Action    string `toml:"action"`
	Lifecycle string `toml:"lifecycle"` // in its place: the registration status that it brings
	Unsaid    bool   `toml:"unsaid"`    // the board decided, and the word does not tell what
}

// acts says whether the word does anything.
func (w OrderWord) acts() bool { return w.Authority != "" || w.Lifecycle != "" }

// An Ordered is the order that a row tells of.
type Ordered struct {
	OrderWord
	Word         string
	From         license.Day
	Through      license.Day
	Case, Reason string
	revises      string // id of the order that stands and gets the row's end
}

func (m *mapper) readOrder(r *Row) {
	if m.Order.Action == "" {
		return
	}
	word := strings.Join(strings.Fields(m.value(r, m.Order.Action)), " ")
	if word == "" {
		if m.File.Holds == HoldsOrders {
			m.refuseMissing(r, m.Order.Action, "action-missing")
		}
		return
	}
	w, ok := m.Order.Words[word]
	o := &Ordered{
		OrderWord: w, Word: word, From: m.readDay(r, m.Order.Since), Through: m.readDay(r, m.Order.Through),
		Case: m.value(r, m.Order.Case), Reason: m.value(r, m.Order.Reason),
	}
	switch {
	case !ok:
		r.refuse(flaw(m.Order.Action, word, "action-unknown", "The mapping does not say what this action does."))
	case w.Unsaid:
		r.refuse(flaw(m.Order.Action, word, "order-not-told", "The board decided something on %s, and the row does not say what. See the board's document, and record what it orders.", cmp.Or(string(o.From), "a day that it does not name")))
	case o.From == "":
		m.refuseMissing(r, m.Order.Since, "order-day-missing")
	case o.Through != "" && o.Through < o.From:
		r.refuse(flaw(m.Order.Through, m.cell(r, m.Order.Through), "order-reversed", "The order would end before %s, the day on which it begins.", o.From))
	default:
		r.Order = o
	}
}

// document writes what the file says of an order. It holds no more than the row does,
// and says so.
func (o *Ordered) document(m *Mapping) license.OrderDocument {
	text := fmt.Sprintf("As copied from the file: %s %s from %s.", m.Order.Action, o.Word, o.From)
	if o.Case != "" {
		text += fmt.Sprintf(" %s %s.", m.Order.Case, o.Case)
	}
	if o.Reason != "" {
		text += fmt.Sprintf(" %s: %s.", m.Order.Reason, o.Reason)
	}
	return license.OrderDocument{
		Entity: m.Board.Name, Effective: o.From,
		Actions: []license.OrderAction{{Code: o.Action}},
		Text:    text + " The file does not hold the order itself.",
	}
}

// namesOnly says whether the file names licenses and does not describe them.
func (m *Mapping) namesOnly() bool { return m.File.Holds == HoldsOrders }
