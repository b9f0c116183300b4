package ledger

import (
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

func TestRecordTooLarge(t *testing.T) {
	r := newWorld(t)
	w := r.newWorking(r.Head().Size, start)
	l := &license.License{Licensee: strings.Repeat("a", 32), Route: strings.Repeat("x", recordBytesMax)}
	if _, no := w.write(&license.Effect{Kind: license.KindLicense, ID: "us-il.nurse.1", Record: l}, "license.issue", nil, 1); no == nil || no.Code != "record-too-large" || len(w.entries) > 0 || len(w.records) > 0 {
		t.Errorf("%v", no)
	}
}

// A license that its board made as large as can be lets no block fail when a call about it
// is to be kept: the fault is recorded, and no call stands beside it. Nor does a board's
// record without room for how far its days have come.
func TestNoRoomForMarks(t *testing.T) {
	l := newWorld(t)
	w := l.newWorking(l.Head().Size, start)
	b := &block{height: l.Head().Height + 1, rules: 2, work: w, origin: l.Head().Origin}
	b.newRunner(map[license.Hash]*contract.Package{})
	const id = "us-il.nurse.041000001"
	x := license.License{Licensee: strings.Repeat("a", 32)}
	x.Route = strings.Repeat("x", recordBytesMax-100-len(strict.Encode(&x))-len(`,"route":""`))
	w.records[recordID{license.KindLicense, id}] = license.ValueWithLast(strict.Encode(&x), license.Hash{1})
	c := call{Call: license.Call{Contract: "quiet", Board: "us-il", Kind: contract.On, Name: "license.renew", Function: "f", License: id, Today: "2026-01-10"}}
	e := &edition{Edition: license.Edition{Hash: license.Hash{2}}, pack: &contract.Package{}}
	b.run.fault(faulted{c, e, contract.Fault{Code: "overflow", Function: "f"}}, true)
	b.run.wait(&c)
	var f license.Fault
	if w.Get(license.KindFault, "quiet/us-il", &f); w.err != nil || f.Faults != 1 || f.Call != "" {
		t.Errorf("%+v, %v", f, w.err)
	}
	board := license.Board{Name: "x"}
	board.Name = strings.Repeat("x", license.EntryBytesMax-200-len(strict.Encode(&board)))
	w.records[recordID{license.KindBoard, "us-il"}] = license.ValueWithLast(strict.Encode(&board), license.Hash{1})
	b.run.stand("us-il", &license.DayCalls{Day: "2026-01-11", After: "us-il.nurse." + strings.Repeat("9", 64)})
	if w.err != nil {
		t.Error(w.err)
	}
}
