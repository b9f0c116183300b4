package ledger_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

var updateGolden = flag.Bool("update", false, "write testdata/chain.golden anew")

// everyVerb adds to a furnished registry the verbs of rules 1 that it lacks.
func (f *furnished) everyVerb() {
	both := []string{"clerk", "director"}
	count := func(order string) int64 {
		for _, o := range f.License(f.a).Orders {
			if o.ID == order {
				return o.Count
			}
		}
		return 0
	}
	f.Act(nil, both, &license.LicenseUnstay{License: f.a, Order: f.stayed, Count: count(f.stayed), From: "2026-02-10"})
	f.Act(nil, both, &license.LicenseLift{License: f.a, Order: f.open, Count: count(f.open), From: "2026-03-01"})
	f.Act(nil, both, &license.LicenseeUnlink{License: f.a, Count: 1, Other: f.c, Effective: "2026-01-02"})
	f.Act(nil, both, &license.LicenseeLink{License: f.a, Count: 2, Other: f.c, Effective: "2026-01-03"})
	o, ref := f.Opening(license.OpeningFact, []byte("Twenty hours."))
	f.Act([]license.Opening{o}, both, &license.FactAmend{Fact: f.fact, Count: 1, Day: "2026-01-01", Through: "2026-01-31", Number: 20, Party: f.c, Commitment: ref.Commitment})
	f.put("us-ia", &license.BoardAmend{Board: "us-ia", Count: 1, Name: "Iowa Board", Audiences: []license.Audience{{Kind: "name", Who: "public"}}, SealedShown: "hidden"})
	f.put("us-il", &license.OfficerResume{Officer: "us-il/held", Count: 2})
	f.put("us-il", &license.OfficerAmend{Officer: "us-il/held", Count: 3, Title: "Clerk", Key: ledgertest.Spec("held 2"), Roles: []string{"clerk", "guard"}})
	f.record("member", &license.ClockAdvance{Seconds: 3600})
	succeed := func(t *tx.Transaction) {
		t.Sign(tx.SignEd25519("board/us-il", ledgertest.Key("root 2"), t.HeaderBytes))
	}
	a := &license.BoardSucceed{Board: "us-il", Count: 1, Old: ledgertest.Spec("root"), Root: ledgertest.Spec("root 2")}
	if o := f.Block(f.signed(succeed, nil, "us-il", a))[0]; o.Code != "" {
		f.t.Fatal(o.Refusal())
	}
	// Each for itself: one act applies, one is refused.
	r := f.Sign(false, []license.Act{&license.LicenseSurrender{License: f.a, Count: f.License(f.a).Counts.Term, From: "2026-09-01"}, &license.LicenseSurrender{License: f.a, From: "2026-09-01"}}, nil, "clerk")
	if o := f.Block(r)[0]; o.Code != "" || len(o.Refused) != 1 {
		f.t.Fatalf("%+v", o)
	}
	f.registration()
	f.undo()
	f.settle()
	f.claims()
	f.claim()
	f.Block() // an empty block changes nothing
	f.record("member", &license.RulesAdopt{Count: 2, Rules: 2, Height: f.Head().Height + 3})
}

