package ledger_test

import (
	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/tx"
)

// runs lets a contract run: on an act, a timer and a day. What faults is held, asked for
// again, and held again.
func (f *furnished) runs() string {
	const id = "us-il.nurse.041000777"
	sign := func(t *tx.Transaction) {
		t.Sign(tx.SignEd25519("board/us-il", ledgertest.Key("root 2"), t.HeaderBytes))
	}
	do := func(os []license.Opening, who string, a license.Act) {
		f.t.Helper()
		bend := sign
		if who != "" {
			bend = nil
		}
		if o := f.Block(f.signed(bend, os, who, a))[0]; o.Code != "" {
			f.t.Fatalf("%s: %v", a.Verb(), o.Refusal())
		}
	}
	count := func() int64 {
		var c license.Contracts
		f.read(license.KindContracts, "us-il", &c)
		return c.Count
	}
	p := ledger.FlowContract()
	os, hs := texts(p.Manifest, p.Source)
	do(os, "", &license.ContractAdopt{Board: "us-il", Contract: "flow", Count: count(), Version: 1, Hash: contract.HashOf(p.Manifest), Role: "board", Texts: hs})
	today := (&license.Calendar{}).Day(license.InstantOf(f.Clock))
	do(nil, "clerk", &license.LicenseIssue{License: id, Licensee: f.ID(), Subject: license.SubjectPerson, Issued: "2020-01-01", From: "2020-01-01", Through: today.Add(20)})
	do(nil, "clerk", &license.LicenseInactivate{License: id, Count: 1, From: today})
	f.Clock = f.Clock.AddDate(0, 0, 12)
	f.Block()
	f.Clock = f.Clock.AddDate(0, 0, 12)
	f.Block()
	var fault license.Fault
	if f.read(license.KindFault, "flow/us-il", &fault); fault.Call == "" || len(f.License(id).Terms) != 2 {
		f.t.Fatalf("%+v, %+v", fault, f.License(id))
	}
	do(nil, "", &license.ContractRetry{Board: "us-il", Contract: "flow", Count: count(), Call: fault.Call})
	f.Block()
	if f.read(license.KindFault, "flow/us-il", &fault); fault.Faults != 2 || f.License(id).Counts.Pending != 1 {
		f.t.Fatalf("%+v, %+v", fault, f.License(id))
	}
	return id
}

func (f *furnished) read(kind, id string, r any) {
	f.t.Helper()
	s, err := f.State()
	if err != nil {
		f.t.Fatal(err)
	}
	defer s.Release()
	if _, err := s.Record(kind, id, r); err != nil {
		f.t.Fatal(err)
	}
}
