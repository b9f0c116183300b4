package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"licet/internal/keys"
)

// How much a newer file costs, beside the first one: go test ./cmd/licet -run TestDeltaCost
// -v -delta 50000.
var (
	deltaLicenses = flag.Int("delta", 0, "licenses of TestDeltaCost; 0: it is left out")
	deltaChanged  = flag.Int("deltachanged", 100, "one row in so many of the newer file is changed")
)

// deltaPercentMax is what a newer file with one row in a hundred changed may cost, of
// what the first import did.
const deltaPercentMax = 5

// TestDeltaCost imports a made-up roster and then one with a few rows changed, and
// counts the processor's time that importer and node take for each.
func TestDeltaCost(t *testing.T) {
	if *deltaLicenses == 0 || runtime.GOOS != "linux" {
		t.Skip("say how many licenses with -delta N, on Linux")
	}
	d := newDaily(t, *deltaLicenses)
	full := d.costs(func() { d.imports(d.file) })
	next := filepath.Join(d.dir, "next.csv")
	d.next(next, *deltaChanged)
	delta := d.costs(func() {
		c := d.imports(next)
		if c.Asserted == 0 || c.Refused+c.Quarantined != d.first.Refused+d.first.Quarantined || c.Vanished != 0 {
			t.Errorf("the newer file: %+v, the first one %+v", c, d.first)
		}
	})
	same := d.costs(func() { d.imports(next) })
	percent := 100 * delta.Seconds() / full.Seconds()
	t.Logf("%d licenses: full import %v, with one row in %d changed %v (%.1f %%), the same file again %v", *deltaLicenses, full, *deltaChanged, delta, percent, same)
	if percent > deltaPercentMax {
		t.Errorf("the newer file costs %.1f %% of the full import, and may cost %d %%", percent, deltaPercentMax)
	}
}

// A daily is a network into which a roster is imported again and again.
type daily struct {
	*victim
	dir, file, mapping, key, member string
	first                           counted
	importer                        time.Duration // processor's time of the imports
}

// A counted import says what became of its rows.
type counted struct{ Asserted, Unchanged, Refused, Quarantined, Vanished int }

func newDaily(t *testing.T, licenses int) *daily {
	t.Helper()
	d := &daily{victim: &victim{t: t, home: t.TempDir()}, dir: t.TempDir()}
	d.start("--name", "test/daily", "--member", "one=One", "--board", "us-il=Illinois")
	d.mustServe()
	d.file, d.mapping = filepath.Join(d.dir, "roster.csv"), filepath.Join(d.dir, "map.toml")
	d.key, d.member = filepath.Join(d.dir, "importer.key"), filepath.Join(d.home, "keys", "member-one-root.key")
	d.run("demo-data", "--mapping", "-o", d.mapping)
	d.run("demo-data", "--licenses", strconv.Itoa(licenses), "-o", d.file)
	d.run("keys", "new", "--for", "officer us-il-synthetic/importer", "-o", d.key)
	return d
}

// command is the program with arguments, against the node.
func (d *daily) command(args ...string) *exec.Cmd {
	d.t.Helper()
	program, err := exec.LookPath("licet")
	if err != nil {
		d.t.Fatal(err)
	}
	c := exec.CommandContext(d.t.Context(), program, args...)
	c.Env = append(os.Environ(), keys.EnvPassphrase+"="+killPhrase, "LICET_SERVER="+d.url, "XDG_CACHE_HOME="+filepath.Join(d.dir, "cache"))
	c.Dir = d.dir
	return c
}

func (d *daily) run(args ...string) []byte {
	d.t.Helper()
	c := d.command(args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		d.t.Fatalf("licet %v: %v\n%s", args, err, &stderr)
	}
	d.importer += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	return stdout.Bytes()
}

func (d *daily) importArgs(file string, more ...string) []string {
	args := append([]string{"import", file, "--map", d.mapping, "--key", d.key, "--json"}, more...)
	if d.first == (counted{}) {
		args = append(args, "--member-key", d.member)
	}
	return args
}

// imports imports a file.
func (d *daily) imports(file string, more ...string) (c counted) {
	d.t.Helper()
	out := d.run(d.importArgs(file, more...)...)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n") // before the last: how the board was brought in
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &c); err != nil {
		d.t.Fatalf("%v: %s", err, out)
	}
	if d.first == (counted{}) {
		d.first = c
	}
	return c
}

// costs measures the processor's time of importer and node.
func (d *daily) costs(do func()) time.Duration {
	d.t.Helper()
	importer, node := d.importer, d.nodeTime()
	do()
	d.get("/v1/boards/us-il-synthetic/files", nil) // it waits for the lookup, which is part of the work
	d.t.Logf("importer %v, node %v", d.importer-importer, d.nodeTime()-node)
	return d.importer - importer + d.nodeTime() - node
}

// nodeTime is the processor's time that the node took, from /proc.
func (d *daily) nodeTime() time.Duration {
	d.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.cmd.Process.Pid))
	if err != nil {
		d.t.Fatal(err)
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, err := strconv.ParseInt(f[11], 10, 64)
	system, err2 := strconv.ParseInt(f[12], 10, 64)
	if err != nil || err2 != nil {
		d.t.Fatal(err, err2)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

// next writes the roster as the day after might have it: one row in so many is of
// another city.
func (d *daily) next(path string, oneIn int) {
	d.t.Helper()
	b, err := os.ReadFile(d.file)
	if err != nil {
		d.t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		d.t.Fatal(err)
	}
	city := slices.Index(rows[0], "City")
	for i, r := range rows[1:] {
		if i%oneIn == oneIn/2 {
			r[city] = "Newtown"
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.WriteAll(rows); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		d.t.Fatal(err)
	}
}