// contracts does what came with rules 2: a contract of two boards is adopted, amended
// for both by the share to which it delegates, superseded, left by one and ended by the
// other.
func (f *furnished) contracts() {
	f.Block() // the last block under rules 1
	do := func(board, root string, os []license.Opening, a license.Act) {
		f.t.Helper()
		sign := func(t *tx.Transaction) {
			t.Sign(tx.SignEd25519("board/"+board, ledgertest.Key(root), t.HeaderBytes))
		}
		if o := f.Block(f.signed(sign, os, "", a))[0]; o.Code != "" {
			f.t.Fatalf("%s: %v", a.Verb(), o.Refusal())
		}
	}
	share := func(m *contract.Manifest) { m.Amendments = &contract.Share{Of: 2, Among: 3} }
	one, amended := edition(share, 20), edition(share, 30)
	two := edition(func(m *contract.Manifest) { m.Version = 2 }, 30)
	h1, ha, h2 := contract.HashOf(one.Manifest), contract.HashOf(amended.Manifest), contract.HashOf(two.Manifest)
	os, hs := texts(one.Manifest, one.Source, one.Parameters)
	do("us-il", "root 2", os, &license.ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: h1, Role: "board", Of: 2, Among: 3, Texts: hs})
	do("us-ia", "root ia", nil, &license.ContractJoin{Board: "us-ia", Contract: "ce", Version: 1, Hash: h1, Role: "board"})
	os, hs = texts(amended.Manifest, amended.Parameters)
	do("us-ia", "root ia", os, &license.ContractAmendParams{Board: "us-ia", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: ha, Previous: h1, Texts: hs})
	do("us-il", "root 2", nil, &license.ContractAmendParams{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: ha, Previous: h1})
	os, hs = texts(two.Manifest)
	do("us-il", "root 2", os, &license.ContractSupersede{Board: "us-il", Contract: "ce", Count: 2, Version: 2, Hash: h2, Previous: ha, Role: "board", Texts: hs})
	do("us-ia", "root ia", nil, &license.ContractSupersede{Board: "us-ia", Contract: "ce", Count: 2, Version: 2, Hash: h2, Previous: ha, Role: "board"})
	do("us-ia", "root ia", nil, &license.ContractLeave{Board: "us-ia", Contract: "ce", Count: 3, Previous: h2})
	do("us-il", "root 2", nil, &license.ContractRetire{Board: "us-il", Contract: "ce", Count: 3, Previous: h2})
}

// privileges grants a privilege of Iowa's on a license of Illinois, disciplines it, renews
// it on another license and ends it.
func (f *furnished) privileges() {
	const id = "us-ia.nurse.T700"
	do := func(os []license.Opening, a license.Act) {
		f.t.Helper()
		sign := func(t *tx.Transaction) {
			t.Sign(tx.SignEd25519("board/us-ia", ledgertest.Key("root ia"), t.HeaderBytes))
		}
		if o := f.Block(f.signed(sign, os, "", a))[0]; o.Code != "" {
			f.t.Fatalf("%s: %v", a.Verb(), o.Refusal())
		}
	}
	do(nil, &license.PrivilegeIssue{License: id, Rests: f.b, Licensee: f.ID(), Subject: license.SubjectPerson, Route: "nlc", Issued: "2026-01-15", From: "2026-01-15", Through: "2026-05-31"})
	order := f.ID()
	o, ref := f.Opening(license.OpeningOrder, []byte(`{"entity":"Iowa","actions":[{"code":"suspension"}]}`))
	do([]license.Opening{o}, &license.PrivilegeDiscipline{License: id, Order: order, Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: "2026-01-20"})
	do(nil, &license.PrivilegeLift{License: id, Order: order, Count: 1, From: "2026-02-01"})
	do(nil, &license.PrivilegeRenew{License: id, Count: 1, Rests: f.a, From: "2026-06-01", Through: "2028-05-31"})
	do(nil, &license.PrivilegeEnd{License: id, Count: 3, From: "2027-01-01"})
}

// recovers does what came with rules 3: the root names what an officer becomes, who
// signs with the new key when the time has come.
func (f *furnished) recovers() {
	f.t.Helper()
	var n license.Network
	f.record("member", &license.RulesAdopt{Count: f.networkCount(&n), Rules: 3, Height: f.Head().Height + 3})
	f.Block()
	f.Block()
	root := func(t *tx.Transaction) {
		t.Sign(tx.SignEd25519("board/us-il", ledgertest.Key("root 2"), t.HeaderBytes))
	}
	now := f.Head().Time
	recover := &license.OfficerRecover{Officer: "us-il/gone", Count: 2, From: now.AddSeconds(8 * 86400), Title: "Clerk", Key: ledgertest.Spec("gone 2"), Roles: []string{"clerk"}}
	if o := f.Block(f.signed(root, nil, "", recover))[0]; o.Code != "" {
		f.t.Fatal(o.Refusal())
	}
	f.Clock = f.Clock.Add(9 * 24 * time.Hour)
	back := func(t *tx.Transaction) {
		t.Sign(tx.SignEd25519("officer/us-il/gone", ledgertest.Key("gone 2"), t.HeaderBytes))
	}
	if o := f.Block(f.signed(back, nil, "", &license.FactRecord{Fact: "us-il/" + f.ID(), About: f.a, Code: "notice", Day: "2026-01-01"}))[0]; o.Code != "" {
		f.t.Fatal(o.Refusal())
	}
}

