package sim

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger"
	"licet/internal/sim/check"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// served is a ledger's state as the checker asks for it.
type served struct{ *ledger.State }

// IDs implements check.State.
func (s served) IDs(kind string) (all []string, err error) {
	for after := ""; ; {
		ids, err := s.State.IDs(kind, after, 1000)
		if err != nil || len(ids) == 0 {
			return all, err
		}
		all = append(all, ids...)
		after = ids[len(ids)-1]
	}
}

// MapProof implements check.State.
func (s served) MapProof(kind, id string) ([]byte, error) {
	p, err := s.Prove(kind, id)
	return strict.Encode(&p), err
}

// LogPath implements check.State.
func (s served) LogPath(index int64) (path []check.Hash, err error) {
	p, err := proof.InclusionPath(s.Head.Size, index, s.Hashes())
	for _, h := range p {
		path = append(path, check.Hash(h))
	}
	return path, err
}

// Opens implements check.State.
func (s served) Opens(commitment string) (bool, error) {
	h, err := license.ParseHash(commitment)
	if err != nil {
		return false, err
	}
	o, err := s.Opening(h)
	return o != nil, err
}

// look checks the state after a block: samples mostly, the whole now and then, so
// that a long game's time goes up with its length.
func (g *game) look(b block) error {
	s, err := g.replicas[b.height%2].ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	records, entries := g.world.Size()
	if b.height%int64(1+records/400) == 0 {
		if err := g.world.CheckMap(); err != nil {
			return errors.Join(err, g.world.CheckRecords(served{s})) // which record it is
		}
	}
	if b.height%int64(20+records/50) == 0 {
		if err := g.world.CheckRecords(served{s}); err != nil {
			return err
		}
		if err := g.world.CheckSeals(served{s}); err != nil {
			return err
		}
	}
	if err := g.world.CheckPath(served{s}, g.rng.IntN(entries)); err != nil {
		return err
	}
	for range 2 {
		kind, id := g.something(s)
		if err := g.world.CheckProofs(served{s}, kind, id); err != nil {
			return err
		}
	}
	for range 5 {
		if err := g.standings(s, one(g, g.licenses[one(g, g.boards)])); err != nil {
			return err
		}
	}
	return g.vouch(s)
}

// standings compares a license's standing with the naive one on days on which it
// may turn.
func (g *game) standings(s *ledger.State, id string) error {
	value, err := s.Value(license.KindLicense, id)
	if err != nil || value == nil {
		return err
	}
	var l license.License
	if err := strict.Decode(value, &l, len(value)); err != nil {
		return err
	}
	for range 3 {
		day := g.turn(value, license.Day(s.Head.Time[:10]))
		if err := sameStanding(value, l.StandingOn(day, nil, nil)); err != nil {
			return fmt.Errorf("license %s: %w", id, err)
		}
	}
	return nil
}

func sameStanding(record []byte, s license.Standing) error {
	want, err := check.StandingOf(record, string(s.Day))
	got := check.Standing{Registration: s.Registration, Discipline: s.Discipline, Authority: s.Authority, Through: string(s.Through), Rests: s.Rests}
	if err != nil || got != want {
		return fmt.Errorf("on %s it is %+v, it should be %+v (%v)\n%s", s.Day, got, want, err, record)
	}
	return nil
}

// whole checks everything at the end.
func (g *game) whole() error {
	for _, r := range g.replicas {
		s, err := r.ledger.State()
		if err != nil {
			return err
		}
		defer s.Release()
		if err := g.world.CheckRecords(served{s}); err != nil {
			return err
		}
		if err := g.world.CheckSeals(served{s}); err != nil {
			return err
		}
	}
	g.report.Records, g.report.Entries = g.world.Size()
	k := g.world.Kept
	g.report.Calls["lapses kept"], g.report.Calls["cascades kept"], g.report.Calls["kept waiting"] = k.Lapses, k.Cascades, k.Waited
	h := g.replicas[0].ledger.Head()
	g.report.App = fmt.Sprintf("%x", h.AppHash())
	return errors.Join(g.world.CheckMap(), g.audited())
}

