package pack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"licet/internal/contract"
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
	w.line("%s\n", w.amendments())
	if len(m.Openings) > 0 {
		w.line("Beside records, the rules read what these hold, where it is not sealed: %s.\n", strings.Join(m.Openings, ", "))
	}
	w.open()
	w.line("## The rules\n")
	for _, f := range m.Functions {
		w.rule(&f)
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

func (w *page) amendments() string {
	if s := w.Manifest.Amendments; s != nil {
		return fmt.Sprintf("New parameters bind all boards of the contract when at least %d of %d of them have signed. Everything else binds a board when it signs it.", s.Of, s.Among)
	}
	return "Nothing of it binds a board before that board has signed it; new parameters neither."
}

// open lists what nobody has confirmed.
func (w *page) open() {
	w.line("## Still to be confirmed\n")
	n := 0
	for _, f := range w.Manifest.Functions {
		if f.Unconfirmed {
			w.line("- Rule `%s` against %s", f.Name, or(f.Citation, "the law"))
			n++
		}
	}
	for _, x := range w.Parameters.Rows {
		if x.Unconfirmed {
			w.line("- Parameter `%s` against %s", x.Name, x.Citation)
			n++
		}
	}
	if n == 0 {
		w.line("Nothing: every rule and every parameter was compared with the section that it cites.\n")
		return
	}
	w.line("\nUntil then these rules, and those that rest on them, run on test networks alone.\n")
}

func (w *page) rule(f *contract.Function) {
	w.line("### %s\n", f.Name)
	w.line("%s\n", f.Words)
	if f.Citation != "" {
		w.line("Source: **%s**\n", f.Citation)
	}
	switch {
	case f.Unconfirmed:
		w.line("*Not confirmed.*\n")
	case w.RestsOnUnconfirmed(f.Name):
		w.line("*Rests on something that is not confirmed.*\n")
	}
	for _, h := range w.Manifest.Hooks {
		if h.Function == f.Name {
			w.line("Runs %s.\n", runs(&h))
		}
	}
	text, line := w.Text(f.Name)
	w.line("```python\n%s```\n", text)
	w.line("rules.star, line %d. Rests on: %s.\n", line, or(strings.Join(w.rests(text, f.Name), ", "), "nothing else"))
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
func (w *page) rests(text, self string) (out []string) {
	for _, x := range w.Parameters.Rows {
		if strings.Contains(text, strconv.Quote(x.Name)) {
			out = append(out, "parameter `"+x.Name+"`")
		}
	}
	for _, f := range w.Manifest.Functions {
		if f.Name != self && strings.Contains(text, f.Name+"(") {
			out = append(out, "`"+f.Name+"`")
		}
	}
	return out
}

func (w *page) parameters() {
	if len(w.Parameters.Rows) == 0 {
		return
	}
	w.line("## Parameters\n")
	w.line("| parameter | what it is | source | from | value |")
	w.line("|---|---|---|---|---|")
	for _, x := range w.Parameters.Rows {
		words := x.Words
		if x.Unconfirmed {
			words += " *Not confirmed.*"
		}
		for _, v := range x.Values {
			w.line("| `%s` | %s | %s | %s | %s |", x.Name, cell(words), cell(x.Citation), v.From.Long(), cell(written(x.Kind, &v)))
		}
	}
	w.line("")
}

func cell(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) }

func written(kind string, v *contract.Value) string {
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
