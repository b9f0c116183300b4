package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// A forger holds every member's checkpoint key and every payload that was ever
// signed, and writes the network's log and map anew as it likes: it changes,
// invents, moves and drops entries, and computes everything that follows from them
// (chains, records, roots). What it does not have are the boards' and officers' keys.
type forger struct {
	*world
	blocks   []*forgedBlock
	payloads []*tx.Transaction        // whose parts entries may name
	acts     map[license.Cause][]byte // of the true log; without the signatures' hash
	moved    map[license.Hash]license.Hash
}

type forgedBlock struct {
	height  int64
	time    license.Instant
	entries []*forgedEntry
}

// A forgedEntry is an entry whose index, block, time, prev and result follow from
// where it stands. after changes what came out, before it is hashed.
type forgedEntry struct {
	license.Entry
	was   license.Hash
	after func(*license.Entry)
}

// forge takes a world's log apart.
func forge(w *world, extra ...*tx.Transaction) *forger {
	w.t.Helper()
	s, err := w.State()
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Release()
	f := &forger{world: w, payloads: extra, acts: map[license.Cause][]byte{}, moved: map[license.Hash]license.Hash{}}
	var b *forgedBlock
	for i := range s.Head.Size {
		raw, err := s.EntryBytes(i)
		if err != nil {
			w.t.Fatal(err)
		}
		e := &forgedEntry{was: license.LeafHash(raw)}
		if err := strict.Decode(raw, &e.Entry, license.EntryBytesMax); err != nil {
			w.t.Fatal(err)
		}
		if e.Signed() {
			if f.acts[license.Cause{Header: e.Cause.Header, Act: e.Cause.Act}], err = s.Act(i); err != nil {
				w.t.Fatal(err)
			}
		}
		if b == nil || b.height != e.Block {
			b = &forgedBlock{height: e.Block, time: e.Time}
			f.blocks = append(f.blocks, b)
		}
		if e.End == nil {
			b.entries = append(b.entries, e)
		}
	}
	return f
}

// entry finds an entry by verb and, counted from 0, number.
func (f *forger) entry(verb string, n int) *forgedEntry {
	b, i := f.place(verb, n)
	return b.entries[i]
}

func (f *forger) place(verb string, n int) (*forgedBlock, int) {
	f.t.Helper()
	for _, b := range f.blocks {
		for i, e := range b.entries {
			if e.Act == verb {
				if n == 0 {
					return b, i
				}
				n--
			}
		}
	}
	f.t.Fatalf("the log has no such %s", verb)
	return nil, 0
}

func (f *forger) drop(verb string, n int) {
	b, i := f.place(verb, n)
	b.entries = slices.Delete(b.entries, i, i+1)
}

// append adds a block with an entry at the end of the log.
func (f *forger) append(e *forgedEntry) *forgedEntry {
	last := f.blocks[len(f.blocks)-1]
	f.blocks = append(f.blocks, &forgedBlock{height: last.height + 1, time: last.time.AddSeconds(60), entries: []*forgedEntry{e}})
	return e
}

// before adds a block with an entry before the one of an entry.
func (f *forger) before(verb string, n int, e *forgedEntry) {
	b, _ := f.place(verb, n)
	f.blocks = slices.Insert(f.blocks, slices.Index(f.blocks, b), &forgedBlock{height: b.height, time: b.time, entries: []*forgedEntry{e}})
	for i, b := range f.blocks {
		b.height = int64(i)
	}
}

// record makes the entry that the state machine would make of a signed act, had it
// not refused it.
func (f *forger) record(p *tx.Transaction, act int, changes ...license.Change) *forgedEntry {
	f.payloads = append(f.payloads, p)
	a := p.Acts[act]
	kind, id := a.Target()
	return &forgedEntry{Entry: license.Entry{
		Kind: kind, ID: id, Act: a.Verb(), Cause: causeOf(p, act), Effective: "2026-01-10", Changes: changes,
	}}
}

func causeOf(p *tx.Transaction, act int) *license.Cause {
	return &license.Cause{Header: p.HeaderHash, Signatures: license.HashOf(strict.Encode(p.Signatures)), Act: int64(act)}
}

// invent makes an entry that names no act.
func invent(verb, kind, id string, changes ...license.Change) *forgedEntry {
	return &forgedEntry{Entry: license.Entry{Kind: kind, ID: id, Act: verb, Effective: "2026-01-10", Changes: changes}}
}

// body gives an entry about another record than a license its body.
func (e *forgedEntry) body(record any) *forgedEntry {
	e.Body = strict.Encode(record)
	return e
}

// build writes the forged log into a store of its own and cosigns its end.
func (f *forger) build() *world {
	f.t.Helper()
	l, err := Open("store", Options{FS: vfs.NewMem()})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = l.Close() })
	f.keep(l)
	head := Head{Origin: f.Head().Origin, Genesis: f.Head().Genesis}
	for _, fb := range f.blocks {
		b := &block{height: fb.height, work: l.newWorking(head.Size, fb.time), origin: head.Origin, founded: true}
		for _, e := range fb.entries {
			f.put(b.work, e, fb)
		}
		if _, err := l.close(b, head); err != nil {
			f.t.Fatal(err)
		}
		l.pending = b
		if err := l.Commit(); err != nil {
			f.t.Fatal(err)
		}
		head = l.Head()
	}
	out := &world{Ledger: l, t: f.t, clock: head.Time.Time(), trusts: map[int64]proof.Trust{}, notes: map[int64][]byte{}, late: map[string]int64{}}
	out.remember()
	return out
}

// put computes what follows from where an entry stands, and writes.
func (f *forger) put(w *working, e *forgedEntry, b *forgedBlock) {
	en := e.Entry
	en.V, en.Index, en.Block, en.Time = 1, w.base+int64(len(w.entries)), b.height, b.time
	en.Prev = lastOf(w.value(en.Kind, en.ID))
	en.Replaces = f.now(en.Replaces)
	en.Voids = slices.Clone(en.Voids)
	for i := range en.Voids {
		en.Voids[i] = f.now(en.Voids[i])
	}
	body := en.Body
	if en.Kind == license.KindLicense {
		l := license.FoldLicense(append(w.Entries(en.Kind, en.ID), license.Recorded{Entry: en}), "")
		l.Last = license.Hash{}
		body = strict.Encode(l)
	}
	en.Result = license.HashOf(body)
	if e.after != nil {
		e.after(&en)
	}
	raw := strict.Encode(&en)
	n := newEntry{license.Recorded{Entry: en, Hash: license.LeafHash(raw)}, raw, f.act(en.Cause)}
	if e.was != (license.Hash{}) {
		f.moved[e.was] = n.Hash
	}
	w.add(n)
	w.records[recordID{en.Kind, en.ID}] = license.ValueWithLast(body, n.Hash)
	for _, a := range en.Also {
		w.records[recordID{a.Kind, a.ID}] = a.Value
	}
}

