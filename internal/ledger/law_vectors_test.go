package ledger

import (
	"licet/internal/contract"
	"licet/license"
	"licet/proof"
	"licet/tx"
)

// registrations rests, revives, extends and ends a registration.
func (b *bundleBook) registrations(ask asker) {
	w := newWorld(b.t)
	clerk := []string{"clerk"}
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	w.act(nil, clerk, &license.LicenseInactivate{License: nurse, Count: 1, From: "2026-01-12"})
	ask(w, "inactive", true, nurse, proof.Question{On: "2026-01-12"})
	w.act(nil, clerk, &license.LicenseReactivate{License: nurse, Count: 2, From: "2026-02-01"})
	before := license.InstantOf(w.clock)
	extended := w.act(nil, clerk, &license.LicenseExtend{License: nurse, Count: 3, Term: "2024-06-01", Through: "2026-07-31", Grace: "2026-08-29"})
	ask(w, "an extended term", true, nurse, proof.Question{On: "2026-07-31"})
	ask(w, "an extended term, as known before", true, nurse, proof.Question{On: "2026-07-31", Known: before.AddSeconds(-1)})
	ask(w, "in the days of grace of an extended term", true, nurse, proof.Question{On: "2026-08-29"})
	w.act(nil, both, &license.LicenseCorrect{License: nurse, Entry: extended, Changes: []license.Change{{Do: license.DoExtend, From: "2024-06-01", Through: "2026-06-30"}}})
	ask(w, "a corrected extension", true, nurse, proof.Question{On: "2026-07-01"})
	w.act(nil, clerk, &license.LicenseDecease{License: nurse, Count: 5, From: "2026-03-01"})
	ask(w, "the holder has died", true, nurse, proof.Question{On: "2026-03-01"})
}

// undone takes back a file's row, and another that brought a license in.
func (b *bundleBook) undone(ask asker) {
	w := newWorld(b.t)
	const id = "us-xx.nurse.RN7"
	keeper := []string{"keeper us-xx"}
	row := func(file, day string) *license.ImportAssert {
		return &license.ImportAssert{
			License: id, File: license.HashOf([]byte(file)), Row: 7, Day: license.Day(day),
			Changes: []license.Change{{Do: license.DoTerm, From: "2024-01-01", Through: "2026-12-31"}},
		}
	}
	first := row("a file", "2025-12-31")
	first.Licensee, first.Subject, first.Issued = w.id(), license.SubjectPerson, "2001-02-03"
	brought := w.act(nil, keeper, first)
	newer := row("a newer file", "2026-01-05")
	newer.Count, newer.Previous, newer.Changes[0].Through = 1, brought, "2025-01-31"
	wrong := w.act(nil, keeper, newer)
	before := license.InstantOf(w.clock)
	w.act(nil, keeper, &license.ImportUndo{License: id, File: newer.File, Entries: []license.Hash{wrong}})
	ask(w, "a newer file is taken back", true, id, proof.Question{})
	ask(w, "a newer file is taken back, as known before", true, id, proof.Question{Known: before.AddSeconds(-1)})
	w.act(nil, keeper, &license.ImportUndo{License: id, Count: 1, File: first.File, Entries: []license.Hash{brought}})
	ask(w, "the row that brought it in is taken back", true, id, proof.Question{})
	again := row("a corrected file", "2026-01-06")
	again.Count, again.Licensee, again.Subject, again.Issued = 2, first.Licensee, license.SubjectPerson, "2001-02-04"
	w.act(nil, keeper, again)
	ask(w, "copied anew with its licensee", true, id, proof.Question{})
}

