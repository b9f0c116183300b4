package licet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// floors lists our packages from the ground up. A package imports those alone that
// stand below its own line: the promise at the bottom can then be read and checked
// without anything that is above it.
var floors = [][]string{
	{"strict", "phrase", "lex", "contracts"},
	{"license"},
	{"tx"},
	{"proof"},
	{"internal/roster", "internal/spelling", "internal/contract"},
	{"internal/ledger/trie", "internal/keys", "internal/wording", "internal/digest", "internal/importer", "internal/sim/check", "internal/synthetic", "internal/pack"},
	{"internal/ledger", "internal/auditor"},
	{"internal/lookup", "internal/node", "internal/demo", "internal/sim", "internal/rehearse", "verifiers/python"},
	{"internal/answer", "internal/ledgertest", "internal/matching"},
	{"internal/export"},
	{"internal/api", "internal/web"},
	{"internal/host"},
	{"internal/cli"},
	{"cmd/licet", "e2e"},
}

// A ban forbids direct imports to packages, and says why.
type ban struct {
	of     []string // imports, or the beginnings of their paths that end with a slash
	inside []string // our packages; "" all
	except []string
	why    string
}

var bans = []ban{
	{
		of:     []string{"encoding/json"},
		inside: []string{"strict", "license", "tx", "proof", "internal/contract", "internal/ledger", "internal/ledger/trie", "internal/auditor"},
		why:    "it takes repeated names, other cases and bad UTF-8: nothing that is signed, hashed or proved is read with it",
	},
	{
		of:     []string{"math/rand", "math/rand/v2", "crypto/rand", "net", "net/http", "os", "context", "log", "log/slog"},
		inside: []string{"strict", "license", "lex", "internal/contract"},
		why:    "the law takes values and returns values; every member must get the same bytes",
	},
	{
		of:     []string{"time", "unicode", "maps", "sort", "encoding/json", "go.starlark.net/starlark"},
		inside: []string{"lex"},
		why:    "a contract gives the same result on every machine and with every version of Go",
	},
	{
		of:     []string{"go.starlark.net/"},
		inside: []string{""}, except: []string{"lex"},
		why: "contracts are read in one room; the evaluator is ours",
	},
	{
		of:     []string{"math/rand", "math/rand/v2", "crypto/rand", "net", "net/http", "log", "log/slog"},
		inside: []string{"tx", "proof", "internal/ledger", "internal/ledger/trie"},
		why:    "the way from a block to its app hash reads no chance and no network",
	},
	{
		of:     []string{"fmt"},
		inside: []string{"strict", "phrase", "license", "tx", "proof"},
		why:    "it would be a thirtieth of the verifier that browsers load; phrase writes sentences",
	},
	{
		of:     []string{"github.com/cometbft/", "github.com/cosmos/"},
		inside: []string{""}, except: []string{"internal/node"},
		why: "the engine has one room, so that it can be exchanged",
	},
	{
		of:     []string{"github.com/cockroachdb/pebble/"},
		inside: []string{""}, except: []string{"internal/ledger", "internal/ledger/trie", "internal/node", "internal/host", "internal/auditor", "internal/ledgertest", "internal/sim"},
		why: "the registry's store is read through the ledger",
	},
	{
		of:     []string{"modernc.org/", "database/sql"},
		inside: []string{""}, except: []string{"internal/lookup"},
		why: "the readable copy decides nothing, and stays exchangeable",
	},
	{
		of:     []string{"github.com/alecthomas/kong"},
		inside: []string{""}, except: []string{"internal/cli"},
		why: "commands are parsed in one place",
	},
	{
		of:     []string{"testing", "licet/internal/ledgertest", "pgregory.net/rapid"},
		inside: []string{""}, except: []string{"internal/ledgertest"},
		why: "what serves tests is not shipped",
	},
	{
		of:     []string{"C", "plugin"},
		inside: []string{""},
		why:    "one static binary, the same on every machine",
	},
}

// small are the packages whose outside imports are all named: a verifier's.
var small = map[string][]string{
	"strict":  nil,
	"phrase":  nil,
	"lex":     {"go.starlark.net/resolve", "go.starlark.net/syntax"},
	"license": nil,
	"tx":      {"golang.org/x/mod/sumdb/tlog"},
	"proof":   {"golang.org/x/mod/sumdb/note", "golang.org/x/mod/sumdb/tlog"},

	"internal/contract": nil, // every node runs it on what decides
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func ourPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var ps []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath != "licet" {
			ps = append(ps, p)
		}
	}
}

