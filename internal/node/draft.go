package node

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"licet/proof"
)

// A draft is a checkpoint that collects cosignatures: the state after a block,
// signed by the members that decide the next one. It verifies each, from
// wherever it comes: one bad line under a known key spoils a whole note.
type draft struct {
	height  int64
	text    string
	time    time.Time
	signers []signer
	signed  int64 // weight of those who have signed
	total   int64 // weight of all
	changed bool  // since the note was saved
}

type signer struct {
	address string // how the engine names it
	vkey    proof.VKey
	weight  int64
	ext     []byte // nil until it has signed
}

// newDraft prepares the checkpoint over the state after block height. It is nil
// when the machine no longer has the text.
func newDraft(m Machine, height int64) *draft {
	text, t, ok := m.CheckpointText(height)
	if !ok {
		return nil
	}
	d := &draft{height: height, text: text, time: t}
	for _, v := range m.Voters(height + 1) {
		d.total += v.Weight
		vkey, err := proof.ParseVKey(v.VKey)
		if err != nil {
			continue // its weight counts, it cannot sign
		}
		d.signers = append(d.signers, signer{address: engineAddress(v.PubKey), vkey: vkey, weight: v.Weight})
	}
	if note, ok := m.Note(height); ok {
		d.addNote(note)
		d.changed = false
	}
	return d
}

// add takes a vote extension; what does not verify is left out.
func (d *draft) add(address string, ext []byte) {
	for i := range d.signers {
		if d.signers[i].address == address {
			d.sign(&d.signers[i], ext)
		}
	}
}

func (d *draft) sign(s *signer, ext []byte) {
	if s.ext != nil || verifyExtension(s.vkey, d.text, d.time, ext) != nil {
		return
	}
	s.ext = ext
	d.signed += s.weight
	d.changed = true
}

// addNote takes the signature lines of a note over the same text.
func (d *draft) addNote(note []byte) {
	lines, ok := strings.CutPrefix(string(note), d.text+"\n")
	if !ok {
		return
	}
	for line := range strings.Lines(lines) {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue
		}
		ext, err := base64.StdEncoding.DecodeString(f[2])
		if err != nil {
			continue
		}
		for i := range d.signers {
			if d.signers[i].vkey.Name == f[1] {
				d.sign(&d.signers[i], ext)
			}
		}
	}
}

// quorum: more than two thirds of the weight.
func (d *draft) quorum() bool { return 3*d.signed > 2*d.total }

// complete: nobody is missing.
func (d *draft) complete() bool { return d.signed == d.total }

func (d *draft) note() []byte {
	var lines []string
	for _, s := range d.signers {
		if s.ext != nil {
			lines = append(lines, proof.SignatureLine(s.vkey.Name, s.ext))
		}
	}
	return proof.AssembleNote(d.text, lines)
}

// save keeps the note when it has grown.
func (d *draft) save(m Machine) error {
	if !d.changed {
		return nil
	}
	if err := m.SaveNote(d.height, d.note()); err != nil {
		return fmt.Errorf("checkpoint of block %d: %w", d.height, err)
	}
	d.changed = false
	return nil
}
