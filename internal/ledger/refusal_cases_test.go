package ledger_test

import (
	"fmt"
	"slices"
	"strings"

	"licet/internal/ledgertest"
	"licet/license"
	"licet/tx"
)

func allRefusals() []refusalCase {
	var cs []refusalCase
	for _, group := range [][]refusalCase{transactionRefusals(), authorityRefusals(), licenseRefusals(), orderRefusals(), repairRefusals(), holderRefusals(), boardRefusals(), officerRefusals(), networkRefusals(), importRefusals()} {
		cs = append(cs, group...)
	}
	return cs
}

func transactionRefusals() []refusalCase {
	return []refusalCase{
		{"too-large", func(*furnished) []byte { return make([]byte, tx.TransactionBytesMax+1) }},
		{"malformed", func(*furnished) []byte { return []byte("{}") }},
		{"version", bent(func(t *tx.Transaction) { t.Header.V = 2 })},
		{"acts-number", bent(func(t *tx.Transaction) { t.Header.Acts = 2 })},
		{"life", bent(func(t *tx.Transaction) { t.Header.NotAfter = t.Header.SignedAt.AddSeconds(90*86400 + 1) })},
		{"acts-root", bent(func(t *tx.Transaction) { t.Header.Root[0]++ })},
		{"opening", bent(func(t *tx.Transaction) {
			t.Openings = []license.Opening{{Kind: "city", Salt: []byte("short"), Bytes: []byte("x")}}
		})},
		{"opening-extra", bent(func(t *tx.Transaction) {
			t.Openings = []license.Opening{{Kind: "city", Salt: make([]byte, 32), Bytes: []byte("x")}}
		})},
		{"opening-missing", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseAmend{License: f.a, Count: 4, From: "2026-01-01", Openings: []license.OpeningRef{{Kind: "city"}}}
		})},
		{"signatures", bent(func(t *tx.Transaction) {
			for i := range 65 {
				t.Sign(tx.SignEd25519("officer/us-il/clerk", ledgertest.Key(fmt.Sprint(i)), nil))
			}
		})},
		{"signed-twice", func(f *furnished) []byte {
			return f.signed(nil, nil, "clerk + clerk", &license.LicenseSurrender{License: f.a, Count: 3, From: "2026-04-01"})
		}},
		{"wrong-origin", bent(func(t *tx.Transaction) { t.Header.Origin = "test/ledger/0000000000000000" })},
		{"signed-later", bent(func(t *tx.Transaction) {
			t.Header.SignedAt, t.Header.NotAfter = t.Header.SignedAt.AddSeconds(3600), t.Header.NotAfter.AddSeconds(3600)
		})},
		{"expired", bent(func(t *tx.Transaction) {
			t.Header.SignedAt, t.Header.NotAfter = t.Header.SignedAt.AddSeconds(-3600), t.Header.SignedAt.AddSeconds(-1)
		})},
		{"bad-signature", func(f *furnished) []byte {
			p, _ := tx.Parse(bent(nil)(f))
			p.Signatures[0].Sig[0] ^= 1
			return p.Encode()
		}},
		{"opening-used", func(f *furnished) []byte {
			return f.signed(nil, []license.Opening{f.old}, "clerk", &license.LicenseAmend{License: f.a, Count: 4, From: "2026-01-01", Openings: []license.OpeningRef{f.used}})
		}},
		{"opening-kind", with("clerk", "fact", []byte("x"), func(f *furnished, ref license.OpeningRef) license.Act {
			return &license.LicenseAmend{License: f.a, Count: 4, From: "2026-01-01", Openings: []license.OpeningRef{ref}}
		})},
		{"opening-kind", with("clerk", "mood", []byte("x"), func(f *furnished, ref license.OpeningRef) license.Act {
			return &license.LicenseAmend{License: f.a, Count: 4, From: "2026-01-01", Openings: []license.OpeningRef{ref}}
		})},
		{"entry-too-large", func(f *furnished) []byte {
			a := &license.LicenseAmend{License: f.a, Count: f.License(f.a).Counts.Identity, From: "2026-01-01"}
			var os []license.Opening
			for range 90 {
				o, ref := f.Opening("city", []byte("x"))
				os, a.Openings = append(os, o), append(a.Openings, ref)
			}
			return f.signed(nil, os, "clerk", a)
		}},
	}
}

