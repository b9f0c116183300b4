package ledger

import (
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
