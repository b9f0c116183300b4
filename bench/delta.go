package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Tomorrow's file: the imported roster once more, with another city in every
// hundredth row, and what it costs beside the whole import.

const deltaEvery = 100

func deltas(b *bench) {
	x := b.rosterImported()
	var wall, cpu, acts series
	for range b.runs {
		changed := x.writeDelta()
		t := x.importDelta()
		x.save()
		fmt.Printf("    %d rows changed; %d asserted, %d unchanged, %d refused, %d quarantined\n",
			changed, t.counts.Asserted, t.counts.Unchanged, t.counts.Refused, t.counts.Quarantined)
		acts = append(acts, float64(t.counts.Asserted))
		wall = append(wall, 100*t.found.Seconds()/x.Found.Seconds())
		cpu = append(cpu, 100*(t.importer.CPU+t.node.CPU).Seconds()/(x.Importer.CPU+x.Node.CPU).Seconds())
	}
	row(fmt.Sprintf("acts of a file of %d rows of which 1 %% changed", x.Rows), acts, "", "")
	row("its time, of the whole import's", wall, "%", "≤ 5")
	row("its CPU time, importer and node, of the whole import's", cpu, "%", "≤ 5")
}

func (x *imported) importDelta() importing {
	s, _ := x.program.up(x.home())
	defer s.end()
	t := x.importFile(s, x.roster(x.Deltas))
	s.stop()
	return t
}

// writeDelta writes the next day's file and says how many rows are others.
func (x *imported) writeDelta() (changed int) {
	in := must(os.Open(x.roster(x.Deltas)))
	defer func() { check(in.Close()) }()
	x.Deltas++
	day := time.Date(2026, 7, x.Deltas, 0, 0, 0, 0, time.UTC).Format("01/02/2006 15:04:05")
	out := must(os.Create(x.roster(x.Deltas)))
	w := bufio.NewWriterSize(out, 1<<20)
	lines := bufio.NewScanner(in)
	var header []string
	for n := 0; lines.Scan(); n++ {
		line := lines.Text()
		switch {
		case n == 0:
			header = fields(line)
		case n%deltaEvery == x.Deltas%deltaEvery:
			line = changedRow(header, fields(line), day)
			changed++
		}
		must(w.WriteString(line + "\n"))
	}
	check(lines.Err())
	check(w.Flush())
	check(out.Close())
	return changed
}

func fields(line string) []string { return must(csv.NewReader(strings.NewReader(line)).Read()) }

// changedRow moves a license to another city.
func changedRow(header, row []string, day string) string {
	city, modified := slices.Index(header, "City"), slices.Index(header, "LastModifiedDate")
	to := "PEORIA"
	if row[city] == to {
		to = "ROCKFORD"
	}
	row[city], row[modified] = to, day
	var b strings.Builder
	w := csv.NewWriter(&b)
	check(w.Write(row))
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}
