package ledger

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// A breaker changes a bundle that holds; what comes out must not.
type breaker struct {
	*bundleBook
	trust proof.Trust
	file  string // of the bundle that is broken
}

func brokenBundles(b *bundleBook) {
	s := newScene(b.t)
	base := func(name string, bundle []byte, t proof.Trust) breaker {
		b.add(name, bundle, t, proof.Question{})
		return breaker{b, t, b.lines[len(b.lines)-1].File}
	}
	history := base("to be broken: history", s.bundle(true, license.KindLicense, nurse), s.trust())
	standing := base("to be broken: standing", s.bundle(false, license.KindLicense, nurse), s.trust())
	absence := base("to be broken: absence", s.bundle(false, license.KindLicense, "us-il.nurse.041999999"), s.trust())
	standing.shapes()
	standing.records(s)
	standing.openings()
	standing.notes(s)
	standing.blocks(s)
	standing.trustFiles()
	absence.absences(s)
	history.histories()
	history.payloads()
	b.pastOpenings(base)
	b.trails()
	b.consistencies()
	standing.flips(60)
	history.flips(60)
}

// breaks adds the bundle as do changes it.
func (b breaker) breaks(name string, do func(u *proof.Bundle)) {
	b.t.Helper()
	u := b.read()
	do(u)
	b.text(name, strict.Encode(u))
}

func (b breaker) read() *proof.Bundle {
	u := new(proof.Bundle)
	if err := strict.Decode(b.files[b.file], u, proof.BundleBytesMax); err != nil {
		b.t.Fatal(err)
	}
	return u
}

// text adds a bundle as the one edit that makes it of the file.
func (b breaker) text(name string, made []byte) {
	b.t.Helper()
	base := b.files[b.file]
	from := 0
	for from < min(len(base), len(made)) && base[from] == made[from] {
		from++
	}
	end := 0
	for end < min(len(base), len(made))-from && base[len(base)-1-end] == made[len(made)-1-end] {
		end++
	}
	b.edited(name, b.file, b.trust, bundleEdit{From: int64(from), To: int64(len(base) - end), Text: string(made[from : len(made)-end])})
}

func (b breaker) shapes() {
	whole := b.files[b.file]
	text := func(name, old, with string) { b.text(name, bytes.Replace(whole, []byte(old), []byte(with), 1)) }
	text("version 2", `"v":1`, `"v":2`)
	text("no version", `{"v":1,`, `{`)
	text("another type", `"standing"`, `"verdict"`)
	text("a standing bundle as one of consistency", `"standing"`, `"consistency"`)
	text("a standing bundle as one of trust", `"standing"`, `"trust"`)
	text("a standing bundle as a history", `"standing"`, `"history"`)
	text("no type", `"type":"standing",`, ``)
	text("white space", `"v":1,`, `"v":1, `)
	text("a member twice", `"v":1,`, `"v":1,"v":1,`)
	text("an unknown member", `"v":1,`, `"v":1,"w":1,`)
	text("members in another order", `"v":1,"type":"standing",`, `"type":"standing","v":1,`)
	text("an empty member", `"block":`, `"histories":[],"block":`)
	text("another origin", worldName, "test/earth")
	text("no openings' bytes", `"bytes":`, `"byte":`)
	b.text("a line end after it", append(bytes.Clone(whole), '\n'))
	b.text("cut short", whole[:len(whole)-1])
	b.text("nothing", nil)
	b.breaks("with an older checkpoint", func(u *proof.Bundle) { u.Older = u.Checkpoint })
	b.breaks("with a path", func(u *proof.Bundle) { u.Path = []string{strings.Repeat("0", 64)} })
	b.breaks("with an empty history", func(u *proof.Bundle) {
		u.Histories = []proof.RecordHistory{{Kind: license.KindPolicy, ID: "us-il"}}
	})
	b.breaks("with a payload", func(u *proof.Bundle) { u.Payloads = []proof.Payload{{Header: strict.Raw(`{}`)}} })
}

