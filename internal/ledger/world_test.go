package ledger

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// A world is a network of four members with unequal weights, two boards, and one
// board that a member keeps from files. Everything in it is made from fixed seeds,
// so its bundles are the same every time.
type world struct {
	*Ledger
	t      testing.TB
	clock  time.Time
	n      int
	trusts map[int64]proof.Trust // by number of the member set; boards' roots as founded
	notes  map[int64][]byte      // by height
	late   map[string]int64      // member → seconds by which its cosignatures are early (negative) or late
	absent []string              // members who do not cosign
}

const start = license.Instant("2026-01-10T12:00:00Z")

// seedKey makes the same key for the same name every time.
func seedKey(name string) ed25519.PrivateKey {
	s := sha256.Sum256([]byte("ledger test key " + name))
	return ed25519.NewKeyFromSeed(s[:])
}

func spec(name string) string {
	return string(tx.Ed25519Key(seedKey(name).Public().(ed25519.PublicKey)))
}

const worldName = "test/world"

func worldMember(id string, weight int64, observer bool) license.Member {
	m := license.Member{ID: id, Name: "Agency " + id, Weight: weight, Root: spec("root of " + id), URL: "https://" + id + ".example"}
	if !observer {
		m.Cosign = worldCosigner(id).VKey().String()
		m.Validator = base64.StdEncoding.EncodeToString(seedKey("validator " + id).Public().(ed25519.PublicKey))
		m.Log = spec("log " + id)
	}
	if id == "il" {
		m.RPID, m.Origins = "il.example", []string{"https://il.example", "https://desk.il.example"}
	}
	return m
}

func worldCosigner(id string) proof.Cosigner {
	c, err := proof.NewCosigner(worldName+"/"+id, seedKey("cosign "+id))
	if err != nil {
		panic(err)
	}
	return c
}

func worldMembers() []license.Member {
	return []license.Member{worldMember("il", 30, false), worldMember("ia", 20, false), worldMember("wi", 10, false), worldMember("mn", 10, false), worldMember("nd", 0, true)}
}

func worldAudiences() (as []license.Audience) {
	for _, k := range []string{"name", "order", "city"} {
		as = append(as, license.Audience{Kind: k, Who: license.AudiencePublic})
	}
	return as
}

func worldPolicy() []license.Rule {
	both := []string{"clerk", "director"}
	return []license.Rule{
		{
			Acts: []string{"license.discipline", "license.stay", "license.unstay", "license.lift", "license.seal", "license.void", "license.correct"},
			From: both, Signers: 2, Roles: []license.RoleNeed{{Role: "director", Count: 1}},
		},
		{Acts: []string{"officer.suspend", "officer.resume"}, From: []string{"director"}, Signers: 1},
		{Acts: []string{"license.*", "licensee.*", "fact.*", "import.*"}, From: append(both, "passkey"), Signers: 1},
	}
}

func worldActs() []license.Act {
	coverage := &license.Coverage{IssuedFrom: "1998-01-01"}
	return []license.Act{
		&license.NetworkFound{Name: worldName, Chain: "test-world", Time: start, Rules: 1},
		&license.MemberSetAct{Set: 1, Members: worldMembers()},
		&license.BoardCreate{Board: "us-il", Name: "Illinois", Member: "il", Jurisdiction: "us-il", Root: spec("root us-il"), Audiences: worldAudiences()},
		&license.BoardCreate{Board: "us-ia", Name: "Iowa", Member: "ia", Jurisdiction: "us-ia", Root: spec("root us-ia"), Audiences: worldAudiences()[1:]},
		&license.BoardCreate{Board: "us-xx", Name: "Copied", Member: "wi", Jurisdiction: "us-xx", Root: spec("root of wi"), Source: license.SourceImport, Audiences: worldAudiences()},
		&license.BoardCalendar{Board: "us-il", Rows: license.CentralTime()},
		&license.BoardProfession{Profession: "us-il.nurse", Title: "Registered nurse", Pattern: "041######", Coverage: coverage, Labels: []license.Label{{Code: "suspension", Text: "SUSPENSION"}}},
		&license.BoardProfession{Profession: "us-il.barber", Title: "Barber", Pattern: "B-#+"},
		&license.BoardProfession{Profession: "us-il.clinic", Title: "Clinic", Pattern: "C@@##|C+", Coverage: coverage},
		&license.BoardProfession{Profession: "us-ia.nurse", Title: "Nurse", Pattern: "#+", Coverage: coverage},
		&license.OfficerAppoint{Officer: "us-il/clerk", Title: "Clerk", Key: spec("clerk"), Roles: []string{"clerk"}},
		&license.OfficerAppoint{Officer: "us-il/second", Title: "Second clerk", Key: spec("second"), Roles: []string{"clerk"}},
		&license.OfficerAppoint{Officer: "us-il/director", Title: "Director", Key: spec("director"), Roles: []string{"director"}},
		&license.OfficerAppoint{Officer: "us-il/passkey", Title: "Clerk", Key: string(passkeySpec("passkey")), Roles: []string{"passkey"}},
		&license.OfficerAppoint{Officer: "us-ia/clerk", Title: "Clerk", Key: spec("us-ia/clerk"), Roles: []string{"clerk"}},
		&license.PolicySet{Board: "us-il", Rules: worldPolicy()},
	}
}