// alerts copies a list of orders, whose licenses it does not describe.
func (b *bundleBook) alerts(ask asker) {
	w := newWorld(b.t)
	name, ref := w.opening(license.OpeningName, license.Name{Family: "Doe"})
	document := license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "probation"}}}
	order, orderRef := w.opening(license.OpeningOrder, document)
	row := &license.ImportAssert{
		License: license.ID{Board: "us-xx", Profession: "nurse", Number: "A12**"}.String(), File: license.HashOf([]byte("alerts")), Row: 4, Day: "2026-01-05",
		Licensee: w.id(), Subject: license.SubjectPerson, Openings: []license.OpeningRef{ref}, From: "2025-11-01",
		Changes: []license.Change{{Do: license.DoOrder, Order: w.id(), Authority: license.AuthorityConditions, Commitment: orderRef.Commitment, From: "2025-11-01"}},
	}
	brought := w.act([]license.Opening{name, order}, []string{"keeper us-xx"}, row)
	ask(w, "an order on a license that the file does not describe", true, row.License, proof.Question{})
	ask(w, "the same, standing", false, row.License, proof.Question{})
	document.Actions[0].Code = "revocation"
	revoked, revokedRef := w.opening(license.OpeningOrder, document)
	barred := w.act([]license.Opening{revoked}, []string{"keeper us-xx"}, &license.ImportAssert{
		License: row.License, Count: 1, File: license.HashOf([]byte("newer alerts")), Row: 5, Day: "2026-01-06",
		Changes: []license.Change{{Do: license.DoOrder, Order: w.id(), Authority: license.AuthorityBarred, Commitment: revokedRef.Commitment, From: "2026-01-02"}},
	})
	ask(w, "revoked, and no registration told", true, row.License, proof.Question{})
	before := license.InstantOf(w.clock)
	w.act(nil, []string{"keeper us-xx"}, &license.ImportAssert{
		License: row.License, Count: 2, File: license.HashOf([]byte("a roster")), Row: 6, Day: "2026-01-07", Issued: "2001-02-03", From: "2024-01-01",
		Changes: []license.Change{{Do: license.DoTerm, From: "2024-01-01", Through: "2026-12-31"}},
	})
	ask(w, "a roster describes a license that was named by orders", true, row.License, proof.Question{})
	ask(w, "a roster describes a license, as known before", true, row.License, proof.Question{Known: before.AddSeconds(-1)})
	w.act(nil, []string{"keeper us-xx"}, &license.ImportUndo{License: row.License, File: license.HashOf([]byte("newer alerts")), Entries: []license.Hash{barred}})
	w.act(nil, []string{"keeper us-xx"}, &license.ImportUndo{License: row.License, Count: 1, File: row.File, Entries: []license.Hash{brought}})
	ask(w, "the orders are taken back, and the roster stands", true, row.License, proof.Question{})
}

// realRoot is the root key of the board of which files were copied.
const realRoot = "real root of us-xx"

// claim is the claim of the board of source import, with the members' signatures.
func (w *world) claim(members ...string) *tx.Transaction {
	a := &license.BoardClaim{Board: "us-xx", Count: 1, Old: spec("root of wi"), Root: spec(realRoot), Member: "mn", Name: "Joined"}
	return w.payload(true, []license.Act{a}, nil, members...)
}

// byRealRoot signs for the board by its own root.
func byRealRoot(p *tx.Transaction) *tx.Transaction {
	p.Sign(signAs("board/us-xx", realRoot, p.HeaderBytes))
	return p
}

