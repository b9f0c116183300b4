package ledger

import (
	"encoding/binary"
	"errors"

	"github.com/cockroachdb/pebble/v2"

	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A Payload is what is kept for ever of a payload of which something was recorded.
// With the applied acts, which stand beside their entries, it proves decisions.
type Payload struct {
	Header     []byte
	Signatures []byte         // as they were counted
	Acts       []license.Hash // leaf hashes of all acts
	outcome    []byte
}

// Outcome says what was recorded, and when.
func (p *Payload) Outcome() (*Outcome, error) {
	o, err := ParseOutcome(p.outcome)
	if err != nil {
		return nil, corrupt("outcome of a payload: %v", err)
	}
	return &o, nil
}

// ActPath returns the path of act n, counted from 0, under the header's root.
func (p *Payload) ActPath(n int64) ([]license.Hash, error) {
	if n < 0 || n >= int64(len(p.Acts)) {
		return nil, corrupt("a payload has %d acts, and an entry names act %d", len(p.Acts), n)
	}
	return tx.ActPath(p.Acts, int(n)), nil
}

// payload keeps a payload: each part with its length before it, and the hashes.
func (w *setter) payload(k, header, signatures, outcome []byte, acts []license.Hash) {
	b := make([]byte, 0, len(header)+len(signatures)+len(outcome)+32*len(acts)+3*binary.MaxVarintLen32)
	for _, part := range [][]byte{header, signatures, outcome} {
		b = appendPart(b, part)
	}
	for i := range acts {
		b = append(b, acts[i][:]...)
	}
	w.set(k, b)
}

func parsePayload(b []byte) (p *Payload, err error) {
	p = new(Payload)
	for _, part := range []*[]byte{&p.Header, &p.Signatures, &p.outcome} {
		if *part, b, err = cutPart(b); err != nil {
			return nil, err
		}
	}
	if len(b)%32 != 0 {
		return nil, corrupt("a payload ends with %d bytes too many", len(b)%32)
	}
	for ; len(b) > 0; b = b[32:] {
		p.Acts = append(p.Acts, license.Hash(b))
	}
	return p, nil
}

func appendPart(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}

func cutPart(b []byte) (part, rest []byte, err error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return nil, nil, corrupt("a value of %d bytes is shorter than it says", len(b))
	}
	b = b[size:]
	return b[:n:n], b[n:], nil
}

// Payload returns what is kept of the payload that a cause names.
func (s *State) Payload(c *license.Cause) (*Payload, error) {
	b, err := get(s.Snapshot, payloadKey(c.Header, c.Signatures))
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, corrupt("payload %s with signatures %s is missing", c.Header, c.Signatures)
	}
	return parsePayload(b)
}

// Payloads returns what is kept of payloads with this header. Two are rare: acts
// that stand each for itself, sent again with more signatures.
func (s *State) Payloads(header license.Hash) ([]*Payload, error) {
	return payloads(s.Snapshot, header)
}

func payloads(r pebble.Reader, header license.Hash) (out []*Payload, err error) {
	prefix := key(keyPayload, header[:])
	it, err := r.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for ok := it.First(); ok; ok = it.Next() {
		p, err := parsePayload(append([]byte(nil), it.Value()...))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, it.Error()
}

// notAfter says until when a recorded payload could be recorded.
func notAfter(r pebble.Reader, header license.Hash) (license.Instant, error) {
	ps, err := payloads(r, header)
	if len(ps) == 0 || err != nil {
		return "", err
	}
	var h tx.Header
	if err := strict.Decode(ps[0].Header, &h, tx.HeaderBytesMax); err != nil {
		return "", corrupt("header %s: %v", header, err)
	}
	return h.NotAfter, nil
}
