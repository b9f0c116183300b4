package proof

import (
	"golang.org/x/mod/sumdb/tlog"

	"licet/license"
	"licet/strict"
	"licet/tx"
)

// Signed is what was signed behind a run of entries: what an auditor needs besides
// them to decide every act again.
type Signed struct {
	From     int64     `json:"from"`     // index of the first entry of the run
	Next     int64     `json:"next"`     // index after the last one
	Payloads []Payload `json:"payloads"` // those that the entries name, each once, with the acts that they name
}

// SignedEntriesMax is how many entries one answer covers at most.
const SignedEntriesMax = 256

// SignedBytesMax is the size that no answer passes. It covers fewer entries then.
const SignedBytesMax = BundleBytesMax

// ParseSigned reads such an answer. What stands in it is checked by CheckAct and by
// whoever decides the acts again.
func ParseSigned(b []byte) (*Signed, error) {
	s := new(Signed)
	if err := strict.Decode(b, s, SignedBytesMax); err != nil {
		return nil, flawf("payload", "what was signed cannot be read: %v", err)
	}
	return s, nil
}

// CheckAct checks that an act is one of those that a header binds.
func (a *ActProof) CheckAct(acts int64, root license.Hash) error {
	path, err := ParseHexPath(a.Path)
	if err != nil {
		return err
	}
	if !tx.CheckInclusion(path, acts, a.Number, tlog.Hash(root), tlog.Hash(license.LeafHash(a.Act))) {
		return flawf("payload", "act %d is not of its header", a.Number)
	}
	return nil
}
