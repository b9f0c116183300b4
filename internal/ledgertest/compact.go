package ledgertest

import (
	"os"
	"testing"
	"time"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/internal/pack"
	"licet/license"
	"licet/tx"
)

// A Compact is a registry under rules 2 in which Illinois, Iowa and Wisconsin license
// physicians. Illinois shows what orders say, Wisconsin too.
type Compact struct {
	*Registry
	t testing.TB
}

// boardRoots are the keys that sign for the boards; no other board has a policy.
var boardRoots = map[string]string{"us-il": "root", "us-ia": "root ia", "us-wi": "root wi"}

// NewCompact founds it.
func NewCompact(t testing.TB) *Compact {
	t.Helper()
	c := &Compact{NewUnder(t, 2), t}
	for _, id := range []string{"us-ia", "us-wi"} {
		name := map[string]string{"us-ia": "Iowa", "us-wi": "Wisconsin"}[id]
		c.Sign(nil, id, &license.BoardCreate{Board: id, Name: name, Member: "idfpr", Jurisdiction: id, Root: Spec(boardRoots[id]), Audiences: public("name", "order")})
	}
	for _, id := range []string{"us-il", "us-ia", "us-wi"} {
		c.Sign(nil, id, &license.BoardProfession{Profession: id + ".physician", Title: "Physician", Pattern: "#+"})
	}
	return c
}

// Try records acts that the root of a board signs, or says why not.
func (c *Compact) Try(openings []license.Opening, board string, acts ...license.Act) ledger.Outcome {
	c.t.Helper()
	p := tx.New(c.Head().Origin, true, license.InstantOf(c.Clock), 86400, acts, openings)
	p.Sign(tx.SignEd25519("board/"+board, Key(boardRoots[board]), p.HeaderBytes))
	p.Sign(tx.SignEd25519("member/idfpr", Key("member"), p.HeaderBytes))
	if board == "us-il" {
		for _, o := range []string{"clerk", "director"} {
			p.Sign(tx.SignEd25519("officer/us-il/"+o, Key(o), p.HeaderBytes))
		}
	}
	return c.Block(p.Encode())[0]
}

// Sign records acts that the root of a board signs.
func (c *Compact) Sign(openings []license.Opening, board string, acts ...license.Act) {
	c.t.Helper()
	if o := c.Try(openings, board, acts...); o.Code != "" {
		c.t.Fatalf("%s: %s", acts[0].Verb(), o.Refusal())
	}
}

// Adopt brings a contract in for the first board, and the others join it.
func (c *Compact) Adopt(parts contract.Parts, role string, boards ...string) {
	c.t.Helper()
	m, err := contract.ReadManifest(parts.Manifest)
	if err != nil {
		c.t.Fatal(err)
	}
	s, err := c.State()
	if err != nil {
		c.t.Fatal(err)
	}
	defer s.Release()
	hash := contract.HashOf(parts.Manifest)
	for i, b := range boards {
		var all license.Contracts
		if _, err := s.Record(license.KindContracts, b, &all); err != nil {
			c.t.Fatal(err)
		}
		if i > 0 {
			c.Sign(nil, b, &license.ContractJoin{Board: b, Contract: m.Name, Count: all.Count, Version: m.Version, Hash: hash, Role: role})
			continue
		}
		var os []license.Opening
		var hs []license.Hash
		for _, text := range [][]byte{parts.Manifest, parts.Source, parts.Parameters} {
			if len(text) > 0 {
				os, hs = append(os, license.Opening{Kind: license.OpeningContract, Bytes: text}), append(hs, license.HashOf(text))
			}
		}
		c.Sign(os, b, &license.ContractAdopt{Board: b, Contract: m.Name, Count: all.Count, Version: m.Version, Hash: hash, Role: role, Texts: hs})
	}
}

// Shipped reads a contract that ships, without its scenarios. dir is that of all.
func Shipped(t testing.TB, dir, name string) contract.Parts {
	t.Helper()
	p, err := pack.Load(os.DirFS(dir + "/" + name))
	if err != nil {
		t.Fatal(err)
	}
	m := p.Manifest
	m.Scenarios = nil
	return contract.Seal(m, p.Parameters, p.Source)
}

