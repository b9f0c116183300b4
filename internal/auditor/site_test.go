package auditor

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger/trie"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// A site serves a log of these entries, under checkpoints cosigned with the
// member's true key: what a node serves, or one whose member lies.
type site struct {
	t       *testing.T
	origin  string
	cosign  proof.Cosigner
	entries [][]byte
	hashes  []tlog.Hash
	signed  map[license.Cause]proof.Payload // one act each

	mu    sync.Mutex
	asked []string
	spoil func(path string, body []byte) []byte // may be nil
}

func (s *site) ReadHashes(indexes []int64) (out []tlog.Hash, _ error) {
	for _, i := range indexes {
		out = append(out, s.hashes[i])
	}
	return out, nil
}

// siteOf copies what the registry's log holds now.
func siteOf(t *testing.T, r *ledgertest.Registry) *site {
	t.Helper()
	st, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	defer st.Release()
	entries, err := st.EntriesRange(0, st.Head.Size)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, origin: st.Head.Origin, cosign: cosigner(t, "cosign"), signed: map[license.Cause]proof.Payload{}}
	s.add(entries...)
	for i := int64(0); i < st.Head.Size; {
		told, err := st.Signed(i, st.Head.Size)
		if err != nil {
			t.Fatal(err)
		}
		s.know(told)
		i = told.Next
	}
	if root := s.point().Root; root != tlog.Hash(st.Head.Root) {
		t.Fatalf("root of the copied entries is %s, the ledger's is %s", root, st.Head.Root)
	}
	return s
}

// know remembers what was signed.
func (s *site) know(told *proof.Signed) {
	for _, p := range told.Payloads {
		for _, a := range p.Acts {
			c := license.Cause{Header: license.HashOf(p.Header), Signatures: license.HashOf(p.Signatures), Act: a.Number}
			s.signed[c] = proof.Payload{Header: p.Header, Signatures: p.Signatures, Acts: []proof.ActProof{a}}
		}
	}
}

// told answers what was signed, each act in a run of its own where they are many.
func (s *site) told(from, to int64) []byte {
	out := proof.Signed{From: from, Next: min(to, from+s.run())}
	at := map[license.Cause]int{}
	for _, raw := range s.entries[from:out.Next] {
		var e license.Entry
		if strict.Decode(raw, &e, license.EntryBytesMax) != nil || e.Cause == nil {
			continue
		}
		p, ok := s.signed[*e.Cause]
		if !ok {
			continue
		}
		c := *e.Cause
		c.Act = 0
		if i, ok := at[c]; ok {
			out.Payloads[i].Acts = append(out.Payloads[i].Acts, p.Acts...)
			continue
		}
		at[c] = len(out.Payloads)
		out.Payloads = append(out.Payloads, p)
	}
	return strict.Encode(&out)
}

// run is how many entries one answer tells of: not all, so that auditors ask again.
func (s *site) run() int64 { return 100 }

func cosigner(t *testing.T, key string) proof.Cosigner {
	t.Helper()
	c, err := proof.NewCosigner("idfpr", ledgertest.Key(key))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *site) add(entries ...[]byte) {
	s.t.Helper()
	for _, e := range entries {
		h, err := tlog.StoredHashes(int64(len(s.entries)), e, s)
		if err != nil {
			s.t.Fatal(err)
		}
		s.entries, s.hashes = append(s.entries, e), append(s.hashes, h...)
	}
}

// forged is the site with entries that a member who holds the checkpoint key bent.
func (s *site) forged(bend func(entries []license.Entry) []license.Entry) *site {
	s.t.Helper()
	es := make([]license.Entry, len(s.entries))
	for i, raw := range s.entries {
		if err := strict.Decode(raw, &es[i], license.EntryBytesMax); err != nil {
			s.t.Fatal(err)
		}
	}
	f := &site{t: s.t, origin: s.origin, cosign: s.cosign, signed: s.signed}
	for _, e := range bend(es) {
		f.add(strict.Encode(&e))
	}
	return f
}

