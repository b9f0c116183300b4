package contract

import (
	"regexp"
	"slices"
	"strings"
)

// A body is the text of a function, without comments.
type body struct {
	line int // of its def
	text string
}

// bodies finds the functions of a sound source: they begin with def in the first column
// and end before the next line that has something else there.
func (p *Package) bodies() map[string]body {
	out, name := map[string]body{}, ""
	for i, line := range strings.Split(string(p.Source), "\n") {
		if line != "" && line[0] != ' ' && line[0] != ')' && line[0] != '#' {
			name = ""
		}
		if rest, ok := strings.CutPrefix(line, "def "); ok {
			name, _, _ = strings.Cut(rest, "(")
			name = strings.TrimSpace(name)
			out[name] = body{line: i + 1}
			_, line, _ = strings.Cut(rest, "(")
		}
		if name != "" {
			code, _, _ := strings.Cut(line, "#")
			out[name] = body{out[name].line, out[name].text + code + "\n"}
		}
	}
	return out
}

// reading compares the parameters that functions ask for with those that there are, and
// finds the functions that rest on something unconfirmed. It reads the text, so a name in a
// text counts as well: that errs toward switching off.
func (c *checker) reading() {
	bodies := c.bodies()
	used := map[string]bool{}
	c.off = map[string]bool{}
	for _, name := range c.program.Functions() {
		b := bodies[name]
		if f := c.Manifest.Function(name); f != nil && f.Unconfirmed {
			c.off[name] = true
		}
		for _, at := range parameters.FindAllStringSubmatchIndex(b.text, -1) {
			line := b.line + strings.Count(b.text[:at[0]], "\n")
			if at[2] < 0 {
				c.add("source", name, "parameter", `Write its name: parameter("days", ctx.today).`, "A parameter is asked for by a name that stands in the source.")
				c.problems[len(c.problems)-1].Line = line
				continue
			}
			asked := b.text[at[2]:at[3]]
			used[asked] = true
			row := c.Parameters.Named(asked)
			if row == nil {
				c.add("source", asked, "parameter", "Write it there, with the day from which it holds and its citation.", "There is no parameter %q.", asked)
				c.problems[len(c.problems)-1].Line = line
			}
			c.off[name] = c.off[name] || row != nil && row.Unconfirmed
		}
	}
	for _, p := range c.Parameters.Rows {
		if !used[p.Name] {
			c.add("parameters", p.Name, "unused", "Take it away, or ask for it.", "No rule asks for parameter %s.", p.Name)
		}
	}
	c.spread(bodies)
}

// spread switches functions off that call one that is.
func (c *checker) spread(bodies map[string]body) {
	names := c.program.Functions()
	for again := true; again; {
		again = false
		for _, f := range names {
			if c.off[f] {
				continue
			}
			if slices.ContainsFunc(names, func(g string) bool { return c.off[g] && calls(bodies[f].text, g) }) {
				c.off[f], again = true, true
			}
		}
	}
}

func calls(text, function string) bool {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(function) + `\b\s*\(`).MatchString(text)
}

// Text returns a function as it stands in the source, with the line on which it begins.
// Comments that stand right above it belong to it.
func (p *Package) Text(function string) (text string, line int) {
	lines := strings.Split(string(p.Source), "\n")
	def := p.bodies()[function].line
	if def == 0 {
		return "", 0
	}
	first, last := def-1, def
	for first > 0 && strings.HasPrefix(lines[first-1], "#") {
		first--
	}
	for last < len(lines) && (lines[last] == "" || lines[last][0] == ' ' || lines[last][0] == ')') {
		last++
	}
	return strings.TrimRight(strings.Join(lines[first:last], "\n"), "\n ") + "\n", def
}