// OneRule makes a contract of one hook for physicians and nurses.
func OneRule(name string, hook contract.Hook, source string) contract.Parts {
	return contract.Seal(contract.Manifest{
		V: 1, Name: name, Version: 1, Title: "A rule", Language: contract.Language,
		Roles:     []contract.Role{{Role: "board", Words: "A board.", Professions: []string{"nurse", "physician"}}},
		Hooks:     []contract.Hook{hook},
		Functions: []contract.Function{{Name: hook.Function, Citation: "Act 1", Words: "A rule."}},
		Codes:     []contract.Code{{Code: "told", Words: "Somebody is told."}},
	}, contract.Parameters{}, []byte(source))
}

// NextVersion is a contract under the next number, with the same rules.
func NextVersion(t testing.TB, parts contract.Parts) contract.Parts {
	t.Helper()
	m, err := contract.ReadManifest(parts.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	m.Version++
	return contract.Seal(*m, contract.Parameters{}, parts.Source)
}

// Physician issues a license with a name.
func (c *Compact) Physician(id, route string, through license.Day) {
	c.t.Helper()
	n, ref := c.Opening(license.OpeningName, license.Name{Family: "Roe", Given: "Kim"})
	c.Sign([]license.Opening{n}, license.BoardOf(license.KindLicense, id), &license.LicenseIssue{
		License: id, Licensee: c.ID(), Subject: license.SubjectPerson, Route: route, Issued: "2020-01-01", From: "2024-01-01", Through: through,
		Openings: []license.OpeningRef{ref},
	})
}

// Link links two licenses; the boards of both sign.
func (c *Compact) Link(one, other string) {
	c.t.Helper()
	for _, x := range [][2]string{{one, other}, {other, one}} {
		c.Sign(nil, license.BoardOf(license.KindLicense, x[0]), &license.LicenseeLink{License: x[0], Count: c.License(x[0]).Counts.Links, Other: x[1], Effective: "2024-01-01"})
	}
}

// Order bars the holder of a license from practice by an order with one action.
func (c *Compact) Order(id, action string, from license.Day) (order string) {
	c.t.Helper()
	doc, ref := c.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: action}}})
	order = c.ID()
	c.Sign([]license.Opening{doc}, license.BoardOf(license.KindLicense, id), &license.LicenseDiscipline{
		License: id, Order: order, Commitment: ref.Commitment, Authority: license.AuthorityBarred, From: from,
	})
	return order
}

// Until lets empty blocks pass through a day.
func (c *Compact) Until(day license.Day) {
	c.t.Helper()
	c.Clock = license.Instant(day + "T12:00:00Z").Time().Add(-time.Minute)
	c.Block()
}

// Physicians of the compact: the one of the state of principal license, two by the
// compact's route, and one that is linked and was issued by another route.
const (
	PrincipalID = "us-wi.physician.1"
	CompactIL   = "us-il.physician.2"
	CompactIA   = "us-ia.physician.3"
	PlainIA     = "us-ia.physician.4"
)

// Imlc adopts the compact's contract for all three boards, and records a physician's
// licenses. dir is that of the contracts that ship.
func (c *Compact) Imlc(dir string) {
	c.t.Helper()
	c.Adopt(Shipped(c.t, dir, "imlc"), "member-board", "us-il", "us-ia", "us-wi")
	c.Physician(PrincipalID, "examination", "2027-12-31")
	c.Physician(CompactIL, "imlc", "2027-12-31")
	c.Physician(CompactIA, "imlc", "2027-12-31")
	c.Physician(PlainIA, "examination", "2027-12-31")
	c.Sign(nil, "us-wi", &license.FactRecord{Fact: "us-wi/" + c.ID(), About: PrincipalID, Code: "qualification", Day: "2024-01-01"})
	for _, id := range []string{CompactIL, CompactIA, PlainIA} {
		c.Link(PrincipalID, id)
	}
}