// now returns the hash that an entry of the true log has in the forged one.
func (f *forger) now(h license.Hash) license.Hash {
	if n, ok := f.moved[h]; ok {
		return n
	}
	return h
}

// keep stores what the entries' causes name, put together from the payloads of the
// true log and the forger's own, and all openings.
func (f *forger) keep(l *Ledger) {
	f.t.Helper()
	batch := l.db.NewBatch()
	defer func() { _ = batch.Close() }()
	w := setter{batch: batch}
	headers, signatures := map[license.Hash]*Payload{}, map[license.Hash][]byte{}
	learn := func(p *Payload) {
		headers[license.HashOf(p.Header)], signatures[license.HashOf(p.Signatures)] = p, p.Signatures
	}
	it, err := f.db.NewIter(&pebble.IterOptions{})
	if err != nil {
		f.t.Fatal(err)
	}
	for ok := it.First(); ok; ok = it.Next() {
		switch k, v := slices.Clone(it.Key()), slices.Clone(it.Value()); k[0] {
		case keyPayload:
			p, err := parsePayload(v)
			if err != nil {
				f.t.Fatal(err)
			}
			learn(p)
		case keyOpening:
			w.set(k, v)
		}
	}
	_ = it.Close()
	for _, p := range f.payloads {
		learn(&Payload{Header: p.HeaderBytes, Signatures: strict.Encode(p.Signatures), Acts: leavesOf(p)})
		for i := range p.Openings {
			c := p.Openings[i].Commit()
			w.set(key(keyOpening, c[:]), encodeOpening(&p.Openings[i]))
		}
	}
	for _, b := range f.blocks {
		for _, e := range b.entries {
			if e.Cause == nil || headers[e.Cause.Header] == nil {
				continue
			}
			p := headers[e.Cause.Header]
			w.payload(payloadKey(e.Cause.Header, e.Cause.Signatures), p.Header, signatures[e.Cause.Signatures], nil, p.Acts)
		}
	}
	if w.err == nil {
		w.err = batch.Commit(pebble.NoSync)
	}
	if w.err != nil {
		f.t.Fatal(w.err)
	}
}

func leavesOf(p *tx.Transaction) (leaves []license.Hash) {
	for _, raw := range p.ActBytes {
		leaves = append(leaves, license.LeafHash(raw))
	}
	return leaves
}

// act returns the bytes of the act that a cause names, from the forger's payloads
// or the true log.
func (f *forger) act(c *license.Cause) []byte {
	if c == nil {
		return nil
	}
	for _, p := range f.payloads {
		if p.HeaderHash == c.Header && c.Act < int64(len(p.ActBytes)) {
			return p.ActBytes[c.Act]
		}
	}
	return f.acts[license.Cause{Header: c.Header, Act: c.Act}]
}

// A scene is a true history, and payloads that were signed and never recorded.
type scene struct {
	*world
	orders []string
	spare  map[string]*tx.Transaction
}

const (
	otherNurse = "us-il.nurse.041000009"
	copied     = "us-xx.nurse.RN1"
)

func newScene(t testing.TB) *scene {
	s := &scene{world: newWorld(t), spare: map[string]*tx.Transaction{}}
	s.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	s.issue(otherNurse, "clerk", license.Name{Family: "Roe", Given: "Jo"}, "2026-05-31")
	a, _ := s.order(nurse, license.AuthorityBarred, "2026-01-10", "suspension")
	b, _ := s.order(nurse, license.AuthorityNone, "2026-01-10", "reprimand")
	s.orders = []string{a, b}
	s.act(nil, []string{"clerk"}, &license.LicenseRenew{License: nurse, Count: 1, From: "2026-06-01", Through: "2028-05-31"})
	renew := s.act(nil, []string{"clerk"}, &license.LicenseRenew{License: otherNurse, Count: 1, From: "2026-06-01", Through: "2028-05-31"})
	s.act(nil, both, &license.LicenseVoid{License: otherNurse, Entries: []license.Hash{renew}})
	s.act(nil, []string{"keeper us-xx"}, &license.ImportAssert{
		License: copied, File: license.HashOf([]byte("a file")), Row: 12, Day: "2025-12-31", Licensee: s.id(), Subject: license.SubjectPerson, Issued: "2001-02-03",
		Changes: []license.Change{{Do: license.DoTerm, From: "2024-01-01", Through: "2026-12-31"}},
	})
	s.act(nil, []string{"director"}, &license.OfficerSuspend{Officer: "us-il/second", Count: 1})
	s.act(nil, both, &license.LicenseLift{License: nurse, Order: b, Count: 1, From: "2026-01-20"})
	s.signSpares()
	return s
}

// signSpares signs payloads that the state machine would refuse.
func (s *scene) signSpares() {
	s.spare["discipline"] = s.discipline()
	for _, x := range []struct {
		name string
		by   []string
	}{
		{"clerk alone", []string{"clerk"}},
		{"two clerks", []string{"clerk", "second"}},
		{"director alone", []string{"director"}},
		{"the passkey", []string{"passkey"}},
		{"another board", []string{"root us-ia", "us-ia/clerk"}},
		{"the root", []string{"root us-il"}},
		{"nobody", nil},
		{"members", []string{"root of il", "root of ia", "root of wi"}},
	} {
		s.spare[x.name] = s.discipline(x.by...)
	}
	s.spare["the suspended"] = s.renewal("second")
	s.spare["renewal"] = s.renewal("clerk")
}

func (s *scene) discipline(by ...string) *tx.Transaction {
	o, ref := s.opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "revocation"}}})
	return s.payload(true, []license.Act{&license.LicenseDiscipline{
		License: nurse, Order: s.id(), Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: "2026-01-10",
	}}, []license.Opening{o}, by...)
}