// something draws a record, or one that is not there.
func (g *game) something(s *ledger.State) (kind, id string) {
	b := one(g, g.boards)
	switch g.rng.IntN(13) {
	case 0:
		return license.KindLicense, fmt.Sprintf("%s.nurse.041%06d", b, g.rng.IntN(1000000))
	case 1:
		return license.KindBoard, b
	case 2:
		return license.KindOfficer, one(g, g.officers[b])
	case 3:
		return license.KindFact, one(g, g.facts[b])
	case 4:
		return license.KindPolicy, b
	case 5:
		k := one(g, [][2]string{{license.KindMembers, "set"}, {license.KindNetwork, "network"}})
		return k[0], k[1]
	case 6:
		return license.KindProfession, b + ".nurse"
	case 7:
		return license.KindSettlement, one(g, g.settled[b])
	case 8:
		return license.KindClaim, b + "." + one(g, npis)
	case 9:
		return license.KindContracts, b
	}
	return license.KindLicense, one(g, g.licenses[b])
}

// trust is a trust file of the set that signs the newest state, with the boards'
// roots as they are now.
func (g *game) trust() (proof.Trust, error) {
	s, err := g.replicas[0].ledger.State()
	if err != nil {
		return proof.Trust{}, err
	}
	defer s.Release()
	var boards []proof.TrustBoard
	for _, id := range g.boards {
		var b license.Board
		if ok, err := s.Record(license.KindBoard, id, &b); !ok {
			return proof.Trust{}, fmt.Errorf("board %s: %v", id, err)
		}
		boards = append(boards, proof.TrustBoard{ID: id, Key: b.Root})
	}
	t := proof.TrustOf(g.origin, s.Head.VotersOf(s.Head.Height+1), boards)
	return t, t.Check()
}

// cosigned is the note over a state: all members of the set that decides the next
// block sign.
func (g *game) cosigned(s *ledger.State) ([]byte, error) {
	text := proof.Checkpoint{Origin: g.origin, Size: s.Head.Size, Root: tlog.Hash(s.Head.Root)}.Text()
	var lines []string
	for _, m := range s.Head.VotersOf(s.Head.Height + 1).Members {
		if m.Weight > 0 {
			ext := g.cosigners[m.Cosign].Sign(text, s.Head.Time.Unix())
			lines = append(lines, proof.SignatureLine(g.cosigners[m.Cosign].VKey().Name, ext[:])) // which need not be the member's id
		}
	}
	return proof.AssembleNote(text, lines), nil
}

// vouch lets a verifier with nothing but a trust file read bundles.
func (g *game) vouch(s *ledger.State) error {
	note, err := g.cosigned(s)
	if err != nil {
		return err
	}
	if err := g.step(s, note); err != nil {
		return fmt.Errorf("trail: %w", err)
	}
	trust, err := g.trust()
	if err != nil {
		return err
	}
	if _, entries := g.world.Size(); g.rng.IntN(4+entries/500) > 0 { // histories grow, and with them their bundles
		return nil
	}
	kind, id := g.something(s)
	if id == "" {
		return nil
	}
	if err := g.consistent(s, note, trust); err != nil {
		return fmt.Errorf("consistency bundle: %w", err)
	}
	if err := g.standing(s, kind, id, note, trust); err != nil {
		return fmt.Errorf("standing bundle of %s %s: %w", kind, id, err)
	}
	if err := g.history(s, kind, id, note, trust); err != nil {
		return fmt.Errorf("history bundle of %s %s: %w", kind, id, err)
	}
	return nil
}

