package contract

import (
	"slices"
	"strings"

	"licet/lex"
)

// reading compares the parameters that functions ask for with those that there are, and
// finds the functions that rest on something unconfirmed.
func (c *checker) reading() {
	used := map[string]bool{}
	c.off = map[string]bool{}
	for _, name := range c.program.Functions() {
		if f := c.Manifest.Function(name); f != nil && f.Unconfirmed {
			c.off[name] = true
		}
		for _, s := range c.program.Sites(name) {
			if s.Name == "parameter" {
				used[s.Text] = true
				c.off[name] = c.asks(name, &s) || c.off[name]
			}
		}
	}
	for _, p := range c.Parameters.Rows {
		if !used[p.Name] {
			c.add("parameters", p.Name, "unused", "Take it away, or ask for it.", "No rule asks for parameter %s.", p.Name)
		}
	}
	c.spread()
}

// asks checks a call of parameter, and says whether it asks for one that is unconfirmed.
func (c *checker) asks(function string, s *lex.Site) bool {
	row := c.Parameters.Named(s.Text)
	switch {
	case !s.Literal:
		c.add("source", function, "parameter", `Write its name: parameter("days", ctx.today).`, "A parameter is asked for by a name that stands in the source.")
	case row == nil:
		c.add("source", s.Text, "parameter", "Write it there, with the day from which it holds and its citation.", "There is no parameter %q.", s.Text)
	default:
		return row.Unconfirmed
	}
	c.problems[len(c.problems)-1].Line = s.Line
	return false
}

// spread switches functions off that call one that is.
func (c *checker) spread() {
	for again := true; again; {
		again = false
		for _, f := range c.program.Functions() {
			if !c.off[f] && slices.ContainsFunc(c.program.Sites(f), func(s lex.Site) bool { return c.off[s.Name] }) {
				c.off[f], again = true, true
			}
		}
	}
}

// Text returns a function as it stands in the source, with the line on which it begins.
// Comments that stand right above it belong to it.
func (p *Package) Text(function string) (text string, line int) {
	def, last := p.program.Span(function)
	if def == 0 {
		return "", 0
	}
	lines := strings.Split(string(p.Source), "\n")
	first := def - 1
	for first > 0 && strings.HasPrefix(lines[first-1], "#") {
		first--
	}
	return strings.Join(lines[first:last], "\n") + "\n", def
}