func (s *scene) renewal(by ...string) *tx.Transaction {
	return s.payload(true, []license.Act{&license.LicenseRenew{License: nurse, Count: 2, From: "2028-06-01", Through: "2030-05-31"}}, nil, by...)
}

// disciplined makes the entry of a discipline act.
func (f *forger) disciplined(p *tx.Transaction) *forgedEntry {
	a := p.Acts[0].(*license.LicenseDiscipline)
	e := f.record(p, 0, license.Change{Do: license.DoOrder, Order: a.Order, Authority: a.Authority, Commitment: a.Commitment, From: a.From})
	e.Also = []license.Write{{Kind: license.KindOpening, ID: a.Commitment.String(), Value: strict.Raw(`{"kind":"order","who":"public"}`)}}
	return e
}

func (f *forger) renewed(p *tx.Transaction) *forgedEntry {
	a := p.Acts[0].(*license.LicenseRenew)
	e := f.record(p, 0, license.Change{Do: license.DoTerm, From: a.From, Through: a.Through, Grace: a.Grace})
	e.Effective = a.From
	return e
}

// theHonest is how the scene's entries about the nurse read, in a word each.
const theHonest = "issue+ discipline+ discipline+ renew+ lift+"

// A forgedStory is what a forger does, and how the entries then read: verb and + for
// signed (or copied, or by the members), ? for only recorded, - for confidential.
// The words must be those of the truth wherever the truth was not touched.
type forgedStory struct {
	name string
	do   func(f *forger, s *scene)
	want string // or "flaw" and the code
	id   string // "": the nurse
	root string // seed of the root in the trust file; "": as founded
}

func told(v *proof.Verdict) string {
	marks := map[string]string{proof.CarriedRecorded: "?", proof.CarriedConfidential: "-"}
	var words []string
	for _, e := range v.Entries {
		_, verb, _ := strings.Cut(e.Act, ".")
		words = append(words, verb+cmp.Or(marks[e.Carried], "+"))
	}
	return strings.Join(words, " ")
}

func forgedStories() []forgedStory {
	return slices.Concat(bentStories(), importedStories(), withheldStories(), replayedStories(), invertedStories(), invitedStories(), claimedStories(), foundedStories(), timedStories(), hostileStories(), ranStories())
}

// bent: entries of true acts say something else.
func bentStories() (out []forgedStory) {
	bend := func(name, verb string, n int, want string, do func(e *forgedEntry, s *scene)) {
		out = append(out, forgedStory{name: name, want: want, do: func(f *forger, s *scene) { do(f.entry(verb, n), s) }})
	}
	const discipline = "license.discipline"
	const first, second = "issue+ discipline? discipline+ renew+ lift+", "issue+ discipline+ discipline? renew+ lift+"
	bend("another effective day", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Effective = "2026-01-11" })
	bend("another first day", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Changes[0].From = "2026-01-11" })
	bend("a last day", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Changes[0].Through = "2026-01-12" })
	bend("barred becomes none", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Changes[0].Authority = license.AuthorityNone })
	bend("none becomes barred", discipline, 1, second, func(e *forgedEntry, _ *scene) { e.Changes[0].Authority = license.AuthorityBarred })
	bend("another order's id", discipline, 0, first, func(e *forgedEntry, s *scene) { e.Changes[0].Order = s.id() })
	bend("another commitment", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Changes[0].Commitment = license.HashOf(nil) })
	bend("no change at all", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Changes = nil })
	// The network's own term change makes the renewal stale: it can spoil, not forge.
	bend("one change more", discipline, 0, "issue+ discipline? discipline+ renew? lift+", func(e *forgedEntry, _ *scene) {
		e.Changes = append(e.Changes, license.Change{Do: license.DoLifecycle, Status: license.LifecycleCanceled, From: "2026-01-10"})
	})
	bend("another verb", discipline, 0, "issue+ stay? discipline+ renew+ lift+", func(e *forgedEntry, _ *scene) { e.Act = "license.stay" })
	bend("passed off as an import", discipline, 0, first, func(e *forgedEntry, _ *scene) {
		e.Import = &license.Provenance{File: license.HashOf(nil), Row: 1, Day: "2026-01-01", Importer: "il"}
	})
	bend("a void in passing", discipline, 1, second, func(e *forgedEntry, _ *scene) { e.Voids = []license.Hash{{1}} })
	bend("a replacement in passing", discipline, 1, second, func(e *forgedEntry, _ *scene) { e.Replaces = license.Hash{1} })
	bend("another audience beside", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Also[0].Value = strict.Raw(`{"kind":"order","who":"board"}`) })
	bend("no write beside", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Also = nil })
	bend("another record written beside", discipline, 0, first, func(e *forgedEntry, _ *scene) {
		e.Also = append(e.Also, license.Write{Kind: license.KindLicensee, ID: "00", Value: strict.Raw(`{}`)})
	})
	bend("another licensee", "license.issue", 0, "issue? discipline+ discipline+ renew+ lift+", func(e *forgedEntry, s *scene) { e.Changes[0].Licensee = s.id() })
	bend("another term", "license.issue", 0, "issue? discipline+ discipline+ renew+ lift+", func(e *forgedEntry, _ *scene) { e.Changes[1].Through = "2026-05-30" })
	bend("another name", "license.issue", 0, "issue? discipline+ discipline+ renew+ lift+", func(e *forgedEntry, _ *scene) { e.Changes[2].Commitment = license.HashOf(nil) })
	// A license passed off as a privilege: what was signed about a license does not fit it.
	bend("a license becomes a privilege", "license.issue", 0, "issue? discipline? discipline? renew? lift?", func(e *forgedEntry, _ *scene) { e.Changes[0].Other = "us-ia.nurse.1" })
	bend("a renewal that rests on another license", "license.renew", 0, "issue+ discipline+ discipline+ renew? lift+", func(e *forgedEntry, _ *scene) {
		e.Changes = append(e.Changes, license.Change{Do: license.DoRest, Other: "us-ia.nurse.1", From: "2026-06-01"})
	})
	bend("a longer renewal", "license.renew", 0, "issue+ discipline+ discipline+ renew? lift+", func(e *forgedEntry, _ *scene) { e.Changes[0].Through = "2029-05-31" })
	bend("a lift of another order", "license.lift", 0, "issue+ discipline+ discipline+ renew+ lift?", func(e *forgedEntry, s *scene) { e.Changes[0].Order = s.orders[0] })
	bend("an earlier lift", "license.lift", 0, "issue+ discipline+ discipline+ renew+ lift?", func(e *forgedEntry, _ *scene) { e.Changes[0].From = "2026-01-19" })
	bend("another result", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.after = func(en *license.Entry) { en.Result = license.HashOf(nil) } })
	bend("another act of the payload", discipline, 0, first, func(e *forgedEntry, _ *scene) { e.Cause = nil })
	return out
}

