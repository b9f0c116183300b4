package license

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"licet/strict"
)

// What is read is written back the same, and nothing panics.

func FuzzParseAct(f *testing.F) {
	b := newBook(f)
	for _, raw := range everyVerb(b) {
		f.Add(raw)
	}
	for _, verb := range Verbs() {
		f.Add([]byte(`{"do":"` + verb + `"}`))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := ParseAct(raw)
		if err != nil {
			return
		}
		if !bytes.Equal(EncodeAct(a), raw) {
			t.Errorf("written back otherwise:\n%s\n%s", raw, EncodeAct(a))
		}
		a.Target()
		// Any act may be asked of any registry, signed by anybody.
		if e, r := Decide(a, b); (e == nil) == (r == nil) {
			t.Errorf("%s: neither decided nor refused", raw)
		}
		_ = Authorize(a, []Signer{{"officer/us-il/clerk", "ed25519:clerk us-il"}}, b)
	})
}

var newRecord = map[string]func() any{
	KindLicense: func() any { return new(License) }, KindLicensee: func() any { return new(Licensee) }, KindLink: func() any { return new(Link) },
	KindBoard: func() any { return new(Board) }, KindCalendar: func() any { return new(Calendar) }, KindProfession: func() any { return new(Profession) },
	KindOfficer: func() any { return new(Officer) }, KindPolicy: func() any { return new(Policy) }, KindFact: func() any { return new(Fact) },
	KindContracts: func() any { return new(Contracts) }, KindContract: func() any { return new(Contract) },
	KindSettlement: func() any { return new(Settlement) }, KindClaim: func() any { return new(Claims) },
	KindOpening: func() any { return new(OpeningRecord) }, KindMembers: func() any { return new(MemberSet) }, KindNetwork: func() any { return new(Network) },
	"entry": func() any { return new(Entry) }, "name": func() any { return new(Name) }, "document": func() any { return new(OrderDocument) },
	"decision": func() any { return new(SettlementDocument) },
}

func FuzzRecords(f *testing.F) {
	b := newBook(f)
	everyVerb(b)
	seen := map[string]bool{}
	for _, k := range slices.Sorted(maps.Keys(b.records)) {
		f.Add([]byte(b.records[k]))
		seen[k[:bytes.IndexByte([]byte(k), 0)]] = true
	}
	for _, k := range slices.Sorted(maps.Keys(b.entries)) {
		for _, e := range b.entries[k] {
			f.Add(strict.Encode(&e.Entry))
		}
	}
	for kind := range newRecord {
		if !seen[kind] && kind != "entry" && kind != "name" && kind != "document" && kind != "decision" {
			f.Fatalf("no act writes a record of kind %s", kind)
		}
	}
	f.Add([]byte(`{"family":"Lee","given":"Ann"}`))
	f.Add([]byte(`{"holder":["Quill","Quil"],"others":["Marsh"],"reason":"by letter"}`))
	f.Add([]byte(`{"entity":"Board","actions":[{"code":"fine","term_days":3}],"bases":["A6"]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for kind, mk := range newRecord {
			r := mk()
			if strict.Decode(raw, r, 1<<20) == nil && !bytes.Equal(strict.Encode(r), raw) {
				t.Errorf("%s: written back otherwise:\n%s\n%s", kind, raw, strict.Encode(r))
			}
			if l, ok := r.(*License); ok {
				l.StandingOn("2026-01-10", nil, nil)
			}
			if e, ok := r.(*Entry); ok {
				FoldLicense([]Recorded{{*e, LeafHash(raw)}}, "")
			}
		}
	})
}
