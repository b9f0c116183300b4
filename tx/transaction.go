package tx

import (
	"licet/license"
	"licet/phrase"
	"licet/strict"
)

// Limits of a transaction.
const (
	TransactionBytesMax = 1 << 20
	ActsMax             = 1000
	SignaturesMax       = 64
	HeaderBytesMax      = 1024
	HeaderVersion       = 1
	LifeDaysMax         = 90 // days from signed_at to not_after, at most
	ClockSkewSeconds    = 10 // signed_at may be so much later than block time: a heartbeat
)

// A Header is what signatures are over. It binds the acts by their Merkle root,
// so that one act of many can be shown with its path and the others kept back.
type Header struct {
	V        int64           `json:"v,required"`
	Origin   string          `json:"origin,required"` // network name / genesis hash; of a founding payload the bare name
	SignedAt license.Instant `json:"signed_at,required"`
	NotAfter license.Instant `json:"not_after,required"` // no block after this instant records it
	All      bool            `json:"all"`                // true: all acts or none; absent: each for itself
	Acts     int64           `json:"acts,required"`      // number of acts
	Root     license.Hash    `json:"root,required"`      // RFC 6962 root over the acts' bytes
}

// wire is a transaction as it travels.
type wire struct {
	Header     strict.Raw        `json:"header,required"`
	Acts       []strict.Raw      `json:"acts,required"`
	Openings   []license.Opening `json:"openings"`
	Signatures []Signature       `json:"signatures"`
}

// A Transaction is a header, the acts that it binds, their openings, and the
// signatures over the header.
type Transaction struct {
	Header          Header
	HeaderBytes     []byte
	HeaderHash      license.Hash // SHA-256 of the header's bytes: the payload's name
	ActBytes        [][]byte
	Acts            []license.Act
	Openings        []license.Opening
	Signatures      []Signature
	SignaturesHash  license.Hash // SHA-256 of SignaturesBytes
	SignaturesBytes []byte       // the signatures as they are counted; set by Parse

	leaves []license.Hash // of the acts; set by Parse
}

func malformed(code, format string, a ...any) *license.Refusal {
	return license.Refuse(code, "spec/transaction", format, a...)
}

// Parse is ParseUnder the newest rules.
func Parse(b []byte) (*Transaction, *license.Refusal) {
	return ParseUnder(license.RulesNewest, b)
}

// Under refuses a transaction that has an act of later rules, as one that cannot be
// read: a program that had no later rules could not.
func (t *Transaction) Under(rules int64) *license.Refusal {
	for i, a := range t.Acts {
		if license.Since(a.Verb()) > rules {
			return malformed("malformed", "Act %d cannot be read: there is no %s under rules %d.", i+1, a.Verb(), rules)
		}
		if _, adopts := a.(*license.RulesAdopt); adopts && len(t.Acts) > 1 {
			return malformed("malformed", "Act %d cannot be read: rules.adopt stands alone in its payload.", i+1)
		}
	}
	return nil
}

// ParseUnder reads a transaction and checks all that needs no state: the one writing,
// limits, the acts' root and number, that every opening fits a commitment of an
// act and none is missing. It checks no signature (VerifySignatures does).
func ParseUnder(rules int64, b []byte) (*Transaction, *license.Refusal) {
	if len(b) > TransactionBytesMax {
		return nil, malformed("too-large", "A transaction has at most %d bytes, this one has %d.", TransactionBytesMax, len(b))
	}
	var w wire
	if err := strict.Decode(b, &w, TransactionBytesMax); err != nil {
		return nil, malformed("malformed", "The transaction cannot be read: %v", err)
	}
	t := &Transaction{HeaderBytes: w.Header, HeaderHash: license.HashOf(w.Header), Openings: w.Openings, Signatures: w.Signatures}
	if err := strict.Decode(w.Header, &t.Header, HeaderBytesMax); err != nil {
		return nil, malformed("malformed", "The header cannot be read: %v", err)
	}
	if r := t.Header.Check(); r != nil {
		return nil, r
	}
	if int(t.Header.Acts) != len(w.Acts) {
		return nil, malformed("acts-number", "The header counts %d acts, the transaction holds %d.", t.Header.Acts, len(w.Acts))
	}
	for i, raw := range w.Acts {
		a, err := license.ParseAct(raw)
		if err != nil {
			return nil, malformed("malformed", "Act %d cannot be read: %v", i+1, err)
		}
		t.ActBytes, t.Acts = append(t.ActBytes, raw), append(t.Acts, a)
	}
	if r := t.Under(rules); r != nil {
		return nil, r
	}
	if r := t.check(rules); r != nil {
		return nil, t.Refused(rules, r)
	}
	return t, nil
}

// check checks what follows once all acts are read.
func (t *Transaction) check(rules int64) *license.Refusal {
	t.leaves = leafHashes(t.ActBytes)
	if root := treeHash(t.leaves); root != t.Header.Root {
		return malformed("acts-root", "The acts are not those that were signed: their root is %s, the header has %s.", root, t.Header.Root)
	}
	if r := t.checkOpenings(rules); r != nil {
		return r
	}
	return t.checkSignatureList()
}

// Refused gives a refusal of rules.adopt under rules 1 the code that it had from
// programs without that act: the engine's headers hold codes, and a chain that such a
// program made replays.
func (t *Transaction) Refused(rules int64, r *license.Refusal) *license.Refusal {
	if _, adopts := t.Acts[0].(*license.RulesAdopt); adopts && rules == 1 {
		r.Code = "malformed"
	}
	return r
}

