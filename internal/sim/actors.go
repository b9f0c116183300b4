package sim

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// Keys, ids and salts are drawn from the seed, so that a seed gives the same bytes
// on every machine.

func (g *game) draw(what string) [32]byte {
	g.drawn++
	return sha256.Sum256(fmt.Appendf(nil, "sim %d %s %d", g.cfg.Seed, what, g.drawn))
}

// newKey draws a key and keeps it by its public text.
func (g *game) newKey() string {
	seed := g.draw("key")
	k := ed25519.NewKeyFromSeed(seed[:])
	spec := string(tx.Ed25519Key(k.Public().(ed25519.PublicKey)))
	g.keys[spec] = k
	return spec
}

func (g *game) id() string {
	h := g.draw("id")
	return fmt.Sprintf("%x", h[:16])
}

func (g *game) opening(kind string, v any) (license.Opening, license.OpeningRef) {
	salt := g.draw("salt")
	b, ok := v.([]byte)
	if !ok {
		b = strict.Encode(v)
	}
	o := license.Opening{Kind: kind, Salt: salt[:], Bytes: b}
	return o, license.OpeningRef{Kind: kind, Commitment: o.Commit()}
}

// newMember draws a member with all its keys.
func (g *game) newMember(id string, weight int64) license.Member {
	seed := g.draw("cosign")
	c, err := proof.NewCosigner(id, ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		panic(err)
	}
	g.cosigners[c.VKey().String()] = c
	engine := g.draw("engine")
	validator := ed25519.NewKeyFromSeed(engine[:]).Public().(ed25519.PublicKey)
	return license.Member{
		ID: id, Name: "Agency " + id, Weight: weight, Cosign: c.VKey().String(),
		Validator: base64.StdEncoding.EncodeToString(validator), Root: g.newKey(),
		RPID: id + ".example", Origins: []string{"https://" + id + ".example"},
	}
}

// A signer is a name with the key that it signs with.
type signer struct{ by, key string }

func (g *game) sign(t *tx.Transaction, by []signer) {
	for _, s := range by {
		if s, ok := g.signature(s.by, s.key, t.HeaderBytes, desk); ok {
			t.Sign(s)
		}
	}
}

const (
	networkName = "test/sim"
	start       = license.Instant("2026-01-10T12:00:00Z")
)

var audiences = []license.Audience{{Kind: "name", Who: "public"}, {Kind: "order", Who: "public"}, {Kind: "city", Who: "public"}}

// found makes the founding payload: one member, two boards, one more of source
// import.
func (g *game) found() []byte {
	il := g.newMember("il", 10)
	roots := map[string]string{"us-il": g.newKey(), "us-wi": g.newKey()}
	acts := []license.Act{
		&license.NetworkFound{Name: networkName, Chain: "sim", Time: start, Rules: 1},
		&license.MemberSetAct{Set: 1, Members: []license.Member{il}},
	}
	by := []signer{{"member/il", il.Root}}
	for _, b := range []string{"us-il", "us-wi"} {
		acts = append(acts, &license.BoardCreate{Board: b, Name: b, Member: "il", Jurisdiction: b, Root: roots[b], Audiences: audiences})
		acts = append(acts, g.boardSetup(b)...)
		by = append(by, signer{"board/" + b, roots[b]})
	}
	g.boards = []string{"us-il", "us-wi"}
	t := tx.New(networkName, true, start, 86400, acts, nil)
	g.sign(t, by)
	return t.Encode()
}

// boardSetup are the acts with which a board begins its work.
func (g *game) boardSetup(b string) []license.Act {
	acts := []license.Act{
		&license.BoardCalendar{Board: b, Rows: license.CentralTime()},
		&license.BoardProfession{Profession: b + ".nurse", Title: "Nurse", Pattern: "041######", Coverage: &license.Coverage{IssuedFrom: "1998-01-01"}},
		&license.BoardProfession{Profession: b + ".firm", Title: "Firm", Pattern: "F-@@###|#+"},
		&license.PolicySet{Board: b, Rules: g.rules()},
	}
	for _, o := range []struct{ name, role string }{{"clerk", "clerk"}, {"second", "clerk"}, {"director", "director"}, {"chair", "director"}} {
		acts = append(acts, &license.OfficerAppoint{Officer: b + "/" + o.name, Key: g.newOfficerKey(), Roles: []string{o.role}})
		g.officers[b] = append(g.officers[b], b+"/"+o.name)
	}
	return acts
}

// rules draws a policy: severe acts need two, a director among them.
func (g *game) rules() []license.Rule {
	all := []string{"clerk", "director"}
	rs := []license.Rule{
		{Acts: []string{"license.discipline", "license.seal", "license.void"}, From: all, Signers: 2, Roles: []license.RoleNeed{{Role: "director", Count: 1}}},
		{Acts: []string{"officer.suspend"}, From: []string{"director"}, Signers: 1},
		{Acts: []string{"license.*", "licensee.*", "fact.*", "import.*"}, From: all, Signers: 1 + int64(g.rng.IntN(2))},
	}
	if g.rng.IntN(4) == 0 {
		rs = append(rs[:2:2], license.Rule{Acts: []string{"license.issue", "license.*", "fact.*"}, From: all, Signers: 1})
	}
	return rs
}