func (b breaker) records(s *scene) {
	state, err := s.State()
	if err != nil {
		b.t.Fatal(err)
	}
	defer state.Release()
	record := func(kind, id string) proof.RecordProof {
		u := new(proof.Bundle)
		if err := state.prove(u, kind, id); err != nil {
			b.t.Fatal(err)
		}
		return u.Records[0]
	}
	b.breaks("without records", func(u *proof.Bundle) { u.Records = nil })
	b.breaks("about another license", func(u *proof.Bundle) { u.ID = otherNurse })
	b.breaks("about another kind", func(u *proof.Bundle) { u.Kind = license.KindLicensee })
	b.breaks("with another license's record", func(u *proof.Bundle) { u.Records[0] = record(license.KindLicense, otherNurse) })
	b.breaks("with another license's value", func(u *proof.Bundle) { u.Records[0].Value = record(license.KindLicense, otherNurse).Value })
	b.breaks("with another license's proof", func(u *proof.Bundle) { u.Records[0].Proof = record(license.KindLicense, otherNurse).Proof })
	for i, what := range []string{"license", "board", "profession", "calendar"} {
		b.breaks("without the "+what, func(u *proof.Bundle) { u.Records = slices.Delete(u.Records, i, i+1) })
		b.breaks("the "+what+" said to be absent", func(u *proof.Bundle) { u.Records[i].Value = nil })
		b.breaks("the "+what+" twice", func(u *proof.Bundle) { u.Records = append(u.Records, u.Records[i]) })
	}
	b.breaks("another board's records", func(u *proof.Bundle) {
		u.Records[1], u.Records[2] = record(license.KindBoard, "us-ia"), record(license.KindProfession, "us-ia.nurse")
	})
	b.breaks("another profession of the board", func(u *proof.Bundle) { u.Records[2] = record(license.KindProfession, "us-il.clinic") })
	b.breaks("another board's calendar", func(u *proof.Bundle) { u.Records[3] = record(license.KindCalendar, "us-ia") })
	value := func(name string, n int, old, with string) {
		b.breaks(name, func(u *proof.Bundle) {
			v := bytes.Replace(u.Records[n].Value, []byte(old), []byte(with), 1)
			if bytes.Equal(v, u.Records[n].Value) {
				b.t.Errorf("%s: nothing to change", name)
			}
			u.Records[n].Value = v
		})
	}
	value("an order's effect changed", 0, `"barred"`, `"none"`)
	value("a term changed", 0, "2026-05-31", "2029-05-31")
	value("an order's start changed", 0, `"start":"2026-01-10"`, `"start":"2027-01-10"`)
	value("a license made native", 0, `"person"`, `"organization"`)
	value("a label changed", 2, "SUSPENSION", "ACTIVE")
	value("a calendar changed", 3, `-360`, `-300`)
	value("coverage changed", 2, "1998", "1988")
	b.breaks("a sibling changed", func(u *proof.Bundle) { u.Records[0].Proof.Path[1] = strings.Repeat("1", 64) })
	b.breaks("a sibling too few", func(u *proof.Bundle) { u.Records[0].Proof.Path = u.Records[0].Proof.Path[1:] })
	b.breaks("a sibling too many", func(u *proof.Bundle) {
		u.Records[0].Proof.Path = append([]string{strings.Repeat("1", 64)}, u.Records[0].Proof.Path...)
	})
	b.breaks("another leaf beside a record", func(u *proof.Bundle) {
		u.Records[0].Proof.Other = &proof.MapLeaf{Key: strings.Repeat("1", 64), Value: strings.Repeat("2", 64)}
	})
}

func (b breaker) openings() {
	b.breaks("an opening of nothing", func(u *proof.Bundle) {
		u.Openings = append(u.Openings, license.Opening{Kind: license.OpeningCity, Salt: make([]byte, 32), Bytes: []byte("Springfield")})
	})
	b.breaks("an opening twice", func(u *proof.Bundle) { u.Openings = append(u.Openings, u.Openings[0]) })
	b.breaks("an opening of another kind", func(u *proof.Bundle) { u.Openings[0].Kind = license.OpeningCity })
	b.breaks("another salt", func(u *proof.Bundle) { u.Openings[0].Salt[0] ^= 1 })
	b.breaks("another name", func(u *proof.Bundle) { u.Openings[0].Bytes = []byte(`{"family":"Roe"}`) })
	b.breaks("another order", func(u *proof.Bundle) { u.Openings[1].Bytes = []byte(`{"actions":[{"code":"fine"}]}`) })
	b.breaks("no salt", func(u *proof.Bundle) { u.Openings[0].Salt = nil })
}

