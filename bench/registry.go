package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"licet/internal/ledger"
	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// A network of one member, one board and one officer, whose keys are the same in
// every run. What is measured is recorded for licenses that are issued first.

const (
	networkName = "test/bench"
	member      = "idfpr"
	board       = "us-il"
	nurse       = "us-il.nurse"
	signer      = "officer/us-il/clerk"
	lifeSeconds = 86400 // of a payload
)

func seedKey(name string) ed25519.PrivateKey {
	s := sha256.Sum256([]byte("licet bench key " + name))
	return ed25519.NewKeyFromSeed(s[:])
}

func keySpec(name string) string {
	return string(tx.Ed25519Key(seedKey(name).Public().(ed25519.PublicKey)))
}

func cosigner() proof.Cosigner { return must(proof.NewCosigner(member, seedKey("cosign"))) }

// founding makes the payload of genesis; engineKey is the node's.
func founding(at license.Instant, engineKey []byte) []byte {
	acts := []license.Act{
		&license.NetworkFound{Name: networkName, Chain: "test-bench", Time: at, Rules: license.RulesFounding},
		&license.MemberSetAct{Set: 1, Members: []license.Member{{
			ID: member, Name: "IDFPR", Weight: 10, Cosign: cosigner().VKey().String(),
			Validator: base64.StdEncoding.EncodeToString(engineKey), Root: keySpec("member"),
		}}},
		&license.BoardCreate{
			Board: board, Name: "Illinois Department of Financial and Professional Regulation", Member: member,
			Jurisdiction: board, Root: keySpec("root"), Audiences: []license.Audience{{Kind: "city", Who: "public"}, {Kind: "name", Who: "public"}, {Kind: "order", Who: "public"}},
		},
		&license.BoardCalendar{Board: board, Rows: license.CentralTime()},
		&license.BoardProfession{Profession: nurse, Title: "Registered nurse", Pattern: "041#######", Coverage: &license.Coverage{IssuedFrom: "1998-01-01"}},
		&license.OfficerAppoint{Officer: "us-il/clerk", Title: "Licensing clerk", Key: keySpec("clerk"), Roles: []string{"clerk"}},
		&license.PolicySet{Board: board, Rules: []license.Rule{{Acts: []string{"license.*"}, From: []string{"clerk"}, Signers: 1}}},
	}
	t := tx.New(networkName, true, at, lifeSeconds, acts, nil)
	t.Sign(tx.SignEd25519("member/"+member, seedKey("member"), t.HeaderBytes))
	t.Sign(tx.SignEd25519("board/"+board, seedKey("root"), t.HeaderBytes))
	return t.Encode()
}

// licenseID names license i.
func licenseID(i int) string { return fmt.Sprintf("%s.041%07d", nurse, i) }

// nameOpening makes the opening of a name; draw makes salt and name differ.
func nameOpening(draw string) (license.Opening, license.OpeningRef) {
	h := sha256.Sum256([]byte("licet bench salt " + draw))
	o := license.Opening{Kind: license.OpeningName, Salt: h[:], Bytes: strict.Encode(&license.Name{Family: fmt.Sprintf("Family-%x", h[:3]), Given: "Ann"})}
	return o, license.OpeningRef{Kind: license.OpeningName, Commitment: o.Commit()}
}

// issuance makes a payload that issues licenses from first on.
func issuance(origin string, at license.Instant, first, n int) []byte {
	var acts []license.Act
	var openings []license.Opening
	for i := first; i < first+n; i++ {
		o, ref := nameOpening(fmt.Sprintf("issue %d", i))
		h := sha256.Sum256(fmt.Appendf(nil, "licet bench licensee %d", i))
		acts = append(acts, &license.LicenseIssue{
			License: licenseID(i), Licensee: fmt.Sprintf("%x", h[:16]), Subject: license.SubjectPerson, Route: "examination",
			Issued: "2020-06-01", From: "2024-06-01", Through: "2026-05-31", Openings: []license.OpeningRef{ref},
		})
		openings = append(openings, o)
	}
	return sign(origin, at, acts, openings)
}

func sign(origin string, at license.Instant, acts []license.Act, openings []license.Opening) []byte {
	t := tx.New(origin, false, at, lifeSeconds, acts, openings)
	t.Sign(tx.SignEd25519(signer, seedKey("clerk"), t.HeaderBytes))
	return t.Encode()
}

// A subject is a license of which the load knows how often it was renewed and
// amended, so that acts can be signed over the right count ahead of time.
type subject struct {
	id               string
	renewed, amended int64
	renewNext        bool // the next act is a renewal, whatever the last one was
}

// next makes the next act on the license: a renewal, then a change of name, and
// so on in turn.
func (s *subject) next() (license.Act, []license.Opening) {
	if s.renewed > s.amended && !s.renewNext {
		o, ref := nameOpening(fmt.Sprintf("%s %d", s.id, s.amended))
		s.amended++
		return &license.LicenseAmend{License: s.id, Count: 1 + s.amended, From: "2026-06-01", Openings: []license.OpeningRef{ref}}, []license.Opening{o}
	}
	year := 2026 + 2*s.renewed
	s.renewNext = false
	s.renewed++
	return &license.LicenseRenew{
		License: s.id, Count: s.renewed,
		From: license.Day(fmt.Sprintf("%d-06-01", year)), Through: license.Day(fmt.Sprintf("%d-05-31", year+2)),
	}, nil
}

// payload signs the next n acts, on n licenses in turn.
func payload(origin string, at license.Instant, of []*subject) []byte {
	var acts []license.Act
	var openings []license.Opening
	for _, s := range of {
		a, o := s.next()
		acts, openings = append(acts, a), append(openings, o...)
	}
	return sign(origin, at, acts, openings)
}

// founded opens a ledger and founds it at a fixed time.
func founded(dir string, o ledger.Options) *ledger.Ledger {
	l := must(ledger.Open(dir, o))
	at := license.Instant("2026-01-10T12:00:00Z")
	must2(l.Genesis(at.Time(), founding(at, seedKey("validator").Public().(ed25519.PublicKey))))
	return l
}

// block applies transactions as the next block, one second later, and fails on a
// refusal.
func block(l *ledger.Ledger, txs ...[]byte) []ledger.Outcome {
	h := l.Head()
	_, outcomes, _, err := l.Finalize(h.Height+1, h.Time.Time().Add(time.Second), txs)
	check(err)
	check(l.Commit())
	for i := range outcomes {
		checkOutcome(&outcomes[i])
	}
	return outcomes
}

func checkOutcome(o *ledger.Outcome) {
	if r := o.Refusal(); r != nil {
		panic(fmt.Sprintf("refused: %v", r))
	}
	if len(o.Refused) > 0 {
		panic(fmt.Sprintf("refused: %+v", o.Refused[0]))
	}
}

// noteOver cosigns the newest state as the member's node would.
func noteOver(l *ledger.Ledger) []byte {
	c, at, ok := l.Checkpoint(l.Head().Height)
	if !ok {
		panic("there is no checkpoint")
	}
	ext := cosigner().Sign(c.Text(), at.Unix())
	return proof.AssembleNote(c.Text(), []string{proof.SignatureLine(member, ext[:])})
}

func trustOf(h ledger.Head) proof.Trust {
	return proof.TrustOf(h.Origin, h.Sets[0].Set, []proof.TrustBoard{{ID: board, Key: keySpec("root")}})
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func must2[A, B any](_ A, _ B, err error) { check(err) }

func check(err error) {
	if err != nil {
		panic(err)
	}
}
