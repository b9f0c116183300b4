// Package ledgertest founds a small registry in memory for the tests of rooms
// that read one: a real ledger with one member, the board of Illinois and two
// officers. Keys, salts and ids are the same every time.
package ledgertest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/ledger"
	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// Start is the legal time of the founding.
const Start = license.Instant("2026-01-10T12:00:00Z")

// Name is the network's, without the genesis hash.
const Name = "test/ledger"

// A Registry is a ledger whose blocks the test makes. The embedded ledger is
// what the rooms under test read.
type Registry struct {
	*ledger.Ledger
	Clock     time.Time // of the newest block
	NoQuorum  bool      // blocks get no cosigned note
	Forged    bool      // Sign signs with a forger's key in the place of everybody's
	Made      []Made    // every block, the founding first
	t         testing.TB
	drawn     int
	noteUntil int64
}

// A Made is a block as it was made, and what the ledger said of it.
type Made struct {
	Time  time.Time
	Txs   [][]byte
	Codes []string // of refusals; "" where a transaction was applied
	App   [32]byte // app hash
}

// Key makes the same key for the same name every time.
func Key(name string) ed25519.PrivateKey {
	s := sha256.Sum256([]byte("ledger test key " + name))
	return ed25519.NewKeyFromSeed(s[:])
}

// Spec is the text of the public key of Key.
func Spec(name string) string {
	return string(tx.Ed25519Key(Key(name).Public().(ed25519.PublicKey)))
}

func cosigner() proof.Cosigner {
	c, err := proof.NewCosigner("idfpr", Key("cosign"))
	if err != nil {
		panic(err)
	}
	return c
}

func public(kinds ...string) (as []license.Audience) {
	for _, k := range kinds {
		as = append(as, license.Audience{Kind: k, Who: license.AudiencePublic})
	}
	return as
}

// FoundingActs are the acts that found a registry.
func FoundingActs(name string) []license.Act {
	validator := base64.StdEncoding.EncodeToString(Key("validator").Public().(ed25519.PublicKey))
	acts := []license.Act{
		&license.NetworkFound{Name: name, Chain: "test-ledger", Time: Start, Rules: 1},
		&license.MemberSetAct{Set: 1, Members: []license.Member{{
			ID: "idfpr", Name: "IDFPR", Weight: 10, Cosign: cosigner().VKey().String(), Validator: validator, Root: Spec("member"),
		}}},
		&license.BoardCreate{
			Board: "us-il", Name: "Illinois", Member: "idfpr", Jurisdiction: "us-il", Root: Spec("root"),
			Audiences: public("name", "order", "city"),
		},
		&license.BoardCalendar{Board: "us-il", Rows: license.CentralTime()},
		&license.BoardProfession{
			Profession: "us-il.nurse", Title: "Registered nurse", Pattern: "041######",
			Coverage: &license.Coverage{IssuedFrom: "1998-01-01"},
		},
		&license.BoardProfession{Profession: "us-il.barber", Title: "Barber", Pattern: "006.######|B-###"},
		&license.OfficerAppoint{Officer: "us-il/clerk", Title: "Licensing clerk", Key: Spec("clerk"), Roles: []string{"clerk"}},
		&license.OfficerAppoint{Officer: "us-il/director", Title: "Director", Key: Spec("director"), Roles: []string{"director"}},
		&license.PolicySet{Board: "us-il", Rules: []license.Rule{
			{
				Acts: []string{"license.discipline", "license.seal", "license.void"}, From: []string{"clerk", "director"},
				Signers: 2, Roles: []license.RoleNeed{{Role: "director", Count: 1}},
			},
			{Acts: []string{"license.*", "licensee.*", "fact.*", "import.*"}, From: []string{"clerk", "director"}, Signers: 1},
		}},
	}
	return acts
}

// New founds a registry named Name.
func New(t testing.TB) *Registry { return NewNamed(t, Name) }