// imported: rows of files passed off as decisions, and the other way.
func importedStories() (out []forgedStory) {
	for name, do := range map[string]func(e *forgedEntry){
		"a row passed off as a decision": func(e *forgedEntry) { e.Import = nil },
		"a row without its source":       func(e *forgedEntry) { e.Changes[0].Source = "" },
		"a row of another file":          func(e *forgedEntry) { e.Import.File = license.HashOf(nil) },
		"another row":                    func(e *forgedEntry) { e.Import.Row++ },
		"a file of another day":          func(e *forgedEntry) { e.Import.Day = "2026-01-01" },
		"another importer":               func(e *forgedEntry) { e.Import.Importer = "il" },
	} {
		out = append(out, forgedStory{name: name, id: copied, want: "assert?", do: func(f *forger, _ *scene) { do(f.entry("import.assert", 0)) }})
	}
	slices.SortFunc(out, func(a, b forgedStory) int { return cmp.Compare(a.name, b.name) })
	return out
}

// withheld: what members who collude can do. Nothing is forged: what reads signed was
// signed, and what is missing nobody sees (docs/spec/bundle.md, section 6).
func withheldStories() []forgedStory {
	return []forgedStory{
		{name: "a discipline withheld", want: "issue+ discipline+ renew+ lift+", do: func(f *forger, _ *scene) { f.drop("license.discipline", 0) }},
		{name: "a lift withheld", want: "issue+ discipline+ discipline+ renew+", do: func(f *forger, _ *scene) { f.drop("license.lift", 0) }},
		{name: "a void withheld", id: otherNurse, want: "issue+ renew+", do: func(f *forger, _ *scene) { f.drop("license.void", 0) }},
		{name: "the issue withheld", want: "discipline? discipline? renew? lift?", do: func(f *forger, _ *scene) { f.drop("license.issue", 0) }},
		{name: "a renewal withheld, its void not", id: otherNurse, want: "issue+ void?", do: func(f *forger, _ *scene) { f.drop("license.renew", 1) }},
		{name: "an officer's suspension withheld", want: theHonest + " renew+", do: func(f *forger, s *scene) {
			f.drop("officer.suspend", 0)
			f.append(f.renewed(s.spare["the suspended"]))
		}},
		{name: "the policy withheld", want: "issue? discipline? discipline? renew? lift?", do: func(f *forger, _ *scene) { f.drop("policy.set", 0) }},
		{name: "an appointment withheld", want: "issue+ discipline? discipline? renew+ lift?", do: func(f *forger, _ *scene) {
			f.drop("officer.appoint", 2)
		}},
	}
}

// replayed: true acts where they do not belong.
func replayedStories() []forgedStory {
	again := func(f *forger, verb string, n int) *forgedEntry {
		e := *f.entry(verb, n)
		e.was, e.after = license.Hash{}, nil
		e.Also = nil
		return &e
	}
	return []forgedStory{
		{name: "a discipline twice", want: theHonest + " discipline?", do: func(f *forger, _ *scene) { f.append(again(f, "license.discipline", 0)) }},
		{name: "a renewal twice", want: theHonest + " renew?", do: func(f *forger, _ *scene) { f.append(again(f, "license.renew", 0)) }},
		{name: "an issue twice", want: "flaw opening", do: func(f *forger, _ *scene) { f.append(again(f, "license.issue", 0)) }},
		{name: "a lift twice", want: theHonest + " lift?", do: func(f *forger, _ *scene) { f.append(again(f, "license.lift", 0)) }},
		{name: "a lift twice, the second of the other order", want: theHonest + " lift?", do: func(f *forger, s *scene) {
			e := f.append(again(f, "license.lift", 0))
			e.Changes = []license.Change{{Do: license.DoLift, Order: s.orders[0], From: "2026-01-20"}}
		}},
		{name: "a discipline moved to another license", id: otherNurse, want: "issue+ discipline? renew+ void?", do: func(f *forger, _ *scene) { f.entry("license.discipline", 0).ID = otherNurse }},
		{name: "a discipline copied to another license", id: otherNurse, want: "issue+ renew+ void+ discipline?", do: func(f *forger, _ *scene) {
			f.append(again(f, "license.discipline", 0)).ID = otherNurse
		}},
		{name: "a renewal before it was signed", want: "issue+ renew? discipline+ discipline+ lift+", do: func(f *forger, _ *scene) {
			e := again(f, "license.renew", 0)
			f.drop("license.renew", 0)
			f.before("license.discipline", 0, e)
		}},
		{name: "a lift before its order", want: "issue+ lift? discipline+ discipline? renew+", do: func(f *forger, _ *scene) {
			e := again(f, "license.lift", 0)
			f.drop("license.lift", 0)
			f.before("license.discipline", 0, e)
		}},
		{name: "a discipline before the issue", want: "discipline? issue+ discipline+ renew+ lift+", do: func(f *forger, _ *scene) {
			e := again(f, "license.discipline", 0)
			f.drop("license.discipline", 0)
			f.before("license.issue", 0, e)
		}},
		{name: "an order withheld, its lift not", want: "issue+ discipline+ renew+ lift?", do: func(f *forger, _ *scene) { f.drop("license.discipline", 1) }},
		{name: "an issue again, after a true void of it", id: otherNurse, want: "issue+ renew+ void+ void+ issue?", do: func(f *forger, s *scene) {
			first := f.entry("license.issue", 1)
			p := s.payload(true, []license.Act{&license.LicenseVoid{License: otherNurse, Count: 1, Entries: []license.Hash{first.was}}}, nil, "clerk", "director")
			void := f.record(p, 0)
			void.Voids = []license.Hash{first.was}
			f.append(void)
			e := again(f, "license.issue", 1)
			e.Also = first.Also
			f.append(e)
		}},
		{name: "the policy of the founding again", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			e := again(f, "policy.set", 0)
			e.body(&license.Policy{Rules: worldPolicy(), Count: 2})
			f.append(e)
			f.append(f.disciplined(s.discipline("clerk", "director")))
		}},
	}
}