func worldFounding() []byte {
	p := tx.New(worldName, true, start, 86400, worldActs(), nil)
	for _, m := range worldMembers() {
		p.Sign(tx.SignEd25519("member/"+m.ID, seedKey("root of "+m.ID), p.HeaderBytes))
	}
	for _, b := range []string{"us-il", "us-ia"} {
		p.Sign(tx.SignEd25519("board/"+b, seedKey("root "+b), p.HeaderBytes))
	}
	return p.Encode()
}

func newWorld(t testing.TB) *world {
	l, err := Open("store", Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if _, _, err := l.Genesis(start.Time(), worldFounding()); err != nil {
		t.Fatal(err)
	}
	w := &world{Ledger: l, t: t, clock: start.Time(), trusts: map[int64]proof.Trust{}, notes: map[int64][]byte{}, late: map[string]int64{}}
	w.remember()
	// One key signs once in a payload, and that of wi signed for the member.
	w.act(nil, []string{"keeper us-xx"}, &license.BoardProfession{Profession: "us-xx.nurse", Title: "Nurse", Pattern: "*+"})
	return w
}

func worldBoards() []proof.TrustBoard {
	return []proof.TrustBoard{{ID: "us-il", Key: spec("root us-il")}, {ID: "us-ia", Key: spec("root us-ia")}, {ID: "us-xx", Key: spec("root of wi")}}
}

// remember keeps the note over the newest state, signed by the set that decides
// the next height, and the trust in that set.
func (w *world) remember() {
	w.t.Helper()
	h := w.Head()
	set := h.VotersOf(h.Height + 1)
	w.trusts[set.Set] = proof.TrustOf(h.Origin, set, worldBoards())
	w.notes[h.Height] = w.cosigned(h.Height, set)
}

func (w *world) cosigned(height int64, set license.MemberSet) []byte {
	w.t.Helper()
	c, at, ok := w.Checkpoint(height)
	if !ok {
		w.t.Fatal("no checkpoint")
	}
	var lines []string
	for _, m := range set.Members {
		if m.Weight > 0 && !slices.Contains(w.absent, m.ID) {
			k := worldCosigner(m.ID)
			ext := k.Sign(c.Text(), at.Unix()+w.late[m.ID])
			lines = append(lines, proof.SignatureLine(k.VKey().Name, ext[:]))
		}
	}
	return proof.AssembleNote(c.Text(), lines)
}

// trust is the trust in the set that signs now.
func (w *world) trust() proof.Trust {
	h := w.Head()
	return w.trusts[h.VotersOf(h.Height+1).Set]
}

func (w *world) note() []byte { return w.notes[w.Head().Height] }

// key names a signer: by, and the seed of the key.
func worldKey(who string) (by, seed string) {
	kind, rest, _ := strings.Cut(who, " ")
	switch {
	case kind == "keeper":
		return "board/" + rest, "root of wi"
	case kind == "root" && strings.HasPrefix(rest, "of "):
		return "member/" + rest[3:], who
	case kind == "root":
		return "board/" + rest, who
	case strings.Contains(who, "/"):
		return "officer/" + who, who
	}
	return "officer/us-il/" + who, who
}

// payload makes a payload of acts, signed by the named ones.
func (w *world) payload(all bool, acts []license.Act, openings []license.Opening, by ...string) *tx.Transaction {
	p := tx.New(w.Head().Origin, all, license.InstantOf(w.clock), 3600, acts, openings)
	for _, who := range by {
		p.Sign(w.signature(who, p.HeaderBytes))
	}
	return p
}

func (w *world) signature(who string, header []byte) tx.Signature {
	by, seed := worldKey(who)
	if seed == "passkey" {
		return passkeySignature(w.t, by, seed, header, "https://desk.il.example")
	}
	return tx.SignEd25519(by, seedKey(seed), header)
}

func passkeyOf(name string) *ecdsa.PrivateKey {
	seed := sha256.Sum256([]byte("ledger test passkey " + name))
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		panic(err)
	}
	return k
}

func passkeySpec(name string) tx.KeySpec {
	point, err := passkeyOf(name).PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	s, err := tx.CompressP256(point[1:33], point[33:])
	if err != nil {
		panic(err)
	}
	return s
}

