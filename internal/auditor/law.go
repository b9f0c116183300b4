package auditor

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// Every entry must be a signed act, of those whom the records allow to sign it, as
// they stood before the entry; and the law, asked again, must write exactly this
// entry. An auditor sees all entries, so nothing of this rests on a node's word. What
// an auditor does not see are openings, most of which are not for the public: that
// they came with their acts, the members vouch for.

// A payloadName is what a cause names besides the act.
type payloadName struct{ header, signatures license.Hash }

// A payload is what was signed, as far as entries name it.
type payload struct {
	header     tx.Header
	bytes      []byte
	written    []byte // the list of signatures
	signatures []tx.Signature
	acts       map[int64][]byte
	bad        error // it is not as a transaction must be
}

// signed fetches what was signed behind the entries from index from on; next is the
// index up to which it tells.
func (a *Auditor) signed(from, to int64) (next int64, ps map[payloadName]*payload, err error) {
	path := fmt.Sprintf("v1/signed?from=%d&to=%d", from, to)
	b, err := a.fetch(path, proof.SignedBytesMax)
	if err != nil {
		return 0, nil, err
	}
	s, err := proof.ParseSigned(b)
	if err == nil && (s.From != from || s.Next <= from || s.Next > to) {
		err = fmt.Errorf("it tells of the entries from %d to %d", s.From, s.Next)
	}
	if err != nil {
		return 0, nil, &Alarm{What: fmt.Sprintf("the node does not show what was signed behind the entries %d to %d: %v", from, to-1, err)}
	}
	ps = map[payloadName]*payload{}
	var all []*payload
	for i := range s.Payloads {
		u := &s.Payloads[i]
		p := readPayload(u)
		ps[payloadName{license.HashOf(u.Header), license.HashOf(u.Signatures)}] = p
		all = append(all, p)
	}
	verify(all)
	return s.Next, ps, nil
}

func readPayload(u *proof.Payload) *payload {
	p := &payload{bytes: u.Header, written: u.Signatures, acts: map[int64][]byte{}}
	if err := strict.Decode(u.Header, &p.header, tx.HeaderBytesMax); err != nil {
		p.bad = fmt.Errorf("the header cannot be read: %w", err)
		return p
	}
	if err := strict.Decode(u.Signatures, &p.signatures, tx.TransactionBytesMax); err != nil {
		p.bad = fmt.Errorf("the signatures cannot be read: %w", err)
		return p
	}
	for i := range u.Acts {
		x := &u.Acts[i]
		if err := x.CheckAct(p.header.Acts, p.header.Root); err != nil {
			p.bad = err
			return p
		}
		p.acts[x.Number] = x.Act
	}
	if r := p.header.Check(); r != nil {
		p.bad = r
	} else if r := tx.CheckSigners(p.signatures); r != nil {
		p.bad = r
	}
	return p
}

// verify checks the signatures, on all cores.
func verify(all []*payload) {
	var wg sync.WaitGroup
	work := make(chan *payload)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for p := range work {
				for i := range p.signatures {
					if err := p.signatures[i].Verify(p.bytes); err != nil && p.bad == nil {
						p.bad = fmt.Errorf("the signature of %s does not hold: %w", p.signatures[i].By, err)
					}
				}
			}
		})
	}
	for _, p := range all {
		if p.bad == nil {
			work <- p
		}
	}
	close(work)
	wg.Wait()
}

