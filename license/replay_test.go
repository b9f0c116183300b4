package license

import (
	"slices"
	"testing"

	"licet/strict"
)

// everyVerb applies each verb at least once, fixed ids and days, and returns the
// bytes of the acts in order.
func everyVerb(b *book) (acts [][]byte) {
	do := func(a Act) {
		b.t.Helper()
		b.must(a)
		acts = append(acts, EncodeAct(a))
	}
	const id, other = "us-il.nurse.041001", "us-ia.nurse.T1"
	do(&LicenseIssue{
		License: id, Licensee: b.id(), Subject: SubjectPerson, Route: "examination", Issued: "2020-06-01", From: "2024-06-01", Through: "2026-05-31",
		Grace: "2026-08-29", Openings: []OpeningRef{{OpeningName, b.hash("name")}},
	})
	do(&LicenseIssue{License: other, Licensee: b.id(), Subject: SubjectOrganization, Issued: "2020-06-01", From: "2024-06-01"})
	do(&LicenseRenew{License: id, Count: 1, From: "2026-06-01", Through: "2028-05-31"})
	do(&LicenseAmend{License: id, Count: 2, From: "2026-02-01", Route: "imlc", Openings: []OpeningRef{{OpeningCity, b.hash("city")}}})
	o := b.id()
	do(&LicenseDiscipline{License: id, Order: o, Commitment: b.hash("order"), Authority: AuthorityBarred, From: "2026-02-01"})
	do(&LicenseStay{License: id, Order: o, Count: 1, From: "2026-02-03"})
	stay := b.last(id)
	do(&LicenseUnstay{License: id, Order: o, Count: 2, From: "2026-02-10"})
	do(&LicenseDiscipline{License: id, Order: o, Count: 3, Commitment: b.hash("order"), Authority: AuthorityConditions, From: "2026-02-01", Through: "2026-12-31"})
	do(&LicenseLift{License: id, Order: o, Count: 4, From: "2026-03-01"})
	do(b.void(id, stay))
	void := b.last(id)
	do(&LicenseStay{License: id, Order: o, Count: 5, From: "2026-02-04"})
	again := b.last(id)
	do(&LicenseCorrect{License: id, Count: 1, Entry: again, Changes: []Change{{Do: DoStay, Order: o, From: "2026-02-05"}}})
	do(b.void(id, b.last(id)))
	do(b.void(id, void))
	do(b.void(id, stay))
	b.now = b.now.AddSeconds(2 * 86400)
	do(&LicenseSeal{License: id, Order: o, Count: 7})
	do(&LicenseSurrender{License: id, Count: 2, From: "2026-04-01"})
	everyRegistration(b, do, id, other)
	do(&LicenseeLink{License: id, Other: other, Effective: "2026-01-01"})
	do(&LicenseeLink{License: other, Other: id, Effective: "2026-01-02"})
	do(&LicenseeUnlink{License: id, Count: 1, Other: other, Effective: "2026-02-02"})
	do(&LicenseeLink{License: id, Count: 2, Other: other, Effective: "2026-02-03"})
	fact := "us-il/" + b.id()
	do(&FactRecord{Fact: fact, About: id, Code: "notice", Day: "2026-02-01", Commitment: b.hash("fact")})
	do(&FactAmend{Fact: fact, Count: 1, Day: "2026-02-02", Through: "2026-02-03", Number: 20, Party: "somebody"})
	do(&FactEnd{Fact: fact, Count: 2, Day: "2026-02-03"})
	everyImport(b, do)
	everyClaim(b, do)
	everyAuthority(b, do)
	do(&ImportSettle{License: "us-il.nurse.041888", Commitment: b.hash("settlement")})
	do(&ImportWithdraw{License: "us-il.nurse.041888", Count: 1})
	do(&RulesAdopt{Count: 2, Rules: 2, Height: 9})
	everyContract(b, do)
	everyPrivilege(b, do)
	everyRetry(b, do)
	return acts
}