func authorityRefusals() []refusalCase {
	surrender := func(f *furnished) license.Act {
		return &license.LicenseSurrender{License: f.a, Count: f.License(f.a).Counts.Term, From: "2026-04-01"}
	}
	return []refusalCase{
		{"under-signed", one("", surrender)},
		{"under-signed", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseVoid{License: f.a, Entries: []license.Hash{{1}}}
		})},
		{"not-officer", one("us-il", surrender)},
		{"foreign-board", one("clerk ia", surrender)},
		{"officer-unknown", one("nobody", surrender)},
		{"officer-key", one("false clerk", surrender)},
		{"officer-suspended", one("held", surrender)},
		{"officer-ended", one("gone", surrender)},
		{"role", one("guard", surrender)},
		{"root-key", one("member + false root", func(*furnished) license.Act {
			return &license.BoardSucceed{Board: "us-il", Count: 1, Old: ledgertest.Spec("root"), Root: ledgertest.Spec("root 2")}
		})},
		{"no-quorum", one("us-il", func(*furnished) license.Act { return &license.ClockAdvance{Seconds: 1} })},
		{"unknown-board", one("clerk", func(*furnished) license.Act {
			return &license.LicenseSurrender{License: "us-mn.nurse.1", From: "2026-04-01"}
		})},
	}
}

func licenseRefusals() []refusalCase {
	issue := func(bend func(f *furnished, a *license.LicenseIssue)) func(*furnished) []byte {
		return one("clerk", func(f *furnished) license.Act {
			a := &license.LicenseIssue{License: "us-il.nurse.041999999", Licensee: f.ID(), Subject: "person", Issued: "2026-01-01", From: "2026-01-01", Through: "2026-05-31"}
			bend(f, a)
			return a
		})
	}
	renew := func(id func(f *furnished) string, bend func(a *license.LicenseRenew)) func(*furnished) []byte {
		return one("clerk", func(f *furnished) license.Act {
			a := &license.LicenseRenew{License: id(f), From: "2030-06-01", Through: "2032-05-31"}
			bend(a)
			if a.Count == 0 {
				s, _ := f.State()
				defer s.Release()
				l := new(license.License)
				_, _ = s.Record(license.KindLicense, a.License, l)
				a.Count = l.Counts.Term
			}
			return a
		})
	}
	a := func(f *furnished) string { return f.a }
	none := func(*license.LicenseRenew) {}
	return []refusalCase{
		{"bad-id", issue(func(_ *furnished, a *license.LicenseIssue) { a.License = "us-il.nurse.a" })},
		{"unknown-profession", issue(func(_ *furnished, a *license.LicenseIssue) { a.License = "us-il.plumber.1" })},
		{"number-pattern", issue(func(_ *furnished, a *license.LicenseIssue) { a.License = "us-il.nurse.1" })},
		{"subject", issue(func(_ *furnished, a *license.LicenseIssue) { a.Subject = "dog" })},
		{"licensee-id", issue(func(_ *furnished, a *license.LicenseIssue) { a.Licensee = "Ann Lee" })},
		{"licensee-taken", issue(func(f *furnished, a *license.LicenseIssue) { a.Licensee = f.License(f.a).Licensee })},
		{"route", issue(func(_ *furnished, a *license.LicenseIssue) { a.Route = "By the back door" })},
		{"days-reversed", issue(func(_ *furnished, a *license.LicenseIssue) { a.Through = "2025-12-31" })},
		{"days-reversed", issue(func(_ *furnished, a *license.LicenseIssue) { a.Through, a.Grace = "", "2026-12-31" })},
		{"license-exists", issue(func(f *furnished, a *license.LicenseIssue) { a.License = f.a })},
		{"unknown-license", renew(func(*furnished) string { return "us-il.nurse.041888888" }, none)},
		{"void-license", renew(func(f *furnished) string { return f.d }, none)},
		{"stale", renew(a, func(r *license.LicenseRenew) { r.Count = 1 })},
		{"term-overlap", renew(a, func(r *license.LicenseRenew) { r.From = "2026-05-31" })},
		{"license-ended", renew(func(f *furnished) string { return f.b }, none)},
		{"unknown-term", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseExtend{License: f.a, Count: f.License(f.a).Counts.Term, Term: "2001-01-01", Through: "2031-01-01"}
		})},
		{"not-extended", one("clerk", func(f *furnished) license.Act {
			t := f.License(f.a).Terms[0]
			return &license.LicenseExtend{License: f.a, Count: f.License(f.a).Counts.Term, Term: t.From, Through: t.Through, Grace: t.Grace}
		})},
		{"nothing", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseAmend{License: f.a, Count: f.License(f.a).Counts.Identity, From: "2026-01-01"}
		})},
	}
}

