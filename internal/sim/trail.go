package sim

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// noted is a checkpoint with the note over it and the number of the set that signed.
type noted struct {
	point proof.Checkpoint
	note  []byte
	set   int64
}

// step keeps what proves a new member set: the set before it signed a map in which
// it stands.
func (g *game) step(s *ledger.State, note []byte) error {
	if s.Head.Set != g.first.Set+int64(len(g.trail))+1 {
		return nil
	}
	bundle, err := s.StandingBundle(license.KindMembers, "set", note)
	if err != nil {
		return err
	}
	u, err := proof.ParseBundle(bundle)
	if err != nil {
		return err
	}
	g.trail = append(g.trail, proof.TrailStep{Members: u.Records[0], Block: *u.Block, Checkpoint: u.Checkpoint})
	return nil
}

// fromTheBeginning reads a bundle with the founding's trust file and the trail to
// the set that signed it.
func (g *game) fromTheBeginning(bundle []byte, set int64) error {
	u, err := proof.ParseBundle(bundle)
	if err != nil {
		return err
	}
	u.Trail = g.trail[:set-g.first.Set]
	v, err := proof.Verify(strict.Encode(u), g.first, proof.Question{})
	if err == nil && v.Trust.Set != set {
		err = fmt.Errorf("the trail of %d steps leads to set %d, not %d", len(u.Trail), v.Trust.Set, set)
	}
	if err != nil {
		return fmt.Errorf("with the founding's trust: %w", err)
	}
	g.report.Bundles++
	return nil
}

// consistent proves that an older checkpoint is this log's beginning.
func (g *game) consistent(s *ledger.State, note []byte, trust proof.Trust) error {
	now := noted{proof.Checkpoint{Origin: g.origin, Size: s.Head.Size, Root: tlog.Hash(s.Head.Root)}, note, trust.Set}
	old := g.older
	if old.set != now.set || g.rng.IntN(4) == 0 {
		g.older = now
	}
	if old.set != now.set {
		return nil
	}
	bundle, err := s.ConsistencyBundle(old.point, old.note, note)
	if err != nil {
		return err
	}
	g.report.Bundles++
	_, err = proof.Verify(bundle, trust, proof.Question{})
	return err
}
