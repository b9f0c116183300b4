// Package python_test lets the verifier in Python judge all published vectors. It
// was written from docs/spec, and shares no code with ours.
package python_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python finds an interpreter that has the cryptography package.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import sys, cryptography; assert sys.version_info >= (3, 11)").Run() == nil {
			return name
		}
	}
	const reason = "there is no Python of version 3.11 with the package cryptography (Debian: python3-cryptography)"
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
	return ""
}

func TestVectors(t *testing.T) {
	out, err := exec.Command(python(t), "-B", "run_vectors.py").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log(strings.TrimSpace(string(out)))
}

// The command's exit codes are those of licet verify.
func TestCommand(t *testing.T) {
	py, vectors := python(t), "../../docs/spec/vectors"
	lines, err := os.ReadFile(filepath.Join(vectors, "bundles.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(lines), "\n")
	var v struct{ Trust, File string }
	if err := json.Unmarshal([]byte(first), &v); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	bundle, trust := filepath.Join(vectors, v.File), filepath.Join(dir, "trust.txt")
	good, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.json")
	for file, content := range map[string]string{trust: v.Trust, broken: strings.Replace(string(good), "2026-05-31", "2029-05-31", 1)} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		code  int
		says  string
		flags []string
	}{
		{0, "may practice. This proves the past", []string{bundle, "--trust", trust, "--on", "2026-05-31"}},
		{0, "may not practice: NOT RENEWED", []string{bundle, "--trust", trust, "--on", "2026-06-01"}},
		{0, ", as copied from a file of ", []string{filepath.Join(vectors, "bundles/copied-from-a-file.json"), "--trust", trust}},
		{1, "THE PROOF DOES NOT HOLD", []string{broken, "--trust", trust}},
		{2, "broken.json is no trust file", []string{bundle, "--trust", broken}},
		{2, "needs-history", []string{bundle, "--trust", trust, "--known", "2026-01-10T12:00:00Z"}},
		{2, "no.json", []string{filepath.Join(dir, "no.json"), "--trust", trust}},
		{2, "no day", []string{bundle, "--trust", trust, "--on", "tomorrow"}},
		{2, "--trust", []string{bundle}},
		{3, "is older than --max-age", []string{bundle, "--trust", trust, "--max-age", "1s"}},
	} {
		out, err := exec.Command(py, append([]string{"-B", "licet_verify.py"}, c.flags...)...).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		code := 0
		if exit != nil {
			code = exit.ExitCode()
		}
		if code != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("%v: exit code %d, not %d; says %s", c.flags[1:], code, c.code, out)
		}
	}
}