func orderRefusals() []refusalCase {
	discipline := func(bend func(f *furnished, a *license.LicenseDiscipline)) func(*furnished) []byte {
		return with("clerk + director", "order", license.OrderDocument{Entity: "Board"}, func(f *furnished, ref license.OpeningRef) license.Act {
			a := &license.LicenseDiscipline{License: f.a, Order: f.ID(), Commitment: ref.Commitment, Authority: "none", From: "2026-01-01"}
			bend(f, a)
			return a
		})
	}
	count := func(f *furnished, order string) int64 {
		for _, o := range f.License(f.a).Orders {
			if o.ID == order {
				return o.Count
			}
		}
		return 1
	}
	return []refusalCase{
		{"authority", discipline(func(_ *furnished, a *license.LicenseDiscipline) { a.Authority = "some" })},
		{"order-id", discipline(func(_ *furnished, a *license.LicenseDiscipline) { a.Order = "1" })},
		{"order-closed", discipline(func(f *furnished, a *license.LicenseDiscipline) { a.Order = f.wrong })},
		{"stale", discipline(func(f *furnished, a *license.LicenseDiscipline) { a.Order = f.open })},
		{"unknown-order", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseStay{License: f.a, Order: f.wrong, Count: 1, From: "2026-02-01"}
		})},
		{"stayed", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseStay{License: f.a, Order: f.stayed, Count: count(f, f.stayed), From: "2026-03-01"}
		})},
		{"not-stayed", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseUnstay{License: f.a, Order: f.open, Count: count(f, f.open), From: "2026-03-01"}
		})},
		{"days-reversed", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseUnstay{License: f.a, Order: f.stayed, Count: count(f, f.stayed), From: "2026-02-01"}
		})},
		{"lifted", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseLift{License: f.a, Order: f.ended, Count: count(f, f.ended), From: "2026-03-01"}
		})},
		{"days-reversed", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseLift{License: f.a, Order: f.open, Count: count(f, f.open), From: "2026-01-10"}
		})},
		{"seal-early", one("clerk + director", func(f *furnished) license.Act {
			return &license.LicenseSeal{License: f.a, Order: f.open, Count: count(f, f.open)}
		})},
	}
}

