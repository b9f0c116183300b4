package license

import (
	"slices"
	"strings"
	"testing"
)

const npi = "us-il.1234567893"

func TestClaims(t *testing.T) {
	b := newBook(t)
	old, file, corrected := b.hash("file"), b.hash("file"), b.hash("file")
	row := func(count int64, file Hash, day Day, numbers ...string) *ImportClaim {
		a := &ImportClaim{Claim: npi, Count: count, File: file, Row: 5, Day: day}
		for _, n := range numbers {
			a.Claims = append(a.Claims, Claim{State: "IL", Number: n, Taxonomy: "163W00000X", Primary: true})
		}
		return a
	}
	stands := func(day Day, numbers ...string) *Claims {
		t.Helper()
		c := new(Claims)
		b.Get(KindClaim, npi, c)
		var got []string
		for _, x := range c.Claims {
			got = append(got, x.Number)
		}
		if !slices.Equal(got, numbers) || day == "" != (c.Import == nil) || c.Import != nil && (c.Import.Day != day || c.Import.Importer != "idfpr") {
			t.Errorf("%+v of %+v, not %v of %q", got, c.Import, numbers, day)
		}
		return c
	}
	last := func() Hash { es := b.Entries(KindClaim, npi); return es[len(es)-1].Hash }
	undo := func(count int64, file Hash, hs ...Hash) *ImportUndo {
		return &ImportUndo{Claim: npi, Count: count, File: file, Entries: hs}
	}

	b.refused("nothing", row(0, old, "2026-01-05"))
	b.refused("unknown-entry", undo(0, old, old))
	first := row(0, old, "2026-01-05", "041001", "T1")
	b.must(first)
	b.refused("stale", first)
	b.refused("nothing", row(1, file, "2026-02-05", "041001", "T1"))
	b.refused("older-file", row(1, file, "2026-01-04", "041001"))
	brought := last()

	// A newer row takes the place of the older one, also one that claims less or nothing.
	b.must(row(1, file, "2026-02-05", "041001"))
	stands("2026-02-05", "041001")
	newer := last()
	b.must(row(2, corrected, "2026-02-05"))
	stands("2026-02-05")
	b.must(undo(3, corrected, last()))
	stands("2026-02-05", "041001")

	b.refused("claim", &ImportUndo{Claim: npi, License: nurse, Count: 4, File: file, Entries: []Hash{newer}})
	b.refused("other-file", undo(4, old, newer))
	b.refused("void-twice", undo(4, file, newer, newer))
	b.refused("stale", undo(3, file, newer))

	// The older file goes first, and what is newer stays; then all goes, and the older
	// file may come again.
	b.must(undo(4, old, brought))
	stands("2026-02-05", "041001")
	b.refused("void-twice", undo(5, old, brought))
	b.must(undo(5, file, newer))
	stands("")
	b.must(row(6, old, "2026-01-05", "041001", "T1"))
	if c := stands("2026-01-05", "041001", "T1"); c.Count != 7 || c.Last != last() {
		t.Errorf("%+v", c)
	}
	if _, ok := b.records[KindLicense+"\x00us-il.nurse.041001"]; ok {
		t.Error("a claim made a license")
	}
}

func TestClaimsAreBounded(t *testing.T) {
	b := newBook(t)
	try := func(code string, bend func(*ImportClaim)) {
		t.Helper()
		a := &ImportClaim{Claim: npi, File: b.hash("file"), Row: 1, Day: "2026-01-05", Claims: []Claim{{State: "IL", Number: "041001"}}}
		bend(a)
		b.refused(code, a)
	}
	for _, id := range []string{"us-il.1234567890", "us-il", "us-il.123456789", "us-il.1234567893.", "us-il/1234567893", "us-il.physician.036"} {
		try("npi", func(a *ImportClaim) { a.Claim = id })
	}
	try("row", func(a *ImportClaim) { a.Row = -1 })
	try("too-much", func(a *ImportClaim) { a.Claims = slices.Repeat(a.Claims, ClaimsMax+1) })
	try("claim", func(a *ImportClaim) { a.Claims[0].Number = strings.Repeat("0", 65) })
	try("claim", func(a *ImportClaim) { a.Claims[0].Number = "1\n2" })
	try("claim", func(a *ImportClaim) { a.Claims[0].State = strings.Repeat("I", 41) })
	try("claim", func(a *ImportClaim) { a.Claims[0].Taxonomy = "\x7f" })

	// The most that a row may claim fits into an act and an entry.
	longest := Claim{State: strings.Repeat(`"`, 40), Number: strings.Repeat(`\`, 64), Taxonomy: strings.Repeat(`"`, 40), Primary: true}
	b.must(&ImportClaim{Claim: npi, File: b.hash("file"), Row: 1, Day: "2026-01-05", Claims: slices.Repeat([]Claim{longest}, ClaimsMax)})
}

func TestFitsNPI(t *testing.T) {
	for n, want := range map[string]bool{
		"1234567893": true, "1234567890": false, "1234567894": false, "123456789": false, "12345678933": false, "": false,
		"123456789a": false, "١234567893": false, "0000000006": true, "1245319599": true, "1245319598": false,
	} {
		if FitsNPI(n) != want {
			t.Errorf("%q: %v", n, !want)
		}
	}
	for i := range 9 { // one wrong digit is always noticed
		for d := range 10 {
			n := []byte("1234567893")
			if n[i] = byte('0' + d); string(n) != "1234567893" && FitsNPI(string(n)) {
				t.Errorf("%s", n)
			}
		}
	}
}