// everyPrivilege grants a privilege on another board's license, disciplines it, moves it
// to a license of a third board and ends it.
func everyPrivilege(b *book, do func(Act)) {
	const id, home, next = "us-ia.nurse.T2", "us-il.nurse.041002", "us-wi.nurse.7"
	do(&LicenseIssue{License: home, Licensee: b.id(), Subject: SubjectPerson, Issued: "2020-06-01", From: "2024-06-01"})
	do(&LicenseIssue{License: next, Licensee: b.id(), Subject: SubjectPerson, Issued: "2026-01-01", From: "2026-01-01"})
	do(&PrivilegeIssue{License: id, Rests: home, Licensee: b.id(), Subject: SubjectPerson, Route: "nlc", Issued: "2024-07-01", From: "2024-07-01", Through: "2026-05-31"})
	o := b.id()
	do(&PrivilegeDiscipline{License: id, Order: o, Commitment: b.hash("order"), Authority: AuthorityBarred, From: "2026-02-01"})
	do(&LicenseStay{License: id, Order: o, Count: 1, From: "2026-02-03"})
	do(&PrivilegeLift{License: id, Order: o, Count: 2, From: "2026-03-01"})
	do(&PrivilegeRenew{License: id, Count: 1, Rests: next, From: "2026-06-01", Through: "2028-05-31"})
	do(&LicenseCorrect{License: id, Entry: b.last(id), Changes: []Change{{Do: DoTerm, From: "2026-06-01", Through: "2028-06-30"}, {Do: DoRest, Other: next, From: "2026-05-31"}}})
	do(&PrivilegeRenew{License: id, Count: 5, From: "2028-07-01"})
	do(&PrivilegeEnd{License: id, Count: 6, From: "2028-08-01"})
	do(&LicenseReactivate{License: id, Count: 7, From: "2028-09-01"})
}

// everyRetry asks for a call that faulted.
func everyRetry(b *book, do func(Act)) {
	const call = HeldPrefix + "0000000007.000001"
	b.records[KindCall+"\x00"+call] = strict.Encode(&Call{Contract: "imlc", Board: "us-il", Kind: "on", Name: "license.renew", Function: "f", License: "us-il.nurse.041", Today: "2026-01-10", Held: true})
	do(&ContractRetry{Board: "us-il", Contract: "imlc", Count: 4, Call: call})
}

// everyContract adopts a contract of two boards, changes it in both ways, leaves it and
// lets it end.
func everyContract(b *book, do func(Act)) {
	one, amended, two := b.hash("one"), b.hash("one, amended"), b.hash("two")
	do(&ContractAdopt{Board: "us-il", Contract: "imlc", Version: 1, Hash: one, Role: "state", Of: 2, Among: 3, Texts: []Hash{b.hash("manifest"), b.hash("source")}})
	do(&ContractJoin{Board: "us-ia", Contract: "imlc", Version: 1, Hash: one, Role: "state"})
	do(&ContractAmendParams{Board: "us-ia", Contract: "imlc", Count: 1, Version: 1, Amendment: 1, Hash: amended, Previous: one, Texts: []Hash{b.hash("manifest"), b.hash("parameters")}})
	do(&ContractAmendParams{Board: "us-il", Contract: "imlc", Count: 1, Version: 1, Amendment: 1, Hash: amended, Previous: one})
	do(&ContractSupersede{Board: "us-il", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: amended, Role: "state", Texts: []Hash{b.hash("manifest")}})
	do(&ContractSupersede{Board: "us-ia", Contract: "imlc", Count: 2, Version: 2, Hash: two, Previous: amended, Role: "state"})
	do(&ContractRetire{Board: "us-il", Contract: "imlc", Count: 3, Previous: two})
	do(&ContractLeave{Board: "us-ia", Contract: "imlc", Count: 3, Previous: two})
}

// everyRegistration goes on where the license was surrendered.
func everyRegistration(b *book, do func(Act), id, other string) {
	do(&LicenseReactivate{License: id, Count: 3, From: "2026-05-01"})
	do(&LicenseExtend{License: id, Count: 4, Term: "2026-06-01", Through: "2028-05-31", Grace: "2028-08-29"})
	do(&LicenseExtend{License: id, Count: 5, Term: "2026-06-01", Through: "2028-07-31", Grace: "2028-08-29"})
	do(&LicenseCorrect{License: id, Count: b.license(id).Counts.Repairs, Entry: b.last(id), Changes: []Change{{Do: DoExtend, From: "2026-06-01", Through: "2028-06-30", Grace: "2028-08-30"}}})
	do(&LicenseInactivate{License: id, Count: 7, From: "2026-06-10"})
	do(&LicenseDecease{License: id, Count: 8, From: "2026-06-20"})
	do(&LicenseInactivate{License: other, Count: 1, From: "2026-06-10"})
	do(&LicenseReactivate{License: other, Count: 2, From: "2026-06-11"})
}