// NewUnder founds a registry under rules of that number.
func NewUnder(t testing.TB, rules int64) *Registry {
	t.Helper()
	l, err := ledger.Open("store", ledger.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	acts := FoundingActs(Name)
	acts[0].(*license.NetworkFound).Rules = rules
	return found(t, l, Name, acts)
}

// NewNamed founds a registry under another name, and so another network.
func NewNamed(t testing.TB, name string) *Registry {
	t.Helper()
	return newIn(t, name, "store", vfs.NewMem())
}

// NewOnDisk founds a registry named Name in a directory. The test closes it.
func NewOnDisk(t testing.TB, dir string) *Registry {
	t.Helper()
	return newIn(t, Name, dir, nil)
}

// NewLax founds a registry whose program takes every signature for good: with it,
// whoever holds the checkpoint keys writes decisions that nobody made.
func NewLax(t testing.TB) *Registry {
	t.Helper()
	return newWith(t, Name, "store", ledger.Options{FS: vfs.NewMem(), Verify: func(tx.Signature, []byte) error { return nil }})
}

func newIn(t testing.TB, name, dir string, fs vfs.FS) *Registry {
	t.Helper()
	return newWith(t, name, dir, ledger.Options{FS: fs})
}

func newWith(t testing.TB, name, dir string, o ledger.Options) *Registry {
	t.Helper()
	l, err := ledger.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if o.FS != nil {
		t.Cleanup(func() { _ = l.Close() })
	}
	return Found(t, l, name)
}

// Found founds a registry in an empty ledger, which the test closes.
func Found(t testing.TB, l *ledger.Ledger, name string) *Registry {
	t.Helper()
	return found(t, l, name, FoundingActs(name))
}

func found(t testing.TB, l *ledger.Ledger, name string, acts []license.Act) *Registry {
	t.Helper()
	p := tx.New(name, true, Start, 86400, acts, nil)
	p.Sign(tx.SignEd25519("member/idfpr", Key("member"), p.HeaderBytes))
	p.Sign(tx.SignEd25519("board/us-il", Key("root"), p.HeaderBytes))
	h, _, err := l.Genesis(Start.Time(), p.Encode())
	if err != nil {
		t.Fatal(err)
	}
	r := &Registry{Ledger: l, t: t, Clock: Start.Time(), noteUntil: -1}
	r.Made = []Made{{Time: Start.Time(), Txs: [][]byte{p.Encode()}, Codes: []string{""}, App: h.AppHash()}}
	r.cosign()
	return r
}

// Over goes on with a ledger that was founded before. It draws other ids and salts
// than those who wrote to it.
func Over(t testing.TB, l *ledger.Ledger) *Registry {
	h := l.Head()
	return &Registry{Ledger: l, t: t, Clock: h.Time.Time(), noteUntil: -1, drawn: int(1000 * h.Size)}
}

// Sign makes a transaction of acts, signed by the named: "clerk", "director",
// "root", "member".
func (r *Registry) Sign(all bool, acts []license.Act, openings []license.Opening, by ...string) []byte {
	p := tx.New(r.Head().Origin, all, license.InstantOf(r.Clock), 86400, acts, openings)
	for _, b := range by {
		who := map[string]string{"root": "board/us-il", "member": "member/idfpr"}[b]
		if who == "" {
			who = "officer/us-il/" + b
		}
		s := tx.SignEd25519(who, Key(b), p.HeaderBytes)
		if r.Forged {
			s = tx.SignEd25519(who, Key("forger"), p.HeaderBytes)
			s.Key = tx.KeySpec(Spec(b))
		}
		p.Sign(s)
	}
	return p.Encode()
}

// Block applies transactions as the next block, a minute after the last one.
func (r *Registry) Block(txs ...[]byte) []ledger.Outcome {
	r.t.Helper()
	r.Clock = r.Clock.Add(time.Minute)
	app, o, _, err := r.Finalize(r.Head().Height+1, r.Clock, txs)
	if err == nil {
		err = r.Commit()
	}
	if err != nil {
		r.t.Fatal(err)
	}
	m := Made{Time: r.Clock, Txs: txs, App: app}
	for i := range o {
		m.Codes = append(m.Codes, o[i].Code)
	}
	r.Made = append(r.Made, m)
	r.cosign()
	return o
}

// cosign makes the note over the newest state.
func (r *Registry) cosign() {
	h := r.Head().Height
	c, at, ok := r.Checkpoint(h)
	if !ok {
		r.t.Fatal("there is no checkpoint text")
	}
	if r.NoQuorum {
		return
	}
	ext := cosigner().Sign(c.Text(), at.Unix())
	if err := r.SaveNote(h, proof.AssembleNote(c.Text(), []string{proof.SignatureLine("idfpr", ext[:])})); err != nil {
		r.t.Fatal(err)
	}
	r.noteUntil = h
}

// Checkpointed returns the newest height that has a note, or -1.
func (r *Registry) Checkpointed() int64 { return r.noteUntil }

// Trust is the trust in the member set and in the board's root.
func (r *Registry) Trust() proof.Trust {
	return proof.TrustOf(r.Head().Origin, r.Head().Sets[0].Set, []proof.TrustBoard{{ID: "us-il", Key: Spec("root")}})
}

// Act records acts and fails the test when they are refused.
func (r *Registry) Act(openings []license.Opening, by []string, acts ...license.Act) ledger.Outcome {
	r.t.Helper()
	o := r.Block(r.Sign(true, acts, openings, by...))[0]
	if o.Code != "" {
		r.t.Fatalf("%s: %s", acts[0].Verb(), o.Refusal())
	}
	return o
}

// ID draws 32 hexadecimal digits.
func (r *Registry) ID() string {
	r.drawn++
	h := sha256.Sum256(fmt.Appendf(nil, "random id %d", r.drawn))
	return fmt.Sprintf("%x", h[:16])
}

// Opening makes an opening: of bytes as they are, of anything else in the one
// writing.
func (r *Registry) Opening(kind string, v any) (license.Opening, license.OpeningRef) {
	r.drawn++
	salt := sha256.Sum256(fmt.Appendf(nil, "salt %d", r.drawn))
	b, ok := v.([]byte)
	if !ok {
		b = strict.Encode(v)
	}
	o := license.Opening{Kind: kind, Salt: salt[:], Bytes: b}
	return o, license.OpeningRef{Kind: kind, Commitment: o.Commit()}
}

// Issue issues a nurse's license with a name and a city, and returns its id.
func (r *Registry) Issue(number string, name license.Name, through license.Day) string {
	r.t.Helper()
	id := "us-il.nurse." + license.EscapeNumber(number)
	r.IssueAs(id, name, through)
	return id
}

// IssueAs issues a license under an id.
func (r *Registry) IssueAs(id string, name license.Name, through license.Day) {
	r.t.Helper()
	n, nameRef := r.Opening(license.OpeningName, name)
	c, cityRef := r.Opening(license.OpeningCity, []byte("Springfield"))
	r.Act([]license.Opening{n, c}, []string{"clerk"}, &license.LicenseIssue{
		License: id, Licensee: r.ID(), Subject: license.SubjectPerson, Route: "examination",
		Issued: "2020-06-01", From: "2024-06-01", Through: through, Openings: []license.OpeningRef{nameRef, cityRef},
	})
}

// Discipline puts an order on a license and returns the order's id.
func (r *Registry) Discipline(id, authority string, doc license.OrderDocument, from license.Day) string {
	r.t.Helper()
	o, ref := r.Opening(license.OpeningOrder, doc)
	order := r.ID()
	r.Act([]license.Opening{o}, []string{"clerk", "director"}, &license.LicenseDiscipline{
		License: id, Order: order, Commitment: ref.Commitment, Authority: authority, From: from,
	})
	return order
}

// Rename gives a license a new name from a day on; count is of its identity facet.
func (r *Registry) Rename(id string, count int64, name license.Name, from license.Day) {
	r.t.Helper()
	o, ref := r.Opening(license.OpeningName, name)
	r.Act([]license.Opening{o}, []string{"clerk"}, &license.LicenseAmend{License: id, Count: count, From: from, Openings: []license.OpeningRef{ref}})
}

// License reads a license's record.
func (r *Registry) License(id string) *license.License {
	r.t.Helper()
	s, err := r.State()
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Release()
	l := new(license.License)
	if ok, err := s.Record(license.KindLicense, id, l); err != nil || !ok {
		r.t.Fatal(ok, err)
	}
	return l
}

// Entries reads a license's entries.
func (r *Registry) Entries(id string) []license.Recorded {
	r.t.Helper()
	s, err := r.State()
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Release()
	es, err := s.Entries(license.KindLicense, id)
	if err != nil {
		r.t.Fatal(err)
	}
	return es
}
