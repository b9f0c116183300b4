// Package e2e_test drives the pages with a real browser: the tests are those of
// pages.test.mjs, which Node's own test runner runs.
package e2e_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"licet/internal/cli"
)

const (
	runsWithin  = 4 * time.Minute
	stopsWithin = 20 * time.Second // when it did not
)

// asProgram makes this test's binary the program under test, so that whatever
// changes in it is tested anew.
const asProgram = "LICET_E2E_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	ctx, cancel := context.WithCancel(ctx)
	go func() { // who started it holds its input open, and may die without a word
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	os.Exit(cli.Run(ctx, os.Args[1:], strings.NewReader(""), os.Stdout, os.Stderr))
}

func TestPages(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes its time: not with -short")
	}
	node := tool(t, "Node.js", "NODE", "node")
	npm := tool(t, "npm", "NPM", "npm")
	browser := tool(t, "Chromium", "CHROMIUM", "chromium", "chromium-browser", "google-chrome")
	watchSources(t)
	ctx, cancel := context.WithTimeout(t.Context(), runsWithin)
	defer cancel()
	if stale(t) {
		run(ctx, t, exec.CommandContext(ctx, npm, "ci", "--no-audit", "--no-fund"))
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, node, "--test", "--test-reporter=spec", "pages.test.mjs")
	cmd.Env = append(os.Environ(), "CHROMIUM="+browser, "TMPDIR="+scratch(t))
	if os.Getenv("LICET_BIN") == "" {
		cmd.Env = append(cmd.Env, "LICET_BIN="+self, asProgram+"=1")
	}
	run(ctx, t, cmd)
}

// tool finds a program: at the path in a variable, or by one of its names. Without
// it there is nothing to test with; continuous integration must have it.
func tool(t *testing.T, what, variable string, names ...string) string {
	t.Helper()
	if path := os.Getenv(variable); path != "" {
		return path
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed; .ci/run installs it", what)
	}
	t.Skipf("%s is not installed: the pages are not tested in a browser", what)
	return ""
}

// watchSources reads what Node will read, so that go test does not answer from its
// cache when it changed.
func watchSources(t *testing.T) {
	t.Helper()
	sources, err := filepath.Glob("*.mjs")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(sources, "package.json", "package-lock.json",
		"../cmd/licet/testdata/script/alerts.txtar", "../internal/importer/testdata/chicago_invented.csv") {
		if _, err := os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
}

// stale says whether what is installed is older than what package-lock.json names.
func stale(t *testing.T) bool {
	t.Helper()
	want, err := os.Stat("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.Stat(filepath.Join("node_modules", ".package-lock.json")) // npm's last word
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err != nil || have.ModTime().Before(want.ModTime())
}

// scratch makes a directory for what browser and node write. A browser that is cut
// short may still be writing when it is removed; no test fails of that.
func scratch(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "licet-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// run runs a command to its end. When time is up it is interrupted, as by Ctrl-C,
// and what it started ends with it.
func run(ctx context.Context, t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopsWithin
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("%v did not end within %v:\n%s", cmd.Args, runsWithin, out)
	}
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	t.Logf("%s", out)
}