func (f *furnished) networkCount(n *license.Network) int64 {
	s, err := f.State()
	if err != nil {
		f.t.Fatal(err)
	}
	defer s.Release()
	if ok, err := s.Record(license.KindNetwork, "network", n); !ok || err != nil {
		f.t.Fatal(err)
	}
	return n.Count
}

// registration goes on where the license was surrendered.
func (f *furnished) registration() {
	terms := func() int64 { return f.License(f.a).Counts.Term }
	t := f.License(f.a).Terms[0]
	for _, a := range []license.Act{
		&license.LicenseReactivate{License: f.a, Count: terms(), From: "2026-09-15"},
		&license.LicenseInactivate{License: f.a, Count: terms() + 1, From: "2026-09-20"},
		&license.LicenseExtend{License: f.a, Count: terms() + 2, Term: t.From, Through: t.Through, Grace: t.Through.Add(30)},
		&license.LicenseDecease{License: f.a, Count: terms() + 3, From: "2026-10-01"},
	} {
		f.Act(nil, []string{"clerk"}, a)
	}
}

// settle decides about a number that no file has brought in, and takes that back.
func (f *furnished) settle() {
	const id = "us-il.nurse.041999"
	d := license.SettlementDocument{Holder: []string{"Quill", "Quil"}, Others: []string{"Marsh"}, Reason: "By letter."}
	o, ref := f.Opening(license.OpeningSettlement, strict.Encode(&d))
	f.Act([]license.Opening{o}, []string{"clerk"}, &license.ImportSettle{License: id, Commitment: ref.Commitment})
	f.Act(nil, []string{"clerk"}, &license.ImportWithdraw{License: id, Count: 1})
}

// claim lets the board of source import join.
func (f *furnished) claim() {
	a := &license.BoardClaim{Board: "us-wi", Count: 1, Old: ledgertest.Spec("member"), Root: ledgertest.Spec("root wi"), Member: "idfpr", Name: "Wisconsin boards"}
	sign := func(t *tx.Transaction) {
		t.Sign(tx.SignEd25519("board/us-wi", ledgertest.Key("root wi"), t.HeaderBytes))
	}
	if o := f.Block(f.signed(sign, nil, "member", a))[0]; o.Code != "" {
		f.t.Fatal(o.Refusal())
	}
}

// claims copies what two NPIs claim, and takes one row back.
func (f *furnished) claims() {
	row := func(npi string) *license.ImportClaim {
		return &license.ImportClaim{
			Claim: "us-wi." + npi, File: license.HashOf(nil), Row: 3, Day: "2026-01-05",
			Claims: []license.Claim{{State: "IL", Number: "41-1", Taxonomy: "163W00000X", Primary: true}, {State: "WI", Number: "RN 1"}},
		}
	}
	f.put("us-wi", row("1234567893"))
	f.put("us-wi", row("1245319599"))
	es, err := f.Ledger.State()
	if err != nil {
		f.t.Fatal(err)
	}
	rows, err := es.Entries(license.KindClaim, "us-wi.1245319599")
	es.Release()
	if err != nil {
		f.t.Fatal(err)
	}
	f.put("us-wi", &license.ImportUndo{Claim: "us-wi.1245319599", Count: 1, File: license.HashOf(nil), Entries: []license.Hash{rows[0].Hash}})
}

// undo takes back the row that brought a license in.
func (f *furnished) undo() {
	const id = "us-wi.nurse.1"
	f.put("us-wi", &license.ImportUndo{License: id, File: license.HashOf(nil), Entries: []license.Hash{f.License(id).Last}})
}

