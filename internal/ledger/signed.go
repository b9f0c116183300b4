package ledger

import (
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// signedBytesFull is the size at which an answer takes no further entry.
const signedBytesFull = 8 << 20

// Signed returns what was signed behind the entries from index from up to, without,
// to; fewer when they are many or large.
func (s *State) Signed(from, to int64) (*proof.Signed, error) {
	out := &proof.Signed{From: from, Next: from}
	to = min(to, from+proof.SignedEntriesMax, s.Head.Size)
	at, size := map[license.Cause]int{}, 0 // of a payload, by its cause with act 0
	for ; out.Next < to && size < signedBytesFull; out.Next++ {
		b, act, err := readEntry(s.Snapshot, out.Next)
		if err != nil {
			return nil, err
		}
		var e license.Entry
		if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
			return nil, corrupt("entry %d: %v", out.Next, err)
		}
		if !e.Signed() {
			continue
		}
		kept, err := s.Payload(e.Cause)
		if err != nil {
			return nil, err
		}
		name := license.Cause{Header: e.Cause.Header, Signatures: e.Cause.Signatures}
		i, ok := at[name]
		if !ok {
			i = len(out.Payloads)
			at[name] = i
			out.Payloads = append(out.Payloads, proof.Payload{Header: kept.Header, Signatures: kept.Signatures})
			size += len(kept.Header) + len(kept.Signatures)
		}
		path, err := kept.ActPath(e.Cause.Act)
		if err != nil {
			return nil, err
		}
		p := proof.ActProof{Number: e.Cause.Act, Act: act}
		for _, h := range path {
			p.Path = append(p.Path, h.String())
		}
		size += len(act) + 70*len(path)
		out.Payloads[i].Acts = append(out.Payloads[i].Acts, p)
	}
	return out, nil
}