// inverted: the network's own voids, seals, corrections.
func invertedStories() []forgedStory {
	return []forgedStory{
		{name: "a void that nobody signed", want: theHonest + " void?", do: func(f *forger, _ *scene) {
			f.append(invent("license.void", license.KindLicense, nurse)).Voids = []license.Hash{f.entry("license.discipline", 0).was}
		}},
		{name: "a seal that nobody signed", want: theHonest + " seal?", do: func(f *forger, s *scene) {
			f.append(invent("license.seal", license.KindLicense, nurse, license.Change{Do: license.DoSeal, Order: s.orders[0]}))
		}},
		{name: "a correction that nobody signed", want: theHonest + " correct?", do: func(f *forger, s *scene) {
			e := f.append(invent("license.correct", license.KindLicense, nurse, f.entry("license.discipline", 0).Changes...))
			e.Changes = slices.Clone(e.Changes)
			e.Changes[0].Authority = license.AuthorityNone
			e.Replaces = f.entry("license.discipline", 0).was
		}},
		{name: "a seal by the cause of a lift", want: theHonest + " seal?", do: func(f *forger, s *scene) {
			e := f.append(invent("license.seal", license.KindLicense, nurse, license.Change{Do: license.DoSeal, Order: s.orders[0]}))
			e.Cause = f.entry("license.lift", 0).Cause
		}},
		{name: "a discipline that nobody signed", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			f.append(invent("license.discipline", license.KindLicense, nurse, license.Change{Do: license.DoOrder, Order: s.id(), Authority: license.AuthorityBarred, From: "2026-01-10"}))
		}},
		{name: "a license that nobody issued", id: "us-il.nurse.041000077", want: "issue?", do: func(f *forger, s *scene) {
			f.append(invent("license.issue", license.KindLicense, "us-il.nurse.041000077", license.Change{Do: license.DoIssue, Licensee: s.id(), Subject: license.SubjectPerson, From: "2020-01-01"}))
		}},
		{name: "an import that nobody asserted", id: "us-xx.nurse.1", want: "assert?", do: func(f *forger, s *scene) {
			e := f.append(invent("import.assert", license.KindLicense, "us-xx.nurse.1", license.Change{Do: license.DoIssue, Licensee: s.id(), Subject: license.SubjectPerson, Source: license.SourceImport, From: "2020-01-01"}))
			e.Import = &license.Provenance{File: license.HashOf(nil), Row: 1, Day: "2026-01-01", Importer: "wi"}
		}},
	}
}

