package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	cmted25519 "github.com/cometbft/cometbft/crypto/ed25519"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
)

// Keys are a node's two public names in the engine.
type Keys struct {
	NodeID string // 40 lower-case hex digits; peers write it before the @
	PubKey []byte // engine key, ed25519: what a member's record names
}

// LoadKeys reads the keys under home and makes those that are missing.
func LoadKeys(home string) (Keys, error) {
	k, err := openKeys(home)
	if err != nil {
		return Keys{}, err
	}
	return Keys{NodeID: string(k.node.ID()), PubKey: k.validator.Key.PubKey.Bytes()}, nil
}

// keyring holds the private keys: the engine key, which votes, and the node
// key, which opens connections.
type keyring struct {
	validator *privval.FilePV
	node      *p2p.NodeKey
}

func openKeys(home string) (keyring, error) {
	if err := makeHome(home); err != nil {
		return keyring{}, err
	}
	node, err := p2p.LoadOrGenNodeKey(filepath.Join(home, "config", "node_key.json"))
	if err != nil {
		return keyring{}, fmt.Errorf("node: node key: %w", err)
	}
	v, err := openValidator(
		filepath.Join(home, "config", "priv_validator_key.json"),
		filepath.Join(home, "data", "priv_validator_state.json"))
	if err != nil {
		return keyring{}, fmt.Errorf("node: engine key: %w", err)
	}
	return keyring{validator: v, node: node}, nil
}

// openValidator loads the engine key and the record of its last vote. It reads
// both files before the engine does, since the engine ends the process when it
// does not like one.
func openValidator(keyFile, stateFile string) (*privval.FilePV, error) {
	var key privval.FilePVKey
	keyErr := readJSON(keyFile, &key)
	var state privval.FilePVLastSignState
	stateErr := readJSON(stateFile, &state)
	switch {
	case errors.Is(keyErr, fs.ErrNotExist) && errors.Is(stateErr, fs.ErrNotExist):
		return newValidator(keyFile, stateFile)
	case errors.Is(keyErr, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is missing, but %s is there; bring the key back, or move the latter away to become a new validator", keyFile, stateFile)
	case errors.Is(stateErr, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is missing: without the record of its last vote this key could vote twice; make a new key instead", stateFile)
	case keyErr != nil:
		return nil, keyErr
	case stateErr != nil:
		return nil, stateErr
	}
	if _, ok := key.PrivKey.(cmted25519.PrivKey); !ok {
		return nil, fmt.Errorf("%s holds no ed25519 key", keyFile)
	}
	return privval.LoadFilePV(keyFile, stateFile), nil
}

func readJSON(name string, v any) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := cmtjson.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s is damaged: %w", name, err)
	}
	return nil
}

// newValidator makes a key. The engine's Save panics when it cannot write.
func newValidator(keyFile, stateFile string) (pv *privval.FilePV, err error) {
	defer func() {
		if r := recover(); r != nil {
			pv, err = nil, fmt.Errorf("cannot be written: %v", r)
		}
	}()
	pv = privval.GenFilePV(keyFile, stateFile)
	pv.Save()
	return pv, nil
}
