package demo

import (
	"context"
	"fmt"
	"time"

	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/license"
	"licet/tx"
)

// A Stage is where the story is told.
type Stage struct {
	Ledger *ledger.Ledger
	// Submit has a transaction recorded and returns its outcome.
	Submit func(ctx context.Context, transaction []byte) (ledger.Outcome, error)
	Now    func() time.Time
}

// Signers hold the keys of those who act in the story.
type Signers struct{ Member, Root, Clerk, Director keys.Key }

// signedAgo keeps the time of signing behind the time of the next block, which
// is the time of the block before.
const signedAgo = 5 * time.Second

// Tell tells what of the history is not told yet, and brings legal time to real time.
func (n Stage) Tell(ctx context.Context, s Signers) error {
	if err := n.found(ctx, s); err != nil {
		return fmt.Errorf("the demo's boards: %w", err)
	}
	for _, st := range story(calendarDay{n.Now()}) {
		if err := n.tell(ctx, s, st); err != nil {
			return fmt.Errorf("the demo's history: %s: %w", st.license, err)
		}
	}
	return n.advance(ctx, s.Member, 0)
}

func (n Stage) tell(ctx context.Context, s Signers, st step) error {
	if there, err := n.recorded(st.fact); err != nil || there {
		return err
	}
	h, err := n.history(st.license)
	if err != nil || st.fact == "" && h.signed() >= st.entries {
		return err
	}
	if err := n.advance(ctx, s.Member, -int64(st.daysAgo)*86400); err != nil {
		return err
	}
	a, openings := st.act(h)
	board := license.BoardOf(license.KindLicense, st.license)
	by := []signer{{"officer/" + board + "/demo-clerk", s.Clerk}}
	if st.both {
		by = append(by, signer{"officer/" + board + "/demo-director", s.Director})
	}
	_, err = n.send(ctx, true, []license.Act{a}, openings, by...)
	return err
}

// signed counts the entries of steps: contracts add theirs.
func (h history) signed() (n int) {
	for _, e := range h.entries {
		if e.Signed() {
			n++
		}
	}
	return n
}

// recorded says whether a fact is recorded; no fact is none.
func (n Stage) recorded(fact string) (bool, error) {
	if fact == "" {
		return false, nil
	}
	state, err := n.Ledger.State()
	if err != nil {
		return false, err
	}
	defer state.Release()
	v, err := state.Value(license.KindFact, fact)
	return v != nil, err
}

func (n Stage) history(id string) (h history, err error) {
	state, err := n.Ledger.State()
	if err != nil {
		return h, err
	}
	defer state.Release()
	h.record = new(license.License)
	if _, err := state.Record(license.KindLicense, id, h.record); err != nil {
		return h, err
	}
	h.entries, err = state.Entries(license.KindLicense, id)
	return h, err
}

func (n Stage) offset() (int64, error) {
	state, err := n.Ledger.State()
	if err != nil {
		return 0, err
	}
	defer state.Release()
	var r license.Network
	_, err = state.Record(license.KindNetwork, "network", &r)
	return r.Offset, err
}

// advance moves legal time ahead to an offset, unless it is there already.
func (n Stage) advance(ctx context.Context, member keys.Key, to int64) error {
	old, err := n.offset()
	if err != nil || old >= to {
		return err
	}
	return n.act(ctx, &license.ClockAdvance{Old: old, Seconds: to - old}, nil, member)
}

func (n Stage) act(ctx context.Context, a license.Act, openings []license.Opening, by ...keys.Key) error {
	var as []signer
	for _, k := range by {
		name, err := k.By()
		if err != nil {
			return err
		}
		as = append(as, signer{name, k})
	}
	_, err := n.send(ctx, true, []license.Act{a}, openings, as...)
	return err
}

// A signer signs in a name with a key.
type signer struct {
	by  string
	key keys.Key
}

// send has a payload recorded. With all, its first refusal refuses it.
func (n Stage) send(ctx context.Context, all bool, acts []license.Act, openings []license.Opening, by ...signer) (o ledger.Outcome, err error) {
	offset, err := n.offset()
	if err != nil {
		return o, err
	}
	signed := license.InstantOf(n.Now().Add(-signedAgo)).AddSeconds(offset)
	t := tx.New(n.Ledger.Head().Origin, all, signed, 86400, acts, openings)
	for _, s := range by {
		t.Sign(tx.SignEd25519(s.by, s.key.Private(), t.HeaderBytes))
	}
	if o, err = n.Submit(ctx, t.Encode()); err != nil {
		return o, err
	}
	if r := o.Refusal(); r != nil {
		return o, r
	}
	return o, nil
}
