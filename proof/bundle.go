package proof

import (
	"golang.org/x/mod/sumdb/tlog"

	"licet/license"
	"licet/strict"
)

// BundleBytesMax is the size that no bundle passes.
const BundleBytesMax = 32 << 20

// Types of bundles.
const (
	BundleStanding    = "standing"    // one record, or that there is none, at a checkpoint
	BundleHistory     = "history"     // the same with all entries and who signed them
	BundleConsistency = "consistency" // of two checkpoints
	BundleTrust       = "trust"       // from one member set to the next ones
)

// A Bundle is an answer with all that checks it: one JSON text in the one
// writing. docs/spec/bundle.md says how it is checked.
type Bundle struct {
	V          int64             `json:"v"` // 1
	Type       string            `json:"type"`
	Origin     string            `json:"origin"`
	Kind       string            `json:"kind"`      // of the record that was asked for
	ID         string            `json:"id"`        // likewise
	Records    []RecordProof     `json:"records"`   // first the one asked for
	Openings   []license.Opening `json:"openings"`  // public ones, of the first record
	Histories  []RecordHistory   `json:"histories"` // history: of the first record and of all whose authority it rests on
	Payloads   []Payload         `json:"payloads"`  // history: what was signed
	Block      *EntryProof       `json:"block"`     // the block entry whose map root the records are proved under
	Older      string            `json:"older"`     // consistency: the older checkpoint, with cosignatures
	Path       []string          `json:"path"`      // consistency: RFC 6962 consistency proof
	Checkpoint string            `json:"checkpoint"`
	Trail      []TrailStep       `json:"trail"` // member sets since the verifier's trust file
}

// A RecordProof says what stands in the map under a kind and id.
type RecordProof struct {
	Kind  string     `json:"kind"`
	ID    string     `json:"id"`
	Value strict.Raw `json:"value"` // absent: there is none
	Proof MapProof   `json:"proof"`
}

// An EntryProof is an entry and its RFC 6962 path in the checkpoint's log.
type EntryProof struct {
	Entry strict.Raw `json:"entry"`
	Path  []string   `json:"path"`
}

// A RecordHistory is every entry about a record, oldest first.
type RecordHistory struct {
	Kind    string       `json:"kind"`
	ID      string       `json:"id"`
	Entries []EntryProof `json:"entries"`
}

// A Payload is what was signed: header, signatures as they were counted, and those
// of its acts that the entries name.
type Payload struct {
	Header     strict.Raw `json:"header"`
	Signatures strict.Raw `json:"signatures"`
	Acts       []ActProof `json:"acts"`
}

// An ActProof is an act and its path under the header's root.
type ActProof struct {
	Number int64      `json:"number"` // from 0
	Act    strict.Raw `json:"act"`
	Path   []string   `json:"path"`
}

// A TrailStep proves that the member set before it signed a map in which the next
// one stands.
type TrailStep struct {
	Members    RecordProof `json:"members"`
	Block      EntryProof  `json:"block"`
	Checkpoint string      `json:"checkpoint"`
}

// ParseBundle reads a bundle. What it says is checked by Verify.
func ParseBundle(b []byte) (*Bundle, error) {
	u := new(Bundle)
	if err := strict.Decode(b, u, BundleBytesMax); err != nil {
		return nil, flawf("bundle", "this is no bundle: %v", err)
	}
	if u.V != 1 {
		return nil, flawf("bundle-version", "the bundle has version %d; this program reads 1", u.V)
	}
	return u, nil
}

// checkShape refuses members that nothing of this type of bundle would check.
func (u *Bundle) checkShape() error {
	about := u.Kind != "" || u.ID != "" || u.Records != nil || u.Openings != nil || u.Block != nil
	history := u.Histories != nil || u.Payloads != nil
	older := u.Older != "" || u.Path != nil
	var extra bool
	switch u.Type {
	case BundleStanding:
		extra = history || older
	case BundleHistory:
		extra = older
	case BundleConsistency:
		extra = about || history
	case BundleTrust:
		extra = about || history || older || u.Checkpoint != ""
	}
	if extra {
		return flawf("bundle-shape", "a bundle of type %s holds members of another type", u.Type)
	}
	return nil
}

// check checks a record's proof against a map root.
func (p *RecordProof) check(root license.Hash) error {
	var value *[32]byte
	if p.Value != nil {
		h := [32]byte(license.HashOf(p.Value))
		value = &h
	}
	got, err := p.Proof.Root(MapKey(p.Kind, p.ID), value)
	if err != nil {
		return flawf("map-proof", "the map proof of %s %s: %v", p.Kind, p.ID, err)
	}
	if license.Hash(got) != root {
		return flawf("map-root", "%s %s does not stand so in the map", p.Kind, p.ID)
	}
	return nil
}

// read checks that the entry stands in the checkpoint's log and decodes it.
func (p *EntryProof) read(c Checkpoint) (e license.Recorded, err error) {
	if err := strict.Decode(p.Entry, &e.Entry, license.EntryBytesMax); err != nil {
		return e, flawf("entry", "an entry cannot be read: %v", err)
	}
	e.Hash = license.LeafHash(p.Entry)
	path, err := ParseHexPath(p.Path)
	if err != nil {
		return e, err
	}
	if e.V != 1 {
		return e, flawf("entry", "entry %d has version %d; this program reads 1", e.Index, e.V)
	}
	if err := CheckInclusion(path, c.Size, e.Index, c.Root, tlog.Hash(e.Hash)); err != nil {
		return e, flawf("inclusion", "entry %d does not stand in the log of the checkpoint: %v", e.Index, err)
	}
	return e, nil
}

// readBlock reads a block entry.
func (p *EntryProof) readBlock(c Checkpoint) (e license.Recorded, err error) {
	if e, err = p.read(c); err == nil && (e.End == nil || e.Kind != "") {
		err = flawf("block-entry", "entry %d is not the end of a block", e.Index)
	}
	return e, err
}
