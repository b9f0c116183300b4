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

// imported is a home that holds a roster, and what it took to bring it in.
type imported struct {
	program
	home, roster, mapping, key string
	licenses, rows             int
	acts                       int
	recorded, found            time.Duration // from the start of the import
	importer, node             usage
	peak                       float64 // MiB
	restart                    series  // seconds
}

func imports(b *bench) {
	x := b.rosterImported()
	rate := perSecond(x.acts, x.recorded)
	fmt.Printf("  %d licenses in %d rows, %d acts\n", x.licenses, x.rows, x.acts)
	row("acts until recorded, with reading the file", series{rate}, "/s", "")
	row("acts until the lookup answers", series{perSecond(x.acts, x.found)}, "/s", "")
	row("CPU time of importer", series{x.importer.cpu.Seconds()}, "s", "")
	row("CPU time of node", series{x.node.cpu.Seconds()}, "s", "")
	row("peak memory of the node", series{x.peak}, "MiB", "< 1024")
	row("restart until ready, nothing to be replayed", x.restart, "s", "< 2")
	p := startPostgres(b)
	if p == nil {
		return
	}
	defer p.stop()
	rows := x.rowsForPeer(b)
	took, licenses, history := p.take(rows)
	row("peer: PostgreSQL, rows of licenses and history", series{perSecond(licenses+history, took)}, "/s", "")
	row("  acts of it, each with its part of the licenses", series{perSecond(history, took)}, "/s", "")
	// Both hold the same in the end, so that the ratio is of the times.
	row("ratio, until recorded", series{took.Seconds() / x.recorded.Seconds()}, "", "≥ 0.333")
	row("ratio, until the lookup answers", series{took.Seconds() / x.found.Seconds()}, "", "")
}

// rosterImported imports the roster, once for all benches of a run.
func (b *bench) rosterImported() *imported {
	if b.imported == nil {
		x := &imported{program: buildProgram(b), licenses: b.licenses}
		x.prepare(b)
		x.importAll(b)
		b.imported = x
	}
	return b.imported
}

func (x *imported) prepare(b *bench) {
	x.home, x.roster, x.mapping = b.store("imported"), b.store("roster")+".csv", b.store("mapping")+".toml"
	x.key = b.store("importer") + ".key"
	f := must(os.Create(x.roster))
	x.rows = int(must(synthetic.Write(f, synthetic.Options{Licenses: int64(x.licenses), Seed: 1})))
	check(f.Close())
	check(os.WriteFile(x.mapping, synthetic.Mapping(), 0o600))
	x.run("keys", "new", "--for", "officer "+synthetic.Board+"/importer", "-o", x.key)
}

// importAll founds a network, and imports the roster into it.
func (x *imported) importAll(b *bench) {
	s, _ := x.up(x.home, "--name", "bench", "--member", member+"=IDFPR")
	before := s.cpu()
	began := time.Now()
	var counts importCounts
	counts, x.importer = x.importFile(s, x.roster, "--member-key", filepath.Join(x.home, "keys", "member-"+member+"-root.key"))
	x.recorded = time.Since(began)
	x.acts = counts.Asserted
	s.ready()
	x.found = time.Since(began)
	x.node = usage{x.found, s.cpu() - before}
	x.peak = s.peakMiB()
	s.stop()
	for range b.runs {
		var took time.Duration
		s, took = x.up(x.home)
		x.restart = append(x.restart, took.Seconds())
		s.stop()
	}
}

type importCounts struct{ Asserted, Unchanged, Refused, Quarantined int }

func (x *imported) importFile(s *upNode, file string, args ...string) (n importCounts, u usage) {
	out, u := x.run(append([]string{"--server", s.url, "--home", x.home, "--json", "import", file, "--map", x.mapping, "--key", x.key}, args...)...)
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); { // acts that bring the board in come before
		check(d.Decode(&n))
	}
	return n, u
}
