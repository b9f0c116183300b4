package main

import (
	"fmt"
	"io/fs"
	"slices"
	"time"

	"licet/contracts"
	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/pack"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// What contracts cost in the ledger: a revocation that reaches forty states, beside the
// same forty-one orders signed by hand; and a midnight at which many licenses end.

func contractCost(b *bench) {
	cascade(b)
	midnight(b)
}

// by signs a payload as one signer.
func by(origin string, at license.Instant, who, key string, openings []license.Opening, acts ...license.Act) []byte {
	t := tx.New(origin, false, at, lifeSeconds, acts, openings)
	t.Sign(tx.SignEd25519(who, seedKey(key), t.HeaderBytes))
	return t.Encode()
}

// recorded applies payloads as a block and ends the bench when one is refused.
func recorded(l *ledger.Ledger, at time.Time, txs ...[]byte) (took time.Duration) {
	start := time.Now()
	_, outcomes, _, err := l.Finalize(l.Head().Height+1, at, txs)
	check(err)
	check(l.Commit())
	took = time.Since(start)
	for _, o := range outcomes {
		if r := o.Refusal(); r != nil {
			check(r)
		}
		for _, r := range o.Refused {
			check(fmt.Errorf("%s", r.Sentence))
		}
	}
	return took
}

// adoption makes the payload by which a board adopts a contract with its texts.
func adoption(h ledger.Head, p *contract.Package, texts []pack.Text, role, who, key, board string) []byte {
	a := &license.ContractAdopt{Board: board, Contract: p.Manifest.Name, Version: p.Manifest.Version, Hash: p.Hash, Role: role}
	var os []license.Opening
	for _, t := range texts {
		os, a.Texts = append(os, license.Opening{Kind: license.OpeningContract, Bytes: t.Bytes}), append(a.Texts, t.Hash)
	}
	return by(h.Origin, h.Time, who, key, os, a)
}

const states = 40

// cascade measures the block of a revocation by the state of principal license with
// compact licenses in forty states, and that of the same orders, one payload each.
func cascade(b *bench) {
	l := founded(b.store("cascade"), ledger.Options{})
	defer func() { check(l.Close()) }()
	files := must(fs.Sub(contracts.Files, "imlc"))
	p := must(pack.Load(files))
	clock := l.Head().Time.Time()
	do := func(txs ...[]byte) { clock = clock.Add(time.Second); recorded(l, clock, txs...) }
	h := l.Head()
	name := func(i int) string { return fmt.Sprintf("us-%c%c", 'a'+i/26, 'a'+i%26) }
	joinStates(p, h, name, do)
	var automatic, byHand series
	for run := range b.runs + 1 {
		id := func(i int) string { return fmt.Sprintf("%s.physician.%d", name(i), run) }
		hand := func(i int) string { return fmt.Sprintf("%s.physician.9%d", name(i), run) }
		signed := func(i int, os []license.Opening, acts ...license.Act) []byte {
			return by(h.Origin, h.Time, "officer/"+name(i)+"/clerk", "clerk "+name(i), os, acts...)
		}
		var issues, links, others [][]byte
		for i := range states + 1 {
			route := "imlc"
			if i == 0 {
				route = "examination"
			}
			issues = append(issues, signed(i, nil, issue(id(i), route), issue(hand(i), route)))
			if i > 0 {
				links = append(links, signed(0, nil, &license.LicenseeLink{License: id(0), Count: int64(i - 1), Other: id(i), Effective: "2024-01-01"}))
				others = append(others, signed(i, nil, &license.LicenseeLink{License: id(i), Other: id(0), Effective: "2024-01-01"}))
			}
		}
		do(issues...)
		do(links...)
		do(others...)
		do(signed(0, nil, &license.FactRecord{Fact: name(0) + "/" + random(run, "fact", 0), About: id(0), Code: "qualification", Day: "2024-01-01"}))
		order := func(i int, lic string) []byte {
			o := license.Opening{Kind: license.OpeningOrder, Salt: []byte(random(run, lic, i))[:license.SaltBytes], Bytes: strict.Encode(&license.OrderDocument{Entity: name(i), Actions: []license.OrderAction{{Code: "revocation"}}})}
			return signed(i, []license.Opening{o}, &license.LicenseDiscipline{License: lic, Order: random(run, "order "+lic, i), Commitment: o.Commit(), Authority: license.AuthorityBarred, From: "2026-01-01"})
		}
		one := order(0, id(0))
		var many [][]byte
		for i := range states + 1 {
			many = append(many, order(i, hand(i)))
		}
		clock = clock.Add(time.Second)
		before := l.Head().Size
		a := recorded(l, clock, one)
		if n := l.Head().Size - before; n != states+2 {
			check(fmt.Errorf("a revocation made %d entries, not %d", n, states+2))
		}
		clock = clock.Add(time.Second)
		m := recorded(l, clock, many...)
		if run > 0 { // the first one warms caches
			automatic, byHand = append(automatic, float64(a.Microseconds())/1000), append(byHand, float64(m.Microseconds())/1000)
		}
	}
	fmt.Printf("  a revocation that reaches compact licenses in %d states, in its own block\n", states)
	row("the block, with signature checks", automatic, "ms", "")
	row("the same orders, signed by hand, one a payload", byHand, "ms", "")
	times := make(series, len(automatic))
	for i := range times {
		times[i] = automatic[i] / byHand[i]
	}
	row("  ratio", times, "", "≤ 2")
}

// joinStates brings in the boards, whose contract the first one adopts and the others join.
func joinStates(p *pack.Pack, h ledger.Head, name func(int) string, do func(...[]byte)) {
	for i := range states + 1 {
		s := name(i)
		t := tx.New(h.Origin, true, h.Time, lifeSeconds, []license.Act{&license.BoardCreate{Board: s, Name: "State " + s, Member: member, Jurisdiction: s, Root: keySpec("root " + s)}}, nil)
		t.Sign(tx.SignEd25519("member/"+member, seedKey("member"), t.HeaderBytes))
		t.Sign(tx.SignEd25519("board/"+s, seedKey("root "+s), t.HeaderBytes))
		do(t.Encode())
		do(by(h.Origin, h.Time, "board/"+s, "root "+s, nil,
			&license.BoardProfession{Profession: s + ".physician", Title: "Physician", Pattern: "#+"},
			&license.OfficerAppoint{Officer: s + "/clerk", Title: "Clerk", Key: keySpec("clerk " + s), Roles: []string{"clerk"}},
			&license.PolicySet{Board: s, Rules: []license.Rule{{Acts: []string{"license.*", "licensee.*", "fact.*"}, From: []string{"clerk"}, Signers: 1}}}))
		if i == 0 {
			do(adoption(h, p.Package, p.Texts(), "member-board", "board/"+s, "root "+s, s))
		} else {
			do(by(h.Origin, h.Time, "board/"+s, "root "+s, nil, &license.ContractJoin{Board: s, Contract: "imlc", Version: 1, Hash: p.Hash, Role: "member-board"}))
		}
	}
}

func issue(id, route string) *license.LicenseIssue {
	return &license.LicenseIssue{License: id, Licensee: random(0, id, 0), Subject: license.SubjectPerson, Route: route, Issued: "2024-01-01", From: "2024-01-01", Through: "2028-12-31"}
}

// random draws 32 hexadecimal digits, the same for the same names.
func random(run int, what string, i int) string {
	h := license.HashOf(fmt.Appendf(nil, "licet bench %d %s %d", run, what, i))
	return h.String()[:32]
}

// lapse writes what many statutes say of a license that was not renewed.
const lapse = `def lapse(ctx, day):
    lic = license(day.license)
    if lic.registration != "not-renewed":
        return []
    return [set_lifecycle(lic.id, "inactive", ctx.today)]
`

// others is how many blocks of acts are about licenses of their own, before they come back
// to the first ones: a license that is renamed with every block would grow and grow.
const others = 20

// midnight measures blocks of acts before, and while a contract writes the lapse of many
// licenses that end on one day.
func midnight(b *bench) {
	n := size(b, min(100_000, b.licenses), 15_000) - others*blockActs // they end as well
	l := founded(b.store("midnight"), ledger.Options{Verify: func(tx.Signature, []byte) error { return nil }})
	defer func() { check(l.Close()) }()
	h := l.Head()
	clock := h.Time.Time()
	for i := 0; i < n+others*blockActs; i += blockActs {
		clock = clock.Add(time.Second)
		recorded(l, clock, issuance(h.Origin, h.Time, i, blockActs))
	}
	parts := contract.Seal(contract.Manifest{
		V: 1, Name: "lapse", Version: 1, Title: "Lapse", Language: contract.Language,
		Roles:     []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse"}}},
		Hooks:     []contract.Hook{{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "lapse"}},
		Functions: []contract.Function{{Name: "lapse", Citation: "Act 1", Words: "A license that was not renewed is inactive."}},
	}, contract.Parameters{}, []byte(lapse))
	p := must(contract.Parse(parts))
	texts := []pack.Text{{Hash: license.HashOf(parts.Manifest), Bytes: parts.Manifest}, {Hash: license.HashOf(parts.Source), Bytes: parts.Source}}
	clock = clock.Add(time.Second)
	recorded(l, clock, adoption(h, p, texts, "board", "board/"+board, "root", board))
	renamed := 0
	acts := func(at time.Time) []byte { // changes of names, on licenses whose lapse is written last
		first, count := n+renamed%others*blockActs, int64(2+renamed/others)
		renamed++
		var as []license.Act
		var os []license.Opening
		for i := range blockActs {
			o, ref := nameOpening(fmt.Sprintf("midnight %d %d", renamed, i))
			as, os = append(as, &license.LicenseAmend{License: licenseID(first + i), Count: count, From: "2026-06-01", Openings: []license.OpeningRef{ref}}), append(os, o)
		}
		return sign(l.Head().Origin, license.InstantOf(at), as, os)
	}
	// Blocks of the same acts take longer as records and store grow: so they are measured on both
	// sides of the midnight.
	alone := func(from time.Time) (s series) {
		for range size(b, 40, 10) {
			from = from.Add(time.Second)
			t := acts(from)
			s = append(s, float64(recorded(l, from, t).Microseconds())/1000)
		}
		return s
	}
	before := alone(clock)
	size0 := l.Head().Size
	at := license.Instant("2026-06-01T12:00:00Z").Time()
	var during series
	start, blocks := time.Now(), 0
	waits := func() bool {
		s := must(l.State())
		defer s.Release()
		var r license.Board
		must(s.Record(license.KindBoard, board, &r))
		return r.Days != nil
	}
	for again := true; again; again = waits() {
		at = at.Add(time.Second)
		t := acts(at)
		took := recorded(l, at, t)
		during = append(during, float64(took.Microseconds())/1000)
		blocks++
	}
	took, entries := time.Since(start), l.Head().Size-size0
	afterwards := alone(at)
	fmt.Printf("  %d licenses that end at one midnight, whose lapse a contract writes; blocks of %d acts go on\n", n+others*blockActs, blockActs)
	row("a block before", before, "ms", "")
	row("a block meanwhile", during, "ms", "")
	row("a block afterwards", afterwards, "ms", "")
	row("  ratio of the rate of acts, to that before and afterwards", series{(before.median() + afterwards.median()) / 2 / during.median()}, "", "≥ 0.5")
	fmt.Printf("    %d blocks until all are written, %.1f s, %d entries; slowest block %d ms\n", blocks, took.Seconds(), entries, int(slices.Max(during)))
}
