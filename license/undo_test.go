package license

import "testing"

func TestUndo(t *testing.T) {
	b := newBook(t)
	const id = "us-il.nurse.041777"
	old, file := b.hash("file"), b.hash("file")
	row := func(file Hash, previous Hash, count int64, through Day) *ImportAssert {
		a := &ImportAssert{License: id, Count: count, Previous: previous, File: file, Row: 1, Day: "2026-01-01", Changes: []Change{term("2024-06-01", through)}}
		if b.records[KindLicense+"\x00"+id] == nil || b.license(id).Licensee == "" {
			a.Licensee, a.Subject, a.Issued = b.id(), SubjectPerson, "2001-01-01"
		}
		return a
	}
	undo := func(file Hash, hs ...Hash) *ImportUndo {
		return &ImportUndo{License: id, Count: b.license(id).Counts.Repairs, File: file, Entries: hs}
	}
	through := func(want Day) {
		t.Helper()
		if got := b.license(id).Terms; len(got) != 1 || got[0].Through != want {
			t.Errorf("terms %+v, not one through %s", got, want)
		}
	}
	b.refused("unknown-license", &ImportUndo{License: id, File: file, Entries: []Hash{file}})
	b.must(row(old, Hash{}, 0, "2026-05-31"))
	first := b.last(id)
	b.must(row(file, first, 1, "2025-05-31"))
	second := b.last(id)
	b.refused("other-file", undo(old, second))
	b.refused("unknown-entry", undo(old, old))
	b.refused("void-twice", undo(old, first, first))

	// The newer file goes, the older one stands again; the corrected one loads.
	signed := undo(file, second)
	b.must(signed)
	b.refused("stale", signed)
	b.refused("void-twice", undo(file, second))
	through("2026-05-31")
	b.must(row(b.hash("file"), first, 2, "2026-06-30"))
	through("2026-06-30")

	// The older file goes; what stands in the place of its row is another file's.
	b.must(undo(old, first))
	through("2026-06-30")

	// All goes, and the number comes in anew.
	for _, e := range b.Entries(KindLicense, id) {
		if e.Import != nil && e.Import.File != file && e.Import.File != old {
			b.must(undo(e.Import.File, e.Hash))
		}
	}
	if l := b.license(id); l.Licensee != "" || l.Copied != "" {
		t.Errorf("%+v", l)
	}
	b.must(row(file, Hash{}, 3, "2026-05-31"))
	through("2026-05-31")
	fourth := b.last(id)

	// What the board decided itself does not lose its ground.
	b.must(&LicenseRenew{License: id, Count: b.license(id).Counts.Term, From: "2026-06-01", Through: "2027-05-31"})
	renewal := b.last(id)
	b.refused("native", undo(file, fourth))
	b.must(b.void(id, renewal))
	b.must(undo(file, fourth))

	// Nor is its own correction taken back with the row.
	again := row(file, Hash{}, 4, "2026-05-31")
	b.must(again)
	fifth := b.last(id)
	issue := b.Entries(KindLicense, id)[len(b.Entries(KindLicense, id))-1].Changes[0]
	b.must(b.correct(id, fifth, issue, term("2024-06-01", "2026-06-15")))
	b.refused("native", undo(file, fifth))
	through("2026-06-15")
}

// The same licensee may come back with the same license only, and by a row only: a
// row has a count that keeps it from applying twice.
func TestLicenseeOfAnUndoneRow(t *testing.T) {
	b := newBook(t)
	const id, other = "us-il.nurse.041777", "us-il.nurse.041778"
	row := &ImportAssert{License: id, File: b.hash("file"), Row: 1, Day: "2026-01-01", Licensee: b.id(), Subject: SubjectPerson, Issued: "2001-01-01"}
	b.must(row)
	b.must(&ImportUndo{License: id, File: row.File, Entries: []Hash{b.last(id)}})
	b.refused("stale", row)
	b.refused("licensee-taken", &LicenseIssue{License: id, Licensee: row.Licensee, Subject: SubjectPerson, Issued: "2001-01-01", From: "2001-01-01"})
	b.refused("licensee-taken", &ImportAssert{License: other, File: row.File, Row: 2, Day: "2026-01-01", Licensee: row.Licensee, Subject: SubjectPerson, Issued: "2001-01-01"})
	again := *row
	again.Count = 1
	b.must(&again)
	b.refused("stale", row)
	b.refused("stale", &again)
}