// claimed passes a board on from its importing member; trust files may name either root.
func (b *bundleBook) claimed() {
	w := newWorld(b.t)
	row := &license.ImportAssert{
		License: copied, File: license.HashOf([]byte("a file")), Row: 12, Day: "2025-12-31", Licensee: w.id(), Subject: license.SubjectPerson, Issued: "2001-02-03",
		Changes: []license.Change{{Do: license.DoTerm, From: "2024-01-01", Through: "2026-12-31"}},
	}
	w.act(nil, []string{"keeper us-xx"}, row)
	w.act(nil, []string{"keeper us-xx"}, &license.LicenseExtend{License: copied, Count: 1, Term: "2024-01-01", Through: "2027-01-31"})
	w.act(nil, []string{"root of il", "root of ia"}, &license.MemberSetAct{Set: 2, Members: worldMembers()})
	w.block()
	w.block()
	for _, acts := range [][]license.Act{
		{&license.LicenseInactivate{License: copied, Count: 2, From: "2026-02-01"}},
		{&license.BoardAmend{Board: "us-xx", Count: 2, Name: "Of its own", Audiences: worldAudiences()}},
	} {
		p := byRealRoot(w.payload(true, acts, nil))
		if len(acts) == 1 && acts[0].Verb() == "license.inactivate" {
			if o := w.block(byRealRoot(w.claim("root of il", "root of ia"))); o[0].Code != "" {
				b.t.Fatal(o[0].Refusal())
			}
		}
		if o := w.block(p); o[0].Code != "" {
			b.t.Fatal(o[0].Refusal())
		}
	}
	for _, root := range []string{"root of wi", realRoot, "another root"} {
		t := w.trust()
		t.Boards = []proof.TrustBoard{{ID: "us-xx", Key: spec(root)}}
		b.add("a board that was claimed, trusting the "+root, w.bundle(true, license.KindLicense, copied), t, proof.Question{On: "2026-02-01"})
		b.add("the board that was claimed, trusting the "+root, w.bundle(true, license.KindBoard, "us-xx"), t, proof.Question{})
	}
}

// organization records, amends and ends what an organization is made of.
func (b *bundleBook) organization() {
	w := newWorld(b.t)
	const id = "us-il.clinic.CAB12"
	clerk := []string{"clerk"}
	w.issue(id, "clerk", license.Name{Legal: "Care Inc."}, "")
	record := func(code, party, text string, number int64) string {
		a := &license.FactRecord{Fact: "us-il/" + w.id(), About: id, Code: code, Day: "2026-01-10", Party: party, Number: number}
		var os []license.Opening
		if text != "" {
			o, ref := w.opening(license.OpeningFact, []byte(text))
			os, a.Commitment = append(os, o), ref.Commitment
		}
		w.act(os, clerk, a)
		return a.Fact
	}
	for _, f := range []struct{ code, fact string }{
		{"dba", record(license.FactDBA, "", "Care at Home", 0)},
		{"branch", record(license.FactBranch, "us-il.clinic.CCD34", "2 Side St, Cairo", 0)},
		{"control person", record(license.FactControl, "", "Lee Specimen", 2550)},
	} {
		w.act(nil, clerk, &license.FactAmend{Fact: f.fact, Count: 1, Day: "2026-01-11", Party: "us-il.clinic.CEF56", Number: 5000})
		w.act(nil, clerk, &license.FactEnd{Fact: f.fact, Count: 2, Day: "2026-02-01"})
		b.add("an organization's "+f.code, w.bundle(true, license.KindFact, f.fact), w.trust(), proof.Question{})
	}
}

// settled decides whose a number is, which no file has brought in, and takes that back.
func (b *bundleBook) settled() {
	w := newWorld(b.t)
	const id = "us-xx.nurse.RN9"
	keeper := []string{"keeper us-xx"}
	o, ref := w.opening(license.OpeningSettlement, license.SettlementDocument{Holder: []string{"Quill", "Quil"}, Others: []string{"Marsh"}, Reason: "By letter."})
	w.act([]license.Opening{o}, keeper, &license.ImportSettle{License: id, Commitment: ref.Commitment})
	b.add("a number that was settled", w.bundle(true, license.KindSettlement, id), w.trust(), proof.Question{})
	w.act(nil, keeper, &license.ImportWithdraw{License: id, Count: 1})
	b.add("a settlement that was withdrawn", w.bundle(true, license.KindSettlement, id), w.trust(), proof.Question{})
}