// passkeySignature signs as a browser and its authenticator do, and always with the
// same bytes (RFC 6979).
func passkeySignature(t testing.TB, by, name string, header []byte, origin string) tx.Signature {
	t.Helper()
	rp := sha256.Sum256([]byte("il.example"))
	challenge := tx.Challenge(header)
	s := tx.Signature{By: by, Key: passkeySpec(name)}
	s.AuthenticatorData = append(rp[:], 0x05, 0, 0, 0, 7)
	s.ClientData = fmt.Appendf(nil, `{"type":"webauthn.get","challenge":"%s","origin":"%s","crossOrigin":false}`, base64.RawURLEncoding.EncodeToString(challenge[:]), origin)
	client := sha256.Sum256(s.ClientData)
	digest := sha256.Sum256(append(slices.Clone(s.AuthenticatorData), client[:]...))
	der, err := passkeyOf(name).Sign(nil, digest[:], crypto.SHA256)
	if err == nil {
		s.Sig, err = tx.NormalizeECDSA(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// block applies transactions as the next block, a minute later.
func (w *world) block(txs ...*tx.Transaction) []Outcome {
	w.t.Helper()
	w.clock = w.clock.Add(time.Minute)
	var raw [][]byte
	for _, p := range txs {
		raw = append(raw, p.Encode())
	}
	_, o, _, err := w.Finalize(w.Head().Height+1, w.clock, raw)
	if err == nil {
		err = w.Commit()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.remember()
	return o
}

// act records acts and fails the test when they are refused. It returns the hash of
// the first one's entry.
func (w *world) act(openings []license.Opening, by []string, acts ...license.Act) license.Hash {
	w.t.Helper()
	o := w.block(w.payload(true, acts, openings, by...))[0]
	if o.Code != "" {
		w.t.Fatalf("%s: %v", acts[0].Verb(), o.Refusal())
	}
	return o.Applied[0].Entry
}

func (w *world) id() string {
	w.n++
	h := sha256.Sum256(fmt.Appendf(nil, "world id %d", w.n))
	return fmt.Sprintf("%x", h[:16])
}

func (w *world) opening(kind string, v any) (license.Opening, license.OpeningRef) {
	w.n++
	salt := sha256.Sum256(fmt.Appendf(nil, "world salt %d", w.n))
	b, ok := v.([]byte)
	if !ok {
		b = strict.Encode(v)
	}
	o := license.Opening{Kind: kind, Salt: salt[:], Bytes: b}
	return o, license.OpeningRef{Kind: kind, Commitment: o.Commit()}
}

// issue issues a license with a name.
func (w *world) issue(id, by string, n license.Name, through license.Day) license.Hash {
	w.t.Helper()
	o, ref := w.opening(license.OpeningName, n)
	subject := license.SubjectPerson
	if n.Legal != "" {
		subject = license.SubjectOrganization
	}
	return w.act([]license.Opening{o}, []string{by}, &license.LicenseIssue{
		License: id, Licensee: w.id(), Subject: subject, Route: "examination",
		Issued: "2020-06-01", From: "2024-06-01", Through: through, Openings: []license.OpeningRef{ref},
	})
}

var both = []string{"clerk", "director"}

// order puts an order on a license.
func (w *world) order(id, authority string, from license.Day, actions ...string) (order string, entry license.Hash) {
	w.t.Helper()
	doc := license.OrderDocument{Entity: "Board", Report: "initial", Issued: from, Bases: []string{"A6"}}
	for _, a := range actions {
		doc.Actions = append(doc.Actions, license.OrderAction{Code: a, Indefinite: true})
	}
	o, ref := w.opening(license.OpeningOrder, doc)
	order = w.id()
	entry = w.act([]license.Opening{o}, both, &license.LicenseDiscipline{License: id, Order: order, Commitment: ref.Commitment, Authority: authority, From: from})
	return order, entry
}

func (w *world) bundle(history bool, kind, id string) []byte {
	w.t.Helper()
	s, err := w.State()
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Release()
	f := s.StandingBundle
	if history {
		f = s.HistoryBundle
	}
	b, err := f(kind, id, w.note())
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func TestWorldHolds(t *testing.T) {
	w := newWorld(t)
	const id = "us-il.nurse.041000001"
	w.issue(id, "passkey", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	w.order(id, license.AuthorityBarred, "2026-01-10", "suspension")
	b := w.bundle(true, license.KindLicense, id)
	v, err := proof.Verify(b, w.trust(), proof.Question{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range v.Entries {
		if e.Carried != proof.CarriedSigned {
			t.Errorf("entry %d %s: %s", e.Index, e.Act, e.Why)
		}
	}
	t.Logf("%d bytes, standing %d", len(b), len(w.bundle(false, license.KindLicense, id)))
}

// signAs signs under a name with the key of a seed.
func signAs(by, seed string, header []byte) tx.Signature {
	return tx.SignEd25519(by, seedKey(seed), header)
}