// redo decides the entry's act again, before the entry is folded.
func (b *block) redo(e *license.Recorded, raw []byte, ps map[payloadName]*payload) error {
	untrue := func(format string, a ...any) error {
		return &Alarm{What: fmt.Sprintf("entry %d (%s, %s %s, block %d of %s) is false: %s", e.Index, e.Act, e.Kind, e.ID, e.Block, e.Time, fmt.Sprintf(format, a...))}
	}
	if !e.Signed() {
		return b.automatic(e, raw, untrue)
	}
	name := payloadName{e.Cause.Header, e.Cause.Signatures}
	p := ps[name]
	if p == nil {
		return untrue("the node does not show payload %s with signatures %s, which it names", name.header, name.signatures)
	}
	if p.bad != nil {
		return untrue("%v", p.bad)
	}
	if why := b.admits(e, p); why != "" {
		return untrue("%s", why)
	}
	act, err := license.ParseAct(p.acts[e.Cause.Act])
	if err != nil {
		return untrue("act %d of payload %s is not shown, or cannot be read: %v", e.Cause.Act+1, name.header, err)
	}
	v := &past{b: b, now: e.Time, height: e.Block}
	if why := v.has(act, p); why != "" {
		return errors.Join(v.err, untrue("%s", why))
	}
	if b.counted[name] == nil { // as the records stand before the payload's first act
		if err := v.parties(p); err != nil {
			return errors.Join(v.err, untrue("%v", err))
		}
		b.counted[name] = &counted{payload: p, acts: map[int64][]byte{}}
		if err := b.batch.Set(headerKey(name.header), []byte(p.header.NotAfter), nil); err != nil {
			return err
		}
	}
	b.counted[name].acts[e.Cause.Act] = p.acts[e.Cause.Act]
	if _, ok := act.(*license.MemberSetAct); ok && b.written[[2]string{license.KindMembers, "set"}] != nil {
		return untrue("the block changed the member set already")
	}
	signers := make([]license.Signer, len(p.signatures))
	for i, s := range p.signatures {
		signers[i] = license.Signer{By: s.By, Key: string(s.Key)}
	}
	if r := license.Authorize(act, signers, v); r != nil {
		return errors.Join(v.err, untrue("whoever signed it may not: %s", r.Sentence))
	}
	eff, r := license.Decide(act, v)
	switch {
	case r != nil:
		return errors.Join(v.err, untrue("the law refuses the act that was signed: %s", r.Sentence))
	case v.err != nil:
		return v.err
	case !bytes.Equal(entryOf(eff, act.Verb(), e), raw):
		return untrue("it says something else than the act that was signed does")
	}
	return nil
}

// has says why the rules of the act's block do not have it; "" when they do.
func (p *past) has(act license.Act, u *payload) string {
	var n license.Network
	p.Get(license.KindNetwork, "network", &n)
	_, adopts := act.(*license.RulesAdopt)
	switch rules := n.RulesAt(p.height); {
	case p.height > 0 && license.Since(act.Verb()) > rules:
		return fmt.Sprintf("there is no %s under rules %d", act.Verb(), rules)
	case adopts && u.header.Acts != 1:
		return "rules.adopt does not stand alone in its payload"
	}
	return ""
}

// admits says why a payload could not be recorded with the entry; "" when it could.
func (b *block) admits(e *license.Recorded, p *payload) string {
	origin := b.s.origin
	if e.Block == 0 {
		origin = origin[:max(strings.LastIndexByte(origin, '/'), 0)]
	}
	switch {
	case p.header.Origin != origin:
		return fmt.Sprintf("its payload was signed for network %q", p.header.Origin)
	case e.Block == 0:
		return ""
	case e.Time > p.header.NotAfter:
		return fmt.Sprintf("its payload could be recorded until %s", p.header.NotAfter)
	case p.header.SignedAt > e.Time.AddSeconds(tx.ClockSkewSeconds):
		return fmt.Sprintf("its payload says that it was signed at %s", p.header.SignedAt)
	}
	return ""
}

// entryOf writes the entry that an effect makes, where e stands.
func entryOf(eff *license.Effect, verb string, e *license.Recorded) []byte {
	en, _ := eff.Entry(verb)
	en.Index, en.Block, en.Time, en.Prev, en.Cause = e.Index, e.Block, e.Time, e.Prev, e.Cause
	return strict.Encode(&en)
}

// counted are the acts of one payload that a block recorded.
type counted struct {
	*payload
	acts map[int64][]byte
}