func floorOf(name string) int {
	return slices.IndexFunc(floors, func(f []string) bool { return slices.Contains(f, name) })
}

func TestArrowsPointDown(t *testing.T) {
	for _, p := range ourPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, "licet/")
		at := floorOf(name)
		if at < 0 {
			t.Errorf("%s stands on no floor: add it to floors, as low as its imports let it", name)
			continue
		}
		for _, i := range p.Imports {
			if below, ours := strings.CutPrefix(i, "licet/"); ours && floorOf(below) >= at {
				t.Errorf("%s imports %s, which does not stand below it", name, below)
			}
		}
	}
}

func TestBans(t *testing.T) {
	for _, p := range ourPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, "licet/")
		for _, i := range p.Imports {
			for _, b := range bans {
				if b.forbids(name, i) {
					t.Errorf("%s imports %s: %s", name, i, b.why)
				}
			}
			if may, ok := small[name]; ok && strings.Contains(strings.Split(i, "/")[0], ".") && !slices.Contains(may, i) {
				t.Errorf("%s imports %s: whoever checks a proof must be able to read all of what checks it", name, i)
			}
		}
	}
}

func (b *ban) forbids(name, path string) bool {
	if !slices.Contains(b.inside, name) && !slices.Contains(b.inside, "") || slices.Contains(b.except, name) {
		return false
	}
	return slices.ContainsFunc(b.of, func(of string) bool {
		return of == path || strings.HasSuffix(of, "/") && strings.HasPrefix(path, of)
	})
}

// eachFile walks what we wrote.
func eachFile(t *testing.T, do func(path string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || name == "node_modules" || name == "bin" || name == "vectors" || strings.HasPrefix(name, ".") && name != "."):
			return fs.SkipDir
		case !d.IsDir():
			do(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoDrawers(t *testing.T) {
	drawers := regexp.MustCompile(`^(utils?|common|helpers?|types|misc|shared)(_test)?\.go$`)
	eachFile(t, func(path string) {
		if drawers.MatchString(filepath.Base(path)) || slices.ContainsFunc(strings.Split(filepath.Dir(path), "/"), func(d string) bool { return drawers.MatchString(d + ".go") }) {
			t.Errorf("%s: name it after what it holds", path)
		}
	})
}

// linesMax is the length that no function passes, outside of tests.
const linesMax = 70

func TestFunctionsAreShort(t *testing.T) {
	files := token.NewFileSet()
	eachFile(t, func(path string) {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				if n := files.Position(fn.End()).Line - files.Position(fn.Pos()).Line + 1; n > linesMax {
					t.Errorf("%s: %s has %d lines; %d are the most", files.Position(fn.Pos()), fn.Name.Name, n, linesMax)
				}
			}
		}
	})
}

// british are beginnings of words that Americans spell otherwise.
var british = []string{
	"analys(e|ing)\\b", "authoris", "behaviour", "canonicalis", "catalogue", "centre\\b", "colour", "defence", "favour", "fulfil\\b", "grey\\b", "honour", "initialis",
	"judgement", "labelled\\b", "licence", "modelled", "neighbour", "normalis", "offence", "optimis(e|ing|ation)", "organis", "practise", "programme\\b", "recognis", "serialis",
	"signalled", "summaris", "synchronis", "travell(ed|ing)", "utilis", "whilst",
}

func TestAmericanSpelling(t *testing.T) {
	words := regexp.MustCompile(fmt.Sprintf(`(?i)\b\w*(%s)\w*`, strings.Join(british, "|")))
	eachFile(t, func(path string) {
		if ext := filepath.Ext(path); path == "floors_test.go" || !slices.Contains([]string{".go", ".md", ".html", ".tmpl", ".sql", ".toml"}, ext) {
			return
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			return
		}
		for n, line := range strings.Split(string(text), "\n") {
			if w := words.FindString(line); w != "" {
				t.Errorf("%s:%d: %q is not how we spell it", path, n+1, w)
			}
		}
	})
}
