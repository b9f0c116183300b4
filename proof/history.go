package proof

import (
	"bytes"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A record's history is complete when its entries form a chain by their hashes of
// the previous one, from the first to the one that the proved record names as its
// last. Whose word stands behind an entry is judged by doing the signed act again:
// on the records as the histories make them before it, the signatures must suffice
// and the law must give exactly what the entry says. So members who collude can
// neither invent a board's decision, nor bend one, nor record one twice.

// history checks all histories and judges each entry about the first record.
func (c *check) history() error {
	h := &histories{c: c, of: map[[2]string][]license.Recorded{}, payloads: map[[2]license.Hash]*payload{}}
	for i := range c.u.Histories {
		if err := h.add(&c.u.Histories[i]); err != nil {
			return err
		}
	}
	for i := range c.u.Payloads {
		if err := h.addPayload(&c.u.Payloads[i]); err != nil {
			return err
		}
	}
	first := [2]string{c.u.Kind, c.u.ID}
	if _, ok := h.of[first]; !ok && c.records[first].Value != nil {
		return flawf("history", "the bundle lacks the history of %s %s", c.u.Kind, c.u.ID)
	}
	es := h.of[first]
	dead, sealed := license.VoidedEntries(es), license.SealedOrders(es)
	for i, e := range es {
		v := h.judge(i, e)
		v.Voided = dead[e.Hash]
		if e.NamesOrder(sealed) {
			v.Carried = CarriedConfidential
		}
		c.v.Entries = append(c.v.Entries, v)
	}
	return nil
}

// histories are the checked chains of entries, by kind and id.
type histories struct {
	c        *check
	of       map[[2]string][]license.Recorded
	payloads map[[2]license.Hash]*payload
	roots    map[string][]string // board → its root key at each of its entries, when the trust file vouches
}

type payload struct {
	header     tx.Header
	bytes      []byte
	signatures []tx.Signature
	acts       map[int64]license.Act
	bad        error // a signature does not hold
}

// add checks one record's chain against the proved record.
func (h *histories) add(r *RecordHistory) error {
	k := [2]string{r.Kind, r.ID}
	proved := h.c.records[k]
	if proved == nil || proved.Value == nil || h.of[k] != nil {
		return flawf("history", "the history of %s %s stands twice, or beside no such record", r.Kind, r.ID)
	}
	var prev license.Hash
	var es []license.Recorded
	for i := range r.Entries {
		e, err := r.Entries[i].read(h.c.point)
		if err != nil {
			return err
		}
		if e.Kind != r.Kind || e.ID != r.ID || e.Prev != prev || e.Index > h.c.block.Index || len(es) > 0 && e.Index <= es[len(es)-1].Index {
			return flawf("history-chain", "entry %d does not continue the history of %s %s", e.Index, r.Kind, r.ID)
		}
		prev = e.Hash
		es = append(es, e)
	}
	value, err := foldValue(r.Kind, es)
	if err != nil {
		return err
	}
	if !bytes.Equal(value, proved.Value) {
		return flawf("history-fold", "the entries about %s %s do not make the record that is proved", r.Kind, r.ID)
	}
	h.of[k] = es
	return nil
}

// foldValue makes a record's bytes from its entries.
func foldValue(kind string, es []license.Recorded) ([]byte, error) {
	if len(es) == 0 {
		return nil, flawf("history", "a history has at least one entry")
	}
	last := es[len(es)-1]
	if kind == license.KindLicense {
		return strict.Encode(license.FoldLicense(es, "")), nil
	}
	if license.HashOf(last.Body) != last.Result {
		return nil, flawf("history-fold", "entry %d does not hold the body that it names", last.Index)
	}
	return license.ValueWithLast(last.Body, last.Hash), nil
}

// addPayload reads a payload. A signature that does not hold is no flaw of the
// bundle, it only carries nothing.
func (h *histories) addPayload(u *Payload) error {
	p := &payload{bytes: u.Header, acts: map[int64]license.Act{}}
	if err := strict.Decode(u.Header, &p.header, tx.HeaderBytesMax); err != nil {
		return flawf("payload", "a header cannot be read: %v", err)
	}
	if err := strict.Decode(u.Signatures, &p.signatures, tx.TransactionBytesMax); err != nil {
		return flawf("payload", "signatures cannot be read: %v", err)
	}
	for _, a := range u.Acts {
		path, err := ParseHexPath(a.Path)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(path, p.header.Acts, tlog.Hash(p.header.Root), a.Number, tlog.Hash(license.LeafHash(a.Act))); err != nil {
			return flawf("payload", "act %d is not of its header: %v", a.Number, err)
		}
		act, err := license.ParseAct(a.Act)
		if err != nil {
			return flawf("payload", "act %d cannot be read: %v", a.Number, err)
		}
		p.acts[a.Number] = act
	}
	for _, s := range p.signatures {
		if err := s.Verify(u.Header); err != nil {
			p.bad = err
		}
	}
	k := [2]license.Hash{license.HashOf(u.Header), license.HashOf(u.Signatures)}
	if h.payloads[k] != nil {
		return flawf("payload", "payload %s stands twice", k[0])
	}
	h.payloads[k] = p
	return nil
}

// judge says whose word carries entry i of a record.
func (h *histories) judge(i int, e license.Recorded) EntryVerdict {
	v := EntryVerdict{Recorded: e, Carried: CarriedRecorded}
	p, act, why := h.signed(&e)
	if why != "" {
		v.Why = why
		return v
	}
	for _, s := range p.signatures {
		v.By = append(v.By, s.By)
	}
	past := &past{h: h, at: e.Index, now: e.Time}
	if why := h.redo(act, p, past, &e); why != "" {
		v.Why, v.By = why, nil
		return v
	}
	switch {
	case e.Import != nil:
		v.Carried = CarriedCopied
	case license.BoardOf(e.Kind, e.ID) == "":
		v.Carried = CarriedNetwork
	default:
		v.Carried = CarriedSigned
	}
	return v
}

// signed finds the payload and act that an entry names.
func (h *histories) signed(e *license.Recorded) (*payload, license.Act, string) {
	if e.Cause == nil {
		return nil, nil, "no act is named"
	}
	p := h.payloads[[2]license.Hash{e.Cause.Header, e.Cause.Signatures}]
	if p == nil {
		return nil, nil, "the signed payload is not in the bundle"
	}
	act := p.acts[e.Cause.Act]
	switch name, _ := cutLast(h.c.u.Origin); {
	case act == nil:
		return nil, nil, "the signed act is not in the bundle"
	case p.bad != nil:
		return nil, nil, "a signature does not hold: " + p.bad.Error()
	case p.header.Origin != h.c.u.Origin && !(e.Block == 0 && p.header.Origin == name):
		return nil, nil, "the payload was signed for another network"
	case e.Block > 0 && (e.Time > p.header.NotAfter || p.header.SignedAt > e.Time.AddSeconds(tx.ClockSkewSeconds)):
		return nil, nil, "the payload could not be recorded at that time"
	case act.Verb() != e.Act:
		return nil, nil, "the signed act is another one"
	}
	return p, act, ""
}

func cutLast(origin string) (name, hash string) {
	i := strings.LastIndexByte(origin, '/')
	return origin[:max(i, 0)], origin[i+1:]
}

// redo decides the signed act again and compares with the entry.
func (h *histories) redo(act license.Act, p *payload, past *past, e *license.Recorded) string {
	var signers []license.Signer
	for _, s := range p.signatures {
		if s.IsWebAuthn() {
			rp := license.RelyingPartyOf(s.By, past)
			if err := s.CheckRelyingParty(tx.RelyingParty{ID: rp.ID, Origins: rp.Origins, AllowSynced: rp.Synced}); err != nil {
				return err.Error()
			}
		}
		signers = append(signers, license.Signer{By: s.By, Key: string(s.Key)})
	}
	if r := license.Authorize(act, signers, past); r != nil {
		return r.Error()
	}
	eff, r := license.Decide(act, past)
	if r != nil {
		return "the law refuses the act: " + r.Error()
	}
	if past.missing != "" {
		return "the bundle lacks " + past.missing
	}
	body := strict.Encode(eff.Record)
	if eff.Kind != e.Kind || eff.ID != e.ID || eff.Effective != e.Effective || eff.Replaces != e.Replaces ||
		!bytes.Equal(strict.Encode(eff.Changes), strict.Encode(e.Changes)) || !bytes.Equal(strict.Encode(eff.Voids), strict.Encode(e.Voids)) ||
		!sameImport(eff.Import, e.Import) || license.HashOf(body) != e.Result {
		return "the entry says something else than the act that was signed"
	}
	return ""
}

func sameImport(a, b *license.Provenance) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// A past is the records as they stood before an entry, as far as the histories
// tell: it is the license.View on which an act is decided again.
type past struct {
	h       *histories
	at      int64 // index of the entry
	now     license.Instant
	missing string // a record that the law asked for and the bundle does not tell
}

// Now implements license.View.
func (p *past) Now() license.Instant { return p.now }

// Entries implements license.View.
func (p *past) Entries(kind, id string) []license.Recorded {
	es := p.h.of[[2]string{kind, id}]
	n := 0
	for n < len(es) && es[n].Index < p.at {
		n++
	}
	return es[:n:n]
}

// NotAfter implements license.View.
func (p *past) NotAfter(header license.Hash) license.Instant {
	for k, x := range p.h.payloads {
		if k[0] == header {
			return x.header.NotAfter
		}
	}
	return ""
}

// Get implements license.View. Openings and licensee ids were unused, since the
// record's own chain shows that the act was applied once; another board's license
// and the link's state are not told, and nothing of the entry depends on them.
func (p *past) Get(kind, id string, into any) bool {
	es := p.Entries(kind, id)
	if len(es) > 0 {
		v, err := foldValue(kind, es)
		if err != nil || strict.Decode(v, into, BundleBytesMax) != nil {
			p.missing = kind + " " + id
			return false
		}
		if b, ok := into.(*license.Board); ok {
			b.Root = p.h.rootAt(id, len(es)-1)
		}
		return true
	}
	if _, told := p.h.of[[2]string{kind, id}]; told {
		return false
	}
	return p.untold(kind, id, into)
}

func (p *past) untold(kind, id string, into any) bool {
	switch kind {
	case license.KindOpening, license.KindLicensee, license.KindLink:
		return false
	case license.KindLicense:
		if l, ok := into.(*license.License); ok && id != p.h.c.u.ID {
			l.Licensee = "another"
			return true
		}
		return false
	}
	// A record that is proved absent now was never there: records do not go.
	if r := p.h.c.records[[2]string{kind, id}]; r == nil || r.Value != nil {
		p.missing = kind + " " + id
	}
	return false
}

// rootAt returns a board's root key after its entry i: taken from the trust file,
// and from successions that the old and the new root both signed. Never from the
// map: if the trust file's root is not among them, it is "".
func (h *histories) rootAt(board string, i int) string {
	if h.roots == nil {
		h.roots = map[string][]string{}
	}
	if _, done := h.roots[board]; !done {
		h.roots[board] = h.rootsOf(board)
	}
	if rs := h.roots[board]; i < len(rs) {
		return rs[i]
	}
	return ""
}

func (h *histories) rootsOf(board string) []string {
	trusted := ""
	for _, b := range h.c.trust.Boards {
		if b.ID == board {
			trusted = b.Key
		}
	}
	es := h.of[[2]string{license.KindBoard, board}]
	roots := make([]string, len(es))
	from, found := 0, false // roots[from:] hang together by signed successions
	for i, e := range es {
		var b license.Board
		if strict.Decode(e.Body, &b, BundleBytesMax) != nil {
			break
		}
		if i > 0 && b.Root != roots[i-1] && !h.succeeds(&e, roots[i-1], b.Root) {
			if found {
				return roots // what comes after nobody vouches for
			}
			from = i
		}
		roots[i] = b.Root
		found = found || b.Root == trusted
	}
	if !found {
		return make([]string, len(es))
	}
	clear(roots[:from])
	return roots
}

// succeeds says whether old and new root both signed the succession.
func (h *histories) succeeds(e *license.Recorded, old, next string) bool {
	p, act, why := h.signed(e)
	a, ok := act.(*license.BoardSucceed)
	if why != "" || !ok || a.Root != next || license.KindBoard != e.Kind || a.Board != e.ID {
		return false
	}
	var oldSigned, newSigned bool
	for _, s := range p.signatures {
		oldSigned = oldSigned || string(s.Key) == old
		newSigned = newSigned || string(s.Key) == next
	}
	return oldSigned && newSigned
}
