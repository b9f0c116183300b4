package node

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/cometbft/cometbft/crypto"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	"licet/proof"
)

// A hand votes with the key that the member set names, of those in the home: a
// member that replaces a key holds the old one and the new one for a while, and each
// has its blocks. Keys that come into the home while the node runs are found when the
// set names one that the node has not seen.
type hand struct {
	home    string
	machine Machine
	more    func() ([]proof.Cosigner, error) // checkpoint keys of the home; nil: no others
	log     *slog.Logger

	mu        sync.Mutex
	engine    []engineKey // oldest first; never none
	cosigners []proof.Cosigner
	last      []byte // engine key that was named last
}

// keyFor returns the engine key that decides a height; when the set names none of this
// home's, the one that it named last.
func (h *hand) keyFor(height int64) engineKey {
	voters := h.machine.Voters(height)
	h.mu.Lock()
	defer h.mu.Unlock()
	k, ok := h.named(voters)
	if !ok {
		// A key that cannot be read is told of when the set names it.
		if more, err := openValidators(h.home, h.engine); err != nil {
			h.log.Warn("an engine key in the home cannot be read", "reason", err)
		} else if len(more) > len(h.engine) {
			h.engine = more
			k, ok = h.named(voters)
		}
	}
	if ok {
		h.last = k.public
		return k
	}
	if i := slices.IndexFunc(h.engine, func(k engineKey) bool { return bytes.Equal(k.public, h.last) }); i >= 0 {
		return h.engine[i]
	}
	return h.engine[0]
}

func (h *hand) named(voters []Voter) (engineKey, bool) {
	for _, k := range h.engine {
		for _, v := range voters {
			if bytes.Equal(v.PubKey, k.public) {
				return k, true
			}
		}
	}
	return engineKey{}, false
}

// own says whether an engine key is of this home.
func (h *hand) own(public []byte) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.ContainsFunc(h.engine, func(k engineKey) bool { return bytes.Equal(k.public, public) })
}

// cosigner returns what the set of a height names for this node.
func (h *hand) cosigner(height int64) (proof.Cosigner, error) {
	key := h.keyFor(height)
	voters := h.machine.Voters(height)
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := ownCosigner(voters, key.public, h.cosigners)
	if err == nil || h.more == nil {
		return c, err
	}
	more, unread := h.more()
	if unread != nil {
		return c, fmt.Errorf("%w (and the home's keys cannot be read: %w)", err, unread)
	}
	h.cosigners = more
	return ownCosigner(voters, key.public, h.cosigners)
}

// GetPubKey is the engine's question who this node is at the height that comes. It
// asks at its start and after each block.
func (h *hand) GetPubKey() (crypto.PubKey, error) {
	return h.keyFor(h.machine.Head().Height + 1).Key.PubKey, nil
}

// SignVote signs for the key as which the engine votes, and no other.
func (h *hand) SignVote(chain string, v *cmtproto.Vote) error {
	if k := h.keyFor(v.Height); bytes.Equal(k.Key.Address, v.ValidatorAddress) {
		return k.SignVote(chain, v)
	}
	return fmt.Errorf("vote on block %d: this node's key there is another", v.Height)
}

// SignProposal signs for the key that decides the proposal's height.
func (h *hand) SignProposal(chain string, p *cmtproto.Proposal) error {
	return h.keyFor(p.Height).SignProposal(chain, p)
}

// turn tells the engine when the key changes while it fetches old blocks: it asks by
// itself only after those that it decided.
func (n *Node) turn(ctx context.Context) {
	was, voted := n.app.hand.keyFor(n.machine.Head().Height+1).public, n.votes()
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.app.turned:
		}
		now := n.app.hand.keyFor(n.machine.Head().Height + 1).public
		if !bytes.Equal(was, now) {
			was = now
			n.cfg.Logger.Warn("the member set names another engine key of this home; the node votes with it", "key", fmt.Sprintf("%x", now))
			n.setHand()
		}
		if votes := n.votes(); votes != voted {
			voted = votes
			if votes {
				n.cfg.Logger.Warn("this node votes now: a member of the set has its engine key")
			} else {
				n.cfg.Logger.Warn("this node does not vote any more: no member of the set that decides has its engine key. It follows, and serves what it holds")
			}
		}
	}
}

// votes says whether this node decides the height that comes.
func (n *Node) votes() bool {
	return slices.ContainsFunc(n.machine.Voters(n.machine.Head().Height+1), func(v Voter) bool { return n.app.hand.own(v.PubKey) })
}

// setHand makes the engine ask again who this node is.
func (n *Node) setHand() {
	env, err := n.engine.ConfigureRPC()
	if err != nil {
		return
	}
	if c, ok := env.ConsensusState.(interface{ SetPrivValidator(cmttypes.PrivValidator) }); ok {
		c.SetPrivValidator(n.app.hand)
	}
}