// Check checks what a header says by itself: version, number of acts, life.
func (h *Header) Check() *license.Refusal {
	switch {
	case h.V != HeaderVersion:
		return malformed("version", "The header has version %d; this network reads %d.", h.V, HeaderVersion)
	case h.Acts < 1 || h.Acts > ActsMax:
		return malformed("acts-number", "The header counts %d acts; 1 to %d are allowed.", h.Acts, ActsMax)
	case h.NotAfter < h.SignedAt || h.NotAfter > h.SignedAt.AddSeconds(LifeDaysMax*86400):
		return malformed("life", "not_after is at most %d days after signed_at, and not before it.", LifeDaysMax)
	}
	return nil
}

func (t *Transaction) checkOpenings(rules int64) *license.Refusal {
	want := map[license.Hash]string{}
	for _, a := range t.Acts {
		for _, o := range a.Opens() {
			want[o.Commitment] = o.Kind
		}
	}
	for i := range t.Openings {
		o := &t.Openings[i]
		if err := CheckOpening(rules, o); err != nil {
			return malformed("opening", "Opening %d: %v.", i+1, err)
		}
		c := o.Commit()
		if kind, ok := want[c]; !ok || kind != o.Kind {
			return malformed("opening-extra", "Opening %d (%s) fits no commitment of the acts; each stands once.", i+1, o.Kind)
		}
		delete(want, c)
	}
	if len(want) > 0 {
		return malformed("opening-missing", "%d openings are missing: every commitment of an act needs its opening.", len(want))
	}
	return nil
}

// CheckOpening checks an opening's form: salt, size, and that names and orders
// are in their one writing. Under rules 1 there are no texts of contracts.
func CheckOpening(rules int64, o *license.Opening) error {
	text := o.Kind == license.OpeningContract && len(o.Salt) == 0 && rules > 1
	if len(o.Salt) != license.SaltBytes && !text {
		return phrase.Errorf("the salt has %d bytes, not %d", len(o.Salt), license.SaltBytes)
	}
	if len(o.Bytes) == 0 || len(o.Bytes) > license.OpeningBytesMax {
		return phrase.Errorf("it has %d bytes; 1 to %d are allowed", len(o.Bytes), license.OpeningBytesMax)
	}
	var err error
	switch o.Kind {
	case license.OpeningName:
		_, err = license.ParseName(o.Bytes)
	case license.OpeningOrder:
		_, err = license.ParseOrderDocument(o.Bytes)
	case license.OpeningSettlement:
		_, err = license.ParseSettlementDocument(o.Bytes)
	default:
		err = license.CheckText(o.Bytes)
	}
	return err
}

func (t *Transaction) checkSignatureList() *license.Refusal {
	if r := CheckSigners(t.Signatures); r != nil {
		return r
	}
	t.SignaturesBytes = strict.Encode(t.Signatures)
	t.SignaturesHash = license.HashOf(t.SignaturesBytes)
	return nil
}

// CheckSigners checks that each key stands once: one key must not count as two
// people.
func CheckSigners(ss []Signature) *license.Refusal {
	if len(ss) > SignaturesMax {
		return malformed("signatures", "A transaction has at most %d signatures.", SignaturesMax)
	}
	for i, s := range ss {
		for _, o := range ss[:i] {
			// A signer may stand twice, with the old and the new root key.
			if o.Key == s.Key {
				return malformed("signed-twice", "%s signed with a key that signed already; each key stands once.", s.By)
			}
		}
	}
	return nil
}

// VerifySignatures checks every signature's equation. One that does not hold
// refuses the transaction; the same payload with good signatures may come after.
// verify may remember what held; nil checks anew.
func (t *Transaction) VerifySignatures(verify func(Signature, []byte) error) *license.Refusal {
	if verify == nil {
		verify = Signature.Verify
	}
	for _, s := range t.Signatures {
		if err := verify(s, t.HeaderBytes); err != nil {
			return malformed("bad-signature", "The signature of %s does not hold: %v", s.By, err)
		}
	}
	return nil
}

// Signers returns who signed.
func (t *Transaction) Signers() []license.Signer {
	ss := make([]license.Signer, len(t.Signatures))
	for i, s := range t.Signatures {
		ss[i] = license.Signer{By: s.By, Key: string(s.Key)}
	}
	return ss
}

// Encode writes the transaction in the one writing.
func (t *Transaction) Encode() []byte {
	w := wire{Header: t.HeaderBytes, Openings: t.Openings, Signatures: t.Signatures}
	for _, a := range t.ActBytes {
		w.Acts = append(w.Acts, a)
	}
	return strict.Encode(&w)
}

// New makes an unsigned transaction of acts. signedAt is floored to seconds;
// life is how long it may be recorded, in seconds.
func New(origin string, all bool, signedAt license.Instant, life int64, acts []license.Act, openings []license.Opening) *Transaction {
	t := &Transaction{Acts: acts, Openings: openings}
	for _, a := range acts {
		t.ActBytes = append(t.ActBytes, license.EncodeAct(a))
	}
	t.Header = Header{
		V: HeaderVersion, Origin: origin, SignedAt: signedAt, NotAfter: signedAt.AddSeconds(life), All: all,
		Acts: int64(len(acts)), Root: ActsRoot(t.ActBytes),
	}
	t.HeaderBytes = strict.Encode(&t.Header)
	t.HeaderHash = license.HashOf(t.HeaderBytes)
	return t
}

// Sign adds a signature.
func (t *Transaction) Sign(s Signature) { t.Signatures = append(t.Signatures, s) }

// ActsRoot returns the RFC 6962 root over acts. Of one act it is its leaf hash.
func ActsRoot(acts [][]byte) license.Hash {
	return treeHash(leafHashes(acts))
}
