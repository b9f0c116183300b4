package pack

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"licet/internal/contract"
	"licet/lex"
	"licet/license"
)

// The files of a pack.
const (
	manifestFile   = "contract.toml"
	parametersFile = "parameters.toml"
	sourceFile     = "rules.star"
	scenariosDir   = "scenarios"
)

// A Pack is a contract with the scenarios that say what it is to do.
type Pack struct {
	*contract.Package
	Scenarios []*Scenario
}

// A Problem is something to be mended, and where.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Rule    string `json:"rule"`
	Reason  string `json:"reason"`
	Instead string `json:"instead,omitempty"`
}

func (p Problem) Error() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
	}
	s += ": " + p.Reason
	if p.Instead != "" {
		s += " " + p.Instead
	}
	return s + " (" + p.Rule + ")"
}

// Problems are all that is wrong with a pack.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// A loader reads one directory.
type loader struct {
	files    fs.FS
	texts    map[string]string // of files that were read, by name
	problems Problems
}

// Load reads a pack and checks it. What is wrong with it is an error of type Problems;
// another error says that it could not be read.
func Load(files fs.FS) (*Pack, error) {
	l := &loader{files: files, texts: map[string]string{}}
	if err := l.list(); err != nil {
		return nil, err
	}
	m, ps := l.manifest(), l.parameters()
	source := l.read(sourceFile, lex.SourceBytesMax, true)
	p := &Pack{Scenarios: l.scenarios(&m)}
	if len(l.problems) > 0 {
		return nil, l.problems
	}
	m.Functions = inOrder(m.Functions, source)
	built, problems := contract.Check(m, ps, []byte(source))
	if len(problems) > 0 {
		return nil, l.located(problems)
	}
	p.Package = built
	return p, nil
}

// list refuses files that belong to no pack: what is not hashed is not to be taken for
// a part of what boards sign.
func (l *loader) list() error {
	found, err := fs.ReadDir(l.files, ".")
	if err != nil {
		return err
	}
	for _, f := range found {
		if n := f.Name(); n != manifestFile && n != parametersFile && n != sourceFile && n != scenariosDir && n != "README.md" && n[0] != '.' {
			l.add(Problem{File: n, Rule: "file", Reason: "This is no file of a pack.", Instead: "Packs hold contract.toml, rules.star, parameters.toml, scenarios/ and README.md."})
		}
	}
	return nil
}

func (l *loader) add(p Problem) { l.problems = append(l.problems, p) }

// read returns a file's text, "" with a problem where it cannot.
func (l *loader) read(name string, bytesMax int64, needed bool) string {
	info, err := fs.Stat(l.files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !needed:
		return ""
	case errors.Is(err, fs.ErrNotExist):
		l.add(Problem{File: name, Rule: "file", Reason: "The file is missing.", Instead: "docs/contracts.md shows what stands in it."})
		return ""
	case err == nil && (info.IsDir() || info.Size() > bytesMax):
		l.add(Problem{File: name, Rule: "size", Reason: fmt.Sprintf("The file has %d bytes; %d are the most.", info.Size(), bytesMax)})
		return ""
	}
	b, err := fs.ReadFile(l.files, name)
	if err == nil {
		err = license.CheckText(b)
	}
	if err != nil {
		l.add(Problem{File: name, Rule: "file", Reason: fmt.Sprintf("The file cannot be read: %v.", err)})
		return ""
	}
	l.texts[name] = string(b)
	return string(b)
}

// manifestTOML is contract.toml.
type manifestTOML struct {
	Name       string                  `toml:"name"`
	Version    int64                   `toml:"version"`
	Title      string                  `toml:"title"`
	Language   string                  `toml:"language"`
	Amendments string                  `toml:"amendments"` // "2/3"
	Openings   []string                `toml:"openings"`
	Role       []roleTOML              `toml:"role"`
	Hook       []hookTOML              `toml:"hook"`
	Function   map[string]functionTOML `toml:"function"`
	Code       map[string]string       `toml:"code"`
}

type roleTOML struct {
	Role        string   `toml:"role"`
	Words       string   `toml:"words"`
	Professions []string `toml:"professions"`
}

type hookTOML struct {
	Kind     string   `toml:"kind"`
	Answers  []string `toml:"answers"`
	Function string   `toml:"function"`
	Fault    string   `toml:"fault"`
	ForEach  bool     `toml:"for_each"`
}

type functionTOML struct {
	Citation    string `toml:"citation"`
	Words       string `toml:"words"`
	Unconfirmed bool   `toml:"unconfirmed"`
}

