package check

import (
	"slices"
	"time"
)

// fold makes a license from all entries about it, oldest first. Last is not set.
func fold(es []*Entry) license {
	var l license
	for _, c := range counting(es) {
		for _, x := range c.Changes {
			l.apply(x)
		}
	}
	l.rest(counting(es))
	l.Counts = counts{}
	for _, e := range es {
		for _, x := range e.Changes {
			switch x.Do {
			case "term", "extend", "lifecycle", "rest":
				l.Counts.Term++
			case "issue", "open", "route":
				l.Counts.Identity++
			case "link", "unlink":
				l.Counts.Links++
			case "wait":
				l.Counts.Pending++
			case "ran":
				l.Counts.Pending--
			}
		}
		if e.Import != nil {
			l.Counts.Imports++
		} else if len(e.Voids) > 0 || e.Replaces != "" {
			l.Counts.Repairs++
		}
	}
	for i := range l.Orders {
		l.Orders[i].Count = 0
		for _, e := range es {
			for _, x := range e.Changes {
				if x.Order == l.Orders[i].ID {
					l.Orders[i].Count++
				}
			}
		}
	}
	return l
}

// rest finds what a license that came from a file rests on.
func (l *license) rest(es []*Entry) {
	for _, e := range es {
		for _, x := range e.Changes {
			gone := x.Order != "" && l.order(x.Order) == nil
			if l.Source != "import" || gone || !decides(x) {
				continue
			}
			if e.Import == nil {
				l.Decided = true
			} else if e.Import.Day > l.Copied {
				l.Copied = e.Import.Day
			}
		}
	}
}

// decides says whether a change says something of the license for itself.
func decides(c change) bool { return !slices.Contains([]string{"link", "unlink", "wait", "ran"}, c.Do) }

// void says whether a live entry takes e back.
func void(e *Entry, es []*Entry) bool {
	return slices.ContainsFunc(es, func(v *Entry) bool {
		return v.Index > e.Index && slices.Contains(v.Voids, e.hash) && !void(v, es)
	})
}

// counting are the entries whose changes count, in the order in which they do: an
// entry and what replaces it, one after the other, have one place among them, and
// the newest that is not void has it.
func counting(es []*Entry) (out []*Entry) {
	for _, e := range es {
		if origin(e, es) != e {
			continue
		}
		var newest *Entry
		for _, x := range es {
			if origin(x, es) == e && !void(x, es) {
				newest = x
			}
		}
		if newest != nil {
			out = append(out, newest)
		}
	}
	return out
}

// origin is the entry in whose place e stands or would stand.
func origin(e *Entry, es []*Entry) *Entry {
	for _, x := range es {
		if x.hash == e.Replaces {
			return origin(x, es)
		}
	}
	return e
}

// standing is the entry that stands in the place of e, or nil.
func standing(e *Entry, es []*Entry) *Entry {
	for _, c := range counting(es) {
		if origin(c, es) == origin(e, es) {
			return c
		}
	}
	return nil
}

func (l *license) order(id string) *order {
	for i := range l.Orders {
		if l.Orders[i].ID == id {
			return &l.Orders[i]
		}
	}
	return nil
}

func (l *license) apply(c change) {
	o := l.order(c.Order)
	switch c.Do {
	case "issue":
		l.Licensee, l.Subject, l.Source, l.Route, l.Issued = c.Licensee, c.Subject, c.Source, c.Route, c.From
		l.Rests = nil
		if c.Other != "" {
			l.Rests = []rest{{c.Other, c.From}}
		}
	case "rest":
		if l.Rests != nil {
			l.Rests = append(l.Rests, rest{c.Other, c.From})
		}
	case "term":
		l.Terms = append(l.Terms, term{c.From, c.Through, c.Grace})
	case "extend":
		if t := l.newestTerm(c.From); t != nil && t.longer(c) {
			t.Through, t.Grace = c.Through, c.Grace
		}
	case "lifecycle":
		l.Lifecycles = append(l.Lifecycles, lifecycle{c.Status, c.From})
	case "route":
		l.Route = c.Route
	case "open":
		l.Openings = append(l.Openings, datedOpening{c.Kind, c.Commitment, c.From})
	case "order":
		if o == nil {
			l.Orders = append(l.Orders, order{ID: c.Order})
			o = &l.Orders[len(l.Orders)-1]
		}
		o.Commitment, o.Authority, o.Start, o.End, o.Action, o.Contract = c.Commitment, c.Authority, c.From, c.Through, c.Action, c.Contract
	case "seal":
		l.Orders = slices.DeleteFunc(l.Orders, func(x order) bool { return x.ID == c.Order })
	case "stay", "unstay", "lift":
		if o != nil {
			o.change(c)
		}
	}
}

func (l *license) newestTerm(from string) (t *term) {
	for i := range l.Terms {
		if l.Terms[i].From == from {
			t = &l.Terms[i]
		}
	}
	return t
}

// longer says whether an extension takes nothing away and adds something.
func (t *term) longer(c change) bool {
	if t.Through == "" || c.Through < t.Through {
		return false
	}
	was, will := t.Through, c.Through
	if t.Grace > was {
		was = t.Grace
	}
	if c.Grace > will {
		will = c.Grace
	}
	return will > was || will == was && c.Through > t.Through
}

// statusOn is the newest lifecycle's on a day, or "".
func (l *license) statusOn(day string) (status string) {
	from := ""
	for _, c := range l.Lifecycles {
		if c.From <= day && c.From >= from {
			status, from = c.Status, c.From
		}
	}
	return status
}

func (o *order) change(c change) {
	var last *stay
	if n := len(o.Stays); n > 0 {
		last = &o.Stays[n-1]
	}
	switch {
	case c.Do == "stay":
		o.Stays = append(o.Stays, stay{From: c.From})
	case c.Do == "unstay" && last != nil && last.Through == "" && last.From < c.From:
		last.Through = dayBefore(c.From)
	case c.Do == "lift" && o.Start < c.From && (o.End == "" || c.From <= o.End):
		o.End = dayBefore(c.From)
	case c.Do == "lift" && o.Contract != "" && c.From <= o.Start:
		o.End = dayBefore(o.Start)
	}
}

func dayBefore(d string) string { return moved(d, -1) }
func dayAfter(d string) string  { return moved(d, 1) }

func moved(d string, days int) string {
	t, _ := time.Parse(time.DateOnly, d)
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}