// TestGoldenChain pins the bytes of every act, entry and record and the app hash
// of a scripted chain. Whoever changes one of them changes what older networks
// hold: that needs a new number of rules, not -update alone.
func TestGoldenChain(t *testing.T) {
	f := furnish(t)
	f.everyVerb()
	f.contracts()
	f.privileges()
	f.runs()
	f.recovers()
	got := f.chain()
	const file = "testdata/chain.golden"
	if *updateGolden {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("line %d: now\n%s\npinned\n%s", i+1, g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%d lines, pinned are %d", len(g), len(w))
	}
	ledger.CheckWhole(t, f.Ledger)
}

// chain writes the whole state as lines.
func (f *furnished) chain() []byte {
	s, err := f.State()
	if err != nil {
		f.t.Fatal(err)
	}
	defer s.Release()
	var b bytes.Buffer
	verbs, kinds := map[string]bool{}, map[string]bool{}
	for i := range s.Head.Size {
		raw, err := s.EntryBytes(i)
		if err != nil {
			f.t.Fatal(err)
		}
		var e license.Recorded
		es, _ := s.EntriesRange(i, 1)
		if !bytes.Equal(es[0], raw) {
			f.t.Errorf("entry %d is not the one of its range", i)
		}
		e.Entry = f.entryOf(raw)
		if e.Signed() {
			act, err := s.Act(i)
			if err != nil {
				f.t.Fatal(err)
			}
			fmt.Fprintf(&b, "act %s\n", act)
			verbs[e.Act] = true
			f.checkAct(s, e.Entry, act)
		}
		fmt.Fprintf(&b, "entry %s\n", raw)
		for _, w := range e.Also {
			kinds[w.Kind] = true
		}
		kinds[e.Kind] = true
	}
	for _, v := range license.Verbs() {
		if !verbs[v] {
			f.t.Errorf("the chain lacks %s", v)
		}
	}
	for _, kind := range []string{
		license.KindBoard, license.KindCalendar, license.KindCall, license.KindClaim, license.KindContract, license.KindContracts, license.KindFact, license.KindFault, license.KindLicense, license.KindLicensee, license.KindLink, license.KindMembers,
		license.KindNetwork, license.KindNotice, license.KindOfficer, license.KindOpening, license.KindPolicy, license.KindProfession, license.KindSettlement, license.KindTimer,
	} {
		ids, err := s.IDs(kind, "", 1000)
		if err != nil || len(ids) == 0 || !kinds[kind] || !slices.IsSorted(ids) {
			f.t.Errorf("records of kind %s: %v, %v", kind, ids, err)
		}
		for _, id := range ids {
			v, _ := s.Value(kind, id)
			fmt.Fprintf(&b, "record %s %s %s\n", kind, id, v)
		}
	}
	fmt.Fprintf(&b, "origin %s\nsize %d\nroot %s\nmap %s\napp %x\n", s.Head.Origin, s.Head.Size, s.Head.Root, s.Head.Map, s.Head.AppHash())
	return b.Bytes()
}

// checkAct checks that what is kept proves the decision.
func (f *furnished) checkAct(s *ledger.State, e license.Entry, act []byte) {
	f.t.Helper()
	p, err := s.Payload(e.Cause)
	if err != nil {
		f.t.Fatal(err)
	}
	var h tx.Header
	if err := strict.Decode(p.Header, &h, tx.HeaderBytesMax); err != nil {
		f.t.Fatal(err)
	}
	path, err := p.ActPath(e.Cause.Act)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := tx.CheckActPath(path, h.Acts, e.Cause.Act, h.Root, act); err != nil {
		f.t.Errorf("entry %d: %v", e.Index, err)
	}
	if license.HashOf(p.Header) != e.Cause.Header || license.HashOf(p.Signatures) != e.Cause.Signatures {
		f.t.Errorf("entry %d: payload %s, %s", e.Index, p.Header, p.Signatures)
	}
}

func (f *furnished) entryOf(raw []byte) (e license.Entry) {
	f.t.Helper()
	if err := strict.Decode(raw, &e, license.EntryBytesMax); err != nil {
		f.t.Fatal(err)
	}
	if !bytes.Equal(strict.Encode(&e), raw) {
		f.t.Errorf("entry %d is written back otherwise", e.Index)
	}
	return e
}