func repairRefusals() []refusalCase {
	void := func(hs func(f *furnished) []license.Hash) func(*furnished) []byte {
		return one("clerk + director", func(f *furnished) license.Act {
			return &license.LicenseVoid{License: f.a, Count: f.License(f.a).Counts.Repairs, Entries: hs(f)}
		})
	}
	entry := func(name string) func(f *furnished) []license.Hash {
		return func(f *furnished) []license.Hash {
			if name == "wrong" {
				return []license.Hash{f.entry[f.wrong]}
			}
			return []license.Hash{f.entry[name]}
		}
	}
	correct := func(e func(f *furnished) license.Hash, cs ...license.Change) func(*furnished) []byte {
		return one("clerk", func(f *furnished) license.Act {
			return &license.LicenseCorrect{License: f.a, Count: f.License(f.a).Counts.Repairs, Entry: e(f), Changes: cs}
		})
	}
	renewal := func(f *furnished) license.Hash { return f.entry["renewal"] }
	newest := func(f *furnished) license.Hash {
		s, _ := f.State()
		defer s.Release()
		es, _ := s.Entries(license.KindLicense, f.a)
		for _, e := range es {
			if e.Replaces == renewal(f) {
				return e.Hash
			}
		}
		return license.Hash{}
	}
	return []refusalCase{
		{"unknown-entry", void(func(*furnished) []license.Hash { return []license.Hash{{7}} })},
		{"void-twice", void(entry("wrong"))},
		{"void-seal", void(entry("seal"))},
		{"void-link", void(entry("link"))},
		{"replaced", void(entry("renewal"))},
		{"too-much", void(func(*furnished) []license.Hash { return make([]license.Hash, 101) })},
		{"stale", one("clerk + director", func(f *furnished) license.Act {
			return &license.LicenseVoid{License: f.a, Entries: []license.Hash{f.entry["void"]}}
		})},
		{"replaced", correct(renewal, license.Change{Do: "term", From: "2026-06-01"})},
		{"correction-shape", correct(newest, license.Change{Do: "route", From: "2026-06-01"})},
		{"day-missing", correct(newest, license.Change{Do: "term", Through: "2026-06-01"})},
		{"change", correct(newest, license.Change{Do: "term", From: "2026-06-01", Status: "x"})},
	}
}

func holderRefusals() []refusalCase {
	link := func(bend func(f *furnished, a *license.LicenseeLink)) func(*furnished) []byte {
		return one("clerk", func(f *furnished) license.Act {
			a := &license.LicenseeLink{License: f.a, Count: f.License(f.a).Counts.Links, Other: f.c, Effective: "2026-01-01"}
			bend(f, a)
			return a
		})
	}
	fact := func(bend func(f *furnished, a *license.FactRecord)) func(*furnished) []byte {
		return one("clerk", func(f *furnished) license.Act {
			a := &license.FactRecord{Fact: "us-il/" + f.ID(), About: f.a, Code: "notice", Day: "2026-01-01"}
			bend(f, a)
			return a
		})
	}
	return []refusalCase{
		{"linked", link(func(*furnished, *license.LicenseeLink) {})},
		{"link-self", link(func(f *furnished, a *license.LicenseeLink) { a.Other = f.a })},
		{"unknown-license", link(func(_ *furnished, a *license.LicenseeLink) { a.Other = "us-mn.nurse.1" })},
		{"not-linked", one("clerk", func(f *furnished) license.Act {
			return &license.LicenseeUnlink{License: f.a, Count: f.License(f.a).Counts.Links, Other: f.b, Effective: "2026-01-01"}
		})},
		{"fact-id", fact(func(f *furnished, a *license.FactRecord) { a.About = f.c })},
		{"fact-id", fact(func(_ *furnished, a *license.FactRecord) { a.Fact = "us-il" })},
		{"fact-exists", fact(func(f *furnished, a *license.FactRecord) { a.Fact = f.fact })},
		{"fact-code", fact(func(_ *furnished, a *license.FactRecord) { a.Code = "rumor" })},
		{"nothing", fact(func(_ *furnished, a *license.FactRecord) { a.Code, a.Party = license.FactDBA, "" })},
		{"share", fact(func(_ *furnished, a *license.FactRecord) {
			a.Code, a.Party, a.Number = license.FactControl, "x", 10_001
		})},
		{"too-much", fact(func(_ *furnished, a *license.FactRecord) { a.Party = strings.Repeat("x", 201) })},
		{"unknown-fact", one("clerk", func(*furnished) license.Act { return &license.FactEnd{Fact: "us-il/x", Count: 1, Day: "2026-01-01"} })},
		{"fact-ended", one("clerk", func(f *furnished) license.Act { return &license.FactEnd{Fact: f.over, Count: 2, Day: "2026-01-01"} })},
		{"days-reversed", one("clerk", func(f *furnished) license.Act { return &license.FactEnd{Fact: f.fact, Count: 1, Day: "2025-12-31"} })},
	}
}

