package pack

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// The contract that the guide writes is sound, and does what its scenario says.
func TestGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/contracts.md")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for i, block := range strings.Split(string(guide), "```") {
		language, text, _ := strings.Cut(block, "\n")
		name := ""
		switch {
		case i%2 == 0: // between two blocks
		case language == "python":
			name = sourceFile
		case language == "toml" && files[manifestFile] == nil:
			name = manifestFile
		case language == "toml" && files[parametersFile] == nil: // the next one is a policy
			name = parametersFile
		case strings.Contains(text, "-- story --"):
			name = scenariosDir + "/late.txtar"
		}
		if name != "" {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	if r := p.Test(); !r.Passed || len(r.Unused) > 0 || p.Manifest.Name != "rn-late" {
		t.Errorf("%+v", r)
	}
}
