package ledger

import (
	"errors"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"licet/license"
	"licet/strict"
)

// An Outcome is what became of a transaction. It is kept by the node and is no
// part of the hashed state; what was recorded stands in the log.
type Outcome struct {
	Payload  license.Hash    `json:"payload"` // header hash
	Block    int64           `json:"block"`
	Time     license.Instant `json:"time"`
	Code     string          `json:"code"` // absent: recorded
	Sentence string          `json:"sentence"`
	Citation string          `json:"citation"`
	Act      int64           `json:"act"` // number of the act that was refused, counted from 1; 0: the payload as such
	Applied  []Applied       `json:"applied"`
	Refused  []ActRefusal    `json:"refused"` // where acts stand each for itself

	written []byte // set by Finalize
}

// Encode writes the outcome in the one writing.
func (o *Outcome) Encode() []byte {
	if o.written != nil {
		return o.written
	}
	return strict.Encode(o)
}

// Applied says where an act's entry stands.
type Applied struct {
	Act   int64        `json:"act"` // counted from 1
	Index int64        `json:"index"`
	Entry license.Hash `json:"entry"`
	Kind  string       `json:"kind"`
	ID    string       `json:"id"`
}

// ActRefusal says why one act of many was refused.
type ActRefusal struct {
	Act      int64  `json:"act"`
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
	Citation string `json:"citation"`
}

func (o *Outcome) refuse(act int, r *license.Refusal) {
	o.Act, o.Code, o.Sentence, o.Citation = int64(act), r.Code, r.Sentence, r.Citation
}

// Refusal returns why the payload was refused as a whole, or nil.
func (o *Outcome) Refusal() *license.Refusal {
	if o.Code == "" {
		return nil
	}
	return &license.Refusal{Code: o.Code, Sentence: o.Sentence, Citation: o.Citation}
}

// ParseOutcome reads an outcome.
func ParseOutcome(b []byte) (o Outcome, err error) {
	err = strict.Decode(b, &o, 4<<20)
	return o, err
}

// OutcomeDays is how long a node keeps outcomes of transactions, refusals among
// them. What was recorded of a payload it keeps for ever.
const OutcomeDays = 14

// Outcomes are pruned in every so many blocks, those of at most twice as many
// blocks at a time.
const pruneEvery = 16

// joined is what became of a payload of which something was recorded before.
func (o *Outcome) joined(before *Outcome) *Outcome {
	all := *o
	all.written = nil
	all.Applied = append(slices.Clone(before.Applied), o.Applied...)
	all.Refused = slices.DeleteFunc(slices.Clone(o.Refused), func(r ActRefusal) bool {
		return slices.ContainsFunc(before.Applied, func(a Applied) bool { return a.Act == r.Act })
	})
	return &all
}

// writeOutcomes puts the block's outcomes into the batch: of what was recorded
// with the payload, else under the transaction's hash.
func (b *block) writeOutcomes(w *setter) error {
	recorded, kept := map[[32]byte]bool{}, map[string]*Outcome{}
	var hashes []byte
	for i := range b.outcomes {
		o, hash, t := &b.outcomes[i], b.hashes[i], b.payloads[i]
		k := key(keyOutcome, hash[:])
		if t == nil {
			// Whoever sends a recorded transaction once more must not hide what became of it.
			if was, err := get(b.work.store, k); err != nil {
				return err
			} else if recorded[hash] || len(was) > 0 && was[0] == keyPayload {
				continue
			}
			w.set(k, o.Encode())
		} else {
			p := payloadKey(t.HeaderHash, t.SignaturesHash)
			if !t.Header.All && len(t.Acts) > 1 { // only such a payload can be recorded again
				var err error
				if o, err = b.joinedOutcome(o, p, kept); err != nil {
					return err
				}
			}
			recorded[hash] = true
			w.payload(p, t.HeaderBytes, t.SignaturesBytes, o.Encode(), t.LeafHashes())
			w.set(k, p)
		}
		hashes = append(hashes, hash[:]...)
	}
	if len(hashes) > 0 {
		w.set(key(keyOutcomeAge, u64(b.work.now.Unix()), u64(b.height)), hashes)
	}
	return nil
}

// joinedOutcome joins o with what was recorded of the payload in this block, which
// kept has by the payload's key, or before.
func (b *block) joinedOutcome(o *Outcome, payload []byte, kept map[string]*Outcome) (*Outcome, error) {
	before := kept[string(payload)]
	if before == nil {
		v, err := get(b.work.store, payload)
		if err != nil {
			return nil, err
		}
		if v != nil {
			p, err := parsePayload(v)
			if err != nil {
				return nil, err
			}
			if before, err = p.Outcome(); err != nil {
				return nil, err
			}
		}
	}
	if before != nil {
		o = o.joined(before)
	}
	kept[string(payload)] = o
	return o, nil
}

// pruneOutcomes lets the oldest outcomes go. They are no hashed state.
func (l *Ledger) pruneOutcomes(w *setter, now license.Instant) (err error) {
	until := now.Unix() - OutcomeDays*86400
	if l.pruned == nil { // where the last pruning ended; it need not walk over what it deleted
		l.pruned = []byte{keyOutcomeAge}
	}
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: l.pruned, UpperBound: key(keyOutcomeAge, u64(max(until, 0)))})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	n := 0
	for ok := it.First(); ok && n < 2*pruneEvery; ok = it.Next() {
		for hs := it.Value(); len(hs) >= 32; hs = hs[32:] {
			w.delete(key(keyOutcome, hs[:32]))
		}
		l.pruned = slices.Clone(it.Key())
		w.delete(l.pruned)
		n++
	}
	return errors.Join(w.err, it.Error())
}

// Recorded returns what became of a transaction, by the SHA-256 of its bytes, or nil.
func (l *Ledger) Recorded(transaction [32]byte) (*Outcome, error) {
	b, err := get(l.db, key(keyOutcome, transaction[:]))
	if b == nil || err != nil {
		return nil, err
	}
	if b[0] != keyPayload {
		o, err := ParseOutcome(b)
		return &o, err
	}
	v, err := get(l.db, b)
	if err != nil {
		return nil, err
	}
	p, err := parsePayload(v)
	if err != nil {
		return nil, err
	}
	return p.Outcome()
}

// RecordedPayload returns what was recorded of a payload, or nil.
func (l *Ledger) RecordedPayload(header license.Hash) (all *Outcome, err error) {
	ps, err := payloads(l.db, header)
	if err != nil {
		return nil, err
	}
	for _, p := range ps {
		o, err := p.Outcome()
		if err != nil {
			return nil, err
		}
		if all != nil {
			o = o.joined(all)
		}
		all = o
	}
	return all, nil
}
