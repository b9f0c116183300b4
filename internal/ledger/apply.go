package ledger

import (
	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// A block is one block's work between Finalize and Commit.
type block struct {
	height  int64
	rules   int64 // that decide it
	work    *working
	origin  string
	founded bool // false while the founding payload is applied
	verify  func(tx.Signature, []byte) error

	run *runner // of contracts; nil: there are none under the block's rules

	outcomes []Outcome
	hashes   [][32]byte        // of the transactions
	payloads []*tx.Transaction // nil where nothing was applied

	after   Head
	edge    frontier
	pending pendingMap
}

// apply applies one transaction: nothing, all of it, or, where its acts stand
// each for itself, those that are not refused. checked is the transaction when it
// was read and its signatures checked before, else nil.
func (b *block) apply(raw []byte, checked *tx.Transaction) Outcome {
	o := Outcome{Block: b.height, Time: b.work.now}
	t, r := checked, (*license.Refusal)(nil)
	if t == nil {
		t, r = tx.ParseUnder(b.rules, raw)
	} else {
		r = t.Under(b.rules)
	}
	if r == nil {
		o.Payload = t.HeaderHash
		if r = b.admit(t, checked != nil); r != nil {
			r = t.Refused(b.rules, r)
		}
	}
	if r != nil {
		o.refuse(0, r)
		b.payloads = append(b.payloads, nil)
		return o
	}
	w := b.work.over()
	w.headers[t.HeaderHash] = t.Header.NotAfter
	calendars := b.run.calendars(t)
	triggers := b.acts(w, t, &o)
	if len(o.Applied) > 0 {
		w.merge()
		b.payloads = append(b.payloads, t)
	} else {
		b.work.fail(w.err)
		b.payloads = append(b.payloads, nil)
	}
	for _, c := range calendars {
		b.run.turn(c)
	}
	if b.run != nil {
		b.run.after(triggers)
	}
	return o
}

// admit judges the payload as such, before its acts. verified says that its
// signatures were checked already.
func (b *block) admit(t *tx.Transaction, verified bool) *license.Refusal {
	const spec = "spec/transaction"
	h, now := &t.Header, b.work.now
	switch {
	case h.Origin != b.origin:
		return license.Refuse("wrong-origin", spec, "The payload is signed for network %q; this is %q.", h.Origin, b.origin)
	case b.founded && h.SignedAt > now.AddSeconds(tx.ClockSkewSeconds):
		return license.Refuse("signed-later", spec, "The payload says it was signed at %s; it is %s. Set the signer's clock.", h.SignedAt, now)
	case b.founded && h.NotAfter < now:
		return license.Refuse("expired", spec, "The payload could be recorded until %s; it is %s. Sign again.", h.NotAfter, now)
	}
	if !verified {
		if r := t.VerifySignatures(b.verify); r != nil {
			return r
		}
	}
	return checkParties(t, b.work)
}

// checkParties checks that passkeys signed for their own member's site.
func checkParties(t *tx.Transaction, v license.View) *license.Refusal {
	for _, s := range t.Signatures {
		if !s.IsWebAuthn() {
			continue
		}
		rp := license.RelyingPartyOf(s.By, v)
		if err := s.CheckRelyingParty(tx.RelyingParty{ID: rp.ID, Origins: rp.Origins, AllowSynced: rp.Synced}); err != nil {
			return license.Refuse("bad-signature", "spec/signatures", "The passkey signature of %s does not count: %v", s.By, err)
		}
	}
	return nil
}

// acts applies the payload's acts, and returns what contracts may answer.
func (b *block) acts(w *working, t *tx.Transaction, o *Outcome) (ts []trigger) {
	signers, brought := t.Signers(), map[license.Hash]*license.Opening{}
	for i := range t.Openings {
		brought[t.Openings[i].Commit()] = &t.Openings[i]
	}
	for i, a := range t.Acts {
		aw := w.over()
		en, r := b.act(aw, t, a, signers, license.Cause{Header: t.HeaderHash, Signatures: t.SignaturesHash, Act: int64(i)})
		more := []trigger(nil)
		if r == nil && b.run != nil {
			more, r = b.run.before(aw, a, en)
		}
		switch {
		case r == nil:
			aw.entries[0].act = t.ActBytes[i] // those behind it are of contracts
			ts = append(ts, more...)
			aw.merge()
			w.open(en, brought)
			o.Applied = append(o.Applied, Applied{int64(i + 1), en.Index, en.Hash, en.Kind, en.ID})
		case t.Header.All:
			w.fail(aw.err)
			o.Applied = nil
			o.refuse(i+1, t.Refused(b.rules, r))
			return nil
		default:
			w.fail(aw.err)
			o.Refused = append(o.Refused, ActRefusal{int64(i + 1), r.Code, r.Sentence, r.Citation})
		}
	}
	if len(o.Applied) == 0 && len(o.Refused) > 0 {
		f := o.Refused[0]
		o.refuse(int(f.Act), t.Refused(b.rules, &license.Refusal{Code: f.Code, Sentence: f.Sentence, Citation: f.Citation}))
	}
	return ts
}

func (b *block) act(w *working, t *tx.Transaction, a license.Act, signers []license.Signer, cause license.Cause) (*newEntry, *license.Refusal) {
	if _, found := a.(*license.NetworkFound); found && b.founded {
		return nil, license.Refuse("founded", "spec/acts", "The network is founded already.")
	}
	if r := checkKeys(a); r != nil {
		return nil, r
	}
	if r := checkSetOnce(a, w); r != nil {
		return nil, r
	}
	if r := license.Authorize(a, signers, w); r != nil {
		return nil, r
	}
	e, r := license.Decide(a, w)
	if r == nil {
		r = checkAdoption(a, t, w)
	}
	if r != nil {
		return nil, r
	}
	return w.write(e, a.Verb(), &cause, b.height)
}

// checkSetOnce: set n signs a map in which set n+1 stands; were there two in one
// block, nobody could follow from n to n+2.
func checkSetOnce(a license.Act, w *working) *license.Refusal {
	if _, ok := a.(*license.MemberSetAct); !ok {
		return nil
	}
	for x := w; x != nil; x = x.under {
		if _, ok := x.records[recordID{license.KindMembers, "set"}]; ok {
			return license.Refuse("set-once", "spec/acts", "This block changed the member set already; send the act again for the next block.")
		}
	}
	return nil
}

// checkKeys checks the form of public keys that an act brings into the registry.
func checkKeys(a license.Act) *license.Refusal {
	bad := func(key string) *license.Refusal {
		if _, err := tx.ParseKey(tx.KeySpec(key)); err != nil {
			return license.Refuse("bad-key", "spec/signatures", "The key %q cannot be used: %v", key, err)
		}
		return nil
	}
	switch a := a.(type) {
	case *license.OfficerAppoint:
		return bad(a.Key)
	case *license.OfficerAmend:
		return bad(a.Key)
	case *license.OfficerRecover:
		return bad(a.Key)
	case *license.BoardCreate:
		return bad(a.Root)
	case *license.BoardClaim:
		return bad(a.Root)
	case *license.BoardSucceed:
		return bad(a.Root)
	case *license.MemberSetAct:
		for _, m := range a.Members {
			if r := bad(m.Root); r != nil {
				return r
			}
			if err := proof.CheckMember(m); err != nil {
				return license.Refuse("bad-key", "spec/trust", "Member %s: %v", m.ID, err)
			}
		}
		// A set of which no trust file can be made would end the trust trail.
		set := license.MemberSet{Set: a.Set, Members: a.Members}
		if err := proof.TrustOf("network/0000000000000000", set, nil).Check(); err != nil {
			return license.Refuse("bad-key", "spec/trust", "The member set cannot be trusted by anybody: %v", err)
		}
	}
	return nil
}

// open keeps the openings that an applied act commits to, so that contracts read them from
// the payload's next act on. One that is sealed is not kept, although an act beside brings
// it along.
func (w *working) open(en *newEntry, brought map[license.Hash]*license.Opening) {
	for _, x := range en.Also {
		if x.Kind != license.KindOpening {
			continue
		}
		c, err := license.ParseHash(x.ID)
		o := brought[c]
		if err != nil || o == nil {
			continue
		}
		var r license.OpeningRecord
		if err := strict.Decode(x.Value, &r, recordBytesMax); err == nil && !r.Sealed {
			w.openings[c] = encodeOpening(o)
		}
	}
}
