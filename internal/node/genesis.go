package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"
)

// maxChainID is the engine's limit for the chain id, in characters.
const maxChainID = cmttypes.MaxChainIDLen

// Genesis is what all members start from. Each gives the same to Start, every
// time.
type Genesis struct {
	ChainID  string    // 1 to 50 characters
	Time     time.Time // whole seconds; time of the founding and of block 1
	AppState []byte    // for Machine.Genesis, byte for byte
}

func (g Genesis) check(now time.Time) error {
	switch {
	case g.ChainID == "" || len(g.ChainID) > maxChainID:
		return fmt.Errorf("node: genesis: the chain id %q has %d characters; it needs 1 to %d", g.ChainID, len(g.ChainID), maxChainID)
	case g.Time.Nanosecond() != 0:
		return fmt.Errorf("node: genesis: the time %v is not in whole seconds", g.Time)
	case g.Time.After(now):
		// The engine would sleep until then, deaf to Stop.
		return fmt.Errorf("node: genesis: the time %v is in the future; start the node then, or set this machine's clock", g.Time.UTC())
	case len(g.AppState) == 0:
		return errors.New("node: genesis: the founding payload is empty")
	}
	return nil
}

// document writes the engine's genesis document. It names no validators: they
// come from Machine.Genesis.
//
// The engine keeps the document as JSON and reads it back after a crash. JSON
// libraries respell what they pass on (they compact, and escape "<"), so the
// founding payload, whose hash names the network, goes in as base64.
func (g Genesis) document() (*cmttypes.GenesisDoc, error) {
	state, err := json.Marshal(g.AppState)
	if err != nil {
		return nil, err
	}
	d := &cmttypes.GenesisDoc{
		ChainID:         g.ChainID,
		GenesisTime:     g.Time.UTC(),
		InitialHeight:   1,
		ConsensusParams: cmttypes.DefaultConsensusParams(),
		AppState:        state,
	}
	d.ConsensusParams.Block.MaxBytes = MaxBlockBytes
	d.ConsensusParams.ABCI.VoteExtensionsEnableHeight = 1 // for good: they cannot be switched off
	if err := d.ValidateAndComplete(); err != nil {
		return nil, fmt.Errorf("node: genesis: %w", err)
	}
	return d, nil
}

// appState undoes what document did.
func appState(b []byte) (payload []byte, err error) {
	if err := json.Unmarshal(b, &payload); err != nil {
		return nil, fmt.Errorf("genesis: the founding payload is not base64 in JSON: %w", err)
	}
	return payload, nil
}
