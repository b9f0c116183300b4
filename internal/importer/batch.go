package importer

import (
	"licet/license"
	"licet/strict"
)

// Limits of a batch. The bytes leave room for the header and 64 signatures under
// tx.TransactionBytesMax.
const (
	BatchActsMax  = 200
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

func (p *planner) add(r Row, a *license.ImportAssert, os []license.Opening) {
	p.put(Planned{r.Number, r.Line, a.License, r.Notes}, a, os)
}

// put puts an act into the batch, and the batch out when it is full.
func (p *planner) put(row Planned, a license.Act, os []license.Opening) {
	size := len(license.EncodeAct(a)) + 1 // and a comma
	for i := range os {
		size += len(strict.Encode(&os[i])) + 1
	}
	if len(p.batch.Acts) == BatchActsMax || p.batch.Bytes+size > BatchBytesMax {
		p.flush()
	}
	b := &p.batch
	b.Acts, b.Openings, b.Bytes = append(b.Acts, a), append(b.Openings, os...), b.Bytes+size
	b.Rows = append(b.Rows, row)
}

func (p *planner) flush() {
	if len(p.batch.Acts) > 0 && !p.stopped {
		p.stopped = !p.yield(p.batch)
	}
	p.batch = Batch{}
}