// pastOpenings: what was sealed is shown in no bundle, and what is past in no
// standing bundle.
func (b *bundleBook) pastOpenings(base func(name string, bundle []byte, t proof.Trust) breaker) {
	w := newWorld(b.t)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2027-05-31")
	sealed, _ := w.order(nurse, license.AuthorityConditions, "2026-01-10", "fine")
	_, entry := w.order(nurse, license.AuthorityConditions, "2026-01-10", "probation")
	openings := w.openings(nurse)
	w.act(nil, both, &license.LicenseVoid{License: nurse, Entries: []license.Hash{entry}})
	w.clock = w.clock.Add(2 * time.Hour) // later than every header that names the order
	w.act(nil, both, &license.LicenseSeal{License: nurse, Order: sealed, Count: 1})
	if n := len(openings); n != 3 {
		b.t.Fatalf("%d openings were kept, not a name and two orders", n)
	}
	history := base("one order is sealed, another void", w.bundle(true, license.KindLicense, nurse), w.trust())
	if u := history.read(); len(u.Openings) != 2 || u.Openings[1].Commit() != openings[2].Commit() {
		b.t.Errorf("the history opens %d: not the name and the voided order", len(u.Openings))
	}
	history.breaks("with the sealed order", func(u *proof.Bundle) { u.Openings = append(u.Openings, openings[1]) })
	history.breaks("with the voided order twice", func(u *proof.Bundle) { u.Openings = append(u.Openings, openings[2]) })
	history.breaks("with the voided order as a city", func(u *proof.Bundle) { u.Openings[1].Kind = license.OpeningCity })
	standing := base("one order is sealed, another void, standing", w.bundle(false, license.KindLicense, nurse), w.trust())
	standing.breaks("with the voided order", func(u *proof.Bundle) { u.Openings = append(u.Openings, openings[2]) })
}

// openings are those of the license's record.
func (w *world) openings(id string) []license.Opening {
	w.t.Helper()
	s, err := w.State()
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Release()
	os, err := s.publicOpenings(id, "us-il")
	if err != nil {
		w.t.Fatal(err)
	}
	return os
}

func (b breaker) notes(s *scene) {
	c, at, _ := s.Checkpoint(s.Head().Height)
	signed := func(c proof.Checkpoint, unix int64, ids ...string) string {
		var lines []string
		for _, id := range ids {
			ext := worldCosigner(id).Sign(c.Text(), unix)
			lines = append(lines, proof.SignatureLine(worldCosigner(id).VKey().Name, ext[:]))
		}
		return string(proof.AssembleNote(c.Text(), lines))
	}
	all := []string{"il", "ia", "wi", "mn"}
	note := func(name, text string) { b.breaks(name, func(u *proof.Bundle) { u.Checkpoint = text }) }
	b.breaks("no checkpoint", func(u *proof.Bundle) { u.Checkpoint = "" })
	note("signed by il and wi, four of seven parts", signed(c, at.Unix(), "il", "wi"))
	note("signed by three of four members, four of seven parts", signed(c, at.Unix(), "ia", "wi", "mn"))
	note("signed by an observer besides", signed(c, at.Unix(), append(all, "nd")...))
	bigger, older := c, c
	bigger.Size++
	note("a log that is longer", signed(bigger, at.Unix(), all...))
	older.Size--
	note("a log that is shorter", signed(older, at.Unix(), all...))
	other := c
	other.Root[0] ^= 1
	note("another root", signed(other, at.Unix(), all...))
	other = c
	other.Origin = "test/earth/0011223344556677"
	note("another network's checkpoint", signed(other, at.Unix(), all...))
	good := string(s.note())
	lines := strings.SplitAfter(good, "\n")
	note("a line twice", good+lines[len(lines)-2])
	note("lines in another order", strings.Join(append(append(slices.Clone(lines[:4]), lines[5], lines[4]), lines[6:]...), ""))
	note("a member's line with another's name", strings.Replace(good, worldName+"/ia ", worldName+"/mn ", 1))
	note("without signatures", c.Text()+"\n")
	note("a time changed", strings.Replace(good, lines[4], flipTime(lines[4]), 1))
}

// flipTime changes the time in a signature line.
func flipTime(line string) string {
	i := strings.LastIndexByte(line, ' ') + 14 // within bytes 4 to 11
	c := byte('B')
	if line[i] == c {
		c = 'C'
	}
	return line[:i] + string(c) + line[i+1:]
}

