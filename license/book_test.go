package license

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"reflect"
	"testing"

	"licet/strict"
)

// A book is a registry in memory: records, entries and a clock. It writes what
// acts decide, as the ledger does, and stands on nothing but this package.
type book struct {
	t        testing.TB
	now      Instant
	records  map[string][]byte
	entries  map[string][]Recorded
	notAfter map[Hash]Instant
	size     int64
	drawn    int
	cause    *Cause // of the next entry, when no act is signed
}

func newBook(t testing.TB) *book {
	b := &book{
		t: t, now: "2026-01-10T12:00:00Z",
		records: map[string][]byte{}, entries: map[string][]Recorded{}, notAfter: map[Hash]Instant{},
	}
	b.must(
		&NetworkFound{Name: "test/book", Chain: "test", Time: b.now, Rules: 1},
		&MemberSetAct{Set: 1, Members: []Member{
			{ID: "idfpr", Weight: 10, Root: "ed25519:member", RPID: "idfpr.example", Origins: []string{"https://idfpr.example"}},
		}},
	)
	for _, id := range []string{"us-il", "us-ia"} {
		b.must(
			&BoardCreate{Board: id, Name: id, Member: "idfpr", Jurisdiction: id, Root: "ed25519:root " + id},
			&BoardProfession{Profession: id + ".nurse", Title: "Nurse", Pattern: "041###|T*+"},
			&BoardCalendar{Board: id, Rows: CentralTime()},
			&PolicySet{Board: id, Rules: []Rule{{Acts: []string{"license.*", "licensee.*", "fact.*", "import.*"}, From: []string{"clerk"}, Signers: 1}}},
			&OfficerAppoint{Officer: id + "/clerk", Key: "ed25519:clerk " + id, Roles: []string{"clerk"}},
			&OfficerAppoint{Officer: id + "/director", Key: "ed25519:director " + id, Roles: []string{"director"}},
		)
	}
	return b
}

// board brings one more board in.
func (b *book) board(id string) {
	b.t.Helper()
	b.must(&BoardCreate{Board: id, Name: id, Member: "idfpr", Jurisdiction: id, Root: "ed25519:root " + id})
}

func (b *book) Get(kind, id string, r any) bool {
	v, ok := b.records[kind+"\x00"+id]
	if !ok {
		return false
	}
	if err := strict.Decode(v, r, 1<<20); err != nil {
		b.t.Fatalf("%s %s: %v in %s", kind, id, err, v)
	}
	return true
}

func (b *book) Entries(kind, id string) []Recorded { return b.entries[kind+"\x00"+id] }
func (b *book) NotAfter(h Hash) Instant            { return b.notAfter[h] }
func (b *book) Now() Instant                       { return b.now }
func (b *book) Height() int64                      { return 7 }

// do decides an act, a minute later, and writes it; a refusal changes nothing.
func (b *book) do(a Act) *Refusal {
	b.t.Helper()
	wire := EncodeAct(a)
	a, err := ParseAct(wire)
	if err != nil {
		b.t.Fatalf("%s: %v", wire, err)
	}
	records := maps.Clone(b.records)
	e, r := Decide(a, b)
	if !reflect.DeepEqual(records, b.records) || !bytes.Equal(EncodeAct(a), wire) {
		b.t.Fatalf("deciding %s changed records or the act", wire)
	}
	if r != nil {
		return r
	}
	b.write(e, a.Verb())
	b.now = b.now.AddSeconds(60)
	return nil
}

func (b *book) write(e *Effect, verb string) {
	b.size++
	k := e.Kind + "\x00" + e.ID
	body := strict.Encode(e.Record)
	header := HashOf(fmt.Appendf(nil, "header %d", b.size))
	b.notAfter[header] = b.now.AddSeconds(86400)
	en := Entry{
		V: 1, Index: b.size - 1, Block: b.size, Time: b.now, Kind: e.Kind, ID: e.ID, Act: verb, Cause: &Cause{Header: header, Signatures: header},
		Effective: e.Effective, Replaces: e.Replaces, Voids: e.Voids, Changes: e.Changes, Import: e.Import, Result: HashOf(body),
	}
	if b.cause != nil {
		en.Cause = b.cause
	}
	if es := b.entries[k]; len(es) > 0 {
		en.Prev = es[len(es)-1].Hash
	}
	if e.Kind != KindLicense {
		en.Body = body
	}
	for _, a := range e.Also {
		v := strict.Encode(a.Record)
		en.Also = append(en.Also, Write{a.Kind, a.ID, v})
		if b.records[a.Kind+"\x00"+a.ID] = v; string(v) == "{}" {
			en.Also[len(en.Also)-1].Value = nil
			delete(b.records, a.Kind+"\x00"+a.ID)
		}
	}
	raw := strict.Encode(&en)
	var again Entry
	if err := strict.Decode(raw, &again, 1<<20); err != nil || !reflect.DeepEqual(strict.Encode(&again), raw) {
		b.t.Fatalf("entry %s: %v", raw, err)
	}
	rec := Recorded{Entry: again, Hash: LeafHash(raw)}
	b.entries[k] = append(b.entries[k], rec)
	b.records[k] = ValueWithLast(body, rec.Hash)
}

func (b *book) must(as ...Act) {
	b.t.Helper()
	for _, a := range as {
		if r := b.do(a); r != nil {
			b.t.Fatalf("%s: %v", EncodeAct(a), r)
		}
	}
}

// refused checks the code of a refusal.
func (b *book) refused(code string, a Act) {
	b.t.Helper()
	switch r := b.do(a); {
	case r == nil:
		b.t.Errorf("%s applies; want %s", EncodeAct(a), code)
	case r.Code != code:
		b.t.Errorf("%s: %v; want %s", EncodeAct(a), r, code)
	}
}

// id draws a random id: the same ones in every run.
func (b *book) id() string { return b.hash("id").String()[:32] }

func (b *book) hash(of string) Hash {
	b.drawn++
	return sha256.Sum256(fmt.Appendf(nil, "%s %d", of, b.drawn))
}

func (b *book) license(id string) *License {
	l := new(License)
	if !b.Get(KindLicense, id, l) {
		b.t.Fatalf("no license %s", id)
	}
	return l
}

// issue issues a license of a term, without a name.
func (b *book) issue(id string, from, through Day) string {
	b.t.Helper()
	b.must(&LicenseIssue{License: id, Licensee: b.id(), Subject: SubjectPerson, Issued: from, From: from, Through: through})
	return id
}

// order puts an order on a license and returns its id.
func (b *book) order(id, authority string, from, through Day) string {
	b.t.Helper()
	o := b.id()
	b.must(&LicenseDiscipline{License: id, Order: o, Commitment: b.hash("order"), Authority: authority, From: from, Through: through})
	return o
}

// last returns the hash of the newest entry about a license.
func (b *book) last(id string) Hash { return b.license(id).Last }

func (b *book) void(id string, hs ...Hash) *LicenseVoid {
	return &LicenseVoid{License: id, Count: b.license(id).Counts.Repairs, Entries: hs}
}