func everyImport(b *book, do func(Act)) {
	const id = "us-il.nurse.041777"
	do(&ImportAssert{
		License: id, File: b.hash("file"), Row: 1, Day: "2026-01-01", Licensee: b.id(), Subject: SubjectPerson, Issued: "2001-01-01",
		Changes:  []Change{{Do: DoTerm, From: "2024-06-01", Through: "2026-05-31"}, {Do: DoOrder, Order: b.id(), Authority: AuthorityNone, Commitment: b.hash("order"), From: "2025-01-01"}},
		Openings: []OpeningRef{{OpeningName, b.hash("name")}},
	})
	first := b.last(id)
	do(&ImportAssert{
		License: id, Count: 1, Previous: first, File: b.hash("file"), Row: 1, Day: "2026-02-01", From: "2026-01-15",
		Changes: []Change{{Do: DoTerm, From: "2024-06-01", Through: "2026-05-30"}, {Do: DoLifecycle, Status: LifecycleInactive, From: "2026-01-15"}, {Do: DoRoute, Route: "endorsement", From: "2024-06-01"}},
	})
	do(b.void(id, b.last(id)))
	do(b.void(id, first))
	do(&LicenseIssue{License: id, Licensee: b.id(), Subject: SubjectPerson, Issued: "2026-01-01", From: "2026-01-01"})
	do(b.void(id, b.last(id)))
	everyUndo(b, do)
	everyDescribed(b, do)
}

// everyDescribed names a license in a list of orders; a roster describes it, and both
// files are taken back.
func everyDescribed(b *book, do func(Act)) {
	const id = "us-il.nurse.041889"
	alerts, roster := b.hash("file"), b.hash("file")
	do(&ImportAssert{
		License: id, File: alerts, Row: 1, Day: "2026-01-01", Licensee: b.id(), Subject: SubjectPerson, From: "2025-02-01",
		Changes: []Change{{Do: DoOrder, Order: b.id(), Authority: AuthorityConditions, Commitment: b.hash("order"), From: "2025-02-01"}},
	})
	ordered := b.last(id)
	do(&ImportAssert{License: id, Count: 1, File: roster, Row: 9, Day: "2026-01-02", Issued: "2001-02-03", Changes: []Change{{Do: DoTerm, From: "2024-06-01", Through: "2026-05-31"}}})
	described := b.last(id)
	do(&ImportUndo{License: id, File: alerts, Entries: []Hash{ordered}})
	do(b.void(id, b.last(id)))
	do(&ImportUndo{License: id, Count: 2, File: roster, Entries: []Hash{described}})
}

// everyUndo takes a file back: first its newer row, then the row that brought the
// license in, which then comes in anew with the same licensee.
func everyUndo(b *book, do func(Act)) {
	const id = "us-il.nurse.041888"
	licensee, old, file := b.id(), b.hash("file"), b.hash("file")
	row := func(file Hash, day Day, previous Hash, count int64) *ImportAssert {
		return &ImportAssert{
			License: id, Count: count, Previous: previous, File: file, Row: 3, Day: day,
			Changes: []Change{{Do: DoTerm, From: "2024-06-01", Through: "2026-05-31"}},
		}
	}
	first := row(old, "2026-01-01", Hash{}, 0)
	first.Licensee, first.Subject, first.Issued = licensee, SubjectPerson, "2001-01-01"
	do(first)
	brought := b.last(id)
	do(row(file, "2026-02-01", brought, 1))
	do(&ImportUndo{License: id, File: file, Entries: []Hash{b.last(id)}})
	do(&ImportUndo{License: id, Count: 1, File: old, Entries: []Hash{brought}})
	again := row(b.hash("file"), "2026-02-02", Hash{}, 2)
	again.Licensee, again.Subject, again.Issued = licensee, SubjectPerson, "2001-01-02"
	do(again)
}

// everyClaim copies what one NPI claims, then another row, and takes both back.
func everyClaim(b *book, do func(Act)) {
	const id = "us-il.1234567893"
	old, file := b.hash("file"), b.hash("file")
	do(&ImportClaim{Claim: id, File: old, Row: 7, Day: "2026-01-01", Claims: []Claim{
		{State: "IL", Number: "RN041001", Taxonomy: "163W00000X", Primary: true}, {State: "IA", Number: "T1"}, {Number: "unknown"},
	}})
	first := b.Entries(KindClaim, id)[0].Hash
	do(&ImportClaim{Claim: id, Count: 1, File: file, Row: 9, Day: "2026-02-01", Claims: []Claim{{State: "IL", Number: "041001"}}})
	do(&ImportUndo{Claim: id, Count: 2, File: file, Entries: []Hash{b.Entries(KindClaim, id)[1].Hash}})
	do(&ImportClaim{Claim: id, Count: 3, File: file, Row: 9, Day: "2026-02-01"})
	do(&ImportUndo{Claim: id, Count: 4, File: old, Entries: []Hash{first}})
}