// invited: acts whose signatures do not suffice, and officers whom the network made.
func invitedStories() (out []forgedStory) {
	out = append(out, forgedStory{name: "a discipline signed by nobody", want: "flaw payload", do: func(f *forger, s *scene) { f.append(f.disciplined(s.spare["nobody"])) }})
	for _, name := range []string{"clerk alone", "two clerks", "director alone", "the passkey", "another board", "the root", "members"} {
		out = append(out, forgedStory{name: "a discipline signed by " + name, want: theHonest + " discipline?", do: func(f *forger, s *scene) { f.append(f.disciplined(s.spare[name])) }})
	}
	evil := func(f *forger, s *scene, by ...string) *forgedEntry {
		p := s.discipline()
		for i, b := range by {
			p.Sign(signAs(b, fmt.Sprintf("evil %d", i), p.HeaderBytes))
		}
		return f.disciplined(p)
	}
	appoint := func(id string, i int, roles ...string) *forgedEntry {
		return invent("officer.appoint", license.KindOfficer, id).body(&license.Officer{Key: spec(fmt.Sprintf("evil %d", i)), Roles: roles, Count: 1})
	}
	return append(out, []forgedStory{
		{name: "signed by a suspended officer", want: theHonest + " renew?", do: func(f *forger, s *scene) { f.append(f.renewed(s.spare["the suspended"])) }},
		{name: "keys that are not the officers'", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			f.append(evil(f, s, "officer/us-il/clerk", "officer/us-il/director"))
		}},
		{name: "officers appointed by the network", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			f.append(appoint("us-il/evil-a", 0, "clerk"))
			f.append(appoint("us-il/evil-b", 1, "director"))
			f.append(evil(f, s, "officer/us-il/evil-a", "officer/us-il/evil-b"))
		}},
		{name: "officers' keys replaced by the network", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			f.append(invent("officer.amend", license.KindOfficer, "us-il/clerk").body(&license.Officer{Title: "Clerk", Key: spec("evil 0"), Roles: []string{"clerk"}, Count: 2}))
			f.append(invent("officer.amend", license.KindOfficer, "us-il/director").body(&license.Officer{Title: "Director", Key: spec("evil 1"), Roles: []string{"director"}, Count: 2}))
			f.append(evil(f, s, "officer/us-il/clerk", "officer/us-il/director"))
		}},
		{name: "a suspension ended by the network", want: theHonest + " renew?", do: func(f *forger, s *scene) {
			f.append(invent("officer.resume", license.KindOfficer, "us-il/second").body(&license.Officer{Title: "Second clerk", Key: spec("second"), Roles: []string{"clerk"}, Count: 3}))
			f.append(f.renewed(s.spare["the suspended"]))
		}},
		{name: "a weaker policy by the network", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			f.append(invent("policy.set", license.KindPolicy, "us-il").body(&license.Policy{Rules: []license.Rule{{Acts: []string{"license.*"}, From: []string{"clerk"}, Signers: 1}}, Count: 2}))
			f.append(f.disciplined(s.spare["clerk alone"]))
		}},
		{name: "a root put into the map", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			f.append(f.rooted("evil 0"))
			f.append(evil(f, s, "board/us-il"))
		}},
		{name: "a root put into the map, which sets a policy", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			f.append(f.rooted("evil 0"))
			p := s.payload(true, []license.Act{&license.PolicySet{Board: "us-il", Count: 1, Rules: []license.Rule{{Acts: []string{"license.*"}, From: []string{"clerk"}, Signers: 1}}}}, nil)
			p.Sign(signAs("board/us-il", "evil 0", p.HeaderBytes))
			f.append(f.record(p, 0).body(&license.Policy{Rules: p.Acts[0].(*license.PolicySet).Rules, Count: 2}))
			f.append(f.disciplined(s.spare["clerk alone"]))
		}},
		{name: "a succession signed by two roots of the forger", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			p := s.payload(true, []license.Act{&license.BoardSucceed{Board: "us-il", Count: 1, Old: spec("evil 0"), Root: spec("evil 1")}}, nil)
			p.Sign(signAs("board/us-il", "evil 0", p.HeaderBytes))
			p.Sign(signAs("board/us-il", "evil 1", p.HeaderBytes))
			e := f.rooted("evil 1")
			e.Cause = causeOf(p, 0)
			f.payloads = append(f.payloads, p)
			f.append(e)
			f.append(evil(f, s, "board/us-il", "board/us-il"))
		}},
		{name: "two officers of one key", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			a := s.payload(true, []license.Act{&license.OfficerAppoint{Officer: "us-il/twin", Key: spec("clerk"), Roles: []string{"director"}}}, nil, "root us-il")
			f.append(f.record(a, 0).body(&license.Officer{Key: spec("clerk"), Roles: []string{"director"}, Count: 1}))
			p := s.discipline("clerk")
			p.Sign(signAs("officer/us-il/twin", "clerk", p.HeaderBytes))
			f.append(f.disciplined(p))
		}},
		{name: "one signature under two names", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			p := s.discipline("clerk")
			p.Sign(signAs("officer/us-il/director", "clerk", p.HeaderBytes))
			f.append(f.disciplined(p))
		}},
		{name: "the director's signature left out", want: "issue+ discipline? discipline+ renew+ lift+", do: func(f *forger, s *scene) {
			f.resign(f.entry("license.discipline", 0), func(ss []tx.Signature) []tx.Signature { return ss[:1] })
		}},
		{name: "the clerk named as the director", want: theHonest + " discipline?", do: func(f *forger, s *scene) {
			p := s.discipline("clerk", "second")
			p.Signatures[1].By = "officer/us-il/director"
			f.append(f.disciplined(p))
		}},
		{name: "a signature by a forger's key among good ones", want: "issue+ discipline? discipline+ renew+ lift+", do: func(f *forger, s *scene) {
			f.resign(f.entry("license.discipline", 0), func(ss []tx.Signature) []tx.Signature {
				bad := ss[0]
				bad.By, bad.Key = "officer/us-il/evil", tx.KeySpec(spec("evil 0"))
				return append(slices.Clone(ss), bad)
			})
		}},
		{name: "a passkey's signature from another site", want: theHonest + " renew?", do: func(f *forger, s *scene) {
			p := s.renewal()
			p.Sign(passkeySignature(f.t, "officer/us-il/passkey", "passkey", p.HeaderBytes, "https://evil.example"))
			f.append(f.renewed(p))
		}},
		{name: "a site added by the network", want: theHonest + " renew?", do: func(f *forger, s *scene) {
			set := license.MemberSet{Set: 1, Members: worldMembers()}
			set.Members[0].Origins = append(set.Members[0].Origins, "https://evil.example")
			f.append(invent("member.set", license.KindMembers, "set").body(&set))
			p := s.renewal()
			p.Sign(passkeySignature(f.t, "officer/us-il/passkey", "passkey", p.HeaderBytes, "https://evil.example"))
			f.append(f.renewed(p))
		}},
		{name: "a pattern changed by the network", id: "us-il.nurse.1", want: "issue?", do: func(f *forger, s *scene) {
			f.append(invent("board.profession", license.KindProfession, "us-il.nurse").body(&license.Profession{Title: "Registered nurse", Pattern: "#", Count: 2}))
			p := s.payload(true, []license.Act{&license.LicenseIssue{License: "us-il.nurse.1", Licensee: s.id(), Subject: license.SubjectPerson, Issued: "2020-01-01", From: "2026-01-01"}}, nil, "clerk")
			a := p.Acts[0].(*license.LicenseIssue)
			e := f.record(p, 0, license.Change{Do: license.DoIssue, Licensee: a.Licensee, Subject: a.Subject, From: a.Issued}, license.Change{Do: license.DoTerm, From: a.From})
			e.Effective = a.From
			e.Also = []license.Write{{Kind: license.KindLicensee, ID: a.Licensee, Value: strict.Encode(&license.Licensee{License: a.License})}}
			f.append(e)
		}},
		{name: "a calendar changed by the network", want: theHonest + " void?", do: func(f *forger, s *scene) {
			f.append(invent("board.calendar", license.KindCalendar, "us-il").body(&license.Calendar{Rows: []license.OffsetRow{{From: "2026-01-01T00:00:00Z", Minutes: 840}}, Count: 2}))
			p := s.payload(true, []license.Act{&license.LicenseVoid{License: nurse, Entries: []license.Hash{f.entry("license.discipline", 0).was}}}, nil, "clerk", "director")
			e := f.record(p, 0)
			e.Effective, e.Voids = "2026-01-11", p.Acts[0].(*license.LicenseVoid).Entries
			f.append(e)
		}},
	}...)
}

// rooted is an entry of the network that gives the board another root.
func (f *forger) rooted(seed string) *forgedEntry {
	var b license.Board
	if err := strict.Decode(f.entry("board.create", 0).Body, &b, recordBytesMax); err != nil {
		f.t.Fatal(err)
	}
	b.Root, b.Count = spec(seed), 2
	return invent("board.succeed", license.KindBoard, "us-il").body(&b)
}

// resign gives an entry the same payload with other signatures.
func (f *forger) resign(e *forgedEntry, change func([]tx.Signature) []tx.Signature) {
	f.t.Helper()
	s, err := f.State()
	if err != nil {
		f.t.Fatal(err)
	}
	defer s.Release()
	kept, err := s.Payload(e.Cause)
	if err != nil {
		f.t.Fatal(err)
	}
	var ss []tx.Signature
	if err := strict.Decode(kept.Signatures, &ss, tx.TransactionBytesMax); err != nil {
		f.t.Fatal(err)
	}
	ss = change(ss)
	header, act := kept.Header, f.act(e.Cause)
	a, err := license.ParseAct(act)
	if err != nil {
		f.t.Fatal(err)
	}
	p := &tx.Transaction{HeaderBytes: header, HeaderHash: license.HashOf(header), ActBytes: [][]byte{act}, Acts: []license.Act{a}, Signatures: ss}
	f.payloads = append(f.payloads, p)
	e.Cause = causeOf(p, 0)
}

