package pack

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"licet/internal/contract"
	"licet/license"
)

// kept are a pack's texts, as a network keeps them.
func kept(p *Pack) (texts map[license.Hash][]byte, manifest license.Hash) {
	texts = map[license.Hash][]byte{}
	for _, t := range p.Texts() {
		texts[t.Hash] = t.Bytes
	}
	return texts, p.Texts()[0].Hash
}

func from(texts map[license.Hash][]byte) func(license.Hash) ([]byte, error) {
	return func(h license.Hash) ([]byte, error) {
		b, ok := texts[h]
		if !ok {
			return nil, errors.New("not there")
		}
		return b, nil
	}
}

// written writes a pack into a new directory and reads it.
func written(t *testing.T, p *Pack) (*Pack, error) {
	t.Helper()
	files, err := p.Files()
	if err != nil {
		return nil, err
	}
	dir := t.TempDir()
	for name, b := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, b, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return Load(os.DirFS(dir))
}

// What a network keeps of a contract, written as authors write it, is the same contract.
func TestTextsMakeThePackAgain(t *testing.T) {
	dirs, err := filepath.Glob("../../contracts/*/contract.toml")
	if err != nil || len(dirs) < 7 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		p, err := Load(os.DirFS(filepath.Dir(dir)))
		if err != nil {
			t.Fatal(err)
		}
		texts, manifest := kept(p)
		q, err := Of(p.Hash, manifest, from(texts))
		if err != nil {
			t.Fatal(dir, err)
		}
		if q.Page() != p.Page() || !q.Test().Passed {
			t.Errorf("%s: the page or the scenarios differ", dir)
		}
		again, err := written(t, q)
		if err != nil || again.Hash != p.Hash {
			t.Errorf("%s: %v, %+v", dir, err, again)
		}
	}
}

// Whatever texts and values a contract holds, its files say the same.
func TestFilesKeepEveryValue(t *testing.T) {
	words := "Quotes \" and ' and \\, a\ttab,\na line,   a brace { and # no comment, ü."
	m := contract.Manifest{
		V: 1, Name: "all", Version: 3, Title: "All \"values\"", Language: contract.Language, Amendments: &contract.Share{Of: 2, Among: 3}, Openings: []string{license.OpeningOrder},
		Roles:     []contract.Role{{Role: "board", Words: words, Professions: []string{"nurse", "barber"}}, {Role: "other", Words: "Other.", Professions: []string{"nurse"}}},
		Hooks:     []contract.Hook{{Kind: contract.On, Answers: []string{"license.renew"}, Function: "z", ForEach: true}, {Kind: contract.Before, Answers: []string{"license.renew"}, Function: "a", Fault: contract.FailClosed}},
		Functions: []contract.Function{{Name: "z", Citation: "Act 1", Words: words, Unconfirmed: true}, {Name: "a", Citation: "Act 2", Words: "A."}},
		Codes:     []contract.Code{{Code: "1", Words: "One."}, {Code: "no-way", Words: words}},
	}
	ps := contract.Parameters{V: 1, Rows: []contract.Parameter{
		{Name: "days", Kind: contract.KindDay, Citation: "Act", Words: "Days.", Values: []contract.Value{{From: "1600-01-01", Day: "9999-12-31"}}},
		{Name: "ints", Kind: contract.KindInt, Citation: words, Words: words, Unconfirmed: true, Values: []contract.Value{{From: "2020-01-01"}, {From: "2021-01-01", Int: -5}, {From: "2022-01-01", Int: 1<<53 - 1}}},
		{Name: "lists", Kind: contract.KindTexts, Citation: "Act", Words: "Lists.", Values: []contract.Value{{From: "2020-01-01"}, {From: "2021-01-01", Texts: []string{"", words}}}},
		{Name: "texts", Kind: contract.KindText, Citation: "Act", Words: "Texts.", Values: []contract.Value{{From: "2020-01-01"}, {From: "2021-01-01", Text: words}}},
	}}
	source := "def z(ctx, act, id):\n    parameter(\"days\", ctx.today)\n    parameter(\"ints\", ctx.today)\n    parameter(\"lists\", ctx.today)\n    parameter(\"texts\", ctx.today)\n    return []\n\ndef a(ctx, act):\n    return []\n"
	built, problems := contract.Check(m, ps, []byte(source))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	again, err := written(t, &Pack{Package: built})
	if err != nil || again.Hash != built.Hash {
		t.Errorf("%v, %+v", err, again)
	}
}

// A contract that is sound is the same contract in its files, whatever words it has.
func TestFilesKeepAllWords(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		words := func(label string, most int) string {
			return rapid.StringOfN(rapid.Rune(), 1, -1, most).Filter(func(s string) bool { return license.CheckText([]byte(s)) == nil }).Draw(r, label)
		}
		m := contract.Manifest{
			V: 1, Name: "ce", Version: rapid.Int64Range(1, 1<<40).Draw(r, "version"), Title: words("title", 200), Language: contract.Language,
			Roles:     []contract.Role{{Role: "board", Words: words("role", 100), Professions: []string{"nurse"}}},
			Hooks:     []contract.Hook{{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "f", Fault: contract.FailOpen}},
			Functions: []contract.Function{{Name: "f", Citation: words("citation", 200), Words: words("function", 100)}},
			Codes:     []contract.Code{{Code: "c", Words: words("code", 100)}},
		}
		ps := contract.Parameters{V: 1, Rows: []contract.Parameter{{
			Name: "p", Kind: contract.KindTexts, Citation: words("source", 200), Words: words("parameter", 100),
			Values: []contract.Value{{From: "2020-01-01", Texts: []string{words("one", 100), words("two", 100)}}},
		}}}
		built, problems := contract.Check(m, ps, []byte("def f(ctx, act):\n    parameter(\"p\", ctx.today)\n    return []\n"))
		if len(problems) > 0 {
			r.Fatal(problems)
		}
		again, err := written(t, &Pack{Package: built})
		if err != nil || again.Hash != built.Hash {
			r.Fatalf("%v, %+v", err, again)
		}
	})
}

// Texts that are not those that boards signed are found out, whichever they are.
func TestTamperedTexts(t *testing.T) {
	p, err := Load(os.DirFS("../../contracts/us-il-rn"))
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range p.Texts() {
		texts, manifest := kept(p)
		texts[x.Hash] = append([]byte(nil), x.Bytes...)
		texts[x.Hash][len(x.Bytes)/2] ^= 1
		if _, err := Of(p.Hash, manifest, from(texts)); err == nil || !strings.Contains(err.Error(), "is another one") {
			t.Errorf("text %d: %v", i, err)
		}
		delete(texts, x.Hash)
		if _, err := Of(p.Hash, manifest, from(texts)); err == nil {
			t.Errorf("text %d is missing, and nobody says so", i)
		}
	}
	texts, manifest := kept(p)
	if _, err := Of(license.HashOf(nil), manifest, from(texts)); err == nil || !strings.Contains(err.Error(), "which boards signed") {
		t.Error(err)
	}
}

// A scenario's name is no way out of the directory.
func TestScenarioNames(t *testing.T) {
	for _, name := range []string{"../out.txtar", "/etc/x.txtar", "a/b.txtar", `..\x.txtar`, "x.sh", ".."} {
		p := &Pack{Package: &contract.Package{Manifest: contract.Manifest{Scenarios: []contract.Scenario{{Name: name}}}}, Scenarios: []*Scenario{{}}}
		if files, err := p.Files(); err == nil {
			t.Error(name, fmt.Sprint(files))
		}
	}
}
