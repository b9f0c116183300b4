package check

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"licet/strict"
)

// A World follows a registry block by block: from the transactions that went in and
// the entries that came out it keeps its own records, and says where the registry
// did something else.
type World struct {
	Origin string

	log      Log
	records  map[[2]string][]byte
	entries  map[string][]*Entry   // about a license
	rows     map[string][]claimRow // of an NPI, those that count
	last     map[[2]string]string
	notAfter map[string]string // header hash → until when it could be recorded
	applied  map[string]bool   // header hash and act number: an act is recorded once
	height   int64
	time     string
	app      Hash

	texts   map[string][]byte // of contracts, by commitment
	byHash  map[string]*Entry
	now     string            // legal time of the block
	calls   int64             // that began to wait in the block
	rung    map[ring]bool     // timers that were called
	ran     map[string]call   // calls that waited, by the entry that says that they do not any more
	marked  map[string]bool   // licenses whose calls began to wait or waited no longer
	before  *Entry            // the newest that tells of a call
	expects []expected        // what contracts must have done when the block ends
	failed  string            // the call that is held by the entry before, which a fault has to follow
	unmade  call              // that waited until the entry before, and may not be made: its contract is suspended
	made    call              // that waited, the last one
	since   string            // legal time of the block before
	coming  map[string]coming // boards with contracts
	Kept    Expected
}

// A Block is what went into a registry's block and what came out.
type Block struct {
	Height int64
	Time   string // legal
	Txs    [][]byte
	Done   []int    // of each transaction, how many acts the registry says it recorded
	New    [][]byte // entries
	Size   int64    // of the log
	Root   Hash     // of the log
	App    Hash
}

// NewWorld follows a registry from its founding on.
func NewWorld(origin string) *World {
	return &World{
		Origin: origin, records: map[[2]string][]byte{}, entries: map[string][]*Entry{}, rows: map[string][]claimRow{}, last: map[[2]string]string{},
		notAfter: map[string]string{}, applied: map[string]bool{}, height: -1,
		texts: map[string][]byte{}, byHash: map[string]*Entry{}, rung: map[ring]bool{}, ran: map[string]call{}, marked: map[string]bool{}, coming: map[string]coming{},
	}
}

func (w *World) value(kind, id string) []byte { return w.records[[2]string{kind, id}] }

// read reads a record and says whether it is there.
func (w *World) read(kind, id string, into any) bool {
	v := w.value(kind, id)
	return v != nil && strict.Decode(v, into, len(v)) == nil
}

// A payload is a transaction as it was sent.
type payload struct {
	transaction
	head             header
	headHash, sigSHA string
	done, entries    int
}

// Add checks a block and takes it in. An error names the entry or transaction.
func (w *World) Add(b Block) error {
	if b.Height != w.height+1 {
		return fmt.Errorf("block %d follows block %d", b.Height, w.height)
	}
	w.height, w.now, w.calls = b.Height, b.Time, 0
	sent := w.payloads(b)
	if err := w.expect(); err != nil {
		return err
	}
	for i, raw := range b.New {
		if err := w.add(b, raw, sent, i == len(b.New)-1); err != nil {
			return fmt.Errorf("entry %d: %w", w.log.Size(), err)
		}
	}
	for _, p := range sent {
		if p.entries != p.done {
			return fmt.Errorf("payload %s: %d acts are said to be recorded, %d entries name it", p.headHash, p.done, p.entries)
		}
		if p.head.All && p.entries != 0 && p.entries != int(p.head.Acts) {
			return fmt.Errorf("payload %s: all or nothing, and %d of %d acts", p.headHash, p.entries, p.head.Acts)
		}
	}
	if err := w.checkPending(); err != nil {
		return err
	}
	if err := w.met(); err != nil {
		return err
	}
	return w.heads(b)
}