func boardRefusals() []refusalCase {
	create := func(bend func(a *license.BoardCreate)) func(*furnished) []byte {
		return one("member + us-il", func(*furnished) license.Act {
			a := &license.BoardCreate{Board: "us-mn", Name: "Minnesota", Member: "idfpr", Jurisdiction: "us-mn", Root: ledgertest.Spec("member"), Source: "import"}
			bend(a)
			return a
		})
	}
	profession := func(bend func(a *license.BoardProfession)) func(*furnished) []byte {
		return one("us-il", func(*furnished) license.Act {
			a := &license.BoardProfession{Profession: "us-il.plumber", Title: "Plumber", Pattern: "#"}
			bend(a)
			return a
		})
	}
	return []refusalCase{
		{"bad-id", create(func(a *license.BoardCreate) { a.Board = "US" })},
		{"board-exists", create(func(a *license.BoardCreate) { a.Board = "us-ia" })},
		{"unknown-member", create(func(a *license.BoardCreate) { a.Member = "m" })},
		{"source", one("member + mn", func(*furnished) license.Act {
			return &license.BoardCreate{Board: "us-mn", Name: "Minnesota", Member: "idfpr", Jurisdiction: "us-mn", Root: ledgertest.Spec("root mn"), Source: "rumor"}
		})},
		{"import-root", create(func(a *license.BoardCreate) { a.Root = ledgertest.Spec("root") })},
		{"audience", create(func(a *license.BoardCreate) { a.Audiences = []license.Audience{{Kind: "city", Who: "all"}} })},
		{"sealed-shown", create(func(a *license.BoardCreate) { a.SealedShown = "maybe" })},
		{"bad-key", one("us-il", func(*furnished) license.Act {
			return &license.BoardSucceed{Board: "us-il", Count: 1, Old: ledgertest.Spec("root"), Root: "ed25519:AAAA"}
		})},
		{"calendar", one("us-il", func(*furnished) license.Act {
			return &license.BoardCalendar{Board: "us-il", Count: 1, Rows: []license.OffsetRow{{From: "2020-01-01T00:00:00Z", Minutes: 841}}}
		})},
		{"calendar", one("us-il", func(*furnished) license.Act {
			rows := license.CentralTime()
			rows[0].Daylight.End.Month = rows[0].Daylight.Begin.Month
			return &license.BoardCalendar{Board: "us-il", Count: 1, Rows: rows}
		})},
		{"number-pattern", profession(func(a *license.BoardProfession) { a.Pattern = "+" })},
		{"label", profession(func(a *license.BoardProfession) {
			a.Labels = []license.Label{{Code: "active", Text: "A"}, {Code: "active", Text: "B"}}
		})},
	}
}