// refolded is the site with entries that a forger with the checkpoint key bent, and
// with all that hangs on them made to fit: chains, results, map roots.
func (s *site) refolded(bend func(entries []license.Entry) []license.Entry) *site {
	s.t.Helper()
	book, err := openStore(s.t.TempDir(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = book.db.Close() }()
	return s.forged(func(es []license.Entry) []license.Entry {
		past, written := map[[2]string][]license.Recorded{}, map[[2]string][]byte{}
		es = bend(es)
		for i := range es {
			e := &es[i]
			e.Index = int64(i)
			if e.End != nil {
				e.End.Map = book.root(s.t, written)
				clear(written)
				continue
			}
			k := [2]string{e.Kind, e.ID}
			if e.Prev = (license.Hash{}); len(past[k]) > 0 {
				e.Prev = past[k][len(past[k])-1].Hash
			}
			body := []byte(e.Body)
			if e.Kind == license.KindLicense {
				l := license.FoldLicense(append(slices.Clone(past[k]), license.Recorded{Entry: *e}), "")
				l.Last = license.Hash{}
				body = strict.Encode(l)
			}
			e.Result = license.HashOf(body)
			r := license.Recorded{Entry: *e, Hash: license.LeafHash(strict.Encode(e))}
			past[k] = append(past[k], r)
			written[k] = license.ValueWithLast(body, r.Hash)
			for _, w := range e.Also {
				written[[2]string{w.Kind, w.ID}] = w.Value
			}
		}
		return es
	})
}

// root writes records into the map and returns its root.
func (s *store) root(t *testing.T, written map[[2]string][]byte) license.Hash {
	t.Helper()
	b := newBlock(s)
	defer func() { _ = b.batch.Close() }()
	var changes []trie.Change
	for k, v := range written {
		changes = append(changes, trie.Change{Key: proof.MapKey(k[0], k[1]), Value: license.HashOf(v), Delete: v == nil})
	}
	slices.SortFunc(changes, func(x, y trie.Change) int { return bytes.Compare(x.Key[:], y.Key[:]) })
	p, err := s.trie.Update(s.db, changes)
	if err == nil {
		err = p.Write(b.batch)
	}
	if err == nil {
		err = b.batch.Commit(pebble.NoSync)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.trie.Advance(p)
	return license.Hash(p.Root())
}

func (s *site) point() proof.Checkpoint {
	s.t.Helper()
	root, err := tlog.TreeHash(int64(len(s.entries)), s)
	if err != nil {
		s.t.Fatal(err)
	}
	return proof.Checkpoint{Origin: s.origin, Size: int64(len(s.entries)), Root: root}
}

func (s *site) note() []byte {
	text := s.point().Text()
	sig := s.cosign.Sign(text, ledgertest.Start.Unix()+86400)
	return proof.AssembleNote(text, []string{proof.SignatureLine("idfpr", sig[:])})
}

func (s *site) body(path string) []byte {
	if path == "checkpoint" {
		return s.note()
	}
	var from, to int64
	if n, _ := fmt.Sscanf(path, "v1/signed?from=%d&to=%d", &from, &to); n == 2 {
		return s.told(from, to)
	}
	tile, err := proof.ParseTilePath(path)
	if err != nil {
		return nil
	}
	size := int64(len(s.entries))
	if tile.L != proof.EntryLevel {
		b, err := proof.TileData(tile, size, s)
		if err != nil {
			return nil
		}
		return b
	}
	if proof.TileWidthAt(size, tile.L, tile.N) < tile.W {
		return nil
	}
	b, err := proof.EncodeEntries(s.entries[tile.N*proof.TileWidth:][:tile.W])
	if err != nil {
		return nil
	}
	return b
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := strings.TrimPrefix(r.URL.RequestURI(), "/")
	s.asked = append(s.asked, path)
	b := s.body(path)
	if s.spoil != nil {
		b = s.spoil(path, b)
	}
	if b == nil {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(b)
}

// A switchboard is a URL behind which the site can change.
type switchboard struct {
	*httptest.Server
	site *site
}

func newSwitchboard(t *testing.T, s *site) *switchboard {
	b := &switchboard{site: s}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.site.ServeHTTP(w, r) }))
	t.Cleanup(b.Close)
	return b
}

// trustIn is the trust file of the registry's founding.
func trustIn(t *testing.T, r *ledgertest.Registry) proof.Trust {
	t.Helper()
	trust := proof.TrustOf(r.Head().Origin, r.Head().Sets[0].Set, nil)
	if err := trust.Check(); err != nil {
		t.Fatal(err)
	}
	return trust
}
