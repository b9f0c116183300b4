package host

import (
	"encoding/base64"
	"time"

	"licet/internal/ledger"
	"licet/internal/node"
)

// A machine is the ledger as the node drives it: the same calls, in the node's words.
type machine struct{ ledger *ledger.Ledger }

var _ node.Machine = machine{}

func (m machine) Head() node.Head { return headOf(m.ledger.Head()) }

func headOf(h ledger.Head) node.Head {
	if h.Origin == "" { // before genesis
		return node.Head{}
	}
	return node.Head{Height: h.Height, Size: h.Size, Root: h.Root, Time: h.Time.Time(), AppHash: h.AppHash()}
}

func (m machine) Genesis(t time.Time, payload []byte) (node.Head, []node.Validator, error) {
	h, vs, err := m.ledger.Genesis(t, payload)
	if err != nil {
		return node.Head{}, nil, err
	}
	return headOf(h), validators(vs), nil
}

func validators(vs []ledger.Validator) (out []node.Validator) {
	for _, v := range vs {
		out = append(out, node.Validator{PubKey: v.Key, Power: v.Weight})
	}
	return out
}

func (m machine) Check(tx []byte) error {
	if r := m.ledger.Check(tx); r != nil { // a nil *Refusal in an error would not be nil
		return r
	}
	return nil
}

func (m machine) Finalize(height int64, t time.Time, txs [][]byte) ([32]byte, []node.Outcome, []node.Validator, error) {
	hash, os, vs, err := m.ledger.Finalize(height, t, txs)
	if err != nil {
		return hash, nil, nil, err
	}
	out := make([]node.Outcome, len(os))
	for i := range os {
		out[i] = outcomeOf(&os[i])
	}
	return hash, out, validators(vs), nil
}

func outcomeOf(o *ledger.Outcome) node.Outcome {
	return node.Outcome{Height: o.Block, Code: o.Code, Data: o.Encode()}
}

func (m machine) Commit() error { return m.ledger.Commit() }

func (m machine) Voters(height int64) (out []node.Voter) {
	set, err := m.ledger.VotersOf(height)
	if err != nil {
		return nil // nobody: no quorum is found, and a vote says what is wrong
	}
	for _, v := range set.Members {
		if v.Weight == 0 { // an observer
			continue
		}
		key, _ := base64.StdEncoding.DecodeString(v.Validator) // checked when the member came in
		out = append(out, node.Voter{Name: v.ID, VKey: v.Cosign, PubKey: key, Weight: v.Weight})
	}
	return out
}

func (m machine) CheckpointText(height int64) (string, time.Time, bool) {
	c, t, ok := m.ledger.Checkpoint(height)
	if !ok {
		return "", time.Time{}, false
	}
	return c.Text(), t.Time(), true
}

func (m machine) SaveNote(height int64, note []byte) error { return m.ledger.SaveNote(height, note) }

func (m machine) Note(height int64) ([]byte, bool) {
	n, err := m.ledger.Note(height)
	return n, err == nil && n != nil
}

func (m machine) SetChanges() []int64 { return m.ledger.SetChanges() }

func (m machine) Recorded(hash [32]byte) (node.Outcome, bool) {
	o, err := m.ledger.Recorded(hash)
	if err != nil || o == nil {
		return node.Outcome{}, false
	}
	return outcomeOf(o), true
}
