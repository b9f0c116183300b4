package host

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/internal/node"
	"licet/license"
	"licet/proof"
	"licet/tx"
)

// founderWeight is the weight of the one member of a new network. Above one, so
// that members who join can be given less.
const founderWeight = 10

// A Founding says what network to found: its name, its one member, and the acts
// that follow the member set in the founding payload.
type Founding struct {
	Name    string          // of the network; with "test/" in front its clock can be advanced
	Time    license.Instant // real time of the founding
	Offset  int64           // test networks: seconds that legal time is ahead of real time
	Rules   int64           // edition of the state machine; 0: license.RulesFounding
	Member  license.Member  // id, name, URL, passkey site; Found fills in weight and keys
	Root    keys.Key        // the member's root
	Acts    []license.Act   // boards, calendars, officers, policies
	Signers []keys.Key      // who signs besides the member's root: the boards' roots
}

// Found makes the node's keys and writes the founding payload. Interrupted, it
// can be called again: keys that are there are used again, and the payload comes last.
func (h *Home) Found(f Founding) error {
	m, err := h.Member(f.Member, f.Root)
	if err != nil {
		return err
	}
	m.Weight = founderWeight
	t := f.transaction([]license.Member{m})
	for _, k := range append([]keys.Key{f.Root}, f.Signers...) {
		by, err := k.By()
		if err != nil {
			return err
		}
		t.Sign(tx.SignEd25519(by, k.Private(), t.HeaderBytes))
	}
	payload := t.Encode()
	if err := rehearse(f.Time, payload); err != nil {
		return err
	}
	if err := writeWhole(h.Path(foundingFile), payload); err != nil {
		return fmt.Errorf("the founding payload cannot be written: %w", err)
	}
	return nil
}

// transaction is the founding payload without signatures.
func (f Founding) transaction(members []license.Member) *tx.Transaction {
	chain := strings.ReplaceAll(f.Name, "/", "-")
	acts := append([]license.Act{
		&license.NetworkFound{Name: f.Name, Chain: chain[:min(len(chain), 50)], Time: f.Time, Rules: cmp.Or(f.Rules, license.RulesFounding), Offset: f.Offset},
		&license.MemberSetAct{Set: 1, Members: members},
	}, f.Acts...)
	return tx.New(f.Name, true, f.Time.AddSeconds(f.Offset), 86400, acts, nil)
}

// Member fills in a member's root and the keys of this home's node, which are made
// when they are missing.
func (h *Home) Member(m license.Member, root keys.Key) (license.Member, error) {
	cosign, err := h.serviceKey(keyCosign, "cosign "+m.ID)
	if err != nil {
		return m, err
	}
	log, err := h.serviceKey(keyLog, "log "+m.ID)
	if err != nil {
		return m, err
	}
	engine, err := node.LoadKeys(h.Path("engine"))
	if err != nil {
		return m, err
	}
	cosigner, err := proof.NewCosigner(m.ID, cosign.Private())
	if err != nil {
		return m, fmt.Errorf("member %q: %w", m.ID, err)
	}
	m.Root = string(root.Public)
	m.Cosign, m.Log = cosigner.VKey().String(), string(log.Public)
	m.Validator = base64.StdEncoding.EncodeToString(engine.PubKey)
	return m, nil
}

// NodeID is the name by which other nodes know this home's node.
func (h *Home) NodeID() (string, error) {
	k, err := node.LoadKeys(h.Path("engine"))
	return k.NodeID, err
}

// serviceKey loads one of the node's own keys, or makes it. Such keys are not
// encrypted: a node starts without anybody typing a passphrase.
func (h *Home) serviceKey(name, purpose string) (keys.Key, error) {
	k, err := keys.Load(h.KeyPath(name), nil)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if k, err = keys.Generate(purpose, time.Now()); err != nil {
		return k, err
	}
	return k, keys.SavePlain(h.KeyPath(name), k)
}

// RootKey loads a root key of the home, or makes it, encrypted with the
// passphrase. The name is the file's.
func (h *Home) RootKey(name, purpose string, pass keys.Passphrases) (keys.Key, error) {
	path := h.KeyPath(name)
	if _, err := os.Stat(path); err == nil {
		return keys.Load(path, pass.For)
	}
	phrase, err := pass.New(purpose)
	if err != nil {
		return keys.Key{}, err
	}
	k, err := keys.Generate(purpose, time.Now())
	if err != nil {
		return k, err
	}
	if pass.Published {
		return k, keys.SavePublished(path, k, phrase)
	}
	return k, keys.Save(path, k, phrase)
}

// rehearse founds the network in memory first, so that a payload that would be
// refused is never written.
func rehearse(t license.Instant, payload []byte) error {
	l, err := ledger.Open("rehearsal", ledger.Options{FS: memory(), Cache: 8 << 20})
	if err != nil {
		return err
	}
	_, _, err = l.Genesis(t.Time(), payload)
	var r *license.Refusal
	if errors.As(err, &r) {
		err = fmt.Errorf("the network cannot be founded like this: %s", r.Sentence)
	}
	return errors.Join(err, l.Close())
}
