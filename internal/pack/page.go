package pack

import (
	"fmt"
	"strings"
)

// Page writes the page that a lawyer signs, in Markdown: each rule with its source, its
// plain words, its text and what it rests on, then the parameters, the scenarios, and what
// nobody has confirmed. It shows all that is hashed but the text of scenarios.
func (p *Pack) Page() string {
	w := &page{Pack: p}
	m := &p.Manifest
	w.line("# %s\n", m.Title)
	w.line("Contract **%s**, version %d, language %s.  \nHash, which boards sign: `%s`\n", m.Name, m.Version, m.Language, p.Hash)
	for _, r := range m.Roles {
		w.line("- *%s*: %s Professions: %s.", r.Role, r.Words, strings.Join(r.Professions, ", "))
	}
	w.line("")
	w.line("%s\n", w.AmendedBy())
	if len(m.Openings) > 0 {
		w.line("Beside records, the rules read what these hold, where it is not sealed: %s.\n", strings.Join(m.Openings, ", "))
	}
	w.open()
	w.line("## The rules\n")
	for _, r := range w.Rules() {
		w.rule(&r)
	}
	w.parameters()
	if len(m.Codes) > 0 {
		w.line("## What refusals and notices say\n")
		for _, c := range m.Codes {
			w.line("- `%s`: %s", c.Code, c.Words)
		}
		w.line("")
	}
	w.line("## What it is to do\n")
	for _, s := range p.Scenarios {
		w.line("- %s (`%s`)", s.Title, s.File)
	}
	w.line("\n## Signed\n\nI have compared the rules above with the sections that they cite.\n\nName, title, day: ______________________________")
	return w.String()
}

type page struct {
	*Pack
	strings.Builder
}

func (w *page) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// open lists what nobody has confirmed.
func (w *page) open() {
	w.line("## Still to be confirmed\n")
	open := w.Open()
	for _, x := range open {
		w.line("- %s", x)
	}
	if len(open) == 0 {
		w.line("Nothing: no rule and no parameter is marked as unconfirmed. Whoever signs says so that each was compared with the section that it cites.\n")
		return
	}
	w.line("\nUntil then these rules, and those that rest on them, run on test networks alone.\n")
}

func (w *page) rule(r *Rule) {
	w.line("### %s\n", r.Name)
	w.line("%s\n", r.Words)
	if r.Citation != "" {
		w.line("Source: **%s**\n", r.Citation)
	}
	if r.Open != "" {
		w.line("*%s*\n", r.Open)
	}
	for _, x := range r.Runs {
		w.line("Runs %s.\n", x)
	}
	w.line("```python\n%s```\n", r.Text)
	w.line("rules.star, line %d. Rests on: %s.\n", r.Line, or(strings.Join(r.Rests, ", "), "nothing else"))
}

func (w *page) parameters() {
	if len(w.Parameters.Rows) == 0 {
		return
	}
	w.line("## Parameters\n")
	w.line("| parameter | what it is | source | from | value |")
	w.line("|---|---|---|---|---|")
	for _, v := range w.Values() {
		words := v.Words
		if v.Unconfirmed {
			words += " *Not confirmed.*"
		}
		w.line("| `%s` | %s | %s | %s | %s |", v.Name, cell(words), cell(v.Citation), v.From, cell(v.Value))
	}
	w.line("")
}

func cell(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) }