func everyAuthority(b *book, do func(Act)) {
	do(&BoardCreate{Board: "us-wi", Name: "Wisconsin", Member: "idfpr", Jurisdiction: "us-wi", Root: "ed25519:member", Source: SourceImport, SealedShown: "hidden"})
	do(&BoardAmend{Board: "us-wi", Count: 1, Name: "Wisconsin DSPS", Audiences: []Audience{{OpeningName, AudiencePublic}}})
	do(&BoardSucceed{Board: "us-il", Count: 1, Old: "ed25519:root us-il", Root: "ed25519:next us-il"})
	do(&BoardClaim{Board: "us-wi", Count: 2, Old: "ed25519:member", Root: "ed25519:root us-wi", Member: "idfpr", Name: "Wisconsin boards"})
	do(&BoardCalendar{Board: "us-wi", Rows: []OffsetRow{{From: "2007-01-01T06:00:00Z", Minutes: -360}}})
	do(&BoardProfession{Profession: "us-wi.nurse", Title: "Nurse", Pattern: "#+", Labels: []Label{{"active", "Current"}}, Coverage: &Coverage{IssuedFrom: "1998-01-01"}})
	do(&OfficerAppoint{Officer: "us-wi/clerk", Title: "Clerk", Key: "ed25519:clerk us-wi", Roles: []string{"clerk"}})
	do(&OfficerAmend{Officer: "us-wi/clerk", Count: 1, Key: "ed25519:clerk 2", Roles: []string{"clerk", "director"}})
	do(&OfficerSuspend{Officer: "us-wi/clerk", Count: 2})
	do(&OfficerResume{Officer: "us-wi/clerk", Count: 3})
	do(&OfficerEnd{Officer: "us-wi/clerk", Count: 4})
	do(&PolicySet{Board: "us-wi", Rules: []Rule{{Acts: []string{"license.*"}, From: []string{"clerk"}, Signers: 1, Roles: []RoleNeed{{"clerk", 1}}}}})
	do(&MemberSetAct{Set: 2, Members: []Member{{ID: "idfpr", Name: "IDFPR", Weight: 20, Root: "ed25519:member"}, {ID: "dsps", Root: "ed25519:dsps"}}})
	do(&ClockAdvance{Seconds: 3600})
	do(&OfficerRecover{Officer: "us-wi/clerk", Count: 5, From: b.now.AddSeconds(8 * 86400), Key: "ed25519:clerk 3", Roles: []string{"clerk"}})
}

// TestNoActAppliesTwice: each act's precondition is falsified by its own
// application, for good: whatever is decided later, voids included.
func TestNoActAppliesTwice(t *testing.T) {
	b := newBook(t)
	acts := everyVerb(b)
	acts = append(acts, EncodeAct(&NetworkFound{Name: "test/book", Chain: "test", Time: "2026-01-10T12:00:00Z", Rules: 1}))
	var seen []string
	for _, raw := range acts {
		a, err := ParseAct(raw)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, a.Verb())
		if _, r := Decide(a, b); r == nil {
			t.Errorf("applies a second time: %s", raw)
		}
	}
	for _, v := range Verbs() {
		if !slices.Contains(seen, v) {
			t.Errorf("%s never applied", v)
		}
	}
}

// TestNoActAppliesTwiceAfterVoids: everything about each license is voided, and
// then the voids are, and no act comes back.
func TestNoActAppliesTwiceAfterVoids(t *testing.T) {
	b := newBook(t)
	acts := everyVerb(b)
	for range 4 {
		for _, id := range []string{"us-il.nurse.041001", "us-ia.nurse.T1", "us-il.nurse.041777", "us-il.nurse.041888", "us-il.nurse.041889", "us-ia.nurse.T2", "us-il.nurse.041002"} {
			for _, e := range b.Entries(KindLicense, id) {
				if a := b.void(id, e.Hash); b.do(a) == nil {
					acts = append(acts, EncodeAct(a))
				}
			}
		}
		for _, raw := range acts {
			a, _ := ParseAct(raw)
			if _, r := Decide(a, b); r == nil {
				t.Fatalf("applies a second time: %s", raw)
			}
		}
	}
}