// heads checks what the block's hashes say. A block without entries changes none.
func (w *World) heads(b Block) error {
	if root := w.log.Root(); b.Size != int64(w.log.Size()) || b.Root != root {
		return fmt.Errorf("the log has %d entries and root %x; the registry says %d and %x", w.log.Size(), root, b.Size, b.Root)
	}
	app := sha256.Sum256(append(binary.BigEndian.AppendUint64([]byte("licet/app/1"), uint64(b.Size)), b.Root[:]...))
	if app != b.App {
		return fmt.Errorf("the app hash is %x; the registry says %x", app, b.App)
	}
	if len(b.New) == 0 && b.Height > 0 && b.App != w.app {
		return fmt.Errorf("nothing was recorded, and the app hash changed")
	}
	w.app = app
	return nil
}

func (w *World) payloads(b Block) map[[2]string]*payload {
	sent := map[[2]string]*payload{}
	for i, raw := range b.Txs {
		var p payload
		if strict.Decode(raw, &p.transaction, 1<<20) != nil || strict.Decode(p.Header, &p.head, 1<<10) != nil {
			continue // no entry can name it
		}
		p.headHash, p.sigSHA = hexHash(p.Header), hexHash(strict.Encode(p.Signatures))
		k := [2]string{p.headHash, p.sigSHA}
		if sent[k] == nil {
			sent[k] = &p
		}
		sent[k].done += b.Done[i]
	}
	return sent
}

// add checks one entry and takes it in.
func (w *World) add(b Block, raw []byte, sent map[[2]string]*payload, last bool) error {
	e := &Entry{}
	if err := strict.Decode(raw, e, 16<<10); err != nil {
		return err
	}
	h := LeafHash(raw)
	e.hash = hex.EncodeToString(h[:])
	switch {
	case e.V != 1 || e.Index != int64(w.log.Size()) || e.Block != b.Height || e.Time < w.time || e.Time != b.Time:
		return fmt.Errorf("version %d, index %d, block %d, time %s do not follow", e.V, e.Index, e.Block, e.Time)
	case last != (e.End != nil):
		return fmt.Errorf("a block ends with its end, and only there")
	}
	w.time = e.Time
	w.log.Add(h)
	w.byHash[e.hash] = e
	if err := w.afterCall(e); err != nil {
		return err
	}
	if e.End != nil {
		return w.end(e)
	}
	if e.automatic() {
		if err := w.automatic(e); err != nil {
			return fmt.Errorf("%s %s %s by %+v: %w", e.Act, e.Kind, e.ID, e.Cause, err)
		}
		return nil
	}
	p, a, err := w.signed(b, e, sent)
	if err == nil {
		err = w.authority(a, p.Signatures)
	}
	if err == nil {
		err = p.texts(a)
	}
	if err != nil {
		return fmt.Errorf("%s %s %s: %w", e.Act, e.Kind, e.ID, err)
	}
	w.notAfter[p.headHash] = p.head.NotAfter
	for i := range p.Openings {
		if o := &p.Openings[i]; o.Kind == "contract" {
			w.texts[o.commitment()] = o.Bytes
		}
	}
	return w.take(a, e)
}

// rulesOf a height are those that were adopted for it, or for the nearest before.
func (n *network) rulesOf(height int64) int64 {
	if n.Next == nil || n.Next.Height > height {
		return n.Rules
	}
	return n.Next.Rules
}

// end checks the member set and rules that a block's end names; the map root is
// for CheckMap, since it costs as much as the whole map.
func (w *World) end(e *Entry) error {
	var n network
	w.read("network", "network", &n)
	if rules := n.rulesOf(e.Block + 1); e.Kind != "" || e.End.Rules != rules {
		return fmt.Errorf("the end of the block names rules %d, not %d", e.End.Rules, rules)
	}
	w.records[[2]string{"", "end"}] = strict.Encode(e.End)
	return nil
}

