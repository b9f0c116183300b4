package importer

import (
	"slices"
	"strings"
	"testing"

	"licet/license"
)

const endsMapping = small + `
[order]
action = "measure"
since = "begun"
through = "ended"
case = "case"
[order.words]
Probation = { authority = "conditions", action = "probation" }
`

// endsRows writes a file of a day: a row for each end of the order of a case.
func endsRows(day string, ends ...string) []byte {
	out := "no,from,last,since,measure,begun,ended,case\n"
	for _, end := range ends {
		c, end, _ := strings.Cut(end, ":")
		out += "A-001,2026-01-01,Sampleson," + day + ",Probation,2026-02-01," + end + "," + c + "\n"
	}
	return []byte(out)
}

func orderEnds(h *Held) (out []license.Day) {
	for _, o := range h.Record.Orders {
		out = append(out, o.End)
	}
	return out
}

func noteRules(notes []Flaw) (out []string) {
	for _, f := range notes {
		out = append(out, f.Rule)
	}
	return out
}

// A newer file gives an order that stands the end that it tells; none takes an end away.
func TestEndOfAnOrderThatStands(t *testing.T) {
	d := newDesk(t, mapping(t, endsMapping))
	const id = "us-xx.nurse.A-001"
	for i, c := range []struct {
		day      string
		rows     []string
		asserted int64
		ends     []license.Day
		notes    string
	}{
		{"2026-03-01", []string{"C1:"}, 1, []license.Day{""}, ""},
		{"2026-03-02", []string{"C1:2026-06-30"}, 1, []license.Day{"2026-06-30"}, ""},
		{"2026-03-02", []string{"C1:2026-06-30"}, 0, []license.Day{"2026-06-30"}, ""},
		{"2026-03-03", []string{"C1:2026-05-31"}, 1, []license.Day{"2026-05-31"}, ""},
		{"2026-03-04", []string{"C1:"}, 0, []license.Day{"2026-05-31"}, NoteOrderEnd},
		{"2026-03-04", []string{"C1:"}, 0, []license.Day{"2026-05-31"}, NoteOrderEnd},
		{"2026-03-05", []string{"C1:2026-05-31", "C2:"}, 1, []license.Day{"2026-05-31", ""}, ""},
		{"2026-03-06", []string{"C1:2026-05-31", "C2:2026-04-30"}, 1, []license.Day{"2026-05-31", "2026-04-30"}, ""},
		{"2026-03-07", []string{"C1:2026-05-30", "C1:2026-05-29", "C2:2026-04-30"}, 0, []license.Day{"2026-05-31", "2026-04-30"}, NoteOrderEnd + " " + NoteOrderEnd},
		{"2026-03-08", []string{"C3:2026-05-30", "C3:"}, 1, []license.Day{"2026-05-31", "2026-04-30", "2026-05-30"}, NoteOrderEnd},
		{"2026-03-08", []string{"C3:2026-05-30", "C3:"}, 0, []license.Day{"2026-05-31", "2026-04-30", "2026-05-30"}, NoteOrderEnd},
	} {
		r := d.imports(endsRows(c.day, c.rows...))
		var notes []string
		for _, x := range r.noted {
			notes = append(notes, noteRules(x.Notes)...)
		}
		if r.Asserted != c.asserted || r.Refused != 0 || strings.Join(notes, " ") != c.notes {
			t.Errorf("%d: %+v, %v", i, r.Summary, r.noted)
		}
		if got := orderEnds(d.held(id)); !slices.Equal(got, c.ends) {
			t.Errorf("%d: %v, not %v", i, got, c.ends)
		}
	}
	for day, want := range map[license.Day]string{"2026-05-31": license.MayWithLimits, "2026-06-01": license.MayPractice} {
		if s := d.standing(id, day); s.Authority != want {
			t.Errorf("%s: %+v", day, s)
		}
	}
}

// What the board itself decided about an order stands, and so does what a newer file told.
func TestEndOfAnOrderIsNotOverruled(t *testing.T) {
	d := newDesk(t, mapping(t, endsMapping))
	const id = "us-xx.nurse.A-001"
	d.imports(endsRows("2026-03-05", "C1:2026-06-30"))
	st := newStanding(d.held(id), license.Hash{})
	st.license.Source = license.SourceImport
	row := func(end license.Day) Row {
		o := &Ordered{OrderWord: d.m.Order.Words["Probation"], Word: "Probation", From: "2026-02-01", Through: end, Case: "C1"}
		return Row{Order: o}
	}
	for _, c := range []struct {
		name    string
		options Options
		copied  []Copied
		older   bool
		note    string
	}{
		{"a newer file", Options{Day: "2026-03-05"}, st.copied, false, ""},
		{"an older list", Options{Day: "2026-03-04"}, st.copied, false, "older-file"},
		{"a list older than the last one", Options{Day: "2026-03-06", Memory: &Memory{Mark: Mark{Day: "2026-03-07"}}}, st.copied, false, "older-file"},
		{"an older roster", Options{Day: "2026-03-06", Newest: "2026-03-07"}, st.copied, true, "older-file"},
		{"the board lifted it", Options{Day: "2026-03-06"}, []Copied{{Day: "2026-03-05"}}, false, NoteOrderEnd},
	} {
		r, s := row("2026-07-31"), *st
		s.copied = c.copied
		p := &planner{src: &Source{Mapping: d.m, mapper: &mapper{Mapping: d.m}}, opts: c.options, older: c.older}
		if err := p.end(&r, &licenseRows{st: &s}); err != nil || strings.Join(noteRules(r.Notes), " ") != c.note || (r.Order.revises != "") != (c.note == "") {
			t.Errorf("%s: %v, %+v", c.name, err, r)
		}
		r = row("")
		if c.note != "" { // it is not said that what tells nothing is left out
			if err := p.end(&r, &licenseRows{st: &s}); err != nil || len(r.Notes) > 0 {
				t.Errorf("%s, without an end: %v, %+v", c.name, err, r.Notes)
			}
		}
	}
}

// Of orders whose documents are withheld, one that alone can be meant gets its end.
func TestEndOfAWithheldOrder(t *testing.T) {
	d := newDesk(t, mapping(t, endsMapping))
	d.imports(endsRows("2026-03-05", "C1:"))
	h := d.held("us-xx.nurse.A-001")
	h.Openings = nil
	end := func(st *standing) (Row, error) {
		r := Row{Order: &Ordered{OrderWord: d.m.Order.Words["Probation"], Word: "Probation", From: "2026-02-01", Through: "2026-06-30", Case: "C1"}}
		p := &planner{src: &Source{Mapping: d.m, mapper: &mapper{Mapping: d.m}}, opts: Options{Day: "2026-03-06"}}
		err := p.end(&r, &licenseRows{st: st})
		return r, err
	}
	if r, err := end(newStanding(h, license.Hash{})); err != nil || r.Order.revises != h.Record.Orders[0].ID || len(r.Notes) > 0 {
		t.Errorf("%v, %+v", err, r)
	}
	other := h.Record.Orders[0]
	other.ID = "00000000000000000000000000000002"
	h.Record.Orders = append(h.Record.Orders, other)
	if r, err := end(newStanding(h, license.Hash{})); err != nil || r.Order.revises != "" || len(r.Notes) != 1 || r.Notes[0].Rule != NoteOrderEnd {
		t.Errorf("%v, %+v", err, r)
	}
}