// blocks: the block entry, and states that do not belong together.
func (b breaker) blocks(s *scene) {
	state, err := s.State()
	if err != nil {
		b.t.Fatal(err)
	}
	defer state.Release()
	at := func(i int64) *proof.EntryProof {
		p, err := state.entryProof(i)
		if err != nil {
			b.t.Fatal(err)
		}
		return p
	}
	last := state.Head.Size - 1
	b.breaks("no block entry", func(u *proof.Bundle) { u.Block = nil })
	b.breaks("an entry that ends no block", func(u *proof.Bundle) { u.Block = at(last - 1) })
	b.breaks("the block entry of an older state", func(u *proof.Bundle) { u.Block = at(last - 2) })
	b.breaks("a block entry with another's path", func(u *proof.Bundle) { u.Block.Path = at(last - 2).Path })
	b.breaks("a path too short", func(u *proof.Bundle) { u.Block.Path = u.Block.Path[1:] })
	b.breaks("a path too long", func(u *proof.Bundle) { u.Block.Path = append(u.Block.Path, u.Block.Path[0]) })
	b.breaks("a path in upper case", func(u *proof.Bundle) { u.Block.Path[0] = strings.ToUpper(u.Block.Path[0]) })
	bend := func(name, old, with string) {
		b.breaks(name, func(u *proof.Bundle) { u.Block.Entry = bytes.Replace(u.Block.Entry, []byte(old), []byte(with), 1) })
	}
	bend("a block entry of version 2", `"v":1`, `"v":2`)
	bend("a block entry of another block", `"block":`, `"block":1`)
	bend("a block entry of another time", `"time":"2026`, `"time":"2027`)
	bend("a block entry of another set", `"set":1`, `"set":2`)
	bend("a block entry beyond the log", `"index":`, `"index":1`)
	bend("a block entry of other rules", `"rules":1`, `"rules":2`)
	bend("a block entry with white space", `"v":1`, ` "v":1`)
	// Members who collude can sign any log, and so a block entry of any form.
	b.forgedLog("a block entry about a record", func(e *license.Entry) { e.Kind, e.ID = license.KindBoard, "us-il" })
	b.forgedLog("a block entry of a set to come", func(e *license.Entry) { e.End.Set = 2 })
	b.forgedLog("a block entry of another edition", func(e *license.Entry) { e.V = 2 })
	b.forgedLog("a block entry of another map", func(e *license.Entry) { e.End.Map[0] ^= 1 })
	older := newScene(b.t)
	older.block()
	older.act(nil, both, &license.LicenseVoid{License: nurse, Entries: []license.Hash{older.entryOf(nurse, 1)}})
	var now proof.Bundle
	if err := strict.Decode(older.bundle(false, license.KindLicense, nurse), &now, 1<<20); err != nil {
		b.t.Fatal(err)
	}
	b.breaks("an older record under a newer checkpoint", func(u *proof.Bundle) { u.Checkpoint, u.Block = now.Checkpoint, now.Block })
	b.breaks("an older block entry under a newer checkpoint, without its path", func(u *proof.Bundle) { u.Checkpoint = now.Checkpoint })
	b.olderState(older)
}

// olderState: an older state under a newer checkpoint holds, as of its own time.
func (b breaker) olderState(newer *scene) {
	s, err := newer.State()
	if err != nil {
		b.t.Fatal(err)
	}
	defer s.Release()
	u := b.read()
	var e license.Entry
	if err := strict.Decode(u.Block.Entry, &e, license.EntryBytesMax); err != nil {
		b.t.Fatal(err)
	}
	p, err := s.entryProof(e.Index)
	if err != nil {
		b.t.Fatal(err)
	}
	u.Block, u.Checkpoint = p, string(newer.note())
	v := b.add("an older state under a newer checkpoint", strict.Encode(u), b.trust, proof.Question{})
	if v == nil || v.AsOf != e.Time {
		b.t.Errorf("as of %+v, not %s", v, e.Time)
	}
}

