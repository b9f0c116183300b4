package auditor

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

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
	s := &site{t: t, origin: st.Head.Origin, cosign: cosigner(t, "cosign")}
	s.add(entries...)
	if root := s.point().Root; root != tlog.Hash(st.Head.Root) {
		t.Fatalf("root of the copied entries is %s, the ledger's is %s", root, st.Head.Root)
	}
	return s
}

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
	f := &site{t: s.t, origin: s.origin, cosign: s.cosign}
	for _, e := range bend(es) {
		f.add(strict.Encode(&e))
	}
	return f
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
	path := strings.TrimPrefix(r.URL.Path, "/")
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