// whole checks what a block says of its payloads as such: all or nothing, and that
// the founding is the one that the network is named after.
func (b *block) whole() error {
	for name, c := range b.counted {
		if n := int64(len(c.acts)); c.header.All && n != c.header.Acts {
			return &Alarm{What: fmt.Sprintf("block %d records %d of the %d acts of payload %s, which were signed to be recorded together", b.seen.height, n, c.header.Acts, name.header)}
		}
	}
	if b.seen.height != 0 {
		return nil
	}
	if len(b.counted) != 1 {
		return &Alarm{What: fmt.Sprintf("the network was founded by %d payloads", len(b.counted))}
	}
	for _, c := range b.counted {
		if !c.header.All {
			return &Alarm{What: "the network was founded by acts that each stand for themselves"}
		}
		return c.founds(b.s.origin)
	}
	return nil
}

// founds checks that a network is named after this founding payload. One that
// brought openings cannot be made again, since most are not for the public.
func (c *counted) founds(origin string) error {
	t := tx.Transaction{HeaderBytes: c.bytes, Signatures: c.signatures}
	for n := range c.header.Acts {
		act, err := license.ParseAct(c.acts[n])
		if err != nil {
			return err
		}
		if len(act.Opens()) > 0 {
			return nil
		}
		t.ActBytes = append(t.ActBytes, c.acts[n])
	}
	h := license.HashOf(t.Encode())
	if name := fmt.Sprintf("%s/%x", c.header.Origin, h[:8]); name != origin {
		return &Alarm{What: fmt.Sprintf("the payload that founded the log makes network %s, and the log calls itself %s", name, origin)}
	}
	return nil
}

// A past is the records as they stand before an entry: the license.View on which
// its act is decided again.
type past struct {
	b      *block
	now    license.Instant
	height int64
	err    error // the store failed
}

// Now implements license.View.
func (p *past) Now() license.Instant { return p.now }

// Height implements license.View.
func (p *past) Height() int64 { return p.height }

// Entries implements license.View.
func (p *past) Entries(kind, id string) []license.Recorded {
	es, err := p.b.entries(kind, id)
	p.err = errors.Join(p.err, err)
	return es
}

// NotAfter implements license.View.
func (p *past) NotAfter(header license.Hash) license.Instant {
	v, err := get(p.b.batch, headerKey(header))
	p.err = errors.Join(p.err, err)
	return license.Instant(v)
}

// Get implements license.View.
func (p *past) Get(kind, id string, into any) bool {
	k := [2]string{kind, id}
	if license.ShareInto(into, p.b.s.parsed[k]) {
		return true
	}
	v, ok := p.b.written[k]
	if !ok {
		var err error
		if v, err = get(p.b.batch, recordKey(kind, id)); err != nil {
			p.err = errors.Join(p.err, err)
			return false
		}
	}
	if v == nil {
		return false
	}
	if err := strict.Decode(v, into, len(v)); err != nil {
		p.err = errors.Join(p.err, fmt.Errorf("record %s %s: %w", kind, id, err))
		return false
	}
	p.b.s.share(k, license.Shared(into))
	return true
}

// parties checks that passkeys signed for their own member's site.
func (p *past) parties(u *payload) error {
	for _, s := range u.signatures {
		if !s.IsWebAuthn() {
			continue
		}
		rp := license.RelyingPartyOf(s.By, p)
		if err := s.CheckRelyingParty(tx.RelyingParty{ID: rp.ID, Origins: rp.Origins, AllowSynced: rp.Synced}); err != nil {
			return fmt.Errorf("the passkey signature of %s does not count: %w", s.By, err)
		}
	}
	return nil
}

// parsedMax bounds the records that are kept parsed.
const parsedMax = 10_000

func (s *store) share(k [2]string, record any) {
	if record == nil {
		return
	}
	if len(s.parsed) >= parsedMax {
		clear(s.parsed)
	}
	s.parsed[k] = record
}

func get(r pebble.Reader, k []byte) ([]byte, error) {
	v, c, err := r.Get(k)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return bytes.Clone(v), c.Close()
}

func recordKey(kind, id string) []byte { return []byte("r" + kind + "\x00" + id) }

func headerKey(h license.Hash) []byte { return append([]byte("H"), h[:]...) }
