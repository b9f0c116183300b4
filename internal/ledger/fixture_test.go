package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// seedKey makes the same key for the same name every time, so that golden files
// stay the same.
func seedKey(name string) ed25519.PrivateKey {
	s := sha256.Sum256([]byte("ledger test key " + name))
	return ed25519.NewKeyFromSeed(s[:])
}

func spec(name string) string {
	return string(tx.Ed25519Key(seedKey(name).Public().(ed25519.PublicKey)))
}

const start = license.Instant("2026-01-10T12:00:00Z")

// A registry is a ledger with one member, the board us-il, and two officers:
// a clerk and a director.
type registry struct {
	*Ledger
	t     testing.TB
	clock time.Time
	n     int
}

func foundingActs() []license.Act {
	cosigner, _ := proof.NewCosigner("idfpr", seedKey("cosign"))
	validatorKey := base64.StdEncoding.EncodeToString(seedKey("validator").Public().(ed25519.PublicKey))
	return []license.Act{
		&license.NetworkFound{Name: "test/ledger", Chain: "test-ledger", Time: start, Rules: 1},
		&license.MemberSetAct{Set: 1, Members: []license.Member{{
			ID: "idfpr", Name: "IDFPR", Weight: 10, Cosign: cosigner.VKey().String(),
			Validator: validatorKey, Root: spec("member"),
		}}},
		&license.BoardCreate{
			Board: "us-il", Name: "Illinois", Member: "idfpr", Jurisdiction: "us-il", Root: spec("root"),
			Audiences: []license.Audience{{Kind: "name", Who: "public"}, {Kind: "order", Who: "public"}, {Kind: "city", Who: "public"}},
		},
		&license.BoardCalendar{Board: "us-il", Rows: license.CentralTime(2030)},
		&license.BoardProfession{Profession: "us-il.nurse", Title: "Registered nurse", Pattern: "041######", Coverage: &license.Coverage{IssuedFrom: "1998-01-01"}},
		&license.OfficerAppoint{Officer: "us-il/clerk", Key: spec("clerk"), Roles: []string{"clerk"}},
		&license.OfficerAppoint{Officer: "us-il/director", Key: spec("director"), Roles: []string{"director"}},
		&license.PolicySet{Board: "us-il", Rules: []license.Rule{
			{Acts: []string{"license.discipline", "license.seal", "license.void"}, From: []string{"clerk", "director"}, Signers: 2, Roles: []license.RoleNeed{{Role: "director", Count: 1}}},
			{Acts: []string{"license.*", "licensee.*", "fact.*"}, From: []string{"clerk", "director"}, Signers: 1},
		}},
	}
}

func foundingPayload() []byte {
	t := tx.New("test/ledger", true, start, 86400, foundingActs(), nil)
	t.Sign(tx.SignEd25519("member/idfpr", seedKey("member"), t.HeaderBytes))
	t.Sign(tx.SignEd25519("board/us-il", seedKey("root"), t.HeaderBytes))
	return t.Encode()
}

func newRegistry(t testing.TB) *registry {
	l, err := Open("store", Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	r := &registry{Ledger: l, t: t, clock: start.Time()}
	if _, _, err := l.Genesis(start.Time(), foundingPayload()); err != nil {
		t.Fatal(err)
	}
	return r
}

// sign makes a payload of acts, signed by the named ones.
func (r *registry) sign(all bool, acts []license.Act, openings []license.Opening, by ...string) []byte {
	p := tx.New(r.Head().Origin, all, license.InstantOf(r.clock), 86400, acts, openings)
	for _, b := range by {
		who := map[string]string{"clerk": "officer/us-il/clerk", "director": "officer/us-il/director", "root": "board/us-il", "member": "member/idfpr"}[b]
		p.Sign(tx.SignEd25519(who, seedKey(b), p.HeaderBytes))
	}
	return p.Encode()
}

// block applies transactions as the next block, a minute later.
func (r *registry) block(txs ...[]byte) []Outcome {
	r.t.Helper()
	r.clock = r.clock.Add(time.Minute)
	_, o, _, err := r.Finalize(r.Head().Height+1, r.clock, txs)
	if err == nil {
		err = r.Commit()
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return o
}

// act records acts and fails the test when they are refused.
func (r *registry) act(openings []license.Opening, by []string, acts ...license.Act) Outcome {
	r.t.Helper()
	o := r.block(r.sign(true, acts, openings, by...))[0]
	if o.Code != "" {
		r.t.Fatalf("%s: %s", acts[0].Verb(), o.Refusal())
	}
	return o
}

func (r *registry) id() string {
	r.n++
	h := sha256.Sum256(fmt.Appendf(nil, "random id %d", r.n))
	return fmt.Sprintf("%x", h[:16])
}

func (r *registry) opening(kind string, v any) (license.Opening, license.OpeningRef) {
	r.n++
	salt := sha256.Sum256(fmt.Appendf(nil, "salt %d", r.n))
	b, ok := v.([]byte)
	if !ok {
		b = strict.Encode(v)
	}
	o := license.Opening{Kind: kind, Salt: salt[:], Bytes: b}
	return o, license.OpeningRef{Kind: kind, Commitment: o.Commit()}
}

// issue issues a nurse's license with a name.
func (r *registry) issue(number string, through license.Day) string {
	r.t.Helper()
	o, ref := r.opening(license.OpeningName, license.Name{Family: "Lee", Given: "Ann"})
	id := "us-il.nurse." + number
	r.act([]license.Opening{o}, []string{"clerk"}, &license.LicenseIssue{
		License: id, Licensee: r.id(), Subject: license.SubjectPerson, Route: "examination",
		Issued: "2020-06-01", From: "2024-06-01", Through: through, Openings: []license.OpeningRef{ref},
	})
	return id
}

func (r *registry) license(id string) *license.License {
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
