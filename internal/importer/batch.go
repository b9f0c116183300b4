package importer

import (
	"licet/license"
	"licet/strict"
)

// Limits of a batch. The bytes leave room for the header and 64 signatures under
// tx.TransactionBytesMax.
const (
	BatchActsMax  = 500
	BatchBytesMax = 900 << 10
)

// A Batch is what one transaction carries. It is signed with all: false, so that
// one refused row does not hold up the others.
type Batch struct {
	Acts     []license.Act
	Openings []license.Opening
	Rows     []Planned // of each act
	Bytes    int       // of acts and openings, as they travel
}

// Planned is a row that an act asserts.
type Planned struct {
	Row, Line int64
	License   string
	Notes     []Flaw
}

// Results says what became of the batch's rows, when the network refused these
// acts, by their number counted from 1 as outcomes count them.
func (b *Batch) Results(refused map[int64]license.Refusal) []Result {
	rs := make([]Result, len(b.Rows))
	for i, r := range b.Rows {
		rs[i] = Result{Row: r.Row, Line: r.Line, License: r.License, Outcome: Asserted, Notes: r.Notes}
		if no, ok := refused[int64(i+1)]; ok {
			rs[i].Outcome = Refused
			rs[i].Flaws = []Flaw{{Reason: no.Sentence, Rule: no.Code}}
		}
	}
	return rs
}

// A part is an act that is not in a batch yet.
type part struct {
	act      license.Act
	openings []license.Opening
	row      Planned
	bytes    int
}

func (p *planner) add(r Row, a *license.ImportAssert, os []license.Opening) {
	p.put(Planned{r.Number, r.Line, a.License, r.Notes}, a, os)
}

// put notes an act of what is being planned.
func (p *planner) put(row Planned, a license.Act, os []license.Opening) {
	size := len(license.EncodeAct(a)) + 1 // and a comma
	for i := range os {
		size += len(strict.Encode(&os[i])) + 1
	}
	p.parts = append(p.parts, part{a, os, row, size})
	if p.partBytes += size; len(p.parts) == BatchActsMax || p.partBytes > BatchBytesMax {
		p.join() // more than one batch holds anyway
	}
}

// join puts the acts of a license into the batch, and the batch out before it is too
// full. They stay together where they can: batches that are about different licenses
// need not wait for each other.
func (p *planner) join() {
	if !p.fits(len(p.parts), p.partBytes) {
		p.out()
	}
	for _, x := range p.parts {
		if !p.fits(1, x.bytes) {
			p.out()
		}
		b := &p.batch
		b.Acts, b.Openings, b.Rows = append(b.Acts, x.act), append(b.Openings, x.openings...), append(b.Rows, x.row)
		b.Bytes += x.bytes
	}
	p.parts, p.partBytes = p.parts[:0], 0
}

func (p *planner) fits(acts, bytes int) bool {
	return len(p.batch.Acts)+acts <= BatchActsMax && p.batch.Bytes+bytes <= BatchBytesMax
}

// flush puts out what there is.
func (p *planner) flush() {
	p.join()
	p.out()
}

func (p *planner) out() {
	if len(p.batch.Acts) > 0 && !p.stopped {
		p.stopped = !p.yield(p.batch)
	}
	p.batch = Batch{}
}