// signed finds the act that an entry names, and checks that it was signed for this
// network and time, by the keys that it says.
func (w *World) signed(b Block, e *Entry, sent map[[2]string]*payload) (*payload, *act, error) {
	if e.Cause == nil {
		return nil, nil, fmt.Errorf("nobody signed it")
	}
	p := sent[[2]string{e.Cause.Header, e.Cause.Signatures}]
	if p == nil {
		return nil, nil, fmt.Errorf("no such payload was sent")
	}
	once := e.Cause.Header + "/" + strconv.FormatInt(e.Cause.Act, 10)
	n := e.Cause.Act
	if w.applied[once] || n < 0 || n >= int64(len(p.Acts)) {
		return nil, nil, fmt.Errorf("act %d is recorded twice, or is not there", n)
	}
	w.applied[once] = true
	p.entries++
	if err := w.header(b, e, p); err != nil {
		return nil, nil, err
	}
	a, err := readAct(p.Acts[n])
	if err == nil && a.Do != e.Act {
		err = fmt.Errorf("the act signed is %s", a.Do)
	}
	return p, &a, err
}

func (w *World) header(b Block, e *Entry, p *payload) error {
	origin := w.Origin
	if b.Height == 0 {
		origin = origin[:strings.LastIndexByte(origin, '/')]
	} else if e.Time > p.head.NotAfter || p.head.SignedAt > later(e.Time, 10) {
		return fmt.Errorf("signed at %s until %s, recorded at %s", p.head.SignedAt, p.head.NotAfter, e.Time)
	}
	if p.head.V != 1 || p.head.Origin != origin || p.head.NotAfter > later(p.head.SignedAt, 90*86400) {
		return fmt.Errorf("the header is of network %s, version %d, good until %s", p.head.Origin, p.head.V, p.head.NotAfter)
	}
	var leaves []Hash
	for _, a := range p.Acts {
		leaves = append(leaves, LeafHash(a))
	}
	if root := LogRoot(leaves); p.head.Root != hex.EncodeToString(root[:]) || p.head.Acts != int64(len(p.Acts)) {
		return fmt.Errorf("the acts are not those that were signed")
	}
	keys := map[string]bool{}
	for _, s := range p.Signatures {
		if keys[s.Key] {
			return fmt.Errorf("the key of %s signed twice", s.By)
		}
		keys[s.Key] = true
		err := s.holds(p.Header)
		if strings.HasPrefix(s.Key, "es256:") {
			err = w.passkey(s, p.Header)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holds checks a signature over DSSE's encoding of the header.
func (s *signature) holds(header []byte) error {
	text, _ := strings.CutPrefix(s.Key, "ed25519:")
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, preAuthenticated(header), s.Sig) {
		return fmt.Errorf("the signature of %s does not hold", s.By)
	}
	return nil
}

func preAuthenticated(header []byte) []byte {
	const kind = "application/vnd.licet.header+json"
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(kind), kind, len(header), header)
}

func later(instant string, seconds int) string {
	t, _ := time.Parse(time.RFC3339, instant)
	return t.Add(time.Duration(seconds) * time.Second).Format(time.RFC3339)
}

// take compares the entry with what its act must write, and writes it.
func (w *World) take(a *act, e *Entry) error {
	kind, id := a.target()
	k := [2]string{kind, id}
	if e.Kind != kind || e.ID != id || e.Prev != w.last[k] {
		return fmt.Errorf("%s is about %s %s after entry %.8s; the entry is about %s %s after %.8s", a.Do, kind, id, w.last[k], e.Kind, e.ID, e.Prev)
	}
	f, err := w.effect(a, e)
	if err == nil {
		err = f.matches(e)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", a.Do, id, err)
	}
	body := []byte(e.Body)
	if kind == "license" {
		w.entries[id] = append(w.entries[id], e)
		l := fold(w.entries[id])
		body = strict.Encode(&l)
	}
	if kind == "claim" {
		w.claimed(a, e.hash)
	}
	err = w.write(e, body)
	w.barred(a, e)
	return err
}

// withLast adds the member "last" to a record's body.
func withLast(body []byte, hash string) []byte {
	inner := string(bytes.TrimSuffix(body, []byte("}")))
	if inner != "{" {
		inner += ","
	}
	return []byte(inner + `"last":"` + hash + `"}`)
}
