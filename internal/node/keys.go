package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

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
	return Keys{NodeID: string(k.node.ID()), PubKey: k.validators[len(k.validators)-1].public}, nil
}

// NewEngineKey makes a further engine key under home, also while a node runs there, and
// returns its public part. The node votes with it from the block on for which the member
// set names it, and with the one before until then. Each key has its own record of its
// last vote, so that none votes twice.
func NewEngineKey(home string) (public []byte, err error) {
	if err := makeHome(home); err != nil {
		return nil, err
	}
	defer func() { // the engine's Save panics when it cannot write
		if r := recover(); r != nil {
			err = fmt.Errorf("node: the engine key cannot be written: %v", r)
		}
	}()
	for n := 2; n <= engineKeysMax; n++ {
		keyFile, stateFile := engineKeyFiles(home, n)
		if there(keyFile) || there(stateFile) {
			continue
		}
		pv := privval.GenFilePV(keyFile, stateFile)
		pv.LastSignState.Save() // first: a key that is there counts
		pv.Key.Save()
		return pv.Key.PubKey.Bytes(), nil
	}
	return nil, fmt.Errorf("node: %s holds %d engine keys; move old ones away, with their states in data", filepath.Join(home, "config"), engineKeysMax)
}

// engineKeysMax is how many engine keys a home has at most, those included that were
// replaced.
const engineKeysMax = 64

// engineKeyFiles names the files of a home's engine key, counted from 1.
func engineKeyFiles(home string, n int) (key, state string) {
	suffix := ""
	if n > 1 {
		suffix = fmt.Sprintf("_%d", n)
	}
	return filepath.Join(home, "config", "priv_validator_key"+suffix+".json"), filepath.Join(home, "data", "priv_validator_state"+suffix+".json")
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// An engineKey is one of a home's engine keys, with the record of its own last vote.
type engineKey struct {
	number int
	public []byte
	*privval.FilePV
}

// keyring holds the private keys: the engine keys, of which one votes, and the node
// key, which opens connections.
type keyring struct {
	validators []engineKey // oldest first; never none
	node       *p2p.NodeKey
}

func openKeys(home string) (keyring, error) {
	if err := makeHome(home); err != nil {
		return keyring{}, err
	}
	node, err := p2p.LoadOrGenNodeKey(filepath.Join(home, "config", "node_key.json"))
	if err != nil {
		return keyring{}, fmt.Errorf("node: node key: %w", err)
	}
	vs, err := openValidators(home, nil)
	if err != nil {
		return keyring{}, err
	}
	return keyring{validators: vs, node: node}, nil
}

// openValidators opens the home's engine keys, after those that are open already.
func openValidators(home string, have []engineKey) ([]engineKey, error) {
	for n := 1; n <= engineKeysMax; n++ {
		keyFile, stateFile := engineKeyFiles(home, n)
		if n > 1 && !there(keyFile) || slices.ContainsFunc(have, func(k engineKey) bool { return k.number == n }) {
			continue
		}
		v, err := openValidator(keyFile, stateFile)
		if err != nil {
			return nil, fmt.Errorf("node: engine key: %w", err)
		}
		have = append(have, engineKey{n, v.Key.PubKey.Bytes(), v})
	}
	return have, nil
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
