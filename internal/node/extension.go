package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmted25519 "github.com/cometbft/cometbft/crypto/ed25519"

	"licet/proof"
)

const (
	engineKeySize = cmted25519.PubKeySize
	engineKeyType = cmted25519.KeyType
)

// ErrWrongKey: this node's keys are not those that the member set names.
var ErrWrongKey = errors.New("this node's keys are not those of the member set")

// ExtendVote cosigns the checkpoint over the state after the block before. Both
// are final, so the extension is the same in every round.
//
// The engine never checks a node's own extension. With a wrong one, the other
// members would refuse each of this node's votes without telling it: better to
// stop.
func (a *app) ExtendVote(_ context.Context, r *abci.RequestExtendVote) (*abci.ResponseExtendVote, error) {
	ext, err := a.cosign(r.Height)
	if err != nil {
		return nil, a.stop(fmt.Sprintf("vote on block %d", r.Height), err)
	}
	return &abci.ResponseExtendVote{VoteExtension: ext}, nil
}

func (a *app) cosign(height int64) ([]byte, error) {
	text, t, ok := a.machine.CheckpointText(height - 1)
	if !ok {
		return nil, fmt.Errorf("the state machine has no checkpoint text for block %d", height-1)
	}
	c, err := a.hand.cosigner(height)
	if err != nil {
		return nil, err
	}
	ext := c.Sign(text, t.Unix())
	if err := verifyExtension(c.VKey(), text, t, ext[:]); err != nil {
		return nil, fmt.Errorf("own cosignature: %w", err)
	}
	return ext[:], nil
}

// ownCosigner picks the cosigner whose key the set names for this node. A member
// that changes its key has two for a while.
func ownCosigner(voters []Voter, engineKey []byte, cosigners []proof.Cosigner) (proof.Cosigner, error) {
	for _, v := range voters {
		if !bytes.Equal(v.PubKey, engineKey) {
			continue
		}
		for _, c := range cosigners {
			if c.VKey().String() == v.VKey {
				return c, nil
			}
		}
		return proof.Cosigner{}, fmt.Errorf("%w: member %s cosigns with %s, and this node has %s; give it that key, or record its own", ErrWrongKey, v.Name, v.VKey, names(cosigners))
	}
	return proof.Cosigner{}, fmt.Errorf("%w: it has no member with engine key %x", ErrWrongKey, engineKey)
}

func names(cosigners []proof.Cosigner) string {
	if len(cosigners) == 0 {
		return "no cosigner key"
	}
	var b bytes.Buffer
	for i, c := range cosigners {
		if i > 0 {
			b.WriteString(" and ")
		}
		b.WriteString(c.VKey().String())
	}
	return b.String()
}

// VerifyVoteExtension rejects whatever is not the member's cosignature over the
// text and time that this node computes itself. That is safe for liveness up to
// a third of the weight: a node that votes for block H has checked the state
// after H-1 against H's header, so all honest nodes sign one text.
func (a *app) VerifyVoteExtension(_ context.Context, r *abci.RequestVerifyVoteExtension) (*abci.ResponseVerifyVoteExtension, error) {
	if err := a.checkExtension(r); err != nil {
		if !a.lenient {
			a.log.Warn("refused a vote: its cosignature is wrong", "height", r.Height, "validator", fmt.Sprintf("%X", r.ValidatorAddress), "reason", err)
			return &abci.ResponseVerifyVoteExtension{Status: abci.ResponseVerifyVoteExtension_REJECT}, nil
		}
		a.log.Warn("let a vote pass whose cosignature is wrong (lenient)", "height", r.Height, "validator", fmt.Sprintf("%X", r.ValidatorAddress), "reason", err)
	}
	return &abci.ResponseVerifyVoteExtension{Status: abci.ResponseVerifyVoteExtension_ACCEPT}, nil
}

func (a *app) checkExtension(r *abci.RequestVerifyVoteExtension) error {
	text, t, ok := a.machine.CheckpointText(r.Height - 1)
	if !ok {
		return fmt.Errorf("no checkpoint text for block %d", r.Height-1)
	}
	for _, v := range a.machine.Voters(r.Height) {
		if engineAddress(v.PubKey) != string(r.ValidatorAddress) {
			continue
		}
		vkey, err := proof.ParseVKey(v.VKey)
		if err != nil {
			return err
		}
		return verifyExtension(vkey, text, t, r.VoteExtension)
	}
	return errors.New("the validator is not in the member set")
}

func verifyExtension(vkey proof.VKey, text string, t time.Time, ext []byte) error {
	unix, err := vkey.VerifyCosignature(text, ext)
	if err != nil {
		return err
	}
	if unix != t.Unix() {
		return fmt.Errorf("its time is %d, not that of the block, %d", unix, t.Unix())
	}
	return nil
}

// engineAddress is how the engine names a validator in votes.
func engineAddress(pubKey []byte) string {
	if len(pubKey) != engineKeySize {
		return ""
	}
	return string(cmted25519.PubKey(pubKey).Address())
}
