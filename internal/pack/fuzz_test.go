package pack

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/strict"
)

// FuzzContract: what reads as a contract is stored as it was, byte for byte, and has one
// hash; whatever does not is refused. Each text is tried as it is, and as one that the
// manifest names.
func FuzzContract(f *testing.F) {
	for _, name := range packs(f) {
		p, err := Load(os.DirFS(filepath.Join(shipped, name)))
		if err != nil {
			f.Fatal(err)
		}
		parts := p.Parts()
		f.Add(parts.Manifest, parts.Parameters, parts.Source)
	}
	f.Fuzz(func(t *testing.T, manifest, parameters, source []byte) {
		checkParse(t, contract.Parts{Manifest: manifest, Parameters: parameters, Source: source})
		var m contract.Manifest
		var ps contract.Parameters
		if strict.Decode(manifest, &m, contract.ManifestBytesMax) == nil &&
			(len(parameters) == 0 || strict.Decode(parameters, &ps, contract.ParametersBytesMax) == nil) {
			checkParse(t, contract.Seal(m, ps, source))
		}
	})
}

func checkParse(t *testing.T, parts contract.Parts) {
	t.Helper()
	p, err := contract.Parse(parts)
	if err != nil {
		if p != nil || strings.TrimSpace(err.Error()) == "" {
			t.Fatalf("refused with %v, %q", p, err)
		}
		return
	}
	again := p.Parts()
	if !bytes.Equal(again.Manifest, parts.Manifest) || !bytes.Equal(again.Parameters, parts.Parameters) || !bytes.Equal(again.Source, parts.Source) {
		t.Fatalf("stored as %s %s", again.Manifest, again.Parameters)
	}
	if p.Hash != contract.HashOf(parts.Manifest) {
		t.Fatal("another hash")
	}
	for _, fn := range p.Manifest.Functions {
		if text, line := p.Text(fn.Name); line == 0 || !strings.Contains(text, "def") {
			t.Fatalf("function %s has no text", fn.Name)
		}
	}
	page := (&Pack{Package: p}).Page()
	if !strings.Contains(page, p.Hash.String()) {
		t.Fatal("the page to sign lacks the hash")
	}
}

// FuzzParseScenario: a scenario reads, or each mistake has its line and a reason.
func FuzzParseScenario(f *testing.F) {
	for _, name := range packs(f) {
		files, err := fs.Glob(os.DirFS(shipped), name+"/scenarios/*.txtar")
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(filepath.Join(shipped, file))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(b))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, problems := ParseScenario("a.txtar", text)
		lines := strings.Count(text, "\n") + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Reason == "" || p.File != "a.txtar" {
				t.Fatalf("a mistake without its place or reason: %+v", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		if s.Title == "" || len(s.Story) == 0 {
			t.Fatalf("%q passes", text)
		}
		if !slices.IsSortedFunc(s.Story, func(a, b step) int { return strings.Compare(string(a.day), string(b.day)) }) {
			t.Fatal("the story goes back in time")
		}
	})
}
