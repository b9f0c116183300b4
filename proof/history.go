package proof

import (
	"bytes"
	"sort"
	"strings"

	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A record's history is complete when its entries form a chain by their hashes of
// the previous one, from the first to the one that the proved record names as its
// last. Whose word stands behind an entry is judged by doing the signed act again:
// on the records as the histories make them before it, the signatures must suffice
// and the law must give exactly what the entry says. Records by which others are
// judged (a board, its policy, its officers, …) count only when each of their own
// entries stood this test. So members who collude can neither invent a board's
// decision, nor bend one, nor record one twice.

// history checks all histories and judges each entry about the first record.
func (c *check) history() error {
	h := &histories{
		c: c, of: map[[2]string][]license.Recorded{}, payloads: map[[2]license.Hash]*payload{},
		verdicts: map[license.Hash]*EntryVerdict{}, used: map[actName]bool{}, parsed: map[license.Hash]any{}, roots: map[string][]string{},
	}
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
	if err := h.onlyNamed(); err != nil {
		return err
	}
	first := [2]string{c.u.Kind, c.u.ID}
	if _, ok := h.of[first]; !ok && c.records[first].Value != nil {
		return flawf("history", "the bundle lacks the history of %s %s", c.u.Kind, c.u.ID)
	}
	h.judgeAll()
	c.v.Entries = h.shown(h.of[first])
	return nil
}

// shown is what the verdict says of the entries about the first record. A seal
// that no board signed hides nothing.
func (h *histories) shown(es []license.Recorded) (out []EntryVerdict) {
	var carried []license.Recorded
	for _, e := range es {
		if h.carried(e.Hash) {
			carried = append(carried, e)
		}
	}
	dead, sealed := license.VoidedEntries(es), license.SealedOrders(carried)
	for _, e := range es {
		v := *h.verdicts[e.Hash]
		v.Voided = dead[e.Hash]
		if v.Carried != CarriedRecorded && e.NamesOrder(sealed) {
			v.Carried, v.For = CarriedConfidential, ""
		}
		out = append(out, v)
	}
	return out
}

// judgeAll judges every entry, the oldest first, so that what an entry rests on is
// judged before it. Members and network come before all others: they rest on nothing
// else, and a claim, on which a board's root hangs from its first entry on, rests on
// members.
func (h *histories) judgeAll() {
	var all []*license.Recorded
	for _, es := range h.of {
		for i := range es {
			all = append(all, &es[i])
		}
	}
	first := func(e *license.Recorded) bool { return e.Kind == license.KindMembers || e.Kind == license.KindNetwork }
	sort.Slice(all, func(i, j int) bool {
		if a, b := first(all[i]), first(all[j]); a != b {
			return a
		}
		return all[i].Index < all[j].Index
	})
	for _, e := range all {
		v := h.judge(e)
		h.verdicts[e.Hash] = &v
		if e.Signed() && v.Carried != CarriedRecorded {
			h.used[actName{e.Cause.Header, e.Cause.Act}] = true
		}
	}
}

// carried says whether more than the network's word stands behind an entry that
// was judged.
func (h *histories) carried(e license.Hash) bool {
	v := h.verdicts[e]
	return v != nil && v.Carried != CarriedRecorded
}

// histories are the checked chains of entries, by kind and id.
type histories struct {
	c        *check
	of       map[[2]string][]license.Recorded
	payloads map[[2]license.Hash]*payload
	verdicts map[license.Hash]*EntryVerdict
	used     map[actName]bool     // acts that carry an entry already
	parsed   map[license.Hash]any // records by their last entry
	roots    map[string][]string  // board → its root key at each of its entries, when the trust file vouches
}

// An actName is a header's hash and an act's number under it.
type actName struct {
	header license.Hash
	act    int64
}

type payload struct {
	header     tx.Header
	bytes      []byte
	signatures []tx.Signature
	acts       map[int64]license.Act
	bad        error // header or signatures are not as they must be
}

// add checks one record's chain against the proved record.
func (h *histories) add(r *RecordHistory) error {
	k := [2]string{r.Kind, r.ID}
	proved := h.c.records[k]
	if proved == nil || proved.Value == nil || h.of[k] != nil {
		return flawf("history", "the history of %s %s stands twice, or beside no such record", r.Kind, r.ID)
	}
	var prev license.Hash
	es := make([]license.Recorded, 0, len(r.Entries))
	for i := range r.Entries {
		e, err := r.Entries[i].read(h.c.point)
		if err != nil {
			return err
		}
		if e.Kind != r.Kind || e.ID != r.ID || e.Prev != prev || !follows(&e, es) || !notAfter(&e, &h.c.block) {
			return flawf("history-chain", "entry %d does not continue the history of %s %s", e.Index, r.Kind, r.ID)
		}
		if err := checkBody(&e); err != nil {
			return err
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

// follows says whether an entry can come after those before it.
func follows(e *license.Recorded, before []license.Recorded) bool {
	if len(before) == 0 {
		return true
	}
	last := &before[len(before)-1]
	return e.Index > last.Index && notAfter(last, e)
}

// notAfter says whether a stands at b or before it, by every measure.
func notAfter(a, b *license.Recorded) bool {
	return a.Index <= b.Index && a.Block <= b.Block && a.Time <= b.Time
}

// checkBody checks that an entry about a record has what it must: a license's
// facets are changes and make no body, any other record's body stands whole.
func checkBody(e *license.Recorded) error {
	switch {
	case e.End != nil:
		return flawf("entry", "entry %d is the end of a block and about a record", e.Index)
	case e.Kind == license.KindLicense && e.Body != nil:
		return flawf("entry", "entry %d about a license has a body", e.Index)
	case e.Kind != license.KindLicense && (len(e.Body) < 2 || e.Body[0] != '{' || license.HashOf(e.Body) != e.Result):
		return flawf("history-fold", "entry %d does not hold the body that it names", e.Index)
	}
	return nil
}

// foldValue makes a record's bytes from its entries, each of which checkBody passed.
func foldValue(kind string, es []license.Recorded) ([]byte, error) {
	if len(es) == 0 {
		return nil, flawf("history", "a history has at least one entry")
	}
	if kind == license.KindLicense {
		return strict.Encode(license.FoldLicense(es, "")), nil
	}
	last := es[len(es)-1]
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
		if err := a.CheckAct(p.header.Acts, p.header.Root); err != nil {
			return err
		}
		act, err := license.ParseAct(a.Act)
		if err != nil {
			return flawf("payload", "act %d cannot be read: %v", a.Number, err)
		}
		if p.acts[a.Number] != nil {
			return flawf("payload", "act %d stands twice", a.Number)
		}
		p.acts[a.Number] = act
	}
	p.bad = p.check()
	k := [2]license.Hash{license.HashOf(u.Header), license.HashOf(u.Signatures)}
	if h.payloads[k] != nil {
		return flawf("payload", "payload %s stands twice", k[0])
	}
	h.payloads[k] = p
	return nil
}

// check makes the checks of a transaction that need no state.
func (p *payload) check() error {
	if r := p.header.Check(); r != nil {
		return r
	}
	if r := tx.CheckSigners(p.signatures); r != nil {
		return r
	}
	for _, s := range p.signatures {
		if err := s.Verify(p.bytes); err != nil {
			return err
		}
	}
	return nil
}

// onlyNamed refuses payloads and acts that no entry names: nothing would show that
// they are those which were recorded.
func (h *histories) onlyNamed() error {
	named := map[[2]license.Hash]map[int64]bool{}
	for _, es := range h.of {
		for _, e := range es {
			if !e.Signed() {
				continue
			}
			k := [2]license.Hash{e.Cause.Header, e.Cause.Signatures}
			if named[k] == nil {
				named[k] = map[int64]bool{}
			}
			named[k][e.Cause.Act] = true
		}
	}
	for k, p := range h.payloads {
		if named[k] == nil {
			return flawf("payload-unnamed", "no entry of the bundle names payload %s with these signatures", k[0])
		}
		for n := range p.acts {
			if !named[k][n] {
				return flawf("payload-unnamed", "no entry of the bundle names act %d of payload %s", n, k[0])
			}
		}
	}
	return nil
}

// judge says whose word carries an entry.
func (h *histories) judge(e *license.Recorded) EntryVerdict {
	v := EntryVerdict{Recorded: *e, Carried: CarriedRecorded}
	if !e.Signed() {
		if v.Why = h.automatic(e); v.Why == "" {
			v.Carried = CarriedContract
		}
		return v
	}
	p, act, why := h.signed(e)
	if why != "" {
		v.Why = why
		return v
	}
	for _, s := range p.signatures {
		v.By = append(v.By, s.By)
	}
	past := &past{h: h, at: e.Index, now: e.Time, height: e.Block, act: act}
	if why := h.redo(act, p, past, e); why != "" {
		v.Why, v.By = why, nil
		return v
	}
	switch {
	case e.Import != nil:
		v.Carried = CarriedCopied
	case license.BoardOf(e.Kind, e.ID) == "":
		v.Carried = CarriedNetwork
	default:
		v.Carried, v.For = CarriedSigned, past.keeper(e)
	}
	return v
}

// signed finds the payload and act that an entry names.
func (h *histories) signed(e *license.Recorded) (*payload, license.Act, string) {
	if !e.Signed() {
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
	case e.Block != 0 && p.header.Origin != h.c.u.Origin,
		e.Block == 0 && (p.header.Origin != name || e.Cause.Header != h.founding()):
		return nil, nil, "the payload was signed for another network"
	case e.Block != 0 && (e.Time > p.header.NotAfter || p.header.SignedAt > e.Time.AddSeconds(tx.ClockSkewSeconds)):
		return nil, nil, "the payload could not be recorded at that time"
	case act.Verb() != e.Act:
		return nil, nil, "the signed act is another one"
	}
	return p, act, ""
}

// founding is the founding payload: that of the network's own first entry.
func (h *histories) founding() license.Hash {
	es := h.of[[2]string{license.KindNetwork, "network"}]
	if len(es) == 0 || !es[0].Signed() || es[0].Block != 0 {
		return license.Hash{}
	}
	return es[0].Cause.Header
}

func cutLast(origin string) (name, hash string) {
	i := strings.LastIndexByte(origin, '/')
	return origin[:max(i, 0)], origin[i+1:]
}

// redo decides the signed act again and compares with the entry.
func (h *histories) redo(act license.Act, p *payload, past *past, e *license.Recorded) string {
	if h.used[actName{e.Cause.Header, e.Cause.Act}] {
		return "the act was recorded before"
	}
	var signers []license.Signer
	for _, s := range p.signatures {
		// Who belongs to another board decides nothing here, and that board's member
		// is not told.
		if concerns(s.By, e) {
			if err := checkParty(&s, past); err != nil {
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
	if e.Kind != license.KindLicense && !bytes.Equal(body, e.Body) {
		return "the record is another than the act that was signed makes"
	}
	if !says(e, eff) {
		return "the entry says something else than the act that was signed"
	}
	return ""
}

// checkParty checks that a passkey signed for the site of its signer's member.
func checkParty(s *tx.Signature, past *past) error {
	if !s.IsWebAuthn() {
		return nil
	}
	rp := license.RelyingPartyOf(s.By, past)
	return s.CheckRelyingParty(tx.RelyingParty{ID: rp.ID, Origins: rp.Origins, AllowSynced: rp.Synced})
}

// concerns says whether a signer belongs to the entry's board or is a member.
func concerns(by string, e *license.Recorded) bool {
	kind, id, _ := strings.Cut(by, "/")
	return kind == license.KindMember || license.BoardOf(kind, id) == license.BoardOf(e.Kind, e.ID)
}

// sameWrites compares what is written beside. The values of links and contracts rest on
// other boards' words, which are not told; nor is the call that a board asks for again.
func sameWrites(eff []license.AlsoWrite, ws []license.Write) bool {
	if len(eff) != len(ws) {
		return false
	}
	for i, w := range ws {
		a := &eff[i]
		value := strict.Encode(a.Record)
		if string(value) == "{}" {
			value = nil
		}
		call, retried := a.Record.(*license.Call)
		untold := a.Kind == license.KindLink || a.Kind == license.KindContract || retried && call.Kind == ""
		if a.Kind != w.Kind || a.ID != w.ID || !untold && !bytes.Equal(value, w.Value) {
			return false
		}
	}
	return true
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
	height  int64
	act     license.Act
	missing string // a record that the law asked for and the bundle does not tell
}

// keeper is the member that signed for the entry's board, when files were copied of it
// then; a claim is the board's own.
func (p *past) keeper(e *license.Recorded) string {
	body := e.Body
	if e.Kind != license.KindBoard {
		es := p.Entries(license.KindBoard, license.BoardOf(e.Kind, e.ID))
		if len(es) == 0 {
			return ""
		}
		body = es[len(es)-1].Body
	}
	var b license.Board
	if strict.Decode(body, &b, BundleBytesMax) != nil || b.Source != license.SourceImport {
		return ""
	}
	return b.Member
}

// Now implements license.View.
func (p *past) Now() license.Instant { return p.now }

// Height implements license.View.
func (p *past) Height() int64 { return p.height }

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
// and the state of links and contracts are not told, and nothing of the entry depends
// on them.
func (p *past) Get(kind, id string, into any) bool {
	es := p.Entries(kind, id)
	if len(es) > 0 {
		if kind != license.KindLicense && kind != license.KindFact {
			p.vouched(kind, id, es)
		}
		if !p.h.read(kind, es, into) {
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

// read makes a record from its entries, once for each last entry.
func (h *histories) read(kind string, es []license.Recorded, into any) bool {
	last := es[len(es)-1].Hash
	if license.ShareInto(into, h.parsed[last]) {
		return true
	}
	v, err := foldValue(kind, es)
	if err != nil || strict.Decode(v, into, BundleBytesMax) != nil {
		return false
	}
	h.parsed[last] = license.Shared(into)
	return true
}

// vouched notes when a record that others are judged by holds something that only
// the network says.
func (p *past) vouched(kind, id string, es []license.Recorded) {
	for _, e := range es {
		if !p.h.carried(e.Hash) {
			p.missing = "whose word carries entry " + e.Hash.String() + " about " + kind + " " + id
		}
	}
}

func (p *past) untold(kind, id string, into any) bool {
	switch kind {
	case license.KindOpening, license.KindLicensee:
		return false
	case license.KindLink: // a link is signed when its board takes it back, else not yet
		k, ok := into.(*license.Link)
		u, unlinks := p.act.(*license.LicenseeUnlink)
		if ok && unlinks {
			k.Boards = []string{license.BoardOf(license.KindLicense, u.License)}
		}
		return ok && unlinks
	case license.KindContract:
		k, ok := into.(*license.Contract)
		presumed := license.PresumedContract(p.act)
		if ok && presumed != nil {
			*k = *presumed
		}
		return ok && presumed != nil
	case license.KindCall, license.KindTimer:
		return p.beside(kind, id, into)
	case license.KindLicense:
		if l, ok := into.(*license.License); ok && id != p.h.c.u.ID {
			l.Licensee = "another"
			l.Subject = p.subjectOf(p.act)
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

// beside tells what entries about a license wrote beside it: its timers. Of the call that a
// board asks for again nothing is told, but that it must be the contract's and held.
func (p *past) beside(kind, id string, into any) bool {
	if a, ok := p.act.(*license.ContractRetry); ok {
		c, ok := into.(*license.Call)
		if ok {
			*c = license.Call{Contract: a.Contract, Board: a.Board, Held: true}
		}
		return ok
	}
	about, _, _ := strings.Cut(id, "~")
	var value strict.Raw
	for _, e := range p.Entries(license.KindLicense, about) {
		for _, w := range e.Also {
			if w.Kind == kind && w.ID == id {
				value = w.Value
			}
		}
	}
	return value != nil && strict.Decode(value, into, license.EntryBytesMax) == nil
}

// subjectOf is the subject that a license must have for a privilege to rest on it.
func (p *past) subjectOf(a license.Act) string {
	var l license.License
	switch a := a.(type) {
	case *license.PrivilegeIssue:
		return a.Subject
	case *license.PrivilegeRenew:
		p.Get(license.KindLicense, a.License, &l)
	}
	return l.Subject
}

// rootAt returns a board's root key after its entry i: taken from the trust file,
// from successions that the old and the new root both signed, and from the claim that
// a quorum of members and the new root signed. Never from the map: if the trust file's root is not among them, it is "".
func (h *histories) rootAt(board string, i int) string {
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
	var b, before license.Board
	for i, e := range es {
		before, b = b, license.Board{}
		if strict.Decode(e.Body, &b, BundleBytesMax) != nil || b.Root == "" {
			return make([]string, len(es))
		}
		if i > 0 && b.Root != roots[i-1] && !h.succeeds(&e, roots[i-1], b.Root) && !h.claims(&e, &before, b.Root) {
			if found {
				break // what comes after nobody vouches for
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
	if why != "" || !ok || a.Old != old || a.Root != next || license.KindBoard != e.Kind || a.Board != e.ID {
		return false
	}
	var oldSigned, newSigned bool
	for _, s := range p.signatures {
		oldSigned = oldSigned || string(s.Key) == old
		newSigned = newSigned || string(s.Key) == next
	}
	return oldSigned && newSigned
}

// claims says whether the board took itself over from its importing member: members
// with a quorum and the new root signed, as far as the members' own history vouches
// for them.
func (h *histories) claims(e *license.Recorded, before *license.Board, next string) bool {
	p, act, why := h.signed(e)
	a, ok := act.(*license.BoardClaim)
	if why != "" || !ok || license.KindBoard != e.Kind || a.Board != e.ID ||
		before.Source != license.SourceImport || a.Old != before.Root || a.Root != next {
		return false
	}
	past := &past{h: h, at: e.Index, now: e.Time, height: e.Block, act: act}
	var signers []license.Signer
	for _, s := range p.signatures {
		if strings.HasPrefix(s.By, license.KindMember+"/") && checkParty(&s, past) != nil {
			return false
		}
		signers = append(signers, license.Signer{By: s.By, Key: string(s.Key)})
	}
	return license.Authorize(act, signers, past) == nil && past.missing == ""
}
