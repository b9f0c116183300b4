package ledger

import (
	"fmt"
	"time"

	"licet/license"
	"licet/tx"
)

// OriginOf names a network: its name, a slash, and the first 8 bytes of the
// founding payload's SHA-256.
func OriginOf(name string, founding []byte) string {
	h := license.HashOf(founding)
	return fmt.Sprintf("%s/%x", name, h[:8])
}

// Founding reads a founding payload and returns the act that founds the network.
func Founding(payload []byte) (*tx.Transaction, *license.NetworkFound, error) {
	t, r := tx.Parse(payload)
	if r != nil {
		return nil, nil, r
	}
	f, ok := t.Acts[0].(*license.NetworkFound)
	if !ok || !t.Header.All {
		return nil, nil, fmt.Errorf("a founding payload is all-or-nothing and begins with network.found")
	}
	if t.Header.Origin != f.Name {
		return nil, nil, fmt.Errorf("a founding payload's origin is the network's bare name %q, not %q", f.Name, t.Header.Origin)
	}
	return t, f, nil
}

// Genesis applies the founding payload as height 0 and makes it durable. Called
// again with the same payload it returns the same.
func (l *Ledger) Genesis(t time.Time, payload []byte) (Head, []Validator, error) {
	hash := license.HashOf(payload)
	if h := l.Head(); h.Origin != "" {
		if h.Genesis != hash {
			return Head{}, nil, fmt.Errorf("this home belongs to network %s, and the genesis is another one's", h.Origin)
		}
		return h, validatorChanges(license.MemberSet{}, h.Sets[0].Set), nil
	}
	_, found, err := Founding(payload)
	if err != nil {
		return Head{}, nil, fmt.Errorf("genesis: %w", err)
	}
	if found.Time.Unix() != t.Unix() {
		return Head{}, nil, fmt.Errorf("genesis: the payload was made for %s, the engine starts at %s", found.Time, t.UTC())
	}
	now := found.Time.AddSeconds(found.Offset)
	b := &block{rules: found.Rules, work: l.newWorking(0, now), origin: found.Name, verify: l.opts.Verify}
	o := b.apply(payload, nil)
	if r := o.Refusal(); r != nil {
		return Head{}, nil, fmt.Errorf("genesis: act %d of the founding payload is refused: %w", o.Act, r)
	}
	if _, ok := b.work.records[recordID{license.KindMembers, "set"}]; !ok {
		return Head{}, nil, fmt.Errorf("genesis: the founding payload names no members")
	}
	b.outcomes, b.hashes = []Outcome{o}, [][32]byte{hash}
	changes, err := l.close(b, Head{Origin: OriginOf(found.Name, payload), Genesis: hash})
	if err != nil {
		return Head{}, nil, err
	}
	l.pending = b
	if err := l.Commit(); err != nil {
		return Head{}, nil, err
	}
	return l.Head(), changes, nil
}