func (g *game) standing(s *ledger.State, kind, id string, note []byte, trust proof.Trust) error {
	bundle, err := s.StandingBundle(kind, id, note)
	if err != nil {
		return err
	}
	value, err := s.Value(kind, id)
	if err != nil {
		return err
	}
	day := g.turn(value, license.Day(s.Head.Time[:10]))
	v, err := proof.Verify(bundle, trust, proof.Question{On: day})
	if err != nil {
		return err
	}
	g.report.Bundles++
	if (value != nil) != (v.Found == proof.FoundPresent) {
		return fmt.Errorf("it says %s, and the record is %q", v.Found, value)
	}
	if kind == license.KindLicense && value != nil {
		if err := sameStanding(value, v.Standing); err != nil {
			return err
		}
	}
	if err := g.fromTheBeginning(bundle, trust.Set); err != nil {
		return err
	}
	return g.damage(bundle, trust)
}

var days = regexp.MustCompile(`[12][0-9]{3}-[01][0-9]-[0-3][0-9]`)

// turn draws a day on which a standing may turn: around one that the record names,
// or any.
func (g *game) turn(record []byte, today license.Day) license.Day {
	if named := days.FindAllString(string(record), -1); len(named) > 0 && g.rng.IntN(3) > 0 {
		return license.Day(one(g, named)).Add(g.rng.IntN(3) - 1)
	}
	return today.Add(g.rng.IntN(400) - 200)
}

// damage changes bytes of a good bundle: it must read the same or not hold, and
// never do harm.
func (g *game) damage(bundle []byte, trust proof.Trust) error {
	b := slices.Clone(bundle)
	b[g.rng.IntN(len(b))] ^= byte(1 << g.rng.IntN(8))
	if _, err := proof.Verify(b, trust, proof.Question{}); err == nil {
		return fmt.Errorf("a bundle with a changed byte still holds:\n%s", b)
	}
	return nil
}

func (g *game) history(s *ledger.State, kind, id string, note []byte, trust proof.Trust) error {
	bundle, err := s.HistoryBundle(kind, id, note)
	if err != nil {
		return err
	}
	v, err := proof.Verify(bundle, trust, proof.Question{})
	if err != nil {
		return err
	}
	g.report.Bundles++
	if kind == license.KindLicense && v.Found == proof.FoundPresent {
		if err := g.asKnown(s, bundle, id, v, trust); err != nil {
			return err
		}
	}
	for _, e := range v.Entries {
		g.report.Carried[e.Carried]++
		if e.Carried == proof.CarriedRecorded {
			return fmt.Errorf("entry %d (%s), which was signed or adopted, reads only recorded: %s", e.Index, e.Act, e.Why)
		}
	}
	return nil
}

// asKnown asks what was known at an instant, and when it does, what a node that holds
// the openings says: both must use the same words, also for what was voided since.
func (g *game) asKnown(s *ledger.State, bundle []byte, id string, now *proof.Verdict, trust proof.Trust) error {
	q := proof.Question{Known: one(g, now.Entries).Time, On: g.turn(strict.Encode(now.License), license.Day(s.Head.Time[:10]))}
	v, err := proof.Verify(bundle, trust, q)
	if err != nil {
		return err
	}
	g.report.Bundles++
	es, err := s.Entries(license.KindLicense, id)
	if err != nil {
		return err
	}
	then := license.FoldLicense(license.WithoutOrders(es, license.SealedOrders(es)), q.Known)
	want := then.StandingOn(q.On, v.Profession, func(h license.Hash) *license.OrderDocument {
		o, failed := s.Opening(h)
		if failed != nil || o == nil || v.Board.AudienceOf(o.Kind) != license.AudiencePublic {
			err = errors.Join(err, failed)
			return nil
		}
		d, failed := license.ParseOrderDocument(o.Bytes)
		err = errors.Join(err, failed)
		return &d
	})
	if err == nil && (want.Primary != v.Standing.Primary || want.Secondary != v.Standing.Secondary || want.Authority != v.Standing.Authority) {
		err = fmt.Errorf("on %s as known at %s, the node says %s; %s, the proof %s; %s", q.On, q.Known, want.Primary, want.Secondary, v.Standing.Primary, v.Standing.Secondary)
	}
	return err
}