// entryOf returns the hash of a license's entry.
func (w *world) entryOf(id string, n int) license.Hash {
	w.t.Helper()
	s, err := w.State()
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Release()
	es, err := s.Entries(license.KindLicense, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return es[n].Hash
}

// forgedLog signs a log of one entry, which ends a block as it likes.
func (b breaker) forgedLog(name string, bend func(*license.Entry)) {
	b.breaks(name, func(u *proof.Bundle) {
		var e license.Entry
		if err := strict.Decode(u.Block.Entry, &e, license.EntryBytesMax); err != nil {
			b.t.Fatal(err)
		}
		e.Index = 0
		bend(&e)
		u.Block = &proof.EntryProof{Entry: strict.Encode(&e)}
		c := proof.Checkpoint{Origin: u.Origin, Size: 1}
		copy(c.Root[:], leafOf(u.Block.Entry))
		var lines []string
		for _, m := range []string{"il", "ia", "wi", "mn"} {
			ext := worldCosigner(m).Sign(c.Text(), 1768048000)
			lines = append(lines, proof.SignatureLine(worldCosigner(m).VKey().Name, ext[:]))
		}
		u.Checkpoint = string(proof.AssembleNote(c.Text(), lines))
	})
}

func leafOf(entry []byte) []byte {
	h := license.LeafHash(entry)
	return h[:]
}

// trustFiles: the same bundle under other trust files.
func (b breaker) trustFiles() {
	under := func(name string, do func(t *proof.Trust)) {
		t := b.trust
		t.Members = slices.Clone(t.Members)
		do(&t)
		if err := t.Check(); err != nil {
			b.t.Fatalf("%s: %v", name, err)
		}
		_, err := proof.Verify(b.files[b.file], t, proof.Question{})
		if err == nil {
			b.t.Errorf("%s: the proof holds", name)
		}
		b.lines = append(b.lines, bundleVector{Name: name, Trust: t.String(), File: b.file, Flaw: flawCode(err)})
	}
	under("trusting another network", func(t *proof.Trust) { t.Origin, t.Logs = "test/earth/0011223344556677", nil })
	under("trusting an older set", func(t *proof.Trust) { t.Set = 7 })
	under("trusting the set before", func(t *proof.Trust) { t.Set = 2 })
	under("trusting one more, who outweighs all", func(t *proof.Trust) {
		t.Members = append(t.Members, proof.TrustMember{Name: "zz", VKey: worldCosigner("zz").VKey().String(), Weight: 1000})
	})
	under("trusting members with other keys", func(t *proof.Trust) {
		for i := range t.Members {
			t.Members[i].VKey = worldCosigner("other-" + t.Members[i].Name).VKey().String()
		}
	})
	under("trusting one member less", func(t *proof.Trust) { t.Members = t.Members[:3]; t.Logs = nil })
}

func (b breaker) absences(s *scene) {
	state, err := s.State()
	if err != nil {
		b.t.Fatal(err)
	}
	defer state.Release()
	present := new(proof.Bundle)
	if err := state.prove(present, license.KindLicense, nurse); err != nil {
		b.t.Fatal(err)
	}
	b.breaks("absence of a license that is there", func(u *proof.Bundle) { u.ID, u.Records[0].ID = nurse, nurse })
	b.breaks("absence by a proof of presence", func(u *proof.Bundle) {
		u.ID, u.Records[0] = nurse, present.Records[0]
		u.Records[0].Value = nil
	})
	b.breaks("absence without its neighbor", func(u *proof.Bundle) {
		u.ID, u.Records[0] = nurse, present.Records[0]
		u.Records[0].Value, u.Records[0].Proof.Other = nil, &proof.MapLeaf{Key: strings.Repeat("0", 63) + "1", Value: strings.Repeat("1", 64)}
	})
	b.breaks("a value where there is none", func(u *proof.Bundle) { u.Records[0].Value = strict.Raw(`{"licensee":"x"}`) })
	b.breaks("absence of a number by another's proof", func(u *proof.Bundle) { u.ID = "us-il.nurse.041999998" })
	b.breaks("absence with another profession", func(u *proof.Bundle) {
		x := new(proof.Bundle)
		if err := state.prove(x, license.KindProfession, "us-il.barber"); err != nil {
			b.t.Fatal(err)
		}
		u.Records[2] = x.Records[0]
	})
	b.breaks("absence with the profession said to be absent", func(u *proof.Bundle) { u.Records[2].Value = nil })
	b.breaks("absence without a profession", func(u *proof.Bundle) { u.Records = slices.Delete(u.Records, 2, 3) })
	b.breaks("absence with an opening", func(u *proof.Bundle) {
		u.Openings = []license.Opening{{Kind: license.OpeningCity, Salt: make([]byte, 32), Bytes: []byte("Springfield")}}
	})
	b.breaks("no license's id", func(u *proof.Bundle) {
		x := new(proof.Bundle)
		if err := state.prove(x, license.KindLicense, "us-il.nurse"); err != nil {
			b.t.Fatal(err)
		}
		u.ID, u.Records[0] = "us-il.nurse", x.Records[0]
	})
}

func (b breaker) histories() {
	of := func(u *proof.Bundle, kind, id string) *proof.RecordHistory {
		i := slices.IndexFunc(u.Histories, func(h proof.RecordHistory) bool { return h.Kind == kind && h.ID == id })
		return &u.Histories[i]
	}
	drop := func(name, kind, id string, n int) {
		b.breaks(name, func(u *proof.Bundle) {
			h := of(u, kind, id)
			i := n
			if i < 0 {
				i += len(h.Entries)
			}
			h.Entries = slices.Delete(h.Entries, i, i+1)
		})
	}
	drop("the issue dropped", license.KindLicense, nurse, 0)
	drop("a discipline dropped", license.KindLicense, nurse, 1)
	drop("the newest entry dropped", license.KindLicense, nurse, -1)
	drop("an officer's suspension dropped", license.KindOfficer, "us-il/director", -1)
	drop("the policy dropped", license.KindPolicy, "us-il", 0)
	b.breaks("no history of the license", func(u *proof.Bundle) { u.Histories = u.Histories[1:] })
	b.breaks("a history twice", func(u *proof.Bundle) { u.Histories = append(u.Histories, u.Histories[0]) })
	b.breaks("entries in another order", func(u *proof.Bundle) { slices.Reverse(of(u, license.KindLicense, nurse).Entries) })
	b.breaks("an entry twice", func(u *proof.Bundle) {
		h := of(u, license.KindLicense, nurse)
		h.Entries = append(h.Entries, h.Entries[len(h.Entries)-1])
	})
	b.breaks("another record's entry", func(u *proof.Bundle) {
		h := of(u, license.KindLicense, nurse)
		h.Entries = append(h.Entries, of(u, license.KindPolicy, "us-il").Entries[0])
	})
	b.breaks("a history under another name", func(u *proof.Bundle) { of(u, license.KindPolicy, "us-il").Kind = license.KindCalendar })
	b.breaks("a history of a record that is not proved", func(u *proof.Bundle) {
		u.Records = slices.DeleteFunc(u.Records, func(r proof.RecordProof) bool { return r.Kind == license.KindPolicy })
	})
	b.breaks("an entry's path of another", func(u *proof.Bundle) {
		h := of(u, license.KindLicense, nurse)
		h.Entries[0].Path = h.Entries[1].Path
	})
	for _, m := range []struct{ name, old, with string }{
		{"another effective day in an entry", `"effective":"2026-01-10"`, `"effective":"2026-01-11"`},
		{"another effect in an entry", `"barred"`, `"none"`},
		{"another act in an entry", `"act":"license.discipline"`, `"act":"license.stay"`},
		{"another time in an entry", `"time":"2026-01-10T12`, `"time":"2026-01-10T11`},
		{"another header in an entry", `"header":"`, `"header":"0`},
		{"another first day in an entry", `"from":"2026-01-10"`, `"from":"2026-01-09"`},
	} {
		b.breaks(m.name, func(u *proof.Bundle) {
			h := of(u, license.KindLicense, nurse)
			made := bytes.Replace(h.Entries[1].Entry, []byte(m.old), []byte(m.with), 1)
			if strings.HasPrefix(m.with, `"header"`) { // as long as before
				i := bytes.Index(made, []byte(m.with)) + len(m.with)
				made = slices.Delete(made, i, i+1)
			}
			if bytes.Equal(made, h.Entries[1].Entry) {
				b.t.Errorf("%s: nothing to change", m.name)
			}
			h.Entries[1].Entry = made
		})
	}
	b.breaks("a history without entries", func(u *proof.Bundle) { of(u, license.KindCalendar, "us-il").Entries = nil })
}

func (b breaker) payloads() {
	b.breaks("a payload twice", func(u *proof.Bundle) { u.Payloads = append(u.Payloads, u.Payloads[0]) })
	b.breaks("a payload that no entry names", func(u *proof.Bundle) {
		p := tx.New(u.Origin, true, start, 60, []license.Act{&license.LicenseSurrender{License: nurse, From: "2026-01-01"}}, nil)
		u.Payloads = append(u.Payloads, proof.Payload{Header: p.HeaderBytes, Signatures: strict.Encode([]tx.Signature{signAs("officer/us-il/clerk", "clerk", p.HeaderBytes)})})
	})
	b.breaks("a signature left out", func(u *proof.Bundle) {
		p := b.signedByTwo(u)
		var ss []tx.Signature
		if err := strict.Decode(p.Signatures, &ss, 1<<20); err != nil {
			b.t.Fatal(err)
		}
		p.Signatures = strict.Encode(ss[:1])
	})
	b.breaks("signatures in another order", func(u *proof.Bundle) {
		p := b.signedByTwo(u)
		var ss []tx.Signature
		if err := strict.Decode(p.Signatures, &ss, 1<<20); err != nil {
			b.t.Fatal(err)
		}
		slices.Reverse(ss)
		p.Signatures = strict.Encode(ss)
	})
	b.breaks("no signatures", func(u *proof.Bundle) { u.Payloads[0].Signatures = nil })
	b.breaks("signatures that are none", func(u *proof.Bundle) { u.Payloads[0].Signatures = strict.Raw(`{"by":"x"}`) })
	b.breaks("no header", func(u *proof.Bundle) { u.Payloads[0].Header = nil })
	b.breaks("another signer's name", func(u *proof.Bundle) {
		u.Payloads[0].Signatures = bytes.Replace(u.Payloads[0].Signatures, []byte("clerk"), []byte("click"), 1)
	})
	b.breaks("another not_after", func(u *proof.Bundle) {
		u.Payloads[0].Header = bytes.Replace(u.Payloads[0].Header, []byte(`"not_after":"2026`), []byte(`"not_after":"2027`), 1)
	})
	founding := func(u *proof.Bundle) *proof.Payload {
		i := slices.IndexFunc(u.Payloads, func(p proof.Payload) bool { return len(p.Acts) > 1 })
		return &u.Payloads[i]
	}
	b.breaks("an act at another number", func(u *proof.Bundle) { founding(u).Acts[0].Number++ })
	b.breaks("an act twice in a payload", func(u *proof.Bundle) { p := founding(u); p.Acts = append(p.Acts, p.Acts[0]) })
	b.breaks("an act with another's path", func(u *proof.Bundle) { p := founding(u); p.Acts[0].Path = p.Acts[1].Path })
	b.breaks("an act beyond the payload", func(u *proof.Bundle) { founding(u).Acts[0].Number = 1000 })
	b.breaks("an act changed", func(u *proof.Bundle) {
		u.Payloads[0].Acts[0].Act = bytes.Replace(u.Payloads[0].Acts[0].Act, []byte("2026-05-31"), []byte("2029-05-31"), 1)
	})
	b.breaks("an act without bytes", func(u *proof.Bundle) { u.Payloads[0].Acts[0].Act = nil })
}

func (b breaker) signedByTwo(u *proof.Bundle) *proof.Payload {
	i := slices.IndexFunc(u.Payloads, func(p proof.Payload) bool { return bytes.Count(p.Signatures, []byte(`"by"`)) == 2 })
	return &u.Payloads[i]
}

// fileOf finds the file of a good vector.
func (b *bundleBook) fileOf(name string) (string, proof.Trust) {
	b.t.Helper()
	for _, l := range b.lines {
		if l.Name == name {
			t, err := proof.ParseTrust([]byte(l.Trust))
			if err != nil {
				b.t.Fatal(err)
			}
			return l.File, t
		}
	}
	b.t.Fatalf("there is no vector %q", name)
	return "", proof.Trust{}
}

func (b *bundleBook) trails() {
	file, t := b.fileOf("a trust file over 3 changes of the member set")
	x := breaker{b, t, file}
	x.breaks("a trail without steps", func(u *proof.Bundle) { u.Trail = nil })
	x.breaks("a step left out", func(u *proof.Bundle) { u.Trail = slices.Delete(u.Trail, 1, 2) })
	x.breaks("steps in another order", func(u *proof.Bundle) { slices.Reverse(u.Trail) })
	x.breaks("a step twice", func(u *proof.Bundle) { u.Trail = append(u.Trail, u.Trail[2]) })
	x.breaks("a step without members", func(u *proof.Bundle) { u.Trail[0].Members.Value = nil })
	x.breaks("a step with other weights", func(u *proof.Bundle) {
		u.Trail[0].Members.Value = bytes.Replace(u.Trail[0].Members.Value, []byte(`"weight":15`), []byte(`"weight":95`), 1)
	})
	x.breaks("a step about another record", func(u *proof.Bundle) { u.Trail[0].Members.ID = "net" })
	x.breaks("a step with another's checkpoint", func(u *proof.Bundle) { u.Trail[0].Checkpoint = u.Trail[1].Checkpoint })
	x.breaks("a step with another's block entry", func(u *proof.Bundle) { u.Trail[0].Block = u.Trail[1].Block })
	x.breaks("a trail with a checkpoint", func(u *proof.Bundle) { u.Checkpoint = u.Trail[2].Checkpoint })
	file, t = b.fileOf("with the trail from the founding set")
	x = breaker{b, t, file}
	x.breaks("a trail that ends too early", func(u *proof.Bundle) { u.Trail = u.Trail[:1] })
	x.breaks("no trail where one is needed", func(u *proof.Bundle) { u.Trail = nil })
	x.breaks("without the set that took over", func(u *proof.Bundle) {
		u.Records = slices.DeleteFunc(u.Records, func(r proof.RecordProof) bool { return r.Kind == license.KindMembers })
	})
}

func (b *bundleBook) consistencies() {
	file, t := b.fileOf("consistency")
	x := breaker{b, t, file}
	x.breaks("the newer log as the older one", func(u *proof.Bundle) { u.Older, u.Checkpoint = u.Checkpoint, u.Older })
	x.breaks("no older checkpoint", func(u *proof.Bundle) { u.Older = "" })
	x.breaks("the same log twice, with a path", func(u *proof.Bundle) { u.Older = u.Checkpoint })
	x.breaks("no path", func(u *proof.Bundle) { u.Path = nil })
	x.breaks("a consistency path too short", func(u *proof.Bundle) { u.Path = u.Path[1:] })
	x.breaks("a consistency path too long", func(u *proof.Bundle) { u.Path = append(u.Path, u.Path[0]) })
	x.breaks("a hash of the consistency path changed", func(u *proof.Bundle) { u.Path[0] = strings.Repeat("1", 64) })
	x.breaks("an older log that was another", func(u *proof.Bundle) {
		c := proof.Checkpoint{Origin: u.Origin, Size: 17}
		var lines []string
		for _, m := range []string{"il", "ia", "wi", "mn"} {
			ext := worldCosigner(m).Sign(c.Text(), 1768048000)
			lines = append(lines, proof.SignatureLine(worldCosigner(m).VKey().Name, ext[:]))
		}
		u.Older = string(proof.AssembleNote(c.Text(), lines))
	})
	x.breaks("consistency about a license", func(u *proof.Bundle) { u.Kind, u.ID = license.KindLicense, nurse })
}

// flips adds single bytes changed, spread over the bundle.
func (b breaker) flips(n int) {
	base := b.files[b.file]
	for i := range n {
		at := (2*i + 1) * len(base) / (2 * n)
		c := flipped(base[at])
		b.edited(fmt.Sprintf("%s: byte %d changed", strings.TrimSuffix(strings.TrimPrefix(b.file, "bundles/to-be-broken-"), ".json"), at), b.file, b.trust,
			bundleEdit{From: int64(at), To: int64(at + 1), Text: string(c)})
	}
}

// flipped returns another character that could stand there.
func flipped(c byte) []byte {
	switch {
	case c == '9' || c == 'f' || c == 'z' || c == 'Z':
		return []byte{c - 1}
	case c >= '0' && c < '9', c >= 'a' && c < 'z', c >= 'A' && c < 'Z':
		return []byte{c + 1}
	}
	return []byte{'x'}
}

// TestEveryByteCounts changes single bytes of bundles that hold. No byte of a bundle
// is without meaning, so none may hold then.
func TestEveryByteCounts(t *testing.T) {
	s := newScene(t)
	trust := s.trust()
	for name, b := range map[string][]byte{
		"standing": s.bundle(false, license.KindLicense, nurse),
		"history":  s.bundle(true, license.KindLicense, nurse),
		"absence":  s.bundle(false, license.KindLicense, "us-il.nurse.041999999"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := 1
			if testing.Short() {
				step = max(1, len(b)/300)
			}
			made := bytes.Clone(b)
			for i := 0; i < len(b); i += step {
				for _, c := range changed(b[i]) {
					made[i] = c
					if v, err := proof.Verify(made, trust, proof.Question{}); err == nil {
						t.Fatalf("byte %d: %q became %q, and the proof holds: %s; around it %q", i, b[i], c, told(v), b[max(0, i-60):min(len(b), i+60)])
					}
				}
				made[i] = b[i]
			}
		})
	}
}

// changed returns other bytes: one that could stand there, and of letters the other
// case.
func changed(c byte) []byte {
	out := flipped(c)
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		out = append(out, c^0x20)
	}
	return out
}