// founded: other networks, and another founding.
func foundedStories() []forgedStory {
	foreign := func(s *scene, origin string, by ...string) *tx.Transaction {
		p := tx.New(origin, true, license.InstantOf(s.clock), 3600, s.renewal().Acts, nil)
		for _, who := range by {
			p.Sign(s.signature(who, p.HeaderBytes))
		}
		return p
	}
	return []forgedStory{
		{name: "signed for another network", want: theHonest + " renew?", do: func(f *forger, s *scene) {
			f.append(f.renewed(foreign(s, "test/other/0011223344556677", "clerk")))
		}},
		{name: "signed for a network of this name", want: theHonest + " renew?", do: func(f *forger, s *scene) { f.append(f.renewed(foreign(s, worldName, "clerk"))) }},
		{name: "signed for another founding, said to be of block 0", want: "flaw history-chain", do: func(f *forger, s *scene) {
			e := f.append(f.renewed(foreign(s, worldName, "clerk")))
			e.after = func(en *license.Entry) { en.Block = 0 }
		}},
		{name: "said to be of a block below zero", want: "flaw history-chain", do: func(f *forger, s *scene) {
			f.append(f.renewed(foreign(s, worldName, "clerk"))).after = func(en *license.Entry) { en.Block = -1 }
		}},
		{name: "an officer appointed in another founding", want: theHonest + " renew?", do: func(f *forger, s *scene) {
			p := tx.New(worldName, true, start, 3600, []license.Act{&license.OfficerAppoint{Officer: "us-il/old", Key: spec("old"), Roles: []string{"clerk"}}}, nil)
			p.Sign(s.signature("root us-il", p.HeaderBytes))
			f.blocks[0].entries = append(f.blocks[0].entries, f.record(p, 0).body(&license.Officer{Key: spec("old"), Roles: []string{"clerk"}, Count: 1}))
			f.append(f.renewed(s.renewal("old")))
		}},
		{name: "a founding by the forger's own members, with a root of the forger", want: "issue?", do: func(f *forger, s *scene) { f.refound(s, "") }},
		{
			name: "a founding with a root of the forger, before a true succession", want: "issue?", root: "second root",
			do: func(f *forger, s *scene) { f.refound(s, "second root") },
		},
		{name: "a founding by the forger's own members, with the board's root", want: "issue? discipline? discipline? renew? lift?", do: func(f *forger, s *scene) {
			var acts []license.Act
			for _, a := range worldActs() {
				if o, ok := a.(*license.OfficerAppoint); ok {
					o.Key = spec("evil " + o.Officer)
				}
				acts = append(acts, a)
			}
			p := tx.New(worldName, true, start, 86400, acts, nil)
			for _, m := range worldMembers() {
				p.Sign(signAs("member/"+m.ID, "root of "+m.ID, p.HeaderBytes))
			}
			f.payloads = append(f.payloads, p)
			for i, e := range f.blocks[0].entries {
				e.Cause = causeOf(p, i)
			}
		}},
	}
}

// refound puts a founding of the forger's own in the place of the network's: its
// members and the board have roots of the forger, as do the officers. When then is
// not "", the true board's true succession to it follows, as if from the false root.
func (f *forger) refound(s *scene, then string) {
	f.t.Helper()
	acts := worldActs()
	for _, a := range acts {
		switch a := a.(type) {
		case *license.MemberSetAct:
			for i := range a.Members {
				a.Members[i].Root = spec("evil " + a.Members[i].ID)
			}
		case *license.BoardCreate:
			a.Root = spec("evil root " + a.Board)
			a.Source = ""
		case *license.OfficerAppoint:
			a.Key = spec("evil " + a.Officer)
		}
	}
	p := tx.New(worldName, true, start, 86400, acts, nil)
	for _, m := range worldMembers() {
		p.Sign(signAs("member/"+m.ID, "evil "+m.ID, p.HeaderBytes))
	}
	for _, b := range []string{"us-il", "us-ia", "us-xx"} {
		p.Sign(signAs("board/"+b, "evil root "+b, p.HeaderBytes))
	}
	l, err := Open("store", Options{FS: vfs.NewMem()})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = l.Close() })
	if _, _, err := l.Genesis(start.Time(), p.Encode()); err != nil {
		f.t.Fatal(err)
	}
	f.blocks = forge(&world{Ledger: l, t: f.t}).blocks
	f.payloads = append(f.payloads, p)
	issue := s.payload(true, []license.Act{&license.LicenseIssue{License: nurse, Licensee: s.id(), Subject: license.SubjectPerson, Issued: "2020-01-01", From: "2026-01-01"}}, nil)
	issue.Sign(signAs("officer/us-il/clerk", "evil us-il/clerk", issue.HeaderBytes))
	a := issue.Acts[0].(*license.LicenseIssue)
	e := f.record(issue, 0, license.Change{Do: license.DoIssue, Licensee: a.Licensee, Subject: a.Subject, From: a.Issued}, license.Change{Do: license.DoTerm, From: a.From})
	e.Effective = a.From
	e.Also = []license.Write{{Kind: license.KindLicensee, ID: a.Licensee, Value: strict.Encode(&license.Licensee{License: a.License})}}
	f.append(e)
	f.blocks[len(f.blocks)-1].time = license.InstantOf(s.clock)
	if then == "" {
		return
	}
	q := s.payload(true, []license.Act{&license.BoardSucceed{Board: "us-il", Count: 1, Old: spec("root us-il"), Root: spec(then)}}, nil)
	for _, k := range []string{"root us-il", then, "evil root us-il"} {
		q.Sign(signAs("board/us-il", k, q.HeaderBytes))
	}
	succession := f.rooted(then)
	f.payloads = append(f.payloads, q)
	succession.Cause = causeOf(q, 0)
	f.append(succession)
}