func (l *loader) manifest() (m contract.Manifest) {
	var t manifestTOML
	if !l.toml(manifestFile, l.read(manifestFile, contract.ManifestBytesMax, true), &t) {
		return m
	}
	m = contract.Manifest{V: 1, Name: t.Name, Version: t.Version, Title: t.Title, Language: t.Language, Openings: t.Openings}
	if t.Amendments != "" {
		m.Amendments = new(contract.Share)
		if n, err := fmt.Sscanf(t.Amendments, "%d/%d", &m.Amendments.Of, &m.Amendments.Among); n != 2 || err != nil {
			m.Amendments = new(contract.Share) // the check says what to write
		}
	}
	for _, r := range t.Role {
		m.Roles = append(m.Roles, contract.Role(r))
	}
	for _, h := range t.Hook {
		m.Hooks = append(m.Hooks, contract.Hook(h))
	}
	for _, name := range slices.Sorted(maps.Keys(t.Function)) {
		f := t.Function[name]
		m.Functions = append(m.Functions, contract.Function{Name: name, Citation: f.Citation, Words: f.Words, Unconfirmed: f.Unconfirmed})
	}
	for _, code := range slices.Sorted(maps.Keys(t.Code)) {
		m.Codes = append(m.Codes, contract.Code{Code: code, Words: t.Code[code]})
	}
	return m
}

// inOrder puts the rows of functions in the order of the source; those that it lacks last.
func inOrder(rows []contract.Function, source string) []contract.Function {
	at := func(f contract.Function) int {
		i := strings.Index("\n"+source, "\ndef "+f.Name+"(")
		if i < 0 {
			return len(source)
		}
		return i
	}
	return slices.SortedStableFunc(slices.Values(rows), func(a, b contract.Function) int { return at(a) - at(b) })
}

// toml reads a file, and says at which lines it is wrong.
func (l *loader) toml(name, text string, into any) bool {
	if text == "" {
		return false
	}
	err := toml.NewDecoder(strings.NewReader(text)).DisallowUnknownFields().Decode(into)
	var unknown *toml.StrictMissingError
	var bad *toml.DecodeError
	switch {
	case err == nil:
		return true
	case errors.As(err, &unknown):
		for _, e := range unknown.Errors {
			line, _ := e.Position()
			l.add(Problem{File: name, Line: line, Rule: "key", Reason: fmt.Sprintf("There is no key %s here.", strings.Join(e.Key(), ".")), Instead: "docs/contracts.md lists the keys."})
		}
	case errors.As(err, &bad):
		line, _ := bad.Position()
		l.add(Problem{File: name, Line: line, Rule: "toml", Reason: "This is not TOML as it is read here: " + strings.TrimPrefix(bad.Error(), "toml: ") + "."})
	default:
		l.add(Problem{File: name, Rule: "toml", Reason: fmt.Sprintf("This is not TOML as it is read here: %v.", err)})
	}
	return false
}

// scenarios reads the scenarios and names them in the manifest.
func (l *loader) scenarios(m *contract.Manifest) (out []*Scenario) {
	names, err := fs.Glob(l.files, scenariosDir+"/*")
	if err != nil {
		return nil
	}
	for _, name := range names {
		if path.Ext(name) != ".txtar" {
			l.add(Problem{File: name, Rule: "file", Reason: "This is no scenario.", Instead: "Scenarios end with .txtar."})
			continue
		}
		text := l.read(name, contract.ScenarioBytesMax, true)
		m.Scenarios = append(m.Scenarios, contract.Scenario{Name: path.Base(name), Hash: license.HashOf([]byte(text))})
		s, problems := ParseScenario(name, text)
		l.problems = append(l.problems, problems...)
		out = append(out, s)
	}
	return out
}

// located finds the lines to which problems of a contract belong.
func (l *loader) located(ps []contract.Problem) (out Problems) {
	files := map[string]string{"manifest": manifestFile, "parameters": parametersFile, "source": sourceFile, "scenarios": scenariosDir}
	for _, p := range ps {
		q := Problem{File: files[p.Part], Line: p.Line, Rule: p.Rule, Reason: p.Reason, Instead: p.Instead}
		if q.Line == 0 && p.About != "" {
			q.Line = lineOf(l.texts[q.File], p.About)
		}
		out = append(out, q)
	}
	return out
}

// lineOf finds where a name is set, or at least stands; 0: nowhere.
func lineOf(text, about string) (at int) {
	for i, line := range strings.Split(text, "\n") {
		bare := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(bare, "["+about+"]"), strings.HasPrefix(bare, "[function."+about+"]"), strings.HasPrefix(bare, about+" ="), strings.HasPrefix(bare, about+"="):
			return i + 1
		case at == 0 && strings.Contains(bare, strconv.Quote(about)):
			at = i + 1
		}
	}
	return at
}
