package web

import (
	"fmt"
	"net/url"
	"strconv"

	"licet/internal/answer"
	"licet/internal/wording"
	"licet/license"
)

// An automaticText is what a contract did that counts on the day.
type automaticText struct {
	Sentence, State, Effect string
	InForce                 bool
	Rule                    *ruleText
}

// A ruleText names the rule behind a change, and what made it run.
type ruleText struct {
	Name, Link, Citation, Hash string
	Place, PlaceLink           string // in the source
	Trigger, TriggerLink       string // the entry, and its license's page where that is another one
}

func ruleOf(r *answer.Rule, page string) *ruleText {
	if r == nil {
		return nil
	}
	t := &ruleText{Name: wording.Rule(&r.Cause), Place: capital(wording.RuleLine(&r.Cause)), Citation: r.Citation, Link: "/contracts/" + url.PathEscape(r.Contract)}
	if r.Hash != (license.Hash{}) {
		t.Hash = r.Hash.String()
		t.Link += "?edition=" + t.Hash
	}
	t.PlaceLink = t.Link
	if r.Line > 0 {
		t.PlaceLink += "#line-" + strconv.FormatInt(r.Line, 10)
	}
	if x := r.Trigger; x != nil {
		t.Trigger = fmt.Sprintf("Entry %d, %s", x.Index, x.Act)
		if x.License != page {
			t.Trigger += " of license " + x.License
			t.TriggerLink = licensePath(x.License)
		}
	}
	return t
}

// automatic lists what contracts did, and what they have still to do.
func (p *licensePage) automatic(l *answer.License) {
	p.Waits = l.Waits
	for i := range l.Automatic {
		a := &l.Automatic[i]
		t := automaticText{Sentence: a.Sentence, Rule: ruleOf(&a.Rule, l.ID)}
		for j := range l.Orders {
			if o := &l.Orders[j]; o.ID == a.Order {
				x := orderOf(o, &l.Profession)
				t.State, t.Effect, t.InForce = x.State, x.Effect, x.InForce
			}
		}
		p.Automatic = append(p.Automatic, t)
	}
}

// byContract says whether an order is among what contracts did.
func byContract(l *answer.License, order string) bool {
	for i := range l.Automatic {
		if l.Automatic[i].Order == order {
			return true
		}
	}
	return false
}