// claims copies what an NPI claims, twice, and takes the newer row back.
func (b *bundleBook) claims() {
	w := newWorld(b.t)
	const id = "us-xx.1234567893"
	keeper := []string{"keeper us-xx"}
	add := func(name string) { b.add(name, w.bundle(true, license.KindClaim, id), w.trust(), proof.Question{}) }
	add("nothing was copied of an NPI")
	row := &license.ImportClaim{
		Claim: id, File: license.HashOf([]byte("a file")), Row: 2, Day: "2026-01-05",
		Claims: []license.Claim{{State: "IL", Number: "041.1", Taxonomy: "163W00000X", Primary: true}, {State: "WI", Number: "RN “7”"}},
	}
	w.act(nil, keeper, row)
	add("what an NPI claims")
	newer := *row
	newer.Count, newer.File, newer.Day, newer.Claims = 1, license.HashOf([]byte("a newer file")), "2026-01-06", row.Claims[:1]
	wrong := w.act(nil, keeper, &newer)
	w.act(nil, keeper, &license.ImportUndo{Claim: id, Count: 2, File: newer.File, Entries: []license.Hash{wrong}})
	add("a newer row of an NPI is taken back")
}

// worldContract makes a version of a contract whose only rule renews nothing before so
// many hours.
func worldContract(version, hours int64, share *contract.Share) contract.Parts {
	m := contract.Manifest{
		V: 1, Name: "ce", Version: version, Title: "Hours before renewal", Language: contract.Language, Amendments: share,
		Roles:     []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse"}}},
		Hooks:     []contract.Hook{{Kind: contract.Before, Answers: []string{"license.renew"}, Function: "hours", Fault: contract.FailOpen}},
		Functions: []contract.Function{{Name: "hours", Citation: "Act 1", Words: "Hours are needed."}},
		Codes:     []contract.Code{{Code: "hours", Words: "Hours are missing."}},
	}
	ps := contract.Parameters{V: 1, Rows: []contract.Parameter{{
		Name: "hours", Kind: contract.KindInt, Citation: "Act 1", Words: "Hours.", Values: []contract.Value{{From: "2020-01-01", Int: hours}},
	}}}
	return contract.Seal(m, ps, []byte("def hours(ctx, act):\n    if parameter(\"hours\", ctx.today) > 100:\n        return [reject(\"hours\")]\n    return []\n"))
}

// contracts adopts, joins, amends, supersedes, leaves and ends one: each board's record
// shows what that board signed, whatever the other did.
func (b *bundleBook) contracts() {
	w := newWorld(b.t)
	w.act(nil, []string{"root of il", "root of ia"}, &license.RulesAdopt{Count: 1, Rules: 2, Height: w.Head().Height + 3})
	w.block()
	do := func(board string, texts [][]byte, a license.Act) {
		b.t.Helper()
		var os []license.Opening
		for _, t := range texts {
			os = append(os, license.Opening{Kind: license.OpeningContract, Bytes: t})
		}
		w.act(os, []string{"root " + board}, a)
	}
	share := &contract.Share{Of: 2, Among: 3}
	one, amended, two, three := worldContract(1, 20, share), worldContract(1, 30, share), worldContract(2, 30, nil), worldContract(3, 40, nil)
	h := func(p contract.Parts) license.Hash { return contract.HashOf(p.Manifest) }
	first := [][]byte{one.Manifest, one.Source, one.Parameters}
	do("us-il", first, &license.ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: h(one), Role: "board", Of: 2, Among: 3, Texts: commitments(first)})
	do("us-ia", nil, &license.ContractJoin{Board: "us-ia", Contract: "ce", Version: 1, Hash: h(one), Role: "board"})
	texts := [][]byte{amended.Manifest, amended.Parameters}
	do("us-ia", texts, &license.ContractAmendParams{Board: "us-ia", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: h(amended), Previous: h(one), Texts: commitments(texts)})
	do("us-il", nil, &license.ContractAmendParams{Board: "us-il", Contract: "ce", Count: 1, Version: 1, Amendment: 1, Hash: h(amended), Previous: h(one)})
	do("us-il", [][]byte{two.Manifest}, &license.ContractSupersede{Board: "us-il", Contract: "ce", Count: 2, Version: 2, Hash: h(two), Previous: h(amended), Role: "board", Texts: commitments([][]byte{two.Manifest})})
	do("us-ia", nil, &license.ContractSupersede{Board: "us-ia", Contract: "ce", Count: 2, Version: 2, Hash: h(two), Previous: h(amended), Role: "board"})
	texts = [][]byte{three.Manifest, three.Parameters}
	do("us-ia", texts, &license.ContractSupersede{Board: "us-ia", Contract: "ce", Count: 3, Version: 3, Hash: h(three), Previous: h(two), Role: "board", Texts: commitments(texts)})
	do("us-ia", nil, &license.ContractLeave{Board: "us-ia", Contract: "ce", Count: 4, Previous: h(three)})
	do("us-il", nil, &license.ContractRetire{Board: "us-il", Contract: "ce", Count: 3, Previous: h(two)})
	for _, x := range []struct{ name, board string }{{"who adopted a contract and wants it to end", "us-il"}, {"who joined a contract and left it", "us-ia"}} {
		v := b.add("the contracts of a board "+x.name, w.bundle(true, license.KindContracts, x.board), w.trust(), proof.Question{})
		for _, e := range v.Entries {
			if e.Carried != proof.CarriedSigned {
				b.t.Errorf("%s, entry %d (%s): %s", x.name, e.Index, e.Act, e.Why)
			}
		}
	}
	b.add("a contract, its editions and boards", w.bundle(false, license.KindContract, "ce"), w.trust(), proof.Question{})
	b.add("no contract of this name", w.bundle(false, license.KindContract, "nlc"), w.trust(), proof.Question{})
}