// timed: headers that could not be recorded then.
func timedStories() []forgedStory {
	late := func(f *forger, s *scene, after func(*license.Entry)) {
		e := f.append(f.renewed(s.spare["renewal"]))
		b := f.blocks[len(f.blocks)-1]
		b.time = b.time.AddSeconds(7200)
		e.after = after
	}
	return []forgedStory{
		{name: "recorded after not_after", want: theHonest + " renew?", do: func(f *forger, s *scene) { late(f, s, nil) }},
		{name: "recorded before it was signed", want: theHonest + " renew?", do: func(f *forger, s *scene) {
			s.clock = s.clock.Add(24 * time.Hour)
			f.append(f.renewed(s.renewal("clerk")))
		}},
		{name: "a header that lives too long", want: theHonest + " renew?", do: func(f *forger, s *scene) {
			p := tx.New(s.Head().Origin, true, license.InstantOf(s.clock), 91*86400, s.renewal().Acts, nil)
			p.Sign(s.signature("clerk", p.HeaderBytes))
			f.append(f.renewed(p))
		}},
	}
}

// hostile: entries of a form that no state machine writes, to trip a verifier.
func hostileStories() []forgedStory {
	odd := func(name, want string, e *forgedEntry, after func(*license.Entry)) forgedStory {
		return forgedStory{name: name, want: want, do: func(f *forger, _ *scene) {
			x := *e
			x.after = after
			f.append(&x)
		}}
	}
	change := func(c license.Change) *forgedEntry { return invent("license.correct", license.KindLicense, nurse, c) }
	return []forgedStory{
		odd("an entry without time", "flaw history-chain", invent("license.amend", license.KindLicense, nurse), func(en *license.Entry) { en.Time = "" }),
		odd("an entry that ends a block too", "flaw entry", invent("license.amend", license.KindLicense, nurse), func(en *license.Entry) { en.End = &license.BlockEnd{Set: 1} }),
		odd("a license's entry with a body", "flaw entry", invent("license.amend", license.KindLicense, nurse), func(en *license.Entry) { en.Body = strict.Raw(`{"a":1}`) }),
		odd("an entry of nothing", theHonest+" amend?", invent("license.amend", license.KindLicense, nurse), nil),
		odd("an entry without verb or result", theHonest+" ?", invent("", license.KindLicense, nurse), func(en *license.Entry) { en.Result, en.Effective = license.Hash{}, "" }),
		odd("an order without id or day", theHonest+" correct?", change(license.Change{Do: license.DoOrder}), nil),
		odd("the end of a stay that never was", theHonest+" correct?", change(license.Change{Do: license.DoUnstay, Order: "x"}), nil),
		odd("a change of no kind", theHonest+" correct?", change(license.Change{Do: "nothing", Order: "x", From: "2026-01-10"}), nil),
		odd("a void of no hash", theHonest+" void?", &forgedEntry{Entry: license.Entry{Kind: license.KindLicense, ID: nurse, Act: "license.void", Voids: []license.Hash{{}}}}, nil),
		odd("a calendar of offsets beyond all days", "issue+ discipline+ discipline+ renew+ lift+", invent("board.calendar", license.KindCalendar, "us-il").
			body(&license.Calendar{Rows: []license.OffsetRow{{From: "2026-01-01T00:00:00Z", Minutes: strict.IntMax}}}), nil),
		odd("a calendar of offsets before all days", "issue+ discipline+ discipline+ renew+ lift+", invent("board.calendar", license.KindCalendar, "us-il").
			body(&license.Calendar{Rows: []license.OffsetRow{{From: "2026-01-01T00:00:00Z", Minutes: -strict.IntMax}}}), nil),
		{name: "the issue without time", want: "issue? discipline+ discipline+ renew+ lift+", do: func(f *forger, _ *scene) {
			f.entry("license.issue", 0).after = func(en *license.Entry) { en.Time = "" }
		}},
		{name: "a row of nothing, which a true row replaces", id: copied, want: "assert+ assert? assert+", do: func(f *forger, s *scene) {
			e := f.append(invent("import.assert", license.KindLicense, copied))
			e.Import = &license.Provenance{File: license.HashOf(nil), Row: 1, Day: "2026-01-01", Importer: "wi"}
			p := s.payload(true, []license.Act{&license.ImportAssert{
				License: copied, Count: 2, Previous: f.build().entryOf(copied, 1), File: license.HashOf(nil), Row: 2, Day: "2026-01-01",
				Changes: []license.Change{{Do: license.DoTerm, From: "2026-01-01"}},
			}}, nil, "keeper us-xx")
			a := p.Acts[0].(*license.ImportAssert)
			row := f.record(p, 0, a.Changes...)
			row.Replaces, row.Effective = a.Previous, a.Day
			row.Import = &license.Provenance{File: a.File, Row: a.Row, Day: a.Day, Importer: "wi"}
			f.append(row)
		}},
	}
}

func TestForgery(t *testing.T) {
	honest := newScene(t)
	f := forge(honest.world)
	if fork := f.build(); fork.Head().Root != honest.Head().Root {
		t.Fatal("a log that nobody changed comes out otherwise: the forger is at fault")
	}
	for _, story := range forgedStories() {
		t.Run(story.name, func(t *testing.T) {
			v, _, _, err := story.run(t)
			if err != nil {
				if got := "flaw " + flawCode(err); got != story.want {
					t.Errorf("%s: %v", got, err)
				}
				return
			}
			if got := told(v); got != story.want {
				t.Errorf("the entries read\n%s, not\n%s", got, story.want)
				for _, e := range v.Entries {
					t.Log(e.Index, e.Act, e.Carried, e.Why)
				}
			}
		})
	}
}

// run tells a story and asks for the license that it is about.
func (st forgedStory) run(t testing.TB) (*proof.Verdict, []byte, proof.Trust, error) {
	s := newScene(t)
	trust := s.trust()
	if st.root != "" {
		trust.Boards = []proof.TrustBoard{{ID: "us-il", Key: spec(st.root)}}
	}
	f := forge(s.world)
	st.do(f, s)
	b := f.build().bundle(true, license.KindLicense, cmp.Or(st.id, nurse))
	v, err := proof.Verify(b, trust, proof.Question{})
	return v, b, trust, err
}

// forgedBundles adds the stories to the vectors.
func forgedBundles(b *bundleBook) {
	// Of those that bend one member each, some stand for all: each is a file of its own.
	bent := bentStories()
	stories := slices.Concat(bent[:5], bent[13:14], bent[24:25], importedStories()[:2], withheldStories(), replayedStories(), invertedStories(), invitedStories(), foundedStories(), timedStories(), hostileStories(), claimedStories()[1:], ranStories())
	for _, story := range stories {
		_, bundle, trust, _ := story.run(b.t)
		b.add("forged: "+story.name, bundle, trust, proof.Question{})
	}
}