func officerRefusals() []refusalCase {
	appoint := func(bend func(a *license.OfficerAppoint)) func(*furnished) []byte {
		return one("us-il", func(*furnished) license.Act {
			a := &license.OfficerAppoint{Officer: "us-il/new", Key: ledgertest.Spec("new"), Roles: []string{"clerk"}}
			bend(a)
			return a
		})
	}
	policy := func(rules ...license.Rule) func(*furnished) []byte {
		return one("us-il", func(*furnished) license.Act { return &license.PolicySet{Board: "us-il", Count: 1, Rules: rules} })
	}
	return []refusalCase{
		{"bad-key", appoint(func(a *license.OfficerAppoint) { a.Key = "ed25519:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" })},
		{"bad-id", appoint(func(a *license.OfficerAppoint) { a.Officer = "us-il/New" })},
		{"officer-exists", appoint(func(a *license.OfficerAppoint) { a.Officer = "us-il/gone" })},
		{"role", appoint(func(a *license.OfficerAppoint) { a.Roles = []string{"clerk", "clerk"} })},
		{"too-much", appoint(func(a *license.OfficerAppoint) {
			for i := range 20 {
				a.Roles = append(a.Roles, fmt.Sprint("r", i))
			}
		})},
		{"officer-unknown", one("us-il", func(*furnished) license.Act { return &license.OfficerEnd{Officer: "us-il/nobody", Count: 1} })},
		{"officer-ended", one("us-il", func(*furnished) license.Act { return &license.OfficerSuspend{Officer: "us-il/gone", Count: 2} })},
		{"officer-status", one("us-il", func(*furnished) license.Act { return &license.OfficerSuspend{Officer: "us-il/held", Count: 2} })},
		{"officer-status", one("us-il", func(*furnished) license.Act { return &license.OfficerResume{Officer: "us-il/guard", Count: 1} })},
		{"rule", policy(license.Rule{Acts: []string{"license.praise"}, From: []string{"clerk"}, Signers: 1})},
		{"rule", policy(license.Rule{Acts: []string{"praise.*"}, From: []string{"clerk"}, Signers: 1})},
		{"rule", policy(license.Rule{Acts: []string{"license.*"}, From: []string{"clerk"}})},
		{"rule", policy(license.Rule{Acts: []string{"license.*"}, From: []string{"clerk"}, Signers: 1, Roles: []license.RoleNeed{{Role: "king", Count: 1}}})},
	}
}

func networkRefusals() []refusalCase {
	set := func(bend func(a *license.MemberSetAct)) func(*furnished) []byte {
		return one("member", func(*furnished) license.Act {
			a := *ledgertest.FoundingActs(ledgertest.Name)[1].(*license.MemberSetAct)
			a.Set, a.Members = 2, append([]license.Member(nil), a.Members...)
			bend(&a)
			return &a
		})
	}
	return []refusalCase{
		{"founded", one("member", func(*furnished) license.Act { return ledgertest.FoundingActs(ledgertest.Name)[0] })},
		{"stale", set(func(a *license.MemberSetAct) { a.Set = 3 })},
		{"member", set(func(a *license.MemberSetAct) { a.Members[0].ID = "idfpr"; a.Members[0].Weight = 1_000_001 })},
		{"bad-key", set(func(a *license.MemberSetAct) { a.Members[0].Root = "rsa:x" })},
		{"bad-key", set(func(a *license.MemberSetAct) { a.Members[0].Cosign = "x" })},
		{"set-once", func(f *furnished) []byte {
			a, b := *ledgertest.FoundingActs(ledgertest.Name)[1].(*license.MemberSetAct), *ledgertest.FoundingActs(ledgertest.Name)[1].(*license.MemberSetAct)
			a.Set, b.Set = 2, 3
			return f.signed(nil, nil, "member", &a, &b)
		}},
		{"clock", one("member", func(*furnished) license.Act { return &license.ClockAdvance{Seconds: -1} })},
		{"clock", one("member", func(*furnished) license.Act { return &license.ClockAdvance{Seconds: 1 << 50} })},
		{"stale", one("member", func(*furnished) license.Act { return &license.ClockAdvance{Old: 1, Seconds: 1} })},
	}
}