func commitments(texts [][]byte) (hs []license.Hash) {
	for _, t := range texts {
		hs = append(hs, license.HashOf(t))
	}
	return hs
}

// privileges grants a privilege of Iowa's on a license of Illinois, disciplines it, renews
// it on another license and ends it; the histories of both verify apart.
func (b *bundleBook) privileges() {
	w := newWorld(b.t)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	w.issue(otherNurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	w.act(nil, []string{"root of il", "root of ia"}, &license.RulesAdopt{Count: 1, Rules: 2, Height: w.Head().Height + 3})
	w.block()
	const id = "us-ia.nurse.700"
	root := []string{"root us-ia"}
	name, ref := w.opening(license.OpeningName, license.Name{Family: "Lee", Given: "Ann"})
	w.act([]license.Opening{name}, root, &license.PrivilegeIssue{
		License: id, Rests: nurse, Licensee: w.id(), Subject: license.SubjectPerson, Route: "nlc", Issued: "2026-01-01", From: "2026-01-01", Through: "2026-05-31",
		Openings: []license.OpeningRef{ref},
	})
	order := w.id()
	document, orderRef := w.opening(license.OpeningOrder, license.OrderDocument{Entity: "Iowa", Actions: []license.OrderAction{{Code: "suspension"}}})
	w.act([]license.Opening{document}, root, &license.PrivilegeDiscipline{License: id, Order: order, Commitment: orderRef.Commitment, Authority: license.AuthorityBarred, From: "2026-01-05"})
	w.act(nil, root, &license.PrivilegeLift{License: id, Order: order, Count: 1, From: "2026-02-01"})
	w.act(nil, root, &license.PrivilegeRenew{License: id, Count: 1, Rests: otherNurse, From: "2026-06-01", Through: "2028-05-31"})
	w.act(nil, root, &license.PrivilegeEnd{License: id, Count: 3, From: "2027-01-01"})
	for _, x := range []struct {
		name, id string
		on       license.Day
	}{
		{"a privilege", id, "2026-03-01"},
		{"a privilege under an order of its own", id, "2026-01-07"},
		{"a privilege that was renewed on another license and ended", id, "2027-02-01"},
		{"the license on which a privilege rests", nurse, "2026-01-07"},
	} {
		v := b.add(x.name, w.bundle(true, license.KindLicense, x.id), w.trust(), proof.Question{On: x.on})
		for _, e := range v.Entries {
			if e.Carried != proof.CarriedSigned {
				b.t.Errorf("%s, entry %d (%s): %s", x.name, e.Index, e.Act, e.Why)
			}
		}
	}
	b.add("a privilege's standing", w.bundle(false, license.KindLicense, id), w.trust(), proof.Question{On: "2026-06-01"})
}
