package pack

import (
	"fmt"
	"path"
	"strings"

	"licet/internal/contract"
	"licet/license"
)

// A Text is one of the texts that boards sign, as it travels and is kept.
type Text struct {
	Part  string // PartManifest, …
	Name  string // of a scenario
	Hash  license.Hash
	Bytes []byte
}

// Parts that a text may be.
const (
	PartManifest   = "manifest"
	PartSource     = "source"
	PartParameters = "parameters"
	PartScenario   = "scenario"
)

// Named lists the texts that a manifest names, the manifest of this hash first, without
// their bytes.
func Named(manifest license.Hash, m *contract.Manifest) []Text {
	out := []Text{{Part: PartManifest, Hash: manifest}, {Part: PartSource, Hash: m.Source}}
	if m.Parameters != (license.Hash{}) {
		out = append(out, Text{Part: PartParameters, Hash: m.Parameters})
	}
	for _, s := range m.Scenarios {
		out = append(out, Text{Part: PartScenario, Name: s.Name, Hash: s.Hash})
	}
	return out
}

// Texts returns the texts of a pack, the manifest first.
func (p *Pack) Texts() []Text {
	parts := p.Parts()
	out := Named(license.HashOf(parts.Manifest), &p.Manifest)
	scenarios := p.Scenarios
	for i := range out {
		switch out[i].Part {
		case PartManifest:
			out[i].Bytes = parts.Manifest
		case PartSource:
			out[i].Bytes = parts.Source
		case PartParameters:
			out[i].Bytes = parts.Parameters
		case PartScenario:
			out[i].Bytes, scenarios = []byte(scenarios[0].text), scenarios[1:]
		}
	}
	return out
}

// Of makes a pack of texts that come from elsewhere: get returns the bytes of a hash.
// Every text must have the hash by which it is named, and the manifest the one by which
// boards adopted it; a scenario may be one that cannot be played.
func Of(hash, manifest license.Hash, get func(license.Hash) ([]byte, error)) (*Pack, error) {
	fetch := func(h license.Hash) ([]byte, error) {
		b, err := get(h)
		if err == nil && license.HashOf(b) != h {
			err = fmt.Errorf("the text that was served as %s is another one: it has hash %s", h, license.HashOf(b))
		}
		return b, err
	}
	var parts contract.Parts
	var err error
	if parts.Manifest, err = fetch(manifest); err != nil {
		return nil, err
	}
	if got := contract.HashOf(parts.Manifest); got != hash {
		return nil, fmt.Errorf("the manifest that was served is of contract %s, not of %s, which boards signed", got, hash)
	}
	m, err := contract.ReadManifest(parts.Manifest)
	if err != nil {
		return nil, err
	}
	p := new(Pack)
	for _, t := range Named(manifest, m) {
		if t.Part == PartManifest {
			continue
		}
		b, err := fetch(t.Hash)
		switch {
		case err != nil:
			return nil, err
		case t.Part == PartSource:
			parts.Source = b
		case t.Part == PartParameters:
			parts.Parameters = b
		default:
			s, _ := ParseScenario(path.Join(scenariosDir, t.Name), string(b)) // it plays as far as it can be read
			p.Scenarios = append(p.Scenarios, s)
		}
	}
	p.Package, err = contract.Parse(parts)
	return p, err
}

// Files writes a pack as authors write it, by file name. Read again, it has the same
// hash, but where its texts were made in another way than by Load: whoever keeps the
// files compares.
func (p *Pack) Files() (map[string][]byte, error) {
	files := map[string][]byte{manifestFile: manifestText(&p.Manifest), sourceFile: p.Source}
	if len(p.Parameters.Rows) > 0 {
		files[parametersFile] = parametersText(p.Parameters.Rows)
	}
	for i, s := range p.Manifest.Scenarios {
		if s.Name != path.Base(s.Name) || strings.ContainsAny(s.Name, `/\:`) || path.Ext(s.Name) != ".txtar" {
			return nil, fmt.Errorf("scenario %q has a name that no file has here", s.Name)
		}
		files[path.Join(scenariosDir, s.Name)] = []byte(p.Scenarios[i].text)
	}
	return files, nil
}

// A tomlText is TOML that is written by hand, in the order in which authors write it.
type tomlText struct{ strings.Builder }

func (w *tomlText) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// set writes a key unless its value is empty.
func (w *tomlText) set(key, value string) {
	if value != "" {
		w.line("%s = %s", key, quoted(value))
	}
}

func (w *tomlText) list(key string, values []string) {
	if len(values) > 0 {
		w.line("%s = %s", key, quotedList(values))
	}
}

func (w *tomlText) flag(key string, on bool) {
	if on {
		w.line("%s = true", key)
	}
}

// quoted writes a basic string of TOML.
func quoted(s string) string {
	var w strings.Builder
	w.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.WriteByte('\\')
			w.WriteRune(r)
		case r == '\n':
			w.WriteString(`\n`)
		case r == '\t':
			w.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&w, `\u%04X`, r)
		default:
			w.WriteRune(r)
		}
	}
	w.WriteByte('"')
	return w.String()
}

func quotedList(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = quoted(v)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// manifestText writes contract.toml.
func manifestText(m *contract.Manifest) []byte {
	w := new(tomlText)
	w.set("name", m.Name)
	w.line("version = %d", m.Version)
	w.set("title", m.Title)
	w.set("language", m.Language)
	if m.Amendments != nil {
		w.line(`amendments = "%d/%d"`, m.Amendments.Of, m.Amendments.Among)
	}
	w.list("openings", m.Openings)
	for _, r := range m.Roles {
		w.line("\n[[role]]")
		w.set("role", r.Role)
		w.set("words", r.Words)
		w.list("professions", r.Professions)
	}
	for _, h := range m.Hooks {
		w.line("\n[[hook]]")
		w.set("kind", h.Kind)
		w.list("answers", h.Answers)
		w.set("function", h.Function)
		w.set("fault", h.Fault)
		w.flag("for_each", h.ForEach)
	}
	for _, f := range m.Functions {
		w.line("\n[function.%s]", f.Name)
		w.set("citation", f.Citation)
		w.set("words", f.Words)
		w.flag("unconfirmed", f.Unconfirmed)
	}
	if len(m.Codes) > 0 {
		w.line("\n[code]")
	}
	for _, c := range m.Codes {
		w.set(c.Code, c.Words)
	}
	return []byte(w.String())
}

// parametersText writes parameters.toml.
func parametersText(rows []contract.Parameter) []byte {
	w := new(tomlText)
	for i, x := range rows {
		if i > 0 {
			w.line("")
		}
		w.line("[%s]", x.Name)
		w.set("citation", x.Citation)
		w.set("words", x.Words)
		w.flag("unconfirmed", x.Unconfirmed)
		w.line("values = [")
		for _, v := range x.Values {
			w.line("  { from = %s, value = %s },", v.From, valueText(x.Kind, &v))
		}
		w.line("]")
	}
	return []byte(w.String())
}

func valueText(kind string, v *contract.Value) string {
	switch kind {
	case contract.KindInt:
		return fmt.Sprint(v.Int)
	case contract.KindDay:
		return string(v.Day)
	case contract.KindTexts:
		return quotedList(v.Texts)
	}
	return quoted(v.Text)
}