func importRefusals() []refusalCase {
	row := func(who string, bend func(f *furnished, a *license.ImportAssert)) func(*furnished) []byte {
		return one(who, func(f *furnished) license.Act {
			a := &license.ImportAssert{
				License: f.wi, Count: f.License(f.wi).Counts.Imports, File: license.HashOf(nil), Row: 1, Day: "2026-01-01",
				Changes: []license.Change{{Do: "term", From: "2026-01-01"}},
			}
			bend(f, a)
			return a
		})
	}
	settled := license.SettlementDocument{Holder: []string{"Quill"}}
	claim := func(bend func(a *license.ImportClaim)) func(*furnished) []byte {
		return one("wi", func(*furnished) license.Act {
			a := &license.ImportClaim{Claim: "us-wi.1234567893", File: license.HashOf(nil), Row: 1, Day: "2026-01-01", Claims: []license.Claim{{State: "WI", Number: "1"}}}
			bend(a)
			return a
		})
	}
	return []refusalCase{
		{"npi", claim(func(a *license.ImportClaim) { a.Claim = "us-wi.1234567890" })},
		{"claim", claim(func(a *license.ImportClaim) { a.Claims[0].Number = strings.Repeat("1", 65) })},
		{"too-much", claim(func(a *license.ImportClaim) { a.Claims = slices.Repeat(a.Claims, license.ClaimsMax+1) })},
		{"nothing", claim(func(a *license.ImportClaim) { a.Claims = nil })},
		{"stale", claim(func(a *license.ImportClaim) { a.Count = 1 })},
		{"older-file", func(f *furnished) []byte {
			a := license.ImportClaim{Claim: "us-wi.1234567893", File: license.HashOf(nil), Row: 1, Day: "2026-01-02", Claims: []license.Claim{{State: "WI", Number: "1"}}}
			b := a
			b.Count, b.Day, b.Claims = 1, "2026-01-01", nil
			return f.signed(nil, nil, "wi", &a, &b)
		}},
		{"claim", one("wi", func(*furnished) license.Act {
			return &license.ImportUndo{Claim: "us-wi.1234567893", License: "us-wi.nurse.1", File: license.HashOf(nil), Entries: []license.Hash{{1}}}
		})},
		{"row", row("wi", func(_ *furnished, a *license.ImportAssert) { a.Row = -1 })},
		{"other-file", one("wi", func(f *furnished) license.Act {
			es := f.Entries("us-wi.nurse.1")
			return &license.ImportUndo{License: "us-wi.nurse.1", File: license.HashOf([]byte("another")), Entries: []license.Hash{es[0].Hash}}
		})},
		{"bad-id", with("clerk", license.OpeningSettlement, settled, func(_ *furnished, ref license.OpeningRef) license.Act {
			return &license.ImportSettle{License: "us-il.nurse", Commitment: ref.Commitment}
		})},
		{"stale", with("clerk", license.OpeningSettlement, settled, func(f *furnished, ref license.OpeningRef) license.Act {
			return &license.ImportSettle{License: f.a, Count: 1, Commitment: ref.Commitment}
		})},
		{"opening", with("clerk", license.OpeningSettlement, []byte("Quill"), func(f *furnished, ref license.OpeningRef) license.Act {
			return &license.ImportSettle{License: f.a, Commitment: ref.Commitment}
		})},
		{"opening-kind", with("clerk", license.OpeningSettlement, settled, func(f *furnished, ref license.OpeningRef) license.Act {
			return &license.LicenseAmend{License: f.a, Count: 4, From: "2026-01-01", Openings: []license.OpeningRef{ref}}
		})},
		{"stale", one("clerk", func(f *furnished) license.Act { return &license.ImportWithdraw{License: f.a, Count: 1} })},
		{"change", row("wi", func(_ *furnished, a *license.ImportAssert) { a.Changes[0].Do = "lift" })},
		{"lifecycle", row("wi", func(_ *furnished, a *license.ImportAssert) {
			a.Changes[0] = license.Change{Do: "lifecycle", Status: "happy", From: "2026-01-01"}
		})},
		{"license-exists", row("wi", func(_ *furnished, a *license.ImportAssert) { a.Issued = "2026-01-01" })},
		{"unknown-entry", row("wi", func(_ *furnished, a *license.ImportAssert) { a.Previous = license.Hash{1} })},
		{"nothing", row("wi", func(_ *furnished, a *license.ImportAssert) { a.Changes = nil })},
		{"native", row("clerk", func(f *furnished, a *license.ImportAssert) { a.License, a.Count = f.a, 0 })},
		{"stale", row("wi", func(_ *furnished, a *license.ImportAssert) { a.Count = 9 })},
	}
}
