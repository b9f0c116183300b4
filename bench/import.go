package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"licet/internal/synthetic"
)

// A synthetic roster imported as a member would: the program's import command
// against the program's node, both on this machine, 500 acts a transaction, through
// consensus and into the lookup. The peer is PostgreSQL, which afterwards takes the
// same licenses and the same history.

// imported is a directory with a node's home that holds a roster, and what it took
// to bring it in. Searches and deltas go on from it.
type imported struct {
	program  program
	dir      string
	Licenses int
	Rows     int // of the roster
	Acts     int
	Recorded time.Duration // from the start of the import
	Found    time.Duration // likewise, until the lookup answers
	Importer usage
	Node     usage
	Peak     float64 // MiB
	Restart  series  // seconds
	Deltas   int     // imported since
}

func imports(b *bench) {
	b.showYardstick()
	x := b.importRoster()
	fmt.Printf("  %d licenses in %d rows, %d acts\n", x.Licenses, x.Rows, x.Acts)
	row("acts until recorded, with reading the file", series{perSecond(x.Acts, x.Recorded)}, "/s", "")
	row("acts until the lookup answers", series{perSecond(x.Acts, x.Found)}, "/s", "")
	row("CPU time of importer", series{x.Importer.CPU.Seconds()}, "s", "")
	row("CPU time of node", series{x.Node.CPU.Seconds()}, "s", "")
	row("peak memory of the node", series{x.Peak}, "MiB", "< 1024")
	row("restart until ready, nothing to be replayed", x.Restart, "s", "< 2")
	p := startPostgres(b)
	if p == nil {
		return
	}
	defer p.stop()
	rows := x.rowsForPeer(b)
	took, licenses, history := p.take(rows)
	check(os.Remove(rows))
	row("peer: PostgreSQL, rows of licenses and history", series{perSecond(licenses+history, took)}, "/s", "")
	row("  acts of it, each with its part of the licenses", series{perSecond(history, took)}, "/s", "")
	// Both hold the same in the end, so that the ratio is of the times.
	row("ratio, until recorded", series{took.Seconds() / x.Recorded.Seconds()}, "", "≥ 0.333")
	row("ratio, until the lookup answers", series{took.Seconds() / x.Found.Seconds()}, "", "")
}

const figuresFile = "figures.json"

// rosterImported is the imported roster: of this run, or one that was kept.
func (b *bench) rosterImported() *imported {
	if b.imported != nil {
		return b.imported
	}
	var x imported
	figures, err := os.ReadFile(filepath.Join(b.keep, figuresFile))
	if b.keep == "" || err != nil || json.Unmarshal(figures, &x) != nil || x.Licenses != b.licenses {
		return b.importRoster()
	}
	fmt.Printf("  with the roster of %d licenses in %s, imported earlier\n", x.Licenses, b.keep)
	x.program, x.dir = buildProgram(b), b.keep
	b.imported = &x
	return b.imported
}

// importRoster founds a network and imports a roster into it.
func (b *bench) importRoster() *imported {
	x := &imported{program: buildProgram(b), Licenses: b.licenses, dir: b.keep}
	if x.dir == "" {
		x.dir = b.store("imported")
	}
	check(os.RemoveAll(x.home()))
	check(os.RemoveAll(filepath.Join(x.dir, figuresFile)))
	check(os.RemoveAll(x.key()))
	check(os.MkdirAll(x.dir, 0o700))
	x.prepare()
	x.importAll(b)
	x.save()
	b.imported = x
	return x
}

func (x *imported) home() string    { return filepath.Join(x.dir, "home") }
func (x *imported) mapping() string { return filepath.Join(x.dir, "mapping.toml") }
func (x *imported) key() string     { return filepath.Join(x.dir, "importer.key") }

// roster is the file, or the one after so many deltas.
func (x *imported) roster(deltas int) string {
	return filepath.Join(x.dir, fmt.Sprintf("roster-%d.csv", deltas))
}

func (x *imported) save() {
	check(os.WriteFile(filepath.Join(x.dir, figuresFile), must(json.Marshal(x)), 0o600))
}

func (x *imported) prepare() {
	f := must(os.Create(x.roster(0)))
	x.Rows = int(must(synthetic.Write(f, synthetic.Options{Licenses: int64(x.Licenses), Seed: 1})))
	check(f.Close())
	check(os.WriteFile(x.mapping(), synthetic.Mapping(), 0o600))
	x.program.run("keys", "new", "--for", "officer "+synthetic.Board+"/importer", "-o", x.key())
}

func (x *imported) importAll(b *bench) {
	s, _ := x.program.up(x.home(), "--name", "bench", "--member", member+"=IDFPR")
	defer s.end()
	member := filepath.Join(x.home(), "keys", "member-"+member+"-root.key")
	t := x.importFile(s, x.roster(0), "--member-key", member)
	x.Acts, x.Recorded, x.Found, x.Importer, x.Node = t.counts.Asserted, t.recorded, t.found, t.importer, t.node
	x.Peak = s.peakMiB()
	s.stop()
	for range b.runs {
		s, took := x.program.up(x.home())
		x.Restart = append(x.Restart, took.Seconds())
		s.stop()
	}
}

// An importing is one run of the import command.
type importing struct {
	counts          struct{ Asserted, Unchanged, Refused, Quarantined int }
	recorded, found time.Duration // from its start
	importer, node  usage
}

func (x *imported) importFile(s *upNode, file string, args ...string) (t importing) {
	before, began := s.cpu(), time.Now()
	args = append([]string{"--server", s.url, "--home", filepath.Join(x.dir, "client"), "--json", "import", file, "--map", x.mapping(), "--key", x.key()}, args...)
	out, used := x.program.run(args...)
	t.importer, t.recorded = used, time.Since(began)
	s.ready()
	t.found = time.Since(began)
	t.node = usage{t.found, s.cpu() - before}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); { // acts that bring the board in come before
		check(d.Decode(&t.counts))
	}
	return t
}
