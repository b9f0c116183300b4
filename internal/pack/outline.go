package pack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"licet/internal/contract"
)

// A Rule is a function as people read it: what the page that a lawyer signs, the pages
// of a node and the command line show of it.
type Rule struct {
	Name     string
	Words    string
	Citation string   // "" it only helps others
	Open     string   // why it is not confirmed; "" it is
	Runs     []string // when it runs; none: others call it
	Text     string   // as it stands in the source
	Line     int      // on which it begins
	Rests    []string // parameters and functions that it names
}

// Rules returns the rules in the order of the source.
func (p *Pack) Rules() (out []Rule) {
	for _, f := range p.Manifest.Functions {
		r := Rule{Name: f.Name, Words: f.Words, Citation: f.Citation}
		switch {
		case f.Unconfirmed:
			r.Open = "Not confirmed."
		case p.RestsOnUnconfirmed(f.Name):
			r.Open = "Rests on something that is not confirmed."
		}
		for _, h := range p.Manifest.Hooks {
			if h.Function == f.Name {
				r.Runs = append(r.Runs, runs(&h))
			}
		}
		r.Text, r.Line = p.Text(f.Name)
		r.Rests = p.rests(r.Text, f.Name)
		out = append(out, r)
	}
	return out
}

// runs says when a hook runs.
func runs(h *contract.Hook) string {
	what := strings.Join(h.Answers, ", ")
	s := map[string]string{
		contract.Before: "before " + what, contract.On: "after " + what,
		contract.OnDay: "on the day: " + strings.ReplaceAll(what, "-", " "), contract.OnTimer: "on the days that were set for: " + what,
	}[h.Kind]
	switch {
	case h.Fault == contract.FailOpen:
		s += "; should it fail, the act is recorded"
	case h.Fault == contract.FailClosed:
		s += "; should it fail, the act is refused"
	case h.ForEach:
		s += "; once for each linked license"
	}
	return s
}

// rests names the parameters and functions that a rule's text names.
func (p *Pack) rests(text, self string) (out []string) {
	for _, x := range p.Parameters.Rows {
		if strings.Contains(text, strconv.Quote(x.Name)) {
			out = append(out, "parameter `"+x.Name+"`")
		}
	}
	for _, f := range p.Manifest.Functions {
		if f.Name != self && strings.Contains(text, f.Name+"(") {
			out = append(out, "`"+f.Name+"`")
		}
	}
	return out
}

// Open says what nobody has confirmed, each in a line.
func (p *Pack) Open() (out []string) {
	for _, f := range p.Manifest.Functions {
		if f.Unconfirmed {
			out = append(out, fmt.Sprintf("Rule `%s` against %s", f.Name, or(f.Citation, "the law")))
		}
	}
	for _, x := range p.Parameters.Rows {
		if x.Unconfirmed {
			out = append(out, fmt.Sprintf("Parameter `%s` against %s", x.Name, x.Citation))
		}
	}
	return out
}

// Off names the rules that do nothing on networks that are no test networks.
func (p *Pack) Off() (out []string) {
	for _, f := range p.Manifest.Functions {
		if p.RestsOnUnconfirmed(f.Name) {
			out = append(out, f.Name)
		}
	}
	return out
}

// AmendedBy says whom new parameters bind, as a sentence.
func (p *Pack) AmendedBy() string {
	if s := p.Manifest.Amendments; s != nil {
		return fmt.Sprintf("New parameters bind all boards of the contract when at least %d of %d of them have signed. Everything else binds a board when it signs it.", s.Of, s.Among)
	}
	return "Nothing of it binds a board before that board has signed it; new parameters neither."
}

// A Value is what a parameter is from a day on.
type Value struct {
	contract.Parameter
	From  string // the day in words
	Value string
}

// Values returns the values of all parameters, by name and day.
func (p *Pack) Values() (out []Value) {
	for _, x := range p.Parameters.Rows {
		for _, v := range x.Values {
			out = append(out, Value{x, v.From.Long(), Written(x.Kind, &v)})
		}
	}
	return out
}

// Written writes a parameter's value for people.
func Written(kind string, v *contract.Value) string {
	switch kind {
	case contract.KindInt:
		return strconv.FormatInt(v.Int, 10)
	case contract.KindDay:
		return v.Day.Long()
	case contract.KindTexts:
		return strings.Join(slices.Clone(v.Texts), ", ")
	}
	return v.Text
}
